package replica

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// Receipt says what one machine durably holds of one owner's lanes (FORMAT.md 11).
type Receipt struct {
	Tree    oplog.ID      `cbor:"1,keyasint"`
	Machine oplog.Seat    `cbor:"2,keyasint"`
	Unit    oplog.ID      `cbor:"3,keyasint"`
	Counter uint64        `cbor:"4,keyasint"` // 1 to maxCounter
	Lanes   []ReceiptLane `cbor:"5,keyasint"`
	Refused []oplog.ID    `cbor:"6,keyasint,omitempty"`
	Owner   oplog.ID      `cbor:"7,keyasint"`
	// Part is where the lanes don't fit into one receipt; each counts for what it says.
	Part *ReceiptPart `cbor:"8,keyasint,omitempty"`
	// For is the unit to which this receipt goes where it is not for the owner: to
	// whom a case of the owner was granted and who wrote in it. It lists the lanes
	// of that unit's people alone, so that nobody learns of the owner's others.
	For *oplog.ID `cbor:"9,keyasint,omitempty"`
	// Erased are carry-outs of erasures that were done here, Whole the lists of
	// attachments held whole. Both are built later and kept until then.
	Erased []oplog.ID `cbor:"10,keyasint,omitempty"`
	Whole  []oplog.ID `cbor:"11,keyasint,omitempty"`
	// Lacks are the commitments of keys that this machine's unit should have.
	Lacks []oplog.ID `cbor:"12,keyasint,omitempty"`
	// newer: it has keys that this program would have to understand. It is held,
	// handed on and counts for nothing.
	newer bool
}

// ReceiptPart numbers the parts of a receipt: I of N, from 1.
type ReceiptPart struct {
	_    struct{} `cbor:",toarray"`
	I, N uint64
}

// ReceiptLane tells what is held of one lane of the receipt's owner.
type ReceiptLane struct {
	_     struct{} `cbor:",toarray"`
	Seat  oplog.Seat
	Epoch oplog.Epoch
	Class oplog.Class
	Runs  []ReceiptRun
}

// ReceiptRun is a chain of operations of which each names the one before it.
type ReceiptRun struct {
	_        struct{} `cbor:",toarray"`
	From, To uint64
	Last     oplog.ID // the operation at To: the chain says the rest
}

// Limits of a receipt, checked where one is made and where one arrives.
const (
	// maxReceipt bounds the bytes of one part: some 540 lanes of one run.
	maxReceipt = 64 << 10
	// maxParts bounds its parts: a lane for each of thousands of restores fits.
	maxParts = 16
	// maxCounter leaves nobody a last word: what is greater is refused by all.
	maxCounter = oplog.MaxNumber
	// maxLacks bounds the keys that are told as missing; the next receipt names others.
	maxLacks = 256
	// maxSides bounds the runs of one lane: a seat that forks more often is flagged
	// everywhere, and what is left out counts as not received.
	maxSides = 64
)

const (
	receiptFact = "receipt/"
	// receiptAt stands before a receipt's key: when it came, by this machine's
	// clock. Receipts themselves bear no time.
	receiptAt = "came/"
)

// key is the receipt's name among the facts.
func (rc *Receipt) key() string {
	key := fmt.Sprintf("%s%x/%x", receiptFact, rc.Owner[:], rc.Machine[:])
	if rc.For != nil {
		key += fmt.Sprintf("/%x", rc.For[:])
	}
	if rc.Part != nil && rc.Part.I > 1 { // the first takes the place of one without parts
		key += fmt.Sprintf("/part%d", rc.Part.I)
	}
	return key
}

func receiptBytes(m []byte) []byte {
	digest := seal.Hash("hejie receipt v1", m)
	return digest[:]
}

func parseReceipt(b []byte) (*Receipt, error) {
	n := len(b) - ed25519.SignatureSize
	if n < 1 || len(b) > maxReceipt {
		return nil, fmt.Errorf("a receipt of %d bytes", len(b))
	}
	var rc Receipt
	unknown, err := dcbor.UnmarshalKnown(b[:n], &rc)
	if err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	rc.newer = len(unknown) > 0
	if why := rc.malformed(); why != "" {
		return nil, fmt.Errorf("receipt: %s", why)
	}
	if !seal.Verify(rc.Machine[:], receiptBytes(b[:n]), b[n:]) {
		return nil, fmt.Errorf("receipt of %x: %w", rc.Machine[:4], oplog.ErrSignature)
	}
	return &rc, nil
}

