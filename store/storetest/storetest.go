// Package storetest is the one conformance suite of stores.
//
// It is for each engine's own test, which calls Run with its opener. It knows
// only store.Store, the packs' folder and the virtual disk, so what passes keeps
// the promises whatever the engine. Invariant: no test depends on time, and each
// failure names the seed or step that shows it again.
package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/host/memfs"
	"hejie/store/packstore"
	"hejie/store/rows"
)

// Subject is a kind of engine under test.
type Subject struct {
	Opener rows.Opener
	// Slow engines get shorter histories where each step opens the store.
	Slow bool
}

// Run runs the whole suite.
func Run(t *testing.T, s Subject) {
	t.Helper()
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"append", appendTests},
		{"rows", rowTests},
		{"set", setTests},
		{"facts", factTests},
		{"open", openTests},
		{"fault", faultTests},
		{"crash", crashTests},
		{"damage", damageTests},
		{"loss", lossTests},
		{"read-only", readOnlyTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.tests {
				t.Run(c.name, func(t *testing.T) { c.run(newEnv(t, s, 1)) })
			}
		})
	}
}

type test struct {
	name string
	run  func(*env)
}

// env is a data folder on a virtual disk, with the store that has it open. The
// engine's own folder, if it has one, lies on the real disk.
type env struct {
	*testing.T
	ctx     context.Context //nolint:containedctx // of one test
	subject Subject
	disk    *memfs.FS
	opts    packstore.Options
	store   *packstore.Store
}

func newEnv(t *testing.T, s Subject, seed uint64) *env {
	t.Helper()
	disk := memfs.New(seed)
	e := &env{T: t, ctx: t.Context(), subject: s, disk: disk}
	e.opts = packstore.Options{
		FS: &splitFS{FS: disk, folder: s.Opener.Folder()}, Dir: t.TempDir(), Key: [32]byte{1, 2, 3},
		Applier: Ledger{}, Engine: s.Opener, Random: newRandom(seed), Reserve: -1,
	}
	t.Cleanup(func() {
		if e.store != nil {
			_ = e.store.Close() // a test that ends in a crash leaves it open
		}
	})
	return e
}

// open opens the folder, or opens it anew after closing it.
func (e *env) open() *packstore.Store {
	e.Helper()
	if e.store != nil {
		e.close()
	}
	s, err := packstore.Open(e.ctx, e.opts)
	if err != nil {
		e.Fatalf("open: %v", err)
	}
	e.store = s
	return s
}

func (e *env) close() {
	e.Helper()
	s := e.store
	e.store = nil
	if s == nil {
		return
	}
	if err := s.Close(); err != nil && !errors.Is(err, memfs.ErrDead) {
		e.Fatalf("close: %v", err)
	}
}

// crash ends the program; the machine comes back, with or without power loss.
func (e *env) crash(powerLost bool) {
	e.disk.Kill()
	e.close()
	e.disk.Restart(powerLost)
}

func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

func (e *env) is(err, want error) {
	e.Helper()
	if !errors.Is(err, want) {
		e.Fatalf("error is %v, want %v", err, want)
	}
}

// frame makes a frame whose id is its bytes' hash.
func frame(format string, args ...any) store.Frame {
	b := fmt.Appendf(nil, format, args...)
	return store.Frame{ID: sha256.Sum256(b), Kind: store.KindOperation, Bytes: b, Local: store.Local{Arrived: int64(len(b))}}
}

func (e *env) append(frames ...store.Frame) []store.Appended {
	e.Helper()
	a, err := e.store.Append(e.ctx, frames)
	if err != nil {
		e.Fatalf("append: %v", err)
	}
	return a
}

func (e *env) view(fn func(store.Reader) error) {
	e.Helper()
	if err := e.store.View(e.ctx, fn); err != nil {
		e.Fatalf("view: %v", err)
	}
}

// held returns all frames in order.
func (e *env) held() []store.Frame {
	e.Helper()
	var out []store.Frame
	e.view(func(r store.Reader) error {
		return r.Frames(0, func(f store.Frame) (bool, error) {
			out = append(out, f)
			return true, nil
		})
	})
	return out
}

// missing returns what is lost now.
func (e *env) missing() []store.Loss {
	e.Helper()
	var out []store.Loss
	e.view(func(r store.Reader) error {
		return r.Missing(func(l store.Loss) (bool, error) {
			out = append(out, l)
			return true, nil
		})
	})
	return out
}

// dump writes everything derived as text, for comparing two states.
func (e *env) dump() string {
	e.Helper()
	var b strings.Builder
	e.view(func(r store.Reader) error {
		if err := r.Scan(nil, nil, false, func(k, v []byte) (bool, error) {
			fmt.Fprintf(&b, "%x=%x\n", k, sha256.Sum256(v))
			return true, nil
		}); err != nil {
			return err
		}
		if err := r.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			fmt.Fprintf(&b, "entry %x\n", k)
			return true, nil
		}); err != nil {
			return err
		}
		f, err := r.Fingerprint(store.EntryKey{}, store.EntryKey{})
		fmt.Fprintf(&b, "fingerprint %d %x\n", f.Count, f.Sum)
		return err
	})
	return b.String()
}

// sound checks what must hold of any store at any time: nothing damaged, the
// rows those of the frames, and a rebuild giving the same.
func (e *env) sound() {
	e.Helper()
	damaged, err := e.store.Verify(e.ctx)
	e.must(err)
	if len(damaged.Bad) > 0 {
		e.Fatalf("damaged: %+v", damaged.Bad)
	}
	kept := e.dump()
	e.must(e.store.Rebuild(e.ctx))
	if rebuilt := e.dump(); rebuilt != kept {
		e.Fatalf("rebuilt differs from kept:\n%s\nkept:\n%s", rebuilt, kept)
	}
	count := uint64(len(e.held()))
	e.view(func(r store.Reader) error {
		b, err := r.Get(keyCount)
		if errors.Is(err, store.ErrNotFound) && count == 0 {
			return nil
		}
		if err == nil && binary.BigEndian.Uint64(b) != count {
			return fmt.Errorf("%d frames were applied and %d are held", binary.BigEndian.Uint64(b), count)
		}
		return err
	})
	if n := e.store.Stats().Frames; n != count {
		e.Fatalf("Stats tell %d frames and %d are held", n, count)
	}
}

// splitFS puts the engine's folder on the real disk and all else on the virtual one.
type splitFS struct {
	*memfs.FS
	folder string
	real   host.OS
}

var _ host.FS = (*splitFS)(nil)

func (s *splitFS) of(name string) host.FS {
	if s.folder != "" && strings.Contains(name, string([]rune{'/'})+s.folder) {
		return s.real
	}
	return s.FS
}

func (s *splitFS) Create(name string) (host.File, error) { return s.of(name).Create(name) }
func (s *splitFS) RemoveAll(name string) error           { return s.of(name).RemoveAll(name) }
func (s *splitFS) ReadDir(name string) ([]string, error) { return s.of(name).ReadDir(name) }
func (s *splitFS) MkdirAll(name string) error            { return s.of(name).MkdirAll(name) }
