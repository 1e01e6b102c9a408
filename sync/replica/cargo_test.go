package replica

import (
	"context"
	"encoding/binary"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
)

func (n *node) carries(unit store.ID) []exchange.Wire {
	n.t.Helper()
	list, err := n.r.Cargo(context.Background(), unit)
	if err != nil {
		n.t.Fatal(err)
	}
	return list
}

func (n *node) newer() Counts {
	n.t.Helper()
	c, err := n.r.Count(context.Background(), nil)
	if err != nil {
		n.t.Fatal(err)
	}
	return c
}

// later are frames of a newer program, each for another reason.
func later(n *node, id store.ID) []exchange.Wire {
	n.t.Helper()
	var frame []byte
	if err := n.s.View(context.Background(), func(rd store.Reader) error {
		f, err := rd.Frame(id)
		frame = f.Bytes
		return err
	}); err != nil {
		n.t.Fatal(err)
	}
	suite := slices.Clone(frame)
	suite[0] = 2
	return []exchange.Wire{
		{Kind: store.KindOperation, Bytes: suite},
		{Kind: store.KindWrap, Bytes: slices.Clone(suite)},
		{Kind: 6, Bytes: []byte("a kind of frame that comes later")},
		{Kind: 255, Bytes: nil},
	}
}

func TestWhatCantBeCheckedIsCarried(t *testing.T) {
	_, town, village, other := county(t)
	frames := later(village, village.newCase("a"))
	meet(village, town)
	before, shared := town.newer(), town.fingerprint(village)
	for _, v := range town.take(village, frames) {
		if v.Outcome != exchange.AsCargo {
			t.Fatalf("%+v", v)
		}
	}
	for _, v := range town.take(other, frames[:1]) { // the same by another way
		if v.Outcome != exchange.AsCargo {
			t.Fatalf("%+v", v)
		}
	}
	after := town.newer()
	if after.Newer != before.Newer+len(frames) || after.Refused != 0 || after.Operations != before.Operations || town.fingerprint(village) != shared {
		t.Fatalf("%+v", after)
	}
	if list := town.carries(village.id); len(list) != 0 {
		t.Fatalf("%d frames go back to who brought them", len(list))
	}
	if list := town.carries(other.id); len(list) != len(frames)-1 {
		t.Fatalf("%d frames go on", len(list))
	}
	v, err := town.r.Verify(context.Background())
	if err != nil || len(v.Bad) != 0 || len(v.Newer) != len(frames) {
		t.Fatalf("%+v, %v", v, err)
	}
	town.reopen()
	if town.newer().Newer != after.Newer {
		t.Fatal("a restart forgets what is carried")
	}
	if err := town.r.Settled(context.Background(), other.id, []store.ID{exchange.CargoID(frames[1]), {1}}); err != nil {
		t.Fatal(err)
	}
	town.reopen()
	if list := town.carries(other.id); len(list) != len(frames)-2 {
		t.Fatalf("%d frames go on", len(list))
	}
}

