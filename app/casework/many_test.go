package casework_test

import (
	"fmt"
	"testing"

	"hejie/app/casework"
)

// TestFiveHundredParties: the greatest case that is taken, with every party
// signing in an operation of its own, at two desks that are apart.
func TestFiveHundredParties(t *testing.T) {
	d := goodDocument(t)
	d.Parties = nil
	for i := range casework.MaxParties {
		d.Parties = append(d.Parties, casework.Party{Side: "applicant", Kind: "person", Name: fmt.Sprintf("样%03d", i)})
	}
	a := newRecord(t, d)
	a.go_(ways["agreed/none"]...)
	b := a.at("township")
	sign := func(r *record, i int) {
		r.act("sign", fmt.Sprintf(`{"by":["样%03d"],"at":"2026-03-18"}`, i))
	}
	const apart = 40 // the rest sign at once
	for i := range apart {
		sign(a, i)
		sign(b, casework.MaxParties-1-i)
	}
	names := `"赵示和"`
	for i := apart; i < casework.MaxParties-apart; i++ {
		names += fmt.Sprintf(`,"样%03d"`, i)
	}
	a.act("sign", `{"by":[`+names+`],"seal":true,"at":"2026-03-19"}`)
	a.wantStates("agreed/none")
	meet(a, b)
	sameViews(t, a, b)
	a.wantStates("agreed/none")
	if b := a.bare(); b.State.Mediation != "mediating" || b.Agreement != nil {
		t.Fatalf("%+v: something wrote itself", b.State)
	}
	a.act("enter-agreement", "{}")
	a.wantStates("effective/performing")
	if got := a.bare().Agreement; got.EffectiveOn != "2026-03-19" || len(got.Unsigned) != 0 {
		t.Fatalf("%+v", got)
	}
	if err := a.trySet(`{"parties.+":{"side":"third","kind":"person","name":"陈例公"}}`); err == nil {
		t.Fatal("a 501st party is taken")
	}
}

// TestFloodOfEvents: more events than are looked at freeze the course, and
// cost no more than a moment.
func TestFloodOfEvents(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_("accept")
	made, err := casework.Act(r.state, mediator, "assign", []byte(fields["assign"]), casework.Setting{})
	if err != nil {
		t.Fatal(err)
	}
	flood := made.Changes
	for len(flood) < 2500 {
		flood = append(flood, made.Changes[0])
	}
	r.save(flood)
	r.wantStates("assigned/none")
	wantRule(t, r.try(mediator, "start-session", fields["start-session"]), "read_only")
}
