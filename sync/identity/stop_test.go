package identity

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// newer is an item of a type that no program knows yet.
func newer(t ItemType) Item {
	return &Unknown{Number: t, Raw: dcbor.Must(map[uint64]any{1: t, 2: "later"})}
}

func stopOf(t *testing.T, r *Registry, heads ...ID) *Stop {
	t.Helper()
	u, err := r.At(heads)
	if err != nil {
		t.Fatal(err)
	}
	s, ok, err := r.StopOf(heads)
	if err != nil || ok != (u.Stop != nil) || ok && s != *u.Stop {
		t.Fatalf("StopOf says %v %+v (%v), At %+v", ok, s, err, u.Stop)
	}
	return u.Stop
}

// TestUnknownItemsByRange: to 31 what rests on them waits, to 127 a person is
// told, beyond nobody minds.
func TestUnknownItemsByRange(t *testing.T) {
	for _, c := range []struct {
		item        Item
		stops, told bool
	}{
		{newer(18), true, false},
		{newer(31), true, false},
		{newer(32), false, true},
		{newer(127), false, true},
		{newer(128), false, false},
		{newer(1 << 40), false, false},
		{&Revoke{Target{TargetSeat, ID{1}, ""}, "stolen", somePins(2)}, true, false},
		{&Move{Parent: ID{2}}, true, false},
		{&Successor{ID{3}, "2026-01-01"}, true, false},
		{&Pins{somePins(1)}, true, false},
		{&Anchors{2, somePins(1), []byte{1}, []byte{2}}, false, true},
		{&Rules{2}, false, false},
		{&Rename{"990000000000-q", "镇", "2026-01-01"}, false, false},
	} {
		t.Run(fmt.Sprintf("%T %d", c.item, c.item.Type()), func(t *testing.T) {
			w := newWorld(t)
			town := w.station("镇", Admin)
			w.admit(w.root, town)
			e := w.publish(town, town.seat.Signing, town.first, &Writer{Seat: town.seat.Signing.Public()}, c.item)
			after := w.publish(town, town.seat.Signing, e.ID, &Rename{"990000000000-r", "新镇", "2026-01-02"})
			r := w.all()
			if stopOf(t, r, town.first) != nil {
				t.Error("what was written before waits")
			}
			for _, id := range []ID{e.ID, after.ID} {
				if got := stopOf(t, r, id); (got != nil) != c.stops || got != nil && *got != (Stop{town.id, Place{e.ID, 1}, c.item.Type(), town.seat.Signing.Public()}) {
					t.Errorf("at %x: %+v", id[:4], got)
				}
			}
			if len(r.Stops()) > 0 != c.stops || len(r.Told()) > 0 != c.told {
				t.Errorf("stops %+v, told %+v", r.Stops(), r.Told())
			}
			// Places and names hang on no range: all programs have the same paths.
			if u := mustUnit(t, r, town); u.Name == "镇" && u.Code == "" || u.Path == nil {
				t.Errorf("%+v", u)
			}
			wantState(t, r, after, EntryGood)
		})
	}
}

