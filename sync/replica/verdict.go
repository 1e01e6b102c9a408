package replica

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// judgeAll judges the queue, and records again in which verdicts changed by what
// came: an adoption, or operations beyond what one seat may write.
func (a *apply) judgeAll() error {
	if err := a.judgeQueue(); err != nil {
		return err
	}
	for pass := 0; len(a.again) > 0; pass++ {
		if pass == maxPasses {
			return fmt.Errorf("the verdicts of %d records don't settle", len(a.again))
		}
		again := a.again
		a.again = map[store.ID]bool{}
		for _, id := range slices.SortedFunc(maps.Keys(again), compareIDs) {
			w, err := a.record(id)
			if err != nil {
				return err
			}
			if !a.mine(w) {
				if err := a.makeDue(w, dueAgain, w.row.Weight); err != nil {
					return err
				}
				continue
			}
			if err := a.forgetBut(id, !again[id]); err != nil {
				return err
			}
		}
		if err := a.judgeQueue(); err != nil {
			return err
		}
	}
	return nil
}

// maxPasses bounds how often a record is judged in one apply: what is too dear
// rests on no adoption, and an adoption on none either, so that two suffice.
const maxPasses = 4

// judgeQueue judges operations until none is left whose verdict may have changed.
func (a *apply) judgeQueue() error {
	for len(a.queue) > 0 {
		id := a.queue[0]
		a.queue = a.queue[1:]
		if done, err := has(a.tx, rowKey(rowDone, id[:])); err != nil {
			return err
		} else if done {
			continue
		}
		if err := a.judge(id); err != nil {
			return err
		}
	}
	return nil
}

// judge gives one operation its effect, or notes why it has none yet.
func (a *apply) judge(id store.ID) error {
	op, err := heldOperation(a.tx, id)
	if err != nil || op == nil { // lost: judged when it comes back
		return err
	}
	if op.Header.Class == oplog.ClassTree {
		return a.done(op) // its effect is the registry's
	}
	if op.Header.Class == oplog.ClassErasure || op.Header.Class.Later() {
		return a.newer(op, store.ID{}, nil, nil) // carriers hold it; what it does is for programs that know the class
	}
	if blocked, err := a.blocked(op); err != nil || blocked {
		return err
	}
	if due, err := a.defers(op, 0); err != nil || due {
		return err
	}
	if stopped, err := a.stopped(op); err != nil || stopped {
		return err
	}
	if behind, err := a.behindLost(op); err != nil || behind {
		return err
	}
	if foreign, err := a.foreignHeads(op); err != nil || foreign {
		if err != nil {
			return err
		}
		return a.late(op, nil, WhyForeign)
	}
	seen, err := a.seenBefore(op)
	if err != nil {
		return err
	}
	author, err := a.author(op, seen)
	var missing *identity.MissingError
	why := ""
	switch {
	case errors.As(err, &missing):
		return a.waits(op, missing.IDs, troubleWaiting)
	case err != nil:
		why = WhyUnknownSeat
	case author.Relation == Outside:
		// Told before its key is asked for: else whoever wraps a key to some of the
		// readers alone could lock the others out of all that follows.
		why = WhyOutside
	}
	if why == "" {
		return a.judgeBody(op, author, seen)
	}
	adopted, err := a.adopted(op)
	if err != nil || !adopted {
		if err != nil {
			return err
		}
		return a.late(op, seen, why)
	}
	author.Unit = a.authorUnit(op)
	return a.judgeBody(op, author, seen)
}

