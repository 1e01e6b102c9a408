package replica

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"hejie/store"
	"hejie/store/host/memfs"
	"hejie/store/mem"
	"hejie/store/packstore"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// testPolicy knows a small record: what merging needs, no mediation.
type testPolicy struct{}

var testSchema = crdt.Schema{
	"title":  {Kind: crdt.Register},
	"amount": {Kind: crdt.Register, Legal: true},
	"facts":  {Kind: crdt.Text},
	"tags":   {Kind: crdt.Set},
}

func (testPolicy) Schema(oplog.Kind) crdt.Schema { return testSchema }
func (testPolicy) Version() uint32               { return 1 }

// Judge lets auditors write nothing, and units above grant nothing.
func (testPolicy) Judge(_ oplog.Kind, a Author, _ crdt.Body, grants []store.ID) string {
	if len(grants) > 0 && a.Relation == Above {
		return "who reads figures alone grants nothing"
	}
	for _, role := range a.Roles {
		if role != "auditor" {
			return ""
		}
	}
	return "an auditor writes nothing"
}

// Adopts lets the owner's and the station's directors take in what is late.
func (testPolicy) Adopts(a Author) string {
	if (a.Relation == Owner || a.Relation == Station) && contains(a.Roles, "director") {
		return ""
	}
	return "only a director of the owner or its station takes in what is late"
}

func (testPolicy) Rows(rec Record, s *crdt.State, rows Rows) error {
	title, _ := s.Register(crdt.Path{{Field: "title"}}).Shown.(string)
	return rows.Put(append([]byte("title/"), rec.ID[:]...), []byte(title))
}

// seeded is a deterministic source of bytes for one node.
type seeded struct{ r *rand.ChaCha8 }

func (s seeded) Read(b []byte) (int, error) { return s.r.Read(b) }

func newSeeded(seed uint64) seeded {
	var k [32]byte
	binary.LittleEndian.PutUint64(k[:], seed)
	return seeded{rand.NewChaCha8(k)}
}

// stepClock goes on by a millisecond a look.
type stepClock struct{ at int64 }

func (c *stepClock) Now() time.Time { c.at++; return time.UnixMilli(c.at) }

// node is a whole replica over the memory engine and a disk in memory.
type node struct {
	t       *testing.T
	r       *Replica
	s       *packstore.Store
	fs      *memfs.FS
	seat    identity.SeatKeys
	machine identity.SigningKey
	unit    identity.UnitKeys
	id      store.ID
	epoch   oplog.Epoch
	random  seeded
	tree    store.ID
	program string
	forged  int // lanes that forge began
	// cheap divides the bounds of what is dear and large; 0: as they are.
	cheap uint64
}

func (n *node) signer() Signer {
	return Signer{Key: n.seat.Signing.Private(), Unit: n.id, Epoch: n.epoch}
}

func newNode(t *testing.T, seed uint64) *node {
	n := &node{t: t, random: newSeeded(seed), fs: memfs.New(seed), epoch: oplog.Epoch{1}}
	var err error
	if n.seat, err = identity.NewSeatKeys(n.random); err != nil {
		t.Fatal(err)
	}
	if n.machine, err = identity.NewSigningKey(n.random); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) request(code, name string, roles ...identity.Role) *identity.Request {
	var err error
	if n.unit, err = identity.NewUnitKeys(n.random, contains(roles, "admin")); err != nil {
		n.t.Fatal(err)
	}
	sheet, err := identity.NewSheet(n.random)
	if err != nil {
		n.t.Fatal(err)
	}
	escrow, err := identity.SealEscrow(n.random, sheet, n.unit)
	if err != nil {
		n.t.Fatal(err)
	}
	req, err := identity.NewUnitRequest(identity.NewUnit{Code: code, Name: name, SeatName: name + "的人", Roles: roles, Seat: n.seat, Unit: n.unit, Machine: n.machine, Escrow: escrow})
	if err != nil {
		n.t.Fatal(err)
	}
	n.id = req.Unit
	return req
}

