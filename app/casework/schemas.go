package casework

import (
	"sync"

	"hejie/sync/crdt"
)

// Names of fields that are no plain registers.
const (
	fieldFacts    = "facts"
	fieldTags     = "tags"
	fieldParties  = "parties"
	fieldNeeds    = "needs"
	fieldAgent    = "agent"
	fieldGuardian = "guardian"
	// fieldRepresented is a register whose fieldNames are other entries.
	fieldRepresented = "represented_by"
	fieldNames       = "names"
	fieldDelivery    = "delivery"
	fieldLifecycle   = "lifecycle"
	fieldBand        = "amount_band"
	fieldMonth       = "received_month"
	// fieldKept and fieldKeptSet stand in a digest's party for what is not
	// shown, so that an edit keeps a removed party there exactly as in the case.
	fieldKept    = "kept"
	fieldKeptSet = "kept_set"
	// fieldOrganisation is a digest's code of what an organisation is.
	fieldOrganisation = "organisation"
	// fieldMarks stands in digests alone (marks.go).
	fieldMarks = "marks"
)

// legalFields contest until a person settles them (DESIGN 4): what is asked
// for, what it is worth, and the date that interrupts limitation. The category
// is an ordinary choice: it starts no clock and gives nobody a right, and a
// wrong one is mended by setting it again.
var legalFields = map[string]bool{"claims": true, "amount_fen": true, "received_at": true}

// caseSchema is CaseSchema, made once.
var caseSchema = sync.OnceValue(CaseSchema)

// CaseSchema is the schema of case records. The course of a case (terms,
// outcome, the dates that start clocks) lies in the events of lifecycle. An
// agent, a guardian or an address for delivery is one register: halves of two
// agents would be a person who is not there.
func CaseSchema() crdt.Schema {
	s := crdt.Schema{fieldLifecycle: {Kind: crdt.Events, Type: caseEvents()}}
	for _, r := range caseRules {
		switch r.form {
		case formStory:
			s[r.name] = crdt.Field{Kind: crdt.Text, Type: r.valueType()}
		case formCodes:
			s[r.name] = crdt.Field{Kind: crdt.Set, Type: r.valueType()}
		case formParties:
			s[r.name] = crdt.Field{Kind: crdt.Map, Entry: partySchema()}
		default:
			s[r.name] = crdt.Field{Kind: crdt.Register, Legal: legalFields[r.name], Type: r.valueType()}
		}
	}
	return s
}

func partySchema() crdt.Schema {
	s := crdt.Schema{}
	for _, r := range partyRules {
		kind := crdt.Register
		if r.form == formCodes {
			kind = crdt.Set
		}
		s[r.name] = crdt.Field{Kind: kind, Type: r.valueType()}
	}
	return s
}

// NotesSchema is the schema of a body's notes on a case: sessions with their
// minutes, proposals and concessions, which never leave the body.
func NotesSchema() crdt.Schema {
	session := crdt.Schema{
		"at":      {Kind: crdt.Register, Type: textType(0, maxNoteText)},
		"place":   {Kind: crdt.Register, Type: textType(0, maxNoteText)},
		"present": {Kind: crdt.Register, Type: textType(0, maxNoteText)},
		"result":  {Kind: crdt.Register, Type: textType(0, maxNoteText)},
		"minutes": {Kind: crdt.Text, Type: textType(0, maxMinutes)},
	}
	return crdt.Schema{
		"minutes":      {Kind: crdt.Text, Type: textType(0, maxMinutes)},
		"proposals":    {Kind: crdt.Text, Type: textType(0, maxMinutes)},
		"sessions":     {Kind: crdt.Map, Entry: session},
		fieldLifecycle: {Kind: crdt.Events, Type: noteEvents()},
	}
}

// DigestSchema is the schema of digests: no personal data. Fields keep the
// merge rules that they have in the case.
func DigestSchema() crdt.Schema {
	party := crdt.Schema{
		"side":       {Kind: crdt.Register, Type: codeType("side")},
		"kind":       {Kind: crdt.Register, Type: codeType("kind")},
		fieldKept:    {Kind: crdt.Register, Type: yesNoType()},
		fieldKeptSet: {Kind: crdt.Set, Type: yesNoType()},

		fieldOrganisation: {Kind: crdt.Register, Type: codeType("organisation_kind")},
	}
	return crdt.Schema{
		"category":     {Kind: crdt.Register, Type: codeType("category")},
		"source":       {Kind: crdt.Register, Type: codeType("source")},
		fieldMonth:     {Kind: crdt.Register, Legal: true, Type: &crdt.Type{Kind: crdt.MonthType}},
		fieldBand:      {Kind: crdt.Register, Legal: true, Type: codeType("amount_band")},
		fieldTags:      {Kind: crdt.Set, Type: codeType("tag")},
		fieldParties:   {Kind: crdt.Map, Entry: party},
		fieldMarks:     {Kind: crdt.Set, Type: markType()},
		fieldLifecycle: {Kind: crdt.Events, Type: digestEvents()},
	}
}

// DocumentSchema is the schema of sealed documents: what it is, its name, the
// blob that holds it, and the heads of the case at which it was sealed.
func DocumentSchema() crdt.Schema {
	return crdt.Schema{
		"form":   {Kind: crdt.Register, Legal: true},
		"title":  {Kind: crdt.Register},
		"blob":   {Kind: crdt.Register, Legal: true},
		"bytes":  {Kind: crdt.Register, Legal: true},
		"heads":  {Kind: crdt.Register, Legal: true},
		"signed": {Kind: crdt.Events},
	}
}

// root is the path of a record's own field.
func root(name string) crdt.Path { return crdt.Path{{Field: name}} }

// inEntry is the path of a field of an entry.
func inEntry(list string, entry crdt.Ref, name string) crdt.Path {
	return crdt.Path{{Field: list}, {Entry: entry}, {Field: name}}
}
