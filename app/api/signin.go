package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hejie/store"
)

// Headers and the cookie of a client.
const (
	// HeaderClient must be on every request that changes something: no form and
	// no link of another page can set it.
	HeaderClient = "Hejie-Client"
	// HeaderBackground marks a request that no person caused; it does not put
	// locking off.
	HeaderBackground = "Hejie-Background"
	// cookiePrefix and the port name the cookie, since cookies of two stations
	// on one machine would otherwise overwrite each other.
	cookiePrefix = "hejie-"
	// maxSignIns bounds secrets checked at once: each takes tens of megabytes.
	maxSignIns = 2
	// maxWaiting bounds those that wait for it, half a minute's work.
	maxWaiting = 64
	// wrongTime is how long a wrong secret keeps its place: all guessers together
	// try two a second, a hundred million (the weakest secret allowed, eight
	// digits) in a year and a half, and who gives the right one waits his turn.
	wrongTime = time.Second
)

// authenticate finds the session of operations that need one.
func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	n, p := s.findLogin(ctx)
	if p != nil {
		writeProblemTo(ctx, p)
		return
	}
	n.known(ctx.Context())
	next(huma.WithValue(ctx, loginKey{}, n))
}

func (s *Server) findLogin(ctx huma.Context) (*login, *Problem) {
	person := ctx.Header(HeaderBackground) == "" && ctx.Operation().OperationID != eventsID
	if h := ctx.Header("Authorization"); h != "" {
		token, ok := strings.CutPrefix(h, "Bearer ")
		if !ok {
			return nil, newProblem(http.StatusUnauthorized, CodeNotSignedIn, "the Authorization header is no bearer token")
		}
		return s.logins.get(token, person)
	}
	if ctx.Operation().OperationID == eventsID {
		if ticket := ctx.Query("ticket"); ticket != "" {
			return s.tickets.redeem(ticket)
		}
	}
	if c, err := huma.ReadCookie(ctx, cookieName(ctx.Host())); err == nil {
		return s.logins.get(c.Value, person)
	}
	return nil, newProblem(http.StatusUnauthorized, CodeNotSignedIn, "nobody is signed in: sign in first")
}

// cookieName names the cookie of the server that is called by this host.
func cookieName(host string) string {
	if _, port, err := net.SplitHostPort(host); err == nil {
		return cookiePrefix + port
	}
	return cookiePrefix + "default"
}

// cookie carries a token to a browser, which scripts can't read; "" forgets it.
func (c *client) cookie(token string) http.Cookie {
	k := http.Cookie{ //nolint:gosec // Secure wherever there is TLS; without it the server is on loopback only
		Name: cookieName(c.host), Value: token, Path: "/api/",
		HttpOnly: true, Secure: c.tls, SameSite: http.SameSiteStrictMode,
	}
	if token == "" {
		k.MaxAge = -1
	}
	return k
}

// checkSecret waits for a place among the secrets being checked, in the order of
// coming. done is told how the check ended; a wrong secret's place stays taken for
// wrongTime.
func (s *Server) checkSecret(ctx context.Context) (done func(error), err error) {
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		return nil, &Error{Reason: Reason{Code: CodeBusy, Detail: "too many secrets are being checked here: try again"}, Retry: wrongTime}
	}
	select {
	case s.signIns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closed:
		return nil, store.ErrClosed
	}
	began := time.Now()
	return func(err error) {
		if reason, ok := ReasonOf(err); ok && reason.Code == CodeWrongSecret {
			time.AfterFunc(wrongTime-time.Since(began), func() { <-s.signIns })
			return
		}
		<-s.signIns
	}, nil
}

// withSecret runs a call of the station that derives a key from a secret.
func withSecret[I, O any](s *Server, f func(context.Context, I) (O, error)) func(context.Context, *body[I]) (O, error) {
	return func(ctx context.Context, in *body[I]) (out O, err error) {
		done, err := s.checkSecret(ctx)
		if err != nil {
			return out, err
		}
		defer func() { done(err) }()
		return f(ctx, in.Body)
	}
}

func (s *Server) signIn(ctx context.Context, in *body[SignInRequest]) (*signedInOutput, error) {
	done, err := s.checkSecret(ctx)
	if err != nil {
		return nil, asProblem(ctx, "signIn", err)
	}
	opened, err := func() (_ Session, err error) {
		defer func() { done(err) }()
		return s.station.SignIn(ctx, in.Body.Seat, in.Body.Secret)
	}()
	if err != nil {
		return nil, asProblem(ctx, "signIn", err)
	}
	person, err := opened.Person(ctx)
	if err != nil {
		return nil, asProblem(ctx, "signIn", errors.Join(err, opened.Close()))
	}
	token, n, err := s.logins.add(opened)
	if err != nil {
		_ = opened.Close()
		if errors.Is(err, errTooManyLogins) {
			return nil, newProblem(http.StatusServiceUnavailable, CodeBusy, "too many sessions are open here: lock one, or wait")
		}
		return nil, asProblem(ctx, "signIn", err)
	}
	return &signedInOutput{
		Cookie: clientOf(ctx).cookie(token),
		Body:   SignedIn{Token: token, SessionInfo: s.info(n, person)},
	}, nil
}

func (s *Server) signOut(ctx context.Context, _ *none) (*signedOutOutput, error) {
	if err := s.logins.remove(loginOf(ctx)); err != nil {
		return nil, asProblem(ctx, "signOut", err)
	}
	return &signedOutOutput{Cookie: clientOf(ctx).cookie("")}, nil
}

func (s *Server) sessionInfo(ctx context.Context, _ *none) (SessionInfo, error) {
	person, err := session(ctx).Person(ctx)
	if err != nil {
		return SessionInfo{}, err
	}
	return s.info(loginOf(ctx), person), nil
}

func (s *Server) info(n *login, p Person) SessionInfo {
	return SessionInfo{
		Person:      p,
		IdleSeconds: seconds(s.logins.idle),
		LocksIn:     seconds(s.logins.locksIn(n)),
	}
}
