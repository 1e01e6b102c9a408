package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Prefix is where the API lies.
const Prefix = "/api/v1"

// Limits of request bodies, checked before a body is parsed.
const (
	// MaxBody bounds an ordinary request: a few fields.
	MaxBody = 64 << 10
	// MaxCaseBody bounds a case document or a patch: 500 parties of 900
	// characters and 25,000 characters of text are 1.5 MB, escaped twice that.
	MaxCaseBody = 4 << 20
	// MaxDraftBody bounds a draft, below the store's limit of 1 MiB a fact.
	MaxDraftBody = 960 << 10
	// MaxFileBody bounds certificate and request files in base64: a chain of
	// eight units' logs is some tens of kilobytes.
	MaxFileBody = 8 << 20
	// MaxImportBody bounds an import: about 30,000 cases of ordinary length; it
	// is held in memory while it is judged, and a laptop has 4 GB.
	MaxImportBody = 64 << 20
	// bodyTimeout ends a body that trickles in: the largest over a slow line.
	// It counts for reading the body alone, not for the work that follows.
	bodyTimeout = 2 * time.Minute
)

// The ways an operation may be reached.
const (
	schemeBearer = "bearer"
	schemeCookie = "cookie"
)

var (
	signedIn = []map[string][]string{{schemeBearer: {}}, {schemeCookie: {}}}
	anybody  = []map[string][]string{}
)

// op describes an operation; the rest is filled in by register.
type op struct {
	method, path, id, tag, summary string
	security                       []map[string][]string
	maxBody                        int64
	status                         int
	// rawBody leaves the body's meaning to the station, which refuses what it
	// does not know with its own words.
	rawBody bool
}

func (o op) huma() huma.Operation {
	h := huma.Operation{
		Method: o.method, Path: Prefix + o.path, OperationID: o.id,
		Tags: []string{o.tag}, Summary: o.summary, Security: o.security,
		MaxBodyBytes: o.maxBody, BodyReadTimeout: bodyTimeout,
		DefaultStatus: o.status, SkipValidateBody: o.rawBody,
		RejectUnknownQueryParameters: true,
	}
	if h.Security == nil {
		h.Security = signedIn
	}
	if !safeMethod(o.method) {
		h.Parameters = []*huma.Param{{
			Name: HeaderClient, In: "header", Required: true,
			Description: "says which client this is (page, cli); without it nothing is changed, since no form or link of another page can set it",
			Schema:      &huma.Schema{Type: huma.TypeString},
		}}
	}
	if h.MaxBodyBytes == 0 {
		h.MaxBodyBytes = MaxBody
	}
	if h.DefaultStatus == 0 {
		h.DefaultStatus = http.StatusOK
	}
	return h
}

// out is a JSON answer.
type out[T any] struct{ Body T }

// none is an input without anything in it.
type none struct{}

// ByID names one case.
type ByID struct {
	ID string `path:"id" minLength:"1" maxLength:"200" doc:"the case's id"`
}

// WriteToken makes a write safe to repeat.
type WriteToken struct {
	Token string `header:"Idempotency-Key" required:"true" pattern:"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" doc:"a UUIDv7, new for each save; the same save again answers the same and changes nothing, another save with it is refused (token_reused)"`
}

// register adds an operation that answers JSON.
func register[I, O any](a huma.API, o op, f func(context.Context, *I) (O, error)) {
	huma.Register(a, o.huma(), func(ctx context.Context, in *I) (*out[O], error) {
		clientOf(ctx).bodyRead()
		v, err := f(ctx, in)
		if err != nil {
			return nil, asProblem(ctx, o.id, err)
		}
		return &out[O]{Body: v}, nil
	})
}

// registerEmpty adds an operation that answers 204.
func registerEmpty[I any](a huma.API, o op, f func(context.Context, *I) error) {
	o.status = http.StatusNoContent
	huma.Register(a, o.huma(), func(ctx context.Context, in *I) (*struct{}, error) {
		clientOf(ctx).bodyRead()
		if err := f(ctx, in); err != nil {
			return nil, asProblem(ctx, o.id, err)
		}
		return nil, nil
	})
}
