package replica

import (
	"bytes"

	"hejie/store"
)

// Path is a unit's place in the tree: two bytes a level from the root down,
// never 0000, padded with zeros. The root's is all zeros.
type Path [16]byte

// levels is the number of levels below the root.
func (p Path) levels() int {
	for n := 0; n < len(p); n += 2 {
		if p[n] == 0 && p[n+1] == 0 {
			return n / 2
		}
	}
	return len(p) / 2
}

// above reports whether p is q or lies on q's way to the root.
func (p Path) above(q Path) bool { return bytes.Equal(p[:2*p.levels()], q[:2*p.levels()]) }

// common is the number of levels that p and q share.
func (p Path) common(q Path) int {
	n := 0
	for m := min(p.levels(), q.levels()); n < m && p[2*n] == q[2*n] && p[2*n+1] == q[2*n+1]; {
		n++
	}
	return n
}

// upTo is the place n levels down on the way from the root to p.
func (p Path) upTo(n int) (out Path) {
	copy(out[:], p[:2*n])
	return out
}

// onWay reports whether unit u lies on the tree's way from s to a, both ends
// included: up from s to where the ways part, and down to a.
func onWay(u, s, a Path) bool {
	return (u.above(s) || u.above(a)) && u.levels() >= s.common(a)
}

// The entry classes, first byte of an entry's key, in the order in which they
// are fetched (FORMAT.md 8): other numbers than the classes of headers.
const (
	entryTree   byte = 1
	entryWrap   byte = 2 // and erasures, and logs that a link leads elsewhere
	entryDigest byte = 3
	entryCase   byte = 4
	entryLater  byte = 5 // of classes that this program does not know
)

// goes reports whether an entry with this class, audience and owner goes to
// unit u: a log to the units above and below the parent it hangs under, all
// else to the units on the way from owner to audience (DESIGN 5, 6).
func goes(class byte, audience, owner, u Path) bool {
	if class == entryTree {
		return u.above(audience) || audience.above(u)
	}
	return onWay(u, owner, audience)
}

// group is the part of an entry's key that decides to whom it goes.
type group [1 + 16 + 16]byte

func groupOf(class byte, audience, owner Path) group {
	var g group
	g[0] = class
	copy(g[1:], audience[:])
	copy(g[17:], owner[:])
	return g
}

func (g group) audience() Path     { return Path(g[1:17]) }
func (g group) owner() Path        { return Path(g[17:33]) }
func (g group) goesTo(u Path) bool { return goes(g[0], g.audience(), g.owner(), u) }

// low and high bound the group's keys: low <= key < high.
func (g group) low() (k store.EntryKey) {
	copy(k[:], g[:])
	return k
}

func (g group) high() (k store.EntryKey) {
	copy(k[:], g[:])
	for i := len(g) - 1; i >= 0; i-- {
		k[i]++
		if k[i] != 0 {
			break
		}
	}
	return k
}

func entryKey(g group, stamp uint64, id store.ID) (k store.EntryKey) {
	copy(k[:], g[:])
	for i := range 8 {
		k[33+i] = byte(stamp >> (56 - 8*i))
	}
	copy(k[41:], id[:])
	return k
}

func entryGroup(k store.EntryKey) group { return group(k[:33]) }
