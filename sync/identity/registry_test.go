package identity

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAdmissionMakesUnitsSeatsAndPaths(t *testing.T) {
	w := newWorld(t)
	town := w.station("样板镇司法所", Admin, Director)
	village := w.station("样板村调委会", Mediator)
	w.admit(w.root, town)
	w.admit(town, village)
	r := w.all()

	u := mustUnit(t, r, village)
	if u.State != UnitActive || u.Level != 2 || len(u.Path) != 4 || u.Parent != town.id || u.Station != town.id {
		t.Fatalf("village: state %v, level %d, path %x, parent %x, station %x", u.State, u.Level, u.Path, u.Parent[:4], u.Station[:4])
	}
	if !bytes.Equal(u.Path[:2], mustUnit(t, r, town).Path) {
		t.Fatal("the village's path does not begin with the town's")
	}
	if !bytes.Equal(u.Reading, village.request.Reading) || u.Issuing != nil {
		t.Fatal("reading or issuing key")
	}
	if rt := mustUnit(t, r, w.root); rt.Path == nil || len(rt.Path) != 0 || rt.Station != w.root.id || !rt.IsRoot() {
		t.Fatalf("root: path %v", rt.Path)
	}
	unit, seat, ok := r.Seat(village.seat.Signing.Public())
	if !ok || unit != village.id || seat.Name != "李大样" || !seat.Has(Mediator) || seat.Has(Admin) || seat.Machine {
		t.Fatalf("seat: %v %+v", ok, seat)
	}
	if unit, ok := r.Known(village.machine.Public()); !ok || unit != village.id {
		t.Fatal("the machine is not known")
	}
	if _, ok := r.Known(village.seat.Signing.Public()); ok {
		t.Fatal("a person passes for a machine")
	}
	if got := r.AncestorsOf(village.id); !slices.Equal(got, []ID{town.id, w.root.id}) {
		t.Fatalf("ancestors %x", got)
	}
	var order []ID
	for _, u := range r.Units() {
		order = append(order, u.ID)
	}
	if !slices.Equal(order, []ID{w.root.id, town.id, village.id}) {
		t.Fatal("units are not listed by path")
	}
	if seg, ok := r.FreeSegment(w.root.id); !ok || seg == mustUnit(t, r, town).Segment || seg == (Segment{}) {
		t.Fatalf("free segment %x", seg)
	}
	chain, err := r.Chain(village.machine.Public())
	if err != nil || len(chain) != 3 {
		t.Fatalf("chain of %d: %v", len(chain), err)
	}
	if err := VerifyChain(chain[0], chain[1:], w.root.unit.Issuing.Public()); err != nil {
		t.Fatal(err)
	}
}