// malformed tells what breaks the form of a receipt: all programs keep the same
// ones, or their hashes over receipts differ.
func (rc *Receipt) malformed() string {
	for _, list := range [][]oplog.ID{rc.Refused, rc.Erased, rc.Whole, rc.Lacks} {
		if !slices.IsSortedFunc(list, compareIDs) || len(slices.Compact(slices.Clone(list))) != len(list) {
			return "ids are not sorted"
		}
	}
	switch {
	case seal.CheckPublicKey(rc.Machine[:]) != nil:
		return "its machine has no signing key"
	case rc.Counter == 0 || rc.Counter > maxCounter:
		return "its counter is out of range"
	case rc.Part != nil && (rc.Part.N < 2 || rc.Part.N > maxParts || rc.Part.I == 0 || rc.Part.I > rc.Part.N):
		return "it is no part that there can be"
	case len(rc.Lacks) > maxLacks:
		return "too many keys"
	}
	for i := range rc.Lanes {
		if why := rc.Lanes[i].malformed(); why != "" {
			return why
		}
		if i > 0 && compareLanes(&rc.Lanes[i-1], &rc.Lanes[i]) >= 0 {
			return "its lanes are not sorted"
		}
	}
	return ""
}

func (l *ReceiptLane) malformed() string {
	if l.Class < oplog.ClassDigest || l.Class > oplog.LastClass {
		return "a lane of a class that receipts don't tell of"
	}
	if len(l.Runs) == 0 || len(l.Runs) > maxSides {
		return "a lane without runs, or with too many"
	}
	for i, run := range l.Runs {
		if run.From == 0 || run.From > run.To || run.To > maxCounter {
			return "a run out of range"
		}
		if i > 0 && compareRuns(l.Runs[i-1], run) >= 0 {
			return "its runs are not sorted"
		}
	}
	return ""
}

func compareLanes(x, y *ReceiptLane) int {
	return cmp.Or(cmp.Compare(x.Class, y.Class), compareIDs(x.Seat, y.Seat), bytes.Compare(x.Epoch[:], y.Epoch[:]))
}

func compareRuns(x, y ReceiptRun) int {
	return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), compareIDs(x.Last, y.Last))
}

// receiptGoes reports whether a receipt that unit `from` gives for an owner's
// lanes goes to a unit: to all on the way back to the owner, and the owner's
// own to its stations, whose people write in the owner's cases too.
func (r *Replica) receiptGoes(to, from, owner store.ID) bool {
	if from == owner && slices.Contains(r.stations(owner), to) {
		return true
	}
	u, ok1 := r.path(to)
	f, ok2 := r.path(from)
	o, ok3 := r.path(owner)
	return ok1 && ok2 && ok3 && onWay(u, f, o)
}

// goesTo reports whether a receipt goes to a unit: to those between the unit
// that gave it and the one that it is for, both included.
func (r *Replica) goesTo(to store.ID, rc *Receipt) bool {
	if rc.For == nil {
		return r.receiptGoes(to, rc.Unit, rc.Owner)
	}
	u, ok1 := r.path(to)
	f, ok2 := r.path(rc.Unit)
	o, ok3 := r.path(*rc.For)
	_, ok4 := r.path(rc.Owner)
	return ok1 && ok2 && ok3 && ok4 && onWay(u, f, o)
}

// Receipts implements exchange.Replica: those that go to both units.
func (r *Replica) Receipts(_ context.Context, unit store.ID) ([][]byte, error) {
	var out [][]byte
	err := r.eachReceipt("", func(rc *Receipt, raw []byte) {
		if r.goesTo(unit, rc) && r.goesTo(r.self.Unit, rc) {
			out = append(out, raw)
		}
	})
	return out, err
}

