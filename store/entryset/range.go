package entryset

import (
	"bytes"
	"fmt"

	"hejie/store"
	"hejie/store/rows"
)

// bounds are the ends of a range; hi nil: no end.
type bounds struct{ lo, hi []byte }

func newBounds(lo, hi store.EntryKey) bounds {
	b := bounds{lo: lo[:]}
	if hi != (store.EntryKey{}) {
		b.hi = hi[:]
	}
	return b
}

// cover tells how the keys that begin with prefix lie to the range.
func (b bounds) cover(prefix []byte) (whole, none bool) {
	after := rows.After(prefix)
	if bytes.Compare(b.lo, prefix) > 0 && !bytes.HasPrefix(b.lo, prefix) {
		return false, true
	}
	if b.hi != nil && bytes.Compare(prefix, b.hi) >= 0 {
		return false, true
	}
	// prefix itself is at or before every key under it.
	lowIn := bytes.Compare(b.lo, prefix) <= 0 || allZero(b.lo, prefix)
	highIn := b.hi == nil || (after != nil && bytes.Compare(b.hi, after) >= 0)
	return lowIn && highIn, false
}

// allZero tells whether lo is the very first key under prefix.
func allZero(lo, prefix []byte) bool {
	if !bytes.HasPrefix(lo, prefix) {
		return false
	}
	for _, c := range lo[len(prefix):] {
		if c != 0 {
			return false
		}
	}
	return true
}

// piece is a part of a range: a node that lies in it whole, or one entry.
type piece struct {
	node   node
	level  int
	prefix []byte // an entry's key if it is one
	entry  bool
}

// walk visits the pieces of a range in order; fn returns false to stop.
func (s *Set) walk(b bounds, fn func(piece) (bool, error)) error {
	if s.w != nil {
		s.Flush()
	}
	v, err := s.r.Get(s.nodeKey(0, nil))
	if err != nil {
		if isNotFound(err) {
			return nil
		}
		return err
	}
	root, err := decodeNode(v)
	if err != nil {
		return err
	}
	_, err = s.visit(piece{node: root}, b, fn)
	return err
}

// visit passes a node whole, or its parts.
func (s *Set) visit(p piece, b bounds, fn func(piece) (bool, error)) (bool, error) {
	whole, none := b.cover(p.prefix)
	switch {
	case none:
		return true, nil
	case whole:
		return fn(p)
	case p.node.expanded:
		return s.children(p, b, fn)
	default:
		return s.leaves(p, b, fn)
	}
}

// children visits the pieces of a node below it.
func (s *Set) children(p piece, b bounds, fn func(piece) (bool, error)) (bool, error) {
	next := lengths[p.level+1]
	prefix := s.nodeKey(p.level+1, p.prefix)
	from := s.nodeKey(p.level+1, b.lo[:next])
	more := true
	err := s.r.Scan(prefix, from, false, func(key, value []byte) (bool, error) {
		child := key[len(s.nodes)+1:]
		if len(child) != next {
			return false, fmt.Errorf("the ordered set's row %x has a wrong length", key)
		}
		if b.hi != nil && bytes.Compare(child, b.hi) >= 0 {
			return false, nil
		}
		n, err := decodeNode(value)
		if err != nil {
			return false, err
		}
		more, err = s.visit(piece{node: n, level: p.level + 1, prefix: bytes.Clone(child)}, b, fn)
		return more, err
	})
	return more, err
}

// leaves visits the entries under a node that lie in the range.
func (s *Set) leaves(p piece, b bounds, fn func(piece) (bool, error)) (bool, error) {
	more := true
	err := s.r.Scan(s.entryKey(p.prefix), s.entryKey(b.lo), false, func(key, _ []byte) (bool, error) {
		e := key[len(s.entries):]
		if b.hi != nil && bytes.Compare(e, b.hi) >= 0 {
			return false, nil
		}
		var err error
		more, err = fn(entryPiece(e))
		return more, err
	})
	return more, err
}

func entryPiece(e []byte) piece {
	return piece{entry: true, prefix: e, node: node{count: 1, sum: [32]byte(e[idAt:])}}
}

// Fingerprint sums the entries with lo <= key < hi (hi zero: no end).
func (s *Set) Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error) {
	var f store.Fingerprint
	err := s.walk(newBounds(lo, hi), func(p piece) (bool, error) {
		f.Count += p.node.count
		add(&f.Sum, p.node.sum[:])
		return true, nil
	})
	return f, err
}

// Entries visits entries with lo <= key < hi ascending; fn returns false to stop.
func (s *Set) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	b := newBounds(lo, hi)
	_, err := s.leaves(piece{}, b, func(p piece) (bool, error) { return fn(store.EntryKey(p.prefix)) })
	return err
}

// At returns the n-th entry (from 0) of lo <= key < hi, or store.ErrNotFound.
func (s *Set) At(lo, hi store.EntryKey, n uint64) (store.EntryKey, error) {
	var found *store.EntryKey
	var within func(p piece) (bool, error)
	within = func(p piece) (bool, error) {
		switch {
		case n >= p.node.count:
			n -= p.node.count
			return true, nil
		case p.entry:
			e := store.EntryKey(p.prefix)
			found = &e
			return false, nil
		case p.node.expanded:
			return s.each(p, within)
		default:
			return s.leaves(p, bounds{lo: p.prefix}, within)
		}
	}
	if err := s.walk(newBounds(lo, hi), within); err != nil {
		return store.EntryKey{}, err
	}
	if found == nil {
		return store.EntryKey{}, store.ErrNotFound
	}
	return *found, nil
}

// each visits a node's children as pieces.
func (s *Set) each(p piece, fn func(piece) (bool, error)) (bool, error) {
	more := true
	err := s.r.Scan(s.nodeKey(p.level+1, p.prefix), nil, false, func(key, value []byte) (bool, error) {
		n, err := decodeNode(value)
		if err != nil {
			return false, err
		}
		more, err = fn(piece{node: n, level: p.level + 1, prefix: bytes.Clone(key[len(s.nodes)+1:])})
		return more, err
	})
	return more, err
}
