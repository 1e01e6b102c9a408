package https

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"hejie/store"
	"hejie/sync/exchange"
)

// Retries of one message: every exchange message may be sent twice.
const (
	retries    = 4
	retryFirst = 500 * time.Millisecond
	retryLast  = 8 * time.Second
	// answerTime is until the answer's header: the other side saves before it
	// answers.
	answerTime = 5 * time.Minute
	dialTime   = 30 * time.Second
)

// silent swallows the standard library's own log lines, which name addresses.
var silent = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)

var (
	// ErrAddress is returned for an address that is not https://host:port.
	ErrAddress = errors.New("not the address of a station: it must be https://host:port")
	// ErrUnreachable is returned when the station did not answer after retries.
	ErrUnreachable = errors.New("the other station can't be reached: is its address right and this network connected?")
	// ErrNotTaken is returned when the other station refused this one's
	// certificate: it is of another tree, or was never enrolled.
	ErrNotTaken = errors.New("the other station does not take this one's certificate: it is of another tree or does not know this station")
	// ErrChanged is returned when another machine answers than the one that
	// began the session.
	ErrChanged = errors.New("another machine answers at this address than before")
	// ErrProtocol is returned when what answers speaks no exchange known here.
	ErrProtocol = errors.New("what answers at this address speaks no exchange that this program knows: update the older of the two programs")
)

// Conn is a session's way to one station. It may be used by one session at a
// time.
type Conn struct {
	url     string
	client  *retryablehttp.Client
	machine store.ID
	last    lastConn
}

var _ exchange.Conn = (*Conn)(nil)

// Dial finds out who answers at https://host:port. config checks the other
// side's certificate.
func Dial(ctx context.Context, config *tls.Config, address string) (*Conn, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return nil, fmt.Errorf("%q: %w", address, ErrAddress)
	}
	c := &Conn{url: "https://" + u.Host + Path}
	c.client = c.newClient(marking(config))
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodHead, c.url, nil)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", address, ErrAddress)
	}
	response, err := c.do(ctx, request)
	if err != nil {
		c.close()
		return nil, err
	}
	_ = response.Body.Close() // a HEAD has none
	if response.StatusCode != http.StatusNoContent {
		c.close()
		return nil, fmt.Errorf("%w (status %d)", ErrProtocol, response.StatusCode)
	}
	if c.machine, err = machineOf(response.TLS); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *Conn) newClient(config *tls.Config) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: &http.Transport{
				Proxy:                  http.ProxyFromEnvironment,
				TLSClientConfig:        config,
				DialTLSContext:         c.last.dial(config),
				TLSHandshakeTimeout:    dialTime,
				ResponseHeaderTimeout:  answerTime,
				MaxResponseHeaderBytes: maxHeader,
				MaxConnsPerHost:        2,
				IdleConnTimeout:        idleTime,
				ForceAttemptHTTP2:      true,
				DisableCompression:     true, // frames are sealed
			},
			// A redirect would carry messages to whom nobody named.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     retries,
		RetryWaitMin: retryFirst,
		RetryWaitMax: retryLast,
		CheckRetry:   c.again,
		Backoff:      retryablehttp.DefaultBackoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// again retries what a bad network or a restarting gateway does, never what
// the other station decided or a certificate that does not hold.
func (c *Conn) again(ctx context.Context, response *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return worthRetrying(err) && !c.refused(), nil
	}
	switch response.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true, nil
	}
	return false, nil
}

// worthRetrying tells what may pass by itself: a handshake that one side
// refused does not, nor does what speaks no TLS. All else is the network's
// fault.
func worthRetrying(err error) bool {
	var here *refusedError
	var plain tls.RecordHeaderError
	return !notTaken(err) && !errors.As(err, &here) && !errors.As(err, &plain)
}

// refused tells that the other side ended the first connection by an alert
// which HTTP/2 has not passed on. Connections that may be in use are let alone.
func (c *Conn) refused() bool { return c.machine == store.ID{} && notTaken(c.last.ended()) }

// lastConn remembers the connection made last. With TLS 1.3 the caller's
// handshake is over before the other side has seen the caller's certificate;
// when the refusal comes before the first request is written, HTTP/2 only says
// that the connection could not be established. The connection still knows why.
type lastConn struct {
	mu   sync.Mutex
	conn *tls.Conn
}

func (l *lastConn) dial(config *tls.Config) func(context.Context, string, string) (net.Conn, error) {
	dialer := tls.Dialer{Config: config}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTime)
		defer cancel()
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if made, ok := conn.(*tls.Conn); ok {
			l.mu.Lock()
			l.conn = made
			l.mu.Unlock()
		}
		return conn, nil
	}
}

// ended gives why nothing more can be read from the connection; nil where none
// was made. What it reads is lost: it is for connections that are given up.
func (l *lastConn) ended() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return nil
	}
	// Nothing is waited for: an alert that was read stays the connection's error.
	_ = l.conn.SetReadDeadline(time.Unix(1, 0))
	_, err := l.conn.Read(make([]byte, 1))
	return err
}

// refusedError marks that this side refused the other's certificate.
type refusedError struct{ err error }

func (e *refusedError) Error() string { return e.err.Error() }
func (e *refusedError) Unwrap() error { return e.err }

// marking makes refusals of the configuration's own check known as such.
func marking(config *tls.Config) *tls.Config {
	marked := config.Clone()
	if check := config.VerifyConnection; check != nil {
		marked.VerifyConnection = func(s tls.ConnectionState) error {
			if err := check(s); err != nil {
				return &refusedError{err}
			}
			return nil
		}
	}
	return marked
}

// notTaken tells that the other side ended the handshake by an alert, which
// crypto/tls reports as a "remote error".
func notTaken(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

func (c *Conn) do(ctx context.Context, request *retryablehttp.Request) (*http.Response, error) {
	response, err := c.client.Do(request)
	switch {
	case err == nil:
		return response, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case notTaken(err) || c.refused():
		return nil, fmt.Errorf("%w (%v)", ErrNotTaken, err)
	}
	return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
}

// Machine is the other side's machine seat, as the handshake proved it.
func (c *Conn) Machine() store.ID { return c.machine }

// Roundtrip implements exchange.Conn.
func (c *Conn) Roundtrip(ctx context.Context, message []byte) ([]byte, error) {
	if len(message) > exchange.MaxMessage {
		return nil, exchange.ErrTooLarge
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, c.url, message)
	if err != nil {
		return nil, fmt.Errorf("https: %w", err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := c.do(ctx, request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusTooManyRequests:
		return nil, exchange.ErrFlood
	case http.StatusRequestEntityTooLarge:
		return nil, exchange.ErrTooLarge
	default:
		return nil, fmt.Errorf("%w (status %d)", ErrProtocol, response.StatusCode)
	}
	if machine, err := machineOf(response.TLS); err != nil || machine != c.machine {
		return nil, ErrChanged
	}
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(response.Body, exchange.MaxMessage+1))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%w: the answer broke off: %w", ErrUnreachable, err)
	case n > exchange.MaxMessage:
		return nil, exchange.ErrTooLarge
	}
	return out.Bytes(), nil
}

// Close gives up the connections.
func (c *Conn) Close() error {
	c.close()
	return nil
}

func (c *Conn) close() { c.client.HTTPClient.CloseIdleConnections() }
