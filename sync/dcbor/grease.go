package dcbor

import (
	"fmt"
	"io"
)

// What lasts for ever bears now and then a key that means nothing, so that no
// program comes to rely on knowing all keys (FORMAT.md 1): one in greaseRate.
const greaseRate = 16

// GreaseSpan is how many keys mean nothing for ever, from the first that may be
// ignored: 128 to 227.
const GreaseSpan = 100

// Grease draws whether a map is to bear such a key, and which; nil: none.
func Grease(random io.Reader) (Keys, error) {
	var r [4]byte
	if _, err := io.ReadFull(random, r[:]); err != nil {
		return nil, fmt.Errorf("drawing a key that means nothing: %w", err)
	}
	if r[0]%greaseRate != greaseRate-1 {
		return nil, nil
	}
	return Keys{MustUnderstand + 1 + uint64(r[1]%GreaseSpan): Must(r[2:])}, nil
}

// MarshalWith is Marshal of a struct with further keys, which it must not name.
func MarshalWith(v any, more Keys) ([]byte, error) {
	b, err := Marshal(v)
	if err != nil || len(more) == 0 {
		return b, err
	}
	var keys Keys
	if err := Unmarshal(b, &keys); err != nil {
		return nil, err
	}
	for n, raw := range more {
		if _, taken := keys[n]; taken {
			return nil, fmt.Errorf("the key %d stands twice", n)
		}
		keys[n] = raw
	}
	return Marshal(keys)
}
