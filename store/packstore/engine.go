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
	h, st, stale := s.findEngine()
	if h != nil && !s.roomForRows(s.log.After(st.at)) {
		_ = h.Close() // rows in memory need nothing of it
		h = nil
		s.clearSuspect()
		s.useSpare()
	}
	if h != nil {
		err := s.catchUp(ctx, h, st)
		if err == nil {
			s.engine = h
			s.clearSuspect()
			return s.restoreLost()
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
	if !s.roomForRows(s.log.Bytes()) {
		s.useSpare()
	}
	defer s.discard(stale)
	h, err := s.newEngine()
	if err != nil && s.useSpare() {
		h, err = s.newEngine() // derived rows keep nobody from reading
	}
	if err != nil {
		return err
	}
	s.frames.Store(0)
	if err := s.catchUp(ctx, h, state{}); err != nil {
		return errors.Join(err, h.Close())
	}
	s.engine = h
	if stale != nil {
		s.harvest(stale, h)
	}
	return s.restoreLost()
}

// reopenLog opens the packs again after a recovery that was broken off.
func (s *Store) reopenLog() error {
	if err := s.log.Close(); err != nil {
		return err
	}
	proof, err := s.evidence()
	if err != nil {
		return err
	}
	log, err := pack.Open(s.packOptions(packsDir), proof)
	if err != nil {
		return err
	}
	s.log = log
	return nil
}

// findEngine opens the newest engine that fits these packs and this Applier,
// and removes what does not. It returns nil if there is none; then the newest of
// this store that does not fit is stale, for harvest.
func (s *Store) findEngine() (found *handle, st state, stale *handle) {
	root := s.engineDir()
	if root == "" {
		return nil, state{}, nil
	}
	names, err := s.opts.FS.ReadDir(root)
	if err != nil {
		return nil, state{}, nil
	}
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
		if found == nil && stale == nil && trusted && names[i] != suspectFile {
			if found, st, stale = s.tryEngine(dir); found != nil || stale != nil {
				continue
			}
		}
		// What can't be removed now is no harm: newEngine takes a new number.
		_ = s.opts.FS.RemoveAll(dir)
	}
	return found, st, stale
}

// tryEngine opens an engine and reads its position.
func (s *Store) tryEngine(dir string) (fit *handle, st state, stale *handle) {
	e, err := s.openAt(dir)
	if err != nil {
		return nil, state{}, nil
	}
	st, fits, err := s.examine(e)
	h := &handle{Engine: e, dir: dir}
	switch {
	case err == nil && fits:
		return h, st, nil
	case err == nil && st.layout == layoutVersion && st.storeID == s.log.StoreID():
		return nil, state{}, h
	}
	_ = e.Close() // it is about to be removed
	return nil, state{}, nil
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
		// Something else bears its name; nothing there is not derived.
		_ = s.opts.FS.RemoveAll(root)
		if err := s.opts.FS.MkdirAll(root); err != nil {
			return nil, fmt.Errorf("make %s: %w", root, err)
		}
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
	var frames, again []store.Frame
	err := g.h.View(func(r rows.Reader) error {
		t := g.s.newTx(g.s.watch(r))
		frames = make([]store.Frame, 0, len(entries))
		for i := range entries {
			f := entries[i].Frame
			// A frame may lie in the packs twice: the first that can be read counts.
			old, err := t.row(f.ID)
			switch {
			case errors.Is(err, store.ErrNotFound):
				frames = append(frames, f)
				t.index(&frames[len(frames)-1], entries[i].Loc, 0)
				continue
			case err != nil:
				return err
			case t.pending[f.ID] != nil:
				continue
			}
			if _, err := t.read(old); errors.Is(err, store.ErrDamaged) {
				again = append(again, f)
				t.index(&f, entries[i].Loc, old.seq)
			} else if err != nil {
				return err
			}
		}
		if err := errors.Join(g.s.apply(t, frames), g.s.heal(t, again)); err != nil {
			return err
		}
		st := g.s.state(g.at)
		if len(again) > 0 {
			st.solid = mark{}
		}
		st.frames += uint64(len(frames))
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
	g.s.frames.Add(uint64(len(frames)))
	if len(again) > 0 {
		g.s.trail = nil
	}
	g.s.came(frames)
	g.s.came(again)
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
	var found []pack.Damage
	err = s.log.Walk().Run(g.take, func(d pack.Damage) { found = append(found, d) })
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
	s.harvest(old, fresh)
	err = errors.Join(s.restoreLost(), s.lose(found), s.saveLost())
	old.views.Wait()
	err = errors.Join(err, old.Close())
	if old.dir != "" {
		err = errors.Join(err, s.opts.FS.RemoveAll(old.dir))
	}
	return err
}
