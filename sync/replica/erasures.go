package replica

import (
	"bytes"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

// An erasure (class 4) goes to every place that any record of its case has, the
// digests' included, so that whoever holds something of the case holds the order
// too. What it does is built later.

// rowReader gives the rows of records and lists those of a case.
type rowReader struct {
	store.Reader
	row func(record store.ID) (recordRow, error)
}

func readerOf(rd store.Reader) rowReader {
	return rowReader{rd, func(id store.ID) (row recordRow, err error) {
		_, err = load(rd, rowKey(rowRecord, id[:]), &row)
		return row, err
	}}
}

// reader gives the rows as they are being changed; as is one record's row as it
// was before, nil: none.
func (a *apply) reader(as map[store.ID]recordRow) rowReader {
	return rowReader{a.tx, func(id store.ID) (recordRow, error) {
		if row, other := as[id]; other {
			return row, nil
		}
		w, err := a.record(id)
		if err != nil {
			return recordRow{}, err
		}
		return w.row, nil
	}}
}

// places are where an operation stands in the ordered set.
func places(r *Replica, rows rowReader, own recordRow, h *oplog.Header) ([]group, error) {
	switch {
	case h.Class.Later():
		return r.routedTo(h), nil
	case h.Class == oplog.ClassErasure:
		return r.covers(rows, *h.Case)
	}
	return r.groups(own, h.Class), nil
}

// covers are the places of all records of a case, in the entry class of what
// comes before data.
func (r *Replica) covers(rows rowReader, of store.ID) ([]group, error) {
	about, err := ids(rows, rowKey(rowCase, of[:]))
	if err != nil {
		return nil, err
	}
	var out []group
	for _, id := range append(about, of) {
		row, err := rows.row(id)
		if err != nil {
			return nil, err
		}
		if row.Owner == (store.ID{}) || row.Kind == oplog.KindErasure {
			continue // not here, or an order itself
		}
		for _, g := range r.groups(row, classOf(row.Kind)) {
			out = append(out, groupOf(entryWrap, g.audience(), g.owner()))
		}
	}
	slices.SortFunc(out, func(x, y group) int { return bytes.Compare(x[:], y[:]) })
	return slices.Compact(out), nil
}

// moveErasures moves the erasures of a record's case to where the record goes
// now; old is its row before, without an owner where it was not here.
func (a *apply) moveErasures(w *work, old recordRow) error {
	of := w.id
	if w.row.Case != nil {
		of = *w.row.Case
	}
	orders, err := ids(a.tx, rowKey(rowCase, of[:], []byte{byte(oplog.KindErasure)}))
	if err != nil || len(orders) == 0 || w.row.Kind == oplog.KindErasure {
		return err
	}
	now, err := a.covers(a.reader(nil), of)
	if err != nil {
		return err
	}
	before, err := a.covers(a.reader(map[store.ID]recordRow{w.id: old}), of)
	if err != nil {
		return err
	}
	for _, order := range orders {
		err := a.members(order, func(op *oplog.Operation) error {
			if unplaced, err := has(a.tx, rowKey(rowUnplaced, op.ID[:])); err != nil || unplaced {
				return err
			}
			for _, g := range before {
				if !slices.Contains(now, g) {
					if err := a.tx.Leave(entryKey(g, op.Header.Stamp, op.ID)); err != nil {
						return err
					}
				}
			}
			return a.putAll(now, op.Header.Stamp, op.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
