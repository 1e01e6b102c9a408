package packstore

import (
	"errors"
	"path/filepath"

	"hejie/store/rows"
)

// suspectFile in the engine's folder says that the rows can't be trusted.
const suspectFile = "suspect"

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
