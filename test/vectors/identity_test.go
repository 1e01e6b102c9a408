package vectors

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"strings"
	"testing"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// signed is a signature over H(domain, data), or over H(domain, id) where data is one.
func signed(domain string, data []byte, by identity.SigningKey) []byte {
	digest := seal.Hash(domain, data)
	return ed25519.Sign(by.Private(), digest[:])
}

func mustRename() identity.Item {
	return &identity.Rename{Code: "990125101203-tw", Name: "河湾新村人民调解委员会", Day: "2026-07-01"}
}

// signedRequest proves possession of the keys over a request changed by hand.
func signedRequest(unsigned []byte, by ...identity.SigningKey) []byte {
	digest := seal.Hash("hejie request v1", unsigned)
	proofs := map[identity.SeatKey][64]byte{}
	for _, k := range by {
		proofs[k.Public()] = [64]byte(ed25519.Sign(k.Private(), digest[:]))
	}
	return changed(unsigned, map[uint64]any{15: proofs})
}

func requestVectors(*testing.T) []vector {
	c := newCounty()
	v := c.village
	newcomer := must(identity.NewSeatKeys(seeded("newcomer")))
	machine := must(identity.NewSigningKey(seeded("newcomer's machine")))
	ask := func(recovered bool, m *identity.SigningKey) *identity.Request {
		return must(identity.NewSeatRequest(identity.NewSeat{Unit: v.id, SeatName: "钱新例", Roles: []identity.Role{identity.Mediator}, Seat: newcomer, Machine: m, Recovered: recovered}))
	}
	of := func(q *identity.Request) fields {
		return fields{"request": hexed(q.Bytes()), "kind": int(q.Kind), "unit": hexed(q.Unit[:]), "words": identity.RequestWords(q).Chinese()}
	}
	unsigned := changed(v.request.Bytes(), map[uint64]any{15: nil})
	both := []identity.SigningKey{v.seat.Signing, v.machine}
	bad := func(expect, name, says string, raw []byte) vector {
		return fault(expect, name, says, fields{"request": hexed(raw)})
	}
	with := func(f map[uint64]any) []byte { return signedRequest(changed(unsigned, f), both...) }
	later := with(map[uint64]any{128: "later"})
	laterRequest := must(identity.ParseRequest(later))
	badKey := bytes.Clone(v.unit.Reading[0].Public())
	badKey[0], badKey[1] = 0xff, 0xff
	return []vector{
		ok("new unit without an admin", "A village: no issuing key.", of(v.request)),
		ok("new unit with an admin", "A township brings its issuing key; it signs too.", of(c.town.request)),
		ok("one more seat", "Kind 2 on a machine that is enrolled.", of(ask(false, nil))),
		ok("one more seat with its machine", "Kind 2 on a second computer.", of(ask(false, &machine))),
		ok("recovered seat", "Kind 3.", of(ask(true, &machine))),
		ok("with a later field", "Kept, and covered by the proofs.", of(laterRequest)),
		bad("newer", "version 2", "A newer program's.", with(map[uint64]any{1: 2})),
		bad("newer", "a later field that must be understood", "To 127: it may change what is asked for.", with(map[uint64]any{16: "later"})),
		bad("proof", "name changed", "The proofs are over every field.", changed(v.request.Bytes(), map[uint64]any{5: "王冒例"})),
		bad("proof", "a proof is missing", "The machine did not sign.", signedRequest(unsigned, v.seat.Signing)),
		bad("proof", "a proof too many", "A key that the request does not name.", signedRequest(unsigned, v.seat.Signing, v.machine, machine)),
		bad("proof", "a later field changed", "It is covered as well.", changed(later, map[uint64]any{128: "other"})),
		bad("malformed", "kind 4", "There is none.", with(map[uint64]any{2: 4})),
		bad("malformed", "no roles", "One to sixteen.", with(map[uint64]any{6: []string{}})),
		bad("malformed", "roles unsorted", "Sorted.", with(map[uint64]any{6: []string{"mediator", "director"}})),
		bad("malformed", "role in capitals", "a-z and _.", with(map[uint64]any{6: []string{"Director"}})),
		bad("malformed", "empty name", "1 to 64 characters.", with(map[uint64]any{4: ""})),
		bad("malformed", "name of 65 characters", "1 to 64 characters.", with(map[uint64]any{4: strings.Repeat("和", 65)})),
		bad("malformed", "name with a line break", "Visible characters.", with(map[uint64]any{4: "河湾\n村"})),
		bad("malformed", "name that turns the writing", "A bidirectional control hides what follows.", with(map[uint64]any{4: "河湾\u202e村"})),
		bad("malformed", "name with a space at its end", "Not seen on paper.", with(map[uint64]any{4: "河湾村 "})),
		bad("malformed", "code with a space", "Visible ASCII, at most 40.", with(map[uint64]any{3: "9901 tw"})),
		bad("malformed", "reading key of 1,215 bytes", "1,216.", with(map[uint64]any{10: v.unit.Reading[0].Public()[:1215]})),
		bad("malformed", "reading key out of range", "Nothing can be sealed to it (FIPS 203: numbers below 3,329).", with(map[uint64]any{10: badKey})),
		bad("malformed", "issuing key without an admin", "Only an admin issues.", signedRequest(changed(unsigned, map[uint64]any{11: machine.Public()}), v.seat.Signing, v.machine, machine)),
		bad("malformed", "machine key of small order", "Under it one signature fits many messages: no signing key.", with(map[uint64]any{9: smallOrder(0)})),
		bad("malformed", "no escrow", "The unit's keys are sealed to its sheet.", with(map[uint64]any{13: nil})),
		bad("malformed", "not a demonstration, written out", "Field 14 is there only where it is true.", with(map[uint64]any{14: false})),
		bad("malformed", "unit id in kind 1", "Field 12 belongs to kinds 2 and 3.", with(map[uint64]any{12: v.id})),
		bad("malformed", "no proofs", "Field 15 is missing.", unsigned),
	}
}

