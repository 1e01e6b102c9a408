package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"hejie/sync/sim"
)

// Summary is what came of several runs.
type Summary struct {
	Seed   uint64 `json:"seed"`  // the first
	Seeds  int    `json:"seeds"` // how many, one after the other
	Nodes  int    `json:"nodes"`
	Steps  int    `json:"steps"`
	Hash   string `json:"hash"` // of all runs' hashes
	Saves  int    `json:"saves"`
	Held   int    `json:"operations"`
	Quiet  int    `json:"quiet"`
	Meters `json:"counts"`
	// Wrong are the promises that were broken, with the seed that broke each.
	Wrong []WrongSeed `json:"wrong"`
}

// Meters count what happened.
type Meters struct {
	Did    map[string]int    `json:"did"`
	Faults map[sim.Fault]int `json:"faults"`
}

// WrongSeed is a seed that broke a promise.
type WrongSeed struct {
	Seed uint64 `json:"seed"`
	Violation
}

// Summarise begins a summary of runs of so many nodes and steps.
func Summarise(o Options) *Summary {
	return &Summary{Seed: o.Seed, Nodes: o.Nodes, Steps: o.Steps, Meters: Meters{Did: map[string]int{}, Faults: map[sim.Fault]int{}}, Wrong: []WrongSeed{}}
}

// Add counts a run.
func (s *Summary) Add(r *Result) {
	s.Seeds++
	sum := sha256.Sum256([]byte(s.Hash + r.Hash))
	s.Hash = hex.EncodeToString(sum[:])
	s.Saves, s.Held, s.Quiet = s.Saves+r.Saves, s.Held+r.Held, s.Quiet+r.Quiet
	for k, n := range r.Did {
		s.Did[k] += n
	}
	for k, n := range r.Faults {
		s.Faults[k] += n
	}
	for _, v := range r.Wrong {
		s.Wrong = append(s.Wrong, WrongSeed{r.Seed, v})
	}
}

// Never are the kinds of faults that should have happened and did not, sorted.
func (s *Summary) Never() []sim.Fault {
	out := slices.DeleteFunc(Kinds(), func(f sim.Fault) bool { return s.Faults[f] > 0 })
	slices.Sort(out)
	return out
}

// Counted are the names of what was counted, the most frequent first.
func Counted[K ~string](m map[K]int) []K {
	return slices.SortedFunc(maps.Keys(m), func(a, b K) int {
		if m[a] != m[b] {
			return m[b] - m[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
}
