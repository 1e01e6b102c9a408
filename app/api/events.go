package api

import (
	"bytes"
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Limits of the streams of hints.
const (
	eventsID = "events"
	// maxStreams of one session: some windows and tabs.
	maxStreams = 16
	// aliveEvery bounds how long a stream whose reader went away lives on: the
	// next write fails. Under Wails nothing else tells.
	aliveEvery = 15 * time.Second
	// writeTimeout ends a stream whose reader no longer reads.
	writeTimeout = 10 * time.Second
)

type eventsInput struct {
	Ticket string `query:"ticket" maxLength:"100" doc:"from POST /events/ticket, for EventSource; other clients send their token"`
}

// eventRoutes adds the stream of hints (server-sent events). huma's own helper
// writes warnings to stderr where a writer can't flush, as under Wails.
func (s *Server) eventRoutes(a huma.API) {
	o := op{
		method: http.MethodGet, path: "/events", id: eventsID, tag: "events",
		summary: "Hints that something changed, as server-sent events",
	}.huma()
	o.Responses = map[string]*huma.Response{"200": {
		Description: "A stream of messages whose data is one Hint in JSON. A hint only says what to reload.",
		Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema: huma.SchemaFromType(a.OpenAPI().Components.Schemas, reflect.TypeFor[Hint]()),
		}},
	}}
	huma.Register(a, o, func(ctx context.Context, _ *eventsInput) (*huma.StreamResponse, error) {
		n := loginOf(ctx)
		if !s.logins.openStream(n) {
			return nil, newProblem(http.StatusTooManyRequests, CodeBusy, "too many pages listen for changes: close one")
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			defer s.logins.closeStream(n)
			_, w := humago.Unwrap(hc)
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set("X-Accel-Buffering", "no")
			s.stream(ctx, newHintWriter(w), n)
		}}, nil
	})
}

// stream sends hints until the reader, the session, the station or the server
// goes away.
func (s *Server) stream(ctx context.Context, w *hintWriter, n *login) {
	hints, cancel := s.station.Subscribe()
	defer cancel()
	alive := time.NewTicker(aliveEvery)
	defer alive.Stop()
	h := Hint{Kind: HintAlive} // tells the page that it is listened for from here on
	for {
		if w.send(h) != nil {
			return
		}
		var ok bool
		select {
		case h, ok = <-hints:
			if !ok {
				return
			}
		case <-alive.C:
			h = Hint{Kind: HintAlive}
		case <-n.done:
			_ = w.send(Hint{Kind: HintLock})
			return
		case <-ctx.Done():
			return
		case <-s.closed:
			return
		}
	}
}

// hintWriter writes hints and flushes each where the writer below can.
type hintWriter struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func newHintWriter(w http.ResponseWriter) *hintWriter {
	return &hintWriter{w: w, c: http.NewResponseController(w)}
}

func (h *hintWriter) send(v Hint) error {
	var b bytes.Buffer
	b.WriteString("data: ")
	if err := EncodeJSON(&b, v); err != nil {
		return err
	}
	b.WriteByte('\n')
	// Neither is there under Wails, whose writer passes each write on at once.
	_ = h.c.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := h.w.Write(b.Bytes()); err != nil {
		return err
	}
	_ = h.c.Flush()
	return nil
}

func (l *logins) openStream(n *login) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n.streams >= maxStreams {
		return false
	}
	n.streams++
	return true
}

func (l *logins) closeStream(n *login) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.streams--
}
