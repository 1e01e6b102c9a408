package storetest

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/packstore"
	"hejie/store/rows"
)

// all makes the damage matrix play every case instead of a sample.
var all = flag.Bool("damage-all", false, "play every case of the damage matrix")

// damageSeed makes the places that chance hits others.
var damageSeed = flag.Uint64("damage-seed", 1, "seed of the damage matrix")

// A harm is something that befalls one file while nobody has the folder open.
type harm struct {
	name string
	do   func(path string, old string, rng *rand.Rand) error
}

// change rewrites a file as nothing of this program does.
func change(path string, fn func([]byte) []byte) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, fn(b), 0o600)
}

func cutTo(part float64) harm {
	return harm{fmt.Sprintf("cut to %v", part), func(path, _ string, _ *rand.Rand) error {
		return change(path, func(b []byte) []byte { return b[:int(part*float64(len(b)))] })
	}}
}

func cutBy(n int) harm {
	return harm{fmt.Sprintf("cut by %d", n), func(path, _ string, _ *rand.Rand) error {
		return change(path, func(b []byte) []byte { return b[:max(0, len(b)-n)] })
	}}
}

func zeroed(name string, at float64) harm {
	return harm{"zeroed at " + name, func(path, _ string, _ *rand.Rand) error {
		return change(path, func(b []byte) []byte {
			n := min(len(b), max(64, min(4096, len(b)/5)))
			from := int(at * float64(len(b)-n))
			clear(b[from : from+n])
			return b
		})
	}}
}

var errNoOlder = errors.New("there is no older copy")

var harms = []harm{
	{"deleted", func(path, _ string, _ *rand.Rand) error { return os.Remove(path) }},
	cutTo(0), cutTo(0.02), cutTo(0.3), cutTo(0.6), cutTo(0.97), cutBy(1), cutBy(300),
	zeroed("head", 0), zeroed("middle", 0.5), zeroed("tail", 1),
	{"one bit flipped", func(path, _ string, rng *rand.Rand) error { return flips(path, 1, rng) }},
	{"50 bits flipped", func(path, _ string, rng *rand.Rand) error { return flips(path, 50, rng) }},
	{"rubbish", func(path, _ string, rng *rand.Rand) error {
		return change(path, func(b []byte) []byte {
			for i := range b {
				b[i] = byte(rng.Uint32())
			}
			return b
		})
	}},
	{"rubbish added", func(path, _ string, rng *rand.Rand) error {
		return change(path, func(b []byte) []byte {
			for range 500 {
				b = append(b, byte(rng.Uint32()))
			}
			return b
		})
	}},
	{"zeros added", func(path, _ string, _ *rand.Rand) error {
		return change(path, func(b []byte) []byte { return append(b, make([]byte, 5000)...) })
	}},
	{"an older copy", func(path, old string, _ *rand.Rand) error {
		b, err := os.ReadFile(old)
		if err != nil {
			return errNoOlder
		}
		return os.WriteFile(path, b, 0o600)
	}},
}

func flips(path string, n int, rng *rand.Rand) error {
	return change(path, func(b []byte) []byte {
		for range n {
			if len(b) > 0 {
				b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			}
		}
		return b
	})
}

// ill is a harm to more than one file, or to a folder.
var ills = []struct {
	name string
	do   func(dir string) error
}{
	{"packs gone", func(dir string) error { return os.RemoveAll(filepath.Join(dir, "packs")) }},
	{"local gone", func(dir string) error { return os.RemoveAll(filepath.Join(dir, "local")) }},
	{"rows gone", func(dir string) error { return os.RemoveAll(filepath.Join(dir, "badger")) }},
	{"packs and rows gone", func(dir string) error {
		return errors.Join(os.RemoveAll(filepath.Join(dir, "packs")), os.RemoveAll(filepath.Join(dir, "badger")))
	}},
	{"all gone", func(dir string) error {
		return errors.Join(os.RemoveAll(filepath.Join(dir, "packs")), os.RemoveAll(filepath.Join(dir, "badger")), os.RemoveAll(filepath.Join(dir, "local")))
	}},
	{"rows are a file", func(dir string) error {
		return errors.Join(os.RemoveAll(filepath.Join(dir, "badger")), os.WriteFile(filepath.Join(dir, "badger"), []byte("x"), 0o600))
	}},
	{"a folder among the rows", func(dir string) error {
		engines, err := filepath.Glob(filepath.Join(dir, "badger", "0*"))
		for _, e := range engines {
			err = errors.Join(err, os.MkdirAll(filepath.Join(e, "000099.sst"), 0o700), os.RemoveAll(filepath.Join(e, "LOCK")), os.MkdirAll(filepath.Join(e, "LOCK"), 0o700))
		}
		return err
	}},
	{"files left among the rows", func(dir string) error {
		engines, err := filepath.Glob(filepath.Join(dir, "badger", "0*"))
		for _, e := range engines {
			for _, name := range []string{"000077.sst", "000078.vlog", "00079.mem", "CURRENT"} {
				err = errors.Join(err, os.WriteFile(filepath.Join(e, name), []byte("left over"), 0o600))
			}
		}
		return err
	}},
}

