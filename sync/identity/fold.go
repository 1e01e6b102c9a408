package identity

import (
	"fmt"
	"slices"
)

// level says which entries a view takes: proper ones, as if there were no
// forks, or only those that count. What is proper but not good waits.
type level int

const (
	levelProper level = 0
	levelGood   level = 1
)

func (n *node) counts(v level) bool {
	if v == levelGood {
		return n.good
	}
	return n.proper
}

// verdict is what a fold compares to know whether others must be folded again.
type verdict struct {
	proper bool
	good   bool
	state  EntryState
	admin  [2]bool
	lacks  string
	stop   Place
}

func (n *node) verdict() verdict {
	var lacks []byte
	for _, id := range n.missing {
		lacks = append(lacks, id[:]...)
	}
	v := verdict{n.proper, n.good, n.state, n.admin, string(lacks), Place{}}
	if n.stop != nil {
		v.stop = *n.stop
	}
	return v
}

// fold judges every entry of a log anew. It tells whether the verdict on an
// entry changed that was judged before (or on the first entry), and which
// entries are now named, or no longer, as the right side of a fork or as void.
func (r *Registry) fold(l *log) (changed bool, touched []ID) {
	before := make(map[ID]verdict, len(l.nodes))
	judged := make(map[ID]bool, len(l.nodes))
	for _, n := range l.nodes {
		judged[n.ID] = n.judged
		if n.judged || n == l.first {
			before[n.ID] = n.verdict()
		}
		n.proper, n.good, n.state, n.why, n.missing, n.admin = false, false, EntryVoid, "", nil, [2]bool{}
		n.publisher, n.stop = [2]bool{}, nil
		n.up, n.pos, n.setBy, n.override = nil, 0, [2]*node{}, [2]*node{}
		n.judged = true
		r.depthOf(n)
	}
	oldNames, oldVoids := l.names, l.voids
	oldStand := l.stand()
	l.names, l.below, l.voids, l.voidsBelow = nil, nil, nil, nil
	l.views, l.forks, l.tips, l.routes = map[viewKey]*Unit{}, nil, [3]*node{}, nil

	kids := l.kids()
	if r.judgeFirst(l) {
		l.first.setBy = [2]*node{l.first, l.first}
		r.judgeBranch(l, kids, BranchParent)
		r.judgeBranch(l, kids, BranchOwn)
	} else {
		l.inherit()
	}
	for _, n := range l.nodes {
		switch {
		case len(n.missing) > 0:
			n.state = EntryWaiting
			for _, id := range n.missing {
				note(r.waiting, id, l)
			}
		case n.good:
			n.state = EntryGood
		case n.proper:
			n.state = EntryForked
			n.why = "on a side of a fork that nobody named yet, or resting on one"
		}
	}
	r.judgeStops(l)
	for id, v := range before {
		if n := r.nodes[id]; n.verdict() != v {
			changed = true
			if v.lacks == "" && judged[id] {
				r.shaken[l.unit] = true
			}
		}
	}
	touched = differing(oldNames, l.names)
	for _, p := range differing(oldVoids, l.voids) {
		touched = append(touched, p.Entry)
	}
	return changed || oldStand != l.stand(), sortIDs(touched)
}

// differing lists the keys that one of two sets has alone.
func differing[K comparable](a, b map[K]bool) (out []K) {
	for _, m := range []map[K]bool{a, b} {
		for k := range m {
			if a[k] != b[k] {
				out = append(out, k)
			}
		}
	}
	return out
}

type stand struct {
	parent *log
	level  int
}

func (l *log) stand() stand { return stand{l.parent, l.level} }

// kids lists the entries that follow each entry, by branch, sorted by id.
func (l *log) kids() map[place][]*node {
	k := map[place][]*node{}
	for _, n := range l.nodes {
		if n != l.first {
			k[place{n.Prev, n.Branch}] = append(k[place{n.Prev, n.Branch}], n)
		}
	}
	return k
}

// place is where an entry stands in a log.
type place struct {
	prev   ID
	branch Branch
}

// inherit gives every entry of a log the fate of its first one.
func (l *log) inherit() {
	for _, n := range l.nodes {
		if n == l.first {
			continue
		}
		n.why = "the log's first entry does not hold"
		if l.first == nil {
			n.missing = []ID{l.id}
		} else {
			n.missing = l.first.missing
		}
	}
}

func (n *node) void(format string, args ...any) bool {
	n.why = fmt.Sprintf(format, args...)
	return false
}

func (n *node) lacks(ids ...ID) bool {
	n.missing = sortIDs(append(slices.Clone(n.missing), ids...))
	n.why = "names entries that did not come yet"
	return false
}

