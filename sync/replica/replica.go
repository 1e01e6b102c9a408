package replica

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// Options are what a replica needs besides its store.
type Options struct {
	Self    exchange.Self
	Machine ed25519.PrivateKey // the machine seat's: signs receipts
	Policy  Policy
	Clock   host.Clock
	Random  host.Random
	// Program names the program's version: after an update everything that was
	// refused may be offered and judged again (DESIGN 2).
	Program string
	// Changed is called after an append with the records that it touched, from
	// the goroutine that appended; it must not block. May be nil.
	Changed func(records []store.ID)
	// OwnLaneCame is called when a peer brings an operation of a lane whose seat
	// is present here and that this node does not hold: it must go on in a new
	// epoch. May be nil.
	OwnLaneCame func(lane oplog.Lane, number uint64)
	// MaySave says why nothing may be saved here; nil: it may. It is asked at the
	// beginning of each save. May be nil.
	MaySave func() error
	// After calls fn once, in a goroutine of its own, when so much time has passed.
	// Nil: what others fill up is judged at once and never rests.
	After func(d time.Duration, fn func())
	// KeysInside lets the first operation of a record bear its key, in place of a
	// wrap (FORMAT.md 5). Every program reads both; which one is written is settled
	// by what a save costs.
	KeysInside bool
}

// Replica is the node's operations. It is made in two steps, since the store
// needs it as its Applier: Make, then Open.
type Replica struct {
	self    exchange.Self
	machine ed25519.PrivateKey
	// keysInside is Options.KeysInside.
	keysInside bool
	policy     Policy
	source     host.Clock
	after      func(time.Duration, func())
	random     host.Random
	changed    func([]store.ID)
	program    string
	ownLane    func(oplog.Lane, uint64)
	registry   *identity.Registry
	keys       *keyring
	store      store.Store
	loaded     bool // set before the store is open to others

	// writeMu is held while operations are made or incoming ones placed, so that
	// numbers and heads follow one another. It guards clock.
	writeMu sync.Mutex
	clock   *oplog.Clock

	receiptMu sync.Mutex // one writer of receipts at a time

	states stateCache
	due    dueList // guards itself
	// maxWeight is MaxWeight, but in tests.
	maxWeight uint64

	// links is a copy of the rows rowLink: unit → units that its log also goes to.
	linkMu sync.Mutex
	links  map[store.ID][]store.ID

	treeMu sync.Mutex
	tree   *tree

	leaveMu sync.Mutex // one leaveLost at a time
	leftMu  sync.Mutex // guards left: lost frames that stand in no place
	left    map[store.ID]bool

	endMu sync.Mutex // guards what follows; ends: the last changed at the end
	ends  []laneEnd
	noted uint64 // the place up to which the note tells of ends

	maySave func() error

	cargo hold // guards itself

	groupMu     sync.Mutex // guards everything that follows
	groupSet    map[group]struct{}
	groupList   []group
	groupsStale bool
	touched     map[store.ID]struct{} // since the last publish
}

var _ exchange.Replica = (*Replica)(nil)

// Make makes a replica without its store: what the store applies frames with.
func Make(o Options) *Replica {
	return &Replica{
		self: o.Self, machine: o.Machine, policy: o.Policy, source: o.Clock, random: o.Random, changed: o.Changed, ownLane: o.OwnLaneCame, program: o.Program, keysInside: o.KeysInside, maySave: o.MaySave,
		registry: identity.NewRegistry(o.Self.Tree), keys: newKeyring(), clock: oplog.NewClock(o.Clock),
		groupSet: map[group]struct{}{}, touched: map[store.ID]struct{}{},
		maxWeight: MaxWeight, due: dueList{large: largeWeight}, after: o.After,
	}
}

// Keep adds private keys before the store is opened, so that what is derived
// there can be read.
func (r *Replica) Keep(keys ...*seal.PrivateKey) {
	for _, k := range keys {
		r.keys.addPrivate(k)
	}
}

