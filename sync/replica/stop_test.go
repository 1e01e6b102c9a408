package replica

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// laterItem is an item that a later program writes and that no one may pass over.
func laterItem(t identity.ItemType) identity.Item {
	return &identity.Unknown{Number: t, Raw: dcbor.Must(map[uint64]any{1: t, 2: "later"})}
}

// own enters items in the unit's own branch; it gives the entry's id.
func (n *node) own(items ...identity.Item) store.ID {
	n.t.Helper()
	u, _ := n.r.Registry().Unit(n.id)
	n.enter(n.id, u.First, u.OwnHead, oplog.BranchOwn, items...)
	u, _ = n.r.Registry().Unit(n.id)
	return u.OwnHead
}

// below enters items in the parent's branch of a child of n.
func (n *node) below(child store.ID, items ...identity.Item) store.ID {
	n.t.Helper()
	u, _ := n.r.Registry().Unit(child)
	n.enter(child, u.First, u.ParentHead, oplog.BranchParent, items...)
	u, _ = n.r.Registry().Unit(child)
	return u.ParentHead
}

// forgeOn is an edit of a record by n's person, as a program writes it that
// understands what stops this one.
func (n *node) forgeOn(record, head store.ID, title string) *oplog.Operation {
	n.t.Helper()
	h := oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &record, Heads: []store.ID{head}}
	return n.forge(h, n.keyOf(record), titled(title))
}

// TestAStopHoldsWhatRestsOnIt: what names log heads at or after an item that this
// program may not pass over waits, is told with its reason, and stays in the set;
// the parent's word that the item is void lets it go on, in any order.
func TestAStopHoldsWhatRestsOnIt(t *testing.T) {
	court, town, village, _ := county(t)
	id := village.newCase("before")
	meet(village, town)
	stop := village.own(laterItem(20))
	meet(village, town)
	op := village.forgeOn(id, id, "after")
	onTop := village.forgeOn(id, op.ID, "on top")
	village.take(village, wires(op.Frame, onTop.Frame))
	meet(village, town)
	for name, n := range map[string]*node{"village": village, "town": town} {
		c := n.counts()
		if n.title(id) != "before" || c.Waiting != 2 || c.Late != 0 {
			t.Errorf("%s: %q, %+v", name, n.title(id), c)
		}
		var row troubleRow
		_ = n.s.View(context.Background(), func(rd store.Reader) error {
			if found, err := load(rd, rowKey(rowTrouble, op.ID[:]), &row); err != nil || !found {
				t.Errorf("%s: no trouble: %v", name, err)
			}
			return nil
		})
		if row.What != troubleWaiting || row.Reason == "" {
			t.Errorf("%s: %+v", name, row)
		}
	}
	if village.fingerprint(town) != town.fingerprint(village) {
		t.Fatal("not in step")
	}
	// Nothing is called saved that would not be seen; other records go on.
	var stopped *identity.StoppedError
	_, err := village.r.Write(context.Background(), village.signer(), Save{}, func(w *Writer) error {
		_, err := w.Append(id, nil, titled("lost"), nil)
		return err
	})
	if !errors.As(err, &stopped) || stopped.Stop.Unit != village.id || stopped.Stop.Place.Entry != stop {
		t.Fatalf("a save on a stopped log: %v", err)
	}
	if other := town.newCase("the town's own"); town.title(other) != "the town's own" {
		t.Fatal("another unit's case stands still")
	}
	village.sameInAnyOrder(4)
	town.below(village.id, &identity.Void{Place: identity.Place{Entry: stop}})
	meet(village, town)
	for name, n := range map[string]*node{"village": village, "town": town} {
		if n.title(id) != "on top" || n.counts().Waiting != 0 {
			t.Errorf("void, %s: %q, %+v", name, n.title(id), n.counts())
		}
		n.sameInAnyOrder(4)
	}
	village.set(id, "title", "goes on")
	meet(village, town)
	meet(town, court)
	if town.title(id) != "goes on" {
		t.Fatal(town.title(id))
	}
}

// TestAStopThatComesLater: what was written on older heads keeps its effect.
func TestAStopThatComesLater(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("before")
	meet(village, town)
	town.set(id, "title", "the town's")
	village.own(laterItem(31))
	meet(village, town)
	for name, n := range map[string]*node{"village": village, "town": town} {
		if n.title(id) != "the town's" || n.counts().Waiting != 0 {
			t.Errorf("%s: %q, %+v", name, n.title(id), n.counts())
		}
	}
	village.sameInAnyOrder(3)
}

// TestToldAndIgnoredItemsHoldNobody: items from 32 on stop nothing.
func TestToldAndIgnoredItemsHoldNobody(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("before")
	village.own(laterItem(32), laterItem(127), laterItem(128))
	village.set(id, "title", "after")
	meet(village, town)
	if town.title(id) != "after" || town.counts().Waiting != 0 || len(town.r.Registry().Told()) != 2 {
		t.Fatalf("%q, %+v, told %+v", town.title(id), town.counts(), town.r.Registry().Told())
	}
}

// TestRulesComeWithTheRootsLog: every node learns the number; saving goes on.
func TestRulesComeWithTheRootsLog(t *testing.T) {
	court, town, village, _ := county(t)
	court.own(&identity.Rules{Number: 2})
	meet(court, town)
	meet(town, village)
	for _, n := range []*node{court, town, village} {
		if n.r.Rules() != 2 {
			t.Errorf("rules %d", n.r.Rules())
		}
	}
	id := village.newCase("a case")
	village.set(id, "title", "goes on")
	meet(village, town)
	if village.title(id) != "goes on" || village.fingerprint(town) != town.fingerprint(village) {
		t.Fatal("saving stopped")
	}
}

// TestStopsWhileOthersWrite: random orders of stops, voids and edits give every
// node the same rows as one that takes all of it at once.
func TestStopsWhileOthersWrite(t *testing.T) {
	for seed := range uint64(6) {
		_, town, village, _ := county(t)
		r := rand.New(rand.NewPCG(seed, 99))
		id := village.newCase("first")
		head := id
		var open []store.ID
		for range 12 {
			switch r.IntN(4) {
			case 0:
				open = append(open, village.own(laterItem(identity.ItemType(18+r.IntN(10)))))
			case 1:
				if len(open) > 0 {
					at := r.IntN(len(open))
					town.below(village.id, &identity.Void{Place: identity.Place{Entry: open[at]}})
				}
			default:
				op := village.forgeOn(id, head, "edit")
				head = op.ID
				village.take(village, wires(op.Frame))
			}
			if r.IntN(3) == 0 {
				meet(village, town)
			}
		}
		meet(village, town)
		village.sameInAnyOrder(3)
		town.sameInAnyOrder(3)
	}
}
