// Package https carries exchange messages between stations over HTTPS.
//
// It is for networks where only outbound HTTPS works: mutual TLS 1.3 between
// machine seats, one POST a message. It may not know what a message means, nor
// check certificates itself: the TLS configurations come from sync/identity,
// whose checks need no clock. Main invariant: the machine that a message is
// ascribed to has proved its key in the handshake, and every message is
// bounded before it is read.
package https

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/rooms"
	"hejie/sync/seal"
)

// Path is where messages are posted. Its number is the road's: raised where the
// carrying of messages changes; what they say hello settles.
const Path = "/hejie/exchange/2"

// contentType of requests and responses.
const contentType = "application/vnd.hejie.exchange"

// Limits of a server. A batch of 1 MiB takes four minutes at 40 kbit/s.
const (
	readTime   = 10 * time.Minute
	writeTime  = 15 * time.Minute // begins with the request's header; saving lies between
	headerTime = 20 * time.Second
	idleTime   = 5 * time.Minute
	maxHeader  = 8 << 10
)

// ErrNoKey is returned when the other side's certificate holds no machine
// seat's key.
var ErrNoKey = errors.New("the other side's certificate is not a machine's of Hejie")

// ServerConfig is what a Server needs; TLS, Serve and Member must be set.
type ServerConfig struct {
	// TLS demands and checks the caller's certificate.
	TLS *tls.Config
	// Serve answers one message of a proven machine (exchange.Server.Serve).
	Serve func(ctx context.Context, from store.ID, message []byte) ([]byte, error)
	// Member tells the unit of an enrolled machine (exchange.Replica.Member).
	Member func(machine store.ID) (unit store.ID, ok bool)
	// Rooms bound the connections; the zero value means the defaults.
	Rooms rooms.Limits
}

// Server answers exchange messages over HTTPS.
type Server struct {
	cfg   ServerConfig
	http  *http.Server
	rooms *rooms.Rooms
}

// NewServer makes a server; Serve starts it.
func NewServer(cfg ServerConfig) *Server {
	s := &Server{cfg: cfg, rooms: rooms.New(cfg.Rooms)}
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.handle),
		TLSConfig:         cfg.TLS.Clone(),
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 8, MaxReceiveBufferPerConnection: 1 << 20, MaxReceiveBufferPerStream: 512 << 10},
		ErrorLog:          silent, // handshakes of strangers fail all day; they are counted nowhere else either
		ConnContext:       withVisitor,
	}
	return s
}

// Serve answers on the listener until Close. It returns nil after Close.
func (s *Server) Serve(listener net.Listener) error {
	err := s.http.Serve(prove(s.rooms.Listener(listener), s.http.TLSConfig, s.cfg.Member))
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("https: %w", err)
}

// Close lets answers under way end until ctx ends, then cuts them off.
func (s *Server) Close(ctx context.Context) error {
	if err := s.http.Shutdown(ctx); err != nil {
		return s.http.Close()
	}
	return nil
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != Path {
		http.Error(w, "no such exchange here: update the older of the two programs", http.StatusNotFound)
		return
	}
	from, err := machineOf(r.TLS)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	switch r.Method {
	case http.MethodHead: // a caller learns who answers here
		w.WriteHeader(http.StatusNoContent)
		return
	case http.MethodPost:
	default:
		http.Error(w, "messages are posted", http.StatusMethodNotAllowed)
		return
	}
	limit := int64(exchange.MaxMessage)
	v := visitorOf(r.Context())
	if _, ok := s.cfg.Member(from); ok {
		v.known(from)
	} else {
		// One message at a time: what a stranger can make this station hold is a
		// message for each place among the callers.
		if !v.begin() {
			http.Error(w, "one message at a time", http.StatusTooManyRequests)
			return
		}
		defer v.end()
		limit = exchange.MaxStranger
	}
	message, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		w.Header().Set("Connection", "close")
		http.Error(w, "a message over the limit, or cut off", http.StatusRequestEntityTooLarge)
		return
	}
	out, err := s.cfg.Serve(r.Context(), from, message)
	if err != nil {
		w.Header().Set("Connection", "close")
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write(out) // the caller is being left
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(out) // a broken connection shows at the caller, who asks again
}

// machineOf is the key that the other side proved in the handshake.
func machineOf(state *tls.ConnectionState) (store.ID, error) {
	if state == nil || len(state.PeerCertificates) == 0 {
		return store.ID{}, ErrNoKey
	}
	key, ok := state.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok || seal.CheckPublicKey(key) != nil {
		return store.ID{}, ErrNoKey
	}
	return store.ID(key), nil
}
