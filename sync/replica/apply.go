package replica

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// formatVersion is raised when the rows of this package change shape.
const formatVersion = 6

// Version implements store.Applier.
func (r *Replica) Version() uint32 { return formatVersion<<24 | r.policy.Version()&0xffffff }

// Apply implements store.Applier: the rows that follow from some frames more.
func (r *Replica) Apply(tx store.Tx, frames []store.Frame) error {
	if err := r.loadOnce(tx); err != nil {
		return err
	}
	a := r.newApply(tx)
	for i := range frames {
		var err error
		switch frames[i].Kind {
		case store.KindOperation:
			err = a.operation(&frames[i])
		case store.KindWrap:
			err = a.wrap(&frames[i])
		}
		if err != nil {
			return fmt.Errorf("frame %x: %w", frames[i].ID[:4], err)
		}
	}
	return a.finish()
}

// apply is one run of Apply: records touched are kept in memory until finish.
type apply struct {
	*Replica
	tx      store.Tx
	records map[store.ID]*work
	queue   []store.ID // operations to judge (again)
	moved   bool       // a unit that was known changed its path or station, a seat its unit
	shaken  []store.ID // units whose people's operations are to be judged again
	relink  bool       // a unit has a place that had none: logs may go to it
	gap     bool       // something could not be derived, since what it follows from is lost
	logs    bool       // a log has an entry more
	// settling is the run that this is, outside of the lock; nil: under it.
	settling *settling
	room     int               // what may be judged yet, see inlineRoom
	again    map[store.ID]bool // records to judge again → whether what is adopted has to be told anew too
}

// work is a record being changed.
type work struct {
	id      store.ID
	row     recordRow
	state   *crdt.State
	changed bool // state
	touched bool // row
	show    bool // its rows are due: something came that has an effect
	// snapshot is what was written of the state.
	snapshot []byte
}

func (r *Replica) newApply(tx store.Tx) *apply {
	a := &apply{Replica: r, records: map[store.ID]*work{}, again: map[store.ID]bool{}, room: inlineRoom}
	a.tx = watched{tx, &a.gap}
	return a
}

// operation derives what follows from holding one operation more.
func (a *apply) operation(f *store.Frame) error {
	op, err := oplog.Trusted(f.Bytes)
	if err != nil {
		return err // Take let no other in
	}
	h := &op.Header
	if h.Class.Later() {
		return a.later(op)
	}
	record := op.RecordID()
	w, err := a.record(record)
	if err != nil {
		return err
	}
	if h.Record == nil {
		if err := a.begin(w, h); err != nil {
			return err
		}
	}
	w.row.Count++
	w.row.Stamp = max(w.row.Stamp, h.Stamp)
	w.touched = true
	if err := a.tx.Put(rowKey(rowMember, record[:], be64(f.Seq)), op.ID[:]); err != nil {
		return err
	}
	if err := a.lane(op); err != nil {
		return err
	}
	if err := a.noteInside(op); err != nil {
		return err
	}
	if f.Local.Token != ([16]byte{}) {
		if err := a.tx.Put(rowKey(rowToken, f.Local.Token[:]), tokenRow(record, op.ID, f.Local.Asked)); err != nil {
			return err
		}
	}
	if h.Class == oplog.ClassTree {
		if err := a.tx.Put(rowKey(rowEntry, op.ID[:]), f.Bytes); err != nil {
			return err
		}
		if err := a.log(op); err != nil {
			return err
		}
	}
	if err := a.enter(w, op); err != nil {
		return err
	}
	// What named it waited for something that was not here, and may wait now for
	// something that can't be read: the reason is told anew, whatever the order.
	waiters, err := ids(a.tx, rowKey(rowWaiter, op.ID[:]))
	if err != nil {
		return err
	}
	a.queue = append(append(a.queue, op.ID), waiters...)
	return nil
}

// noteInside notes the record key that an operation bears.
func (a *apply) noteInside(op *oplog.Operation) error {
	audience, _, ok := op.Inside()
	if !ok {
		return nil
	}
	if err := a.tx.Put(rowKey(rowInside, op.Header.Key[:], op.ID[:]), nil); err != nil {
		return err
	}
	return a.tx.Put(rowKey(rowInsideBy, audience[:], op.ID[:]), nil)
}

