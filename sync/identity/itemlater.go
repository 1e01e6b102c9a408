package identity

import (
	"bytes"
	"fmt"
	"slices"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// The items whose place and form are settled and whose effect is not built:
// they are decoded strictly. Those that would take a right away or move authority
// stop what rests on them (Registry.Stops), so that a later program can write them
// while this one is still in use; anchors are told.

// Limits of the items of this file.
const (
	// MaxPins bounds the lanes that one item pins: about 130 bytes each, so that
	// an entry of MaxEntry holds them; a seat of ten years has some fifty lanes.
	MaxPins = 2048
	// MaxReissued bounds the certificates that a new issuing key makes anew in one
	// item: a unit of some hundred seats, at most 4,096 bytes each.
	MaxReissued = 100
	// MaxAnchorKey bounds a later suite's public key: FIPS 204's largest has 2,592 bytes.
	MaxAnchorKey = 8 << 10
	// MaxAnchorSignature bounds its signatures: FIPS 205's largest has 49,856 bytes.
	MaxAnchorSignature = 64 << 10
)

// Pin fixes a lane up to one operation: Root is the RFC 6962 tree hash over the
// ids of its operations 1 … Number, the last of which is ID.
type Pin struct {
	Seat   SeatKey
	Epoch  oplog.Epoch
	Owner  ID
	Class  oplog.Class
	Number uint64 // 1 … oplog.MaxNumber
	ID     ID
	Root   ID
}

// wirePin is a pin as CBOR has it: an array.
type wirePin struct {
	_      struct{} `cbor:",toarray"`
	Seat   SeatKey
	Epoch  oplog.Epoch
	Owner  ID
	Class  oplog.Class
	Number uint64
	ID     ID
	Root   ID
}

// TargetKind says what a revocation takes away.
type TargetKind uint8

// The kinds of targets.
const (
	TargetSeat TargetKind = 1
	TargetRole TargetKind = 2 // one role of a seat
	TargetUnit TargetKind = 3 // a child unit
)

// Target is what a revocation takes away.
type Target struct {
	Kind TargetKind
	ID   ID   // the seat, or the unit
	Role Role // TargetRole only
}

// Revoke takes a seat, a role or a child unit away (type 7).
type Revoke struct {
	Target Target
	Reason string // a code: 1 to 40 of a-z and _
	Pins   []Pin  // what is accepted; sorted
}

// Move releases a unit to another parent, or takes it there (type 8).
type Move struct {
	Parent ID // the new one
	// Accept is nil in the release.
	Accept *Acceptance
}

// Acceptance is how the new parent takes a unit.
type Acceptance struct {
	Segment  Segment
	ByParent bool // the new parent is the unit's station
	Certs    []*Cert
}

// Issuing replaces a unit's issuing key (type 12): a unit's in its parent's
// branch, a root's in its own.
type Issuing struct {
	Cert     *Cert   // of the new key
	Reissued []*Cert // certificates made anew under it
	// Root is set exactly where a root replaces its own.
	Root *RootIssuing
}

// RootIssuing is what a root's replacement says besides: the key of the second
// sheet signs, and the tree goes on from an entry before the key was stolen.
type RootIssuing struct {
	From      ID // the last entry of the own branch that holds
	Promise   ID // of the next reserve key
	Reserve   SeatKey
	Signature [64]byte // by Reserve over IssuingDigest
}

// Successor stands beside a closed unit as owner (type 13, the parent's branch).
type Successor struct {
	Unit ID
	Day  string
}

// Pins adopts all that seats wrote up to here (type 14).
type Pins struct{ Pins []Pin }

// Rules names the rules of the tree for verdicts on cases and digests (type 15,
// the root's own branch).
type Rules struct{ Number uint64 }

// RootRelation says how two trees stand to each other.
type RootRelation uint8

// The relations of two roots.
const (
	RootUnder  RootRelation = 1 // this tree comes under the other
	RootAbove  RootRelation = 2 // the other comes under this one
	RootBeside RootRelation = 3
)

// SecondRoot joins another tree (type 16): it counts where both roots say it.
type SecondRoot struct {
	Tree     ID
	Issuing  *Cert // the other root's
	Relation RootRelation
	Segment  Segment // of the lower one; not where they stand beside each other
}

// Anchors pins lanes under a later suite, against forgers of the first one (type 17).
type Anchors struct {
	Suite     uint8 // 2 … 255
	Pins      []Pin
	Key       []byte
	Signature []byte // under Suite, over AnchorsDigest
}

// Type implements Item.
func (*Revoke) Type() ItemType { return ItemRevoke }

// Type implements Item.
func (*Move) Type() ItemType { return ItemMove }

// Type implements Item.
func (*Issuing) Type() ItemType { return ItemIssuing }

// Type implements Item.
func (*Successor) Type() ItemType { return ItemSuccessor }

// Type implements Item.
func (*Pins) Type() ItemType { return ItemPins }

// Type implements Item.
func (*Rules) Type() ItemType { return ItemRules }

// Type implements Item.
func (*SecondRoot) Type() ItemType { return ItemSecondRoot }

// Type implements Item.
func (*Anchors) Type() ItemType { return ItemAnchors }

// unbuilt are the known items that take rights away or move authority: what they
// do is not built, so they stop what rests on them.
func unbuilt(t ItemType) bool {
	switch t {
	case ItemRevoke, ItemMove, ItemIssuing, ItemSuccessor, ItemPins, ItemSecondRoot:
		return true
	}
	return false
}

// stops tells whether what rests on an entry with this item has to wait.
func stops(it Item) bool {
	u, unknown := it.(*Unknown)
	return unknown && u.Number <= lastStop || unbuilt(it.Type())
}

// told tells whether an item has no effect here and a person has to know.
func told(it Item) bool {
	u, unknown := it.(*Unknown)
	return unknown && u.Number > lastStop && u.Number <= lastTold || it.Type() == ItemAnchors && !unknown
}

func wirePins(pins []Pin) []wirePin {
	out := make([]wirePin, len(pins))
	for i, p := range pins {
		out[i] = wirePin{Seat: p.Seat, Epoch: p.Epoch, Owner: p.Owner, Class: p.Class, Number: p.Number, ID: p.ID, Root: p.Root}
	}
	return out
}

// pins reads a list of pins in the order of their lanes, each lane once.
func (f *fields) pins(n uint64, least int) []Pin {
	var wires []wirePin
	f.need(n, &wires)
	if f.err == nil && (len(wires) < least || len(wires) > MaxPins) {
		f.fail("field %d has %d pins, %d to %d are allowed", n, len(wires), least, MaxPins)
	}
	if f.err != nil {
		return nil
	}
	pins := make([]Pin, len(wires))
	for i, w := range wires {
		p := Pin{Seat: w.Seat, Epoch: w.Epoch, Owner: w.Owner, Class: w.Class, Number: w.Number, ID: w.ID, Root: w.Root}
		if p.Number == 0 || p.Number > oplog.MaxNumber || p.Class < oplog.ClassTree || p.Class > oplog.LastClass {
			f.fail("field %d: pin %d of number %d, class %d", n, i, p.Number, p.Class)
		}
		if i > 0 && comparePins(pins[i-1], p) >= 0 {
			f.fail("field %d: pins are not sorted by seat, epoch, owner and class", n)
		}
		pins[i] = p
	}
	return pins
}

func comparePins(a, b Pin) int {
	return slices.Compare(laneBytes(a), laneBytes(b))
}

func laneBytes(p Pin) []byte {
	return bytes.Join([][]byte{p.Seat[:], p.Epoch[:], p.Owner[:], {byte(p.Class)}}, nil)
}

func (r *Revoke) wire() (any, error) {
	target := map[uint64]any{1: r.Target.Kind, 2: r.Target.ID}
	if r.Target.Kind == TargetRole {
		target[3] = r.Target.Role
	}
	return map[uint64]any{1: ItemRevoke, 2: target, 3: r.Reason, 4: wirePins(r.Pins)}, nil
}

func decodeRevoke(f *fields) (Item, error) {
	r := &Revoke{Target: f.target(2)}
	f.need(3, &r.Reason)
	if f.err == nil && !isWord(r.Reason, maxReason) {
		f.fail("field 3 is no code of a reason")
	}
	r.Pins = f.pins(4, 0)
	return r, nil
}

// maxReason bounds the code of a revocation's reason, in bytes.
const maxReason = 40

func (f *fields) target(n uint64) Target {
	var raw dcbor.Raw
	f.need(n, &raw)
	if f.err != nil {
		return Target{}
	}
	in := readFields("target", raw)
	t := Target{Kind: TargetKind(in.uint(1, uint64(TargetUnit)))}
	if id := in.id(2, true); id != nil {
		t.ID = *id
	}
	if in.err == nil && t.Kind == 0 {
		in.fail("of no kind")
	}
	if t.Kind == TargetRole {
		in.need(3, &t.Role)
		if in.err == nil && !isWord(string(t.Role), maxRole) {
			in.fail("%q is no role", string(t.Role))
		}
	}
	in.must()
	if f.err == nil {
		f.err = in.err
	}
	return t
}

// isWord tells whether a text is 1 to most of a-z and _.
func isWord(s string, most int) bool {
	return s != "" && len(s) <= most && len(bytes.Trim([]byte(s), "abcdefghijklmnopqrstuvwxyz_")) == 0
}

func (m *Move) wire() (any, error) {
	w := map[uint64]any{1: ItemMove, 2: m.Parent}
	if a := m.Accept; a != nil {
		station := uint64(0)
		if a.ByParent {
			station = 1
		}
		w[3], w[4], w[5] = a.Segment[:], station, ders(a.Certs)
	}
	return w, nil
}

func decodeMove(f *fields) (Item, error) {
	m := &Move{}
	if p := f.id(2, true); p != nil {
		m.Parent = *p
	}
	if _, accepts := f.keys[3]; !accepts {
		return m, nil
	}
	a := &Acceptance{Segment: f.segment(3), ByParent: f.uint(4, 1) == 1, Certs: f.certs(5, 1)}
	m.Accept = a
	return m, nil
}

func (f *fields) segment(n uint64) (s Segment) {
	if b := f.bytes(n, len(s), len(s)); f.err == nil {
		if s = Segment(b); s == (Segment{}) {
			f.fail("a path segment of zeros")
		}
	}
	return s
}

// certs reads a list of certificates, at least some of them.
func (f *fields) certs(n uint64, least int) []*Cert {
	var list [][]byte
	f.need(n, &list)
	if f.err == nil && (len(list) < least || len(list) > MaxReissued) {
		f.fail("field %d has %d certificates, %d to %d are allowed", n, len(list), least, MaxReissued)
	}
	var out []*Cert
	for _, der := range list {
		if f.err != nil {
			return nil
		}
		c, err := ParseCert(der)
		if err != nil {
			f.err = err
		}
		out = append(out, c)
	}
	return out
}

func (f *fields) cert(n uint64, kind CertKind) *Cert {
	c, err := ParseCert(f.bytes(n, 1, MaxCert))
	if f.err == nil && err != nil {
		f.err = err
	}
	if f.err == nil && c.Kind != kind {
		f.fail("field %d is no %s certificate", n, kind)
	}
	return c
}

func ders(certs []*Cert) [][]byte {
	out := make([][]byte, len(certs))
	for i, c := range certs {
		out[i] = c.DER
	}
	return out
}

func (i *Issuing) wire() (any, error) {
	if i.Cert == nil {
		return nil, fmt.Errorf("a new issuing key needs its certificate")
	}
	w := map[uint64]any{1: ItemIssuing, 2: i.Cert.DER, 3: ders(i.Reissued)}
	if r := i.Root; r != nil {
		w[4], w[5], w[6], w[7] = r.From, r.Promise, r.Reserve, r.Signature
	}
	return w, nil
}

func decodeIssuing(f *fields) (Item, error) {
	i := &Issuing{Cert: f.cert(2, CertIssuing), Reissued: f.certs(3, 0)}
	if from := f.id(4, false); from != nil {
		r := &RootIssuing{From: *from}
		if p := f.id(5, true); p != nil {
			r.Promise = *p
		}
		if k := f.id(6, true); k != nil {
			r.Reserve = *k
		}
		f.need(7, &r.Signature)
		i.Root = r
	}
	if f.err == nil && i.Root != nil {
		if !i.Cert.SelfSigned() {
			f.fail("a root's issuing certificate signs itself")
		}
		d := IssuingDigest(i.Cert.Unit, i.Root.From, i.Cert.Key, i.Root.Promise)
		if !verified(i.Root.Reserve, d[:], i.Root.Signature[:]) {
			f.fail("the reserve key did not sign")
		}
	}
	return i, nil
}

func (s *Successor) wire() (any, error) {
	return map[uint64]any{1: ItemSuccessor, 2: s.Unit, 3: s.Day}, nil
}

func decodeSuccessor(f *fields) (Item, error) {
	s := &Successor{}
	if u := f.id(2, true); u != nil {
		s.Unit = *u
	}
	s.Day = f.day(3)
	return s, nil
}

func (p *Pins) wire() (any, error) {
	return map[uint64]any{1: ItemPins, 2: wirePins(p.Pins)}, nil
}

func decodePins(f *fields) (Item, error) { return &Pins{f.pins(2, 1)}, nil }

func (r *Rules) wire() (any, error) { return map[uint64]any{1: ItemRules, 2: r.Number}, nil }

func decodeRules(f *fields) (Item, error) {
	r := &Rules{f.uint(2, oplog.MaxNumber)}
	if f.err == nil && r.Number == 0 {
		f.fail("rules begin at 1")
	}
	return r, nil
}

func (s *SecondRoot) wire() (any, error) {
	if s.Issuing == nil {
		return nil, fmt.Errorf("another root is named with its issuing certificate")
	}
	w := map[uint64]any{1: ItemSecondRoot, 2: s.Tree, 3: s.Issuing.DER, 4: s.Relation}
	if s.Relation != RootBeside {
		w[5] = s.Segment[:]
	}
	return w, nil
}

func decodeSecondRoot(f *fields) (Item, error) {
	s := &SecondRoot{}
	if t := f.id(2, true); t != nil {
		s.Tree = *t
	}
	s.Issuing = f.cert(3, CertIssuing)
	s.Relation = RootRelation(f.uint(4, uint64(RootBeside)))
	switch {
	case f.err != nil:
	case s.Relation == 0:
		f.fail("two roots in no relation")
	case s.Issuing.Unit != s.Tree || !s.Issuing.SelfSigned():
		f.fail("the certificate is not the other root's")
	}
	if f.err == nil && s.Relation != RootBeside {
		s.Segment = f.segment(5)
	}
	return s, nil
}

func (a *Anchors) wire() (any, error) {
	return map[uint64]any{1: ItemAnchors, 2: a.Suite, 3: wirePins(a.Pins), 4: a.Key, 5: a.Signature}, nil
}

func decodeAnchors(f *fields) (Item, error) {
	a := &Anchors{Suite: uint8(f.uint(2, 255)), Pins: f.pins(3, 1)}
	if f.err == nil && a.Suite < 2 {
		f.fail("anchors are signed under a later suite")
	}
	a.Key, a.Signature = f.bytes(4, 1, MaxAnchorKey), f.bytes(5, 1, MaxAnchorSignature)
	return a, nil
}
