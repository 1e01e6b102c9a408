package casework

import (
	"regexp"
	"slices"

	"hejie/app/casework/data"
	"hejie/app/casework/numbers"
	"hejie/sync/crdt"
)

// ProjectionSchema is the number of the projection that this program writes:
// header field 15 of a digest operation names the one that it was made by. A
// change of what Project answers, or of a list of codes that it passes, takes
// the next number and leaves the old projection in reach.
const ProjectionSchema = 1

// Project makes the changes of a digest operation from those of the case
// operation that it projects, by the projection of a schema: change i from
// change i, Void where nothing is shown, so that references (operation's name,
// index) carry over unchanged. False: this program does not know the schema.
//
// It is pure and looks at each change alone, and it reads no published table:
// the lists of codes are the program's own and belong to the schema. What comes
// out holds codes, days, months, bands, counts, references, the agreed sum and
// mediators' numbers, and no text, name or place; docs/digest.md has every
// field and what it is for.
//
//   - category, source and tags stay; amount becomes its band, receipt its month;
//   - parties stay as elements with side, kind and kind of organisation; their
//     other fields leave a mark without content, so that an edit keeps a removed
//     party in both;
//   - events keep step, day and codes; names and terms become their number, an
//     agreement's terms also their sum and last days.
func Project(schema uint64, changes []crdt.Change) ([]crdt.Change, bool) {
	if schema != ProjectionSchema {
		return nil, false
	}
	out := make([]crdt.Change, len(changes))
	for i := range changes {
		out[i] = project(&changes[i])
	}
	return out, true
}

// Touches reports whether a projection holds anything but voids; where it does
// not, the case operation needs no digest operation.
func Touches(projected []crdt.Change) bool {
	for i := range projected {
		if !projected[i].Void {
			return true
		}
	}
	return false
}

func project(c *crdt.Change) crdt.Change {
	void := crdt.Change{Void: true}
	if c.Void || c.Raw != nil || len(c.Path) == 0 {
		return void
	}
	if c.Kind != crdt.Event && caseSchema().Refuses(c) {
		return projectUnfit(c)
	}
	switch field := c.Path[0].Field; {
	case field == fieldLifecycle && c.Kind == crdt.Remove && len(c.Path) == 1:
		return crdt.Change{Kind: crdt.Remove, Path: root(fieldLifecycle), Replaces: c.Replaces, Unread: c.Unread}
	case field == fieldLifecycle && c.Kind == crdt.Event && len(c.Path) == 1:
		return crdt.Change{Kind: crdt.Event, Path: root(fieldLifecycle), Value: projectEvent(c.Value), After: c.After}
	case field == fieldParties && len(c.Path) == 1 && (c.Kind == crdt.Add || c.Kind == crdt.Remove):
		return crdt.Change{Kind: c.Kind, Path: root(fieldParties), Replaces: c.Replaces}
	case field == fieldParties && len(c.Path) == 3:
		return projectPartyField(c)
	case field == fieldTags && len(c.Path) == 1:
		return projectTag(c)
	case len(c.Path) != 1 || c.Kind != crdt.Assign:
		return void
	case field == "category" || field == "source":
		return assigned(root(field), knownCode(field, c.Value), c.Replaces)
	case field == "amount_fen":
		return assigned(root(fieldBand), bandOf(c.Value), c.Replaces)
	case field == "received_at":
		return assigned(root(fieldMonth), monthOf(c.Value), c.Replaces)
	}
	return void
}

func assigned(path crdt.Path, v crdt.Value, replaces []crdt.Ref) crdt.Change {
	return crdt.Change{Kind: crdt.Assign, Path: path, Value: v, Replaces: replaces}
}

// projectUnfit keeps of what the case can't show only that it holds a party
// against a removal by somebody who had not seen it.
func projectUnfit(c *crdt.Change) crdt.Change {
	if len(c.Path) != 3 || c.Path[0].Field != fieldParties || c.Path[1].Field != "" {
		return crdt.Change{Void: true}
	}
	return assigned(crdt.Path{c.Path[0], c.Path[1], {Field: fieldKept}}, nil, nil)
}

// knownCode passes codes of the table only, so that no text slips out in a
// field that should hold a code.
func knownCode(list string, v crdt.Value) crdt.Value {
	if s, ok := v.(string); ok && data.Has(list, s) {
		return s
	}
	return nil
}

