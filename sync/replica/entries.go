package replica

import (
	"bytes"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

// enter puts the operation into the ordered set, and all earlier ones of its
// record (and of its case's digest) where it sends them further.
func (a *apply) enter(w *work, op *oplog.Operation) error {
	if op.Header.Class != oplog.ClassTree {
		// It is taken after its owner's log and its record's first operation: where
		// they are not here, they are lost.
		_, known := a.path(op.Header.Owner)
		a.gap = a.gap || !known || w.row.Owner == (store.ID{})
		return a.route(w, op)
	}
	_, known := a.parentPath(op.Header.Owner)
	a.gap = a.gap || !known
	return a.putAll(a.groups(w.row, op.Header.Class), op.Header.Stamp, op.ID)
}

// spot notes where an operation stands in its lane whose record goes elsewhere
// than the lane's others, so that what of it is not receipted can be counted: of
// a granted record, of a register, of a digest with masters beside the tree, of
// a case whose owner had several stations.
func (a *apply) spot(w *work, op *oplog.Operation) error {
	row := &w.row
	digest, station := row.Kind == oplog.KindDigest, row.Audience != oplog.AudienceTree
	if len(row.Grants) == 0 && !row.ofUnit() && !(digest && len(row.Routes) > 0) && !(station && len(a.stations(row.Owner)) > 1) {
		return nil
	}
	return a.tx.Put(rowKey(rowSpot, w.id[:], laneKey(op.Header.Lane())[1:], be64(op.Header.Number)), nil)
}

// enterAll enters every operation of a record anew, and of its case's digest:
// a grant on a case includes its digest (DESIGN 6). Places that the row before
// gave and that now lie on the way to another are left, so that the entries are
// a function of the operations held, whatever came first.
func (a *apply) enterAll(w *work, before recordRow) error {
	if err := a.moveAll(w, before); err != nil || w.row.Kind != oplog.KindCase {
		return err
	}
	digests, err := ids(a.tx, rowKey(rowCase, w.id[:], []byte{byte(oplog.KindDigest)}))
	if err != nil {
		return err
	}
	for _, id := range digests {
		d, err := a.record(id)
		if err != nil {
			return err
		}
		old := d.row
		old.Grants = before.Grants
		d.row.Grants, d.touched = w.row.Grants, true
		if err := a.moveAll(d, old); err != nil {
			return err
		}
	}
	return nil
}

func (a *apply) moveAll(w *work, old recordRow) error {
	if err := a.members(w.id, func(op *oplog.Operation) error { return a.moveEntry(w, old, op) }); err != nil {
		return err
	}
	if err := a.moveErasures(w, old); err != nil {
		return err
	}
	return a.link(&w.row)
}

// moveEntry takes an operation from the places of an earlier row to those of its record's.
func (a *apply) moveEntry(x *work, old recordRow, op *oplog.Operation) error {
	if unplaced, err := has(a.tx, rowKey(rowUnplaced, op.ID[:])); err != nil || unplaced {
		return err
	}
	if err := a.spot(x, op); err != nil {
		return err
	}
	now, err := places(a.Replica, a.reader(nil), x.row, &op.Header)
	if err != nil {
		return err
	}
	before, err := places(a.Replica, a.reader(nil), old, &op.Header)
	if err != nil {
		return err
	}
	for _, g := range before {
		if slices.Contains(now, g) {
			continue
		}
		if err := a.tx.Leave(entryKey(g, op.Header.Stamp, op.ID)); err != nil {
			return err
		}
	}
	return a.putAll(now, op.Header.Stamp, op.ID)
}

// putAll puts an operation or wrap into several places.
func (a *apply) putAll(groups []group, stamp uint64, id store.ID) error {
	for _, g := range groups {
		if err := a.put(g, stamp, id); err != nil {
			return err
		}
	}
	return nil
}

// grantsTo enters what goes to a unit whose path was not known here before;
// placed are all units whose path became known at once.
func (a *apply) grantsTo(unit store.ID, placed []store.ID) error {
	records, err := ids(a.tx, rowKey(rowGrant, unit[:]))
	if err != nil {
		return err
	}
	for _, id := range records {
		w, err := a.record(id)
		if err != nil {
			return err
		}
		before := w.row
		before.Grants, before.Routes = without(before.Grants, placed), without(before.Routes, placed)
		if err := a.enterAll(w, before); err != nil {
			return err
		}
	}
	return nil
}

func (a *apply) put(g group, stamp uint64, id store.ID) error {
	a.noteGroup(g)
	return a.tx.Enter(entryKey(g, stamp, id))
}

// members visits a record's operations in the order of their arrival.
func (a *apply) members(record store.ID, fn func(*oplog.Operation) error) error {
	return members(a.tx, record, fn)
}

// members visits a record's operations but for those that are lost.
func members(r store.Reader, record store.ID, fn func(*oplog.Operation) error) error {
	var list []store.ID
	err := r.Scan(rowKey(rowMember, record[:]), nil, false, func(_, v []byte) (bool, error) {
		list = append(list, store.ID(v))
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, id := range list {
		op, err := heldOperation(r, id)
		if err != nil {
			return err
		}
		if op == nil {
			continue
		}
		if err := fn(op); err != nil {
			return err
		}
	}
	return nil
}

// enterEverything derives every entry anew after a move in the tree.
func (a *apply) enterEverything() error {
	if lost, err := lostNow(a.tx); err != nil {
		return err
	} else if len(lost) > 0 { // Frames passes over them
		a.gap = true
	}
	var old []store.EntryKey
	err := a.tx.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
		old = append(old, k)
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, k := range old {
		if err := a.tx.Leave(k); err != nil {
			return err
		}
	}
	if err := a.unlink(); err != nil {
		return err
	}
	if err := a.routeEverything(); err != nil {
		return err
	}
	if err := a.linkAll(); err != nil {
		return err
	}
	return a.tx.Frames(1, func(f store.Frame) (bool, error) {
		switch f.Kind {
		case store.KindOperation:
			op, err := oplog.Trusted(f.Bytes)
			if err != nil {
				return false, err
			}
			if op.Header.Class.Later() {
				return true, a.putAll(a.routedTo(&op.Header), op.Header.Stamp, op.ID)
			}
			w, err := a.record(op.RecordID())
			if err != nil {
				return false, err
			}
			return true, a.moveEntry(w, w.row, op)
		case store.KindWrap:
			s, err := oplog.TrustedWrap(f.Bytes)
			if err != nil {
				return false, err
			}
			return true, a.putAll(a.wrapGroups(&s.Wrap), s.Wrap.Stamp, s.ID)
		}
		return true, nil
	})
}

// routeEverything tells the places of every record anew.
func (a *apply) routeEverything() error {
	for _, kind := range []byte{rowAwait, rowUnplaced, rowGrant, rowSpot} {
		if err := a.deleteUnder([]byte{kind}); err != nil {
			return err
		}
	}
	routed := map[store.ID]*work{}
	err := a.tx.Frames(1, func(f store.Frame) (bool, error) {
		if f.Kind != store.KindOperation {
			return true, nil
		}
		op, err := oplog.Trusted(f.Bytes)
		if err != nil || op.Header.Class == oplog.ClassTree || op.Header.Class.Later() {
			return true, err
		}
		w, err := a.record(op.RecordID())
		if err != nil {
			return false, err
		}
		if routed[w.id] == nil {
			routed[w.id] = w
			if err := a.unroute(w); err != nil {
				return false, err
			}
		}
		_, err = a.widen(w, op)
		return true, err
	})
	if err != nil {
		return err
	}
	list := make([]*work, 0, len(routed))
	for _, w := range routed {
		list = append(list, w)
	}
	slices.SortFunc(list, func(x, y *work) int { return compareIDs(x.id, y.id) })
	for _, w := range list {
		if w.row.Kind == oplog.KindDigest && w.row.Case != nil {
			of, err := a.record(*w.row.Case)
			if err != nil {
				return err
			}
			w.row.Grants = of.row.Grants
		}
		if err := a.noteReach(w); err != nil {
			return err
		}
	}
	return nil
}

// groups are the places of a record's operations in the ordered set: one for
// each audience unit that is not on the way to another.
func (r *Replica) groups(row recordRow, class oplog.Class) []group {
	owner, ok := r.path(row.Owner)
	if !ok {
		return nil
	}
	if class == oplog.ClassTree {
		parent, ok := r.parentPath(row.Owner)
		if !ok {
			return nil
		}
		out := []group{groupOf(entryTree, parent, owner)}
		for _, unit := range r.linked(row.Owner) {
			// Whoever is above or below the parent has the log anyway. Others get it as
			// they get wraps: those on the way, who hold the grant too.
			if p, ok := r.path(unit); ok && !goes(entryTree, parent, owner, p) {
				out = append(out, groupOf(entryWrap, p, owner))
			}
		}
		return out
	}
	audience := []Path{owner}
	if row.Audience == oplog.AudienceTree {
		audience = append(audience, Path{})
	}
	for _, unit := range row.reach() {
		if p, ok := r.path(unit); ok {
			audience = append(audience, p)
		}
	}
	entry := entryCase
	if class == oplog.ClassDigest {
		entry = entryDigest
	}
	return ends(entry, owner, audience)
}

// wrapGroups are a wrap's places, none where its units are not known: it goes
// wherever the entries go that it opens, so that whoever holds those can hand
// it on to the reader, and to where it was made, so that its maker can hand it
// on: a granted unit is not on the way between the owner and its audience. One
// for the owner or a station of it goes to all stations that its log ever named:
// another computer of the owner is met through them.
func (r *Replica) wrapGroups(w *oplog.Wrap) []group {
	maker, known := r.seatUnit(w.Seat)
	if !known {
		return nil
	}
	stations := r.stations(w.Owner)
	units := []store.ID{w.Owner, w.Unit, maker}
	if w.Unit == w.Owner || slices.Contains(stations, w.Unit) {
		units = append(units, stations...)
	}
	var audience []Path
	for _, unit := range units {
		p, known := r.path(unit)
		if !known {
			return nil
		}
		audience = append(audience, p)
	}
	owner := audience[0]
	if w.Method == oplog.ToUnit && w.Rule == oplog.AudienceTree {
		audience = append(audience, Path{}) // up to the root
	}
	return ends(entryWrap, owner, audience)
}

func ends(entry byte, owner Path, audience []Path) []group {
	slices.SortFunc(audience, func(x, y Path) int { return bytes.Compare(x[:], y[:]) })
	audience = slices.Compact(audience)
	var out []group
	for _, a := range audience {
		passed := slices.ContainsFunc(audience, func(b Path) bool { return b != a && onWay(a, owner, b) })
		if !passed {
			out = append(out, groupOf(entry, a, owner))
		}
	}
	return out
}