func contains(roles []identity.Role, r identity.Role) bool {
	for _, x := range roles {
		if x == r {
			return true
		}
	}
	return false
}

// open opens the node's store and replica.
func (n *node) open(tree store.ID) {
	n.tree = tree
	n.r = Make(Options{
		Self: exchange.Self{Tree: tree, Unit: n.id, Seat: n.machine.Public()}, Machine: n.machine.Private(),
		Policy: testPolicy{}, Clock: &stepClock{at: 1_700_000_000_000}, Random: n.random, Program: n.program,
	})
	n.cheaper(n.cheap)
	n.r.Keep(n.unit.Reading...)
	s, err := mem.Open(context.Background(), packstore.Options{FS: n.fs, Dir: "data", Key: [32]byte{7}, Applier: n.r, Random: n.random, Reserve: -1})
	if err != nil {
		n.t.Fatal(err)
	}
	n.s = s
	if err := n.r.Open(context.Background(), s); err != nil {
		n.t.Fatal(err)
	}
}

// cheaper divides the bounds of what is dear and large, so that few operations
// reach them.
func (n *node) cheaper(by uint64) {
	if n.cheap = by; by > 0 {
		n.r.maxWeight, n.r.due.large = MaxWeight/by, largeWeight/by
	}
}

func (n *node) reopen() {
	if err := n.s.Close(); err != nil {
		n.t.Fatal(err)
	}
	n.open(n.tree)
}

func newRoot(t *testing.T, seed uint64) *node {
	n := newNode(t, seed)
	req := n.request("990125000000-fy", "青禾县人民法院", "admin", "judge")
	n.open(n.id)
	admit, err := identity.AdmitRoot(req, *n.unit.Issuing, identity.PromiseOf(identity.SeatKey{7}))
	if err != nil {
		t.Fatal(err)
	}
	n.enter(n.id, store.ID{}, store.ID{}, oplog.BranchOwn, admit)
	return n
}

func (n *node) enter(unit, first, previous store.ID, branch oplog.Branch, items ...identity.Item) {
	n.t.Helper()
	content, err := identity.EncodeContent(items)
	if err != nil {
		n.t.Fatal(err)
	}
	n.write(func(w *Writer) error {
		_, err := w.Enter(unit, first, previous, branch, content)
		return err
	})
}

func (n *node) write(fn func(*Writer) error) {
	n.t.Helper()
	if _, err := n.r.Write(context.Background(), n.signer(), Save{}, fn); err != nil {
		n.t.Fatal(err)
	}
}

// admit admits a new child of n and gives it the logs that admit it.
func (n *node) admit(seed uint64, code, name string, byParent bool, roles ...identity.Role) *node {
	n.t.Helper()
	child := newNode(n.t, seed)
	req := child.request(code, name, roles...)
	u, _ := n.r.Registry().Unit(n.id)
	seg, _ := n.r.Registry().FreeSegment(n.id)
	admit, err := identity.AdmitUnit(req, identity.Issuer{Key: *n.unit.Issuing, Cert: u.Issuing}, seg, byParent)
	if err != nil {
		n.t.Fatal(err)
	}
	n.enter(child.id, store.ID{}, store.ID{}, oplog.BranchParent, admit)
	child.open(n.tree)
	var frames []exchange.Wire
	_ = n.r.View(context.Background(), func(rd store.Reader) error {
		up := append(n.r.ancestors(n.id), n.id, child.id)
		for _, id := range up {
			list, err := n.r.LogFrames(rd, id)
			if err != nil {
				n.t.Fatal(err)
			}
			for _, f := range list {
				frames = append(frames, exchange.Wire{Kind: store.KindOperation, Bytes: f})
			}
		}
		return nil
	})
	child.take(n, frames)
	if _, ok := child.r.path(child.id); !ok {
		n.t.Fatalf("%s has no place in its own tree", name)
	}
	return child
}

