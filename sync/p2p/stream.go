package p2p

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"

	"hejie/store"
	"hejie/sync/exchange"
)

// Times of one message. A batch of 1 MiB takes minutes on a bad link, so what
// is bounded is silence, not length.
const (
	silence    = time.Minute     // without a byte while a message is on its way
	answerTime = 5 * time.Minute // until the answer's first byte: the other side saves before it answers
	idleTime   = 5 * time.Minute // between two requests of one session
	chunk      = 32 << 10        // written or read at a time
)

// wire reads and writes messages on a stream: a length (4 bytes, big-endian),
// then the message. It resets the stream when nothing moves.
type wire struct {
	stream network.Stream
	watch  *time.Timer
}

func newWire(s network.Stream) *wire {
	return &wire{stream: s, watch: time.AfterFunc(idleTime, func() { _ = s.Reset() })}
}

func (w *wire) close() {
	w.watch.Stop()
	_ = w.stream.Close() // what was written was answered; a failure shows there
}

func (w *wire) reset() {
	w.watch.Stop()
	_ = w.stream.Reset()
}

func (w *wire) write(message []byte) error {
	w.watch.Reset(silence)
	buf := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(message)), uint32(len(message)))
	for buf = append(buf, message...); len(buf) > 0; {
		n, err := w.stream.Write(buf[:min(chunk, len(buf))])
		if err != nil {
			return err
		}
		buf = buf[n:]
		w.watch.Reset(silence)
	}
	return nil
}

// read reads a message of at most limit bytes, whose first byte may take first.
func (w *wire) read(limit int, first time.Duration) ([]byte, error) {
	w.watch.Reset(first)
	var head [4]byte
	if _, err := io.ReadFull(w.stream, head[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head[:]))
	if n > limit {
		return nil, fmt.Errorf("%w: it announces %d bytes", exchange.ErrTooLarge, n)
	}
	var message []byte
	for len(message) < n {
		w.watch.Reset(silence)
		// Room is made as bytes come, not as they are claimed.
		have, more := len(message), min(chunk, n-len(message))
		message = append(message, make([]byte, more)...)
		got, err := w.stream.Read(message[have:])
		message = message[:have+got]
		if err != nil && len(message) < n {
			return nil, err
		}
	}
	return message, nil
}

// answer serves one stream: request after request, until the caller ends it.
func (h *Host) answer(s network.Stream) {
	if h.ctx.Err() != nil {
		_ = s.Reset()
		return
	}
	h.serving.Add(1)
	defer h.serving.Done()
	w := newWire(s)
	from, err := machineOf(s.Conn().RemotePeer())
	if err != nil {
		w.reset()
		return
	}
	ctx, cancel := context.WithCancel(h.ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = s.Reset() })
	defer stop()
	for {
		message, err := h.request(w, s.Conn())
		if errors.Is(err, io.EOF) {
			w.close()
			return
		}
		if err != nil {
			w.reset()
			return
		}
		w.watch.Stop()
		out, err := h.cfg.Serve(ctx, from, message)
		if out != nil && w.write(out) != nil {
			w.reset()
			return
		}
		if err != nil {
			// The sender lost its connection. Closing the stream first lets the last
			// answer, which says why, arrive.
			_ = s.CloseWrite()
			w.watch.Reset(goodbye)
			_, _ = io.Copy(io.Discard, io.LimitReader(s, chunk))
			w.reset()
			_ = s.Conn().Close()
			return
		}
	}
}

// goodbye is how long a closed caller may take to read why.
const goodbye = 2 * time.Second

// request reads the next request, a stranger's only within its small bounds and
// one at a time.
func (h *Host) request(w *wire, c network.Conn) ([]byte, error) {
	if h.gate.admitted(c) {
		return w.read(exchange.MaxMessage, idleTime)
	}
	v := h.gate.visitor(c)
	if v == nil || !v.busy.CompareAndSwap(false, true) {
		return nil, exchange.ErrFlood
	}
	defer v.busy.Store(false)
	return w.read(exchange.MaxStranger, strangerTime)
}

// Conn is a session's connection to one station. It is used by one session at
// a time.
type Conn struct {
	w       *wire
	machine store.ID
}

var _ exchange.Conn = (*Conn)(nil)

// Dial connects to a station by its full address.
func (h *Host) Dial(ctx context.Context, addr string) (*Conn, error) {
	info, err := parse(addr)
	if err != nil {
		return nil, err
	}
	return h.dial(ctx, *info)
}

func (h *Host) dial(ctx context.Context, info peer.AddrInfo) (*Conn, error) {
	machine, err := machineOf(info.ID)
	if err != nil {
		return nil, err
	}
	defer h.gate.call(info.ID)()
	if err := h.host.Connect(ctx, info); err != nil {
		return nil, connectError(ctx, err)
	}
	s, err := h.host.NewStream(ctx, info.ID, Protocol)
	if err != nil {
		if h.host.Network().Connectedness(info.ID) == network.Connected && ctx.Err() == nil {
			return nil, fmt.Errorf("%w (%v)", ErrProtocol, err)
		}
		return nil, connectError(ctx, err)
	}
	return &Conn{w: newWire(s), machine: machine}, nil
}

func connectError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w (%v)", ErrUnreachable, err)
}

// Machine is the other side's machine seat, as the connection proved it.
func (c *Conn) Machine() store.ID { return c.machine }

// Roundtrip implements exchange.Conn.
func (c *Conn) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	if len(request) > exchange.MaxMessage {
		return nil, exchange.ErrTooLarge
	}
	stop := context.AfterFunc(ctx, func() { _ = c.w.stream.Reset() })
	defer stop()
	err := ctx.Err()
	var out []byte
	if err == nil {
		err = c.w.write(request)
	}
	if err == nil {
		out, err = c.w.read(exchange.MaxMessage, answerTime)
	}
	switch {
	case err == nil:
		c.w.watch.Reset(idleTime)
		return out, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exchange.ErrTooLarge):
		c.w.reset()
		return nil, err
	}
	return nil, fmt.Errorf("%w (%v)", ErrClosed, err)
}

// Close ends the session's stream; the connection stays for the next one.
func (c *Conn) Close() error {
	c.w.close()
	return nil
}
