package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// OralDocument is an agreement on the spot: what the law asks the mediator to
// record, and nothing else (人民调解法 arts. 28, 30).
type OralDocument struct {
	Category   string     `json:"category"`
	Applicant  string     `json:"applicant" doc:"a name"`
	Respondent string     `json:"respondent" doc:"a name"`
	About      string     `json:"about" doc:"one line"`
	Terms      []OralTerm `json:"terms"`
	At         string     `json:"at" doc:"day, or date and time with zone"`
	Place      string     `json:"place,omitempty"`
	Mediators  []string   `json:"mediators"`
	Performed  bool       `json:"performed,omitempty" doc:"done on the spot"`
	Source     string     `json:"source,omitempty"`
}

// OralTerm is one thing agreed on the spot.
type OralTerm struct {
	Who       string `json:"who"`
	What      string `json:"what"`
	AmountFen *int64 `json:"amount_fen,omitempty"`
	Due       string `json:"due"`
}

// LeadDocument is what a sweep or a grid worker found (F21).
type LeadDocument struct {
	Brief    string   `json:"brief"`
	At       string   `json:"at" doc:"day, or date and time with zone"`
	Place    string   `json:"place,omitempty"`
	People   []string `json:"people,omitempty" doc:"names; nobody need be named"`
	Found    string   `json:"found" doc:"table lead_source"`
	Level    string   `json:"level" doc:"table risk_level"`
	Finder   string   `json:"finder,omitempty"`
	Risks    []string `json:"risks,omitempty" doc:"table risk_kind"`
	Measures string   `json:"measures,omitempty"`
	Category string   `json:"category,omitempty"`
}

type oralInput struct {
	WriteToken
	Body raw[OralDocument]
}

type leadInput struct {
	WriteToken
	Body raw[LeadDocument]
}

// firstRoutes begin cases with their first steps in one save.
func (s *Server) firstRoutes(a huma.API) {
	const tag = "cases"
	register(a, op{
		method: http.MethodPost, path: "/oral", id: "newOral", tag: tag,
		summary: "Record an agreement reached on the spot", maxBody: MaxCaseBody, status: http.StatusCreated, rawBody: true,
	},
		func(ctx context.Context, in *oralInput) (Saved, error) {
			return session(ctx).NewOral(ctx, in.Token, in.Body.bytes)
		})
	register(a, op{
		method: http.MethodPost, path: "/leads", id: "newLead", tag: tag,
		summary: "Record a lead that a sweep found", maxBody: MaxCaseBody, status: http.StatusCreated, rawBody: true,
	},
		func(ctx context.Context, in *leadInput) (Saved, error) {
			return session(ctx).NewLead(ctx, in.Token, in.Body.bytes)
		})
}
