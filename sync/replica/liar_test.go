package replica

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"testing"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// What a modified program of an enrolled station, or a stranger, may send. None
// of it may spoil what honest stations hold, show or hand on.

func wires(frames ...[]byte) (out []exchange.Wire) {
	for _, f := range frames {
		out = append(out, exchange.Wire{Kind: store.KindOperation, Bytes: f})
	}
	return out
}

// forge signs an operation as n's person, without any of the honest program's
// checks. key is the record's; what h leaves open is filled in.
func (n *node) forge(h oplog.Header, key seal.Key, body crdt.Body) *oplog.Operation {
	n.t.Helper()
	if h.Tree == (store.ID{}) {
		h.Tree = n.tree
	}
	if h.Owner == (store.ID{}) {
		h.Owner = n.id
	}
	if h.Number == 0 {
		h.Epoch, h.Number = oplog.Epoch{0xf0, byte(n.forged >> 8), byte(n.forged)}, 1
		n.forged++
	}
	if h.OwnerLog == nil {
		h.OwnerLog = n.r.logHeads(h.Owner)
	}
	if h.Owner != n.id && h.AuthorLog == nil {
		h.AuthorLog = n.r.logHeads(n.id)
	}
	content, err := crdt.EncodeBody(body)
	if err != nil {
		n.t.Fatal(err)
	}
	op, err := oplog.Make(h, key, content, n.seat.Signing.Private(), n.random)
	if err != nil {
		n.t.Fatal(err)
	}
	return op
}

// wrapTo signs a wrap as n's person that does open.
func (n *node) wrapTo(public []byte, w oplog.Wrap, plain []byte) exchange.Wire {
	n.t.Helper()
	w.Tree, w.Seat, w.For, w.Stamp = n.tree, n.seat.Signing.Public(), seal.PublicKeyName(public), 1
	sealed, err := seal.SealTo(host.SystemRandom, public, w.Associated(), plain)
	if err != nil {
		n.t.Fatal(err)
	}
	w.Sealed = sealed
	s, err := w.Sign(n.seat.Signing.Private())
	if err != nil {
		n.t.Fatal(err)
	}
	return exchange.Wire{Kind: store.KindWrap, Bytes: s.Frame}
}

func signReceipt(rc Receipt, machine ed25519.PrivateKey) []byte {
	m := dcbor.Must(rc)
	return append(m, ed25519.Sign(machine, receiptBytes(m))...)
}

// keyOf is a record's key, as a reader knows it.
func (n *node) keyOf(record store.ID) (key seal.Key) {
	n.t.Helper()
	err := n.r.View(context.Background(), func(rd store.Reader) error {
		var row recordRow
		if _, err := load(rd, rowKey(rowRecord, record[:]), &row); err != nil {
			return err
		}
		k, ok, err := n.r.keys.resolve(rd, *row.Key)
		if err == nil && !ok {
			n.t.Fatal("the key can't be opened")
		}
		key = k
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return key
}

func titled(text string) crdt.Body {
	return crdt.Body{Changes: []crdt.Change{{Kind: crdt.Assign, Path: crdt.Path{{Field: "title"}}, Value: text}}}
}

func (n *node) title(record store.ID) string {
	s, _ := n.state(record).Register(crdt.Path{{Field: "title"}}).Shown.(string)
	return s
}

// An operation whose heads lie in another record can't be applied; it must not
// keep anything else from being taken, nor a rebuild from ending.
func TestHeadsOfAnotherRecord(t *testing.T) {
	_, town, village, _ := county(t)
	a, b := village.newCase("a"), village.newCase("b")
	village.give(town)
	liar := village.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &a, Heads: []store.ID{b}}, village.keyOf(a), titled("gelogen"))
	village.set(b, "title", "honest")
	village.take(village, wires(liar.Frame))
	village.give(town)
	if got := town.title(b); got != "honest" {
		t.Fatalf("%q: one bad operation kept the rest back", got)
	}
	if got := town.title(a); got != "a" {
		t.Fatalf("%q", got)
	}
	if err := town.s.Rebuild(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// An operation that names a record of another owner is refused, also where the
// record's first operation comes in the same batch: otherwise its author would
// be judged as the owner that he says he is.
func TestAnotherOwnersRecordInOneBatch(t *testing.T) {
	_, town, village, other := county(t)
	a := village.newCase("a")
	var first *oplog.Operation
	var rest []exchange.Wire
	_ = village.r.Shared(context.Background(), town.id, func(s exchange.Shared) error {
		return s.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			f, err := s.Frame(store.ID(k[41:]))
			if f.ID == a {
				first, err = oplog.Parse(f.Bytes)
			} else {
				rest = append(rest, exchange.Wire{Kind: f.Kind, Bytes: f.Bytes})
			}
			return true, err
		})
	})
	for _, h := range []oplog.Header{
		{Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: other.id},
		{Class: oplog.ClassDigest, Kind: oplog.KindDigest, Owner: village.id, OwnerLog: town.r.logHeads(village.id), Case: &a, Projects: &a},
	} {
		h.Record, h.Heads = &a, []store.ID{a}
		liar := other.forge(h, village.keyOf(a), titled("gelogen"))
		v := town.take(other, append(wires(first.Frame, liar.Frame), rest...))
		if v[1].Outcome != exchange.Refused {
			t.Errorf("an operation of kind %d and owner %x was taken", h.Kind, h.Owner[:4])
		}
	}
	if got := town.title(a); got != "a" {
		t.Fatalf("%q", got)
	}
}

