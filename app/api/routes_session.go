package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// SignInRequest opens a seat of this folder.
type SignInRequest struct {
	Seat   string `json:"seat" minLength:"1" maxLength:"200" doc:"the seat's id"`
	Secret string `json:"secret" minLength:"1" maxLength:"1000"`
}

// SignedIn is a session and its token. The token is kept in memory only;
// browsers also get it as a cookie that scripts can't read.
type SignedIn struct {
	Token string `json:"token" doc:"for Authorization: Bearer"`
	SessionInfo
}

// SessionInfo is who is signed in and until when.
type SessionInfo struct {
	Person      Person `json:"person"`
	IdleSeconds int    `json:"idle_seconds" doc:"the session locks after so long without a request"`
	LocksIn     int    `json:"locks_in" doc:"seconds left"`
}

// SecretChange replaces the secret of the seat that is signed in.
type SecretChange struct {
	Old string `json:"old" minLength:"1" maxLength:"1000"`
	New string `json:"new" minLength:"1" maxLength:"1000"`
}

// Ticket opens one stream of hints, for EventSource, which sends no headers.
type Ticket struct {
	Ticket  string `json:"ticket"`
	Expires int    `json:"expires_in" doc:"seconds"`
}

type signedInOutput struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Body   SignedIn
}

type signedOutOutput struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) sessionRoutes(a huma.API) {
	const tag = "session"
	register(a, op{
		method: http.MethodGet, path: "/seats/here", id: "listSeatsHere", tag: tag, security: anybody,
		summary: "Who can sign in on this folder",
	},
		func(ctx context.Context, _ *none) ([]SeatHere, error) { return s.station.SeatsHere(ctx) })
	huma.Register(a, op{
		method: http.MethodPost, path: "/sessions", id: "signIn", tag: tag, security: anybody,
		summary: "Sign in", status: http.StatusCreated,
	}.huma(), s.signIn)
	huma.Register(a, op{
		method: http.MethodDelete, path: "/session", id: "signOut", tag: tag,
		summary: "Lock", status: http.StatusNoContent,
	}.huma(), s.signOut)
	register(a, op{
		method: http.MethodGet, path: "/session", id: "getSession", tag: tag,
		summary: "Who is signed in",
	}, s.sessionInfo)
	registerEmpty(a, op{
		method: http.MethodPut, path: "/session/secret", id: "changeSecret", tag: tag,
		summary: "Replace the secret of this seat",
	},
		func(ctx context.Context, in *body[SecretChange]) (err error) {
			done, err := s.checkSecret(ctx)
			if err != nil {
				return err
			}
			defer func() { done(err) }()
			return session(ctx).ChangeSecret(ctx, in.Body.Old, in.Body.New)
		})
	register(a, op{
		method: http.MethodPost, path: "/events/ticket", id: "eventTicket", tag: tag,
		summary: "A ticket for one stream of hints", status: http.StatusCreated,
	}, s.newTicket)
}
