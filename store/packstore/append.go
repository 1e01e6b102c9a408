package packstore

import (
	"context"
	"errors"
	"fmt"

	"hejie/store"
	"hejie/store/pack"
	"hejie/store/rows"
)

// request is an append that waits for a commit.
type request struct {
	frames []store.Frame
	size   int
	done   chan struct{} // closed when answer and err are set
	answer []store.Appended
	err    error
}

func (r *request) finish(err error) {
	if err != nil {
		r.answer, r.err = nil, err
	}
	close(r.done)
}

// Append implements store.Appender. Whoever finds the writer's slot free commits
// for all that wait, so concurrent appends share one sync and no goroutine has
// to be woken for a single one. When ctx ends before the commit began, nothing
// is changed; after that its outcome is waited for.
func (s *Store) Append(ctx context.Context, frames []store.Frame) ([]store.Appended, error) {
	if s.readOnly != nil && len(frames) > 0 {
		return nil, s.readOnly
	}
	r, err := newRequest(frames)
	if err != nil || len(frames) == 0 {
		return nil, err
	}
	if err := s.enqueue(ctx, r); err != nil {
		return nil, err
	}
	for {
		select {
		case <-r.done:
			return r.answer, r.err
		case s.slot <- struct{}{}:
			s.lead(r)
		case <-ctx.Done():
			if s.withdraw(r) {
				return nil, ctx.Err()
			}
			<-r.done
			return r.answer, r.err
		}
	}
}

func newRequest(frames []store.Frame) (*request, error) {
	if len(frames) > store.MaxAppend {
		return nil, fmt.Errorf("an append of %d frames: %w", len(frames), store.ErrTooLarge)
	}
	r := &request{frames: frames, done: make(chan struct{})}
	for i := range frames {
		if len(frames[i].Bytes) > store.MaxFrame {
			return nil, fmt.Errorf("a frame of %d bytes: %w", len(frames[i].Bytes), store.ErrTooLarge)
		}
		r.size += pack.RecordSize(len(frames[i].Bytes))
	}
	if r.size > pack.MaxCommit {
		return nil, fmt.Errorf("an append of %d bytes: %w", r.size, store.ErrTooLarge)
	}
	return r, nil
}

func (s *Store) enqueue(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return store.ErrClosed
	}
	s.queue = append(s.queue, r)
	return nil
}

// withdraw takes a request out of the queue; false if a commit has it already.
func (s *Store) withdraw(r *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, q := range s.queue {
		if q == r {
			s.queue = append(s.queue[:i:i], s.queue[i+1:]...)
			return true
		}
	}
	return false
}

// lead commits groups until r is done, holding the slot.
func (s *Store) lead(r *request) {
	defer s.give()
	for {
		select {
		case <-r.done:
			return
		default:
		}
		group := s.nextGroup()
		if len(group) == 0 {
			return // r is done, or was refused by Close
		}
		s.commit(group)
	}
}

// nextGroup takes what fits into one commit from the queue's front.
func (s *Store) nextGroup() []*request {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, frames, size := 0, 0, 0
	for _, r := range s.queue {
		frames, size = frames+len(r.frames), size+r.size
		if n > 0 && (frames > store.MaxAppend || size > pack.MaxCommit) {
			break
		}
		n++
	}
	group := s.queue[:n:n]
	s.queue = s.queue[n:]
	if len(s.queue) == 0 {
		s.queue = nil
	}
	return group
}

func (s *Store) refuseQueue(err error) {
	s.mu.Lock()
	queue := s.queue
	s.queue = nil
	s.mu.Unlock()
	for _, r := range queue {
		r.finish(err)
	}
}

// commit makes a group durable and visible. If the group can't be applied, each
// of its requests is tried alone, so that one does not fail another.
func (s *Store) commit(group []*request) {
	err := s.try(group)
	var refused *applyError
	if len(group) > 1 && errors.As(err, &refused) {
		for _, r := range group {
			r.finish(s.try([]*request{r}))
		}
		return
	}
	for _, r := range group {
		r.finish(err)
	}
}

// applyError is what an Applier returned: nothing was written.
type applyError struct{ err error }

func (e *applyError) Error() string { return fmt.Sprintf("derive rows: %v", e.err) }
func (e *applyError) Unwrap() error { return e.err }

