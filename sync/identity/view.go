package identity

import (
	"bytes"
	"cmp"
	"slices"
)

func compareIDs(a, b ID) int { return bytes.Compare(a[:], b[:]) }

// view is the unit at heads, as far as its own log tells: no path, no state.
// A fold asks for views only at entries that it has judged, so they may be kept
// until the next fold.
func (r *Registry) view(h heads, v level) *Unit {
	l := h.log
	key := viewKey{level: v}
	if h.own != nil {
		key.own = h.own.ID
	}
	if h.par != nil {
		key.parent = h.par.ID
	}
	if u := l.views[key]; u != nil {
		return u
	}
	b := builder{r: r, l: l, v: v, u: &Unit{ID: l.unit, First: l.id, Level: l.level}}
	if l.first != nil && l.first.counts(v) {
		b.admit(l.first)
		b.apply(l.first)
		for _, head := range []*node{h.par, h.own} {
			for _, n := range l.chain(head) {
				if n.counts(v) {
					b.apply(n)
				}
			}
		}
		b.finish(h)
	}
	l.views[key] = b.u
	return b.u
}

// chain lists the entries from the first one (left out) to head.
func (l *log) chain(head *node) []*node {
	var c []*node
	for n := head; n != nil && n != l.first; n = n.up {
		c = append(c, n)
	}
	slices.Reverse(c)
	return c
}

type builder struct {
	r       *Registry
	l       *log
	v       level
	u       *Unit
	reading []readingStep
}

type readingStep struct {
	*ReadingKey
	n *node
}

func (b *builder) admit(n *node) {
	a, u := n.admit(), b.u
	q := a.Request
	u.Issuing, u.Escrow, u.Demo, u.Segment, u.Reading = a.Issuing, q.Escrow, q.Demo, a.Segment, q.Reading
	u.Names, u.CodeByParent = []Named{{q.Code, q.Name, "", n.ID}}, q.Code
	if a.Promise != nil {
		u.Promise = *a.Promise
	}
	u.Station = u.ID
	issuer := u.ID
	if a.Parent != nil {
		u.Parent, issuer = *a.Parent, *a.Parent
		if a.ByParent {
			u.Station = u.Parent
		}
	}
	b.seat(Seat{Key: q.Seat, Name: q.SeatName, Roles: q.Roles, EncKey: q.EncKey, Cert: a.Person, Issuer: issuer, AdmittedBy: n.ID})
	b.seat(Seat{Key: *q.Machine, Name: q.Name, Machine: true, Cert: a.Machine, Issuer: issuer, AdmittedBy: n.ID})
}

// seat adds a seat; a key that is enrolled already stays as it is.
func (b *builder) seat(s Seat) {
	if _, ok := b.u.Seat(s.Key); !ok {
		b.u.Seats = append(b.u.Seats, s)
	}
}

func (b *builder) apply(n *node) {
	for _, it := range n.Items {
		switch it := it.(type) {
		case *AddSeat:
			b.addSeat(n, it)
		case *Rename:
			b.u.Names = append(b.u.Names, Named{it.Code, it.Name, it.Day, n.ID})
			if n.Branch == BranchParent {
				b.u.CodeByParent = it.Code
			}
		case *Relation:
			b.relation(n, it)
		case *ReadingKey:
			b.reading = append(b.reading, readingStep{it, n})
		case *Table:
			b.table(n, it)
		case *MatchingKey:
			b.matching(n, it)
		}
	}
}

func (b *builder) addSeat(n *node, it *AddSeat) {
	if !b.l.grants(n, it, b.v) {
		return
	}
	_, issuer := b.l.issuing(n.Branch)
	q := it.Request
	b.seat(Seat{Key: q.Seat, Name: q.SeatName, Roles: q.Roles, EncKey: q.EncKey, Cert: it.Person, Issuer: issuer, AdmittedBy: n.ID})
	if it.Machine != nil {
		b.seat(Seat{Key: *q.Machine, Name: it.Machine.Name, Machine: true, Cert: it.Machine, Issuer: issuer, AdmittedBy: n.ID})
	}
}

func (b *builder) relation(n *node, it *Relation) {
	switch {
	case !n.admin[b.v]:
		return // where digests go follows from a relation
	case it.Kind == RelationCounters && b.l.parent != nil:
		return // who countersigns for others is their parent
	}
	if it.Kind == RelationStation {
		// Who may read follows from the station: only the parent's branch says it,
		// and only the parent or the unit itself can be one.
		if n.Branch != BranchParent || (it.Unit != b.u.ID && it.Unit != b.u.Parent) {
			return
		}
		b.u.Station = it.Unit
	}
	b.u.Relations = append(b.u.Relations, Related{*it, n.ID, n.Branch == BranchParent})
}

// finish derives what does not depend on the order of the two branches.
func (b *builder) finish(h heads) {
	u := b.u
	slices.SortStableFunc(u.Names, func(x, y Named) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(b.r.nodes[x.Entry].depth, b.r.nodes[y.Entry].depth), compareIDs(x.Entry, y.Entry))
	})
	last := u.Names[len(u.Names)-1]
	u.Code, u.Name = last.Code, last.Name
	if u.IsRoot() {
		u.CodeByParent = u.Code // nobody is above it who might say otherwise
	}
	b.readingKeys()
	u.OwnWriter = b.r.ownWriter(h, b.v)
	u.OwnHead, u.ParentHead = b.l.id, b.l.id
	for _, n := range []*node{h.own, h.par} {
		if n != nil {
			u.Heads = append(u.Heads, n.ID)
		}
	}
	if len(u.Heads) == 0 {
		u.Heads = []ID{b.l.id}
	}
	u.Heads = sortIDs(u.Heads)
	if h.own != nil {
		u.OwnHead = h.own.ID
	}
	last2 := b.l.first
	if h.par != nil {
		u.ParentHead, last2 = h.par.ID, h.par
	}
	u.ParentWriter = b.l.parentWriter(last2)
}

// readingKeys follows the replacements from the key of the admission. Of two
// that replace the same key the own branch's goes first, then the smaller id,
// so that the order in which they came has no effect.
func (b *builder) readingKeys() {
	slices.SortStableFunc(b.reading, func(x, y readingStep) int {
		return cmp.Or(cmp.Compare(x.n.Branch, y.n.Branch), cmp.Compare(x.n.depth, y.n.depth), compareIDs(x.n.ID, y.n.ID))
	})
	for range b.reading {
		i := slices.IndexFunc(b.reading, func(s readingStep) bool {
			seat, ok := b.u.Seat(s.Seat)
			return ok && !seat.Machine && !slices.ContainsFunc(b.u.Former, func(f []byte) bool { return bytes.Equal(f, s.Public) }) &&
				s.signedFor(b.u.ID, b.u.Reading)
		})
		if i < 0 {
			return
		}
		b.u.Former = append(b.u.Former, b.u.Reading)
		b.u.Reading = b.reading[i].Public
	}
}
