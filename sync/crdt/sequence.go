package crdt

import (
	"cmp"
	"slices"
	"sort"
	"unicode/utf8"
)

// sequence is a text or list: the Fugue tree of Weidner and Kleppmann, "The Art
// of the Fugue" (2023), and beside it the order of its elements.
//
// A node is a run, what one insertion brought, not a character: the first
// element hangs on the run's parent, each further one is the right child of
// the one before it. Children of one element on one side are ordered by name,
// index and operation. Within a run, other right children of an element come
// before the run goes on; a program that follows Fugue never writes such.
//
// The tree is a function of the set of runs: one whose parent is not here
// waits. Of several runs with one reference (two operations of one name) all
// stand and children hang on the one of the smallest operation.
type sequence struct {
	s       *State
	groups  map[key]*group
	runs    []*run
	kids    []*run         // of the root
	waiting map[key][]*run // by parent
	order   order
	dirty   bool // the tree has to be built anew
}

// group is everything that a reference names.
type group struct {
	primary *run
	copies  []*run
	deleted []interval // of every run, also of those not here yet
}

// interval is the elements from lo up to but without hi.
type interval struct{ lo, hi uint32 }

// run is one insertion.
type run struct {
	place
	parent   key
	offset   uint32 // of the parent's element
	root     bool
	side     Side
	attached bool
	n        uint32 // elements
	str      string
	values   []Value
	kids     []*run // by offset, side, identity
	first    chunk
	chunks   []*chunk // by offset; nil while first is all
}

func newSequence(s *State) *sequence {
	return &sequence{s: s, groups: map[key]*group{}, waiting: map[key][]*run{}}
}

func newRun(self place, c *Change, parent key) *run {
	r := &run{place: self, side: c.Side, str: c.Text, values: c.Items}
	if c.Parent.Root {
		r.root = true
	} else {
		r.parent, r.offset = parent, c.Parent.Offset
	}
	r.n = uint32(len(c.Items))
	if c.Text != "" {
		r.n = uint32(utf8.RuneCountInString(c.Text))
	}
	return r
}

func (q *sequence) group(k key) *group {
	g := q.groups[k]
	if g == nil {
		g = &group{}
		q.groups[k] = g
	}
	return g
}

func (q *sequence) insert(r *run) {
	q.runs = append(q.runs, r)
	g := q.group(r.key)
	switch {
	case g.primary == nil:
		g.primary = r
	case q.s.compareIdentity(r.place, g.primary.place) > 0:
		g.copies = append(g.copies, r)
	default:
		g.copies = append(g.copies, g.primary)
		g.primary = r
		q.spoil()
	}
	if q.s.bulk {
		q.spoil()
	}
	if !q.dirty {
		q.attach(r)
	}
}

func (q *sequence) erase(k key, gone interval) {
	g := q.group(k)
	g.deleted = union(g.deleted, gone)
	if q.dirty || g.primary == nil {
		return
	}
	q.mark(g.primary, gone)
	for _, r := range g.copies {
		q.mark(r, gone)
	}
}

func (q *sequence) spoil() {
	if !q.dirty {
		q.dirty = true
		q.s.spoilt = append(q.s.spoilt, q)
	}
}

// rebuild builds the trees that can't be kept up step by step.
func (s *State) rebuild() {
	for _, q := range s.spoilt {
		q.kids, q.waiting, q.order, q.dirty = nil, map[key][]*run{}, order{}, false
		for _, r := range q.runs {
			r.attached, r.kids, r.chunks, r.first = false, nil, nil, chunk{}
		}
		for _, r := range q.runs {
			q.attach(r)
		}
	}
	s.spoilt = nil
}

// attach puts a run, and those that waited for it, into the tree; if its
// parent is not there it waits.
func (q *sequence) attach(r *run) {
	todo := []*run{r}
	for len(todo) > 0 {
		r := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		var parent *run
		if !r.root {
			if g := q.groups[r.parent]; g != nil {
				parent = g.primary
			}
			if parent == nil || !parent.attached || r.offset >= parent.n {
				q.waiting[r.parent] = append(q.waiting[r.parent], r)
				continue
			}
		}
		q.place(r, parent)
		g := q.groups[r.key]
		for _, gone := range g.deleted {
			q.mark(r, gone)
		}
		if r == g.primary && len(q.waiting[r.key]) > 0 {
			todo = append(todo, q.waiting[r.key]...)
			delete(q.waiting, r.key)
		}
	}
}

