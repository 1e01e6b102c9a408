package casework

import (
	"slices"

	"hejie/sync/crdt"
)

// entitled reports whether the author's unit is the desk whose step this is,
// as the referrals and applications tell that digests show too. Whether the
// unit stands to the case at all, and his roles, are Judge's to ask.
func (f *facts) entitled(r *rule, e *event) bool {
	unit := string(e.op.Unit[:])
	outside := f.outsiders[unit]
	switch r.desk {
	case deskWork:
		return !outside || f.handles(unit)
	case deskMediator:
		if f.handed() {
			return f.handles(unit)
		}
		return !outside
	case deskKeeper:
		return !outside
	case deskSender:
		letter := f.referralOf(e)
		return !outside || letter != nil && letter.sent.op.Unit == e.op.Unit
	case deskReceiver:
		letter := f.referralOf(e)
		return letter != nil && letter.to() == unit
	case deskCourt:
		return f.application != nil && unitKey(f.application.applied.value[keyCourt]) == unit
	}
	return true
}

// mayHaveDecided reports whether the unit that decided between two events was
// the one to ask. It looks at the letters and applications as such, whatever
// became of them, so that it never depends on a decision.
func (l *log) mayHaveDecided(decision, a, b *event) bool {
	return l.decides(DeciderOf(a.step, b.step), decision.op.Unit, a, b)
}

func (l *log) decides(d Decider, unit crdt.ID, about ...*event) bool {
	key := string(unit[:])
	outside, handed, sent, court := false, false, false, false
	for _, e := range l.events {
		switch e.step {
		case StepRefer:
			if unitKey(e.value[keyTo]) == key && str(e.value[keyKind]) != kindGuide {
				outside = outside || e.value[keyWithin] != true
				handed = handed || contains(handsOver, str(e.value[keyKind]))
			}
			sent = sent || e.op.Unit == unit
		case StepConfirmApply:
			if unitKey(e.value[keyCourt]) == key {
				court = true
				outside = outside || e.value[keyWithin] != true
			}
		}
	}
	switch d {
	case ByCourt:
		return court
	case BySender:
		return !outside || sent
	case ByReceiver:
		return slices.ContainsFunc(about, func(e *event) bool {
			at := l.letterOf(e)
			return at >= 0 && unitKey(l.events[at].value[keyTo]) == key
		})
	}
	return !outside || handed
}

// mayDecide tells whether the actor may decide a dispute of this kind; nil: yes.
func (c *course) mayDecide(d Decider, a Actor) *Refusal {
	if c.log.decides(d, a.Unit, c.about()...) && a.has(deciderRoles[d]) {
		return nil
	}
	return &Refusal{Step: stepSettle, Rule: "settle_" + string(d)}
}

var deciderRoles = map[Decider][]string{
	ByHandler: settleRoles, ByCourt: bench, BySender: {RoleDirector, RoleMediator, RoleClerk, RoleJudge}, ByReceiver: settleRoles,
}
