package oplog

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"

	"hejie/store"
	"hejie/sync/dcbor"
)

// ID names an operation, a unit or a record.
type ID = store.ID

// Seat is the public key of a person on a device: the author's name.
type Seat = store.ID

// SeatOf is the name of the seat that signs with a key: the key's public half.
func SeatOf(key ed25519.PrivateKey) Seat {
	return Seat(key[ed25519.PrivateKeySize-ed25519.PublicKeySize:])
}

// Epoch begins anew when a node can't be sure to go on from its own last operation.
type Epoch [8]byte

// Class says how an operation may be carried and who may read it.
type Class uint8

// The classes of operations.
const (
	ClassTree   Class = 1 // unit logs: signed, not sealed
	ClassDigest Class = 2 // no personal data: for courts and statistics
	ClassCase   Class = 3
)

// Kind says which schema a record has.
type Kind uint8

// The kinds of records.
const (
	KindLog      Kind = 1
	KindCase     Kind = 2
	KindNotes    Kind = 3
	KindDigest   Kind = 4
	KindDocument Kind = 5
	// KindRegister is a unit's register: who belongs to it, its mediators, number
	// ranges and sweeps. Of class case, audience tree, of no case. To a program
	// that does not know it, it is a later kind, so Check asks no more of it.
	KindRegister Kind = 8
)

// Audience is the rule by which a record's readers are found.
type Audience uint8

// The audience rules (DESIGN 6).
const (
	AudienceStation Audience = 1 // the owner and its station
	AudienceTree    Audience = 2 // the owner and every unit above it, now or later
	AudienceBody    Audience = 3 // the owner and its station, never granted
)

// Branch tells the two branches of a unit's log.
type Branch uint8

// The branches of a unit's log.
const (
	BranchOwn    Branch = 1
	BranchParent Branch = 2
)

// Limits of a header, checked where one is made and where one arrives.
const (
	MaxHeader = 32 << 10 // 64 heads, 64 grants and 64 withdrawals fit in 8 KiB; the rest is room for later fields
	MaxHeads  = 64       // more desks than that don't edit one case while apart
	MaxGrants = 64
	// SchemaVersion is the version of the schemas that this program writes.
	SchemaVersion = 1
)

// Header is the part of an operation in the clear, field by field as FORMAT.md 3.
type Header struct {
	Tree        ID       `cbor:"1,keyasint"`
	Seat        Seat     `cbor:"2,keyasint"`
	Epoch       Epoch    `cbor:"3,keyasint"`
	Owner       ID       `cbor:"4,keyasint"`
	Class       Class    `cbor:"5,keyasint"`
	Number      uint64   `cbor:"6,keyasint"`
	Previous    *ID      `cbor:"7,keyasint,omitempty"`
	Record      *ID      `cbor:"8,keyasint,omitempty"`
	Kind        Kind     `cbor:"9,keyasint"`
	Case        *ID      `cbor:"10,keyasint,omitempty"`
	Heads       []ID     `cbor:"11,keyasint,omitempty"`
	OwnerLog    []ID     `cbor:"12,keyasint,omitempty"`
	AuthorLog   []ID     `cbor:"13,keyasint,omitempty"`
	Stamp       uint64   `cbor:"14,keyasint"`
	Schema      uint64   `cbor:"15,keyasint"`
	Audience    Audience `cbor:"16,keyasint,omitempty"`
	Grants      []ID     `cbor:"17,keyasint,omitempty"`
	Withdrawals []ID     `cbor:"18,keyasint,omitempty"`
	Key         *ID      `cbor:"19,keyasint,omitempty"`
	Salt        [16]byte `cbor:"20,keyasint"`
	BodyLength  uint64   `cbor:"21,keyasint"`
	BodyHash    ID       `cbor:"22,keyasint"`
	Projects    *ID      `cbor:"23,keyasint,omitempty"`
	Branch      Branch   `cbor:"24,keyasint,omitempty"`
	Adopts      []ID     `cbor:"25,keyasint,omitempty"`
	// CaseGrants is what Projecting made. It is read by Granting alone: to older
	// programs it is an unknown field, so its form decides nothing about holding.
	CaseGrants dcbor.Raw `cbor:"27,keyasint,omitempty"`
}

// Projecting is field 27 of a digest whose case operation grants to units,
// sorted: so that whoever holds the digest alone knows who writes in it.
func Projecting(grants []ID) dcbor.Raw {
	if len(grants) == 0 {
		return nil
	}
	return dcbor.Must(grants)
}

