package crdt

// container holds the fields of the record, or of one entry of a map.
type container struct {
	fields map[string]*field
	// odd are the changes in here that this program does not know; they keep an
	// entry alive against a removal that did not see them.
	odd []key
}

func newContainer() *container { return &container{fields: map[string]*field{}} }

// field is the state of one field. Its sets only grow, so that the order of
// arrival can't matter: an element is live if it was written and not replaced.
type field struct {
	kind     FieldKind
	legal    bool
	written  []written          // Register, Set, Map
	replaced map[key]struct{}   // what was replaced, removed or set aside
	entries  map[key]*container // Map; also of adds that are not here
	adds     map[key]struct{}   // Map: the references that were added
	events   []*event           // Events
	seq      *sequence          // Text, List
}

// written is one assignment, set element or map entry.
type written struct {
	place
	value Value
}

// event is one event of an Events field.
type event struct {
	place
	value Value
	after []key
	// empty: it keeps its place among the events, and says nothing here.
	empty bool
}

func newField(f Field) *field {
	out := &field{kind: f.Kind, legal: f.Legal, replaced: map[key]struct{}{}}
	if f.Kind == Map {
		out.entries = map[key]*container{}
		out.adds = map[key]struct{}{}
	}
	return out
}

// live visits what is written and not replaced, in order of arrival.
func (f *field) live(visit func(*written) bool) {
	if f == nil {
		return
	}
	for i := range f.written {
		w := &f.written[i]
		if _, gone := f.replaced[w.key]; !gone && !visit(w) {
			return
		}
	}
}

// entryLive reports whether the entry of a map is there: it was added, and its
// add or anything live inside it is named by no removal. So an edit
// concurrent with a removal keeps the entry, whole.
func (f *field) entryLive(k key) bool {
	if _, ok := f.adds[k]; !ok {
		return false
	}
	if _, gone := f.replaced[k]; !gone {
		return true
	}
	alive := false
	f.entries[k].liveRefs(func(r key) bool {
		_, gone := f.replaced[r]
		alive = !gone
		return !alive
	})
	return alive
}

// liveRefs visits every live reference inside a container, in no set order,
// until visit returns false; it reports whether it came to the end.
func (c *container) liveRefs(visit func(key) bool) bool {
	if c == nil {
		return true
	}
	for _, k := range c.odd {
		if !visit(k) {
			return false
		}
	}
	for _, f := range c.fields {
		if !f.liveRefs(visit) {
			return false
		}
	}
	return true
}

func (f *field) liveRefs(visit func(key) bool) bool {
	more := true
	switch f.kind {
	case Register, Set:
		f.live(func(w *written) bool {
			more = visit(w.key)
			return more
		})
	case Map:
		for k := range f.adds {
			unlessGone := func(r key) bool {
				if _, gone := f.replaced[r]; gone {
					return true
				}
				return visit(r)
			}
			if !unlessGone(k) || !f.entries[k].liveRefs(unlessGone) {
				return false
			}
		}
	case Events:
		for _, e := range f.events {
			if !visit(e.key) {
				return false
			}
		}
	case Text, List:
		more = f.seq.liveRefs(visit)
	}
	return more
}
