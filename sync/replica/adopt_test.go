package replica

import (
	"context"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// adopt takes in late operations of a record, as n's person.
func (n *node) adopt(record store.ID, late ...store.ID) {
	n.t.Helper()
	n.write(func(w *Writer) error { _, err := w.Adopt(record, late, nil); return err })
}

func (n *node) lateIDs() (out []store.ID) {
	n.t.Helper()
	_ = n.r.View(context.Background(), func(rd store.Reader) error {
		list, err := n.r.LateOf(rd, store.ID{})
		for _, l := range list {
			out = append(out, l.Op.ID)
		}
		return err
	})
	return out
}

// auditor enrols a person in the village who may write nothing.
func (n *node) auditor() identity.SeatKeys {
	u, _ := n.r.Registry().Unit(n.id)
	before := u.OwnHead
	if before == (store.ID{}) {
		before = u.First
	}
	return n.enrol(before, "例计", "auditor")
}

// What an auditor wrote is late; a director of the station takes it in, and every
// node shows it; what built on it stays; a second adoption changes nothing.
func TestADirectorTakesInWhatIsLate(t *testing.T) {
	_, town, village, other := county(t)
	town.give(village)
	id := village.newCase("before")
	meet(village, town)
	auditor := town.auditor()
	var late store.ID
	town.as(auditor, func() { town.set(id, "title", "the auditor's words") })
	if ids := town.lateIDs(); len(ids) == 1 {
		late = ids[0]
	} else {
		t.Fatalf("%d late", len(ids))
	}
	meet(village, town)
	village.set(id, "amount", int64(9)) // builds on it
	meet(village, town)
	for _, n := range []*node{village, town} {
		if n.title(id) != "before" {
			t.Errorf("it shows %q", n.title(id))
		}
	}
	// Who is no director takes in nothing: his adoption is late itself.
	town.as(auditor, func() { town.adopt(id, late) })
	if n := len(town.lateIDs()); n != 2 || town.title(id) != "before" {
		t.Errorf("%d late, it shows %q", n, town.title(id))
	}
	town.adopt(id, late)
	town.adopt(id, late)
	meet(village, town)
	for _, n := range []*node{village, town} {
		if n.title(id) != "the auditor's words" || n.lateOf(late) != "" {
			t.Errorf("it shows %q, late: %q", n.title(id), n.lateOf(late))
		}
		if s := n.state(id).Register(crdt.Path{{Field: "amount"}}); s.Shown != int64(9) {
			t.Errorf("what was built on it is %v", s.Shown)
		}
		n.sameInAnyOrder(4)
	}
	_ = other
}

// A record whose first operation is late stands in no view until it is taken in.
func TestALateFirstOperationIsTakenIn(t *testing.T) {
	_, town, village, _ := county(t)
	auditor := town.auditor()
	var id store.ID
	town.as(auditor, func() { id = town.newCase("the auditor's case") })
	late := town.lateIDs()
	if town.shows(id) || len(late) != 2 { // the case and its digest
		t.Fatalf("%d late", len(late))
	}
	town.adopt(id, id)
	if !town.shows(id) || town.title(id) != "the auditor's case" {
		t.Errorf("it shows %q", town.title(id))
	}
	town.sameInAnyOrder(3)
	_ = village
}

// What is too dear is taken in at its director's cost; nobody takes in his own for
// nothing.
func TestWhatIsTooDearIsTakenIn(t *testing.T) {
	_, town, village, _ := cheapCounty(t)
	id := village.newCase("dear")
	meet(village, town)
	head := id
	var last *oplog.Operation
	for range 26 {
		last = village.dearly(id, 200, head)
		head = last.ID
		town.take(village, wires(last.Frame))
	}
	if town.lateOf(last.ID) != WhyDear {
		t.Fatal("it is not late")
	}
	had := len(town.state(id).Set(crdt.Path{{Field: "tags"}}))
	town.adopt(id, last.ID)
	if got := len(town.state(id).Set(crdt.Path{{Field: "tags"}})); got != had+200 {
		t.Errorf("%d tags, there were %d", got, had)
	}
	// Its author, a director by a seat of his, is over his own bound already.
	meet(village, town)
	list := town.lateIDs()
	town.sameInAnyOrder(3)
	for len(town.lateIDs()) > 0 { // more than the town may take in for its own part
		before := town.lateIDs()
		town.adopt(id, before...)
		if after := town.lateIDs(); slices.Equal(after, before) || len(after) >= len(before) {
			break
		}
	}
	t.Logf("%d were late, %d are", len(list), len(town.lateIDs()))
	town.sameInAnyOrder(2)
}
