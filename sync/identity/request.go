package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hpke"
	"errors"
	"fmt"

	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// RequestKind says what a request asks for.
type RequestKind uint8

// The kinds of requests.
const (
	RequestUnit      RequestKind = 1 // a new unit and its first seat
	RequestSeat      RequestKind = 2 // one more seat of a unit
	RequestRecovered RequestKind = 3 // a new seat for someone whose seat is lost, by the recovery sheet
)

// Limits of a request.
const (
	// MaxRequest bounds a request file: two public keys of 1,216 bytes, names and
	// the escrow fit in 4 KiB; the rest is room for later fields.
	MaxRequest = 16 << 10
	// MaxEscrow bounds the unit's keys sealed to the recovery sheet: two seeds.
	MaxEscrow      = 512
	requestVersion = 1
)

// ErrProof is returned for a request in which a key did not sign, or a key signed something else.
var ErrProof = errors.New("a key of the request did not sign it")

// NewerError is returned for a file that a newer program wrote.
type NewerError struct {
	What      string
	Has, Know uint64 // Know is 0 where no version tells, but something in it
}

func (e *NewerError) Error() string {
	if e.Know == 0 {
		return fmt.Sprintf("the %s was written by a newer program: install it", e.What)
	}
	return fmt.Sprintf("the %s has version %d and this program knows %d: install the newer program", e.What, e.Has, e.Know)
}

// Request asks a parent to admit a unit or a seat (FORMAT.md 6). Nothing in it
// is secret.
type Request struct {
	Kind     RequestKind
	Code     string // kind RequestUnit only, like Name, Reading, Escrow
	Name     string
	SeatName string
	Roles    []Role // sorted
	Seat     SeatKey
	EncKey   []byte   // the seat's X-Wing public key
	Machine  *SeatKey // nil: the folder's machine is enrolled already
	Reading  []byte   // the unit's X-Wing public key
	Issuing  *SeatKey // with the role admin
	Unit     ID       // kinds RequestSeat and RequestRecovered; otherwise derived
	Escrow   []byte   // the unit's keys sealed to its recovery sheet
	Demo     bool     // a tree for practice; screens and forms say so

	raw []byte
}

// Bytes are the request's exact bytes, as they stand in the log.
func (r *Request) Bytes() []byte { return bytes.Clone(r.raw) }

// NewUnit is what a request for a new unit says.
type NewUnit struct {
	Code, Name, SeatName string
	Roles                []Role
	Seat                 SeatKeys
	Unit                 UnitKeys
	Machine              SigningKey
	Escrow               []byte // from SealEscrow
	Demo                 bool
}

// NewUnitRequest asks for the admission of a new unit.
func NewUnitRequest(n NewUnit) (*Request, error) {
	if len(n.Unit.Reading) == 0 || n.Seat.Reading == nil {
		return nil, fmt.Errorf("a request needs the unit's reading key and the seat's encryption key")
	}
	r := &Request{
		Kind: RequestUnit, Code: n.Code, Name: n.Name, SeatName: n.SeatName, Roles: sortedRoles(n.Roles),
		Seat: n.Seat.Signing.Public(), EncKey: n.Seat.Reading.Public(), Escrow: n.Escrow, Demo: n.Demo,
		Reading: n.Unit.Reading[len(n.Unit.Reading)-1].Public(),
	}
	signers := []SigningKey{n.Seat.Signing, n.Machine}
	m := n.Machine.Public()
	r.Machine = &m
	if n.Unit.Issuing != nil {
		i := n.Unit.Issuing.Public()
		r.Issuing = &i
		signers = append(signers, *n.Unit.Issuing)
	}
	return r.sign(signers)
}

// NewSeat is what a request for one more seat says.
type NewSeat struct {
	Unit     ID
	SeatName string
	Roles    []Role
	Seat     SeatKeys
	Machine  *SigningKey // nil: the folder's machine is enrolled already
	// Recovered is set where the unit's keys came from the recovery sheet.
	Recovered bool
}