// eachReceipt visits the receipts held, in the order of owner and machine.
func (r *Replica) eachReceipt(prefix string, fn func(*Receipt, []byte)) error {
	return r.store.ScanFacts(receiptFact+prefix, func(_ string, v []byte) (bool, error) {
		if rc, err := parseReceipt(v); err == nil { // a damaged fact is passed over: the receipt comes again
			fn(rc, slices.Clone(v))
		}
		return true, nil
	})
}

// OwnReceipt implements exchange.Replica: brings this machine's receipts up to
// date for every owner whose entries go to both, and returns the last written.
func (r *Replica) OwnReceipt(ctx context.Context, unit store.ID) ([]byte, error) {
	if _, ok := r.path(unit); !ok {
		return nil, &UnknownUnitError{unit}
	}
	owners := map[Path]bool{}
	for _, g := range r.sortedGroups() {
		if g[0] >= entryDigest {
			owners[g.owner()] = true
		}
	}
	r.receiptMu.Lock()
	defer r.receiptMu.Unlock()
	var last []byte
	for _, u := range r.units() {
		if p, ok := r.path(u); !ok || !owners[p] {
			continue
		}
		due, err := r.receiptsDue(ctx, u)
		if err != nil {
			return nil, err
		}
		for i := range due {
			if !r.goesTo(unit, &due[i]) {
				continue
			}
			if last, err = r.writeReceipt(ctx, due[i]); err != nil {
				return nil, err
			}
		}
	}
	return last, nil
}

// receiptsDue are the receipts, but for their counters, that this machine gives
// for an owner's lanes: one of all, and one for each unit whose people wrote in
// the owner's records and to which the first does not go; each in parts.
func (r *Replica) receiptsDue(ctx context.Context, owner store.ID) ([]Receipt, error) {
	whole := Receipt{Tree: r.self.Tree, Machine: r.self.Seat, Unit: r.self.Unit, Owner: owner}
	var others []Receipt
	err := r.store.View(ctx, func(rd store.Reader) error {
		lanes, err := lanesOf(rd, owner)
		if err != nil {
			return err
		}
		for _, l := range lanes {
			if l.lane.Class == oplog.ClassTree {
				continue
			}
			lane := ReceiptLane{Seat: l.lane.Seat, Epoch: l.lane.Epoch, Class: l.lane.Class}
			if lane.Runs, err = runsOf(rd, l); err != nil {
				return err
			}
			whole.Lanes = append(whole.Lanes, lane)
			unit, known := r.seatUnit(l.lane.Seat)
			if !known || unit == r.self.Unit || r.receiptGoes(unit, r.self.Unit, owner) {
				continue
			}
			at := slices.IndexFunc(others, func(rc Receipt) bool { return *rc.For == unit })
			if at < 0 {
				at = len(others)
				rc := whole
				rc.Lanes, rc.For = nil, &unit
				others = append(others, rc)
			}
			others[at].Lanes = append(others[at].Lanes, lane)
		}
		whole.Lacks, err = r.lackedKeys(rd, owner)
		return err
	})
	if err != nil || len(whole.Lanes) == 0 {
		return nil, err
	}
	var out []Receipt
	for _, rc := range append(others, whole) {
		out = append(out, rc.parts()...)
	}
	return out, nil
}

// lackedKeys are the keys of an owner's records that this unit should read and
// can't, the smallest first, sorted.
func (r *Replica) lackedKeys(rd store.Reader, owner store.ID) (keys []store.ID, err error) {
	err = rd.Scan([]byte{rowLocked}, nil, false, func(k, _ []byte) (bool, error) {
		key := store.ID(k[1:33])
		if len(keys) > 0 && keys[len(keys)-1] == key {
			return true, nil
		}
		op, err := heldOperation(rd, lastID(k))
		if err != nil || op.Header.Owner != owner {
			return true, err
		}
		carried, err := r.carries(rd, troubleRow{What: troubleLocked, Record: op.RecordID()})
		if err == nil && !carried {
			keys = append(keys, key)
		}
		return len(keys) < maxLacks, err
	})
	return keys, err
}

