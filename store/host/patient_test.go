package host

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// busy is a file system in which another program holds a file for some calls.
type busy struct {
	FS
	name string
	left int
}

func (b *busy) held(name string) error {
	if filepath.Base(name) == b.name && b.left > 0 {
		b.left--
		return ErrBusy
	}
	return nil
}

func (b *busy) Open(name string) (File, error) {
	if err := b.held(name); err != nil {
		return nil, err
	}
	return b.FS.Open(name)
}

func (b *busy) Create(name string) (File, error) {
	if err := b.held(name); err != nil {
		return nil, err
	}
	return b.FS.Create(name)
}

func (b *busy) Rename(from, to string) error {
	if err := b.held(to); err != nil {
		return err
	}
	return b.FS.Rename(from, to)
}

func (b *busy) Remove(name string) error {
	if err := b.held(name); err != nil {
		return err
	}
	return b.FS.Remove(name)
}

// TestHeldFiles holds that a file that another program holds delays a write and
// fails none, and that one that it keeps is named within bounds.
func TestHeldFiles(t *testing.T) {
	for _, name := range []string{"key", "key.tmp"} {
		for _, calls := range []int{1, 3, 7, 1 << 20} {
			var waited time.Duration
			b := &busy{FS: rawOS{}, name: name, left: calls}
			fsys := patient{FS: b, wait: func(d time.Duration) { waited += d }}
			path := filepath.Join(t.TempDir(), "key")
			err := WriteFile(fsys, path, []byte("1"))
			if calls < 1<<20 {
				got, readErr := ReadFile(fsys, path, 10)
				if err != nil || readErr != nil || string(got) != "1" || waited == 0 || waited > patience {
					t.Errorf("%s held for %d calls: %v %v %q after %v", name, calls, err, readErr, got, waited)
				}
				continue
			}
			// Writing fails, and so does removing what was written.
			if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), name) || waited > 2*patience {
				t.Errorf("%s held for ever: %v after %v", name, err, waited)
			}
		}
	}
}

func TestPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := WritePrivate(OS{}, path, []byte("secret")); err != nil {
		t.Fatal(err)
	}
	if b, err := ReadFile(OS{}, path, 10); err != nil || string(b) != "secret" {
		t.Fatal(b, err)
	}
}