// judgeBody opens an operation of somebody who has a part in its record, and
// gives it the effect of what lies in it.
func (a *apply) judgeBody(op *oplog.Operation, author Author, seen []store.ID) error {
	key, ok, err := a.keys.resolve(a.tx, *op.Header.Key)
	if err != nil {
		return err
	}
	if !ok {
		if err := a.tx.Put(rowKey(rowLocked, op.Header.Key[:], op.ID[:]), nil); err != nil {
			return err
		}
		return a.trouble(op, troubleLocked, "")
	}
	adopted, err := a.adopted(op)
	if err != nil {
		return err
	}
	if adopted {
		var before troubleRow
		if _, err := load(a.tx, rowKey(rowTrouble, op.ID[:]), &before); err != nil {
			return err
		}
		if before.What == troubleLocked { // its key came after its adoption, which was weighed without it
			a.keepAdopted(op.RecordID())
		}
	}
	if beyond, err := a.beyond(op); err != nil || beyond && !adopted {
		if err != nil {
			return err
		}
		return a.late(op, seen, WhyDear) // and isn't opened: that would cost most
	}
	content, err := op.Content(key)
	if due, err := a.defers(op, len(content)); err != nil || due {
		return err
	}
	if errors.Is(err, oplog.ErrNewer) || err != nil && len(op.Unknown) > 0 {
		if err := a.noteKey(op); err != nil {
			return err
		}
		if _, err := a.weigh(op, 0); err != nil {
			return err
		}
		return a.newer(op, author.Unit, seen, nil)
	}
	if err != nil && !errors.Is(err, seal.ErrContent) {
		// Not sealed with the key that it names: whoever lacks that key can't tell,
		// so it is as locked to those who have it. Nothing honest builds on it.
		return a.trouble(op, troubleLocked, "")
	}
	if keyErr := a.noteKey(op); keyErr != nil {
		return keyErr
	}
	if err != nil { // the key opened it, and what lay in it is no plaintext
		if _, err := a.weigh(op, 0); err != nil {
			return err
		}
		return a.accept(op, author.Unit, seen, crdt.BrokenBody, nil, 1)
	}
	return a.effect(op, author, seen, content, adopted)
}

// effect gives an operation that was opened its effect on its record.
func (a *apply) effect(op *oplog.Operation, author Author, seen []store.ID, content []byte, adopted bool) error {
	body, err := crdt.DecodeBody(content)
	if err != nil {
		if _, err := a.weigh(op, 0); err != nil {
			return err
		}
	}
	switch {
	case len(op.Unknown) > 0 && err != nil:
		return a.newer(op, author.Unit, seen, nil)
	case err != nil:
		// A body that opens to no list of changes is held with no effect: its author's
		// program broke, and its lane goes on.
		return a.accept(op, author.Unit, seen, crdt.BrokenBody, nil, 1)
	}
	newer := len(op.Unknown) > 0 || body.Newer()
	weight := body.Weight(len(content)) + uint64(len(op.Header.Heads))
	grants := op.Header.Granting()
	why := ""
	if !newer {
		why = a.policy.Judge(op.Header.Kind, author, body, grants)
	}
	taken := uint64(0)
	var list []*oplog.Operation
	if why == "" && len(op.Header.Adopts) > 0 {
		if why = a.policy.Adopts(author); why == "" {
			var lost []store.ID
			if list, lost, err = a.adopts(op); err != nil {
				return err
			}
			if len(lost) > 0 {
				return a.waits(op, lost, troubleBehind)
			}
			if taken, err = a.taken(list); err != nil {
				return err
			}
		}
	}
	counted := weight + taken
	if why != "" {
		counted = 0
	}
	if dear, err := a.weigh(op, counted); err != nil {
		return err
	} else if dear {
		why = WhyDear
	}
	switch {
	case why != "" && !adopted:
		return a.late(op, seen, why)
	case newer:
		return a.newerBody(op, author.Unit, seen, &body, weight)
	case why == "" && len(op.Header.Adopts) > 0:
		if err := a.adopt(op, list); err != nil {
			return err
		}
	}
	if err := a.grant(op, grants); err != nil {
		return err
	}
	if err := a.served(op); err != nil {
		return err
	}
	return a.accept(op, author.Unit, merge(seen, grants), 0, &body, weight)
}

