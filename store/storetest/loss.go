package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"hejie/store"
)

// fill opens a new folder and saves so many frames, each in its own commit.
func (e *env) fill(n int) []store.Frame {
	e.Helper()
	e.open()
	var all []store.Frame
	for i := range n {
		f := frame("saved %d of %d, and some words more", i, n)
		all = append(all, f)
		e.append(f)
	}
	return all
}

// hit spoils the records of the n-th of the frames that fill saved.
func (e *env) hit(places ...int) {
	e.Helper()
	name := e.files("packs")[0]
	b, err := e.disk.Bytes(name)
	e.must(err)
	size := (int64(len(b)) - packHeader) / int64(len(e.held()))
	for _, n := range places {
		e.must(e.disk.Flip(name, packHeader+size*int64(n)+size/2))
	}
}

// readable tells which of the frames can be read, and that those that can't
// say so.
func (e *env) readable(all []store.Frame) (n int) {
	e.Helper()
	e.view(func(r store.Reader) error {
		for _, f := range all {
			got, err := r.Frame(f.ID)
			switch {
			case err == nil && string(got.Bytes) == string(f.Bytes):
				n++
			case !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrNotFound):
				return fmt.Errorf("%q: %w", f.Bytes, err)
			}
		}
		return nil
	})
	return n
}

// soundRebuilt is sound for a store to whose rows frames came back: the Ledger
// has a row by place, and a rebuild finds them at their new ones.
func (e *env) soundRebuilt() {
	e.Helper()
	v, err := e.store.Verify(e.ctx)
	e.must(err)
	if len(v.Bad) > 0 {
		e.Fatalf("damaged: %+v", v.Bad)
	}
	e.must(e.store.Rebuild(e.ctx))
	e.sound()
}

// known tells whether a frame is listed as missing.
func (e *env) known(id store.ID) bool {
	e.Helper()
	for _, l := range e.missing() {
		if l.ID == id {
			return true
		}
	}
	return false
}