func TestOwnBranchEnrolsSeatsAndHandsOver(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	clerk, addClerk := w.seatItem(town, town.issuer(), "王小例", RequestSeat, Clerk)
	second, addSecond := w.seatItem(town, town.issuer(), "赵试", RequestSeat, Admin)
	o1 := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: town.first, items: []Item{addClerk, addSecond}})
	r := w.all()
	if u := mustUnit(t, r, town); len(u.Seats) != 4 || u.OwnHead != o1.ID || u.ParentHead != town.first || !slices.Equal(u.Heads, []ID{o1.ID}) {
		t.Fatalf("%d seats, heads %x", len(u.Seats), u.Heads)
	}
	// Before the handover the second admin may not write, after it the first may not.
	early := w.write(town, entry{by: second.Signing, branch: BranchOwn, prev: o1.ID, items: []Item{&Rename{"990000000000-x", "改名镇", "2026-01-01"}}})
	wantState(t, w.all(), early, EntryVoid)
	o2 := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: o1.ID, items: []Item{&Writer{Seat: second.Signing.Public()}}})
	o3 := w.write(town, entry{by: second.Signing, branch: BranchOwn, prev: o2.ID, items: []Item{&Rename{"990000000000-y", "新名镇", "2026-03-01"}}})
	late := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: o3.ID, items: []Item{&Rename{"990000000000-z", "旧人镇", "2026-04-01"}}})
	r = w.all()
	for _, e := range []Entry{o1, o2, o3} {
		wantState(t, r, e, EntryGood)
	}
	wantState(t, r, late, EntryVoid)
	u := mustUnit(t, r, town)
	if u.Name != "新名镇" || u.Code != "990000000000-y" || u.NameOn("2026-02-28").Name != "镇" || u.OwnWriter != second.Signing.Public() {
		t.Fatalf("name %s, writer", u.Name)
	}
	if got := r.ByCode("990000000000-y"); !slices.Equal(got, []ID{town.id}) {
		t.Fatal("by code")
	}
	// At the heads before o1 the clerk is nobody.
	before, err := r.At([]ID{town.first})
	w.must(err)
	if _, ok := before.Seat(clerk.Signing.Public()); ok {
		t.Fatal("a seat counts before it was enrolled")
	}
	after, err := r.At([]ID{o1.ID})
	w.must(err)
	if s, ok := after.Seat(clerk.Signing.Public()); !ok || s.Waiting || s.AdmittedBy != o1.ID {
		t.Fatal("the clerk is not known where he was enrolled")
	}
}

func TestWhoMayNotGrantsNothing(t *testing.T) {
	w := newWorld(t)
	town, other := w.station("镇", Admin), w.station("别镇", Admin)
	village := w.station("村", Mediator)
	w.admit(w.root, town)
	w.admit(w.root, other)
	w.admit(town, village)

	t.Run("a mediator can't enrol", func(t *testing.T) {
		_, it := w.seatItem(village, town.issuer(), "甲", RequestSeat, Admin)
		e := w.write(village, entry{by: village.seat.Signing, branch: BranchOwn, prev: village.first, items: []Item{it}})
		r := w.all()
		wantState(t, r, e, EntryGood) // he writes the branch, but the item gives nothing
		if u := mustUnit(t, r, village); len(u.Seats) != 2 {
			t.Fatalf("%d seats", len(u.Seats))
		}
	})
	t.Run("another parent's admin can't write", func(t *testing.T) {
		k, it := w.seatItem(village, other.issuer(), "乙", RequestSeat, Admin)
		e := w.write(village, entry{by: other.seat.Signing, branch: BranchParent, prev: village.first, author: []ID{other.first}, items: []Item{it}})
		r := w.all()
		wantState(t, r, e, EntryVoid)
		if _, _, ok := r.Seat(k.Signing.Public()); ok {
			t.Fatal("enrolled")
		}
	})
	t.Run("a certificate of another issuer gives nothing", func(t *testing.T) {
		k, it := w.seatItem(village, other.issuer(), "丙", RequestSeat, Admin)
		e := w.write(village, entry{by: town.seat.Signing, branch: BranchParent, prev: village.first, author: []ID{town.first}, items: []Item{it}})
		r := w.all()
		wantState(t, r, e, EntryGood)
		if _, _, ok := r.Seat(k.Signing.Public()); ok {
			t.Fatal("enrolled")
		}
	})
	t.Run("a seat's request of another unit gives nothing", func(t *testing.T) {
		k, q := w.person(town, "丁", RequestSeat, Mediator)
		it, err := AdmitSeat(q, w.root.issuer(), q.Unit, "别镇")
		w.must(err)
		w.write(other, entry{by: w.root.seat.Signing, branch: BranchParent, prev: other.first, author: []ID{w.root.first}, items: []Item{it}})
		if _, _, ok := w.all().Seat(k.Signing.Public()); ok {
			t.Fatal("enrolled")
		}
	})
	t.Run("another tree's root is nobody", func(t *testing.T) {
		lone := w.station("野根", Admin)
		a := w.admitRoot(lone)
		e := w.write(lone, entry{by: lone.seat.Signing, branch: BranchOwn, items: []Item{a}})
		r := w.all()
		wantState(t, r, e, EntryVoid)
		if _, ok := r.Unit(lone.id); ok {
			t.Fatal("known")
		}
	})
	t.Run("the root can't be admitted below", func(t *testing.T) {
		a, err := AdmitUnit(w.root.request, town.issuer(), Segment{0, 9}, false)
		w.must(err)
		e := w.write(w.root, entry{by: town.seat.Signing, branch: BranchParent, author: []ID{town.first}, items: []Item{a}})
		r := w.all()
		wantState(t, r, e, EntryVoid)
		if u := mustUnit(t, r, w.root); u.State != UnitActive {
			t.Fatal("the root fell")
		}
	})
	t.Run("a parent can't be admitted by its child", func(t *testing.T) {
		low := w.station("下属", Admin)
		w.admit(town, low)
		a, err := AdmitUnit(town.request, low.issuer(), Segment{0, 9}, false)
		w.must(err)
		e := w.write(town, entry{by: low.seat.Signing, branch: BranchParent, author: []ID{low.first}, items: []Item{a}})
		r := w.all()
		wantState(t, r, e, EntryVoid)
		if u := mustUnit(t, r, town); u.State != UnitActive {
			t.Fatal("the town fell")
		}
	})
}

