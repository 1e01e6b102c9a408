package replica

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

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
