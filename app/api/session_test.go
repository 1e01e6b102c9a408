package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hejie/app/api"
)

// direct asks the handler without a connection, as the window does.
func direct(t *testing.T, s http.Handler, method, path, body, token string, headers ...string) *answer {
	t.Helper()
	r := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
	r.Header.Set(api.HeaderClient, "window")
	r.Header.Set("Idempotency-Key", token7)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return &answer{t: t, what: method + " " + path, status: w.Code, header: w.Header(), body: w.Body.Bytes()}
}

func directSignIn(t *testing.T, s http.Handler) string {
	t.Helper()
	var in api.SignedIn
	direct(t, s, "POST", "/sessions", `{"seat":"5ea7","secret":"correct horse"}`, "").want(201).into(&in)
	return in.Token
}

func withIdle(d time.Duration) func(*api.Deps) {
	return func(deps *api.Deps) { deps.IdleAfter = d }
}

func TestIdleSessionsLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := newServer(t, f, withIdle(10*time.Minute))
		token := directSignIn(t, s)

		pass(9 * time.Minute)
		var info api.SessionInfo
		direct(t, s, "GET", "/session", "", token, api.HeaderBackground, "1").want(200).into(&info)
		if info.LocksIn != 60 || info.IdleSeconds != 600 {
			t.Errorf("a background request put locking off, or the time is wrong: %+v", info)
		}
		direct(t, s, "GET", "/conflicts", "", token).want(200)
		pass(9 * time.Minute)
		direct(t, s, "GET", "/conflicts", "", token).want(200)

		pass(10*time.Minute + 31*time.Second)
		synctest.Wait()
		if _, open, _ := f.count(); open != 0 {
			t.Error("the seat's keys are still open after the idle time, though nobody asked")
		}
		direct(t, s, "GET", "/conflicts", "", token).refused(423, "locked")
		direct(t, s, "GET", "/conflicts", "", token).refused(423, "locked")
		again := directSignIn(t, s)
		if again == token {
			t.Error("a token came twice")
		}
		direct(t, s, "GET", "/conflicts", "", again).want(200)
	})
}

func TestSignOut(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	other := *c
	other.signIn()
	a := c.do("DELETE", "/session", "").want(204)
	if !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("the cookie stays: %q", a.header.Get("Set-Cookie"))
	}
	c.do("GET", "/session", "").refused(401, "not_signed_in")
	other.do("GET", "/session", "").want(200)
	if _, open, _ := f.count(); open != 1 {
		t.Errorf("%d sessions are open, want the other one", open)
	}
}

func TestCloseEndsSessions(t *testing.T) {
	f := newFake()
	s := newServer(t, f)
	token := directSignIn(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, open, _ := f.count(); open != 0 {
		t.Error("a session outlived the server")
	}
	direct(t, s, "GET", "/session", "", token).refused(401, "not_signed_in")
	direct(t, s, "POST", "/sessions", `{"seat":"5ea7","secret":"correct horse"}`, "").refused(503, "closing")
	if _, open, _ := f.count(); open != 0 {
		t.Error("a session was opened after the end and left open")
	}
}

func TestCookies(t *testing.T) {
	c := listen(t, newServer(t, newFake()))
	a := c.do("POST", "/sessions", `{"seat":"5ea7","secret":"correct horse"}`).want(201)
	set := a.header.Get("Set-Cookie")
	port := c.url[strings.LastIndex(c.url, ":")+1:]
	for _, part := range []string{"hejie-" + port + "=", "HttpOnly", "SameSite=Strict", "Path=/api/"} {
		if !strings.Contains(set, part) {
			t.Errorf("the cookie %q lacks %s", set, part)
		}
	}
	pair, _, _ := strings.Cut(set, ";")
	c.do("GET", "/session", "", "Cookie", pair).want(200)
	c.do("POST", "/verify", "", "Cookie", pair).want(200)
	c.do("POST", "/verify", "", "Cookie", pair, api.HeaderClient, "").refused(403, "no_client_header")
	c.do("GET", "/session", "", "Cookie", strings.Replace(pair, port, "1", 1)).refused(401, "not_signed_in")
}

func TestSessionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := newServer(t, f, withIdle(time.Minute))
		for range 256 {
			directSignIn(t, s)
		}
		direct(t, s, "POST", "/sessions", `{"seat":"5ea7","secret":"correct horse"}`, "").refused(503, "busy")
		if _, open, _ := f.count(); open != 256 {
			t.Errorf("%d sessions are open: the refused one was not closed", open)
		}
		pass(2 * time.Minute)
		synctest.Wait()
		directSignIn(t, s) // locked ones make room
	})
}

// Each secret being checked takes much memory: a crowd waits its turn.
func TestFewSecretsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.blocking = make(chan struct{})
		s := newServer(t, f)
		const crowd = 10
		done := make(chan struct{}, crowd)
		for range crowd {
			go func() {
				directSignIn(t, s)
				done <- struct{}{}
			}()
		}
		synctest.Wait()
		for n := range crowd {
			if n < crowd-1 && len(f.entered()) != n+2 {
				t.Errorf("after %d were done, %d had begun", n, len(f.entered()))
			}
			f.blocking <- struct{}{}
			<-done
			synctest.Wait()
		}
	})
}

func TestNewRefusesMissingParts(t *testing.T) {
	if _, err := api.New(api.Deps{Station: newFake()}); err == nil {
		t.Error("no source of tokens, and no error")
	}
	if _, err := api.New(api.Deps{Random: bytes.NewReader(nil)}); err == nil {
		t.Error("no station, and no error")
	}
}

// Without randomness there is no token and nobody is signed in.
func TestNoRandomnessNoSession(t *testing.T) {
	f := newFake()
	s := newServer(t, f, func(d *api.Deps) { d.Random = bytes.NewReader(make([]byte, 31)) })
	direct(t, s, "POST", "/sessions", `{"seat":"5ea7","secret":"correct horse"}`, "").refused(500, "internal")
	if _, open, _ := f.count(); open != 0 {
		t.Error("the session was left open")
	}
}
