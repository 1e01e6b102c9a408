// Package entryset keeps the ordered set of entries with counts and sums of
// every range, as rows of an engine.
//
// It is for packstore, which changes the set in the same transaction as what
// the entries are derived from. It knows entry keys, not what they mean beyond
// where their parts end. Invariant: each node's count and sum are those of the
// entry rows below it, so ranges add and nothing is rebuilt at start.
//
// The tree is a radix tree over prefixes of the key at fixed lengths. Only a
// node with more than bucket entries has rows for its children; below others
// the entry rows themselves are added up. So a set of n entries costs about
// n rows plus n/bucket nodes, a change touches one path of them, and a range is
// added up from the children between its two ends.
package entryset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"hejie/store"
	"hejie/store/rows"
)

// keyLen is the length of an entry key.
const keyLen = len(store.EntryKey{})

// idAt is where the frame id begins in an entry key.
const idAt = keyLen - 32

// lengths are the prefixes that have nodes: nothing, class and audience, owner,
// then the clock in steps of about seven weeks, five hours, a minute, quarter
// seconds, a millisecond, its counter, and two bytes of the id for a bulk under
// one clock.
var lengths = [...]int{0, 17, 33, 35, 36, 37, 38, 39, 41, 42, 43}

// bucket is how many entries a node holds before its children get rows: what a
// range's end adds up one by one.
const bucket = 64

// Writer is the transaction that a Set changes.
type Writer interface {
	rows.Reader
	Put(key, value []byte)
	Delete(key []byte)
}

// Set reads an ordered set under two prefixes of rows.
type Set struct {
	r              rows.Reader
	w              Writer // nil: only for reading
	nodes, entries []byte
	cache          map[string]*node // of a writing Set
	dirty          []string         // keys of cache in the order of their first change
}

// Reading returns the set in a state of rows.
func Reading(r rows.Reader, nodes, entries []byte) *Set {
	return &Set{r: r, nodes: nodes, entries: entries}
}

// Writing returns the set in a transaction. Flush must come before the
// transaction's rows are used elsewhere.
func Writing(w Writer, nodes, entries []byte) *Set {
	return &Set{r: w, w: w, nodes: nodes, entries: entries, cache: map[string]*node{}}
}

// node is the sum of all entries under a prefix.
type node struct {
	count    uint64
	sum      [32]byte
	expanded bool // the next level has rows
	dirty    bool
}

// A node's row: flags 1 (1: expanded) ‖ count 8 ‖ sum 32.
const nodeSize = 1 + 8 + 32

func (n *node) encode() []byte {
	b := make([]byte, 0, nodeSize)
	var flags byte
	if n.expanded {
		flags = 1
	}
	b = append(b, flags)
	b = binary.BigEndian.AppendUint64(b, n.count)
	return append(b, n.sum[:]...)
}

func decodeNode(b []byte) (node, error) {
	if len(b) != nodeSize || b[0] > 1 {
		return node{}, fmt.Errorf("a node of the ordered set has %d bytes", len(b))
	}
	return node{
		expanded: b[0] == 1, count: binary.BigEndian.Uint64(b[1:]), sum: [32]byte(b[9:]),
	}, nil
}

// add adds an id to a sum modulo 2^256; sub takes it off.
func add(sum *[32]byte, id []byte) {
	var carry uint64
	for i := 24; i >= 0; i -= 8 {
		var v uint64
		v, carry = bits.Add64(binary.BigEndian.Uint64(sum[i:]), binary.BigEndian.Uint64(id[i:]), carry)
		binary.BigEndian.PutUint64(sum[i:], v)
	}
}

func sub(sum *[32]byte, id []byte) {
	var borrow uint64
	for i := 24; i >= 0; i -= 8 {
		var v uint64
		v, borrow = bits.Sub64(binary.BigEndian.Uint64(sum[i:]), binary.BigEndian.Uint64(id[i:]), borrow)
		binary.BigEndian.PutUint64(sum[i:], v)
	}
}

