package reconcile_test

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sort"

	"hejie/store"
)

// sortedSet is a plain ordered set with running sums, the test's model.
type sortedSet struct {
	keys []store.EntryKey
	sums [][4]uint64 // sums[i] is the sum of the first i ids
}

func newSet(keys []store.EntryKey) *sortedSet {
	s := &sortedSet{keys: slices.Clone(keys)}
	slices.SortFunc(s.keys, func(a, b store.EntryKey) int { return bytes.Compare(a[:], b[:]) })
	s.keys = slices.Compact(s.keys)
	s.sums = make([][4]uint64, len(s.keys)+1)
	for i, k := range s.keys {
		var carry uint64
		for w := 3; w >= 0; w-- {
			s.sums[i+1][w], carry = bits.Add64(s.sums[i][w], binary.BigEndian.Uint64(k[41+8*w:]), carry)
		}
	}
	return s
}

func (s *sortedSet) rank(k store.EntryKey) int {
	return sort.Search(len(s.keys), func(i int) bool { return bytes.Compare(s.keys[i][:], k[:]) >= 0 })
}

func (s *sortedSet) span(lo, hi store.EntryKey) (int, int) {
	to := len(s.keys)
	if hi != (store.EntryKey{}) {
		to = s.rank(hi)
	}
	return s.rank(lo), to
}

func (s *sortedSet) Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error) {
	from, to := s.span(lo, hi)
	fp := store.Fingerprint{Count: uint64(to - from)}
	var borrow, d uint64
	for w := 3; w >= 0; w-- {
		d, borrow = bits.Sub64(s.sums[to][w], s.sums[from][w], borrow)
		binary.BigEndian.PutUint64(fp.Sum[8*w:], d)
	}
	return fp, nil
}

func (s *sortedSet) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	from, to := s.span(lo, hi)
	for _, k := range s.keys[from:to] {
		if ok, err := fn(k); err != nil || !ok {
			return err
		}
	}
	return nil
}

func (s *sortedSet) EntryAt(lo, hi store.EntryKey, n uint64) (store.EntryKey, error) {
	from, to := s.span(lo, hi)
	if n >= uint64(to-from) {
		return store.EntryKey{}, store.ErrNotFound
	}
	return s.keys[from+int(n)], nil
}

// villageKey makes an entry of one village's cases: the order is that of time,
// as in BENCH.md S3.
func villageKey(rnd *rand.Rand, ms uint64) store.EntryKey {
	k := key(rnd, ms)
	k[0], k[4], k[20], k[22] = 4, 1, 1, 1
	return k
}

// key makes an entry of one of eight villages at a time in milliseconds.
func key(rnd *rand.Rand, ms uint64) store.EntryKey {
	var k store.EntryKey
	k[0] = byte(1 + rnd.IntN(4))
	if k[0] < 3 {
		k[0] = 4
	}
	k[1], k[2], k[3], k[4] = 1, 1, 0, byte(1+rnd.IntN(2))
	copy(k[17:], k[1:5])
	k[22] = byte(1 + rnd.IntN(4))
	binary.BigEndian.PutUint64(k[33:], ms<<16|uint64(rnd.IntN(4)))
	for i := 0; i < 32; i += 8 {
		binary.BigEndian.PutUint64(k[41+i:], rnd.Uint64())
	}
	return k
}
