package replica

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// canOpen reports whether a node can open a record's first key, which `holder` has.
func (n *node) canOpen(holder *node, record store.ID) (ok bool) {
	n.t.Helper()
	key := holder.keyOf(record)
	_ = n.r.View(context.Background(), func(rd store.Reader) (err error) {
		_, ok, err = n.r.keys.resolve(rd, key.Commitment())
		return err
	})
	return ok
}

func (n *node) pay() {
	n.t.Helper()
	if _, err := n.r.Pay(context.Background(), n.signer()); err != nil {
		n.t.Fatal(err)
	}
}

// An enrolled station that grants a case to itself is given neither its bytes nor
// a key, and its words count nowhere.
func TestALiarGrantsItselfACase(t *testing.T) {
	for name, known := range map[string]bool{"sealed with a key of its own": false, "sealed with a key that it handed to the readers": true} {
		t.Run(name, func(t *testing.T) {
			c := newTwoTowns(t)
			c.round()
			id := c.village.newCase("honest")
			c.round()
			key, err := seal.NewKey(c.other.random)
			if err != nil {
				t.Fatal(err)
			}
			lie := c.other.forge(oplog.Header{
				Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: c.village.id, OwnerLog: c.town.r.logHeads(c.village.id), Record: &id, Heads: []store.ID{id}, Grants: []store.ID{c.other.id},
			}, key, titled("gelogen"))
			frames := wires(lie.Frame)
			if known {
				for _, n := range []*node{c.village, c.town} {
					frames = append(frames, c.other.wrapTo(n.unit.Reading[0].Public(), oplog.Wrap{Key: key.Commitment(), Method: oplog.ToUnit, Unit: n.id, Owner: c.village.id}, key[:]))
				}
			}
			c.town.take(c.other, frames)
			c.round()
			c.village.work(id, "later", 5)
			c.round()
			c.town.work(id, "later still", 6)
			for _, n := range c.all() {
				n.pay()
			}
			c.round()
			if c.other.holds(id) || c.village.holds(lie.ID) {
				t.Error("a grant of who may grant nothing sends something somewhere")
			}
			if c.other.canOpen(c.village, id) {
				t.Error("the liar reads the case")
			}
			for _, n := range []*node{c.village, c.town} {
				if got := n.title(id); got != "later still" {
					t.Errorf("%x shows %q", n.id[:3], got)
				}
				_ = n.r.View(context.Background(), func(rd store.Reader) error {
					rec, _, err := n.r.State(rd, id)
					if err != nil || len(rec.Grants) != 0 {
						t.Errorf("granted to %d units, %v", len(rec.Grants), err)
					}
					return nil
				})
				late := 0
				if n == c.town {
					late = 1 // it alone was given the lie, and hands it on to nobody
				}
				if v := n.counts(); v.Late != late || v.Waiting != 0 || v.Owed != 0 {
					t.Errorf("%x: %+v", n.id[:3], v)
				}
				n.rebuiltEqualsKept()
			}
			c.inStep(t)
		})
	}
}

