package host

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrBusy is returned where another program holds a file: on Windows a virus
// scanner, a cloud drive or an indexer opens a file in such a way that nobody
// else can open, replace or remove it for a moment.
var ErrBusy = errors.New("another program holds the file")

// How long a call waits for a file that another program holds: a scanner is
// done well before, and a person waits that long for a save once.
const (
	firstWait = 10 * time.Millisecond
	patience  = 2 * time.Second
)

// patient is a file system whose calls wait a moment for files that another
// program holds, and then say which file it is.
type patient struct {
	FS
	wait func(time.Duration)
}

func (p patient) do(name string, op func() error) error {
	waited := time.Duration(0)
	for next := firstWait; ; next *= 2 {
		err := op()
		if !errors.Is(err, ErrBusy) {
			return err
		}
		if waited >= patience {
			return fmt.Errorf("%s is held by another program, a virus scanner or a cloud drive perhaps: close it, or have it leave the data folder alone, then try again: %w", name, err)
		}
		next = min(next, patience-waited)
		p.wait(next)
		waited += next
	}
}

// Open implements FS.
func (p patient) Open(name string) (f File, err error) {
	err = p.do(name, func() (err error) { f, err = p.FS.Open(name); return err })
	return f, err
}

// Create implements FS.
func (p patient) Create(name string) (f File, err error) {
	err = p.do(name, func() (err error) { f, err = p.FS.Create(name); return err })
	return f, err
}

// Append implements FS.
func (p patient) Append(name string) (f File, err error) {
	err = p.do(name, func() (err error) { f, err = p.FS.Append(name); return err })
	return f, err
}

// Rename implements FS.
func (p patient) Rename(from, to string) error {
	return p.do(to, func() error { return p.FS.Rename(from, to) })
}

// Remove implements FS.
func (p patient) Remove(name string) error {
	return p.do(name, func() error { return p.FS.Remove(name) })
}

// RemoveAll implements FS.
func (p patient) RemoveAll(name string) error {
	return p.do(name, func() error { return p.FS.RemoveAll(name) })
}

// MkdirAll implements FS.
func (p patient) MkdirAll(name string) error {
	return p.do(name, func() error { return p.FS.MkdirAll(name) })
}

// Lock implements FS.
func (p patient) Lock(name string) (l io.Closer, err error) {
	err = p.do(name, func() (err error) { l, err = p.FS.Lock(name); return err })
	return l, err
}
