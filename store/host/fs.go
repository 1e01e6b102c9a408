package host

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// The errors of an FS that callers decide on; all others are a failing disk.
// A missing file is fs.ErrNotExist.
var (
	// ErrInUse is returned by Lock when another owner holds the lock.
	ErrInUse = errors.New("another program holds the lock")
	// ErrNoSpace is returned by Write, Create and Sync when the disk is full.
	ErrNoSpace = errors.New("no space left on the disk")
	// ErrReadOnly is returned by calls that change something where the disk or
	// the user's rights don't let them.
	ErrReadOnly = errors.New("nothing can be written here")
	// ErrUnreadable is returned by ReadAt where the disk does not give back what
	// was written: a bad sector.
	ErrUnreadable = errors.New("the disk can't read this place")
)

// FS is the part of a file system that the store needs: files that only grow
// at their end or are cut, and the steps that make a change outlive power loss.
//
// Rules that hold on every system: a file's bytes are durable after Sync of the
// file, a name after SyncDir of its folder. No caller renames or removes a file
// that is open, since Windows refuses that.
type FS interface {
	// Open opens a file for reading.
	Open(name string) (File, error)
	// Create makes an empty file for reading and appending; one that is there is emptied.
	Create(name string) (File, error)
	// Append opens a file that is there for reading and appending.
	Append(name string) (File, error)
	// Rename replaces `to`; after a crash there is either the old or the new.
	Rename(from, to string) error
	// Remove removes a file.
	Remove(name string) error
	// RemoveAll removes a folder and all in it; a missing one is no error.
	RemoveAll(name string) error
	// ReadDir returns the names in a folder, sorted.
	ReadDir(name string) ([]string, error)
	// MkdirAll makes a folder and those above it, durably.
	MkdirAll(name string) error
	// SyncDir makes the names in a folder durable.
	SyncDir(name string) error
	// Free returns the bytes left for this user on the folder's disk; -1 unknown.
	Free(dir string) int64
	// Lock takes an exclusive lock named by a file until the answer is closed
	// or the process ends; ErrInUse if it is held, by this process too.
	Lock(name string) (io.Closer, error)
}

// File is an open file. ReadAt may be called while another goroutine writes.
type File interface {
	io.ReaderAt
	// WriterAt overwrites bytes that are there. It is for small files whose last
	// content may be lost with the power; all others only grow.
	io.WriterAt
	// Write appends at the end of the file.
	io.Writer
	// Size returns the length in bytes.
	Size() (int64, error)
	// Sync returns when all written bytes and the length are durable. After an
	// error nothing is known of the bytes written since the last good Sync, even
	// if a later Sync succeeds.
	Sync() error
	// Truncate cuts the file to size bytes, which must not be over its length.
	Truncate(size int64) error
	Close() error
}

// tempSuffix ends the name that WriteFile writes under before it renames.
const tempSuffix = ".tmp"

// WriteFile writes a small file so that after a crash at any moment there is
// either the old content or the new, whole: temporary name, write, sync,
// close, rename, sync of the folder. It and
// WritePrivate are all that writes small files.
func WriteFile(fsys FS, name string, data []byte) error { return writeFile(fsys, name, data, false) }

// WritePrivate is WriteFile for keys and tokens: the file can be read by its
// owner alone, before anything is in it, also where folders hand down the rights
// of others.
func WritePrivate(fsys FS, name string, data []byte) error {
	return writeFile(fsys, name, data, true)
}

// Privater is an FS that can take the rights of all others from a file.
type Privater interface {
	Private(name string) error
}

func writeFile(fsys FS, name string, data []byte, private bool) error {
	temp := name + tempSuffix
	if err := writeTemp(fsys, temp, data, private); err != nil {
		// What is left of the temporary file is overwritten by the next attempt.
		_ = fsys.Remove(temp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := fsys.Rename(temp, name); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := fsys.SyncDir(filepath.Dir(name)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func writeTemp(fsys FS, temp string, data []byte, private bool) error {
	f, err := fsys.Create(temp)
	if err != nil {
		return err
	}
	if p, can := fsys.(Privater); can && private {
		if err := p.Private(temp); err != nil {
			_ = f.Close() // nothing is in it
			return err
		}
	}
	if _, err := f.Write(data); err != nil {
		_ = f.Close() // the write's error is the one to tell
		return err
	}
	if err := f.Sync(); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// ReadFile reads a whole file of at most limit bytes.
func ReadFile(fsys FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, fmt.Errorf("read %s: %d bytes, and at most %d are expected", name, size, limit)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), data); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}