// A granted unit hands nothing on that it was not given: neither notes, nor
// another case by naming its key in the one that it was granted.
func TestAGrantedLiarGetsNoMore(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id, secret := c.village.newCase("granted"), c.village.newCase("secret")
	var notes store.ID
	c.village.write(func(w *Writer) error {
		op, err := w.Create(Begin{Kind: oplog.KindNotes, Owner: c.village.id, Case: &id}, titled("what was said"))
		notes = op.ID
		return err
	})
	c.village.grantTo(id, c.other.id)
	c.round()
	if c.other.holds(notes) || c.other.canOpen(c.village, notes) {
		t.Fatal("notes went with the case")
	}
	// A header names the secret case's key; its body is sealed with another.
	secretKey := c.village.keyOf(secret)
	lie := c.other.forgeKeyName(oplog.Header{
		Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: c.village.id, Record: &id, Heads: c.other.state(id).Heads(),
	}, secretKey.Commitment(), titled("gelogen"))
	c.town.take(c.other, wires(lie.Frame))
	// Grants on notes are no frame at all.
	h := oplog.Header{
		Tree: c.other.tree, Epoch: oplog.Epoch{7}, Owner: c.village.id, Class: oplog.ClassCase, Kind: oplog.KindNotes, Case: &id, Record: &notes,
		Heads: []store.ID{notes}, Number: 1, OwnerLog: c.other.r.logHeads(c.village.id), AuthorLog: c.other.r.logHeads(c.other.id), Grants: []store.ID{c.other.id},
	}
	if _, err := oplog.Make(h, secretKey, nil, c.other.seat.Signing.Private(), c.other.random); err == nil {
		t.Error("an operation that grants notes was made")
	}
	// A digest operation that says by itself that its case was granted further.
	digest := c.village.digestOf(id)
	key, err := seal.NewKey(c.far.random)
	if err != nil {
		t.Fatal(err)
	}
	self := c.far.forge(oplog.Header{
		Class: oplog.ClassDigest, Kind: oplog.KindDigest, Owner: c.village.id, OwnerLog: c.town.r.logHeads(c.village.id), Case: &id, Record: &digest, Heads: []store.ID{digest}, Projects: &id,
		CaseGrants: []store.ID{c.far.id},
	}, key, crdt.Body{Changes: []crdt.Change{{Kind: crdt.Assign, Path: crdt.Path{{Field: "amount"}}, Value: int64(999)}}})
	frames := wires(self.Frame)
	for _, n := range []*node{c.village, c.town, c.court} {
		frames = append(frames, c.far.wrapTo(n.unit.Reading[0].Public(), oplog.Wrap{Key: key.Commitment(), Method: oplog.ToUnit, Unit: n.id, Owner: c.village.id, Rule: oplog.AudienceTree}, key[:]))
	}
	c.court.take(c.far, frames)
	c.town.take(c.far, frames)
	c.round()
	c.village.work(id, "later", 5)
	for _, n := range c.all() {
		n.pay()
	}
	c.round()
	for _, n := range []*node{c.other, c.far, c.town2} {
		if n.canOpen(c.village, secret) || n.canOpen(c.village, notes) {
			t.Errorf("%x opens what was not granted", n.id[:3])
		}
	}
	if c.far.canOpen(c.village, id) {
		t.Error("a unit that said so itself reads the case")
	}
	for _, n := range []*node{c.village, c.town, c.court, c.other} {
		if got := n.amount(id); got != 5 {
			t.Errorf("%x: the figure is %d", n.id[:3], got)
		}
		if v := n.counts(); v.Owed != 0 {
			t.Errorf("%x: %+v", n.id[:3], v)
		}
		n.rebuiltEqualsKept()
	}
	if got := c.other.title(id); got != "later" {
		t.Errorf("the granted village is locked out: %q", got)
	}
}

// forgeKeyName is forge with another key's commitment in the header than the
// one that seals the body.
func (n *node) forgeKeyName(h oplog.Header, commitment store.ID, body crdt.Body) *oplog.Operation {
	n.t.Helper()
	key, err := seal.NewKey(n.random)
	if err != nil {
		n.t.Fatal(err)
	}
	return n.signedAnew(n.forge(h, key, body), key.Commitment(), commitment)
}

// signedAnew is an operation whose header has other 32 bytes in place of some
// that it has, signed as n's person.
func (n *node) signedAnew(op *oplog.Operation, old, now store.ID) *oplog.Operation {
	n.t.Helper()
	frame := bytes.Clone(op.Frame)
	copy(frame[bytes.Index(frame, old[:]):], now[:])
	const lengths = 1 + 4 + 2 + 4
	end := lengths + int(binary.BigEndian.Uint32(frame[1:]))
	id := seal.Hash("hejie operation v1", frame[:1], frame[lengths:end])
	signed := seal.Hash("hejie signature v1", id[:])
	copy(frame[end:], ed25519.Sign(n.seat.Signing.Private(), signed[:]))
	again, err := oplog.Parse(frame)
	if err != nil {
		n.t.Fatal(err)
	}
	return again
}

