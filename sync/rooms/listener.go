package rooms

import (
	"context"
	"net"
)

// Conn is a connection with its place: closing it gives the place back.
type Conn struct {
	net.Conn
	*Guest
}

// Close closes the connection and gives the place back.
func (c *Conn) Close() error {
	c.Leave()
	return c.Conn.Close()
}

// listener lets connections into the hall as they come.
type listener struct {
	net.Listener
	rooms *Rooms
	ctx   context.Context //nolint:containedctx // ends with Close, which has no other way to a waiting Accept
	end   context.CancelFunc
}

// Listener gives the connections of l as *Conn that are in the hall. Where that
// is full of guests that have not had LeastStay yet, more wait in the system's
// queue.
func (r *Rooms) Listener(l net.Listener) net.Listener {
	ctx, end := context.WithCancel(context.Background())
	return &listener{Listener: l, rooms: r, ctx: ctx, end: end}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	guest, err := l.rooms.Enter(l.ctx, conn)
	if err != nil {
		_ = conn.Close() // nobody has it
		return nil, net.ErrClosed
	}
	return &Conn{Conn: conn, Guest: guest}, nil
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.end()
	return l.Listener.Close()
}
