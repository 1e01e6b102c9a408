package casework_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"hejie/app/casework"
	"hejie/app/tables"
)

var (
	villageAt  = casework.UnitCode{Division: "990125101203", Body: "tw"}
	courtAt    = casework.UnitCode{Division: "990125000000", Body: "fy"}
	shenzhenAt = casework.UnitCode{Division: "440305000000", Body: "zt"}
)

// wantRun looks at a clock of a record that a unit at a place owns.
func (r *record) wantRun(place casework.UnitCode, id, start, due, state string) {
	r.t.Helper()
	for _, c := range casework.Clocks(r.state, tables.Default(), unitAt("village"), place, r.held()...) {
		if c.Clock == id && c.StartedOn == start && c.DueOn == due && c.State == state {
			return
		}
	}
	r.t.Errorf("no %s from %s to %s, %s: %v", id, start, due, state, r.runs(place))
}

// owned is a record whose owner is such a body.
func owned(t *testing.T, place casework.UnitCode) *record {
	t.Helper()
	r := newRecord(t, goodDocument(t))
	others := r.setting.Unit
	r.setting.Unit = func(text string) (casework.Body, bool) {
		b, ok := others(text)
		if id := unitAt("village"); text == "village" || text == hex.EncodeToString(id[:]) {
			return casework.Body{ID: id, Code: place.Division + "-" + place.Body, Name: "示例单位", Kind: place.Body}, true
		}
		return b, ok
	}
	return r
}

func (r *record) runs(place casework.UnitCode) (out [][4]string) {
	for _, c := range casework.Clocks(r.state, tables.Default(), unitAt("village"), place, r.held()...) {
		out = append(out, [4]string{c.Clock, c.StartedOn, c.DueOn, c.State})
	}
	return out
}

// TestEveryClockIsStarted: no row of the table waits for something that no step
// ever is.
func TestEveryClockIsStarted(t *testing.T) {
	started := map[string]bool{}
	for _, story := range []struct {
		place    casework.UnitCode
		category string
		moves    string
	}{
		{villageAt, "02", "ask-supplement?until=2026-03-20 supplement " + toCourt + "confirm-rule@court confirm-object?by=interested&known=2026-02-01"},
		{villageAt, "02", toCourt + "confirm-rule@court default?term=1"},
		{villageAt, "02", toApplied + "confirm-receive@court confirm-ask@court?until=2026-04-01"},
		{villageAt, "02", toWork + "agree?acceleration=true sign notarise default?term=1 accelerate"},
		{villageAt, "02", toEffective + "order-apply order-issue"},
		{villageAt, "10a", "accept?known=2026-01-05"},
		{shenzhenAt, "02", "accept"},
		{courtAt, "02", "docket?procedure=simplified"},
		{courtAt, "02", "docket?procedure=ordinary"},
		{courtAt, "02", "accept"},
		{courtAt, "02", "refer?kind=delegate_pre&to=union refer-receive@union refer-accept@union"},
		{courtAt, "02", "refer?kind=delegate_pre&to=union&online=true refer-receive@union refer-accept@union"},
		{courtAt, "02", "refer?kind=entrust_post&to=union refer-receive@union refer-accept@union"},
		{courtAt, "02", "refer?kind=entrust_post&procedure=simplified&to=union refer-receive@union refer-accept@union"},
	} {
		r := owned(t, story.place)
		r.set(`{"category":"` + story.category + `"}`)
		walk{moves: story.moves}.goOn(r, false)
		r.act("consent", `{"at":"2026-04-20","purpose":"online","given":true,"by":["李大样","王小例"],"how":"online"}`)
		for _, run := range r.runs(story.place) {
			started[run[0]] = true
		}
	}
	for _, row := range tables.Default().Clocks().Rows {
		// Left to local rules: none runs until an authority publishes a length.
		if !started[row.ID] && row.ID != tables.ClockIntakeDecision {
			t.Errorf("%s is never started", row.ID)
		}
	}
}

