package exchange_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"hejie/sync/exchange/exchangetest"
)

// TestAWorldOfNodesComesToAgree lets several nodes write, meet in any order and
// lose connections, all from one seed; when the network is good again, every
// pair holds the same of what the two share, and nothing else.
func TestAWorldOfNodesComesToAgree(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		nodes := make([]*exchangetest.Node, 4)
		for i := range nodes {
			nodes[i] = exchangetest.NewNode(seed*8 + uint64(i))
		}
		for _, n := range nodes {
			n.Knows(nodes...)
		}
		for range 18 {
			i, j := rnd.IntN(len(nodes)), rnd.IntN(len(nodes))
			if i == j {
				own := nodes[i].Unit()[0] % 3
				if own == 0 {
					own = 3
				}
				nodes[i].Add(exchangetest.Frames(rnd, rnd.IntN(24), 0)...)
				nodes[i].Add(exchangetest.Frames(rnd, rnd.IntN(12), own)...)
				continue
			}
			conn := &cutting{Conn: exchangetest.Memory(t, nodes[i], nodes[j]), at: rnd.IntN(12), arrives: rnd.IntN(2) == 0}
			_, _ = exchangetest.Meet(t.Context(), conn, nodes[i], nodes[j]) // cut or not
		}
		meetAll(t, seed, nodes)
		meetAll(t, seed, nodes)
		for i, a := range nodes {
			for _, b := range nodes[:i] {
				if !slices.Equal(a.SharedIDs(b), b.SharedIDs(a)) {
					t.Fatalf("seed %d: two nodes differ", seed)
				}
			}
		}
	}
}

func meetAll(t *testing.T, seed uint64, nodes []*exchangetest.Node) {
	for range 2 {
		for i, a := range nodes {
			for j, b := range nodes {
				if i == j {
					continue
				}
				if r, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b); err != nil || !r.InStep {
					t.Fatalf("seed %d: %+v %v", seed, r, err)
				}
			}
		}
	}
}

// BenchmarkCatchUp moves d frames each way between nodes that share 20,000,
// and prints what the messages cost; BENCH.md S2 has the targets.
func BenchmarkCatchUp(b *testing.B) {
	for _, d := range []int{0, 1, 100, 1000} {
		b.Run(fmt.Sprintf("d=%d", d), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				x, y := exchangetest.Pair(1, 20_000)
				if _, err := exchangetest.Meet(b.Context(), exchangetest.Memory(nil, x, y), x, y); err != nil {
					b.Fatal(err)
				}
				rnd := rand.New(rand.NewPCG(4, 4))
				fx, fy := exchangetest.Frames(rnd, d, 0), exchangetest.Frames(rnd, d, 0)
				x.Add(fx...)
				y.Add(fy...)
				payload := 0
				for _, f := range slices.Concat(fx, fy) {
					payload += len(f)
				}
				b.StartTimer()
				r, err := exchangetest.Meet(b.Context(), exchangetest.Memory(nil, x, y), x, y)
				if err != nil || !r.InStep {
					b.Fatal(r, err)
				}
				b.ReportMetric(float64(r.RoundTrips), "trips")
				b.ReportMetric(float64(r.BytesSent+r.BytesReceived), "bytes")
				b.ReportMetric(float64(payload), "payload")
			}
		})
	}
}