// Open attaches the store and reads the logs and groups it holds.
func (r *Replica) Open(ctx context.Context, s store.Store) error {
	r.store = s
	behind, err := r.loadEnds(ctx, s.Reach().Note)
	if err != nil {
		return err
	}
	canWrite := s.Stats().ReadOnly == nil
	if canWrite {
		if err := r.forgetRefused(ctx); err != nil && !unwritable(err) {
			return err
		}
	}
	if err := s.View(ctx, r.loadOnce); err != nil {
		return err
	}
	if err := r.loadCargo(); err != nil || !canWrite {
		return err
	}
	if err := r.keepEnds(ctx, behind); err != nil && !unwritable(err) {
		return err
	}
	if err := r.fromCopies(ctx); err != nil {
		return err
	}
	if _, err := r.CloseGaps(ctx); err != nil && !unwritable(err) {
		return err
	}
	if err := r.retryCargo(ctx); err != nil && !unwritable(err) {
		return err
	}
	if err := r.JudgeDue(ctx); err != nil && !unwritable(err) {
		return err
	}
	return nil
}

// unwritable reports whether an error says that nothing can be written now: what an
// opening does once is then done at another.
func unwritable(err error) bool {
	return errors.Is(err, store.ErrDiskFull) || errors.Is(err, store.ErrReadOnly)
}

// loadOnce reads the logs and groups that are held: at the first Apply, which
// may come while the store catches up, or at Open.
func (r *Replica) loadOnce(rd store.Reader) error {
	if r.loaded {
		return nil
	}
	if err := r.loadLogs(rd); err != nil {
		return err
	}
	r.loaded = true
	if err := r.loadLinks(rd); err != nil {
		return err
	}
	return r.loadGroups(rd)
}

// loadLogs fills the registry from the rows' copies of log entries.
func (r *Replica) loadLogs(rd store.Reader) error {
	return rd.Scan([]byte{rowEntry}, nil, false, func(_, b []byte) (bool, error) {
		op, err := oplog.Trusted(bytes.Clone(b))
		if err != nil {
			return false, err
		}
		if e, err := identity.EntryOf(op); err == nil {
			r.registry.Add(e)
		}
		return true, nil
	})
}

