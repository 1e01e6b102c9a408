package casework

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hejie/sync/crdt"
)

// maxEvents bounds the lifecycle events of a case that are looked at: 500
// parties signing one by one, 100 terms and every step many times over fit;
// the rest of a flood by an enrolled seat would cost the square of its number.
const maxEvents = 2000

// event is a lifecycle event as this program understands it.
type event struct {
	ref   crdt.Ref
	op    crdt.OpInfo
	value map[string]crdt.Value
	step  string
	day   string // Beijing day of at; "" where the step has none
	// unknown: a step that this program does not know; it has no effect here.
	unknown bool
	// notes: it lies in the notes of a body and not in the case.
	notes bool
	// words are what the notes keep of a step of the case; nil where they are not held.
	words map[string]crdt.Value
	// extra: a known step with a field that is not known; it counts.
	extra bool
	// broken: a known step whose content is no such step; it has no effect.
	broken bool
	before bitset // all events that it saw
}

// form, termCount and refs are of no event too: readers of a contested case
// find no agreement.
func (e *event) form() string {
	if e == nil {
		return ""
	}
	return str(e.value[keyForm])
}

// termCount is the number of an agreement's terms, in a case and in a digest.
func (e *event) termCount() int64 {
	if e == nil {
		return 0
	}
	switch v := e.value[keyTerms].(type) {
	case []crdt.Value:
		return int64(len(v))
	case int64:
		return v
	}
	return 0
}

func (e *event) refs(key string) []crdt.Ref {
	if e == nil {
		return nil
	}
	return refsOf(e.value[key])
}

// refsOf reads a list of references; what is none is left out.
func refsOf(v crdt.Value) []crdt.Ref {
	list, _ := v.([]crdt.Value)
	var out []crdt.Ref
	for _, item := range list {
		if r, ok := refOf(item); ok {
			out = append(out, r)
		}
	}
	return out
}

// log is the lifecycle of a case, each event after those that it saw.
type log struct {
	// plain is the case's own log, without what the notes add; nil where no
	// notes are held.
	plain   *log
	alone   *course           // what the case's own log amounts to; of a log with notes that was resolved
	entered map[crdt.Ref]bool // the agreements that the case shows as entered; of a log with notes

	events []*event
	index  map[crdt.Ref]int
	// frozen: something that this program does not know, or too many events.
	frozen bool
}

// readLog reads the lifecycle of a case or a digest, together with what is held
// of the notes of the bodies that work on it.
func readLog(s *crdt.State, notes ...*crdt.State) *log {
	return caseLog(s).withNotes(notes)
}

// caseLog orders the events by how many lie before them on the longest way,
// then by name: by nothing but what they saw, so that a digest, which leaves out
// the operations between them, has the same order as its case.
func caseLog(s *crdt.State) *log {
	views := s.Events(root(fieldLifecycle))
	l := &log{index: map[crdt.Ref]int{}, frozen: s.ReadOnly(root(fieldLifecycle))}
	byRef := map[crdt.Ref]*crdt.EventView{}
	var all []*crdt.EventView
	for i := range views {
		// Two projections of one operation bear one name: the first counts.
		if _, twice := byRef[views[i].Ref]; !twice {
			byRef[views[i].Ref] = &views[i]
			all = append(all, &views[i])
		}
	}
	slices.SortFunc(all, func(a, b *crdt.EventView) int { return crdt.CompareRefs(a.Ref, b.Ref) })
	levels := map[crdt.Ref]int{}
	for _, v := range all {
		level(v, byRef, levels)
	}
	slices.SortStableFunc(all, func(a, b *crdt.EventView) int { return cmp.Compare(levels[a.Ref], levels[b.Ref]) })
	if len(all) > maxEvents {
		all, l.frozen = all[:maxEvents], true
	}
	for _, v := range all {
		l.add(v)
	}
	return l
}

// level counts the events on the longest way before one. A loop, which only a
// forged digest can make, is cut where it closes.
func level(v *crdt.EventView, byRef map[crdt.Ref]*crdt.EventView, levels map[crdt.Ref]int) {
	type frame struct {
		view *crdt.EventView
		next int
	}
	var stack []frame
	push := func(v *crdt.EventView) {
		if _, seen := levels[v.Ref]; !seen {
			levels[v.Ref] = 0
			stack = append(stack, frame{view: v})
		}
	}
	push(v)
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next < len(top.view.After) {
			before := byRef[top.view.After[top.next]]
			top.next++
			if before != nil {
				push(before)
			}
			continue
		}
		for _, ref := range top.view.After {
			if n, known := levels[ref]; known && byRef[ref] != nil {
				levels[top.view.Ref] = max(levels[top.view.Ref], n+1)
			}
		}
		stack = stack[:len(stack)-1]
	}
}

func (l *log) add(v *crdt.EventView) {
	e := caseEvent(v)
	l.frozen = l.frozen || e.unknown || e.extra
	l.put(e, v.After)
}

