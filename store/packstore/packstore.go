// Package packstore is store.Store made of packs, facts and an engine of rows.
//
// It is for whoever wires a node: Open with an engine's opener gives the store.
// It knows frames as bytes; what rows they give is the Applier's. It may not
// know operations or cases. Invariants: a frame is in the packs, synced, before
// a row says so; the engine holds exactly what its position row says, or is
// derived anew; one writer at a time, any number of readers.
package packstore

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/pack"
	"hejie/store/rows"
)

// Names in a data folder. Packs of every released version lie under them.
const (
	packsDir = "packs"
	localDir = "local"
	lockFile = "lock"
)

// Options are what a store is opened with.
type Options struct {
	FS      host.FS  // nil: the machine's
	Dir     string   // the data folder
	Key     [32]byte // the store's key
	Applier store.Applier
	Engine  rows.Opener
	Random  host.Random // nil: the machine's
	// Reserve is the free space in bytes under which nothing is written; 0:
	// pack.Reserve, negative: none.
	Reserve int64
	// FileSize is where packs roll; 0: pack.FileSize.
	FileSize int64
	// Made: the caller knows that this folder held data and that the key is its
	// key. Packs that are not there are then a loss and not a new folder.
	Made bool
	// ReadOnly, if it is not nil, is why the caller wants nothing written: the
	// folder is opened for reading alone, rows in memory, and others may read it
	// too. It wraps store.ErrReadOnly.
	ReadOnly error
	// Note, if there is one, gives a small note, at most pack.MaxNote bytes, that
	// is kept outside packs and rows with how far they reach, and handed back by
	// Reach at the next opening. It is called after each group commit with what
	// was written, in order, before anybody is answered; nil keeps the last note.
	Note func(frames []store.Frame) []byte
}

// Store implements store.Store. It is safe for concurrent use. A View's fn must
// not call Close; nothing else blocks on a View.
type Store struct {
	opts     Options
	log      *pack.Log
	facts    *pack.Facts
	reach    *pack.Reach
	readOnly error       // why nothing is written; nil: it is
	found    store.Reach // what the evidence said at opening
	lost     *ledger
	lock     interface{ Close() error }
	stop     chan struct{} // closed by Close
	scrub    scrub

	// slot is held by the one writer: a group commit, Derive, Rebuild, Verify, Close.
	slot   chan struct{}
	failed error // under slot; not nil: no more appends until the next opening
	trail  trail // under slot

	frames atomic.Uint64 // held, as of the last commit

	// mu guards everything that follows.
	mu      sync.Mutex
	queue   []*request // appends that wait for a commit, oldest first
	engine  *handle
	closed  bool
	suspect bool           // the engine returned an error; see suspectRows
	damaged []store.Damage // what the opening found
}

var _ store.Store = (*Store)(nil)

// Open opens a data folder, or makes one, and derives what is not derived yet.
// A cancelled context ends it between two steps.
//
// Errors: store.ErrInUse, store.ErrWrongKey, a store.NewerFormatError, or a
// failing disk. A damaged place in the packs is no error: Stats tells of it.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.FS == nil {
		o.FS = host.OS{}
	}
	if o.Random == nil {
		o.Random = host.SystemRandom
	}
	if o.Reserve == 0 {
		o.Reserve = pack.Reserve
	}
	if err := o.FS.MkdirAll(o.Dir); err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	s := &Store{opts: o, lost: &ledger{}, slot: make(chan struct{}, 1), stop: make(chan struct{}), readOnly: o.ReadOnly}
	lock, err := o.FS.Lock(filepath.Join(o.Dir, lockFile))
	switch reason := unwritable(err); {
	case err == nil:
		s.lock = lock
	case errors.Is(err, host.ErrInUse):
		return nil, fmt.Errorf("%w: %s", store.ErrInUse, o.Dir)
	case reason != nil: // nobody can write what is read here
		s.readOnly = reason
	default:
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	err = s.open(ctx)
	if reason := unwritable(err); s.readOnly == nil && reason != nil {
		// What was not written is no loss: open it once more, for reading.
		if err := s.forget(); err != nil {
			return nil, errors.Join(err, s.release())
		}
		s.readOnly = reason
		err = s.open(ctx)
	}
	if err == nil && s.readOnly != nil && s.lock != nil {
		// Who never writes keeps nobody out: others may read too.
		err, s.lock = s.lock.Close(), nil
	}
	if err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

// forget closes what an opening that failed opened, but for the lock.
func (s *Store) forget() error {
	lock := s.lock
	s.lock = nil
	err := s.release()
	s.lock, s.log, s.facts, s.reach = lock, nil, nil, nil
	s.lost, s.damaged, s.found = &ledger{}, nil, store.Reach{}
	return err
}

func (s *Store) open(ctx context.Context) error {
	proof, err := s.evidence()
	if err != nil {
		return err
	}
	if s.log, err = pack.Open(s.packOptions(packsDir), proof); err != nil {
		return err
	}
	s.found.Behind = proof.Made && (!proof.Known || !s.log.Holds(proof.At))
	s.found.Unknown = proof.Made && !proof.Known
	s.found.Seq = proof.At.Seq
	if s.facts, err = pack.OpenFacts(s.packOptions(localDir), s.log.StoreID(), proof); err != nil {
		return err
	}
	if err := s.lost.load(s.facts); err != nil {
		return err
	}
	if s.readOnly != nil || !s.roomForRows(0) {
		if !s.useSpare() && s.readOnly != nil {
			return s.readOnly
		}
	}
	if err := s.openEngine(ctx); err != nil {
		return err
	}
	if err := s.account(s.log.Damage(), s.facts.Damage()); err != nil {
		return err
	}
	s.found.Seq = max(s.found.Seq, s.log.Walk().Last())
	return s.noteReach(nil)
}

func (s *Store) packOptions(dir string) pack.Options {
	return pack.Options{
		FS: s.opts.FS, Dir: filepath.Join(s.opts.Dir, dir), Key: s.opts.Key, Random: s.opts.Random,
		FileSize: s.opts.FileSize, Reserve: max(s.opts.Reserve, 0), ReadOnly: s.readOnly != nil,
	}
}

// engineKey is the key of the rows: another for each store, and not the packs'.
func (s *Store) engineKey() ([32]byte, error) {
	id := s.log.StoreID()
	k, err := hkdf.Key(sha256.New, s.opts.Key[:], id[:], "hejie rows v1", 32)
	if err != nil {
		return [32]byte{}, fmt.Errorf("derive the key of the rows: %w", err)
	}
	return [32]byte(k), nil
}

// take takes the writer's slot.
func (s *Store) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.slot <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.isClosed() {
		s.give()
		return store.ErrClosed
	}
	return nil
}

