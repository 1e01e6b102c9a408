// Package oplog is the signed operation: the only thing that is stored for
// ever, beside the wraps of its keys.
//
// It is for the canonical bytes of operations and wraps, their ids, signatures
// and the check whether a frame may be held (DESIGN 2, question 1). It may not
// know mediation, units or who may do what, and it judges nothing but a frame's
// own bytes. Main invariant: what Parse takes is a function of the bytes alone,
// so every node holds the same.
package oplog

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// MaxBody bounds the sealed body of one frame, so that a frame fits the store's limit.
const MaxBody = 1_000_000

// Operation is a frame that may be held.
type Operation struct {
	ID     ID
	Suite  byte
	Header Header
	// Unknown are the header keys that this program does not know and would have
	// to understand: the operation is held and forwarded, and has no effect here.
	Unknown []uint64
	// Frame is the exact bytes; header and Body are parts of it.
	Frame     []byte
	header    []byte
	signature []byte
	Body      []byte
}

// The reasons why a frame may not be held.
var (
	ErrFrame     = errors.New("malformed frame")
	ErrSuite     = fmt.Errorf("the frame's algorithms are not known to this program: %w", seal.ErrNewer)
	ErrSignature = errors.New("the signature does not fit")
	ErrBody      = errors.New("the body is not the one that was signed")
	// ErrNoBody is returned for a frame whose body was taken away. It may be asked
	// for of whoever has it whole.
	ErrNoBody = errors.New("the body was taken away")
)

// Parse reads a frame and checks all that its bytes alone can tell: lengths,
// encoding, header, body hash and signature. The operation keeps the slice.
func Parse(frame []byte) (*Operation, error) {
	op, sig, err := parse(frame)
	if err != nil {
		return nil, err
	}
	if err := op.checkSignature(sig); err != nil {
		return nil, err
	}
	return op, nil
}

// ParseBare reads an operation whose body was taken away (kind of frame 3): the
// header and its signature alone, under the same id. Its Body is nil. It may be
// held only where an erasure that was carried out covers it, which the caller
// has to know: anybody can strip a body.
func ParseBare(frame []byte) (*Operation, error) {
	op, sig, err := parseHead(frame)
	if err != nil {
		return nil, err
	}
	if len(op.Body) != 0 || op.Header.BodyLength == 0 {
		return nil, fmt.Errorf("operation %x: %w: it is not one without its body", op.ID[:4], ErrFrame)
	}
	if err := op.checkSignature(sig); err != nil {
		return nil, err
	}
	op.Body = nil
	return op, nil
}

func (o *Operation) checkSignature(part []byte) error {
	shares := o.Header.Class == ClassCase && o.Header.Kind == KindCase || o.Header.Class == ClassDigest
	if err := checkPart(o.Suite, o.ID, o.Header.Seat, part, shares); err != nil {
		return fmt.Errorf("operation %x: %w", o.ID[:4], err)
	}
	return nil
}

// Trusted reads a frame that this node verified when it took it.
func Trusted(frame []byte) (*Operation, error) {
	op, _, err := parse(frame)
	return op, err
}

func parse(frame []byte) (*Operation, []byte, error) {
	op, sig, err := parseHead(frame)
	if err != nil {
		return nil, nil, err
	}
	if len(op.Body) == 0 && op.Header.BodyLength > 0 {
		return nil, nil, fmt.Errorf("operation %x: %w", op.ID[:4], ErrNoBody)
	}
	if op.Header.BodyLength != uint64(len(op.Body)) || op.Header.BodyHash != seal.Hash("hejie body v1", op.Body) {
		return nil, nil, fmt.Errorf("operation %x: %w", op.ID[:4], ErrBody)
	}
	return op, sig, nil
}

// parseHead reads all but the body.
func parseHead(frame []byte) (*Operation, []byte, error) {
	suite, header, sig, body, err := cut(frame, MaxHeader, MaxBody)
	if err != nil {
		return nil, nil, err
	}
	op := &Operation{Suite: suite, Frame: frame, header: header, signature: sig, Body: body}
	op.ID = seal.Hash("hejie operation v1", []byte{suite}, header)
	if op.Unknown, err = decodeHeader(header, &op.Header); err != nil {
		return nil, nil, fmt.Errorf("header of %x: %w", op.ID[:4], err)
	}
	if err := op.Header.Check(); err != nil {
		return nil, nil, fmt.Errorf("operation %x: %w", op.ID[:4], err)
	}
	if err := op.Header.checkSize(len(header)); err != nil {
		return nil, nil, fmt.Errorf("operation %x: %w", op.ID[:4], err)
	}
	return op, sig, nil
}

// RecordID is the record that the operation belongs to: its own id if it is the record's first.
func (o *Operation) RecordID() ID {
	if o.Header.Record != nil {
		return *o.Header.Record
	}
	return o.ID
}

