package station

import (
	"context"
	"strings"
	"testing"

	"hejie/app/api"
)

// TestAStepOnAStaleView: somebody decides on a case as it was before the other
// desk's step came: it is refused in the words of the case and changes nothing.
// An edit on the same view merges; a step on the new one is taken.
func TestAStepOnAStaleView(t *testing.T) {
	_, town, village := county(t)
	ctx := context.Background()
	id := village.newCase("")
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	village.act(id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	meet(village, town)
	seen := village.heads(id)
	town.act(id, "terminate", `{"reason":"refused","at":"2026-03-12"}`)
	meet(village, town)

	before := village.get(id)
	session := []byte(`{"at":"2026-03-15T19:30:00+08:00"}`)
	_, err := village.ss.Act(ctx, token(), id, "start-session", session, seen...)
	wantCode(t, err, CodeStale)
	r, _ := api.ReasonOf(err)
	if !strings.Contains(r.Texts.EN, "郑例贤 recorded “Terminate” on 2026-03-12") || !strings.Contains(r.Texts.ZH, "郑例贤办理了“终止调解”（2026-03-12）") ||
		r.Params["who"] != "郑例贤" || r.Params["step"] != "terminate" || r.Params["on"] != "2026-03-12" {
		t.Errorf("%+v %+v", r, r.Texts)
	}
	if village.get(id) != before {
		t.Error("a refused step changed the case")
	}
	// What is edited on the old view stands beside what came: nothing is lost.
	if _, err := village.ss.PatchCase(ctx, token(), id, api.Patch{Base: seen, Fields: api.Object(`{"place":"河湾村5组"}`)}); err != nil {
		t.Fatal(err)
	}
	// A telephone number is no ground of any step.
	seen = village.heads(id)
	v, _ := village.ss.Case(ctx, id)
	town.set(id, `{"parties.`+v.Parties[0].ID+`.phone":"000-0000-0077","tags.+":"group"}`)
	meet(village, town)
	saved, err := village.ss.Act(ctx, token(), id, "reopen", []byte(`{"at":"2026-03-14","reason":"双方同意再谈"}`), seen...)
	if err != nil || saved.State.Mediation != "assigned" {
		t.Fatalf("%+v, %v", saved.State, err)
	}
	// The step saw the number all the same: it follows what is here.
	if len(saved.Heads) != 1 {
		t.Errorf("the step stands beside what it was let pass: %v", saved.Heads)
	}
	for _, base := range []string{"zz", strings.Repeat("ab", 32)} {
		_, err = village.ss.Act(ctx, token(), id, "start-session", session, base)
		wantCode(t, err, CodeBadHeads)
	}
	// The same save again is answered as before, however old its view is by now.
	again := token()
	heads := village.heads(id)
	if _, err := village.ss.Act(ctx, again, id, "start-session", session, heads...); err != nil {
		t.Fatal(err)
	}
	if _, err := village.ss.Act(ctx, again, id, "start-session", session, heads...); err != nil {
		t.Errorf("a repeated save: %v", err)
	}
}

func (d *desk) heads(id string) []string {
	d.t.Helper()
	v, err := d.ss.Case(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v.Heads
}