// A stranger can sign log entries that name a unit as their parent. A node
// keeps only those of authors whom a log admits: otherwise anybody who reaches
// it could fill its disk and every other's.
func TestAStrangersLogsAreNotKept(t *testing.T) {
	court, town, village, _ := county(t)
	stranger := newNode(t, 99)
	req := stranger.request("990125101299-tw", "假的调委会", "admin", "mediator")
	stranger.tree = court.tree
	issuing := *stranger.unit.Issuing
	parent := town.id
	cert, err := identity.AdmitRoot(req, issuing, store.ID{})
	if err != nil {
		t.Fatal(err)
	}
	cert.Parent, cert.Segment, cert.Promise = &parent, identity.Segment{0, 77}, nil
	content, err := identity.EncodeContent([]identity.Item{cert})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := court.r.unit(town.id)
	op, err := oplog.Make(oplog.Header{
		Tree: court.tree, Class: oplog.ClassTree, Kind: oplog.KindLog, Owner: req.Unit, Audience: oplog.AudienceTree,
		Branch: oplog.BranchParent, Number: 1, Epoch: oplog.Epoch{9}, AuthorLog: u.Heads,
	}, seal.Key{}, content, stranger.seat.Signing.Private(), stranger.random)
	if err != nil {
		t.Fatal(err)
	}
	before := village.fingerprint(town)
	if err := village.r.Introduce(context.Background(), [][]byte{op.Frame}); err != nil {
		t.Fatal(err)
	}
	if v := town.take(stranger, wires(op.Frame)); v[0].Outcome != exchange.Refused {
		t.Error("a log entry of a stranger was taken")
	}
	if village.fingerprint(town) != before {
		t.Error("a stranger's introduction is kept and goes on to others")
	}
	if _, ok := village.r.Member(stranger.machine.Public()); ok {
		t.Error("a stranger is a member")
	}
}

// A record whose first operation nobody was entitled to write stands in no view.
func TestALateFirstOperationIsNotShown(t *testing.T) {
	_, town, village, other := county(t)
	key, err := seal.NewKey(other.random)
	if err != nil {
		t.Fatal(err)
	}
	liar := other.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: village.id, OwnerLog: town.r.logHeads(village.id), Audience: oplog.AudienceStation}, key, titled("gelogen"))
	wrap := other.wrapTo(town.r.readingKey(town.id), oplog.Wrap{Key: key.Commitment(), Method: oplog.ToUnit, Unit: town.id, Owner: village.id}, key[:])
	town.take(other, append(wires(liar.Frame), wrap))
	_ = town.r.View(context.Background(), func(rd store.Reader) error {
		if _, shown, _ := AppRow(rd, append([]byte("title/"), liar.ID[:]...)); shown {
			t.Error("a case that an outsider began for a village stands in the list")
		}
		return nil
	})
	c, err := town.r.Count(context.Background(), nil)
	if err != nil || c.Late != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
}