// projectTag keeps tags of the list.
func projectTag(c *crdt.Change) crdt.Change {
	switch tag := knownCode("tag", c.Value); {
	case c.Kind == crdt.Add && tag != nil:
		return crdt.Change{Kind: crdt.Add, Path: root(fieldTags), Value: tag}
	case c.Kind == crdt.Remove:
		return crdt.Change{Kind: crdt.Remove, Path: root(fieldTags), Replaces: c.Replaces}
	}
	return crdt.Change{Void: true}
}

func monthOf(v crdt.Value) crdt.Value {
	const month = len("2026-03")
	if day := BeijingDay(str(v)); day != "" {
		return day[:month]
	}
	return nil
}

// bandEdges are the lower edges in fen of the bands after "no money" and the first.
var bandEdges = []int64{1_000_000, 5_000_000, 10_000_000, 20_000_000, 100_000_000}

// bandOf is the band of an amount in fen; nil where there is none.
func bandOf(v crdt.Value) crdt.Value {
	fen, ok := v.(int64)
	if !ok {
		return nil
	}
	bands := data.List("amount_band")
	at := 0
	if fen > 0 {
		at = 1
		for _, edge := range bandEdges {
			if fen >= edge {
				at++
			}
		}
	}
	return bands[at].Code
}

func projectPartyField(c *crdt.Change) crdt.Change {
	entry, name := c.Path[1], c.Path[2].Field
	path := func(field string) crdt.Path { return crdt.Path{{Field: fieldParties}, entry, {Field: field}} }
	switch c.Kind {
	case crdt.Assign:
		if name == "side" || name == "kind" {
			return assigned(path(name), knownCode(name, c.Value), c.Replaces)
		}
		if name == "id_number" {
			return assigned(path(fieldOrganisation), organisationKind(str(c.Value)), c.Replaces)
		}
		return assigned(path(fieldKept), nil, c.Replaces)
	case crdt.Add:
		return crdt.Change{Kind: crdt.Add, Path: path(fieldKeptSet), Value: true}
	case crdt.Remove:
		return crdt.Change{Kind: crdt.Remove, Path: path(fieldKeptSet), Replaces: c.Replaces}
	}
	return crdt.Change{Void: true}
}

// organisationKinds are the codes of organisation_kind by the first two
// characters of a unified social credit code, or by the first alone: which
// authority registered it and as what (GB 32100-2015).
var organisationKinds = map[string]string{
	"11": "government", "12": "institution", "51": "association", "52": "association", "53": "association", "54": "self_governing",
	"91": "enterprise", "92": "business", "93": "cooperative", "N": "collective",
}

// organisationKind is the kind of an organisation by its number; nil where the
// number is none of an organisation. A number that could be a person's is a
// person's.
func organisationKind(text string) crdt.Value {
	number := normalNumber(text)
	if code, _, _, _ := checkResident(number); code == "" {
		return nil
	}
	if code, _ := checkUSCC(number); code != "" {
		return nil
	}
	for _, n := range []int{2, 1} {
		if kind := organisationKinds[number[:n]]; kind != "" {
			return kind
		}
	}
	return "other"
}

// projectEvent keeps of an event what Tracks reads.
func projectEvent(v crdt.Value) crdt.Value {
	e := decodeEvent(&crdt.EventView{Value: v})
	if e.broken || e.unknown || inNotes(e.step) || !caseEvents().Fits(v) {
		// A newer step is for newer programs, and one of the notes is no step of a
		// case: here it only keeps its place.
		return map[string]crdt.Value{keyStep: "unknown"}
	}
	out := map[string]crdt.Value{keyStep: e.step}
	if e.step == stepSettle {
		out[keyTrack] = knownCodeOr("track", e.value[keyTrack])
		out[keyChoice], out[keySettles] = e.value[keyChoice], e.value[keySettles]
		return out
	}
	rule := ruleOf[e.step]
	for _, f := range rule.fields {
		if v, there := e.value[f.Name]; there && f.kept() {
			out[f.Name] = projectField(f, v)
		}
		derive(e, f, out)
	}
	for key := range rule.extra {
		_, projected := out[key] // a field that must be there, and is shown by its type
		if v, there := e.value[key]; there && !projected {
			out[key] = v
		}
	}
	if v, there := out[keyRoster]; there {
		out[keyRoster] = rosterNumbers(v)
	}
	return out
}

