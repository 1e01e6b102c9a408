package packstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"hejie/store"
	"hejie/store/pack"
	"hejie/store/rows"
)

// Catching up gathers commits until one of these is reached: enough to spread
// the cost of a write of rows, little enough to be one write of an engine.
const (
	catchUpFrames = 512
	catchUpBytes  = 1 << 20
)

// suspectFile in the engine's folder says that the rows can't be trusted.
const suspectFile = "suspect"

// handle is an open engine with the Views that run on it.
type handle struct {
	rows.Engine
	dir   string // its own folder; empty if it does not last
	views sync.WaitGroup
}

// borrow returns the engine for a View; the caller calls views.Done.
func (s *Store) borrow() (*handle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.engine == nil {
		return nil, store.ErrClosed
	}
	s.engine.views.Add(1)
	return s.engine, nil
}

// engineDir is the folder of all engines; empty if they don't last. Each engine
// lies in a numbered folder in it, so that a rebuild works beside the old one.
func (s *Store) engineDir() string {
	if name := s.opts.Engine.Folder(); name != "" {
		return filepath.Join(s.opts.Dir, name)
	}
	return ""
}

// openEngine opens the engine whose rows can be trusted and brings it up to the
// packs' end; if there is none, or it fails meanwhile, all is derived anew.
func (s *Store) openEngine(ctx context.Context) error {
	h, st := s.findEngine()
	if h != nil {
		err := s.catchUp(ctx, h, st)
		if err == nil {
			s.engine = h
			s.clearSuspect()
			return nil
		}
		if !s.isSuspect() {
			s.clearSuspect() // the rows are well: the packs, the Applier or ctx ended it
			return errors.Join(err, h.Close())
		}
		// The rows are at fault, not the packs: start over with neither.
		if err := errors.Join(h.Close(), s.reopenLog()); err != nil {
			return err
		}
	}
	s.clearSuspect()
	h, err := s.newEngine()
	if err != nil {
		return err
	}
	s.frames.Store(0)
	if err := s.catchUp(ctx, h, state{}); err != nil {
		return errors.Join(err, h.Close())
	}
	s.engine = h
	return nil
}

// reopenLog opens the packs again after a recovery that was broken off.
func (s *Store) reopenLog() error {
	if err := s.log.Close(); err != nil {
		return err
	}
	log, err := pack.Open(s.packOptions(packsDir))
	if err != nil {
		return err
	}
	s.log = log
	return nil
}

// findEngine opens the newest engine that fits these packs and this Applier,
// and removes what does not. It returns nil if there is none.
func (s *Store) findEngine() (*handle, state) {
	root := s.engineDir()
	if root == "" {
		return nil, state{}
	}
	names, err := s.opts.FS.ReadDir(root)
	if err != nil {
		return nil, state{}
	}
	var found *handle
	var st state
	trusted := true
	for _, name := range names {
		trusted = trusted && name != suspectFile
	}
	if trusted && len(names) > 0 {
		// An engine may end the program when it meets a damaged file. If it does so
		// before clearSuspect, the next opening does not try it again.
		s.markSuspect(root)
	}
	for i := len(names) - 1; i >= 0; i-- {
		dir := filepath.Join(root, names[i])
		if found == nil && trusted && names[i] != suspectFile {
			if found, st = s.tryEngine(dir); found != nil {
				continue
			}
		}
		// What can't be removed now is no harm: newEngine takes a new number.
		_ = s.opts.FS.RemoveAll(dir)
	}
	return found, st
}

// tryEngine opens an engine and reads its position.
func (s *Store) tryEngine(dir string) (*handle, state) {
	e, err := s.openAt(dir)
	if err != nil {
		return nil, state{}
	}
	st, fits, err := s.examine(e)
	if err != nil || !fits {
		_ = e.Close() // it is about to be removed
		return nil, state{}
	}
	return &handle{Engine: e, dir: dir}, st
}

