package vectors

import (
	"crypto/ed25519"
	"strings"
	"testing"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// pinsOf pins n lanes of a seat, as CBOR has them.
func pinsOf(c *county, n int) []any {
	pins := make([]any, n)
	for i := range pins {
		root := seal.Hash("hejie test v1", []byte{byte(i)})
		pins[i] = []any{c.village.seat.Signing.Public(), oplog.Epoch{byte(i + 1)}, c.village.id, oplog.ClassCase, i + 1, c.hill.id, root}
	}
	return pins
}

// pinsOfClass pins one lane of another class.
func pinsOfClass(c *county, class oplog.Class) []any {
	pins := pinsOf(c, 1)
	pins[0].([]any)[3] = class
	return pins
}

// placedItems are items whose place is kept, in their form and out of it; as is
// the type, negative where the item can't be read.
func placedItems(c *county) []struct {
	name, says string
	item       map[uint64]any
	as         int
} {
	id := c.village.id
	next := must(identity.NewSigningKey(seeded("next issuing key")))
	rootCert := must(identity.Issue(identity.Subject{Kind: identity.CertIssuing, Unit: c.court.id, Name: c.court.request.Name, Key: next.Public()}, next, nil))
	reserve := must(c.court.second.ReserveKey())
	promise := identity.PromiseOf(c.hill.seat.Signing.Public())
	digest := identity.IssuingDigest(c.court.id, c.court.first.ID, next.Public(), promise)
	signature := signature64(reserve, digest)
	certs := [][]byte{c.village.admit.Person.DER}
	issuing := map[uint64]any{1: 12, 2: rootCert.DER, 3: certs, 4: c.court.first.ID, 5: promise, 6: reserve.Public(), 7: signature}
	without := func(m map[uint64]any, n uint64, v any) map[uint64]any {
		out := map[uint64]any{}
		for k, x := range m {
			out[k] = x
		}
		if out[n] = v; v == nil {
			delete(out, n)
		}
		return out
	}
	revoke := map[uint64]any{1: 7, 2: map[uint64]any{1: 1, 2: id}, 3: "stolen", 4: pinsOf(c, 2)}
	move := map[uint64]any{1: 8, 2: id, 3: []byte{0, 1}, 4: 1, 5: certs}
	root := map[uint64]any{1: 16, 2: c.court.id, 3: c.court.admit.Issuing.DER, 4: 1, 5: []byte{0, 9}}
	anchors := map[uint64]any{1: 17, 2: 2, 3: pinsOf(c, 1), 4: []byte{1}, 5: []byte{2}}
	swapped := pinsOf(c, 2)
	swapped[0], swapped[1] = swapped[1], swapped[0]
	short := pinsOf(c, 1)
	short[0] = short[0].([]any)[:6]
	return []struct {
		name, says string
		item       map[uint64]any
		as         int
	}{
		{"revocation of a seat", "With the lanes that are accepted.", revoke, 7},
		{"revocation of a role", "Field 3 of the target is the role.", without(revoke, 2, map[uint64]any{1: 2, 2: id, 3: "admin"}), 7},
		{"revocation of a unit that wrote nothing", "No pins.", without(without(revoke, 2, map[uint64]any{1: 3, 2: id}), 4, []any{}), 7},
		{"revocation of nothing", "The target is missing.", without(revoke, 2, nil), -7},
		{"revocation of a role of no name", "Field 3 stands exactly with 2.", without(revoke, 2, map[uint64]any{1: 2, 2: id}), -7},
		{"revocation of a seat with a role", "Field 3 stands exactly with 2.", without(revoke, 2, map[uint64]any{1: 1, 2: id, 3: "admin"}), -7},
		{"revocation without pins", "An empty array stands for none.", without(revoke, 4, nil), -7},
		{"reason in capitals", "a-z and _.", without(revoke, 3, "Stolen"), -7},
		{"pins unsorted", "By seat, epoch, owner, class.", without(revoke, 4, swapped), -7},
		{"pin of an erasure's lane", "Classes 1 to 15.", without(revoke, 4, pinsOfClass(c, 4)), 7},
		{"pin of a later class's lane", "Classes 1 to 15.", without(revoke, 4, pinsOfClass(c, 15)), 7},
		{"pin of class 16", "Classes 1 to 15.", without(revoke, 4, pinsOfClass(c, 16)), -7},
		{"pin of six parts", "Seven.", without(revoke, 4, short), -7},
		{"release", "The old parent names the new one.", map[uint64]any{1: 8, 2: id}, 8},
		{"acceptance", "The new parent gives segment, station and certificates.", move, 8},
		{"acceptance without a station", "All three or none.", without(move, 4, nil), -8},
		{"acceptance without a segment", "All three or none.", without(move, 3, nil), -8},
		{"void", "The second item of an entry.", map[uint64]any{1: 9, 3: []any{id, 1}}, 9},
		{"void of item 64", "0 to 63.", map[uint64]any{1: 9, 3: []any{id, 64}}, -9},
		{"side and void", "Exactly one.", map[uint64]any{1: 9, 2: id, 3: []any{id, 1}}, -9},
		{"neither side nor void", "Exactly one.", map[uint64]any{1: 9}, -9},
		{"root's issuing key", "Signed by the reserve key that the first entry promised.", issuing, 12},
		{"unit's issuing key", "In the parent's branch: no reserve key.", map[uint64]any{1: 12, 2: c.town.admit.Issuing.DER, 3: []any{}}, 12},
		{"issuing key that nobody reserved", "The signature is another's.", without(issuing, 7, signature64(next, digest)), -12},
		{"issuing key with another promise", "The signature is over it.", without(issuing, 5, id), -12},
		{"issuing key without a next promise", "Fields 4 to 7 together.", without(issuing, 5, nil), -12},
		{"issuing key of a person", "An issuing certificate.", without(issuing, 2, c.village.admit.Person.DER), -12},
		{"successor", "A unit and a day.", map[uint64]any{1: 13, 2: id, 3: "2027-01-01"}, 13},
		{"successor without a day", "Both.", map[uint64]any{1: 13, 2: id}, -13},
		{"pins", "A foreign seat's lane.", map[uint64]any{1: 14, 2: pinsOf(c, 1)}, 14},
		{"no pins", "At least one.", map[uint64]any{1: 14, 2: []any{}}, -14},
		{"rules", "A number.", map[uint64]any{1: 15, 2: 2}, 15},
		{"rules 0", "From 1.", map[uint64]any{1: 15, 2: 0}, -15},
		{"rules 2^53 + 1", "At most 2^53.", map[uint64]any{1: 15, 2: uint64(1)<<53 + 1}, -15},
		{"second root above", "This tree comes under another.", root, 16},
		{"second root beside", "No segment.", without(without(root, 4, 3), 5, nil), 16},
		{"second root beside with a segment", "No segment.", without(root, 4, 3), -16},
		{"second root with a child's certificate", "Self-signed, of that unit.", without(root, 3, c.town.admit.Issuing.DER), -16},
		{"anchors", "Under a later suite.", anchors, 17},
		{"anchors of a later class's lane", "As pins: else they would stop.", without(anchors, 3, pinsOfClass(c, 5)), 17},
		{"anchors of suite 1", "A later one.", without(anchors, 2, 1), -17},
		{"anchors without a signature", "1 to 65,536 bytes.", without(anchors, 5, []byte{}), -17},
		{"countersigning unit", "Relation 4.", map[uint64]any{1: 4, 2: id, 3: 4, 4: "2026-01-01"}, 4},
		{"relation of kind 5", "There is none.", map[uint64]any{1: 4, 2: id, 3: 5, 4: "2026-01-01"}, -4},
		{"field that may be ignored", "From 128.", map[uint64]any{1: 15, 2: 2, 128: []byte{1, 2}}, 15},
		{"field that must be understood", "To 127.", map[uint64]any{1: 15, 2: 2, 127: []byte{1, 2}}, -15},
		{"root without a promise", "There is no such root.", without(wireOf(c.court.first), 7, nil), -1},
		{"child with a promise", "A root's alone.", without(wireOf(c.town.first), 7, promise), -1},
	}
}

// signature64 is a signature over a digest as it is.
func signature64(by identity.SigningKey, digest store.ID) []byte {
	return ed25519.Sign(by.Private(), digest[:])
}

// wireOf are the fields of the one item of an entry.
func wireOf(op *oplog.Operation) map[uint64]any {
	var content struct {
		Items []dcbor.Raw `cbor:"1,keyasint"`
	}
	if err := dcbor.Unmarshal(must(op.Content(seal.Key{})), &content); err != nil {
		panic(err)
	}
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(content.Items[0], &keys); err != nil {
		panic(err)
	}
	out := map[uint64]any{}
	for n, raw := range keys {
		out[n] = raw
	}
	return out
}

// stopsVector is a county in whose logs a later program wrote.
func stopsVector(c *county, frames func(...*oplog.Operation) []string) vector {
	later := func(n identity.ItemType) identity.Item {
		return &identity.Unknown{Number: n, Raw: dcbor.Must(map[uint64]any{1: n, 2: "later"})}
	}
	one := c.town.enter(c, c.town, oplog.BranchOwn, c.town.first, later(20), later(32), later(128), later(31))
	two := c.town.enter(c, c.hill, oplog.BranchParent, c.hill.first, later(18))
	down := c.town.enterAt(c, c.village, oplog.BranchParent, c.village.first, []oplog.ID{one.ID}, mustRename())
	void := c.court.enter(c, c.town, oplog.BranchParent, c.town.first, &identity.Void{Place: identity.Place{Entry: one.ID, Index: 0}}, &identity.Void{Place: identity.Place{Entry: two.ID, Index: 0}})
	rules := c.court.enter(c, c.court, oplog.BranchOwn, c.court.first, &identity.Rules{Number: 2}, &identity.Rules{Number: 5}, &identity.Revoke{Target: identity.Target{Kind: identity.TargetSeat, ID: c.town.seat.Signing.Public()}, Reason: "lost"})
	own := c.court.enterAfter(c, c.court, oplog.BranchOwn, rules, &identity.Void{Place: identity.Place{Entry: rules.ID, Index: 1}}, &identity.Void{Place: identity.Place{Entry: rules.ID, Index: 2}})
	ops := append(c.logs(), one, two, down, void, rules, own)
	f := fields{"root": hexed(c.court.id[:]), "frames": frames(ops...), "items": [][]int{{1}, {1}, {1}, {1}, {-20, -32, -128, -31}, {-18}, {3}, {9, 9}, {15, 15, 7}, {9, 9}}}
	for name, v := range stopsOf(c, ops) {
		f[name] = v
	}
	return ok("stops, and what is void", "Two items stop in the township's own branch, of which the court's word voids one; it says nothing of the hill's, which only the township's own branch could void. The court voids its own.", f)
}

// stopsOf tells what stops, is told and rests on stopped entries in logs, and the rules.
func stopsOf(c *county, ops []*oplog.Operation) map[string]any {
	reg := identity.NewRegistry(c.court.id)
	for _, op := range ops {
		reg.Add(must(identity.EntryOf(op)))
	}
	list := func(stops []identity.Stop) []map[string]any {
		out := []map[string]any{}
		for _, s := range stops {
			out = append(out, map[string]any{"entry": hexed(s.Place.Entry[:]), "index": int(s.Place.Index), "type": int(s.Type)})
		}
		return sortedBy(out, "entry")
	}
	stopped := []map[string]any{}
	for _, op := range ops {
		if _, is, err := reg.StopOf([]store.ID{op.ID}); err == nil && is {
			stopped = append(stopped, map[string]any{"entry": hexed(op.ID[:])})
		}
	}
	return map[string]any{"stops": list(reg.Stops()), "told": list(reg.Told()), "stopped": sortedBy(stopped, "entry"), "rules": int(reg.Rules())}
}

// TestStopsVectorIsNotEmpty: a vector that stops nothing would prove nothing.
func TestStopsVectorIsNotEmpty(t *testing.T) {
	c := newCounty()
	v := stopsVector(c, func(ops ...*oplog.Operation) []string { return make([]string, len(ops)) })
	for name, want := range map[string]int{"stops": 2, "told": 1, "stopped": 3} {
		if got, _ := v.Fields[name].([]map[string]any); len(got) != want {
			t.Errorf("%d %s, want %d: %v", len(got), name, want, got)
		}
	}
	if v.Fields["rules"] != 2 || !strings.Contains(v.Says, "void") {
		t.Errorf("rules %v", v.Fields["rules"])
	}
}
