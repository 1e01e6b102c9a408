package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// MaxTableBody bounds a table to publish, with room above what the station
// takes, so that it is the station that says what is wrong.
const MaxTableBody = 1 << 20

// Tables are the data tables that an authority may change: holidays, clocks,
// receiving bodies and the like.
type Tables interface {
	// ListTables lists every version that may count for a unit ("" for this one;
	// otherwise its id or code), by table.
	ListTables(ctx context.Context, unit string) ([]TableLine, error)
	// Table is one table as it stands for a unit today.
	Table(ctx context.Context, name, unit string) (TableView, error)
	// PublishTable takes a document as its exact bytes into this unit's log; it
	// then goes to every unit under this one and above it.
	PublishTable(ctx context.Context, document []byte) (TablePublished, error)
}

// TableUnit names the unit whose tables are meant.
type TableUnit struct {
	Unit string `query:"unit" maxLength:"64" doc:"id or code; empty: this unit"`
}

type tableInput struct {
	TableUnit
	Name string `path:"name" maxLength:"40"`
}

type publishInput struct {
	Body raw[TableDocument]
}

func (s *Server) tableRoutes(a huma.API) {
	const tag = "tables"
	register(a, op{
		method: http.MethodGet, path: "/tables", id: "listTables", tag: tag,
		summary: "Every version of the data tables that may count for a unit",
	},
		func(ctx context.Context, in *TableUnit) ([]TableLine, error) {
			return session(ctx).ListTables(ctx, in.Unit)
		})
	register(a, op{
		method: http.MethodGet, path: "/tables/{name}", id: "getTable", tag: tag,
		summary: "A data table as it stands for a unit today",
	},
		func(ctx context.Context, in *tableInput) (TableView, error) {
			return session(ctx).Table(ctx, in.Name, in.Unit)
		})
	register(a, op{
		method: http.MethodPost, path: "/tables", id: "publishTable", tag: tag,
		summary: "Publish a version of a data table for the units under this one", maxBody: MaxTableBody, status: http.StatusCreated, rawBody: true,
	},
		func(ctx context.Context, in *publishInput) (TablePublished, error) {
			return session(ctx).PublishTable(ctx, in.Body.bytes)
		})
}
