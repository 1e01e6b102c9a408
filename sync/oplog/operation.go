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
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// MaxBody bounds the sealed body of one frame, so that a frame fits the store's limit.
const MaxBody = 1_000_000

const prefix = 1 + 4 + 2 + 4 // suite, header, signature and body lengths

// Operation is a frame that may be held.
type Operation struct {
	ID     ID
	Suite  byte
	Header Header
	// Unknown are the header keys that this program does not know and would have
	// to understand: the operation is held and forwarded, and has no effect here.
	Unknown []uint64
	// Frame is the exact bytes; header and Body are parts of it.
	Frame  []byte
	header []byte
	Body   []byte
}

// The reasons why a frame may not be held.
var (
	ErrFrame     = errors.New("malformed frame")
	ErrSuite     = fmt.Errorf("the frame's algorithms are not known to this program: %w", seal.ErrNewer)
	ErrSignature = errors.New("the signature does not fit")
	ErrBody      = errors.New("the body is not the one that was signed")
)

// cut splits a frame into its parts.
func cut(frame []byte) (suite byte, header, sig, body []byte, err error) {
	if len(frame) < prefix || len(frame) > store.MaxFrame {
		return 0, nil, nil, nil, fmt.Errorf("%w: %d bytes", ErrFrame, len(frame))
	}
	h, s, b := int(binary.BigEndian.Uint32(frame[1:])), int(binary.BigEndian.Uint16(frame[5:])), int(binary.BigEndian.Uint32(frame[7:]))
	if frame[0] != seal.Suite1 {
		return 0, nil, nil, nil, fmt.Errorf("suite %d: %w", frame[0], ErrSuite)
	}
	if h == 0 || h > MaxHeader || s != ed25519.SignatureSize || b > MaxBody || prefix+h+s+b != len(frame) {
		return 0, nil, nil, nil, fmt.Errorf("%w: lengths %d, %d, %d in %d bytes", ErrFrame, h, s, b, len(frame))
	}
	rest := frame[prefix:]
	return frame[0], rest[:h], rest[h : h+s], rest[h+s:], nil
}

// Parse reads a frame and checks all that its bytes alone can tell: lengths,
// encoding, header, body hash and signature. The operation keeps the slice.
func Parse(frame []byte) (*Operation, error) {
	op, sig, err := parse(frame)
	if err != nil {
		return nil, err
	}
	signed := seal.Hash("hejie signature v1", op.ID[:])
	if !ed25519.Verify(op.Header.Seat[:], signed[:], sig) {
		return nil, fmt.Errorf("operation %x: %w", op.ID[:4], ErrSignature)
	}
	return op, nil
}

// Trusted reads a frame that this node verified when it took it.
func Trusted(frame []byte) (*Operation, error) {
	op, _, err := parse(frame)
	return op, err
}

func parse(frame []byte) (*Operation, []byte, error) {
	suite, header, sig, body, err := cut(frame)
	if err != nil {
		return nil, nil, err
	}
	op := &Operation{Suite: suite, Frame: frame, header: header, Body: body}
	op.ID = seal.Hash("hejie operation v1", []byte{suite}, header)
	if op.Unknown, err = decodeHeader(header, &op.Header); err != nil {
		return nil, nil, fmt.Errorf("header of %x: %w", op.ID[:4], err)
	}
	if err := op.Header.Check(); err != nil {
		return nil, nil, fmt.Errorf("operation %x: %w", op.ID[:4], err)
	}
	if op.Header.BodyLength != uint64(len(body)) || op.Header.BodyHash != seal.Hash("hejie body v1", body) {
		return nil, nil, fmt.Errorf("operation %x: %w", op.ID[:4], ErrBody)
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
		return seal.Unpack(o.Body, false)
	}
	if o.Header.Key == nil || key.Commitment() != *o.Header.Key {
		return nil, fmt.Errorf("operation %x: %w", o.ID[:4], seal.ErrSealed)
	}
	ad, err := associated(o.Suite, o.header)
	if err != nil {
		return nil, err
	}
	plain, err := key.OpenBody(o.Header.Salt[:], ad, o.Body)
	if err != nil {
		return nil, fmt.Errorf("operation %x: %w", o.ID[:4], err)
	}
	return seal.Unpack(plain, true)
}

// Make signs a new operation. The header's salt, key, body length and hash are
// set here; everything else must be. key is ignored for class tree.
func Make(h Header, key seal.Key, content []byte, signer ed25519.PrivateKey, random host.Random) (*Operation, error) {
	if _, err := io.ReadFull(random, h.Salt[:]); err != nil {
		return nil, fmt.Errorf("making an operation: %w", err)
	}
	h.Seat = SeatOf(signer)
	h.Schema = SchemaVersion
	h.Key, h.BodyLength, h.BodyHash = nil, 0, ID{}
	sealed := h.Class.sealed()
	if sealed {
		c := key.Commitment()
		h.Key = &c
	}
	plain, err := seal.Pack(content, sealed)
	if err != nil {
		return nil, err
	}
	body := plain
	if h.Class == ClassErasure {
		body = nil // all that it says stands in the header
	}
	if sealed {
		head, err := dcbor.Marshal(h)
		if err != nil {
			return nil, err
		}
		ad, err := associated(seal.Suite1, head)
		if err != nil {
			return nil, err
		}
		if body, err = key.SealBody(h.Salt[:], ad, plain); err != nil {
			return nil, err
		}
	}
	h.BodyLength, h.BodyHash = uint64(len(body)), seal.Hash("hejie body v1", body)
	if err := h.Check(); err != nil {
		return nil, err
	}
	if len(body) > MaxBody {
		return nil, fmt.Errorf("%w: a body of %d bytes, at most %d", ErrFrame, len(body), MaxBody)
	}
	header, err := dcbor.Marshal(h)
	if err != nil {
		return nil, err
	}
	return sign(header, body, h, signer)
}

func sign(header, body []byte, h Header, signer ed25519.PrivateKey) (*Operation, error) {
	id := seal.Hash("hejie operation v1", []byte{seal.Suite1}, header)
	signed := seal.Hash("hejie signature v1", id[:])
	sig := ed25519.Sign(signer, signed[:])
	frame := make([]byte, 0, prefix+len(header)+len(sig)+len(body))
	frame = append(frame, seal.Suite1)
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(header)))
	frame = binary.BigEndian.AppendUint16(frame, uint16(len(sig)))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(body)))
	frame = append(append(append(frame, header...), sig...), body...)
	op, err := Trusted(frame)
	if err != nil {
		return nil, err
	}
	op.Header = h
	return op, nil
}
