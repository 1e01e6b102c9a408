package replica

import (
	"bytes"
	"context"
	"errors"
	"slices"
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
	if err := n.r.JudgeDue(context.Background()); err != nil {
		n.t.Fatal(err)
	}
	sameRows(n.t, rows(n.t, n), want)
}

func sameRows(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	for k, v := range want {
		if is, had := got[k]; !had || !bytes.Equal(is, v) {
			t.Fatalf("row %q is %x (%t), not %x", k, is, had, v)
		}
	}
	for k := range got {
		if _, had := want[k]; !had {
			t.Fatalf("row %q is new", k)
		}
	}
}

func (n *node) unsentTo(unit store.ID) uint64 {
	n.t.Helper()
	out, err := n.r.Unsent(context.Background(), []oplog.Seat{n.seat.Signing.Public()})
	if err != nil {
		n.t.Fatal(err)
	}
	return out[unit]
}

// swapReceipts lets two units tell each other what they hold, and fails unless
// they then have the same receipts.
func swapReceipts(t *testing.T, a, b *node) {
	t.Helper()
	ctx := context.Background()
	list := func(n, with *node) [][]byte {
		if _, err := n.r.OwnReceipt(ctx, with.id); err != nil {
			t.Fatal(err)
		}
		out, err := n.r.Receipts(ctx, with.id)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	of, from := list(a, b), list(b, a)
	if err := b.r.TakeReceipts(ctx, exchange.Peer{}, of); err != nil {
		t.Fatal(err)
	}
	if err := a.r.TakeReceipts(ctx, exchange.Peer{}, from); err != nil {
		t.Fatal(err)
	}
	if of, from = list(a, b), list(b, a); !slices.EqualFunc(of, from, bytes.Equal) {
		t.Errorf("%x and %x have %d and %d receipts", a.id[:3], b.id[:3], len(of), len(from))
	}
}

// Owner and granted unit learn of each other what has arrived, and nothing of
// the owner's other cases.
func TestReceiptsOfAGrantedCase(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	c.village.newCase("another")
	id := c.village.newCase("granted")
	c.village.grantTo(id, c.other.id, c.town2.id)
	if got := c.village.unsentTo(c.town2.id); got != 4 {
		t.Errorf("%d operations lack the second township's receipt, not the case's two and the digest's two", got)
	}
	c.round()
	c.other.work(id, "from there", 3)
	if got := c.other.counts().Unsent; got != 2 {
		t.Errorf("%d operations of the granted unit are unsent before they were sent", got)
	}
	c.round()
	pairs := [][2]*node{{c.village, c.town}, {c.other, c.town}, {c.town2, c.court}, {c.court, c.town}}
	for range 3 {
		for _, p := range pairs {
			swapReceipts(t, p[0], p[1])
		}
	}
	for _, n := range []*node{c.village, c.other, c.town, c.town2} {
		if v := n.counts(); v.Unsent != 0 {
			t.Errorf("%x: %d unsent though all receipts are here", n.id[:3], v.Unsent)
		}
	}
	own := c.other.seat.Signing.Public()
	err := c.other.r.eachReceipt("", func(rc *Receipt, _ []byte) {
		for _, l := range rc.Lanes {
			if rc.Owner == c.village.id && rc.Unit != c.other.id && l.Seat != own {
				t.Error("a granted unit learns how much the owner writes")
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	c.village.work(id, "later", 4)
	if got := c.village.unsentTo(c.other.id); got != 2 {
		t.Errorf("%d operations lack the granted village's receipt", got)
	}
}

func TestARegisterGoesUpTheTree(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	var id store.ID
	c.village.write(func(w *Writer) error {
		op, err := w.Create(Begin{Kind: oplog.KindRegister, Owner: c.village.id}, titled("the village's people"))
		id = op.ID
		return err
	})
	// Whoever gets the digests' keys by a grant must not open the register.
	granted := c.village.newCase("granted")
	c.village.grantTo(granted, c.other.id)
	c.round()
	c.village.set(id, "title", "one more")
	c.round()
	for _, n := range []*node{c.village, c.town, c.court} {
		if got := n.title(id); got != "one more" {
			t.Errorf("%x reads %q", n.id[:3], got)
		}
		_ = n.r.View(context.Background(), func(rd store.Reader) error {
			list, err := n.r.RecordsOf(rd, c.village.id, oplog.KindRegister)
			if err != nil || len(list) != 1 || list[0] != id {
				t.Errorf("%x finds %d registers, %v", n.id[:3], len(list), err)
			}
			return nil
		})
		if v := n.counts(); v.Owed != 0 || v.Late != 0 {
			t.Errorf("%x: %+v", n.id[:3], v)
		}
		n.rebuiltEqualsKept()
	}
	for _, n := range []*node{c.other, c.town2, c.far} {
		if n.holds(id) {
			t.Error("the register lies beside the tree's way up")
		}
	}
	var frames [][]byte
	_ = c.court.r.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			frames = append(frames, f.Bytes)
			return true, nil
		})
	})
	var wrapsToo []exchange.Wire
	for _, f := range frames {
		if _, err := oplog.TrustedWrap(f); err == nil {
			wrapsToo = append(wrapsToo, exchange.Wire{Kind: store.KindWrap, Bytes: f})
		}
	}
	c.other.take(c.town, append(wires(frames...), wrapsToo...)) // as if it had carried or stolen them
	_ = c.other.r.View(context.Background(), func(rd store.Reader) error {
		key := c.village.keyOf(id)
		if _, ok, _ := c.other.r.keys.resolve(rd, key.Commitment()); ok {
			t.Error("a granted unit can open the owner's register")
		}
		return nil
	})
	if got := c.village.unsentTo(c.court.id); got == 0 {
		t.Error("the register is not counted as unsent to the court")
	}
}

func TestNotesOfAGrantedUnit(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id, closed := c.village.newCase("granted"), c.village.newCase("not granted")
	c.village.grantTo(id, c.town2.id)
	c.round()
	begin := func(n *node, of store.ID) (id store.ID, err error) {
		_, err = n.r.Write(context.Background(), n.signer(), Save{}, func(w *Writer) error {
			op, err := w.Create(Begin{Kind: oplog.KindNotes, Owner: n.id, Case: &of}, titled("what was said"))
			if err == nil {
				id = op.ID
			}
			return err
		})
		return id, err
	}
	notes, err := begin(c.town2, id)
	if err != nil {
		t.Fatal(err)
	}
	c.town2.set(notes, "title", "what was said, and more")
	c.round()
	if got := c.town2.title(notes); got != "what was said, and more" || c.town2.counts().Late != 0 {
		t.Errorf("%q, %+v", got, c.town2.counts())
	}
	for _, n := range c.all() {
		if n != c.town2 && n.holds(notes) {
			t.Errorf("%x holds another body's notes", n.id[:3])
		}
	}
	_ = c.town2.r.View(context.Background(), func(rd store.Reader) error {
		list, err := c.town2.r.RecordsOf(rd, id, oplog.KindNotes)
		if err != nil || len(list) != 1 || list[0] != notes {
			t.Errorf("%d notes, %v", len(list), err)
		}
		return nil
	})
	if _, err := begin(c.court, id); err != nil { // it relays the case and can't tell
		t.Log(err)
	}
	if _, err := begin(c.town, closed); err != nil {
		t.Errorf("the station keeps notes of its own: %v", err)
	}
	_, err = c.town2.r.Write(context.Background(), c.town2.signer(), Save{}, func(w *Writer) error {
		_, err := w.Append(notes, nil, crdt.Body{}, nil, c.village.id)
		return err
	})
	if !errors.Is(err, ErrNotGrantable) {
		t.Errorf("notes were granted: %v", err)
	}
}

func TestGrantsThatCantBe(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id := c.village.newCase("a")
	try := func(record store.ID, units ...store.ID) error {
		_, err := c.village.r.Write(context.Background(), c.village.signer(), Save{}, func(w *Writer) error {
			_, err := w.Append(record, nil, crdt.Body{}, nil, units...)
			return err
		})
		return err
	}
	var many []store.ID
	for i := range oplog.MaxGrants + 1 {
		many = append(many, store.ID{1, byte(i)})
	}
	var tooMany *TooManyGrantsError
	if err := try(id, many...); !errors.As(err, &tooMany) || tooMany.Count != oplog.MaxGrants+1 {
		t.Errorf("%v", err)
	}
	if err := try(c.village.digestOf(id), c.other.id); !errors.Is(err, ErrNotGrantable) {
		t.Errorf("%v", err)
	}
	if err := try(id, c.other.id, c.town2.id, c.other.id); err != nil { // unsorted and twice
		t.Error(err)
	}
	// A unit whose log is not here yet is owed the keys; whoever knows it pays.
	if err := try(id, c.far.id); err != nil {
		t.Error(err)
	}
	c.round()
	for _, n := range c.all() {
		if _, err := n.r.Pay(context.Background(), n.signer()); err != nil {
			t.Fatal(err)
		}
	}
	c.round()
	if got := c.far.title(id); got != "a" {
		t.Errorf("the village that the owner did not know sees %q", got)
	}
	for _, n := range c.all() {
		if v := n.counts(); v.Owed != 0 {
			t.Errorf("%x: %d owed", n.id[:3], v.Owed)
		}
	}
	c.inStep(t)
}

// What a unit only hands on between two others is locked to it for good: it
// waits for nothing.
func TestACarrierWaitsForNothing(t *testing.T) {
	c := newTwoTowns(t)
	c.round()
	id := c.village.newCase("carried")
	c.village.grantTo(id, c.town2.id)
	c.village.work(id, "through the court", 3)
	c.round()
	for range 2 {
		for _, n := range c.all() {
			n.pay()
		}
		c.round()
	}
	if !c.court.holds(id) || c.town2.title(id) != "through the court" {
		t.Fatal("the case did not go through the court")
	}
	for _, n := range c.all() {
		if v := n.counts(); v.Waiting != 0 || v.Owed != 0 {
			t.Errorf("%x: %+v", n.id[:3], v)
		}
	}
}
