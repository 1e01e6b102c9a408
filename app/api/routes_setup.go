package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

type body[T any] struct{ Body T }

// fileBody is a file handed in.
type fileBody struct {
	Data []byte `json:"data" doc:"base64"`
}

func (s *Server) setupRoutes(a huma.API) {
	const tag = "setup"
	register(a, op{
		method: http.MethodGet, path: "/setup", id: "getSetup", tag: tag, security: anybody,
		summary: "How far this folder is",
	},
		func(ctx context.Context, _ *none) (SetupState, error) { return s.station.SetupState(ctx) })
	register(a, op{
		method: http.MethodPost, path: "/setup/root", id: "initRoot", tag: tag, security: anybody,
		summary: "Make the first unit of a tree", status: http.StatusCreated,
	},
		withSecret(s, func(ctx context.Context, r RootRequest) (SetupDone, error) { return s.station.InitRoot(ctx, r) }))
	register(a, op{
		method: http.MethodPost, path: "/setup/request", id: "requestEnrolment", tag: tag, security: anybody,
		summary: "Make keys here and the request for the parent", status: http.StatusCreated,
	},
		withSecret(s, func(ctx context.Context, r EnrolmentRequest) (RequestFile, error) {
			return s.station.RequestEnrolment(ctx, r)
		}))
	register(a, op{
		method: http.MethodPost, path: "/setup/join/preview", id: "previewJoin", tag: tag, security: anybody,
		summary: "What to compare before joining", maxBody: MaxFileBody,
	},
		withSecret(s, func(ctx context.Context, r JoinRequest) (JoinPreview, error) { return s.station.PreviewJoin(ctx, r) }))
	register(a, op{
		method: http.MethodPost, path: "/setup/join", id: "join", tag: tag, security: anybody,
		summary: "Take the certificate file", maxBody: MaxFileBody,
	},
		withSecret(s, func(ctx context.Context, r JoinRequest) (SetupDone, error) { return s.station.Join(ctx, r) }))
	register(a, op{
		method: http.MethodPost, path: "/setup/recover", id: "recover", tag: tag, security: anybody,
		summary: "Open the folder by its recovery sheet for a new seat", status: http.StatusCreated,
	},
		withSecret(s, func(ctx context.Context, r RecoverRequest) (RequestFile, error) { return s.station.Recover(ctx, r) }))
}

func (s *Server) enrolRoutes(a huma.API) {
	const tag = "enrolment"
	register(a, op{
		method: http.MethodPost, path: "/enrol/preview", id: "previewEnrolment", tag: tag,
		summary: "What to compare before admitting", maxBody: MaxFileBody,
	},
		func(ctx context.Context, in *body[fileBody]) (EnrolmentPreview, error) {
			return session(ctx).PreviewEnrolment(ctx, in.Body.Data)
		})
	register(a, op{
		method: http.MethodPost, path: "/enrol", id: "enrol", tag: tag,
		summary: "Admit a unit or a seat", maxBody: MaxFileBody, status: http.StatusCreated,
	},
		func(ctx context.Context, in *body[EnrolRequest]) (Enrolled, error) {
			return session(ctx).Enrol(ctx, in.Body)
		})
	register(a, op{
		method: http.MethodPost, path: "/units/relate", id: "relateUnit", tag: tag,
		summary: "Name the court that guides a unit and the bureau that supervises it", status: http.StatusCreated,
	},
		func(ctx context.Context, in *body[RelateRequest]) (Related, error) {
			return session(ctx).Relate(ctx, in.Body)
		})
	register(a, op{
		method: http.MethodPost, path: "/seats/here", id: "addSeat", tag: tag,
		summary: "One more person on this folder", status: http.StatusCreated,
	},
		withSecret(s, func(ctx context.Context, r AddSeatRequest) (RequestFile, error) { return session(ctx).AddSeat(ctx, r) }))
	register(a, op{
		method: http.MethodPost, path: "/seats/here/join", id: "joinSeat", tag: tag,
		summary: "Take the certificate of a seat added here", maxBody: MaxFileBody,
	},
		func(ctx context.Context, in *body[fileBody]) (SetupDone, error) {
			return session(ctx).JoinSeat(ctx, in.Body.Data)
		})
}
