// Package rows is what an engine keeps: ordered rows of bytes, read at one
// consistent state and written in one step.
//
// It is for the two engines (mem, badger) and for packstore, which keeps in
// such rows all that is derived from the packs. It knows no frames. Invariant:
// a Write is seen by readers whole or not at all, also after a crash; an engine
// that can't promise that for one says so at the next opening (ErrDirty).
package rows

import "errors"

// The errors of an engine that packstore decides on.
var (
	// ErrNotFound is returned by Get when there is no such row.
	ErrNotFound = errors.New("no such row")
	// ErrDirty is returned by an Opener when a Write was cut short and the rows
	// must be derived anew.
	ErrDirty = errors.New("the last write of rows was cut short")
)

// Reader reads one consistent state.
type Reader interface {
	// Get returns a copy of the row's value, or ErrNotFound.
	Get(key []byte) ([]byte, error)
	// Scan visits the rows whose key begins with prefix, ascending from `from`,
	// or descending from the last at or before `from`; from nil begins at the
	// prefix's end on that side. Key and value are valid only inside fn, which
	// returns false to stop. Scans may be nested.
	Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error
}

// Engine keeps rows. One caller at a time writes; readers are never blocked
// for longer than one Write.
type Engine interface {
	// View calls fn with the state of all finished Writes.
	View(fn func(Reader) error) error
	// Write makes a batch's rows visible, all at once. The engine keeps the
	// batch's slices; nobody may change them afterwards.
	Write(b *Batch) error
	// Sync returns when all finished Writes are durable, if the engine lasts.
	Sync() error
	Close() error
}

// Checker is an Engine that can compare its files with what they were when it
// was closed, which its reads may not notice. Check ends early, with nil, when
// stop is closed. After an error the rows must be derived anew.
type Checker interface {
	Check(stop <-chan struct{}) error
}

// Sparer is an Opener that knows another one which needs no folder, for data
// folders that can't be written or have no room.
type Sparer interface {
	Spare() Opener
}

// Opener opens engines of one kind.
type Opener interface {
	// Open opens the engine that lies in a folder, or makes an empty one, sealed
	// under the key. After any error the folder is removed and its rows are
	// derived anew.
	Open(dir string, key [32]byte) (Engine, error)
	// Folder is the name of the engines' folder in a data folder; empty: rows
	// don't outlive Close, and dir is not used.
	Folder() string
}
