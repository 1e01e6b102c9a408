package casework_test

import (
	"testing"

	"hejie/app/casework"
	"hejie/app/tables"
)

// clocksOf are the clocks of a record by their ids.
func (r *record) clocksOf() map[string]casework.Clock {
	out := map[string]casework.Clock{}
	for _, c := range casework.Clocks(r.state, tables.Default(), unitAt("village"), casework.UnitCode{Division: "990125101203", Body: "tw"}, r.held()...) {
		out[c.Clock] = c
	}
	return out
}

func (r *record) wantClock(id, start, due, state string) {
	r.t.Helper()
	c, ok := r.clocksOf()[id]
	if !ok || c.StartedOn != start || c.DueOn != due || c.State != state {
		r.t.Errorf("%s: %+v, want %s to %s, %s", id, c.Reading, start, due, state)
	}
}

// TestClocksOfACase: steps start, meet, pause and move the clocks; the days are
// those of the invented wall between neighbours.
func TestClocksOfACase(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.act("accept", `{"at":"2026-03-10"}`)
	r.wantClock("mediation", "2026-03-10", "2026-04-09", "running")
	r.act("assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	r.act("start-session", `{"at":"2026-03-12"}`)
	r.act("suspend", `{"at":"2026-03-13","reason":"appraisal"}`)
	r.wantClock("mediation", "2026-03-10", "2026-04-09", "paused")
	r.act("resume", `{"at":"2026-03-16"}`)
	r.wantClock("mediation", "2026-03-10", "2026-04-13", "running") // the 12th is a Sunday
	r.act("extend", `{"at":"2026-03-16","until":"2026-05-09","consent_by":["李大样","王小例"],"how":"written"}`)
	r.wantClock("mediation", "2026-03-10", "2026-05-09", "running") // a Saturday on which people work
	r.act("agree", fields["agree"])
	r.wantClock("mediation", "2026-03-10", "2026-05-09", "met")
	r.act("sign", fields["sign"])
	r.wantClock("confirmation_apply", "2026-03-17", "2026-04-16", "running")
	r.act("perform", fields["perform"])
	r.act("perform", fields["perform 2"])
	r.wantClock("confirmation_apply", "2026-03-17", "2026-04-16", "ended")
}