// Anybody on the way may say in a wrap that a key is the audience key of a
// wider audience. A node that knows the key must not believe it and seal the
// key to that audience.
func TestALiarCantWidenAnAudience(t *testing.T) {
	court, town, village, _ := county(t)
	a := village.newCase("a")
	meet(village, town)
	key := village.keyOf(a)
	reading := court.r.readingKey(court.id)
	lie := oplog.Wrap{
		Tree: town.tree, Seat: town.seat.Signing.Public(), Key: key.Commitment(), Method: oplog.ToUnit,
		For: seal.PublicKeyName(village.r.readingKey(village.id)), Unit: village.id, Owner: village.id, Stamp: 1, Rule: oplog.AudienceTree,
		Sealed: make([]byte, 1120+seal.KeySize+seal.Overhead),
	}
	s, err := lie.Sign(town.seat.Signing.Private())
	if err != nil {
		t.Fatal(err)
	}
	village.take(town, []exchange.Wire{{Kind: store.KindWrap, Bytes: s.Frame}})
	if _, err := village.r.Pay(context.Background(), village.signer()); err != nil {
		t.Fatal(err)
	}
	name := seal.PublicKeyName(reading)
	_ = village.r.View(context.Background(), func(rd store.Reader) error {
		list, err := ids(rd, rowKey(rowWrapFor, name[:]))
		for _, id := range list {
			f, _ := rd.Frame(id)
			w, _ := oplog.TrustedWrap(f.Bytes)
			if w.Wrap.Key == key.Commitment() {
				t.Error("the village sealed a case's key to the court because of a lie")
			}
		}
		return err
	})
}

// A wrap that claims to hand a key on, and holds nothing, does not keep the
// holders of the key from handing it on.
func TestAnEmptyWrapPaysNoDebt(t *testing.T) {
	_, town, village, other := county(t)
	village.newCase("a")
	meet(village, town)
	second := newNode(t, 50)
	req := second.request("990125101203-tw", "河湾村", "mediator")
	u, _ := town.r.Registry().Unit(town.id)
	item, err := identity.AdmitSeat(req, identity.Issuer{Key: *town.unit.Issuing, Cert: u.Issuing}, village.id, "河湾村")
	if err != nil {
		t.Fatal(err)
	}
	v, _ := town.r.Registry().Unit(village.id)
	town.enter(village.id, v.First, v.ParentHead, oplog.BranchParent, item)
	name := seal.PublicKeyName(v.Reading)
	lie := oplog.Wrap{
		Tree: other.tree, Seat: other.seat.Signing.Public(), Key: name, Method: oplog.ToSeat, For: seal.PublicKeyName(req.EncKey), Unit: village.id,
		Owner: village.id, Stamp: 1, Sealed: make([]byte, 1120+seal.KeySize+seal.Overhead),
	}
	s, err := lie.Sign(other.seat.Signing.Private())
	if err != nil {
		t.Fatal(err)
	}
	town.give(village)
	village.take(town, []exchange.Wire{{Kind: store.KindWrap, Bytes: s.Frame}})
	if n, err := village.r.Pay(context.Background(), village.signer()); err != nil || n != 1 {
		t.Fatalf("%d wraps made, %v: the second laptop is locked out", n, err)
	}
}