// namesNoUnit reports whether the request leaves open of which unit a seat is
// meant: a second computer that asked as a new unit, and a new computer in
// place of a lost one, whose recovery sheet does not tell the unit's id. The
// certificate then tells.
func (r *Request) namesNoUnit() bool { return r.Kind == RequestUnit || r.Unit == ID{} }

// NewSeatRequest asks for one more seat of a unit. Unit may be zero: the admin
// then says of which.
func NewSeatRequest(n NewSeat) (*Request, error) {
	if n.Seat.Reading == nil {
		return nil, fmt.Errorf("a request needs the seat's encryption key")
	}
	r := &Request{
		Kind: RequestSeat, Unit: n.Unit, SeatName: n.SeatName, Roles: sortedRoles(n.Roles),
		Seat: n.Seat.Signing.Public(), EncKey: n.Seat.Reading.Public(),
	}
	if n.Recovered {
		r.Kind = RequestRecovered
	}
	signers := []SigningKey{n.Seat.Signing}
	if n.Machine != nil {
		m := n.Machine.Public()
		r.Machine = &m
		signers = append(signers, *n.Machine)
	}
	return r.sign(signers)
}

// wireRequest has the fields by their numbers.
type wireRequest struct {
	Version  uint64      `cbor:"1,keyasint"`
	Kind     RequestKind `cbor:"2,keyasint"`
	Code     string      `cbor:"3,keyasint,omitempty"`
	Name     string      `cbor:"4,keyasint,omitempty"`
	SeatName string      `cbor:"5,keyasint"`
	Roles    []Role      `cbor:"6,keyasint"`
	Seat     SeatKey     `cbor:"7,keyasint"`
	EncKey   []byte      `cbor:"8,keyasint"`
	Machine  *SeatKey    `cbor:"9,keyasint,omitempty"`
	Reading  []byte      `cbor:"10,keyasint,omitempty"`
	Issuing  *SeatKey    `cbor:"11,keyasint,omitempty"`
	Unit     *ID         `cbor:"12,keyasint,omitempty"`
	Escrow   []byte      `cbor:"13,keyasint,omitempty"`
	Demo     bool        `cbor:"14,keyasint,omitempty"`
	Proofs   proofs      `cbor:"15,keyasint,omitempty"`
}

// proofs is {signing key → signature}.
type proofs map[SeatKey][ed25519.SignatureSize]byte

const proofField = 15

// sign encodes the request with a proof of possession of each key, and reads it
// back, so that nothing leaves that would be refused.
func (r *Request) sign(signers []SigningKey) (*Request, error) {
	w := wireRequest{
		Version: requestVersion, Kind: r.Kind, Code: r.Code, Name: r.Name, SeatName: r.SeatName, Roles: r.Roles,
		Seat: r.Seat, EncKey: r.EncKey, Machine: r.Machine, Reading: r.Reading, Issuing: r.Issuing,
		Escrow: r.Escrow, Demo: r.Demo,
	}
	if r.Kind != RequestUnit {
		w.Unit = &r.Unit
	}
	unsigned, err := dcbor.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("encoding a request: %w", err)
	}
	digest := requestDigest(unsigned)
	w.Proofs = proofs{}
	for _, s := range signers {
		w.Proofs[s.Public()] = s.sign(digest)
	}
	raw, err := dcbor.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("encoding a request: %w", err)
	}
	return ParseRequest(raw)
}

func requestDigest(unsigned []byte) ID { return seal.Hash("hejie request v1", unsigned) }

