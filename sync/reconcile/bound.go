package reconcile

import (
	"bytes"
	"fmt"

	"hejie/store"
)

// keySize is the length of an entry's key.
const keySize = len(store.EntryKey{})

// A bound is written against the bound before it: one byte whose high five
// bits say how the shared prefix's length differs from the last one's (zigzag;
// 31: the length follows in a byte) and whose low three say how many bytes are
// new (7: the number follows in a byte), then those bytes. Zeros follow to the
// key's end. The zero key is the end of everything.
type bounds struct {
	prev   store.EntryKey
	shared int
}

const (
	farShared = 31
	farBytes  = 7
)

func (b *bounds) measure(key store.EntryKey) (shared, fresh int) {
	for shared < keySize && key[shared] == b.prev[shared] {
		shared++
	}
	last := keySize
	for last > shared && key[last-1] == 0 {
		last--
	}
	return shared, last - shared
}

func (b *bounds) append(out []byte, key store.EntryKey) []byte {
	shared, fresh := b.measure(key)
	z := zigzag(shared - b.shared)
	head := byte(min(z, farShared))<<3 | byte(min(fresh, farBytes))
	out = append(out, head)
	if z >= farShared {
		out = append(out, byte(shared))
	}
	if fresh >= farBytes {
		out = append(out, byte(fresh))
	}
	out = append(out, key[shared:shared+fresh]...)
	b.prev, b.shared = key, shared
	return out
}

func (b *bounds) read(in *reader) (store.EntryKey, error) {
	var key store.EntryKey
	start := in.pos
	head, err := in.byte()
	if err != nil {
		return key, err
	}
	var shared int
	fresh := int(head & 7)
	if z := int(head >> 3); z == farShared {
		far, err := in.byte()
		if err != nil {
			return key, err
		}
		shared = int(far)
	} else {
		shared = b.shared + unzigzag(z)
	}
	if fresh == farBytes {
		far, err := in.byte()
		if err != nil {
			return key, err
		}
		fresh = int(far)
	}
	if shared < 0 || shared > keySize || fresh > keySize-shared {
		return key, fmt.Errorf("%w: a bound longer than a key", ErrMalformed)
	}
	tail, err := in.bytes(fresh)
	if err != nil {
		return key, err
	}
	copy(key[:shared], b.prev[:shared])
	copy(key[shared:], tail)
	// One bound has one encoding: what would be written otherwise is refused.
	var room [keySize + 3]byte
	again := *b
	if !bytes.Equal(again.append(room[:0], key), in.buf[start:in.pos]) {
		return key, fmt.Errorf("%w: a bound that is not written the shortest way", ErrMalformed)
	}
	*b = again
	return key, nil
}

func zigzag(n int) int {
	if n < 0 {
		return -2*n - 1
	}
	return 2 * n
}

func unzigzag(z int) int {
	if z&1 == 1 {
		return -(z + 1) / 2
	}
	return z / 2
}

// isEnd tells the bound behind every key.
func isEnd(key store.EntryKey) bool { return key == store.EntryKey{} }

// before tells whether bound a lies before bound b, where both are upper
// bounds: the zero key lies behind all.
func before(a, b store.EntryKey) bool {
	if isEnd(a) {
		return false
	}
	return isEnd(b) || bytes.Compare(a[:], b[:]) < 0
}

func less(a, b store.EntryKey) bool { return bytes.Compare(a[:], b[:]) < 0 }

// below tells whether the key, or lower bound, a lies under the upper bound b.
func below(a, b store.EntryKey) bool { return isEnd(b) || less(a, b) }

// between is the shortest bound that parts a from the key b after it.
func between(a, b store.EntryKey) store.EntryKey {
	var cut store.EntryKey
	for i := range b {
		cut[i] = b[i]
		if a[i] != b[i] {
			break
		}
	}
	return cut
}
