package storetest

import (
	"fmt"

	"hejie/store"
)

var faultTests = []test{
	{"a nearly full disk refuses before anything changes, and takes more when there is room", func(e *env) {
		e.opts.Reserve = 10_000
		e.open()
		e.append(frame("a"))
		e.fillTo(12_000)
		taken := 1
		for i := 0; ; i++ {
			size := e.store.Stats().PackBytes
			_, err := e.store.Append(e.ctx, []store.Frame{frame("%d", i)})
			if err != nil {
				e.is(err, store.ErrDiskFull)
				if e.store.Stats().PackBytes != size {
					e.Fatal("the refused append left something")
				}
				break
			}
			taken++
		}
		e.is(e.store.PutFact(e.ctx, "k", make([]byte, 5000)), store.ErrDiskFull)
		if n := len(e.held()); n != taken || n < 2 {
			e.Fatalf("%d frames, want %d", n, taken)
		}
		e.disk.SetCapacity(-1)
		e.append(frame("room again"))
		e.sound()
	}},
	{"a disk that fills within a write changes nothing", func(e *env) {
		e.open()
		e.append(frame("a"))
		e.must(e.store.PutFact(e.ctx, "k", []byte("old")))
		e.fillTo(50)
		_, err := e.store.Append(e.ctx, []store.Frame{frame("b")})
		e.is(err, store.ErrDiskFull)
		e.is(e.store.PutFact(e.ctx, "k", make([]byte, 200)), store.ErrDiskFull)
		e.disk.SetCapacity(-1)
		if a := e.append(frame("c")); a[0].Seq != 2 {
			e.Fatalf("%+v", a)
		}
		if v, err := e.store.GetFact("k"); err != nil || string(v) != "old" {
			e.Fatalf("%q %v", v, err)
		}
		e.must(e.store.PutFact(e.ctx, "k", []byte("new")))
		e.crash(true)
		e.open()
		if v, err := e.store.GetFact("k"); err != nil || string(v) != "new" || len(e.held()) != 2 {
			e.Fatalf("%q %v", v, err)
		}
		e.sound()
	}},
	{"a failed sync ends saving until the next opening, which goes on in a new file", func(e *env) {
		e.open()
		e.append(frame("a"))
		e.disk.FailSyncs(1)
		_, err := e.store.Append(e.ctx, []store.Frame{frame("b")})
		e.is(err, store.ErrFailed)
		_, err = e.store.Append(e.ctx, []store.Frame{frame("c")})
		e.is(err, store.ErrFailed)
		if n := len(e.held()); n != 1 {
			e.Fatalf("%d frames are seen", n)
		}
		e.crash(true)
		e.open()
		if n := len(e.files("packs")); n != 2 {
			e.Fatalf("%d packs", n)
		}
		if n := len(e.held()); n != 1 {
			e.Fatalf("%d frames are held", n)
		}
		e.append(frame("b"), frame("d"))
		e.sound()
	}},
	{"a failed sync of facts ends saving facts until the next opening", func(e *env) {
		e.open()
		e.must(e.store.PutFact(e.ctx, "a", []byte("1")))
		e.disk.FailSyncs(1)
		e.is(e.store.PutFact(e.ctx, "a", []byte("2")), store.ErrFailed)
		e.is(e.store.DeleteFact(e.ctx, "a"), store.ErrFailed)
		e.crash(true)
		e.open()
		if v, err := e.store.GetFact("a"); err != nil || string(v) != "1" {
			e.Fatalf("%q %v", v, err)
		}
	}},
	{"a disk that is full where a file rolls", func(e *env) {
		e.opts.FileSize = 1000
		e.open()
		n := 0
		for len(e.files("packs")) < 2 {
			e.append(frame("%d", n))
			n++
		}
		// Leave room for all but the next file's header.
		for {
			e.fillTo(60)
			_, err := e.store.Append(e.ctx, []store.Frame{frame("%d", n)})
			e.is(err, store.ErrDiskFull)
			e.disk.SetCapacity(-1)
			if len(e.files("packs")) > 3 {
				break
			}
			e.append(frame("%d", n))
			n++
		}
		e.crash(true)
		e.open()
		if got := len(e.held()); got != n {
			e.Fatalf("%d frames, want %d", got, n)
		}
		e.sound()
	}},
	{"an Applier that fails at opening leaves the folder as it was", func(e *env) {
		e.open()
		e.append(frame("a"))
		kept := e.dump()
		e.close()
		e.opts.Applier = failing{}
		e.is(e.refused(e.opts), errRefused)
		e.opts.Applier = Ledger{}
		e.open()
		if e.dump() != kept {
			e.Fatal("the rows are others")
		}
	}},
}

// failing is an Applier of a newer shape that takes nothing.
type failing struct{}

func (failing) Version() uint32 { return 9 }

func (failing) Apply(store.Tx, []store.Frame) error { return fmt.Errorf("at opening: %w", errRefused) }

// fillTo leaves so many bytes free on the disk.
func (e *env) fillTo(left int64) {
	e.Helper()
	var used int64
	for _, dir := range []string{"packs", "local"} {
		for _, name := range e.files(dir) {
			b, err := e.disk.Bytes(name)
			e.must(err)
			used += int64(len(b))
		}
	}
	e.disk.SetCapacity(used + left)
}
