package storetest

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"path/filepath"
	"strings"

	"hejie/store"
	"hejie/store/packstore"
)

// files returns the paths of the files in a folder of the data folder.
func (e *env) files(dir string) []string {
	e.Helper()
	dir = filepath.Join(e.opts.Dir, dir)
	names, err := e.disk.ReadDir(dir)
	e.must(err)
	for i := range names {
		names[i] = filepath.Join(dir, names[i])
	}
	return names
}

// loseEngine removes the engine's folder of a closed store.
func (e *env) loseEngine() {
	e.Helper()
	if f := e.subject.Opener.Folder(); f != "" {
		e.must(e.opts.FS.RemoveAll(filepath.Join(e.opts.Dir, f)))
	}
}

// refused opens the folder, which must fail.
func (e *env) refused(o packstore.Options) error {
	e.Helper()
	s, err := packstore.Open(e.ctx, o)
	if err == nil {
		e.Fatal(errors.Join(errors.New("the folder was opened"), s.Close()))
	}
	return err
}

// rewrite changes a file of a closed store.
func (e *env) rewrite(name string, change func([]byte) []byte) {
	e.Helper()
	b, err := e.disk.Bytes(name)
	e.must(err)
	f, err := e.disk.Create(name)
	e.must(err)
	_, err = f.Write(change(b))
	e.must(errors.Join(err, f.Sync(), f.Close(), e.disk.SyncDir(filepath.Dir(name))))
}

var openTests = []test{
	{"a folder has one owner", func(e *env) {
		e.open()
		e.is(e.refused(e.opts), store.ErrInUse)
		e.open()
	}},
	{"a wrong key is refused and destroys nothing", func(e *env) {
		e.open()
		e.append(frame("a"))
		e.close()
		wrong := e.opts
		wrong.Key[0] ^= 1
		e.is(e.refused(wrong), store.ErrWrongKey)
		// Nor with the header damaged, so that only the records could tell.
		for _, name := range e.files("packs") {
			e.must(e.disk.Flip(name, 60))
		}
		e.is(e.refused(wrong), store.ErrWrongKey)
		e.open()
		if len(e.held()) != 1 {
			e.Fatal("the frame is lost")
		}
	}},
	{"a newer format is refused with its number", func(e *env) {
		for _, dir := range []string{"packs", "local"} {
			e.open()
			e.must(e.store.PutFact(e.ctx, "k", nil))
			e.close()
			name := e.files(dir)[0]
			old, err := e.disk.Bytes(name)
			e.must(err)
			e.rewrite(name, func(b []byte) []byte {
				binary.BigEndian.PutUint32(b[8:], 7)
				binary.BigEndian.PutUint32(b[80:], crc32.Checksum(b[:80], crc32.MakeTable(crc32.Castagnoli)))
				return b
			})
			var newer *store.NewerFormatError
			if err := e.refused(e.opts); !errors.As(err, &newer) || newer.Has != 7 || newer.Know != 2 {
				e.Fatalf("error is %v", err)
			}
			e.rewrite(name, func([]byte) []byte { return old })
		}
	}},
	{"a pack of another folder is refused", func(e *env) {
		e.open()
		e.append(frame("a"))
		e.close()
		mine := e.files("packs")[0]
		name := filepath.Join(filepath.Dir(mine), strings.Replace(filepath.Base(mine), "00000001", "00000002", 1))
		b, err := e.disk.Bytes(mine)
		e.must(err)
		f, err := e.disk.Create(name)
		e.must(err)
		_, err = f.Write(b)
		e.must(errors.Join(err, f.Close()))
		e.refused(e.opts)
		e.must(e.disk.Remove(name))
		e.open()
		e.sound()
	}},
	{"rows are derived anew for another Applier", func(e *env) {
		e.open()
		e.append(frame("a"), frame("b"))
		old := e.dump()
		e.close()
		e.opts.Applier = Ledger{Shape: 2}
		e.open()
		if e.dump() == old {
			e.Fatal("the rows are of the old Applier")
		}
		e.sound()
		e.close()
		e.opts.Applier = Ledger{}
		e.open()
		if e.dump() != old {
			e.Fatal("the rows are not those of before")
		}
	}},
	{"rows are derived anew when the engine is gone", func(e *env) {
		e.open()
		for i := range 20 {
			e.append(frame("%d", i), frame("leave %x", frame("%d", i/2).ID))
		}
		kept := e.dump()
		e.close()
		e.loseEngine()
		e.open()
		if e.dump() != kept {
			e.Fatal("the rows are others")
		}
		e.sound()
	}},
	{"rows are derived anew when the packs are an older copy, and what is gone is told", func(e *env) {
		e.open()
		e.append(frame("a"))
		old := e.dump()
		e.close()
		name := e.files("packs")[0]
		copied, err := e.disk.Bytes(name)
		e.must(err)
		e.open()
		e.append(frame("b"))
		e.close()
		e.rewrite(name, func([]byte) []byte { return copied })
		e.open()
		if e.dump() != old {
			e.Fatal("rows stand for a frame that is not held")
		}
		if !e.store.Reach().Behind || e.store.Stats().Missing != 1 {
			e.Fatalf("nothing was told: %+v %+v", e.store.Reach(), e.store.Stats())
		}
		if a := e.append(frame("c")); a[0].Seq != 3 {
			e.Fatalf("a place was taken twice: %+v", a)
		}
		e.append(frame("b"))
		e.must(e.store.Settle(e.ctx, e.missing()))
		e.sound()
	}},
	{"opening ends when it is cancelled, and goes on later", func(e *env) {
		e.open()
		e.append(frame("a"))
		kept := e.dump()
		e.close()
		e.loseEngine()
		ctx, cancel := context.WithCancel(e.ctx)
		cancel()
		_, err := packstore.Open(ctx, e.opts)
		e.is(err, context.Canceled)
		e.open()
		if e.dump() != kept {
			e.Fatal("the rows are others")
		}
	}},
	{"packs roll and all of them are read", func(e *env) {
		e.opts.FileSize = 4096
		e.open()
		for i := range 60 {
			e.append(frame("%d %s", i, strings.Repeat("案", 60)))
		}
		if n := len(e.files("packs")); n < 4 {
			e.Fatalf("%d packs", n)
		}
		e.open()
		if n := len(e.held()); n != 60 {
			e.Fatalf("%d frames", n)
		}
		e.sound()
	}},
}
