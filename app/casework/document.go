package casework

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
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

// fieldRule says what one field may hold. The tables below are the one source
// for parsing documents, for edits and for the schemas of records.
type fieldRule struct {
	name     string
	form     fieldForm
	list     string // of formCode and formCodes
	min, max int    // characters (formText), items (formCodes, formNames)
	required bool
	parts    []fieldRule // of formParts
}

type fieldForm uint8

const (
	formText    fieldForm = iota
	formCode              // one of a table
	formCodes             // a set of codes
	formDate              // a day
	formInstant           // date and time with zone
	formAmount            // whole fen
	formYesNo             // true or false
	formNames             // names of other parties of the case
	formParts             // several fields that are one value: an Agent, a Guardian
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
var caseRules = laterWider(append([]fieldRule{
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
}, laterRules...))

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
		parties[i] = p.canonical()
	}
	d.Parties = parties
	return encodeJSON(d)
}

// WithoutIDs is the document as it is taken: the ids of its parties are one record's.
func (d Document) WithoutIDs() Document {
	d.Parties = slices.Clone(d.Parties)
	for i := range d.Parties {
		d.Parties[i].ID = ""
	}
	return d
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