// TestWhatCantBeReadStops: an entry that opens to nothing may revoke as well as
// any other.
func TestWhatCantBeReadStops(t *testing.T) {
	for name, content := range map[string][]byte{
		"no map":             {0x80},
		"a newer content":    dcbor.Must(map[uint64]any{1: []any{}, 2: "must be understood"}),
		"an item by halves":  dcbor.Must(map[uint64]any{1: []any{"no map"}}),
		"a field of a day":   dcbor.Must(map[uint64]any{1: []any{map[uint64]any{1: 3, 2: "9-tw", 3: "甲", 4: "2026-02-30"}}}),
		"a field too many":   dcbor.Must(map[uint64]any{1: []any{map[uint64]any{1: 3, 2: "9-tw", 3: "甲", 4: "2026-02-28", 127: 1}}}),
		"relation of kind 5": dcbor.Must(map[uint64]any{1: []any{map[uint64]any{1: 4, 2: ID{1}, 3: 5, 4: "2026-02-28"}}}),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			e := w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: w.root.first, raw: content})
			r := w.all()
			s := stopOf(t, r, e.ID)
			if s == nil || s.Unit != w.root.id || s.Place.Entry != e.ID {
				t.Fatalf("%+v", s)
			}
			w.publish(w.root, w.root.seat.Signing, e.ID, &Void{s.Place})
			if r = w.all(); stopOf(t, r, e.ID) != nil || len(r.Stops()) != 0 {
				t.Fatalf("void, and %+v", r.Stops())
			}
		})
	}
	// What may be ignored is.
	for name, item := range map[string]any{
		"field 128": map[uint64]any{1: 3, 2: "9-tw", 3: "甲", 4: "2026-02-28", 128: []byte{1, 2}},
		"field 227": map[uint64]any{1: 3, 2: "9-tw", 3: "甲", 4: "2026-02-28", 227: []byte{1, 2}},
	} {
		items, err := DecodeContent(dcbor.Must(map[uint64]any{1: []any{item}, 200: "too"}))
		if rename, ok := items[0].(*Rename); err != nil || !ok || rename.Name != "甲" {
			t.Errorf("%s: %#v %v", name, items, err)
		}
	}
}

// TestAStopReachesWhatRestsOnIt: children admitted or written to after it, and
// nobody else.
func TestAStopReachesWhatRestsOnIt(t *testing.T) {
	w := newWorld(t)
	town, early, late := w.station("镇", Admin), w.station("早村", Mediator), w.station("晚村", Mediator)
	w.admit(w.root, town)
	w.admit(town, early)
	stop := w.publish(town, town.seat.Signing, town.first, newer(20))
	w.admit(town, late, stop.ID)
	named := w.write(early, entry{by: town.seat.Signing, branch: BranchParent, prev: early.first, author: []ID{stop.ID}, items: []Item{&Rename{"990000000000-e", "早村", "2026-01-01"}}})
	r := w.all()
	for id, want := range map[ID]bool{early.first: false, town.first: false, w.root.first: false, stop.ID: true, late.first: true, named.ID: true} {
		if got := stopOf(t, r, id); (got != nil) != want || got != nil && got.Unit != town.id {
			t.Errorf("at %x: %+v, want a stop: %v", id[:4], got, want)
		}
	}
	if u := mustUnit(t, r, late); u.Path == nil || u.Stop == nil || len(u.Seats) != 2 {
		t.Errorf("the late village: %+v", u)
	}
	// The parent's word that the item is void lets all of them go on, and tells
	// whose operations have to be judged again.
	r.Shaken()
	r.Add(w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: town.first, author: []ID{w.root.first}, items: []Item{&Void{Place{stop.ID, 0}}}}))
	for _, id := range []ID{stop.ID, late.first, named.ID} {
		if got := stopOf(t, r, id); got != nil {
			t.Errorf("void, and at %x %+v", id[:4], got)
		}
	}
	shaken := fmt.Sprint(r.Shaken())
	for _, s := range []*station{town, early, late} {
		if !strings.Contains(shaken, fmt.Sprint(s.id)) {
			t.Errorf("people of %s are not judged again", s.name)
		}
	}
}