func certificateVectors(*testing.T) []vector {
	c := newCounty()
	courtKey, townKey := c.court.unit.Issuing.Public(), c.town.unit.Issuing.Public()
	of := func(cert *identity.Cert, issuer identity.SeatKey) fields {
		roles := []string{}
		for _, r := range cert.Roles {
			roles = append(roles, string(r))
		}
		return fields{"certificate": hexed(cert.DER), "issuer": hexed(issuer[:]), "unit": hexed(cert.Unit[:]), "kind": string(cert.Kind), "roles": roles, "holder": cert.Name}
	}
	seat := c.village.admit.Person
	bad := func(name, says string, der []byte, issuer identity.SeatKey) vector {
		return fault("certificate", name, says, fields{"certificate": hexed(der), "issuer": hexed(issuer[:])})
	}
	replaced := func(old, new string) []byte {
		if len(old) != len(new) || !bytes.Contains(seat.DER, []byte(old)) {
			panic("a replacement of another length")
		}
		return bytes.Replace(seat.DER, []byte(old), []byte(new), 1)
	}
	machine := c.village.admit.Machine
	return []vector{
		ok("root's issuing certificate", "Signs itself.", of(c.court.admit.Issuing, courtKey)),
		ok("township's issuing certificate", "Signed by the court's.", of(c.town.admit.Issuing, courtKey)),
		ok("seat with three roles", "Signed by the court's at admission.", of(c.town.admit.Person, courtKey)),
		ok("village's seat", "Signed by the township's.", of(seat, townKey)),
		ok("machine", "For TLS; bears the unit's name.", of(machine, townKey)),
		bad("another issuer", "The court did not sign it.", seat.DER, courtKey),
		bad("signature changed", "One bit.", flipped(seat.DER, -1), townKey),
		bad("name changed", "The signature is over it.", replaced("赵示和", "赵示利"), townKey),
		bad("another scheme", "hejie: and nothing else.", replaced("hejie:", "hejle:"), townKey),
		bad("another kind", "admin, seat or machine.", replaced("/seat?", "/sead?"), townKey),
		bad("roles unsorted", "Sorted.", replaced("director,mediator", "mediator,director"), townKey),
		bad("issued by year 2001", "The dates are 2000-01-01 and 9999-12-31.", replaced("000101000000Z", "010101000000Z"), townKey),
		bad("key of small order", "No signing key; all else is as it should be, and the township signed it.", ofSmallOrder(seat, c.town.unit.Issuing.Private()), townKey),
		bad("another key identifier", "It is the first 20 bytes of the key's SHA-256; the township signed this one.", ofKeyIdentifier(seat, c.town.unit.Issuing.Private()), townKey),
		bad("something follows", "One byte.", append(bytes.Clone(seat.DER), 0), townKey),
		bad("cut off", "A byte is missing.", seat.DER[:len(seat.DER)-1], townKey),
		bad("nothing", "No certificate.", nil, townKey),
	}
}

