package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/gofrs/flock"
)

// Folders and files are for their owner alone: they hold sealed personal data.
const (
	dirMode  = 0o700
	fileMode = 0o600
)

// OS is the real machine's file system. A file that another program holds for a
// moment delays a call and fails none, within bounds.
type OS struct{}

var (
	_      FS       = OS{}
	_      Privater = OS{}
	system FS       = patient{FS: rawOS{}, wait: time.Sleep} //nolint:forbidigo // nothing tells when a scanner lets go of a file
)

// Open implements FS.
func (OS) Open(name string) (File, error) { return system.Open(name) }

// Create implements FS.
func (OS) Create(name string) (File, error) { return system.Create(name) }

// Append implements FS.
func (OS) Append(name string) (File, error) { return system.Append(name) }

// Rename implements FS.
func (OS) Rename(from, to string) error { return system.Rename(from, to) }

// Remove implements FS.
func (OS) Remove(name string) error { return system.Remove(name) }

// RemoveAll implements FS.
func (OS) RemoveAll(name string) error { return system.RemoveAll(name) }

// ReadDir implements FS.
func (OS) ReadDir(name string) ([]string, error) { return system.ReadDir(name) }

// MkdirAll implements FS.
func (OS) MkdirAll(name string) error { return system.MkdirAll(name) }

// SyncDir implements FS.
func (OS) SyncDir(name string) error { return system.SyncDir(name) }

// Free implements FS.
func (OS) Free(dir string) int64 { return system.Free(dir) }

// Lock implements FS.
func (OS) Lock(name string) (io.Closer, error) { return system.Lock(name) }

// Private implements Privater.
func (OS) Private(name string) error { return private(name) }

// rawOS is what the system does at once.
type rawOS struct{}

// Open implements FS.
func (rawOS) Open(name string) (File, error) { return openOS(name, os.O_RDONLY) }

// Create implements FS.
func (rawOS) Create(name string) (File, error) {
	f, err := openOS(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	return f, held(err)
}

// Append implements FS. It does not use O_APPEND: a file opened so cannot be
// cut on Windows.
func (rawOS) Append(name string) (File, error) { return openOS(name, os.O_RDWR) }

// Rename implements FS.
func (rawOS) Rename(from, to string) error { return held(told(os.Rename(from, to))) }

// Remove implements FS.
func (rawOS) Remove(name string) error { return held(told(os.Remove(name))) }

// RemoveAll implements FS.
func (rawOS) RemoveAll(name string) error { return held(told(os.RemoveAll(name))) }

// ReadDir implements FS.
func (rawOS) ReadDir(name string) ([]string, error) {
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	sort.Strings(names)
	return names, nil
}

// MkdirAll implements FS.
func (fsys rawOS) MkdirAll(name string) error {
	if info, err := os.Stat(name); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is a file, not a folder", name)
		}
		return nil
	}
	parent := filepath.Dir(name)
	if parent != name {
		if err := fsys.MkdirAll(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(name, dirMode); err != nil && !errors.Is(err, os.ErrExist) {
		return told(err)
	}
	return fsys.SyncDir(parent)
}

// SyncDir implements FS.
func (rawOS) SyncDir(name string) error { return syncDir(name) }

// Free implements FS.
func (rawOS) Free(dir string) int64 { return freeBytes(dir) }

// Lock implements FS. The lock file stays when the lock is given back: removing
// it would let two owners lock two files of the same name.
func (rawOS) Lock(name string) (io.Closer, error) {
	l := flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(fileMode))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", name, told(err))
	}
	if !ok {
		return nil, fmt.Errorf("lock %s: %w", name, ErrInUse)
	}
	return l, nil
}

// osFile writes at its own end so that reads at other places need no seek.
type osFile struct {
	*os.File
	end int64
}

func openOS(name string, flag int) (File, error) {
	f, err := os.OpenFile(name, flag, fileMode)
	if err != nil && isBusy(err) {
		return nil, fmt.Errorf("%w: %w", ErrBusy, err)
	}
	if err != nil && flag == os.O_RDONLY {
		return nil, err
	}
	if err != nil {
		return nil, told(err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close() // the stat's error is the one to tell
		return nil, err
	}
	return &osFile{File: f, end: info.Size()}, nil
}

func (f *osFile) Write(p []byte) (int, error) {
	n, err := f.WriteAt(p, f.end)
	f.end += int64(n)
	return n, told(err)
}

// ReadAt implements File.
func (f *osFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(p, off)
	if err != nil && isUnreadable(err) {
		err = fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return n, err
}

func (f *osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f *osFile) Sync() error { return told(f.File.Sync()) }

func (f *osFile) Truncate(size int64) error {
	if err := f.File.Truncate(size); err != nil {
		return err
	}
	f.end = size
	return nil
}

// held wraps the error of a call that replaces or removes a name: there the
// system also says that access is denied while somebody holds the file.
func held(err error) error {
	if err != nil && !errors.Is(err, ErrBusy) && (isBusy(err) || isDenied(err)) {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

// told wraps the error of a change so that callers know a full disk and a place
// that can't be written.
func told(err error) error {
	switch {
	case err == nil:
		return nil
	case isNoSpace(err):
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	case isReadOnly(err):
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}
