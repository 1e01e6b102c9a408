package casework

import (
	"regexp"
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// sumForm finds a sum of money in words: an obligation that names one has to
// give it as an amount, so that it can be added up, watched and enforced.
var sumForm = regexp.MustCompile(`[0-9０-９一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟][0-9０-９,，.一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]*\s*(?:万|亿)?(?:元|块钱)`)

// checkTerms looks at the obligations of an agreement: each needs who, what,
// when, and how much where it is about money (人民调解法 art. 29; 民诉法解释 art. 358).
func (c *checker) checkTerms(s *crdt.State, course *course, value map[string]crdt.Value) {
	people := signers(parties(s), course, str(value[keyAt]))
	terms, _ := value[keyTerms].([]crdt.Value)
	for i, v := range terms {
		term, _ := v.(map[string]crdt.Value)
		at := indexed(keyTerms, i)
		_, sum := term["amount_fen"].(int64)
		switch pay := str(term["kind"]) == "pay"; {
		case !sum && (pay || sumForm.MatchString(str(term["what"]))):
			c.fail(at+".amount_fen", "no_amount")
		case pay && term["amount_fen"] == int64(0):
			c.fail(at+".amount_fen", "no_amount")
		}
		if who := strings.TrimSpace(str(term["who"])); people[who] == nil && !isEverybody(who) {
			c.warn(at+".who", "who_unknown", "value", shorten(who))
		}
	}
}

// isEverybody are the words by which agreements mean all parties.
func isEverybody(who string) bool {
	return slices.Contains([]string{"双方", "各方", "双方当事人", "各方当事人", "全体当事人"}, who)
}

// completePerformance looks at what is said of a term.
func (c *course) completePerformance(ck *checker, s *crdt.State, step string, value map[string]crdt.Value) *Refusal {
	n, named := value[keyTerm].(int64)
	if named {
		if n < 1 || n > c.facts.agreement.termCount() {
			ck.fail(keyTerm, "choice", "value", itoa(n), "known", "1–"+itoa(c.facts.agreement.termCount()))
			return nil
		}
		if c.facts.performed[n] != nil {
			return &Refusal{Step: step, Rule: "term_done", Article: "mediation-31", Params: map[string]string{"term": itoa(n)}}
		}
	}
	switch step {
	case StepPerform:
		c.payment(ck, n, value)
	case StepDefault:
		if due := c.dueOf(n); due != "" && BeijingDay(str(value[keyAt])) <= due {
			ck.fail(keyAt, "not_due", "due", due, "term", itoa(n))
		}
	case StepHasten, StepWaive, StepEnforce, StepSue:
		c.partiesNamed(ck, s, keyBy, value)
	}
	return nil
}

// payment tells whether a payment completes its term: together with what was
// paid before it reaches the amount, or no amount was given.
func (c *course) payment(ck *checker, n int64, value map[string]crdt.Value) {
	owed, isSum := c.term(n)["amount_fen"].(int64)
	given, part := value[keyAmount].(int64)
	if !isSum || !part || owed == 0 {
		return // done, as before there were part payments
	}
	total := given
	for _, e := range c.facts.paid[n] {
		v, _ := e.value[keyAmount].(int64)
		total += v
	}
	if total > owed {
		ck.warn(keyAmount, "paid_more", "total", itoa(total), "owed", itoa(owed))
	}
	value[keyDone] = total >= owed
}

// term is the n-th term of the agreement, from 1; nil in a digest.
func (c *course) term(n int64) map[string]crdt.Value {
	if c.facts.agreement == nil {
		return nil
	}
	list, _ := c.facts.agreement.value[keyTerms].([]crdt.Value)
	if n < 1 || n > int64(len(list)) {
		return nil
	}
	term, _ := list[n-1].(map[string]crdt.Value)
	return term
}

// dueOf is the Beijing day by which a term is to be performed; after an
// acceleration at the latest the day of that.
func (c *course) dueOf(n int64) string {
	due := c.agreedDue(n)
	if h := c.facts.hastened; h != nil && h.day < due {
		return h.day
	}
	return due
}

// agreedDue is the Beijing day that the agreement names for a term.
func (c *course) agreedDue(n int64) string { return BeijingDay(str(c.term(n)["due"])) }
