package identity

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
)

// Registry is what the held entries of one tree's logs give. It is a pure
// function of the set of entries added; the order and repeats don't matter.
// It is safe for concurrent use. What it returns is the caller's, except
// certificates and byte slices, which must not be changed.
type Registry struct {
	tree ID

	mu      sync.Mutex // guards everything that follows
	nodes   map[ID]*node
	logs    map[ID]*log               // by first entry, held or not
	units   map[ID][]*log             // by unit, sorted by first entry
	below   map[ID]map[*log]bool      // logs whose first entry names the unit as parent
	waiting map[ID]map[*log]bool      // entry that is not here → logs that name it
	seats   map[SeatKey]map[*log]bool // logs that ever enrol the key
	segs    map[segKey]map[*log]bool  // path segments that first entries give
	codes   map[string]map[ID]bool    // units that ever had the code
	shaken  map[ID]bool               // what Shaken tells next
	version uint64
}

// node is an entry with what is derived of it.
type node struct {
	Entry
	log *log
	// depth is the longest way to the root's first entry, which has 1: an order
	// that no clock makes. 0: not known, since something is missing.
	depth  int
	judged bool
	// proper: written by who might, if forks are left aside. good: counts.
	proper, good bool
	state        EntryState
	why          string
	missing      []ID
	admin        [2]bool // by level: its author was an admin
	publisher    [2]bool // by level: its author might publish tables for the unit
	// up is the entry before this one, pos how many lie before it; both only
	// where the log's first entry reaches it. The first entry has neither.
	up  *node
	pos int
	// setBy is, by level, the last entry of the own branch up to here that said
	// who writes it; override the same of the parent's branch about the own one.
	setBy, override [2]*node
	certs           map[certKey]bool // item and issuing key → whether its certificates hold
	// stop is the item that what rests on this entry waits for; nil: none does.
	stop *Place
}

// log is one log: an instance of a unit.
type log struct {
	unit   ID
	first  *node // nil: not held
	id     ID
	nodes  []*node             // sorted by id
	enrols map[SeatKey][]*node // entries that enrol a key, in the order of Add
	parent *log                // the log that the first entry's author stood in
	level  int
	tips   [3]*node // by branch: the last good entry
	forks  []ID
	names  map[ID]bool // entries that good own-branch (of this unit) RightSide items name
	below  map[ID]bool // the same in the parent's branch
	// voids and voidsBelow are the items that good Void items of the own and of the
	// parent's branch name.
	voids, voidsBelow map[Place]bool
	views             map[viewKey]*Unit
	routes            *routes // what entries named, nil: not read since the last fold
}

type segKey struct {
	parent  ID
	segment Segment
}

type viewKey struct {
	own, parent ID
	level       level
}

// NewRegistry begins with no entry of the tree whose root unit is tree.
func NewRegistry(tree ID) *Registry {
	return &Registry{
		tree: tree, nodes: map[ID]*node{}, logs: map[ID]*log{}, units: map[ID][]*log{}, below: map[ID]map[*log]bool{},
		waiting: map[ID]map[*log]bool{}, seats: map[SeatKey]map[*log]bool{}, codes: map[string]map[ID]bool{}, segs: map[segKey]map[*log]bool{}, shaken: map[ID]bool{},
	}
}

// Tree is the root's unit id.
func (r *Registry) Tree() ID { return r.tree }

// Version is raised by every change, so that a caller can tell whether what it derived still holds.
func (r *Registry) Version() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version
}

// Add takes an entry that is held; one that was added before changes nothing.
func (r *Registry) Add(e Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.nodes[e.ID] != nil {
		return
	}
	r.version++
	l := r.logs[e.First]
	if l == nil {
		l = &log{id: e.First, unit: e.Unit}
		r.logs[e.First] = l
	}
	n := &node{Entry: e, log: l}
	r.nodes[e.ID] = n
	if e.ID == e.First {
		r.begin(l, n)
	}
	at, _ := slices.BinarySearchFunc(l.nodes, n, byNodeID)
	l.nodes = slices.Insert(l.nodes, at, n)
	r.index(n)
	r.settle(l, e.ID)
}

// begin notes a log's first entry.
func (r *Registry) begin(l *log, n *node) {
	l.first, l.unit = n, n.Unit
	at, _ := slices.BinarySearchFunc(r.units[l.unit], l, func(a, b *log) int { return bytes.Compare(a.id[:], b.id[:]) })
	r.units[l.unit] = slices.Insert(r.units[l.unit], at, l)
	if a := n.admit(); a != nil && a.Parent != nil {
		note(r.below, *a.Parent, l)
		note(r.segs, segKey{*a.Parent, a.Segment}, l)
	}
}

// index notes the keys and codes of an entry's items.
func (r *Registry) index(n *node) {
	for _, it := range n.Items {
		var q *Request
		switch it := it.(type) {
		case *Admit:
			q = it.Request
			note(r.codes, q.Code, n.Unit)
		case *AddSeat:
			q = it.Request
		case *Rename:
			note(r.codes, it.Code, n.Unit)
		}
		if q != nil {
			r.enrols(n, q.Seat)
			if q.Machine != nil {
				r.enrols(n, *q.Machine)
			}
		}
	}
}

func (r *Registry) enrols(n *node, key SeatKey) {
	note(r.seats, key, n.log)
	if n.log.enrols == nil {
		n.log.enrols = map[SeatKey][]*node{}
	}
	n.log.enrols[key] = append(n.log.enrols[key], n)
}

func note[K, V comparable](m map[K]map[V]bool, k K, v V) {
	if m[k] == nil {
		m[k] = map[V]bool{}
	}
	m[k][v] = true
}

func byNodeID(a, b *node) int { return bytes.Compare(a.ID[:], b.ID[:]) }

// settle folds a log that got an entry, then every log on which that has an effect.
func (r *Registry) settle(l *log, added ID) {
	queue := []*log{l}
	for w := range r.waiting[added] {
		queue = append(queue, w)
	}
	delete(r.waiting, added)
	// What a fold gives depends only on logs further up and on whether first
	// entries were written properly, so this ends; the order has no effect on the result.
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		changed, touched := r.fold(l)
		if changed {
			for c := range r.below[l.unit] {
				queue = append(queue, c)
			}
			for _, s := range r.units[l.unit] {
				if s != l {
					queue = append(queue, s)
				}
			}
		}
		for _, id := range touched {
			if n := r.nodes[id]; n != nil && n.log != l {
				queue = append(queue, n.log)
			}
		}
	}
}

// EntryState tells what an entry gives, why if it gives nothing, and which
// entries it lacks.
func (r *Registry) EntryState(id ID) (state EntryState, why string, missing []ID, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.nodes[id]
	if n == nil {
		return EntryWaiting, "", nil, false
	}
	return n.state, n.why, slices.Clone(n.missing), true
}

// UnitOfEntry tells whose log an entry belongs to.
func (r *Registry) UnitOfEntry(id ID) (ID, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := r.nodes[id]; n != nil {
		return n.Unit, true
	}
	return ID{}, false
}

// MissingError is returned where log entries that were named are not here yet.
type MissingError struct{ IDs []ID }

func (e *MissingError) Error() string {
	return fmt.Sprintf("%d entries of unit logs that are named here did not come yet, the first is %x", len(e.IDs), e.IDs[0][:4])
}

func (n *node) admit() *Admit {
	for _, it := range n.Items {
		if a, ok := it.(*Admit); ok {
			return a
		}
	}
	return nil
}