// outside holds an operation of somebody who has no part in its record, as far
// as headers and logs tell. It has no place in the state either: nothing may
// build on what is handed on to nobody.
func (a *apply) outside(op *oplog.Operation) error {
	_, err := a.author(op, nil)
	var missing *identity.MissingError
	if errors.As(err, &missing) {
		return a.waits(op, missing.IDs, troubleWaiting)
	}
	if err != nil {
		return a.trouble(op, troubleLate, WhyUnknownSeat)
	}
	return a.trouble(op, troubleLate, WhyOutside)
}

// blocked notes what the operation waits for: what it names, or a part in the
// record for its author's unit.
func (a *apply) blocked(op *oplog.Operation) (bool, error) {
	var missing []store.ID
	what := troubleWaiting
	held := true
	for _, h := range op.Header.Heads {
		done, err := has(a.tx, rowKey(rowDone, h[:]))
		if err != nil {
			return false, err
		}
		if done {
			continue
		}
		missing = append(missing, h)
		if here, err := derived(a.tx, h); err != nil {
			return false, err
		} else if !here {
			held = false
		}
	}
	for _, list := range [][]oplog.ID{op.Header.OwnerLog, op.Header.AuthorLog} {
		for _, h := range list {
			if here, err := derived(a.tx, h); err != nil {
				return false, err
			} else if !here {
				missing, held = append(missing, h), false
			}
		}
	}
	if len(missing) == 0 {
		unplaced, err := has(a.tx, rowKey(rowUnplaced, op.ID[:]))
		if err != nil || !unplaced {
			return false, err
		}
		return true, a.outside(op)
	}
	if held {
		what = troubleBehind
	}
	return true, a.waits(op, missing, what)
}

// behindLost holds an operation of a large record that can't be read whole: what it
// names stands in no state then, and it must not look foreign for that.
func (a *apply) behindLost(op *oplog.Operation) (bool, error) {
	w, err := a.record(op.RecordID())
	if err != nil {
		return false, err
	}
	_, err = a.stateOf(w)
	var lost *foldError
	switch {
	case !errors.As(err, &lost):
		return false, err
	case lost.key != nil:
		if err := a.tx.Put(rowKey(rowLocked, lost.key[:], op.ID[:]), nil); err != nil {
			return true, err
		}
		return true, a.trouble(op, troubleLocked, "")
	}
	a.gap = true
	return true, a.waits(op, lost.lost, troubleBehind)
}

// stopped holds an operation whose author saw a log entry that this program may
// not pass over: what rests on it waits for a newer one. When the stop goes, the
// registry tells and it is judged again (judgeAgain).
func (a *apply) stopped(op *oplog.Operation) (bool, error) {
	if err := a.stopAt(op.Header.OwnerLog, op.Header.AuthorLog); err != nil {
		return true, a.trouble(op, troubleWaiting, err.Error())
	}
	return false, nil
}

// stopAt is a *identity.StoppedError where log heads rest on an entry that stops.
// Heads that are none are for others to tell.
func (r *Replica) stopAt(heads ...[]store.ID) error {
	for _, ids := range heads {
		if len(ids) == 0 {
			continue
		}
		if s, ok, err := r.registry.StopOf(ids); err == nil && ok {
			u, _ := r.unit(s.Unit)
			return &identity.StoppedError{Stop: s, Name: u.Name}
		}
	}
	return nil
}

// Rules is the number of the rules for verdicts on cases and digests that the
// tree's root names; a program that knows a smaller one may show something else
// than others do.
func (r *Replica) Rules() uint64 { return r.registry.Rules() }

// waits notes what an operation waits for.
func (a *apply) waits(op *oplog.Operation, missing []store.ID, what trouble) error {
	for _, m := range missing {
		if err := a.tx.Put(rowKey(rowWaiter, m[:], op.ID[:]), nil); err != nil {
			return err
		}
	}
	if err := a.pending(op.ID, what == troubleWaiting); err != nil {
		return err
	}
	return a.trouble(op, what, "")
}

