package replica

import (
	"bytes"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// formatVersion is raised when the rows of this package change shape.
const formatVersion = 2

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
	moved   bool       // a unit that was known changed its path or station
}

// work is a record being changed.
type work struct {
	id      store.ID
	row     recordRow
	state   *crdt.State
	changed bool // state
	touched bool // row
}

func (r *Replica) newApply(tx store.Tx) *apply {
	return &apply{Replica: r, tx: tx, records: map[store.ID]*work{}}
}

// operation derives what follows from holding one operation more.
func (a *apply) operation(f *store.Frame) error {
	op, err := oplog.Trusted(f.Bytes)
	if err != nil {
		return err // Take let no other in
	}
	h := &op.Header
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
	if f.Local.Token != ([16]byte{}) {
		if err := a.tx.Put(rowKey(rowToken, f.Local.Token[:]), append(record[:], op.ID[:]...)); err != nil {
			return err
		}
	}
	if h.Class == oplog.ClassTree {
		if err := a.log(op); err != nil {
			return err
		}
	}
	if err := a.enter(w, op); err != nil {
		return err
	}
	a.queue = append(a.queue, op.ID)
	return nil
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
	switch {
	case h.Kind == oplog.KindDigest && h.Case != nil:
		of, err := a.record(*h.Case)
		if err != nil {
			return err
		}
		w.row.Grants = of.row.Grants
	case h.Kind == oplog.KindCase:
		// Now it is known whose digest of the case counts.
		digests, err := ids(a.tx, rowKey(rowCase, w.id[:], []byte{byte(oplog.KindDigest)}))
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
	return nil
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
	if err := a.tx.Put(key, dcbor.Must(row)); err != nil {
		return err
	}
	number := rowKey(rowNumber, key[1:], be64(n))
	others, err := ids(a.tx, number)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other == op.ID {
			continue
		}
		for _, id := range []store.ID{other, op.ID} {
			if err := a.tx.Put(rowKey(rowFork, lane.Seat[:], id[:]), nil); err != nil {
				return err
			}
		}
	}
	return a.tx.Put(append(number, op.ID[:]...), nil)
}

// log adds an entry to its unit's log.
func (a *apply) log(op *oplog.Operation) error {
	changed := a.addEntry(op)
	a.moved = a.moved || changed.Moved
	waiters, err := ids(a.tx, rowKey(rowWaiter, op.ID[:]))
	if err != nil {
		return err
	}
	a.queue = append(a.queue, waiters...)
	for _, unit := range changed.New {
		if err := a.grantsTo(unit, changed.New); err != nil {
			return err
		}
	}
	return nil
}

