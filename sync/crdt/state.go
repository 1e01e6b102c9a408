package crdt

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// State is a record's state: what a set of operations gives under a schema.
// It depends on the set alone, not on the order of Apply. Several goroutines
// may read it at once while none applies.
//
// It keeps what it is given: a Body must not be changed after Apply, nor the
// values that views return.
type State struct {
	schema Schema
	ops    []op
	byID   map[ID]int32
	heads  map[int32]struct{}

	// names numbers operation names, those only referred to included.
	names  []ID
	byName map[ID]uint32

	root   *container
	events []*event         // all, of every field
	eventi map[key][]*event // the same, by reference
	odd    []oddity         // what has no effect, whatever else arrives
	spoilt []*sequence      // texts and lists to be built anew

	// Of two operations of one name the one that saw the other takes its place:
	// first is, by name, the first operation applied, twins are all of a name that
	// has several, and overtaken those that have no effect for it.
	first     []int32
	twins     map[uint32][]int32
	overtaken map[ID]bool

	bulk  bool // texts and lists are built at the end of Decode
	stale bool // an operation was overtaken since then
}

// key is a Ref with its operation's name numbered.
type key struct{ name, index uint32 }

// op is one applied operation. Its meta's Heads are kept as numbers.
type op struct {
	meta  Meta // without Heads
	heads []int32
	depth uint32
	name  uint32
	body  []byte // EncodeBody's answer; nil where it could not be read
	why   Reason // it has no effect; 0: it has
}

// OpInfo tells who wrote something and where it stands.
type OpInfo struct {
	ID    ID
	Name  ID
	Seat  [32]byte
	Unit  ID
	Stamp uint64
	// Depth is the operation's causal depth: 1 for a first one, otherwise one
	// more than the deepest of its heads.
	Depth uint32
}

// MissingHeadsError is returned by Apply when operations that the author saw
// are not applied yet. Nothing was changed: apply those first.
type MissingHeadsError struct {
	ID      ID // the waiting operation; zero where Since or At looked back
	Missing []ID
}

func (e *MissingHeadsError) Error() string {
	if e.ID == (ID{}) {
		return fmt.Sprintf("%d of the operations to look back from are not here", len(e.Missing))
	}
	return fmt.Sprintf("operation %x waits for %d earlier ones that are not here yet", e.ID[:4], len(e.Missing))
}

// New returns the state of no operations. The schema must not change afterwards.
func New(schema Schema) *State {
	return &State{
		schema: schema,
		byID:   map[ID]int32{},
		heads:  map[int32]struct{}{},
		byName: map[ID]uint32{},
		root:   newContainer(),
		eventi: map[key][]*event{},
	}
}

// Apply adds one operation. Applying an id again does nothing. It fails with
// *MissingHeadsError before the operation's heads are applied and with
// *BodyError for a body that has no encoding (DecodeBody never gives one);
// then nothing was changed. Changes that misuse a field or are not known have
// no effect and are listed by Unknown.
func (s *State) Apply(meta Meta, body Body) error {
	if _, ok := s.byID[meta.ID]; ok {
		return nil
	}
	raw, err := EncodeBody(body)
	if err != nil {
		return err
	}
	return s.apply(meta, &body, raw, 0)
}

// Hold adds an operation that has no effect here, so that what builds on it
// goes on: NewerOperation, which this program must not act on, or BrokenBody,
// which holds no list of changes. body is nil where it can't be read. A newer
// operation makes read-only what its changes name, and the whole record where
// that can't be told. It fails as Apply does.
func (s *State) Hold(meta Meta, why Reason, body *Body) error {
	if _, ok := s.byID[meta.ID]; ok {
		return nil
	}
	if body == nil {
		return s.apply(meta, nil, nil, why)
	}
	raw, err := EncodeBody(*body)
	if err != nil {
		return err
	}
	return s.apply(meta, body, raw, why)
}

