package replica

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
)

// dear is a body of n small changes.
func dear(name string, n int) crdt.Body {
	var b crdt.Body
	for i := range n {
		b.Changes = append(b.Changes, crdt.Change{Kind: crdt.Add, Path: crdt.Path{{Field: "tags"}}, Value: fmt.Sprint(name, i)})
	}
	return b
}

// dearly forges an edit of n changes on a record that builds on heads.
func (n *node) dearly(record store.ID, size int, heads ...store.ID) *oplog.Operation {
	n.t.Helper()
	slices.SortFunc(heads, compareIDs)
	return n.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &record, Heads: heads}, n.keyOf(record), dear(fmt.Sprint(n.forged, "-"), size))
}

func (n *node) lateOf(id store.ID) (why string) {
	n.t.Helper()
	_ = n.r.View(context.Background(), func(rd store.Reader) error {
		var tr troubleRow
		_, err := load(rd, rowKey(rowTrouble, id[:]), &tr)
		if tr.What == troubleLate {
			why = tr.Reason
		}
		return err
	})
	return why
}

// cheapCounty is a county in which few operations are dear.
func cheapCounty(t *testing.T) (court, town, village, other *node) {
	court, town, village, other = county(t)
	for _, n := range []*node{court, town, village, other} {
		n.cheaper(50)
	}
	return court, town, village, other
}

// What a seat writes beyond the bound in one record is late, on each node the same
// whatever came first, and everybody else's goes on.
func TestTooDear(t *testing.T) {
	_, town, village, _ := cheapCounty(t)
	id := village.newCase("a dear case")
	meet(village, town)
	var ops []*oplog.Operation
	head := id
	for range 27 {
		op := village.dearly(id, 200, head)
		ops, head = append(ops, op), op.ID
	}
	for _, op := range ops {
		town.take(village, wires(op.Frame))
	}
	late := 0
	for _, op := range ops {
		if town.lateOf(op.ID) == WhyDear {
			late++
		}
	}
	// 200 changes weigh 200 and their bytes: 24 of them are within 5,000.
	if late < 3 || late > 5 {
		t.Errorf("%d are late", late)
	}
	town.set(id, "title", "the town goes on")
	if town.title(id) != "the town goes on" {
		t.Errorf("it shows %q", town.title(id))
	}
	if n := town.counts().Late; n != late {
		t.Errorf("%d late are counted", n)
	}
	meet(town, village)
	if got := len(village.state(id).Set(crdt.Path{{Field: "tags"}})); got != (27-late)*200 {
		t.Errorf("%d tags", got)
	}
	if a, b := town.state(id).Encode(), village.state(id).Encode(); !slices.Equal(a, b) {
		t.Error("two nodes hold two states")
	}
	town.sameInAnyOrder(3)
}

// Of operations that do not see each other the same count, whatever came first.
func TestTooDearSideBySide(t *testing.T) {
	_, town, village, _ := cheapCounty(t)
	id := village.newCase("side by side")
	meet(village, town)
	deep := village.dearly(id, 180, id)
	frames := [][]byte{deep.Frame}
	for range 28 {
		deep = village.dearly(id, 180, deep.ID)
		frames = append(frames, deep.Frame)
	}
	for range 20 { // these come last and belong before the deep ones
		frames = append(frames, village.dearly(id, 120, id).Frame)
	}
	for _, f := range frames {
		town.take(village, wires(f))
	}
	if n := town.counts().Late; n < 10 {
		t.Errorf("%d late", n)
	}
	town.sameInAnyOrder(3)
}

// A body that is large unpacked, and one that is small but stands in a large
// record, are judged where nobody waits, and a save on them builds on all of it.
func TestASaveInALargeRecord(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("large")
	meet(village, town)
	op := village.dearly(id, 9_000, id)
	town.take(village, wires(op.Frame))
	for i := range 3 {
		town.set(id, "amount", int64(i))
	}
	if got := town.state(id); len(got.Heads()) != 1 || len(got.Set(crdt.Path{{Field: "tags"}})) != 9_000 {
		t.Errorf("%d heads", len(got.Heads()))
	}
	if a, err := town.r.fold2(id); err != nil || !slices.Equal(a.Encode(), town.state(id).Encode()) {
		t.Errorf("folded anew it is another state: %v", err)
	}
	town.reopen()
	if town.title(id) != "large" {
		t.Errorf("it shows %q", town.title(id))
	}
}

// What others add to a large record rests after each run, and is judged together
// then; a save in it waits for none of that.
func TestLargeRecordsOfOthersRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, town, village, _ := cheapCounty(t)
		// Its clock goes on by a millisecond a look.
		town.r.after = func(d time.Duration, fn func()) { time.AfterFunc(d, fn) }
		id := village.newCase("rests")
		meet(village, town)
		tags := func() int { return len(town.state(id).Set(crdt.Path{{Field: "tags"}})) }
		head := id
		for range 4 {
			op := village.dearly(id, 200, head)
			head = op.ID
			town.take(village, wires(op.Frame))
		}
		if n := tags(); n != 200 {
			t.Errorf("%d tags: the second run did not rest", n)
		}
		time.Sleep(maxDearRest)
		synctest.Wait()
		if n := tags(); n != 800 {
			t.Errorf("%d tags after a rest", n)
		}
		op := village.dearly(id, 200, head)
		town.take(village, wires(op.Frame))
		town.set(id, "title", "does not wait")
		if n := tags(); n != 1000 || town.title(id) != "does not wait" {
			t.Errorf("%d tags, %q", n, town.title(id))
		}
		time.Sleep(maxDearRest)
	})
}

func (r *Replica) fold2(id store.ID) (s *crdt.State, err error) {
	err = r.View(context.Background(), func(rd store.Reader) error {
		s, err = r.fold(rd, testSchema, id)
		return err
	})
	return s, err
}
