package crdt

import "slices"

// EventView is one event. After are the events that its author saw last, as
// it names them.
type EventView struct {
	Ref   Ref
	Value Value
	After []Ref
	Op    OpInfo
	// Empty: this program can't read it; it keeps its place, without a value.
	Empty bool
}

// Events shows the events at path by depth, operation and index: an order in
// which each comes after those that its author saw.
func (s *State) Events(path Path) []EventView {
	f := s.at(path, Events)
	if f == nil {
		return nil
	}
	all := slices.Clone(f.events)
	slices.SortFunc(all, func(a, b *event) int { return s.comparePlaces(a.place, b.place) })
	var out []EventView
	for _, e := range all {
		out = append(out, EventView{Ref: s.ref(e.key), Value: e.value, After: s.refs(e.after), Op: s.info(e.op), Empty: e.empty})
	}
	return out
}

// Precedes reports whether event b names a in After, itself or through events
// between, in whatever fields these lie. Two events of which neither precedes
// the other are concurrent, even if one operation saw the other.
func (s *State) Precedes(a, b Ref) bool {
	from, ok1 := s.lookup(a)
	to, ok2 := s.lookup(b)
	if !ok1 || !ok2 {
		return false
	}
	seen := map[key]bool{}
	stack := []key{to}
	for len(stack) > 0 {
		k := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range s.eventi[k] {
			for _, before := range e.after {
				if before == from {
					return len(s.eventi[from]) > 0
				}
				if !seen[before] {
					seen[before] = true
					stack = append(stack, before)
				}
			}
		}
	}
	return false
}
