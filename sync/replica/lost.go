package replica

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// A frame whose bytes the disk lost is one frame lost. What was derived from it
// stands, so that lists, states, numbers and heads are as they were; it has no
// place in the ordered set any more and in no receipt, so that nobody is told
// that it is here, and the next meeting finds it lacking and brings it again
// (Heal). What had to be derived from its bytes meanwhile and could not be is
// noted as a gap, which a rebuild closes once everything is back.

// unreadable reports whether an error says of a frame that its bytes are not here.
func unreadable(err error) bool {
	return errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrNotFound)
}

// heldOperation reads an operation that rows speak of. Of a log entry rows have
// a copy, which serves where the frame is lost. Nil: it is lost.
func heldOperation(rd store.Reader, id store.ID) (*oplog.Operation, error) {
	f, err := rd.Frame(id)
	switch {
	case err == nil:
		return oplog.Trusted(f.Bytes)
	case !unreadable(err):
		return nil, err
	}
	b, err := rd.Get(rowKey(rowEntry, id[:]))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return oplog.Trusted(b)
}

// heldWrap reads a wrap that rows speak of; nil: it is lost.
func heldWrap(rd store.Reader, id store.ID) (*oplog.SealedWrap, error) {
	f, err := rd.Frame(id)
	if unreadable(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return oplog.TrustedWrap(f.Bytes)
}

// derived reports whether rows tell of an operation, be its bytes here or lost.
func derived(rd store.Reader, id store.ID) (bool, error) {
	if here, err := rd.Has(id); err != nil || here {
		return here, err
	}
	for _, kind := range []byte{rowDone, rowTrouble} {
		if here, err := has(rd, rowKey(kind, id[:])); err != nil || here {
			return here, err
		}
	}
	return false, nil
}

// watched is a transaction that remembers that a frame was asked for and lost.
type watched struct {
	store.Tx
	gap *bool
}

func (w watched) Frame(id store.ID) (store.Frame, error) {
	f, err := w.Tx.Frame(id)
	if errors.Is(err, store.ErrDamaged) {
		*w.gap = true
	}
	return f, err
}

// Heal implements store.Healer: what follows from the bytes of frames that came
// back and could not be derived without them.
func (r *Replica) Heal(tx store.Tx, frames []store.Frame) error {
	if err := r.loadOnce(tx); err != nil {
		return err
	}
	a := r.newApply(tx)
	for i := range frames {
		f := &frames[i]
		var err error
		switch f.Kind {
		case store.KindOperation:
			err = a.cameBack(f)
		case store.KindWrap:
			err = a.wrap(f) // what it derives may be derived again
		}
		if err != nil {
			return fmt.Errorf("frame %x, which came back: %w", f.ID[:4], err)
		}
		r.noteLeft(f.ID, false)
	}
	return a.finish()
}

// cameBack gives an operation its places again and judges it and what waited.
func (a *apply) cameBack(f *store.Frame) error {
	op, err := oplog.Trusted(f.Bytes)
	if err != nil {
		return err
	}
	if op.Header.Class == oplog.ClassTree {
		if err := a.tx.Put(rowKey(rowEntry, op.ID[:]), f.Bytes); err != nil {
			return err
		}
		if err := a.log(op); err != nil {
			return err
		}
	}
	if err := a.noteInside(op); err != nil {
		return err
	}
	if err := a.placeAgain(op); err != nil {
		return err
	}
	waiters, err := ids(a.tx, rowKey(rowWaiter, op.ID[:]))
	if err != nil {
		return err
	}
	a.queue = append(append(a.queue, op.ID), waiters...)
	return nil
}

func (a *apply) placeAgain(op *oplog.Operation) error {
	if unplaced, err := has(a.tx, rowKey(rowUnplaced, op.ID[:])); err != nil || unplaced {
		return err
	}
	var row recordRow
	if !op.Header.Class.Later() {
		w, err := a.record(op.RecordID())
		if err != nil {
			return err
		}
		row = w.row
	}
	groups, err := places(a.Replica, a.reader(nil), row, &op.Header)
	if err != nil {
		return err
	}
	return a.putAll(groups, op.Header.Stamp, op.ID)
}

// lostNow are the ids of the frames that are known to be lost.
func lostNow(rd store.Reader) (map[store.ID]bool, error) {
	var out map[store.ID]bool
	err := rd.Missing(func(l store.Loss) (bool, error) {
		if l.Known() {
			if out == nil {
				out = map[store.ID]bool{}
			}
			out[l.ID] = true
		}
		return true, nil
	})
	return out, err
}

// whole makes sure that what is told of this node's frames is told of what can
// be read: everything was read through once since the opening, and what is lost
// stands in no place of the ordered set.
func (r *Replica) whole(ctx context.Context) error {
	if err := r.store.Scrub(ctx); err != nil {
		return err
	}
	return r.leaveLost(ctx)
}

// leaveLost takes what is lost out of the ordered set, as a rebuild would.
func (r *Replica) leaveLost(ctx context.Context) error {
	r.leaveMu.Lock()
	defer r.leaveMu.Unlock()
	fresh := false
	if err := r.store.View(ctx, func(rd store.Reader) error {
		lost, err := lostNow(rd)
		for id := range lost {
			fresh = fresh || !r.hasLeft(id)
		}
		return err
	}); err != nil || !fresh {
		return err
	}
	err := r.store.Derive(ctx, func(tx store.Tx) error {
		lost, err := lostNow(tx) // no other frame comes back meanwhile
		if err != nil {
			return err
		}
		var gone []store.EntryKey
		if err := tx.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			if lost[store.ID(k[41:])] {
				gone = append(gone, k)
			}
			return true, nil
		}); err != nil {
			return err
		}
		for _, k := range gone {
			if err := tx.Leave(k); err != nil {
				return err
			}
		}
		for id := range lost {
			r.noteLeft(id, true)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("taking what is lost out of what is shared: %w", err)
	}
	return nil
}

func (r *Replica) hasLeft(id store.ID) bool {
	r.leftMu.Lock()
	defer r.leftMu.Unlock()
	return r.left[id]
}

func (r *Replica) noteLeft(id store.ID, gone bool) {
	r.leftMu.Lock()
	defer r.leftMu.Unlock()
	switch {
	case !gone:
		delete(r.left, id)
	case r.left == nil:
		r.left = map[store.ID]bool{id: true}
	default:
		r.left[id] = true
	}
}

// fromCopies gives the store the lost log entries of which rows have a copy.
func (r *Replica) fromCopies(ctx context.Context) error {
	var frames []store.Frame
	if err := r.store.View(ctx, func(rd store.Reader) error {
		lost, err := lostNow(rd)
		if err != nil {
			return err
		}
		for id := range lost {
			b, err := rd.Get(rowKey(rowEntry, id[:]))
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if op, err := oplog.Parse(b); err == nil && op.ID == id {
				frames = append(frames, store.Frame{ID: id, Kind: store.KindOperation, Bytes: b, Local: store.Local{Arrived: r.now()}})
			}
		}
		return nil
	}); err != nil || len(frames) == 0 {
		return err
	}
	slices.SortFunc(frames, func(x, y store.Frame) int { return compareIDs(x.ID, y.ID) })
	for piece := range slices.Chunk(frames, chunk) {
		_, err := r.store.Append(ctx, piece)
		if err != nil && unwritable(err) {
			return nil // the copy serves for as long
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// CloseGaps derives everything anew where something could not be derived while
// frames were lost and frames came since; it reports whether it did. As long as
// a frame is lost whose rows stand, or the key is missing that they were read
// with, they are better than none and are left. A gap that stays open is noted
// with how many frames were held, since with nothing more closing it again
// changes nothing; the note is a row, for other rows may have other gaps.
func (r *Replica) CloseGaps(ctx context.Context) (bool, error) {
	gap := false
	if err := r.store.View(ctx, func(rd store.Reader) error {
		before, err := rd.Get([]byte{rowGap})
		if errors.Is(err, store.ErrNotFound) || err == nil && bytes.Equal(before, be64(r.store.Stats().Frames)) {
			return nil
		}
		if err != nil {
			return err
		}
		lost, err := lostNow(rd)
		gap = err == nil && len(lost) == 0 && r.holdsReadingKey(r.self.Unit)
		return err
	}); err != nil || !gap {
		return false, err
	}
	if err := r.store.Rebuild(ctx); err != nil {
		return true, err
	}
	if err := r.JudgeDue(ctx); err != nil {
		return true, err
	}
	return true, r.store.Derive(ctx, func(tx store.Tx) error {
		if open, err := has(tx, []byte{rowGap}); err != nil || !open {
			return err
		}
		return tx.Put([]byte{rowGap}, be64(r.store.Stats().Frames))
	})
}

// Lacking are those of some frames, well formed each, that are not held here.
func (r *Replica) Lacking(ctx context.Context, frames []exchange.Wire) (out []exchange.Wire, err error) {
	err = r.store.View(ctx, func(rd store.Reader) error {
		for _, w := range frames {
			var id store.ID
			if w.Kind == store.KindWrap {
				s, err := oplog.TrustedWrap(w.Bytes)
				if err != nil {
					return err
				}
				id = s.ID
			} else {
				op, err := oplog.Trusted(w.Bytes)
				if err != nil {
					return err
				}
				id = op.ID
			}
			if here, err := rd.Has(id); err != nil {
				return err
			} else if !here {
				out = append(out, w)
			}
		}
		return nil
	})
	return out, err
}

// Learn lets log entries count that are known from elsewhere and not held, for as
// long as the program runs: where nothing can be written the station still knows
// whose it is. They must be checked.
func (r *Replica) Learn(frames []exchange.Wire) {
	for _, w := range frames {
		if op, err := oplog.Trusted(w.Bytes); w.Kind == store.KindOperation && err == nil && op.Header.Class == oplog.ClassTree {
			if e, err := identity.EntryOf(op); err == nil {
				r.registry.Add(e)
			}
		}
	}
}
