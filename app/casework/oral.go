package casework

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// Oral is an agreement on the spot: what art. 28 needs so that the mediator's
// record of it stands, and nothing else (人民调解法 arts. 21, 28, 30).
type Oral struct {
	Document Document
	Steps    []Call
}

// Call is a step with its fields.
type Call struct {
	Step   string
	Fields json.RawMessage
}

// oralFields are the fields of an oral agreement. Without a day it is today's
// matter: the caller fills in at and the mediator who is present.
var oralFields = []FieldSpec{
	must(code("category", "category")),
	must(FieldSpec{Name: "applicant", Type: "text", Max: 100}), must(FieldSpec{Name: "respondent", Type: "text", Max: 100}),
	must(FieldSpec{Name: "about", Type: "text", Max: maxStepText}),
	must(FieldSpec{Name: keyTerms, Type: "terms", Max: maxTerms, Fields: termFields}),
	must(day(keyAt)), text(keyPlace), must(FieldSpec{Name: keyMediators, Type: "names", Max: maxMediators}), yesNo(keyPerformed), code(keySource, "source"),
}

// ParseOral reads an oral agreement: {category, applicant, respondent, about,
// terms, at, place?, mediators, performed?, source?}. A term without who means
// both sides, one without a day the day of the agreement. It fails with Problems.
func ParseOral(raw []byte) (Oral, []Warning, error) {
	n, ferr := parseJSON(raw)
	if ferr != nil {
		return Oral{}, nil, Problems{ferr}
	}
	ck := &checker{}
	v := ck.step("", n, oralFields)
	if err := ck.problems.orNil(); err != nil {
		return Oral{}, nil, err
	}
	at := str(v[keyAt])
	received := at
	if _, ok := parseInstant(at); !ok {
		received = at + "T00:00:00+08:00"
	}
	source := str(v[keySource])
	if source == "" {
		source = "application"
	}
	about := str(v["about"])
	doc, warnings, err := ParseDocument(encodeJSON(Document{
		Category: str(v["category"]), Source: source, Title: titleOf(str(v["applicant"]), str(v["respondent"]), about), ReceivedAt: received, Facts: about, Place: str(v[keyPlace]),
		Parties: []Party{{Side: "applicant", Kind: "person", Name: str(v["applicant"])}, {Side: "respondent", Kind: "person", Name: str(v["respondent"])}},
	}))
	if err != nil {
		return Oral{}, nil, err
	}
	terms, _ := v[keyTerms].([]crdt.Value)
	o := Oral{Document: doc, Steps: []Call{
		call(StepAccept, map[string]any{keyAt: at}),
		call(StepAssign, map[string]any{keyAt: at, keyMediators: v[keyMediators], keyBy: byCommittee}),
		call(StepStartSession, drop(map[string]any{keyAt: at, keyPlace: str(v[keyPlace])})),
		call(StepAgree, map[string]any{keyAt: at, keyForm: "oral", keyTerms: terms}),
	}}
	if v[keyPerformed] == true {
		for i := range terms {
			o.Steps = append(o.Steps, call(StepPerform, map[string]any{keyTerm: i + 1, keyAt: at}))
		}
	}
	return o, warnings, nil
}

// titleOf names a case by its people and what it was about.
func titleOf(a, b, about string) string {
	const most = 30
	r := []rune(strings.TrimSpace(about))
	if len(r) > most {
		r = append(r[:most:most], '…')
	}
	return a + "与" + b + "：" + string(r)
}

// leadFields are the fields of a lead (F21).
var leadFields = []FieldSpec{
	must(FieldSpec{Name: "brief", Type: "text", Max: maxStepStory}), must(day(keyAt)), text(keyPlace), names(keyPeople),
	must(code(keyFound, "lead_source")), must(code(keyLevel, "risk_level")), text(keyFinder), codes(keyRisks, "risk_kind"), story(keyMeasures), code("category", "category"),
}