// Name names the operation's elements: in a digest the case operation that it
// projects, otherwise the operation itself.
func (o *Operation) Name() ID {
	if o.Header.Projects != nil {
		return *o.Header.Projects
	}
	return o.ID
}

// Content opens the body: key is the one that the header's commitment names
// (any for class tree, whose bodies are not sealed).
func (o *Operation) Content(key seal.Key) ([]byte, error) {
	if o.Header.Class == ClassTree {
		return seal.Unpack(o.Body)
	}
	if o.Header.Key == nil || key.Commitment() != *o.Header.Key {
		return nil, fmt.Errorf("operation %x: %w", o.ID[:4], seal.ErrSealed)
	}
	ad, err := associated(o.Suite, o.header)
	if err != nil {
		return nil, err
	}
	sealed := o.Body
	if o.Header.KeyInside == 1 {
		if len(sealed) < insideSize {
			return nil, fmt.Errorf("operation %x: %w", o.ID[:4], seal.ErrSealed)
		}
		sealed = sealed[insideSize:]
	}
	plain, err := key.OpenBody(o.Header.Salt[:], ad, sealed)
	if err != nil {
		return nil, fmt.Errorf("operation %x: %w", o.ID[:4], err)
	}
	return seal.Unpack(plain)
}

// Make signs a new operation. The header's salt, key, body length and hash are
// set here; everything else must be. key is ignored for classes without one.
func Make(h Header, key seal.Key, content []byte, signer ed25519.PrivateKey, random host.Random) (*Operation, error) {
	h.KeyInside = 0
	return build(h, key, nil, content, signer, random)
}

// MakeInside is Make with the record key in the operation, under an audience
// key: whoever has that needs no wrap.
func MakeInside(h Header, key, audience seal.Key, content []byte, signer ed25519.PrivateKey, random host.Random) (*Operation, error) {
	h.KeyInside = 1
	wrapped, err := audience.WrapKey(key)
	if err != nil {
		return nil, fmt.Errorf("a record key under an audience key: %w", err)
	}
	under := audience.Commitment()
	return build(h, key, append(under[:], wrapped...), content, signer, random)
}

func build(h Header, key seal.Key, inside, content []byte, signer ed25519.PrivateKey, random host.Random) (*Operation, error) {
	if _, err := io.ReadFull(random, h.Salt[:]); err != nil {
		return nil, fmt.Errorf("making an operation: %w", err)
	}
	h.Seat = SeatOf(signer)
	h.Schema = SchemaVersion
	h.Key, h.BodyLength, h.BodyHash = nil, 0, ID{}
	if h.Class.sealed() {
		c := key.Commitment()
		h.Key = &c
	}
	more, err := dcbor.Grease(random)
	if err != nil {
		return nil, err
	}
	body, err := h.seal(key, content, more)
	if err != nil {
		return nil, err
	}
	body = append(inside, body...)
	h.BodyLength, h.BodyHash = uint64(len(body)), seal.Hash("hejie body v1", body)
	if err := h.Check(); err != nil {
		return nil, err
	}
	if len(body) > MaxBody {
		return nil, fmt.Errorf("%w: a body of %d bytes, at most %d", ErrFrame, len(body), MaxBody)
	}
	header, err := dcbor.MarshalWith(h, more)
	if err != nil {
		return nil, err
	}
	return sign(header, body, h, signer)
}

// seal gives the body of an operation with this header and further keys: of
// class tree in the clear, of an erasure none.
func (h *Header) seal(key seal.Key, content []byte, more dcbor.Keys) ([]byte, error) {
	if h.Class == ClassErasure {
		return nil, nil
	}
	plain, err := seal.Pack(content, h.Class.sealed())
	if err != nil || !h.Class.sealed() {
		return plain, err
	}
	head, err := dcbor.MarshalWith(h, more)
	if err != nil {
		return nil, err
	}
	ad, err := associated(seal.Suite1, head)
	if err != nil {
		return nil, err
	}
	return key.SealBody(h.Salt[:], ad, plain)
}

// insideSize is what a body with its record key begins with: the audience key's
// commitment and the record key under it (AES-KW).
const insideSize = len(ID{}) + seal.WrappedSize

// Inside tells the record key that the operation bears: the commitment of the
// audience key that opens it, and its sealed bytes. false: it bears none.
func (o *Operation) Inside() (audience ID, wrapped []byte, ok bool) {
	if o.Header.KeyInside != 1 || len(o.Body) < insideSize {
		return ID{}, nil, false
	}
	return ID(o.Body[:32]), o.Body[32:insideSize], true
}

func sign(header, body []byte, h Header, signer ed25519.PrivateKey) (*Operation, error) {
	id := seal.Hash("hejie operation v1", []byte{seal.Suite1}, header)
	op, err := Trusted(assemble(seal.Suite1, header, signOne(id, signer), body))
	if err != nil {
		return nil, err
	}
	op.Header = h
	return op, nil
}
