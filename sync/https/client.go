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
}

var _ exchange.Conn = (*Conn)(nil)

// Dial finds out who answers at https://host:port. config checks the other
// side's certificate.
func Dial(ctx context.Context, config *tls.Config, address string) (*Conn, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return nil, fmt.Errorf("%q: %w", address, ErrAddress)
	}
	c := &Conn{url: "https://" + u.Host + Path, client: newClient(config)}
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

func newClient(config *tls.Config) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: &http.Transport{
				Proxy:                  http.ProxyFromEnvironment,
				TLSClientConfig:        config.Clone(),
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
		CheckRetry:   again,
		Backoff:      retryablehttp.DefaultBackoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// again retries what a bad network or a restarting gateway does, never what
// the other station decided or a certificate that does not hold.
func again(ctx context.Context, response *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return worthRetrying(err), nil
	}
	switch response.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true, nil
	}
	return false, nil
}

// worthRetrying tells what may pass by itself: the network's faults do, a
// handshake that one side refused does not.
func worthRetrying(err error) bool {
	if notTaken(err) {
		return false
	}
	var outer *url.Error // is a net.Error itself, whatever it holds
	if errors.As(err, &outer) {
		err = outer.Err
	}
	var fault net.Error
	return errors.As(err, &fault) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
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
	case notTaken(err):
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
