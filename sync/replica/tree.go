package replica

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// UnknownUnitError is returned where a unit's log is not here, or gives it no
// place in the tree.
type UnknownUnitError struct{ Unit store.ID }

func (e *UnknownUnitError) Error() string {
	return fmt.Sprintf("unit %x is not known here: take the logs that admit it first", e.Unit[:4])
}

// tree is what the registry says now, laid out for quick answers.
type tree struct {
	version uint64
	units   []identity.Unit
	byID    map[store.ID]int
	paths   map[store.ID]Path
	seats   map[identity.SeatKey]store.ID
	// stations and masters are those that a unit's log ever named, sorted.
	stations, masters map[store.ID][]store.ID
}

// changes is what one entry more changed in the tree.
type changes struct {
	New   []store.ID // units that have a place now and had none
	Moved bool       // a unit that had a place has another, or one station more
	// Mastered are units whose log names another court or bureau.
	Mastered []store.ID
	// Shaken are units whose people may have other rights at log heads than was
	// told before: a fork became known, or ended.
	Shaken []store.ID
}

// treeNow gives the tree as the held logs tell it.
func (r *Replica) treeNow() *tree {
	r.treeMu.Lock()
	defer r.treeMu.Unlock()
	if v := r.registry.Version(); r.tree == nil || r.tree.version != v {
		r.tree = readTree(r.registry, v)
	}
	return r.tree
}

func readTree(reg *identity.Registry, version uint64) *tree {
	t := &tree{version: version, units: reg.Units(), byID: map[store.ID]int{}, paths: map[store.ID]Path{}, seats: map[identity.SeatKey]store.ID{}, stations: map[store.ID][]store.ID{}, masters: map[store.ID][]store.ID{}}
	for i := range t.units {
		u := &t.units[i]
		t.byID[u.ID] = i
		t.stations[u.ID], t.masters[u.ID] = reg.StationsOf(u.ID), reg.MastersOf(u.ID)
		if u.Path != nil {
			var p Path
			copy(p[:], u.Path)
			t.paths[u.ID] = p
		}
		for _, s := range u.Seats {
			// A key that several logs enrol belongs to the unit that it was admitted with.
			if _, taken := t.seats[s.Key]; !taken || s.AdmittedBy == u.First {
				t.seats[s.Key] = u.ID
			}
		}
	}
	return t
}

// addEntry adds a log entry to the registry and tells what that changed.
func (r *Replica) addEntry(op *oplog.Operation) changes {
	before := r.treeNow()
	e, err := identity.EntryOf(op)
	if err != nil {
		return changes{}
	}
	r.registry.Add(e)
	after := r.treeNow()
	c := changes{Shaken: r.registry.Shaken()}
	for i := range after.units {
		u := &after.units[i]
		if !slices.Equal(before.masters[u.ID], after.masters[u.ID]) {
			c.Mastered = append(c.Mastered, u.ID)
		}
		p, placed := after.paths[u.ID]
		if !placed {
			continue
		}
		old, had := before.paths[u.ID]
		if !had {
			c.New = append(c.New, u.ID)
			continue
		}
		// A station more: keys for the owner and its stations go there too.
		if old != p || !slices.Equal(before.stations[u.ID], after.stations[u.ID]) {
			c.Moved = true
		}
	}
	for id := range before.paths {
		if _, still := after.paths[id]; !still {
			c.Moved = true
		}
	}
	for seat, unit := range before.seats { // a wrap's place hangs on its maker's unit
		if after.seats[seat] != unit {
			c.Moved = true
		}
	}
	return c
}

// placeLog reports whether a log entry's place in the ordered set is known, or
// will be once it is held: the unit's parent must have one.
func (r *Replica) placeLog(op *oplog.Operation) bool {
	h := &op.Header
	if h.Record != nil {
		_, known := r.parentPath(h.Owner)
		return known
	}
	if h.Owner == r.self.Tree {
		return true
	}
	e, err := identity.EntryOf(op)
	if err != nil {
		return false
	}
	for _, item := range e.Items {
		if a, ok := item.(*identity.Admit); ok && a.Parent != nil {
			_, known := r.path(*a.Parent)
			return known
		}
	}
	return false
}

// newerAdmission reports whether an operation begins a log by an admission that
// this program can't read, though its author is somebody whom a held log enrols.
// Nobody can tell where its unit has its place, so it lies in no set.
func (r *Replica) newerAdmission(op *oplog.Operation) bool {
	if op == nil || op.Header.Class != oplog.ClassTree || op.Header.Record != nil || op.Header.Owner == r.self.Tree {
		return false
	}
	e, err := identity.EntryOf(op)
	if err != nil || !r.logAuthor(op) {
		return false
	}
	return slices.ContainsFunc(e.Items, func(it identity.Item) bool {
		u, unknown := it.(*identity.Unknown)
		return unknown && u.Number <= identity.ItemAdmit
	})
}

// logAuthor reports whether a log entry's author is somebody whom a held log
// enrols. An entry of anybody else grants nothing and is not kept: otherwise
// every stranger could fill this disk, and through it all others.
func (r *Replica) logAuthor(op *oplog.Operation) bool {
	h := &op.Header
	if _, known := r.seatUnit(h.Seat); known {
		return true
	}
	if h.Owner != r.self.Tree || h.Branch != oplog.BranchOwn {
		return false
	}
	if h.Record == nil {
		return identity.UnitID(h.Seat) == r.self.Tree // the root's first person admits himself
	}
	return r.recovers(op)
}

