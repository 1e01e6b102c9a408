package rows

import (
	"bytes"
	"hash/maphash"
)

// seed makes a tree's shape unpredictable; what it holds and its order do not
// depend on it.
var seed = maphash.MakeSeed()

// Map is an ordered map from bytes to values: a treap whose nodes are copied
// when they are shared with a snapshot. The zero value is empty. It is not safe
// for concurrent use; snapshots are, among each other.
type Map[V any] struct {
	root  *treap[V]
	owner *int // nodes with this owner belong to this map alone
	len   int
}

type treap[V any] struct {
	key         []byte
	value       V
	rank        uint64
	left, right *treap[V]
	owner       *int
}

// Len counts the keys.
func (m *Map[V]) Len() int { return m.len }

// Snapshot returns a map that later changes of m don't touch, in constant time.
func (m *Map[V]) Snapshot() Map[V] {
	m.owner = new(int)
	return Map[V]{root: m.root, owner: new(int), len: m.len}
}

// Get returns the value of a key.
func (m *Map[V]) Get(key []byte) (V, bool) {
	n := m.root
	for n != nil {
		switch c := bytes.Compare(key, n.key); {
		case c == 0:
			return n.value, true
		case c < 0:
			n = n.left
		default:
			n = n.right
		}
	}
	var zero V
	return zero, false
}

// Set puts a value; the map keeps the key's slice.
func (m *Map[V]) Set(key []byte, value V) {
	if m.owner == nil {
		m.owner = new(int)
	}
	m.root = m.set(m.root, key, value)
}

func (m *Map[V]) own(n *treap[V]) *treap[V] {
	if n.owner == m.owner {
		return n
	}
	c := *n
	c.owner = m.owner
	return &c
}

func (m *Map[V]) set(n *treap[V], key []byte, value V) *treap[V] {
	if n == nil {
		m.len++
		return &treap[V]{key: key, value: value, rank: maphash.Bytes(seed, key), owner: m.owner}
	}
	n = m.own(n)
	switch c := bytes.Compare(key, n.key); {
	case c == 0:
		n.value = value
	case c < 0:
		l := m.set(n.left, key, value)
		n.left = l
		if l.rank > n.rank {
			n.left, l.right = l.right, n
			return l
		}
	default:
		r := m.set(n.right, key, value)
		n.right = r
		if r.rank > n.rank {
			n.right, r.left = r.left, n
			return r
		}
	}
	return n
}

// Delete takes a key out, if it is there.
func (m *Map[V]) Delete(key []byte) {
	if _, ok := m.Get(key); !ok {
		return
	}
	if m.owner == nil {
		m.owner = new(int)
	}
	m.len--
	m.root = m.remove(m.root, key)
}

// remove takes out a key that is there.
func (m *Map[V]) remove(n *treap[V], key []byte) *treap[V] {
	c := bytes.Compare(key, n.key)
	if c == 0 {
		return m.join(n.left, n.right)
	}
	n = m.own(n)
	if c < 0 {
		n.left = m.remove(n.left, key)
	} else {
		n.right = m.remove(n.right, key)
	}
	return n
}

func (m *Map[V]) join(l, r *treap[V]) *treap[V] {
	switch {
	case l == nil:
		return r
	case r == nil:
		return l
	case l.rank > r.rank:
		l = m.own(l)
		l.right = m.join(l.right, r)
		return l
	default:
		r = m.own(r)
		r.left = m.join(l, r.left)
		return r
	}
}

// Ascend visits keys from `from` on (nil: from the first) until fn returns
// false. fn must not change the map.
func (m *Map[V]) Ascend(from []byte, fn func(key []byte, value V) bool) { m.root.ascend(from, fn) }

func (n *treap[V]) ascend(from []byte, fn func([]byte, V) bool) bool {
	if n == nil {
		return true
	}
	if c := bytes.Compare(n.key, from); c >= 0 {
		if c > 0 && !n.left.ascend(from, fn) {
			return false
		}
		if !fn(n.key, n.value) {
			return false
		}
	}
	return n.right.ascend(from, fn)
}

// Descend visits keys from the last at or before `from` (nil: the last) down
// until fn returns false. fn must not change the map.
func (m *Map[V]) Descend(from []byte, fn func(key []byte, value V) bool) { m.root.descend(from, fn) }

func (n *treap[V]) descend(from []byte, fn func([]byte, V) bool) bool {
	if n == nil {
		return true
	}
	if from == nil || bytes.Compare(n.key, from) <= 0 {
		if !n.right.descend(from, fn) || !fn(n.key, n.value) {
			return false
		}
	}
	return n.left.descend(from, fn)
}