func (n *node) take(from *node, frames []exchange.Wire) []exchange.Verdict {
	n.t.Helper()
	v, err := n.r.Take(context.Background(), exchange.Peer{Machine: from.machine.Public(), Unit: from.id}, frames)
	if err != nil {
		n.t.Fatal(err)
	}
	return v
}

// give brings to `to` everything that n shares with it, in the order of keys.
func (n *node) give(to *node) (refused int) {
	n.t.Helper()
	var frames []exchange.Wire
	err := n.r.Shared(context.Background(), to.id, func(s exchange.Shared) error {
		return s.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			f, err := s.Frame(store.ID(k[41:]))
			frames = append(frames, exchange.Wire{Kind: f.Kind, Bytes: f.Bytes})
			return true, err
		})
	})
	if err != nil {
		n.t.Fatal(err)
	}
	for _, v := range to.take(n, frames) {
		if v.Outcome == exchange.Refused {
			refused++
			n.t.Logf("refused: %s", v.Sentence)
		}
	}
	return refused
}

func meet(a, b *node) {
	a.t.Helper()
	if n := a.give(b) + b.give(a); n != 0 {
		a.t.Fatalf("%d frames refused", n)
	}
}

func (n *node) fingerprint(with *node) (f store.Fingerprint) {
	err := n.r.Shared(context.Background(), with.id, func(s exchange.Shared) (err error) {
		f, err = s.Fingerprint(store.EntryKey{}, store.EntryKey{})
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return f
}

// newCase makes a case with a digest of its title's length.
func (n *node) newCase(title string) store.ID {
	n.t.Helper()
	var id store.ID
	n.write(func(w *Writer) error {
		op, err := w.Create(Begin{Kind: oplog.KindCase, Owner: n.id}, crdt.Body{Changes: []crdt.Change{
			{Kind: crdt.Assign, Path: crdt.Path{{Field: "title"}}, Value: title},
			{Kind: crdt.Insert, Path: crdt.Path{{Field: "facts"}}, Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: "经过"},
		}})
		if err != nil {
			return err
		}
		id = op.ID
		_, err = w.Create(Begin{Kind: oplog.KindDigest, Owner: n.id, Case: &op.ID, Projects: &op.ID}, crdt.Body{Changes: []crdt.Change{
			{Kind: crdt.Assign, Path: crdt.Path{{Field: "amount"}}, Value: int64(len(title))},
		}})
		return err
	})
	return id
}

func (n *node) set(record store.ID, field string, value crdt.Value) {
	n.t.Helper()
	n.write(func(w *Writer) error {
		_, s, err := n.r.State(w.Reader(), record)
		if err != nil {
			return err
		}
		_, err = w.Append(record, nil, crdt.Body{Changes: []crdt.Change{s.AssignChange(crdt.Path{{Field: field}}, value)}}, nil)
		return err
	})
}

func (n *node) state(record store.ID) *crdt.State {
	n.t.Helper()
	var s *crdt.State
	err := n.r.View(context.Background(), func(rd store.Reader) (err error) {
		_, s, err = n.r.State(rd, record)
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return s
}

func (n *node) digestOf(record store.ID) store.ID {
	n.t.Helper()
	var list []store.ID
	_ = n.r.View(context.Background(), func(rd store.Reader) (err error) {
		list, err = n.r.RecordsOf(rd, record, oplog.KindDigest)
		return err
	})
	if len(list) != 1 {
		n.t.Fatalf("%d digests", len(list))
	}
	return list[0]
}

func county(t *testing.T) (court, town, village, other *node) {
	court = newRoot(t, 1)
	town = court.admit(2, "990125101000-zz", "清溪镇综治中心", false, "admin", "director")
	village = town.admit(3, "990125101203-tw", "河湾村调委会", true, "mediator")
	other = town.admit(4, "990125101204-tw", "东坡村调委会", true, "mediator")
	return court, town, village, other
}

func (testPolicy) Hide(rec Record, rows Rows) error {
	return rows.Delete(append([]byte("title/"), rec.ID[:]...))
}
