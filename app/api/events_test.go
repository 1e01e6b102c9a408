package api_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hejie/app/api"
)

// hints reads a stream.
type hints struct {
	t    *testing.T
	body io.ReadCloser
	scan *bufio.Scanner
}

func (c *caller) events(query string, headers ...string) *hints {
	c.t.Helper()
	r, err := c.http.Do(c.request("GET", "/events"+query, "", headers...))
	if err != nil {
		c.t.Fatal(err)
	}
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/event-stream" {
		c.t.Fatalf("events: %d %v", r.StatusCode, r.Header)
	}
	h := &hints{t: c.t, body: r.Body, scan: bufio.NewScanner(r.Body)}
	c.t.Cleanup(func() { _ = r.Body.Close() })
	return h
}

// next returns the next hint; ok is false at the stream's end.
func (h *hints) next() (v api.Hint, ok bool) {
	h.t.Helper()
	for h.scan.Scan() {
		if data, found := strings.CutPrefix(h.scan.Text(), "data: "); found {
			if err := json.Unmarshal([]byte(data), &v); err != nil {
				h.t.Fatal(err)
			}
			return v, true
		}
	}
	return v, false
}

func (h *hints) want(kind, id string) {
	h.t.Helper()
	v, ok := h.next()
	if !ok || v.Kind != kind || v.ID != id {
		h.t.Fatalf("hint %+v (%v), want %s %s", v, ok, kind, id)
	}
}

func TestHintsArrive(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	h := c.events("")
	h.want(api.HintAlive, "") // subscribed before it was sent: nothing is missed after it
	f.publish(api.Hint{Kind: api.HintCase, ID: "c1"})
	h.want(api.HintCase, "c1")
	f.publish(api.Hint{Kind: api.HintResync})
	h.want(api.HintResync, "")

	_ = h.body.Close()
	eventually(t, "the handler ends when its reader goes away", func() bool {
		_, _, n := f.count()
		return n == 0
	})
}

func TestLockEndsTheStream(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	h := c.events("")
	h.want(api.HintAlive, "")
	c.do("DELETE", "/session", "").want(204)
	h.want(api.HintLock, "")
	if _, ok := h.next(); ok {
		t.Error("the stream goes on after the session ended")
	}
}

func TestCloseEndsStreams(t *testing.T) {
	f := newFake()
	s := newServer(t, f)
	c := listen(t, s).signIn()
	h := c.events("")
	h.want(api.HintAlive, "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for {
		if _, ok := h.next(); !ok {
			return
		}
	}
}

func TestTickets(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	var k api.Ticket
	c.do("POST", "/events/ticket", "").want(201).into(&k)
	without := *c
	without.token = ""
	without.events("?ticket="+k.Ticket).want(api.HintAlive, "")
	without.do("GET", "/events?ticket="+k.Ticket, "").refused(401, "not_signed_in") // once only
	without.do("GET", "/events?ticket=", "").refused(401, "not_signed_in")
	c.do("POST", "/events/ticket", "").want(201).into(&k)
	without.do("GET", "/cases?ticket="+k.Ticket, "").refused(401, "not_signed_in") // opens nothing else
	c.do("DELETE", "/session", "").want(204)
	without.do("GET", "/events?ticket="+k.Ticket, "").refused(423, "locked")
}

func TestTicketsGrowOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, newFake())
		token := directSignIn(t, s)
		var k api.Ticket
		direct(t, s, "POST", "/events/ticket", "", token).want(201).into(&k)
		pass(time.Duration(k.Expires+1) * time.Second)
		direct(t, s, "GET", "/events?ticket="+k.Ticket, "", "").refused(401, "not_signed_in")
	})
}

func TestStreamsAreBounded(t *testing.T) {
	c := listen(t, newServer(t, newFake())).signIn()
	for range 16 {
		c.events("").want(api.HintAlive, "")
	}
	c.do("GET", "/events", "").refused(429, "busy")
}

// windowWriter is a response writer as Wails has it: no flusher, no deadlines,
// and its requests never end by themselves.
type windowWriter struct {
	mu     sync.Mutex
	header http.Header
	lines  []string
	gone   bool
}

func (w *windowWriter) Header() http.Header { return w.header }
func (w *windowWriter) WriteHeader(int)     {}
func (w *windowWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gone {
		return 0, errors.New("the page closed the stream")
	}
	w.lines = append(w.lines, string(p))
	return len(p), nil
}

func (w *windowWriter) close() { w.mu.Lock(); defer w.mu.Unlock(); w.gone = true }

func (w *windowWriter) written() int { w.mu.Lock(); defer w.mu.Unlock(); return len(w.lines) }

// In the window each hint is one whole write, and a stream whose page went away
// ends within the time between two signs of life.
func TestWindowStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := newServer(t, f)
		token := directSignIn(t, s)
		w := &windowWriter{header: http.Header{}}
		r := httptest.NewRequest(http.MethodGet, api.Prefix+"/events", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.ServeHTTP(w, r)
		}()
		synctest.Wait()
		f.publish(api.Hint{Kind: api.HintSync})
		synctest.Wait()
		if w.written() != 2 || w.lines[1] != "data: {\"kind\":\"sync\"}\n\n" {
			t.Errorf("%q", w.lines)
		}
		w.close()
		begin := time.Now()
		<-ended
		if d := time.Since(begin); d > 15*time.Second {
			t.Errorf("the handler lived on for %v", d)
		}
		if _, _, n := f.count(); n != 0 {
			t.Error("the station still has a listener")
		}
	})
}

// A stream alone does not keep a session open.
func TestStreamDoesNotPutLockingOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, newFake(), withIdle(time.Minute))
		token := directSignIn(t, s)
		w := &windowWriter{header: http.Header{}}
		r := httptest.NewRequest(http.MethodGet, api.Prefix+"/events", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		s.ServeHTTP(w, r) // returns when the session locks
		if last := w.lines[len(w.lines)-1]; last != "data: {\"kind\":\"lock\"}\n\n" {
			t.Errorf("the stream ended with %q", last)
		}
	})
}
