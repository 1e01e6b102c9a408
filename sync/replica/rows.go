package replica

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// The rows that the replica derives, by the first byte of their key. The app's
// own rows lie under rowApp. Ids are 32 bytes, numbers big-endian.
const (
	rowRecord   = 'r' // record → recordRow
	rowMember   = 'm' // record, seq → operation id
	rowState    = 's' // record, piece → snapshot of crdt.State
	rowLane     = 'l' // owner, class, seat, epoch → laneRow
	rowNumber   = 'n' // lane, number, operation → nothing: two operations at one number are a fork
	rowFork     = 'f' // seat, operation → nothing
	rowDone     = 'd' // operation → nothing: its effect is in its record's state
	rowTrouble  = 'u' // operation → troubleRow: accepted it is not, or not readable here
	rowWaiter   = 'q' // missing id, operation → nothing
	rowLocked   = 'x' // key, operation → nothing: opens when the key comes
	rowWrapKey  = 'k' // key, wrap → nothing
	rowWrapFor  = 'w' // key that opens it, wrap → nothing
	rowInside   = 'K' // key, operation → nothing: operations that bear the key themselves
	rowInsideBy = 'W' // audience key that opens it, operation → nothing
	rowAudience = 'a' // owner, rule, seat, key → the register whose own key it is, else nothing: audience keys, by their wraps
	rowCase     = 'c' // case, kind, record → nothing: notes, digest, documents of a case; a unit's register
	rowGrant    = 'g' // unit, record → nothing: units that the record's places name
	rowUnplaced = 'B' // operation → nothing: it is in no place of the ordered set (yet)
	rowOutside  = 'b' // record, author's unit, operation → nothing: of those, what units wrote that have no part in the record
	rowAwait    = 'A' // log entry that is not here, operation → nothing: of those, what is told when it comes
	rowServes   = 'S' // audience key, unit, record → nothing: of whom the records under it say that he is to have it
	rowFurther  = 'F' // record, unit → nothing: a station that came after the record's first operation
	rowGranted  = 'h' // record, unit → nothing: grants of accepted operations
	rowSeen     = 'e' // operation → the grants that were accepted up to it
	rowUses     = 'y' // record, key → nothing: keys that opened its operations
	rowOdd      = 'o' // key, record → nothing: those of them that are not its first operation's
	rowUser     = 'i' // key, seat, record → nothing: who sealed digests with it
	rowWrapUnit = 'j' // key, unit, maker's seat → nothing: keys sealed to units
	rowSpot     = 'z' // record, lane, number → nothing: operations whose record goes elsewhere than their lane's others
	rowLink     = 'p' // unit, other unit → nothing: the log of one also goes to the other
	rowLater    = 'L' // operation → nothing: of a later class
	rowRouted   = 'R' // unit, operation → nothing: of a later class that goes to the unit
	rowEntry    = 'E' // log entry → its frame: a copy, so that one bad sector takes no unit away
	rowGap      = 'G' // → frames held when it was tried last, or nothing: something follows from a lost frame and could not be derived
	rowDue      = 'D' // record, operation or mark → nothing: to be judged outside of the lock (settle.go)
	rowWeight   = 'X' // record, seat, depth, operation → weightRow
	rowSum      = 'H' // record, seat → sumRow
	rowAdopted  = 'J' // record, operation, adoption → nothing: a director took it in
	rowPending  = 'P' // sender's machine, operation → nothing: what it brought and waits for what nobody brought yet
	rowToken    = 't' // client token → record and operation id, and what the save asked for if known
	rowApp      = 'v'
)

func rowKey(kind byte, parts ...[]byte) []byte {
	k := []byte{kind}
	for _, p := range parts {
		k = append(k, p...)
	}
	return k
}

func be64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// lastID is the id at the end of a row's key.
func lastID(key []byte) store.ID { return store.ID(key[len(key)-32:]) }

// recordRow is what is known of a record without reading it.
type recordRow struct {
	Kind     oplog.Kind     `cbor:"1,keyasint"`
	Owner    oplog.ID       `cbor:"2,keyasint"`
	Case     *oplog.ID      `cbor:"3,keyasint,omitempty"`
	Audience oplog.Audience `cbor:"4,keyasint"`
	Grants   []oplog.ID     `cbor:"5,keyasint,omitempty"`
	Key      *oplog.ID      `cbor:"6,keyasint,omitempty"` // of its first operation
	Count    uint64         `cbor:"7,keyasint"`           // operations held
	Stamp    uint64         `cbor:"8,keyasint"`           // greatest seen, for "last changed"
	// Granted are the grants of accepted operations, sorted: those that count for
	// people and keys. Grants are those that count for entries (routes.go).
	Granted []oplog.ID `cbor:"9,keyasint,omitempty"`
	// Routes are the stations of a case, or the masters of a digest, at the log
	// heads that the record's operations name; Authors the units besides the
	// owner whose people wrote in it. Both sorted; for entries.
	Routes  []oplog.ID `cbor:"10,keyasint,omitempty"`
	Authors []oplog.ID `cbor:"11,keyasint,omitempty"`
	// Writers are the units to which a digest's operations say that its case was
	// granted: who writes in it is told by the digest alone.
	Writers []oplog.ID `cbor:"14,keyasint,omitempty"`
	// Served are the Routes that accepted operations name, for keys; Station is
	// the one of the first operation, where that is accepted.
	Served  []oplog.ID `cbor:"12,keyasint,omitempty"`
	Station *oplog.ID  `cbor:"13,keyasint,omitempty"`
	// Weight is what its operations that count weigh together, Judged how many have
	// their effect or their place: who has a state of both has the record's.
	Weight uint64 `cbor:"15,keyasint,omitempty"`
	Judged uint64 `cbor:"16,keyasint,omitempty"`
}

