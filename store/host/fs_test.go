package host_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"hejie/store/host"
	"hejie/store/host/memfs"
)

// systems are the file systems that must behave alike.
func systems(t *testing.T, run func(t *testing.T, fsys host.FS, dir string)) {
	t.Helper()
	t.Run("os", func(t *testing.T) { run(t, host.OS{}, t.TempDir()) })
	t.Run("memory", func(t *testing.T) { run(t, memfs.New(1), "/") })
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestFile(t *testing.T) {
	systems(t, func(t *testing.T, fsys host.FS, dir string) {
		dir = filepath.Join(dir, "甲", "乙")
		must(t, fsys.MkdirAll(dir), fsys.MkdirAll(dir))
		name := filepath.Join(dir, "f")
		if _, err := fsys.Append(name); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("Append of a missing file: %v", err)
		}
		f, err := fsys.Create(name)
		must(t, err)
		_, err = f.Write([]byte("hello "))
		must(t, err, f.Close())
		f, err = fsys.Append(name)
		must(t, err)
		_, err = f.Write([]byte("world!"))
		must(t, err, f.Truncate(8))
		_, err = f.Write([]byte("n"))
		must(t, err, f.Sync())
		b := make([]byte, 5)
		if n, err := f.ReadAt(b, 6); n != 3 || !errors.Is(err, io.EOF) || string(b[:n]) != "won" {
			t.Fatalf("%q %v", b[:n], err)
		}
		if n, err := f.Size(); n != 9 || err != nil {
			t.Fatal(n, err)
		}
		must(t, f.Close(), fsys.Rename(name, name+"2"), fsys.SyncDir(dir))
		names, err := fsys.ReadDir(dir)
		if err != nil || !slices.Equal(names, []string{"f2"}) {
			t.Fatal(names, err)
		}
		f, err = fsys.Create(name + "2")
		must(t, err)
		if n, err := f.Size(); n != 0 || err != nil {
			t.Fatal("Create left", n, err)
		}
		must(t, f.Close(), fsys.Remove(name+"2"))
		if err := fsys.Remove(name + "2"); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		must(t, fsys.RemoveAll(dir), fsys.RemoveAll(dir))
		if _, err := fsys.ReadDir(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	})
}

func TestLock(t *testing.T) {
	systems(t, func(t *testing.T, fsys host.FS, dir string) {
		name := filepath.Join(dir, "lock")
		l, err := fsys.Lock(name)
		must(t, err)
		if _, err := fsys.Lock(name); !errors.Is(err, host.ErrInUse) {
			t.Fatal(err)
		}
		must(t, l.Close())
		l, err = fsys.Lock(name)
		must(t, err, l.Close())
	})
}

func TestFree(t *testing.T) {
	if n := (host.OS{}).Free(t.TempDir()); n == 0 {
		t.Fatal("no space, and this test could be written")
	}
	if n := (host.OS{}).Free(filepath.Join(t.TempDir(), "none")); n != -1 {
		t.Fatal(n)
	}
	m := memfs.New(1)
	m.SetCapacity(100)
	must(t, host.WriteFile(m, "/a", make([]byte, 60)))
	if n := m.Free("/"); n != 40 {
		t.Fatal(n)
	}
	if err := host.WriteFile(m, "/b", make([]byte, 60)); !errors.Is(err, host.ErrNoSpace) {
		t.Fatal(err)
	}
	if n := m.Free("/"); n != 40 {
		t.Fatal("a failed WriteFile left something:", n)
	}
}

// TestWriteFileDeath holds that there is the old content or the new, whole,
// wherever the machine dies, and the new once WriteFile returned.
func TestWriteFileDeath(t *testing.T) {
	for kill := 1; kill <= 6; kill++ {
		for seed := range uint64(40) {
			t.Run(fmt.Sprintf("%d/%d", kill, seed), func(t *testing.T) {
				m := memfs.New(seed)
				must(t, host.WriteFile(m, "/key", []byte("old")))
				m.KillAt(kill)
				err := host.WriteFile(m, "/key", []byte("newer"))
				m.Kill()
				m.Restart(true)
				b, readErr := host.ReadFile(m, "/key", 100)
				must(t, readErr)
				if s := string(b); s != "newer" && (s != "old" || err == nil) {
					t.Fatalf("%q after %v", s, err)
				}
			})
		}
	}
}

func TestReadFileLimit(t *testing.T) {
	systems(t, func(t *testing.T, fsys host.FS, dir string) {
		name := filepath.Join(dir, "f")
		must(t, host.WriteFile(fsys, name, []byte("12345")))
		if b, err := host.ReadFile(fsys, name, 5); err != nil || string(b) != "12345" {
			t.Fatal(b, err)
		}
		if _, err := host.ReadFile(fsys, name, 4); err == nil {
			t.Fatal("over the limit")
		}
	})
}
