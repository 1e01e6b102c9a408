package casework_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/sync/crdt"
)

// both are the operations of a record's case and of its digest.
func (r *record) both() (whole, digest []casework.Compared) {
	shown := map[crdt.ID][]crdt.ID{}
	for _, o := range r.ops {
		whole = append(whole, casework.Compared{Meta: o.meta, Schema: casework.ProjectionSchema, Changes: o.body.Changes})
		var heads []crdt.ID
		for _, h := range o.meta.Heads {
			heads = append(heads, shown[h]...)
		}
		if !casework.Touches(o.digest.Changes) {
			shown[o.meta.ID] = heads
			continue
		}
		meta := o.meta
		meta.ID, meta.Name, meta.Heads = digestID(o.meta.ID), o.meta.ID, heads
		shown[o.meta.ID] = []crdt.ID{meta.ID}
		digest = append(digest, casework.Compared{Meta: meta, Schema: casework.ProjectionSchema, Changes: o.digest.Changes})
	}
	return whole, digest
}

// history drives a case at random over two desks that meet now and then.
func history(rt *rapid.T, t *testing.T) *record {
	a := newRecord(t, goodDocument(t))
	b := a.at("township")
	day := firstDay
	for range rapid.IntRange(1, 12).Draw(rt, "moves") {
		r := rapid.SampledFrom([]*record{a, b}).Draw(rt, "desk")
		switch rapid.IntRange(0, 4).Draw(rt, "what") {
		case 0:
			meet(a, b)
		case 1:
			r.set(rapid.SampledFrom([]string{
				`{"tags.+":"group"}`, `{"tags":["enterprise"]}`, `{"amount_fen":9900000}`, `{"title":"改名"}`, `{"category":"03"}`,
				`{"parties.+":{"side":"third","kind":"organisation","name":"样本公司"}}`, `{"received_at":"2026-02-08T09:00:00+08:00"}`, `{"facts":"改了。"}`,
			}).Draw(rt, "edit"))
		default:
			f := filler(r.desk, day)
			f.Pick, f.Spare = func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") }, rapid.Bool().Draw(rt, "spare")
			v := r.view()
			var open []casework.StepOption
			for _, o := range casework.Steps(r.state, everyRole(r.desk)) {
				if o.Allowed {
					open = append(open, o)
				}
			}
			if len(open) == 0 {
				continue
			}
			o := rapid.SampledFrom(open).Draw(rt, "step")
			raw, err := json.Marshal(f.Fields(&v, &o))
			if err != nil {
				rt.Fatal(err)
			}
			_ = r.try(everyRole(r.desk), o.Step, string(raw)) // what is refused changes nothing
			day = caseworktest.Later(day, 1)
		}
	}
	meet(a, b)
	return a
}

// TestHonestDigestsAreNeverAccused: whatever was done, whatever part of it has
// come and in which order, an honest digest is false nowhere, and none is missing
// where all have come.
func TestHonestDigestsAreNeverAccused(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		whole, digest := history(rt, t).both()
		whole = rapid.Permutation(whole).Draw(rt, "order of the case")
		digest = rapid.Permutation(digest).Draw(rt, "order of the digest")
		n, m := rapid.IntRange(0, len(whole)).Draw(rt, "of the case"), rapid.IntRange(0, len(digest)).Draw(rt, "of the digest")
		for _, f := range casework.CompareDigest(whole[:n], digest[:m]) {
			if f.Fault != casework.DigestMissing {
				rt.Fatalf("accused: %+v", f)
			}
		}
		if faults := casework.CompareDigest(whole, digest); len(faults) > 0 {
			rt.Fatalf("all have come, and yet %+v", faults)
		}
	})
}

// TestFalseAndMissingDigestsAreNamed: each fault names its author, a later
// schema is not compared, and who has seen a fault may mend it.
func TestFalseAndMissingDigestsAreNamed(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	a.act("accept", `{"at":"2026-03-10"}`)
	a.set(`{"amount_fen":9900000,"tags.+":"group"}`)
	whole, honest := a.both()
	last := len(honest) - 1
	want := func(digest []casework.Compared, faults ...casework.DigestFault) {
		t.Helper()
		if got := casework.CompareDigest(whole, digest); fmt.Sprint(got) != fmt.Sprint(faults) {
			t.Fatalf("got %+v, want %+v", got, faults)
		}
	}
	want(honest)
	of := honest[last]
	want(honest[:last], casework.DigestFault{Fault: casework.DigestMissing, Case: of.Name, Seat: of.Seat, Unit: of.Unit})

	// Every way to lie: another value, a change less, one more, one moved.
	liar := hash("liar")
	for name, changes := range map[string][]crdt.Change{
		"value": {{Kind: crdt.Assign, Path: of.Changes[0].Path, Value: "1000000-", Replaces: of.Changes[0].Replaces}, of.Changes[1]},
		"less":  of.Changes[:1],
		"more":  append(slices.Clone(of.Changes), crdt.Change{Kind: crdt.Assign, Path: of.Changes[0].Path, Value: "0"}),
		"void":  {{Void: true}, of.Changes[1]},
		"moved": {of.Changes[1], of.Changes[0]},
	} {
		lie := of
		lie.ID, lie.Seat, lie.Changes = hash(name), liar, changes
		fault := casework.DigestFault{Fault: casework.DigestFalse, Case: of.Name, Digest: lie.ID, Seat: liar, Unit: of.Unit}
		want(append(slices.Clone(honest[:last]), lie), fault)
		want(append(slices.Clone(honest), lie), fault) // beside an honest one that did not see it
		mend := of
		mend.ID, mend.Heads = hash("mend"), []crdt.ID{lie.ID}
		want(append(slices.Clone(honest[:last]), lie, mend))
		later := lie
		later.Schema++
		want(append(slices.Clone(honest[:last]), later))
	}
	marked := of
	marked.Changes = append(slices.Clone(of.Changes), crdt.Change{Kind: crdt.Remove, Path: crdt.Path{{Field: "marks"}}})
	want(append(slices.Clone(honest[:last]), marked))
}
