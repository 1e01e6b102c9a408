package vectors

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/reconcile"
)

// setOf makes frames of the county: logs, cases, notes, digests, documents and wraps.
func setOf(c *county, granted bool) []store.Frame {
	s := newSamples(c)
	out := operations(c.logs()...)
	out = append(out, operations(s.first, s.notes, s.digest, s.sealed)...)
	if granted {
		out = append(out, operations(s.next)...)
	}
	hill := c.begin(c.hill, oplog.KindCase)
	out = append(out, operations(c.make(c.hill, hill, recordKey("hill"), unhex("a10180"), "hill"))...)
	court := c.begin(c.court, oplog.KindCase)
	out = append(out, operations(c.make(c.court, court, recordKey("court"), unhex("a10180"), "court"))...)
	under := c.wrap(oplog.UnderAudience)
	record, audience := recordKey("case"), recordKey("audience")
	under.Key, under.For, under.Sealed, under.Record = record.Commitment(), audience.Commitment(), must(audience.WrapKey(record)), &s.first.ID
	out = append(out, wraps(must(under.Sign(c.village.seat.Signing.Private())))...)
	return append(out, wraps(c.placed()...)...)
}

// placed are wraps of every place that there is. What they seal is noise: a
// place is told by the fields alone.
func (c *county) placed() (out []*oplog.SealedWrap) {
	noise := seeded("sealed")
	add := func(method oplog.Method, rule oplog.Audience, unit *place, by *place) {
		w := c.wrap(method)
		w.Seat, w.Rule, w.Unit, w.Sealed = by.request.Seat, rule, unit.id, make([]byte, 1168)
		_, _ = noise.Read(w.Sealed)
		out = append(out, must(w.Sign(by.seat.Signing.Private())))
	}
	add(oplog.ToUnit, oplog.AudienceStation, c.village, c.village) // goes to the station, though it is for the village
	add(oplog.ToUnit, oplog.AudienceStation, c.village, c.town)    // made by the station
	add(oplog.ToUnit, oplog.AudienceBody, c.town, c.village)
	add(oplog.ToUnit, oplog.AudienceTree, c.town, c.village)
	add(oplog.ToUnit, 0, c.court, c.village) // a grant
	add(oplog.ToSeat, 0, c.village, c.village)
	return out
}

// sideways is a case of the village, granted to the other village under the
// township, which hands a key on, and to one in another township.
func sideways(c *county) []store.Frame {
	far := newPlace("far town", "990125102000-zz", "白石镇综治中心", "钱例和", identity.Admin, identity.Director)
	far.admitted(c, c.court, 2, false)
	stone := newPlace("stone", "990125102201-tw", "石桥村人民调解委员会", "周示平", identity.Mediator)
	stone.admitted(c, far, 1, true)
	out := append(operations(c.logs()...), operations(far.first, stone.first)...)
	s := newSamples(c)
	h := follow(s.first)
	h.Grants = []oplog.ID{c.hill.id, stone.id}
	slices.SortFunc(h.Grants, func(x, y oplog.ID) int { return bytes.Compare(x[:], y[:]) })
	out = append(out, operations(s.first, s.digest, c.make(c.village, h, s.key, unhex("a10180"), "sideways"))...)
	noise := seeded("sideways")
	for _, w := range []struct {
		unit, by *place
		rule     oplog.Audience
	}{{c.hill, c.village, 0}, {stone, c.village, 0}, {stone, c.hill, 0}, {c.court, c.hill, oplog.AudienceTree}, {c.village, stone, oplog.AudienceTree}, {c.village, c.hill, oplog.AudienceStation}} {
		x := c.wrap(oplog.ToUnit)
		x.Unit, x.Rule, x.Sealed = w.unit.id, w.rule, make([]byte, 1168)
		_, _ = noise.Read(x.Sealed)
		out = append(out, wraps(must(x.Sign(w.by.seat.Signing.Private())))...)
	}
	return out
}

// related is an entry of the village's log by which its parent says how it stands
// to another unit, and the head that operations name then.
func (c *county) related(kind identity.RelationKind, to *place) *oplog.Operation {
	return c.town.enter(c, c.village, oplog.BranchParent, c.village.first, &identity.Relation{Kind: kind, Unit: to.id, Day: "2026-03-01"})
}

// moved is a case of the village before and after it became its own station, and
// one begun since.
func moved(c *county) []store.Frame {
	s := newSamples(c)
	alone := c.related(identity.RelationStation, c.village)
	old := follow(s.first)
	old.OwnerLog, old.Grants = []oplog.ID{alone.ID}, nil
	fresh := c.begin(c.village, oplog.KindCase)
	fresh.OwnerLog, fresh.Epoch = []oplog.ID{alone.ID}, oplog.Epoch{0xe5}
	return append(operations(c.logs()...), operations(alone, s.first, c.make(c.village, old, s.key, unhex("a10180"), "moved"), c.make(c.village, fresh, recordKey("fresh"), unhex("a10180"), "fresh"))...)
}

