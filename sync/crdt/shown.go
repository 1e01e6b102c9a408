package crdt

import (
	"maps"
	"slices"
)

// Shown gives all that the views show as one canonical CBOR value. Two states
// of one set of operations show the same bytes (DESIGN P2); simulations and
// self-checks compare them, nothing decodes them.
func (s *State) Shown() []byte {
	heads := []any{}
	for _, id := range s.Heads() {
		heads = append(heads, id)
	}
	unknown := []any{}
	for _, u := range s.Unknown() {
		unknown = append(unknown, []any{refWire(u.Ref), u.Op.ID, u.Kind, pathWire(u.Path), u.Reason, u.Raw})
	}
	raw, err := encMode.Marshal([]any{heads, s.Depth(), s.shownFields(s.schema, nil), unknown})
	if err != nil {
		panic("crdt: a view has no encoding: " + err.Error())
	}
	return raw
}

func (s *State) shownFields(schema Schema, at Path) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(schema)) {
		path := append(slices.Clone(at), Segment{Field: name})
		out[name] = s.shownField(schema[name], path)
	}
	return out
}

func (s *State) shownField(f Field, path Path) any {
	list := []any{}
	switch f.Kind {
	case Register:
		v := s.Register(path)
		for _, x := range v.Values {
			list = append(list, shownValue(x))
		}
		return []any{list, v.Contested, v.Also, s.ReadOnly(path)}
	case Set:
		for _, x := range s.Set(path) {
			list = append(list, shownValue(x))
		}
	case Map:
		for _, e := range s.Entries(path) {
			inner := s.shownFields(f.Entry, append(slices.Clone(path), Segment{Entry: e.Ref}))
			list = append(list, []any{refWire(e.Ref), e.Op.ID, e.Restored, inner})
		}
	case List:
		list = append(list, s.List(path)...)
	case Text:
		return []any{s.Text(path), s.ReadOnly(path)}
	case Events:
		for _, e := range s.Events(path) {
			list = append(list, []any{refWire(e.Ref), e.Op.ID, e.Value, refsWire(e.After), e.Empty})
		}
	}
	return []any{list, s.ReadOnly(path)}
}

func shownValue(v LiveValue) any {
	return []any{v.Value, refWire(v.Ref), v.Op.ID, refsWire(v.Refs)}
}
