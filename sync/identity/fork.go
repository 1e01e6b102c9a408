package identity

import (
	"maps"
	"slices"
)

// countBranch finds the forks of a branch and which of its entries count.
func (r *Registry) countBranch(l *log, kids map[place][]*node, b Branch, names map[ID]bool) {
	queue := []*node{l.first}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		var sides []*node
		for _, n := range kids[place{p.ID, b}] {
			queue = append(queue, n)
			if n.proper {
				sides = append(sides, n)
			}
		}
		right := r.rightSide(sides, names)
		if len(sides) > 1 && right == nil {
			l.forks = append(l.forks, p.ID)
		}
		if right != nil && p.good {
			right.good = r.author(l, right, p, levelGood)
		}
		for _, n := range kids[place{p.ID, b}] {
			l.carry(n, levelGood)
		}
		if right != nil && right.good {
			l.note(right)
			l.tips[b] = right
		}
	}
	l.forks = sortIDs(l.forks)
}

// note takes down whom a good entry names as the right side of a fork, and which
// items it declares void.
func (l *log) note(n *node) {
	if !n.admin[levelGood] {
		return
	}
	names, voids := &l.names, &l.voids
	if n.Branch == BranchParent {
		names, voids = &l.below, &l.voidsBelow
	}
	for _, it := range n.Items {
		switch it := it.(type) {
		case *RightSide:
			set(names, it.Entry)
		case *Void:
			set(voids, it.Place)
		}
	}
}

func set[K comparable](m *map[K]bool, k K) {
	if *m == nil {
		*m = map[K]bool{}
	}
	(*m)[k] = true
}

// rightSide is the only side, or the only one that holds a named entry.
func (r *Registry) rightSide(sides []*node, names map[ID]bool) *node {
	if len(sides) == 0 {
		return nil
	}
	if len(sides) == 1 {
		return sides[0]
	}
	var right *node
	for _, id := range slices.SortedFunc(maps.Keys(names), compareIDs) {
		for n := r.nodes[id]; n != nil; n = n.up {
			if !slices.Contains(sides, n) {
				continue
			}
			if right != nil && right != n {
				return nil // both sides are named: neither holds
			}
			right = n
			break
		}
	}
	return right
}

// selfNamed are the entries of a root's own branch that a later entry of the
// same side names: nobody is above a root.
func selfNamed(order []*node) map[ID]bool {
	names := map[ID]bool{}
	for _, n := range order {
		for _, it := range n.Items {
			if s, ok := it.(*RightSide); ok && n.proper && n.admin[levelProper] && n.follows(s.Entry) {
				names[s.Entry] = true
			}
		}
	}
	return names
}

// follows tells whether n comes after the entry on its branch.
func (n *node) follows(id ID) bool {
	for x := n.up; x != nil; x = x.up {
		if x.ID == id {
			return true
		}
	}
	return false
}

// upTo tells whether x is n or comes before it on its branch.
func (n *node) upTo(x *node) bool {
	for n != nil && n.pos > x.pos {
		n = n.up
	}
	return n == x
}

// named tells whether a log's first entry is the only one that admits its unit,
// or the one that the nearest unit above all of them named.
func (r *Registry) named(l *log) bool {
	rivals := []*log{l}
	for _, s := range r.units[l.unit] {
		if s != l && s.first != nil && s.first.proper {
			rivals = append(rivals, s)
		}
	}
	if len(rivals) == 1 {
		return true
	}
	above := l.parent
	for above != nil && !allUnder(rivals, above) {
		above = above.parent
	}
	if above == nil {
		return false
	}
	count := 0
	for _, s := range rivals {
		if above.names[s.id] {
			count++
		}
	}
	return count == 1 && above.names[l.id]
}

func allUnder(logs []*log, above *log) bool {
	return !slices.ContainsFunc(logs, func(l *log) bool {
		for x := l.parent; x != nil; x = x.parent {
			if x == above {
				return false
			}
		}
		return true
	})
}
