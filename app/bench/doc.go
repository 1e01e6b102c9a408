// Package bench measures this program on this machine.
//
// It is for running the real code over the real engine, with loopback where
// there is a network, beside the floors that no such program can pass: append
// and sync, signatures, bulk writes of the engine, compression. It may hold no
// rule and touches no folder but the empty one it is given. Invariant: floors
// and workload are measured in the same run, and records come from a seed, so
// that ratios compare between machines though seconds do not.
package bench

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"hejie/store/host"
	"hejie/store/rows"
)

// Options say what is measured.
type Options struct {
	Dir     string // an empty folder for everything that is made
	Outside string // folder of the counters outside the data folders; empty: none
	N       int    // cases; 0: 10,000
	D       int    // edits on each side, or saves; 0: the workload's own
	NoEdits bool   // D is 0 on purpose
	Spread  bool   // edits lie over all cases instead of the newest
	Trace   []byte // of text: a gzip JSON editing trace
	Cases   []byte // lines of case documents to take instead of generated ones
	Seed    uint64 // of the generated ones

	Clock  host.Clock
	Random host.Random
	Engine rows.Opener
	// Peak is the most memory that the process had resident, in bytes; 0: unknown.
	Peak func() int64
	// Say is told what is going on; nil: nobody is.
	Say func(what string)
}

// Defaults of the sizes, as BENCH's tables have them.
const (
	DefaultCases = 10_000
	DefaultEdits = 100
	DefaultSaves = 500
	// MaxCases bounds one run: a million cases is the most a node is built for.
	MaxCases = 1_000_000
)

// Result is what a run prints. What does not apply is left out.
type Result struct {
	Workload   string             `json:"workload"`
	N          int                `json:"n,omitempty"`
	D          *int               `json:"d,omitempty"`
	Seconds    float64            `json:"seconds"`
	P50        float64            `json:"p50_ms,omitempty"`
	P95        float64            `json:"p95_ms,omitempty"`
	Bytes      int64              `json:"bytes,omitempty"`
	RoundTrips int                `json:"round_trips,omitempty"`
	PeakRSS    float64            `json:"peak_rss_mb,omitempty"`
	Edits      int                `json:"edits,omitempty"`   // text
	Matches    *bool              `json:"matches,omitempty"` // text
	Floor      map[string]float64 `json:"floor,omitempty"`
	Ratio      map[string]float64 `json:"ratio,omitempty"`
	Also       map[string]float64 `json:"also,omitempty"` // further figures, named with their unit
}

// WorkloadError is returned for a workload that this program does not have.
type WorkloadError struct {
	Name  string
	Known []string
}

func (e *WorkloadError) Error() string {
	return fmt.Sprintf("there is no workload %q; there are %v", e.Name, e.Known)
}

// run is one run of one workload.
type run struct {
	Options
	result Result
}

// Run measures a workload.
func Run(workload string, o Options) (Result, error) {
	do, ok := workloads[workload]
	if !ok {
		return Result{}, &WorkloadError{Name: workload, Known: Workloads()}
	}
	if o.N == 0 {
		o.N = DefaultCases
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	r := &run{Options: o, result: Result{Workload: workload, Floor: map[string]float64{}, Ratio: map[string]float64{}, Also: map[string]float64{}}}
	if workload != "text" {
		r.result.N = o.N
	}
	if err := do(r); err != nil {
		return Result{}, fmt.Errorf("%s: %w", workload, err)
	}
	if o.Peak != nil {
		r.result.PeakRSS = float64(o.Peak()) / (1 << 20)
	}
	r.round()
	return r.result, nil
}

var workloads = map[string]func(*run) error{
	"save": (*run).save, "sync-initial": (*run).syncInitial, "sync-catchup": (*run).syncCatchup,
	"start": (*run).start, "list": (*run).list, "text": (*run).text,
}

// Workloads names those that there are.
func Workloads() []string {
	return []string{"save", "sync-initial", "sync-catchup", "start", "list", "text"}
}

// timed measures one piece of work.
func (r *run) timed(do func() error) (time.Duration, error) {
	began := r.Clock.Now()
	err := do()
	return r.Clock.Now().Sub(began), err
}

// settle lets the garbage of the preparation go before something is measured.
func (r *run) settle() { runtime.GC() }

// percentile of durations in milliseconds; p between 0 and 1.
func percentile(all []time.Duration, p float64) float64 {
	if len(all) == 0 {
		return 0
	}
	s := slices.Clone(all)
	slices.Sort(s)
	return ms(s[min(len(s)-1, int(p*float64(len(s))))])
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// ratio notes a quotient where both are known.
func (r *run) ratio(name string, have, floor float64) {
	if floor > 0 {
		r.result.Ratio[name] = have / floor
	}
}

// round cuts figures to what they are worth: four digits.
func (r *run) round() {
	x := &r.result
	for _, f := range []*float64{&x.Seconds, &x.P50, &x.P95, &x.PeakRSS} {
		*f = round(*f)
	}
	for _, m := range []map[string]float64{x.Floor, x.Ratio, x.Also} {
		for k, v := range m {
			m[k] = round(v)
		}
	}
}

func round(v float64) float64 {
	switch {
	case v >= 1000 || v <= -1000:
		return float64(int64(v + 0.5))
	case v >= 10:
		return float64(int64(v*100+0.5)) / 100
	}
	return float64(int64(v*10000+0.5)) / 10000
}
