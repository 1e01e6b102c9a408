package crdt_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"hejie/sync/crdt"
)

// deliver applies operations in a random order that respects causality, some
// twice, with a snapshot written and read now and then.
func deliver(tb failer, d draw, all []sent) *crdt.State {
	tb.Helper()
	s := crdt.New(caseSchema)
	left := append([]sent(nil), all...)
	for len(left) > 0 {
		i := d(len(left))
		op := left[i]
		before := s.Len()
		err := s.Apply(op.meta, op.body)
		var missing *crdt.MissingHeadsError
		if errors.As(err, &missing) {
			if s.Len() != before || len(missing.Missing) == 0 {
				tb.Fatal("a refused operation changed the state")
			}
			continue
		}
		if err != nil {
			tb.Fatal(err)
		}
		if d(4) > 0 {
			left[i] = left[len(left)-1]
			left = left[:len(left)-1]
		}
		if d(40) == 0 {
			again, err := crdt.Decode(caseSchema, s.Encode())
			if err != nil {
				tb.Fatal(err)
			}
			s = again
		}
	}
	return s
}

func same(tb failer, what string, a, b *crdt.State) {
	tb.Helper()
	if !bytes.Equal(a.Shown(), b.Shown()) {
		tb.Fatalf("%s: shown differently:\n%s", what, firstDifference(a.Shown(), b.Shown()))
	}
	if !bytes.Equal(a.Encode(), b.Encode()) {
		tb.Fatalf("%s: encoded differently", what)
	}
}

// checkWorld checks one history: any order gives the same state, and every
// writer ends there too once he has everything.
func checkWorld(tb failer, d draw, wild bool, steps int) {
	w := newWorld(tb, d, wild)
	w.run(steps)
	want := crdt.New(caseSchema)
	for _, op := range w.all {
		if err := want.Apply(op.meta, op.body); err != nil {
			tb.Fatal(err)
		}
	}
	same(tb, "another order", want, deliver(tb, d, w.all))
	for _, from := range w.replicas {
		for _, to := range w.replicas {
			to.pull(from)
		}
	}
	w.replicas[0].pull(w.replicas[len(w.replicas)-1])
	for _, r := range w.replicas[1:] {
		w.replicas[0].pull(r)
	}
	same(tb, "a writer", want, w.replicas[0].state)
	story := reference(w.all, "story")
	if got := want.Text(f("story")); got != story {
		tb.Fatalf("the text is %q, the Fugue tree of its characters reads %q", got, story)
	}
	again, err := want.At(want.Heads())
	if err != nil {
		tb.Fatal(err)
	}
	same(tb, "seen from its heads", want, again)
}

func TestConvergeRapid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") }
		checkWorld(rt, d, d(2) == 0, 10+d(30))
	})
}

// TestConvergeMany runs hundreds of histories; the failing one's seed is in
// its name.
func TestConvergeMany(t *testing.T) {
	for seed := range uint64(600) {
		if !t.Run("", func(t *testing.T) { checkWorld(t, seeded(seed), seed%2 == 1, 8+int(seed%18)) }) {
			t.Fatalf("seed %d", seed)
		}
	}
}

// FuzzApply lets the fuzzer choose the history: each byte is one choice.
func FuzzApply(f *testing.F) {
	for seed := range uint64(8) {
		d := seeded(seed)
		raw := make([]byte, 600)
		for i := range raw {
			raw[i] = byte(d(256))
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		tail := seeded(uint64(len(raw))) // so that every history ends
		d := func(n int) int {
			if len(raw) == 0 {
				return tail(n)
			}
			b := raw[0]
			raw = raw[1:]
			return int(b) % n
		}
		checkWorld(t, d, true, 25)
	})
}

// firstDifference shows where two encodings part.
func firstDifference(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(x []byte) []byte { return x[max(0, i-60):min(len(x), i+60)] }
	return fmt.Sprintf("at byte %d\n%q\n%q", i, cut(a), cut(b))
}
