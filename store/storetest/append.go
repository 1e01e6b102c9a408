package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"hejie/store"
)

var appendTests = []test{
	{"a frame comes back as it was given", func(e *env) {
		e.open()
		f := frame("调解申请")
		f.Kind = store.KindWrap
		f.Local = store.Local{Arrived: -5, Sender: store.ID{9}, Token: [16]byte{8}, Asked: [32]byte{7}}
		e.append(frame("first"), f)
		check := func() {
			e.view(func(r store.Reader) error {
				got, err := r.Frame(f.ID)
				if err != nil {
					return err
				}
				if got.Seq != 2 || got.Kind != f.Kind || got.Local != f.Local || !bytes.Equal(got.Bytes, f.Bytes) {
					return fmt.Errorf("got %+v", got)
				}
				return nil
			})
		}
		check()
		e.open()
		check()
	}},
	{"sequence goes on from 1 without gaps over reopening", func(e *env) {
		for round := range 3 {
			e.open()
			for i := range 5 {
				if a := e.append(frame("%d/%d", round, i)); a[0] != (store.Appended{Seq: uint64(round*5 + i + 1), New: true}) {
					e.Fatalf("round %d, frame %d: %+v", round, i, a)
				}
			}
		}
		for i, f := range e.held() {
			if f.Seq != uint64(i+1) {
				e.Fatalf("place %d has seq %d", i, f.Seq)
			}
		}
		e.sound()
	}},
	{"a frame held already is left as it is", func(e *env) {
		e.open()
		e.append(frame("a"), frame("b"))
		again := frame("a")
		again.Bytes = []byte("other bytes under the same id")
		a := e.append(again, frame("c"), frame("c"), frame("b"))
		want := []store.Appended{{Seq: 1}, {Seq: 3, New: true}, {Seq: 3}, {Seq: 2}}
		if fmt.Sprint(a) != fmt.Sprint(want) {
			e.Fatalf("got %v, want %v", a, want)
		}
		if got := e.held(); len(got) != 3 || string(got[0].Bytes) != "a" {
			e.Fatalf("held %v", got)
		}
		e.open()
		if a := e.append(frame("a")); a[0] != (store.Appended{Seq: 1}) {
			e.Fatalf("after reopening %v", a)
		}
		e.sound()
	}},
	{"an append that can't be applied changes nothing", func(e *env) {
		e.open()
		e.append(frame("before"))
		kept, size := e.dump(), e.store.Stats().PackBytes
		for _, bad := range []string{"refuse", "panic"} {
			if _, err := e.store.Append(e.ctx, []store.Frame{frame("good %s", bad), frame("%s", bad)}); err == nil {
				e.Fatalf("%s was taken", bad)
			}
		}
		if e.dump() != kept || e.store.Stats().PackBytes != size {
			e.Fatal("a refused append left something")
		}
		if a := e.append(frame("after")); a[0].Seq != 2 {
			e.Fatalf("the next append is %+v", a)
		}
		e.open()
		e.sound()
	}},
	{"too large is refused and changes nothing", func(e *env) {
		e.open()
		_, err := e.store.Append(e.ctx, []store.Frame{{ID: store.ID{1}, Bytes: make([]byte, store.MaxFrame+1)}})
		e.is(err, store.ErrTooLarge)
		_, err = e.store.Append(e.ctx, make([]store.Frame, store.MaxAppend+1))
		e.is(err, store.ErrTooLarge)
		many := make([]store.Frame, 70)
		for i := range many {
			many[i] = store.Frame{ID: store.ID{byte(i)}, Bytes: make([]byte, store.MaxFrame)}
		}
		_, err = e.store.Append(e.ctx, many)
		e.is(err, store.ErrTooLarge)
		e.append(store.Frame{ID: store.ID{1}, Bytes: make([]byte, store.MaxFrame)})
		if n := len(e.held()); n != 1 {
			e.Fatalf("%d frames are held", n)
		}
	}},
	{"a large append is one step", func(e *env) {
		e.open()
		frames := make([]store.Frame, store.MaxAppend)
		for i := range frames {
			frames[i] = frame("one of many %d", i)
		}
		e.append(frames...)
		e.append(frame("rows 30000 more than a transaction of Badger holds"), frame("large 4194304 a row of 4 MiB"))
		e.sound()
		kept := e.dump()
		e.open()
		if e.dump() != kept {
			e.Fatal("reopening changed the rows")
		}
	}},
	{"concurrent appends share syncs and each is whole", func(e *env) {
		e.open()
		const writers, each = 16, 20
		before := e.disk.Changes()
		var wg sync.WaitGroup
		errs := make(chan error, writers)
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					bad := i%7 == 3
					frames := []store.Frame{frame("w%d/%d/a", w, i), frame("w%d/%d/b", w, i)}
					if bad {
						frames = append(frames, frame("refuse w%d/%d", w, i))
					}
					a, err := e.store.Append(e.ctx, frames)
					switch {
					case bad && err == nil:
						errs <- errors.New("a refused frame was taken")
					case !bad && (err != nil || a[1].Seq != a[0].Seq+1):
						errs <- fmt.Errorf("append: %v %w", a, err)
					}
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			e.Error(err)
		}
		if n, want := len(e.held()), writers*(each-3)*2; n != want {
			e.Fatalf("%d frames are held, want %d", n, want)
		}
		// Three changes, a write, a sync and the reach, an append if none were shared.
		if n := e.disk.Changes() - before; n > writers*(each-3)*3 {
			e.Errorf("%d changes of the disk", n)
		}
		e.sound()
	}},
	{"a cancelled append changes nothing", func(e *env) {
		e.open()
		ctx, cancel := context.WithCancel(e.ctx)
		cancel()
		_, err := e.store.Append(ctx, []store.Frame{frame("a")})
		e.is(err, context.Canceled)
		e.is(e.store.View(ctx, func(store.Reader) error { return nil }), context.Canceled)
		if len(e.held()) != 0 {
			e.Fatal("it was taken")
		}
	}},
	{"after Close everything answers ErrClosed", func(e *env) {
		s := e.open()
		e.close()
		_, err := s.Append(e.ctx, []store.Frame{frame("a")})
		e.is(err, store.ErrClosed)
		e.is(s.View(e.ctx, func(store.Reader) error { return nil }), store.ErrClosed)
		e.is(s.Derive(e.ctx, func(store.Tx) error { return nil }), store.ErrClosed)
		e.is(s.Rebuild(e.ctx), store.ErrClosed)
		_, err = s.Verify(e.ctx)
		e.is(err, store.ErrClosed)
		_, err = s.GetFact("a")
		e.is(err, store.ErrClosed)
		e.is(s.PutFact(e.ctx, "a", nil), store.ErrClosed)
		e.must(s.Close())
	}},
}