// foreignHeads reports whether an operation names heads that are not of its
// record; they are all held and judged.
func (a *apply) foreignHeads(op *oplog.Operation) (bool, error) {
	if len(op.Header.Heads) == 0 {
		return false, nil
	}
	w, err := a.record(op.RecordID())
	if err != nil {
		return false, err
	}
	s, err := a.stateOf(w)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(op.Header.Heads, func(h store.ID) bool { return !s.Has(h) }), nil
}

// late holds an operation without effect until a person adopts it; those that
// build on it find it in its place.
func (a *apply) late(op *oplog.Operation, seen []store.ID, why string) error {
	if err := a.accept(op, store.ID{}, seen, 0, &crdt.Body{}, 1); err != nil {
		return err
	}
	return a.trouble(op, troubleLate, why)
}

// newer holds an operation without effect until this program is updated; those
// that build on it find it in its place. An operation of a class that this
// program does not know is in no record's state. body is nil where it can't be
// read.
func (a *apply) newer(op *oplog.Operation, unit store.ID, seen []store.ID, body *crdt.Body) error {
	return a.newerBody(op, unit, seen, body, 1)
}

func (a *apply) newerBody(op *oplog.Operation, unit store.ID, seen []store.ID, body *crdt.Body, weight uint64) error {
	var err error
	if op.Header.Class == oplog.ClassErasure || op.Header.Class.Later() {
		err = a.done(op)
	} else {
		err = a.accept(op, unit, seen, crdt.NewerOperation, body, weight)
	}
	if err != nil {
		return err
	}
	return a.trouble(op, troubleNewer, "")
}

// accept applies the body to the record's state and lets go on what waited for
// it. seen are the grants that count for what builds on it; why is why it has
// no effect, 0 where it has.
func (a *apply) accept(op *oplog.Operation, unit store.ID, seen []store.ID, why crdt.Reason, body *crdt.Body, weight uint64) error {
	if err := a.noteSeen(op, seen); err != nil {
		return err
	}
	w, err := a.record(op.RecordID())
	if err != nil {
		return err
	}
	s, err := a.stateOf(w)
	if err != nil {
		return err
	}
	meta := metaOf(op, unit)
	meta.Heads = slices.DeleteFunc(slices.Clone(meta.Heads), func(h store.ID) bool { return !s.Has(h) }) // of another record: it is late
	if why == 0 {
		err = s.Apply(meta, *body)
	} else {
		err = s.Hold(meta, why, body)
	}
	if err != nil {
		return err
	}
	w.changed = true
	w.show = w.show || unit != (store.ID{}) // late ones are of nobody
	w.row.Weight += weight
	w.row.Judged++
	return a.done(op)
}

func metaOf(op *oplog.Operation, unit store.ID) crdt.Meta {
	return crdt.Meta{ID: op.ID, Name: op.Name(), Heads: op.Header.Heads, Stamp: op.Header.Stamp, Seat: op.Header.Seat, Unit: unit}
}

func (a *apply) done(op *oplog.Operation) error {
	if err := a.tx.Put(rowKey(rowDone, op.ID[:]), nil); err != nil {
		return err
	}
	if err := a.tx.Delete(rowKey(rowTrouble, op.ID[:])); err != nil {
		return err
	}
	if err := a.pending(op.ID, false); err != nil {
		return err
	}
	waiters, err := ids(a.tx, rowKey(rowWaiter, op.ID[:]))
	if err != nil {
		return err
	}
	slices.SortFunc(waiters, func(x, y store.ID) int { return bytes.Compare(x[:], y[:]) })
	for _, id := range waiters {
		if err := a.tx.Delete(rowKey(rowWaiter, op.ID[:], id[:])); err != nil {
			return err
		}
	}
	a.queue = append(a.queue, waiters...)
	return nil
}

func (a *apply) trouble(op *oplog.Operation, what trouble, why string) error {
	row := troubleRow{What: what, Record: op.RecordID(), Reason: why, Class: uint8(op.Header.Class)}
	return a.tx.Put(rowKey(rowTrouble, op.ID[:]), dcbor.Must(row))
}
