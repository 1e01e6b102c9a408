package replica

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// A usual record's state is kept as a snapshot, which is written anew with each
// change. A large one is read from its operations: writing it anew each time would
// cost more with each of them, and its author decides how many those are.

// loadState reads a record's state for changing.
func (r *Replica) loadState(rd store.Reader, row *recordRow, record store.ID) (*crdt.State, error) {
	schema := r.policy.Schema(row.Kind)
	if row.Weight > r.due.large {
		if s := r.states.claim(record, stampOf(row)); s != nil {
			return s, nil
		}
		return r.fold(rd, schema, record)
	}
	b, err := snapshot(rd, record)
	if err != nil || b == nil {
		return crdt.New(schema), err
	}
	return crdt.Decode(schema, b)
}

// stampOf tells a large record's states apart: what was judged only grows, but for
// a record that is judged again, and then nobody keeps what was before.
func stampOf(row *recordRow) (stamp [32]byte) {
	binary.BigEndian.PutUint64(stamp[:], row.Judged)
	binary.BigEndian.PutUint64(stamp[8:], row.Weight)
	return stamp
}

// foldError is why a large record's state can't be read: of the operations that
// were judged some are lost, or a key is not here any more. Nothing of the record is
// judged, shown anew or written until they are back: without them every operation
// would look as if it named what is not there.
type foldError struct {
	record store.ID
	lost   []store.ID
	key    *store.ID
}

func (e *foldError) Error() string {
	if e.key != nil {
		return fmt.Sprintf("the key %x, with which record %x was read, is not here any more: bring back the unit's key file", e.key[:4], e.record[:4])
	}
	return fmt.Sprintf("record %x is read from its operations, and %d of them (%x) are damaged: it is read again when a partner has brought them", e.record[:4], len(e.lost), e.lost[0][:4])
}

func (e *foldError) Unwrap() error { return store.ErrDamaged }

// fold makes a record's state from its operations that were judged.
func (r *Replica) fold(rd store.Reader, schema crdt.Schema, record store.ID) (*crdt.State, error) {
	var list, lost []store.ID
	if err := rd.Scan(rowKey(rowMember, record[:]), nil, false, func(_, v []byte) (bool, error) {
		list = append(list, store.ID(v))
		return true, nil
	}); err != nil {
		return nil, err
	}
	all := map[store.ID]*oplog.Operation{}
	for _, id := range list {
		judged, err := has(rd, rowKey(rowDone, id[:]))
		if err != nil {
			return nil, err
		}
		if !judged {
			continue
		}
		op, err := heldOperation(rd, id)
		if err != nil {
			return nil, err
		}
		if op == nil {
			lost = append(lost, id)
			continue
		}
		all[id] = op
	}
	if len(lost) > 0 {
		return nil, &foldError{record: record, lost: lost}
	}
	s := crdt.New(schema)
	for _, id := range byDepth(all) {
		if err := r.foldIn(rd, s, all[id]); err != nil {
			return nil, fmt.Errorf("operation %x: %w", id[:4], err)
		}
	}
	return s, nil
}

// foldIn gives a judged operation the effect in a state that its verdict gave it.
func (r *Replica) foldIn(rd store.Reader, s *crdt.State, op *oplog.Operation) error {
	unit := r.authorUnit(op)
	meta := metaOf(op, unit)
	meta.Heads = slices.DeleteFunc(slices.Clone(meta.Heads), func(h store.ID) bool { return !s.Has(h) })
	var tr troubleRow
	if _, err := load(rd, rowKey(rowTrouble, op.ID[:]), &tr); err != nil {
		return err
	}
	if tr.What == troubleLate {
		meta.Unit = store.ID{}
		return s.Apply(meta, crdt.Body{})
	}
	key, ok, err := r.keys.resolve(rd, *op.Header.Key)
	if err != nil {
		return err
	}
	if !ok {
		record := op.RecordID()
		return &foldError{record: record, key: op.Header.Key}
	}
	content, err := op.Content(key)
	var body crdt.Body
	if err == nil {
		body, err = crdt.DecodeBody(content)
	}
	var why crdt.Reason
	switch {
	case tr.What == troubleNewer:
		why = crdt.NewerOperation
	case err != nil:
		why = crdt.BrokenBody
	default:
		return s.Apply(meta, body)
	}
	if err != nil {
		if tr.What != troubleNewer && !errors.Is(err, seal.ErrContent) {
			var broken *crdt.BodyError
			if !errors.As(err, &broken) {
				return err
			}
		}
		return s.Hold(meta, why, nil)
	}
	return s.Hold(meta, why, &body)
}

// snapshot reads a usual record's state as it was written; nil: there is none.
func snapshot(r store.Reader, record store.ID) (b []byte, err error) {
	err = r.Scan(rowKey(rowState, record[:]), nil, false, func(_, v []byte) (bool, error) {
		b = append(b, v...)
		return true, nil
	})
	return b, err
}

// statePiece is how much of a snapshot one row holds: within the store's limit of a row.
const statePiece = 1 << 20

// putState writes the snapshot of a usual record; a large one has none.
func (a *apply) putState(w *work) error {
	if err := a.deleteUnder(rowKey(rowState, w.id[:])); err != nil {
		return err
	}
	if w.row.Weight > a.due.large || w.state.Len() == 0 {
		return nil
	}
	w.snapshot = w.state.Encode()
	b := w.snapshot
	for n := byte(0); len(b) > 0; n++ {
		if n == 255 {
			return fmt.Errorf("the state of record %x has over %d bytes: %w", w.id[:4], 255*statePiece, store.ErrTooLarge)
		}
		piece := b[:min(len(b), statePiece)]
		b = b[len(piece):]
		if err := a.tx.Put(rowKey(rowState, w.id[:], []byte{n}), piece); err != nil {
			return err
		}
	}
	return nil
}

// keepStates keeps the states that an apply made for who reads them next, or for
// the next change.
func (a *apply) keepStates() {
	for _, w := range a.records {
		switch {
		case w.state == nil:
		case w.row.Weight > a.due.large:
			a.states.put(keptState{record: w.id, sum: stampOf(&w.row), state: w.state, weight: w.row.Weight, own: true})
		case w.changed:
			a.states.keep(w.id, w.snapshot, w.state)
		}
	}
}
