//go:build unix

package county

import (
	"fmt"
	"slices"
	"testing"
)

// TestStories drives the two example cases, and what else could have become of
// the second, through one county.
func TestStories(t *testing.T) {
	c := newCounty(t)
	court, town := c.courtAndTown()
	c.villages(town)
	c.neighbour(court)
	stories := []*story{
		c.tell("案例一 围墙边界邻里纠纷", wall),
		c.tell("案例二 拖欠工资：委派、分期履行、司法确认", toTown, notSent, sending, notReceived, received, mediated, notApplied, confirmed, notRuled, ruled, performed),
		c.tell("反例一 第二期没有付", pick(toTown, "case new"), pick(sending, "refer", "sync"), pick(received, "refer-receive", "refer-accept", "accept", "assign"),
			pick(mediated, "start-session", "agree", "sign", "perform"), pick(confirmed, "confirm-apply", "refer-report", "sync", "confirm-accept"), pick(ruled, "confirm-rule", "refer-close", "sync"), unpaid),
		c.tell("反例二 公司拒绝调解", pick(toTown, "case new"), pick(sending, "refer", "sync"), pick(received, "refer-receive", "refer-accept", "accept", "assign"), refuses),
	}
	if t.Failed() {
		return
	}
	for _, s := range stories {
		s.history()
	}
	c.report()
	c.sound()
	if !t.Failed() {
		page(t, stories)
	}
}

// history wants every step of a story with who took it.
func (s *story) history() {
	s.t.Helper()
	where := "镇"
	var seen []string
	for _, line := range s.desks[where].lines("case", "history", s.id) {
		if step := text(line, "step"); step != "" {
			seen = append(seen, fmt.Sprintf("%s %s", step, text(line, "seat_name")))
		}
	}
	for _, step := range s.taken {
		at := slices.Index(seen, step)
		if at < 0 {
			s.t.Errorf("%s: the history lacks %q: %q", s.title, step, seen)
			continue
		}
		seen = slices.Delete(seen, at, at+1)
	}
}
