package replica

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// MaxWeight is how much one seat may write in one record: the sum of its
// operations' weights (crdt.Body.Weight), about 250,000 changes or 64 MiB. The
// longest honest file that we could think of weighs less than a tenth of it
// (app/casework, TestTheLongestHonestFile). What lies beyond is late, "too dear",
// until a director adopts it.
//
// It is a rule for verdicts: another bound is another number of the rules
// (FORMAT.md 6, item 15; docs/rules-1.md).
const MaxWeight = 250_000

// WhyDear is why an operation is late with which its seat wrote too much.
const WhyDear = "too dear: with it, what this person wrote in this record weighs more than ten of the longest honest files"

// sumRow is what one seat's operations in one record weigh together.
type sumRow struct {
	Total uint64 `cbor:"1,keyasint"` // while it is within the bound
	// Cut is the place (depth, id) from which on they are too dear.
	Cut []byte `cbor:"2,keyasint,omitempty"`
}

// weightRow is the weight of one of them.
type weightRow struct {
	Weight uint64 `cbor:"1,keyasint"`
	Dear   bool   `cbor:"2,keyasint,omitempty"`
}

// weigh counts an operation of somebody who has a part in its record, and reports
// whether it is too dear. Of one seat's operations in a record, in the order of
// causal depth and then id, those are with which the sum of weights passes the
// bound, and all after them: a function of what is held. Where one comes that
// belongs before others that were judged otherwise, the record is judged again.
// What is late for another reason weighs 0.
func (a *apply) weigh(op *oplog.Operation, weight uint64) (dear bool, err error) {
	of, place, sum, err := a.placeOf(op)
	if err != nil || sum.reaches(place) {
		return true, err
	}
	key := rowKey(rowWeight, of, place)
	if err := a.tx.Put(key, dcbor.Must(weightRow{Weight: weight})); err != nil {
		return false, err
	}
	if sum.Cut == nil && sum.Total+weight <= a.maxWeight {
		sum.Total += weight
		return false, a.tx.Put(rowKey(rowSum, of), dcbor.Must(sum))
	}
	moved, err := a.cut(of, place, &sum)
	if err != nil {
		return false, err
	}
	if moved {
		a.again[op.RecordID()] = true
	}
	if bytes.Compare(place, sum.Cut) < 0 {
		return false, nil
	}
	return true, a.tx.Put(key, dcbor.Must(weightRow{Weight: weight, Dear: true}))
}

// placeOf is an operation's place among its seat's in a record, and what is known
// of those.
func (a *apply) placeOf(op *oplog.Operation) (of, place []byte, sum sumRow, err error) {
	w, err := a.record(op.RecordID())
	if err != nil {
		return nil, nil, sum, err
	}
	s, err := a.stateOf(w)
	if err != nil {
		return nil, nil, sum, err
	}
	place = binary.BigEndian.AppendUint32(nil, s.DepthAfter(op.Header.Heads))
	of = slices.Concat(w.id[:], op.Header.Seat[:])
	_, err = load(a.tx, rowKey(rowSum, of), &sum)
	return of, append(place, op.ID[:]...), sum, err
}

// beyond reports whether an operation is known to be too dear whatever lies in it.
func (a *apply) beyond(op *oplog.Operation) (bool, error) {
	_, place, sum, err := a.placeOf(op)
	return err == nil && sum.reaches(place), err
}

// reaches reports whether a place lies at the cut or behind it.
func (s *sumRow) reaches(place []byte) bool { return s.Cut != nil && bytes.Compare(place, s.Cut) >= 0 }

// cut finds from where on a seat's operations in a record are too dear. moved:
// others than the one at place, which is being judged, were taken to be within.
func (a *apply) cut(of, place []byte, sum *sumRow) (moved bool, err error) {
	prefix := rowKey(rowWeight, of)
	total := uint64(0)
	sum.Cut, sum.Total = nil, 0
	err = a.tx.Scan(prefix, nil, false, func(k, v []byte) (bool, error) {
		var row weightRow
		if err := dcbor.Unmarshal(v, &row); err != nil {
			return false, fmt.Errorf("weight %x: %w", k[:9], err)
		}
		if total += row.Weight; total > a.maxWeight && sum.Cut == nil {
			sum.Cut = bytes.Clone(k[len(prefix):])
		}
		moved = moved || sum.Cut != nil && !row.Dear && !bytes.Equal(k[len(prefix):], place)
		return !moved, nil
	})
	if err != nil || sum.Cut == nil {
		return false, err
	}
	return moved, a.tx.Put(rowKey(rowSum, of), dcbor.Must(*sum))
}

// Room is what the signer may write yet in a record before it is too dear.
func (w *Writer) Room(record store.ID) (uint64, error) {
	seat := w.signer.Seat()
	var sum sumRow
	if _, err := load(w.rd, rowKey(rowSum, record[:], seat[:]), &sum); err != nil {
		return 0, err
	}
	if sum.Cut != nil {
		return 0, nil
	}
	return w.r.maxWeight - min(sum.Total, w.r.maxWeight), nil
}
