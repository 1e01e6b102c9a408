package sim

import (
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"sort"
	"strings"

	"hejie/store/host"
	"hejie/store/host/memfs"
)

// ErrReadOnly is what every change of a disk answers while it is read-only.
var ErrReadOnly = fmt.Errorf("read-only file system: %w", fs.ErrPermission)

// Disk is one machine's disk: memfs, and what else disks do. It outlives the
// programs that use it.
type Disk struct {
	*memfs.FS
	world    *World
	r        *rand.Rand
	readOnly bool
}

var _ host.FS = (*Disk)(nil)

// NewDisk is an empty disk.
func (w *World) NewDisk(name string) *Disk {
	r := w.Stream("disk " + name)
	return &Disk{FS: memfs.New(r.Uint64()), world: w, r: r}
}

// DiskOf is a disk that holds what another holds.
func (w *World) DiskOf(name string, from *memfs.FS) *Disk {
	r := w.Stream("disk " + name)
	return &Disk{FS: from.Clone(r.Uint64()), world: w, r: r}
}

// SetReadOnly makes every change fail, or no longer.
func (d *Disk) SetReadOnly(on bool) {
	if on {
		d.world.Faults[ReadOnly]++
	}
	d.readOnly = on
}

// Fill leaves a number of free bytes.
func (d *Disk) Fill(free int64) {
	d.world.Faults[DiskFull]++
	used := int64(0)
	for _, b := range d.Files() {
		used += int64(len(b))
	}
	d.SetCapacity(used + free)
}

// Die lets the machine die inside the n-th change of the disk from now, as power
// loss or a kill does; 1 is the next.
func (d *Disk) Die(n int) {
	d.KillAt(n)
}

// FailSync makes the next syncs of files fail.
func (d *Disk) FailSync(n int) {
	d.world.Faults[SyncFailed]++
	d.FailSyncs(n)
}

// FlipIn flips one byte of a file whose name begins with a prefix, and tells
// which; false: there is none.
func (d *Disk) FlipIn(prefix string) (name string, at int64, ok bool) {
	name, size := d.pick(prefix)
	if name == "" {
		return "", 0, false
	}
	at = d.r.Int64N(size)
	if d.Flip(name, at) != nil {
		return "", 0, false
	}
	d.world.Faults[FlippedByte]++
	return name, at, true
}

// pick chooses a file that is not empty.
func (d *Disk) pick(prefix string) (string, int64) {
	files := d.Files()
	var names []string
	for name, b := range files {
		if strings.HasPrefix(name, prefix) && len(b) > 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "", 0
	}
	sort.Strings(names)
	name := names[d.r.IntN(len(names))]
	return name, int64(len(files[name]))
}

// MixInto takes all files of the disk into a trace.
func (d *Disk) MixInto(t *Trace) {
	files := d.Files()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.Mix([]byte(name), []byte{0}, files[name], []byte{0})
	}
}

// Create implements host.FS.
func (d *Disk) Create(name string) (host.File, error) {
	if d.readOnly {
		return nil, &fs.PathError{Op: "create", Path: name, Err: ErrReadOnly}
	}
	f, err := d.FS.Create(name)
	return d.file(f, err)
}

// Append implements host.FS.
func (d *Disk) Append(name string) (host.File, error) {
	if d.readOnly {
		return nil, &fs.PathError{Op: "append", Path: name, Err: ErrReadOnly}
	}
	f, err := d.FS.Append(name)
	return d.file(f, err)
}

func (d *Disk) file(f host.File, err error) (host.File, error) {
	if err != nil {
		return nil, err
	}
	return &diskFile{File: f, disk: d}, nil
}

// Rename implements host.FS.
func (d *Disk) Rename(from, to string) error {
	return d.change(func() error { return d.FS.Rename(from, to) })
}

// Remove implements host.FS.
func (d *Disk) Remove(name string) error { return d.change(func() error { return d.FS.Remove(name) }) }

// RemoveAll implements host.FS.
func (d *Disk) RemoveAll(name string) error {
	return d.change(func() error { return d.FS.RemoveAll(name) })
}

// MkdirAll implements host.FS: a folder that is there needs no change.
func (d *Disk) MkdirAll(name string) error {
	if _, err := d.ReadDir(name); err == nil {
		return nil
	}
	return d.change(func() error { return d.FS.MkdirAll(name) })
}

// SyncDir implements host.FS.
func (d *Disk) SyncDir(name string) error {
	return d.change(func() error { return d.FS.SyncDir(name) })
}

// Lock implements host.FS. A read-only disk takes no lock file; a program that
// opens it all the same needs none.
func (d *Disk) Lock(name string) (io.Closer, error) {
	if d.readOnly {
		return nil, &fs.PathError{Op: "lock", Path: name, Err: ErrReadOnly}
	}
	return d.FS.Lock(name)
}

func (d *Disk) change(do func() error) error {
	if d.readOnly {
		return ErrReadOnly
	}
	return do()
}

// diskFile is an open file that can be written.
type diskFile struct {
	host.File
	disk *Disk
}

// Write implements host.File.
func (f *diskFile) Write(b []byte) (int, error) {
	if f.disk.readOnly {
		return 0, ErrReadOnly
	}
	return f.File.Write(b)
}

// Sync implements host.File.
func (f *diskFile) Sync() error { return f.disk.change(f.File.Sync) }

// Truncate implements host.File.
func (f *diskFile) Truncate(size int64) error {
	return f.disk.change(func() error { return f.File.Truncate(size) })
}