func (s *State) apply(meta Meta, body *Body, raw []byte, why Reason) error {
	if why == 0 && body.Newer() {
		why = NewerOperation
	}
	o := op{meta: meta, body: raw, depth: 1, why: why}
	o.meta.Heads = nil
	var missing []ID
	for _, id := range meta.Heads {
		n, ok := s.byID[id]
		if !ok {
			missing = append(missing, id)
			continue
		}
		o.heads = append(o.heads, n)
		o.depth = max(o.depth, s.ops[n].depth+1)
	}
	if missing != nil {
		return &MissingHeadsError{ID: meta.ID, Missing: missing}
	}
	slices.Sort(o.heads)
	o.heads = slices.Compact(o.heads)
	if o.meta.Name == (ID{}) {
		o.meta.Name = meta.ID
	}
	o.name = s.nameOf(o.meta.Name)
	n := int32(len(s.ops))
	s.ops = append(s.ops, o)
	s.byID[meta.ID] = n
	for _, h := range o.heads {
		delete(s.heads, h)
	}
	s.heads[n] = struct{}{}
	switch again := s.twin(n); {
	case again && why == 0 && s.overtakes(n):
		s.stale = true
	case s.overtaken[meta.ID]:
		// It keeps its place in what others saw.
	case why == 0:
		for i := range body.Changes {
			s.applyChange(n, uint32(i), &body.Changes[i])
		}
	default:
		s.hold(n, body, why)
	}
	if !s.bulk {
		s.finish()
	}
	return nil
}

// finish brings up to date what is not kept up operation by operation.
func (s *State) finish() {
	if s.stale {
		s.renew()
	}
	s.rebuild()
}

func (s *State) nameOf(id ID) uint32 {
	n, ok := s.byName[id]
	if !ok {
		n = uint32(len(s.names))
		s.names = append(s.names, id)
		s.first = append(s.first, noOp)
		s.byName[id] = n
	}
	return n
}

// keyOf numbers a reference in a change of operation o.
func (s *State) keyOf(o int32, r Ref) key {
	if r.Op == (ID{}) {
		return key{s.ops[o].name, r.Index}
	}
	return key{s.nameOf(r.Op), r.Index}
}

// lookup is keyOf for readers: it numbers nothing new.
func (s *State) lookup(r Ref) (key, bool) {
	n, ok := s.byName[r.Op]
	return key{n, r.Index}, ok
}

func (s *State) ref(k key) Ref { return Ref{s.names[k.name], k.index} }

func (s *State) info(n int32) OpInfo {
	o := &s.ops[n]
	return OpInfo{o.meta.ID, o.meta.Name, o.meta.Seat, o.meta.Unit, o.meta.Stamp, o.depth}
}

// place is where something was written: an operation and a change's index.
type place struct {
	op  int32
	key key
}

// comparePlaces orders by causal depth, then name and index, then operation.
func (s *State) comparePlaces(a, b place) int {
	x, y := &s.ops[a.op], &s.ops[b.op]
	if c := cmp.Compare(x.depth, y.depth); c != 0 {
		return c
	}
	return s.compareIdentity(a, b)
}

// compareIdentity orders by name and index, then operation.
func (s *State) compareIdentity(a, b place) int {
	x, y := &s.ops[a.op], &s.ops[b.op]
	if c := bytes.Compare(x.meta.Name[:], y.meta.Name[:]); c != 0 {
		return c
	}
	if c := cmp.Compare(a.key.index, b.key.index); c != 0 {
		return c
	}
	return bytes.Compare(x.meta.ID[:], y.meta.ID[:])
}

// sorted returns the numbers of all operations by depth, then id: an order in
// which each comes after its heads.
func (s *State) sorted() []int32 {
	out := make([]int32, len(s.ops))
	for i := range out {
		out[i] = int32(i)
	}
	slices.SortFunc(out, s.compareOps)
	return out
}

func (s *State) compareOps(a, b int32) int {
	x, y := &s.ops[a], &s.ops[b]
	if c := cmp.Compare(x.depth, y.depth); c != 0 {
		return c
	}
	return bytes.Compare(x.meta.ID[:], y.meta.ID[:])
}

func compareIDs(a, b ID) int { return bytes.Compare(a[:], b[:]) }
