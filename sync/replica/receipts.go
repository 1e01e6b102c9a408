package replica

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
)

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
	if err := r.whole(ctx); err != nil {
		return nil, err
	}
	err := r.store.View(ctx, func(rd store.Reader) error {
		lanes, err := lanesOf(rd, owner)
		if err != nil {
			return err
		}
		lost, err := lostNow(rd)
		if err != nil {
			return err
		}
		for _, l := range lanes {
			if l.lane.Class == oplog.ClassTree {
				continue
			}
			lane := ReceiptLane{Seat: l.lane.Seat, Epoch: l.lane.Epoch, Class: l.lane.Class}
			if lane.Runs, err = runsOf(rd, l, lost); err != nil {
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
		if err != nil || op == nil || op.Header.Owner != owner {
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
// two operations follow one, and each side is a run of its own; before one that is
// lost, it ends too.
func runsOf(rd store.Reader, l heldLane, lost map[store.ID]bool) ([]ReceiptRun, error) {
	place := laneKey(l.lane)[1:]
	if !l.row.Forked && len(lost) == 0 {
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
		if op == nil || lost[id] {
			continue
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
		// One that a later program of this folder wrote counts for nothing here.
		same := !before.newer && bytes.Equal(dcbor.Must(rc), dcbor.Must(before))
		if same || rc.Counter == maxCounter {
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
// holds everywhere. Such a machine may also have said two things under one
// counter: then every station keeps the same one of the two, whichever came
// first, until the machine hears of the other and passes both.
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
	held, before, err := r.heldReceipt(key)
	if err != nil || before != nil && before.Counter > rc.Counter || bytes.Equal(held, b) {
		return err
	}
	if before != nil && before.Counter == rc.Counter && rc.Machine != r.self.Seat && bytes.Compare(held, b) > 0 {
		return nil
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