// Keys that a digest alone has, made from a field that it does not keep as it is.
const (
	keyAgreedFen = "agreed_fen"        // the sum of an agreement's terms, at most MaxAmount
	keyDueDays   = "due"               // the last day of each term, in their order
	keyCourtKind = "court_number_kind" // code of court_number
)

// derivedKeys are the kinds of those keys by the field's name (keysOf).
var derivedKeys = map[string]map[string]byte{
	keyTerms:   {keyAgreedFen: 'i', keyDueDays: 't'},
	keyCourtNo: {keyCourtKind: 's'},
}

// derive adds what a digest has in a field's place: figures need the sum and the
// days of an agreement's terms, and of a court's number the type of case. The
// number itself leads to the parties; a notary's is no court's.
func derive(e *event, f FieldSpec, out map[string]crdt.Value) {
	switch v, there := e.value[f.Name]; {
	case !there:
	case f.Name == keyTerms:
		if list, isList := v.([]crdt.Value); isList {
			out[keyAgreedFen], out[keyDueDays] = agreedSum(list), dueDays(list)
		}
	case f.Name == keyCourtNo && e.step != StepNotarise:
		n, _ := numbers.ParseCourt(str(v))
		out[keyCourtKind] = n.TypeCode()
	}
}

// agreedSum adds up what an agreement's terms name, in fen.
func agreedSum(terms []crdt.Value) crdt.Value {
	var sum int64
	for _, v := range terms {
		term, _ := v.(map[string]crdt.Value)
		if fen, ok := term["amount_fen"].(int64); ok && fen > 0 {
			sum = min(sum+min(fen, MaxAmount), MaxAmount)
		}
	}
	return sum
}

func dueDays(terms []crdt.Value) crdt.Value {
	days := make([]crdt.Value, len(terms))
	for i, v := range terms {
		term, _ := v.(map[string]crdt.Value)
		days[i] = BeijingDay(str(term["due"]))
	}
	return days
}

// maxRosterNumber bounds a mediator's number: a register's entry has at most 43
// characters (EntryID), a licence 40.
const maxRosterNumber = 48

// rosterForm is what a mediator's number may look like.
var rosterForm = regexp.MustCompile(`^[0-9A-Za-z-]+$`)

// RosterNumber is a mediator's number as digests show it, the one way to a
// person that they have: "" where a text is none. A resident's number is none,
// whoever wrote it there.
func RosterNumber(text string) string {
	if code, _, _, _ := checkResident(normalNumber(text)); code == "" || len(text) > maxRosterNumber || !rosterForm.MatchString(text) {
		return ""
	}
	return text
}

// rosterNumbers keeps of a list the numbers, each at its place.
func rosterNumbers(v crdt.Value) crdt.Value {
	list, _ := v.([]crdt.Value)
	out := make([]crdt.Value, len(list))
	for i, item := range list {
		out[i] = RosterNumber(str(item))
	}
	return out
}

// projectField is what a digest keeps of a field: no text, name or place.
func projectField(f FieldSpec, v crdt.Value) crdt.Value {
	switch {
	case f.show == showCount:
		return count(v)
	case f.Type == "code":
		return knownCodeOr(f.List, v)
	case f.Type == "codes":
		return knownCodes(f.List, v)
	case f.Type == "date":
		return BeijingDay(str(v))
	}
	return v
}

// knownCodeOr keeps a code of the table; another one is called other, which
// keeps the event whole.
func knownCodeOr(list string, v crdt.Value) crdt.Value {
	if code := knownCode(list, v); code != nil {
		return code
	}
	return "other"
}

// knownCodes keeps the codes of the table.
func knownCodes(list string, v crdt.Value) crdt.Value {
	out := []crdt.Value{}
	items, _ := v.([]crdt.Value)
	for _, item := range items {
		if code := knownCode(list, item); code != nil && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

func count(v crdt.Value) crdt.Value {
	if list, ok := v.([]crdt.Value); ok {
		return int64(len(list))
	}
	return v
}
