package badger_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"hejie/store"
	"hejie/store/badger"
	"hejie/store/packstore"
	"hejie/store/storetest"
)

// childDir, set in the environment, makes the test binary a program that saves
// until it is killed.
const childDir = "HEJIE_STORE_TEST_CHILD"

func childOptions(dir string) packstore.Options {
	return packstore.Options{Dir: dir, Key: [32]byte{7}, Applier: storetest.Ledger{}, FileSize: 64 << 10, Reserve: -1}
}

func childFrame(n int) store.Frame {
	b := fmt.Appendf(nil, "save %d by 王小例, %s", n, make([]byte, n%700))
	return store.Frame{ID: sha256.Sum256(b), Kind: store.KindOperation, Bytes: b}
}

// child saves frames and tells on standard output each that was acknowledged.
func child(dir string) error {
	s, err := badger.Open(context.Background(), childOptions(dir), nil)
	if err != nil {
		return err
	}
	for n := int(s.Stats().Frames); ; n += 2 {
		if _, err := s.Append(context.Background(), []store.Frame{childFrame(n), childFrame(n + 1)}); err != nil {
			return err
		}
		if _, err := fmt.Println(n + 2); err != nil {
			return err
		}
	}
}

func TestKilledProcess(t *testing.T) {
	dir := t.TempDir()
	acked := 0
	for _, saves := range []int{0, 1, 40, 3, 150, 2, 77, 0, 20, 9} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range saves {
			if !lines.Scan() {
				t.Fatal("the child ended by itself")
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for { // what it still said before it died was acknowledged too
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				acked = n
			}
			if !lines.Scan() {
				break
			}
		}
		if _, err := io.Copy(io.Discard, out); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
	}
	s, err := badger.Open(t.Context(), childOptions(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if acked < 300 || int(s.Stats().Frames) < acked || s.Stats().Frames%2 != 0 {
		t.Fatalf("%d frames are held and %d were acknowledged", s.Stats().Frames, acked)
	}
	err = s.View(t.Context(), func(r store.Reader) error {
		for n := range acked {
			f, err := r.Frame(childFrame(n).ID)
			if err != nil || f.Seq != uint64(n+1) {
				return fmt.Errorf("frame %d: seq %d, %w", n, f.Seq, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d, err := s.Verify(t.Context()); err != nil || len(d.Bad) > 0 {
		t.Fatalf("%+v %v", d, err)
	}
}
