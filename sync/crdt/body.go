package crdt

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"
)

// Body is what an operation says besides its header: the changes and the
// author's remark (FORMAT.md 4).
type Body struct {
	Changes []Change
	// Remark is the author's reason, shown to people; up to MaxRemark bytes.
	Remark string
	// Unknown are the keys that a newer program wrote, ascending; they are
	// kept and encoded again as they were. Below FirstIgnored they must be
	// understood (Newer).
	Unknown []UnknownKey
}

// UnknownKey is one key of a body that this program does not know.
type UnknownKey struct {
	Key uint64
	Raw []byte // exact encoding of its value
}

// Newer reports whether the body has a key that must be understood and is not
// known: its operation has no effect.
func (b *Body) Newer() bool { return len(b.Unknown) > 0 && b.Unknown[0].Key < FirstIgnored }

// BodyError is returned for bytes that are no body, and for a Body that has no
// encoding. Change is the index of the change at fault, or -1.
type BodyError struct {
	Change int
	Reason string
}

func (e *BodyError) Error() string {
	if e.Change < 0 {
		return "the body of the operation is not valid: " + e.Reason
	}
	return fmt.Sprintf("change %d of the operation is not valid: %s", e.Change, e.Reason)
}

// Keys of the body's map.
const (
	bodyChanges = 1
	bodyRemark  = 2
)

// EncodeBody gives the one encoding of a body. It fails with *BodyError for
// what breaks a limit or a rule of FORMAT.md 4, so that nothing is signed that
// others would refuse.
func EncodeBody(b Body) ([]byte, error) {
	if len(b.Changes) > MaxChanges {
		return nil, &BodyError{-1, fmt.Sprintf("%d changes, at most %d fit in one operation", len(b.Changes), MaxChanges)}
	}
	if len(b.Remark) > MaxRemark || !utf8.ValidString(b.Remark) {
		return nil, &BodyError{-1, fmt.Sprintf("the remark is not text of at most %d bytes", MaxRemark)}
	}
	changes := make([]cbor.RawMessage, len(b.Changes))
	for i := range b.Changes {
		raw, err := encodeChange(&b.Changes[i])
		if err != nil {
			return nil, &BodyError{i, err.Error()}
		}
		changes[i] = raw
	}
	m := map[uint64]any{bodyChanges: changes}
	if b.Remark != "" {
		m[bodyRemark] = b.Remark
	}
	for i, u := range b.Unknown {
		if u.Key == bodyChanges || u.Key == bodyRemark || i > 0 && u.Key <= b.Unknown[i-1].Key {
			return nil, &BodyError{-1, fmt.Sprintf("unknown key %d is known, repeated or out of order", u.Key)}
		}
		if err := checkCanonical(u.Raw); err != nil {
			return nil, &BodyError{-1, fmt.Sprintf("unknown key %d: %v", u.Key, err)}
		}
		m[u.Key] = cbor.RawMessage(u.Raw)
	}
	out, err := encMode.Marshal(m)
	if err != nil {
		return nil, &BodyError{-1, err.Error()}
	}
	if len(out) > MaxBody {
		return nil, &BodyError{-1, fmt.Sprintf("%d bytes, at most %d fit", len(out), MaxBody)}
	}
	// What is kept as it came may be nested too deeply for its place here.
	if err := decMode.Wellformed(out); err != nil {
		return nil, &BodyError{-1, err.Error()}
	}
	return out, nil
}

// DecodeBody reads a body strictly: of all encodings of a value only
// EncodeBody's is taken, so encoding the answer gives the input again. Changes
// of an unknown kind or with unknown keys are kept in Raw. Any other bytes are
// refused with *BodyError. It never panics.
func DecodeBody(data []byte) (Body, error) {
	if len(data) > MaxBody {
		return Body{}, &BodyError{-1, fmt.Sprintf("%d bytes, at most %d are read", len(data), MaxBody)}
	}
	var m map[uint64]cbor.RawMessage
	if err := decMode.Unmarshal(data, &m); err != nil || m == nil {
		return Body{}, &BodyError{-1, fmt.Sprintf("not a CBOR map of integer keys within the limits (%v)", err)}
	}
	b, err := bodyOf(m)
	if err != nil {
		return Body{}, err
	}
	again, err := EncodeBody(b)
	if err != nil {
		return Body{}, err
	}
	if !bytes.Equal(again, data) {
		return Body{}, &BodyError{-1, "not in the one deterministic encoding"}
	}
	return b, nil
}

func bodyOf(m map[uint64]cbor.RawMessage) (Body, error) {
	var b Body
	rawChanges, ok := m[bodyChanges]
	if !ok {
		return b, &BodyError{-1, "it has no list of changes"}
	}
	var list []cbor.RawMessage
	if err := decMode.Unmarshal(rawChanges, &list); err != nil {
		return b, &BodyError{-1, "its changes are not a list"}
	}
	if len(list) > MaxChanges {
		return b, &BodyError{-1, fmt.Sprintf("%d changes, at most %d are read", len(list), MaxChanges)}
	}
	if len(list) > 0 {
		b.Changes = make([]Change, len(list))
	}
	for i, raw := range list {
		c, err := decodeChange(raw)
		if err != nil {
			return b, &BodyError{i, err.Error()}
		}
		b.Changes[i] = c
	}
	if raw, ok := m[bodyRemark]; ok {
		if err := decMode.Unmarshal(raw, &b.Remark); err != nil || b.Remark == "" {
			return b, &BodyError{-1, "its remark is not a text"}
		}
	}
	delete(m, bodyChanges)
	delete(m, bodyRemark)
	b.Unknown = keysFrom(0, m)
	return b, nil
}

// keysFrom are the keys of a map from one on, ascending.
func keysFrom(first uint64, m map[uint64]cbor.RawMessage) []UnknownKey {
	var out []UnknownKey
	for key, raw := range m {
		if key >= first {
			out = append(out, UnknownKey{key, bytes.Clone(raw)})
		}
	}
	slices.SortFunc(out, func(x, y UnknownKey) int { return cmp.Compare(x.Key, y.Key) })
	return out
}
