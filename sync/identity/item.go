package identity

import (
	"fmt"

	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// ItemType says what an item of a log entry does. Numbers are for ever.
type ItemType uint64

// The types of items (FORMAT.md 6). Those of itemlater.go are decoded strictly
// and have no effect yet.
const (
	ItemAdmit       ItemType = 1
	ItemSeat        ItemType = 2
	ItemName        ItemType = 3
	ItemRelation    ItemType = 4
	ItemWriter      ItemType = 5
	ItemReading     ItemType = 6
	ItemRevoke      ItemType = 7
	ItemMove        ItemType = 8
	ItemSide        ItemType = 9
	ItemTable       ItemType = 10
	ItemMatchingKey ItemType = 11
	ItemIssuing     ItemType = 12
	ItemSuccessor   ItemType = 13
	ItemPins        ItemType = 14
	ItemRules       ItemType = 15
	ItemSecondRoot  ItemType = 16
	ItemAnchors     ItemType = 17
)

// The ranges of what a program does not know. In a log "no effect" is the
// unsafe side, so unknown items come in three: those up to lastStop stop what
// rests on log heads at or after them, those up to lastTold have no effect and a
// person is told, the others are ignored. Fields must be understood up to
// dcbor.MustUnderstand, as everywhere: an unknown one makes its item unknown.
const (
	lastStop ItemType = 31
	lastTold ItemType = 127
)

// Limits of an entry's content.
const (
	// MaxItems bounds the items of one entry; a unit enrols a few people at once.
	MaxItems = 64
	// MaxEntry bounds an entry's content: MaxItems seats fit in 512 KiB.
	MaxEntry = 512 << 10
)

// Item is one item of a log entry: one of the types below, or Unknown.
type Item interface {
	// Type is the item's number.
	Type() ItemType
	wire() (any, error)
}

// Segment is a unit's step in the paths of entry keys; the parent assigns it.
// Zero is no segment.
type Segment [2]byte

// Admit begins a log.
type Admit struct {
	Request  *Request
	Segment  Segment // zero: a root
	Person   *Cert
	Machine  *Cert
	Issuing  *Cert // nil: the unit has no admin
	Parent   *ID   // nil: a root
	ByParent bool  // the parent is the unit's station; otherwise it is its own
	// Promise is PromiseOf the reserve key on a root's second sheet: without it
	// there would be no way back from a stolen issuing key. nil: not a root.
	Promise *ID
}

// AddSeat enrols one more person, and the machine if it is new.
type AddSeat struct {
	Request *Request
	Person  *Cert
	Machine *Cert // nil: the request has no machine
}

// Rename changes what a unit is called from a day on.
type Rename struct {
	Code, Name string
	Day        string // ISO, a Beijing day
}

// RelationKind says how a unit stands to another.
type RelationKind uint8

// The kinds of relations.
const (
	RelationStation    RelationKind = 1 // supervises its files; the unit's parent or the unit itself, said by the parent
	RelationGuided     RelationKind = 2 // guided by a court
	RelationSupervised RelationKind = 3 // supervised by a justice bureau
	RelationCounters   RelationKind = 4 // countersigns a root's erasures; a root says it of itself
)

// Relation tells how the unit stands to another from a day on.
type Relation struct {
	Unit ID
	Kind RelationKind
	Day  string
}

// Writer hands a branch over to another seat.
type Writer struct {
	Seat SeatKey
	// OwnBranch is set where the parent names the writer of the unit's own
	// branch, whose writer is lost; otherwise the entry's own branch is meant.
	OwnBranch bool
}

// ReadingKey replaces the unit's reading key.
type ReadingKey struct {
	Public []byte
	// Seat is a present person of the unit, whose Signature is over
	// ReadingKeyDigest: a parent alone can't read for the unit.
	Seat      SeatKey
	Signature [64]byte
}

// RightSide ends a fork: the named entry's side holds.
type RightSide struct{ Entry ID }

// Place names one item of an entry, counted from 0.
type Place struct {
	Entry ID
	Index uint64
}

// Void takes the stop from an item that stops, the word to a person from one that
// is told, and its number from one that names rules: one wrong entry must not
// freeze a unit for ever. It shares its type with RightSide.
type Void struct{ Place Place }

// Unknown is an item that a newer program wrote, or a known one with a form
// that this program does not know. It is kept and grants nothing. Number 0 stands
// for what has no type that can be read, the content of a whole entry too.
type Unknown struct {
	Number ItemType
	Raw    []byte
}

// Type implements Item.
func (*Admit) Type() ItemType { return ItemAdmit }

// Type implements Item.
func (*AddSeat) Type() ItemType { return ItemSeat }

// Type implements Item.
func (*Rename) Type() ItemType { return ItemName }

// Type implements Item.
func (*Relation) Type() ItemType { return ItemRelation }

// Type implements Item.
func (*Writer) Type() ItemType { return ItemWriter }

// Type implements Item.
func (*ReadingKey) Type() ItemType { return ItemReading }

// Type implements Item.
func (*RightSide) Type() ItemType { return ItemSide }

// Type implements Item.
func (*Void) Type() ItemType { return ItemSide }

// Type implements Item.
func (u *Unknown) Type() ItemType { return u.Number }

// ReadingKeyDigest is what a present seat signs when a unit's reading key is
// replaced. It names the key that goes, so that an old item can't be used again.
func ReadingKeyDigest(unit ID, old, new []byte) ID {
	name := seal.PublicKeyName(old)
	return seal.Hash("hejie reading key v1", unit[:], name[:], new)
}

func (a *Admit) wire() (any, error) {
	if a.Request == nil || a.Person == nil || a.Machine == nil {
		return nil, fmt.Errorf("admitting needs a request and certificates of person and machine")
	}
	w := map[uint64]any{1: ItemAdmit, 2: a.Request.raw, 3: []byte{}, 6: uint64(0)}
	certs := [][]byte{a.Person.DER, a.Machine.DER}
	if a.Issuing != nil {
		certs = append(certs, a.Issuing.DER)
	}
	w[4] = certs
	if a.Parent != nil {
		w[3], w[5] = a.Segment[:], *a.Parent
	}
	if a.Promise != nil {
		w[7] = *a.Promise
	}
	if a.ByParent {
		w[6] = uint64(1)
	}
	return w, nil
}

func (a *AddSeat) wire() (any, error) {
	if a.Request == nil || a.Person == nil {
		return nil, fmt.Errorf("a seat needs a request and a certificate")
	}
	certs := [][]byte{a.Person.DER}
	if a.Machine != nil {
		certs = append(certs, a.Machine.DER)
	}
	return map[uint64]any{1: ItemSeat, 2: a.Request.raw, 4: certs}, nil
}

func (r *Rename) wire() (any, error) {
	return map[uint64]any{1: ItemName, 2: r.Code, 3: r.Name, 4: r.Day}, nil
}

func (r *Relation) wire() (any, error) {
	return map[uint64]any{1: ItemRelation, 2: r.Unit, 3: r.Kind, 4: r.Day}, nil
}

func (w *Writer) wire() (any, error) {
	m := map[uint64]any{1: ItemWriter, 2: w.Seat}
	if w.OwnBranch {
		m[3] = uint64(1)
	}
	return m, nil
}

func (r *ReadingKey) wire() (any, error) {
	return map[uint64]any{1: ItemReading, 2: r.Public, 3: r.Signature, 4: r.Seat}, nil
}

func (r *RightSide) wire() (any, error) {
	return map[uint64]any{1: ItemSide, 2: r.Entry}, nil
}

func (v *Void) wire() (any, error) {
	return map[uint64]any{1: ItemSide, 3: []any{v.Place.Entry, v.Place.Index}}, nil
}

func (u *Unknown) wire() (any, error) { return dcbor.Raw(u.Raw), nil }

// EncodeContent gives the content of a log entry with these items, and checks
// that it can be read.
func EncodeContent(items []Item) ([]byte, error) {
	list := make([]any, len(items))
	for i, it := range items {
		w, err := it.wire()
		if err != nil {
			return nil, err
		}
		list[i] = w
	}
	b, err := dcbor.Marshal(map[uint64]any{1: list})
	if err != nil {
		return nil, fmt.Errorf("encoding an entry: %w", err)
	}
	got, err := DecodeContent(b)
	if err != nil {
		return nil, err
	}
	for i, it := range got {
		if u, ok := it.(*Unknown); ok && items[i].Type() != it.Type() || ok && isKnown(u.Number) {
			return nil, fmt.Errorf("%w entry: item %d can't be read back: %v", ErrMalformed, i, itemError(u))
		}
	}
	return b, nil
}

func isKnown(t ItemType) bool { return decoders[t] != nil }
