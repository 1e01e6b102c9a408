package casework

import (
	"slices"

	"hejie/sync/crdt"
)

// referral is one referral with what became of it.
type referral struct {
	sent                                           *event // or drafted
	draft                                          bool
	received, accepted, declined, lapsed, recalled *event
	reported, closed                               *event
	extended                                       []*event
	worked                                         bool // the receiver took steps of mediation after accepting
}

// Kinds of referral (DOMAIN 2.1) that rules name.
const (
	kindGuide        = "guide"
	kindDelegatePre  = "delegate_pre"
	kindEntrustPost  = "entrust_post"
	kindInvite       = "invite"
	kindTransfer     = "transfer"
	kindHandUp       = "hand_up"
	kindHandDown     = "hand_down"
	kindGuidance     = "guidance"
	purposeMediation = "mediation"
	purposeOnline    = "online"
	resultAgreed     = "agreed"
	resultSham       = "fake"
	choiceSue        = "sue"
	outcomeConfirmed = "confirmed"
	outcomeDocketed  = "docketed"
)

// handsOver are the kinds by which the receiver works on the dispute; by the
// others it advises or attends, and the sender goes on.
var handsOver = []string{kindDelegatePre, kindEntrustPost, kindTransfer, kindHandUp, kindHandDown}

// needsConsent are the kinds that need the parties' consent (民事调解规定 art. 1,
// 特邀调解规定 art. 11, 宁波条例 art. 19).
var needsConsent = []string{kindDelegatePre, kindEntrustPost, kindTransfer}

func (r *referral) kind() string { return str(r.sent.value[keyKind]) }

// to is the unit to which it went, as in an event's value.
func (r *referral) to() string { return unitKey(r.sent.value[keyTo]) }

// state is where it stands (DOMAIN 2.3). What the sender closed is closed,
// whatever came before.
func (r *referral) state() string {
	switch {
	case r.draft:
		return StateDraft
	case r.closed != nil, r.kind() == kindGuide:
		return StateClosed
	case r.recalled != nil:
		return StateRecalled
	case r.reported != nil:
		return StateReported
	case r.declined != nil:
		return StateDeclined
	case r.lapsed != nil:
		return StateLapsed
	case r.accepted != nil && r.worked:
		return StateInWork
	case r.accepted != nil:
		return StateAccepted
	case r.received != nil:
		return StateReceived
	}
	return StateSent
}

// underWay reports whether it waits for its receiver.
func (r *referral) underWay() bool {
	return contains([]string{StateSent, StateReceived, StateAccepted, StateInWork}, r.state())
}

// underWay is the referral that hands over the work and waits for its receiver; nil: none.
func (f *facts) underWay() *referral {
	for _, r := range f.referrals {
		if r.underWay() && contains(handsOver, r.kind()) {
			return r
		}
	}
	return nil
}

func (f *facts) readReferral(e *event) {
	switch e.step {
	case StepReferDraft:
		f.referrals = append(f.referrals, &referral{sent: e, draft: true})
		return
	case StepRefer:
		f.send(e)
		return
	}
	r := f.referralOf(e)
	if r == nil {
		return
	}
	switch e.step {
	case StepReferReceive:
		r.received = first(r.received, e)
	case StepReferAccept:
		r.accepted = first(r.accepted, e)
	case StepReferDecline:
		r.declined = first(r.declined, e)
	case StepReferLapse:
		r.lapsed = first(r.lapsed, e)
	case StepReferRecall:
		r.recalled = first(r.recalled, e)
	case StepReferExtend:
		r.extended = append(r.extended, e)
	case StepReferReport:
		r.reported = first(r.reported, e)
	case StepReferClose:
		r.closed = first(r.closed, e)
		if str(e.value[keyOutcome]) == outcomeDocketed {
			f.dockets = append(f.dockets, e)
		}
	}
}

