package casework_test

import (
	"encoding/hex"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// courts are the desks of this test that are courts, with their codes; another
// county's is among them.
var courts = map[string]string{"court": "990125000000-fy", "tribunal": "990125101000-ft", "elsewhere": "990126000000-fy"}

// atCourts is the county with its courts and with everybody reading the case.
func atCourts() casework.Setting {
	set := county()
	others := set.Unit
	set.Unit = func(text string) (casework.Body, bool) {
		for desk, code := range courts {
			if id := unitAt(desk); text == desk || text == hex.EncodeToString(id[:]) {
				return casework.Body{ID: id, Code: code, Name: desk, Kind: code[len(code)-2:]}, true
			}
		}
		return others(text)
	}
	set.Reads = func(crdt.ID) bool { return true }
	return set
}

// TestApplicationGoesToTheInvitingCourt: what a court delegated before docketing
// is confirmed by that court or its tribunal (民诉法 art. 205(1)); what a body
// mediated by itself leaves the parties a choice.
func TestApplicationGoesToTheInvitingCourt(t *testing.T) {
	apply := func(delegated bool, to string) error {
		t.Helper()
		r := newRecord(t, goodDocument(t))
		r.setting = atCourts()
		if delegated {
			r.desk = "court"
			r.act("refer", `{"at":"2026-03-09","kind":"delegate_pre","to":"village","letter_no":"318","consents":[{"who":"李大样","how":"written","at":"2026-03-09"}]}`)
			r.desk = "village"
			r.act("refer-receive", `{"at":"2026-03-10"}`)
			r.act("refer-accept", `{"at":"2026-03-10"}`)
		}
		for _, step := range []string{"accept", "assign", "start-session", "agree", "sign"} {
			r.act(step, fields[step])
		}
		return r.try(mediator, "confirm-apply", `{"at":"2026-04-10","court":"`+to+`","by":["李大样","王小例"],"answers":[{"question":"status","answer":false},{"question":"ownership","answer":false}]}`)
	}
	wantRule(t, apply(true, "elsewhere"), "other_court")
	for _, to := range []string{"court", "tribunal"} {
		if err := apply(true, to); err != nil {
			t.Errorf("to the %s: %v", to, err)
		}
	}
	if err := apply(false, "elsewhere"); err != nil {
		t.Errorf("without a letter: %v", err)
	}
}

// TestEnforcementAfterAnAcceleration: the two years run from the end of the last
// instalment as agreed; from the acceleration they are shown beside it (民诉法 art. 250).
func TestEnforcementAfterAnAcceleration(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	for _, step := range []string{"accept", "assign", "start-session"} {
		r.act(step, fields[step])
	}
	r.act("agree", `{"form":"written","at":"2026-03-17","acceleration":true,"terms":[{"who":"王小例","what":"第一期","kind":"pay","amount_fen":100,"due":"2026-03-20"},{"who":"王小例","what":"第二期","kind":"pay","amount_fen":100,"due":"2026-04-20"}]}`)
	r.act("sign", fields["sign"])
	r.act("notarise", fields["notarise"])
	r.wantClock("enforcement", "2026-04-20", "2028-04-20", "running")
	r.act("default", `{"at":"2026-03-21","term":1}`)
	r.act("accelerate", `{"at":"2026-03-25","by":["李大样"]}`)
	r.wantClock("enforcement", "2026-04-20", "2028-04-20", "running")
	r.wantClock("enforcement_hastened", "2026-03-25", "2028-03-27", "running") // the 25th is a Saturday
	r.act("enforce", `{"at":"2026-03-28","by":["李大样"]}`)
	r.wantClock("enforcement_hastened", "2026-03-25", "2028-03-27", "met")
	r.wantClock("enforcement", "2026-04-20", "2028-04-20", "met")
	if c := r.clocksOf()["enforcement"]; c.EndedOn != "2026-03-28" {
		t.Errorf("asked for on the 28th, before the last instalment was due; the clock says %s", c.EndedOn)
	}
}
