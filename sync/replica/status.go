package replica

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
)

// Counts are the figures of `status` that hang on operations.
type Counts struct {
	Operations uint64
	Records    int
	Waiting    int // lacking a head or log entry, or a key that should be here: not what is only handed on
	Late       int
	Refused    int
	Newer      int // written by newer programs: held without effect, or carried
	Unsent     uint64
	Owed       int
	Forked     []oplog.Seat
}

// Count gathers the figures. ownSeats are the seats of this folder.
func (r *Replica) Count(ctx context.Context, ownSeats []oplog.Seat) (Counts, error) {
	var c Counts
	err := r.store.View(ctx, func(rd store.Reader) error {
		if err := rd.Scan([]byte{rowRecord}, nil, false, func(_, v []byte) (bool, error) {
			var row recordRow
			if err := dcbor.Unmarshal(v, &row); err != nil {
				return false, err
			}
			c.Operations += row.Count
			if row.Kind == oplog.KindCase {
				c.Records++
			}
			return true, nil
		}); err != nil {
			return err
		}
		later, err := ids(rd, []byte{rowLater})
		if err != nil {
			return err
		}
		c.Operations += uint64(len(later))
		if err := rd.Scan([]byte{rowTrouble}, nil, false, func(_, v []byte) (bool, error) {
			var row troubleRow
			if err := dcbor.Unmarshal(v, &row); err != nil {
				return false, err
			}
			switch carried, err := r.carries(rd, row); {
			case err != nil:
				return false, err
			case row.What == troubleLate:
				c.Late++
			case row.What == troubleNewer:
				c.Newer++
			case !carried:
				c.Waiting++
			}
			return true, nil
		}); err != nil {
			return err
		}
		if err := rd.Scan([]byte{rowFork}, nil, false, func(k, _ []byte) (bool, error) {
			if seat := oplog.Seat(k[1:33]); !slices.Contains(c.Forked, seat) {
				c.Forked = append(c.Forked, seat)
			}
			return true, nil
		}); err != nil {
			return err
		}
		debts, err := r.Owed(rd)
		c.Owed = len(debts)
		if err != nil {
			return err
		}
		c.Unsent, err = r.unsentTotal(rd, ownSeats)
		return err
	})
	if err != nil {
		return Counts{}, err
	}
	c.Newer += r.carried()
	c.Refused, err = r.countRefused()
	return c, err
}

// carries reports whether what is locked here is so for good: of a record that
// this unit hands on between two others and does not read.
func (r *Replica) carries(rd store.Reader, trouble troubleRow) (bool, error) {
	if trouble.What != troubleLocked && trouble.What != troubleBehind {
		return false, nil
	}
	var row recordRow
	found, err := load(rd, rowKey(rowRecord, trouble.Record[:]), &row)
	if err != nil || !found {
		return false, err
	}
	readers := slices.Concat(r.readersByRule(row), row.Routes, row.Grants, row.Granted)
	return !slices.Contains(readers, r.self.Unit), nil
}

// readersOf are the units besides this one that should give receipts for a
// lane's operations, but for those that have spots.
func (r *Replica) readersOf(lane oplog.Lane) []store.ID {
	units := []store.ID{lane.Owner}
	if lane.Class == oplog.ClassDigest {
		units = append(units, r.ancestors(lane.Owner)...)
	} else if station, ok := r.station(lane.Owner); ok && station != lane.Owner {
		units = append(units, station)
	}
	return without(units, []store.ID{r.self.Unit})
}

// spotReaders tell, for the own operations that have spots, which units should
// give receipts for them: those that are to read their record.
func (r *Replica) spotReaders(rd store.Reader, ownSeats []oplog.Seat) (map[oplog.Lane]map[uint64][]store.ID, error) {
	out := map[oplog.Lane]map[uint64][]store.ID{}
	readers := map[store.ID][]store.ID{}
	err := rd.Scan([]byte{rowSpot}, nil, false, func(k, _ []byte) (bool, error) {
		record, lane, number := store.ID(k[1:33]), laneOf(k[32:len(k)-8]), binary.BigEndian.Uint64(k[len(k)-8:])
		if !slices.Contains(ownSeats, lane.Seat) {
			return true, nil
		}
		if readers[record] == nil {
			var row recordRow
			if _, err := load(rd, rowKey(rowRecord, record[:]), &row); err != nil {
				return false, err
			}
			readers[record] = without(with(r.readersByRule(row), row.Granted...), []store.ID{r.self.Unit})
		}
		if out[lane] == nil {
			out[lane] = map[uint64][]store.ID{}
		}
		out[lane][number] = readers[record]
		return true, nil
	})
	return out, err
}

