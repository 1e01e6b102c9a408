package desktop

import (
	"context"
	"net/http"
)

// streamWriter makes the window's response writer fit for streams. Wails sends
// each write at once but is no http.Flusher, and it never ends a request's
// context: a handler that streams would refuse to start, and one whose page
// went away would run for ever.
type streamWriter struct {
	http.ResponseWriter
	gone context.CancelFunc
}

// forWindow gives the writer and request for a handler that expects those of
// net/http. The function returned ends the request's context.
func forWindow(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *http.Request, context.CancelFunc) {
	ctx, cancel := context.WithCancel(r.Context())
	return &streamWriter{ResponseWriter: w, gone: cancel}, r.WithContext(ctx), cancel
}

// Write implements http.ResponseWriter. A write that fails means that the page
// closed the stream: the request's context ends.
func (s *streamWriter) Write(p []byte) (int, error) {
	n, err := s.ResponseWriter.Write(p)
	if err != nil {
		s.gone()
	}
	return n, err
}

// Flush implements http.Flusher. Every write has gone out already.
func (s *streamWriter) Flush() {}
