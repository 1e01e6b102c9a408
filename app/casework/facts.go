package casework

import (
	"slices"

	"hejie/sync/crdt"
)

// facts are what a set of standing events says. It is made by going through
// them once in causal order; what undoes (reopening, resuming, supplementing)
// takes away only what it saw, so that two desks that worked apart lose nothing.
type facts struct {
	l *log

	lead, kept, made *event
	asked            []int // requests for a supplement that are open
	accepted         *event
	refused          []int
	redirected       []int
	assigned         []*event
	sessions         []*event
	mediated         []*event // acceptances, assignments and sessions: by whom
	suspended        []int
	extended         []*event
	ends             []int // terminate, stop, withdraw
	advised          []int
	closed, archived []int
	disposals        []int
	dockets, suits   []*event
	numbers          []*event
	voided           []*event
	refusing         map[crdt.Ref]*event // party -> it refused to be mediated, last word

	agreement   *event // what was entered, else the last draft
	agreementAt int
	entered     *event // the agreement that is in force; nil: none
	entries     []int  // it, and those that say the same
	signs       []*event
	signing
	effectiveOn                  string             // day of effect of what was entered
	completeOn                   string             // since when a draft lacks nothing, not entered yet
	performed                    map[int64]*event   // term -> what completed it
	paid                         map[int64][]*event // term -> payments and part payments
	defaults                     map[int64]*event
	urges                        []*event
	hastened, enforced, sued     *event
	referrals                    []*referral
	application                  *application
	notarised, orderIssued, over *event
	orders                       []*event // applications for an order to pay
	visits, risks, reported      []*event
	consents, notices            []*event
	minutes, released            []*event        // what left the notes by a lawful door
	confirmedFacts               *event          // the undisputed facts that were confirmed last
	outsiders                    map[string]bool // units that hold the case by a referral or application alone
}

// facts reads a set of events. Of several alike the first counts.
func (l *log) facts(in bitset) facts {
	f := facts{
		l: l, signing: signing{signed: map[crdt.Ref]string{}}, performed: map[int64]*event{}, paid: map[int64][]*event{},
		defaults: map[int64]*event{}, refusing: map[crdt.Ref]*event{}, outsiders: map[string]bool{},
	}
	for i, e := range l.events {
		if in.has(i) {
			f.read(i, e)
		}
	}
	if f.agreement != nil {
		f.readAgreement(in)
	}
	return f
}

func (f *facts) read(i int, e *event) {
	switch rule := ruleOf[e.step]; {
	case rule == nil:
	case rule.track == trackReferral:
		f.readReferral(e)
	case rule.track == trackConfirmation:
		f.readConfirmation(e)
	case rule.track == trackMediation:
		f.readMediation(i, e)
	}
}

func (f *facts) readMediation(i int, e *event) {
	switch e.step {
	case StepLead:
		f.lead = first(f.lead, e)
	case StepKeepLead:
		f.kept = first(f.kept, e)
	case StepMakeCase:
		f.made = first(f.made, e)
	case StepAskSupplement:
		f.asked = append(f.asked, i)
	case StepSupplement:
		f.asked = f.unseen(f.asked, e)
	case StepAccept:
		f.accepted = first(f.accepted, e)
		f.mediated = append(f.mediated, e)
		f.addNumber(e)
	case StepRefuse:
		f.refused = append(f.refused, i)
	case StepRedirect:
		f.redirected = append(f.redirected, i)
	case StepAssign:
		f.assigned = slices.DeleteFunc(f.assigned, func(o *event) bool { return f.saw(e, o) })
		f.assigned = append(f.assigned, e)
		f.mediated = append(f.mediated, e)
	case StepRecuse:
		if e.value[keyLeft] == int64(0) {
			f.assigned = slices.DeleteFunc(f.assigned, func(o *event) bool { return f.saw(e, o) })
		}
	case StepStartSession:
		f.sessions = append(f.sessions, e)
		f.mediated = append(f.mediated, e)
	case StepSuspend:
		f.suspended = append(f.suspended, i)
	case StepResume:
		f.suspended = f.unseen(f.suspended, e)
	case StepExtend:
		f.extended = append(f.extended, e)
	case StepAgree:
		// A later wording replaces what was agreed and not yet in force.
		if f.entered == nil {
			f.agreement, f.agreementAt = e, i
		}
	case StepRefuseDraft:
		if f.entered == nil && f.isDraft(e) {
			f.agreement = nil
		}
	case StepInForce:
		f.enter(i, e)
	case StepReopen:
		f.reopen(e)
	default:
		f.readAround(i, e)
	}
}

// readAround reads what accompanies the course.
func (f *facts) readAround(i int, e *event) {
	switch e.step {
	case StepNumber:
		f.addNumber(e)
	case StepVoidNumber:
		f.voided = append(f.voided, e)
	case StepTerminate, StepStop, StepWithdraw:
		f.ends = append(f.ends, i)
	case StepAdvise:
		f.advised = append(f.advised, i)
	case StepClose:
		f.closed = append(f.closed, i)
	case StepArchive:
		f.archived = append(f.archived, i)
	case StepDispose:
		f.disposals = append(f.disposals, i)
	case StepDocket:
		f.dockets = append(f.dockets, e)
	case StepSuit:
		f.suits = append(f.suits, e)
	case StepFollowUp:
		f.visits = append(f.visits, e)
	case StepRisk:
		f.risks = append(f.risks, e)
	case StepReportRisk:
		f.reported = append(f.reported, e)
	case StepUndisputed:
		f.confirmedFacts = e
	case StepGiveMinutes:
		f.minutes = append(f.minutes, e)
	case StepRelease:
		f.released = append(f.released, e)
	case StepNotice:
		f.notices = append(f.notices, e)
	case StepConsent:
		f.readConsent(e)
	}
}

