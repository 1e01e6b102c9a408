package crdt

import (
	"cmp"
	"slices"
)

// Reason says why a change has no effect on what is shown.
type Reason uint8

// The reasons.
const (
	// UnknownChange: of a kind, or with a key, that this program does not know.
	UnknownChange Reason = 1
	// UnknownField: in a field that the schema does not name.
	UnknownField Reason = 2
	// Misused: of a kind that the field does not take, or with a path that
	// leads to no field.
	Misused Reason = 3
	// Dangling: it names a text element or map entry that is not here.
	Dangling Reason = 4
	// UnknownBodyKey: no change, but a key of the body that must be understood
	// and is not known.
	UnknownBodyKey Reason = 5
	// Unfit: with a value that the field's type does not take.
	Unfit Reason = 6
	// NewerOperation: of an operation that must not be acted on without knowing
	// more; it has no kind and path where the body can't be read.
	NewerOperation Reason = 7
	// BrokenBody: the operation's body is no list of changes.
	BrokenBody Reason = 8
)

// freezes reports whether what a change touches is read-only, since a newer
// program may have meant something by it.
func (r Reason) freezes() bool { return r != Dangling && r != UnknownBodyKey && r != BrokenBody }

// BodyKey is the index that what concerns a whole body has in place of a change's.
const BodyKey = ^uint32(0)

// UnknownView is one change that is kept without effect.
type UnknownView struct {
	Ref    Ref
	Op     OpInfo
	Kind   ChangeKind // 0 if it has no kind that fits one
	Path   Path       // nil if it could not be read; of an entry or event without effect with its own reference
	Reason Reason
	Raw    []byte // the change's encoding, or the body key's value
	// Value is what it would have written, where its form is known.
	Value Value
}

type oddity struct {
	op     int32
	index  uint32
	kind   ChangeKind
	path   Path
	reason Reason
	raw    []byte
	value  Value
	// in are the fields that it lies in, as far as the schema knows them; a
	// change in one of them that names it sets it aside.
	in []*field
}

// note keeps a change that has no effect.
func (s *State) note(self place, c *Change, reason Reason) {
	raw, err := encodeChange(c)
	if err != nil {
		panic("crdt: a checked change has no encoding: " + err.Error())
	}
	known := c
	if c.Raw != nil {
		// Only its bytes count, not what the caller wrote beside them.
		read, err := decodeChange(c.Raw)
		if err != nil {
			panic("crdt: a checked change can't be read: " + err.Error())
		}
		known = &read
	}
	o := oddity{op: self.op, index: self.key.index, kind: known.Kind, path: s.named(self.op, known.Path), reason: reason, raw: raw, value: known.Value}
	decl, _ := s.schema.find(known.Path)
	if reason == UnknownField {
		decl = Field{} // what it means is not known
	}
	if decl.Kind == Map && known.Kind == Add || decl.Kind == Events && known.Kind == Event {
		o.path = append(o.path, Segment{Entry: s.ref(self.key)})
	}
	if reason.freezes() {
		o.in = s.around(self, known.Path, true)
	}
	if decl.Kind == Events && known.Kind == Event {
		s.addEvent(self, o.in[len(o.in)-1], known, true)
	}
	s.odd = append(s.odd, o)
}

// around finds the known fields on a path, outermost first. With note it makes
// those that are not there yet and notes the change in the entries that they
// hold: it keeps them against a removal that did not see it.
func (s *State) around(self place, p Path, note bool) []*field {
	var out []*field
	c, schema := s.root, s.schema
	for i := 0; i < len(p); i += 2 {
		decl, ok := schema[p[i].Field]
		if p[i].Field == "" || !ok {
			return out
		}
		f := c.fields[p[i].Field]
		if note {
			f = s.fieldIn(c, p[i].Field, decl)
		}
		if f == nil {
			return out
		}
		out = append(out, f)
		if decl.Kind != Map || i+1 >= len(p) || p[i+1].Field != "" {
			return out
		}
		k := s.keyOf(self.op, p[i+1].Entry)
		if f.entries[k] == nil && note {
			f.entries[k] = newContainer()
		}
		if f.entries[k] == nil {
			return out
		}
		c, schema = f.entries[k], decl.Entry
		if note {
			c.odd = append(c.odd, self.key)
		}
	}
	return out
}

