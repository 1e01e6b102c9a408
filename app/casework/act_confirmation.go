package casework

import (
	"slices"
	"strings"

	"hejie/app/tables"
	"hejie/sync/crdt"
)

// Questions of the pre-check that end it (民诉法解释 arts. 355, 358). The
// others, with their order and words, are in the published table.
const (
	askStatus    = "status"    // identity: marriage, parents and children, adoption
	askOwnership = "ownership" // confirmation of ownership or IP rights
)

// ClockConfirmation is the clock of the joint application (人民调解法 art. 33).
const ClockConfirmation = tables.ClockConfirmationApply

func (c *course) completeConfirmation(ck *checker, s *crdt.State, step string, value map[string]crdt.Value) *Refusal {
	switch step {
	case StepConfirmApply:
		return c.applying(ck, s, value)
	case StepConfirmWithdraw, StepOrderApply:
		c.partiesNamed(ck, s, keyBy, value)
	}
	return nil
}

// applying checks a joint application: both sides, in time, at a court, about
// what may be confirmed.
func (c *course) applying(ck *checker, s *crdt.State, value map[string]crdt.Value) *Refusal {
	refuse := func(rule, article string, params ...string) *Refusal {
		return &Refusal{Step: StepConfirmApply, Rule: rule, Article: article, Params: pairs(params)}
	}
	value[keyParties] = c.partiesNamed(ck, s, keyBy, value)
	c.wantAll(ck, s, keyBy, value[keyParties])
	answers, _ := value[keyAnswers].([]crdt.Value)
	var said []string
	for _, v := range answers {
		answer, _ := v.(map[string]crdt.Value)
		question := str(answer["question"])
		said = append(said, question)
		yes := answer["answer"] == true
		switch {
		case yes && question == askStatus:
			return refuse("status_matter", "interpretation-355")
		case yes && question == askOwnership:
			return refuse("ownership_matter", "interpretation-355")
		}
	}
	for _, question := range []string{askStatus, askOwnership} {
		if !slices.Contains(said, question) {
			ck.fail(keyAnswers, "unanswered", "question", question)
		}
	}
	if last := ck.last(ClockConfirmation, c.facts.effectiveOn); last != "" && BeijingDay(str(value[keyAt])) > last {
		return refuse("too_late", "mediation-33", "last", last, "effective", c.facts.effectiveOn)
	}
	court := crdt.ID([]byte(unitKey(value[keyCourt])))
	if body, ok := ck.body(court); ok && !contains(courtBodies, body.Kind) {
		ck.fail(keyCourt, "no_court", "value", body.Code)
	} else if inviting, bound := c.inviting(ck); ok && bound && !sameCourt(inviting, body) {
		return refuse("other_court", "civil-205", "body", inviting.Code)
	}
	value[keyWithin] = ck.reads(court)
	return nil
}

// inviting is the court that delegated the mediation before docketing: the
// application goes there (民诉法 art. 205(1)). Without such a letter the parties
// have a choice, of which the pre-check asks.
func (c *course) inviting(ck *checker) (Body, bool) {
	for _, r := range c.facts.referrals {
		if r.kind() == kindDelegatePre && r.accepted != nil && r.recalled == nil && r.lapsed == nil {
			return ck.body(r.sent.op.Unit)
		}
	}
	return Body{}, false
}

// sameCourt reports whether two bodies are one court: a people's tribunal is
// part of the court of its county.
func sameCourt(a, b Body) bool {
	const county = len("990125")
	return a.ID == b.ID || len(a.Code) > county && len(b.Code) > county && a.Code[:county] == b.Code[:county]
}

// statusWords and ownershipWords in an obligation show what no court confirms
// under this procedure.
var (
	statusWords    = []string{"解除婚姻关系", "离婚", "确认婚姻", "解除收养", "确认收养", "亲子关系", "抚养权归"}
	ownershipWords = []string{"所有权归", "使用权归", "产权归", "确认权属", "确权", "专利权归", "商标权归", "著作权归"}
)

// unconfirmable is the rule by which no court confirms the agreement as it is
// worded; "" for none. A term that excludes such a matter may name it.
func (c *course) unconfirmable() string {
	if c.facts.agreement.form() == "oral" {
		return "oral_confirmation"
	}
	for n := int64(1); n <= c.facts.agreement.termCount(); n++ {
		what := str(c.term(n)["what"])
		if strings.Contains(what, "不作为") || strings.Contains(what, "不涉及") {
			continue
		}
		says := func(w string) bool { return strings.Contains(what, w) }
		switch {
		case slices.ContainsFunc(statusWords, says):
			return "status_matter"
		case slices.ContainsFunc(ownershipWords, says):
			return "ownership_matter"
		}
	}
	return ""
}

func (c *checker) last(clock, began string) string {
	if c.set == nil || c.set.Last == nil || began == "" {
		return ""
	}
	return c.set.Last(clock, began)
}

func (c *checker) reads(unit crdt.ID) bool {
	return c.set != nil && c.set.Reads != nil && c.set.Reads(unit)
}

func (c *checker) body(unit crdt.ID) (Body, bool) {
	if c.set == nil || c.set.Unit == nil {
		return Body{}, false
	}
	return c.set.Unit(hexID(unit))
}