// Matrix plays damage to each file of a folder on the real disk: it is opened,
// read, saved in, verified, rebuilt, and what it lost is given back to it. What
// counts: the first opening is one that works, what can't be read is told, and
// everything acknowledged is there in the end. Sample is one case in how many.
func Matrix(t *testing.T, opener rows.Opener, sample int) {
	t.Helper()
	switch {
	case *all:
		sample = 1
	case testing.Short():
		sample *= 5
	}
	m := &matrix{T: t, opener: opener, dir: t.TempDir(), kept: t.TempDir(), old: t.TempDir()}
	m.build()
	rng := rand.New(rand.NewPCG(*damageSeed, 9))
	var paths []string
	if err := filepath.WalkDir(m.kept, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, strings.TrimPrefix(p, m.kept))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range paths {
		if f := opener.Folder(); !*all && f != "" && !strings.HasPrefix(path, "/"+f+"/") {
			continue // what lies outside an engine that lasts is tried with one that does not
		}
		for _, h := range harms {
			if n++; (n+int(*damageSeed))%sample > 0 {
				continue
			}
			m.play(path+" "+h.name, path, func() error {
				return h.do(m.dir+path, m.old+path, rng)
			})
		}
	}
	for _, i := range ills {
		m.play(i.name, "/packs/", func() error { return i.do(m.dir) })
	}
}

type matrix struct {
	*testing.T
	opener         rows.Opener
	dir, kept, old string
	all            []store.Frame
	dump           string // the rows of the whole folder
}

func (m *matrix) env() *env {
	return &env{T: m.T, ctx: m.Context(), opts: packstore.Options{
		FS: host.OS{}, Dir: m.dir, Key: [32]byte{4}, Applier: Ledger{}, Engine: m.opener,
		Reserve: -1, FileSize: 6000, Made: true,
	}}
}

func (m *matrix) build() {
	m.Helper()
	e := m.env()
	e.opts.Made = false
	for round, copyTo := range []string{m.old, m.kept} {
		e.open()
		for i := range 60 {
			f := frame("rows 40 round %d, save %d, by 例甲", round, i)
			m.all = append(m.all, f)
			e.append(f)
			if i%10 == 0 {
				e.must(e.store.PutFact(e.ctx, fmt.Sprint(i), f.Bytes))
			}
		}
		m.dump = e.dump()
		e.close()
		e.must(os.CopyFS(copyTo, os.DirFS(m.dir)))
		e.opts.Made = true
	}
}

// play copies the folder anew, harms it, and lives with it.
func (m *matrix) play(name, path string, harm func() error) {
	m.Run(name, func(t *testing.T) {
		if err := errors.Join(os.RemoveAll(m.dir), os.CopyFS(m.dir, os.DirFS(m.kept))); err != nil {
			t.Fatal(err)
		}
		switch err := harm(); {
		case errors.Is(err, errNoOlder):
			t.Skip(err)
		case err != nil:
			t.Fatal(err)
		}
		e := m.env()
		e.T = t
		e.open()
		defer e.close()
		n := e.readable(m.all)
		if !strings.HasPrefix(path, "/packs/") && (n != len(m.all) || e.dump() != m.dump) {
			t.Fatalf("%d of %d frames, and the packs were not harmed", n, len(m.all))
		}
		e.must(e.store.Scrub(e.ctx))
		if lost := len(m.all) - e.readable(m.all); lost > 0 && e.store.Stats().Missing == 0 {
			t.Fatalf("%d frames are lost and nothing is told", lost)
		}
		e.append(frame("saving goes on"))
		e.must(e.store.PutFact(e.ctx, "k", []byte("v")))
		v, err := e.store.Verify(e.ctx)
		e.must(err)
		if e.readable(m.all) < len(m.all) && len(v.Bad) == 0 {
			t.Fatal("what is lost is not bad")
		}
		e.open()
		if e.readable(m.all) < len(m.all) && len(e.missing()) == 0 {
			t.Fatal("the second opening forgot what is lost")
		}
		e.append(m.all...)
		e.must(e.store.Rebuild(e.ctx))
		if n := e.readable(m.all); n != len(m.all) {
			t.Fatalf("given back, and %d of %d can be read", n, len(m.all))
		}
		if left := e.missing(); len(left) > 0 {
			e.must(e.store.Settle(e.ctx, left))
		}
		e.sound()
		e.open()
		e.sound()
		if d := e.missing(); len(d) > 0 || len(e.held()) != len(m.all)+1 {
			t.Fatalf("in the end %+v are missing, %d held", d, len(e.held()))
		}
	})
}