// enter puts the operation into the ordered set, and all earlier ones of its
// record (and of its case's digest) where it grants.
func (a *apply) enter(w *work, op *oplog.Operation) error {
	for _, g := range a.groups(w.row, op.Header.Class) {
		if err := a.put(g, op.Header.Stamp, op.ID); err != nil {
			return err
		}
	}
	if len(op.Header.Grants) == 0 {
		return nil
	}
	before := w.row.Grants
	all := append(slices.Clone(before), op.Header.Grants...)
	slices.SortFunc(all, func(x, y oplog.ID) int { return bytes.Compare(x[:], y[:]) })
	w.row.Grants = slices.Compact(all)
	for _, unit := range op.Header.Grants {
		if err := a.tx.Put(rowKey(rowGrant, unit[:], w.id[:]), nil); err != nil {
			return err
		}
	}
	return a.enterAll(w, before)
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
		err := a.members(x.id, func(op *oplog.Operation) error {
			now := a.groups(x.row, op.Header.Class)
			for _, g := range a.groups(old, op.Header.Class) {
				if slices.Contains(now, g) {
					continue
				}
				if err := a.tx.Leave(entryKey(g, op.Header.Stamp, op.ID)); err != nil {
					return err
				}
			}
			for _, g := range now {
				if err := a.put(g, op.Header.Stamp, op.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
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
	if w.Method == oplog.ToUnit && w.Rule != 0 {
		if err := a.tx.Put(rowKey(rowAudience, w.Owner[:], []byte{byte(w.Rule)}, w.Seat[:], w.Key[:]), nil); err != nil {
			return err
		}
	}
	if g, ok := a.wrapGroup(&w); ok {
		if err := a.put(g, w.Stamp, s.ID); err != nil {
			return err
		}
	}
	if w.Method == oplog.ToSeat {
		return nil
	}
	if _, ok, err := a.keys.resolve(a.tx, w.Key); err != nil || !ok {
		return err
	}
	return a.opened(w.Key)
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
	return a.openedBy(key, oplog.UnderAudience)
}

// openedBy opens every wrap of a method that was made for a key: an audience
// key's commitment, or the name of a reading key.
func (a *apply) openedBy(key store.ID, method oplog.Method) error {
	wraps, err := ids(a.tx, rowKey(rowWrapFor, key[:]))
	if err != nil {
		return err
	}
	for _, id := range wraps {
		f, err := a.tx.Frame(id)
		if err != nil {
			return err
		}
		w, err := oplog.TrustedWrap(f.Bytes)
		if err != nil {
			return err
		}
		if w.Wrap.Method != method {
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
		s, err := loadState(a.tx, a.policy.Schema(w.row.Kind), w.id)
		if err != nil {
			return nil, err
		}
		w.state = s
	}
	return w.state, nil
}

func loadState(r store.Reader, schema crdt.Schema, record store.ID) (*crdt.State, error) {
	b, err := snapshot(r, record)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return crdt.New(schema), nil
	}
	return crdt.Decode(schema, b)
}

// snapshot reads a record's state as it was written; nil: there is none.
func snapshot(r store.Reader, record store.ID) (b []byte, err error) {
	err = r.Scan(rowKey(rowState, record[:]), nil, false, func(_, v []byte) (bool, error) {
		b = append(b, v...)
		return true, nil
	})
	return b, err
}

// statePiece is how much of a snapshot one row holds: a record of many large
// operations outgrows the store's limit of a row.
const statePiece = 1 << 20

func putState(tx store.Tx, record store.ID, b []byte) error {
	n := byte(0)
	for ; len(b) > 0; n++ {
		if n == 255 {
			return fmt.Errorf("the state of record %x has over %d bytes: %w", record[:4], 255*statePiece, store.ErrTooLarge)
		}
		piece := b[:min(len(b), statePiece)]
		b = b[len(piece):]
		if err := tx.Put(rowKey(rowState, record[:], []byte{n}), piece); err != nil {
			return err
		}
	}
	return nil // a state only grows, so no piece of an earlier one is left behind
}

// finish judges what is in the queue and writes the records back.
func (a *apply) finish() error {
	if a.moved {
		if err := a.enterEverything(); err != nil {
			return err
		}
	}
	if err := a.judgeQueue(); err != nil {
		return err
	}
	touched := make([]*work, 0, len(a.records))
	for _, w := range a.records {
		touched = append(touched, w)
	}
	slices.SortFunc(touched, func(x, y *work) int { return bytes.Compare(x.id[:], y.id[:]) })
	for _, w := range touched {
		if w.touched {
			if err := a.tx.Put(rowKey(rowRecord, w.id[:]), dcbor.Must(w.row)); err != nil {
				return err
			}
		}
		if w.changed {
			b := w.state.Encode()
			if err := putState(a.tx, w.id, b); err != nil {
				return err
			}
			defer a.states.keep(w.id, b, w.state) // after its last change, and after it was shown
		}
		if w.changed || w.touched {
			if err := a.show(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// show derives the app's rows of a record, if there is something to show.
func (a *apply) show(w *work) error {
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
	return a.policy.Rows(w.row.tell(w.id, true), s, appRows{a.tx})
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
		s, err := a.stateOf(x)
		if err != nil {
			return false, err
		}
		if s.Len() > 0 {
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
	rec := Record{ID: id, Kind: row.Kind, Owner: row.Owner, Case: id, Audience: row.Audience, Grants: row.Grants, Stamp: row.Stamp, Readable: readable}
	if row.Case != nil {
		rec.Case = *row.Case
	}
	return rec
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
			for _, g := range a.groups(w.row, op.Header.Class) {
				if err := a.put(g, op.Header.Stamp, op.ID); err != nil {
					return false, err
				}
			}
		case store.KindWrap:
			s, err := oplog.TrustedWrap(f.Bytes)
			if err != nil {
				return false, err
			}
			if g, ok := a.wrapGroup(&s.Wrap); ok {
				if err := a.put(g, s.Wrap.Stamp, s.ID); err != nil {
					return false, err
				}
			}
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
		return []group{groupOf(entryTree, parent, owner)}
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
	return ends(class, owner, audience)
}

// wrapGroup is a wrap's place: it goes wherever the entries go that it opens,
// so that whoever holds those can hand it on to the reader, whoever made it.
func (r *Replica) wrapGroup(w *oplog.Wrap) (group, bool) {
	owner, known := r.path(w.Owner)
	if !known {
		return group{}, false
	}
	var audience Path
	switch {
	case w.Method == oplog.ToUnit && w.Rule == oplog.AudienceTree: // up to the root
	case w.Method == oplog.ToUnit && w.Rule == 0, w.Method == oplog.UnderAudience:
		audience, known = r.path(w.Unit)
	default: // the owner and its station; another computer of the owner is met through it
		audience, known = r.stationPath(w.Owner)
	}
	return groupOf(entryWrap, audience, owner), known
}

func ends(class oplog.Class, owner Path, audience []Path) []group {
	slices.SortFunc(audience, func(x, y Path) int { return bytes.Compare(x[:], y[:]) })
	audience = slices.Compact(audience)
	entry := entryCase
	if class == oplog.ClassDigest {
		entry = entryDigest
	}
	var out []group
	for _, a := range audience {
		passed := slices.ContainsFunc(audience, func(b Path) bool { return b != a && onWay(a, owner, b) })
		if !passed {
			out = append(out, groupOf(entry, a, owner))
		}
	}
	return out
}
