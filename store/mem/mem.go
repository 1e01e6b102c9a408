// Package mem is the engine that keeps rows in memory.
//
// It is for tests, for the simulator and for short commands: whole nodes run on
// it over a virtual disk. It keeps nothing after Close, so the store derives
// all rows anew from the packs at each opening. Invariant: a View sees the
// state after some Write, never between two rows of one.
package mem

import (
	"bytes"
	"errors"
	"sync"

	"hejie/store/rows"
)

// Opener opens empty engines in memory.
type Opener struct{}

var _ rows.Opener = Opener{}

// Open implements rows.Opener; folder and key are not used.
func (Opener) Open(string, [32]byte) (rows.Engine, error) { return &Engine{}, nil }

// Folder implements rows.Opener.
func (Opener) Folder() string { return "" }

// Engine implements rows.Engine.
type Engine struct {
	// mu guards everything that follows.
	mu     sync.Mutex
	rows   rows.Map[[]byte]
	closed bool
}

var errClosed = errors.New("the engine is closed")

// View implements rows.Engine.
func (e *Engine) View(fn func(rows.Reader) error) error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return errClosed
	}
	s := e.rows.Snapshot()
	e.mu.Unlock()
	return fn(&reader{rows: s})
}

// Write implements rows.Engine.
func (e *Engine) Write(b *rows.Batch) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errClosed
	}
	return b.Each(func(key, value []byte, deleted bool) error {
		if deleted {
			e.rows.Delete(key)
		} else {
			e.rows.Set(key, value)
		}
		return nil
	})
}

// Sync implements rows.Engine; there is nothing to make durable.
func (e *Engine) Sync() error { return nil }

// Close implements rows.Engine.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.rows = rows.Map[[]byte]{}
	return nil
}

type reader struct{ rows rows.Map[[]byte] }

func (r *reader) Get(key []byte) ([]byte, error) {
	v, ok := r.rows.Get(key)
	if !ok {
		return nil, rows.ErrNotFound
	}
	return append([]byte{}, v...), nil
}

func (r *reader) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	at, empty := rows.Start(prefix, from, reverse)
	if empty {
		return nil
	}
	var err error
	visit := func(key, value []byte) bool {
		if !bytes.HasPrefix(key, prefix) {
			return reverse && bytes.Compare(key, prefix) > 0
		}
		var more bool
		more, err = fn(key, value)
		return more && err == nil
	}
	if reverse {
		r.rows.Descend(at, visit)
	} else {
		r.rows.Ascend(at, visit)
	}
	return err
}
