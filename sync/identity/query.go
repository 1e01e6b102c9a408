package identity

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// The errors of questions to a Registry.
var (
	// ErrHeads is returned for ids that are no heads of one unit's log.
	ErrHeads = errors.New("the ids are no heads of one unit's log")
	// ErrUnknownUnit is returned for a unit of which no log is held.
	ErrUnknownUnit = errors.New("the unit is not known here: its log has to come first")
)

// Unit is what is known of a unit now.
func (r *Registry) Unit(id ID) (Unit, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unit(id)
}

func (r *Registry) unit(id ID) (Unit, bool) {
	l := r.current(id)
	if l == nil {
		return Unit{}, false
	}
	h := heads{log: l}
	if t := l.tips[BranchOwn]; t != nil {
		h.own = t
	}
	if t := l.tips[BranchParent]; t != nil {
		h.par = t
	}
	u := r.show(h)
	u.Forks = slices.Clone(l.forks)
	for _, n := range l.nodes {
		if n.state == EntryForked {
			r.addWaiting(&u, n)
		}
	}
	return u, true
}

// current is the log that stands for a unit: the one whose first entry counts,
// or else the smallest that might.
func (r *Registry) current(id ID) *log {
	var best *log
	for _, l := range r.units[id] {
		switch {
		case l.first.good:
			return l
		case l.first.proper && best == nil:
			best = l
		}
	}
	return best
}

// addWaiting adds the seats of an entry on the side of a fork.
func (r *Registry) addWaiting(u *Unit, n *node) {
	h := heads{log: n.log}
	if n.Branch == BranchOwn {
		h.own = n
	} else {
		h.par = n
	}
	for _, s := range r.view(h, levelProper).Seats {
		if _, ok := u.Seat(s.Key); !ok {
			s.Waiting = true
			u.Seats = append(u.Seats, s)
		}
	}
}

// show gives a view with what is known besides its own log.
func (r *Registry) show(h heads) Unit {
	good, proper := r.view(h, levelGood), r.view(h, levelProper)
	u := *good
	if h.log.first == nil || !h.log.first.good {
		u = *proper
		u.State = UnitForked
		u.Seats, u.Tables, u.Matching = nil, nil, nil
	}
	u.Seats = slices.Clone(u.Seats)
	for _, s := range proper.Seats {
		if _, ok := u.Seat(s.Key); !ok {
			s.Waiting = true
			u.Seats = append(u.Seats, s)
		}
	}
	u.Names, u.Relations, u.Heads, u.Former = slices.Clone(u.Names), slices.Clone(u.Relations), slices.Clone(u.Heads), slices.Clone(u.Former)
	u.Tables, u.Matching = slices.Clone(u.Tables), slices.Clone(u.Matching)
	if s, ok := r.stopOf(h); ok {
		u.Stop = &s
	}
	if path, ok := r.path(h.log); ok {
		u.Path = path
	} else if u.State == UnitActive {
		u.State = UnitNoPath
	}
	return u
}

// path is a log's place from the root. Of two siblings with the same segment
// the one of smaller depth, then smaller id, has it.
func (r *Registry) path(l *log) ([]byte, bool) {
	if l.first == nil || !l.first.good {
		return nil, false
	}
	if l.parent == nil {
		return []byte{}, true
	}
	up, ok := r.path(l.parent)
	if !ok {
		return nil, false
	}
	seg := l.first.admit().Segment
	for s := range r.segs[segKey{l.parent.unit, seg}] {
		if s != l && s.parent == l.parent && s.first.good && before(s.first, l.first) {
			return nil, false
		}
	}
	return append(up, seg[:]...), true
}

func before(a, b *node) bool {
	return a.depth < b.depth || (a.depth == b.depth && less(a.ID, b.ID))
}

// FreeSegment is the smallest path segment that a parent has not given yet.
func (r *Registry) FreeSegment(parent ID) (Segment, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for n := 1; n <= 0xffff; n++ {
		var s Segment
		binary.BigEndian.PutUint16(s[:], uint16(n))
		if len(r.segs[segKey{parent, s}]) == 0 {
			return s, true
		}
	}
	return Segment{}, false
}

