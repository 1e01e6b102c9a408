package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"

	"github.com/gofrs/flock"
)

// Folders and files are for their owner alone: they hold sealed personal data.
const (
	dirMode  = 0o700
	fileMode = 0o600
)

// OS is the real machine's file system.
type OS struct{}

var _ FS = OS{}

// Open implements FS.
func (OS) Open(name string) (File, error) { return openOS(name, os.O_RDONLY) }

// Create implements FS.
func (OS) Create(name string) (File, error) {
	return openOS(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

// Append implements FS. It does not use O_APPEND: a file opened so cannot be
// cut on Windows.
func (OS) Append(name string) (File, error) { return openOS(name, os.O_RDWR) }

// Rename implements FS.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements FS.
func (OS) Remove(name string) error { return os.Remove(name) }

// RemoveAll implements FS.
func (OS) RemoveAll(name string) error { return os.RemoveAll(name) }

// ReadDir implements FS.
func (OS) ReadDir(name string) ([]string, error) {
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
func (fsys OS) MkdirAll(name string) error {
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
		return err
	}
	return fsys.SyncDir(parent)
}

// SyncDir implements FS.
func (OS) SyncDir(name string) error { return syncDir(name) }

// Free implements FS.
func (OS) Free(dir string) int64 { return freeBytes(dir) }

// Lock implements FS. The lock file stays when the lock is given back: removing
// it would let two owners lock two files of the same name.
func (OS) Lock(name string) (io.Closer, error) {
	l := flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(fileMode))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", name, err)
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
	if err != nil {
		return nil, noSpace(err)
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
	return n, noSpace(err)
}

func (f *osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f *osFile) Sync() error { return noSpace(f.File.Sync()) }

func (f *osFile) Truncate(size int64) error {
	if err := f.File.Truncate(size); err != nil {
		return err
	}
	f.end = size
	return nil
}

func noSpace(err error) error {
	if err != nil && isNoSpace(err) {
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return err
}