// TestWhoMayVoid: the branch above, by an admin, and nobody else.
func TestWhoMayVoid(t *testing.T) {
	w := newWorld(t)
	town, village := w.station("镇", Admin), w.station("村", Mediator)
	w.admit(w.root, town)
	w.admit(town, village)
	own := w.publish(town, town.seat.Signing, town.first, newer(20))
	down := w.write(village, entry{by: town.seat.Signing, branch: BranchParent, prev: village.first, author: []ID{own.ID}, items: []Item{newer(21)}})
	root := w.publish(w.root, w.root.seat.Signing, w.root.first, newer(22))
	hers := w.publish(village, village.seat.Signing, village.first, newer(23))
	// Void by the branch itself, or by somebody who is no admin, counts for nothing.
	o2 := w.publish(town, town.seat.Signing, own.ID, &Void{Place{own.ID, 0}}, &Void{Place{root.ID, 0}})
	w.write(village, entry{by: town.seat.Signing, branch: BranchParent, prev: down.ID, author: []ID{o2.ID}, ownerLog: []ID{village.first}, items: []Item{&Void{Place{down.ID, 0}}}})
	w.publish(village, village.seat.Signing, hers.ID, &Void{Place{hers.ID, 0}}, &Void{Place{down.ID, 0}})
	if got := len(w.all().Stops()); got != 4 {
		t.Fatalf("%d stops, want 4: %+v", got, w.all().Stops())
	}
	// The town's own branch speaks for its children's parent's branch, the root's for itself.
	w.publish(town, town.seat.Signing, o2.ID, &Void{Place{down.ID, 0}})
	w.publish(w.root, w.root.seat.Signing, root.ID, &Void{Place{root.ID, 0}})
	r := w.all()
	if got := r.Stops(); len(got) != 2 || stopOf(t, r, root.ID) != nil {
		t.Fatalf("%+v", got)
	}
	// An entry of somebody who may not write it stops nobody.
	w.write(town, entry{by: village.seat.Signing, branch: BranchOwn, prev: o2.ID, items: []Item{newer(24)}})
	if got := w.all().Stops(); len(got) != 2 {
		t.Fatalf("a stranger stops: %+v", got)
	}
}

// TestVoidTakesNothingElse: a right that an item gave is not taken by this way.
func TestVoidTakesNothingElse(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	k, add := w.seatItem(town, town.issuer(), "甲", RequestSeat, Mediator)
	e := w.publish(town, town.seat.Signing, town.first, add)
	w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: town.first, author: []ID{w.root.first}, items: []Item{&Void{Place{e.ID, 0}}}})
	if s, ok := ptr(mustUnit(t, w.all(), town)).Seat(k.Signing.Public()); !ok || s.Waiting {
		t.Fatal("the seat went")
	}
}

func TestRulesOfTheTree(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	if got := w.all().Rules(); got != 1 {
		t.Fatalf("rules %d without an item", got)
	}
	w.publish(town, town.seat.Signing, town.first, &Rules{9})
	if got := w.all().Rules(); got != 1 {
		t.Fatalf("a township names rules %d", got)
	}
	two := w.publish(w.root, w.root.seat.Signing, w.root.first, &Rules{2})
	three := w.publish(w.root, w.root.seat.Signing, two.ID, &Rules{3}, &Rules{1})
	if got := w.all().Rules(); got != 3 {
		t.Fatalf("rules %d, want the greatest", got)
	}
	w.publish(w.root, w.root.seat.Signing, three.ID, &Void{Place{three.ID, 0}})
	if got := w.all().Rules(); got != 2 {
		t.Fatalf("rules %d after the third were declared void", got)
	}
	// On a side of a fork that nobody named they are disputed.
	w.publish(w.root, w.root.seat.Signing, two.ID, &Rules{7})
	if got := w.all().Rules(); got != 2 {
		t.Fatalf("disputed rules %d", got)
	}
}

// TestARootPromisesItsSecondSheet: without a promise in the first entry there is
// no way back from a stolen issuing key, so there is no such root.
func TestARootPromisesItsSecondSheet(t *testing.T) {
	w := newWorld(t)
	a := w.entries[0].Items[0].(*Admit)
	reserve, err := w.root.second.ReserveKey()
	w.must(err)
	if *a.Promise != PromiseOf(reserve.Public()) {
		t.Fatal("the promise is not the second sheet's")
	}
	if first, err := w.root.sheet.ReserveKey(); err != nil || first.Public() == reserve.Public() {
		t.Fatal("the first sheet gives the reserve key")
	}
	lone := w.station("野根", Admin)
	bare := w.admitRoot(lone)
	bare.Promise = nil
	if _, err := EncodeContent([]Item{bare}); err == nil || !strings.Contains(err.Error(), "second sheet") {
		t.Fatalf("a root without a promise was written: %v", err)
	}
	wire, err := bare.wire()
	w.must(err)
	e := w.write(lone, entry{by: lone.seat.Signing, branch: BranchOwn, raw: dcbor.Must(map[uint64]any{1: []any{wire}}), tree: lone.id})
	r := NewRegistry(lone.id)
	r.Add(e)
	state, why, _, _ := r.EntryState(e.ID)
	if _, known := r.Unit(lone.id); known || state != EntryVoid || !strings.Contains(why, "second sheet") {
		t.Fatalf("known %v, %v: %s", known, state, why)
	}
	// A child promises none.
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	child := w.entries[len(w.entries)-1].Items[0].(*Admit)
	child.Promise = a.Promise
	if _, err := EncodeContent([]Item{child}); !errors.Is(err, ErrMalformed) {
		t.Fatalf("a township promised a second sheet: %v", err)
	}
}