// smallOrder are points of order 1, 2 and 4, in their encodings.
func smallOrder(i int) identity.SeatKey {
	last := bytes.Repeat([]byte{0xff}, 32)
	last[0], last[31] = 0xec, 0x7f
	return []identity.SeatKey{{1}, identity.SeatKey(last), {}, {31: 0x80}, {0: 1, 31: 0x80}}[i]
}

// ofSmallOrder is a seat's certificate with a key of small order in place of its
// own, and the serial and key identifier that belong to it, signed anew.
func ofSmallOrder(seat *identity.Cert, issuer ed25519.PrivateKey) []byte {
	x := must(x509.ParseCertificate(seat.DER))
	for i := range 5 {
		key := smallOrder(i)
		serial, name := seal.Hash("hejie serial v1", key[:]), sha256.Sum256(key[:])
		if old := x.SerialNumber.Bytes(); len(old) != 16 || serial[0] == 0 || old[0]>>7 != serial[0]>>7 {
			continue // a serial of another length
		}
		tbs := bytes.Replace(x.RawTBSCertificate, x.SerialNumber.Bytes(), serial[:16], 1)
		tbs = bytes.Replace(bytes.Replace(tbs, seat.Key[:], key[:], 1), x.SubjectKeyId, name[:20], 1)
		der := bytes.Replace(seat.DER, x.RawTBSCertificate, tbs, 1)
		return append(der[:len(der)-ed25519.SignatureSize], ed25519.Sign(issuer, tbs)...)
	}
	panic("no key of small order has a serial of that length")
}

// ofKeyIdentifier is a seat's certificate with another key identifier, signed anew.
func ofKeyIdentifier(seat *identity.Cert, issuer ed25519.PrivateKey) []byte {
	x := must(x509.ParseCertificate(seat.DER))
	tbs := bytes.Replace(x.RawTBSCertificate, x.SubjectKeyId, flipped(x.SubjectKeyId, -1), 1)
	der := bytes.Replace(seat.DER, x.RawTBSCertificate, tbs, 1)
	return append(der[:len(der)-ed25519.SignatureSize], ed25519.Sign(issuer, tbs)...)
}