var lossTests = []test{
	{"a lost frame is missing from when it was met until it comes back, over reopening, lost rows and rebuilding", func(e *env) {
		all := e.fill(7)
		rows := e.dump()
		e.hit(3)
		e.must(e.store.Scrub(e.ctx))
		again := func(what string) {
			e.Helper()
			if !e.known(all[3].ID) || len(e.missing()) != 1 || e.store.Stats().Missing != 1 || len(e.held()) != 6 || e.store.Stats().Frames != 6 {
				e.Fatalf("%s: missing %+v, %+v, %d held", what, e.missing(), e.store.Stats(), len(e.held()))
			}
			e.view(func(r store.Reader) error {
				held, err := r.Has(all[3].ID)
				if held {
					err = fmt.Errorf("%s: a lost frame is held", what)
				}
				return err
			})
			v, err := e.store.Verify(e.ctx)
			e.must(err)
			if len(v.Bad) != 1 || v.Bad[0].ID != all[3].ID || len(v.Healed) > 0 {
				e.Fatalf("%s: %+v", what, v)
			}
		}
		again("met")
		if e.dump() != rows {
			e.Fatal("the rows changed")
		}
		e.open()
		again("opened anew")
		e.must(e.store.Rebuild(e.ctx))
		again("rebuilt")
		e.close()
		e.loseEngine()
		e.open()
		again("without rows")
		if a := e.append(all[3]); a[0].Seq != 8 {
			e.Fatalf("taken as %+v", a)
		}
		for range 2 {
			v, err := e.store.Verify(e.ctx)
			e.must(err)
			if len(v.Bad) > 0 || len(v.Healed) == 0 || v.Healed[0].ID != all[3].ID || e.store.Stats().Missing != 0 {
				e.Fatalf("healed: %+v", v)
			}
			e.soundRebuilt()
			e.open()
		}
		if n := e.readable(all); n != 7 {
			e.Fatalf("%d are readable", n)
		}
	}},
	{"a frame that comes back to rows that stand keeps them, and its Applier may know", func(e *env) {
		healer := &healing{}
		e.opts.Applier = healer
		all := e.fill(5)
		e.hit(1)
		if n := e.readable(all); n != 4 {
			e.Fatalf("%d are readable", n)
		}
		a := e.append(frame("new"), all[1], all[2])
		want := []store.Appended{{Seq: 7, New: true}, {Seq: 6, Healed: true}, {Seq: 3}}
		if fmt.Sprint(a) != fmt.Sprint(want) {
			e.Fatalf("got %v, want %v", a, want)
		}
		if len(healer.came) != 1 || healer.came[0] != all[1].ID {
			e.Fatalf("the Applier was told of %x", healer.came)
		}
		if n := e.readable(all); n != 5 || len(e.held()) != 6 || e.store.Stats().Frames != 6 {
			e.Fatalf("%d are readable, %d held, %+v", n, len(e.held()), e.store.Stats())
		}
		e.open()
		if n := e.readable(all); n != 5 || len(e.held()) != 6 || e.store.Stats().Missing != 0 {
			e.Fatalf("opened anew: %d are readable, %+v", n, e.missing())
		}
		e.soundRebuilt()
	}},
	{"a frame that is lost twice comes back twice", func(e *env) {
		all := e.fill(4)
		e.hit(1)
		for range 2 {
			e.must(e.store.Scrub(e.ctx))
			e.append(all[1])
			name := e.files("packs")[0]
			b, err := e.disk.Bytes(name)
			e.must(err)
			e.must(e.disk.Flip(name, int64(len(b))-20))
			e.open()
			e.must(e.store.Scrub(e.ctx))
			// Where rows don't last nobody knows what lay at the second place.
			if !e.known(all[1].ID) {
				e.Fatalf("missing %+v", e.missing())
			}
		}
		e.append(all[1])
		e.must(e.store.Settle(e.ctx, e.missing()))
		if n := e.readable(all); n != 4 || len(e.missing()) > 0 {
			e.Fatalf("%d, missing %+v", n, e.missing())
		}
		e.soundRebuilt()
	}},
	{"a frame that was given up is missing no more, and may come back", func(e *env) {
		all := e.fill(5)
		e.hit(2)
		e.must(e.store.Scrub(e.ctx))
		lost := e.missing()
		if len(lost) != 1 || lost[0].ID != all[2].ID {
			e.Fatalf("missing %+v", lost)
		}
		e.must(e.store.Settle(e.ctx, lost))
		for range 2 {
			v, err := e.store.Verify(e.ctx)
			e.must(err)
			if len(v.Bad) > 0 || len(e.missing()) > 0 || e.store.Stats().Missing > 0 || e.readable(all) != 4 {
				e.Fatalf("given up: %+v %+v", v, e.store.Stats())
			}
			e.must(e.store.Rebuild(e.ctx))
			e.open()
		}
		e.append(all[2])
		v, err := e.store.Verify(e.ctx)
		e.must(err)
		if len(v.Bad) > 0 || len(v.Healed) == 0 || e.readable(all) != 5 {
			e.Fatalf("come back: %+v", v)
		}
		e.soundRebuilt()
	}},
	{"frames that nobody can name are counted, and settled by who knows better", func(e *env) {
		e.fill(9)
		e.hit(2, 3)
		e.close()
		e.loseEngine()
		e.open()
		lost := e.missing()
		if len(lost) != 1 || lost[0].Known() || lost[0].Seq != 3 || lost[0].Count != 2 || e.store.Stats().Missing != 2 {
			e.Fatalf("missing %+v", lost)
		}
		e.must(e.store.Settle(e.ctx, lost))
		for range 2 {
			v, err := e.store.Verify(e.ctx)
			e.must(err)
			if len(v.Bad) > 0 || len(v.Healed) == 0 || len(e.missing()) > 0 {
				e.Fatalf("settled: %+v", v)
			}
			e.must(e.store.Rebuild(e.ctx))
			e.open()
		}
		e.soundRebuilt()
	}},
	{"a sector that can't be read costs the frames in it", func(e *env) {
		all := e.fill(300)
		name := e.files("packs")[0]
		e.must(e.disk.Spoil(name, 8192, 12288))
		e.must(e.store.Scrub(e.ctx))
		n := len(e.missing())
		if n < 10 || n > 60 || e.readable(all) != 300-n {
			e.Fatalf("%d missing, %d readable", n, e.readable(all))
		}
		e.close()
		e.loseEngine()
		e.open()
		if len(e.missing()) != n {
			e.Fatalf("opened anew, %d missing", len(e.missing()))
		}
		e.append(all...)
		if e.readable(all) != 300 || len(e.missing()) > 0 {
			e.Fatalf("healed: %+v", e.missing())
		}
		e.soundRebuilt()
	}},
	{"packs that lost their end are told, take no place twice, and heal by a good copy", func(e *env) {
		cuts := []float64{0, 0.5, 0.1, 0.3, 0.7, 0.99}
		if e.subject.Slow {
			cuts = cuts[:2]
		}
		for _, cut := range cuts {
			c := newEnv(e.T, e.subject, 1)
			all := c.fill(20)
			c.close()
			name := c.files("packs")[0]
			whole, err := c.disk.Bytes(name)
			c.must(err)
			c.rewrite(name, func(b []byte) []byte { return b[:int(cut*float64(len(b)))] })
			c.open()
			n := c.readable(all)
			if !c.store.Reach().Behind || int(c.store.Stats().Missing) != 20-n || c.store.Reach().Seq != 20 {
				c.Fatalf("cut to %v: %d readable, %+v, %+v", cut, n, c.store.Reach(), c.missing())
			}
			if a := c.append(frame("later")); a[0].Seq != 21 {
				c.Fatalf("cut to %v: a place was taken twice: %+v", cut, a)
			}
			c.open()
			if c.store.Reach().Behind || int(c.store.Stats().Missing) != 20-n {
				c.Fatalf("opened anew: %+v %+v", c.store.Reach(), c.missing())
			}
			c.close()
			c.rewrite(name, func([]byte) []byte { return whole })
			c.loseEngine()
			c.open()
			if n := c.readable(append(all, frame("later"))); n != 21 {
				c.Fatalf("cut to %v and put back: %d readable", cut, n)
			}
			c.must(c.store.Settle(c.ctx, c.missing()))
			c.soundRebuilt()
			c.close()
		}
	}},
	{"a pack that is taken away is told, whichever it is, and heals by a good copy", func(e *env) {
		for _, keepRows := range []bool{true, false} {
			for which := range 4 {
				if e.subject.Slow && (which%2 == 0) == keepRows {
					continue // Matrix has more
				}
				c := newEnv(e.T, e.subject, 1)
				c.opts.FileSize = 700
				all := c.fill(24)
				c.close()
				names := c.files("packs")
				gone := names[which*(len(names)-1)/3:][:1]
				if which == 2 {
					gone = names
				}
				kept := map[string][]byte{}
				for _, name := range gone {
					b, err := c.disk.Bytes(name)
					c.must(err)
					kept[name] = b
					c.must(c.disk.Remove(name))
				}
				if !keepRows {
					c.loseEngine()
				}
				c.open()
				n := c.readable(all)
				if c.must(c.store.Scrub(c.ctx)); int(c.store.Stats().Missing) != 24-n || n == 24 || len(c.store.Stats().Damaged) == 0 {
					c.Fatalf("%v gone: %d readable, missing %+v, %+v", gone, n, c.missing(), c.store.Stats())
				}
				if which > 1 && !c.store.Reach().Behind {
					c.Fatal("the packs are shorter, and this is not told")
				}
				c.append(all...)
				if c.readable(all) != 24 {
					c.Fatalf("fetched again: %d", c.readable(all))
				}
				c.open()
				c.must(c.store.Settle(c.ctx, c.missing()))
				c.soundRebuilt()
				c.close()
				for name, b := range kept {
					f, err := c.disk.Create(name)
					c.must(err)
					_, err = f.Write(b)
					c.must(errors.Join(err, f.Sync(), f.Close()))
				}
				c.open()
				if c.readable(all) != 24 {
					c.Fatalf("put back: %d", c.readable(all))
				}
				c.must(c.store.Rebuild(c.ctx))
				c.soundRebuilt()
				c.close()
			}
		}
	}},
	{"a folder that held data and lost all of packs, facts and rows says so and goes on", func(e *env) {
		e.fill(3)
		e.close()
		e.loseEngine()
		for _, dir := range []string{"packs", "local"} {
			for _, name := range e.files(dir) {
				e.must(e.disk.Remove(name))
			}
		}
		e.opts.Made = true
		e.open()
		if !e.store.Reach().Behind || len(e.missing()) == 0 || e.store.Stats().Missing == 0 || len(e.files("packs")) > 0 {
			e.Fatalf("%+v %+v", e.store.Reach(), e.missing())
		}
		e.append(frame("on"))
		e.open()
		if len(e.missing()) == 0 || len(e.held()) != 1 {
			e.Fatalf("opened anew: %+v", e.missing())
		}
		e.must(e.store.Settle(e.ctx, e.missing()))
		e.open()
		e.soundRebuilt()
	}},
	{"facts that were cut, emptied, taken away or replaced are told", func(e *env) {
		for name, harm := range map[string]func(c *env, file string, old []byte){
			"cut to 40 bytes": func(c *env, file string, _ []byte) { c.rewrite(file, func(b []byte) []byte { return b[:40] }) },
			"emptied":         func(c *env, file string, _ []byte) { c.rewrite(file, func([]byte) []byte { return nil }) },
			"cut":             func(c *env, file string, _ []byte) { c.rewrite(file, func(b []byte) []byte { return b[:len(b)-10] }) },
			"taken away":      func(c *env, file string, _ []byte) { c.must(c.disk.Remove(file)) },
			"an older copy":   func(c *env, file string, old []byte) { c.rewrite(file, func([]byte) []byte { return old }) },
			"zeroed": func(c *env, file string, _ []byte) {
				c.rewrite(file, func(b []byte) []byte { return make([]byte, len(b)) })
			},
		} {
			if e.subject.Slow && name != "cut to 40 bytes" {
				continue // facts don't lie in the engine
			}
			c := newEnv(e.T, e.subject, 1)
			c.open()
			c.must(c.store.PutFact(c.ctx, "a", []byte("1")))
			file := c.files("local")[0]
			old, err := c.disk.Bytes(file)
			c.must(err)
			c.must(c.store.PutFact(c.ctx, "b", []byte("2")))
			c.close()
			harm(c, file, old)
			c.open()
			if len(c.store.Stats().Damaged) == 0 || len(c.missing()) == 0 {
				c.Fatalf("%s: nothing is told", name)
			}
			c.must(c.store.PutFact(c.ctx, "c", []byte("3")))
			c.open()
			if len(c.missing()) == 0 {
				c.Fatalf("%s: the second opening forgot it", name)
			}
			c.must(c.store.Settle(c.ctx, c.missing()))
			c.open()
			if v, err := c.store.GetFact("c"); err != nil || string(v) != "3" || len(c.missing()) > 0 {
				c.Fatalf("%s: %q %v %+v", name, v, err, c.missing())
			}
			c.close()
		}
	}},
	{"the note comes back with the reach, and lags no acknowledged append", func(e *env) {
		var notes int
		e.opts.Note = func(frames []store.Frame) []byte {
			notes++
			return []byte(strings.Repeat("注", notes) + string(frames[len(frames)-1].Bytes))
		}
		e.open()
		for i := range 2000 {
			if i%400 == 0 {
				e.append(frame("append %d", i))
				e.crash(false)
				e.open()
				if want := strings.Repeat("注", notes) + fmt.Sprintf("append %d", i); string(e.store.Reach().Note) != want || e.store.Reach().Behind {
					e.Fatalf("note %q, want %q", e.store.Reach().Note, want)
				}
			}
			notes += i % 3
		}
		e.soundRebuilt()
	}},
	{"many scrubs are one, and closing ends it", func(e *env) {
		e.fill(50)
		s := e.store
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if err := s.Scrub(context.Background()); err != nil && !errors.Is(err, store.ErrClosed) {
					e.Error(err)
				}
			})
		}
		e.close()
		wg.Wait()
		e.is(s.Scrub(e.ctx), store.ErrClosed)
		e.open()
		ctx, cancel := context.WithCancel(e.ctx)
		cancel()
		e.is(e.store.Scrub(ctx), context.Canceled)
		e.must(e.store.Scrub(e.ctx))
	}},
}

// healing is a Ledger that notes what came back.
type healing struct {
	Ledger
	came []store.ID
}

func (h *healing) Heal(tx store.Tx, frames []store.Frame) error {
	for i := range frames {
		got, err := tx.Frame(frames[i].ID)
		if err != nil || string(got.Bytes) != string(frames[i].Bytes) {
			return fmt.Errorf("what comes back can't be read: %w", err)
		}
		h.came = append(h.came, frames[i].ID)
	}
	return nil
}