// runsOf are the chains held of a lane. Where a seat forked, a chain ends where
// two operations follow one, and each side is a run of its own.
func runsOf(rd store.Reader, l heldLane) ([]ReceiptRun, error) {
	place := laneKey(l.lane)[1:]
	if !l.row.Forked {
		var out []ReceiptRun
		for _, run := range l.row.Runs {
			at, err := ids(rd, rowKey(rowNumber, place, be64(run[1])))
			if err != nil {
				return nil, err
			}
			if len(at) != 1 {
				return nil, fmt.Errorf("%d operations at number %d of a lane that did not fork", len(at), run[1])
			}
			out = append(out, ReceiptRun{From: run[0], To: run[1], Last: at[0]})
		}
		return out[:min(len(out), maxSides)], nil
	}
	var ops []*oplog.Operation
	follow := map[store.ID]int{}
	list, err := ids(rd, rowKey(rowNumber, place)) // by number
	if err != nil {
		return nil, err
	}
	for _, id := range list {
		op, err := heldOperation(rd, id)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
		if op.Header.Previous != nil {
			follow[*op.Header.Previous]++
		}
	}
	var out []ReceiptRun
	end := map[store.ID]int{} // last operation → its run
	for _, op := range ops {
		n := op.Header.Number
		if p := op.Header.Previous; p != nil && follow[*p] == 1 {
			if i, held := end[*p]; held && out[i].To == n-1 {
				out[i].To, out[i].Last = n, op.ID
				end[op.ID] = i
				continue
			}
		}
		end[op.ID] = len(out)
		out = append(out, ReceiptRun{From: n, To: n, Last: op.ID})
	}
	slices.SortFunc(out, compareRuns)
	return out[:min(len(out), maxSides)], nil
}

// writeReceipt keeps a receipt if it says something else than the one before,
// and returns the one that holds.
func (r *Replica) writeReceipt(ctx context.Context, rc Receipt) ([]byte, error) {
	old, before, err := r.heldReceipt(rc.key())
	if err != nil {
		return nil, err
	}
	if before != nil {
		rc.Counter = before.Counter
		if bytes.Equal(dcbor.Must(rc), dcbor.Must(before)) || rc.Counter == maxCounter {
			return old, nil
		}
	}
	rc.Counter++
	b := rc.sign(r.machine)
	return b, r.store.PutFact(ctx, rc.key(), b)
}

func (rc *Receipt) sign(key ed25519.PrivateKey) []byte {
	m := dcbor.Must(rc)
	return append(m, ed25519.Sign(key, receiptBytes(m))...)
}