// mastered is a digest of the village whose second operation is written after
// another village's body was named as its bureau.
func mastered(c *county) []store.Frame {
	s := newSamples(c)
	named := c.related(identity.RelationSupervised, c.hill)
	h := follow(s.digest)
	h.OwnerLog = []oplog.ID{named.ID}
	return append(operations(c.logs()...), operations(named, s.first, s.digest, c.make(c.village, h, s.key, unhex("a10180"), "mastered"))...)
}

// strange is a case in which a unit writes and grants that has no part in it.
func strange(c *county) []store.Frame {
	s := newSamples(c)
	h := c.begin(c.hill, oplog.KindCase)
	h.Owner, h.Record, h.Heads, h.Audience = c.village.id, &s.first.ID, []oplog.ID{s.first.ID}, 0
	h.OwnerLog, h.AuthorLog, h.Grants = []oplog.ID{c.village.first.ID}, []oplog.ID{c.hill.first.ID}, []oplog.ID{c.hill.id}
	return append(operations(c.logs()...), operations(s.first, c.make(c.hill, h, s.key, unhex("a10180"), "strange"))...)
}

// beyond are an erasure of the village's case and an operation of a later class.
func beyond(c *county) []store.Frame {
	s := newSamples(c)
	order := oplog.Header{
		Tree: c.court.id, Owner: c.village.id, Class: oplog.ClassErasure, Kind: oplog.KindErasure, Case: &s.first.ID, Number: 1, Epoch: oplog.Epoch{0xe6}, Stamp: firstStamp + 9<<16,
		Audience: oplog.AudienceTree, OwnerLog: []oplog.ID{c.village.first.ID}, Erasure: &oplog.Erasure{Act: oplog.EraseOrder, Ground: "request"},
	}
	later := c.begin(c.village, 20)
	later.Class, later.Audience, later.Epoch, later.Route = 5, 9, oplog.Epoch{0xe7}, []oplog.ID{c.court.id, c.hill.id}
	slices.SortFunc(later.Route, func(x, y oplog.ID) int { return bytes.Compare(x[:], y[:]) })
	return append(operations(c.logs()...), operations(s.first, s.digest, c.make(c.village, order, recordKey("none"), nil, "order"), c.make(c.village, later, recordKey("none"), unhex("a10180"), "later"))...)
}

func framesOf(set []store.Frame) (ops, wrapFrames []string) {
	ops, wrapFrames = []string{}, []string{}
	for _, f := range set {
		if f.Kind == store.KindWrap {
			wrapFrames = append(wrapFrames, hexed(f.Bytes))
		} else {
			ops = append(ops, hexed(f.Bytes))
		}
	}
	return ops, wrapFrames
}

func entryVectors(t *testing.T) []vector {
	c := newCounty()
	salt := reconcile.NewSalt([16]byte{1}, [16]byte{2})
	of := func(name, says string, set []store.Frame) vector {
		n, err := newNode(c, c.court, "entries", set)
		if err != nil {
			t.Fatal(err)
		}
		defer n.close()
		keys, fp, err := entriesOf(n.s)
		if err != nil {
			t.Fatal(err)
		}
		ops, wrapFrames := framesOf(set)
		shared := []map[string]any{}
		units := []*place{c.town, c.village, c.hill}
		if len(set) == 0 {
			units = nil // nobody is known
		}
		for _, p := range units {
			count := uint64(0)
			err := n.r.Shared(context.Background(), p.id, func(s exchange.Shared) error {
				f, err := s.Fingerprint(store.EntryKey{}, store.EntryKey{})
				count = f.Count
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			shared = append(shared, map[string]any{"unit": hexed(p.id[:]), "count": count})
		}
		print := reconcile.Print(salt, fp)
		return ok(name, says, fields{
			"root": hexed(c.court.id[:]), "self": hexed(c.court.id[:]), "operations": ops, "wraps": wrapFrames, "keys": keys,
			"count": fp.Count, "sum": hexed(fp.Sum[:]), "salt": hexed(salt[:]), "sent": hexed(print[:]), "shared": shared,
		})
	}
	shuffled := setOf(c, true)
	logs := len(c.logs())
	slices.Reverse(shuffled[logs+1:])
	return []vector{
		of("no frame", "The sum of nothing is zero.", nil),
		of("logs", "Every log stands under the parent's path.", operations(c.logs()...)),
		of("without a grant", "Cases for the station, digests for the tree, notes for the body, wraps by their fields.", setOf(c, false)),
		of("with a grant to the court", "The whole record has its place on the way to the court now, and its digest with it.", setOf(c, true)),
		of("with a grant, in another order", "The entries are a function of the set: the same keys as before.", shuffled),
		of("with grants sideways", "The case goes to both villages; wraps also from where they were made; logs to those on the way who would not know them.", sideways(c)),
		of("after the station moved", "The older case keeps its place at the station that it had, a newer one stays in the village.", moved(c)),
		of("with a master beside the tree", "A digest goes to the bureau that its second operation's log heads name, its first operation too; both units' logs lead to each other.", mastered(c)),
		of("written by a stranger", "What a unit without a part in the case writes has no place, and its grant gives none.", strange(c)),
		of("an erasure and a later class", "The erasure goes where the case and its digest go; what has a route goes there.", beyond(c)),
	}
}
