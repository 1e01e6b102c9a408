package sim

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"hejie/sync/sim"
)

func number(name string, or int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return or
}

func play(t *testing.T, o Options) *Result {
	t.Helper()
	out, err := Run(o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTrial(t *testing.T) {
	from, n := number("HEJIE_SEED", 0), number("HEJIE_SEEDS", 1)
	var only []sim.Fault
	if os.Getenv("CALM") != "" {
		only = []sim.Fault{}
	}
	did := map[string]int{}
	faults := sim.Faults{}
	for seed := from; seed < from+n; seed++ {
		at := time.Now()
		out := play(t, Options{Seed: uint64(seed), Nodes: number("NODES", 3), Steps: number("STEPS", 40), Only: only})
		if len(out.Wrong) > 0 || n == 1 {
			for _, l := range out.Trace {
				t.Log(l)
			}
		}
		for _, w := range out.Wrong {
			t.Errorf("seed %d: %s", seed, w.Error())
		}
		for k, v := range out.Did {
			did[k] += v
		}
		faults.Add(out.Faults)
		t.Logf("seed %d: %s %d saves %d ops, %d quiet, %s virtual, %s real", seed, out.Hash[:8], out.Saves, out.Held, out.Quiet, out.Lasted, time.Since(at).Round(time.Millisecond))
		if t.Failed() {
			break
		}
	}
	t.Log(did)
	t.Log(faults)
}

// The same seed is the same run: every line and every byte on every disk,
// whatever the machine does beside.
func TestASeedIsARun(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(4) {
		o := Options{Seed: seed, Nodes: 4, Steps: 80}
		first := play(t, o)
		before := runtime.GOMAXPROCS(1)
		again := play(t, o)
		runtime.GOMAXPROCS(before)
		for i := range min(len(first.Trace), len(again.Trace)) {
			if first.Trace[i] != again.Trace[i] {
				t.Fatalf("seed %d: line %d was\n%s\nand is\n%s", seed, i, first.Trace[i], again.Trace[i])
			}
		}
		if first.Hash != again.Hash {
			t.Fatalf("seed %d: the same lines, and other bytes", seed)
		}
		seen[first.Hash] = true
	}
	if len(seen) != 4 {
		t.Error("two seeds are the same run")
	}
}
