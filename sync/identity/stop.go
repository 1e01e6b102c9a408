package identity

import "fmt"

// Stop is an item that this program may not pass over: operations that name log
// heads at or after its entry wait here until the program is updated, or the
// branch above declares the item void.
type Stop struct {
	Unit  ID // in whose log it stands
	Place Place
	Type  ItemType // 0: the entry can't be read at all
	Seat  SeatKey  // who wrote it
}

// StoppedError is returned for log heads that rest on an item which stops.
type StoppedError struct {
	Stop Stop
	Name string // of the unit, where it is known
}

func (e *StoppedError) Error() string {
	name := e.Name
	if name == "" {
		name = fmt.Sprintf("unit %x", e.Stop.Unit[:4])
	}
	return fmt.Sprintf("a newer program wrote an item of type %d into the log of %s: what rests on it waits here until this program is updated", e.Stop.Type, name)
}

// judgeStops finds, for each entry of a log that is judged, the item that what
// rests on it waits for: one of its own, or one of an entry that it names. Logs
// further up are judged already.
func (r *Registry) judgeStops(l *log) {
	seen := make(map[*node]bool, len(l.nodes))
	var visit func(n *node) *Place
	visit = func(n *node) *Place {
		if n == nil {
			return nil
		}
		if n.log != l || seen[n] {
			return n.stop
		}
		seen[n] = true
		if n.stop = l.ownStop(n); n.stop != nil {
			return n.stop
		}
		for _, ids := range [][]ID{{n.Prev}, n.OwnerLog, n.AuthorLog} {
			for _, id := range ids {
				if s := visit(r.nodes[id]); s != nil {
					n.stop = s
					return s
				}
			}
		}
		return nil
	}
	for _, n := range l.nodes {
		visit(n)
	}
}

// ownStop is the first item of n that stops and that nobody declared void. An
// entry whose author might not write it stops nobody.
func (l *log) ownStop(n *node) *Place {
	if !n.proper {
		return nil
	}
	for i, it := range n.Items {
		p := Place{n.ID, uint64(i)}
		if stops(it) && !l.isVoid(n, p) {
			return &p
		}
	}
	return nil
}

// isVoid tells whether the branch above declared an item of n void: of the own
// branch the parent's, of the parent's branch the parent's own, of a root's its own.
func (l *log) isVoid(n *node, p Place) bool {
	switch {
	case l.parent == nil:
		return l.voids[p]
	case n.Branch == BranchOwn:
		return l.voidsBelow[p]
	}
	return l.parent.voids[p]
}

func (r *Registry) stopAt(p *Place) Stop {
	n := r.nodes[p.Entry]
	return Stop{Unit: n.Unit, Place: *p, Type: n.Items[p.Index].Type(), Seat: n.Seat}
}

// StopOf tells what operations that name these log heads wait for; false: nothing.
// It returns the errors of At.
func (r *Registry) StopOf(ids []ID) (Stop, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h, err := r.find(ids)
	if err != nil {
		return Stop{}, false, err
	}
	s, ok := r.stopOf(h)
	return s, ok, nil
}

func (r *Registry) stopOf(h heads) (Stop, bool) {
	for _, n := range []*node{h.par, h.own, h.log.first} {
		if n != nil && n.stop != nil {
			return r.stopAt(n.stop), true
		}
	}
	return Stop{}, false
}

// Stops lists the items of all logs held that stop what rests on them.
func (r *Registry) Stops() []Stop {
	return r.list(func(l *log, n *node, p Place) bool { return stops(n.Items[p.Index]) && n.proper && !l.isVoid(n, p) })
}

// Told lists the items that have no effect here and that a person has to know of:
// a newer program wrote them.
func (r *Registry) Told() []Stop {
	return r.list(func(l *log, n *node, p Place) bool { return told(n.Items[p.Index]) && n.proper && !l.isVoid(n, p) })
}

// list visits the items of all logs, by unit, then entry.
func (r *Registry) list(take func(*log, *node, Place) bool) []Stop {
	r.mu.Lock()
	defer r.mu.Unlock()
	var units []ID
	for id := range r.units {
		units = append(units, id)
	}
	var out []Stop
	for _, id := range sortIDs(units) {
		for _, l := range r.units[id] {
			for _, n := range l.nodes {
				for i := range n.Items {
					if p := (Place{n.ID, uint64(i)}); take(l, n, p) {
						out = append(out, r.stopAt(&p))
					}
				}
			}
		}
	}
	return out
}

// Rules is the number of the rules that govern all that is held: the greatest
// that the root's own branch names undisputed, 1 where it names none.
func (r *Registry) Rules() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	number := uint64(1)
	l := r.current(r.tree)
	if l == nil {
		return number
	}
	for _, n := range l.nodes {
		if n.Branch != BranchOwn || !n.good || !n.admin[levelGood] {
			continue
		}
		for i, it := range n.Items {
			if x, ok := it.(*Rules); ok && !l.isVoid(n, Place{n.ID, uint64(i)}) {
				number = max(number, x.Number)
			}
		}
	}
	return number
}
