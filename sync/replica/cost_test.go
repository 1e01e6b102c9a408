package replica

import (
	"context"
	"testing"

	"hejie/store"
	"hejie/sync/oplog"
)

// wraps are the wraps that a node holds, by method.
func (n *node) wraps() map[oplog.Method]int {
	n.t.Helper()
	count := map[oplog.Method]int{}
	err := n.r.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			if f.Kind != store.KindWrap {
				return true, nil
			}
			w, err := oplog.TrustedWrap(f.Bytes)
			if err == nil {
				count[w.Wrap.Method]++
			}
			return err == nil, err
		})
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return count
}

// A seat's second case costs one small wrap, under the audience key that station
// and owner have, and nobody owes anybody another: a wrap to a unit has 1.5 kB.
func TestASecondCaseCostsOneSmallWrap(t *testing.T) {
	court, town, village, _ := county(t)
	first := village.newCase("first")
	meet(village, town)
	meet(town, court)
	before := court.wraps()
	held := village.wraps()
	second := village.newCase("second")
	village.set(second, "title", "second again")
	for range 2 {
		for _, n := range []*node{village, town, court} {
			n.pay()
		}
		meet(village, town)
		meet(town, court)
	}
	got := village.wraps()
	if small, large := got[oplog.UnderAudience]-held[oplog.UnderAudience], got[oplog.ToUnit]-held[oplog.ToUnit]; small != 1 || large != 0 {
		t.Errorf("%d small wraps and %d to units", small, large)
	}
	if after := court.wraps(); after[oplog.ToUnit] != before[oplog.ToUnit] {
		t.Errorf("the court holds %d wraps to units after %d", after[oplog.ToUnit], before[oplog.ToUnit])
	}
	if town.title(first) != "first" || town.title(second) != "second again" {
		t.Error("the station does not read them")
	}
}
