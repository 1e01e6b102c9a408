package api

import (
	"log/slog"
	"net/http"
	"time"
)

// Limits of one connection, so that strangers on a network can't hold a
// station's memory and files by being slow.
const (
	headerTimeout = 10 * time.Second // a request's line and headers
	idleTimeout   = 2 * time.Minute  // between two requests of one connection
	maxHeader     = 32 << 10         // a token, a cookie and an address are under 2 KiB
)

// HTTPServer is the net/http server that the handler should listen with. It
// sets no limit for answers: a stream of hints is one answer that lasts for
// hours, and bounds its own writes. Its log is dropped, since net/http writes
// addresses and panics there; the handler tells Deps.Failed itself.
func HTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
}
