package replica

import (
	"context"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// relate lets a node write a relation into the parent's branch of a unit's log,
// or into the own branch of its own.
func (n *node) relate(unit store.ID, kind identity.RelationKind, to store.ID) {
	n.t.Helper()
	u, ok := n.r.Registry().Unit(unit)
	if !ok {
		n.t.Fatalf("unit %x is not known", unit[:3])
	}
	branch, previous := oplog.BranchParent, u.ParentHead
	if unit == n.id {
		branch, previous = oplog.BranchOwn, u.OwnHead
	}
	n.enter(unit, u.First, previous, branch, &identity.Relation{Unit: to, Kind: kind, Day: "2026-03-01"})
}

func (n *node) shares(with *node, op store.ID) bool {
	for k := range n.sharedKeys(with) {
		if store.ID(k[41:]) == op {
			return true
		}
	}
	return false
}

// The parent makes the village its own station: what the township has it keeps
// and goes on getting, and a new case stays in the village.
func TestAStationKeepsItsPlace(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	old := c.village.newCase("old")
	c.round()
	shared := len(c.town.sharedKeys(c.village))
	c.town.relate(c.village.id, identity.RelationStation, c.village.id)
	c.round()
	if now := len(c.town.sharedKeys(c.village)); now != shared+1 {
		t.Errorf("%d shared entries, not the %d before and the log entry", now, shared)
	}
	fresh := c.village.newCase("fresh")
	c.village.work(old, "after the change", 4)
	c.round()
	if got := c.town.title(old); got != "after the change" {
		t.Errorf("the former station shows %q", got)
	}
	if c.town.holds(fresh) || c.town.canOpen(c.village, fresh) {
		t.Error("a case begun under no station went to the former one")
	}
	c.inStep(t)
	// Back again: the case gets there with the first operation written under it.
	c.town.relate(c.village.id, identity.RelationStation, c.town.id)
	c.round()
	if c.town.holds(fresh) {
		t.Error("a log entry alone moved a case")
	}
	c.village.work(fresh, "under the township again", 5)
	c.village.pay()
	c.round()
	if got := c.town.title(fresh); got != "under the township again" {
		t.Errorf("the new station shows %q", got)
	}
	c.town.work(fresh, "the station's words", 6)
	c.round()
	for _, n := range []*node{c.village, c.town} {
		if got := n.title(fresh); got != "the station's words" {
			t.Errorf("%x shows %q", n.id[:3], got)
		}
		if v := n.counts(); v.Owed != 0 || v.Late != 0 || v.Waiting != 0 {
			t.Errorf("%x: %+v", n.id[:3], v)
		}
		n.rebuiltEqualsKept()
	}
	c.inStep(t)
	for _, n := range c.all() {
		n.sameInAnyOrder(2)
	}
}

// masters is a county under a centre: a court with a tribunal and a bureau stand
// side by side, the township and its village under the bureau.
type masters struct{ centre, court, tribunal, bureau, town, village *node }

func newMasters(t *testing.T) (c masters) {
	c.centre = newRoot(t, 1)
	c.court = c.centre.admit(2, "990125000000-fy", "青禾县人民法院", false, "admin", "judge")
	c.bureau = c.centre.admit(3, "990125000000-sfj", "青禾县司法局", false, "admin", "director")
	c.tribunal = c.court.admit(4, "990125101000-ft", "清溪人民法庭", false, "admin", "judge")
	c.town = c.bureau.admit(5, "990125101000-sfs", "清溪司法所", false, "admin", "director")
	c.village = c.town.admit(6, "990125101203-tw", "河湾村调委会", true, "mediator")
	return c
}

func (c *masters) all() []*node {
	return []*node{c.centre, c.court, c.tribunal, c.bureau, c.town, c.village}
}

func (c *masters) pairs() [][2]*node {
	return [][2]*node{{c.village, c.town}, {c.town, c.bureau}, {c.tribunal, c.court}, {c.bureau, c.centre}, {c.court, c.centre}}
}

func (c *masters) round() {
	for range 3 {
		for _, pair := range c.pairs() {
			pair[0].give(pair[1])
			pair[1].give(pair[0])
		}
	}
}

func (c *masters) inStep(t *testing.T) {
	t.Helper()
	for _, p := range c.pairs() {
		if p[0].fingerprint(p[1]) != p[1].fingerprint(p[0]) {
			t.Errorf("%x and %x are not in step", p[0].id[:3], p[1].id[:3])
		}
	}
}

// A digest reaches the court that guides its owner, beside the tree, with the
// logs on the way; the case does not.
func TestADigestHasTwoMasters(t *testing.T) {
	c := newMasters(t)
	c.round()
	before := c.village.newCase("before")
	c.round()
	if c.tribunal.holds(c.village.digestOf(before)) {
		t.Fatal("a court that nobody named gets figures")
	}
	// The bureau does not know the tribunal: it hangs under the court. The centre
	// does, and so does who wrote of it to the township.
	c.centre.give(c.bureau)
	c.town.relate(c.village.id, identity.RelationGuided, c.tribunal.id)
	c.round()
	c.round()
	_ = c.village.r.View(context.Background(), func(rd store.Reader) error {
		if n, err := c.village.r.DigestsBefore(rd, c.village.id, c.tribunal.id); err != nil || n != 1 {
			t.Errorf("%d digests wait for their next operation, %v", n, err)
		}
		return nil
	})
	after := c.village.newCase("after")
	c.round()
	c.village.pay()
	c.round()
	for _, n := range []*node{c.centre, c.bureau, c.court, c.tribunal} {
		digest := c.village.digestOf(after)
		if n == c.court {
			if !n.holds(digest) {
				t.Error("the court carries it to its tribunal")
			}
			continue
		}
		if got := n.amount(after); got != 5 {
			t.Errorf("%x: the figure is %d", n.id[:3], got)
		}
	}
	if c.tribunal.holds(c.village.digestOf(before)) {
		t.Error("a relation alone moved a digest")
	}
	c.village.work(before, "later", 9)
	c.round()
	c.village.pay()
	c.round()
	if got := c.tribunal.amount(before); got != 9 {
		t.Errorf("the older digest says %d at the tribunal", got)
	}
	for _, n := range []*node{c.centre, c.court, c.tribunal} {
		if n.holds(before) || n.holds(after) {
			t.Errorf("%x holds a case", n.id[:3])
		}
	}
	c.inStep(t)
	for _, n := range c.all() {
		if v := n.counts(); v.Owed != 0 || v.Late != 0 || v.Waiting != 0 {
			t.Errorf("%x: %+v", n.id[:3], v)
		}
		n.rebuiltEqualsKept()
		n.sameInAnyOrder(2)
	}
}

// A master knows every unit below the one that names it, whatever came first, and
// gets no figures by that.
func TestAMasterKnowsAllBelow(t *testing.T) {
	c := newMasters(t)
	c.round()
	c.centre.give(c.bureau)
	c.bureau.relate(c.town.id, identity.RelationGuided, c.tribunal.id)
	c.round()
	later := c.town.admit(7, "990125101204-tw", "桥头村调委会", true, "mediator")
	c.round()
	id := c.village.newCase("a")
	c.round()
	for _, n := range []*node{c.village, later} {
		if _, known := c.tribunal.r.Registry().Unit(n.id); !known {
			t.Errorf("the tribunal does not know %x", n.id[:3])
		}
	}
	if c.tribunal.holds(c.village.digestOf(id)) {
		t.Error("a court that the owner's log does not name gets figures")
	}
	c.inStep(t)
	for _, n := range c.all() {
		n.rebuiltEqualsKept()
		n.sameInAnyOrder(2)
	}
}

// Who writes without a part in the record is heard by nobody else, and what
// honest people write next does not rest on it; once it is granted to his unit,
// he counts from where he stands.
func TestWhatAStrangerWritesIsNotHandedOn(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id := c.village.newCase("a")
	c.round()
	lie := c.other.forge(oplog.Header{
		Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: c.village.id, OwnerLog: c.town.r.logHeads(c.village.id), Record: &id, Heads: []store.ID{id},
	}, c.village.keyOf(id), titled("gelogen"))
	for _, v := range c.town.take(c.other, wires(lie.Frame)) {
		t.Log(v.Outcome, v.Sentence)
	}
	c.town.work(id, "honest", 3)
	c.round()
	if c.village.holds(lie.ID) || c.town.shares(c.village, lie.ID) {
		t.Error("a stranger's words were handed on")
	}
	if got := c.village.title(id); got != "honest" {
		t.Errorf("the village shows %q", got)
	}
	c.inStep(t)
	c.village.grantTo(id, c.town2.id)
	c.round()
	c.town2.grantTo(id, c.other.id)
	c.round()
	c.round()
	if !c.village.holds(lie.ID) {
		t.Error("what a granted unit wrote before has no place")
	}
	c.inStep(t)
	for _, n := range c.all() {
		n.sameInAnyOrder(2)
	}
}

// What a class of 2030 brings is held, entered and in step by its route alone.
func TestALaterClassTravels(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id := c.village.newCase("a")
	c.round()
	route := []store.ID{c.court.id, c.other.id}
	slices.SortFunc(route, compareIDs)
	var made []*oplog.Operation
	for _, record := range []*store.ID{nil, &id} { // of its own, or about what this program has as a case
		h := oplog.Header{Class: 5, Kind: 20, Owner: c.village.id, Record: record, Route: route}
		if record == nil {
			h.Audience = 7
		} else {
			h.Heads = []store.ID{id}
		}
		made = append(made, c.village.forge(h, seal.Key{}, crdt.Body{}))
	}
	for _, v := range c.village.take(c.town, wires(made[0].Frame, made[1].Frame)) {
		if v.Outcome != exchange.Taken {
			t.Fatal(v.Sentence)
		}
	}
	c.round()
	for _, op := range made {
		for _, n := range c.all() {
			if want := n != c.far && n != c.town2; n.holds(op.ID) != want {
				t.Errorf("%x holds it: %t", n.id[:3], !want)
			}
		}
	}
	c.inStep(t)
	c.village.work(id, "as before", 4)
	c.round()
	if got := c.town.title(id); got != "as before" {
		t.Errorf("the case shows %q", got)
	}
	for _, n := range c.all() {
		n.sameInAnyOrder(2)
	}
	// Where the way does not lead it is refused, and the sender keeps it.
	if v := c.far.take(c.town2, wires(made[0].Frame)); v[0].Reason != exchange.ReasonNotForUs && v[0].Reason != exchange.ReasonNotYet {
		t.Errorf("%+v", v)
	}
}

// An erasure goes wherever something of its case lies, whichever came first.
func TestAnErasureGoesWhereTheCaseIs(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id, before := c.village.newCase("a"), c.village.newCase("b")
	c.round()
	order := func(of store.ID) *oplog.Operation {
		return c.village.forge(oplog.Header{Class: oplog.ClassErasure, Kind: oplog.KindErasure, Owner: c.village.id, Case: &of, Audience: oplog.AudienceTree, Erasure: &oplog.Erasure{Act: oplog.EraseOrder, Ground: "request"}}, seal.Key{}, crdt.Body{})
	}
	first := order(before)
	c.village.take(c.town, wires(first.Frame))
	c.round()
	c.village.grantTo(id, c.town2.id)
	c.village.grantTo(before, c.other.id)
	second := order(id)
	c.village.take(c.town, wires(second.Frame))
	c.round()
	for n, want := range map[*node][2]bool{c.village: {true, true}, c.town: {true, true}, c.court: {true, true}, c.other: {true, false}, c.town2: {false, true}, c.far: {false, false}} {
		if got := [2]bool{n.holds(first.ID), n.holds(second.ID)}; got != want {
			t.Errorf("%x holds the orders %v, not %v", n.id[:3], got, want)
		}
	}
	c.inStep(t)
	for _, n := range c.all() {
		n.sameInAnyOrder(2)
	}
}
