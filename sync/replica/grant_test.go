package replica

import (
	"bytes"
	"context"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
)

// grantTo grants a record, and projects nothing.
func (n *node) grantTo(record store.ID, units ...store.ID) {
	n.t.Helper()
	n.write(func(w *Writer) error {
		_, err := w.Append(record, nil, crdt.Body{}, nil, units...)
		return err
	})
}

// work sets a case's title and its digest's amount, as one save.
func (n *node) work(record store.ID, title string, amount int64) {
	n.t.Helper()
	n.write(func(w *Writer) error {
		op, err := w.Append(record, nil, titled(title), nil)
		if err != nil {
			return err
		}
		digests, err := n.r.RecordsOf(w.Reader(), record, oplog.KindDigest)
		if err != nil || len(digests) != 1 {
			n.t.Fatalf("%d digests, %v", len(digests), err)
		}
		_, s, err := n.r.State(w.Reader(), digests[0])
		if err != nil {
			return err
		}
		_, err = w.Append(digests[0], nil, crdt.Body{Changes: []crdt.Change{s.AssignChange(crdt.Path{{Field: "amount"}}, amount)}}, &op.ID)
		return err
	})
}

func (n *node) amount(record store.ID) int64 {
	v, _ := n.state(n.digestOf(record)).Register(crdt.Path{{Field: "amount"}}).Shown.(int64)
	return v
}

func (n *node) holds(id store.ID) (ok bool) {
	_ = n.r.View(context.Background(), func(rd store.Reader) (err error) { ok, err = rd.Has(id); return err })
	return ok
}

func (n *node) counts() Counts {
	n.t.Helper()
	c, err := n.r.Count(context.Background(), []oplog.Seat{n.seat.Signing.Public()})
	if err != nil {
		n.t.Fatal(err)
	}
	return c
}

// twoTowns is a county with a village each in two townships, and a second
// village in the first.
type twoTowns struct{ court, town, village, other, town2, far *node }

func newTwoTowns(t *testing.T) (c twoTowns) {
	c.court, c.town, c.village, c.other = county(t)
	c.town2 = c.court.admit(5, "990125102000-zz", "白石镇综治中心", false, "admin", "director")
	c.far = c.town2.admit(6, "990125102201-tw", "石桥村调委会", true, "mediator")
	return c
}

func (c *twoTowns) all() []*node {
	return []*node{c.court, c.town, c.village, c.other, c.town2, c.far}
}

// round lets everybody meet the station above, from the villages up and down
// again. What is refused for now comes in a later round.
func (c *twoTowns) round() {
	for range 3 {
		for _, pair := range [][2]*node{{c.village, c.town}, {c.other, c.town}, {c.far, c.town2}, {c.town, c.court}, {c.town2, c.court}} {
			pair[0].give(pair[1])
			pair[1].give(pair[0])
		}
	}
}

// inStep fails unless all who meet share the same.
func (c *twoTowns) inStep(t *testing.T) {
	t.Helper()
	for _, pair := range [][2]*node{{c.village, c.town}, {c.other, c.town}, {c.far, c.town2}, {c.town, c.court}, {c.town2, c.court}} {
		if pair[0].fingerprint(pair[1]) != pair[1].fingerprint(pair[0]) {
			t.Errorf("%x and %x are not in step", pair[0].id[:3], pair[1].id[:3])
			a, b := pair[0].sharedKeys(pair[1]), pair[1].sharedKeys(pair[0])
			for k := range a {
				if !b[k] {
					t.Logf("only the first has %x", k[:41])
				}
			}
			for k := range b {
				if !a[k] {
					t.Logf("only the second has %x", k[:41])
				}
			}
		}
	}
}

func (n *node) sharedKeys(with *node) map[store.EntryKey]bool {
	out := map[store.EntryKey]bool{}
	_ = n.r.Shared(context.Background(), with.id, func(s exchange.Shared) error {
		return s.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			out[k] = true
			return true, nil
		})
	})
	return out
}

func TestAGrantedVillageReadsAndWritesTheCase(t *testing.T) {
	for name, pick := range map[string]func(*twoTowns) (to, by *node){
		"under the same township": func(c *twoTowns) (*node, *node) { return c.other, c.village },
		"another township":        func(c *twoTowns) (*node, *node) { return c.town2, c.village },
		"the court":               func(c *twoTowns) (*node, *node) { return c.court, c.town },
		// The owner does not know it: the township that it was granted to does.
		"under another township": func(c *twoTowns) (*node, *node) { return c.far, c.town2 },
	} {
		t.Run(name, func(t *testing.T) {
			c := newTwoTowns(t)
			c.round()
			to, by := pick(&c)
			id, secret := c.village.newCase("before"), c.village.newCase("secret")
			c.round()
			c.town.work(id, "the station's words", 7)
			c.round()
			if to.holds(id) {
				t.Fatal("the case lies there before the grant")
			}
			if by == c.town2 {
				c.village.grantTo(id, by.id)
				c.round()
			}
			by.grantTo(id, to.id)
			c.village.work(id, "after the grant", 8)
			c.round()
			if got := to.title(id); got != "after the grant" {
				t.Fatalf("the granted village sees %q", got)
			}
			if got := to.amount(id); got != 8 {
				t.Fatalf("the granted village's figure is %d", got)
			}
			to.work(id, "from the granted village", 9)
			c.round()
			for _, n := range []*node{c.village, c.town, to} {
				if got := n.title(id); got != "from the granted village" || n.amount(id) != 9 {
					t.Errorf("%x sees %q, %d", n.id[:3], got, n.amount(id))
				}
			}
			if got := c.court.amount(id); got != 9 {
				t.Errorf("the court's figure is %d", got)
			}
			c.town.work(id, "the station once more", 10)
			c.village.work(id, "and the owner", 11)
			c.round()
			to.work(id, "last", 12)
			c.round()
			for _, n := range []*node{c.village, c.town, to} {
				if got := n.title(id); got != "last" || n.amount(id) != 12 {
					t.Errorf("%x sees %q, %d", n.id[:3], got, n.amount(id))
				}
				if !bytes.Equal(n.state(id).Encode(), c.village.state(id).Encode()) {
					t.Errorf("%x has another state", n.id[:3])
				}
			}
			if got := c.court.amount(id); got != 12 {
				t.Errorf("the court's figure is %d", got)
			}
			c.inStep(t)
			for _, n := range c.all() {
				if n != c.village && n != c.town && n.holds(secret) {
					t.Errorf("%x holds a case that was not granted", n.id[:3])
				}
				if v := n.counts(); v.Late != 0 || v.Owed != 0 {
					t.Errorf("%x: %+v", n.id[:3], v)
				}
				n.rebuiltEqualsKept()
			}
			for _, n := range []*node{c.other, c.far, c.town2} {
				if n != to && n != by && n.holds(id) {
					t.Error("another village learns of it")
				}
			}
			c.inStep(t)
		})
	}
}

func (n *node) rebuiltEqualsKept() {
	n.t.Helper()
	want := rows(n.t, n)
	n.reopen()
	if err := n.s.Rebuild(context.Background()); err != nil {
		n.t.Fatal(err)
	}
	sameRows(n.t, rows(n.t, n), want)
}

func sameRows(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	for k, v := range want {
		if !bytes.Equal(got[k], v) {
			t.Fatalf("row %q is %x, not %x", k, got[k], v)
		}
	}
	for k := range got {
		if _, had := want[k]; !had {
			t.Fatalf("row %q is new", k)
		}
	}
}