// send notes a letter that went out, in the place of its draft.
func (f *facts) send(e *event) {
	if e.value[keyWithin] != true && str(e.value[keyKind]) != kindGuide {
		f.outsiders[unitKey(e.value[keyTo])] = true
	}
	if ref, ok := refOf(e.value[keyDraft]); ok {
		f.referrals = slices.DeleteFunc(f.referrals, func(r *referral) bool { return r.draft && r.sent.ref == ref })
	}
	f.referrals = append(f.referrals, &referral{sent: e})
}

// referralOf is the referral that a step names, or the last one that it saw
// and that was sent; nil: none.
func (f *facts) referralOf(e *event) *referral {
	if ref, ok := refOf(e.value[keyReferral]); ok {
		return f.referralBy(ref)
	}
	for i := len(f.referrals) - 1; i >= 0; i-- {
		if r := f.referrals[i]; !r.draft && f.saw(e, r.sent) {
			return r
		}
	}
	return nil
}

func (f *facts) referralBy(ref crdt.Ref) *referral {
	for _, r := range f.referrals {
		if r.sent.ref == ref {
			return r
		}
	}
	return nil
}

// handles reports whether a unit works on the dispute by a referral.
func (f *facts) handles(unit string) bool {
	return slices.ContainsFunc(f.referrals, func(r *referral) bool { return r.to() == unit && r.works() })
}

// takesOver reports whether by this kind of letter its receiver does the work.
func (r *referral) takesOver() bool { return contains(handsOver, r.kind()) }

// handed reports whether another body works on the dispute by a referral.
func (f *facts) handed() bool { return slices.ContainsFunc(f.referrals, (*referral).works) }

// passedOn reports whether the dispute came to another body since an event, by
// a letter that hands it over or by its way back.
func (f *facts) passedOn(since *event) bool {
	return slices.ContainsFunc(f.referrals, func(r *referral) bool {
		if r.accepted == nil || !contains(handsOver, r.kind()) {
			return false
		}
		passed := []*event{r.accepted}
		if !r.works() {
			passed = append(passed, r.reported, r.recalled, r.lapsed, r.closed)
		}
		return slices.ContainsFunc(passed, func(e *event) bool { return e != nil && f.saw(e, since) })
	})
}

// works reports whether the receiver works on the dispute: from accepting until
// it gives the work back. Where it reports an agreement it goes on: who mediated
// sees to the performance (人民调解法 art. 31).
func (r *referral) works() bool {
	if r.accepted == nil || r.recalled != nil || r.lapsed != nil || !contains(handsOver, r.kind()) {
		return false
	}
	return r.closed == nil && r.reported == nil || r.reported != nil && str(r.reported.value[keyResult]) == resultAgreed
}

// referral is the state of the track: that of the last letter that is not
// finished, otherwise of the last.
func (f *facts) referral() string {
	out := StateNone
	for _, r := range f.referrals {
		s := r.state()
		if out == StateNone || s != StateClosed || out == StateClosed {
			out = s
		}
	}
	return out
}

// application is a joint application for judicial confirmation. Two desks may
// have sent it alike while apart: what the court does on either counts.
type application struct {
	applied                               *event   // the first
	alike                                 []*event // all of them
	received, accepted, refused           *event
	withdrawn, ruled, dismissed, objected *event
	asked, objections                     []*event // that nobody answered yet
	upheld                                bool     // an objection was: the ruling is revoked
}

func (f *facts) readConfirmation(e *event) {
	switch e.step {
	case StepConfirmApply:
		f.apply(e)
	case StepNotarise:
		f.notarised = first(f.notarised, e)
	case StepOrderApply:
		if f.sawOne(e, f.orders) {
			f.orders, f.orderIssued, f.over = nil, nil, nil
		}
		f.orders = append(f.orders, e)
	case StepOrderIssue, StepOrderEnd:
		switch {
		case !f.sawOne(e, f.orders):
		case e.step == StepOrderIssue:
			f.orderIssued = first(f.orderIssued, e)
		default:
			f.over = first(f.over, e)
		}
	default:
		if f.application != nil && f.sawOne(e, f.application.alike) {
			f.readApplication(f.application, e)
		}
	}
}

