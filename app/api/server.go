package api

import (
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"hejie/store/host"
)

// Deps is what the API is made of.
type Deps struct {
	Station Station
	// Random gives tokens; host.SystemRandom outside of tests.
	Random host.Random
	// Files is the built web interface (index.html at its root); nil: the API only.
	Files fs.FS
	// IdleAfter locks a session without requests; 0: DefaultIdle.
	IdleAfter time.Duration
	// Hosts are the names, without port, that browsers may use for this server
	// besides loopback ones: those of its TLS certificate. A request for any
	// other is refused, so that a foreign name that resolves to this machine
	// (DNS rebinding) reaches nothing.
	Hosts []string
	// Failed is told of errors that are answered as 500. The text may name
	// files, never people. nil: nobody is told.
	Failed func(operation string, err error)
}

// Server is the API and the web interface as one http.Handler. Close ends it.
type Server struct {
	station Station
	failed  func(string, error)
	hosts   map[string]bool
	logins  *logins
	tickets *tickets
	signIns chan struct{} // one place for each secret being checked
	waiting chan struct{} // and for each that waits to be
	mux     *http.ServeMux
	closed  chan struct{}
}

// New makes the handler. It starts no goroutine; sessions hold timers until Close.
func New(d Deps) (*Server, error) {
	if d.Station == nil || d.Random == nil {
		return nil, errors.New("api: Deps needs a Station and Random")
	}
	s := &Server{
		station: d.Station,
		failed:  d.Failed,
		hosts:   hostSet(d.Hosts),
		logins:  newLogins(d.Random, d.IdleAfter),
		tickets: newTickets(d.Random),
		signIns: make(chan struct{}, maxSignIns),
		waiting: make(chan struct{}, maxWaiting),
		mux:     http.NewServeMux(),
		closed:  make(chan struct{}),
	}
	s.routes(s.mux)
	s.mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, newProblem(http.StatusNotFound, CodeNotFound, "there is no such operation; see "+Prefix+"/openapi.json"))
	})
	s.mux.Handle("/", newStatic(d.Files))
	return s, nil
}

// routes registers every operation and returns what describes them.
func (s *Server) routes(mux *http.ServeMux) huma.API {
	tuneHuma()
	a := humago.New(mux, config())
	a.UseMiddleware(s.authenticate)
	s.setupRoutes(a)
	s.sessionRoutes(a)
	s.enrolRoutes(a)
	s.caseRoutes(a)
	s.stepRoutes(a)
	s.noteRoutes(a)
	s.conflictRoutes(a)
	s.transferRoutes(a)
	s.draftRoutes(a)
	s.syncRoutes(a)
	s.stationRoutes(a)
	s.tableRoutes(a)
	s.firstRoutes(a)
	s.flowRoutes(a)
	s.lateRoutes(a)
	s.docketRoutes(a)
	s.registerRoutes(a)
	s.referenceRoutes(a)
	s.eventRoutes(a)
	return a
}

// config describes the API as a whole.
func config() huma.Config {
	c := huma.DefaultConfig("Hejie", "1")
	c.Info.Description = "The one API of a Hejie station, for window, browser and command line. " +
		"Every request that changes something carries the header Hejie-Client. " +
		"Refusals are application/problem+json with a stable code."
	c.CreateHooks = nil // no $schema fields, no Link headers
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = Prefix+"/openapi", "", ""
	c.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		schemeBearer: {Type: "http", Scheme: "bearer", Description: "the token that signing in returned"},
		schemeCookie: {Type: "apiKey", In: "cookie", Name: cookiePrefix + "PORT", Description: "set by signing in, for browsers"},
	}
	return c
}

// OpenAPI returns the description of the API as JSON, indented, with a newline
// at its end. It is a function of the Go types alone.
func OpenAPI() ([]byte, error) {
	s := &Server{logins: newLogins(nil, 0), tickets: newTickets(nil)}
	return indented(s.routes(http.NewServeMux()).OpenAPI())
}

// Close ends every session and every stream.
func (s *Server) Close() error {
	select {
	case <-s.closed:
		return nil
	default:
	}
	close(s.closed)
	return s.logins.closeAll()
}
