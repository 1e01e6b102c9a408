package api_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hejie/app/api"
)

// from asks the handler as if over a connection to a local address.
func from(s http.Handler, local net.Addr, secure bool, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set(api.HeaderClient, "page")
	r.Host = "localhost"
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	if secure {
		r.TLS = &tls.ConnectionState{}
	}
	if local != nil {
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

var (
	lan  = &net.TCPAddr{IP: net.IPv4(192, 168, 1, 5), Port: 443}
	home = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}
	unix = &net.UnixAddr{Name: "hejie.sock", Net: "unix"}
)

func TestWhoMayAsk(t *testing.T) {
	s := newServer(t, newFake(), func(d *api.Deps) { d.Hosts = []string{"Court.example"} })
	const setup = api.Prefix + "/setup"
	for _, c := range []struct {
		name    string
		local   net.Addr
		secure  bool
		method  string
		path    string
		headers []string
		want    int
	}{
		{"this machine", home, false, "GET", setup, nil, 200},
		{"this machine, by IPv6", &net.TCPAddr{IP: net.IPv6loopback}, false, "GET", setup, []string{"Host", "[::1]:80"}, 200},
		{"a local socket", unix, false, "GET", setup, nil, 200},
		{"the window", nil, false, "GET", setup, []string{"Host", "wails"}, 200},
		{"the window's own origin", nil, false, "GET", setup, []string{"Host", "wails", "Origin", "wails://wails"}, 200},
		{"the window on Windows", nil, false, "GET", setup, []string{"Host", "wails.localhost", "Origin", "http://wails.localhost"}, 200},
		{"a page inside the window", nil, false, "GET", setup, []string{"Host", "wails", "Origin", "https://evil.example"}, 403},
		{"plain HTTP from another machine", lan, false, "GET", setup, nil, 403},
		{"plain HTTP for a file", lan, false, "GET", "/", nil, 403},
		{"TLS from another machine", lan, true, "GET", setup, []string{"Host", "court.example:8443"}, 200},
		{"TLS with the page's origin", lan, true, "GET", setup, []string{"Host", "court.example:8443", "Origin", "https://court.example:8443"}, 200},
		{"TLS, plain origin", lan, true, "GET", setup, []string{"Host", "court.example", "Origin", "http://court.example"}, 403},
		{"TLS, other port", lan, true, "GET", setup, []string{"Host", "court.example", "Origin", "https://court.example:81"}, 403},
		{"TLS by a foreign name", lan, true, "GET", setup, []string{"Host", "evil.example"}, 421},
		{"rebinding for a file", home, false, "GET", "/", []string{"Host", "evil.example"}, 421},
		{"setting up from another machine", lan, true, "POST", setup + "/root", nil, 403},
		{"a link from another page to a page of ours", home, false, "GET", "/cases/x", []string{"Sec-Fetch-Site", "cross-site"}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := from(s, c.local, c.secure, c.method, c.path, c.headers...)
			if w.Code != c.want {
				t.Errorf("status %d, want %d: %s", w.Code, c.want, w.Body)
			}
			if o := w.Header().Get("Access-Control-Allow-Origin"); o != "" {
				t.Errorf("other pages are let in: %q", o)
			}
		})
	}
}

func TestSecurityHeaders(t *testing.T) {
	s := newServer(t, newFake())
	for _, path := range []string{"/", "/assets/app-1a2b3c.js", "/missing.js", api.Prefix + "/setup", api.Prefix + "/session"} {
		h := from(s, home, false, "GET", path).Header()
		csp := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "connect-src 'self'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: the policy %q lacks %q", path, csp, part)
			}
		}
		if strings.Contains(csp, "unsafe-eval") || strings.Contains(csp, "script-src 'self' 'unsafe") {
			t.Errorf("%s: the policy lets foreign scripts run: %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestCheckListen(t *testing.T) {
	for _, c := range []struct {
		address string
		tls, ok bool
	}{
		{"127.0.0.1:0", false, true},
		{"[::1]:8080", false, true},
		{"localhost:80", false, true},
		{"127.8.8.8:80", false, true},
		{":8080", false, false},
		{"0.0.0.0:80", false, false},
		{"192.168.1.5:80", false, false},
		{"court.example:80", false, false},
		{"court.example", false, false},
		{"0.0.0.0:443", true, true},
	} {
		if err := api.CheckListen(c.address, c.tls); (err == nil) != c.ok {
			t.Errorf("%s (TLS %v): %v", c.address, c.tls, err)
		}
	}
}

// panics is a station with a defect.
type panics struct{ *fakeStation }

func (panics) SetupState(context.Context) (api.SetupState, error) { panic("李大样") }

func TestPanicIsAnswered(t *testing.T) {
	var told int
	s, err := api.New(api.Deps{Station: panics{newFake()}, Random: strings.NewReader(""), Failed: func(string, error) { told++ }})
	if err != nil {
		t.Fatal(err)
	}
	a := direct(t, s, "GET", "/setup", "", "")
	p := a.refused(500, "internal")
	if strings.Contains(p.Detail, "李大样") || told != 1 {
		t.Errorf("told %d times, answered %q", told, p.Detail)
	}
}
