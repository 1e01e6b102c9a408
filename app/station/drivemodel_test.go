package station

import (
	"slices"

	"hejie/app/casework"
)

// taken is one step as it was taken: what its author gave, and what he saw.
type taken struct {
	id, step, unit string
	fields         map[string]any
	seen           map[string]bool // ids of the steps that lay before him
	// What the case said of people then, to tell for whom names speak.
	parties   []string            // ids
	speaks    map[string][]string // name → ids of parties
	mediators []string
}

func (e *taken) text(key string) string { s, _ := e.fields[key].(string); return s }

func (e *taken) number(key string) int {
	switch n := e.fields[key].(type) {
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}

// stepSet is a set of steps, each after those that its author saw. What it says of
// the four tracks is written down here once more, in sets alone, apart from
// casework: nothing here goes by order of arrival, by a clock, or by a name.
type stepSet []*taken

func (t stepSet) all(steps ...string) stepSet {
	var out stepSet
	for _, e := range t {
		if slices.Contains(steps, e.step) {
			out = append(out, e)
		}
	}
	return out
}

// unseen are those of t that none of others saw.
func (t stepSet) unseen(others stepSet) stepSet {
	var out stepSet
	for _, e := range t {
		if !slices.ContainsFunc(others, func(o *taken) bool { return o.seen[e.id] }) {
			out = append(out, e)
		}
	}
	return out
}

// after are those that saw one of others.
func (t stepSet) after(others stepSet) stepSet {
	var out stepSet
	for _, e := range t {
		if slices.ContainsFunc(others, func(o *taken) bool { return e.seen[o.id] }) {
			out = append(out, e)
		}
	}
	return out
}

func (t stepSet) with(key string, value any) stepSet {
	var out stepSet
	for _, e := range t {
		if e.fields[key] == value {
			out = append(out, e)
		}
	}
	return out
}

// last are those that no other of them saw.
func (t stepSet) last() stepSet { return t.unseen(t) }

// model is where a case stands by a set of steps.
func model(t stepSet) casework.State {
	m := &tracks{stepSet: t}
	m.agreement = m.agreed()
	return casework.State{Mediation: m.mediation(), Performance: m.performance(), Confirmation: m.confirmation(), Referral: m.referral()}
}

type tracks struct {
	stepSet
	agreement *taken
}

// agreed is the agreement that holds: the first that was entered, unless the
// parties began anew. Drafts and signatures are the notes' and not the case's.
func (m *tracks) agreed() *taken {
	if left := m.all("in_force").unseen(m.all("reopen").with("anew", true)); len(left) > 0 {
		return left[0]
	}
	return nil
}

func (m *tracks) effective() bool { return m.agreement != nil }

func (m *tracks) mediation() string {
	again := m.all("reopen")
	over := func(steps ...string) bool { return len(m.all(steps...).unseen(again)) > 0 }
	has := func(steps ...string) bool { return len(m.all(steps...)) > 0 }
	var gone stepSet // who stood aside last
	for _, e := range m.all("recuse") {
		if len(e.mediators) == 1 {
			gone = append(gone, e)
		}
	}
	assigns := m.all("assign")
	switch {
	case over("dispose"):
		return casework.StateDisposalReview
	case over("archive"):
		return casework.StateArchived
	case over("close"):
		return casework.StateClosed
	case over("advise"):
		return casework.StateAdvised
	case over("terminate", "stop", "withdraw"):
		return casework.StateTerminated
	case m.effective():
		return casework.StateEffective
	case len(m.all("suspend").unseen(m.all("resume"))) > 0:
		return casework.StateSuspended
	case has("start-session"):
		return casework.StateMediating
	case len(assigns.last().unseen(gone)) > 0:
		return casework.StateAssigned
	case has("accept"):
		return casework.StateAccepted
	case over("refuse"):
		return casework.StateRefusedIntake
	case over("redirect"):
		return casework.StateRedirected
	case len(m.all("ask-supplement").unseen(m.all("supplement"))) > 0:
		return casework.StateSupplement
	case has("make-case"):
		return casework.StateSubmitted
	case has("keep-lead"):
		return casework.StateLeadKept
	case has("lead"):
		return casework.StateLead
	}
	return casework.StateSubmitted
}

// done are the terms that are performed or waived: a payment completes its term
// together with those that its author saw.
func (m *tracks) done(under stepSet) map[int]bool {
	out := map[int]bool{}
	terms, _ := m.agreement.fields["terms"].([]any)
	for _, e := range under.all("perform", "waive") {
		n := e.number("term")
		var owed int
		if n >= 1 && n <= len(terms) {
			owed = (&taken{fields: terms[n-1].(map[string]any)}).number("amount_fen")
		}
		_, part := e.fields["amount_fen"]
		if e.step == "perform" && part && owed > 0 {
			total := e.number("amount_fen")
			for _, o := range under.all("perform") {
				if e.seen[o.id] && o.number("term") == n {
					total += o.number("amount_fen")
				}
			}
			if total < owed {
				continue
			}
		}
		out[n] = true
	}
	return out
}

func (m *tracks) performance() string {
	if !m.effective() {
		return casework.StateNone
	}
	under := m.after(stepSet{m.agreement})
	terms, _ := m.agreement.fields["terms"].([]any)
	done := m.done(under)
	open := false // somebody noted a term as overdue that is still open
	for _, e := range under.all("default") {
		open = open || !done[e.number("term")]
	}
	switch {
	case len(done) >= len(terms):
		return casework.StatePerformed
	case len(under.all("sue")) > 0:
		return casework.StateLitigation
	case len(under.all("enforce")) > 0:
		return casework.StateEnforcement
	case !open:
		return casework.StatePerforming
	case len(under.all("urge")) > 0:
		return casework.StateUrged
	case len(done) > 0:
		return casework.StatePartly
	}
	return casework.StateDefaulted
}

func (m *tracks) confirmation() string {
	anew := m.all("reopen").with("anew", true) // what rested on the agreement fell with it
	s := m.application(m.all("confirm-apply").last().unseen(anew))
	orders := m.all("order-apply").last().unseen(anew)
	notarised := len(m.all("notarise").unseen(anew)) > 0
	if ended := slices.Contains([]string{casework.StateRefused, casework.StateWithdrawn, casework.StateDismissed, casework.StateRevoked}, s); s != casework.StateNone && (!ended || !notarised && orders == nil) {
		return s
	}
	ends := m.all("order-end").after(orders)
	switch {
	case notarised:
		return casework.StateNotarised
	case len(ends.with("result", "final")) > 0:
		return casework.StateOrderFinal
	case len(ends) > 0:
		return casework.StateOrderEnded
	case len(m.all("order-issue").after(orders)) > 0:
		return casework.StateOrderIssued
	case len(orders) > 0:
		return casework.StateOrderApplied
	}
	return casework.StateNone
}

func (m *tracks) application(applied stepSet) string {
	on := m.after(applied)
	has := func(step string) bool { return len(on.all(step)) > 0 }
	objections := on.all("confirm-objection")
	switch {
	case applied == nil:
		return casework.StateNone
	case has("confirm-rule") && len(objections.with("result", "upheld")) > 0:
		return casework.StateRevoked
	case has("confirm-rule") && len(on.all("confirm-object").unseen(objections)) > 0:
		return casework.StateObjected
	case has("confirm-rule"):
		return casework.StateConfirmed
	case has("confirm-dismiss"):
		return casework.StateDismissed
	case has("confirm-refuse"):
		return casework.StateRefused
	case has("confirm-withdraw"):
		return casework.StateWithdrawn
	case len(on.all("confirm-ask").unseen(on.all("confirm-supply"))) > 0:
		return casework.StateSupplement
	case has("confirm-accept"):
		return casework.StateAccepted
	case has("confirm-receive"):
		return casework.StateReceived
	}
	return casework.StateApplied
}

// referral is the state of the last letter that is not closed.
func (m *tracks) referral() string {
	if states := m.letters(); len(states) > 0 {
		return states[0]
	}
	return casework.StateNone
}

// letters are the states of the letters, the last first: of those that are not
// closed, where there are such.
func (m *tracks) letters() []string {
	var out []string
	for _, e := range m.all("refer", "refer-draft") {
		sent := slices.ContainsFunc(m.all("refer"), func(o *taken) bool { return o.text("draft") == e.id })
		if e.step == "refer-draft" && sent {
			continue
		}
		out = append(out, m.letter(e))
	}
	slices.Reverse(out)
	if slices.ContainsFunc(out, func(s string) bool { return s != casework.StateClosed }) {
		out = slices.DeleteFunc(out, func(s string) bool { return s == casework.StateClosed })
	}
	return out
}

func (m *tracks) letter(e *taken) string {
	about := m.with("referral", e.id)
	has := func(step string) bool { return len(about.all(step)) > 0 }
	switch {
	case e.step == "refer-draft":
		return casework.StateDraft
	case has("refer-close"), e.text("kind") == "guide":
		return casework.StateClosed
	case has("refer-recall"):
		return casework.StateRecalled
	case has("refer-report"):
		return casework.StateReported
	case has("refer-decline"):
		return casework.StateDeclined
	case has("refer-lapse"):
		return casework.StateLapsed
	case has("refer-accept"):
		for _, w := range m.all("accept", "assign", "start-session").after(about.all("refer-accept")) {
			if w.unit == e.text("to") {
				return casework.StateInWork
			}
		}
		return casework.StateAccepted
	case has("refer-receive"):
		return casework.StateReceived
	}
	return casework.StateSent
}
