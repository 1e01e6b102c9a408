package api

import (
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Reason says why something is not so, for a person: a stable code, and what
// is needed to say it in the reader's language.
type Reason struct {
	Code   string            `json:"code" doc:"stable, lower case with underscores"`
	Detail string            `json:"detail,omitempty" doc:"a sentence in English: what, to which thing, what to do"`
	Texts  *Label            `json:"texts,omitempty" doc:"the sentence in both languages, where the rule's owner wrote it"`
	Params map[string]string `json:"params,omitempty" doc:"what the sentence of the code names"`
	Field  string            `json:"field,omitempty" doc:"path of the field: parties[0].name in a document, parties.<id>.name in a patch"`
	Rule   string            `json:"rule,omitempty" doc:"the law or rule"`
	Allows string            `json:"allows,omitempty" doc:"code of what would allow it"`
}

// Problem is an answer that says no (RFC 9457), with content type
// application/problem+json. Nothing was changed.
type Problem struct { //nolint:errname // the name that RFC 9457 gives it, and the client's types too
	Type   string `json:"type" doc:"urn:hejie:problem: and the code"`
	Title  string `json:"title" doc:"of the status"`
	Status int    `json:"status"`
	Reason
	RetryAfter int      `json:"retry_after,omitempty" doc:"seconds to wait"`
	Fields     []Reason `json:"fields,omitempty" doc:"every field that is wrong, where several are"`
}

// ProblemTypePrefix stands before the code in Problem.Type.
const ProblemTypePrefix = "urn:hejie:problem:"

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(ct string) string {
	if ct == "application/json" {
		return "application/problem+json"
	}
	return ct
}

func newProblem(status int, code, detail string) *Problem {
	return &Problem{
		Type:   ProblemTypePrefix + code,
		Title:  http.StatusText(status),
		Status: status,
		Reason: Reason{Code: code, Detail: detail},
	}
}

// tuneHuma sets the type of huma's own errors and makes arrays non-null. huma
// offers no other way than its package variables; nothing else in the program
// uses huma.
var tuneHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.NewError = fromHuma
})
