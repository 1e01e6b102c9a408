package replica

import (
	"bytes"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

// enter puts the operation into the ordered set, and all earlier ones of its
// record (and of its case's digest) where it grants.
func (a *apply) enter(w *work, op *oplog.Operation) error {
	for _, g := range a.groups(w.row, op.Header.Class) {
		if err := a.put(g, op.Header.Stamp, op.ID); err != nil {
			return err
		}
	}
	if err := a.spot(w, op); err != nil || len(op.Header.Grants) == 0 {
		return err
	}
	before := w.row.Grants
	w.row.Grants = merge(before, op.Header.Grants)
	for _, unit := range op.Header.Grants {
		if err := a.tx.Put(rowKey(rowGrant, unit[:], w.id[:]), nil); err != nil {
			return err
		}
	}
	if err := a.enterAll(w, before); err != nil {
		return err
	}
	return a.link(&w.row)
}

// spot notes where an operation of a granted record stands in its lane, so that
// what a granted unit has not receipted can be counted; of a register, that goes
// further up than the lane's other records, likewise.
func (a *apply) spot(w *work, op *oplog.Operation) error {
	if len(w.row.Grants) == 0 && w.row.Kind != oplog.KindRegister {
		return nil
	}
	return a.tx.Put(rowKey(rowSpot, w.id[:], laneKey(op.Header.Lane())[1:], be64(op.Header.Number)), nil)
}

// enterAll enters every operation of a record anew, and of its case's digest:
// a grant on a case includes its digest (DESIGN 6). Places that the grants
// before gave and that now lie on the way to another are left, so that the
// entries are a function of the operations held, whatever came first.
func (a *apply) enterAll(w *work, before []oplog.ID) error {
	records := []*work{w}
	if w.row.Kind == oplog.KindCase {
		digests, err := ids(a.tx, rowKey(rowCase, w.id[:], []byte{byte(oplog.KindDigest)}))
		if err != nil {
			return err
		}
		for _, id := range digests {
			d, err := a.record(id)
			if err != nil {
				return err
			}
			d.row.Grants, d.touched = w.row.Grants, true
			records = append(records, d)
		}
	}
	for _, x := range records {
		old := x.row
		old.Grants = before
		err := a.members(x.id, func(op *oplog.Operation) error { return a.moveEntry(x, old, op) })
		if err != nil {
			return err
		}
	}
	return nil
}

// moveEntry takes an operation from the places of an earlier row to those of its record's.
func (a *apply) moveEntry(x *work, old recordRow, op *oplog.Operation) error {
	if err := a.spot(x, op); err != nil {
		return err
	}
	now := a.groups(x.row, op.Header.Class)
	for _, g := range a.groups(old, op.Header.Class) {
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

// grantsTo enters what was granted to a unit before its path was known here;
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
		before := slices.DeleteFunc(slices.Clone(w.row.Grants), func(g oplog.ID) bool { return slices.Contains(placed, g) })
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
		f, err := r.Frame(id)
		if err != nil {
			return err
		}
		op, err := oplog.Trusted(f.Bytes)
		if err != nil {
			return err
		}
		if err := fn(op); err != nil {
			return err
		}
	}
	return nil
}

// enterEverything derives every entry anew after a move in the tree.
func (a *apply) enterEverything() error {
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
			w, err := a.record(op.RecordID())
			if err != nil {
				return false, err
			}
			return true, a.putAll(a.groups(w.row, op.Header.Class), op.Header.Stamp, op.ID)
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
	switch row.Audience {
	case oplog.AudienceTree:
		audience = append(audience, Path{})
	default:
		if station, ok := r.stationPath(row.Owner); ok {
			audience = append(audience, station)
		}
	}
	for _, unit := range row.Grants {
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
// on: a granted unit is not on the way between the owner and its audience.
func (r *Replica) wrapGroups(w *oplog.Wrap) []group {
	owner, known := r.path(w.Owner)
	if !known {
		return nil
	}
	unit, known := r.seatUnit(w.Seat)
	if !known {
		return nil
	}
	maker, known := r.path(unit)
	if !known {
		return nil
	}
	var audience Path
	switch {
	case w.Method == oplog.ToUnit && w.Rule == oplog.AudienceTree: // up to the root
	case w.Method == oplog.ToUnit && w.Rule == 0, w.Method == oplog.UnderAudience:
		audience, known = r.path(w.Unit)
	default: // the owner and its station; another computer of the owner is met through it
		audience, known = r.stationPath(w.Owner)
	}
	if !known {
		return nil
	}
	if onWay(maker, owner, audience) {
		return []group{groupOf(entryWrap, audience, owner)}
	}
	return ends(entryWrap, owner, []Path{audience, maker})
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
