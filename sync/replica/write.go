package replica

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// Signer is a seat that is present: it can make operations.
type Signer struct {
	Key   ed25519.PrivateKey
	Unit  store.ID
	Epoch oplog.Epoch
}

// Seat is the signer's name.
func (s Signer) Seat() oplog.Seat { return oplog.SeatOf(s.Key) }

// Writer makes the operations of one save. They become durable together, or
// none does.
type Writer struct {
	r      *Replica
	rd     store.Reader
	signer Signer
	save   Save // its first operation carries it; then empty
	frames []store.Frame
	lanes  map[oplog.Lane]laneRow
	heads  map[store.ID][]store.ID
	rows   map[store.ID]recordRow
	keys   map[store.ID]seal.Key // made in this save
	ring   map[audienceOf]seal.Key
	sealed map[keyFor]bool // keys sealed to units in this save
	// granted are the case operations of this save that grant.
	granted []made
	inside  seal.Key // audience key under which the next operation bears its record's
}

type keyFor struct{ key, unit store.ID }

type audienceOf struct {
	owner store.ID
	rule  oplog.Audience
}

// ErrNotWhole is returned where nothing of a record has effect here, since what
// it builds on was lost, here or elsewhere: nothing more can build on it.
var ErrNotWhole = errors.New("what this builds on is not here: synchronise with a station that has it, or put the files of packs/ back from a copy; nothing was saved")

// ErrNotReadable is returned when a record's key is not here.
var ErrNotReadable = errors.New("this record's key is not here yet: synchronise with the unit that owns it")

// ErrNoReadingKey is returned for what would be sealed to a unit whose own
// reading key is not on this computer: nobody here could read it again.
var ErrNoReadingKey = errors.New("the reading key of this unit is not on this computer, so that what is saved could not be read here again: nothing was saved; synchronise first, or take the key from the recovery sheet with `recover --sheet`")

// canRead refuses to seal what this node could not open again.
func (w *Writer) canRead() error {
	if !w.r.holdsReadingKey(w.signer.Unit) {
		return ErrNoReadingKey
	}
	return nil
}

// holdsReadingKey reports whether what is sealed to a unit now can be opened here.
func (r *Replica) holdsReadingKey(unit store.ID) bool {
	u, ok := r.unit(unit)
	return ok && (u.Reading == nil || r.keys.privateKey(seal.PublicKeyName(u.Reading)) != nil)
}

// Write lets fn make operations and makes them durable in one append. A token
// that a save here carried before answers that save's record, and nothing is
// made: the same save again. Where it asks for something else it fails with a
// *TokenReusedError, and nothing is made either.
//
// fn may be called again from the beginning: where what it writes in is being
// judged, that is waited for.
func (r *Replica) Write(ctx context.Context, signer Signer, save Save, fn func(*Writer) error) (again store.ID, err error) {
	for {
		var due map[store.ID]bool
		var busy *busyError
		again, due, err = r.write(ctx, signer, save, fn)
		if !errors.As(err, &busy) {
			r.judgeAfter(ctx, due)
			return again, err
		}
		r.due.add(busy.record, r.due.large+1) // whoever judges it now is waited for
		if err := r.judgeDue(ctx, map[store.ID]bool{busy.record: true}); err != nil {
			return again, err
		}
	}
}

// busyError stops a save in a record of which operations that are held are not
// judged yet: it would not build on them.
type busyError struct{ record store.ID }

func (e *busyError) Error() string {
	return fmt.Sprintf("what came for record %x is being read: save again in a moment", e.record[:4])
}

// ready refuses to build on a record that is not judged whole.
func (w *Writer) ready(record store.ID) error {
	return w.rd.Scan(rowKey(rowDue, record[:]), nil, false, func(k, _ []byte) (bool, error) {
		if lastID(k) == dueShow {
			return true, nil
		}
		return false, &busyError{record}
	})
}

func (r *Replica) write(ctx context.Context, signer Signer, save Save, fn func(*Writer) error) (again store.ID, due map[store.ID]bool, err error) {
	r.writeMu.Lock()
	defer r.writeMu.Unlock()
	if r.maySave != nil {
		if err := r.maySave(); err != nil {
			return store.ID{}, nil, err
		}
	}
	again, err = r.writeLocked(ctx, signer, save, fn)
	return again, r.due.fresh(), err
}

