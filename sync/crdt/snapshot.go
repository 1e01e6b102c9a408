package crdt

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	"github.com/fxamacker/cbor/v2"
)

// A snapshot is a CBOR array [version, schema hash, seats, units, operations].
// Seats and units are sorted tables; an operation is [id, name or nothing if it
// is the id, heads as places in the list, stamp, seat's place, unit's place,
// body, why it has no effect or 0], ordered by depth, then id. It holds all operations because nothing of
// them may be lost: replaced values are history, and deleted text holds the
// order of what was written beside it.

// snapshotVersion is raised when that form changes; snapshots are derived, so
// others are not read but made anew from the operations.
const snapshotVersion = 2

// maxSnapshotOps bounds the operations of a snapshot that is read: sixteen
// times the longest editing history known to us.
const maxSnapshotOps = 1 << 22

// SnapshotError is returned for bytes that are no snapshot of this version.
// Derive the state anew from its operations.
type SnapshotError struct{ Reason string }

func (e *SnapshotError) Error() string { return "the snapshot can't be used: " + e.Reason }

// ErrOtherSchema is returned for a snapshot that was made under another
// schema. Derive the state anew from its operations.
var ErrOtherSchema = errors.New("the snapshot was made under another schema")

type wireSnapshot struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Schema  []byte
	Seats   [][]byte
	Units   [][]byte
	Ops     []wireOp
}

type wireOp struct {
	_     struct{} `cbor:",toarray"`
	ID    []byte
	Name  []byte
	Heads []uint32
	Stamp uint64
	Seat  uint32
	Unit  uint32
	Body  []byte
	Why   uint8 // a Reason, where the operation has no effect
}

var snapshotMode = must(func() (cbor.DecMode, error) {
	return decOptions(maxSnapshotOps, maxPairs).DecMode()
})

// Encode gives the snapshot of the state: the same bytes for the same set of
// operations and schema, in whatever order they were applied.
func (s *State) Encode() []byte {
	order := s.sorted()
	at := make([]uint32, len(order))
	seats, units := map[ID]uint32{}, map[ID]uint32{}
	for i, n := range order {
		at[n] = uint32(i)
		seats[ID(s.ops[n].meta.Seat)] = 0
		units[s.ops[n].meta.Unit] = 0
	}
	hash := s.schema.Hash()
	w := wireSnapshot{Version: snapshotVersion, Schema: hash[:], Seats: table(seats), Units: table(units), Ops: make([]wireOp, len(order))}
	for i, n := range order {
		o := &s.ops[n]
		out := wireOp{
			ID: o.meta.ID[:], Heads: make([]uint32, len(o.heads)), Stamp: o.meta.Stamp,
			Seat: seats[ID(o.meta.Seat)], Unit: units[o.meta.Unit], Body: o.body, Why: uint8(o.why),
		}
		if o.meta.Name != o.meta.ID {
			out.Name = o.meta.Name[:]
		}
		for j, h := range o.heads {
			out.Heads[j] = at[h]
		}
		slices.Sort(out.Heads)
		w.Ops[i] = out
	}
	raw, err := encMode.Marshal(&w)
	if err != nil {
		panic("crdt: a state has no encoding: " + err.Error())
	}
	return raw
}

// table sorts the ids and notes each one's place.
func table(ids map[ID]uint32) [][]byte {
	out := make([][]byte, 0, len(ids))
	for i, id := range slices.SortedFunc(maps.Keys(ids), compareIDs) {
		ids[id] = uint32(i)
		out = append(out, id[:])
	}
	return out
}

// Decode reads what Encode gave, and nothing else: other bytes are refused
// with *SnapshotError, those of another schema with ErrOtherSchema. The state
// is then the one that was encoded, in everything it does later.
func Decode(schema Schema, data []byte) (*State, error) {
	var w wireSnapshot
	if err := snapshotMode.Unmarshal(data, &w); err != nil {
		return nil, &SnapshotError{err.Error()}
	}
	if w.Version != snapshotVersion {
		return nil, &SnapshotError{fmt.Sprintf("it has version %d and this program writes %d", w.Version, snapshotVersion)}
	}
	hash := schema.Hash()
	if !bytes.Equal(w.Schema, hash[:]) {
		return nil, ErrOtherSchema
	}
	s := New(schema)
	s.bulk = true
	for i := range w.Ops {
		if err := s.applyWire(&w, i); err != nil {
			return nil, &SnapshotError{fmt.Sprintf("operation %d: %v", i, err)}
		}
	}
	s.bulk = false
	s.finish()
	if !bytes.Equal(s.Encode(), data) {
		return nil, &SnapshotError{"it is not in its one encoding"}
	}
	return s, nil
}

func (s *State) applyWire(w *wireSnapshot, i int) error {
	o := &w.Ops[i]
	m := Meta{Stamp: o.Stamp}
	if int(o.Seat) >= len(w.Seats) || int(o.Unit) >= len(w.Units) {
		return errors.New("its seat or unit is not in the table")
	}
	err := cmp.Or(copyID(&m.ID, o.ID), copyID((*ID)(&m.Seat), w.Seats[o.Seat]), copyID(&m.Unit, w.Units[o.Unit]))
	if err == nil && len(o.Name) > 0 {
		err = copyID(&m.Name, o.Name)
	}
	if err != nil {
		return err
	}
	for _, h := range o.Heads {
		if int(h) >= i {
			return errors.New("it comes before one of its heads")
		}
		m.Heads = append(m.Heads, s.ops[h].meta.ID)
	}
	if s.Has(m.ID) {
		return errors.New("it is there twice")
	}
	if len(o.Body) == 0 {
		return s.apply(m, nil, nil, Reason(o.Why))
	}
	body, err := DecodeBody(o.Body)
	if err != nil {
		return err
	}
	return s.apply(m, &body, o.Body, Reason(o.Why))
}

func copyID(id *ID, from []byte) error {
	if len(from) != len(id) {
		return fmt.Errorf("an id has %d bytes, not 32", len(from))
	}
	copy(id[:], from)
	return nil
}

// hashes keeps the hash of each schema that a snapshot was made or read with,
// by the map's address; the schema lies beside it, so that no other can come to
// have that address. A program has a handful of schemas and each state asks.
var hashes sync.Map

type hashed struct {
	schema Schema
	sum    [32]byte
}

// Hash names a schema: equal schemas, in whatever order they were written down,
// have equal hashes. A snapshot opens under its own alone, so whoever keeps
// snapshots has to make them anew when it changes.
func (s Schema) Hash() [32]byte {
	at := reflect.ValueOf(s).Pointer()
	kept, _ := hashes.Load(at)
	if h, ok := kept.(hashed); ok {
		return h.sum
	}
	raw, err := encMode.Marshal(s.plain())
	if err != nil {
		panic("crdt: a schema has no encoding: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	hashes.Store(at, hashed{s, sum})
	return sum
}

func (s Schema) plain() map[string]any {
	out := map[string]any{}
	for name, f := range s {
		out[name] = []any{uint8(f.Kind), f.Legal, f.Entry.plain(), f.Type.plain()}
	}
	return out
}
