package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Lates shows and takes in what waits for a director.
type Lates interface {
	// Late lists it, in an order that is the same on equal nodes.
	Late(ctx context.Context) (LateList, error)
	// Adopt gives one late operation its effect, on every node that holds it, with
	// the figures that its author made of it. An operation that is not late answers
	// not_late, a person who may not, step_adopt_who; then nothing is changed.
	Adopt(ctx context.Context, token, id string) (Adopted, error)
}

type adoptInput struct {
	ByID
	WriteToken
}

func (s *Server) lateRoutes(a huma.API) {
	const tag = "late"
	register(a, op{
		method: http.MethodGet, path: "/late", id: "listLate", tag: tag,
		summary: "What waits for a director",
	},
		func(ctx context.Context, _ *none) (LateList, error) { return session(ctx).Late(ctx) })
	register(a, op{
		method: http.MethodPost, path: "/late/{id}/adopt", id: "adoptLate", tag: tag,
		summary: "Take in what is late",
	},
		func(ctx context.Context, in *adoptInput) (Adopted, error) {
			return session(ctx).Adopt(ctx, in.Token, in.ID)
		})
}
