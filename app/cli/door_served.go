package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"sync"
)

// served is the owner's side of one command: streams and questions go to the
// caller, answers come back. A caller that goes away ends its command.
type served struct {
	conn    net.Conn
	cancel  context.CancelFunc
	input   chan []byte
	answers chan doorAnswer
	gone    chan struct{} // closed when nothing more is taken from the caller
	once    sync.Once

	mu sync.Mutex // one frame at a time
}

var errCallerGone = errors.New("the caller went away")

// read takes the caller's frames. They come only when asked for, so nothing
// piles up.
func (s *served) read() {
	defer s.cancel()
	defer s.finish()
	for {
		kind, payload, err := readFrame(s.conn)
		if err != nil {
			return
		}
		switch kind {
		case frameIn:
			select {
			case s.input <- payload:
			case <-s.gone:
			}
		case frameAnswer:
			var a doorAnswer
			if json.Unmarshal(payload, &a) != nil {
				return
			}
			select {
			case s.answers <- a:
			case <-s.gone:
			}
		default:
			return
		}
	}
}

func (s *served) finish() { s.once.Do(func() { close(s.gone) }) }

func (s *served) send(kind byte, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return writeFrame(s.conn, kind, payload)
}

// ask has the caller ask its person.
func (s *served) ask(prompt string, secret bool) (string, error) {
	payload, err := json.Marshal(doorQuestion{Prompt: prompt, Secret: secret})
	if err == nil {
		err = s.send(frameAsk, payload)
	}
	if err != nil {
		return "", err
	}
	select {
	case a := <-s.answers:
		if a.Failed {
			return "", errInterrupted
		}
		return a.Line, nil
	case <-s.gone:
		return "", errCallerGone
	}
}

// servedStream is the caller's stdout or stderr.
type servedStream struct {
	s    *served
	kind byte
}

func (w servedStream) Write(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		piece := p[n:min(len(p), n+doorChunk)]
		if err := w.s.send(w.kind, piece); err != nil {
			return n, err
		}
		n += len(piece)
	}
	return n, nil
}

// servedInput is the caller's stdin, fetched piece by piece as it is read.
type servedInput struct {
	s    *served
	rest []byte
	end  bool
}

func (r *servedInput) Read(p []byte) (int, error) {
	if len(r.rest) == 0 && !r.end {
		if err := r.s.send(frameWant, nil); err != nil {
			return 0, err
		}
		select {
		case r.rest = <-r.s.input:
			r.end = len(r.rest) == 0
		case <-r.s.gone:
			return 0, errCallerGone
		}
	}
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