// concurrent reports whether neither event saw the other.
func (l *log) concurrent(i, j int) bool {
	return i != j && !l.events[i].before.has(j) && !l.events[j].before.has(i)
}

// heads are the last events: what a new event saw last.
func (l *log) heads() []crdt.Ref {
	seen := newBitset(len(l.events))
	for _, e := range l.events {
		seen.union(e.before)
	}
	var out []crdt.Ref
	for i, e := range l.events {
		if !seen.has(i) {
			out = append(out, e.ref)
		}
	}
	slices.SortFunc(out, crdt.CompareRefs)
	return out
}

// caseEvent is an event of a case or a digest; what belongs into the notes is
// no step there.
func caseEvent(v *crdt.EventView) *event {
	e := decodeEvent(v)
	if inNotes(e.step) {
		e.broken, e.day = true, ""
	}
	return e
}

func decodeEvent(v *crdt.EventView) *event {
	e := &event{ref: v.Ref, op: v.Op}
	e.value, _ = v.Value.(map[string]crdt.Value)
	e.step = str(e.value[keyStep])
	keys, known := eventKeys[e.step]
	switch {
	case v.Empty || e.value == nil:
		e.broken = true
		return e
	case !known:
		e.unknown = true
		return e
	}
	for key := range e.value {
		if key != keyStep && keys[key] == 0 {
			e.extra = true
		}
	}
	for key, want := range keys {
		if v, there := e.value[key]; !fitsEvent(v, there, want) {
			e.broken = true
		}
	}
	if at, ok := e.value[keyAt].(string); ok {
		e.day = BeijingDay(at)
		e.broken = e.broken || e.day == ""
	}
	if e.broken {
		e.day = ""
	}
	return e
}

func fitsEvent(v crdt.Value, there bool, want byte) bool {
	const lower = 'a' - 'A'
	required := want < 'a'
	if required {
		want += lower
	}
	if !there {
		return !required
	}
	switch want {
	case 's':
		_, ok := v.(string)
		return ok
	case 'b':
		_, ok := v.(bool)
		return ok
	case 'i':
		_, ok := v.(int64)
		return ok
	case 'e':
		_, ok := refOf(v)
		return ok
	case 'u':
		return unitKey(v) != ""
	case 't':
		list, ok := v.([]crdt.Value)
		for _, item := range list {
			_, isText := item.(string)
			ok = ok && isText
		}
		return ok
	case 'h':
		b, ok := v.([]byte)
		return ok && len(b) == wordingMarkSize
	case 'm':
		_, ok := v.(map[string]crdt.Value)
		return ok
	case 'n':
		_, list := v.([]crdt.Value)
		n, number := v.(int64)
		return list || number && n >= 0
	default:
		list, ok := v.([]crdt.Value)
		for _, item := range list {
			_, ref := refOf(item)
			ok = ok && ref
		}
		return ok
	}
}

// refSize is the length of a Ref in an event's value: the operation's name and
// the index in four bytes.
const refSize = 36

func refValue(r crdt.Ref) crdt.Value {
	out := append([]byte(nil), r.Op[:]...)
	return append(out, byte(r.Index>>24), byte(r.Index>>16), byte(r.Index>>8), byte(r.Index))
}

func refOf(v crdt.Value) (crdt.Ref, bool) {
	b, ok := v.([]byte)
	if !ok || len(b) != refSize {
		return crdt.Ref{}, false
	}
	r := crdt.Ref{Index: uint32(b[32])<<24 | uint32(b[33])<<16 | uint32(b[34])<<8 | uint32(b[35])}
	copy(r.Op[:], b)
	return r, true
}

// EntryID is how an entry, event or element is called in documents and paths:
// 32 hexadecimal digits of its operation's name, a dash, its index. Half of the
// name is enough: names are hashes, and an id is looked up within one record.
func EntryID(r crdt.Ref) string {
	return hex.EncodeToString(r.Op[:16]) + "-" + strconv.FormatUint(uint64(r.Index), 10)
}

// findRef finds the reference that an id means among candidates.
func findRef(id string, among []crdt.Ref) (crdt.Ref, bool) {
	id = strings.ToLower(id)
	for _, r := range among {
		if EntryID(r) == id || fmt.Sprintf("%x-%d", r.Op, r.Index) == id {
			return r, true
		}
	}
	return crdt.Ref{}, false
}

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(i int) bool { return i/64 < len(b) && b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) set(i int) { b[i/64] |= 1 << (i % 64) }

func (b bitset) clear(i int) { b[i/64] &^= 1 << (i % 64) }

func (b bitset) intersect(other bitset) {
	for i := range b {
		if i < len(other) {
			b[i] &= other[i]
		} else {
			b[i] = 0
		}
	}
}

func (b bitset) union(other bitset) {
	for i := range min(len(b), len(other)) {
		b[i] |= other[i]
	}
}