// judgeFirst judges the entry that admits the unit; false: the log gives nothing.
func (r *Registry) judgeFirst(l *log) bool {
	n := l.first
	l.parent, l.level = nil, 0
	if n == nil {
		return false
	}
	a := n.admit()
	admits := 0
	for _, it := range n.Items {
		if it.Type() == ItemAdmit {
			admits++
		}
	}
	if u, ok := firstUnknown(n); ok && a == nil && u.Number == ItemAdmit {
		return n.void("its admission can't be read: %v", itemError(u))
	}
	if a == nil || admits != 1 || n.Prev != (ID{}) || a.Request.Unit != n.Unit {
		return n.void("it does not admit this unit")
	}
	if (a.Parent == nil) != (n.Unit == r.tree) {
		return n.void("a root below another unit, or another tree's root")
	}
	if a.Parent == nil {
		if n.Branch != BranchOwn || n.Seat != a.Request.Seat || a.Issuing == nil || !n.holds(a, a.Issuing.Key) {
			return n.void("a root admits itself, with an admin and certificates of its own")
		}
		n.proper, n.admin, n.publisher = true, [2]bool{true, true}, [2]bool{true, true}
		n.good = r.named(l)
		return true
	}
	return r.judgeChild(l, n, a)
}

func firstUnknown(n *node) (*Unknown, bool) {
	if len(n.Items) == 0 {
		return nil, false
	}
	u, ok := n.Items[0].(*Unknown)
	return u, ok
}

func (r *Registry) judgeChild(l *log, n *node, a *Admit) bool {
	if n.Branch != BranchParent {
		return n.void("the parent's branch begins the log")
	}
	heads, ok := r.headsOf(n, n.AuthorLog)
	if !ok {
		return false
	}
	up := heads.log
	if up == nil || up.unit != *a.Parent || up == l {
		return n.void("its author stands in no log of the parent")
	}
	if up.first == nil || len(up.first.missing) > 0 {
		return n.lacks(missingOf(up)...)
	}
	if !up.first.proper {
		return n.void("the parent's admission does not hold")
	}
	l.parent, l.level = up, up.level+1
	for x := up; x != nil; x = x.parent {
		if x.unit == n.Unit {
			return n.void("a unit can't be below itself")
		}
	}
	if l.level > MaxLevels {
		return n.void("more than %d levels", MaxLevels)
	}
	issuer := up.first.admit().Issuing
	if issuer == nil || !n.holds(a, issuer.Key) {
		return n.void("the certificates are not the parent's")
	}
	for _, v := range []level{levelProper, levelGood} {
		n.admin[v] = r.isAdmin(heads, n.Seat, v)
	}
	if n.proper = n.admin[levelProper]; !n.proper {
		return n.void("its author was no admin of the parent")
	}
	n.good = n.admin[levelGood] && r.named(l)
	return true
}

func missingOf(l *log) []ID {
	if l.first == nil {
		return []ID{l.id}
	}
	return l.first.missing
}

// judgeBranch judges the entries of one branch, from the log's first entry on.
func (r *Registry) judgeBranch(l *log, kids map[place][]*node, b Branch) {
	queue := []*node{l.first}
	var order []*node
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		for _, n := range kids[place{p.ID, b}] {
			n.up, n.pos = p, p.pos+1
			order = append(order, n)
			queue = append(queue, n)
			switch {
			case len(p.missing) > 0:
				n.lacks(p.missing...)
			case !p.proper:
				n.void("it follows an entry that gives nothing")
			default:
				n.proper = r.author(l, n, p, levelProper)
			}
			l.carry(n, levelProper)
		}
	}
	for _, n := range l.nodes {
		if n.Branch == b && n != l.first && n.up == nil {
			r.judgeUnreached(l, n)
		}
	}
	names := l.below
	if b == BranchParent && l.parent != nil {
		names = l.parent.names
	} else if l.parent == nil {
		names = selfNamed(order)
	}
	r.countBranch(l, kids, b, names)
}

// judgeUnreached tells what stands between the first entry and n: one that did
// not come yet, or one that n can't follow. Entries on the way get the same.
func (r *Registry) judgeUnreached(l *log, n *node) {
	var way []*node
	for n.why == "" {
		n.why = "it can't be reached from the log's first entry"
		way = append(way, n)
		p := r.nodes[n.Prev]
		if p == nil {
			n.lacks(n.Prev)
			break
		}
		if p.log != l || p.Branch != n.Branch || p == l.first {
			n.void("it follows an entry of another branch")
			break
		}
		n = p
	}
	for _, w := range way {
		w.why, w.missing = n.why, n.missing
	}
}

// carry takes down who writes after n, once n is judged at a level.
func (l *log) carry(n *node, v level) {
	n.setBy[v], n.override[v] = n.up.setBy[v], n.up.override[v]
	if !n.counts(v) {
		return
	}
	if n.Branch == BranchOwn && (n.handover(false) != nil || l.recovering(n) != nil) {
		n.setBy[v] = n
	}
	if n.Branch == BranchParent && n.handover(true) != nil {
		n.override[v] = n
	}
}

// depthOf is n's depth, 0 while something that it names is missing.
func (r *Registry) depthOf(n *node) int {
	if n.depth != 0 {
		return max(n.depth, 0)
	}
	n.depth = -1 // being computed
	d := 0
	for _, ids := range [][]ID{{n.Prev}, n.OwnerLog, n.AuthorLog} {
		for _, id := range ids {
			if id == (ID{}) {
				continue
			}
			x := r.nodes[id]
			if x == nil || r.depthOf(x) == 0 {
				n.depth = 0
				return 0
			}
			d = max(d, x.depth)
		}
	}
	n.depth = d + 1
	return n.depth
}