// ParseRequest reads a request and checks its form and every proof of
// possession. Fields that this program does not know are kept in Bytes and
// covered by the proofs; one that has to be understood is a *NewerError.
func ParseRequest(raw []byte) (*Request, error) {
	if len(raw) > MaxRequest {
		return nil, fmt.Errorf("%w request: %d bytes, at most %d", ErrMalformed, len(raw), MaxRequest)
	}
	f := readFields("request", raw)
	if f.err != nil {
		return nil, f.err
	}
	if version := f.uint(1, 1<<32); f.err == nil && version != requestVersion {
		return nil, &NewerError{"request", version, requestVersion}
	}
	unsigned, err := withoutField(raw, proofField)
	if err != nil {
		return nil, err
	}
	r := &Request{raw: bytes.Clone(raw), Kind: RequestKind(f.uint(2, 255))}
	r.SeatName = f.name(5)
	f.need(6, &r.Roles)
	if s := f.id(7, true); s != nil {
		r.Seat = *s
	}
	r.EncKey = f.bytes(8, seal.PublicKeySize, seal.PublicKeySize)
	r.Machine = f.id(9, r.Kind == RequestUnit)
	var signed proofs
	f.need(proofField, &signed)
	switch r.Kind {
	case RequestUnit:
		r.Code, r.Name = f.code(3), f.name(4)
		r.Reading = f.bytes(10, seal.PublicKeySize, seal.PublicKeySize)
		r.Issuing = f.id(11, hasRole(r.Roles, Admin))
		r.Escrow = f.bytes(13, 1, MaxEscrow)
		if f.take(14, &r.Demo) && !r.Demo {
			f.fail("field 14 is written only where it is true")
		}
		r.Unit = UnitID(r.Seat)
		if r.Issuing != nil && !hasRole(r.Roles, Admin) {
			f.fail("an issuing key without an admin")
		}
	case RequestSeat, RequestRecovered:
		if u := f.id(12, true); u != nil {
			r.Unit = *u
		}
	default:
		f.fail("kind %d", r.Kind)
	}
	newer := uint64(0)
	for n := range f.rest() {
		switch {
		case n <= proofField:
			f.fail("field %d does not belong to kind %d", n, r.Kind)
		case n <= dcbor.MustUnderstand && (newer == 0 || n < newer):
			newer = n
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	if err := checkRoles(r.Roles); err != nil {
		return nil, fmt.Errorf("%w request: %v", ErrMalformed, err)
	}
	if err := r.checkKeys(); err != nil {
		return nil, fmt.Errorf("%w request: %v", ErrMalformed, err)
	}
	if err := r.checkProofs(requestDigest(unsigned), signed); err != nil {
		return nil, err
	}
	if newer != 0 { // it may change what is asked for
		return nil, &NewerError{What: fmt.Sprintf("request (its field %d)", newer)}
	}
	return r, nil
}

// checkKeys tells whether keys can be sealed to those for encryption, and whether
// those for signing are keys of suite 1.
func (r *Request) checkKeys() error {
	for _, pub := range [][]byte{r.EncKey, r.Reading} {
		if err := checkPublicKey(pub); err != nil {
			return err
		}
	}
	for _, k := range r.signers() {
		if err := seal.CheckPublicKey(k[:]); err != nil {
			return err
		}
	}
	return nil
}

// checkPublicKey tells whether keys can be sealed to pub; a unit with a broken
// reading key could never be given one. Absent is well.
func checkPublicKey(pub []byte) error {
	if pub == nil {
		return nil
	}
	if _, err := hpke.MLKEM768X25519().NewPublicKey(pub); err != nil {
		return fmt.Errorf("a public key that nothing can be sealed to: %v", err)
	}
	return nil
}

func withoutField(raw []byte, n uint64) ([]byte, error) {
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(raw, &keys); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	delete(keys, n)
	return dcbor.Marshal(keys)
}

// signers are the signing keys that must prove themselves.
func (r *Request) signers() []SeatKey {
	keys := []SeatKey{r.Seat}
	for _, k := range []*SeatKey{r.Machine, r.Issuing} {
		if k != nil {
			keys = append(keys, *k)
		}
	}
	return keys
}

func (r *Request) checkProofs(digest ID, signed proofs) error {
	keys := r.signers()
	if len(signed) != len(keys) {
		return fmt.Errorf("%w: %d keys and %d proofs", ErrProof, len(keys), len(signed))
	}
	for _, k := range keys {
		sig, ok := signed[k]
		if !ok || !verified(k, digest[:], sig[:]) {
			return fmt.Errorf("%w: key %x", ErrProof, k[:4])
		}
	}
	return nil
}
