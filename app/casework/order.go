package casework

import (
	"slices"

	"hejie/sync/crdt"
)

// spine are the steps of mediation that follow one another in time. What goes
// along (consents, notices, visits) is often written down later, in any order.
var spine = []string{
	StepLead, StepMakeCase, StepAccept, StepRefuse, StepRedirect, StepAssign, StepStartSession, StepSuspend, StepResume,
	StepAgree, StepTerminate, StepStop, StepWithdraw, StepReopen, StepClose, StepArchive, StepDispose,
}

// follows reports whether a step comes after another in time.
func follows(step string, e *event) bool {
	track, other := trackOf(step), trackOf(e.step)
	switch {
	case step == StepClose:
		return contains(spine, e.step) || e.step == StepSign || e.step == StepPerform
	case step == StepArchive, step == StepDispose:
		return contains(spine, e.step)
	case track == trackMediation && (contains(spine, step) || step == StepSign || step == StepRefuseDraft):
		return contains(spine, e.step)
	case track == trackPerformance:
		return contains([]string{StepAccept, StepAgree, StepInForce, StepStartSession}, e.step)
	case track == trackConfirmation:
		return e.step == StepAgree || e.step == StepInForce || other == trackConfirmation
	}
	return false
}

// order refuses dates before what they follow: the receipt, or the step before
// on the same track. What is done under an agreement (signing, performing)
// follows the agreement, in any order among itself.
func (ck *checker) order(s *crdt.State, c *course, step string, value map[string]crdt.Value) {
	at, _ := value[keyAt].(string)
	if at == "" {
		return
	}
	if c.facts.lead != nil { // what was noted of a lead came before the request
		ck.notBefore(at, str(c.facts.lead.value[keyAt]), StepLead)
	} else if received := str(s.Register(root("received_at")).Shown); received != "" {
		ck.notBefore(at, received, "received")
	}
	for _, e := range c.counted {
		if e.day != "" && follows(step, e) {
			ck.notBefore(at, str(e.value[keyAt]), e.step)
		}
	}
	if letter := c.letter(value); letter != nil && step != StepRefer {
		for _, e := range []*event{letter.sent, letter.received, letter.accepted, letter.reported} {
			if e != nil {
				ck.notBefore(at, str(e.value[keyAt]), e.step)
			}
		}
	}
	if c.facts.effectiveOn != "" && (trackOf(step) == trackConfirmation || step == StepPerform) {
		ck.notBefore(at, c.facts.agreement.day, StepAgree)
	}
	if step == StepAgree {
		terms, _ := value[keyTerms].([]crdt.Value)
		for i, v := range terms {
			term, _ := v.(map[string]crdt.Value)
			if due := str(term["due"]); BeijingDay(due) < BeijingDay(at) {
				ck.fail(indexed(keyTerms, i)+".due", CodeOrder, "value", due, "before", at, "what", "agree")
			}
		}
	}
}

func (c *course) letter(value map[string]crdt.Value) *referral {
	if ref, ok := refOf(value[keyReferral]); ok {
		return c.facts.referralBy(ref)
	}
	return nil
}

// notBefore compares instants where both sides have a time, otherwise days.
// One complaint a field is enough.
func (ck *checker) notBefore(at, before, what string) {
	if slices.ContainsFunc(ck.problems, func(p *FieldError) bool { return p.Path == keyAt && p.Code == CodeOrder }) {
		return
	}
	a, okA := parseInstant(at)
	b, okB := parseInstant(before)
	switch {
	case okA && okB && a.Before(b):
		ck.fail(keyAt, CodeOrder, "value", at, "before", before, "what", what)
	case BeijingDay(at) < BeijingDay(before):
		ck.fail(keyAt, CodeOrder, "value", BeijingDay(at), "before", BeijingDay(before), "what", what)
	}
}
