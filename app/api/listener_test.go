package api_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hejie/app/api"
)

// deadlines notes what is set on the connection.
type deadlines struct {
	*httptest.ResponseRecorder
	read []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.read = append(d.read, t)
	return nil
}

// A body must come soon, the work after it may take long: a deadline left on
// the connection would end a long exchange in the middle.
func TestBodyDeadlineEndsWithTheBody(t *testing.T) {
	s := newServer(t, newFake())
	token := directSignIn(t, s)
	r := httptest.NewRequest(http.MethodPost, api.Prefix+"/sync", strings.NewReader(`{"peer":"x"}`))
	r.Header.Set(api.HeaderClient, "page")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	s.ServeHTTP(w, r)
	if w.Code != 200 || len(w.read) < 2 || w.read[0].IsZero() || !w.read[len(w.read)-1].IsZero() {
		t.Errorf("status %d, read deadlines %v: want one for the body, then none", w.Code, w.read)
	}
}

func TestHTTPServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := api.HTTPServer(newServer(t, newFake()))
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(l) }()
	t.Cleanup(func() {
		_ = h.Close()
		<-ended
	})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	c := &caller{t: t, url: "http://" + l.Addr().String(), http: client}
	c.signIn().do("GET", "/session", "").want(200)
	c.do("GET", "/session", "", "X-Much", strings.Repeat("a", 64<<10)).want(http.StatusRequestHeaderFieldsTooLarge)
}