func TestForkSuspendsUntilTheParentNamesASide(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	before, itBefore := w.seatItem(town, town.issuer(), "先来", RequestSeat, Mediator)
	left, itLeft := w.seatItem(town, town.issuer(), "左边", RequestSeat, Mediator)
	right, itRight := w.seatItem(town, town.issuer(), "右边", RequestSeat, Mediator)
	o1 := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: town.first, items: []Item{itBefore}})
	a := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: o1.ID, items: []Item{itLeft}})
	b := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: o1.ID, items: []Item{itRight}})
	b2 := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: b.ID, items: []Item{&Rename{"990000000000-q", "岔", "2026-01-01"}}})

	r := w.all()
	wantState(t, r, o1, EntryGood)
	for _, e := range []Entry{a, b, b2} {
		wantState(t, r, e, EntryForked)
	}
	u := mustUnit(t, r, town)
	if !slices.Equal(u.Forks, []ID{o1.ID}) || u.OwnHead != o1.ID || u.Name != "镇" {
		t.Fatalf("forks %x", u.Forks)
	}
	for _, k := range []SeatKeys{left, right} {
		if _, s, ok := r.Seat(k.Signing.Public()); !ok || !s.Waiting || s.Has(Mediator) {
			t.Fatal("who was enrolled on a side should wait")
		}
	}
	if _, s, ok := r.Seat(before.Signing.Public()); !ok || s.Waiting {
		t.Fatal("who was enrolled before the fork loses his right")
	}
	// An operation that names a side's head: those enrolled before keep their rights.
	at, err := r.At([]ID{a.ID})
	w.must(err)
	if s, ok := at.Seat(before.Signing.Public()); !ok || s.Waiting {
		t.Fatal("a right from before the fork is lost at a side's head")
	}
	if s, ok := at.Seat(left.Signing.Public()); !ok || !s.Waiting {
		t.Fatal("a right of a side counts at its head")
	}

	name := w.write(town, entry{
		by: w.root.seat.Signing, branch: BranchParent, prev: town.first, ownerLog: []ID{town.first},
		author: []ID{w.root.first}, items: []Item{&RightSide{b2.ID}},
	})
	r = w.all()
	wantState(t, r, name, EntryGood)
	for _, e := range []Entry{b, b2} {
		wantState(t, r, e, EntryGood)
	}
	wantState(t, r, a, EntryForked)
	u = mustUnit(t, r, town)
	if len(u.Forks) != 0 || u.OwnHead != b2.ID || u.Name != "岔" {
		t.Fatal("the named side does not stand")
	}
	if _, s, _ := r.Seat(right.Signing.Public()); s.Waiting {
		t.Fatal("the named side's seat still waits")
	}
	if _, s, ok := r.Seat(left.Signing.Public()); !ok || !s.Waiting {
		t.Fatal("the other side's seat should wait")
	}
	// Naming the other side too leaves neither.
	w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: name.ID, author: []ID{w.root.first}, items: []Item{&RightSide{a.ID}}})
	wantState(t, w.all(), b, EntryForked)
}