// examine tells whether an engine's rows are those of these packs and this
// Applier, and none is missing.
func (s *Store) examine(e rows.Engine) (st state, fits bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			fits, err = false, fmt.Errorf("read the rows: panic: %v", p)
		}
	}()
	err = e.View(func(r rows.Reader) error {
		b, err := r.Get(positionKey)
		if err != nil {
			return err
		}
		var ok bool
		if st, ok = decodeState(b); !ok {
			return nil
		}
		want := s.state(st.at)
		if st.layout != want.layout || st.applier != want.applier || st.storeID != want.storeID || !s.log.Holds(st.at) {
			return nil
		}
		count := st.solid.frames
		err = r.Scan([]byte{rowSeq}, seqKey(st.solid.seq+1), false, func(_, _ []byte) (bool, error) {
			count++
			return true, nil
		})
		fits = count == st.frames
		return err
	})
	return st, fits, err
}

// openAt opens an engine; a panic in it is a damaged folder like any error.
func (s *Store) openAt(dir string) (e rows.Engine, err error) {
	key, err := s.engineKey()
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			e, err = nil, fmt.Errorf("open the rows in %s: panic: %v", dir, p)
		}
	}()
	return s.opts.Engine.Open(dir, key)
}

// newEngine makes an empty engine under the next number.
func (s *Store) newEngine() (*handle, error) {
	root := s.engineDir()
	if root == "" {
		e, err := s.openAt("")
		if err != nil {
			return nil, err
		}
		return &handle{Engine: e}, nil
	}
	if err := s.opts.FS.MkdirAll(root); err != nil {
		return nil, fmt.Errorf("make %s: %w", root, err)
	}
	names, err := s.opts.FS.ReadDir(root)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", root, err)
	}
	number := 1
	for _, name := range names {
		var n int
		if _, err := fmt.Sscanf(name, "%08d", &n); err == nil && n >= number {
			number = n + 1
		}
	}
	dir := filepath.Join(root, fmt.Sprintf("%08d", number))
	if err := s.opts.FS.MkdirAll(dir); err != nil {
		return nil, fmt.Errorf("make %s: %w", dir, err)
	}
	e, err := s.openAt(dir)
	if err != nil {
		return nil, fmt.Errorf("open the rows in %s: %w", dir, err)
	}
	return &handle{Engine: e, dir: dir}, nil
}

// catchUp readies the log and derives what lies after the engine's position.
func (s *Store) catchUp(ctx context.Context, h *handle, st state) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.suspectRows()
			err = fmt.Errorf("derive rows: panic: %v", p)
		}
	}()
	s.frames.Store(st.frames)
	s.trail = trail{{mark: st.solid}}
	g := gatherer{s: s, h: h, ctx: ctx}
	if err := s.log.Recover(st.at, g.take); err != nil {
		return err
	}
	return g.finish(s.log.End())
}

// gatherer derives commits of the log in portions.
type gatherer struct {
	s       *Store
	h       *handle
	ctx     context.Context //nolint:containedctx // lives for one call
	entries []pack.Entry
	size    int
	at      pack.Position
}

func (g *gatherer) take(entries []pack.Entry, at pack.Position) error {
	if err := g.ctx.Err(); err != nil {
		return err
	}
	for i := range entries {
		g.size += len(entries[i].Frame.Bytes)
	}
	g.entries, g.at = append(g.entries, entries...), at
	if len(g.entries) < catchUpFrames && g.size < catchUpBytes {
		return nil
	}
	return g.write()
}

// finish derives the last portion.
func (g *gatherer) finish(end pack.Position) error {
	g.at = end
	return g.write()
}

