package exchange

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/reconcile"
)

// byList is a range to compare by lists, where its audit failed.
type byList struct{ lo, hi store.EntryKey }

// phase compares one phase's entries and moves what differs, in both
// directions and in order of the keys. opening is the other side's first
// message, if hello brought it.
func (s *session) phase(ctx context.Context, p phase, opening []byte, heal *byList) error {
	// Half the limit: the last range of a message may run over by a whole list.
	opts := reconcile.Options{Refused: s.refused, Limit: MaxReconcile / 2}
	lo, hi := p.span()
	if heal != nil {
		lo, hi, opts.ByList = heal.lo, heal.hi, true
	}
	r := reconcile.Start(s.salt, lo, hi, opts)
	if opening != nil {
		r = reconcile.StartOpened(s.salt, lo, hi, opts)
		if err := s.shared(ctx, func(set Shared) error { return r.Take(set, opening) }); err != nil {
			return err
		}
	}
	for {
		if r.Done() || r.Full() {
			if err := s.move(ctx, p, r.Differences()); err != nil {
				return err
			}
			if r.Done() {
				return nil
			}
		}
		var message []byte
		err := s.shared(ctx, func(set Shared) (err error) {
			message, err = r.Message(set)
			return err
		})
		if err != nil {
			return err
		}
		if message == nil {
			continue // every range left is one to fetch whole
		}
		out, err := s.work(ctx, &request{Phase: p, Reconcile: message})
		if err != nil {
			return err
		}
		if err := s.shared(ctx, func(set Shared) error { return r.Take(set, out.Reconcile) }); err != nil {
			return err
		}
	}
}

func (s *session) shared(ctx context.Context, fn func(Shared) error) error {
	err := s.replica.Shared(ctx, s.peer.Unit, fn)
	return foreign(err)
}

// move gives what the other side lacks and fetches what this one lacks, a
// batch each way in a message.
func (s *session) move(ctx context.Context, p phase, d reconcile.Differences) error {
	haves := slices.Clone(d.HaveAll)
	for _, key := range d.Have {
		haves = append(haves, reconcile.Want{Lo: key, Hi: after(key), All: true})
	}
	slices.SortFunc(haves, func(a, b reconcile.Want) int { return bytes.Compare(a.Lo[:], b.Lo[:]) })
	wants := d.Need
	given := make(map[store.ID]bool)
	for empty := 0; len(haves)+len(wants) > 0; {
		if empty++; empty > maxEmpty {
			return ErrNoEnd
		}
		r := &request{Phase: p}
		sent, rest, err := s.gather(ctx, haves, given)
		if err != nil {
			return err
		}
		haves = rest
		r.Batch = sent.encode()
		var asked int
		r.Wants, asked = reconcile.AppendWants(wants, MaxReconcile/2)
		if r.Batch == nil && asked == 0 {
			continue
		}
		out, err := s.work(ctx, r)
		if err != nil {
			return err
		}
		if err := s.given(out, sent); err != nil {
			return err
		}
		got, _, err := s.take(ctx, out)
		if err != nil {
			return err
		}
		if wants, err = left(wants, asked, out.Next); err != nil {
			return err
		}
		if len(got) > 0 || len(sent.ids) > 0 {
			empty = 0
		}
	}
	return nil
}

// after is the next key: the upper bound of a range of one.
func after(key store.EntryKey) store.EntryKey {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i]++; key[i] != 0 {
			break
		}
	}
	return key
}

// maxGiven bounds the ids remembered as given: one operation can have several
// entries, and giving it twice costs only its bytes.
const maxGiven = 1 << 16