// Unlock adds a private key and judges again what it opens.
func (r *Replica) Unlock(ctx context.Context, keys ...*seal.PrivateKey) error {
	var fresh []*seal.PrivateKey
	for _, k := range keys {
		if r.keys.addPrivate(k) {
			fresh = append(fresh, k)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	own, err := r.unlock(ctx, fresh)
	r.publish()
	if err != nil {
		return err
	}
	return r.judgeDue(ctx, own)
}

func (r *Replica) unlock(ctx context.Context, fresh []*seal.PrivateKey) (due map[store.ID]bool, err error) {
	r.writeMu.Lock()
	defer r.writeMu.Unlock()
	err = r.store.Derive(ctx, func(tx store.Tx) error {
		a := r.newApply(tx)
		for _, k := range fresh {
			if err := a.openedBy(k.Name(), oplog.ToUnit); err != nil {
				return err
			}
		}
		return a.finish()
	})
	return r.due.fresh(), err
}

// ReadingSeeds finds the private reading keys of this unit that were wrapped to
// a seat's encryption key.
func (r *Replica) ReadingSeeds(ctx context.Context, seat *seal.PrivateKey) ([][seal.SeedSize]byte, error) {
	var out [][seal.SeedSize]byte
	name := seat.Name()
	err := r.store.View(ctx, func(rd store.Reader) error {
		wraps, err := ids(rd, rowKey(rowWrapFor, name[:]))
		if err != nil {
			return err
		}
		for _, id := range wraps {
			w, err := heldWrap(rd, id)
			if err != nil {
				return err
			}
			if w == nil || w.Wrap.Method != oplog.ToSeat || len(w.Unknown) > 0 {
				continue
			}
			plain, err := seat.OpenSealed(w.Wrap.Associated(), w.Wrap.Sealed)
			if err != nil || len(plain) != seal.SeedSize {
				continue
			}
			if k, err := seal.PrivateKeyFrom([seal.SeedSize]byte(plain)); err == nil && k.Name() == w.Wrap.Key {
				out = append(out, [seal.SeedSize]byte(plain))
			}
		}
		return nil
	})
	return out, err
}

// Registry tells of units and seats.
func (r *Replica) Registry() *identity.Registry { return r.registry }

// Self implements exchange.Replica.
func (r *Replica) Self() exchange.Self { return r.self }

func (r *Replica) now() int64 { return r.source.Now().UnixMilli() }

// Member implements exchange.Replica.
func (r *Replica) Member(machine store.ID) (store.ID, bool) {
	id, ok := r.seatUnit(machine)
	if !ok {
		return store.ID{}, false
	}
	u, ok := r.unit(id)
	if !ok {
		return store.ID{}, false
	}
	s, ok := u.Seat(machine)
	return id, ok && s.Machine && !s.Waiting
}

// Introduction implements exchange.Replica: the entry that admits this machine
// and all that it rests on, each after what it names. What was entered since is
// left out: a unit of some hundred people would not fit into a message.
func (r *Replica) Introduction() [][]byte {
	unit, ok := r.unit(r.self.Unit)
	if !ok {
		return nil
	}
	machine, ok := unit.Seat(r.self.Seat)
	if !ok {
		return nil
	}
	var out [][]byte
	err := r.store.View(context.Background(), func(rd store.Reader) error {
		seen := map[store.ID]bool{}
		var visit func(id store.ID) error
		visit = func(id store.ID) error {
			if seen[id] {
				return nil
			}
			seen[id] = true
			op, err := heldOperation(rd, id)
			if err == nil && op == nil {
				err = store.ErrDamaged
			}
			if err != nil {
				return err
			}
			for _, list := range [][]oplog.ID{op.Header.AuthorLog, op.Header.OwnerLog, op.Header.Heads} {
				for _, before := range list {
					if err := visit(before); err != nil {
						return err
					}
				}
			}
			out = append(out, op.Frame)
			return nil
		}
		return visit(machine.AdmittedBy)
	})
	if err != nil {
		return nil // what it rests on is damaged here: the other side says that it does not know this station
	}
	return out
}

// LogFrames are the frames of a unit's log in order of dependence.
func (r *Replica) LogFrames(rd store.Reader, unit store.ID) ([][]byte, error) {
	u, ok := r.unit(unit)
	if !ok {
		return nil, &UnknownUnitError{unit}
	}
	held := map[store.ID]*oplog.Operation{}
	if err := members(rd, u.First, func(op *oplog.Operation) error {
		held[op.ID] = op
		return nil
	}); err != nil {
		return nil, err
	}
	var out [][]byte
	done := map[store.ID]bool{}
	for len(out) < len(held) {
		var ready []*oplog.Operation
		for id, op := range held {
			wait := slices.ContainsFunc(op.Header.Heads, func(h store.ID) bool { return held[h] != nil && !done[h] })
			if !done[id] && !wait {
				ready = append(ready, op)
			}
		}
		if len(ready) == 0 {
			return nil, fmt.Errorf("the log of unit %x hangs on itself", unit[:4])
		}
		slices.SortFunc(ready, func(x, y *oplog.Operation) int { return bytes.Compare(x.ID[:], y.ID[:]) })
		for _, op := range ready {
			done[op.ID] = true
			out = append(out, op.Frame)
		}
	}
	return out, nil
}

// Introduce implements exchange.Replica: takes log frames from a caller who is
// not known yet. Only those whose place hangs on this tree's root are kept.
func (r *Replica) Introduce(ctx context.Context, frames [][]byte) error {
	wires := make([]exchange.Wire, 0, len(frames))
	for _, f := range frames {
		op, err := oplog.Trusted(f)
		if err == nil && op.Header.Class == oplog.ClassTree {
			wires = append(wires, exchange.Wire{Kind: store.KindOperation, Bytes: f})
		}
	}
	_, err := r.Take(ctx, exchange.Peer{}, wires)
	return err
}

// Met implements exchange.Replica.
func (r *Replica) Met(ctx context.Context, peer exchange.Peer, report exchange.Report) {
	_ = r.noteMet(ctx, peer, report) // the next meeting notes it again
}

func (r *Replica) publish() {
	r.groupMu.Lock()
	list := make([]store.ID, 0, len(r.touched))
	for id := range r.touched {
		list = append(list, id)
	}
	clear(r.touched)
	r.groupMu.Unlock()
	if r.changed != nil && len(list) > 0 {
		slices.SortFunc(list, func(x, y store.ID) int { return bytes.Compare(x[:], y[:]) })
		r.changed(list)
	}
}

func (r *Replica) noteTouched(id store.ID) {
	r.groupMu.Lock()
	defer r.groupMu.Unlock()
	r.touched[id] = struct{}{}
}

func (r *Replica) ownLaneCame(op *oplog.Operation) {
	if r.ownLane != nil {
		r.ownLane(op.Header.Lane(), op.Header.Number)
	}
}

// groupsOfFrame finds where a held frame stands in the ordered set.
func (r *Replica) groupsOfFrame(rd store.Reader, id store.ID) ([]group, error) {
	f, err := rd.Frame(id)
	if err != nil {
		return nil, err
	}
	if f.Kind == store.KindWrap {
		w, err := oplog.TrustedWrap(f.Bytes)
		if err != nil {
			return nil, err
		}
		return r.wrapGroups(&w.Wrap), nil
	}
	op, err := oplog.Trusted(f.Bytes)
	if err != nil {
		return nil, err
	}
	if unplaced, err := has(rd, rowKey(rowUnplaced, id[:])); err != nil || unplaced {
		return nil, err
	}
	var row recordRow
	record := op.RecordID()
	if _, err := load(rd, rowKey(rowRecord, record[:]), &row); err != nil {
		return nil, err
	}
	return places(r, readerOf(rd), row, &op.Header)
}

// State returns a record's merged state, to be read only.
func (r *Replica) State(rd store.Reader, record store.ID) (Record, *crdt.State, error) {
	var row recordRow
	found, err := load(rd, rowKey(rowRecord, record[:]), &row)
	if err != nil {
		return Record{}, nil, err
	}
	if !found {
		return Record{}, nil, fmt.Errorf("record %x: %w", record[:4], store.ErrNotFound)
	}
	s, err := r.sharedState(rd, &row, record)
	if err != nil {
		return Record{}, nil, err
	}
	return row.tell(record, s.Len() > 0), s, nil
}

// Notes is a record of notes on a case.
type Notes struct {
	ID    store.ID
	Owner store.ID
	State *crdt.State
}

// NotesOf finds the notes on a case that are readable here, by the ids of their
// records. Notes of a unit that does not work on the case are none: whoever can
// write for a unit could begin some on any case.
func (r *Replica) NotesOf(rd store.Reader, of Record) ([]Notes, error) {
	list, err := r.RecordsOf(rd, of.ID, oplog.KindNotes)
	if err != nil {
		return nil, err
	}
	var out []Notes
	for _, id := range list {
		rec, s, err := r.State(rd, id)
		if err != nil {
			return nil, err
		}
		if s.Len() > 0 && r.keepsNotes(rec.Owner, of.Owner, of.Grants) {
			out = append(out, Notes{id, rec.Owner, s})
		}
	}
	return out, nil
}

// keepsNotes reports whether a unit works on a case, so that it may keep notes.
func (r *Replica) keepsNotes(unit, owner store.ID, grants []store.ID) bool {
	switch r.Relation(unit, owner, grants) {
	case Owner, Station, Granted:
		return true
	}
	return false
}

// RecordsOf lists a case's records of one kind: its digest, its notes; of kind
// KindRegister, given a unit, the unit's registers. Those that nobody was
// entitled to begin are left out.
func (r *Replica) RecordsOf(rd store.Reader, of store.ID, kind oplog.Kind) ([]store.ID, error) {
	list, err := ids(rd, rowKey(rowCase, of[:], []byte{byte(kind)}))
	if err != nil {
		return nil, err
	}
	var out []store.ID
	for _, id := range list {
		if late, err := isLate(rd, id); err != nil {
			return nil, err
		} else if !late {
			out = append(out, id)
		}
	}
	return out, nil
}

// AppRow reads one of the Policy's rows; false if there is none.
func AppRow(rd store.Reader, key []byte) ([]byte, bool, error) {
	b, err := rd.Get(rowKey(rowApp, key))
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil
	}
	return b, err == nil, err
}

// ScanApp visits the Policy's rows under a prefix, ascending or descending from
// `from` (nil: the end it begins at).
func ScanApp(rd store.Reader, prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	if from != nil {
		from = rowKey(rowApp, from)
	}
	return rd.Scan(rowKey(rowApp, prefix), from, reverse, func(k, v []byte) (bool, error) { return fn(k[1:], v) })
}

// View gives a consistent reading.
func (r *Replica) View(ctx context.Context, fn func(store.Reader) error) error {
	return r.store.View(ctx, fn)
}

// Reader is what a Writer sees: everything before this save.
func (w *Writer) Reader() store.Reader { return w.rd }

// KindOf tells a record's kind and the case that it belongs to.
func (r *Replica) KindOf(rd store.Reader, record store.ID) (oplog.Kind, store.ID, error) {
	var row recordRow
	found, err := load(rd, rowKey(rowRecord, record[:]), &row)
	if err == nil && !found {
		err = fmt.Errorf("record %x: %w", record[:4], store.ErrNotFound)
	}
	rec := row.tell(record, true)
	return rec.Kind, rec.Case, err
}
