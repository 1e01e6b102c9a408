package memfs

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
)

// Clone is another disk that holds what a running program sees on this one, all
// of it durable: a copy of a folder, a backup, an image of the whole disk. What
// either does later the other does not see; locks and faults are not copied.
func (f *FS) Clone(seed uint64) *FS {
	out := New(seed)
	out.Put(f, "")
	return out
}

// Put replaces everything under a folder ("": the whole disk) by what lies
// there on another disk, durably, as a person does who copies a folder back.
func (f *FS) Put(from *FS, dir string) {
	from.mu.Lock()
	files, dirs := maps.Clone(from.names), maps.Clone(from.dirs)
	for name, n := range files {
		// Full slices: either disk appends to memory of its own.
		data := n.data[:len(n.data):len(n.data)]
		files[name] = &node{data: data, synced: data}
	}
	from.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.pending {
		c.apply(f.durable)
	}
	f.pending = nil
	within := func(name string) bool { return dir == "" || strings.HasPrefix(name, clean(dir)+"/") }
	for _, names := range []map[string]*node{f.names, f.durable} {
		maps.DeleteFunc(names, func(name string, _ *node) bool { return within(name) })
	}
	for name, n := range files {
		if within(name) {
			f.names[name], f.durable[name] = n, n
			for d := path.Dir(name); !f.dirs[d]; d = path.Dir(d) {
				f.dirs[d] = true
			}
		}
	}
	for d := range dirs {
		if within(d) || within(d+"/") {
			f.dirs[d] = true
		}
	}
}

// Cut shortens a file as a bad copy does: only its first size bytes are left,
// durably.
func (f *FS) Cut(name string, size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.damage("cut", name, size)
	if err != nil {
		return err
	}
	n.data = append([]byte(nil), n.data[:size]...)
	n.synced = n.data[:len(n.data):len(n.data)]
	return nil
}

// damage finds a file and checks a place in it. The caller holds mu.
func (f *FS) damage(op, name string, at int64) (*node, error) {
	n := f.names[clean(name)]
	if n == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	if at < 0 || at > int64(len(n.data)) {
		return nil, fmt.Errorf("%s %s: %d of %d bytes", op, name, at, len(n.data))
	}
	return n, nil
}