// Unsent counts, for each unit, own operations for which it gave no receipt.
func (r *Replica) Unsent(ctx context.Context, ownSeats []oplog.Seat) (map[store.ID]uint64, error) {
	var out map[store.ID]uint64
	err := r.store.View(ctx, func(rd store.Reader) error {
		var err error
		out, err = r.unsent(rd, ownSeats)
		return err
	})
	return out, err
}

func (r *Replica) unsent(rd store.Reader, ownSeats []oplog.Seat) (map[store.ID]uint64, error) {
	out := map[store.ID]uint64{}
	spots, err := r.spotReaders(rd, ownSeats)
	if err != nil {
		return nil, err
	}
	err = r.ownLanes(rd, ownSeats, func(l heldLane, cover Coverage) {
		byRule := r.readersOf(l.lane)
		for _, unit := range byRule {
			for _, run := range l.row.Runs {
				out[unit] += uncovered(run, cover.runs[unit][l.lane])
			}
		}
		for n, units := range spots[l.lane] {
			for _, unit := range units {
				if !slices.Contains(byRule, unit) && !cover.Has(unit, l.lane, n) {
					out[unit]++
				}
			}
			for _, unit := range byRule {
				if !slices.Contains(units, unit) && !cover.Has(unit, l.lane, n) {
					out[unit]-- // it does not go there
				}
			}
		}
	})
	return out, err
}

// UnsentTotal counts own operations for which some unit of their audience gave
// no receipt.
func (r *Replica) UnsentTotal(ctx context.Context, ownSeats []oplog.Seat) (n uint64, err error) {
	err = r.store.View(ctx, func(rd store.Reader) error {
		n, err = r.unsentTotal(rd, ownSeats)
		return err
	})
	return n, err
}

// unsentTotal counts own operations for which some unit of their audience gave
// no receipt.
func (r *Replica) unsentTotal(rd store.Reader, ownSeats []oplog.Seat) (uint64, error) {
	var total uint64
	spots, err := r.spotReaders(rd, ownSeats)
	if err != nil {
		return 0, err
	}
	err = r.ownLanes(rd, ownSeats, func(l heldLane, cover Coverage) {
		byRule := r.readersOf(l.lane)
		for _, run := range l.row.Runs {
			for n := run[0]; n <= run[1]; n++ {
				readers, spotted := spots[l.lane][n]
				if !spotted {
					readers = byRule
				}
				if slices.ContainsFunc(readers, func(u store.ID) bool { return !cover.Has(u, l.lane, n) }) {
					total++
				}
			}
		}
	})
	return total, err
}

func (r *Replica) ownLanes(rd store.Reader, ownSeats []oplog.Seat, fn func(heldLane, Coverage)) error {
	for _, owner := range r.units() {
		lanes, err := lanesOf(rd, owner)
		if err != nil {
			return err
		}
		lanes = slices.DeleteFunc(lanes, func(l heldLane) bool {
			return l.lane.Class == oplog.ClassTree || !slices.Contains(ownSeats, l.lane.Seat)
		})
		if len(lanes) == 0 {
			continue
		}
		cover, err := r.CoverageOf(rd, owner)
		if err != nil {
			return err
		}
		for _, l := range lanes {
			fn(l, cover)
		}
	}
	return nil
}

// uncovered counts the numbers of a run that no other run covers.
func uncovered(run [2]uint64, runs [][2]uint64) uint64 {
	var left uint64
	for _, gap := range gapsOf(run, runs) {
		left += gap[1] - gap[0] + 1
	}
	return left
}

// gapsOf are the parts of a run that no other run covers.
func gapsOf(run [2]uint64, runs [][2]uint64) [][2]uint64 {
	runs = slices.Clone(runs)
	slices.SortFunc(runs, func(a, b [2]uint64) int { return cmp.Compare(a[0], b[0]) })
	var out [][2]uint64
	at := run[0]
	for _, c := range runs {
		if c[1] < at || c[0] > run[1] {
			continue
		}
		if c[0] > at {
			out = append(out, [2]uint64{at, c[0] - 1})
		}
		if c[1] >= run[1] {
			return out
		}
		at = c[1] + 1
	}
	return append(out, [2]uint64{at, run[1]})
}

