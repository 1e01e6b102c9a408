package casework

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// Meanwhile is what somebody did in a case that another person did not see.
type Meanwhile struct {
	Step  string // the step taken; empty where a field was changed
	Field string // claims, amount_fen, received_at, or a party's field
	Party string // the name of the party whose field it is
	Who   string
	On    string // Beijing day: of the step, else when it was written
	Shown string // of a settlement's statements: said, or settled
}

// StaleError is returned for a step that was decided on a view of the case in
// which something was missing that steps rest on. Nothing was changed.
type StaleError struct {
	Since []Meanwhile // each after what its author saw
	// Shown: what is no longer so are the statements that a settlement is about.
	Shown bool
}

// maxMeanwhile bounds how much one sentence tells.
const maxMeanwhile = 3

// Error is the English sentence.
func (e *StaleError) Error() string { return e.Text(data.English) }

// Text says in the words of the case who did what and when.
func (e *StaleError) Text(lang data.Lang) string {
	var parts []string
	for _, m := range e.Since[:min(len(e.Since), maxMeanwhile)] {
		parts = append(parts, m.text(lang))
	}
	if left := len(e.Since) - len(parts); left > 0 {
		parts = append(parts, data.Text(lang, "stale.more", map[string]string{"n": strconv.Itoa(left)}))
	}
	sep := "；"
	if lang == data.English {
		sep = "; "
	}
	key := "stale"
	if e.Shown {
		key = "stale.shown"
	}
	return data.Text(lang, key, map[string]string{"what": strings.Join(parts, sep)})
}

func (m Meanwhile) text(lang data.Lang) string {
	words := map[string]string{"who": m.Who, "on": m.On, "party": m.Party, "field": data.Name("field", m.Field, lang)}
	switch {
	case m.Shown == "settled", m.Shown == "said" && m.Step == "":
		return data.Text(lang, "stale."+m.Shown, words)
	case m.Step != "":
		words["step"] = data.Name("step", m.Step, lang)
		return data.Text(lang, "stale.step", words)
	case m.Party != "":
		return data.Text(lang, "stale.party", words)
	}
	return data.Text(lang, "stale.field", words)
}

// partyGrounds are the fields of a party on which steps rest: who it is, of what
// age and capacity, and who may speak for it.
var partyGrounds = []string{
	"side", "kind", "name", "birth_date", "id_kind", "id_number", "legal_representative", fieldNeeds, "capacity", fieldAgent, fieldGuardian, fieldRepresented,
}

// Stale tells whether a step that was decided on what somebody saw may be taken
// on what the case is now; nil: it may. An edit merges with what it did not see,
// since what it sets stands beside that; a step is a decision, and rests on the
// course of the case (every step and every settlement), on the legal fields, and
// on who the parties are and who speaks for them. What else changed (a telephone
// number, a tag, the story) refuses nothing. heads are those of the view.
//
// It fails with *crdt.MissingHeadsError for heads that the case does not have.
func Stale(now *crdt.State, heads []crdt.ID, names Names) error {
	since, err := now.Since(heads)
	if err != nil || len(since) == 0 {
		return err
	}
	seen, err := now.At(heads)
	if err != nil {
		return err
	}
	w := &meanwhile{now: now, seen: seen, names: names}
	for _, info := range since {
		meta, body, ok := now.Op(info.ID)
		if !ok {
			continue
		}
		for i := range body.Changes {
			w.change(meta, &body.Changes[i], uint32(i))
		}
	}
	if len(w.out) == 0 {
		return nil
	}
	return &StaleError{Since: w.out}
}

// meanwhile collects what steps rest on and what is no longer as it was seen.
type meanwhile struct {
	now, seen *crdt.State
	names     Names
	out       []Meanwhile
}

func (w *meanwhile) change(meta crdt.Meta, c *crdt.Change, index uint32) {
	if c.Void || len(c.Path) == 0 || c.Raw != nil {
		return
	}
	m := Meanwhile{Who: w.names.seat(meta.Seat), On: BeijingDay(stampTime(meta.Stamp))}
	name := c.Path[0].Field
	switch {
	case c.Kind == crdt.Event && name == fieldLifecycle:
		e := decodeEvent(&crdt.EventView{Value: c.Value})
		m.Step = e.step
		if e.day != "" {
			m.On = e.day
		}
	case legalFields[name] && len(c.Path) == 1:
		if slices.Equal(liveValues(w.seen, name), liveValues(w.now, name)) {
			return // changed and changed back
		}
		m.Field = name
	case name == fieldParties:
		refs := []crdt.Ref{{Op: meta.ID, Index: index}} // an entry that this change adds
		if c.Kind == crdt.Remove && len(c.Path) == 1 {
			refs = c.Replaces
		}
		m.Field = fieldParties
		if len(c.Path) > 1 {
			ref := c.Path[1].Entry
			if ref.Op == (crdt.ID{}) {
				ref.Op = meta.ID
			}
			refs, m.Field = []crdt.Ref{ref}, c.Path[len(c.Path)-1].Field
			if !slices.Contains(partyGrounds, m.Field) {
				return
			}
		}
		party, changed := w.party(refs)
		if !changed {
			return
		}
		m.Party = party
	default:
		return
	}
	if m.Step != "" || !slices.Contains(w.out, m) {
		w.out = append(w.out, m)
	}
}

// party is the name of the first of some entries that is no longer the party
// that was seen, as far as steps rest on it.
func (w *meanwhile) party(refs []crdt.Ref) (string, bool) {
	for _, ref := range refs {
		was, is := partyAt(w.seen, ref), partyAt(w.now, ref)
		before, after := w.seen.HasEntry(root(fieldParties), ref), w.now.HasEntry(root(fieldParties), ref)
		if before == after && (!before || reflect.DeepEqual(was.grounds(), is.grounds())) {
			continue
		}
		if after {
			return strings.TrimSpace(is.Name), true
		}
		return strings.TrimSpace(was.Name), true
	}
	return "", false
}

// grounds is the party cut down to what steps rest on.
func (p Party) grounds() Party {
	out := Party{
		Side: p.Side, Kind: p.Kind, Name: p.Name, BirthDate: p.BirthDate, IDKind: p.IDKind, IDNumber: p.IDNumber,
		LegalRepresentative: p.LegalRepresentative, Capacity: p.Capacity, RepresentedBy: p.RepresentedBy,
	}
	if a := p.Agent; a != nil {
		out.Agent = &Agent{Name: a.Name, Kind: a.Kind, Authority: a.Authority, Powers: sorted(a.Powers), Until: a.Until}
	}
	if g := p.Guardian; g != nil {
		out.Guardian = &Guardian{Name: g.Name, Relation: g.Relation}
	}
	if hasCode(p.Needs, "minor") {
		out.Needs = []string{"minor"}
	}
	return out
}

// liveValues are what stands in a register, in a form that can be compared.
func liveValues(s *crdt.State, name string) []string {
	var out []string
	for _, v := range s.Register(root(name)).Values {
		out = append(out, string(encodeJSON(v.Value)))
	}
	slices.Sort(out)
	return out
}