// begin notes what a record's first operation says of it. A digest has the
// grants of its case, whichever of the two came first.
func (a *apply) begin(w *work, h *oplog.Header) error {
	w.row.Kind, w.row.Owner, w.row.Case, w.row.Audience, w.row.Key = h.Kind, h.Owner, h.Case, h.Audience, h.Key
	if h.Case != nil {
		if err := a.tx.Put(rowKey(rowCase, h.Case[:], []byte{byte(h.Kind)}, w.id[:]), nil); err != nil {
			return err
		}
	}
	if h.Kind == oplog.KindRegister { // found by its unit
		if err := a.tx.Put(rowKey(rowCase, h.Owner[:], []byte{byte(h.Kind)}, w.id[:]), nil); err != nil {
			return err
		}
	}
	if h.Kind == oplog.KindDigest {
		of, err := a.record(*h.Case)
		if err != nil {
			return err
		}
		w.row.Grants = of.row.Grants
	}
	if err := a.moveErasures(w, recordRow{}); err != nil {
		return err
	}
	// Whatever else is held of the record came after it: where rows are derived
	// otherwise, it was lost and came back, and the others have no places yet.
	return a.members(w.id, func(op *oplog.Operation) error { return a.enter(w, op) })
}

// lane notes the operation's place and whether it is a fork.
func (a *apply) lane(op *oplog.Operation) error {
	lane, n := op.Header.Lane(), op.Header.Number
	key := laneKey(lane)
	var row laneRow
	if _, err := load(a.tx, key, &row); err != nil {
		return err
	}
	if row.add(n) {
		row.Last = op.ID
	}
	at := func(n uint64) ([]store.ID, error) { return ids(a.tx, rowKey(rowNumber, key[1:], be64(n))) }
	others, err := at(n)
	if err != nil {
		return err
	}
	if others = without(others, []store.ID{op.ID}); len(others) > 0 {
		row.Forked = true
	}
	if !row.Forked {
		if row.Forked, err = a.breaksChain(op, at); err != nil {
			return err
		}
	}
	if err := a.tx.Put(key, dcbor.Must(row)); err != nil {
		return err
	}
	for _, other := range others {
		for _, id := range []store.ID{other, op.ID} {
			if err := a.tx.Put(rowKey(rowFork, lane.Seat[:], id[:]), nil); err != nil {
				return err
			}
		}
	}
	return a.tx.Put(rowKey(rowNumber, key[1:], be64(n), op.ID[:]), nil)
}

// breaksChain reports whether an operation names another before it than the one
// held there, or is not the one that the next names.
func (a *apply) breaksChain(op *oplog.Operation, at func(uint64) ([]store.ID, error)) (bool, error) {
	n := op.Header.Number
	if n > 1 {
		before, err := at(n - 1)
		if err != nil || len(before) > 0 && !slices.Contains(before, *op.Header.Previous) {
			return true, err
		}
	}
	after, err := at(n + 1)
	if err != nil {
		return false, err
	}
	for _, id := range after {
		next, err := heldOperation(a.tx, id)
		if err != nil || next != nil && *next.Header.Previous != op.ID {
			return true, err
		}
	}
	return false, nil
}

// gapped reports whether something could not be derived, now or earlier.
func (a *apply) gapped() (bool, error) {
	if a.gap {
		return true, nil
	}
	return has(a.tx, []byte{rowGap})
}

// log adds an entry to its unit's log.
func (a *apply) log(op *oplog.Operation) error {
	changed := a.addEntry(op)
	a.logs = true
	var err error
	if err = a.routesCame(op.ID); err != nil {
		return err
	}
	for _, unit := range changed.Mastered {
		if err := a.linkBelow(unit); err != nil {
			return err
		}
	}
	if err := a.linkMasters(op.Header.Owner); err != nil { // rebuilt, the log is known before
		return err
	}
	a.moved = a.moved || changed.Moved
	a.shaken = append(a.shaken, changed.Shaken...)
	a.relink = a.relink || len(changed.New) > 0
	if len(changed.New) > 0 && !a.moved {
		// Where the logs that lead to a unit were lost, what is held of it has no
		// places, and who only answers others may not be opened anew for long.
		if a.moved, err = a.gapped(); err != nil {
			return err
		}
	}
	for _, unit := range changed.New {
		if err := a.grantsTo(unit, changed.New); err != nil {
			return err
		}
	}
	if err := a.laterTo(changed.New); err != nil {
		return err
	}
	return nil
}

// wrap notes a wrap and opens what it opens.
func (a *apply) wrap(f *store.Frame) error {
	s, err := oplog.TrustedWrap(f.Bytes)
	if err != nil {
		return err
	}
	w := s.Wrap
	for _, key := range [][]byte{rowKey(rowWrapKey, w.Key[:], s.ID[:]), rowKey(rowWrapFor, w.For[:], s.ID[:])} {
		if err := a.tx.Put(key, nil); err != nil {
			return err
		}
	}
	if w.Method == oplog.ToUnit {
		if err := a.wrapToUnit(&w); err != nil {
			return err
		}
	}
	groups := a.wrapGroups(&w)
	a.gap = a.gap || len(groups) == 0 // it is taken after the logs that it hangs on: one of them is lost
	if err := a.putAll(groups, w.Stamp, s.ID); err != nil {
		return err
	}
	if w.Method == oplog.ToSeat {
		return nil
	}
	if w.Method == oplog.UnderAudience && w.Record != nil {
		record, err := a.record(*w.Record)
		if err != nil {
			return err
		}
		if record.row.Key != nil && *record.row.Key == w.Key {
			if err := a.serveUnder(record); err != nil {
				return err
			}
		}
	}
	if _, ok, err := a.keys.resolve(a.tx, w.Key); err != nil || !ok {
		return err
	}
	return a.opened(w.Key)
}

