package casework

import (
	"hejie/sync/crdt"
)

// Line is one line of a case's history: what one change made of a field.
type Line struct {
	Field string `json:"field"` // as a path of `case set`, or lifecycle.<step>
	From  any    `json:"from"`  // nil: nothing
	To    any    `json:"to"`    // nil: nothing
	Seat  string `json:"seat"`
	Unit  string `json:"unit"`
	At    string `json:"at"` // hint: the author's clock
	Op    string `json:"op"` // the operation, hexadecimal
	// Remark is the author's reason for the whole operation, on its first line.
	Remark string `json:"remark,omitempty"`
}

// Remarked puts an operation's remark on the first of its lines. One that
// changed nothing that is shown gets a line for its remark alone.
func Remarked(lines []Line, meta crdt.Meta, remark string, names Names) []Line {
	if remark == "" {
		return lines
	}
	if len(lines) == 0 {
		h := historian{meta: meta, names: names}
		h.add("", nil, nil)
		lines = h.lines
	}
	lines[0].Remark = remark
	return lines
}

// History tells what an operation changed. before is the record's state at the
// heads that its author saw, after the same with the operation applied, so
// that a line says what the author did and not what others wrote meanwhile.
// Changes of one text give one line with the whole text; changes that this
// program does not know give a line without values.
func History(meta crdt.Meta, changes []crdt.Change, before, after *crdt.State, names Names) []Line {
	h := historian{meta: meta, before: before, after: after, names: names, texts: map[string]bool{}}
	for i := range changes {
		h.change(uint32(i), &changes[i])
	}
	return h.lines
}

type historian struct {
	meta          crdt.Meta
	before, after *crdt.State
	names         Names
	texts         map[string]bool // texts that have their line
	lines         []Line
}

func (h *historian) add(field string, from, to any) {
	h.lines = append(h.lines, Line{
		Field: field, From: from, To: to, Seat: h.names.seat(h.meta.Seat), Unit: h.names.unit(h.meta.Unit),
		At: stampTime(h.meta.Stamp), Op: hexID(h.meta.ID),
	})
}

func (h *historian) name() crdt.ID {
	if h.meta.Name != (crdt.ID{}) {
		return h.meta.Name
	}
	return h.meta.ID
}

// full writes the operation's own name where a path leaves it out.
func (h *historian) full(p crdt.Path) crdt.Path {
	out := append(crdt.Path(nil), p...)
	for i := range out {
		if out[i].Field == "" && out[i].Entry.Op == (crdt.ID{}) {
			out[i].Entry.Op = h.name()
		}
	}
	return out
}

func (h *historian) change(index uint32, c *crdt.Change) {
	if c.Void {
		return
	}
	path := h.full(c.Path)
	if len(path) > 0 && path[0].Field == fieldMarks {
		return // marks are for comparing, and shown to nobody
	}
	field := pathText(path)
	if c.Raw != nil {
		h.add(field, nil, nil)
		return
	}
	switch c.Kind {
	case crdt.Assign:
		h.add(field, h.readable(path, h.before.Register(path).Shown), h.readable(path, c.Value))
	case crdt.Add:
		if c.Value == nil {
			h.add(join(field, EntryID(crdt.Ref{Op: h.name(), Index: index})), nil, "+")
			return
		}
		h.add(field, nil, readable(c.Value))
	case crdt.Remove:
		h.removed(path, field, c)
	case crdt.Insert, crdt.Delete:
		if !h.texts[field] {
			h.texts[field] = true
			h.add(field, empty(h.before.Text(path)), empty(h.after.Text(path)))
		}
	case crdt.Event:
		h.event(c)
	}
}

// readable is a value as people read it: representatives by their names.
func (h *historian) readable(path crdt.Path, v crdt.Value) any {
	r := representationOf(v)
	if r == nil || len(path) != 3 || path[2].Field != fieldRepresented {
		return readable(v)
	}
	out := map[string]any{}
	parts, _ := v.(map[string]crdt.Value)
	for key, part := range parts {
		out[key] = readable(part)
	}
	names := make([]any, 0, len(r.Names))
	for _, id := range r.Names {
		names = append(names, h.entryName(farID(id, path[1].Entry)))
	}
	out[fieldNames] = names
	return out
}

// entryName is the name of a party by its entry's id, or the id where the case
// had no such party.
func (h *historian) entryName(id string) string {
	for _, s := range []*crdt.State{h.after, h.before} {
		if ref, ok := findRef(id, partyRefs(s)); ok {
			return str(s.Register(inEntry(fieldParties, ref, "name")).Shown)
		}
	}
	return id
}

// removed tells which value left a set, or which entry a map.
func (h *historian) removed(path crdt.Path, field string, c *crdt.Change) {
	gone := map[crdt.Ref]bool{}
	for _, r := range c.Replaces {
		gone[r] = true
	}
	for _, v := range h.before.Set(path) {
		if gone[v.Ref] {
			h.add(field, readable(v.Value), nil)
		}
	}
	for _, e := range h.before.Entries(path) {
		if gone[e.Ref] {
			h.add(join(field, EntryID(e.Ref)), str(h.before.Register(append(append(crdt.Path(nil), path...),
				crdt.Segment{Entry: e.Ref}, crdt.Segment{Field: "name"})).Shown), nil)
		}
	}
}

func (h *historian) event(c *crdt.Change) {
	e := decodeEvent(&crdt.EventView{Value: c.Value})
	from, to := Tracks(h.before), Tracks(h.after)
	fields, _ := eventFields(e).(map[string]any)
	h.add(join(fieldLifecycle, e.step), map[string]any{"state": from}, map[string]any{"state": to, "fields": fields})
}

func empty(s string) any {
	if s == "" {
		return nil
	}
	return s
}
