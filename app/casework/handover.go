package casework

import (
	"slices"
	"strings"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
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
	c := resolve(readLog(s))
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
	by := "committee"
	if chosen := c.choice(h.From); chosen != nil {
		by = "parties"
		missing := c.unasked(s, chosen)
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

// choice is the assignment by which the parties chose somebody; nil: none.
func (c *course) choice(name string) *event {
	for _, e := range c.facts.assigned {
		if str(e.value[keyBy]) == "parties" && slices.Contains(strs(e.value[keyMediators]), name) && !c.recusedSince(e, name) {
			return e
		}
	}
	return nil
}

// unasked are the parties that have not agreed, since they chose, to be mediated
// by another: what each said last counts.
func (c *course) unasked(s *crdt.State, chosen *event) []storedParty {
	said := map[crdt.Ref]bool{}
	for _, e := range c.facts.consents {
		if str(e.value[keyPurpose]) == purposeMediator && c.facts.saw(e, chosen) {
			for _, p := range e.refs(keyParties) {
				said[p] = e.value[keyGiven] == true
			}
		}
	}
	return slices.DeleteFunc(parties(s), func(p storedParty) bool { return said[p.ref] })
}

// checkHandover looks at an assignment that says that it hands the case over:
// it takes the place of somebody who mediates, and of one whom the parties chose
// only with their consent.
func (c *course) checkHandover(ck *checker, s *crdt.State, value map[string]crdt.Value) *Refusal {
	from := str(value[keyInsteadOf])
	if from == "" {
		if value[keyHandover] != nil {
			ck.fail(keyInsteadOf, CodeMissing)
		}
		return nil
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
	chosen := c.choice(from)
	if chosen == nil {
		return nil
	}
	var missing []string
	for _, p := range c.unasked(s, chosen) {
		missing = append(missing, p.Name)
	}
	if len(missing) > 0 {
		return &Refusal{Step: StepAssign, Rule: RuleChosen, Article: "mediation-19", Params: map[string]string{"name": from, "who": strings.Join(missing, ", ")}}
	}
	return nil
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