// Granting are the units to which an operation grants its record, sorted: of a
// digest those to which the case operation does that it projects.
func (h *Header) Granting() []ID {
	if h.Kind != KindDigest {
		return h.Grants
	}
	var ids []ID
	if len(h.CaseGrants) == 0 || dcbor.Unmarshal(h.CaseGrants, &ids) != nil || len(ids) > MaxGrants || !sortedIDs(ids) {
		return nil
	}
	return ids
}

// Lane is where an operation is numbered: one writer's operations for one owner in one class.
type Lane struct {
	Seat  Seat
	Epoch Epoch
	Owner ID
	Class Class
}

// Lane is the header's lane.
func (h *Header) Lane() Lane { return Lane{h.Seat, h.Epoch, h.Owner, h.Class} }

// maxNumber keeps numbers exact in programs that have only floating-point numbers.
const maxNumber = 1 << 53

// ErrHeader is returned for a header whose fields contradict each other or FORMAT.md 3.
var ErrHeader = errors.New("malformed header")

// Check tells whether the header's fields are well formed; it looks at nothing else.
func (h *Header) Check() error {
	first := h.Record == nil
	isLog := h.Class == ClassTree
	known := h.Kind <= KindDocument // a later kind is of class case, held, forwarded and shown as unknown
	for _, rule := range []struct {
		broken bool
		why    string
	}{
		{h.Class < ClassTree || h.Class > ClassCase, "unknown class"},
		{h.Kind == 0, "no kind of record"},
		{isLog != (h.Kind == KindLog), "class and kind disagree"},
		{(h.Class == ClassDigest) != (h.Kind == KindDigest), "class and kind disagree"},
		{h.Number == 0 || h.Number > maxNumber, "number out of range"},
		{(h.Number == 1) != (h.Previous == nil), "previous must be absent exactly at number 1"},
		{first != (len(h.Heads) == 0), "heads must be absent exactly in a record's first operation"},
		{len(h.Heads) > MaxHeads, "too many heads"},
		{known && (h.Kind == KindNotes || h.Kind == KindDigest || h.Kind == KindDocument) != (h.Case != nil), "case must be named exactly by notes, digests and documents"},
		{len(h.OwnerLog) > 2 || len(h.AuthorLog) > 2, "too many log heads"},
		{len(h.OwnerLog) == 0 && (!isLog || !first), "heads of the owner's log are missing"},
		{first != (h.Audience != 0), "audience must stand exactly in a record's first operation"},
		{h.Audience > AudienceBody, "unknown audience"},
		{first && known && (isLog || h.Class == ClassDigest) != (h.Audience == AudienceTree), "audience does not fit the class"},
		{first && known && (h.Kind == KindNotes) != (h.Audience == AudienceBody), "audience does not fit the kind"},
		{len(h.Grants)+len(h.Withdrawals) > 0 && known && h.Kind != KindCase && h.Kind != KindDocument, "only cases and documents can be granted"},
		{len(h.Grants) > MaxGrants || len(h.Withdrawals) > MaxGrants, "too many grants"},
		{isLog != (h.Key == nil), "a key must be named exactly where the body is sealed"},
		{(h.Class == ClassDigest) != (h.Projects != nil), "projects must stand exactly in digests"},
		{isLog != (h.Branch != 0) || h.Branch > BranchParent, "branch must stand exactly in logs"},
		{isLog && len(h.Heads) > 1, "an entry of a log names one earlier entry"},
		{!sortedIDs(h.Heads) || !sortedIDs(h.OwnerLog) || !sortedIDs(h.AuthorLog) || !sortedIDs(h.Grants) || !sortedIDs(h.Withdrawals) || !sortedIDs(h.Adopts), "ids are not sorted"},
	} {
		if rule.broken {
			return fmt.Errorf("%w: %s", ErrHeader, rule.why)
		}
	}
	return nil
}

func sortedIDs(ids []ID) bool {
	for i := 1; i < len(ids); i++ {
		if bytes.Compare(ids[i-1][:], ids[i][:]) >= 0 {
			return false
		}
	}
	return true
}

// associated is the header's encoding without the body's length and hash: what
// the body is sealed to (FORMAT.md 5).
func associated(suite byte, header []byte) ([]byte, error) {
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(header, &keys); err != nil {
		return nil, err
	}
	delete(keys, 21)
	delete(keys, 22)
	b, err := dcbor.Marshal(keys)
	if err != nil {
		return nil, err
	}
	return append([]byte{suite}, b...), nil
}