func TestForkOfTheParentsBranchIsNamedInTheParentsOwnLog(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	k1, it1 := w.seatItem(town, w.root.issuer(), "一", RequestSeat, Mediator)
	_, it2 := w.seatItem(town, w.root.issuer(), "二", RequestSeat, Mediator)
	p1 := w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: town.first, author: []ID{w.root.first}, items: []Item{it1}})
	p2 := w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: town.first, author: []ID{w.root.first}, items: []Item{it2}})
	r := w.all()
	wantState(t, r, p1, EntryForked)
	wantState(t, r, p2, EntryForked)
	w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: w.root.first, items: []Item{&RightSide{p1.ID}}})
	r = w.all()
	wantState(t, r, p1, EntryGood)
	wantState(t, r, p2, EntryForked)
	if _, s, ok := r.Seat(k1.Signing.Public()); !ok || s.Waiting {
		t.Fatal("the named seat waits")
	}
}

func TestRootForkIsEndedOnItsOwnSide(t *testing.T) {
	w := newWorld(t)
	ren := func(n string) []Item { return []Item{&Rename{"990000000000-r", n, "2026-01-01"}} }
	a := w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: w.root.first, items: ren("甲")})
	b := w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: w.root.first, items: ren("乙")})
	wantState(t, w.all(), a, EntryForked)
	w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: a.ID, items: []Item{&RightSide{a.ID}}})
	r := w.all()
	wantState(t, r, a, EntryGood)
	wantState(t, r, b, EntryForked)
	w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: b.ID, items: []Item{&RightSide{b.ID}}})
	wantState(t, w.all(), a, EntryForked)
}

func TestTwoAdmissionsOfOneUnitWaitForTheUnitAboveBoth(t *testing.T) {
	w := newWorld(t)
	east, west := w.station("东镇", Admin), w.station("西镇", Admin)
	w.admit(w.root, east)
	w.admit(w.root, west)
	village := w.station("村", Admin)
	low := w.station("组", Mediator)
	good := w.admit(east, village)
	w.admit(village, low)
	under := w.entries[len(w.entries)-1]
	rogue := w.admit(west, village)
	r := w.all()
	wantState(t, r, good, EntryForked)
	wantState(t, r, rogue, EntryForked)
	wantState(t, r, under, EntryForked)
	if u := mustUnit(t, r, village); u.State != UnitForked || u.Path != nil || !u.Seats[0].Waiting {
		t.Fatalf("state %v", u.State)
	}
	// West itself can't settle it, the root can.
	w.write(west, entry{by: west.seat.Signing, branch: BranchOwn, prev: west.first, items: []Item{&RightSide{rogue.ID}}})
	wantState(t, w.all(), rogue, EntryForked)
	w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: w.root.first, items: []Item{&RightSide{good.ID}}})
	r = w.all()
	wantState(t, r, good, EntryGood)
	wantState(t, r, rogue, EntryForked)
	wantState(t, r, under, EntryGood)
	if u := mustUnit(t, r, village); u.State != UnitActive || u.Parent != east.id {
		t.Fatal("the village does not stand where it was named")
	}
}

