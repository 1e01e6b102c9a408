package cli

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"hejie/store"
	"hejie/sync/rooms"
)

const (
	// maxCallers bounds the commands served at once; more wait.
	maxCallers = 32
	// maxKnown bounds the callers that proved the token, served or waiting.
	maxKnown = 512
	// doorFarewell is how long commands under way may go on once the owner was
	// told to end.
	doorFarewell = 3 * time.Second
)

// door serves the commands of other processes on a folder that this one owns.
type door struct {
	owned    *owned
	listener net.Listener
	token    []byte
	ctx      context.Context // of the commands served
	cancel   context.CancelFunc
	callers  sync.WaitGroup
	places   chan struct{} // one token a command
	file     string        // where it says where it is
	accepted sync.WaitGroup
}

// openDoor listens on a free loopback port and says so in the folder.
func openDoor(ctx context.Context, o *owned) (*door, error) {
	var listening net.ListenConfig
	l, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, failOn(err, "door.open")
	}
	// Who has not proved the token stands in the hall, and keeps nobody out.
	l = rooms.New(rooms.Limits{HallTime: doorGreeting, Each: maxKnown, Members: maxKnown}).Listener(l)
	d := &door{owned: o, listener: l, token: make([]byte, tokenSize), places: make(chan struct{}, maxCallers)}
	// The commands served outlive the owner's own: close decides when they end.
	d.ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if _, err := io.ReadFull(o.set.random, d.token); err != nil {
		d.cancel()
		return nil, errors.Join(failOn(err, "door.open"), l.Close())
	}
	if err := d.announce(); err != nil {
		d.cancel()
		return nil, errors.Join(err, l.Close())
	}
	d.accepted.Go(d.accept)
	return d, nil
}

// announce writes the door file, whole, for the owner's eyes only. It need not
// outlive a power loss, since the door does not. In a folder that takes no bytes
// it lies among the machine's own state of this person; where that takes none
// either, nobody else is served, and this program works all the same.
func (d *door) announce() error {
	place, err := json.Marshal(doorPlace{Version: doorVersion, Address: d.listener.Addr().String(), Token: hex.EncodeToString(d.token)})
	if err != nil {
		return err
	}
	for _, name := range doorFiles(d.owned.dir, d.owned.set) {
		if err := writePlace(name, place); err == nil {
			d.file = name
			return nil
		}
	}
	return nil
}

// doorFiles are where a folder's door file may lie, the usual place first.
func doorFiles(dir string, s settings) []string {
	files := []string{filepath.Join(dir, doorFile)}
	if s.outside == "" {
		return files
	}
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	sum := sha256.Sum256([]byte(dir))
	return append(files, filepath.Join(s.outside, "door-"+hex.EncodeToString(sum[:16])))
}

func writePlace(name string, place []byte) error {
	temp := name + ".tmp"
	_ = os.Remove(temp) // one left by a killed process might have other rights
	err := os.WriteFile(temp, place, 0o600)
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		_ = os.Remove(temp)
	}
	return err
}

// close takes no more callers, waits for those that are served, and cuts them
// off a little after ctx ended.
func (d *door) close(ctx context.Context) {
	if d.file != "" {
		_ = os.Remove(d.file) // one that stays leads nowhere
	}
	_ = d.listener.Close()
	d.accepted.Wait()
	done := make(chan struct{})
	go func() {
		d.callers.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		select {
		case <-done:
		case <-time.After(doorFarewell):
		}
	}
	d.cancel()
	select {
	case <-done:
	case <-time.After(doorFarewell): // a command that hears nothing ends with the process
	}
}

func (d *door) accept() {
	for {
		c, err := d.listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) || waitFor(d.ctx, ownerRetry) != nil {
				return
			}
			continue
		}
		d.callers.Go(func() { d.serve(c) })
	}
}

// serve greets one caller and runs its command.
func (d *door) serve(c net.Conn) {
	defer c.Close()
	request, err := d.greet(c)
	if err != nil {
		return // nobody who knows the token; nothing is told
	}
	// All who know the token are one: this person.
	if guest, ok := c.(*rooms.Conn); ok && guest.Member(store.ID{}) != nil {
		return
	}
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	case <-d.ctx.Done():
		return
	}
	ctx, cancel := context.WithCancel(d.ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Now()) })
	defer stop()
	s := &served{conn: c, cancel: cancel, input: make(chan []byte), answers: make(chan doorAnswer), gone: make(chan struct{})}
	w := &world{
		dir: request.Dir, env: request.Env, lang: request.Lang,
		stdin: &servedInput{s: s}, stdout: servedStream{s, frameOut}, stderr: servedStream{s, frameErr},
	}
	if request.Terminal {
		w.ask = s.ask
	}
	var reading sync.WaitGroup
	reading.Go(s.read)
	status := d.run(ctx, w, request.Args)
	s.mu.Lock()
	err = writeJSONFrame(c, frameExit, doorExit{Status: status})
	s.mu.Unlock()
	if err == nil {
		// The caller closes when it has read the exit status.
		_ = c.SetReadDeadline(time.Now().Add(doorGreeting))
	} else {
		_ = c.Close()
	}
	s.finish()
	reading.Wait()
}

// run keeps a defect in one command from ending the program that serves it.
func (d *door) run(ctx context.Context, w *world, args []string) (status int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintln(w.stderr, "hejie:", text(w.lang, "door.panic"))
			fmt.Fprintf(os.Stderr, "hejie: a served command failed: %T\n%s", r, debug.Stack())
			status = exitFailed
		}
	}()
	return run(ctx, w, d.owned.set, d.owned, args)
}

func (d *door) greet(c net.Conn) (doorRequest, error) {
	var request doorRequest
	if err := c.SetDeadline(time.Now().Add(doorGreeting)); err != nil {
		return request, err
	}
	nonce := make([]byte, tokenSize)
	if _, err := io.ReadFull(d.owned.set.random, nonce); err != nil {
		return request, err
	}
	if err := writeFrame(c, frameNonce, nonce); err != nil {
		return request, err
	}
	hello, err := expect(c, frameHello, 2*tokenSize)
	if err != nil {
		return request, err
	}
	theirs := hello[:tokenSize]
	if !hmac.Equal(hello[tokenSize:], proof(d.token, "caller", nonce, theirs)) {
		return request, errDoorFrame
	}
	if err := writeFrame(c, frameProof, proof(d.token, "owner", nonce, theirs)); err != nil {
		return request, err
	}
	raw, err := expect(c, frameRequest, -1)
	if err == nil {
		err = json.Unmarshal(raw, &request)
	}
	if err == nil {
		err = c.SetDeadline(time.Time{})
	}
	return request, err
}
