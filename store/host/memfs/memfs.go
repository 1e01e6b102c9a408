// Package memfs is a file system in memory that can lose power, fill up and
// fail, for tests and for the simulator.
//
// It is an implementation of host.FS that forgets exactly what a real disk may
// forget: bytes that no Sync covered (wholly, partly, or with holes) and names
// that no SyncDir covered (the latest first). It may not touch the machine's
// files. Invariant: with the same seed and the same calls it does the same.
package memfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"hejie/store/host"
)

// ErrDead is returned by every call between the death of the machine and
// Restart, and for ever by handles from before it.
var ErrDead = errors.New("the machine is dead")

// ErrSync is returned by a Sync that FailSyncs made fail.
var ErrSync = errors.New("input/output error")

// Unlimited is the capacity of a disk that never fills.
const Unlimited = int64(-1)

// FS implements host.FS.
type FS struct {
	// mu guards everything that follows.
	mu       sync.Mutex
	rng      *rand.Rand
	names    map[string]*node // as the running system sees them
	durable  map[string]*node // as the disk has them
	pending  []change         // changes of names not yet durable, oldest first
	dirs     map[string]bool
	locks    map[string]bool
	life     int // raised by Restart; handles of an earlier life are dead
	dead     bool
	changes  int // calls that change the disk, counted
	killAt   int // the change in which the machine dies; 0: none
	syncs    int // Syncs left that fail
	capacity int64
	frozen   bool // nothing can be written
}

// node is a file's content. synced shares memory with data's beginning as long
// as the file only grows.
type node struct {
	data, synced []byte
	holes        []hole // what a failed Sync dropped and no later one writes
	bad          []hole // what the disk does not give back
}

type hole struct{ from, to int }

// change is one change of a name in a folder.
type change struct {
	dir   string
	apply func(map[string]*node)
}

var _ host.FS = (*FS)(nil)

// New makes an empty disk of unlimited size. The seed decides what a power
// loss leaves of unsynced bytes.
func New(seed uint64) *FS {
	return &FS{
		rng:   rand.New(rand.NewPCG(seed, 0x48656a6965)),
		names: map[string]*node{}, durable: map[string]*node{},
		dirs: map[string]bool{"/": true, ".": true}, locks: map[string]bool{},
		capacity: Unlimited,
	}
}

func clean(name string) string { return path.Clean(filepath.ToSlash(name)) }

// change counts a change of the disk and tells whether the machine dies in it.
// The caller holds mu.
func (f *FS) change() (dies bool) {
	f.changes++
	if f.killAt > 0 && f.changes >= f.killAt {
		f.dead, f.killAt = true, 0
		return true
	}
	return false
}

// begin locks and refuses if the machine is dead.
func (f *FS) begin() error {
	f.mu.Lock()
	if f.dead {
		f.mu.Unlock()
		return ErrDead
	}
	return nil
}

// beginChange is begin for calls that change the disk.
func (f *FS) beginChange() error {
	if err := f.begin(); err != nil {
		return err
	}
	if f.frozen {
		f.mu.Unlock()
		return fmt.Errorf("%w: read-only file system", host.ErrReadOnly)
	}
	return nil
}

func (f *FS) note(dir string, apply func(map[string]*node)) {
	apply(f.names)
	f.pending = append(f.pending, change{dir: dir, apply: apply})
}

func (f *FS) open(name, op string) (host.File, error) {
	if err := f.begin(); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	n, ok := f.names[clean(name)]
	if !ok {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return &file{fs: f, node: n, life: f.life, readOnly: op == "open"}, nil
}

// Open implements host.FS.
func (f *FS) Open(name string) (host.File, error) { return f.open(name, "open") }

// Append implements host.FS.
func (f *FS) Append(name string) (host.File, error) {
	if err := f.beginChange(); err != nil {
		return nil, err
	}
	f.mu.Unlock()
	return f.open(name, "append")
}

// Create implements host.FS.
func (f *FS) Create(name string) (host.File, error) {
	if err := f.beginChange(); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	key := clean(name)
	if !f.dirs[path.Dir(key)] {
		return nil, &fs.PathError{Op: "create", Path: name, Err: fs.ErrNotExist}
	}
	if f.change() {
		return nil, ErrDead
	}
	n := f.names[key]
	if n == nil {
		n = &node{}
		f.note(path.Dir(key), func(m map[string]*node) { m[key] = n })
	} else {
		n.data, n.holes = nil, nil
	}
	return &file{fs: f, node: n, life: f.life}, nil
}

// Rename implements host.FS.
func (f *FS) Rename(from, to string) error {
	if err := f.beginChange(); err != nil {
		return err
	}
	defer f.mu.Unlock()
	a, b := clean(from), clean(to)
	if f.names[a] == nil {
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	}
	if f.change() {
		return ErrDead
	}
	n := f.names[a]
	f.note(path.Dir(b), func(m map[string]*node) { delete(m, a); m[b] = n })
	return nil
}

// Remove implements host.FS.
func (f *FS) Remove(name string) error {
	if err := f.beginChange(); err != nil {
		return err
	}
	defer f.mu.Unlock()
	key := clean(name)
	if f.names[key] == nil {
		return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrNotExist}
	}
	if f.change() {
		return ErrDead
	}
	f.note(path.Dir(key), func(m map[string]*node) { delete(m, key) })
	return nil
}