func (f *facts) readConsent(e *event) {
	f.consents = append(f.consents, e)
	if str(e.value[keyPurpose]) != purposeMediation {
		return
	}
	for _, p := range e.refs(keyParties) {
		if e.value[keyGiven] == true {
			if had := f.refusing[p]; had != nil && f.saw(e, had) {
				delete(f.refusing, p)
			}
		} else {
			f.refusing[p] = e
		}
	}
}

func (f *facts) addNumber(e *event) {
	if str(e.value[keyNumber]) != "" {
		f.numbers = append(f.numbers, e)
	}
}

// reopen takes away the endings that it saw; anew also the agreement, and
// what rested on it.
func (f *facts) reopen(e *event) {
	for _, list := range []*[]int{&f.refused, &f.redirected, &f.ends, &f.advised, &f.closed, &f.archived, &f.disposals} {
		*list = f.unseen(*list, e)
	}
	if e.value[keyAnew] == true && f.agreement != nil && e.before.has(f.agreementAt) {
		f.agreement, f.entered, f.entries = nil, nil, nil
		f.giveUp(e)
	}
}

// unseen are those of a list that e did not see.
func (f *facts) unseen(list []int, e *event) []int {
	return slices.DeleteFunc(slices.Clone(list), func(i int) bool { return e.before.has(i) })
}

func (f *facts) saw(e, o *event) bool { return e.before.has(f.l.index[o.ref]) }

// enter notes an agreement that was entered; of those that say the same the
// first counts, and the earliest day.
func (f *facts) enter(i int, e *event) {
	f.entries = append(f.entries, i)
	if f.entered == nil {
		f.entered, f.agreement, f.agreementAt = e, e, i
	}
}

// isDraft reports whether an event names the draft that counts; who names none
// means the last that he saw.
func (f *facts) isDraft(e *event) bool {
	ref, named := refOf(e.value[keyAgreement])
	return f.agreement != nil && (!named || ref == f.agreement.ref)
}

// signsThis reports whether a signature is one under the draft that counts.
func (f *facts) signsThis(e *event) bool { return f.entered == nil && f.isDraft(e) }

func (f *facts) readAgreement(in bitset) {
	under := []int{f.agreementAt}
	if f.entered != nil {
		under = f.entries
	}
	for i, e := range f.l.events {
		if !in.has(i) || !slices.ContainsFunc(under, e.before.has) {
			continue
		}
		switch {
		case e.step == StepSign && f.signsThis(e):
			f.readSigning(e)
		case ruleOf[e.step] != nil && ruleOf[e.step].track == trackPerformance:
			f.readPerformance(e)
		}
	}
	if f.entered == nil {
		f.completeOn = f.signing.completeOn(f.agreement)
		return
	}
	for _, i := range f.entries {
		f.effectiveOn = earlier(f.effectiveOn, f.l.events[i].day)
	}
	rows, _ := f.entered.value[keySigned].([]crdt.Value)
	for _, row := range rows {
		if value, ok := row.(map[string]crdt.Value); ok {
			f.signing.read(value, refsOf(value[keyParties]))
		}
	}
}

func (f *facts) readSigning(e *event) {
	f.signs = append(f.signs, e)
	f.signing.read(e.value, e.refs(keyParties))
}

func (f *facts) readPerformance(e *event) {
	term, _ := e.value[keyTerm].(int64)
	switch e.step {
	case StepPerform:
		f.paid[term] = append(f.paid[term], e)
		if e.value[keyDone] != false { // absent in what an earlier program wrote: it was all
			f.performed[term] = first(f.performed[term], e)
		}
	case StepWaive:
		f.performed[term] = first(f.performed[term], e)
	case StepDefault:
		f.defaults[term] = e
	case StepUrge:
		f.urges = append(f.urges, e)
	case StepHasten:
		f.hastened = first(f.hastened, e)
	case StepEnforce:
		f.enforced = first(f.enforced, e)
	case StepSue:
		f.sued = first(f.sued, e)
	}
}

// openTerms counts the terms that are not performed.
func (f *facts) openTerms() int64 {
	if f.agreement == nil {
		return 0
	}
	n := f.agreement.termCount()
	for term := range f.performed {
		if term >= 1 && term <= f.agreement.termCount() {
			n--
		}
	}
	return n
}

// hasTerm reports whether the agreement has the term that a step names; a step
// that names none means them all.
func (f *facts) hasTerm(e *event) bool {
	n, named := e.value[keyTerm].(int64)
	return !named || f.agreement != nil && n >= 1 && n <= f.agreement.termCount()
}

// untouched reports whether nothing was done with the case yet.
func (f *facts) untouched() bool {
	return f.lead == nil && f.accepted == nil && f.asked == nil && f.referrals == nil && f.dockets == nil
}

// enforceable reports whether a court may enforce the agreement: it was
// confirmed, notarised, or an order to pay took effect.
func (f *facts) enforceable() bool {
	switch f.confirmation() {
	case StateConfirmed, StateNotarised, StateOrderFinal:
		return true
	}
	return false
}

// docketedSince reports whether a court docketed a suit after the agreement was
// in force.
func (f *facts) docketedSince() bool {
	return f.entered != nil && slices.ContainsFunc(f.dockets, func(e *event) bool { return f.saw(e, f.entered) })
}

// settledElsewhere reports whether an effective agreement leaves nothing to do
// here: performed, or in the hands of a court.
func (f *facts) settledElsewhere() bool {
	return f.openTerms() == 0 || f.enforced != nil || f.sued != nil
}

func first(had, e *event) *event {
	if had != nil {
		return had
	}
	return e
}

func earlier(a, b string) string {
	if a == "" {
		return b
	}
	return min(a, b)
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
