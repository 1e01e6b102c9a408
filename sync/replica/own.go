package replica

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
)

// ownLanes knows the last operation of every lane in which this node wrote. It is
// kept outside packs and rows (packstore.Options.Note), so that a loss at their
// end is known by number.

// laneEnd is the last operation of a lane that was written here.
type laneEnd struct {
	_      struct{} `cbor:",toarray"`
	Lane   []byte   // the key of its row
	Number uint64
	ID     store.ID
}

// laneNote is what stands in the note: the ends as of a place in the packs.
type laneNote struct {
	_    struct{} `cbor:",toarray"`
	Seq  uint64
	Ends []laneEnd
}

// noteStep is after how many frames of others a note is written anew, so that no
// opening has to read many.
const noteStep = 4096

// maxLaneEnds bounds a note: an epoch begins with each copy or loss of a folder,
// and a folder has at most 64 seats.
const maxLaneEnds = 1000

// Note is packstore.Options.Note: the ends of the lanes written here, those that
// changed last at the end.
func (r *Replica) Note(frames []store.Frame) []byte {
	r.endMu.Lock()
	defer r.endMu.Unlock()
	changed, last := false, r.noted
	for i := range frames {
		changed = r.noteEnd(&frames[i]) || changed
		last = max(last, frames[i].Seq)
	}
	if !changed && last < r.noted+noteStep {
		return nil
	}
	r.noted = last
	return dcbor.Must(laneNote{Seq: r.noted, Ends: r.ends})
}

// noteEnd takes in a frame that may be the end of a lane written here; endMu is
// held.
func (r *Replica) noteEnd(f *store.Frame) bool {
	if f.Kind != store.KindOperation || f.Local.Sender != (store.ID{}) {
		return false
	}
	op, err := oplog.Trusted(f.Bytes)
	if err != nil || op.Header.Class == oplog.ClassTree {
		return false
	}
	return r.addEnd(laneEnd{Lane: laneKey(op.Header.Lane()), Number: op.Header.Number, ID: op.ID})
}

// addEnd takes in an end unless a later one is known; endMu is held.
func (r *Replica) addEnd(end laneEnd) bool {
	at := slices.IndexFunc(r.ends, func(e laneEnd) bool { return slices.Equal(e.Lane, end.Lane) })
	switch {
	case at >= 0 && r.ends[at].Number >= end.Number:
		return false
	case at >= 0:
		r.ends = slices.Delete(r.ends, at, at+1)
	}
	r.ends = append(r.ends, end)
	if over := len(r.ends) - maxLaneEnds; over > 0 {
		r.ends = slices.Delete(r.ends, 0, over)
	}
	return true
}

// loadEnds reads the note of the last opening, what was kept when a loss was
// found, and the frames that lie behind the note, which a power cut may have set
// back; what can't be read tells nothing.
func (r *Replica) loadEnds(ctx context.Context, note []byte) (behind bool, err error) {
	kept, err := r.store.GetFact(endsFact)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	r.endMu.Lock()
	defer r.endMu.Unlock()
	r.ends, r.noted = nil, 0
	for _, b := range [][]byte{kept, note} {
		var n laneNote
		if dcbor.Unmarshal(b, &n) != nil {
			continue
		}
		r.noted = max(r.noted, n.Seq)
		for _, e := range n.Ends {
			if len(e.Lane) == laneKeySize {
				r.addEnd(e)
			}
		}
	}
	err = r.store.View(ctx, func(rd store.Reader) error {
		return rd.Frames(r.noted+1, func(f store.Frame) (bool, error) {
			behind = r.noteEnd(&f) || behind
			return ctx.Err() == nil, ctx.Err()
		})
	})
	return behind, err
}

// endsFact keeps the ends of lanes once something written here is found lost, or
// the note outside the packs behind them: a power cut may tear that, and then
// nobody would tell of the loss any more.
const endsFact = "lane-ends"

// keepEnds keeps them, where something is lost or the note was behind.
func (r *Replica) keepEnds(ctx context.Context, behind bool) error {
	var own uint64
	if err := r.store.View(ctx, func(rd store.Reader) (err error) {
		own, err = r.OwnLost(rd)
		return err
	}); err != nil || own == 0 && !behind {
		return err
	}
	r.endMu.Lock()
	b := dcbor.Must(laneNote{Seq: r.noted, Ends: r.ends})
	r.endMu.Unlock()
	if before, err := r.store.GetFact(endsFact); err == nil && slices.Equal(before, b) {
		return nil
	}
	return r.store.PutFact(ctx, endsFact, b)
}

// laneKeySize is the length of a lane's row key: kind, owner, class, seat, epoch.
const laneKeySize = 1 + 32 + 1 + 32 + 8

// OwnLost counts the operations that were written here, as far as the note
// outside the packs knows, are not held any more, and whose loss nobody accepted.
func (r *Replica) OwnLost(rd store.Reader) (uint64, error) {
	accepted, err := r.accepted()
	if err != nil {
		return 0, err
	}
	gaps, err := r.ownGaps(rd)
	if err != nil {
		return 0, err
	}
	var lost uint64
	for _, g := range gaps {
		for _, run := range g.Runs {
			lost += uncovered(run, accepted[string(g.Lane)])
		}
	}
	return lost, nil
}

