package vectors

import (
	"crypto/ed25519"
	"encoding/binary"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// place is a unit of the small county from which the vectors are made.
type place struct {
	request *identity.Request
	seat    identity.SeatKeys
	machine identity.SigningKey
	unit    identity.UnitKeys
	sheet   identity.Sheet
	second  identity.Sheet // a root's
	id      store.ID
	admit   *identity.Admit
	first   *oplog.Operation // of its log
}

func newPlace(label, code, name, person string, roles ...identity.Role) *place {
	random := seeded("place " + label)
	p := &place{seat: must(identity.NewSeatKeys(random)), machine: must(identity.NewSigningKey(random))}
	admin := false
	for _, r := range roles {
		admin = admin || r == identity.Admin
	}
	p.unit = must(identity.NewUnitKeys(random, admin))
	p.sheet = must(identity.NewSheet(random))
	escrow := must(identity.SealEscrow(random, p.sheet, p.unit))
	p.request = must(identity.NewUnitRequest(identity.NewUnit{
		Code: code, Name: name, SeatName: person, Roles: roles,
		Seat: p.seat, Unit: p.unit, Machine: p.machine, Escrow: escrow, Demo: true,
	}))
	p.id = p.request.Unit
	return p
}

func (p *place) issuer() identity.Issuer {
	return identity.Issuer{Key: *p.unit.Issuing, Cert: p.admit.Issuing}
}

// county is a court, its township and two villages, admitted one by the other.
type county struct{ court, town, village, hill *place }

func newCounty() *county {
	c := &county{
		court:   newPlace("court", "990125000000-fy", "青禾县人民法院", "吴例静", identity.Admin, identity.Clerk, identity.Judge),
		town:    newPlace("town", "990125101000-zz", "清溪镇综治中心", "郑例贤", identity.Admin, identity.Director, identity.Mediator),
		village: newPlace("village", "990125101203-tw", "河湾村人民调解委员会", "赵示和", identity.Director, identity.Mediator),
		hill:    newPlace("hill", "990125101204-tw", "山背村人民调解委员会", "孙样平", identity.Mediator),
	}
	c.court.second = must(identity.NewSecondSheet(seeded("second sheet")))
	c.court.admit = must(identity.AdmitRoot(c.court.request, *c.court.unit.Issuing, must(c.court.second.Promise())))
	c.court.first = c.court.enter(c, c.court, oplog.BranchOwn, nil, c.court.admit)
	c.town.admitted(c, c.court, 1, false)
	c.village.admitted(c, c.town, 1, true)
	c.hill.admitted(c, c.town, 2, true)
	return c
}

func (p *place) admitted(c *county, by *place, segment uint16, byParent bool) {
	var s identity.Segment
	binary.BigEndian.PutUint16(s[:], segment)
	p.admit = must(identity.AdmitUnit(p.request, by.issuer(), s, byParent))
	p.first = by.enter(c, p, oplog.BranchParent, nil, p.admit)
}

// stamps ascend by a second from the first day of 2026 in Beijing.
const firstStamp = 1_767_196_800_000 << 16

// enter makes an entry of a log, signed by p's person. previous is nil in the first.
func (p *place) enter(c *county, of *place, branch oplog.Branch, previous *oplog.Operation, items ...identity.Item) *oplog.Operation {
	return p.enterAt(c, of, branch, previous, nil, items...)
}

// enterAfter makes the entry after the second one of p's lane.
func (p *place) enterAfter(c *county, of *place, branch oplog.Branch, previous *oplog.Operation, items ...identity.Item) *oplog.Operation {
	h := previous.Header
	h.Number, h.Previous, h.Heads, h.Branch = previous.Header.Number+1, &previous.ID, []oplog.ID{previous.ID}, branch
	return must(oplog.Make(h, seal.Key{}, must(identity.EncodeContent(items)), p.seat.Signing.Private(), seeded("entry after "+of.request.Name)))
}

// enterAt makes an entry of a log whose author saw these heads of his own unit's;
// nil: its first entry.
func (p *place) enterAt(c *county, of *place, branch oplog.Branch, previous *oplog.Operation, author []oplog.ID, items ...identity.Item) *oplog.Operation {
	content := must(identity.EncodeContent(items))
	h := oplog.Header{Tree: c.court.id, Owner: of.id, Class: oplog.ClassTree, Kind: oplog.KindLog, Branch: branch, Number: 1, Epoch: oplog.Epoch{0xe0}, Stamp: firstStamp}
	if previous == nil {
		h.Audience = oplog.AudienceTree
	} else {
		first := of.first.ID
		h.Record, h.Heads, h.OwnerLog = &first, []oplog.ID{previous.ID}, []oplog.ID{of.first.ID}
		h.Number, h.Previous = 2, &previous.ID
	}
	if p != of {
		h.AuthorLog = []oplog.ID{p.first.ID}
	}
	if author != nil {
		h.AuthorLog = author
	}
	return must(oplog.Make(h, seal.Key{}, content, p.seat.Signing.Private(), seeded("entry "+of.request.Name+string(rune(h.Number)))))
}

func (c *county) logs() []*oplog.Operation {
	return []*oplog.Operation{c.court.first, c.town.first, c.village.first, c.hill.first}
}

// recordKey is a fixed symmetric key.
func recordKey(label string) seal.Key { return must(seal.NewKey(seeded("key " + label))) }

// begin is the header of a first operation of a kind, by p of its own record.
func (c *county) begin(p *place, kind oplog.Kind) oplog.Header {
	h := oplog.Header{
		Tree: c.court.id, Owner: p.id, Class: oplog.ClassCase, Kind: kind, Number: 1, Epoch: oplog.Epoch{0xe1}, Stamp: firstStamp + 1<<16,
		Audience: oplog.AudienceStation, OwnerLog: []oplog.ID{p.first.ID},
	}
	switch kind {
	case oplog.KindNotes:
		h.Audience = oplog.AudienceBody
	case oplog.KindRegister:
		h.Audience = oplog.AudienceTree
	case oplog.KindDigest:
		h.Class, h.Audience = oplog.ClassDigest, oplog.AudienceTree
	}
	return h
}

func (c *county) make(p *place, h oplog.Header, key seal.Key, content []byte, label string) *oplog.Operation {
	return must(oplog.Make(h, key, content, p.seat.Signing.Private(), seeded("salt "+label)))
}

// follow is the header of the next operation of a record in the same lane.
func follow(op *oplog.Operation) oplog.Header {
	h := op.Header
	record := op.RecordID()
	h.Number, h.Previous, h.Record, h.Heads, h.Audience, h.Stamp = op.Header.Number+1, &op.ID, &record, []oplog.ID{op.ID}, 0, h.Stamp+1<<16
	h.CaseHeader = nil
	return h
}

// frameOf signs a header of any bytes, well formed or not, so that nothing but
// what a vector breaks is wrong with it.
func frameOf(suite byte, header, body []byte, signer ed25519.PrivateKey) []byte {
	id := seal.Hash("hejie operation v1", []byte{suite}, header)
	digest := seal.Hash("hejie signature v1", id[:])
	return assemble(suite, header, ed25519.Sign(signer, digest[:]), body)
}

func assemble(suite byte, header, signature, body []byte) []byte {
	f := binary.BigEndian.AppendUint32([]byte{suite}, uint32(len(header)))
	f = binary.BigEndian.AppendUint16(f, uint16(len(signature)))
	f = binary.BigEndian.AppendUint32(f, uint32(len(body)))
	return append(append(append(f, header...), signature...), body...)
}

// changed re-encodes a map with some fields set to other values; nil leaves one out.
func changed(raw []byte, fields map[uint64]any) []byte {
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(raw, &keys); err != nil {
		panic(err)
	}
	for n, v := range fields {
		switch v := v.(type) {
		case nil:
			delete(keys, n)
		case dcbor.Raw:
			keys[n] = v
		default:
			keys[n] = dcbor.Must(v)
		}
	}
	return dcbor.Must(keys)
}

// flipped is a copy with the lowest bit of one byte changed; a negative place counts from the end.
func flipped(b []byte, at int) []byte {
	c := append([]byte(nil), b...)
	if at < 0 {
		at += len(c)
	}
	c[at] ^= 1
	return c
}
