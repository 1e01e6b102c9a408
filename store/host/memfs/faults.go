package memfs

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"sort"
)

// SetCapacity bounds the bytes of all files together; Unlimited for no bound.
func (f *FS) SetCapacity(bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.capacity = bytes
}

// Freeze makes the disk read-only, or writable again: a stick with its switch
// set, a system that mounted a failing disk for reading.
func (f *FS) Freeze(frozen bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frozen = frozen
}

// FailSyncs makes the next n Syncs of files fail, dropping what they covered.
func (f *FS) FailSyncs(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.syncs = n
}

// KillAt makes the machine die inside the n-th change of the disk from now
// (1: the next); 0 calls it off. That change is done partly or not at all.
func (f *FS) KillAt(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.killAt = 0
	if n > 0 {
		f.killAt = f.changes + n
	}
}

// Changes counts the changes of the disk so far.
func (f *FS) Changes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changes
}

// Dead tells whether the machine died.
func (f *FS) Dead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

// Kill ends all programs: their handles are dead, their locks free, and the
// next Restart brings the machine back.
func (f *FS) Kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = true
}

// Restart brings the machine back. With powerLost the disk keeps only what was
// made durable, and of the rest what chance left there; otherwise only the
// programs died: all they wrote is seen, and what they did not sync may still be
// lost with the power later.
func (f *FS) Restart(powerLost bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead, f.killAt, f.syncs = false, 0, 0
	f.life++
	f.locks = map[string]bool{}
	if powerLost {
		f.losePower()
	}
}

func (f *FS) losePower() {
	// Systems journal names in order: a beginning of the pending changes is there.
	for _, c := range f.pending[:f.rng.IntN(len(f.pending)+1)] {
		c.apply(f.durable)
	}
	f.pending = nil
	names := make([]string, 0, len(f.durable))
	for name := range f.durable {
		names = append(names, name)
	}
	sort.Strings(names)
	f.names = map[string]*node{}
	for _, name := range names {
		n := f.durable[name]
		n.data = f.afterPowerLoss(n)
		n.synced, n.holes = n.data[:len(n.data):len(n.data)], nil
		f.names[name] = n
		for d := path.Dir(name); !f.dirs[d]; d = path.Dir(d) {
			f.dirs[d] = true
		}
	}
}

// afterPowerLoss decides what is left of a file: what was synced, and of bytes
// written after it nothing, a beginning, or a beginning with a hole.
func (f *FS) afterPowerLoss(n *node) []byte {
	out := append([]byte(nil), n.synced...)
	for at := 0; at < min(len(out), len(n.data)); at += sector {
		// Overwritten and not synced: each sector is the old one or the new.
		end := min(at+sector, len(out), len(n.data))
		if !bytes.Equal(out[at:end], n.data[at:end]) && len(n.holes) == 0 && f.rng.IntN(2) == 0 {
			copy(out[at:end], n.data[at:end])
		}
	}
	if len(n.data) <= len(n.synced) {
		return out
	}
	tail := append([]byte(nil), n.data[len(n.synced):]...)
	tail = tail[:f.rng.IntN(len(tail)+1)]
	switch f.rng.IntN(3) {
	case 0:
		return out
	case 1:
		if len(tail) > 0 {
			from := f.rng.IntN(len(tail))
			clear(tail[from : from+f.rng.IntN(len(tail)-from)+1])
		}
	}
	return append(out, tail...)
}

// Flip changes one byte of a file as a bad disk does.
func (f *FS) Flip(name string, offset int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.names[clean(name)]
	if n == nil {
		return &fs.PathError{Op: "flip", Path: name, Err: fs.ErrNotExist}
	}
	if offset < 0 || offset >= int64(len(n.data)) {
		return fmt.Errorf("flip %s: offset %d of %d", name, offset, len(n.data))
	}
	n.data = append([]byte(nil), n.data...)
	n.data[offset] ^= 0x20
	n.synced = n.data[:len(n.data):len(n.data)]
	return nil
}

// sector is what a disk writes in one step.
const sector = 512

// Spoil makes a stretch of a file unreadable: reads that touch it fail as a bad
// sector makes them fail. A file that is made anew is whole.
func (f *FS) Spoil(name string, from, to int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.names[clean(name)]
	if n == nil {
		return &fs.PathError{Op: "spoil", Path: name, Err: fs.ErrNotExist}
	}
	n.bad = append(n.bad, hole{int(from), int(to)})
	return nil
}

// Change replaces a file's content, durably, as nothing on this machine did:
// a backup put back, a tool that cut or cleared it.
func (f *FS) Change(name string, change func([]byte) []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.names[clean(name)]
	if n == nil {
		return &fs.PathError{Op: "change", Path: name, Err: fs.ErrNotExist}
	}
	n.data = append([]byte(nil), change(append([]byte(nil), n.data...))...)
	n.synced, n.holes = n.data[:len(n.data):len(n.data)], nil
	return nil
}

// Bytes returns a copy of a file's content as the running system sees it.
func (f *FS) Bytes(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.names[clean(name)]
	if n == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return append([]byte(nil), n.data...), nil
}
