package sim

import (
	"context"
	"encoding/json"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/store"
)

// draft is the agreement that a body drew up in a case, as the model follows it
// from what people did: whoever signed, wherever.
type draft struct {
	unit store.ID
	// parties are the names that have to sign.
	parties []string
	signed  map[string]bool
	// mediator and sealed tell that one of the body's people signed, and that it
	// put its seal.
	mediator, sealed bool
	// ids are the frames of the draft and its signatures.
	ids []store.ID
	// over: it was entered, or drawn up anew, or something else came of the case;
	// the model follows it no further.
	over bool
}

// signs follows what a step means for the draft of a case.
func (md *model) signs(m *machine, x *sight, step string, raw []byte) {
	id, err := parseID(x.id)
	if err != nil {
		return
	}
	var f struct {
		Form string   `json:"form"`
		By   []string `json:"by"`
		Seal bool     `json:"seal"`
	}
	if json.Unmarshal(raw, &f) != nil {
		return
	}
	old := md.drafts[id]
	switch {
	case step == casework.StepAgree && f.Form == "written" && (old == nil || old.unit == m.unit && !old.over && m.holdsAll(old.ids)):
		// The first, or drawn up anew by somebody who saw all of the one before.
		d := &draft{unit: m.unit, signed: map[string]bool{}}
		d.parties = caseworktest.Voices(&x.view, lastDay(&x.view, 0))
		md.drafts[id] = d
	case old == nil:
		return
	case step == casework.StepSign && m.unit == old.unit:
		for _, name := range f.By {
			if slices.Contains(old.parties, name) {
				old.signed[name] = true
			} else {
				old.mediator = true
			}
		}
		old.sealed = old.sealed || f.Seal
	case step == casework.StepAgree || step == casework.StepEnterAgreement || step == casework.StepRefuseDraft:
		old.over = true
	}
}

// signed notes the frames of the last save for the draft of its case.
func (md *model) signed(of string) {
	id, err := parseID(of)
	if err != nil || md.drafts[id] == nil || len(md.saves) == 0 {
		return
	}
	md.drafts[id].ids = append(md.drafts[id].ids, md.saves[len(md.saves)-1].ids...)
}

func (l *ledger) holdsAll(ids []store.ID) bool {
	return !slices.ContainsFunc(ids, func(id store.ID) bool { return !l.holds(id) })
}

// complete reports whether nothing is missing.
func (d *draft) complete() bool {
	for _, name := range d.parties {
		if !d.signed[name] {
			return false
		}
	}
	return d.mediator && d.sealed && !d.over
}

// dues: an agreement that lacks nothing waits to be entered, and whoever has to
// enter it is told, however it became complete.
func (r *run) dues() {
	for _, m := range r.md.machines {
		if r.duesAt(m); r.wrong != nil {
			return
		}
	}
}

// duesAt asks one machine for the agreements whose signatures it holds, all of them.
func (r *run) duesAt(m *machine) {
	if m.lied || !m.up() {
		return
	}
	for _, of := range r.md.files() {
		d := r.md.drafts[of]
		if d == nil || d.unit != m.unit || !d.complete() || !m.holdsAll(d.ids) {
			continue
		}
		list, err := m.ss.Due(context.Background(), api.DueQuery{All: true})
		if err != nil {
			r.fail(ruleReads, m.name, "it can't tell what is due: %v", err)
			return
		}
		items := list.Items
		if m.plant.Told != nil {
			items = m.plant.Told(items)
		}
		if slices.ContainsFunc(items, func(i api.DueItem) bool { return i.Case == hexID(of) && i.What == "agreement" }) {
			r.did["complete agreement told"]++
			continue
		}
		if c, err := m.ss.Case(context.Background(), hexID(of)); err == nil && r.settledElsewise(&c) {
			continue
		}
		r.fail(ruleTold, m.name, "the agreement in case %x lacks no signature, and nobody is told to enter it", of[:4])
		return
	}
}

// settledElsewise reports whether the agreement of a case is in force, or waits
// for a person's decision: then it stands among the contradictions.
func (r *run) settledElsewise(c *api.CaseView) bool {
	return c.Agreement != nil && c.Agreement.EffectiveOn != "" || c.State.Mediation == "contested" || c.State.Mediation != "agreed"
}
