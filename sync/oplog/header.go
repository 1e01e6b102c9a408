package oplog

import (
	"bytes"
	"crypto/ed25519"

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
	// ClassErasure is an order of erasure and what follows it, all in the clear,
	// since carriers act on it.
	ClassErasure Class = 4
	// Later classes, from firstLater to LastClass, are held and forwarded to the
	// units that they are routed to (header field 29), and judged by newer programs.
	firstLater Class = 5
	LastClass  Class = 15
)

// Later reports whether the class is one that a newer program will explain.
func (c Class) Later() bool { return c >= firstLater && c <= LastClass }

// sealed reports whether bodies of the class are sealed under a key.
func (c Class) sealed() bool { return c == ClassDigest || c == ClassCase }

// Kind says which schema a record has.
type Kind uint8

// The kinds of records.
const (
	KindLog      Kind = 1
	KindCase     Kind = 2
	KindNotes    Kind = 3
	KindDigest   Kind = 4
	KindDocument Kind = 5
	KindErasure  Kind = 6
	// KindRegister is a unit's register: who belongs to it, its mediators, number
	// ranges and sweeps. Of class case, audience tree, of no case; so are the
	// access log and the sheets that a unit sent, which are built later.
	KindRegister  Kind = 8
	KindAccessLog Kind = 9
	KindSentSheet Kind = 10
)

// ofUnit reports whether records of the kind belong to a unit and no case.
func (k Kind) ofUnit() bool { return k == KindRegister || k == KindAccessLog || k == KindSentSheet }

// Audience is the rule by which a record's readers are found.
type Audience uint8

// The audience rules (DESIGN 6).
const (
	AudienceStation Audience = 1 // the owner and its station
	AudienceTree    Audience = 2 // the owner and every unit above it, now or later; of a digest its masters too
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
	MaxHeader = 32 << 10 // 64 heads, a case's header and 64 attachments fit in 10 KiB; the rest is room for later fields
	MaxHeads  = 64       // more desks than that don't edit one case while apart
	// MaxGrants bounds the units that one operation grants to: each brings entries
	// to all on the way, and a case goes to one or two.
	MaxGrants = 8
	// MaxRoute bounds the units that a later class is routed to.
	MaxRoute = 8
	// MaxWithdrawals bounds the units that one operation takes new keys from.
	MaxWithdrawals = 64
	// MaxAttachments bounds what one operation lists.
	MaxAttachments = 64
	// MaxCaseHeader bounds field 28: a suite byte and the header of a case's first
	// operation, which has some 300 bytes.
	MaxCaseHeader = 1 + 2048
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
	// CaseGrants are, in a digest, the units to which the case operation grants
	// that it projects: whoever holds the digest alone knows who writes in it.
	CaseGrants []ID `cbor:"27,keyasint,omitempty"`
	// CaseHeader proves whose case a digest is of: suite ‖ header of the case's
	// first operation, exactly in a digest's first operation.
	CaseHeader []byte `cbor:"28,keyasint,omitempty"`
	// Route are the units that an operation of a later class goes to.
	Route       []ID         `cbor:"29,keyasint,omitempty"`
	Attachments []Attachment `cbor:"30,keyasint,omitempty"`
	// KeyInside is 1 where the body begins with the record key under an audience key.
	KeyInside uint8    `cbor:"31,keyasint,omitempty"`
	Erasure   *Erasure `cbor:"32,keyasint,omitempty"`
}

// Attachment names a list of chunks: what the list's bytes hash to, how many
// chunks it has and how many bytes they hold.
type Attachment struct {
	_      struct{} `cbor:",toarray"`
	List   ID
	Chunks uint64
	Bytes  uint64
}

// ErasureAct says what an operation of class erasure does.
type ErasureAct uint8

// The acts of an erasure, in the order of a lawful one.
const (
	EraseOrder       ErasureAct = 1
	EraseCountersign ErasureAct = 2
	EraseHold        ErasureAct = 3
	EraseEndHold     ErasureAct = 4
	EraseCarryOut    ErasureAct = 5
	EraseWithdraw    ErasureAct = 6
)

// Erasure is header field 32. Its effect is built later; its form is settled.
type Erasure struct {
	Act    ErasureAct `cbor:"1,keyasint"`
	Ground string     `cbor:"2,keyasint,omitempty"` // code of the legal ground, a-z, 0-9 and _
	Day    string     `cbor:"3,keyasint,omitempty"` // 2026-03-09: until when a hold stops it
	Names  []ID       `cbor:"4,keyasint,omitempty"` // the order, countersignature or hold that it rests on
}

// Granting are the units to which an operation grants its record, sorted: of a
// digest those to which the case operation does that it projects.
func (h *Header) Granting() []ID {
	if h.Kind != KindDigest {
		return h.Grants
	}
	return h.CaseGrants
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

// MaxNumber bounds what is counted: numbers stay exact in programs that have only
// floating-point numbers.
const MaxNumber = 1 << 53

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
