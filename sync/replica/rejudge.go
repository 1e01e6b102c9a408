package replica

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
)

// A verdict rests on what the author's seat might do at the log heads that its
// operation names. That is settled once those entries are here, but for forks:
// an entry that comes later can take rights from the side of a fork, and the end
// of a fork gives them back. Then every operation of the people concerned is
// judged again, with all others of its record, since they build on each other:
// verdicts are a function of the operations held, not of their order (P2).

// judgeAgain forgets what was derived of the records in which people of the
// shaken units wrote, and queues their operations.
func (a *apply) judgeAgain() error {
	if len(a.shaken) == 0 {
		return nil
	}
	records, err := a.writtenBy(a.shaken)
	if err != nil {
		return err
	}
	a.shaken = nil
	for _, id := range records {
		w, err := a.record(id)
		if err != nil {
			return err
		}
		if a.mine(w) {
			err = a.forget(id)
		} else {
			err = a.makeDue(w, dueAgain, w.row.Weight)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writtenBy are the records, sorted, that units own or in which people wrote
// whom their logs ever named.
func (a *apply) writtenBy(units []store.ID) ([]store.ID, error) {
	var lanes [][]byte
	if err := a.tx.Scan([]byte{rowLane}, nil, false, func(k, _ []byte) (bool, error) {
		lane := laneOf(k)
		theirs := slices.Contains(units, lane.Owner) || slices.ContainsFunc(a.registry.Enrolled(lane.Seat), func(u store.ID) bool { return slices.Contains(units, u) })
		if lane.Class != oplog.ClassTree && theirs {
			lanes = append(lanes, bytes.Clone(k[1:]))
		}
		return true, nil
	}); err != nil {
		return nil, err
	}
	var records []store.ID
	for _, lane := range lanes {
		list, err := ids(a.tx, rowKey(rowNumber, lane))
		if err != nil {
			return nil, err
		}
		for _, id := range list {
			op, err := heldOperation(a.tx, id)
			if err != nil {
				return nil, err
			}
			if op != nil && !op.Header.Class.Later() { // of no record
				records = append(records, op.RecordID())
			}
		}
	}
	slices.SortFunc(records, compareIDs)
	return slices.Compact(records), nil
}

// forget takes back what verdicts gave a record, and queues its operations.
func (a *apply) forget(record store.ID) error { return a.forgetBut(record, false) }

// forgetBut is forget; with adoptions it keeps what was adopted: an adoption rests
// on no other, so that what was told of it stays true while the record's is judged
// again for its sake.
func (a *apply) forgetBut(record store.ID, adoptions bool) error {
	// What builds on a lost operation could not be judged again without it: the
	// record stays as it was until that is back, and is derived anew then.
	if lost, err := a.losesAny(record); err != nil || lost {
		return err
	}
	w, err := a.record(record)
	if err != nil {
		return err
	}
	if err := a.hide(w); err != nil {
		return err
	}
	all := map[store.ID]*oplog.Operation{}
	if err := a.members(record, func(op *oplog.Operation) error {
		all[op.ID] = op
		gone := [][]byte{rowKey(rowDone, op.ID[:]), rowKey(rowSeen, op.ID[:]), rowKey(rowTrouble, op.ID[:])}
		if key := op.Header.Key; key != nil {
			gone = append(gone, rowKey(rowLocked, key[:], op.ID[:]), rowKey(rowUser, key[:], op.Header.Seat[:], record[:]), rowKey(rowOdd, key[:], record[:]))
		}
		return a.deleteAll(gone)
	}); err != nil {
		return err
	}
	a.queue = append(a.queue, byDepth(all)...)
	if err := a.unserve(w); err != nil {
		return err
	}
	gone := []byte{rowState, rowGranted, rowFurther, rowUses, rowWeight, rowSum, rowDue}
	if !adoptions {
		gone = append(gone, rowAdopted)
	}
	for _, kind := range gone {
		if err := a.deleteUnder(rowKey(kind, record[:])); err != nil {
			return err
		}
	}
	w.row.Granted, w.row.Served, w.row.Station = nil, nil, nil
	w.row.Weight, w.row.Judged = 0, 0
	w.state, w.touched, w.changed, w.show = crdt.New(a.policy.Schema(w.row.Kind)), true, true, true
	return nil
}

// losesAny reports whether an operation of a record is lost.
func (a *apply) losesAny(record store.ID) (bool, error) {
	lost := false
	err := a.tx.Scan(rowKey(rowMember, record[:]), nil, false, func(_, v []byte) (bool, error) {
		op, err := heldOperation(a.tx, store.ID(v))
		lost = err == nil && op == nil
		return !lost, err
	})
	return lost, err
}

// byDepth orders operations by causal depth, then id: the order in which the
// weights of one seat's are summed. Heads that are not among them count for nothing.
func byDepth(all map[store.ID]*oplog.Operation) []store.ID {
	depth := map[store.ID]uint32{}
	todo := slices.SortedFunc(maps.Keys(all), compareIDs)
	out := slices.Clone(todo)
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		if depth[id] > 0 {
			todo = todo[:len(todo)-1]
			continue
		}
		deepest, ready := uint32(1), true
		for _, h := range all[id].Header.Heads {
			switch {
			case all[h] == nil:
			case depth[h] == 0:
				todo, ready = append(todo, h), false
			default:
				deepest = max(deepest, depth[h]+1)
			}
		}
		if ready {
			depth[id] = deepest
			todo = todo[:len(todo)-1]
		}
	}
	slices.SortFunc(out, func(x, y store.ID) int { return cmp.Or(cmp.Compare(depth[x], depth[y]), compareIDs(x, y)) })
	return out
}

// unserve takes back what served noted.
func (a *apply) unserve(w *work) error {
	keys, err := ids(a.tx, rowKey(rowUses, w.id[:]))
	if err != nil {
		return err
	}
	if w.row.Key != nil {
		wraps, err := ids(a.tx, rowKey(rowWrapKey, w.row.Key[:]))
		if err != nil {
			return err
		}
		for _, id := range wraps {
			x, err := heldWrap(a.tx, id)
			if err != nil {
				return err
			}
			if x != nil {
				keys = append(keys, x.Wrap.For)
			}
		}
		first, err := heldOperation(a.tx, w.id)
		if err != nil {
			return err
		}
		if first == nil {
			// what it served is taken back by the rebuild that closes the gap
		} else if audience, _, ok := first.Inside(); ok {
			keys = append(keys, audience)
		}
	}
	var gone [][]byte
	for _, key := range keys {
		for _, unit := range w.row.Served {
			gone = append(gone, rowKey(rowServes, key[:], unit[:], w.id[:]))
		}
	}
	return a.deleteAll(gone)
}

// deleteUnder deletes the rows under a prefix.
func (a *apply) deleteUnder(prefix []byte) error {
	var gone [][]byte
	if err := a.tx.Scan(prefix, nil, false, func(k, _ []byte) (bool, error) {
		gone = append(gone, bytes.Clone(k))
		return true, nil
	}); err != nil {
		return err
	}
	return a.deleteAll(gone)
}

func (a *apply) deleteAll(keys [][]byte) error {
	for _, k := range keys {
		if err := a.tx.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// hide takes a record's rows out of views. Those of a digest are its case's:
// whichever digest counts is shown again.
func (a *apply) hide(w *work) error {
	if w.row.Kind == oplog.KindLog || w.row.Owner == (store.ID{}) {
		return nil
	}
	if w.row.Kind == oplog.KindDigest && w.row.Case != nil {
		digests, err := ids(a.tx, rowKey(rowCase, w.row.Case[:], []byte{byte(oplog.KindDigest)}))
		if err != nil {
			return err
		}
		for _, id := range digests {
			d, err := a.record(id)
			if err != nil {
				return err
			}
			d.touched = true
		}
	}
	return a.policy.Hide(w.row.tell(w.id, true), appRows{a.tx})
}
