package identity

import "slices"

// What routing rests on is read from a log as if there were no forks: an entry
// that was written by who might stays so for ever, and so the places of records
// never shrink (DESIGN 6). What somebody may do is another question: At answers
// that one.

// Routed is a unit at the log heads that an operation names, forks left aside.
// It returns *MissingError where entries have to come first, and ErrHeads.
// What it returns must not be changed.
func (r *Registry) Routed(heads []ID) (Unit, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h, err := r.find(heads)
	if err != nil {
		return Unit{}, err
	}
	return *r.view(h, levelProper), nil
}

// Masters are the court that guides the unit and the bureau that supervises it
// (人民调解法 5), sorted: of each kind the last one that each branch names.
func (u *Unit) Masters() []ID {
	var out []ID
	for _, kind := range []RelationKind{RelationGuided, RelationSupervised} {
		for _, parent := range []bool{false, true} {
			for _, rel := range slices.Backward(u.Relations) {
				if rel.Kind == kind && rel.ByParent == parent {
					out = append(out, rel.Unit)
					break
				}
			}
		}
	}
	return sortIDs(out)
}

// Master is the unit that the log names last as the one of this kind; false:
// none. The unit's own word goes before its parent's.
func (u *Unit) Master(kind RelationKind) (ID, bool) {
	for _, rel := range slices.Backward(u.Relations) { // the own branch stands last
		if rel.Kind == kind {
			return rel.Unit, true
		}
	}
	return ID{}, false
}

// routes are the units that proper entries of a log ever named; sorted.
type routes struct{ stations, masters []ID }

// StationsOf are all units that proper entries of a unit's logs ever named as
// its station, sorted.
func (r *Registry) StationsOf(unit ID) []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []ID
	for _, l := range r.units[unit] {
		out = append(out, r.routes(l).stations...)
	}
	return sortIDs(out)
}

// MastersOf are all units that proper entries of a unit's logs ever named as
// guiding court or supervising bureau, sorted; of one entry the last of each
// kind counts. Its log goes to them, and theirs to it.
func (r *Registry) MastersOf(unit ID) []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []ID
	for _, l := range r.units[unit] {
		out = append(out, r.routes(l).masters...)
	}
	return sortIDs(out)
}

// routes reads them once between two folds of the log.
func (r *Registry) routes(l *log) routes {
	if l.routes != nil {
		return *l.routes
	}
	var out routes
	for _, n := range l.nodes {
		if !n.proper {
			continue
		}
		var last [RelationSupervised + 1]*ID
		for _, it := range n.Items {
			if rel, ok := it.(*Relation); ok && n.admin[levelProper] && rel.Kind <= RelationSupervised && rel.Unit != l.unit {
				last[rel.Kind] = &rel.Unit
			}
		}
		for _, id := range last[RelationGuided:] {
			if id != nil {
				out.masters = append(out.masters, *id)
			}
		}
		// Only the parent's branch names a station.
		switch {
		case n == l.first:
			out.stations = append(out.stations, r.view(heads{log: l}, levelProper).Station)
		case n.Branch == BranchParent:
			out.stations = append(out.stations, r.view(heads{log: l, par: n}, levelProper).Station)
		}
	}
	out.stations, out.masters = sortIDs(out.stations), sortIDs(out.masters)
	l.routes = &out
	return out
}