// laneGap are numbers of a lane that were given here and are not held.
type laneGap struct {
	_    struct{} `cbor:",toarray"`
	Lane []byte   // the key of its row
	Runs [][2]uint64
}

func (r *Replica) ownGaps(rd store.Reader) ([]laneGap, error) {
	r.endMu.Lock()
	ends := slices.Clone(r.ends)
	r.endMu.Unlock()
	var out []laneGap
	for _, e := range ends {
		var row laneRow
		if _, err := load(rd, e.Lane, &row); err != nil {
			return nil, err
		}
		if runs := gapsOf([2]uint64{1, e.Number}, row.Runs); len(runs) > 0 {
			out = append(out, laneGap{Lane: e.Lane, Runs: runs})
		}
	}
	return out, nil
}

const acceptedFact = "accepted"

// accepted are the own operations, by lane, whose loss a person accepted.
func (r *Replica) accepted() (map[string][][2]uint64, error) {
	out := map[string][][2]uint64{}
	b, err := r.store.GetFact(acceptedFact)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	var list []laneGap
	if err := dcbor.Unmarshal(b, &list); err != nil {
		return out, nil //nolint:nilerr // what can't be read was accepted by nobody, and is told again
	}
	for _, g := range list {
		out[string(g.Lane)] = append(out[string(g.Lane)], g.Runs...)
	}
	return out, nil
}

// AcceptLoss takes note that a person knows of what is lost here now and expects
// it back from nobody, and answers how many own operations that are. What was
// still shown of it, from rows that stand, is shown no more; what comes back later
// is taken like anything else.
func (r *Replica) AcceptLoss(ctx context.Context) (uint64, error) {
	var losses []store.Loss
	if err := r.store.View(ctx, func(rd store.Reader) (err error) {
		return rd.Missing(func(l store.Loss) (bool, error) {
			losses = append(losses, l)
			return true, nil
		})
	}); err != nil {
		return 0, err
	}
	if err := r.store.Settle(ctx, losses); err != nil {
		return 0, err
	}
	// Numbers of operations whose rows stood count as lost once these are gone.
	if err := r.store.Rebuild(ctx); err != nil {
		return 0, err
	}
	if err := r.JudgeDue(ctx); err != nil {
		return 0, err
	}
	var own uint64
	var gaps []laneGap
	if err := r.store.View(ctx, func(rd store.Reader) (err error) {
		if own, err = r.OwnLost(rd); err == nil {
			gaps, err = r.ownGaps(rd)
		}
		return err
	}); err != nil {
		return 0, err
	}
	return own, r.store.PutFact(ctx, acceptedFact, dcbor.Must(gaps))
}

// healing remembers, while losses are known that name no frame, with whom this
// node was found in step since.
type healing struct {
	Losses [32]byte   `cbor:"1,keyasint"` // a hash of what they are
	Units  []store.ID `cbor:"2,keyasint"`
}

const healingFact = "healing"

// unnamed are the losses that name no frame, and a hash of them.
func unnamed(rd store.Reader) (out []store.Loss, sum [32]byte, err error) {
	h := sha256.New()
	err = rd.Missing(func(l store.Loss) (bool, error) {
		if !l.Known() {
			out = append(out, l)
			fmt.Fprintf(h, "%s\x00%s\x00", l.Where, l.What)
		}
		return true, nil
	})
	return out, [32]byte(h.Sum(nil)), err
}

// settleLosses takes losses that name no frame for healed once this node was found in
// step, since they are known, with the unit above and with everybody whom it ever
// met, and holds every operation that it is known to have written: then whatever
// could be known of them is here. What was never sent is told by OwnLost.
func (r *Replica) settleLosses(ctx context.Context, peer exchange.Peer) error {
	var losses []store.Loss
	var sum [32]byte
	var own uint64
	if err := r.store.View(ctx, func(rd store.Reader) (err error) {
		if losses, sum, err = unnamed(rd); err != nil || len(losses) == 0 {
			return err
		}
		own, err = r.OwnLost(rd)
		return err
	}); err != nil || len(losses) == 0 {
		return err
	}
	var h healing
	b, err := r.store.GetFact(healingFact)
	if err == nil && (dcbor.Unmarshal(b, &h) != nil || h.Losses != sum) {
		h = healing{}
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	h.Losses, h.Units = sum, with(h.Units, peer.Unit)
	met, err := r.Meetings()
	if err != nil {
		return err
	}
	waits := false
	need := r.ancestors(r.self.Unit)
	for _, unit := range need[:min(1, len(need))] {
		waits = waits || !slices.Contains(h.Units, unit)
	}
	for unit := range met {
		waits = waits || !slices.Contains(h.Units, unit)
	}
	if waits || own > 0 {
		if now := dcbor.Must(h); !slices.Equal(now, b) {
			return r.store.PutFact(ctx, healingFact, now)
		}
		return nil
	}
	if err := r.store.Settle(ctx, losses); err != nil {
		return err
	}
	return r.store.DeleteFact(ctx, healingFact)
}