// Meeting is how the last session with a unit ended.
type Meeting struct {
	At       int64  `cbor:"1,keyasint"` // milliseconds since 1970, this machine's clock
	InStep   bool   `cbor:"2,keyasint"`
	StepAt   int64  `cbor:"3,keyasint"` // when last found in step; 0: never
	Sent     int    `cbor:"4,keyasint"`
	Received int    `cbor:"5,keyasint"`
	Refused  int    `cbor:"6,keyasint"`
	Trouble  string `cbor:"7,keyasint"`           // a code; empty: none
	Print    []byte `cbor:"8,keyasint,omitempty"` // SharedPrint when last found in step
}

const metPrefix = "met/"

func (r *Replica) noteMet(ctx context.Context, peer exchange.Peer, report exchange.Report) error {
	m := Meeting{At: r.now(), InStep: report.InStep, Sent: report.Sent, Received: report.Received, Refused: report.RefusedCount}
	if report.InStep {
		// What was found equal, not what is here now: a save may have come between.
		m.StepAt, m.Print = m.At, report.Print
		if err := r.settleLosses(ctx, peer); err != nil {
			return err
		}
	} else if old, ok := r.MeetingWith(peer.Unit); ok {
		m.StepAt = old.StepAt
	}
	return r.store.PutFact(ctx, metPrefix+fmt.Sprintf("%x", peer.Unit[:]), dcbor.Must(m))
}

// greetPause is how long a caller found in step again, with nothing new, is
// not noted anew: each note is a write to disk.
const greetPause = 20_000 // milliseconds

// Greeted implements exchange.Greeter.
func (r *Replica) Greeted(ctx context.Context, peer exchange.Peer, shared []byte) {
	if m, met := r.MeetingWith(peer.Unit); met && m.InStep && slices.Equal(m.Print, shared) {
		if ago := r.now() - m.At; ago >= 0 && ago < greetPause {
			if r.store.Stats().Missing > 0 {
				_ = r.settleLosses(ctx, peer) // found since; the next meeting tries again
			}
			return
		}
	}
	r.Met(ctx, peer, exchange.Report{InStep: true, Print: shared})
}

// NoteTrouble remembers that a unit could not be reached, and why (a code).
func (r *Replica) NoteTrouble(ctx context.Context, unit store.ID, code string) error {
	m, _ := r.MeetingWith(unit)
	m.At, m.InStep, m.Trouble = r.now(), false, code
	return r.store.PutFact(ctx, metPrefix+fmt.Sprintf("%x", unit[:]), dcbor.Must(m))
}

// MeetingWith tells of the last session with a unit.
func (r *Replica) MeetingWith(unit store.ID) (Meeting, bool) {
	var m Meeting
	b, err := r.store.GetFact(metPrefix + fmt.Sprintf("%x", unit[:]))
	if err != nil || dcbor.Unmarshal(b, &m) != nil {
		return Meeting{}, false
	}
	return m, true
}

// Meetings lists the units that were met.
func (r *Replica) Meetings() (map[store.ID]Meeting, error) {
	out := map[store.ID]Meeting{}
	err := r.store.ScanFacts(metPrefix, func(key string, v []byte) (bool, error) {
		id, err := parseID(strings.TrimPrefix(key, metPrefix))
		var m Meeting
		if err == nil && dcbor.Unmarshal(v, &m) == nil {
			out[id] = m
		}
		return true, nil
	})
	return out, err
}

// Readers are the units of a record's audience: by its rule, and by grants.
func (r *Replica) Readers(rec Record) []store.ID {
	units := r.readersByRule(recordRow{Owner: rec.Owner, Audience: rec.Audience, Served: rec.Served})
	for _, g := range rec.Grants {
		if !slices.Contains(units, g) {
			units = append(units, g)
		}
	}
	return units
}

// SharedPrint names what this node shares with a unit: it changes with every
// entry more or less.
func (r *Replica) SharedPrint(ctx context.Context, unit store.ID) ([]byte, error) {
	var out []byte
	err := r.Shared(ctx, unit, func(s exchange.Shared) error {
		f, err := s.Fingerprint(store.EntryKey{}, store.EntryKey{})
		out = exchange.PrintOf(f)
		return err
	})
	return out, err
}

// HearsOf reports whether a unit's receipts for an owner's operations come by
// this node.
func (r *Replica) HearsOf(unit, owner store.ID) bool {
	return r.receiptGoes(r.self.Unit, unit, owner)
}
