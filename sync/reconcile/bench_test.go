package reconcile_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"hejie/sync/reconcile"
)

// BenchmarkReconcile finds the differences of BENCH.md S3: d entries only at
// one side and d others only at the other.
func BenchmarkReconcile(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		for _, d := range []int{0, 1, 100, 1000} {
			for _, recent := range []bool{true, false} {
				where := "scattered"
				if recent {
					where = "recent"
				}
				b.Run(fmt.Sprintf("n=%d/d=%d/%s", n, d, where), func(b *testing.B) {
					left, right := twoSets(rand.New(rand.NewPCG(1, 2)), villageKey, n, d, d, recent)
					var c cost
					b.ResetTimer()
					for i := range b.N {
						f := run(b, left, right, reconcile.Salt{byte(i)}, reconcile.Options{}, 1<<18)
						if len(f.have) != d || len(f.need) != d {
							b.Fatalf("found %d and %d", len(f.have), len(f.need))
						}
						c = f.cost
					}
					b.ReportMetric(float64(c.bytes), "bytes")
					b.ReportMetric(float64(c.trips), "trips")
				})
			}
		}
	}
}