// A request for a new unit lies in a log that many hold. Another admin who
// enrols its person under himself takes nothing from the unit it made.
func TestASeatThatAnotherUnitEnrolsToo(t *testing.T) {
	_, town, village, _ := county(t)
	a := village.newCase("a")
	meet(village, town)
	var req *identity.Request
	_ = town.r.View(context.Background(), func(rd store.Reader) error {
		u, _ := town.r.unit(village.id)
		f, err := rd.Frame(u.First)
		if err != nil {
			t.Fatal(err)
		}
		op, _ := oplog.Trusted(f.Bytes)
		e, _ := identity.EntryOf(op)
		req = e.Items[0].(*identity.Admit).Request
		return nil
	})
	u, _ := town.r.Registry().Unit(town.id)
	item, err := identity.AdmitSeat(req, identity.Issuer{Key: *town.unit.Issuing, Cert: u.Issuing}, town.id, "清溪镇综治中心")
	if err != nil {
		t.Fatal(err)
	}
	town.enter(town.id, u.First, u.OwnHead, oplog.BranchOwn, item)
	village.set(a, "title", "later")
	meet(village, town)
	village.set(a, "title", "even later")
	meet(village, town)
	if village.title(a) != "even later" || town.title(a) != "even later" {
		t.Fatalf("%q and %q", village.title(a), town.title(a))
	}
	for _, n := range []*node{town, village} {
		if unit, _, ok := n.r.Registry().Seat(village.seat.Signing.Public()); !ok || unit != village.id {
			t.Error("the village's person can't sign in at the village any more")
		}
	}
	if unit, _ := town.r.Member(village.machine.Public()); unit != village.id {
		t.Error("the village's machine is now of another unit")
	}
	if err := town.s.Rebuild(context.Background()); err != nil {
		t.Fatal(err)
	}
	if town.title(a) != "even later" {
		t.Fatalf("%q after a rebuild", town.title(a))
	}
	c, _ := town.r.Count(context.Background(), nil)
	if c.Late != 0 {
		t.Errorf("%d honest operations are late", c.Late)
	}
}

// A record with more heads than one operation can name can still be written.
func TestMoreHeadsThanAnOperationNames(t *testing.T) {
	_, town, village, _ := county(t)
	a := village.newCase("a")
	key := village.keyOf(a)
	var frames [][]byte
	for range oplog.MaxHeads + 10 {
		frames = append(frames, village.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &a, Heads: []store.ID{a}}, key, titled("nebeneinander")).Frame)
	}
	village.take(village, wires(frames...))
	meet(village, town)
	town.set(a, "title", "zusammen")
	meet(village, town)
	if got := village.title(a); got != "zusammen" {
		t.Fatalf("%q", got)
	}
	if n := len(village.state(a).Heads()); n != 1 {
		t.Fatalf("%d heads", n)
	}
}

// A machine can sign receipts for owners that don't exist; none of them is kept.
func TestReceiptsForNobodyAreNotKept(t *testing.T) {
	_, town, _, other := county(t)
	var list [][]byte
	for i := range 20 {
		rc := Receipt{Tree: town.tree, Machine: other.machine.Public(), Unit: other.id, Counter: 1, Owner: store.ID{byte(i), 1}}
		list = append(list, signReceipt(rc, other.machine.Private()))
	}
	if err := town.r.TakeReceipts(context.Background(), exchange.Peer{}, list); err != nil {
		t.Fatal(err)
	}
	n := 0
	_ = town.r.eachReceipt("", func(*Receipt, []byte) { n++ })
	if n != 0 {
		t.Errorf("%d receipts were kept", n)
	}
}

// Many lanes of one owner make a receipt in parts, of which none is left out and
// all can be written: else no session with anybody would end.
func TestManyLanesStillGiveAReceipt(t *testing.T) {
	_, town, village, _ := county(t)
	a := village.newCase("a")
	key := village.keyOf(a)
	var frames [][]byte
	for range 1500 {
		frames = append(frames, village.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &a, Heads: []store.ID{a}}, key, crdt.Body{}).Frame)
	}
	village.give(town)
	town.take(village, wires(frames...))
	if _, err := town.r.OwnReceipt(context.Background(), village.id); err != nil {
		t.Fatal(err)
	}
	parts, err := town.r.Receipts(context.Background(), village.id)
	if err != nil || len(parts) < 2 || len(parts) > maxParts {
		t.Fatalf("%d receipts, %v", len(parts), err)
	}
	if err := village.r.TakeReceipts(context.Background(), exchange.Peer{}, parts); err != nil {
		t.Fatal(err)
	}
	village.take(town, wires(frames...)) // to know which lanes there are
	_ = village.r.View(context.Background(), func(rd store.Reader) error {
		cover, err := village.r.CoverageOf(rd, village.id)
		if err != nil {
			t.Fatal(err)
		}
		lanes, err := lanesOf(rd, village.id)
		for _, l := range lanes {
			if l.lane.Class != oplog.ClassTree && !cover.Has(town.id, l.lane, 1) {
				t.Fatalf("a lane of %d is left out", len(lanes))
			}
		}
		return err
	})
}