// reach are the units besides the owner and those above it to which the record goes.
func (row *recordRow) reach() []oplog.ID { return merge(row.Grants, row.Routes) }

// ofUnit reports whether the record is of a unit and no case, and goes up the tree.
func (row *recordRow) ofUnit() bool {
	return row.Audience == oplog.AudienceTree && row.Kind != oplog.KindDigest && row.Kind != oplog.KindLog && row.Kind != oplog.KindErasure
}

// laneRow sums up a lane as held here.
type laneRow struct {
	Runs [][2]uint64 `cbor:"1,keyasint"` // numbers held, sorted, not touching
	Last oplog.ID    `cbor:"2,keyasint"` // the operation with the greatest number
	// Forked: two operations have one number, or one names another before it than
	// the one held there.
	Forked bool `cbor:"3,keyasint,omitempty"`
}

func (l *laneRow) top() uint64 {
	if len(l.Runs) == 0 {
		return 0
	}
	return l.Runs[len(l.Runs)-1][1]
}

// add notes a number; it reports whether it is the greatest now.
func (l *laneRow) add(n uint64) bool {
	greatest := n > l.top()
	at := len(l.Runs)
	for at > 0 && l.Runs[at-1][0] > n {
		at--
	}
	if at > 0 && l.Runs[at-1][1]+1 >= n {
		if l.Runs[at-1][1] < n {
			l.Runs[at-1][1] = n
		}
	} else {
		l.Runs = append(l.Runs[:at], append([][2]uint64{{n, n}}, l.Runs[at:]...)...)
		at++
	}
	if at < len(l.Runs) && l.Runs[at-1][1]+1 == l.Runs[at][0] {
		l.Runs[at-1][1] = l.Runs[at][1]
		l.Runs = append(l.Runs[:at], l.Runs[at+1:]...)
	}
	return greatest
}

// trouble says why an operation has no effect here.
type trouble uint8

const (
	troubleWaiting trouble = 1 // names a record head or log entry that is not here
	troubleLocked  trouble = 2 // its key is not here
	troubleLate    trouble = 3 // its author was not entitled; a director decides
	troubleBehind  trouble = 4 // what it builds on is locked
	troubleNewer   trouble = 5 // a newer program wrote it: it keeps its place and has no effect here
)

type troubleRow struct {
	What   trouble  `cbor:"1,keyasint"`
	Record oplog.ID `cbor:"2,keyasint"`
	Reason string   `cbor:"3,keyasint,omitempty"`
	Class  uint8    `cbor:"4,keyasint"`
}

// merge is the sorted union of two lists of ids.
func merge(x, y []store.ID) []store.ID {
	all := append(slices.Clone(x), y...)
	slices.SortFunc(all, compareIDs)
	return slices.Compact(all)
}

// without are the ids of a list that are not in another.
func without(list, less []store.ID) []store.ID {
	return slices.DeleteFunc(slices.Clone(list), func(id store.ID) bool { return slices.Contains(less, id) })
}

func compareIDs(x, y store.ID) int { return bytes.Compare(x[:], y[:]) }

func laneKey(l oplog.Lane) []byte {
	return rowKey(rowLane, l.Owner[:], []byte{byte(l.Class)}, l.Seat[:], l.Epoch[:])
}

func laneOf(key []byte) oplog.Lane {
	k := key[1:]
	return oplog.Lane{Owner: oplog.ID(k[:32]), Class: oplog.Class(k[32]), Seat: oplog.Seat(k[33:65]), Epoch: oplog.Epoch(k[65:73])}
}

// load reads a row into v; false if there is none.
func load(r store.Reader, key []byte, v any) (bool, error) {
	b, err := r.Get(key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := dcbor.Unmarshal(b, v); err != nil {
		return false, fmt.Errorf("row %x: %w", key[:min(9, len(key))], err)
	}
	return true, nil
}

func has(r store.Reader, key []byte) (bool, error) {
	_, err := r.Get(key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// ids collects the ids at the ends of the keys under prefix.
func ids(r store.Reader, prefix []byte) ([]store.ID, error) {
	var out []store.ID
	err := r.Scan(prefix, nil, false, func(key, _ []byte) (bool, error) {
		out = append(out, lastID(key))
		return true, nil
	})
	return out, err
}
