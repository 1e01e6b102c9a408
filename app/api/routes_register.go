package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Registers keeps units' registers and what follows from them.
type Registers interface {
	// Register is a unit's register ("" this one's; otherwise id or code), empty
	// where it has none. Those of units below can be read too.
	Register(ctx context.Context, unit string) (RegisterView, error)
	// PatchRegister sets fields by path (members.+, members.<id>.term_end …) in
	// this unit's register or in that of one whose station it is.
	PatchRegister(ctx context.Context, token, unit string, p Patch) (Saved, error)
	// SuggestFor orders who could take a case, with reasons; it chooses nobody.
	SuggestFor(ctx context.Context, q SuggestQuery) (Suggestions, error)
	// Numbers tells whose the numbers of a series and year (0: this year) are,
	// and the next one of the person signed in.
	Numbers(ctx context.Context, series string, year int) (Numbers, error)
	// OpenOf lists this unit's open cases by mediator; name "": all.
	OpenOf(ctx context.Context, name string) ([]MediatorCases, error)
	Handovers
}

// ByUnit names a unit.
type ByUnit struct {
	Unit string `path:"unit" maxLength:"64" doc:"id or code"`
}

type registerPatch struct {
	WriteToken
	Body Patch
}

type unitRegisterPatch struct {
	ByUnit
	WriteToken
	Body Patch
}

type handoverInput struct{ Body HandoverRequest }

// MediatorQuery names a mediator.
type MediatorQuery struct {
	Mediator string `query:"mediator" maxLength:"100" doc:"left out: all"`
}

func (s *Server) registerRoutes(a huma.API) {
	const tag = "register"
	register(a, op{
		method: http.MethodGet, path: "/register", id: "getRegister", tag: tag,
		summary: "This unit's register: members, mediators, roster, numbers, sweeps",
	},
		func(ctx context.Context, _ *none) (RegisterView, error) { return session(ctx).Register(ctx, "") })
	register(a, op{
		method: http.MethodPatch, path: "/register", id: "patchRegister", tag: tag,
		summary: "Set fields of this unit's register by path", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *registerPatch) (Saved, error) {
			return session(ctx).PatchRegister(ctx, in.Token, "", in.Body)
		})
	register(a, op{
		method: http.MethodGet, path: "/register/{unit}", id: "getUnitRegister", tag: tag,
		summary: "The register of this unit or of one below it",
	},
		func(ctx context.Context, in *ByUnit) (RegisterView, error) {
			return session(ctx).Register(ctx, in.Unit)
		})
	register(a, op{
		method: http.MethodPatch, path: "/register/{unit}", id: "patchUnitRegister", tag: tag,
		summary: "Set fields of the register of a unit whose station this is", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *unitRegisterPatch) (Saved, error) {
			return session(ctx).PatchRegister(ctx, in.Token, in.Unit, in.Body)
		})
	register(a, op{
		method: http.MethodPost, path: "/register/handover", id: "handOver", tag: tag,
		summary: "Hand over the open cases that somebody mediates", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *handoverInput) (Handover, error) {
			return session(ctx).HandOver(ctx, in.Body)
		})
	register(a, op{
		method: http.MethodGet, path: "/roster/suggest", id: "suggestFor", tag: tag,
		summary: "Who could take a case, with reasons; a person chooses",
	},
		func(ctx context.Context, in *SuggestQuery) (Suggestions, error) {
			return session(ctx).SuggestFor(ctx, *in)
		})
	register(a, op{
		method: http.MethodGet, path: "/numbers", id: "getNumbers", tag: tag,
		summary: "Whose the numbers of a series and year are, and the next one of this person",
	},
		func(ctx context.Context, in *NumbersQuery) (Numbers, error) {
			return session(ctx).Numbers(ctx, in.Series, in.Year)
		})
	register(a, op{
		method: http.MethodGet, path: "/open-cases", id: "listOpenOf", tag: tag,
		summary: "This unit's open cases by mediator, for a hand-over",
	},
		func(ctx context.Context, in *MediatorQuery) ([]MediatorCases, error) {
			return session(ctx).OpenOf(ctx, in.Mediator)
		})
}