// wrapToUnit notes for whom a key was sealed. A key with a rule is an audience
// key or, where the wrap names a record, that record's own.
func (a *apply) wrapToUnit(w *oplog.Wrap) error {
	if err := a.tx.Put(rowKey(rowWrapUnit, w.Key[:], w.Unit[:], w.Seat[:]), nil); err != nil {
		return err
	}
	if w.Rule == 0 {
		return nil
	}
	key := rowKey(rowAudience, w.Owner[:], []byte{byte(w.Rule)}, w.Seat[:], w.Key[:])
	var of []byte
	if w.Record != nil {
		of = w.Record[:]
	}
	if before, err := a.tx.Get(key); err == nil && bytes.Compare(before, of) >= 0 {
		return nil // somebody says two things of one key: whichever came first, the same counts
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return a.tx.Put(key, of)
}

// opened judges again what waited for a key, and for the keys under it.
func (a *apply) opened(key store.ID) error {
	locked, err := ids(a.tx, rowKey(rowLocked, key[:]))
	if err != nil {
		return err
	}
	for _, id := range locked {
		if err := a.tx.Delete(rowKey(rowLocked, key[:], id[:])); err != nil {
			return err
		}
	}
	a.queue = append(a.queue, locked...)
	if err := a.openedInside(key); err != nil {
		return err
	}
	return a.openedBy(key, oplog.UnderAudience)
}

// openedInside opens the record keys that operations bear under an audience key.
func (a *apply) openedInside(audience store.ID) error {
	bearers, err := ids(a.tx, rowKey(rowInsideBy, audience[:]))
	if err != nil {
		return err
	}
	for _, id := range bearers {
		op, err := heldOperation(a.tx, id)
		if err != nil {
			return err
		}
		if op == nil {
			continue
		}
		locked, err := ids(a.tx, rowKey(rowLocked, op.Header.Key[:]))
		if err != nil || len(locked) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if _, ok, err := a.keys.resolve(a.tx, *op.Header.Key); err != nil {
			return err
		} else if ok {
			if err := a.opened(*op.Header.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// openedBy opens every wrap of a method that was made for a key: an audience
// key's commitment, or the name of a reading key.
func (a *apply) openedBy(key store.ID, method oplog.Method) error {
	wraps, err := ids(a.tx, rowKey(rowWrapFor, key[:]))
	if err != nil {
		return err
	}
	for _, id := range wraps {
		w, err := heldWrap(a.tx, id)
		if err != nil {
			return err
		}
		if w == nil || w.Wrap.Method != method {
			continue
		}
		if _, ok, err := a.keys.resolve(a.tx, w.Wrap.Key); err != nil {
			return err
		} else if ok {
			if err := a.opened(w.Wrap.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// record loads a record for changing.
func (a *apply) record(id store.ID) (*work, error) {
	if w := a.records[id]; w != nil {
		return w, nil
	}
	w := &work{id: id}
	if _, err := load(a.tx, rowKey(rowRecord, id[:]), &w.row); err != nil {
		return nil, err
	}
	a.records[id] = w
	return w, nil
}

// stateOf loads a record's state for changing.
func (a *apply) stateOf(w *work) (*crdt.State, error) {
	if w.state == nil {
		s, err := a.loadState(a.tx, &w.row, w.id)
		if err != nil {
			return nil, err
		}
		w.state = s
	}
	return w.state, nil
}

// finish judges what is in the queue and writes the records back.
func (a *apply) finish() error {
	if a.moved {
		if err := a.enterEverything(); err != nil {
			return err
		}
	} else if a.relink {
		if err := a.linkAll(); err != nil {
			return err
		}
	}
	if err := a.judgeAgain(); err != nil {
		return err
	}
	if err := a.judgeAll(); err != nil {
		return err
	}
	touched := make([]*work, 0, len(a.records))
	for _, w := range a.records {
		touched = append(touched, w)
	}
	slices.SortFunc(touched, func(x, y *work) int { return bytes.Compare(x.id[:], y.id[:]) })
	for _, w := range touched {
		if err := a.writeBack(w); err != nil {
			return err
		}
	}
	if a.gap {
		if err := a.tx.Put([]byte{rowGap}, nil); err != nil {
			return err
		}
	}
	if a.settling == nil {
		a.due.note(a)
		a.keepStates()
	}
	return nil
}

// writeBack writes a record's row and state, and the app's rows of it.
func (a *apply) writeBack(w *work) error {
	if w.touched || w.changed {
		if err := a.tx.Put(rowKey(rowRecord, w.id[:]), dcbor.Must(w.row)); err != nil {
			return err
		}
	}
	if w.changed {
		if err := a.putState(w); err != nil {
			return err
		}
	}
	switch {
	case !w.changed && !w.touched && !w.show:
		return nil
	case w.row.Weight > a.due.large && !w.show:
		a.noteTouched(w.id) // what has no effect shows nothing: a usual record's rows are derived all the same
		return nil
	case !a.mine(w):
		a.noteTouched(w.id)
		return a.makeDue(w, dueShow, w.row.Weight)
	}
	return a.show(w)
}

// show derives the app's rows of a record, if there is something to show. Where what
// it is read from is lost, the rows stay as they are.
func (a *apply) show(w *work) error {
	err := a.showWhole(w)
	var lost *foldError
	if errors.As(err, &lost) {
		a.gap = true
		return nil
	}
	return err
}

func (a *apply) showWhole(w *work) error {
	a.noteTouched(w.id)
	if w.row.Kind == oplog.KindLog {
		return nil
	}
	s, err := a.stateOf(w)
	if err != nil || s.Len() == 0 {
		return err
	}
	if shown, err := a.shown(w); err != nil || !shown {
		return err
	}
	rec := w.row.tell(w.id, true)
	if w.row.Kind == oplog.KindCase {
		var due bool
		if rec.Notes, due, err = a.notesOf(w); err != nil {
			return err
		}
		if due {
			return a.makeDue(w, dueShow, a.due.large+1)
		}
	}
	if err := a.policy.Rows(rec, s, appRows{a.tx}); err != nil || w.row.Kind != oplog.KindNotes || w.row.Case == nil {
		return err
	}
	return a.showCase(*w.row.Case)
}

// showCase shows a case again whose notes changed.
func (a *apply) showCase(id store.ID) error {
	if held, err := has(a.tx, rowKey(rowRecord, id[:])); err != nil || !held && a.records[id] == nil {
		return err
	}
	w, err := a.record(id)
	if err != nil || w.row.Kind != oplog.KindCase {
		return err
	}
	if !a.mine(w) {
		return a.makeDue(w, dueShow, w.row.Weight)
	}
	return a.show(w)
}

// notesOf are the states of the notes on a case that stand in views. due: some are
// too large to be read under the lock.
func (a *apply) notesOf(of *work) (out []*crdt.State, due bool, err error) {
	list, err := a.RecordsOf(a.tx, of.id, oplog.KindNotes)
	if err != nil {
		return nil, false, err
	}
	for _, id := range list {
		w, err := a.record(id)
		if err != nil {
			return nil, false, err
		}
		if !a.keepsNotes(w.row.Owner, of.row.Owner, of.row.Granted) {
			continue
		}
		if a.settling == nil && !a.mine(w) {
			return nil, true, nil
		}
		s, err := a.stateOf(w)
		if err != nil {
			return nil, false, err
		}
		if s.Len() > 0 {
			out = append(out, s)
		}
	}
	return out, false, nil
}

// shown reports whether a record stands in views: not where its first operation
// is late, and of several digests of one case only the first does.
func (a *apply) shown(w *work) (bool, error) {
	if late, err := isLate(a.tx, w.id); err != nil || late {
		return false, err
	}
	if w.row.Kind != oplog.KindDigest || w.row.Case == nil {
		return true, nil
	}
	digests, err := a.RecordsOf(a.tx, *w.row.Case, oplog.KindDigest)
	if err != nil {
		return false, err
	}
	for _, id := range digests {
		if id == w.id {
			return true, nil
		}
		x, err := a.record(id)
		if err != nil {
			return false, err
		}
		if x.row.Judged > 0 {
			return false, nil
		}
	}
	return false, nil
}

// isLate reports whether an operation waits for a director.
func isLate(rd store.Reader, id store.ID) (bool, error) {
	var tr troubleRow
	found, err := load(rd, rowKey(rowTrouble, id[:]), &tr)
	return found && tr.What == troubleLate, err
}

func (row *recordRow) tell(id store.ID, readable bool) Record {
	rec := Record{ID: id, Kind: row.Kind, Owner: row.Owner, Case: id, Audience: row.Audience, Grants: row.Granted, Served: row.Served, Stamp: row.Stamp, Readable: readable}
	if row.Case != nil {
		rec.Case = *row.Case
	}
	return rec
}
