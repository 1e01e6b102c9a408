package identity

import (
	"fmt"

	"hejie/sync/oplog"
)

// Branch tells the two branches of a unit's log.
type Branch = oplog.Branch

// The branches of a unit's log.
const (
	BranchOwn    = oplog.BranchOwn
	BranchParent = oplog.BranchParent
)

// Entry is one held operation of a unit's log.
type Entry struct {
	ID     ID
	Unit   ID // whose log it belongs to
	First  ID // the log's first entry; ID itself in the first
	Branch Branch
	Prev   ID // the entry of its branch that it follows; zero in the first
	Seat   SeatKey
	// OwnerLog and AuthorLog are the heads of the unit's and of the author's own
	// log that the author saw.
	OwnerLog, AuthorLog []ID
	// Items is one Unknown of number 0 where the content can't be read: such an
	// entry grants nothing, and stops what rests on it.
	Items []Item
}

// EntryOf reads an operation of class tree as a log entry. Content that can't be
// read, since a newer program wrote it or it is broken, is one unknown item; only
// an operation that is no log entry is an error.
func EntryOf(op *oplog.Operation) (Entry, error) {
	h := &op.Header
	if h.Class != oplog.ClassTree || h.Kind != oplog.KindLog {
		return Entry{}, fmt.Errorf("operation %x is no entry of a unit's log", op.ID[:4])
	}
	e := Entry{
		ID: op.ID, Unit: h.Owner, First: op.RecordID(), Branch: h.Branch, Seat: h.Seat,
		OwnerLog: h.OwnerLog, AuthorLog: h.AuthorLog,
	}
	if len(h.Heads) > 0 {
		e.Prev = h.Heads[0]
	}
	content, err := op.Content([32]byte{})
	if err == nil {
		e.Items, err = DecodeContent(content)
	}
	if err != nil || len(op.Unknown) > 0 {
		e.Items = []Item{&Unknown{Raw: content}}
	}
	return e, nil
}

// EntryState says what an entry gives.
type EntryState uint8

// The states of entries.
const (
	// EntryWaiting lacks an entry that is not here yet.
	EntryWaiting EntryState = iota
	// EntryGood counts.
	EntryGood
	// EntryForked is on a side of a fork that nobody named, or rests on one: it
	// gives nothing until the unit above names its side, and loses nothing.
	EntryForked
	// EntryVoid was written by somebody who may not; it is held and gives nothing.
	EntryVoid
)

// String names the state.
func (s EntryState) String() string {
	return [...]string{"waiting", "good", "forked", "void"}[s]
}
