package liar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A list is []any, an id or other bytes ID or []byte, a number int or uint64.
type (
	// M is a map with small unsigned keys, as most of FORMAT.md's are.
	M map[uint64]any
	// T is a map with text keys: a value of a change.
	T map[string]any
	// B is a map with byte strings as keys: signatures by key.
	B map[string]any
	// Raw is encoded already.
	Raw []byte
)

// Encode is core deterministic CBOR (RFC 8949 4.2.1). It panics on a value of
// another type: only tests call it, with values of their own.
func Encode(v any) []byte {
	switch v := v.(type) {
	case nil:
		return []byte{0xf6}
	case bool:
		if v {
			return []byte{0xf5}
		}
		return []byte{0xf4}
	case int:
		if v < 0 {
			return head(1, uint64(-1-v))
		}
		return head(0, uint64(v))
	case uint64:
		return head(0, v)
	case []byte:
		return append(head(2, uint64(len(v))), v...)
	case ID:
		return append(head(2, uint64(len(v))), v[:]...)
	case string:
		return append(head(3, uint64(len(v))), v...)
	case []any:
		out := head(4, uint64(len(v)))
		for _, x := range v {
			out = append(out, Encode(x)...)
		}
		return out
	case []ID:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return Encode(list)
	case M:
		pairs := map[string][]byte{}
		for k, x := range v {
			pairs[string(head(0, k))] = Encode(x)
		}
		return pack(pairs)
	case T:
		pairs := map[string][]byte{}
		for k, x := range v {
			pairs[string(Encode(k))] = Encode(x)
		}
		return pack(pairs)
	case B:
		pairs := map[string][]byte{}
		for k, x := range v {
			pairs[string(Encode([]byte(k)))] = Encode(x)
		}
		return pack(pairs)
	case Raw:
		return v
	}
	panic(fmt.Sprintf("no CBOR for %T", v))
}

func pack(pairs map[string][]byte) []byte {
	out := head(5, uint64(len(pairs)))
	for _, k := range slices.Sorted(maps.Keys(pairs)) {
		out = append(append(out, k...), pairs[k]...)
	}
	return out
}

func head(major byte, n uint64) []byte {
	m := major << 5
	switch {
	case n < 24:
		return []byte{m | byte(n)}
	case n < 1<<8:
		return []byte{m | 24, byte(n)}
	case n < 1<<16:
		return binary.BigEndian.AppendUint16([]byte{m | 25}, uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32([]byte{m | 26}, uint32(n))
	}
	return binary.BigEndian.AppendUint64([]byte{m | 27}, n)
}

var errCBOR = errors.New("no CBOR that this reader knows")

// Decode reads one value. Maps with unsigned keys become M, with text keys T;
// an empty map is an M.
func Decode(b []byte) (any, error) {
	v, rest, err := decode(b)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%w: %d bytes behind the value", errCBOR, len(rest))
	}
	return v, err
}

// Map is Decode of a map with unsigned keys.
func Map(b []byte) (M, error) {
	v, err := Decode(b)
	if err != nil {
		return nil, err
	}
	m, ok := v.(M)
	if !ok {
		return nil, fmt.Errorf("%w: a %T where a map is", errCBOR, v)
	}
	return m, nil
}

func decode(b []byte) (any, []byte, error) {
	major, info, n, b, err := decodeHead(b)
	if err != nil {
		return nil, nil, err
	}
	switch major {
	case 0:
		return n, b, nil
	case 1:
		return -1 - int(n), b, nil
	case 2, 3:
		if uint64(len(b)) < n {
			return nil, nil, errCBOR
		}
		if major == 2 {
			return bytes.Clone(b[:n]), b[n:], nil
		}
		return string(b[:n]), b[n:], nil
	case 4:
		list := []any{}
		for range n {
			var v any
			if v, b, err = decode(b); err != nil {
				return nil, nil, err
			}
			list = append(list, v)
		}
		return list, b, nil
	case 5:
		return decodeMap(b, n)
	case 7:
		switch info {
		case 20, 21:
			return info == 21, b, nil
		case 22:
			return nil, b, nil
		}
	}
	return nil, nil, errCBOR
}

func decodeMap(b []byte, n uint64) (any, []byte, error) {
	numbers, texts, names := M{}, T{}, B{}
	for range n {
		k, rest, err := decode(b)
		if err != nil {
			return nil, nil, err
		}
		v, rest, err := decode(rest)
		if err != nil {
			return nil, nil, err
		}
		switch k := k.(type) {
		case uint64:
			numbers[k] = v
		case string:
			texts[k] = v
		case []byte:
			names[string(k)] = v
		default:
			return nil, nil, errCBOR
		}
		b = rest
	}
	if len(texts) > 0 {
		return texts, b, nil
	}
	if len(names) > 0 {
		return names, b, nil
	}
	return numbers, b, nil
}

func decodeHead(b []byte) (major, info byte, n uint64, rest []byte, err error) {
	if len(b) == 0 {
		return 0, 0, 0, nil, errCBOR
	}
	major, info, b = b[0]>>5, b[0]&31, b[1:]
	var size int
	switch {
	case info < 24:
		return major, info, uint64(info), b, nil
	case info <= 27:
		size = 1 << (info - 24)
	default:
		return 0, 0, 0, nil, errCBOR
	}
	if len(b) < size {
		return 0, 0, 0, nil, errCBOR
	}
	for _, x := range b[:size] {
		n = n<<8 | uint64(x)
	}
	return major, info, n, b[size:], nil
}

// Bytes, list, number and sub-map of a field; zero where it is of another type.
func (m M) bytes(k uint64) []byte { b, _ := m[k].([]byte); return b }
func (m M) list(k uint64) []any   { l, _ := m[k].([]any); return l }
func (m M) number(k uint64) uint64 {
	n, _ := m[k].(uint64)
	return n
}

func (m M) id(k uint64) ID { return toID(m[k]) }

func toID(v any) (id ID) {
	if b, ok := v.([]byte); ok {
		copy(id[:], b)
	}
	return id
}

func (m M) clone() M { return maps.Clone(m) }