func TestSiblingsWithOneSegment(t *testing.T) {
	w := newWorld(t)
	one, two := w.station("一村", Mediator), w.station("二村", Mediator)
	var first [2]Entry
	for i, s := range []*station{one, two} {
		a, err := AdmitUnit(s.request, w.root.issuer(), Segment{0, 7}, false)
		w.must(err)
		first[i] = w.write(s, entry{by: w.root.seat.Signing, branch: BranchParent, author: []ID{w.root.first}, items: []Item{a}})
	}
	r := w.all()
	has, lacks := one, two
	if less(first[1].ID, first[0].ID) {
		has, lacks = two, one
	}
	if u := mustUnit(t, r, has); u.State != UnitActive || !bytes.Equal(u.Path, []byte{0, 7}) {
		t.Fatal("the first in order has no path")
	}
	if u := mustUnit(t, r, lacks); u.State != UnitNoPath || u.Path != nil {
		t.Fatal("the second in order has a path")
	}
}

func TestLostWriterIsReplaced(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	village := w.station("村", Mediator)
	w.admit(w.root, town)
	w.admit(town, village)
	// The town's only admin loses his laptop; the root enrols him anew and says who writes.
	again, it := w.seatItem(town, w.root.issuer(), "李大样", RequestRecovered, Admin)
	p1 := w.write(town, entry{
		by: w.root.seat.Signing, branch: BranchParent, prev: town.first, author: []ID{w.root.first},
		items: []Item{it, &Writer{Seat: again.Signing.Public(), OwnBranch: true}},
	})
	o1 := w.write(town, entry{
		by: again.Signing, branch: BranchOwn, prev: town.first, ownerLog: []ID{town.first, p1.ID},
		items: []Item{&Rename{"990000000000-n", "镇二", "2026-01-01"}},
	})
	// He also takes over the branches of the villages below.
	_, more := w.seatItem(village, town.issuer(), "王小例", RequestSeat, Mediator)
	v1 := w.write(village, entry{by: again.Signing, branch: BranchParent, prev: village.first, author: []ID{o1.ID, p1.ID}, items: []Item{more}})
	thief := w.write(village, entry{by: town.seat.Signing, branch: BranchParent, prev: v1.ID, author: []ID{o1.ID, p1.ID}, items: []Item{&Rename{"990000000000-t", "偷", "2026-01-01"}}})
	r := w.all()
	for _, e := range []Entry{p1, o1, v1} {
		wantState(t, r, e, EntryGood)
	}
	wantState(t, r, thief, EntryVoid)
	if u := mustUnit(t, r, village); len(u.Seats) != 3 || u.ParentWriter != again.Signing.Public() {
		t.Fatal("the villager was not enrolled")
	}
}

func TestRootComesBackByItsSheet(t *testing.T) {
	w := newWorld(t)
	again, it := w.seatItem(w.root, w.root.issuer(), "李大样", RequestRecovered, Admin)
	e := w.write(w.root, entry{by: again.Signing, branch: BranchOwn, prev: w.root.first, items: []Item{it}})
	r := w.all()
	wantState(t, r, e, EntryGood)
	if u := mustUnit(t, r, w.root); u.OwnWriter != again.Signing.Public() {
		t.Fatal("the recovered seat does not write")
	}
	// Without the root's issuing key nobody comes back.
	forged, _ := NewSigningKey(seeded("forger"))
	bad := w.station("假", Admin)
	k, q := w.person(w.root, "张冒充", RequestRecovered, Admin)
	ca, err := Issue(Subject{Kind: CertIssuing, Unit: w.root.id, Name: "根法院", Key: forged.Public()}, forged, nil)
	w.must(err)
	fake, err := AdmitSeat(q, Issuer{forged, ca}, q.Unit, bad.name)
	w.must(err)
	e2 := w.write(w.root, entry{by: k.Signing, branch: BranchOwn, prev: w.root.first, items: []Item{fake}})
	r = w.all()
	wantState(t, r, e2, EntryVoid)
	wantState(t, r, e, EntryGood)
}

