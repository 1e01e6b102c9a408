package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"hejie/app/api"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token7 = "01900000-0000-7000-8000-000000000001"

var page = fstest.MapFS{
	"index.html":           {Data: []byte("<!doctype html><title>Hejie</title>")},
	"assets/app-1a2b3c.js": {Data: []byte("export {}")},
}

func newServer(t *testing.T, f *fakeStation, change ...func(*api.Deps)) *api.Server {
	t.Helper()
	d := api.Deps{Station: f, Random: rand.NewChaCha8([32]byte{1}), Files: page}
	for _, c := range change {
		c(&d)
	}
	s, err := api.New(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// caller makes requests as the page does, over a real connection.
type caller struct {
	t     *testing.T
	url   string
	token string
	http  *http.Client
}

func listen(t *testing.T, s http.Handler) *caller {
	t.Helper()
	ts := httptest.NewServer(s)
	t.Cleanup(ts.Close)
	return &caller{t: t, url: ts.URL, http: ts.Client()}
}

func (c *caller) signIn() *caller {
	c.t.Helper()
	var in api.SignedIn
	c.do("POST", "/sessions", `{"seat":"`+seatID+`","secret":"`+goodSecret+`"}`).want(http.StatusCreated).into(&in)
	c.token = in.Token
	return c
}

func (c *caller) request(method, path, body string, headers ...string) *http.Request {
	c.t.Helper()
	if !strings.HasPrefix(path, "/api") {
		path = api.Prefix + path
	}
	r, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if method != http.MethodGet {
		r.Header.Set(api.HeaderClient, "page")
		r.Header.Set("Idempotency-Key", token7)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if strings.HasSuffix(path, "/import") {
		r.Header.Set("Content-Type", "application/x-ndjson")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		switch {
		case headers[i] == "Host":
			r.Host = headers[i+1]
		case headers[i+1] == "":
			r.Header.Del(headers[i])
		default:
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return r
}

func (c *caller) do(method, path, body string, headers ...string) *answer {
	c.t.Helper()
	r, err := c.http.Do(c.request(method, path, body, headers...))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return &answer{t: c.t, what: method + " " + path, status: r.StatusCode, header: r.Header, body: b}
}

type answer struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   []byte
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.what, a.status, status, a.body)
	}
	return a
}

// refused asserts a problem document with a status and code.
func (a *answer) refused(status int, code string) api.Problem {
	a.t.Helper()
	a.want(status)
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Fatalf("%s: refused with content type %q: %s", a.what, ct, a.body)
	}
	var p api.Problem
	a.into(&p)
	if p.Code != code || p.Status != status || p.Type != api.ProblemTypePrefix+code {
		a.t.Fatalf("%s: problem %+v, want status %d code %s", a.what, p, status, code)
	}
	return p
}

func (a *answer) into(v any) *answer {
	a.t.Helper()
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		a.t.Fatalf("%s: %v in %s", a.what, err, a.body)
	}
	return a
}

// pass lets time go by inside a synctest bubble, where it takes none.
func pass(d time.Duration) { <-time.After(d) }

// eventually polls for what another goroutine is about to do.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatal("never happened: " + what)
		case <-tick.C:
		}
	}
}
