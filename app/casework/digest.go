package casework

import (
	"encoding/hex"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// Project makes the changes of a digest operation from those of the case
// operation that it projects: change i from change i, Void where nothing is
// shown, so that references (operation's name, index) carry over unchanged.
// It is pure and looks at each change alone. What comes out holds codes, days,
// months, bands, counts and references, and no text, name or place.
//
//   - category and source stay; amount becomes its band, receipt its month;
//   - parties stay as elements with side and kind; their other fields leave a
//     mark without content, so that an edit keeps a removed party in both;
//   - events keep step, day and codes; names and terms become their number.
func Project(changes []crdt.Change) []crdt.Change {
	out := make([]crdt.Change, len(changes))
	for i := range changes {
		out[i] = project(&changes[i])
	}
	return out
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

func monthOf(v crdt.Value) crdt.Value {
	const month = len("2026-03")
	if day := BeijingDay(str(v)); day != "" {
		return day[:month]
	}
	return nil
}

// bandEdges are the lower edges in fen of the bands after "no money" and the first.
var bandEdges = []int64{1_000_000, 5_000_000, 20_000_000, 100_000_000}

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
		return assigned(path(fieldKept), nil, c.Replaces)
	case crdt.Add:
		return crdt.Change{Kind: crdt.Add, Path: path(fieldKeptSet), Value: true}
	case crdt.Remove:
		return crdt.Change{Kind: crdt.Remove, Path: path(fieldKeptSet), Replaces: c.Replaces}
	}
	return crdt.Change{Void: true}
}

// projectEvent keeps of an event what Tracks reads.
func projectEvent(v crdt.Value) crdt.Value {
	e := decodeEvent(&crdt.EventView{Value: v})
	if e.broken || e.unknown || !caseEvents().Fits(v) {
		// A newer step is for newer programs; here it only keeps its place.
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
	}
	for key := range rule.extra {
		if v, there := e.value[key]; there {
			out[key] = v
		}
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

func count(v crdt.Value) crdt.Value {
	if list, ok := v.([]crdt.Value); ok {
		return int64(len(list))
	}
	return v
}

// DigestDocument is what a unit that holds only the digest sees of a case.
type DigestDocument struct {
	ID            string     `json:"id"`
	Digest        bool       `json:"digest"` // always true: the case itself is not held
	Unit          string     `json:"unit"`
	State         State      `json:"state"`
	Heads         []string   `json:"heads"`
	UpdatedAt     string     `json:"updated_at"`
	Category      string     `json:"category,omitempty"`
	Source        string     `json:"source,omitempty"`
	ReceivedMonth string     `json:"received_month,omitempty"` // 2026-03, Beijing
	AmountBand    string     `json:"amount_band,omitempty"`
	Outcome       string     `json:"outcome,omitempty"`
	EffectiveOn   string     `json:"effective_on,omitempty"`
	Counts        Counts     `json:"counts"`
	Steps         []Step     `json:"steps"`
	Conflicts     []Conflict `json:"conflicts"`
	// Also lists choices that were written otherwise at the same time.
	Also    []Conflict `json:"also"`
	Unknown []Unknown  `json:"unknown"`
}

// Counts are the figures of a digest.
type Counts struct {
	Parties       int   `json:"parties"`
	Applicants    int   `json:"applicants"`
	Respondents   int   `json:"respondents"`
	Third         int   `json:"third"`
	Persons       int   `json:"persons"`
	Organisations int   `json:"organisations"`
	Sessions      int   `json:"sessions"`
	Terms         int64 `json:"terms"`
	TermsOpen     int64 `json:"terms_open"`
}

// DigestView makes the document of a digest record.
func DigestView(s *crdt.State, h Header) DigestDocument {
	c := resolve(readLog(s))
	text := func(field string) string { return str(s.Register(root(field)).Shown) }
	d := DigestDocument{
		ID: hex.EncodeToString(h.ID[:]), Digest: true, Unit: h.Unit, State: c.state, Heads: heads(s), UpdatedAt: updatedAt(s),
		Category: text("category"), Source: text("source"), ReceivedMonth: text(fieldMonth), AmountBand: text(fieldBand),
		Outcome: c.facts.outcome(), EffectiveOn: c.facts.effectiveOn, Steps: c.steps(h.Names),
		Conflicts: conflicts(s, c, h.Names), Also: also(s, h.Names), Unknown: unknown(s),
	}
	d.Counts = countParties(s)
	d.Counts.Sessions = len(c.facts.sessions)
	if c.facts.agreement != nil {
		d.Counts.Terms, d.Counts.TermsOpen = c.facts.agreement.termCount(), c.facts.openTerms()
	}
	return d
}

func countParties(s *crdt.State) Counts {
	var n Counts
	seen := map[crdt.Ref]bool{}
	for _, e := range s.Entries(root(fieldParties)) {
		if seen[e.Ref] {
			continue
		}
		seen[e.Ref] = true
		n.Parties++
		switch str(s.Register(inEntry(fieldParties, e.Ref, "side")).Shown) {
		case "applicant":
			n.Applicants++
		case "respondent":
			n.Respondents++
		case "third":
			n.Third++
		}
		switch str(s.Register(inEntry(fieldParties, e.Ref, "kind")).Shown) {
		case "person":
			n.Persons++
		case "organisation":
			n.Organisations++
		}
	}
	return n
}
