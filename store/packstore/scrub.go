package packstore

import (
	"context"
	"errors"
	"sync"

	"hejie/store"
	"hejie/store/pack"
	"hejie/store/rows"
)

// scrub is the one pass of an opening over the packs.
type scrub struct {
	// mu guards both.
	mu      sync.Mutex
	done    bool
	running chan struct{} // closed when the pass that runs ends; nil: none
}

// Scrub implements store.Store.
func (s *Store) Scrub(ctx context.Context) error {
	for {
		s.scrub.mu.Lock()
		if s.scrub.done {
			s.scrub.mu.Unlock()
			return nil
		}
		running := s.scrub.running
		if running == nil {
			running = make(chan struct{})
			s.scrub.running = running
			s.scrub.mu.Unlock()
			err := s.scrubOnce(ctx)
			if errors.Is(err, errRows) {
				err = s.Rebuild(ctx)
			}
			s.scrub.mu.Lock()
			s.scrub.done, s.scrub.running = err == nil, nil
			s.scrub.mu.Unlock()
			close(running)
			return err
		}
		s.scrub.mu.Unlock()
		select {
		case <-running: // if it was broken off, it is this one's turn
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Store) scrubOnce(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	w := s.log.Walk()
	// The files stay open as long as somebody reads rows.
	h, err := s.borrow()
	s.give()
	if err != nil {
		return err
	}
	defer h.views.Done()
	found, err := s.pass(ctx, w, func([]pack.Entry) error { return nil })
	if err != nil {
		return err
	}
	if err := s.lose(found); err != nil {
		return err
	}
	_ = s.saveLost() // a folder that can't be written finds it again
	if c, ok := h.Engine.(rows.Checker); ok && c.Check(s.stop) != nil {
		s.suspectRows()
		return errRows
	}
	return nil
}

// errRows is what a pass returns when the rows were damaged while closed.
var errRows = errors.New("the rows were damaged while the program did not run")

// pass walks over the packs until ctx ends or the store closes.
func (s *Store) pass(ctx context.Context, w *pack.Walk, fn func([]pack.Entry) error) (found []pack.Damage, err error) {
	err = w.Run(func(entries []pack.Entry, _ pack.Position) error {
		select {
		case <-s.stop:
			return store.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		default:
			return fn(entries)
		}
	}, func(d pack.Damage) { found = append(found, d) })
	return found, err
}

// Settle implements store.Store.
func (s *Store) Settle(ctx context.Context, losses []store.Loss) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.give()
	if s.readOnly != nil {
		return s.readOnly
	}
	s.lost.settle(losses)
	return s.saveLost()
}