// ParseLead reads what a sweep or a grid worker found: {brief, at, place?,
// people?: names, found, level, finder?, risks?, measures?, category?}. Nobody
// need be named: a lead may be a cracked dyke. It fails with Problems.
func ParseLead(raw []byte) (Oral, []Warning, error) {
	n, ferr := parseJSON(raw)
	if ferr != nil {
		return Oral{}, nil, Problems{ferr}
	}
	ck := &checker{}
	v := ck.step("", n, leadFields)
	if err := ck.problems.orNil(); err != nil {
		return Oral{}, nil, err
	}
	d := Document{Category: str(v["category"]), Source: "ex_officio", ReceivedAt: str(v[keyAt]), Facts: str(v["brief"]), Place: str(v[keyPlace])}
	if _, ok := parseInstant(d.ReceivedAt); !ok {
		d.ReceivedAt += "T00:00:00+08:00"
	}
	if d.Category == "" {
		d.Category = "99"
	}
	const most = 40
	title := []rune(d.Facts)
	d.Title = string(title[:min(len(title), most)])
	for i, name := range strs(v[keyPeople]) {
		side := "applicant"
		if i > 0 {
			side = "respondent"
		}
		d.Parties = append(d.Parties, Party{Side: side, Kind: "person", Name: name})
	}
	fields := map[string]any{}
	for _, key := range []string{keyAt, keyFound, keyLevel, keyFinder, keyRisks, keyMeasures} {
		if v[key] != nil {
			fields[key] = v[key]
		}
	}
	return Oral{Document: d, Steps: []Call{call(StepLead, fields)}}, ck.warnings, nil
}

func call(step string, fields map[string]any) Call {
	return Call{Step: step, Fields: encodeJSON(fields)}
}

func drop(fields map[string]any) map[string]any {
	for key, v := range fields {
		if v == "" {
			delete(fields, key)
		}
	}
	return fields
}

// Runs shares steps out to the operations of one save: those that one operation
// of the case takes together, and each step alone that writes in the notes.
func Runs(steps []Call) [][]Call {
	var out [][]Call
	alone := true
	for _, s := range steps {
		if now := StepInNotes(s.Step); alone || now {
			out, alone = append(out, nil), now
		}
		out[len(out)-1] = append(out[len(out)-1], s)
	}
	return out
}

// FirstSteps makes the changes of the steps that follow a case's first
// operation at once, as one operation: each is judged on what came before it.
// None may write in the notes (Runs).
// s holds the case as the first operation made it, and is used up.
func FirstSteps(s *crdt.State, a Actor, steps []Call, set Setting) (Made, error) {
	var out Made
	index := map[crdt.ID]uint32{}
	for i, c := range steps {
		made, err := Act(s, a, c.Step, c.Fields, set)
		if err != nil {
			return Made{}, err
		}
		if len(made.Notes) > 0 {
			return Made{}, fmt.Errorf("step %s writes in the notes and can't be one of several in one operation", c.Step)
		}
		id := crdt.ID(sha256.Sum256(fmt.Append(nil, "step", i)))
		meta := crdt.Meta{ID: id, Name: id, Heads: s.Heads(), Unit: a.Unit, Seat: a.Seat}
		if err := s.Apply(meta, crdt.Body{Changes: made.Changes}); err != nil {
			return Made{}, err
		}
		index[id] = uint32(len(out.Changes))
		for _, change := range made.Changes {
			change.After = within(change.After, index)
			out.Changes = append(out.Changes, change)
		}
		out.Grants, out.Warnings = append(out.Grants, made.Grants...), append(out.Warnings, made.Warnings...)
	}
	return out, nil
}

// within renames the events of this very operation: they have no name yet.
func within(after []crdt.Ref, index map[crdt.ID]uint32) []crdt.Ref {
	out := slices.Clone(after)
	for i, r := range out {
		if at, own := index[r.Op]; own {
			out[i] = crdt.Ref{Index: at + r.Index}
		}
	}
	slices.SortFunc(out, crdt.CompareRefs)
	return out
}