// Seat finds the unit of a seat, now. A key that is enrolled in several units
// belongs to the one that was admitted with it, then to the one nearest the
// root, then of the smallest id: a request lies in a log that many hold, and
// another admin who enrols it once more must take nobody away from his unit.
func (r *Registry) Seat(key SeatKey) (unit ID, seat Seat, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	level, admitted := 0, false
	for l := range r.seats[key] {
		if r.current(l.unit) != l {
			continue
		}
		u, _ := r.unit(l.unit)
		s, has := u.Seat(key)
		if !has {
			continue
		}
		with := s.AdmittedBy == u.First
		better := !ok || (seat.Waiting && !s.Waiting)
		if ok && seat.Waiting == s.Waiting {
			better = with && !admitted
			if with == admitted {
				better = u.Level < level || (u.Level == level && less(u.ID, unit))
			}
		}
		if better {
			unit, seat, ok, level, admitted = u.ID, s, true, u.Level, with
		}
	}
	return unit, seat, ok
}

// Known is the unit of a machine seat that counts: what the roads ask of a key
// that was proved to them.
func (r *Registry) Known(machine SeatKey) (ID, bool) {
	unit, s, ok := r.Seat(machine)
	return unit, ok && s.Machine && !s.Waiting
}

// At is a unit at the log heads that an operation names: what its author's seat
// might do there. Seats that rest on a fork nobody ended are Waiting. It
// returns *MissingError where entries have to come first, and ErrHeads.
func (r *Registry) At(ids []ID) (Unit, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h, err := r.find(ids)
	if err != nil {
		return Unit{}, err
	}
	return r.show(h), nil
}

// Logs lists the first entries, sorted, of all logs held that begin a unit: more
// than one where two entries admit it.
func (r *Registry) Logs(unit ID) []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []ID
	for _, l := range r.units[unit] {
		out = append(out, l.id)
	}
	return sortIDs(out)
}

// Shaken lists, sorted, the units in whose logs an entry has another verdict
// than it had, other than that it waited for what came since, and forgets them:
// after a fork or the end of one, what was derived of their people before may
// not hold any more.
func (r *Registry) Shaken() []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []ID
	for id := range r.shaken {
		out = append(out, id)
	}
	clear(r.shaken)
	return sortIDs(out)
}

// Enrolled lists the units whose logs ever named a seat, whether that counts or
// not, sorted.
func (r *Registry) Enrolled(key SeatKey) []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []ID
	for l := range r.seats[key] {
		if !slices.Contains(out, l.unit) {
			out = append(out, l.unit)
		}
	}
	return sortIDs(out)
}

// AncestorsOf lists the units above one, its parent first, the root last.
func (r *Registry) AncestorsOf(id ID) []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ancestors(id)
}

func (r *Registry) ancestors(id ID) []ID {
	var up []ID
	if l := r.current(id); l != nil {
		for x := l.parent; x != nil; x = x.parent {
			up = append(up, x.unit)
		}
	}
	return up
}

// Chain is a seat's certificate and the issuing certificates above it, the
// root's last: what TLS shows and openssl verifies.
func (r *Registry) Chain(key SeatKey) ([]*Cert, error) {
	_, s, ok := r.Seat(key)
	if !ok {
		return nil, ErrUnknownUnit
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	chain := []*Cert{s.Cert}
	for _, id := range append([]ID{s.Issuer}, r.ancestors(s.Issuer)...) {
		if l := r.current(id); l != nil && l.first.admit().Issuing != nil {
			chain = append(chain, l.first.admit().Issuing)
		}
	}
	return chain, nil
}

// Units lists every unit that is known, by path; those without one last, by id.
func (r *Registry) Units() []Unit {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]Unit, 0, len(r.units))
	for id := range r.units {
		if u, ok := r.unit(id); ok {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b Unit) int {
		if (a.Path == nil) != (b.Path == nil) {
			if b.Path == nil {
				return -1
			}
			return 1
		}
		if c := bytes.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return compareIDs(a.ID, b.ID)
	})
	return list
}

// ByCode lists the units that are called by a code now, sorted by id.
// Two bodies may share one; whoever routes by code has to ask then.
func (r *Registry) ByCode(code string) []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []ID
	for id := range r.codes[code] {
		if u, ok := r.unit(id); ok && u.Code == code {
			ids = append(ids, id)
		}
	}
	return sortIDs(ids)
}
