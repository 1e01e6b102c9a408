package replica

import (
	"context"
	"testing"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/seal"
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

// Keys inside go the same ways as wrapped ones: to a granted unit, which has no
// audience key, to notes' readers and nobody else, whatever comes first. Nobody
// can claim a key for an operation by bearing another one.
func TestKeysInsideInAnyOrder(t *testing.T) {
	court, town, village, other := county(t)
	village.r.keysInside, town.r.keysInside = true, true
	granted, kept := village.newCase("granted"), village.newCase("kept")
	var notes store.ID
	village.write(func(w *Writer) error {
		op, err := w.Create(Begin{Kind: oplog.KindNotes, Owner: village.id, Case: &granted}, titled("words"))
		if err == nil {
			notes = op.ID
		}
		return err
	})
	village.grantTo(granted, court.id)
	for range 3 {
		meet(village, town)
		meet(town, court)
		meet(town, other)
	}
	if got := court.title(granted); got != "granted" {
		t.Errorf("the granted unit reads %q", got)
	}
	if !town.canOpen(village, notes) || town.title(kept) != "kept" {
		t.Error("the station does not read what it should")
	}
	if court.canOpen(village, kept) || court.canOpen(village, notes) || other.canOpen(village, granted) {
		t.Error("a key went to who has no part in it")
	}
	for _, n := range []*node{court, town, village} {
		n.sameInAnyOrder(4)
	}
}

// An operation that bears another key than its header names opens nothing, and
// hinders nobody who brings the right one.
func TestAKeyInsideThatIsAnother(t *testing.T) {
	_, town, village, _ := county(t)
	known := village.newCase("known")
	meet(village, town)
	record := village.newCase("true")
	under, named := village.keyOf(known), village.keyOf(record).Commitment()
	h := oplog.Header{
		Tree: village.tree, Owner: village.id, Epoch: oplog.Epoch{0xf0}, Class: oplog.ClassCase, Kind: oplog.KindCase, Number: 1,
		OwnerLog: village.r.logHeads(village.id), Audience: oplog.AudienceStation,
	}
	wrong, err := seal.NewKey(village.random)
	if err != nil {
		t.Fatal(err)
	}
	good, err := oplog.MakeInside(h, wrong, under, []byte{0xa1, 1, 0x80}, village.seat.Signing.Private(), village.random)
	if err != nil {
		t.Fatal(err)
	}
	lie := village.signedAnew(good, wrong.Commitment(), named)
	if v := town.take(village, wires(lie.Frame)); v[0].Outcome != exchange.Taken {
		t.Fatalf("it is not held: %+v", v)
	}
	if town.canOpen(village, record) {
		t.Fatal("the key that was not brought yet is there")
	}
	meet(village, town)
	if got := town.title(record); got != "true" {
		t.Errorf("%q", got)
	}
	town.sameInAnyOrder(4)
}