// A restored folder says less than its partner remembers that it said: its own
// receipt that comes back is passed, and they are in step at once.
func TestAnOwnReceiptThatComesBackIsPassed(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("a")
	meet(village, town)
	swapReceipts(t, village, town)
	key := fmt.Sprintf("%s%x/%x", receiptFact, village.id[:], village.machine.Public())
	old, err := village.r.store.GetFact(key)
	if err != nil {
		t.Fatal(err)
	}
	old = bytes.Clone(old)
	for i := range 8 {
		village.work(id, "edit", int64(i))
		meet(village, town)
		swapReceipts(t, village, town)
	}
	if err := village.r.store.PutFact(context.Background(), key, old); err != nil { // as the backup has it
		t.Fatal(err)
	}
	back, err := town.r.Receipts(context.Background(), village.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := village.r.TakeReceipts(context.Background(), exchange.Peer{}, back); err != nil {
		t.Fatal(err)
	}
	swapReceipts(t, village, town) // fails unless both have the same then
	b, err := town.r.store.GetFact(key)
	if err != nil {
		t.Fatal(err)
	}
	if rc, err := parseReceipt(b); err != nil || rc.Counter < 10 {
		t.Errorf("counter %d, %v", rc.Counter, err)
	}
}

// A restored folder may say as often as it had said before the loss, and say
// something else: two receipts of one counter. The own machine passes the one
// that comes back; among others either gives way to the same one of the two.
func TestTwoReceiptsOfOneCounter(t *testing.T) {
	court, town, village, _ := county(t)
	village.newCase("a")
	meet(village, town)
	meet(town, court)
	swapReceipts(t, town, court)
	key := fmt.Sprintf("%s%x/%x", receiptFact, village.id[:], court.machine.Public())
	one, rc, err := court.r.heldReceipt(key)
	if err != nil || rc == nil || len(rc.Lanes) == 0 {
		t.Fatalf("%+v, %v", rc, err)
	}
	rc.Lanes = nil
	two := rc.sign(court.r.machine)
	take := func(n *node, receipts ...[]byte) []byte {
		t.Helper()
		if err := n.r.TakeReceipts(context.Background(), exchange.Peer{}, receipts); err != nil {
			t.Fatal(err)
		}
		b, err := n.r.store.GetFact(key)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(b)
	}
	if a, b := take(town, one, two), take(village, two, one); !bytes.Equal(a, b) {
		t.Error("two stations that heard both in another order keep different ones")
	}
	if after, err := parseReceipt(take(court, two)); err != nil || after.Counter <= rc.Counter || len(after.Lanes) == 0 {
		t.Errorf("the machine goes on with counter %d, which says two things (%v)", after.Counter, err)
	}
	swapReceipts(t, town, court) // fails unless both have the same then
}

// An own receipt of a later program of this folder counts for nothing here, so it
// is said anew though its lanes are the same.
func TestAnOwnReceiptOfALaterProgramIsSaidAnew(t *testing.T) {
	_, town, village, _ := county(t)
	village.newCase("a")
	meet(village, town)
	swapReceipts(t, village, town)
	key := fmt.Sprintf("%s%x/%x", receiptFact, village.id[:], village.machine.Public())
	raw, rc, err := village.r.heldReceipt(key)
	if err != nil || rc == nil {
		t.Fatal(rc, err)
	}
	m, err := dcbor.MarshalWith(*rc, dcbor.Keys{99: dcbor.Must(1)})
	if err != nil {
		t.Fatal(err)
	}
	later := append(m, ed25519.Sign(village.machine.Private(), receiptBytes(m))...)
	if err := village.r.store.PutFact(context.Background(), key, later); err != nil || bytes.Equal(raw, later) {
		t.Fatal(err)
	}
	swapReceipts(t, village, town)
	for _, n := range []*node{village, town} {
		if _, rc, err := n.r.heldReceipt(key); err != nil || rc.newer || rc.Counter < 2 {
			t.Errorf("%+v, %v", rc, err)
		}
	}
}

// Of a seat that forked each side is a run of its own, and what is said of one
// does not count for the other.
func TestReceiptsTellTheSidesOfAFork(t *testing.T) {
	_, town, village, _ := county(t)
	a := village.newCase("a")
	key := village.keyOf(a)
	side := func(number uint64, previous *store.ID) *oplog.Operation {
		return village.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &a, Heads: []store.ID{a}, Epoch: oplog.Epoch{9}, Number: number, Previous: previous}, key, crdt.Body{})
	}
	one := side(1, nil)
	left, right := side(2, &one.ID), side(2, &one.ID)
	more := side(3, &left.ID)
	all := wires(one.Frame, left.Frame, right.Frame, more.Frame)
	village.give(town)
	town.take(village, all)
	lane := one.Header.Lane()
	_ = town.r.View(context.Background(), func(rd store.Reader) error {
		lanes, _ := lanesOf(rd, village.id)
		for _, l := range lanes {
			if l.lane != lane {
				continue
			}
			runs, err := runsOf(rd, l, nil)
			want := []ReceiptRun{{From: 1, To: 1, Last: one.ID}, {From: 2, To: 2, Last: right.ID}, {From: 2, To: 3, Last: more.ID}}
			if err != nil || !slices.Equal(runs, want) {
				t.Errorf("%v, %v, not %v", runs, err, want)
			}
		}
		return nil
	})
	village.take(town, wires(one.Frame, right.Frame))
	rc := Receipt{Tree: town.tree, Machine: town.machine.Public(), Unit: town.id, Counter: 90, Owner: village.id, Lanes: []ReceiptLane{
		{Seat: lane.Seat, Epoch: lane.Epoch, Class: lane.Class, Runs: []ReceiptRun{{From: 1, To: 2, Last: left.ID}}},
	}}
	if err := village.r.TakeReceipts(context.Background(), exchange.Peer{}, [][]byte{signReceipt(rc, town.machine.Private())}); err != nil {
		t.Fatal(err)
	}
	_ = village.r.View(context.Background(), func(rd store.Reader) error {
		cover, err := village.r.CoverageOf(rd, village.id)
		if err != nil || cover.Has(town.id, lane, 2) {
			t.Errorf("the other side of a fork counts as received, %v", err)
		}
		return nil
	})
	town.sameInAnyOrder(3)
}

