package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

const importPath = "/import"

type importInput struct {
	RawBody []byte `contentType:"application/x-ndjson"`
}

type exportInput struct {
	After string `query:"after" maxLength:"500"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"500"`
}

// DraftName names a draft.
type DraftName struct {
	Name string `path:"name" pattern:"^[a-z0-9][a-z0-9._-]{0,99}$" doc:"such as case-new or case.<id>.facts"`
}

type draftInput struct {
	DraftName
	Body struct {
		Value json.RawMessage `json:"value" doc:"any JSON"`
	}
}

type peersBody struct {
	Peers []Peer `json:"peers" maxItems:"1000"`
}

func (s *Server) transferRoutes(a huma.API) {
	const tag = "transfer"
	register(a, op{
		method: http.MethodPost, path: importPath, id: "importCases", tag: tag,
		summary: "Take case documents, one a line, all or nothing per row", maxBody: MaxImportBody,
	},
		func(ctx context.Context, in *importInput) (ImportResult, error) {
			return session(ctx).Import(ctx, in.RawBody)
		})
	register(a, op{
		method: http.MethodGet, path: "/export", id: "exportCases", tag: tag,
		summary: "Case documents, one a line, a page at a time",
	},
		func(ctx context.Context, in *exportInput) (ExportPage, error) {
			return session(ctx).Export(ctx, in.After, in.Limit)
		})
}

func (s *Server) draftRoutes(a huma.API) {
	const tag = "drafts"
	register(a, op{
		method: http.MethodGet, path: "/drafts", id: "listDrafts", tag: tag,
		summary: "What was typed here and not yet saved",
	},
		func(ctx context.Context, _ *none) ([]DraftInfo, error) { return session(ctx).ListDrafts(ctx) })
	register(a, op{
		method: http.MethodGet, path: "/drafts/{name}", id: "getDraft", tag: tag,
		summary: "One draft",
	},
		func(ctx context.Context, in *DraftName) (Draft, error) { return session(ctx).Draft(ctx, in.Name) })
	register(a, op{
		method: http.MethodPut, path: "/drafts/{name}", id: "putDraft", tag: tag,
		summary: "Keep a draft durably on this computer", maxBody: MaxDraftBody,
	},
		func(ctx context.Context, in *draftInput) (DraftInfo, error) {
			return session(ctx).PutDraft(ctx, in.Name, in.Body.Value)
		})
	registerEmpty(a, op{
		method: http.MethodDelete, path: "/drafts/{name}", id: "deleteDraft", tag: tag,
		summary: "Forget a draft",
	},
		func(ctx context.Context, in *DraftName) error { return session(ctx).DeleteDraft(ctx, in.Name) })
}

func (s *Server) syncRoutes(a huma.API) {
	const tag = "sync"
	register(a, op{
		method: http.MethodGet, path: "/sync", id: "getSync", tag: tag,
		summary: "Every fact of the sync sentence",
	},
		func(ctx context.Context, _ *none) (SyncState, error) { return session(ctx).SyncState(ctx) })
	register(a, op{
		method: http.MethodPost, path: "/sync", id: "syncWith", tag: tag,
		summary: "Exchange with a unit now, both directions",
	},
		func(ctx context.Context, in *body[SyncRequest]) (SyncResult, error) {
			return session(ctx).SyncWith(ctx, in.Body.Peer)
		})
	register(a, op{
		method: http.MethodGet, path: "/peers", id: "listPeers", tag: tag,
		summary: "Where units can be reached",
	},
		func(ctx context.Context, _ *none) ([]Peer, error) { return session(ctx).Peers(ctx) })
	register(a, op{
		method: http.MethodPut, path: "/peers", id: "putPeers", tag: tag,
		summary: "Replace the addresses kept here", maxBody: MaxCaseBody,
	},
		func(ctx context.Context, in *body[peersBody]) ([]Peer, error) {
			return session(ctx).PutPeers(ctx, in.Body.Peers)
		})
}

func (s *Server) stationRoutes(a huma.API) {
	const tag = "station"
	register(a, op{
		method: http.MethodGet, path: "/status", id: "getStatus", tag: tag,
		summary: "How this node is, and what is wrong",
	},
		func(ctx context.Context, _ *none) (Status, error) { return session(ctx).Status(ctx) })
	register(a, op{
		method: http.MethodGet, path: "/units", id: "listUnits", tag: tag,
		summary: "Units that this node knows",
	},
		func(ctx context.Context, _ *none) ([]Unit, error) { return session(ctx).Units(ctx) })
	register(a, op{
		method: http.MethodGet, path: "/seats", id: "listSeats", tag: tag,
		summary: "Seats that this node knows",
	},
		func(ctx context.Context, _ *none) ([]Seat, error) { return session(ctx).Seats(ctx) })
	register(a, op{
		method: http.MethodPost, path: "/verify", id: "verify", tag: tag,
		summary: "Check every frame, signature, lane, snapshot and index",
	},
		func(ctx context.Context, _ *none) (VerifyResult, error) { return session(ctx).Verify(ctx) })
	register(a, op{
		method: http.MethodPost, path: "/loss/accept", id: "acceptLoss", tag: tag,
		summary: "Take note that what is lost here now comes back from nobody",
	},
		func(ctx context.Context, _ *none) (LossResult, error) { return session(ctx).AcceptLoss(ctx) })
	register(a, op{
		method: http.MethodPost, path: "/rebuild", id: "rebuild", tag: tag,
		summary: "Throw away and rebuild what is derived",
	},
		func(ctx context.Context, _ *none) (RebuildResult, error) { return session(ctx).Rebuild(ctx) })
}

func (s *Server) referenceRoutes(a huma.API) {
	const tag = "reference"
	register(a, op{
		method: http.MethodGet, path: "/codes", id: "getCodes", tag: tag, security: anybody,
		summary: "Every code with its words in both languages",
	},
		func(ctx context.Context, _ *none) (Codes, error) { return s.station.Codes(ctx) })
	register(a, op{
		method: http.MethodGet, path: "/divisions", id: "listDivisions", tag: tag, security: anybody,
		summary: "The divisions directly under one",
	},
		func(ctx context.Context, in *struct {
			Under string `query:"under" pattern:"^([0-9]{12})?$" doc:"empty: the provinces"`
		},
		) ([]Division, error) {
			return s.station.Divisions(ctx, in.Under)
		})
	register(a, op{
		method: http.MethodGet, path: "/unit-code", id: "checkUnitCode", tag: tag, security: anybody,
		summary: "What a unit code says",
	},
		func(ctx context.Context, in *struct {
			Code string `query:"code" required:"true" maxLength:"40"`
		},
		) (UnitCode, error) {
			return s.station.CheckUnitCode(ctx, in.Code)
		})
}