// recovers reports whether an entry of the root's log brings back an admin whose
// seat was lost: signed by the new seat, certified by the root's issuing key.
func (r *Replica) recovers(op *oplog.Operation) bool {
	root, ok := r.unit(r.self.Tree)
	e, err := identity.EntryOf(op)
	if !ok || root.Issuing == nil || err != nil {
		return false
	}
	for _, item := range e.Items {
		s, ok := item.(*identity.AddSeat)
		if ok && s.Request.Kind == identity.RequestRecovered && s.Request.Seat == op.Header.Seat && s.Person.SignedBy(root.Issuing.Key) == nil {
			return true
		}
	}
	return false
}

func (r *Replica) path(unit store.ID) (Path, bool) {
	p, ok := r.treeNow().paths[unit]
	return p, ok
}

func (r *Replica) unit(id store.ID) (identity.Unit, bool) {
	t := r.treeNow()
	i, ok := t.byID[id]
	if !ok {
		return identity.Unit{}, false
	}
	return t.units[i], true
}

// parentPath is the path of the unit that a log hangs under; the root's hangs
// under itself.
func (r *Replica) parentPath(unit store.ID) (Path, bool) {
	u, ok := r.unit(unit)
	if !ok {
		return Path{}, false
	}
	if u.IsRoot() {
		return Path{}, true
	}
	return r.path(u.Parent)
}

func (r *Replica) station(unit store.ID) (store.ID, bool) {
	u, ok := r.unit(unit)
	return u.Station, ok
}

// stations are all stations that a unit's log ever named, sorted.
func (r *Replica) stations(unit store.ID) []store.ID { return r.treeNow().stations[unit] }

// ancestors are the units above, from the parent to the root.
func (r *Replica) ancestors(unit store.ID) []store.ID {
	var out []store.ID
	for u, ok := r.unit(unit); ok && !u.IsRoot() && len(out) < len(Path{}); u, ok = r.unit(u.Parent) {
		out = append(out, u.Parent)
	}
	return out
}

// units lists the units that have a place, in a fixed order.
func (r *Replica) units() []store.ID {
	t := r.treeNow()
	var out []store.ID
	for i := range t.units {
		if _, placed := t.paths[t.units[i].ID]; placed {
			out = append(out, t.units[i].ID)
		}
	}
	return out
}

func (r *Replica) readingKey(unit store.ID) []byte {
	u, ok := r.unit(unit)
	if !ok {
		return nil
	}
	return u.Reading
}

func (r *Replica) logHeads(unit store.ID) []store.ID {
	u, ok := r.unit(unit)
	if !ok {
		return nil
	}
	return u.Heads
}

// seatUnit is a unit whose log enrols the seat.
func (r *Replica) seatUnit(seat identity.SeatKey) (store.ID, bool) {
	u, ok := r.treeNow().seats[seat]
	return u, ok
}

// authorUnit is the unit as whose person an operation's author wrote: the one
// whose log heads he named, so that nobody else's log can change it.
// It is the zero id where that log is not held.
func (r *Replica) authorUnit(op *oplog.Operation) store.ID {
	h := &op.Header
	if len(h.AuthorLog) == 0 {
		return h.Owner
	}
	unit, _ := r.registry.UnitOfEntry(h.AuthorLog[0])
	return unit
}

// errNoAuthor is returned for an author who is no person of the unit whose log
// his operation names.
var errNoAuthor = errors.New("its author is no person of the unit that it names")

// author tells who wrote an operation, at the log heads that it names; seen are
// the grants that count up to it. Entries that have to come first are an
// *identity.MissingError.
func (r *Replica) author(op *oplog.Operation, seen []store.ID) (Author, error) {
	h := &op.Header
	owner, err := r.registry.At(h.OwnerLog)
	if err != nil {
		return Author{}, err
	}
	if owner.ID != h.Owner {
		return Author{}, errNoAuthor
	}
	u := owner
	if len(h.AuthorLog) > 0 {
		if u, err = r.registry.At(h.AuthorLog); err != nil {
			return Author{}, err
		}
	}
	s, ok := u.Seat(h.Seat)
	if !ok || s.Machine || s.Waiting {
		return Author{}, errNoAuthor
	}
	return Author{Seat: h.Seat, Unit: u.ID, Roles: s.Roles, Relation: r.relation(u.ID, owner.ID, owner.Station, seen)}, nil
}

// Relation tells how a unit stands to an owner's record with these grants, now.
func (r *Replica) Relation(unit, owner store.ID, grants []store.ID) Relation {
	station, _ := r.station(owner)
	return r.relation(unit, owner, station, grants)
}

func (r *Replica) relation(unit, owner, station store.ID, grants []store.ID) Relation {
	switch {
	case unit == owner:
		return Owner
	case unit == station:
		return Station
	case slices.Contains(grants, unit):
		return Granted
	case slices.Contains(r.ancestors(owner), unit):
		return Above
	}
	return Outside
}

func parseID(text string) (store.ID, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(store.ID{}) {
		return store.ID{}, fmt.Errorf("%q is no id", text)
	}
	return store.ID(b), nil
}
