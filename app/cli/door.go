package cli

import (
	"context"
	"crypto/hmac"
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
)

const (
	// maxCallers bounds the commands served at once; more wait in the system's
	// queue of connections.
	maxCallers = 32
	// doorFarewell is how long commands under way may go on once the owner was
	// told to end.
	doorFarewell = 5 * time.Second
)

// door serves the commands of other processes on a folder that this one owns.
type door struct {
	owned    *owned
	listener net.Listener
	token    []byte
	ctx      context.Context // of the commands served
	cancel   context.CancelFunc
	callers  sync.WaitGroup
	places   chan struct{} // one token a caller
	accepted sync.WaitGroup
}

// openDoor listens on a free loopback port and says so in the folder.
func openDoor(ctx context.Context, o *owned) (*door, error) {
	var listening net.ListenConfig
	l, err := listening.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, failOn(err, "door.open")
	}
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
// outlive a power loss, since the door does not.
func (d *door) announce() error {
	place, err := json.Marshal(doorPlace{Version: doorVersion, Address: d.listener.Addr().String(), Token: hex.EncodeToString(d.token)})
	if err != nil {
		return err
	}
	name := filepath.Join(d.owned.dir, doorFile)
	temp := name + ".tmp"
	_ = os.Remove(temp) // one left by a killed process might have other rights
	if err = os.WriteFile(temp, place, 0o600); err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		return failOn(err, "door.open")
	}
	return nil
}

// close takes no more callers, waits for those that are served, and cuts them
// off a little after ctx ended.
func (d *door) close(ctx context.Context) {
	_ = os.Remove(filepath.Join(d.owned.dir, doorFile)) // one that stays leads nowhere
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
	<-done
}

func (d *door) accept() {
	for {
		select {
		case d.places <- struct{}{}:
		case <-d.ctx.Done():
			return
		}
		c, err := d.listener.Accept()
		if err != nil {
			<-d.places
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if waitFor(d.ctx, ownerRetry) != nil {
				return
			}
			continue
		}
		d.callers.Go(func() {
			defer func() { <-d.places }()
			d.serve(c)
		})
	}
}

// serve greets one caller and runs its command.
func (d *door) serve(c net.Conn) {
	defer c.Close()
	request, err := d.greet(c)
	if err != nil {
		return // nobody who knows the token; nothing is told
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