func logVectors(*testing.T) []vector {
	c := newCounty()
	frames := func(ops ...*oplog.Operation) []string {
		out := []string{}
		for _, op := range ops {
			out = append(out, hexed(op.Frame))
		}
		return out
	}
	later := dcbor.Must(map[uint64]any{1: 77, 2: "later"})
	relation := &identity.Relation{Unit: c.village.id, Kind: identity.RelationStation, Day: "2026-08-01"}
	second := c.town.enter(c, c.village, oplog.BranchParent, c.village.first, mustRename(), relation, &identity.Unknown{Number: 77, Raw: later})
	newcomer := must(identity.NewSeatKeys(seeded("newcomer")))
	machine := must(identity.NewSigningKey(seeded("newcomer's machine")))
	ask := must(identity.NewSeatRequest(identity.NewSeat{Unit: c.town.id, SeatName: "钱新例", Roles: []identity.Role{identity.Mediator}, Seat: newcomer, Machine: &machine}))
	add := must(identity.AdmitSeat(ask, c.town.issuer(), c.town.id, c.town.request.Name))
	own := c.town.enter(c, c.town, oplog.BranchOwn, c.town.first, add)
	laptop := newPlace("second computer", "990125101204-tw", "山背村人民调解委员会", "孙样平", identity.Mediator)
	addLaptop := must(identity.AdmitSeat(laptop.request, c.town.issuer(), c.hill.id, c.hill.request.Name))
	other := c.town.enter(c, c.hill, oplog.BranchParent, c.hill.first, addLaptop)
	reading := must(seal.NewPrivateKey(seeded("new reading key")))
	reg := identity.NewRegistry(c.court.id)
	for _, op := range c.logs() {
		reg.Add(must(identity.EntryOf(op)))
	}
	village, _ := reg.Unit(c.village.id)
	rekey := c.village.enter(c, c.village, oplog.BranchOwn, c.village.first, identity.ReplaceReadingKey(&village, reading.Public(), c.village.seat.Signing))
	all := append(c.logs(), second, own, other, rekey)
	writer := c.court.enter(c, c.town, oplog.BranchParent, c.town.first, &identity.Writer{Seat: newcomer.Signing.Public(), OwnBranch: true}, &identity.RightSide{Entry: second.ID})
	item := func(raw []byte) *oplog.Operation {
		content := dcbor.Must(map[uint64]any{1: []any{dcbor.Raw(raw)}})
		h := second.Header
		h.Key = nil
		return must(oplog.Make(h, seal.Key{}, content, c.town.seat.Signing.Private(), seeded("item")))
	}
	tableItem := dcbor.Must(map[uint64]any{1: 10, 2: "terms", 3: 1, 4: "2026-01-01", 5: []byte("{}")})
	matchingItem := dcbor.Must(map[uint64]any{1: 11, 2: c.village.id, 3: c.town.id, 4: make([]byte, 1168)})
	rename := dcbor.Must(map[uint64]any{1: 3, 2: "990125101203-tw", 3: "河湾", 4: "2026-07-01"})
	bad := func(name, says string, raw []byte, as int) vector {
		return ok(name, says, fields{"frames": frames(item(raw)), "items": [][]int{{as}}})
	}
	tree := fields{"root": hexed(c.court.id[:]), "frames": frames(all...), "units": unitsOf(c, all), "items": [][]int{{1}, {1}, {1}, {1}, {3, 4, -77}, {2}, {2}, {6}}}
	published, tables := tableVector(c)
	garbage := must(oplog.Make(second.Header, seal.Key{}, []byte{0x80}, c.town.seat.Signing.Private(), seeded("garbage")))
	list := []vector{
		ok("a county", "Four units, a new name, a station, more seats, a second computer that asked as a new unit, a new reading key, an item of a later program.", tree),
		ok("writer and side", "Items 5 and 9.", fields{"frames": frames(writer), "items": [][]int{{5, 9}}}),
		ok("published tables", "Item 10, four versions of two tables; of one name an equal and a smaller version count for nothing.", fields{"root": hexed(c.court.id[:]), "frames": frames(published...), "items": [][]int{{1}, {1}, {10, 10, 10, 10, 10, 10}, {10}}, "tables": tables}),
		kept(matchingVector(c, frames)),
		bad("table", "An item by hand.", tableItem, 10),
		bad("table of version 0", "From 1.", changed(tableItem, map[uint64]any{3: 0}), -10),
		bad("table of version 2^53 + 1", "At most 2^53.", changed(tableItem, map[uint64]any{3: uint64(1)<<53 + 1}), -10),
		bad("table with a capital in its name", "a-z, 0-9 and _.", changed(tableItem, map[uint64]any{2: "Terms"}), -10),
		bad("table without content", "1 to 262,144 bytes.", changed(tableItem, map[uint64]any{5: []byte{}}), -10),
		bad("table with its content as text", "Bytes.", changed(tableItem, map[uint64]any{5: "{}"}), -10),
		bad("matching key", "An item by hand; what it is sealed to is nobody's business here.", matchingItem, 11),
		bad("matching key cut short", "1,168 sealed bytes.", changed(matchingItem, map[uint64]any{4: make([]byte, 1167)}), -11),
		bad("rename", "An item by hand.", rename, 3),
		bad("an unknown field", "It may change what the item means: the whole item is unknown.", changed(rename, map[uint64]any{9: 1}), -3),
		bad("no day", "A known item of another form is kept and grants nothing.", changed(rename, map[uint64]any{4: "2026-02-30"}), -3),
		bad("day of the year 0", "From 0001-01-01.", changed(rename, map[uint64]any{4: "0000-01-01"}), -3),
		bad("day missing", "The same.", changed(rename, map[uint64]any{4: nil}), -3),
		bad("writer of branch 2", "Field 3 is 1 or absent.", dcbor.Must(map[uint64]any{1: 5, 2: c.village.id, 3: 2}), -5),
		fault("malformed", "content is no map", "Held, and gives nothing.", fields{"frames": frames(garbage), "items": []any{}}),
		stopsVector(c, frames),
	}
	for _, p := range placedItems(c) {
		list = append(list, bad(p.name, p.says, dcbor.Must(p.item), p.as))
	}
	return list
}

