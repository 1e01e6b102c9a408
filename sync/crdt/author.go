package crdt

import "slices"

// AssignChange assigns a value to the register at path, in place of all live
// assignments of this state. It settles a contested register.
func (s *State) AssignChange(path Path, value Value) Change {
	c := Change{Kind: Assign, Path: path, Value: value}
	var all []key
	s.at(path, Register).live(func(w *written) bool {
		all = append(all, w.key)
		return true
	})
	c.Replaces = s.refs(all)
	return c
}

// AddChange adds a value to the set at path; for a map, with a nil value, a
// new entry, whose reference is the change's place in its operation.
func (s *State) AddChange(path Path, value Value) Change {
	return Change{Kind: Add, Path: path, Value: value}
}

// RemoveEntry removes an entry from the map at path, naming its add and all
// live references inside it. More than MaxRefs of them give several changes;
// an entry that is not here gives none.
func (s *State) RemoveEntry(path Path, entry Ref) []Change {
	f := s.at(path, Map)
	k, ok := s.lookup(entry)
	if f == nil || !ok || !f.entryLive(k) {
		return nil
	}
	all := []key{k}
	f.entries[k].liveRefs(func(r key) bool {
		all = append(all, r)
		return true
	})
	return removals(path, s.refs(all))
}

// RemoveValue removes a value from the set at path; a value that is not in it
// gives no change.
func (s *State) RemoveValue(path Path, value Value) []Change {
	if checkValue(value) != nil {
		return nil
	}
	var all []key
	id := valueKey(value)
	s.at(path, Set).live(func(w *written) bool {
		if valueKey(w.value) == id {
			all = append(all, w.key)
		}
		return true
	})
	return removals(path, s.refs(all))
}

func removals(path Path, refs []Ref) []Change {
	var out []Change
	for part := range slices.Chunk(refs, MaxRefs) {
		out = append(out, Change{Kind: Remove, Path: path, Replaces: part})
	}
	return out
}

// TextSplice deletes del code points from pos on and inserts ins there. Pos
// and del are cut to the text. The changes are for one operation on this
// state, with no other on the same text in it.
func (s *State) TextSplice(path Path, pos, del int, ins string) []Change {
	var n int
	if ins != "" {
		n = 1
	}
	return s.splices(path, []splice{{pos, del, n, Change{Text: ins}}})
}

// TextEdit gives the changes that make newText of the text at path, by the
// smallest difference in code points that can be found at reasonable cost.
func (s *State) TextEdit(path Path, newText string) []Change {
	var all []splice
	for _, h := range diff([]rune(s.Text(path)), []rune(newText)) {
		all = append(all, splice{h.pos, h.del, len(h.ins), Change{Text: string(h.ins)}})
	}
	return s.splices(path, all)
}

// ListInsert inserts items before position pos of the list at path, at the
// end if it is shorter.
func (s *State) ListInsert(path Path, pos int, items ...Value) []Change {
	return s.splices(path, []splice{{pos, 0, len(items), Change{Items: items}}})
}

// ListDelete deletes count items from pos on.
func (s *State) ListDelete(path Path, pos, count int) []Change {
	return s.splices(path, []splice{{pos, count, 0, Change{}}})
}

// Overrule makes an assignment or removal name also what makes its field
// read-only, for a person who was shown that and decides all the same. A change
// of another kind, or where nothing is in the way, stays as it is.
func (s *State) Overrule(c Change) Change {
	refs, _ := s.SetAside(c.Path)
	if len(refs) == 0 || c.Kind != Assign && c.Kind != Remove {
		return c
	}
	c.Replaces = append(slices.Clone(c.Replaces), refs...)
	slices.SortFunc(c.Replaces, CompareRefs)
	c.Replaces, c.Unread = slices.Compact(c.Replaces), true
	return c
}

// AsideChange sets aside what makes the path read-only and can be named there;
// false where there is nothing.
func (s *State) AsideChange(path Path) (Change, bool) {
	refs, _ := s.SetAside(path)
	if len(refs) == 0 {
		return Change{}, false
	}
	if len(path)%2 == 0 {
		path = path[:len(path)-1] // an entry's map
	}
	return Change{Kind: Remove, Path: path, Replaces: refs[:min(len(refs), MaxRefs)], Unread: true}, true
}