// hold notes what an operation without effect would have changed.
func (s *State) hold(n int32, body *Body, why Reason) {
	if body == nil || why != NewerOperation {
		s.odd = append(s.odd, oddity{op: n, index: BodyKey, reason: why})
		return
	}
	for _, u := range body.Unknown {
		if u.Key < FirstIgnored {
			s.odd = append(s.odd, oddity{op: n, index: BodyKey, reason: UnknownBodyKey, raw: u.Raw})
		}
	}
	if len(body.Changes) == 0 { // what it does lies in what is not known
		s.odd = append(s.odd, oddity{op: n, index: BodyKey, reason: why})
	}
	for i := range body.Changes {
		if c := &body.Changes[i]; !c.Void {
			s.note(place{n, key{s.ops[n].name, uint32(i)}}, c, why)
		}
	}
}

// aside reports whether a later change set it aside by name.
func (s *State) aside(o *oddity) bool {
	k := key{s.ops[o.op].name, o.index}
	return slices.ContainsFunc(o.in, func(f *field) bool {
		_, gone := f.replaced[k]
		return gone
	})
}

// Unknown lists every change that is kept without effect and that nobody set
// aside, by depth, operation and index.
func (s *State) Unknown() []UnknownView {
	all := append(slices.Clone(s.odd), s.dangling()...)
	slices.SortStableFunc(all, func(a, b oddity) int {
		return cmp.Or(s.compareOps(a.op, b.op), cmp.Compare(a.index, b.index))
	})
	var out []UnknownView
	for i := range all {
		o := &all[i]
		if s.aside(o) {
			continue
		}
		out = append(out, UnknownView{
			Ref: Ref{s.ops[o.op].meta.Name, o.index}, Op: s.info(o.op),
			Kind: o.kind, Path: o.path, Reason: o.reason, Raw: o.raw, Value: o.value,
		})
	}
	return out
}

// ReadOnly reports whether a change that this program does not know touches
// what the path names (DESIGN P4): the field, something that it lies in, or,
// for a path to an entry, something inside it. An unknown change whose path
// can't be read touches everything; one that somebody set aside, nothing.
func (s *State) ReadOnly(path Path) bool {
	for i := range s.odd {
		if o := &s.odd[i]; o.reason.freezes() && s.touches(o.path, path) && !s.aside(o) {
			return true
		}
	}
	return false
}

// SetAside lists the changes that make the path read-only and that a change in
// its field (of an entry: in its map) may set aside by naming them, sorted. all
// tells whether nothing else makes it read-only.
func (s *State) SetAside(path Path) (refs []Ref, all bool) {
	f := s.around(place{}, path, false)
	all = true
	for i := range s.odd {
		o := &s.odd[i]
		if !o.reason.freezes() || !s.touches(o.path, path) || s.aside(o) {
			continue
		}
		if len(f) == 0 || !slices.Contains(o.in, f[len(f)-1]) {
			all = false
			continue
		}
		refs = append(refs, s.ref(key{s.ops[o.op].name, o.index}))
	}
	slices.SortFunc(refs, CompareRefs)
	return slices.Compact(refs), all
}

// touches reports whether a change at one path makes another read-only.
func (s *State) touches(changed, path Path) bool {
	short, long := s.frozen(changed), path
	if len(path)%2 == 0 && len(path) < len(short) && len(path) > 0 {
		short, long = path, short
	}
	return len(short) <= len(long) && slices.Equal(short, long[:len(short)])
}

// frozen is the part of a path up to the field that it leads through: what
// lies inside a known register, set, text or list touches all of it, and so
// does an event the events that it stands among.
func (s *State) frozen(p Path) Path {
	schema := s.schema
	for i, seg := range p {
		if i%2 == 1 {
			if seg.Field != "" {
				return p[:i]
			}
			continue
		}
		decl, known := schema[seg.Field]
		switch {
		case seg.Field == "":
			return p[:i]
		case !known:
			return p
		case decl.Kind != Map:
			return p[:i+1]
		}
		schema = decl.Entry
	}
	return p
}