func TestReadingKeyNeedsAPresentSeat(t *testing.T) {
	w := newWorld(t)
	village := w.station("村", Mediator)
	w.admit(w.root, village)
	old := mustUnit(t, w.all(), village)
	next, err := NewUnitKeys(seeded("next"), false)
	w.must(err)
	pub := next.Reading[0].Public()
	parentOnly := ReplaceReadingKey(&old, pub, w.root.seat.Signing)
	p1 := w.write(village, entry{by: w.root.seat.Signing, branch: BranchParent, prev: village.first, author: []ID{w.root.first}, items: []Item{parentOnly}})
	if u := mustUnit(t, w.all(), village); !bytes.Equal(u.Reading, old.Reading) {
		t.Fatal("a parent alone changed the reading key")
	}
	signed := ReplaceReadingKey(&old, pub, village.seat.Signing)
	p2 := w.write(village, entry{by: w.root.seat.Signing, branch: BranchParent, prev: p1.ID, author: []ID{w.root.first}, items: []Item{signed}})
	u := mustUnit(t, w.all(), village)
	if !bytes.Equal(u.Reading, pub) || len(u.Former) != 1 || !bytes.Equal(u.Former[0], old.Reading) {
		t.Fatal("the reading key was not replaced")
	}
	// The way back, signed by the same person, is no replay but stays refused: a key that went does not come again.
	back := ReplaceReadingKey(&u, old.Reading, village.seat.Signing)
	w.write(village, entry{by: w.root.seat.Signing, branch: BranchParent, prev: p2.ID, author: []ID{w.root.first}, items: []Item{back, signed}})
	if u := mustUnit(t, w.all(), village); !bytes.Equal(u.Reading, pub) {
		t.Fatal("an old reading key came back")
	}
}

func TestStationIsSaidByTheParentOnly(t *testing.T) {
	w := newWorld(t)
	village := w.station("村", Admin)
	w.admit(w.root, village)
	w.write(village, entry{by: village.seat.Signing, branch: BranchOwn, prev: village.first, items: []Item{
		&Relation{village.id, RelationStation, "2026-01-01"}, &Relation{w.root.id, RelationGuided, "2026-01-01"},
	}})
	u := mustUnit(t, w.all(), village)
	if u.Station != w.root.id || len(u.Relations) != 1 || u.Relations[0].Kind != RelationGuided {
		t.Fatalf("station or relations: %+v", u.Relations)
	}
	w.write(village, entry{by: w.root.seat.Signing, branch: BranchParent, prev: village.first, author: []ID{w.root.first}, items: []Item{
		&Relation{village.id, RelationStation, "2026-01-01"},
	}})
	if u := mustUnit(t, w.all(), village); u.Station != village.id {
		t.Fatal("the parent's word does not count")
	}
}

func TestEntriesWaitForWhatTheyName(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	o1 := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: town.first, items: []Item{&Rename{"990000000000-a", "一", "2026-01-01"}}})
	o2 := w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: o1.ID, items: []Item{&Rename{"990000000000-a", "二", "2026-02-01"}}})
	r := NewRegistry(w.tree)
	r.Add(w.entries[0])
	r.Add(o2)
	wantState(t, r, o2, EntryWaiting)
	if _, err := r.At([]ID{o2.ID}); !errors.As(err, new(*MissingError)) {
		t.Fatalf("At answers %v", err)
	}
	r.Add(w.entries[1])
	_, _, missing, _ := r.EntryState(o2.ID)
	if !slices.Equal(missing, []ID{o1.ID}) {
		t.Fatalf("lacks %x, want %x", missing, o1.ID)
	}
	r.Add(o1)
	wantState(t, r, o2, EntryGood)
	if _, err := r.At([]ID{{1}}); !errors.As(err, new(*MissingError)) {
		t.Fatalf("an unheld head answers %v", err)
	}
	if _, err := r.At([]ID{o1.ID, o2.ID}); !errors.Is(err, ErrHeads) {
		t.Fatalf("two heads of one branch answer %v", err)
	}
	if _, err := r.At(nil); !errors.Is(err, ErrHeads) {
		t.Fatalf("no head answers %v", err)
	}
	if _, err := r.At([]ID{w.root.first, town.first}); !errors.Is(err, ErrHeads) {
		t.Fatalf("heads of two logs answer %v", err)
	}
}