// A machine tells which keys it should have and lacks.
func TestReceiptsNameTheKeysThatAreMissing(t *testing.T) {
	_, town, village, _ := county(t)
	a := village.newCase("a")
	key := village.keyOf(a)
	commitment := key.Commitment()
	var frames []exchange.Wire
	_ = village.r.Shared(context.Background(), town.id, func(s exchange.Shared) error {
		return s.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			f, err := s.Frame(store.ID(k[41:]))
			if f.Kind == store.KindOperation {
				frames = append(frames, exchange.Wire{Kind: f.Kind, Bytes: f.Bytes})
			}
			return true, err
		})
	})
	town.take(village, frames)
	lacks := func() []store.ID {
		if _, err := town.r.OwnReceipt(context.Background(), village.id); err != nil {
			t.Fatal(err)
		}
		var out []store.ID
		_ = town.r.eachReceipt(fmt.Sprintf("%x/", village.id[:]), func(rc *Receipt, _ []byte) { out = append(out, rc.Lacks...) })
		return out
	}
	if got := lacks(); len(got) != 2 || !slices.Contains(got, commitment) {
		t.Errorf("the keys of case and digest are missing, told are %x", got)
	}
	village.give(town)
	if got := lacks(); len(got) != 0 {
		t.Errorf("%x are told as missing and are there", got)
	}
}

