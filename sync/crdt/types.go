// Package crdt merges the changes of operations into the state of a record.
//
// It is for pure, total functions from a set of operations to a state: the
// same set gives the same state, byte for byte, whatever the order of arrival
// and however often each came (DESIGN P2). It may not know mediation, keys,
// time, disk or network. Main invariant: each assignment names those that it
// replaces, so merging needs no clock and no order; what a program does not
// know is kept and marks what it touches read-only (P4).
package crdt

import (
	"hejie/store"
)

// ID names an operation.
type ID = store.ID

// Ref names an element, an assignment or an event: the operation that wrote it
// and the index of the change in that operation. In the changes of an
// operation that is being made, the zero Op stands for that operation itself
// (on the wire it is left out).
type Ref struct {
	Op    ID
	Index uint32
}

// Segment is one step of a path: a field's name, or an entry of a map.
type Segment struct {
	Field string // 1 to 64 bytes of a-z 0-9 _; empty: Entry is meant
	Entry Ref
}

// Path leads from a record's root to a field: "claims", or parties/<entry>/phone.
type Path []Segment

// Value is what a register or set element holds: nil, bool, int64, string,
// []byte, []Value or map[string]Value, nothing else, at most 8 levels deep.
type Value = any

// ChangeKind says what a change does. Numbers are for ever.
type ChangeKind uint8

// The kinds of changes (FORMAT.md 4).
const (
	Assign ChangeKind = 1 // register: Value; Replaces the assignments it saw there
	Add    ChangeKind = 2 // set or map: a new element, named by this change's Ref; Value for a set
	Remove ChangeKind = 3 // set or map: Replaces every ref of the element that it saw (its add, and all live refs inside it); Unread: sets aside, in any field
	Insert ChangeKind = 4 // text or list: Text or Items placed by Parent and Side
	Delete ChangeKind = 5 // text or list: Spans
	Event  ChangeKind = 6 // lifecycle: Value is the event's content; After are the events it saw last
)

// Side says on which side of its parent a run of text or list items hangs (Fugue).
type Side uint8

// The two sides of a Fugue parent.
const (
	Left  Side = 0
	Right Side = 1
)

// Element names one character or item: the insert that brought it and its
// offset in it. With Root set it is the root of the text or list, before
// every element, and the other fields are zero.
type Element struct {
	Ref    Ref
	Offset uint32
	Root   bool
}

// Span names Count characters or items of one insert, from Offset on.
type Span struct {
	Ref    Ref
	Offset uint32
	Count  uint32
}

// Change is one change of a record. Which fields count depends on Kind.
type Change struct {
	Kind     ChangeKind
	Path     Path
	Value    Value
	Replaces []Ref // sorted by (Op, Index), no duplicates
	After    []Ref // Event: the last events that it saw, sorted
	Parent   Element
	Side     Side
	Text     string  // Insert into a text, by Unicode code point
	Items    []Value // Insert into a list
	Spans    []Span  // Delete
	// Unread (Assign, Remove): the author's program could not read a change that
	// Replaces names; a person who was shown its bytes replaces it all the same.
	Unread bool
	// Ignored are the keys from FirstIgnored on that a newer program wrote; they
	// say nothing that counts, and are kept and encoded again as they were.
	Ignored []UnknownKey
	// Raw is the change's exact encoding where this program does not know its
	// kind or a key of it below FirstIgnored; it is kept, forwarded and shown as unknown.
	Raw []byte
	// Void marks a place that holds no change (CBOR null), so that the changes
	// of a digest keep the indexes of what they project.
	Void bool
}

// Meta is what merging needs of an operation besides its changes.
type Meta struct {
	ID    ID
	Name  ID     // names its elements: ID itself, in a digest the case operation that it projects
	Heads []ID   // the record's heads that the author saw, sorted
	Stamp uint64 // hybrid logical clock: 48 bits of milliseconds, 16 of counter; a hint for display
	Seat  [32]byte
	Unit  ID // the author's unit
}

// FieldKind says how a field merges.
type FieldKind uint8

// The kinds of fields.
const (
	Register FieldKind = 1
	Set      FieldKind = 2
	Map      FieldKind = 3
	List     FieldKind = 4
	Text     FieldKind = 5
	Events   FieldKind = 6
)

// Field is one field of a schema.
type Field struct {
	Kind FieldKind
	// Legal registers show a conflict until a person settles it; others show
	// the value of greatest causal depth, then greatest hash, marked.
	Legal bool
	// Entry is the schema of a Map's entries.
	Entry Schema
	// Type is what a Register holds, and what the elements of a Set or List, the
	// insertions of a Text and the contents of Events are; nil: any value. What
	// does not fit is a change that this program does not know.
	Type *Type
}

// Schema names the fields that this program knows of a record or an entry.
// A field that it does not name is unknown: kept, shown as unknown, read-only.
// A schema is not changed once a state was made with it.
type Schema map[string]Field