// dump is all that a registry tells, as text.
func dump(w *world, r *Registry) string {
	var b bytes.Buffer
	for _, e := range w.entries {
		s, _, missing, ok := r.EntryState(e.ID)
		fmt.Fprintf(&b, "%x %v %v %x\n", e.ID[:4], ok, s, missing)
		u, err := r.At([]ID{e.ID})
		fmt.Fprintf(&b, "  at %v %s\n", err, dumpUnit(u))
		unit, seat, ok := r.Seat(e.Seat)
		fmt.Fprintf(&b, "  by %x %v %v %v\n", unit[:4], ok, seat.Name, seat.Waiting)
	}
	for _, u := range r.Units() {
		fmt.Fprintf(&b, "%s\n", dumpUnit(u))
	}
	return b.String()
}

func dumpUnit(u Unit) string {
	s := fmt.Sprintf("%x %v %s %s %x %x %x heads %x own %x par %x w %x %x forks %x names %v rel %v former %d read %x", u.ID[:4], u.State, u.Code, u.Name,
		u.Parent[:4], u.Path, u.Station[:4], u.Heads, u.OwnHead[:4], u.ParentHead[:4], u.OwnWriter[:4], u.ParentWriter[:4], u.Forks, u.Names, u.Relations, len(u.Former), u.Reading[:min(4, len(u.Reading))])
	for _, p := range u.Tables {
		s += fmt.Sprintf(" {%s %d %x}", p.Name, p.Version, p.Entry[:4])
	}
	for _, x := range u.Seats {
		s += fmt.Sprintf(" [%x %s %v %v %v %x]", x.Key[:4], x.Name, x.Roles, x.Machine, x.Waiting, x.AdmittedBy[:4])
	}
	return s
}

// TestAnyOrderGivesTheSame builds a busy world with forks, double admissions
// and strangers, and adds its entries in every way.
func TestAnyOrderGivesTheSame(t *testing.T) {
	w := busyWorld(t)
	want := dump(w, w.all())
	rapid.Check(t, func(rt *rapid.T) {
		order := rapid.Permutation(w.entries).Draw(rt, "order")
		n := rapid.IntRange(0, len(order)).Draw(rt, "asked after")
		r := NewRegistry(w.tree)
		for i, e := range order {
			r.Add(e)
			if i == n {
				dump(w, r) // questions between change nothing
				r.Add(order[0])
			}
		}
		if got := dump(w, r); got != want {
			rt.Fatalf("another order gives\n%s\nwant\n%s", got, want)
		}
	})
}

// TestAnySubsetGivesTheSameInAnyOrder holds the same for what is held of a log
// while the rest is still on its way.
func TestAnySubsetGivesTheSameInAnyOrder(t *testing.T) {
	w := busyWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		order := rapid.Permutation(w.entries).Draw(rt, "order")
		held := order[:rapid.IntRange(0, len(order)).Draw(rt, "held")]
		a := w.registry(held)
		b := w.registry(rapid.Permutation(held).Draw(rt, "other order"))
		if x, y := dump(w, a), dump(w, b); x != y {
			rt.Fatalf("orders differ:\n%s\n%s", x, y)
		}
	})
}

