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
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

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
	enc = must(encOptions().EncMode())
	dec = must(cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		UTF8:             cbor.UTF8RejectInvalid,
		MaxNestedLevels:  MaxNesting,
		MaxArrayElements: MaxElements,
		MaxMapPairs:      MaxElements,
		IntDec:           cbor.IntDecConvertNone,
	}.DecMode())
)

func encOptions() cbor.EncOptions {
	o := cbor.CoreDetEncOptions()
	o.TagsMd = cbor.TagsForbidden
	return o
}

// must is for options that are constants of this file.
func must[M any](mode M, err error) M {
	if err != nil {
		panic(err)
	}
	return mode
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

// Unmarshal reads data, all of it, into v. Where v is a struct, keys of the
// outermost map that it does not name are allowed (they are the format's room
// to grow); anything else that v would not be encoded as again is refused: a
// byte string of another length than its array, a field that is there though
// it should be left out, a value that is not in its one encoding.
func Unmarshal(data []byte, v any) error {
	_, err := UnmarshalKnown(data, v)
	return err
}

// MustUnderstand is the greatest unknown key of a map that a program has to
// understand before the map may have effect; greater ones may be passed over
// (FORMAT.md 1).
const MustUnderstand = 127

// UnmarshalKnown is Unmarshal and tells the keys of the outermost map that v
// does not name and that must be understood, ascending.
func UnmarshalKnown(data []byte, v any) ([]uint64, error) {
	more, err := UnmarshalKeys(data, v)
	return more.MustUnderstand(), err
}

// MustUnderstand are the keys that have to be understood, ascending.
func (k Keys) MustUnderstand() []uint64 {
	var out []uint64
	for n := range k {
		if n <= MustUnderstand {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// UnmarshalKeys is Unmarshal and gives all that v does not name.
func UnmarshalKeys(data []byte, v any) (Keys, error) {
	if err := dec.Unmarshal(data, v); err != nil {
		if large, rest := largeKeys(data, v); large != nil {
			return withLarge(large, rest, v)
		}
		return nil, fmt.Errorf("reading CBOR: %w", err)
	}
	again, err := enc.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNotCanonical, err)
	}
	if bytes.Equal(again, data) {
		return nil, nil
	}
	known := fieldNumbers(v)
	if known == nil {
		return nil, ErrNotCanonical
	}
	if err := Check(data); err != nil {
		return nil, err
	}
	var have, want Keys
	if err := dec.Unmarshal(data, &have); err != nil {
		return nil, fmt.Errorf("reading CBOR: %w", err)
	}
	if err := dec.Unmarshal(again, &want); err != nil {
		return nil, fmt.Errorf("reading CBOR: %w", err)
	}
	for n := range known {
		if !bytes.Equal(have[n], want[n]) {
			return nil, fmt.Errorf("%w: field %d", ErrNotCanonical, n)
		}
		delete(have, n)
	}
	return have, nil
}

// largeKeys takes keys from 2^63 out of a map, which the decoder can't meet where
// a struct is read; rest is the map without them. nil: there are none.
func largeKeys(data []byte, v any) (large Keys, rest []byte) {
	var all Keys
	if fieldNumbers(v) == nil || Check(data) != nil || dec.Unmarshal(data, &all) != nil {
		return nil, nil
	}
	for n, raw := range all {
		if n <= math.MaxInt64 {
			continue
		}
		if large == nil {
			large = Keys{}
		}
		large[n] = raw
		delete(all, n)
	}
	if large == nil {
		return nil, nil
	}
	return large, Must(all)
}

func withLarge(large Keys, rest []byte, v any) (Keys, error) {
	more, err := UnmarshalKeys(rest, v)
	if err != nil {
		return nil, err
	}
	maps.Copy(large, more)
	return large, nil
}

// fieldNumbers are the keys that a pointer to a struct names; nil for anything
// else, and for a struct that is written as an array.
func fieldNumbers(v any) map[uint64]bool {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil
	}
	out := map[uint64]bool{}
	for i := range t.Elem().NumField() {
		name, options, _ := strings.Cut(t.Elem().Field(i).Tag.Get("cbor"), ",")
		if n, err := strconv.ParseUint(name, 10, 64); err == nil && strings.Contains(options, "keyasint") {
			out[n] = true
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Check reports whether data is one value in its one encoding.
func Check(data []byte) error {
	var x any
	if err := dec.Unmarshal(data, &x); err != nil {
		return fmt.Errorf("reading CBOR: %w", err)
	}
	if hasOther(x) {
		return fmt.Errorf("%w: a float, or a simple value but false, true and null", ErrNotCanonical)
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

// hasOther finds what the format has no place for, though CBOR has.
func hasOther(x any) bool {
	switch t := x.(type) {
	case float32, float64, cbor.SimpleValue:
		return true
	case []any:
		for _, e := range t {
			if hasOther(e) {
				return true
			}
		}
	case map[any]any:
		for k, e := range t {
			if hasOther(k) || hasOther(e) {
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