// gather packs the next batch out of the ranges that the other side lacks.
func (s *session) gather(ctx context.Context, haves []reconcile.Want, given map[store.ID]bool) (out batch, rest []reconcile.Want, err error) {
	if len(haves) == 0 {
		return out, nil, nil
	}
	if len(given) > maxGiven {
		clear(given)
	}
	err = s.shared(ctx, func(set Shared) error {
		next, done, err := reconcile.Collect(set, s.salt, haves, func(key store.EntryKey) (bool, error) {
			id := reconcile.IDOf(key)
			if s.unwanted[id] {
				return true, nil
			}
			return pack(set, &out, given, key)
		})
		if err == nil && !done {
			rest = reconcile.From(haves, next)
		}
		return err
	})
	return out, rest, err
}

// left are the wants still open after a response: those that were not asked
// yet, and of the asked those from next on.
func left(wants []reconcile.Want, asked int, next []byte) ([]reconcile.Want, error) {
	if asked == 0 {
		return wants, nil
	}
	if len(next) == 0 {
		return wants[asked:], nil
	}
	var key store.EntryKey
	if len(next) != len(key) {
		return nil, fmt.Errorf("%w: a key of %d bytes", ErrMalformed, len(next))
	}
	copy(key[:], next)
	first, last := wants[0], wants[asked-1]
	if bytes.Compare(key[:], first.Lo[:]) < 0 || last.Hi != (store.EntryKey{}) && bytes.Compare(key[:], last.Hi[:]) >= 0 {
		return nil, fmt.Errorf("%w: it goes on where nothing was asked", ErrMalformed)
	}
	return append(reconcile.From(wants[:asked], key), wants[asked:]...), nil
}

// given counts what the other side made of the frames of a batch.
func (s *session) given(out *response, sent batch) error {
	if len(out.Outcomes) != len(sent.ids) {
		return fmt.Errorf("%w: %d outcomes for %d frames", ErrMalformed, len(out.Outcomes), len(sent.ids))
	}
	reasons := make(map[uint]refusal, len(out.Refusals))
	for _, r := range out.Refusals {
		reasons[r.Index] = r
	}
	for i, o := range out.Outcomes {
		switch Outcome(o) {
		case Taken, Bodyless:
			if sent.kinds[i] == store.KindWrap {
				s.report.WrapsSent++
			} else {
				s.report.Sent++
			}
		case Duplicate:
			s.report.Duplicates++
		case AsCargo:
			s.unwanted[sent.ids[i]] = true
			s.report.Newer++
		case Refused:
			s.unwanted[sent.ids[i]] = true
			r := reasons[uint(i)]
			s.refuse(RefusedFrame{ID: sent.ids[i], Reason: r.Reason, Sentence: cut(r.Sentence)})
		default:
			return fmt.Errorf("%w: outcome %d", ErrMalformed, o)
		}
	}
	return nil
}

func (s *session) refuse(f RefusedFrame) {
	s.report.RefusedCount++
	if len(s.report.Refused) < MaxRefusedListed {
		s.report.Refused = append(s.report.Refused, f)
	}
}

// take keeps the frames of a response before anything more is asked for.
func (s *session) take(ctx context.Context, out *response) ([]Wire, []Verdict, error) {
	frames, err := parseBatch(out.Batch)
	if err != nil || len(frames) == 0 {
		return nil, nil, err
	}
	verdicts, err := s.replica.Take(ctx, s.peer, frames)
	if err != nil {
		return nil, nil, err
	}
	if len(verdicts) != len(frames) {
		return nil, nil, fmt.Errorf("the replica gave %d verdicts for %d frames", len(verdicts), len(frames))
	}
	for i, v := range verdicts {
		switch v.Outcome {
		case Taken, Bodyless:
			if frames[i].Kind == store.KindWrap {
				s.report.WrapsReceived++
			} else {
				s.report.Received++
			}
		case Duplicate:
			s.report.Duplicates++
		case AsCargo:
			s.report.Newer++
		case Refused:
			s.refuse(RefusedFrame{ID: v.ID, Here: true, Reason: v.Reason, Sentence: cut(v.Sentence)})
			if v.ID != (store.ID{}) && len(s.refused) < MaxRefusedKnown {
				s.refused = append(s.refused, v.ID)
			}
		}
	}
	return frames, verdicts, nil
}
