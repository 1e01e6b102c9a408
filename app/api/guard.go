package api

import (
	"context"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// client is what the guard found out about where a request comes from.
type client struct {
	host   string // as the client calls this server, with port
	remote string // the other end of the connection; empty inside the window
	tls    bool
	failed func(string, error)
	conn   *http.ResponseController
}

// bodyRead takes the body's deadline off the connection: left there, it would
// end the request's context in the middle of a long exchange or import.
func (c *client) bodyRead() {
	if c.conn != nil {
		_ = c.conn.SetReadDeadline(time.Time{}) // no deadline can be set under Wails, and none was
	}
}

func (c *client) report(operation string, err error) {
	if c.failed != nil {
		c.failed(operation, err)
	}
}

type clientKey struct{}

func clientOf(ctx context.Context) *client {
	if c, ok := ctx.Value(clientKey{}).(*client); ok {
		return c
	}
	return &client{}
}

// GiverOf names who gives a secret, so that a station slows down who gave wrong
// ones and nobody else: the connection that a request came by. Empty for whoever
// uses the folder itself: the window, and commands.
func GiverOf(ctx context.Context) string { return clientOf(ctx).remote }

// ServeHTTP implements http.Handler: the guards, then the operation or file.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setSecurityHeaders(w.Header())
	c := &client{host: r.Host, tls: r.TLS != nil, failed: s.failed, conn: http.NewResponseController(w)}
	if !inProcess(r) {
		c.remote = r.RemoteAddr
	}
	api := strings.HasPrefix(r.URL.Path, "/api/")
	if api {
		w.Header().Set("Cache-Control", "no-store")
	}
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler { //nolint:errorlint // the documented way to compare it
				panic(v)
			}
			c.report(r.Method+" "+r.URL.Path, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
			writeProblem(w, newProblem(http.StatusInternalServerError, CodeInternal,
				"something failed inside the program; what was saved before is safe"))
		}
	}()
	if p := s.guard(r, api); p != nil {
		writeProblem(w, p)
		return
	}
	s.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, c)))
}

// guard refuses what no client of ours sends.
func (s *Server) guard(r *http.Request, api bool) *Problem {
	inside := inProcess(r)
	if !inside {
		if p := s.guardConnection(r); p != nil {
			return p
		}
	}
	if !api {
		return nil // files hold nothing secret and any page may link to them
	}
	if !sameOrigin(r, inside) {
		return newProblem(http.StatusForbidden, CodeCrossOrigin, "the request comes from another page: open Hejie itself")
	}
	if safeMethod(r.Method) {
		return nil
	}
	if r.Header.Get(HeaderClient) == "" {
		return newProblem(http.StatusForbidden, CodeNoClientHeader, "the header "+HeaderClient+" is missing")
	}
	if !inside && strings.HasPrefix(r.URL.Path, Prefix+"/setup/") && !loopback(r.Context().Value(http.LocalAddrContextKey)) {
		return newProblem(http.StatusForbidden, CodeNotHere, "a station is set up at the computer itself: open Hejie there")
	}
	return guardMediaType(r)
}

// guardConnection refuses plain HTTP beyond this machine, and names that are
// not ours.
func (s *Server) guardConnection(r *http.Request) *Problem {
	if r.TLS == nil && !loopback(r.Context().Value(http.LocalAddrContextKey)) {
		return newProblem(http.StatusForbidden, CodeTLSRequired, "from another machine Hejie is reached over https:// only")
	}
	if !s.hosts[hostName(r.Host)] {
		return newProblem(http.StatusMisdirectedRequest, CodeBadHost, "this server is not called by that name")
	}
	return nil
}

func guardMediaType(r *http.Request) *Problem {
	h := r.Header.Get("Content-Type")
	if h == "" && r.ContentLength == 0 {
		return nil
	}
	t, params, err := mime.ParseMediaType(h)
	charset := params["charset"]
	want := "application/json"
	if r.URL.Path == Prefix+importPath {
		want = "application/x-ndjson"
	}
	if err == nil && t == want && (charset == "" || strings.EqualFold(charset, "utf-8")) {
		return nil
	}
	return newProblem(http.StatusUnsupportedMediaType, CodeMediaType, "send "+want+" in UTF-8")
}

func safeMethod(m string) bool { return m == http.MethodGet || m == http.MethodHead }

// inProcess tells whether the request came by no connection: from the window.
func inProcess(r *http.Request) bool { return r.Context().Value(http.LocalAddrContextKey) == nil }

// loopback tells whether a connection can't leave this machine.
func loopback(addr any) bool {
	switch a := addr.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	case net.Addr:
		return a.Network() == "pipe" // a named pipe or an in-memory one
	default:
		return false
	}
}

// CheckListen refuses an address that plain HTTP may not be served on, before
// anything listens there: what is no loopback address needs TLS.
func CheckListen(address string, tls bool) error {
	if tls {
		return nil
	}
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is no address to listen on: %w", address, err)
	}
	if ip := net.ParseIP(name); name == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("plain HTTP is served on this machine only, and %s can be reached from others: listen on 127.0.0.1, or use --https", address)
}

func hostSet(names []string) map[string]bool {
	set := map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}
	for _, n := range names {
		set[strings.ToLower(n)] = true
	}
	return set
}

// hostName is a Host header without port and brackets, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// sameOrigin tells whether a request to the API was made by our own page or by
// no page at all.
func sameOrigin(r *http.Request, inside bool) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin":
	case "none":
		if !safeMethod(r.Method) {
			return false
		}
	default:
		if !inside {
			return false
		}
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	if inside {
		return u.Scheme == "wails" || hostName(u.Host) == "wails.localhost" || hostName(u.Host) == "wails"
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return u.Scheme == scheme && strings.EqualFold(u.Host, r.Host)
}

// contentSecurityPolicy lets the page load its own files and nothing else.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func setSecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
}

func retryHeader(seconds int) http.Header {
	return http.Header{"Retry-After": {strconv.Itoa(seconds)}}
}

// writeProblem answers outside of an operation.
func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = EncodeJSON(w, p) // a reader that went away is nobody's fault
}

func writeProblemTo(ctx huma.Context, p *Problem) {
	_, w := humago.Unwrap(ctx)
	writeProblem(w, p)
}
