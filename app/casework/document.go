package casework

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"
	"time"
)

// Document is a case as `case new` and `import` take it (case.schema.json).
// An empty text means that the field is not there.
type Document struct {
	ExternalID string   `json:"external_id,omitempty"`
	Category   string   `json:"category"`
	Source     string   `json:"source"`
	Title      string   `json:"title"`
	ReceivedAt string   `json:"received_at"` // RFC 3339 with zone, as written
	Facts      string   `json:"facts"`
	Claims     string   `json:"claims,omitempty"`
	AmountFen  *int64   `json:"amount_fen,omitempty"` // fen, 0 to MaxAmount; nil: none given
	Place      string   `json:"place,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	Parties    []Party  `json:"parties"`
	laterFields
}

// Party is one person or organisation of a case.
type Party struct {
	// ID names the entry in a stored case; empty in documents that come in.
	ID                  string   `json:"id,omitempty"`
	Side                string   `json:"side"`
	Kind                string   `json:"kind"`
	Name                string   `json:"name"`
	Sex                 string   `json:"sex,omitempty"`
	Ethnicity           string   `json:"ethnicity,omitempty"`
	BirthDate           string   `json:"birth_date,omitempty"`
	IDKind              string   `json:"id_kind,omitempty"`
	IDNumber            string   `json:"id_number,omitempty"`
	Phone               string   `json:"phone,omitempty"`
	Contact             string   `json:"contact,omitempty"`
	Address             string   `json:"address,omitempty"`
	Occupation          string   `json:"occupation,omitempty"`
	LegalRepresentative string   `json:"legal_representative,omitempty"`
	Agent               *Agent   `json:"agent,omitempty"`
	Needs               []string `json:"needs,omitempty"`
}

// Agent acts for a party.
type Agent struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"`
	Authority string `json:"authority"`
}

// fieldRule says what one field may hold. The tables below are the one source
// for parsing documents, for edits and for the schemas of records.
type fieldRule struct {
	name     string
	form     fieldForm
	list     string // of formCode and formCodes
	min, max int    // characters (formText), items (formCodes)
	required bool
}

type fieldForm uint8

const (
	formText    fieldForm = iota
	formCode              // one of a table
	formCodes             // a set of codes
	formDate              // a day
	formInstant           // date and time with zone
	formAmount            // whole fen
	formAgent             // an Agent
	formParties           // the list of parties
	formStory             // text that merges by character
)

// Limits of a case (case.schema.json).
const (
	MaxAmount  = 100_000_000_000_000 // fen: 10^12 yuan, far above any case and inside float-safe integers
	MaxParties = 500
	MaxFacts   = 20_000 // characters
)

// caseRules are the fields of a case, in the order in which they are shown.
var caseRules = append([]fieldRule{
	{name: "external_id", form: formText, min: 1, max: 100},
	{name: "category", form: formCode, list: "category", required: true},
	{name: "source", form: formCode, list: "source", required: true},
	{name: "title", form: formText, min: 1, max: 200, required: true},
	{name: "received_at", form: formInstant, required: true},
	{name: "facts", form: formStory, max: MaxFacts, required: true},
	{name: "claims", form: formText, max: 5000},
	{name: "amount_fen", form: formAmount},
	{name: "place", form: formText, max: 200},
	{name: "tags", form: formCodes, list: "tag", max: 20},
	{name: "parties", form: formParties, min: 1, max: MaxParties, required: true},
}, laterRules...)

// partyRules are the fields of a party, in the order in which they are shown.
var partyRules = []fieldRule{
	{name: "side", form: formCode, list: "side", required: true},
	{name: "kind", form: formCode, list: "kind", required: true},
	{name: "name", form: formText, min: 1, max: 100, required: true},
	{name: "sex", form: formCode, list: "sex"},
	{name: "ethnicity", form: formCode, list: "ethnicity"},
	{name: "birth_date", form: formDate},
	{name: "id_kind", form: formCode, list: "id_kind"},
	{name: "id_number", form: formText, max: 40},
	{name: "phone", form: formText, max: 40},
	{name: "contact", form: formText, max: 100},
	{name: "address", form: formText, max: 300},
	{name: "occupation", form: formText, max: 100},
	{name: "legal_representative", form: formText, max: 100},
	{name: "agent", form: formAgent},
	{name: "needs", form: formCodes, list: "need", max: 12},
}

// agentRules are the fields of an agent.
var agentRules = []fieldRule{
	{name: "name", form: formText, min: 1, max: 100, required: true},
	{name: "kind", form: formCode, list: "agent_kind", required: true},
	{name: "authority", form: formCode, list: "authority", required: true},
}

func findRule(rules []fieldRule, name string) *fieldRule {
	for i := range rules {
		if rules[i].name == name {
			return &rules[i]
		}
	}
	return nil
}

// Canonical is the document's content in one encoding: sorted keys, sets
// sorted, the receipt as an instant, entry ids left out. Two documents say the
// same exactly if their canonical bytes are equal; the order of parties counts.
func (d Document) Canonical() []byte {
	d.Tags = sorted(d.Tags)
	if t, ok := parseInstant(d.ReceivedAt); ok {
		d.ReceivedAt = t.UTC().Format(time.RFC3339Nano)
	}
	parties := make([]Party, len(d.Parties))
	for i, p := range d.Parties {
		p.ID = ""
		p.Needs = sorted(p.Needs)
		parties[i] = p
	}
	d.Parties = parties
	return encodeJSON(d)
}

// Equal reports whether both documents say the same.
func (d Document) Equal(other Document) bool {
	return bytes.Equal(d.Canonical(), other.Canonical())
}

func sorted(in []string) []string {
	if len(in) == 0 {
		return nil
	}
	out := append([]string(nil), in...)
	sort.Strings(out)
	return out
}

// encodeJSON writes v with the keys of structs in their order and those of
// maps sorted, without escaping for HTML and without the line's end.
func encodeJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		// Only types of this package come here: texts, numbers, lists, maps.
		panic("casework: encode: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// named finds who of a case bears a name: parties, their agents and legal
// representatives. Spaces around names do not count.
func (p Party) named(name string) bool {
	return strings.TrimSpace(p.Name) == name
}
