package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"hejie/store"
	"hejie/sync/rooms"
)

// Limits of one connection, so that strangers on a network can't hold a
// station's memory and files by being slow.
const (
	headerTimeout = 10 * time.Second // a request's line and headers
	idleTimeout   = 2 * time.Minute  // between two requests of one connection
	maxHeader     = 32 << 10         // a token, a cookie and an address are under 2 KiB
	// anonymousTime is how long a connection may last on which nobody signed in:
	// longer than any answer to who is not signed in takes.
	anonymousTime = 10 * time.Minute
	// sessionConns bounds the connections of one session: six of each of five
	// browsers' windows.
	sessionConns = 32
)

// Listen gives who is signed in room that strangers can't take: a connection
// stands in the hall (sync/rooms) until a request of a session comes on it.
func Listen(l net.Listener) net.Listener {
	return rooms.New(rooms.Limits{HallTime: anonymousTime, Each: sessionConns}).Listener(l)
}

type guestKey struct{}

// withGuest keeps who is on a connection for its requests.
func withGuest(ctx context.Context, c net.Conn) context.Context {
	if conn, ok := c.(*rooms.Conn); ok {
		return context.WithValue(ctx, guestKey{}, conn.Guest)
	}
	return ctx
}

// known moves the connection of a session's request to the members' room.
func (n *login) known(ctx context.Context) {
	if g, ok := ctx.Value(guestKey{}).(*rooms.Guest); ok {
		_ = g.Member(store.ID(n.key)) // without room it stays in the hall for its time
	}
}

// HTTPServer is the net/http server that the handler should listen with, on what
// Listen gives. It
// sets no limit for answers: a stream of hints is one answer that lasts for
// hours, and bounds its own writes. Its log is dropped, since net/http writes
// addresses and panics there; the handler tells Deps.Failed itself.
func HTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       withGuest,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
}