func TestCargoHasRoomForEachSenderAndInAll(t *testing.T) {
	_, town, village, other := county(t)
	// The first four bytes tell the frames apart.
	frame := func(n int, size int) exchange.Wire {
		b := make([]byte, size)
		binary.BigEndian.PutUint32(b, uint32(n))
		return exchange.Wire{Kind: 99, Bytes: b}
	}
	outcome := func(from *node, w exchange.Wire) exchange.Verdict { return town.take(from, []exchange.Wire{w})[0] }
	const half = maxCargoOf / 2
	for i := range 2 {
		if v := outcome(village, frame(i, half)); v.Outcome != exchange.AsCargo {
			t.Fatalf("%d: %+v", i, v)
		}
	}
	if v := outcome(village, frame(2, 4)); v.Outcome != exchange.Refused || v.Reason != exchange.ReasonQuota {
		t.Fatalf("%+v", v)
	}
	if town.newer().Refused != 0 {
		t.Fatal("what is newer counts as refused")
	}
	// Nobody takes another's room, and small frames are few too.
	many := make([]exchange.Wire, maxCargoOf/leastCargo+1)
	for i := range many {
		many[i] = frame(100+i, 4)
	}
	verdicts := town.take(other, many)
	for i, v := range verdicts {
		if want := i < len(many)-1; want != (v.Outcome == exchange.AsCargo) {
			t.Fatalf("%d: %+v", i, v)
		}
	}
	// In all.
	for i := range maxCargo / half {
		peer := exchange.Peer{Machine: store.ID{byte(i), 7}, Unit: store.ID{byte(i), 8}}
		v, err := town.r.Take(context.Background(), peer, []exchange.Wire{frame(10_000+i, half)})
		if err != nil {
			t.Fatal(err)
		}
		room := 2*maxCargoOf+(i+1)*half <= maxCargo
		if room != (v[0].Outcome == exchange.AsCargo) {
			t.Fatalf("%d: %+v", i, v[0])
		}
	}
	// Nothing is kept of who has no name.
	if v, _ := town.r.Take(context.Background(), exchange.Peer{}, []exchange.Wire{frame(1<<20, 4)}); v[0].Reason != exchange.ReasonQuota {
		t.Fatalf("%+v", v[0])
	}
}

// An older program kept frames as cargo which this one knows.
func TestAnUpdatedProgramTakesWhatWasCarried(t *testing.T) {
	_, town, village, _ := county(t)
	meet(village, town)
	id := village.newCase("a")
	var frame []byte
	_ = village.s.View(context.Background(), func(rd store.Reader) error {
		f, err := rd.Frame(id)
		frame = f.Bytes
		return err
	})
	w := exchange.Wire{Kind: store.KindOperation, Bytes: frame}
	x := incoming{frame: store.Frame{Kind: w.Kind, Bytes: w.Bytes, ID: exchange.CargoID(w)}, cargo: true}
	peer := exchange.Peer{Machine: village.machine.Public(), Unit: village.id}
	if err := town.r.keepCargo(context.Background(), peer, &x); err != nil || town.r.carried() != 1 {
		t.Fatal(err)
	}
	town.reopen()
	if town.r.carried() != 0 {
		t.Fatal("it is still carried")
	}
	if err := town.s.View(context.Background(), func(rd store.Reader) error { _, err := rd.Frame(id); return err }); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyNamesFaults(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("a")
	meet(village, town)
	first := village.forgeBytes(t, id, []byte("no list of changes"))
	if v := town.take(village, wires(first.Frame))[0]; v.Outcome != exchange.Taken {
		t.Fatalf("%+v", v)
	}
	v, err := town.r.Verify(context.Background())
	if err != nil || len(v.Bad) != 1 || v.Bad[0].ID != first.ID {
		t.Fatalf("%+v, %v", v, err)
	}
}

// forgeBytes writes an operation on a record whose body is any content, in a
// lane of its own.
func (n *node) forgeBytes(t *testing.T, record store.ID, content []byte) *oplog.Operation {
	t.Helper()
	var head *oplog.Operation
	err := n.s.View(context.Background(), func(rd store.Reader) error {
		f, err := rd.Frame(record)
		if err == nil {
			head, err = oplog.Trusted(f.Bytes)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var h oplog.Header
	err = n.s.View(context.Background(), func(rd store.Reader) error {
		key, ok, err := n.r.keys.resolve(rd, *head.Header.Key)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		h = oplog.Header{
			Tree: n.tree, Epoch: oplog.Epoch{200}, Owner: n.id, Class: oplog.ClassCase, Number: 1, Record: &record, Kind: oplog.KindCase,
			Heads: n.state(record).Heads(), OwnerLog: head.Header.OwnerLog, Stamp: head.Header.Stamp + 1,
		}
		op, err := oplog.Make(h, key, content, n.seat.Signing.Private(), n.random)
		head = op
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := crdt.DecodeBody(content); err == nil {
		t.Fatal("it is a body")
	}
	return head
}
