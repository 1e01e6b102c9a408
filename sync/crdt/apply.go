package crdt

// applyChange puts one change into the field it names, or notes why it has no
// effect. It never fails, and what it does not depend on what else is here.
func (s *State) applyChange(n int32, index uint32, c *Change) {
	if c.Void {
		return
	}
	self := place{n, key{s.ops[n].name, index}}
	if c.Raw != nil {
		// Only its bytes count, not what the caller wrote beside them.
		known, err := decodeChange(c.Raw)
		if err != nil {
			panic("crdt: a checked change can't be read: " + err.Error())
		}
		c = &known
		s.odd = append(s.odd, oddity{op: n, index: index, kind: c.Kind, path: s.named(n, c.Path), reason: UnknownChange, raw: c.Raw})
		s.keepsAlive(self, c.Path)
		return
	}
	decl, reason := s.schema.find(c.Path)
	if reason == 0 && !fits(c, decl.Kind) {
		reason = Misused
	}
	if reason != 0 {
		raw, err := encodeChange(c)
		if err != nil {
			panic("crdt: a checked change has no encoding: " + err.Error())
		}
		s.odd = append(s.odd, oddity{op: n, index: index, kind: c.Kind, path: s.named(n, c.Path), reason: reason, raw: raw})
		if reason == UnknownField {
			s.keepsAlive(self, c.Path)
		}
		return
	}
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
		e := &event{place: self, value: c.Value}
		for _, r := range c.After {
			e.after = append(e.after, s.keyOf(self.op, r))
		}
		f.events = append(f.events, e)
		s.events = append(s.events, e)
		s.eventi[self.key] = append(s.eventi[self.key], e)
	case Insert:
		f.seq.insert(newRun(self, c, s.keyOf(self.op, c.Parent.Ref)))
	case Delete:
		for _, span := range c.Spans {
			f.seq.erase(s.keyOf(self.op, span.Ref), interval{span.Offset, span.Offset + span.Count})
		}
	}
}

// fits reports whether a change of its kind and content belongs in a field.
func fits(c *Change, kind FieldKind) bool {
	switch c.Kind {
	case Assign:
		return kind == Register
	case Add:
		return kind == Set || kind == Map && c.Value == nil
	case Remove:
		return kind == Set || kind == Map
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
	f := c.field(p[len(p)-1].Field, decl)
	if f.seq == nil && (decl.Kind == Text || decl.Kind == List) {
		f.seq = newSequence(s)
	}
	return f
}

func (c *container) field(name string, decl Field) *field {
	f := c.fields[name]
	if f == nil {
		f = newField(decl)
		c.fields[name] = f
	}
	return f
}

// keepsAlive notes an unknown change in the innermost known entry of its path.
func (s *State) keepsAlive(self place, p Path) {
	deepest := 0
	for end := 2; end <= len(p); end += 2 {
		decl, reason := s.schema.find(p[:end-1])
		if reason != 0 || decl.Kind != Map || p[end-1].Field != "" {
			break
		}
		deepest = end
	}
	if deepest == 0 {
		return
	}
	c := s.root
	for i := 0; i < deepest; i += 2 {
		m := c.field(p[i].Field, Field{Kind: Map})
		k := s.keyOf(self.op, p[i+1].Entry)
		if m.entries[k] == nil {
			m.entries[k] = newContainer()
		}
		c = m.entries[k]
	}
	c.odd = append(c.odd, self.key)
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