// TestOnlineClocks: the court's days when parties ask to mediate online, and the
// body's from its acceptance on the platform (在线调解规则 arts. 10, 24).
func TestOnlineClocks(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	consent := func(day, by string) {
		t.Helper()
		r.act("consent", `{"at":"`+day+`","purpose":"online","given":true,"by":[`+by+`],"how":"online"}`)
	}
	consent("2026-03-10", `"李大样"`)
	r.wantRun(courtAt, "designate_mediator", "2026-03-10", "2026-03-13", "running")
	if has := slices.ContainsFunc(r.runs(courtAt), func(run [4]string) bool { return run[0] == "choose_mediator" || run[0] == "online" }); has {
		t.Errorf("one party alone starts them: %v", r.runs(courtAt))
	}
	consent("2026-03-11", `"王小例"`)
	r.wantRun(courtAt, "choose_mediator", "2026-03-11", "2026-03-13", "running")
	r.wantRun(courtAt, "online", "2026-03-11", "2026-04-10", "running")
	for _, run := range r.runs(villageAt) {
		if run[0] == "online" || run[0] == "designate_mediator" {
			t.Errorf("a committee's case has the court's clock %v", run)
		}
	}

	r = owned(t, courtAt)
	walk{moves: "refer?kind=delegate_pre&to=union&online=true refer-receive@union refer-accept@union"}.goOn(r, false)
	r.wantRun(courtAt, "online", "2026-03-12", "2026-04-13", "running") // 11 April is a Saturday
	for _, run := range r.runs(courtAt) {
		if run[0] == "delegated" {
			t.Errorf("an online letter has %v too", run)
		}
	}
}

// TestDocketingClock: a complaint is docketed in seven days, unless the parties
// agree to mediate first; when that fails the days begin with the return of the
// materials (民诉法 arts. 125, 126).
func TestDocketingClock(t *testing.T) {
	r := owned(t, courtAt)
	r.wantRun(courtAt, "docketing", "2026-03-09", "2026-03-16", "running")
	if runs := r.runs(villageAt); slices.ContainsFunc(runs, func(run [4]string) bool { return run[0] == "docketing" }) {
		t.Errorf("an application to a committee is no complaint: %v", runs)
	}
	walk{moves: "refer?kind=delegate_pre&to=union"}.goOn(r, false)
	r.wantRun(courtAt, "docketing", "2026-03-09", "2026-03-16", "ended")
	r.desk = "union"
	r.act("refer-receive", `{"at":"2026-03-11"}`)
	r.act("refer-accept", `{"at":"2026-03-11"}`)
	r.act("refer-report", `{"at":"2026-03-12","result":"refused","why":"被申请人不同意调解"}`)
	r.wantRun(courtAt, "docketing", "2026-03-12", "2026-03-19", "running")
	r.desk = "village"
	r.act("docket", `{"at":"2026-03-18","court_no":"（2026）样0125民初9号"}`)
	r.wantRun(courtAt, "docketing", "2026-03-12", "2026-03-19", "met")
}

// TestLimitationRunsAnew: asking a body for help, agreeing to perform and paying
// a part interrupt limitation, as long as it runs (民法典 art. 195, 诉讼时效规定
// arts. 12, 14; 劳动争议调解仲裁法 art. 27).
func TestLimitationRunsAnew(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.wantRun(villageAt, "limitation", "2026-03-09", "2029-03-09", "running")
	for _, step := range []string{"accept", "assign", "start-session", "agree", "sign"} {
		r.act(step, fields[step])
	}
	r.wantRun(villageAt, "limitation", "2026-03-17", "2029-03-19", "running") // the 17th is a Saturday
	r.act("perform", fields["perform"])
	count := 0
	for _, run := range r.runs(villageAt) {
		if run[0] == "limitation" {
			count++
		}
		if run[0] == "labour_arbitration" {
			t.Errorf("a dispute of neighbours has %v", run)
		}
	}
	if count != 1 {
		t.Errorf("%d runs of limitation: %v", count, r.runs(villageAt))
	}

	for known, want := range map[string][2]string{
		"2025-06-03": {"2026-03-09", "2027-03-09"}, // it still ran: anew from the request
		"2024-06-03": {"2024-06-03", "2025-06-03"}, // the year was over
		"":           {"2026-03-09", "2027-03-09"},
	} {
		r := newRecord(t, goodDocument(t))
		r.set(`{"category":"10b"}`)
		with := ""
		if known != "" {
			with = `,"known":"` + known + `"`
		}
		r.act("accept", `{"at":"2026-03-10"`+with+`}`)
		r.wantRun(villageAt, "labour_arbitration", want[0], want[1], "running")
	}
}
