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
	Counter uint64        `cbor:"4,keyasint"`
	Lanes   []ReceiptLane `cbor:"5,keyasint"`
	Refused []oplog.ID    `cbor:"6,keyasint,omitempty"`
	Owner   oplog.ID      `cbor:"7,keyasint"`
	// For is the unit to which this receipt goes where it is not for the owner: to
	// whom a case of the owner was granted and who wrote in it. It lists the lanes
	// of that unit's people alone, so that nobody learns of the owner's others.
	For *oplog.ID `cbor:"9,keyasint,omitempty"`
}

// ReceiptLane tells the numbers held of one lane of the receipt's owner.
type ReceiptLane struct {
	_     struct{} `cbor:",toarray"`
	Seat  oplog.Seat
	Epoch oplog.Epoch
	Class oplog.Class
	Runs  [][2]uint64
}

// maxReceipt bounds a receipt: 500 lanes of some runs each fit.
const maxReceipt = 64 << 10

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
	if err := dcbor.Unmarshal(b[:n], &rc); err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	if !seal.Verify(rc.Machine[:], receiptBytes(b[:n]), b[n:]) {
		return nil, fmt.Errorf("receipt of %x: %w", rc.Machine[:4], oplog.ErrSignature)
	}
	return &rc, nil
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
// the owner's records and to which the first does not go.
func (r *Replica) receiptsDue(ctx context.Context, owner store.ID) ([]Receipt, error) {
	whole := Receipt{Tree: r.self.Tree, Machine: r.self.Seat, Unit: r.self.Unit, Owner: owner}
	var others []Receipt
	err := r.store.View(ctx, func(rd store.Reader) error {
		lanes, err := lanesOf(rd, owner)
		for _, l := range lanes {
			if l.lane.Class == oplog.ClassTree {
				continue
			}
			lane := ReceiptLane{Seat: l.lane.Seat, Epoch: l.lane.Epoch, Class: l.lane.Class, Runs: l.row.Runs}
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
		return err
	})
	if err != nil || len(whole.Lanes) == 0 {
		return nil, err
	}
	return append(others, whole), nil
}

// writeReceipt keeps a receipt if it says something else than the one before,
// and returns the one that holds.
func (r *Replica) writeReceipt(ctx context.Context, rc Receipt) ([]byte, error) {
	rc.Lanes = fitting(rc.Lanes)
	key := rc.key()
	old, err := r.store.GetFact(key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if before, err := parseReceipt(old); err == nil {
		rc.Counter = before.Counter
		if bytes.Equal(dcbor.Must(rc), dcbor.Must(before)) {
			return old, nil
		}
		rc.Counter++
	} else {
		rc.Counter = 1
	}
	m := dcbor.Must(rc)
	b := append(m, ed25519.Sign(r.machine, receiptBytes(m))...)
	return b, r.store.PutFact(ctx, key, b)
}

// receiptRoom is what lanes may take of a receipt; the rest is head and signature.
const receiptRoom = maxReceipt - 1024

// fitting keeps the lanes that a receipt has room for: those with most
// operations first. What is left out counts as not received, which is never
// more than the truth.
func fitting(lanes []ReceiptLane) []ReceiptLane {
	size := func(l *ReceiptLane) int { return 48 + 20*len(l.Runs) }
	total := 0
	for i := range lanes {
		total += size(&lanes[i])
	}
	if total <= receiptRoom {
		return lanes
	}
	held := func(l *ReceiptLane) (n uint64) {
		for _, run := range l.Runs {
			n += run[1] - run[0] + 1
		}
		return n
	}
	order := make([]int, len(lanes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(held(&lanes[b]), held(&lanes[a])) })
	keep, room := make([]bool, len(lanes)), receiptRoom
	for _, i := range order {
		if n := size(&lanes[i]); n <= room {
			keep[i], room = true, room-n
		}
	}
	var out []ReceiptLane
	for i := range lanes {
		if keep[i] {
			out = append(out, lanes[i])
		}
	}
	return out
}

// TakeReceipts implements exchange.Replica.
func (r *Replica) TakeReceipts(ctx context.Context, _ exchange.Peer, receipts [][]byte) error {
	r.receiptMu.Lock()
	defer r.receiptMu.Unlock()
	for _, b := range receipts {
		rc, err := parseReceipt(b)
		if err != nil || rc.Tree != r.self.Tree || rc.Machine == r.self.Seat {
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
		key := rc.key()
		old, err := r.store.GetFact(key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if before, err := parseReceipt(old); err == nil && before.Counter >= rc.Counter {
			continue
		}
		if err := r.store.PutFact(ctx, key, b); err != nil {
			return err
		}
		if err := r.store.PutFact(ctx, receiptAt+key, be64(uint64(max(0, r.now())))); err != nil {
			return err
		}
	}
	return nil
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

// CoverageOf collects the receipts held for an owner.
func (r *Replica) CoverageOf(owner store.ID) (Coverage, error) {
	c := Coverage{runs: map[store.ID]map[oplog.Lane][][2]uint64{}, at: map[store.ID]int64{}}
	err := r.eachReceipt(fmt.Sprintf("%x/", owner[:]), func(rc *Receipt, _ []byte) {
		lanes := c.runs[rc.Unit]
		if lanes == nil {
			lanes = map[oplog.Lane][][2]uint64{}
			c.runs[rc.Unit] = lanes
		}
		if b, err := r.store.GetFact(receiptAt + rc.key()); err == nil && len(b) == 8 {
			c.at[rc.Unit] = max(c.at[rc.Unit], int64(binary.BigEndian.Uint64(b)&math.MaxInt64))
		}
		for _, l := range rc.Lanes {
			lane := oplog.Lane{Seat: l.Seat, Epoch: l.Epoch, Owner: owner, Class: l.Class}
			lanes[lane] = append(lanes[lane], l.Runs...)
		}
	})
	return c, err
}

// Has reports whether the unit gave a receipt for this number of the lane.
func (c Coverage) Has(unit store.ID, lane oplog.Lane, n uint64) bool {
	return slices.ContainsFunc(c.runs[unit][lane], func(run [2]uint64) bool { return run[0] <= n && n <= run[1] })
}

// Came tells when a unit's newest receipt came, in milliseconds since 1970 by
// this machine's clock; 0: never.
func (c Coverage) Came(unit store.ID) int64 { return c.at[unit] }