func (g *gatherer) write() error {
	entries := g.entries
	g.entries, g.size = nil, 0
	var batch *rows.Batch
	count := uint64(0)
	err := g.h.View(func(r rows.Reader) error {
		t := g.s.newTx(g.s.watch(r))
		frames := make([]store.Frame, 0, len(entries))
		for i := range entries {
			f := entries[i].Frame
			// A frame may lie in the packs twice: the first counts.
			if held, err := t.Has(f.ID); err != nil || held {
				if err != nil {
					return err
				}
				continue
			}
			frames = append(frames, f)
			t.index(&frames[len(frames)-1], entries[i].Loc)
		}
		if len(frames) > 0 {
			if err := g.s.apply(t, frames); err != nil {
				return err
			}
		}
		count = uint64(len(frames))
		st := g.s.state(g.at)
		st.frames += count
		batch = t.finish(st)
		return nil
	})
	if err != nil {
		return err
	}
	if err := g.h.Write(batch); err != nil {
		g.s.suspectRows()
		return err
	}
	g.s.frames.Add(count)
	g.s.trail.wrote(batch.Size(), mark{g.at.Seq, g.s.frames.Load()})
	return nil
}

// Rebuild implements store.Store. It derives all rows beside the present ones,
// which Views use until it is done, and waits for those to end. A crash meanwhile
// leaves rows that say how far they are, and the next opening goes on from there.
func (s *Store) Rebuild(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	fresh, err := s.newEngine()
	if err != nil {
		return err
	}
	before, trailBefore := s.frames.Load(), s.trail
	s.frames.Store(0)
	s.trail = nil
	g := gatherer{s: s, h: fresh, ctx: ctx}
	err = s.log.Replay(g.take, func(pack.Damage) {}) // Verify reports
	if err == nil {
		err = g.finish(s.log.End())
	}
	if err == nil {
		err = fresh.Sync()
	}
	if err != nil {
		s.frames.Store(before)
		s.trail = trailBefore
		err = errors.Join(err, fresh.Close())
		if fresh.dir != "" {
			err = errors.Join(err, s.opts.FS.RemoveAll(fresh.dir))
		}
		return fmt.Errorf("rebuild: %w", err)
	}
	s.mu.Lock()
	old := s.engine
	s.engine = fresh
	s.mu.Unlock()
	s.clearSuspect()
	old.views.Wait()
	err = old.Close()
	if old.dir != "" {
		err = errors.Join(err, s.opts.FS.RemoveAll(old.dir))
	}
	return err
}

// suspectRows has the rows derived anew at the next opening. It must not fail:
// when even this small file can't be written, so can nothing else.
func (s *Store) suspectRows() {
	s.mu.Lock()
	first := !s.suspect
	s.suspect = true
	s.mu.Unlock()
	if root := s.engineDir(); first && root != "" {
		s.markSuspect(root)
	}
}

func (s *Store) markSuspect(root string) {
	if f, err := s.opts.FS.Create(filepath.Join(root, suspectFile)); err == nil {
		_ = f.Close() // it is to outlive the program, not the machine
	}
}

func (s *Store) clearSuspect() {
	s.mu.Lock()
	s.suspect = false
	s.mu.Unlock()
	if root := s.engineDir(); root != "" {
		// One that stays costs the next opening a rebuild, nothing else.
		_ = s.opts.FS.RemoveAll(filepath.Join(root, suspectFile))
	}
}

func (s *Store) isSuspect() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.suspect
}

// watch passes on a reader's rows and marks the engine when it fails.
func (s *Store) watch(r rows.Reader) rows.Reader { return &watched{s: s, r: r} }

type watched struct {
	s *Store
	r rows.Reader
}

func (w *watched) Get(key []byte) ([]byte, error) {
	b, err := w.r.Get(key)
	if err != nil && !errors.Is(err, rows.ErrNotFound) {
		w.s.suspectRows()
	}
	return b, err
}

func (w *watched) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	var mine error
	err := w.r.Scan(prefix, from, reverse, func(key, value []byte) (bool, error) {
		more, err := fn(key, value)
		mine = err
		return more, err
	})
	if err != nil && mine == nil {
		w.s.suspectRows()
	}
	return err
}