func busyWorld(t testing.TB) *world {
	w := newWorld(t)
	rnd := rand.New(rand.NewPCG(7, 7))
	towns := []*station{w.station("东镇", Admin), w.station("西镇", Admin, Director), w.station("北镇", Mediator)}
	for _, s := range towns {
		w.admit(w.root, s)
	}
	villages := []*station{w.station("一村", Mediator), w.station("二村", Admin), w.station("三村", Mediator)}
	for i, s := range villages {
		w.admit(towns[i%2], s)
	}
	twice := villages[1]
	firstOfTwice := twice.first
	w.admit(towns[0], twice)
	twice.first = firstOfTwice
	for _, s := range append(slices.Clone(towns), append(villages, w.root)...) {
		prev := []ID{s.first}
		for i := range 4 {
			items := []Item{&Rename{"990000000000-k", fmt.Sprintf("名%d", i), fmt.Sprintf("2026-0%d-01", i+1)}, table("terms", uint64(i/2+1), fmt.Sprint(i))}
			if s.unit.Issuing != nil && i%2 == 0 {
				_, it := w.seatItem(s, s.issuer(), fmt.Sprintf("人%d", i), RequestSeat, Clerk)
				items = append(items, it)
			}
			e := w.write(s, entry{by: s.seat.Signing, branch: BranchOwn, prev: prev[rnd.IntN(len(prev))], items: items})
			prev = append(prev, e.ID)
		}
	}
	forked := w.entries[len(w.entries)-3]
	parent := w.write(towns[0], entry{by: w.root.seat.Signing, branch: BranchParent, prev: towns[0].first, author: []ID{w.root.first}, items: []Item{&RightSide{forked.ID}}})
	for _, e := range w.entries {
		if e.Unit == towns[0].id && e.Branch == BranchOwn {
			w.write(towns[0], entry{by: w.root.seat.Signing, branch: BranchParent, prev: parent.ID, author: []ID{w.root.first}, items: []Item{&RightSide{e.ID}}})
			break
		}
	}
	w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: w.root.first, items: []Item{&RightSide{firstOfTwice}}})
	w.write(towns[1], entry{by: towns[0].seat.Signing, branch: BranchOwn, prev: towns[1].first, items: []Item{&Rename{"990000000000-s", "陌生", "2026-01-01"}}})
	return w
}

func TestASecondComputerThatAskedAsANewUnitIsEnrolledAsASeat(t *testing.T) {
	w := newWorld(t)
	town := w.station("清溪镇", Admin, Director)
	w.admit(w.root, town)
	unit, _, _ := sampleRequests(t)
	it, err := AdmitSeat(unit, town.issuer(), town.id, town.name)
	w.must(err)
	w.write(town, entry{by: town.seat.Signing, branch: BranchOwn, prev: town.first, items: []Item{it}})
	r := w.all()
	id, seat, ok := r.Seat(unit.Seat)
	if !ok || id != town.id || seat.Name != unit.SeatName {
		t.Fatalf("%x %+v %v", id, seat, ok)
	}
	if machineOf, ok := r.Known(*unit.Machine); !ok || machineOf != town.id {
		t.Fatal("its machine is not the unit's")
	}
	if _, ok := r.Unit(unit.Unit); ok {
		t.Fatal("a unit came about that nobody admitted")
	}
}

// TestRolesAndViewsAgree: what a fold looks up for one seat is what a view shows.
func TestRolesAndViewsAgree(t *testing.T) {
	w := busyWorld(t)
	r := w.all()
	compared := 0
	for _, e := range w.entries {
		h, err := r.find([]ID{e.ID})
		if err != nil {
			continue
		}
		for _, v := range []level{levelProper, levelGood} {
			u := r.view(h, v)
			for key := range r.seats {
				roles, ok := r.rolesAt(h, key, v)
				s, has := u.Seat(key)
				if want := has && !s.Machine; ok != want || ok && !slices.Equal(roles, s.Roles) {
					t.Fatalf("entry %x, seat %x: roles %v %v, view %v %v", e.ID[:4], key[:4], roles, ok, s.Roles, has)
				}
				compared++
			}
		}
	}
	if compared < 1000 {
		t.Fatalf("only %d compared", compared)
	}
}