// heldReceipt reads the receipt under a key; nil: none that can be read.
func (r *Replica) heldReceipt(key string) ([]byte, *Receipt, error) {
	b, err := r.store.GetFact(key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	rc, err := parseReceipt(b)
	if err != nil {
		return nil, nil, nil //nolint:nilerr // damaged: it comes again, or is made anew
	}
	return b, rc, nil
}

// receiptRoom is what lanes may take of a part; the rest is head, keys and signature.
const receiptRoom = maxReceipt - 1024 - 34*maxLacks

// parts splits a receipt so that each part fits, in the order of its lanes. Lanes
// beyond maxParts are left out: they count as not received, which is never more
// than the truth.
func (rc *Receipt) parts() []Receipt {
	slices.SortFunc(rc.Lanes, func(x, y ReceiptLane) int { return compareLanes(&x, &y) })
	var out []Receipt
	room := 0
	for _, lane := range rc.Lanes {
		size := 48 + 54*len(lane.Runs) // three heads and the id of a run
		if size > room {
			if len(out) == maxParts {
				break
			}
			part := *rc
			part.Lanes = nil
			if len(out) > 0 {
				part.Lacks, part.Refused = nil, nil // the first says it
			}
			out, room = append(out, part), receiptRoom
		}
		last := &out[len(out)-1]
		last.Lanes, room = append(last.Lanes, lane), room-size
	}
	if len(out) > 1 {
		for i := range out {
			out[i].Part = &ReceiptPart{I: uint64(i + 1), N: uint64(len(out))}
		}
	}
	return out
}

// TakeReceipts implements exchange.Replica. An own one that comes back was lost
// here, by a backup or a copy: its counter is passed, so that what is said now
// holds everywhere.
func (r *Replica) TakeReceipts(ctx context.Context, _ exchange.Peer, receipts [][]byte) error {
	r.receiptMu.Lock()
	defer r.receiptMu.Unlock()
	for _, b := range receipts {
		rc, err := parseReceipt(b)
		if err != nil || rc.Tree != r.self.Tree {
			continue
		}
		if unit, ok := r.Member(rc.Machine); !ok || unit != rc.Unit {
			continue
		}
		// Only what concerns entries that come by here: otherwise one machine could
		// sign receipts for owners without end.
		if !r.goesTo(r.self.Unit, rc) {
			continue
		}
		if err := r.takeReceipt(ctx, rc, b); err != nil {
			return err
		}
	}
	return nil
}

func (r *Replica) takeReceipt(ctx context.Context, rc *Receipt, b []byte) error {
	key := rc.key()
	_, before, err := r.heldReceipt(key)
	if err != nil || before != nil && before.Counter >= rc.Counter {
		return err
	}
	if rc.Machine == r.self.Seat {
		if before != nil && rc.Counter < maxCounter {
			before.Counter = rc.Counter + 1
			b = before.sign(r.machine)
		}
		return r.store.PutFact(ctx, key, b)
	}
	if err := r.store.PutFact(ctx, key, b); err != nil {
		return err
	}
	return r.store.PutFact(ctx, receiptAt+key, be64(uint64(max(0, r.now()))))
}

type heldLane struct {
	lane oplog.Lane
	row  laneRow
}

func lanesOf(rd store.Reader, owner store.ID) ([]heldLane, error) {
	var out []heldLane
	err := rd.Scan(rowKey(rowLane, owner[:]), nil, false, func(k, v []byte) (bool, error) {
		l := heldLane{lane: laneOf(k)}
		if err := dcbor.Unmarshal(v, &l.row); err != nil {
			return false, err
		}
		out = append(out, l)
		return true, nil
	})
	return out, err
}

// Coverage tells, for one owner, which numbers of which lanes each unit has
// receipted, whichever of its machines did.
type Coverage struct {
	runs map[store.ID]map[oplog.Lane][][2]uint64
	at   map[store.ID]int64 // when the newest receipt came, milliseconds since 1970
}

// CoverageOf collects the receipts held for an owner. A run counts unless its
// last operation is another than the one held here at that number: then it is
// the other side of a fork.
func (r *Replica) CoverageOf(rd store.Reader, owner store.ID) (Coverage, error) {
	c := Coverage{runs: map[store.ID]map[oplog.Lane][][2]uint64{}, at: map[store.ID]int64{}}
	var receipts []*Receipt
	if err := r.eachReceipt(fmt.Sprintf("%x/", owner[:]), func(rc *Receipt, _ []byte) {
		if rc.newer {
			return
		}
		receipts = append(receipts, rc)
		if b, err := r.store.GetFact(receiptAt + rc.key()); err == nil && len(b) == 8 {
			c.at[rc.Unit] = max(c.at[rc.Unit], int64(binary.BigEndian.Uint64(b)&math.MaxInt64))
		}
	}); err != nil {
		return c, err
	}
	for _, rc := range receipts {
		lanes := c.runs[rc.Unit]
		if lanes == nil {
			lanes = map[oplog.Lane][][2]uint64{}
			c.runs[rc.Unit] = lanes
		}
		for _, l := range rc.Lanes {
			lane := oplog.Lane{Seat: l.Seat, Epoch: l.Epoch, Owner: owner, Class: l.Class}
			for _, run := range l.Runs {
				here, err := ids(rd, rowKey(rowNumber, laneKey(lane)[1:], be64(run.To)))
				if err != nil {
					return c, err
				}
				if len(here) == 0 || slices.Contains(here, run.Last) {
					lanes[lane] = append(lanes[lane], [2]uint64{run.From, run.To})
				}
			}
		}
	}
	return c, nil
}

// Has reports whether the unit gave a receipt for this number of the lane.
func (c Coverage) Has(unit store.ID, lane oplog.Lane, n uint64) bool {
	return slices.ContainsFunc(c.runs[unit][lane], func(run [2]uint64) bool { return run[0] <= n && n <= run[1] })
}

// Came tells when a unit's newest receipt came, in milliseconds since 1970 by
// this machine's clock; 0: never.
func (c Coverage) Came(unit store.ID) int64 { return c.at[unit] }
