package replica

import (
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// Relation says how an author's unit stands to a record.
type Relation string

// The relations of a unit to a record.
const (
	Owner   Relation = "owner"
	Station Relation = "station"
	Granted Relation = "granted"
	Above   Relation = "above" // above the owner in the tree, not its station
	Outside Relation = "outside"
)

// Author is who wrote an operation, as the logs that it names tell.
type Author struct {
	Seat     identity.SeatKey
	Unit     store.ID
	Roles    []identity.Role
	Relation Relation
}

// Policy is what the layer above knows: schemas, who may write what, and what
// rows to show. Its answers must be pure functions of their arguments.
type Policy interface {
	// Schema of a kind of record.
	Schema(kind oplog.Kind) crdt.Schema
	// Judge returns why the author was not entitled to write this, or "". grants
	// are the units to which the operation grants its record, sorted; of a digest
	// those to which the case operation does that it projects. It is not asked of
	// an author who is Outside: nobody is entitled there.
	Judge(kind oplog.Kind, author Author, body crdt.Body, grants []store.ID) string
	// Adopts returns why an author may not take in late operations of a record, or
	// "". It must not rest on grants.
	Adopts(author Author) string
	// Rows derives the app's rows of a record whose state changed. Keys are the
	// app's own; rows of an earlier state that should go must be deleted. get
	// reads the app's rows as they are.
	Rows(record Record, state *crdt.State, rows Rows) error
	// Hide takes away every row that Rows derived of a record: its operations are
	// judged again, and if it still stands in views, Rows is asked once more.
	Hide(record Record, rows Rows) error
	// Version is raised when Rows changes shape.
	Version() uint32
}

// Rows lets a Policy read and write its own rows.
type Rows interface {
	Get(key []byte) ([]byte, bool, error)
	Put(key, value []byte) error
	Delete(key []byte) error
}

// Record tells of a record without its content.
type Record struct {
	ID       store.ID
	Kind     oplog.Kind
	Owner    store.ID
	Case     store.ID // of notes, digests, documents; of a case its own id
	Audience oplog.Audience
	Grants   []store.ID // of accepted operations
	Served   []store.ID // stations, or of a digest masters, at the log heads that those name
	Stamp    uint64     // greatest stamp of its operations, a hint for "last changed"
	Readable bool
	// Notes are the states of the notes on a case that are readable here, of the
	// bodies that work on it, by the ids of their records: Rows of the case count
	// them, and are asked for again when one of them changes.
	Notes []*crdt.State
}

// appRows gives a Policy its part of the rows.
type appRows struct{ tx store.Tx }

func (a appRows) Get(key []byte) ([]byte, bool, error) {
	k := rowKey(rowApp, key)
	ok, err := has(a.tx, k)
	if err != nil || !ok {
		return nil, false, err
	}
	b, err := a.tx.Get(k)
	return b, err == nil, err
}

func (a appRows) Put(key, value []byte) error { return a.tx.Put(rowKey(rowApp, key), value) }
func (a appRows) Delete(key []byte) error     { return a.tx.Delete(rowKey(rowApp, key)) }
