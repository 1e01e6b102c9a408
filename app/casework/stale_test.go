package casework_test

import (
	"errors"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

var seatNames = casework.Names{Seat: func(seat [32]byte) string {
	if seat == unitAt("village") {
		return "赵示和"
	}
	return "郑例贤"
}}

// TestStaleViews: what is done after a view was taken makes it stale where steps
// rest on it, and the sentence says who did what and when.
func TestStaleViews(t *testing.T) {
	party := func(r *record, field, value string) string {
		return `{"parties.` + r.view().Parties[0].ID + "." + field + `":` + value + `}`
	}
	for name, tt := range map[string]struct {
		do func(r *record)
		// said is in the English sentence; empty: the view is as good as new.
		said string
	}{
		"nothing":              {func(*record) {}, ""},
		"a step":               {func(r *record) { r.act("terminate", fields["terminate"]) }, "赵示和 recorded “Terminate” on 2026-03-"},
		"what is noted along":  {func(r *record) { r.act("assist", fields["assist"]) }, "recorded “"},
		"the amount":           {func(r *record) { r.set(`{"amount_fen":12300}`) }, "changed “Amount” on 1970-01-01"},
		"the claims":           {func(r *record) { r.set(`{"claims":"别的请求"}`) }, "“Claims”"},
		"when it was received": {func(r *record) { r.set(`{"received_at":"2026-03-08T09:00:00+08:00"}`) }, "“Received”"},
		"claims there and back": {func(r *record) {
			was := r.view().Claims
			r.set(`{"claims":"别的"}`)
			r.set(`{"claims":"` + was + `"}`)
		}, ""},
		"a party's name": {func(r *record) { r.set(party(r, "name", `"李大洋"`)) }, "changed “Name” of 李大洋"},
		"who may sign": {func(r *record) {
			r.set(party(r, "agent", `{"name":"周例计","kind":"lawyer","authority":"special"}`))
		}, "“Agent” of 李大样"},
		"a minor":                 {func(r *record) { r.set(party(r, "needs.+", `"minor"`)) }, "“Needs” of 李大样"},
		"a party more":            {func(r *record) { r.set(`{"parties.+":{"side":"third","kind":"person","name":"周例计"}}`) }, "“Parties” of 周例计"},
		"a party less":            {func(r *record) { r.set(`{"parties.` + r.view().Parties[1].ID + `":null}`) }, "“Parties” of 王小例"},
		"a telephone number":      {func(r *record) { r.set(party(r, "phone", `"000-0000-0009"`)) }, ""},
		"a need that bars nobody": {func(r *record) { r.set(party(r, "needs.+", `"hearing"`)) }, ""},
		"a tag":                   {func(r *record) { r.set(`{"tags.+":"group"}`) }, ""},
		"the story, place, title": {func(r *record) { r.set(`{"facts":"另一说法","place":"别处","title":"别名"}`) }, ""},
		"more than a sentence says": {func(r *record) {
			for range 5 {
				r.act("assist", fields["assist"])
			}
		}, "2 more changes"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecord(t, goodDocument(t))
			r.go_("accept", "assign", "start-session")
			heads := r.state.Heads()
			tt.do(r)
			err := casework.Stale(r.state, heads, seatNames)
			if tt.said == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var stale *casework.StaleError
			if !errors.As(err, &stale) {
				t.Fatalf("got %v", err)
			}
			if zh := stale.Text(data.Chinese); !strings.Contains(err.Error(), tt.said) || strings.ContainsAny(err.Error()+zh, "{}") || !strings.Contains(zh, "请重新查看") {
				t.Errorf("%s\n%s\nwant %q in it", err, zh, tt.said)
			}
		})
	}
}

// TestStaleAfterAMeeting: what another desk did before is as new to somebody who
// did not see it as what comes after; a settlement counts as well.
func TestStaleAfterAMeeting(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	a.go_("accept", "assign", "start-session")
	b := a.at("township")
	a.act("terminate", variants["terminate other"])
	b.go_("terminate")
	seen := a.state.Heads()
	meet(a, b)
	err := casework.Stale(a.state, seen, seatNames)
	if err == nil || !strings.Contains(err.Error(), "郑例贤 recorded “Terminate”") || strings.Contains(err.Error(), "赵示和") {
		t.Fatal(err)
	}
	seen = a.state.Heads()
	a.settle("lifecycle.mediation", a.view().Conflicts[0].Values[0].Value)
	if err := casework.Stale(a.state, seen, seatNames); err == nil || !strings.Contains(err.Error(), "“Settle”") {
		t.Fatal(err)
	}
	var missing *crdt.MissingHeadsError
	if err := casework.Stale(a.state, []crdt.ID{unitAt("nothing")}, seatNames); !errors.As(err, &missing) {
		t.Fatal(err)
	}
	if err := casework.Stale(a.state, a.state.Heads(), seatNames); err != nil {
		t.Fatal(err)
	}
}
