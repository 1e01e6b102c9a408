package replica

import (
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// Grants count in two ways (DESIGN 3, 6). For the ordered set every grant of an
// operation with a place counts, whatever the verdict on it (routes.go, links.go):
// so entries are a function of the operations held, and a grant that turns out
// late takes nothing back. For people and keys only grants of accepted operations count:
// who may write is told by the grants that an operation's author saw, and keys
// are sealed to granted units alone.

// seenBefore are the grants accepted in what an operation's author saw.
func (a *apply) seenBefore(op *oplog.Operation) ([]store.ID, error) {
	var seen []store.ID
	for _, h := range op.Header.Heads {
		more, err := seenAt(a.tx, h)
		if err != nil {
			return nil, err
		}
		if len(more) > 0 {
			seen = merge(seen, more)
		}
	}
	return seen, nil
}

func seenAt(rd store.Reader, op store.ID) ([]store.ID, error) {
	row := rowKey(rowSeen, op[:])
	if held, err := has(rd, row); err != nil || !held {
		return nil, err
	}
	b, err := rd.Get(row)
	if err != nil {
		return nil, err
	}
	var out []store.ID
	for id := range slices.Chunk(b, len(store.ID{})) {
		out = append(out, store.ID(id))
	}
	return out, nil
}

func (a *apply) noteSeen(op *oplog.Operation, seen []store.ID) error {
	if len(seen) == 0 {
		return nil
	}
	var b []byte
	for _, id := range seen {
		b = append(b, id[:]...)
	}
	return a.tx.Put(rowKey(rowSeen, op.ID[:]), b)
}

// noteKey notes the key that opened an operation as one of its record: all
// readers are to have it, whatever the verdict, since what follows builds on the
// operation. A key that opened nothing is not believed to be the record's: else
// whoever names a foreign key's commitment would have it handed out.
func (a *apply) noteKey(op *oplog.Operation) error {
	record := op.RecordID()
	w, err := a.record(record)
	if err != nil {
		return err
	}
	uses := rowKey(rowUses, record[:], op.Header.Key[:])
	if held, err := has(a.tx, uses); err != nil {
		return err
	} else if !held {
		if err := a.tx.Put(uses, nil); err != nil {
			return err
		}
		if op.Header.Kind == oplog.KindDigest {
			if err := a.serve(w, *op.Header.Key, w.row.Served); err != nil {
				return err
			}
		}
	}
	switch {
	case op.Header.Kind == oplog.KindDigest:
		return a.tx.Put(rowKey(rowUser, op.Header.Key[:], op.Header.Seat[:], record[:]), nil)
	case w.row.Key != nil && *w.row.Key != *op.Header.Key:
		return a.tx.Put(rowKey(rowOdd, op.Header.Key[:], record[:]), nil)
	}
	return nil
}

// served notes to whom an accepted operation sends its record by rule, at the
// log heads that it names, so that they are given its keys.
func (a *apply) served(op *oplog.Operation) error {
	owner, err := a.registry.At(op.Header.OwnerLog)
	if err != nil {
		return err
	}
	record := op.RecordID()
	w, err := a.record(record)
	if err != nil {
		return err
	}
	routes := routesOf(w.row, &owner)
	if w.row.Kind == oplog.KindDigest {
		more := slices.DeleteFunc(routes, func(u store.ID) bool { return slices.Contains(w.row.Served, u) })
		if len(more) == 0 {
			return nil
		}
		w.row.Served, w.touched = with(w.row.Served, more...), true
		keys, err := ids(a.tx, rowKey(rowUses, record[:]))
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := a.serve(w, key, more); err != nil {
				return err
			}
		}
		return nil
	}
	for _, station := range routes {
		w.row.Served, w.touched = with(w.row.Served, station), true
		switch {
		case op.Header.Record == nil:
			w.row.Station = &station
			if err := a.serveUnder(w); err != nil {
				return err
			}
		case w.row.Station == nil || *w.row.Station != station:
			if err := a.tx.Put(rowKey(rowFurther, record[:], station[:]), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// serve notes that units are to have a key for a record's sake.
func (a *apply) serve(w *work, key store.ID, units []store.ID) error {
	for _, unit := range units {
		if err := a.tx.Put(rowKey(rowServes, key[:], unit[:], w.id[:]), nil); err != nil {
			return err
		}
	}
	return nil
}

// serveUnder notes that the station of a record's first operation is to have the
// audience keys under which the record's key lies.
func (a *apply) serveUnder(w *work) error {
	if w.row.Station == nil || w.row.Key == nil {
		return nil
	}
	wraps, err := ids(a.tx, rowKey(rowWrapKey, w.row.Key[:]))
	if err != nil {
		return err
	}
	for _, id := range wraps {
		x, err := heldWrap(a.tx, id)
		if err != nil {
			return err
		}
		if x != nil && x.Wrap.Method == oplog.UnderAudience {
			if err := a.serve(w, x.Wrap.For, []store.ID{*w.row.Station}); err != nil {
				return err
			}
		}
	}
	first, err := heldOperation(a.tx, w.id)
	if err != nil || first == nil {
		return err
	}
	if audience, _, ok := first.Inside(); ok {
		return a.serve(w, audience, []store.ID{*w.row.Station})
	}
	return nil
}

// grant lets the grants of an accepted operation count.
func (a *apply) grant(op *oplog.Operation, grants []store.ID) error {
	if len(grants) == 0 {
		return nil
	}
	record := op.RecordID()
	w, err := a.record(record)
	if err != nil {
		return err
	}
	w.row.Granted, w.touched = merge(w.row.Granted, grants), true
	for _, unit := range grants {
		if err := a.tx.Put(rowKey(rowGranted, record[:], unit[:]), nil); err != nil {
			return err
		}
	}
	return nil
}

// grantedOwed lists the wraps that units lack to which records were granted, or
// that became their station later: of every key of such a record, for the whole of its history.
func (r *Replica) grantedOwed(rd store.Reader) ([]Debt, error) {
	granted := map[store.ID][]store.ID{}
	var records []store.ID
	for _, kind := range []byte{rowGranted, rowFurther} {
		if err := rd.Scan([]byte{kind}, nil, false, func(k, _ []byte) (bool, error) {
			record := store.ID(k[1:33])
			if granted[record] == nil {
				records = append(records, record)
			}
			granted[record] = with(granted[record], lastID(k))
			return true, nil
		}); err != nil {
			return nil, err
		}
	}
	var debts []Debt
	listed := map[[64]byte]bool{} // a digest's key serves many records
	for _, record := range records {
		var row recordRow
		if _, err := load(rd, rowKey(rowRecord, record[:]), &row); err != nil {
			return nil, err
		}
		keys, err := ids(rd, rowKey(rowUses, record[:]))
		if err != nil {
			return nil, err
		}
		for _, unit := range r.strangers(row, granted[record]) {
			if !r.between(row.Owner, unit) {
				continue // what others sealed to it does not come by here
			}
			for _, key := range keys {
				pair := [64]byte(append(key[:], unit[:]...))
				if listed[pair] {
					continue
				}
				listed[pair] = true
				if done, err := r.sealedTo(rd, key, unit, r.readersByRule(row)); err != nil {
					return nil, err
				} else if !done {
					debts = append(debts, Debt{Key: key, Owner: row.Owner, Unit: unit, Record: &record})
				}
			}
		}
	}
	return debts, nil
}

// oddOwed lists the readers by rule who lack a key that no wrap gives them: of
// another key than its record's first, or that sealed a digest without being
// said to be an audience key. No honest program of this version makes one; but
// who opened it builds on what it sealed, and the others must be able to follow.
func (r *Replica) oddOwed(rd store.Reader) ([]Debt, error) {
	type use struct{ key, record store.ID }
	var odd []use
	seen := map[store.ID]bool{}
	if err := rd.Scan([]byte{rowOdd}, nil, false, func(k, _ []byte) (bool, error) {
		odd = append(odd, use{store.ID(k[1:33]), lastID(k)})
		return true, nil
	}); err != nil {
		return nil, err
	}
	if err := rd.Scan([]byte{rowUser}, nil, false, func(k, _ []byte) (bool, error) {
		if key := store.ID(k[1:33]); !seen[key] {
			seen[key] = true
			odd = append(odd, use{key, lastID(k)})
		}
		return true, nil
	}); err != nil {
		return nil, err
	}
	var debts []Debt
	for _, u := range odd {
		var row recordRow
		if _, err := load(rd, rowKey(rowRecord, u.record[:]), &row); err != nil {
			return nil, err
		}
		units := r.readersByRule(row)
		if !slices.Contains(units, r.self.Unit) {
			continue // what others sealed to the audience does not all come by here
		}
		for _, unit := range units {
			if unit == r.self.Unit || !r.hears(row.Owner, row.Audience, unit) {
				continue
			}
			done, err := r.sealedTo(rd, u.key, unit, units)
			if err != nil {
				return nil, err
			}
			if !done {
				debts = append(debts, Debt{Key: u.key, Owner: row.Owner, Unit: unit, Record: &u.record})
			}
		}
	}
	return debts, nil
}

// strangers are those of the units that don't read a record by its audience's
// keys: to them its own are sealed.
func (r *Replica) strangers(row recordRow, units []store.ID) []store.ID {
	byRule := r.keyed(row)
	return slices.DeleteFunc(slices.Clone(units), func(u store.ID) bool { return slices.Contains(byRule, u) })
}

// between reports whether this unit lies on the way between two, both included.
func (r *Replica) between(owner, unit store.ID) bool {
	mine, ok1 := r.path(r.self.Unit)
	from, ok2 := r.path(owner)
	to, ok3 := r.path(unit)
	return ok1 && ok2 && ok3 && onWay(mine, from, to)
}

// sealedTo reports whether a key was sealed to a unit by somebody who can have
// had it: of the audience, of the unit itself or of this one, or who sealed a
// digest with it. An empty wrap of anybody else keeps nobody from making one
// that opens.
func (r *Replica) sealedTo(rd store.Reader, key, unit store.ID, by []store.ID) (bool, error) {
	makers, err := ids(rd, rowKey(rowWrapUnit, key[:], unit[:]))
	if err != nil {
		return false, err
	}
	var users []store.ID
	if err := rd.Scan(rowKey(rowUser, key[:]), nil, false, func(k, _ []byte) (bool, error) {
		if seat := store.ID(k[33:65]); !slices.Contains(users, seat) { // sorted by seat
			users = append(users, seat)
		}
		return true, nil
	}); err != nil {
		return false, err
	}
	return slices.ContainsFunc(makers, func(seat store.ID) bool {
		return slices.Contains(users, seat) || r.isOf(seat, unit) || r.isOf(seat, r.self.Unit) || slices.ContainsFunc(by, func(u store.ID) bool { return r.isOf(seat, u) })
	}), nil
}

// ErrNotGrantable is returned for a grant of what is neither a case nor a document.
var ErrNotGrantable = errors.New("only cases and documents can be granted: a digest goes with its case, notes never")

// TooManyGrantsError is returned for an operation with more grants than a header holds.
type TooManyGrantsError struct{ Count int }

func (e *TooManyGrantsError) Error() string {
	return fmt.Sprintf("%d units, one operation grants to at most %d: grant to the others in another", e.Count, oplog.MaxGrants)
}

// granting checks the grants of an operation to be made and sorts them.
func granting(kind oplog.Kind, grants []store.ID) ([]store.ID, error) {
	if len(grants) == 0 {
		return nil, nil
	}
	if !Grantable(kind) {
		return nil, ErrNotGrantable
	}
	sorted := merge(grants, nil)
	if len(sorted) > oplog.MaxGrants {
		return nil, &TooManyGrantsError{len(sorted)}
	}
	return sorted, nil
}

// caseOf is the row that tells to whom a record is granted: a digest's is its
// case's, where that is here.
func (w *Writer) caseOf(row recordRow) (recordRow, error) {
	if row.Kind != oplog.KindDigest || row.Case == nil {
		return row, nil
	}
	of, ok := w.rows[*row.Case]
	if !ok {
		if _, err := load(w.rd, rowKey(rowRecord, row.Case[:]), &of); err != nil {
			return row, err
		}
	}
	if of.Owner == row.Owner {
		row.Granted = merge(row.Granted, of.Granted)
	}
	return row, nil
}

// wrapGranted seals every key of a record that this node holds to the units to
// which it was granted and that lack it; key is that of the operation made now.
func (w *Writer) wrapGranted(record store.ID, row recordRow, key seal.Key) error {
	row, err := w.caseOf(row)
	if err != nil {
		return err
	}
	if row.Audience != oplog.AudienceTree { // this operation names the station of now
		if station, ok := w.r.station(row.Owner); ok && station != row.Owner {
			row.Served = with(row.Served, station)
		}
	}
	further := w.r.strangers(row, with(row.Granted, row.Served...))
	if len(further) == 0 {
		return nil
	}
	keys, err := ids(w.rd, rowKey(rowUses, record[:]))
	if err != nil {
		return err
	}
	keys = merge(keys, []store.ID{key.Commitment()})
	for _, unit := range further {
		for _, c := range keys {
			if err := w.wrapOnce(record, row, c, unit); err != nil {
				return err
			}
		}
	}
	return nil
}

// wrapOnce seals a key to a unit unless it was done.
func (w *Writer) wrapOnce(record store.ID, row recordRow, commitment, unit store.ID) error {
	done, err := w.r.sealedTo(w.rd, commitment, unit, w.r.readersByRule(row))
	if err != nil || done || w.sealed[keyFor{commitment, unit}] {
		return err
	}
	key, ok := w.keys[commitment]
	if !ok {
		if key, ok, err = w.r.keys.resolve(w.rd, commitment); err != nil || !ok {
			return err // owed: whoever holds it makes it
		}
	}
	return w.wrapToUnit(key, row.Owner, unit, 0, &record)
}

// projectGrants makes a digest operation without changes for every case that
// this save grants and of which it projects nothing: who holds the digest alone
// must learn who writes in it.
func (w *Writer) projectGrants() error {
	for _, g := range w.granted {
		if g.projected {
			continue
		}
		digest, found, err := w.digestOf(g.of)
		if err != nil {
			return err
		}
		if !found {
			continue // nobody reads figures of it
		}
		if _, err := w.Append(digest, nil, crdt.Body{}, &g.op); err != nil {
			return err
		}
	}
	return nil
}

// digestOf finds a case's digest, among those begun in this save too.
func (w *Writer) digestOf(of store.ID) (store.ID, bool, error) {
	list, err := w.r.RecordsOf(w.rd, of, oplog.KindDigest)
	if err != nil || len(list) > 0 {
		return append(list, store.ID{})[0], len(list) > 0, err
	}
	for id, row := range w.rows {
		if row.Kind == oplog.KindDigest && row.Case != nil && *row.Case == of {
			return id, true, nil // one save begins one
		}
	}
	return store.ID{}, false, nil
}

// made is a case operation of this save that grants.
type made struct {
	of, op    store.ID
	grants    []store.ID
	projected bool
}

// projectedGrants are what a digest operation says of the case operation that it
// projects, if that was made in this save.
func (w *Writer) projectedGrants(projects *store.ID) []store.ID {
	for i := range w.granted {
		if projects != nil && w.granted[i].op == *projects {
			w.granted[i].projected = true
			return w.granted[i].grants
		}
	}
	return nil
}