func (s *Store) give() { <-s.slot }

func (s *Store) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// CloseTime bounds Close. A commit, a View and an engine end well before; what
// does not, waits for files that somebody took away, or for a disk that hangs.
const CloseTime = 15 * time.Second

// Close lets the commit that runs end, refuses all that wait, waits for running
// Views, and closes everything, within CloseTime; what is not closed by then is
// told and left to the end of the program. It returns nil when called again.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.stop)
	s.mu.Unlock()
	err := host.Within(CloseTime, s.end)
	if errors.Is(err, host.ErrLate) {
		return fmt.Errorf("%s could not be closed within %v: what was saved is kept; end the program: %w", s.opts.Dir, CloseTime, err)
	}
	return err
}

// end is Close without its bound.
func (s *Store) end() error {
	s.slot <- struct{}{}
	defer s.give()
	s.refuseQueue(store.ErrClosed)
	// A folder that can't be written finds again what it lost.
	_ = s.saveLost()
	return s.release()
}

// release closes what is open.
func (s *Store) release() error {
	var errs []error
	s.mu.Lock()
	h := s.engine
	s.engine = nil
	s.mu.Unlock()
	if h != nil {
		h.views.Wait()
		errs = append(errs, h.Close())
	}
	if s.facts != nil {
		errs = append(errs, s.facts.Close())
	}
	if s.reach != nil {
		errs = append(errs, s.reach.Close())
	}
	if s.log != nil {
		errs = append(errs, s.log.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}

// Stats implements store.Store.
func (s *Store) Stats() store.Stats {
	missing, indexed := s.lost.counts()
	s.mu.Lock()
	defer s.mu.Unlock()
	return store.Stats{
		Frames: s.frames.Load() - indexed, PackBytes: s.log.Bytes(), FreeBytes: s.log.Free(),
		Damaged: append([]store.Damage(nil), s.damaged...), Missing: missing,
		RowsInMemory: s.opts.Engine.Folder() == "", ReadOnly: s.readOnly,
	}
}

// ownFacts begins the keys of the store's own facts, which others don't see.
const ownFacts = "store/"

func isOwn(key string) bool { return strings.HasPrefix(key, ownFacts) }

// GetFact implements store.Facts.
func (s *Store) GetFact(key string) ([]byte, error) { return s.facts.Get(key) }

// PutFact implements store.Facts.
func (s *Store) PutFact(ctx context.Context, key string, value []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if isOwn(key) {
		return fmt.Errorf("the fact %s: keys that begin with %s are the store's own", key, ownFacts)
	}
	if s.readOnly != nil {
		return s.readOnly
	}
	if err := s.facts.Put(key, value); err != nil {
		return err
	}
	_ = s.reach.Facts(s.facts.Size()) // evidence may lag; the fact is durable
	return nil
}

// DeleteFact implements store.Facts.
func (s *Store) DeleteFact(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if isOwn(key) {
		return nil // nobody else has one
	}
	if s.readOnly != nil {
		return s.readOnly
	}
	if err := s.facts.Delete(key); err != nil {
		return err
	}
	_ = s.reach.Facts(s.facts.Size()) // as in PutFact
	return nil
}

// ScanFacts implements store.Facts.
func (s *Store) ScanFacts(prefix string, fn func(key string, value []byte) (bool, error)) error {
	return s.facts.Scan(prefix, func(key string, value []byte) (bool, error) {
		if isOwn(key) {
			return true, nil
		}
		return fn(key, value)
	})
}
