package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hejie/store"
)

// packHeader is the length of a pack's header (docs/format-packs.md).
const packHeader = 84

var damageTests = []test{
	{"one damaged byte anywhere in a pack costs one frame, is reported, and the rest is read", func(e *env) {
		e.open()
		var all []store.Frame
		for i := range 6 {
			f := frame("frame %d", i)
			all = append(all, f)
			e.append(f)
		}
		e.close()
		name := e.files("packs")[0]
		whole, err := e.disk.Bytes(name)
		e.must(err)
		step := 1
		if e.subject.Slow {
			step = 37
		}
		// A last frame that is damaged can't be told from one that was torn, so
		// it may go unreported: the last byte to flip lies before it.
		last := len(whole) - (len(whole)-packHeader)/len(all)
		for at := 0; at < last; at += step {
			e.loseEngine()
			e.must(e.disk.Flip(name, int64(at)))
			e.open()
			if n := len(e.held()); n < len(all)-1 {
				e.Fatalf("byte %d: %d of %d frames are readable", at, n, len(all))
			}
			if len(e.store.Stats().Damaged) == 0 {
				e.Fatalf("byte %d: nothing was reported", at)
			}
			e.append(frame("saving goes on"))
			e.close()
			for _, n := range e.files("packs") {
				if n != name {
					e.must(e.disk.Remove(n))
				}
			}
			e.rewrite(name, func([]byte) []byte { return whole })
		}
	}},
	{"Verify finds a flipped byte and names the frame, and Rebuild makes room for it", func(e *env) {
		e.open()
		f := frame("the one that is hit: 李大样")
		e.append(frame("a"))
		before := e.store.Stats().PackBytes
		e.append(f)
		e.append(frame("b"))
		e.must(e.disk.Flip(e.files("packs")[0], before+60))
		damaged, err := e.store.Verify(e.ctx)
		e.must(err)
		named := false
		for _, d := range damaged.Bad {
			named = named || d.ID == f.ID
		}
		if !named {
			e.Fatalf("found only %+v", damaged)
		}
		e.view(func(r store.Reader) error {
			if _, err := r.Frame(f.ID); err == nil {
				return fmt.Errorf("a damaged frame was returned")
			}
			return nil
		})
		e.must(e.store.Rebuild(e.ctx))
		if a := e.append(f); !a[0].New || a[0].Seq != 4 {
			e.Fatalf("fetched again: %+v", a)
		}
		if got := e.held(); len(got) != 3 {
			e.Fatalf("%d frames", len(got))
		}
	}},
	{"a missing pack is reported and the others are read", func(e *env) {
		e.opts.FileSize = 400
		e.open()
		for i := range 12 {
			e.append(frame("%d", i))
		}
		e.close()
		files := e.files("packs")
		e.must(e.disk.Remove(files[1]))
		e.loseEngine()
		e.open()
		if n := len(e.held()); n == 0 || n >= 12 {
			e.Fatalf("%d frames", n)
		}
		if len(e.store.Stats().Damaged) == 0 {
			e.Fatal("nothing was reported")
		}
		e.append(frame("on"))
	}},
	{"damaged facts cost those facts only", func(e *env) {
		e.open()
		for i := range 5 {
			e.must(e.store.PutFact(e.ctx, fmt.Sprint(i), []byte("some value")))
		}
		e.close()
		name := e.files("local")[0]
		for _, at := range []int64{20, 84 + 10} {
			e.must(e.disk.Flip(name, at))
		}
		e.open()
		n := 0
		e.must(e.store.ScanFacts("", func(string, []byte) (bool, error) { n++; return true, nil }))
		if n != 4 || len(e.store.Stats().Damaged) < 2 {
			e.Fatalf("%d facts, %+v", n, e.store.Stats().Damaged)
		}
		e.must(e.store.PutFact(e.ctx, "0", nil))
		e.open()
		if d := e.store.Stats().Damaged; len(d) != 0 {
			e.Fatalf("still %+v", d)
		}
	}},
	{"an engine whose files are damaged is derived anew", func(e *env) {
		folder := e.subject.Opener.Folder()
		for _, harm := range []func(string) error{
			func(p string) error { return os.Truncate(p, 0) },
			func(p string) error { return os.WriteFile(p, []byte(strings.Repeat("rubbish", 100)), 0o600) },
			os.Remove,
			flipMiddle,
		} {
			e.open()
			e.append(frame("a%d", len(e.held())), frame("rows 2000 b%d", len(e.held())))
			kept := e.dump()
			e.close()
			if folder != "" {
				e.must(filepath.WalkDir(filepath.Join(e.opts.Dir, folder), func(p string, d os.DirEntry, err error) error {
					if err != nil || d.IsDir() {
						return err
					}
					return harm(p)
				}))
			}
			e.open()
			if e.dump() != kept {
				e.Fatal("the rows are others")
			}
			e.sound()
		}
	}},
}

func flipMiddle(p string) error {
	b, err := os.ReadFile(p)
	if err != nil || len(b) == 0 {
		return err
	}
	for i := len(b) / 3; i < len(b); i += 101 {
		b[i] ^= 0x55
	}
	return os.WriteFile(p, b, 0o600)
}