func (r *Replica) writeLocked(ctx context.Context, signer Signer, save Save, fn func(*Writer) error) (again store.ID, err error) {
	w := r.writer(signer, save)
	err = r.store.View(ctx, func(rd store.Reader) (err error) {
		if again, err = save.before(rd); err != nil || again != (store.ID{}) {
			return err
		}
		return w.run(rd, fn)
	})
	if err != nil || len(w.frames) == 0 {
		return again, err
	}
	if err := w.fits(); err != nil {
		return store.ID{}, err
	}
	if _, err := r.store.Append(ctx, w.frames); err != nil {
		return store.ID{}, err
	}
	for _, key := range w.keys {
		r.keys.note(key)
	}
	r.publish()
	return store.ID{}, nil
}

func (r *Replica) writer(signer Signer, save Save) *Writer {
	return &Writer{
		r: r, signer: signer, save: save, lanes: map[oplog.Lane]laneRow{}, heads: map[store.ID][]store.ID{},
		rows: map[store.ID]recordRow{}, keys: map[store.ID]seal.Key{}, ring: map[audienceOf]seal.Key{}, sealed: map[keyFor]bool{},
	}
}

// run lets fn make the operations of the save, on what rd holds.
func (w *Writer) run(rd store.Reader, fn func(*Writer) error) error {
	w.rd = rd
	if err := fn(w); err != nil {
		return err
	}
	return w.projectGrants()
}

// fits refuses more than one append takes.
func (w *Writer) fits() error {
	if len(w.frames) > store.MaxAppend {
		return fmt.Errorf("%d frames in one save: %w", len(w.frames), store.ErrTooLarge)
	}
	return nil
}

// Len is the number of frames made so far.
func (w *Writer) Len() int { return len(w.frames) }

// Begin describes a record to begin.
type Begin struct {
	Kind     oplog.Kind
	Owner    store.ID
	Case     *store.ID // of notes, digests, documents
	Projects *store.ID // of digests: the case operation
	// Grants are units to which a case or document is granted from the beginning.
	Grants []store.ID
}

func (n Begin) rule() oplog.Audience {
	switch n.Kind {
	case oplog.KindDigest, oplog.KindRegister:
		return oplog.AudienceTree
	case oplog.KindNotes:
		return oplog.AudienceBody
	}
	return oplog.AudienceStation
}

// Create makes a record's first operation, its keys and their wraps.
func (w *Writer) Create(n Begin, body crdt.Body) (*oplog.Operation, error) {
	if err := w.canRead(); err != nil {
		return nil, err
	}
	row := recordRow{Kind: n.Kind, Owner: n.Owner, Case: n.Case, Audience: n.rule()}
	grants, err := granting(n.Kind, n.Grants)
	if err != nil {
		return nil, err
	}
	row.Granted = grants
	if station, ok := w.r.station(n.Owner); ok && station != n.Owner && row.Audience != oplog.AudienceTree {
		row.Station = &station // it has the audience key: the record's own needs no further wrap
	}
	if err := w.mayKeepNotes(n); err != nil {
		return nil, err
	}
	key, audience, err := w.firstKeys(n, row)
	if err != nil {
		return nil, err
	}
	h := oplog.Header{Class: classOf(n.Kind), Kind: n.Kind, Owner: n.Owner, Case: n.Case, Audience: row.Audience, Projects: n.Projects, Grants: grants}
	h.CaseGrants = w.projectedGrants(n.Projects)
	if n.Kind == oplog.KindDigest && n.Case != nil {
		if h.CaseHeader, err = w.caseHeader(*n.Case); err != nil {
			return nil, err
		}
	}
	inside := w.r.keysInside && n.Kind != oplog.KindDigest && n.Kind != oplog.KindRegister
	if inside {
		h.KeyInside, w.inside = 1, audience
	}
	op, err := w.make(h, key, body)
	if err != nil {
		return nil, err
	}
	c := key.Commitment()
	row.Key = &c
	w.rows[op.ID], w.keys[c] = row, key
	w.noteGrants(op)
	switch {
	case n.Kind == oplog.KindDigest: // sealed under the audience key itself
	case inside: // its key lies in it
	case n.Kind == oplog.KindRegister:
		err = w.wrapRegisterKey(op.ID, row, key)
	default:
		err = w.wrapRecordKey(op.ID, row, key, audience)
	}
	if err != nil {
		return nil, err
	}
	return op, w.wrapGranted(op.ID, row, key)
}

// caseHeader is what proves whose a case is to who holds its digest alone.
func (w *Writer) caseHeader(id store.ID) ([]byte, error) {
	frame, err := w.frame(id)
	if err != nil {
		return nil, fmt.Errorf("the first operation of the case %x, which its digest must name: %w", id[:4], err)
	}
	first, err := oplog.Trusted(frame)
	if err != nil {
		return nil, err
	}
	return oplog.CaseHeaderOf(first), nil
}

