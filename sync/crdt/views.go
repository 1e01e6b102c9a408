package crdt

import (
	"cmp"
	"slices"
	"strings"
)

// LiveValue is a value that nothing replaced.
type LiveValue struct {
	Value Value
	// Ref and Op are the assignment (or element) that counts among equal ones:
	// the one of greatest depth, then name and index.
	Ref Ref
	Op  OpInfo
	// Refs are all that wrote this value, sorted.
	Refs []Ref
}

// RegisterView is a register's state. Shown is nil if nothing was assigned.
type RegisterView struct {
	// Values are the distinct live values, the shown one first.
	Values []LiveValue
	Shown  Value
	// Contested: a legal register with more than one distinct live value; a
	// person has to settle it.
	Contested bool
	// Also: an ordinary register where another value was written at the same time.
	Also bool
}

// Register shows the register at path; the zero view if there is none.
func (s *State) Register(path Path) RegisterView {
	f := s.at(path, Register)
	v := RegisterView{Values: s.distinct(f)}
	slices.Reverse(v.Values)
	if len(v.Values) > 0 {
		v.Shown = v.Values[0].Value
		several := len(v.Values) > 1
		v.Contested, v.Also = several && f.legal, several && !f.legal
	}
	return v
}

// Set shows the elements at path: each value once, ordered by the bytes of its
// encoding.
func (s *State) Set(path Path) []LiveValue {
	out := s.distinct(s.at(path, Set))
	slices.SortFunc(out, func(a, b LiveValue) int { return cmp.Compare(valueKey(a.Value), valueKey(b.Value)) })
	return out
}

// distinct returns the live values of a field, equal ones as one, ordered by
// the place that counts, ascending.
func (s *State) distinct(f *field) []LiveValue {
	type group struct {
		best *written
		all  []key
	}
	groups := map[string]*group{}
	var order []*group
	f.live(func(w *written) bool {
		id := valueKey(w.value)
		g := groups[id]
		if g == nil {
			g = &group{best: w}
			groups[id] = g
			order = append(order, g)
		} else if s.comparePlaces(g.best.place, w.place) < 0 {
			g.best = w
		}
		g.all = append(g.all, w.key)
		return true
	})
	slices.SortFunc(order, func(a, b *group) int { return s.comparePlaces(a.best.place, b.best.place) })
	var out []LiveValue
	for _, g := range order {
		out = append(out, LiveValue{Value: g.best.value, Ref: s.ref(g.best.key), Op: s.info(g.best.op), Refs: s.refs(g.all)})
	}
	return out
}

func (s *State) refs(keys []key) []Ref {
	var out []Ref
	for _, k := range keys {
		out = append(out, s.ref(k))
	}
	slices.SortFunc(out, CompareRefs)
	return slices.Compact(out)
}

// EntryView is one entry of a map. Its fields are read by the path that has
// Ref as its next segment.
type EntryView struct {
	Ref Ref
	Op  OpInfo
	// Restored: the entry was removed, and stands because something in it was
	// written by someone who had not seen the removal.
	Restored bool
}

// Entries shows the entries of the map at path by depth, stamp and reference.
// Two operations of one name give two entries with one Ref and one content.
func (s *State) Entries(path Path) []EntryView {
	f := s.at(path, Map)
	if f == nil {
		return nil
	}
	var out []EntryView
	for i := range f.written {
		w := &f.written[i]
		if f.entryLive(w.key) {
			_, removed := f.replaced[w.key]
			out = append(out, EntryView{Ref: s.ref(w.key), Op: s.info(w.op), Restored: removed})
		}
	}
	slices.SortFunc(out, func(a, b EntryView) int {
		return cmp.Or(cmp.Compare(a.Op.Depth, b.Op.Depth), cmp.Compare(a.Op.Stamp, b.Op.Stamp),
			CompareRefs(a.Ref, b.Ref), compareIDs(a.Op.ID, b.Op.ID))
	})
	return out
}

// HasEntry reports whether the map at path holds the entry.
func (s *State) HasEntry(path Path, entry Ref) bool {
	f := s.at(path, Map)
	k, ok := s.lookup(entry)
	return f != nil && ok && f.entryLive(k)
}

// Text shows the text at path.
func (s *State) Text(path Path) string {
	f := s.at(path, Text)
	if f == nil {
		return ""
	}
	var b strings.Builder
	f.seq.visible(func(c *chunk) { b.WriteString(c.text()) })
	return b.String()
}

// List shows the items of the list at path.
func (s *State) List(path Path) []Value {
	f := s.at(path, List)
	if f == nil {
		return nil
	}
	var out []Value
	f.seq.visible(func(c *chunk) { out = append(out, c.items()...) })
	return out
}

// Heads returns the operations that no other one names as seen, sorted.
func (s *State) Heads() []ID {
	var out []ID
	for n := range s.heads {
		out = append(out, s.ops[n].meta.ID)
	}
	slices.SortFunc(out, compareIDs)
	return out
}

// Len returns the number of operations applied.
func (s *State) Len() int { return len(s.ops) }

// Has reports whether the operation is applied.
func (s *State) Has(id ID) bool {
	_, ok := s.byID[id]
	return ok
}

// Ops lists the operations by depth, then id: each comes after its heads.
func (s *State) Ops() []OpInfo {
	var out []OpInfo
	for _, n := range s.sorted() {
		out = append(out, s.info(n))
	}
	return out
}

// Depth returns the greatest causal depth of an operation, 0 if there is none.
func (s *State) Depth() uint32 {
	var d uint32
	for n := range s.heads {
		d = max(d, s.ops[n].depth)
	}
	return d
}
