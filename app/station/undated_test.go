package station

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"hejie/app/api"
)

// TestACaseReadsTheSameWhateverDayItIs holds that `case get` is a function of
// the operations: two stations in step, one a month ahead, give the same bytes,
// of a running clock and of one that stands still.
func TestACaseReadsTheSameWhateverDayItIs(t *testing.T) {
	_, town, village := county(t)
	ctx := context.Background()
	id := village.newCase("N-1")
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	village.act(id, "assign", `{"mediators":["赵示和"],"by":"parties","at":"2026-03-11"}`)
	ahead := town.o.Clock.(*ticking)
	ahead.mu.Lock()
	ahead.at += 31 * 24 * time.Hour.Milliseconds()
	ahead.mu.Unlock()
	check := func(when string) {
		t.Helper()
		meet(village, town)
		var bytes, today [2]string
		for i, d := range []*desk{village, town} {
			v, err := d.ss.Case(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			undated, err := json.Marshal(v.Undated())
			if err != nil {
				t.Fatal(err)
			}
			bytes[i] = string(undated)
			dated, err := json.Marshal(v.Clocks)
			if err != nil {
				t.Fatal(err)
			}
			today[i] = string(dated)
			if len(v.Clocks) == 0 || v.Clocks[0].Today == nil || v.Clocks[0].Today.On != d.ss.today() {
				t.Errorf("%s: the view lacks today's count: %+v", when, v.Clocks)
			}
		}
		if bytes[0] != bytes[1] {
			t.Errorf("%s: two nodes differ\n%s\n%s", when, bytes[0], bytes[1])
		}
		if today[0] == today[1] {
			t.Errorf("%s: a month apart, and the clocks as of today are the same: %s", when, today[0])
		}
	}
	check("running")
	village.act(id, "start-session", `{"at":"2026-03-12"}`)
	village.act(id, "suspend", `{"at":"2026-03-13","reason":"appraisal"}`)
	check("standing still")
	paused := false
	v, err := village.ss.Case(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Clocks {
		paused = paused || c.PausedOn != "" && c.DueOn != "" && c.Today != nil
	}
	if !paused {
		t.Errorf("no clock stands still: %+v", v.Clocks)
	}
	// What was taken out stands in the view that it was taken from.
	if u := v.Undated(); u.Clocks[0].Today != nil || v.Clocks[0].Today == nil {
		t.Errorf("%+v, and of it %+v", v.Clocks[0], u.Clocks[0])
	}
	var due api.DueList
	if due, err = village.ss.Due(ctx, api.DueQuery{All: true}); err != nil || len(due.Items) == 0 {
		t.Errorf("%+v, %v", due, err)
	}
}