// place puts the run among its siblings and into the order.
func (q *sequence) place(r, parent *run) {
	kids := &q.kids
	if parent != nil {
		kids = &parent.kids
	}
	i := sort.Search(len(*kids), func(i int) bool { return q.compareKids((*kids)[i], r) > 0 })
	sibling := func(i int) *run {
		if i < 0 || i >= len(*kids) || (*kids)[i].offset != r.offset || (*kids)[i].side != r.side {
			return nil
		}
		return (*kids)[i]
	}
	r.attached = true
	r.first = chunk{run: r, n: r.n, hi: uint32(len(r.str))}
	switch {
	case sibling(i-1) != nil:
		q.order.after(q.last(sibling(i-1)), &r.first)
	case r.side == Left && sibling(i) != nil:
		q.order.before(q.head(sibling(i)), &r.first)
	case parent == nil && i > 0: // a right child of the root after its left ones
		q.order.after(q.last((*kids)[i-1]), &r.first)
	case parent == nil:
		q.order.front(&r.first)
	case r.side == Left:
		q.order.before(q.startAt(parent, r.offset), &r.first)
	default:
		c := q.endAt(parent, r.offset+1)
		q.order.after(c, &r.first)
	}
	*kids = slices.Insert(*kids, i, r)
}

func (q *sequence) compareKids(a, b *run) int {
	if a.offset != b.offset {
		return cmp.Compare(a.offset, b.offset)
	}
	if a.side != b.side {
		return cmp.Compare(a.side, b.side)
	}
	return q.s.compareIdentity(a.place, b.place)
}

// last returns the chunk of the last element in the subtree of a run.
func (q *sequence) last(r *run) *chunk {
	for len(r.kids) > 0 {
		k := r.kids[len(r.kids)-1]
		if k.offset != r.n-1 || k.side != Right {
			break
		}
		r = k
	}
	return r.chunkAt(r.n - 1)
}

// head returns the chunk of the first element in the subtree of a run.
func (q *sequence) head(r *run) *chunk {
	for len(r.kids) > 0 && r.kids[0].offset == 0 && r.kids[0].side == Left {
		r = r.kids[0]
	}
	return &r.first
}

// hasRight reports whether an element has a right child.
func (q *sequence) hasRight(r *run, offset uint32) bool {
	if offset+1 < r.n {
		return true
	}
	i := sort.Search(len(r.kids), func(i int) bool {
		k := r.kids[i]
		return k.offset > offset || k.offset == offset && k.side == Right
	})
	return i < len(r.kids) && r.kids[i].offset == offset
}

// mark makes elements of an attached run invisible, for ever.
func (q *sequence) mark(r *run, gone interval) {
	gone.hi = min(gone.hi, r.n)
	if !r.attached || gone.lo >= gone.hi {
		return
	}
	c := q.startAt(r, gone.lo)
	for {
		if c.off+c.n > gone.hi {
			q.cut(c, gone.hi)
		}
		if !c.gone {
			c.gone = true
			q.order.shrink(c, c.n)
		}
		next := c.off + c.n
		if next >= gone.hi {
			return
		}
		c = r.chunkAt(next)
	}
}

// liveRefs visits the runs of which something is visible.
func (q *sequence) liveRefs(visit func(key) bool) bool {
	for _, r := range q.runs {
		if r.attached && r.anyVisible() && !visit(r.key) {
			return false
		}
	}
	return true
}

func (r *run) anyVisible() bool {
	if r.chunks == nil {
		return !r.first.gone
	}
	return slices.ContainsFunc(r.chunks, func(c *chunk) bool { return !c.gone })
}

// union adds an interval to a sorted list of intervals that don't touch.
func union(list []interval, add interval) []interval {
	i := sort.Search(len(list), func(i int) bool { return list[i].hi >= add.lo })
	j := i
	for j < len(list) && list[j].lo <= add.hi {
		add.lo, add.hi = min(add.lo, list[j].lo), max(add.hi, list[j].hi)
		j++
	}
	return slices.Replace(list, i, j, add)
}
