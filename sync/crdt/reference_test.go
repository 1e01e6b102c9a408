package crdt_test

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// overtaken reports whether another operation of one's name saw it.
func overtaken(all []sent, one sent) bool {
	byID := map[crdt.ID]sent{}
	for _, op := range all {
		byID[op.meta.ID] = op
	}
	for _, op := range all {
		if op.meta.Name != one.meta.Name || op.meta.ID == one.meta.ID || op.body.Newer() {
			continue
		}
		for next := slices.Clone(op.meta.Heads); len(next) > 0; {
			id := next[len(next)-1]
			next = next[:len(next)-1]
			if id == one.meta.ID {
				return true
			}
			next = append(next, byID[id].meta.Heads...)
		}
	}
	return false
}

// reference reads a text straight from the definition of Fugue: the tree of
// all characters, walked left children, character, right children. It is slow
// and short, and knows nothing of runs, chunks or order of arrival.
func reference(all []sent, field string) string {
	type element struct {
		ref    crdt.Ref
		offset uint32
	}
	type seat struct {
		root bool
		of   element
		side crdt.Side
	}
	type node struct {
		ref crdt.Ref
		op  crdt.ID
		run []rune
	}
	primary := map[crdt.Ref]crdt.ID{}
	kids := map[seat][]node{}
	gone := map[element]bool{}
	for _, op := range all {
		if op.body.Newer() || overtaken(all, op) {
			continue
		}
		own := func(r crdt.Ref) crdt.Ref {
			if r.Op == (crdt.ID{}) {
				r.Op = op.meta.Name
			}
			return r
		}
		for i, c := range op.body.Changes {
			if len(c.Path) != 1 || c.Path[0].Field != field || c.Raw != nil || c.Void {
				continue
			}
			for _, s := range c.Spans {
				for k := range s.Count {
					gone[element{own(s.Ref), s.Offset + k}] = true
				}
			}
			if c.Kind != crdt.Insert || c.Text == "" {
				continue
			}
			n := node{crdt.Ref{Op: op.meta.Name, Index: uint32(i)}, op.meta.ID, []rune(c.Text)}
			at := seat{root: true, side: c.Side}
			if !c.Parent.Root {
				at = seat{of: element{own(c.Parent.Ref), c.Parent.Offset}, side: c.Side}
			}
			if p, ok := primary[n.ref]; !ok || bytes.Compare(n.op[:], p[:]) < 0 {
				primary[n.ref] = n.op
			}
			kids[at] = append(kids[at], n)
		}
	}
	for _, list := range kids {
		slices.SortFunc(list, func(a, b node) int {
			return cmp.Or(crdt.CompareRefs(a.ref, b.ref), bytes.Compare(a.op[:], b.op[:]))
		})
	}
	var b strings.Builder
	var walk func(n node)
	side := func(of element, n node, s crdt.Side) {
		if primary[n.ref] == n.op {
			for _, k := range kids[seat{of: of, side: s}] {
				walk(k)
			}
		}
	}
	walk = func(n node) {
		for i, r := range n.run {
			e := element{n.ref, uint32(i)}
			side(e, n, crdt.Left)
			if !gone[e] {
				b.WriteRune(r)
			}
			side(e, n, crdt.Right)
		}
	}
	for _, s := range []crdt.Side{crdt.Left, crdt.Right} {
		for _, k := range kids[seat{root: true, side: s}] {
			walk(k)
		}
	}
	return b.String()
}