// A record of many large operations is still taken: it must not keep the rest
// of a session back.
func TestARecordLargerThanARow(t *testing.T) {
	_, town, village, _ := county(t)
	a := village.newCase("a")
	text := string(bytes.Repeat([]byte("经过"), 85_000))
	for range 10 {
		village.write(func(w *Writer) error {
			_, err := w.Append(a, nil, crdt.Body{Changes: []crdt.Change{{Kind: crdt.Insert, Path: crdt.Path{{Field: "facts"}}, Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: text}}}, nil)
			return err
		})
	}
	village.set(a, "title", "danach")
	meet(village, town)
	village.reopen()
	for _, n := range []*node{village, town} {
		if n.title(a) != "danach" || len(n.state(a).Text(crdt.Path{{Field: "facts"}})) < 10*len(text) {
			t.Fatal("the large record is not whole")
		}
	}
	if !slices.Equal(village.state(a).Encode(), town.state(a).Encode()) {
		t.Fatal("different states")
	}
}

// A batch of broken frames costs little, is not written one by one, and leaves
// no more behind than the limit.
func TestAFloodOfBrokenFrames(t *testing.T) {
	_, town, village, _ := county(t)
	frames := make([]exchange.Wire, 30_000)
	for i := range frames {
		frames[i] = exchange.Wire{Kind: store.KindOperation, Bytes: []byte{1, byte(i), byte(i >> 8)}}
	}
	a := village.newCase("a")
	for _, v := range town.take(village, frames) {
		if v.Outcome != exchange.Refused {
			t.Fatal("taken")
		}
	}
	meet(village, town)
	if town.title(a) != "a" {
		t.Fatal("the honest operation was not taken")
	}
	known, err := town.r.Refused(context.Background(), exchange.Peer{Machine: village.machine.Public()})
	if err != nil || len(known) > exchange.MaxRefusedKnown {
		t.Fatalf("%d, %v", len(known), err)
	}
}

// Operations of a machine seat, and of a seat that an auditor has, change nothing.
func TestMachinesWriteNothing(t *testing.T) {
	_, town, village, _ := county(t)
	a := village.newCase("a")
	village.give(town)
	person := village.seat.Signing
	village.seat.Signing = village.machine
	op := village.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &a, Heads: []store.ID{a}}, village.keyOf(a), titled("machine"))
	village.seat.Signing = person
	town.take(village, wires(op.Frame))
	if got := town.title(a); got != "a" {
		t.Fatalf("%q", got)
	}
}

// A unit that knows a case's id can begin no digest of it: the case's header,
// which the id is a hash of, names another owner.
func TestADigestOfACaseThatIsNotHis(t *testing.T) {
	_, town, village, other := county(t)
	a := village.newCase("a")
	meet(village, town)
	var first *oplog.Operation
	_ = village.r.View(context.Background(), func(rd store.Reader) error {
		f, err := rd.Frame(a)
		if err == nil {
			first, err = oplog.Parse(f.Bytes)
		}
		return err
	})
	h := oplog.Header{Class: oplog.ClassDigest, Kind: oplog.KindDigest, Owner: other.id, Case: &a, Projects: &a, Audience: oplog.AudienceTree}
	h.CaseHeader = oplog.CaseHeaderOf(first)
	if _, err := oplog.Make(h, seal.Key{1}, []byte{0xa1, 1, 0x80}, other.seat.Signing.Private(), other.random); !errors.Is(err, oplog.ErrHeader) {
		t.Fatalf("a digest of another's case can be made: %v", err)
	}
	_ = town.r.View(context.Background(), func(rd store.Reader) error {
		list, err := town.r.RecordsOf(rd, a, oplog.KindDigest)
		if err != nil || len(list) == 0 {
			t.Fatal(err)
		}
		rec, _, err := town.r.State(rd, list[0])
		if err != nil || rec.Owner != village.id {
			t.Errorf("the first digest of the case belongs to %x", rec.Owner[:4])
		}
		return nil
	})
}