// frame is a frame of this save, or one that is held.
func (w *Writer) frame(id store.ID) ([]byte, error) {
	for i := range w.frames {
		if w.frames[i].ID == id {
			return w.frames[i].Bytes, nil
		}
	}
	f, err := w.rd.Frame(id)
	return f.Bytes, err
}

// firstKeys are the key that seals a new record and the audience key under
// which that is wrapped. A digest is sealed under the audience key itself. A
// register has no audience key: who is granted a case is given the keys of its
// digest, and those must open nothing else.
func (w *Writer) firstKeys(n Begin, row recordRow) (key, audience seal.Key, err error) {
	if n.Kind != oplog.KindRegister {
		if audience, err = w.audienceKey(n.Owner, row.Audience); err != nil || n.Kind == oplog.KindDigest {
			return audience, audience, err
		}
	}
	key, err = seal.NewKey(w.r.random)
	return key, audience, err
}

// ErrNoNotes is returned where a unit begins notes on a case that it has no part in.
var ErrNoNotes = errors.New("this unit neither owns nor supervises the case, and it was not granted to it: it keeps no notes on it")

// mayKeepNotes refuses notes of a unit that does not work on the case, where
// that can be told here.
func (w *Writer) mayKeepNotes(n Begin) error {
	if n.Kind != oplog.KindNotes || n.Case == nil {
		return nil
	}
	of, err := w.row(*n.Case)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !w.r.keepsNotes(n.Owner, of.Owner, of.Granted) {
		return ErrNoNotes
	}
	return nil
}

func classOf(k oplog.Kind) oplog.Class {
	if k == oplog.KindDigest {
		return oplog.ClassDigest
	}
	return oplog.ClassCase
}

// Append makes one more operation of a record. base are the heads that the
// author saw; nil: all that are here. projects is the case operation, in digests.
//
// grants are units that may read the record from here on, its whole history
// included, and write in it as the policy says; only of cases and documents, at
// most oplog.MaxGrants. The keys that they need are sealed to them in the same
// append, as far as their reading keys are known here. A grant on a case
// includes its digest: a digest operation of this save that projects this one
// says so, and where the caller makes none, Write does.
func (w *Writer) Append(record store.ID, base []store.ID, body crdt.Body, projects *store.ID, grants ...store.ID) (*oplog.Operation, error) {
	return w.append(record, base, body, oplog.Header{Projects: projects, Grants: grants})
}

// Adopt makes an operation that gives late operations of a record their effect.
// They must lie before it: all that has a place here does, since it names every head.
// projects is the case operation of this save, in digests.
func (w *Writer) Adopt(record store.ID, late []store.ID, projects *store.ID) (*oplog.Operation, error) {
	return w.append(record, nil, crdt.Body{}, oplog.Header{Adopts: merge(late, nil), Projects: projects})
}

// append is Append; more holds what the header is to say besides.
func (w *Writer) append(record store.ID, base []store.ID, body crdt.Body, more oplog.Header) (*oplog.Operation, error) {
	if err := w.canRead(); err != nil {
		return nil, err
	}
	projects, grants := more.Projects, more.Grants
	row, err := w.row(record)
	if err != nil {
		return nil, err
	}
	if grants, err = granting(row.Kind, grants); err != nil {
		return nil, fmt.Errorf("record %x: %w", record[:4], err)
	}
	heads, err := w.headsOf(record, row, base)
	if err == nil && len(heads) == 0 {
		err = ErrNotWhole
	}
	if err != nil {
		return nil, err
	}
	var key seal.Key
	if row.Kind == oplog.KindDigest {
		key, err = w.audienceKey(row.Owner, row.Audience)
	} else {
		key, err = w.recordKey(row)
	}
	if err != nil {
		return nil, err
	}
	h := oplog.Header{Class: classOf(row.Kind), Kind: row.Kind, Owner: row.Owner, Case: row.Case, Record: &record, Heads: heads, Projects: projects}
	// What joins heads says nothing else.
	if len(heads) > oplog.MaxHeads {
		if h.Heads, err = w.join(h, key, record); err != nil {
			return nil, err
		}
	}
	h.Grants, h.CaseGrants, h.Adopts = grants, w.projectedGrants(projects), more.Adopts
	op, err := w.make(h, key, body)
	if err != nil {
		return nil, err
	}
	row.Granted = merge(row.Granted, op.Header.Granting())
	w.rows[record] = row
	w.noteGrants(op)
	return op, w.wrapGranted(record, row, key)
}

