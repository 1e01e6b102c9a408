package tables

import "testing"

// TestLongPauses: however absurd the days of a case, a reading comes at once
// and names each unknown year once.
func TestLongPauses(t *testing.T) {
	h := History{StartedOn: "2026-09-01", Pauses: []Standing{{"appraisal", "2026-09-02", "2200-12-31"}}}
	clock, _ := Default().Clock(ClockReferralAnswer)
	clock.Pauses = []string{"appraisal"}
	r, err := Run(Default().Calendar(), clock, h)
	if err != nil {
		t.Fatal(err)
	}
	if r.DueOn <= "2200-12-31" || len(r.Warnings) > 200 {
		t.Errorf("due on %s with %d warnings", r.DueOn, len(r.Warnings))
	}
	seen := map[string]bool{}
	for _, w := range r.Warnings {
		if seen[w.Params["year"]] {
			t.Fatalf("%s is named twice", w.Params["year"])
		}
		seen[w.Params["year"]] = true
	}
	if s, err := r.On("2026-10-01"); err != nil || s.DaysLeft < 60_000 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestWeekend holds the arithmetic against the calendar of the language.
func TestWeekend(t *testing.T) {
	for d := mustDay(t, "1900-01-01"); d <= mustDay(t, "2200-12-31"); d++ {
		w := d.time().Weekday()
		if d.weekend() != (w == 0 || w == 6) {
			t.Fatalf("%s: weekend is %v", d, d.weekend())
		}
	}
}
