package station

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"hejie/app/casework"
	"hejie/app/samples"
)

// figures are what a run did.
type figures struct {
	steps, edits, decisions, refused, unlawful, syncs, cuts, restarts, contested int
	// rules are the refusals of steps that were offered, taken the steps that were saved.
	rules, taken map[string]int
}

// documents are n case documents for a seed: of HEJIE_CASES (a file, one a
// line) or made from the seed.
func documents(t *testing.T, seed uint64, n int) [][]byte {
	var out [][]byte
	if name := os.Getenv("HEJIE_CASES"); name != "" {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		var all [][]byte
		for sc := bufio.NewScanner(f); sc.Scan(); {
			all = append(all, []byte(sc.Text()))
		}
		for i := range n {
			out = append(out, all[(int(seed)*n+i)%len(all)])
		}
		return out
	}
	m := samples.New(seed)
	for range n {
		out = append(out, m.Next())
	}
	return out
}

// TestDrivenAtRandom drives cases at random over three nodes (drivecheck_test.go says what is held).
func TestDrivenAtRandom(t *testing.T) {
	from, seeds := uint64(0), uint64(4)
	if testing.Short() {
		seeds = 1
	}
	if n, err := strconv.ParseUint(os.Getenv("HEJIE_SEEDS"), 10, 32); err == nil {
		seeds = n // a soak
	}
	if n, err := strconv.ParseUint(os.Getenv("HEJIE_SEED"), 10, 64); err == nil {
		from = n // one of them again, or so many from there
		if os.Getenv("HEJIE_SEEDS") == "" {
			seeds = 1
		}
	}
	total := newFigures()
	for seed := from; seed < from+seeds; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			d := run(t, seed, [3]time.Duration{})
			total.add(d.sum)
			if (seed-from)%50 == 0 { // the same again; and with clocks that are years apart
				d.sameRun(run(t, seed, [3]time.Duration{}), true)
				d.sameRun(run(t, seed, [3]time.Duration{200 * 24 * time.Hour, 0, 800 * 24 * time.Hour}), false)
			}
		})
	}
	t.Logf("seeds %d to %d, %d cases: %s", from, from+seeds-1, seeds*casesASeed, total)
	for _, rule := range slices.SortedFunc(maps.Keys(total.rules), func(a, b string) int { return total.rules[b] - total.rules[a] })[:min(40, len(total.rules))] {
		t.Logf("refused %d × %s", total.rules[rule], rule)
	}
	if never := total.never(); seeds >= 100 && len(never) > 0 {
		t.Errorf("no run took %v", never)
	} else {
		t.Logf("not taken: %v; taken: %v", never, total.taken)
	}
}

func (f *figures) add(o figures) {
	f.steps, f.edits, f.decisions, f.refused, f.unlawful = f.steps+o.steps, f.edits+o.edits, f.decisions+o.decisions, f.refused+o.refused, f.unlawful+o.unlawful
	f.syncs, f.cuts, f.restarts, f.contested = f.syncs+o.syncs, f.cuts+o.cuts, f.restarts+o.restarts, f.contested+o.contested
	for k, n := range o.rules {
		f.rules[k] += n
	}
	for k, n := range o.taken {
		f.taken[k] += n
	}
}

func newFigures() figures { return figures{rules: map[string]int{}, taken: map[string]int{}} }

// never are the steps that no run took.
func (f *figures) never() []string {
	return slices.DeleteFunc(casework.StepNames(), func(step string) bool { return f.taken[step] > 0 })
}

func (f figures) String() string {
	return fmt.Sprintf("%d steps, %d edits and %d decisions saved; %d refused, %d of them tried against the rules; %d syncs, %d cut; %d restarts; %d contested at the end",
		f.steps, f.edits, f.decisions, f.refused, f.unlawful, f.syncs, f.cuts, f.restarts, f.contested)
}

// run drives the cases of a seed to their end.
func run(t *testing.T, seed uint64, skew [3]time.Duration) *driven {
	d := begin(t, seed, documents(t, seed, casesASeed), skew)
	for range 30 * casesASeed {
		d.goOn()
	}
	d.end()
	return d
}