// noteGrants remembers what a case operation grants for its digest.
func (w *Writer) noteGrants(op *oplog.Operation) {
	if op.Header.Kind == oplog.KindCase && len(op.Header.Grants) > 0 {
		w.granted = append(w.granted, made{of: op.RecordID(), op: op.ID, grants: op.Header.Grants})
	}
}

// join brings more heads than one operation can name together by operations
// without changes, so that many who wrote side by side never close a record.
func (w *Writer) join(h oplog.Header, key seal.Key, record store.ID) ([]store.ID, error) {
	heads := slices.Clone(h.Heads)
	own, has, err := w.ownLast(record, nil)
	if err != nil {
		return nil, err
	}
	for len(heads) > oplog.MaxHeads {
		n := oplog.MaxHeads
		if has { // every operation names its author's last one
			if i := slices.Index(heads, own); i >= 0 {
				heads = slices.Delete(heads, i, i+1)
			}
			n--
		}
		some := heads[:n:n]
		if has {
			some = append(slices.Clone(some), own)
		}
		slices.SortFunc(some, func(x, y store.ID) int { return bytes.Compare(x[:], y[:]) })
		h.Heads = some
		op, err := w.make(h, key, crdt.Body{})
		if err != nil {
			return nil, err
		}
		own, has = op.ID, true
		heads = append(slices.Clone(heads[n:]), op.ID)
	}
	slices.SortFunc(heads, func(x, y store.ID) int { return bytes.Compare(x[:], y[:]) })
	return heads, nil
}

func (w *Writer) row(record store.ID) (recordRow, error) {
	if row, ok := w.rows[record]; ok {
		return row, nil
	}
	var row recordRow
	found, err := load(w.rd, rowKey(rowRecord, record[:]), &row)
	if err == nil && !found {
		err = fmt.Errorf("record %x: %w", record[:4], store.ErrNotFound)
	}
	return row, err
}

func (w *Writer) recordKey(row recordRow) (seal.Key, error) {
	if row.Key == nil {
		return seal.Key{}, ErrNotReadable
	}
	if key, ok := w.keys[*row.Key]; ok {
		return key, nil
	}
	key, ok, err := w.r.keys.resolve(w.rd, *row.Key)
	if err == nil && !ok {
		err = ErrNotReadable
	}
	return key, err
}

// headsOf gives the heads that the next operation names: what the author saw,
// and always his own last one.
func (w *Writer) headsOf(record store.ID, row recordRow, base []store.ID) ([]store.ID, error) {
	current := w.heads[record]
	if current == nil {
		if err := w.ready(record); err != nil {
			return nil, err
		}
		state, err := w.r.sharedState(w.rd, &row, record)
		if err != nil {
			return nil, err
		}
		current = state.Heads()
	}
	if base == nil {
		return current, nil
	}
	heads := slices.Clone(base)
	if own, ok, err := w.ownLast(record, base); err != nil {
		return nil, err
	} else if ok {
		heads = append(heads, own)
	}
	slices.SortFunc(heads, func(x, y store.ID) int { return bytes.Compare(x[:], y[:]) })
	return slices.Compact(heads), nil
}

// ownLast finds the author's last operation of the record, if base does not
// build on it.
func (w *Writer) ownLast(record store.ID, base []store.ID) (store.ID, bool, error) {
	parents := map[store.ID][]store.ID{}
	var own store.ID
	var number uint64
	err := members(w.rd, record, func(op *oplog.Operation) error {
		parents[op.ID] = op.Header.Heads
		if op.Header.Seat == w.signer.Seat() && op.Header.Number > number {
			own, number = op.ID, op.Header.Number
		}
		return nil
	})
	if err == nil {
		err = w.lostOnes(record, func(meta crdt.Meta, n uint64) {
			parents[meta.ID] = meta.Heads
			if meta.Seat == w.signer.Seat() && n > number {
				own, number = meta.ID, n
			}
		})
	}
	if err != nil || number == 0 {
		return store.ID{}, false, err
	}
	seen := map[store.ID]bool{}
	for todo := slices.Clone(base); len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if id == own {
			return store.ID{}, false, nil
		}
		if !seen[id] {
			seen[id] = true
			todo = append(todo, parents[id]...)
		}
	}
	return own, true, nil
}

