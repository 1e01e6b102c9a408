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
	}
}