// tableVector are tables that the court published, and one by a township's
// admin in the parent's branch of a village, where none counts.
func tableVector(c *county) (ops []*oplog.Operation, tables []map[string]any) {
	table := func(name string, version uint64, content string) identity.Item {
		return &identity.Table{Name: name, Version: version, Day: "2026-01-01", Content: []byte(content)}
	}
	own := c.court.enter(c, c.court, oplog.BranchOwn, c.court.first, table("holidays", 2026, `{"days":[]}`), table("terms", 1, `{"month":1}`),
		table("terms", 3, `{"month":2}`), table("terms", 3, `{"month":9}`), table("terms", 2, `{"month":8}`), table("holidays", 2027, `{}`))
	other := c.court.enter(c, c.town, oplog.BranchParent, c.town.first, table("terms", 1, "{}"))
	ops = []*oplog.Operation{c.court.first, c.town.first, own, other}
	return ops, tablesOf(c, ops)
}

func tablesOf(c *county, ops []*oplog.Operation) []map[string]any {
	reg := identity.NewRegistry(c.court.id)
	for _, op := range ops {
		reg.Add(must(identity.EntryOf(op)))
	}
	out := []map[string]any{}
	for _, u := range reg.Units() {
		for _, p := range u.Tables {
			out = append(out, map[string]any{"unit": hexed(u.ID[:]), "table": p.Name, "version": int(p.Version), "from": p.Day, "content": hexed(p.Content)})
		}
	}
	return out
}

// matchingVector is the court's matching key, handed to its township.
func matchingVector(c *county, frames func(...*oplog.Operation) []string) vector {
	key := recordKey("matching")
	hand := func(p *place) identity.Item {
		return must(identity.HandMatchingKey(host.SystemRandom, c.court.id, p.id, p.unit.Reading[0].Public(), key))
	}
	own := c.court.enter(c, c.court, oplog.BranchOwn, c.court.first, hand(c.court))
	down := c.court.enter(c, c.town, oplog.BranchParent, c.town.first, hand(c.town))
	seed := c.town.unit.Reading[0].Seed()
	mark := identity.MatchingMark(key, "99012519700101001X", "02")
	return ok("handed matching key", "Item 11: the root's, sealed to the township's reading key, and the mark that both make of one number and category.", fields{
		"root": hexed(c.court.id[:]), "frames": frames(c.court.first, c.town.first, own, down), "items": [][]int{{1}, {1}, {11}, {11}},
		"matching": map[string]any{"unit": hexed(c.town.id[:]), "seed": hexed(seed[:]), "key": hexed(key[:]), "number": "99012519700101001X", "category": "02", "mark": hexed(mark[:])},
	})
}

func unitsOf(c *county, ops []*oplog.Operation) []map[string]any {
	reg := identity.NewRegistry(c.court.id)
	for _, op := range ops {
		reg.Add(must(identity.EntryOf(op)))
	}
	units := reg.Units()
	out := make([]map[string]any, 0, len(units))
	for _, u := range units {
		var padded [16]byte
		copy(padded[:], u.Path)
		name := seal.PublicKeyName(u.Reading)
		out = append(out, map[string]any{"id": hexed(u.ID[:]), "path": hexed(padded[:]), "station": hexed(u.Station[:]), "reading": hexed(name[:]), "seats": len(u.Seats)})
	}
	return sortedBy(out, "id")
}
