package replica

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// as lets another person of the node's unit write.
func (n *node) as(seat identity.SeatKeys, fn func()) {
	own, epoch := n.seat, n.epoch
	n.seat, n.epoch = seat, oplog.Epoch{2}
	defer func() { n.seat, n.epoch = own, epoch }()
	fn()
}

// enrol enters a second person in the unit's own branch, after an entry.
func (n *node) enrol(previous store.ID, name string, roles ...identity.Role) identity.SeatKeys {
	n.t.Helper()
	keys, err := identity.NewSeatKeys(n.random)
	if err != nil {
		n.t.Fatal(err)
	}
	req, err := identity.NewSeatRequest(identity.NewSeat{Unit: n.id, SeatName: name, Roles: roles, Seat: keys})
	if err != nil {
		n.t.Fatal(err)
	}
	u, _ := n.r.Registry().Unit(n.id)
	item, err := identity.AdmitSeat(req, identity.Issuer{Key: *n.unit.Issuing, Cert: u.Issuing}, n.id, "清溪镇综治中心")
	if err != nil {
		n.t.Fatal(err)
	}
	n.enter(n.id, u.First, previous, oplog.BranchOwn, item)
	return keys
}

func (n *node) shows(record store.ID) (ok bool) {
	_ = n.r.View(context.Background(), func(rd store.Reader) (err error) {
		_, ok, err = AppRow(rd, append([]byte("title/"), record[:]...))
		return err
	})
	return ok
}

// What somebody wrote who was enrolled on a side of a fork is judged again when
// the fork becomes known, and again when it ends.
func TestAForkThatIsLearnedLater(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id, granted := c.village.newCase("the village's"), c.village.newCase("to grant")
	c.round()
	u, _ := c.town.r.Registry().Unit(c.town.id)
	before := u.OwnHead
	left := c.town.enrol(before, "左例", "mediator")
	sideEntry := func() store.ID { now, _ := c.town.r.Registry().Unit(c.town.id); return now.OwnHead }()
	var begun store.ID
	c.town.as(left, func() {
		c.town.set(id, "title", "left's words")
		c.town.grantTo(granted, c.other.id)
		begun = c.town.newCase("left's case")
	})
	c.round()
	c.village.set(id, "amount", int64(7)) // builds on them
	c.round()
	check := func(when, title string, late, shown bool) {
		t.Helper()
		for _, n := range []*node{c.village, c.town} {
			if got := n.title(id); got != title {
				t.Errorf("%s: %x shows %q", when, n.id[:3], got)
			}
			if (n.counts().Late > 0) != late {
				t.Errorf("%s: %x: %+v", when, n.id[:3], n.counts())
			}
		}
		if c.town.shows(begun) != shown {
			t.Errorf("%s: the case that left began is shown: %v", when, !shown)
		}
		if s := c.village.state(id).Register(crdt.Path{{Field: "amount"}}).Shown; s != int64(7) {
			t.Errorf("%s: what the village wrote on top is %v", when, s)
		}
		_ = c.village.r.View(context.Background(), func(rd store.Reader) error {
			rec, _, err := c.village.r.State(rd, granted)
			if err != nil || (len(rec.Grants) == 1) == late {
				t.Errorf("%s: granted to %d units, %v", when, len(rec.Grants), err)
			}
			return nil
		})
		for _, n := range c.all() {
			n.sameInAnyOrder(3)
		}
	}
	check("before the fork", "left's words", false, true)
	c.town.enrol(before, "右例", "mediator")
	c.round()
	check("while it lasts", "the village's", true, false)
	t1, _ := c.court.r.Registry().Unit(c.town.id)
	c.court.enter(c.town.id, t1.First, t1.ParentHead, oplog.BranchParent, &identity.RightSide{Entry: sideEntry})
	c.round()
	check("after the court named left's side", "left's words", false, true)
	c.inStep(t)
}

// sameInAnyOrder fails unless what the node holds gives the same rows and
// entries in other orders, and rebuilt, with the logs known and unknown before.
func (n *node) sameInAnyOrder(seeds uint64) {
	n.t.Helper()
	var frames []exchange.Wire
	_ = n.s.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			frames = append(frames, exchange.Wire{Kind: f.Kind, Bytes: bytes.Clone(f.Bytes)})
			return true, nil
		})
	})
	want, keys := rows(n.t, n), n.entries()
	for seed := range seeds {
		again := n.again(n.t, 1000+seed)
		again.takeShuffled(n, frames, rand.New(rand.NewPCG(seed, 7)))
		sameRows(n.t, rows(n.t, again), want)
		if !slices.Equal(again.entries(), keys) {
			n.t.Fatalf("seed %d: other entries", seed)
		}
	}
	n.rebuiltEqualsKept()
}