// Grants, logs, wraps and operations in any order and in any pieces give the
// same rows and the same ordered set at every node on the way.
func TestGrantsInAnyOrder(t *testing.T) {
	c := newTwoTowns(t)
	for _, name := range []string{"一", "二", "三", "四"} { // a longer log, whose last entry operations name
		u, _ := c.village.r.Registry().Unit(c.village.id)
		c.village.enter(c.village.id, u.First, u.OwnHead, oplog.BranchOwn, &identity.Rename{Code: u.Code, Name: name, Day: "2026-01-01"})
	}
	c.round()
	id, second := c.village.newCase("first"), c.village.newCase("second")
	c.village.work(id, "before", 1)
	c.village.grantTo(id, c.town2.id)
	c.round()
	c.town2.work(id, "from the second township", 2)
	c.town2.grantTo(id, c.far.id)
	c.town.grantTo(second, c.other.id, c.court.id)
	c.round()
	c.far.work(id, "from afar", 3)
	c.other.work(second, "from beside", 4)
	c.court.work(second, "from the court", 5)
	c.village.work(id, "meanwhile", 6)
	// Somebody grants what he may not.
	key, err := seal.NewKey(c.far.random)
	if err != nil {
		t.Fatal(err)
	}
	lie := c.far.forge(oplog.Header{
		Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: c.village.id, OwnerLog: c.town.r.logHeads(c.village.id), Record: &second, Heads: []store.ID{second}, Grants: []store.ID{c.far.id},
	}, key, titled("gelogen"))
	c.town.take(c.far, wires(lie.Frame))
	c.round()
	for _, n := range c.all() {
		n.pay()
	}
	c.round()
	c.inStep(t)
	for _, n := range c.all() {
		n.sameInAnyOrder(6)
	}
}

// again is a node with the same keys that holds nothing yet.
func (n *node) again(t *testing.T, seed uint64) *node {
	other := newNode(t, seed)
	other.seat, other.machine, other.unit, other.id = n.seat, n.machine, n.unit, n.id
	other.cheap = n.cheap
	other.open(n.tree)
	return other
}

func (n *node) takeShuffled(from *node, frames []exchange.Wire, r *rand.Rand) {
	n.t.Helper()
	for round := 0; ; round++ {
		shuffled := slices.Clone(frames)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		left := 0
		for piece := range slices.Chunk(shuffled, 1+r.IntN(len(shuffled))) {
			for _, v := range n.take(n, piece) {
				if v.Outcome == exchange.Refused {
					left++
				}
			}
		}
		if left == 0 {
			return
		}
		if round > 50 {
			n.t.Fatalf("%d frames find no place", left)
		}
	}
}

func (n *node) entries() (out []store.EntryKey) {
	_ = n.s.View(context.Background(), func(rd store.Reader) error {
		return rd.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			out = append(out, k)
			return true, nil
		})
	})
	return out
}

// Whoever may write seals with a key that only some readers can open. Those who
// can hand it on before the others are left behind.
func TestAKeyThatOnlySomeCanOpen(t *testing.T) {
	for name, body := range map[string][]byte{"a list of changes": nil, "nothing that can be read": []byte("broken")} {
		t.Run(name, func(t *testing.T) {
			c := newTwoTowns(t)
			c.round()
			id := c.village.newCase("granted")
			c.village.grantTo(id, c.other.id, c.town2.id)
			c.round()
			key, err := seal.NewKey(c.other.random)
			if err != nil {
				t.Fatal(err)
			}
			content := body
			if content == nil {
				if content, err = crdt.EncodeBody(titled("half")); err != nil {
					t.Fatal(err)
				}
			}
			op, err := oplog.Make(oplog.Header{
				Tree: c.other.tree, Epoch: oplog.Epoch{0xf1}, Number: 1, Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: c.village.id, Record: &id,
				Heads: c.other.state(id).Heads(), OwnerLog: c.other.r.logHeads(c.village.id), AuthorLog: c.other.r.logHeads(c.other.id),
			}, key, content, c.other.seat.Signing.Private(), c.other.random)
			if err != nil {
				t.Fatal(err)
			}
			wrap := c.other.wrapTo(c.village.unit.Reading[0].Public(), oplog.Wrap{Key: key.Commitment(), Method: oplog.ToUnit, Unit: c.village.id, Owner: c.village.id}, key[:])
			c.other.take(c.other, append(wires(op.Frame), wrap))
			c.round()
			c.village.set(id, "title", "on top of it")
			c.village.pay()
			c.round()
			for _, n := range []*node{c.village, c.town, c.other, c.town2} {
				if got := n.title(id); got != "on top of it" {
					t.Errorf("%x is left behind at %q", n.id[:3], got)
				}
			}
			for _, n := range c.all() {
				n.sameInAnyOrder(2)
			}
			if v := c.village.counts(); v.Owed != 0 {
				t.Errorf("%+v", v)
			}
		})
	}
}
