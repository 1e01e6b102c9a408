package oplog

import (
	"crypto/ed25519"
	"fmt"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// Method says how a wrap seals its key.
type Method uint8

// The methods of wraps (FORMAT.md 7).
const (
	UnderAudience Method = 1 // a record key under an audience key
	ToUnit        Method = 2 // an audience key, or a granted record's key, to a unit's reading key
	ToSeat        Method = 3 // a unit's reading key to a seat's encryption key
)

// Wrap is (key, for whom, sealed, signed): how a key reaches a reader.
type Wrap struct {
	Tree   ID       `cbor:"1,keyasint"`
	Seat   Seat     `cbor:"2,keyasint"`
	Key    ID       `cbor:"3,keyasint"` // commitment of the key inside, or name of a reading key
	Method Method   `cbor:"4,keyasint"`
	For    ID       `cbor:"5,keyasint"` // commitment of the audience key, or name of the public key
	Unit   ID       `cbor:"6,keyasint"` // the audience's upper end, or the reading unit
	Owner  ID       `cbor:"7,keyasint"`
	Record *ID      `cbor:"8,keyasint,omitempty"`
	Stamp  uint64   `cbor:"9,keyasint"`
	Sealed []byte   `cbor:"10,keyasint,omitempty"`
	Rule   Audience `cbor:"11,keyasint,omitempty"`
}

// maxWrap bounds a wrap's map: the largest, to an X-Wing key, has some 1,500 bytes.
const maxWrap = 4 << 10

// Check tells whether the wrap's fields are well formed.
func (w *Wrap) Check() error {
	switch {
	case w.Method == UnderAudience && len(w.Sealed) == 40 && w.Record != nil:
	case (w.Method == ToUnit || w.Method == ToSeat) && len(w.Sealed) == 1120+seal.KeySize+seal.Overhead:
	default:
		return fmt.Errorf("%w: wrap with method %d and %d sealed bytes", ErrFrame, w.Method, len(w.Sealed))
	}
	return nil
}

// Associated is what an HPKE wrap is sealed to: the map without the sealed bytes.
func (w Wrap) Associated() []byte {
	w.Sealed = nil
	return dcbor.Must(w)
}

// SealedWrap is a wrap's frame and its id.
type SealedWrap struct {
	ID    ID
	Wrap  Wrap
	Frame []byte
}

func wrapID(suite byte, m []byte) store.ID { return seal.Hash("hejie wrap v1", []byte{suite}, m) }

// Sign makes a wrap's frame.
func (w Wrap) Sign(signer ed25519.PrivateKey) (*SealedWrap, error) {
	w.Seat = SeatOf(signer)
	if err := w.Check(); err != nil {
		return nil, err
	}
	m, err := dcbor.Marshal(w)
	if err != nil {
		return nil, err
	}
	id := wrapID(seal.Suite1, m)
	signed := seal.Hash("hejie signature v1", id[:])
	frame := append([]byte{seal.Suite1}, m...)
	frame = append(frame, ed25519.Sign(signer, signed[:])...)
	return &SealedWrap{ID: id, Wrap: w, Frame: frame}, nil
}

// ParseWrap reads a wrap's frame and checks its form and signature.
func ParseWrap(frame []byte) (*SealedWrap, error) {
	w, sig, err := parseWrap(frame)
	if err != nil {
		return nil, err
	}
	signed := seal.Hash("hejie signature v1", w.ID[:])
	if !ed25519.Verify(w.Wrap.Seat[:], signed[:], sig) {
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], ErrSignature)
	}
	return w, nil
}

// TrustedWrap reads a wrap that this node verified when it took it.
func TrustedWrap(frame []byte) (*SealedWrap, error) {
	w, _, err := parseWrap(frame)
	return w, err
}

func parseWrap(frame []byte) (*SealedWrap, []byte, error) {
	n := len(frame) - ed25519.SignatureSize
	if n < 2 || n > maxWrap {
		return nil, nil, fmt.Errorf("%w: a wrap of %d bytes", ErrFrame, len(frame))
	}
	if frame[0] != seal.Suite1 {
		return nil, nil, fmt.Errorf("wrap with suite %d: %w", frame[0], ErrSuite)
	}
	w := &SealedWrap{ID: wrapID(frame[0], frame[1:n]), Frame: frame}
	if err := dcbor.Unmarshal(frame[1:n], &w.Wrap); err != nil {
		return nil, nil, fmt.Errorf("wrap %x: %w", w.ID[:4], err)
	}
	if err := w.Wrap.Check(); err != nil {
		return nil, nil, err
	}
	return w, frame[n:], nil
}
