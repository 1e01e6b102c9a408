// Package dcbor is the one way Hejie writes and reads CBOR: core deterministic
// encoding and strict decoding.
//
// It is for every signed, hashed or stored value. It may not know what the
// values mean. Main invariant: Unmarshal succeeds only on bytes that Marshal
// would give for the value they hold, so that one value has one encoding and a
// hash names a value (RFC 8949 §4.2.1, FORMAT.md 1).
package dcbor

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// Limits of one CBOR value, checked by the decoder before it allocates.
const (
	MaxNesting  = 16        // the deepest format (a value in a change in a body) needs 12
	MaxElements = 1_000_000 // a body may carry 10,000 changes with some fields each
)

// ErrNotCanonical is returned for bytes that hold a value but not in its one encoding.
var ErrNotCanonical = errors.New("not in deterministic CBOR")

var (
	enc cbor.EncMode
	dec cbor.DecMode
)

func init() {
	opts := cbor.CoreDetEncOptions()
	opts.TagsMd = cbor.TagsForbidden
	var err error
	if enc, err = opts.EncMode(); err != nil {
		panic(err) // the options are constants of this file
	}
	dec, err = cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		UTF8:             cbor.UTF8RejectInvalid,
		MaxNestedLevels:  MaxNesting,
		MaxArrayElements: MaxElements,
		MaxMapPairs:      MaxElements,
		IntDec:           cbor.IntDecConvertNone,
	}.DecMode()
	if err != nil {
		panic(err)
	}
}

// Marshal gives the one encoding of v. Structs use `cbor:"1,keyasint,omitempty"`.
func Marshal(v any) ([]byte, error) { return enc.Marshal(v) }

// Must is Marshal for values whose type can't fail to encode.
func Must(v any) []byte {
	b, err := enc.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("dcbor: encoding %T: %v", v, err))
	}
	return b
}

// Unmarshal reads data, all of it, into v. Fields of maps that v does not name
// are allowed (they are the format's room to grow); anything that is not in the
// one encoding is refused.
func Unmarshal(data []byte, v any) error {
	if err := dec.Unmarshal(data, v); err != nil {
		return fmt.Errorf("reading CBOR: %w", err)
	}
	again, err := enc.Marshal(v)
	if err == nil && bytes.Equal(again, data) {
		return nil
	}
	return Check(data)
}

// Check reports whether data is one value in its one encoding.
func Check(data []byte) error {
	var x any
	if err := dec.Unmarshal(data, &x); err != nil {
		return fmt.Errorf("reading CBOR: %w", err)
	}
	if hasFloat(x) {
		return fmt.Errorf("%w: a float", ErrNotCanonical)
	}
	again, err := enc.Marshal(x)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrNotCanonical, err)
	}
	if !bytes.Equal(again, data) {
		return ErrNotCanonical
	}
	return nil
}

func hasFloat(x any) bool {
	switch t := x.(type) {
	case float32, float64:
		return true
	case []any:
		for _, e := range t {
			if hasFloat(e) {
				return true
			}
		}
	case map[any]any:
		for k, e := range t {
			if hasFloat(k) || hasFloat(e) {
				return true
			}
		}
	}
	return false
}

// Keys are the integer keys of a map, each with its value's exact bytes. It
// serves where a value must be re-encoded without a field.
type Keys map[uint64]cbor.RawMessage

// Raw is a value's exact encoding.
type Raw = cbor.RawMessage
