package replica

import (
	"bytes"
	"cmp"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// Why an operation is late, besides what a Policy and WhyDear say.
const (
	WhyUnknownSeat = "the author's seat is not enrolled in the unit that the logs name"
	WhyOutside     = "its author's unit neither owns, supervises nor was granted this record"
	WhyForeign     = "it names operations of another record as what its author saw"
)

// An adoption (FORMAT.md 3, field 25) gives late operations their effect: those
// that it names and that its author had seen, so that they lie before it. Whether
// it counts rests on its author and on what he wrote in the record, and on no other
// adoption: so one pass tells what is adopted, and a second judges with it. What
// it takes in weighs on its author's own account: nobody adopts for nothing.

// Late is an operation without effect until a director takes it in.
type Late struct {
	Op     *oplog.Operation
	Record Record
	Why    string // one of Why…, or what the Policy said
	// Placed: others hold it too, so that it can be taken in. What somebody wrote who
	// has no part in the record goes nowhere: whoever wants it enters it himself.
	Placed bool
	Body   crdt.Body // where Readable
	// Readable: its body can be opened here.
	Readable bool
	Author   Author // as far as the logs held tell
	Weight   uint64 // what it weighs with who takes it in; 1 where it can't be opened
}

// LateOf lists what waits for a director, by record and then id; of one record,
// or, with a zero id, of all.
func (r *Replica) LateOf(rd store.Reader, record store.ID) (out []Late, err error) {
	type one struct {
		id  store.ID
		row troubleRow
	}
	var list []one
	if err := rd.Scan([]byte{rowTrouble}, nil, false, func(k, v []byte) (bool, error) {
		x := one{id: lastID(k)}
		if err := dcbor.Unmarshal(v, &x.row); err != nil {
			return false, err
		}
		if x.row.What == troubleLate && (record == (store.ID{}) || x.row.Record == record) {
			list = append(list, x)
		}
		return true, nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(x, y one) int {
		return cmp.Or(compareIDs(x.row.Record, y.row.Record), compareIDs(x.id, y.id))
	})
	for _, x := range list {
		l, err := r.late(rd, x.id, x.row)
		if err != nil {
			return nil, err
		}
		if l.Op == nil {
			continue // lost: nobody can take it in before it is back, and status tells of it
		}
		out = append(out, l)
	}
	return out, nil
}

func (r *Replica) late(rd store.Reader, id store.ID, tr troubleRow) (Late, error) {
	op, err := heldOperation(rd, id)
	if err != nil || op == nil {
		return Late{}, err
	}
	l := Late{Op: op, Why: tr.Reason, Weight: 1}
	var row recordRow
	if _, err := load(rd, rowKey(rowRecord, tr.Record[:]), &row); err != nil {
		return l, err
	}
	l.Record = row.tell(tr.Record, row.Judged > 0)
	if l.Placed, err = has(rd, rowKey(rowDone, id[:])); err != nil {
		return l, err
	}
	if tr.Reason == WhyForeign {
		l.Placed = false // what it builds on is not of this record
	}
	var seen []store.ID
	for _, h := range op.Header.Heads {
		more, err := seenAt(rd, h)
		if err != nil {
			return l, err
		}
		seen = merge(seen, more)
	}
	if l.Author, err = r.author(op, seen); err != nil {
		l.Author.Seat = op.Header.Seat
		l.Author.Unit = r.authorUnit(op)
	}
	if op.Header.Key == nil {
		return l, nil
	}
	key, ok, err := r.keys.resolve(rd, *op.Header.Key)
	if err != nil || !ok {
		return l, err
	}
	if content, err := op.Content(key); err == nil {
		l.Body, err = crdt.DecodeBody(content)
		if l.Readable = err == nil; l.Readable {
			l.Weight = l.Body.Weight(len(content)) + uint64(len(op.Header.Heads))
		}
	}
	return l, nil
}

// keepAdopted has a record judged again; what was told of adoptions stays, if nothing
// else wants it anew.
func (a *apply) keepAdopted(record store.ID) {
	if _, due := a.again[record]; !due {
		a.again[record] = false
	}
}

// adopted reports whether a director took an operation in.
func (a *apply) adopted(op *oplog.Operation) (found bool, err error) {
	record := op.RecordID()
	err = a.tx.Scan(rowKey(rowAdopted, record[:], op.ID[:]), nil, false, func(_, _ []byte) (bool, error) {
		found = true
		return false, nil
	})
	return found, err
}

// adopts are the operations that an adoption names and that lie before it. lost: of
// those, the ones whose bytes are not here; the adoption can't be judged without them.
func (a *apply) adopts(op *oplog.Operation) (out []*oplog.Operation, lost []store.ID, err error) {
	w, err := a.record(op.RecordID())
	if err != nil {
		return nil, nil, err
	}
	s, err := a.stateOf(w)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range s.Among(op.Header.Heads, op.Header.Adopts) {
		x, err := heldOperation(a.tx, id)
		if err != nil {
			return nil, nil, err
		}
		if x == nil {
			lost = append(lost, id)
			continue
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y *oplog.Operation) int { return bytes.Compare(x.ID[:], y.ID[:]) })
	return out, lost, nil
}

// taken is what an adoption's operations weigh together, as far as they can be
// opened here: who can't open them can't open the adoption either.
func (a *apply) taken(list []*oplog.Operation) (uint64, error) {
	total := uint64(0)
	for _, x := range list {
		weight, err := a.weightOf(x)
		if err != nil {
			return 0, err
		}
		total += weight
	}
	return total, nil
}

// weightOf is what an operation weighs, 1 where it can't be opened here.
func (a *apply) weightOf(op *oplog.Operation) (uint64, error) {
	if op.Header.Key == nil {
		return 1, nil
	}
	key, ok, err := a.keys.resolve(a.tx, *op.Header.Key)
	if err != nil || !ok {
		return 1, err
	}
	content, err := op.Content(key)
	if err != nil {
		return 1, nil //nolint:nilerr // its fault is told where it is judged
	}
	body, err := crdt.DecodeBody(content)
	if err != nil {
		return 1, nil //nolint:nilerr // the same
	}
	return body.Weight(len(content)) + uint64(len(op.Header.Heads)), nil
}

// adopt lets an accepted adoption count. Where it gives effect to what was judged
// late, the record is judged again.
func (a *apply) adopt(op *oplog.Operation, list []*oplog.Operation) error {
	record := op.RecordID()
	for _, x := range list {
		before, err := a.adopted(x)
		if err != nil {
			return err
		}
		if err := a.tx.Put(rowKey(rowAdopted, record[:], x.ID[:], op.ID[:]), nil); err != nil {
			return err
		}
		if late, err := isLate(a.tx, x.ID); err != nil {
			return err
		} else if late && !before {
			a.keepAdopted(record)
		}
	}
	return nil
}
