package identity

import (
	"errors"
	"slices"
	"testing"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

func (w *world) matchingKey(name string) seal.Key {
	w.t.Helper()
	k, err := NewMatchingKey(seeded(name))
	w.must(err)
	return k
}

func (w *world) hand(s *station, key seal.Key) *MatchingKey {
	w.t.Helper()
	m, err := HandMatchingKey(host.SystemRandom, w.tree, s.id, s.unit.Reading[0].Public(), key)
	w.must(err)
	return m
}

// handed writes an item into the parent's branch of s.
func (w *world) handed(parent, s *station, prev ID, m *MatchingKey) Entry {
	w.t.Helper()
	return w.write(s, entry{by: parent.seat.Signing, branch: BranchParent, prev: prev, author: []ID{parent.first}, items: []Item{m}})
}

func TestMatchingKeyGoesDownTheTree(t *testing.T) {
	w := newWorld(t)
	town, village := w.station("镇", Admin), w.station("村", Mediator)
	w.admit(w.root, town)
	w.admit(town, village)
	key := w.matchingKey("key")
	r := w.all()
	if _, ok := r.MatchingName(); ok || r.MatchingOwed(w.root.id) != nil {
		t.Fatal("an old tree has a matching key")
	}
	w.publish(w.root, w.root.seat.Signing, w.root.first, w.hand(w.root, key))
	r = w.all()
	if name, ok := r.MatchingName(); !ok || name != key.Commitment() {
		t.Fatalf("the tree's is %x %v", name[:4], ok)
	}
	if got := r.MatchingOwed(w.root.id); !slices.Equal(got, []ID{town.id}) {
		t.Fatalf("the root owes %x", got)
	}
	if got := r.MatchingOwed(town.id); !slices.Equal(got, []ID{village.id}) {
		t.Fatalf("the town owes %x", got)
	}
	w.handed(w.root, town, town.first, w.hand(town, key))
	w.handed(town, village, village.first, w.hand(village, key))
	r = w.all()
	for _, s := range []*station{w.root, town, village} {
		items := r.MatchingFor(s.id)
		if len(items) != 1 || len(r.MatchingOwed(s.id)) != 0 {
			t.Fatalf("%s: %d items", s.name, len(items))
		}
		got, err := items[0].Open(w.tree, s.id, s.unit.Reading[0])
		if err != nil || got != key {
			t.Fatalf("%s: %v", s.name, err)
		}
		for _, x := range []*station{w.root, town, village} {
			if x == s {
				continue
			}
			if _, err := items[0].Open(w.tree, s.id, x.unit.Reading[0]); !errors.Is(err, seal.ErrSealed) {
				t.Fatalf("%s opened what is for %s: %v", x.name, s.name, err)
			}
			if _, err := items[0].Open(w.tree, x.id, s.unit.Reading[0]); !errors.Is(err, seal.ErrSealed) {
				t.Fatalf("the item of %s opens in the log of %s", s.name, x.name)
			}
		}
	}
}

// TestOnlyTheRootsMatchingKeyCounts: nobody between the root and a unit can give
// it another key, and nobody but the parent gives it one at all.
func TestOnlyTheRootsMatchingKeyCounts(t *testing.T) {
	w := newWorld(t)
	town, other := w.station("镇", Admin), w.station("别镇", Admin)
	w.admit(w.root, town)
	w.admit(w.root, other)
	key, false1 := w.matchingKey("key"), w.matchingKey("another")
	first := w.publish(w.root, w.root.seat.Signing, w.root.first, w.hand(w.root, key))
	w.publish(w.root, w.root.seat.Signing, first.ID, w.hand(w.root, false1)) // a second one changes nothing
	w.publish(town, town.seat.Signing, town.first, w.hand(town, key))        // a unit can't hand it to itself
	w.handed(other, town, town.first, w.hand(town, key))                     // nor can a neighbour
	w.handed(w.root, other, other.first, w.hand(other, false1))              // and another key is none
	r := w.all()
	if name, _ := r.MatchingName(); name != key.Commitment() {
		t.Fatal("a later key took the first one's place")
	}
	if n := len(r.MatchingFor(town.id)) + len(r.MatchingFor(other.id)); n != 0 {
		t.Fatalf("%d items count", n)
	}
	if got := r.MatchingOwed(w.root.id); !slices.Equal(got, sortIDs([]ID{town.id, other.id})) {
		t.Fatalf("owed to %x", got)
	}
	lie := w.hand(other, false1)
	lie.Key = key.Commitment()
	if _, err := lie.Open(w.tree, other.id, other.unit.Reading[0]); !errors.Is(err, seal.ErrSealed) {
		t.Fatalf("a key under another's name: %v", err)
	}
}

func TestMatchingItemsAreStrict(t *testing.T) {
	good := map[uint64]any{1: ItemMatchingKey, 2: ID{1}, 3: ID{2}, 4: make([]byte, seal.SealedKeySize)}
	for name, change := range map[string]map[uint64]any{
		"short":        {4: make([]byte, seal.SealedKeySize-1)},
		"long":         {4: make([]byte, seal.SealedKeySize+1)},
		"no id":        {2: []byte{1}},
		"a later one":  {5: uint64(1)},
		"key as text":  {3: "x"},
		"sealed twice": {4: []any{}},
	} {
		w := map[uint64]any{}
		for _, m := range []map[uint64]any{good, change} {
			for k, v := range m {
				w[k] = v
			}
		}
		items, err := DecodeContent(dcbor.Must(map[uint64]any{1: []any{w}}))
		if err != nil {
			t.Fatal(err)
		}
		if u, unknown := items[0].(*Unknown); !unknown || u.Number != ItemMatchingKey {
			t.Errorf("%s: read", name)
		}
	}
	items, err := DecodeContent(dcbor.Must(map[uint64]any{1: []any{good}}))
	if _, ok := items[0].(*MatchingKey); err != nil || !ok {
		t.Fatalf("the good one: %v %v", items, err)
	}
}
