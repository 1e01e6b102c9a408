package replica

import (
	"errors"
	"slices"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// Where a record goes is told by the headers of its operations that are held and
// by the logs, whatever the verdicts and whatever came first. It only ever grows
// (DESIGN 6):
//
//   - a case, notes, documents: the owner's stations at the log heads that an
//     operation of the record names;
//   - a digest: the owner's masters at such heads, and the tree;
//   - the units to which an operation of the record grants it.
//
// An operation counts for this, and has a place of its own, once its author is
// known to be a person of the owner, of a unit above it, of one of its stations or
// of a unit to which it was granted so. What anybody else wrote is held without
// a place: it is handed on to nobody, and nothing builds on it.

// placing is what the headers of one operation say of its author.
type placing struct {
	op     *oplog.Operation
	owner  *identity.Unit // at the log heads that it names
	author store.ID
}

// widen lets an operation count for where its record goes. It returns those that
// have a place since.
func (a *apply) widen(w *work, op *oplog.Operation) ([]placing, error) {
	p, err := a.placingOf(w.row, op)
	if err != nil {
		return nil, err
	}
	if p == nil || !a.works(w.row, p.author) {
		if err := a.tx.Put(rowKey(rowUnplaced, op.ID[:]), nil); err != nil || p == nil {
			return nil, err
		}
		return nil, a.tx.Put(rowKey(rowOutside, w.id[:], p.author[:], op.ID[:]), nil)
	}
	list := []placing{*p}
	if !a.count(w, p) {
		return list, nil
	}
	more, err := a.grow(w)
	return append(list, more...), err
}

// placingOf tells whose operation it is; nil: not known (yet).
func (a *apply) placingOf(row recordRow, op *oplog.Operation) (*placing, error) {
	h := &op.Header
	owner, err := a.routed(op, h.OwnerLog)
	if err != nil || owner == nil || owner.ID != row.Owner {
		return nil, err
	}
	author := owner
	if len(h.AuthorLog) > 0 {
		if author, err = a.routed(op, h.AuthorLog); err != nil || author == nil {
			return nil, err
		}
	}
	if s, enrolled := author.Seat(h.Seat); !enrolled || s.Machine {
		return nil, nil
	}
	return &placing{op, owner, author.ID}, nil
}

// routed is a unit at log heads, forks left aside; nil where they are not here
// yet (the operation is looked at again then) or are no heads of one log.
func (a *apply) routed(op *oplog.Operation, heads []oplog.ID) (*identity.Unit, error) {
	u, err := a.registry.Routed(heads)
	var missing *identity.MissingError
	switch {
	case errors.As(err, &missing):
		for _, id := range missing.IDs {
			if err := a.tx.Put(rowKey(rowAwait, id[:], op.ID[:]), nil); err != nil {
				return nil, err
			}
		}
		return nil, nil
	case err != nil:
		return nil, nil //nolint:nilerr // they name nothing that could send it anywhere
	}
	return &u, nil
}

// works reports whether people of a unit may send a record elsewhere, and have
// what they write in it handed on.
func (r *Replica) works(row recordRow, unit store.ID) bool {
	if row.Kind == oplog.KindErasure { // any audience may hold an erasure back, and no relay knows them all
		return true
	}
	if unit == row.Owner || slices.Contains(r.ancestors(row.Owner), unit) {
		return true
	}
	if row.Kind == oplog.KindDigest {
		return slices.Contains(row.Writers, unit) // who holds no case knows no more
	}
	return slices.Contains(row.Routes, unit) || slices.Contains(row.Grants, unit)
}

// count takes in what an operation with a place says; it reports whether the
// record goes further now, or further units may write in it.
func (a *apply) count(w *work, p *placing) bool {
	row := &w.row
	before := len(row.Routes) + len(row.Grants) + len(row.Writers)
	row.Routes = with(row.Routes, routesOf(*row, p.owner)...)
	if row.Kind == oplog.KindDigest {
		row.Writers = with(row.Writers, p.op.Header.Granting()...)
	} else {
		row.Grants = with(row.Grants, p.op.Header.Grants...)
	}
	if p.author != row.Owner {
		row.Authors = with(row.Authors, p.author)
	}
	w.touched = true
	return len(row.Routes)+len(row.Grants)+len(row.Writers) > before
}

// with adds to a sorted list what it lacks.
func with(list []store.ID, more ...store.ID) []store.ID {
	for _, id := range more {
		if _, has := slices.BinarySearchFunc(list, id, compareIDs); !has {
			return merge(list, more)
		}
	}
	return list
}

// routesOf are the units to which the rule of a record sends it, at the log
// heads of its owner, besides the owner and those above.
func routesOf(row recordRow, owner *identity.Unit) []store.ID {
	switch {
	case row.Kind == oplog.KindDigest:
		return slices.DeleteFunc(owner.Masters(), func(id store.ID) bool { return id == owner.ID })
	case row.Audience != oplog.AudienceTree && owner.Station != owner.ID && owner.Station != (store.ID{}):
		return []store.ID{owner.Station}
	}
	return nil
}

// grow places the operations that waited for their author's unit to have a part
// in the record, until no more are found.
func (a *apply) grow(w *work) (placed []placing, err error) {
	for again := true; again; {
		again = false
		var outside [][2]store.ID // unit, operation
		if err := a.tx.Scan(rowKey(rowOutside, w.id[:]), nil, false, func(k, _ []byte) (bool, error) {
			outside = append(outside, [2]store.ID{store.ID(k[33:65]), lastID(k)})
			return true, nil
		}); err != nil {
			return nil, err
		}
		for _, x := range outside {
			if !a.works(w.row, x[0]) {
				continue
			}
			op, err := heldOperation(a.tx, x[1])
			if err != nil {
				return nil, err
			}
			if op == nil {
				continue
			}
			p, err := a.placingOf(w.row, op)
			if err != nil {
				return nil, err
			}
			if err := a.deleteAll([][]byte{rowKey(rowOutside, w.id[:], x[0][:], x[1][:]), rowKey(rowUnplaced, x[1][:])}); err != nil {
				return nil, err
			}
			placed = append(placed, *p)
			again = a.count(w, p) || again
		}
	}
	return placed, nil
}

// routesCame looks again at the operations whose places waited for a log entry.
func (a *apply) routesCame(entry store.ID) error {
	waiting, err := ids(a.tx, rowKey(rowAwait, entry[:]))
	if err != nil {
		return err
	}
	for _, id := range waiting {
		op, err := heldOperation(a.tx, id)
		if err != nil {
			return err
		}
		if op == nil {
			continue
		}
		if err := a.deleteAll([][]byte{rowKey(rowAwait, entry[:], id[:]), rowKey(rowUnplaced, id[:])}); err != nil {
			return err
		}
		w, err := a.record(op.RecordID())
		if err != nil {
			return err
		}
		if err := a.route(w, op); err != nil {
			return err
		}
	}
	return nil
}

// route gives an operation that is held its place, and others that waited for
// it; where the record goes further now, its entries and its digests' move.
func (a *apply) route(w *work, op *oplog.Operation) error {
	if w.row.Owner == (store.ID{}) {
		return nil // its first operation is not here
	}
	before := w.row
	placed, err := a.widen(w, op)
	if err != nil || len(placed) == 0 {
		return err
	}
	for _, p := range placed {
		if err := a.moveEntry(w, before, p.op); err != nil {
			return err
		}
		a.queue = append(a.queue, p.op.ID)
	}
	switch {
	case !slices.Equal(before.reach(), w.row.reach()):
		if err := a.noteReach(w); err != nil {
			return err
		}
		return a.enterAll(w, before)
	case !slices.Equal(before.Authors, w.row.Authors):
		if err := a.noteReach(w); err != nil {
			return err
		}
		return a.link(&w.row)
	}
	return nil
}

// noteReach remembers which records name a unit, so that they get their entries
// and links when its place becomes known. Units above the owner always have one;
// a digest's grants are its case's.
func (a *apply) noteReach(w *work) error {
	for _, unit := range a.named(w.row) {
		if err := a.tx.Put(rowKey(rowGrant, unit[:], w.id[:]), nil); err != nil {
			return err
		}
	}
	return nil
}

func (r *Replica) named(row recordRow) []store.ID {
	units := row.Grants
	if row.Kind == oplog.KindDigest {
		units = row.Routes
	}
	above := r.ancestors(row.Owner)
	return slices.DeleteFunc(merge(units, row.Authors), func(u store.ID) bool { return slices.Contains(above, u) && !slices.Contains(units, u) })
}

// unroute forgets what told the places of a record, to tell it anew.
func (a *apply) unroute(w *work) error {
	w.row.Grants, w.row.Routes, w.row.Writers, w.row.Authors, w.touched = nil, nil, nil, nil, true
	return a.deleteUnder(rowKey(rowOutside, w.id[:]))
}

// DigestsBefore counts the digests of an owner that lie here and do not go to a
// master yet: each does with the next operation of its record.
func (r *Replica) DigestsBefore(rd store.Reader, owner, master store.ID) (n int, err error) {
	above := slices.Contains(r.ancestors(owner), master)
	err = rd.Scan([]byte{rowRecord}, nil, false, func(_, v []byte) (bool, error) {
		var row recordRow
		if err := dcbor.Unmarshal(v, &row); err != nil {
			return false, err
		}
		if row.Kind == oplog.KindDigest && row.Owner == owner && !above && !slices.Contains(row.reach(), master) {
			n++
		}
		return true, nil
	})
	return n, err
}
