package casework

import (
	"cmp"
	"slices"

	"hejie/sync/crdt"
)

// What the law keeps from courts lies in the notes of the body that mediates
// and not in the case (人民调解法, 在线调解规则 art. 18, 特邀调解规定 art. 22):
// drafts of an agreement and who signed them so far, and the words that go with
// a step. They are lifecycle events of the notes; each bears in keySeen the
// events of the case, and of other notes, that its author saw last, so that one
// log and one table of pairs decide over both records.

// stepWords is the event of the notes that goes with a step of the case taken
// in the same save: its words, and which events of the notes its author had
// seen. The case itself names nothing of the notes.
const stepWords = "words"

// wordsKeys are the keys of such an event.
var wordsKeys = map[string]byte{keyOf: 'E', keySaid: 'm', keySeen: 'r'}

// inNotes reports whether a step is an event of the notes.
func inNotes(step string) bool {
	r := ruleOf[step]
	return step == stepWords || r != nil && r.notes
}

// noteNode is an event of the notes on its way into the log.
type noteNode struct {
	e     *event
	deps  []crdt.Ref // what its author saw last, in this record and others
	place int        // index of the last event of the case before it; -1: none
	level int        // events of the notes on the longest way before it
	state uint8      // of the visit: 0 not begun, 1 under way, 2 done
}

// withNotes makes one log of the case's events and those of its notes. The
// events of the case keep their order among themselves, so that their standing
// is the same where the notes are not held; each event of the notes comes after
// the last event of the case that it saw.
func (l *log) withNotes(notes []*crdt.State) *log {
	nodes, frozen := readNotes(notes)
	if len(nodes) == 0 {
		return l
	}
	order := l.placeNotes(nodes)
	out := &log{index: map[crdt.Ref]int{}, frozen: l.frozen || frozen, plain: l}
	extra := spoken(l, order)
	n := 0
	for at := -1; at < len(l.events); at++ {
		if at >= 0 {
			e := *l.events[at]
			out.put(&e, append(l.seenBy(at), extra[e.ref]...))
		}
		for ; n < len(order) && order[n].place == at; n++ {
			out.put(order[n].e, order[n].deps)
		}
	}
	return out
}

// readNotes collects the events of all records of notes, by their names.
func readNotes(notes []*crdt.State) (map[crdt.Ref]*noteNode, bool) {
	nodes, frozen := map[crdt.Ref]*noteNode{}, false
	for _, s := range notes {
		frozen = frozen || s.ReadOnly(root(fieldLifecycle))
		for _, v := range s.Events(root(fieldLifecycle)) {
			if _, twice := nodes[v.Ref]; twice || len(nodes) >= maxEvents {
				continue
			}
			e := decodeEvent(&v)
			e.notes = true
			if !e.unknown && !e.broken && e.step != stepSettle && !inNotes(e.step) {
				e.broken, e.day = true, ""
			}
			frozen = frozen || e.unknown || e.extra
			deps := append(slices.Clone(v.After), e.refs(keySeen)...)
			if of, ok := refOf(e.value[keyOf]); ok && e.step == stepWords {
				deps = append(deps, of)
			}
			nodes[v.Ref] = &noteNode{e: e, deps: deps}
		}
	}
	return nodes, frozen
}

// placeNotes tells where each event of the notes comes, by nothing but what it saw.
func (l *log) placeNotes(nodes map[crdt.Ref]*noteNode) []*noteNode {
	order := make([]*noteNode, 0, len(nodes))
	for _, n := range nodes {
		order = append(order, n)
	}
	slices.SortFunc(order, func(a, b *noteNode) int { return crdt.CompareRefs(a.e.ref, b.e.ref) })
	var visit func(n *noteNode)
	visit = func(n *noteNode) {
		n.state, n.place = 1, -1
		for _, ref := range n.deps {
			if i, ok := l.index[ref]; ok {
				n.place = max(n.place, i)
			}
			before := nodes[ref]
			if before == nil || before.state == 1 { // not held; or a loop, which only a forgery can make
				continue
			}
			if before.state == 0 {
				visit(before)
			}
			n.place, n.level = max(n.place, before.place), max(n.level, before.level+1)
		}
		n.state = 2
	}
	for _, n := range order {
		if n.state == 0 {
			visit(n)
		}
	}
	slices.SortStableFunc(order, func(a, b *noteNode) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.level, b.level))
	})
	return order
}