func (s *Set) nodeKey(level int, prefix []byte) []byte {
	k := make([]byte, 0, len(s.nodes)+1+len(prefix))
	k = append(k, s.nodes...)
	k = append(k, byte(level))
	return append(k, prefix...)
}

func (s *Set) entryKey(e []byte) []byte {
	return append(append(make([]byte, 0, len(s.entries)+len(e)), s.entries...), e...)
}

// Has tells whether an entry is in the set.
func (s *Set) Has(e store.EntryKey) (bool, error) {
	_, err := s.r.Get(s.entryKey(e[:]))
	if errors.Is(err, rows.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Enter puts an entry in; one that is there already changes nothing.
func (s *Set) Enter(e store.EntryKey) error {
	if has, err := s.Has(e); err != nil || has {
		return err
	}
	s.w.Put(s.entryKey(e[:]), nil)
	for level, length := range lengths {
		n, err := s.node(level, e[:length])
		if err != nil {
			return err
		}
		n.count++
		add(&n.sum, e[idAt:])
		if n.expanded {
			continue
		}
		if n.count > bucket && level+1 < len(lengths) {
			if err := s.expand(level, e[:length], n); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

// Leave takes an entry out; one that is not there changes nothing.
func (s *Set) Leave(e store.EntryKey) error {
	if has, err := s.Has(e); err != nil || !has {
		return err
	}
	s.w.Delete(s.entryKey(e[:]))
	for level, length := range lengths {
		n, err := s.node(level, e[:length])
		if err != nil {
			return err
		}
		if n.count == 0 {
			return fmt.Errorf("the ordered set's node %x is empty and has an entry", e[:length])
		}
		n.count--
		sub(&n.sum, e[idAt:])
		if !n.expanded {
			return nil
		}
	}
	return nil
}

// expand makes rows for a node's children, and theirs as far as they are full.
func (s *Set) expand(level int, prefix []byte, n *node) error {
	n.expanded = true
	next := lengths[level+1]
	var child *node
	var at []byte
	full := [][]byte{}
	err := s.r.Scan(s.entryKey(prefix), nil, false, func(key, _ []byte) (bool, error) {
		e := key[len(s.entries):]
		if child == nil || !bytes.Equal(at, e[:next]) {
			at = bytes.Clone(e[:next])
			child = &node{}
			s.keep(level+1, at, child)
		}
		child.count++
		add(&child.sum, e[idAt:])
		if child.count == bucket+1 && level+2 < len(lengths) {
			full = append(full, at)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, p := range full {
		c, err := s.node(level+1, p)
		if err != nil {
			return err
		}
		if err := s.expand(level+1, p, c); err != nil {
			return err
		}
	}
	return nil
}

// node returns a node to change; one without a row is empty.
func (s *Set) node(level int, prefix []byte) (*node, error) {
	key := s.nodeKey(level, prefix)
	n, ok := s.cache[string(key)]
	if !ok {
		n = &node{}
		b, err := s.r.Get(key)
		switch {
		case errors.Is(err, rows.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			if *n, err = decodeNode(b); err != nil {
				return nil, err
			}
		}
		s.cache[string(key)] = n
	}
	s.mark(n, key)
	return n, nil
}

func (s *Set) keep(level int, prefix []byte, n *node) {
	key := s.nodeKey(level, prefix)
	s.cache[string(key)] = n
	s.mark(n, key)
}

func (s *Set) mark(n *node, key []byte) {
	if !n.dirty {
		n.dirty = true
		s.dirty = append(s.dirty, string(key))
	}
}

// Flush puts the changed nodes into the transaction. An empty node has no row.
func (s *Set) Flush() {
	for _, key := range s.dirty {
		n := s.cache[key]
		if n == nil || !n.dirty {
			continue // put by an earlier mention
		}
		if n.count == 0 {
			s.w.Delete([]byte(key))
			delete(s.cache, key)
			continue
		}
		n.dirty = false
		s.w.Put([]byte(key), n.encode())
	}
	s.dirty = s.dirty[:0]
}