// try derives a group's rows, writes its frames to the packs, and only then
// makes the rows visible. Deriving first means that a frame that can't be
// applied is never written.
func (s *Store) try(group []*request) error {
	switch {
	case s.failed != nil:
		return s.failed
	case s.isClosed():
		return store.ErrClosed
	}
	var batch *rows.Batch
	var frames []store.Frame
	var back int
	h := s.engine // changed only under the slot
	err := h.View(func(r rows.Reader) error {
		t := s.newTx(s.watch(r))
		var err error
		if frames, back, err = t.fresh(group); err != nil || len(frames) == 0 {
			return err
		}
		old := places(frames) // of those that come back
		locs, err := s.log.Stage(frames)
		if err != nil {
			return err
		}
		answer(group, frames, back)
		for i := range frames {
			t.index(&frames[i], locs[i], old[i])
		}
		if err := s.apply(t, frames[back:]); err != nil {
			return err
		}
		if err := s.heal(t, frames[:back]); err != nil {
			return err
		}
		st := s.state(s.log.Staged())
		if back > 0 {
			st.solid = mark{} // a row of before the mark went
		}
		st.frames += uint64(len(frames) - back)
		batch = t.finish(st)
		return nil
	})
	if err != nil || len(frames) == 0 {
		if s.isSuspect() {
			s.failed = store.ErrFailed
		}
		return err
	}
	if err := s.log.Flush(); err != nil {
		if !errors.Is(err, store.ErrDiskFull) {
			s.failed = store.ErrFailed
		}
		return err
	}
	if err := h.Write(batch); err != nil {
		// The frames are durable; the next opening makes them visible.
		s.failed = store.ErrFailed
		s.suspectRows()
		return fmt.Errorf("%w: %w", store.ErrFailed, err)
	}
	s.frames.Add(uint64(len(frames) - back))
	if back > 0 {
		s.trail = nil
	}
	s.trail.wrote(batch.Size(), mark{frames[len(frames)-1].Seq, s.frames.Load()})
	s.came(frames)
	_ = s.noteReach(frames) // as it says
	if s.lost.pending() {
		_ = s.saveLost() // else it is found again
	}
	return nil
}

// came notes lost frames that are held again.
func (s *Store) came(frames []store.Frame) {
	if s.lost.empty() {
		return
	}
	for i := range frames {
		s.lost.came(frames[i].ID, frames[i].Seq)
	}
}

// apply calls the Applier; a panic in it is an error like any other, for others
// wait on the same writer.
func (s *Store) apply(t *tx, frames []store.Frame) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &applyError{fmt.Errorf("panic: %v", p)}
		}
	}()
	if len(frames) == 0 {
		return nil
	}
	if err := s.opts.Applier.Apply(t, frames); err != nil {
		return &applyError{err}
	}
	return nil
}

// heal tells the Applier, if it wants to know, of frames that came back.
func (s *Store) heal(t *tx, frames []store.Frame) (err error) {
	h, wants := s.opts.Applier.(store.Healer)
	if len(frames) == 0 || !wants {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = &applyError{fmt.Errorf("panic: %v", p)}
		}
	}()
	if err := h.Heal(t, frames); err != nil {
		return &applyError{err}
	}
	return nil
}

// fresh answers for the frames that are held, and returns the others, each
// once: first those that come back to rows that stand, then the new ones.
func (t *tx) fresh(group []*request) (frames []store.Frame, back int, err error) {
	var again []store.Frame
	first := map[store.ID]bool{}
	for _, r := range group {
		r.answer = make([]store.Appended, len(r.frames))
		for i := range r.frames {
			f := &r.frames[i]
			if first[f.ID] {
				continue
			}
			row, err := t.row(f.ID)
			switch {
			case err == nil && t.s.lost.missing(f.ID, row.seq):
				first[f.ID] = true
				again = append(again, *f)
				again[len(again)-1].Seq = row.seq
			case err == nil:
				r.answer[i] = store.Appended{Seq: row.seq}
			case errors.Is(err, store.ErrNotFound):
				first[f.ID] = true
				frames = append(frames, *f)
				frames[len(frames)-1].Seq = 0
			default:
				return nil, 0, err
			}
		}
	}
	return append(again, frames...), len(again), nil
}

// places gives the frames' places of before.
func places(frames []store.Frame) []uint64 {
	out := make([]uint64, len(frames))
	for i := range frames {
		out[i] = frames[i].Seq
	}
	return out
}

// answer tells the places of the frames written, of which the first so many came
// back; the first request that brought one has it new.
func answer(group []*request, frames []store.Frame, back int) {
	at := make(map[store.ID]uint64, len(frames))
	for i := range frames {
		at[frames[i].ID] = frames[i].Seq
	}
	healed := uint64(0)
	if back > 0 {
		healed = frames[back-1].Seq
	}
	told := make(map[store.ID]bool, len(frames))
	for _, r := range group {
		for i := range r.frames {
			id := r.frames[i].ID
			if seq, ok := at[id]; ok {
				r.answer[i] = store.Appended{Seq: seq, New: !told[id] && seq > healed, Healed: seq <= healed}
				told[id] = true
			}
		}
	}
}

// Derive implements store.Deriver. What it changed is durable when it returns,
// as far as the engine lasts at all.
func (s *Store) Derive(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	if s.failed != nil {
		return s.failed
	}
	var batch *rows.Batch
	h := s.engine
	err := h.View(func(r rows.Reader) error {
		t := s.newTx(s.watch(r))
		if err := fn(t); err != nil {
			return err
		}
		batch = t.finish(s.state(s.log.End()))
		return nil
	})
	if err != nil {
		return err
	}
	if err := errors.Join(h.Write(batch), h.Sync()); err != nil {
		s.failed = store.ErrFailed
		s.suspectRows()
		return fmt.Errorf("%w: %w", store.ErrFailed, err)
	}
	return nil
}

// state is the position row for a place in the log.
func (s *Store) state(at pack.Position) state {
	return state{
		layout: layoutVersion, applier: s.opts.Applier.Version(), storeID: s.log.StoreID(),
		frames: s.frames.Load(), at: at, solid: s.trail.solid(),
	}
}
