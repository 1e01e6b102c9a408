package oplog

import (
	"crypto/ed25519"
	"fmt"

	"hejie/store"
	"hejie/store/host"
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
	Successor     Method = 4 // a closed unit's reading key to its successor's; built later
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
	Body   *ID      `cbor:"10,keyasint,omitempty"` // hash of the sealed bytes; set by Sign
	Rule   Audience `cbor:"11,keyasint,omitempty"`
	// Sealed is the frame's body: the key as only the reader can open it. It stands
	// outside the map, so that an erasure can take it away and the id stays.
	Sealed []byte `cbor:"-"`
	// more are keys that this program does not know or that mean nothing.
	more dcbor.Keys
}

// Grease lets about one wrap in sixteen bear a key that means nothing
// (FORMAT.md 1). It is drawn before the key is sealed, which binds the whole map.
func (w *Wrap) Grease(random host.Random) error {
	var err error
	w.more, err = dcbor.Grease(random)
	return err
}

// Limits of a wrap: its map has some 300 bytes, the largest sealed key, to an
// X-Wing key, 1,168.
const (
	maxWrap   = 4 << 10
	maxSealed = 4 << 10
)

// Check tells whether the wrap's fields and its sealed bytes are well formed.
func (w *Wrap) Check() error {
	if err := w.checkFields(); err != nil {
		return err
	}
	if w.Method == UnderAudience && len(w.Sealed) != seal.WrappedSize || w.Method > UnderAudience && len(w.Sealed) != seal.SealedKeySize {
		return fmt.Errorf("%w: wrap with method %d and %d sealed bytes", ErrFrame, w.Method, len(w.Sealed))
	}
	return nil
}

// checkFields looks at all but the sealed bytes.
func (w *Wrap) checkFields() error {
	switch {
	case seal.CheckPublicKey(w.Seat[:]) != nil:
		return fmt.Errorf("%w: a wrap by %x, which is no signing key", ErrFrame, w.Seat[:4])
	case w.Method > Successor || w.Rule > AudienceBody:
		return fmt.Errorf("a wrap of method %d and rule %d: %w", w.Method, w.Rule, ErrNewer)
	case w.Method == 0 || w.Method == UnderAudience && w.Record == nil:
		return fmt.Errorf("%w: wrap with method %d and without a record", ErrFrame, w.Method)
	}
	return nil
}

// Associated is what an HPKE wrap is sealed to: the map without the sealed bytes.
func (w Wrap) Associated() []byte {
	w.Body = nil
	b, err := dcbor.MarshalWith(w, w.more)
	if err != nil {
		panic(err) // keys that were read from a map, or drawn above those of the struct
	}
	return b
}

// SealedWrap is a wrap's frame and its id.
type SealedWrap struct {
	ID   ID
	Wrap Wrap
	// Unknown are keys of the map that this program would have to understand: the
	// wrap is held and handed on, and opens nothing here.
	Unknown []uint64
	Frame   []byte

	suite     byte
	signature []byte
}

func wrapID(suite byte, m []byte) store.ID { return seal.Hash("hejie wrap v1", []byte{suite}, m) }

// Sign makes a wrap's frame.
func (w Wrap) Sign(signer ed25519.PrivateKey) (*SealedWrap, error) {
	w.Seat = SeatOf(signer)
	if err := w.Check(); err != nil {
		return nil, err
	}
	body := seal.Hash("hejie wrap body v1", w.Sealed)
	w.Body = &body
	m, err := dcbor.MarshalWith(w, w.more)
	if err != nil {
		return nil, err
	}
	id := wrapID(seal.Suite1, m)
	return TrustedWrap(assemble(seal.Suite1, m, signOne(id, signer), w.Sealed))
}

// ParseWrap reads a wrap's frame and checks its form and signature.
func ParseWrap(frame []byte) (*SealedWrap, error) {
	w, err := TrustedWrap(frame)
	if err != nil {
		return nil, err
	}
	if err := checkPart(w.suite, w.ID, w.Wrap.Seat, w.signature, false); err != nil {
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], err)
	}
	return w, nil
}

// ParseBareWrap reads a wrap whose sealed bytes were taken away: the map and its
// signature alone, under the same id. It may be held only where an erasure that
// was carried out covers it, as with ParseBare.
func ParseBareWrap(frame []byte) (*SealedWrap, error) {
	w, err := wrapHead(frame)
	if err != nil {
		return nil, err
	}
	if len(w.Wrap.Sealed) != 0 {
		return nil, fmt.Errorf("wrap %x: %w: it is not one without its sealed bytes", w.ID[:4], ErrFrame)
	}
	if err := w.Wrap.checkFields(); err != nil {
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], err)
	}
	if err := checkPart(w.suite, w.ID, w.Wrap.Seat, w.signature, false); err != nil {
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], err)
	}
	return w, nil
}

// TrustedWrap reads a wrap that this node verified when it took it.
func TrustedWrap(frame []byte) (*SealedWrap, error) {
	w, err := wrapHead(frame)
	if err != nil {
		return nil, err
	}
	switch sealed := w.Wrap.Sealed; {
	case len(sealed) == 0:
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], ErrNoBody)
	case *w.Wrap.Body != seal.Hash("hejie wrap body v1", sealed):
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], ErrBody)
	}
	if err := w.Wrap.Check(); err != nil {
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], err)
	}
	return w, nil
}

// wrapHead reads a wrap's map, which names the hash of its sealed bytes.
func wrapHead(frame []byte) (*SealedWrap, error) {
	suite, m, sig, body, err := cut(frame, maxWrap, maxSealed)
	if err != nil {
		return nil, fmt.Errorf("a wrap: %w", err)
	}
	w := &SealedWrap{ID: wrapID(suite, m), Frame: frame, suite: suite, signature: sig}
	if w.Unknown, err = decodeWrap(m, &w.Wrap); err != nil {
		return nil, fmt.Errorf("wrap %x: %w", w.ID[:4], err)
	}
	if w.Wrap.Body == nil {
		return nil, fmt.Errorf("wrap %x: %w: it names no sealed bytes", w.ID[:4], ErrFrame)
	}
	w.Wrap.Sealed = body
	return w, nil
}

// decodeWrap reads a wrap's map. A method or rule beyond a byte is a newer program's.
func decodeWrap(m []byte, w *Wrap) ([]uint64, error) {
	more, err := dcbor.UnmarshalKeys(m, w)
	w.more = more
	if err != nil && tooLarge(m, 4, 11) {
		return nil, fmt.Errorf("a method or rule of a wrap: %w", ErrNewer)
	}
	return more.MustUnderstand(), err
}