// A unit of many people is still met: an introduction holds what admits the
// machine and not all that came later.
func TestAUnitOfManySeatsIntroducesItself(t *testing.T) {
	court, town, village, _ := county(t)
	u, _ := court.r.Registry().Unit(court.id)
	previous := u.OwnHead
	for range 150 {
		keys, err := identity.NewSeatKeys(court.random)
		if err != nil {
			t.Fatal(err)
		}
		req, err := identity.NewSeatRequest(identity.NewSeat{Unit: court.id, SeatName: "例", Roles: []identity.Role{"clerk"}, Seat: keys})
		if err != nil {
			t.Fatal(err)
		}
		item, err := identity.AdmitSeat(req, identity.Issuer{Key: *court.unit.Issuing, Cert: u.Issuing}, court.id, "院")
		if err != nil {
			t.Fatal(err)
		}
		court.enter(court.id, u.First, previous, oplog.BranchOwn, item)
		now, _ := court.r.Registry().Unit(court.id)
		previous = now.OwnHead
	}
	meet(town, court)
	meet(village, town)
	for _, n := range []*node{court, town, village} {
		size := 0
		frames := n.r.Introduction()
		for _, f := range frames {
			size += len(f)
		}
		if size > exchange.MaxIntroduction {
			t.Errorf("an introduction of %d bytes, at most %d", size, exchange.MaxIntroduction)
		}
		// Whoever knows the tree alone knows its bearer afterwards.
		fresh := newNode(t, 70)
		fresh.id, fresh.unit = court.id, court.unit
		fresh.open(court.tree)
		if err := fresh.r.Introduce(context.Background(), frames); err != nil {
			t.Fatal(err)
		}
		if unit, ok := fresh.r.Member(n.machine.Public()); !ok || unit != n.id {
			t.Errorf("after its introduction %x is not known", n.id[:4])
		}
	}
}

// Operations that wait for what there is none of fill their sender's room alone;
// an honest queue that came in a bad order heals, and others are taken.
func TestWhatWaitsIsBoundedForEachSender(t *testing.T) {
	_, town, village, other := county(t)
	id, theirs := village.newCase("waits"), other.newCase("goes on")
	meet(village, town)
	meet(other, town)
	key := village.keyOf(id)
	flood := func(n int) (taken int) {
		var frames [][]byte
		for range n {
			head := store.ID{byte(village.forged), byte(village.forged >> 8), 0xee}
			frames = append(frames, village.forge(oplog.Header{Class: oplog.ClassCase, Kind: oplog.KindCase, Record: &id, Heads: []store.ID{head}}, key, titled("x")).Frame)
		}
		for _, v := range town.take(village, wires(frames...)) {
			if v.Outcome == exchange.Taken {
				taken++
			} else if v.Reason != exchange.ReasonNotYet {
				t.Fatalf("%+v", v)
			}
		}
		return taken
	}
	if a, b := flood(maxPending-1), flood(10); a != maxPending-1 || b != 1 {
		t.Errorf("%d and %d of what waits are taken", a, b)
	}
	other.set(theirs, "title", "others are taken")
	meet(other, town)
	village.set(id, "title", "and he himself is, where nothing is missing")
	if n := village.give(town); n != 0 || town.title(id) != "and he himself is, where nothing is missing" || town.title(theirs) != "others are taken" {
		t.Errorf("%d refused; %q, %q", n, town.title(id), town.title(theirs))
	}
	var list []Pending
	_ = town.r.View(context.Background(), func(rd store.Reader) (err error) {
		list, err = town.r.Pendings(rd)
		return err
	})
	if len(list) != 1 || list[0].Count != maxPending || list[0].Unit != village.id {
		t.Errorf("%+v", list)
	}
}