// spoken are the events of the notes that authors of steps of the case had
// seen: as the words of the same save say, or as an agreement names them that
// was entered. The words are given to their steps.
func spoken(l *log, order []*noteNode) map[crdt.Ref][]crdt.Ref {
	out := map[crdt.Ref][]crdt.Ref{}
	for _, n := range order {
		of, ok := refOf(n.e.value[keyOf])
		if n.e.step != stepWords || n.e.broken || !ok {
			continue
		}
		if i, held := l.index[of]; held && l.events[i].op.Seat == n.e.op.Seat {
			said, _ := n.e.value[keySaid].(map[string]crdt.Value)
			l.events[i].words = said
			out[of] = append(out[of], n.deps...)
		}
	}
	for _, e := range l.events {
		if e.step == StepInForce {
			out[e.ref] = append(out[e.ref], e.refs(keyRests)...)
		}
	}
	return out
}

// seenBy are the events that one saw, by their names.
func (l *log) seenBy(at int) []crdt.Ref {
	var out []crdt.Ref
	for i := range l.events {
		if l.events[at].before.has(i) {
			out = append(out, l.events[i].ref)
		}
	}
	return out
}

// put adds an event after those of its author's that are there already.
func (l *log) put(e *event, seen []crdt.Ref) {
	e.before = newBitset(len(l.events) + 1)
	for _, ref := range seen {
		if i, ok := l.index[ref]; ok && ref != e.ref {
			e.before.set(i)
			e.before.union(l.events[i].before)
		}
	}
	l.index[e.ref] = len(l.events)
	l.events = append(l.events, e)
}

// caseHeads are the last events of the case: what its next event saw last.
func (l *log) caseHeads() []crdt.Ref {
	if l.plain != nil {
		return l.plain.heads()
	}
	return l.heads()
}

// noteChange makes an event of the acting unit's notes, own (nil: not begun).
func (l *log) noteChange(own *crdt.State, value map[string]crdt.Value) crdt.Change {
	var after []crdt.Ref
	var seen []crdt.Value
	for _, r := range l.heads() {
		i := l.index[r]
		if l.events[i].notes && own != nil && own.Has(r.Op) {
			after = append(after, r)
		} else {
			seen = append(seen, refValue(r))
		}
	}
	if len(seen) > 0 {
		value[keySeen] = seen
	}
	return crdt.Change{Kind: crdt.Event, Path: root(fieldLifecycle), Value: value, After: after}
}

// split takes the words that the notes keep out of a step's value.
func split(step string, value map[string]crdt.Value) (said map[string]crdt.Value) {
	for _, f := range ruleOf[step].fields {
		if v, there := value[f.Name]; there && f.apart {
			if said == nil {
				said = map[string]crdt.Value{}
			}
			said[f.Name] = v
			delete(value, f.Name)
		}
	}
	return said
}

// weighs reports whether something in the notes would contradict a step of the
// case if its author had not seen it.
func (l *log) weighs(step string) bool {
	for _, e := range l.events {
		if e.notes && rulingOf(e.step, step).verdict != BothStand {
			return true
		}
	}
	return false
}

// ownOp is the name, in what one save writes, of its operation of the other record.
var ownOp crdt.ID

// Save writes what a step makes, in the order in which its operations name each
// other: an agreement that is entered names the notes on which it rests, words
// name the step that they go with. Either writer answers its operation's name.
func (m Made) Save(toCase, toNotes func([]crdt.Change) (crdt.ID, error)) error {
	first, then := toCase, toNotes
	a, b := m.Changes, m.Notes
	if m.entering {
		first, then, a, b = toNotes, toCase, m.Notes, m.Changes
	}
	var name crdt.ID
	if len(a) > 0 {
		var err error
		if name, err = first(a); err != nil {
			return err
		}
	}
	if len(b) == 0 {
		return nil
	}
	_, err := then(named(b, name))
	return err
}

// named writes the other record's operation where changes leave it open, and
// the marks of agreements that hang on it.
func named(changes []crdt.Change, op crdt.ID) []crdt.Change {
	out := slices.Clone(changes)
	for i := range out {
		value, ok := out[i].Value.(map[string]crdt.Value)
		if out[i].Kind != crdt.Event || !ok {
			continue
		}
		value, _ = nameRefs(value, op).(map[string]crdt.Value)
		if value[keyStep] == StepInForce {
			value[keyWording] = wordingMark(value)
		}
		out[i].Value = value
	}
	return out
}

func nameRefs(v crdt.Value, op crdt.ID) crdt.Value {
	switch v := v.(type) {
	case []byte:
		if r, ok := refOf(v); ok && r.Op == ownOp {
			r.Op = op
			return refValue(r)
		}
	case []crdt.Value:
		out := make([]crdt.Value, len(v))
		for i, item := range v {
			out[i] = nameRefs(item, op)
		}
		return out
	case map[string]crdt.Value:
		out := make(map[string]crdt.Value, len(v))
		for key, item := range v {
			out[key] = nameRefs(item, op)
		}
		return out
	}
	return v
}
