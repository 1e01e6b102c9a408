package station

import (
	"context"
	"slices"

	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// newMatching makes the matching key of a tree that a newcomer founds.
func (s *Station) newMatching(n *newcomer) (identity.Item, error) {
	key, err := identity.NewMatchingKey(s.o.Random)
	if err != nil {
		return nil, err
	}
	return identity.HandMatchingKey(s.o.Random, n.request.Unit, n.request.Unit, n.unit.Reading[0].Public(), key)
}

// matchingItem hands the tree's matching key to a unit; nil where this unit has
// none to hand on.
func (ss *Session) matchingItem(ctx context.Context, unit store.ID, reading []byte) ([]identity.Item, error) {
	key, ok := ss.open.replica.MatchingKey(ctx)
	if !ok {
		return nil, nil
	}
	m, err := identity.HandMatchingKey(ss.station.o.Random, ss.open.replica.Self().Tree, unit, reading, seal.Key(key))
	if err != nil {
		return nil, err
	}
	return []identity.Item{m}, nil
}

// seedMatching gives a tree that was founded before there were matching keys its
// one; only the root's admin does, when something is written in its log anyway.
func (ss *Session) seedMatching(ctx context.Context) error {
	tree := ss.open.replica.Self().Tree
	if ss.unit != tree || !ss.has(identity.Admin) {
		return nil
	}
	if _, has := ss.registry().MatchingName(); has {
		return nil
	}
	root, ok := ss.registry().Unit(tree)
	if !ok || root.OwnWriter != ss.seat() {
		return nil
	}
	at := logPlace{unit: tree, first: root.First, branch: oplog.BranchOwn}
	return ss.station.enterFrom(ctx, ss.open, ss.keys, ss.unit, at, func(now identity.Unit) ([]identity.Item, error) {
		if len(now.Matching) > 0 {
			return nil, nil // another call was quicker
		}
		key, err := identity.NewMatchingKey(ss.station.o.Random)
		if err != nil {
			return nil, err
		}
		m, err := identity.HandMatchingKey(ss.station.o.Random, tree, tree, now.Reading, key)
		return []identity.Item{m}, err
	})
}

// handMatching hands the matching key to the units right under this one that
// lack it: those that were admitted before this unit had it.
func (ss *Session) handMatching(ctx context.Context) error {
	if !ss.has(identity.Admin) {
		return nil
	}
	own, ok := ss.registry().Unit(ss.unit)
	if !ok {
		return nil
	}
	for _, id := range ss.registry().MatchingOwed(ss.unit) {
		u, ok := ss.registry().Unit(id)
		if !ok || u.ParentWriter != ss.seat() && own.OwnWriter != ss.seat() {
			continue // another admin of this unit writes there
		}
		at := logPlace{unit: id, first: u.First, branch: oplog.BranchParent}
		err := ss.station.enterFrom(ctx, ss.open, ss.keys, ss.unit, at, func(now identity.Unit) ([]identity.Item, error) {
			if len(ss.registry().MatchingFor(id)) > 0 {
				return nil, nil
			}
			return ss.matchingItem(ctx, id, now.Reading)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// marker makes marks of people's numbers and disputes' categories: the same
// wherever in the tree a unit makes them, and nothing to whoever lacks the
// tree's matching key. Where this unit has no key (yet) it makes none.
func (ss *Session) marker(ctx context.Context) casework.Marker {
	key, ok := ss.open.replica.MatchingKey(ctx)
	return func(number, category string) (mark [8]byte, has bool) {
		if !ok {
			return mark, false
		}
		return identity.MatchingMark(seal.Key(key), number, category), true
	}
}

// mark writes the marks of a case's parties into its digest where they differ
// from what the case asks for after a save: in the same append, under the name
// of the case operation that was saved, beyond the places of its own changes.
// projected are the changes so far.
func (ss *Session) mark(ctx context.Context, digest, whole *crdt.State, projected []crdt.Change) []crdt.Change {
	return append(projected, casework.MarkChanges(digest, whole, ss.marker(ctx), crdt.MaxChanges-len(projected))...)
}

// begun is a case as its first operation made it.
func begun(op *oplog.Operation, unit store.ID, changes []crdt.Change) (*crdt.State, error) {
	s := crdt.New(casework.CaseSchema())
	meta := crdt.Meta{ID: op.ID, Name: op.Name(), Stamp: op.Header.Stamp, Seat: op.Header.Seat, Unit: unit}
	return s, s.Apply(meta, crdt.Body{Changes: changes})
}

// after is a case as it is here with one operation more, which is not held yet.
// Where the operation touches nothing that marks are made of, it is the case
// without it.
func after(s *crdt.State, op *oplog.Operation, unit store.ID, changes []crdt.Change) (*crdt.State, error) {
	if !casework.Marked(changes) {
		return s, nil
	}
	all := s.Heads()
	seen := slices.DeleteFunc(slices.Clone(op.Header.Heads), func(h store.ID) bool { return !s.Has(h) })
	if len(seen) == 0 { // the author saw more heads than one operation can name
		seen = all
	}
	out, err := s.At(all)
	if err != nil {
		return nil, err
	}
	meta := crdt.Meta{ID: op.ID, Name: op.Name(), Heads: seen, Stamp: op.Header.Stamp, Seat: op.Header.Seat, Unit: unit}
	return out, out.Apply(meta, crdt.Body{Changes: changes})
}
