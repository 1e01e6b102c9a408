package replica

import (
	"context"
	"testing"

	"hejie/store"
	"hejie/sync/oplog"
)

// A record whose key lies in its first operation is read by all that could read
// it by a wrap, granted units too, by programs that write the one form and the
// other, and costs no wrap for each record.
func TestRecordsThatBearTheirKeys(t *testing.T) {
	court, town, village, other := county(t)
	village.r.keysInside = true
	a, b := village.newCase("a"), village.newCase("b")
	wraps, inside := 0, 0
	err := village.r.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			switch f.Kind {
			case store.KindWrap:
				w, err := oplog.TrustedWrap(f.Bytes)
				if err != nil {
					return false, err
				}
				if w.Wrap.Method == oplog.UnderAudience {
					wraps++
				}
			case store.KindOperation:
				op, err := oplog.Trusted(f.Bytes)
				if err != nil {
					return false, err
				}
				if _, _, ok := op.Inside(); ok {
					inside++
				}
			}
			return true, nil
		})
	})
	if err != nil || wraps != 0 || inside != 2 {
		t.Fatalf("%d wraps under audience keys, %d operations that bear theirs, %v", wraps, inside, err)
	}
	meet(village, town)
	if town.title(a) != "a" || town.title(b) != "b" {
		t.Fatal("the station does not read them")
	}
	village.r.keysInside = false
	village.set(a, "title", "a2")
	meet(village, town)
	meet(town, court)
	if got := town.title(a); got != "a2" {
		t.Fatalf("%q", got)
	}
	if other.holds(a) || court.holds(a) {
		t.Fatal("it went to who has no part in it")
	}
	village.rebuiltEqualsKept()
	if got := village.title(a); got != "a2" {
		t.Fatalf("%q", got)
	}
}