// TestStopsInAnyOrder: what stops and what is void is a function of the set.
func TestStopsInAnyOrder(t *testing.T) {
	w := newWorld(t)
	town, village := w.station("镇", Admin), w.station("村", Mediator)
	w.admit(w.root, town)
	a := w.publish(town, town.seat.Signing, town.first, newer(20), newer(40), &Rules{3})
	b := w.publish(town, town.seat.Signing, a.ID, newer(25))
	w.admit(town, village, b.ID)
	w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: town.first, author: []ID{w.root.first}, items: []Item{&Void{Place{a.ID, 0}}}})
	two := w.publish(w.root, w.root.seat.Signing, w.root.first, &Rules{2}, newer(30))
	w.publish(w.root, w.root.seat.Signing, two.ID, &Void{Place{two.ID, 1}})
	entries := slices.Clone(w.entries)
	say := func(r *Registry) string {
		out := fmt.Sprint(r.Rules(), r.Stops(), r.Told())
		for _, e := range w.entries {
			s, ok, err := r.StopOf([]ID{e.ID})
			out += fmt.Sprint(s, ok, err)
		}
		return out
	}
	want := say(w.all())
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 8))
		rng.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		if got := say(w.registry(entries)); got != want {
			t.Fatalf("seed %d: %s, want %s", seed, got, want)
		}
	}
}

// TestAnUnknownHeaderKeyStops: an entry whose header this program does not
// understand may mean anything.
func TestAnUnknownHeaderKeyStops(t *testing.T) {
	w := newWorld(t)
	content, err := EncodeContent([]Item{&Rename{"990000000000-x", "新名", "2026-01-01"}})
	w.must(err)
	h := oplog.Header{
		Tree: w.tree, Owner: w.tree, Class: oplog.ClassTree, Kind: oplog.KindLog, Branch: BranchOwn, Seat: w.root.seat.Signing.Public(),
		Number: 2, Previous: &w.root.first, Record: &w.root.first, Heads: []ID{w.root.first}, OwnerLog: []ID{w.root.first},
	}
	op, err := oplog.Make(h, seal.Key{}, content, w.root.seat.Signing.Private(), w.random)
	w.must(err)
	op.Unknown = []uint64{90}
	e, err := EntryOf(op)
	w.must(err)
	r := w.all()
	r.Add(e)
	if u := mustUnit(t, r, w.root); u.Name == "新名" || u.Stop == nil || u.Stop.Type != 0 {
		t.Fatalf("%s, stop %+v", u.Name, u.Stop)
	}
}

// TestItemsBearFieldsThatMeanNothing: about one in sixteen, read as if it were not there.
func TestItemsBearFieldsThatMeanNothing(t *testing.T) {
	random := seeded(t.Name())
	greased := 0
	plain, err := EncodeContent([]Item{&Rules{2}})
	if err != nil {
		t.Fatal(err)
	}
	for range 1600 {
		b, err := Grease(plain, random)
		if err != nil {
			t.Fatal(err)
		}
		if string(b) != string(plain) {
			greased++
		}
		items, err := DecodeContent(b)
		if r, ok := items[0].(*Rules); err != nil || !ok || r.Number != 2 {
			t.Fatalf("%x: %#v %v", b, items, err)
		}
	}
	if greased < 50 || greased > 200 {
		t.Fatalf("%d of 1600 items", greased)
	}
}
