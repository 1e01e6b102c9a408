package cli

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"io"
	"net"
	"time"
)

// callDoor has a command served by the program that owns the folder. served is
// false where no owner answered: then nothing was asked of anybody.
func callDoor(ctx context.Context, dir string, w *world, args []string, s settings) (status int, served bool, err error) {
	c, err := findOwner(ctx, dir, s)
	if err != nil {
		return 0, false, err
	}
	defer c.Close()
	// An interrupted caller hangs up, which ends the command at the owner.
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Now()) })
	defer stop()
	err = writeJSONFrame(c, frameRequest, doorRequest{Args: args, Dir: w.dir, Env: w.env, Lang: w.lang, Terminal: w.ask != nil})
	if err == nil {
		status, err = relay(c, w)
	}
	if ctx.Err() != nil && err != nil {
		err = errInterrupted
	}
	return status, true, err
}

// findOwner is a connection to the program that owns the folder, which proved it.
func findOwner(ctx context.Context, dir string, s settings) (net.Conn, error) {
	var failed error
	for _, name := range doorFiles(dir, s) {
		address, token, err := readPlace(name)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		dialer := net.Dialer{Timeout: doorGreeting}
		c, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		if err := greetOwner(c, token, s.random); err != nil {
			_ = c.Close()
			failed = errors.Join(failed, err)
			continue
		}
		return c, nil
	}
	return nil, failed
}

// greetOwner proves the token to the owner and has it proved back.
func greetOwner(c net.Conn, token []byte, random io.Reader) error {
	if err := c.SetDeadline(time.Now().Add(doorGreeting)); err != nil {
		return err
	}
	theirs, err := expect(c, frameNonce, tokenSize)
	if err != nil {
		return err
	}
	nonce := make([]byte, tokenSize)
	if _, err := io.ReadFull(random, nonce); err != nil {
		return err
	}
	if err := writeFrame(c, frameHello, append(nonce[:tokenSize:tokenSize], proof(token, "caller", theirs, nonce)...)); err != nil {
		return err
	}
	shown, err := expect(c, frameProof, -1)
	if err != nil {
		return err
	}
	if !hmac.Equal(shown, proof(token, "owner", theirs, nonce)) {
		return errDoorFrame
	}
	return c.SetDeadline(time.Time{})
}

// relay is the caller's part while the owner runs its command.
func relay(c net.Conn, w *world) (int, error) {
	for {
		kind, payload, err := readFrame(c)
		if err != nil {
			return 0, err
		}
		switch kind {
		case frameOut:
			_, err = w.stdout.Write(payload)
		case frameErr:
			_, err = w.stderr.Write(payload)
		case frameWant:
			err = sendInput(c, w.stdin)
		case frameAsk:
			err = answer(c, w, payload)
		case frameExit:
			var e doorExit
			err = json.Unmarshal(payload, &e)
			closeWriting(c)
			return e.Status, err
		default:
			err = errDoorFrame
		}
		if err != nil {
			return 0, err
		}
	}
}

func closeWriting(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.CloseWrite() // the owner may have hung up already
	}
}

// sendInput sends one piece of stdin, or that it has ended.
func sendInput(c net.Conn, in io.Reader) error {
	piece := make([]byte, doorChunk)
	for {
		n, err := in.Read(piece)
		if n > 0 {
			return writeFrame(c, frameIn, piece[:n])
		}
		if errors.Is(err, io.EOF) {
			return writeFrame(c, frameIn, nil)
		}
		if err != nil {
			return err
		}
	}
}

func answer(c net.Conn, w *world, question []byte) error {
	var q doorQuestion
	if err := json.Unmarshal(question, &q); err != nil || w.ask == nil {
		return errDoorFrame
	}
	line, err := w.ask(q.Prompt, q.Secret)
	return writeJSONFrame(c, frameAnswer, doorAnswer{Line: line, Failed: err != nil})
}