// apply notes an application: a new one, where its author knew of the one before.
func (f *facts) apply(e *event) {
	if f.application == nil || f.sawOne(e, f.application.alike) {
		f.application = &application{applied: e}
	}
	f.application.alike = append(f.application.alike, e)
	if e.value[keyWithin] != true {
		f.outsiders[unitKey(e.value[keyCourt])] = true
	}
}

// giveUp takes away what rested on an agreement when the parties begin anew.
func (f *facts) giveUp(e *event) {
	if f.application != nil && f.sawOne(e, f.application.alike) {
		f.application = nil
	}
	if f.sawOne(e, f.orders) {
		f.orders, f.orderIssued, f.over = nil, nil, nil
	}
	if f.notarised != nil && f.saw(e, f.notarised) {
		f.notarised = nil
	}
}

func (f *facts) sawOne(e *event, list []*event) bool {
	return slices.ContainsFunc(list, func(o *event) bool { return f.saw(e, o) })
}

// unanswered are those of a list that e did not see.
func (f *facts) unanswered(list []*event, e *event) []*event {
	return slices.DeleteFunc(slices.Clone(list), func(o *event) bool { return f.saw(e, o) })
}

func (f *facts) readApplication(a *application, e *event) {
	switch e.step {
	case StepConfirmReceive:
		a.received = first(a.received, e)
	case StepConfirmAsk:
		a.asked = append(a.asked, e)
	case StepConfirmSupply:
		a.asked = f.unanswered(a.asked, e)
	case StepConfirmAccept:
		a.accepted = first(a.accepted, e)
	case StepConfirmRefuse:
		a.refused = first(a.refused, e)
	case StepConfirmWithdraw:
		a.withdrawn = first(a.withdrawn, e)
	case StepConfirmRule:
		a.ruled = first(a.ruled, e)
	case StepConfirmDismiss:
		a.dismissed = first(a.dismissed, e)
	case StepConfirmObject:
		a.objected = e
		a.objections = append(a.objections, e)
	case StepConfirmObjection:
		a.objections = f.unanswered(a.objections, e)
		a.upheld = a.upheld || str(e.value[keyResult]) == "upheld"
	}
}

func (a *application) state() string {
	switch {
	case a.ruled != nil && a.upheld:
		return StateRevoked
	case a.ruled != nil && len(a.objections) > 0:
		return StateObjected
	case a.ruled != nil:
		return StateConfirmed
	case a.dismissed != nil:
		return StateDismissed
	case a.refused != nil:
		return StateRefused
	case a.withdrawn != nil:
		return StateWithdrawn
	case len(a.asked) > 0:
		return StateSupplement
	case a.accepted != nil:
		return StateAccepted
	case a.received != nil:
		return StateReceived
	}
	return StateApplied
}

// confirmation is the state of the track. A ruling outweighs every other way;
// then what was begun last counts.
func (f *facts) confirmation() string {
	if f.application != nil {
		s := f.application.state()
		if !contains([]string{StateRefused, StateWithdrawn, StateDismissed, StateRevoked}, s) || f.notarised == nil && f.orders == nil {
			return s
		}
	}
	switch {
	case f.notarised != nil:
		return StateNotarised
	case f.over != nil && str(f.over.value[keyResult]) == "final":
		return StateOrderFinal
	case f.over != nil:
		return StateOrderEnded
	case f.orderIssued != nil:
		return StateOrderIssued
	case f.orders != nil:
		return StateOrderApplied
	}
	return StateNone
}

// unitKey is a unit's id in an event's value as a key of maps; "" where there is none.
func unitKey(v crdt.Value) string {
	b, ok := v.([]byte)
	if !ok || len(b) != len(crdt.ID{}) {
		return ""
	}
	return string(b)
}
