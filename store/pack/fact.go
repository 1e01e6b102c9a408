package pack

import (
	"encoding/binary"
	"errors"

	"hejie/store"
)

// Limits of a fact.
const (
	// MaxFactKey bounds a key: names and ids joined by slashes.
	MaxFactKey = 256
	// MaxFact bounds a value: one refused frame at most.
	MaxFact = store.MaxFrame
	// compactAt is how many bytes of outdated facts the file holds before it is
	// written anew, and it must hold more of them than of others.
	compactAt = 1 << 20
	// maxFacts bounds the file: offsets have four bytes, and what grows so far
	// should not lie in facts.
	maxFacts = 1 << 31
)

// The payload of a fact's record: what 1 ‖ length of key 2 ‖ key ‖ value.
const (
	factPut    = 1
	factDelete = 2
	factFixed  = 3
)

var errFactPayload = errors.New("a fact's record is not in its one encoding")

func encodeFact(what byte, key string, value []byte) []byte {
	dst := make([]byte, 0, 3+len(key)+len(value))
	dst = append(dst, what)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(key)))
	dst = append(dst, key...)
	return append(dst, value...)
}

func decodeFact(p []byte) (what byte, key, value []byte, err error) {
	if len(p) < factFixed {
		return 0, nil, nil, errFactPayload
	}
	n := int(binary.BigEndian.Uint16(p[1:]))
	if n == 0 || n > MaxFactKey || len(p) < factFixed+n || len(p)-factFixed-n > MaxFact ||
		(p[0] != factPut && p[0] != factDelete) || (p[0] == factDelete && len(p) > factFixed+n) {
		return 0, nil, nil, errFactPayload
	}
	return p[0], p[factFixed : factFixed+n], p[factFixed+n:], nil
}
