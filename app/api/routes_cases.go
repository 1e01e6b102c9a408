package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// raw is a body whose exact bytes go to the station; T gives its schema.
type raw[T any] struct{ bytes []byte }

// UnmarshalJSON keeps the bytes.
func (r *raw[T]) UnmarshalJSON(b []byte) error {
	r.bytes = append([]byte(nil), b...)
	return nil
}

// Schema implements huma.SchemaProvider.
func (raw[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

type newCaseInput struct {
	WriteToken
	Body raw[CaseDocument]
}

type patchInput struct {
	ByID
	WriteToken
	Body Patch
}

type stepInput struct {
	ByID
	WriteToken
	Step string `path:"step" maxLength:"64"`
	Body Taking
}

type previewInput struct {
	ByID
	Step string `path:"step" maxLength:"64"`
	Body Taking
}

type settleInput struct {
	ByID
	WriteToken
	Body Settlement
}

// SheetInput names a case and a language.
type SheetInput struct {
	ByID
	Lang string `query:"lang" enum:"zh,en" default:"zh"`
}

type formInput struct {
	SheetInput
	Form string `path:"form" maxLength:"64" doc:"sheet is the plain summary"`
}

func (s *Server) caseRoutes(a huma.API) {
	const tag = "cases"
	register(a, op{
		method: http.MethodGet, path: "/cases", id: "listCases", tag: tag,
		summary: "Newest received first",
	},
		func(ctx context.Context, in *CaseQuery) (CaseList, error) { return session(ctx).ListCases(ctx, *in) })
	register(a, op{
		method: http.MethodPost, path: "/cases", id: "newCase", tag: tag,
		summary: "Record a case", maxBody: MaxCaseBody, status: http.StatusCreated, rawBody: true,
	},
		func(ctx context.Context, in *newCaseInput) (Saved, error) {
			return session(ctx).NewCase(ctx, in.Token, in.Body.bytes)
		})
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}", id: "getCase", tag: tag,
		summary: "A case as this unit may see it",
	},
		func(ctx context.Context, in *ByID) (CaseView, error) { return session(ctx).Case(ctx, in.ID) })
	register(a, op{
		method: http.MethodPatch, path: "/cases/{id}", id: "patchCase", tag: tag,
		summary: "Set fields by path", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *patchInput) (Saved, error) {
			return session(ctx).PatchCase(ctx, in.Token, in.ID, in.Body)
		})
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/history", id: "getHistory", tag: tag,
		summary: "Who changed what, oldest first",
	},
		func(ctx context.Context, in *ByID) ([]Change, error) { return session(ctx).History(ctx, in.ID) })
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/holders", id: "listHolders", tag: tag,
		summary: "Which units have this case",
	},
		func(ctx context.Context, in *ByID) ([]Holder, error) { return session(ctx).Holders(ctx, in.ID) })
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/repeats", id: "listRepeats", tag: tag,
		summary: "Cases that look like the same dispute",
	},
		func(ctx context.Context, in *ByID) (RepeatList, error) { return session(ctx).Repeats(ctx, in.ID) })
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/sheet", id: "getSheet", tag: tag,
		summary: "The case laid out for print",
	},
		func(ctx context.Context, in *SheetInput) (Sheet, error) {
			return session(ctx).Sheet(ctx, in.ID, in.Lang)
		})
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/forms/{form}", id: "getForm", tag: tag,
		summary: "A form of the case as PDF",
	},
		func(ctx context.Context, in *formInput) (FormFile, error) {
			return session(ctx).Form(ctx, in.ID, in.Form, in.Lang)
		})
}

func (s *Server) stepRoutes(a huma.API) {
	const tag = "cases"
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/steps", id: "listSteps", tag: tag,
		summary: "Every step, allowed or why not, with its fields",
	},
		func(ctx context.Context, in *ByID) ([]Step, error) { return session(ctx).Steps(ctx, in.ID) })
	register(a, op{
		method: http.MethodPost, path: "/cases/{id}/steps/{step}", id: "takeStep", tag: tag,
		summary: "Take a step of the lifecycle", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *stepInput) (Saved, error) {
			return session(ctx).Act(ctx, in.Token, in.ID, in.Step, json.RawMessage(in.Body.Fields), in.Body.Base...)
		})
	register(a, op{
		method: http.MethodPost, path: "/cases/{id}/steps/{step}/preview", id: "previewStep", tag: tag,
		summary: "What a step would do, and to whom it would open the case; nothing is changed", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *previewInput) (StepPreview, error) {
			return session(ctx).Preview(ctx, in.ID, in.Step, json.RawMessage(in.Body.Fields), in.Body.Base...)
		})
}

func (s *Server) noteRoutes(a huma.API) {
	const tag = "notes"
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/notes", id: "getNotes", tag: tag,
		summary: "The body's own notes of the case",
	},
		func(ctx context.Context, in *ByID) (NotesView, error) { return session(ctx).Notes(ctx, in.ID) })
	register(a, op{
		method: http.MethodPatch, path: "/cases/{id}/notes", id: "patchNotes", tag: tag,
		summary: "Write notes", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *patchInput) (Saved, error) {
			return session(ctx).PatchNotes(ctx, in.Token, in.ID, in.Body)
		})
}

func (s *Server) conflictRoutes(a huma.API) {
	const tag = "conflicts"
	register(a, op{
		method: http.MethodGet, path: "/conflicts", id: "listConflicts", tag: tag,
		summary: "What waits for a person, in all cases",
	},
		func(ctx context.Context, _ *none) (ConflictList, error) { return session(ctx).Conflicts(ctx, "") })
	register(a, op{
		method: http.MethodGet, path: "/cases/{id}/conflicts", id: "listCaseConflicts", tag: tag,
		summary: "What waits for a person in this case",
	},
		func(ctx context.Context, in *ByID) (ConflictList, error) { return session(ctx).Conflicts(ctx, in.ID) })
	register(a, op{
		method: http.MethodPost, path: "/cases/{id}/settle", id: "settle", tag: tag,
		summary: "Decide a contradiction", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *settleInput) (Saved, error) {
			return session(ctx).Settle(ctx, in.Token, in.ID, in.Body)
		})
}
