package cli

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hejie/app/casework/data"
	"hejie/store"
	"hejie/store/host"
)

// openFolder owns a folder for a test.
func openFolder(t *testing.T) *owned {
	t.Helper()
	s := testSettings()
	s.outside = filepath.Join(t.TempDir(), "outside")
	o, err := own(t.Context(), t.TempDir(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return o
}

// caller is a world whose output can be looked at.
func caller(dir string, in io.Reader) (*world, *bytes.Buffer, *bytes.Buffer) {
	var out, errs bytes.Buffer
	return &world{dir: dir, env: map[string]string{}, lang: data.English, stdin: in, stdout: &out, stderr: &errs}, &out, &errs
}

func TestDoorServes(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := testSettings()
	s.outside = filepath.Join(t.TempDir(), "outside")
	o, err := own(t.Context(), t.TempDir(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := own(t.Context(), o.dir, s, nil); !errors.Is(err, store.ErrInUse) {
		t.Fatalf("a second owner: %v", err)
	}
	w, out, _ := caller(t.TempDir(), strings.NewReader(""))
	status, served, err := callDoor(t.Context(), o.dir, w, []string{"version", "--json"}, settings{random: host.SystemRandom})
	if err != nil || !served || status != exitDone || !strings.Contains(out.String(), Version) {
		t.Errorf("%d %v %v %q", status, served, err, out.String())
	}
	// A secret that only a terminal knows is asked for at the caller's.
	w, out, errs := caller(t.TempDir(), strings.NewReader(""))
	asked := 0
	w.ask = func(_ string, secret bool) (string, error) {
		asked++
		if !secret {
			t.Error("the secret would be shown")
		}
		return testSecret, nil
	}
	args := []string{"init", "--root", "--unit", "990125000000-fy", "--unit-name", "青禾县人民法院", "--seat-name", "吴例静", "--role", "admin", "--data", o.dir, "--json"}
	if status, served, err = callDoor(t.Context(), o.dir, w, args, settings{random: host.SystemRandom}); err != nil || !served || status != exitDone {
		t.Fatalf("%d %v %v %s", status, served, err, errs.String())
	}
	if asked != 2 || !strings.Contains(out.String(), `"unit"`) || !strings.Contains(errs.String(), "recovery sheet") {
		t.Errorf("asked %d times; %q; %q", asked, out.String(), errs.String())
	}
	// Stdin goes over in pieces, as far as it is read.
	w, _, errs = caller(t.TempDir(), bytes.NewReader(bytes.Repeat([]byte("["), 3*doorChunk)))
	w.env[envPIN] = testSecret
	if status, _, err = callDoor(t.Context(), o.dir, w, []string{"case", "new", "--file", "-"}, settings{random: host.SystemRandom}); err != nil || status != exitFailed {
		t.Errorf("%d %v %s", status, err, errs.String())
	}
	if err := o.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, served, _ := callDoor(t.Context(), o.dir, w, []string{"version"}, settings{random: host.SystemRandom}); served {
		t.Error("a closed door served")
	}
}

// TestDoorRefusesStrangers holds that who does not know the token is told
// nothing, and that an owner who does not is sent nothing.
func TestDoorRefusesStrangers(t *testing.T) {
	o := openFolder(t)
	c, err := net.Dial("tcp", o.door.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := greetOwner(c, make([]byte, tokenSize), host.SystemRandom); !errors.Is(err, io.EOF) {
		t.Errorf("a wrong token: %v", err)
	}

	// A stranger on the port that a killed owner left.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var heard []byte
	var stranger sync.WaitGroup
	stranger.Go(func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_ = writeFrame(c, frameNonce, make([]byte, tokenSize))
		_, _, _ = readFrame(c)
		_ = writeFrame(c, frameProof, make([]byte, tokenSize))
		heard, _ = io.ReadAll(c)
	})
	dir := t.TempDir()
	place, err := json.Marshal(doorPlace{Version: doorVersion, Address: l.Addr().String(), Token: hex.EncodeToString(make([]byte, tokenSize))})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, doorFile), place, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w, _, _ := caller(dir, strings.NewReader(""))
	w.env[envPIN] = testSecret
	if _, served, err := callDoor(t.Context(), dir, w, []string{"case", "list"}, settings{random: host.SystemRandom}); served || !errors.Is(err, errDoorFrame) {
		t.Errorf("served %v, %v", served, err)
	}
	stranger.Wait()
	if len(heard) > 0 {
		t.Errorf("the stranger was sent %d bytes", len(heard))
	}
}

// TestDoorCallerGoes holds that a command whose caller went away ends, and does
// not keep the owner from ending.
func TestDoorCallerGoes(t *testing.T) {
	o := openFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	w, _, _ := caller(t.TempDir(), strings.NewReader(""))
	w.ask = func(string, bool) (string, error) {
		cancel() // the person presses Ctrl-C
		<-ctx.Done()
		return "", errInterrupted
	}
	args := []string{"init", "--root", "--unit", "990125000000-fy", "--unit-name", "青禾县人民法院", "--seat-name", "吴例静", "--role", "admin"}
	if _, _, err := callDoor(ctx, o.dir, w, args, settings{random: host.SystemRandom}); err == nil {
		t.Error("an interrupted command was done")
	}
	done := make(chan struct{})
	go func() { // close would wait for ever
		o.door.callers.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("the command goes on without its caller")
	}
}

func TestFrames(t *testing.T) {
	var b bytes.Buffer
	if err := writeFrame(&b, frameOut, []byte("甲")); err != nil {
		t.Fatal(err)
	}
	if kind, p, err := readFrame(&b); kind != frameOut || string(p) != "甲" || err != nil {
		t.Error(kind, p, err)
	}
	for _, bad := range []string{"", "o", "o\xff\xff\xff\xff", "o\x00\x00\x00\x02a"} {
		if _, _, err := readFrame(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("o\x00\x00\x00\x01a"))
	f.Add([]byte("o\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, p, err := readFrame(bytes.NewReader(raw))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeFrame(&again, kind, p); err != nil || !bytes.HasPrefix(raw, again.Bytes()) {
			t.Errorf("%q became %q: %v", raw, again.Bytes(), err)
		}
	})
}