// lostOnes visits the operations of a record whose bytes are lost, as its state
// has them, with their numbers.
func (w *Writer) lostOnes(record store.ID, fn func(crdt.Meta, uint64)) error {
	lost, err := lostNow(w.rd)
	if err != nil || len(lost) == 0 {
		return err
	}
	row, err := w.row(record)
	if err != nil {
		return err
	}
	s, err := w.r.sharedState(w.rd, &row, record)
	if err != nil {
		return err
	}
	for id := range lost {
		meta, _, ok := s.Op(id)
		if !ok {
			continue
		}
		number := uint64(0)
		prefix := rowKey(rowNumber, row.Owner[:], []byte{byte(classOf(row.Kind))}, meta.Seat[:])
		if err := w.rd.Scan(prefix, nil, false, func(k, _ []byte) (bool, error) {
			if lastID(k) == id {
				number = binary.BigEndian.Uint64(k[len(k)-40:])
			}
			return number == 0, nil
		}); err != nil {
			return err
		}
		fn(meta, number)
	}
	return nil
}

// withKeys is a body with further keys, which it does not have.
func withKeys(body crdt.Body, more dcbor.Keys) crdt.Body {
	body.Unknown = slices.Clone(body.Unknown)
	for n, raw := range more {
		at, taken := slices.BinarySearchFunc(body.Unknown, n, func(u crdt.UnknownKey, n uint64) int { return cmp.Compare(u.Key, n) })
		if !taken {
			body.Unknown = slices.Insert(body.Unknown, at, crdt.UnknownKey{Key: n, Raw: raw})
		}
	}
	return body
}

// make signs an operation and puts it at the end of its lane.
func (w *Writer) make(h oplog.Header, key seal.Key, body crdt.Body) (*oplog.Operation, error) {
	more, err := dcbor.Grease(w.r.random)
	if err != nil {
		return nil, err
	}
	content, err := crdt.EncodeBody(withKeys(body, more))
	if err != nil {
		return nil, err
	}
	return w.makeContent(h, key, content)
}

func (w *Writer) makeContent(h oplog.Header, key seal.Key, content []byte) (*oplog.Operation, error) {
	h.Tree, h.Seat, h.Epoch = w.r.self.Tree, w.signer.Seat(), w.signer.Epoch
	h.OwnerLog = w.r.logHeads(h.Owner)
	if w.signer.Unit != h.Owner {
		h.AuthorLog = w.r.logHeads(w.signer.Unit)
	}
	if h.Class != oplog.ClassTree { // it would wait here and not be seen: nothing is called saved that is not
		if err := w.r.stopAt(h.OwnerLog, h.AuthorLog); err != nil {
			return nil, err
		}
	}
	lane := h.Lane()
	row, known := w.lanes[lane]
	if !known {
		if _, err := load(w.rd, laneKey(lane), &row); err != nil {
			return nil, err
		}
	}
	h.Number = row.top() + 1
	if h.Number > 1 {
		previous := row.Last
		h.Previous = &previous
	}
	h.Stamp = w.r.clock.Next()
	var op *oplog.Operation
	var err error
	if h.KeyInside == 1 {
		op, err = oplog.MakeInside(h, key, w.inside, content, w.signer.Key, w.r.random)
	} else {
		op, err = oplog.Make(h, key, content, w.signer.Key, w.r.random)
	}
	if err != nil {
		return nil, err
	}
	row.Runs, row.Last = [][2]uint64{{1, h.Number}}, op.ID
	w.lanes[lane] = row
	w.heads[op.RecordID()] = []store.ID{op.ID}
	w.add(store.KindOperation, op.ID, op.Frame)
	return op, nil
}

// Enter makes an entry of a unit's log. first is the log's first entry, zero
// where this is it; previous is the entry of the branch that it follows.
func (w *Writer) Enter(unit, first, previous store.ID, branch oplog.Branch, content []byte) (*oplog.Operation, error) {
	h := oplog.Header{Class: oplog.ClassTree, Kind: oplog.KindLog, Owner: unit, Branch: branch}
	if first == (store.ID{}) {
		h.Audience = oplog.AudienceTree
	} else {
		h.Record, h.Heads = &first, []store.ID{previous}
	}
	content, err := identity.Grease(content, w.r.random)
	if err != nil {
		return nil, err
	}
	return w.makeContent(h, seal.Key{}, content)
}

func (w *Writer) add(kind store.FrameKind, id store.ID, frame []byte) {
	f := store.Frame{ID: id, Kind: kind, Bytes: frame, Local: store.Local{Arrived: w.r.now()}}
	if kind == store.KindOperation {
		f.Local.Token, f.Local.Asked, w.save = w.save.Token, w.save.Asked, Save{}
	}
	w.frames = append(w.frames, f)
}
