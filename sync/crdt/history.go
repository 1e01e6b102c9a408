package crdt

import (
	"slices"
	"strings"
)

// Described is one change as history shows it: what it put in the place of what.
type Described struct {
	Index uint32
	Kind  ChangeKind
	Path  Path // with the operation's own name written in
	// From are the values that it replaced or removed, in the order of its
	// references: of an assignment the replaced values, of a removal from a set
	// the elements; of a removal of an entry there are none, Entries has it.
	From []Value
	// To is what it wrote: a value, an event's content, the items of an insertion.
	To []Value
	// Inserted and Deleted are text.
	Inserted, Deleted string
	// Entries are the map entries that it added or named in a removal.
	Entries []Ref
	// Unknown: this program does not know the change or its field; nothing
	// but Kind and Path can be said.
	Unknown bool
}

// Describe tells what the changes of an operation replaced by what, as far as
// this state holds it. The operation may be applied or not; void changes are
// left out.
func (s *State) Describe(meta Meta, body Body) []Described {
	name := meta.Name
	if name == (ID{}) {
		name = meta.ID
	}
	var out []Described
	for i := range body.Changes {
		c := &body.Changes[i]
		if c.Void {
			continue
		}
		d := Described{Index: uint32(i), Kind: c.Kind, Path: ownPath(c.Path, name)}
		decl, _ := s.schema.find(c.Path)
		if !s.schema.Takes(c) {
			d.Unknown = true
		} else {
			s.describe(&d, c, decl.Kind, name)
		}
		out = append(out, d)
	}
	return out
}

func (s *State) describe(d *Described, c *Change, kind FieldKind, name ID) {
	f := s.at(d.Path, kind)
	own := func(r Ref) Ref {
		if r.Op == (ID{}) {
			r.Op = name
		}
		return r
	}
	switch c.Kind {
	case Assign, Event:
		d.To = []Value{c.Value}
	case Add:
		if kind == Map {
			d.Entries = []Ref{{name, d.Index}}
		} else {
			d.To = []Value{c.Value}
		}
	case Insert:
		d.To, d.Inserted = c.Items, c.Text
	case Delete:
		d.From, d.Deleted = s.erased(f, c.Spans, own)
	}
	if f == nil {
		return
	}
	for _, r := range c.Replaces {
		k, ok := s.lookup(own(r))
		if !ok {
			continue
		}
		for i := range f.written {
			switch w := &f.written[i]; {
			case w.key != k:
			case kind != Map:
				d.From = append(d.From, w.value)
			case !slices.Contains(d.Entries, own(r)):
				d.Entries = append(d.Entries, own(r))
			}
		}
	}
}

// erased returns the elements that spans name, visible or not.
func (s *State) erased(f *field, spans []Span, own func(Ref) Ref) (items []Value, text string) {
	if f == nil {
		return nil, ""
	}
	var b strings.Builder
	for _, span := range spans {
		k, ok := s.lookup(own(span.Ref))
		g := f.seq.groups[k]
		if !ok || g == nil || g.primary == nil {
			continue
		}
		r := g.primary
		lo, hi := min(span.Offset, r.n), min(span.Offset+span.Count, r.n)
		if r.values != nil {
			items = append(items, r.values[lo:hi]...)
		} else if lo < hi {
			b.WriteString(string([]rune(r.str)[lo:hi]))
		}
	}
	return items, b.String()
}

func ownPath(p Path, name ID) Path {
	out := slices.Clone(p)
	for i := range out {
		if out[i].Field == "" && out[i].Entry.Op == (ID{}) {
			out[i].Entry.Op = name
		}
	}
	return out
}

// Op returns an applied operation, as it was given.
func (s *State) Op(id ID) (Meta, Body, bool) {
	n, ok := s.byID[id]
	if !ok {
		return Meta{}, Body{}, false
	}
	return s.meta(n), s.bodyOf(n), true
}

// bodyOf is an applied operation's body; empty where it could not be read.
func (s *State) bodyOf(n int32) Body {
	if s.ops[n].body == nil {
		return Body{}
	}
	body, err := DecodeBody(s.ops[n].body)
	if err != nil {
		panic("crdt: an applied body can't be read: " + err.Error())
	}
	return body
}

// meta returns an operation's meta with its heads as ids, sorted.
func (s *State) meta(n int32) Meta {
	m := s.ops[n].meta
	for _, h := range s.ops[n].heads {
		m.Heads = append(m.Heads, s.ops[h].meta.ID)
	}
	slices.SortFunc(m.Heads, compareIDs)
	return m
}

// past marks the operations that heads name or that these saw. It fails with
// *MissingHeadsError if a head is not applied.
func (s *State) past(heads []ID) ([]bool, error) {
	in := make([]bool, len(s.ops))
	var stack []int32
	var missing []ID
	for _, id := range heads {
		if n, ok := s.byID[id]; ok {
			stack = append(stack, n)
		} else {
			missing = append(missing, id)
		}
	}
	if missing != nil {
		return nil, &MissingHeadsError{Missing: missing}
	}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !in[n] {
			in[n] = true
			stack = append(stack, s.ops[n].heads...)
		}
	}
	return in, nil
}

// Since lists the operations that someone at these heads had not seen, by
// depth, then id.
func (s *State) Since(heads []ID) ([]OpInfo, error) {
	in, err := s.past(heads)
	if err != nil {
		return nil, err
	}
	var out []OpInfo
	for _, n := range s.sorted() {
		if !in[n] {
			out = append(out, s.info(n))
		}
	}
	return out, nil
}

// At returns the state as someone at these heads saw it: the base of a draft,
// or what a seal froze.
func (s *State) At(heads []ID) (*State, error) {
	in, err := s.past(heads)
	if err != nil {
		return nil, err
	}
	out := New(s.schema)
	out.bulk = true
	for _, n := range s.sorted() {
		if !in[n] {
			continue
		}
		var body *Body
		if s.ops[n].body != nil {
			b := s.bodyOf(n)
			body = &b
		}
		if err := out.apply(s.meta(n), body, s.ops[n].body, s.ops[n].why); err != nil {
			return nil, err
		}
	}
	out.bulk = false
	out.finish()
	return out, nil
}
