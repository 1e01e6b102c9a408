package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Flow tells what waits for whom.
type Flow interface {
	// Inbox lists what lies with this unit.
	Inbox(ctx context.Context) (Inbox, error)
	// Due lists what is due in the cases that are held whole.
	Due(ctx context.Context, q DueQuery) (DueList, error)
}

func (s *Server) flowRoutes(a huma.API) {
	const tag = "cases"
	register(a, op{
		method: http.MethodGet, path: "/inbox", id: "getInbox", tag: tag,
		summary: "Letters, answers and applications that lie with this unit",
	},
		func(ctx context.Context, _ *struct{}) (Inbox, error) { return session(ctx).Inbox(ctx) })
	register(a, op{
		method: http.MethodGet, path: "/due", id: "getDue", tag: tag,
		summary: "What is due, the earliest day first",
	},
		func(ctx context.Context, in *DueQuery) (DueList, error) { return session(ctx).Due(ctx, *in) })
}
