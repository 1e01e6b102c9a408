package desktop

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// Open opens the data folder and gives the handler that the window shows and
// what closes it again. It is called off the window's thread, never twice at
// once, and again after a failure when the person asks for it. Its error is
// shown to the person: it says what happened and what to do.
type Open func(ctx context.Context) (http.Handler, func() error, error)

const (
	// patience is how long a request waits for a folder that is being opened
	// before it is answered with the opening page: most folders open within it,
	// and nobody takes a window for dead that soon.
	patience = 700 * time.Millisecond

	// pathRetry is where the page of a failure asks for another attempt.
	pathRetry = "/desktop/retry"
)

// errClosing is what stands in the place of a folder once the window closes.
var errClosing = errors.New("the window is closing")

// attempt is one try at opening the folder. done is closed when the others are set.
type attempt struct {
	done    chan struct{}
	handler http.Handler
	close   func() error
	err     error
}

// ended tells whether the attempt is over.
func (a *attempt) ended() bool {
	select {
	case <-a.done:
		return true
	default:
		return false
	}
}

// opening is the window's handler: it opens the folder at the first request,
// shows how that goes, and hands over to the folder's handler once it is there.
type opening struct {
	folder string
	open   Open
	wait   time.Duration

	ctx    context.Context // ends when the window closes
	cancel context.CancelFunc

	mu      sync.Mutex // guards everything that follows
	current *attempt   // nil before the first request
	closed  bool
}

// newOpening makes the handler; nothing is opened before the first request, so
// that a second window of the same folder ends before it touches the folder.
func newOpening(folder string, open Open) *opening {
	ctx, cancel := context.WithCancel(context.Background())
	return &opening{folder: folder, open: open, wait: patience, ctx: ctx, cancel: cancel}
}

// ServeHTTP implements http.Handler.
func (o *opening) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	again := r.URL.Path == pathRetry
	try := o.attempt(again)
	if !o.waitFor(r.Context(), try) {
		writeOpening(w)
		return
	}
	switch {
	case try.err != nil:
		writeFailure(w, o.folder, try.err)
	case again:
		writeOpening(w) // it is open: the page goes on to the first one by itself
	default:
		writer, request, done := forWindow(w, r)
		defer done()
		try.handler.ServeHTTP(writer, request)
	}
}

// attempt gives the attempt that counts, starting one where there is none yet,
// or where the last failed and the person asked again.
func (o *opening) attempt(again bool) *attempt {
	o.mu.Lock()
	defer o.mu.Unlock()
	failed := o.current != nil && o.current.ended() && o.current.err != nil
	if o.current != nil && (!failed || !again) {
		return o.current
	}
	try := &attempt{done: make(chan struct{})}
	o.current = try
	if o.closed {
		try.err = errClosing
		close(try.done)
		return try
	}
	go func() {
		defer close(try.done)
		try.handler, try.close, try.err = o.open(o.ctx)
	}()
	return try
}

// waitFor waits a moment for the attempt and tells whether it is over.
func (o *opening) waitFor(ctx context.Context, try *attempt) bool {
	patience := time.NewTimer(o.wait)
	defer patience.Stop()
	select {
	case <-try.done:
		return true
	case <-ctx.Done():
	case <-patience.C:
	}
	return try.ended()
}

// Close closes the folder if it is open, waiting for one that is being opened.
// Requests after it are told that the window is closing.
func (o *opening) Close() error {
	o.mu.Lock()
	o.closed = true
	try := o.current
	ended := &attempt{done: make(chan struct{}), err: errClosing}
	close(ended.done)
	o.current = ended
	o.mu.Unlock()

	o.cancel()
	if try == nil {
		return nil
	}
	<-try.done
	if try.close == nil {
		return nil
	}
	return try.close()
}
