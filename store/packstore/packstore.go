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
	"sync"
	"sync/atomic"

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
}

// Store implements store.Store. It is safe for concurrent use. A View's fn must
// not call Close; nothing else blocks on a View.
type Store struct {
	opts  Options
	log   *pack.Log
	facts *pack.Facts
	lock  interface{ Close() error }

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
	lock, err := o.FS.Lock(filepath.Join(o.Dir, lockFile))
	if err != nil {
		if errors.Is(err, host.ErrInUse) {
			return nil, fmt.Errorf("%w: %s", store.ErrInUse, o.Dir)
		}
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	s := &Store{opts: o, lock: lock, slot: make(chan struct{}, 1)}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	var err error
	if s.log, err = pack.Open(s.packOptions(packsDir)); err != nil {
		return err
	}
	if s.facts, err = pack.OpenFacts(s.packOptions(localDir), s.log.StoreID()); err != nil {
		return err
	}
	if err := s.openEngine(ctx); err != nil {
		return err
	}
	for _, d := range append(s.log.Damage(), s.facts.Damage()...) {
		s.damaged = append(s.damaged, store.Damage{Where: d.Where(), What: d.What})
	}
	return nil
}

func (s *Store) packOptions(dir string) pack.Options {
	return pack.Options{
		FS: s.opts.FS, Dir: filepath.Join(s.opts.Dir, dir), Key: s.opts.Key, Random: s.opts.Random,
		FileSize: s.opts.FileSize, Reserve: max(s.opts.Reserve, 0),
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

// Close lets the commit that runs end, refuses all that wait, waits for running
// Views, and closes everything. It returns nil when called again.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.slot <- struct{}{}
	defer s.give()
	s.refuseQueue(store.ErrClosed)
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
	if s.log != nil {
		errs = append(errs, s.log.Close())
	}
	errs = append(errs, s.lock.Close())
	return errors.Join(errs...)
}

// Stats implements store.Store.
func (s *Store) Stats() store.Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return store.Stats{
		Frames: s.frames.Load(), PackBytes: s.log.Bytes(), FreeBytes: s.log.Free(),
		Damaged: append([]store.Damage(nil), s.damaged...),
	}
}

// GetFact implements store.Facts.
func (s *Store) GetFact(key string) ([]byte, error) { return s.facts.Get(key) }

// PutFact implements store.Facts.
func (s *Store) PutFact(ctx context.Context, key string, value []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.facts.Put(key, value)
}

// DeleteFact implements store.Facts.
func (s *Store) DeleteFact(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.facts.Delete(key)
}

// ScanFacts implements store.Facts.
func (s *Store) ScanFacts(prefix string, fn func(key string, value []byte) (bool, error)) error {
	return s.facts.Scan(prefix, fn)
}
