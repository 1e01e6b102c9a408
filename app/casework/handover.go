package casework

import (
	"slices"
	"strings"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// Who assigned, of the table assigned_by.
const (
	byParties   = "parties"
	byCommittee = "committee"
)

// purposeMediator is the consent to who mediates (人民调解法 art. 19, 23).
const purposeMediator = "mediator"

// RuleChosen is the rule that keeps a mediator whom the parties chose until they
// agree to another.
const RuleChosen = "chosen"

// Handover hands a case of one mediator over to others.
type Handover struct {
	From   string
	To     []string // who step in together
	Reason string   // of the table handover_reason
	Note   string
	At     string // day
	// Agreed tells how the parties agreed to the change (table consent_how), where
	// whoever hands over says that all of them did; empty: only what is recorded
	// in the case counts.
	Agreed string
}

// Handed is a hand-over with who mediated before and does after it.
type Handed struct {
	Made
	Before, After []string
	State         State // after it
}

// HandOver makes the change of mediators of a hand-over: one assignment that
// keeps the others, and before it the parties' consent where that is said to be
// there. A case that the person does not mediate is left alone. It fails as Act
// does, with rule RuleChosen where the parties chose the person and did not
// agree to another.
func HandOver(s *crdt.State, a Actor, h Handover, set Setting) (Handed, error) {
	c := resolve(readLog(s, set.Notes...))
	out := Handed{Before: c.mediators()}
	if !slices.Contains(out.Before, h.From) {
		return out, nil
	}
	for _, name := range slices.Concat(out.Before, h.To) {
		if name != h.From && !slices.Contains(out.After, name) {
			out.After = append(out.After, name)
		}
	}
	var steps []Call
	by := byCommittee
	if c.chosen(h.From) {
		by = byParties
		missing := c.unasked(s, h.From)
		if h.Agreed != "" && len(missing) > 0 {
			names, err := speakers(s, missing, h.At)
			if err != nil {
				return out, err
			}
			steps = append(steps, call(StepConsent, map[string]any{keyAt: h.At, keyPurpose: purposeMediator, keyGiven: true, keyBy: names, keyHow: h.Agreed}))
		}
	}
	steps = append(steps, call(StepAssign, drop(map[string]any{
		keyMediators: out.After, keyBy: by, keyAt: h.At, keyHandover: h.Reason, keyInsteadOf: h.From, keyReason: h.Note,
	})))
	own, err := s.At(s.Heads())
	if err != nil {
		return out, err
	}
	if out.Made, err = FirstSteps(own, a, steps, set); err == nil {
		out.State = Tracks(own)
	}
	return out, err
}

// AssignedBy are the units whose people assigned somebody to a case that he
// mediates now.
func AssignedBy(s *crdt.State, name string) []crdt.ID {
	c := resolve(readLog(s))
	var out []crdt.ID
	for _, e := range c.facts.assigned {
		if slices.Contains(strs(e.value[keyMediators]), name) && !c.recusedSince(e, name) {
			out = append(out, e.op.Unit)
		}
	}
	return out
}

// chosen reports whether the parties chose somebody who mediates now. That an
// assignment since keeps him takes nothing from their choice; it is over where
// he stood aside, and where another body took the dispute up or gave it back.
func (c *course) chosen(name string) bool {
	if !slices.Contains(c.mediators(), name) {
		return false
	}
	var choices []*event
	for _, e := range c.counted {
		if e.step != StepAssign {
			continue
		}
		switch named := slices.Contains(strs(e.value[keyMediators]), name); {
		case !named: // what it saw and left out is over
			choices = slices.DeleteFunc(choices, func(o *event) bool { return c.facts.saw(e, o) })
		case str(e.value[keyBy]) == byParties:
			choices = append(choices, e)
		}
	}
	return slices.ContainsFunc(choices, func(e *event) bool { return !c.recusedSince(e, name) && !c.facts.passedOn(e) })
}

// unasked are the parties that have not agreed, since somebody mediates by the
// assignments that count now, to be mediated by another: what each said last counts.
func (c *course) unasked(s *crdt.State, name string) []storedParty {
	since := func(e *event) bool {
		return !slices.ContainsFunc(c.facts.assigned, func(o *event) bool {
			return slices.Contains(strs(o.value[keyMediators]), name) && !c.facts.saw(e, o)
		})
	}
	said := map[crdt.Ref]bool{}
	for _, e := range c.facts.consents {
		if str(e.value[keyPurpose]) == purposeMediator && since(e) {
			for _, p := range e.refs(keyParties) {
				said[p] = e.value[keyGiven] == true
			}
		}
	}
	return slices.DeleteFunc(parties(s), func(p storedParty) bool { return said[p.ref] })
}

// checkChange looks at whom an assignment leaves out. One that says that it
// hands the case over takes the place of somebody who mediates. The parties may
// choose the mediator or accept one (人民调解法 arts. 19, 23(1)): one whom they chose is left
// out only by another choice of theirs, or with the consent of all of them.
func (c *course) checkChange(ck *checker, s *crdt.State, value map[string]crdt.Value) *Refusal {
	c.checkHandover(ck, value)
	from := str(value[keyInsteadOf])
	for _, name := range c.mediators() {
		left := name == from || str(value[keyBy]) != byParties && !slices.Contains(strs(value[keyMediators]), name)
		if !left || !c.chosen(name) {
			continue
		}
		var missing []string
		for _, p := range c.unasked(s, name) {
			missing = append(missing, p.Name)
		}
		if len(missing) > 0 {
			return &Refusal{Step: StepAssign, Rule: RuleChosen, Article: "mediation-19", Params: map[string]string{"name": name, "who": strings.Join(missing, ", ")}}
		}
	}
	return nil
}

// checkHandover looks at the fields of a hand-over.
func (c *course) checkHandover(ck *checker, value map[string]crdt.Value) {
	from := str(value[keyInsteadOf])
	if from == "" {
		if value[keyHandover] != nil {
			ck.fail(keyInsteadOf, CodeMissing)
		}
		return
	}
	now := c.mediators()
	switch {
	case value[keyHandover] == nil:
		ck.fail(keyHandover, CodeMissing)
	case !slices.Contains(now, from):
		ck.fail(keyInsteadOf, CodeName, "value", shorten(from), "known", strings.Join(now, ", "))
	case slices.Contains(strs(value[keyMediators]), from):
		ck.fail(keyMediators, CodeDuplicate, "what", from)
	}
}

// speakers are names that may speak for parties on a day, one each.
func speakers(s *crdt.State, of []storedParty, day string) ([]string, error) {
	var all []Party
	for _, p := range parties(s) {
		all = append(all, p.Party)
	}
	var out []string
	for _, p := range of {
		list := p.SignsFor(all, day)
		at := slices.IndexFunc(list, Signer.May)
		if at < 0 {
			return nil, fieldProblem(keyConsentBy, "not_all", "missing", p.Name)
		}
		out = append(out, list[at].Name)
	}
	return out, nil
}

// HandoverReasons are the codes of the table handover_reason.
func HandoverReasons() []string {
	var out []string
	for _, c := range data.List("handover_reason") {
		out = append(out, c.Code)
	}
	return out
}
