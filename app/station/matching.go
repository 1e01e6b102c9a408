package station

import (
	"context"
	"encoding/hex"

	"hejie/app/casework"
	"hejie/store"
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
	return identity.HandMatchingKey(n.request.Unit, n.request.Unit, n.unit.Reading[0].Public(), key)
}

// matchingItem hands the tree's matching key to a unit; nil where this unit has
// none to hand on.
func (ss *Session) matchingItem(ctx context.Context, unit store.ID, reading []byte) ([]identity.Item, error) {
	key, ok := ss.open.replica.MatchingKey(ctx)
	if !ok {
		return nil, nil
	}
	m, err := identity.HandMatchingKey(ss.open.replica.Self().Tree, unit, reading, seal.Key(key))
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
		m, err := identity.HandMatchingKey(tree, tree, now.Reading, key)
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

// matchingMark is the mark of a person's number and a dispute's category: the
// same 16 hexadecimal digits wherever in the tree a unit makes it, and nothing
// to whoever lacks the tree's matching key. false: no number, or this unit has
// no matching key (yet).
func (ss *Session) matchingMark(ctx context.Context, idNumber, category string) (string, bool) {
	number := casework.MatchNumber(idNumber)
	if number == "" {
		return "", false
	}
	key, ok := ss.open.replica.MatchingKey(ctx)
	if !ok {
		return "", false
	}
	mark := identity.MatchingMark(seal.Key(key), number, category)
	return hex.EncodeToString(mark[:]), true
}
