package crdt

// applyChange puts one change into the field it names, or notes why it has no
// effect. It never fails, and what it does not depend on what else is here.
func (s *State) applyChange(n int32, index uint32, c *Change) {
	if c.Void {
		return
	}
	self := place{n, key{s.ops[n].name, index}}
	if reason := s.schema.why(c); reason != 0 {
		s.note(self, c, reason)
		return
	}
	decl, _ := s.schema.find(c.Path)
	s.effect(self, s.field(n, c.Path, decl), c)
}

func (s *State) effect(self place, f *field, c *Change) {
	switch c.Kind {
	case Assign, Add:
		f.written = append(f.written, written{self, c.Value})
		if f.adds != nil {
			f.adds[self.key] = struct{}{}
		}
		fallthrough
	case Remove:
		for _, r := range c.Replaces {
			f.replaced[s.keyOf(self.op, r)] = struct{}{}
		}
	case Event:
		s.addEvent(self, f, c, false)
	case Insert:
		f.seq.insert(newRun(self, c, s.keyOf(self.op, c.Parent.Ref)))
	case Delete:
		for _, span := range c.Spans {
			f.seq.erase(s.keyOf(self.op, span.Ref), interval{span.Offset, span.Offset + span.Count})
		}
	}
}

// addEvent adds an event; an empty one keeps its place in what the others saw.
func (s *State) addEvent(self place, f *field, c *Change, empty bool) {
	e := &event{place: self, value: c.Value, empty: empty}
	if empty {
		e.value = nil
	}
	for _, r := range c.After {
		e.after = append(e.after, s.keyOf(self.op, r))
	}
	f.events = append(f.events, e)
	s.events = append(s.events, e)
	s.eventi[self.key] = append(s.eventi[self.key], e)
}

// unfit says why a change does not belong in a field: Misused where the field
// does not take its kind, Unfit where it does not take its value; 0: it belongs.
func unfit(c *Change, f Field) Reason {
	switch {
	case !takes(f.Kind, c):
		return Misused
	case c.Kind == Add && f.Kind == Map && c.Value != nil:
		return Unfit
	case c.Kind == Assign, c.Kind == Add && f.Kind == Set && c.Value != nil, c.Kind == Event && c.Value != nil:
		if !f.Type.Fits(c.Value) {
			return Unfit
		}
	case c.Kind == Add && f.Kind == Set, c.Kind == Event:
		if f.Type != nil {
			return Unfit // null is no element and no event
		}
	case c.Kind == Insert && c.Text != "":
		if !f.Type.Fits(c.Text) {
			return Unfit
		}
	case c.Kind == Insert:
		for _, v := range c.Items {
			if v == nil && f.Type != nil || !f.Type.Fits(v) {
				return Unfit
			}
		}
	}
	return 0
}

// takes reports whether a field takes changes of a kind.
func takes(kind FieldKind, c *Change) bool {
	switch c.Kind {
	case Assign:
		return kind == Register
	case Add:
		return kind == Set || kind == Map
	case Remove:
		return kind == Set || kind == Map || c.Unread
	case Insert:
		return kind == Text && c.Text != "" || kind == List && len(c.Items) > 0
	case Delete:
		return kind == Text || kind == List
	case Event:
		return kind == Events
	}
	return false
}

// find follows a path through the schema. The reason is 0, UnknownField or Misused.
func (s Schema) find(p Path) (Field, Reason) {
	var decl Field
	for i, seg := range p {
		if i%2 == 1 {
			if seg.Field != "" || decl.Kind != Map {
				return Field{}, Misused
			}
			s = decl.Entry
			continue
		}
		if seg.Field == "" {
			return Field{}, Misused
		}
		var ok bool
		if decl, ok = s[seg.Field]; !ok {
			return Field{}, UnknownField
		}
	}
	if len(p)%2 == 0 {
		return Field{}, Misused
	}
	return decl, 0
}

// field returns the state of a field that the schema has, made if need be.
func (s *State) field(n int32, p Path, decl Field) *field {
	c := s.root
	for i := 0; i+1 < len(p); i += 2 {
		m := c.field(p[i].Field, Field{Kind: Map})
		k := s.keyOf(n, p[i+1].Entry)
		next := m.entries[k]
		if next == nil {
			next = newContainer()
			m.entries[k] = next
		}
		c = next
	}
	return s.fieldIn(c, p[len(p)-1].Field, decl)
}

// fieldIn returns a field of a container, made if need be.
func (s *State) fieldIn(c *container, name string, decl Field) *field {
	f := c.field(name, decl)
	if f.seq == nil && (decl.Kind == Text || decl.Kind == List) {
		f.seq = newSequence(s)
	}
	return f
}

// Takes reports whether a change would have its effect in a record of the
// schema, as far as its form tells: whether its field is known and takes its
// kind and its value.
func (s Schema) Takes(c *Change) bool { return s.why(c) == 0 }

// Refuses reports whether a change of a known kind does not fit a known field.
func (s Schema) Refuses(c *Change) bool {
	why := s.why(c)
	return why == Misused || why == Unfit
}

func (s Schema) why(c *Change) Reason {
	if c.Raw != nil {
		return UnknownChange
	}
	decl, reason := s.find(c.Path)
	if reason == 0 {
		reason = unfit(c, decl)
	}
	return reason
}

func (c *container) field(name string, decl Field) *field {
	f := c.fields[name]
	if f == nil {
		f = newField(decl)
		c.fields[name] = f
	}
	return f
}

// named writes the operation's own name into a path.
func (s *State) named(n int32, p Path) Path {
	out := make(Path, len(p))
	for i, seg := range p {
		out[i] = seg
		if seg.Field == "" && seg.Entry.Op == (ID{}) {
			out[i].Entry.Op = s.ops[n].meta.Name
		}
	}
	return out
}

// at returns the field at a path as readers name it, or nil.
func (s *State) at(p Path, kinds ...FieldKind) *field {
	decl, reason := s.schema.find(p)
	if reason != 0 {
		return nil
	}
	for _, kind := range kinds {
		if decl.Kind != kind {
			continue
		}
		c := s.root
		for i := 0; i+1 < len(p) && c != nil; i += 2 {
			m := c.fields[p[i].Field]
			k, ok := s.lookup(p[i+1].Entry)
			if m == nil || !ok {
				return nil
			}
			c = m.entries[k]
		}
		if c != nil {
			return c.fields[p[len(p)-1].Field]
		}
	}
	return nil
}
