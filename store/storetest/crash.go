package storetest

import (
	"errors"
	"fmt"

	"hejie/store"
	"hejie/store/packstore"
)

var crashTests = []test{
	{"death at every change of the disk loses nothing that was acknowledged", func(e *env) {
		clean := newEnv(e.T, e.subject, 1)
		clean.opts.FileSize = historyFile
		h := history{env: clean}
		h.run()
		clean.must(h.err)
		total := clean.disk.Changes()
		step := 1
		if e.subject.Slow {
			step = 8
		}
		for kill := 1; kill <= total; kill += step {
			for _, powerLost := range []bool{true, false} {
				c := newEnv(e.T, e.subject, uint64(kill))
				c.opts.FileSize = historyFile
				c.disk.KillAt(kill)
				h := history{env: c}
				h.run()
				if h.err == nil {
					c.disk.Kill()
				}
				c.close()
				c.disk.Restart(powerLost)
				c.open()
				h.check(fmt.Sprintf("killed at change %d of %d, power lost: %v", kill, total, powerLost))
				c.close()
			}
		}
	}},
	{"death within the next opening loses nothing", func(e *env) {
		step := 1
		if e.subject.Slow {
			step = 3
		}
		for kill := 1; kill <= 12; kill += step {
			c := newEnv(e.T, e.subject, uint64(100+kill))
			c.opts.FileSize = historyFile
			h := history{env: c}
			h.run()
			c.must(h.err)
			// A torn commit for the opening to cut.
			c.disk.KillAt(1)
			_, _ = c.store.Append(c.ctx, []store.Frame{frame("torn 1"), frame("torn 2")}) // it dies
			c.crash(true)
			c.disk.KillAt(kill)
			if s, err := packstore.Open(c.ctx, c.opts); err == nil {
				c.store = s
			}
			c.crash(true)
			c.open()
			h.check(fmt.Sprintf("killed at change %d of the opening", kill))
			c.close()
		}
	}},
	{"random deaths over long histories", func(e *env) {
		rounds, seeds := 60, uint64(8)
		if e.subject.Slow {
			rounds, seeds = 15, 1
		}
		for seed := range seeds {
			c := newEnv(e.T, e.subject, seed)
			c.opts.FileSize = historyFile
			randomDeaths(c, rounds, seed)
			c.close()
		}
	}},
}

func randomDeaths(c *env, rounds int, seed uint64) {
	c.Helper()
	rng := newRandom(seed)
	h := history{env: c}
	for round := range rounds {
		c.disk.KillAt(int(rng.Uint64()%24) + 1)
		h.round = round
		h.run()
		if h.err == nil {
			c.disk.Kill()
		}
		c.close()
		c.disk.Restart(rng.Uint64()%2 > 0)
		if round%5 == 4 {
			c.loseEngine()
		}
	}
	c.disk.Kill()
	c.disk.Restart(true)
	c.open()
	h.check(fmt.Sprintf("after all rounds of seed %d", seed))
}

// historyFile makes the packs of a history roll a few times.
const historyFile = 900

// history is a run of saves on a disk that may die, and what was acknowledged.
type history struct {
	*env
	round int
	acked [][]store.Frame // appends that returned
	tried [][]store.Frame // all appends
	shown []store.Frame   // what was seen after an opening
	fact  int             // value of the fact that was put last
	err   error           // what ended the run
}

func (h *history) run() {
	h.err = h.steps()
}

func (h *history) steps() error {
	s, err := packstore.Open(h.ctx, h.opts)
	if err != nil {
		return err
	}
	h.store = s
	// What an opening shows may be acted on, acknowledged or not.
	h.shown = append(h.shown, h.held()...)
	for i := range 8 {
		var frames []store.Frame
		for j := range i%3 + 1 {
			frames = append(frames, frame("round %d append %d frame %d", h.round, i, j))
		}
		h.tried = append(h.tried, frames)
		if _, err := s.Append(h.ctx, frames); err != nil {
			return err
		}
		h.acked = append(h.acked, frames)
		if i%3 == 0 {
			if err := s.PutFact(h.ctx, "n", fmt.Appendf(nil, "%d", h.fact+1)); err != nil {
				return err
			}
			h.fact++
		}
	}
	return nil
}

// check compares an opened store with what was acknowledged.
func (h *history) check(when string) {
	h.Helper()
	if err := h.compare(); err != nil {
		h.Fatalf("%s: %v", when, err)
	}
	h.append(frame("after %s", when))
	h.sound()
}

func (h *history) compare() error {
	held := map[store.ID]store.Frame{}
	for _, f := range h.held() {
		held[f.ID] = f
	}
	for _, frames := range h.acked {
		for _, f := range frames {
			if got, ok := held[f.ID]; !ok || string(got.Bytes) != string(f.Bytes) {
				return fmt.Errorf("%q was acknowledged and is lost", f.Bytes)
			}
		}
	}
	for _, f := range h.shown {
		if _, ok := held[f.ID]; !ok {
			return fmt.Errorf("%q was shown after an opening and is lost", f.Bytes)
		}
	}
	for _, frames := range h.tried {
		n := 0
		for _, f := range frames {
			if _, ok := held[f.ID]; ok {
				n++
			}
		}
		if n != 0 && n != len(frames) {
			return fmt.Errorf("%d of the %d frames of one append are held", n, len(frames))
		}
	}
	v, err := h.store.GetFact("n")
	if h.fact == 0 && errors.Is(err, store.ErrNotFound) {
		return nil
	}
	// The put that was cut short may have come through.
	if s := string(v); err != nil || (s != fmt.Sprint(h.fact) && s != fmt.Sprint(h.fact+1)) {
		return fmt.Errorf("the fact is %q, and %d was acknowledged: %w", v, h.fact, err)
	}
	return nil
}