// RemoveAll implements host.FS.
func (f *FS) RemoveAll(name string) error {
	if err := f.beginChange(); err != nil {
		return err
	}
	defer f.mu.Unlock()
	if f.change() {
		return ErrDead
	}
	key := clean(name)
	for _, n := range f.under(key) {
		f.note(path.Dir(n), func(m map[string]*node) { delete(m, n) })
	}
	for d := range f.dirs {
		if d == key || strings.HasPrefix(d, key+"/") {
			delete(f.dirs, d)
		}
	}
	return nil
}

// under returns the sorted names of the files in and below a folder.
func (f *FS) under(dir string) []string {
	var out []string
	for n := range f.names {
		if strings.HasPrefix(n, strings.TrimSuffix(dir, "/")+"/") {
			out = append(out, n)
		}
	}
	sort.Strings(out)
	return out
}

// ReadDir implements host.FS.
func (f *FS) ReadDir(name string) ([]string, error) {
	if err := f.begin(); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	key := clean(name)
	if !f.dirs[key] {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	var out []string
	for n := range f.names {
		if path.Dir(n) == key {
			out = append(out, path.Base(n))
		}
	}
	for d := range f.dirs {
		if d != key && path.Dir(d) == key {
			out = append(out, path.Base(d))
		}
	}
	sort.Strings(out)
	return out, nil
}

// MkdirAll implements host.FS.
func (f *FS) MkdirAll(name string) error {
	if err := f.begin(); err != nil {
		return err
	}
	defer f.mu.Unlock()
	if f.frozen && !f.dirs[clean(name)] {
		return fmt.Errorf("%w: read-only file system", host.ErrReadOnly)
	}
	for d := clean(name); !f.dirs[d]; d = path.Dir(d) {
		f.dirs[d] = true
	}
	return nil
}

// SyncDir implements host.FS.
func (f *FS) SyncDir(name string) error {
	if err := f.begin(); err != nil {
		return err
	}
	defer f.mu.Unlock()
	if f.change() {
		return ErrDead
	}
	dir := clean(name)
	rest := f.pending[:0]
	for _, c := range f.pending {
		if c.dir == dir {
			c.apply(f.durable)
		} else {
			rest = append(rest, c)
		}
	}
	f.pending = rest
	return nil
}

// Free implements host.FS.
func (f *FS) Free(string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.free()
}

func (f *FS) free() int64 {
	if f.capacity == Unlimited {
		return -1
	}
	left := f.capacity
	for _, n := range f.names {
		left -= int64(len(n.data))
	}
	return max(left, 0)
}

// Lock implements host.FS.
func (f *FS) Lock(name string) (io.Closer, error) {
	if err := f.begin(); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	key := clean(name)
	if f.frozen && !f.locks[key] {
		return nil, fmt.Errorf("lock %s: %w", name, host.ErrReadOnly)
	}
	if f.locks[key] {
		return nil, fmt.Errorf("lock %s: %w", name, host.ErrInUse)
	}
	f.locks[key] = true
	return &lock{fs: f, name: key, life: f.life}, nil
}

type lock struct {
	fs   *FS
	name string
	life int
}

// Close gives the lock back; after a restart there is nothing to give back.
func (l *lock) Close() error {
	l.fs.mu.Lock()
	defer l.fs.mu.Unlock()
	if l.life == l.fs.life {
		delete(l.fs.locks, l.name)
	}
	return nil
}
