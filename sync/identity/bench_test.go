package identity

import (
	"fmt"
	"testing"
)

// county is a root, 20 towns and 400 villages.
func county(b *testing.B) *world {
	w := newWorld(b)
	for i := range 20 {
		town := w.station(fmt.Sprintf("镇%d", i), Admin)
		w.admit(w.root, town)
		for j := range 20 {
			w.admit(town, w.station(fmt.Sprintf("村%d-%d", i, j), Mediator))
		}
	}
	return w
}

func BenchmarkAddCounty(b *testing.B) {
	w := county(b)
	for b.Loop() {
		w.all()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(w.entries)), "µs/entry")
}

func BenchmarkUnits(b *testing.B) {
	r := county(b).all()
	for b.Loop() {
		r.Units()
	}
}

func BenchmarkAtAndSeat(b *testing.B) {
	w := county(b)
	r := w.all()
	last := w.entries[len(w.entries)-1]
	for b.Loop() {
		if _, err := r.At([]ID{last.ID}); err != nil {
			b.Fatal(err)
		}
		r.Seat(last.Seat)
	}
}

// BenchmarkRootChange adds an entry at the root while everything below stands.
func BenchmarkRootChange(b *testing.B) {
	w := county(b)
	r := w.all()
	prev := w.root.first
	for b.Loop() {
		b.StopTimer()
		e := w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, prev: prev, items: []Item{&Rename{"990000000000-r", "根", "2026-01-01"}}})
		prev = e.ID
		b.StartTimer()
		r.Add(e)
	}
}
