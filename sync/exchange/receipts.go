package exchange

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"hejie/store"
	"hejie/sync/reconcile"
)

// maxReceiptTrips bounds the messages that move receipts in one pass: each
// carries up to MaxReceipts both ways.
const maxReceiptTrips = 8

// receipts exchanges what both sides hold to have durably, after the data, and
// compares once more. changed tells that receipts came.
func (s *session) receipts(ctx context.Context, moved bool) (changed bool, err error) {
	if _, err := s.replica.OwnReceipt(ctx, s.peer.Unit); err != nil {
		return false, err
	}
	now, err := stateOf(ctx, s.replica, s.peer.Unit)
	if err != nil {
		return false, err
	}
	push := fresh(now.receipts, s.state.receipts)
	for range maxReceiptTrips {
		r := &request{AskHeld: true, Tell: true, New: push}
		for _, rc := range now.receipts {
			short := rc.short(s.salt)
			r.Held = append(r.Held, short[:]...)
		}
		var audited [16]byte
		if moved {
			if r.Audit, audited, err = s.audit(ctx); err != nil {
				return changed, err
			}
		}
		out, err := s.work(ctx, r)
		if err != nil {
			return changed, err
		}
		if len(out.New) > 0 {
			if err := s.replica.TakeReceipts(ctx, s.peer, out.New); err != nil {
				return changed, err
			}
		}
		before := now
		if now, err = stateOf(ctx, s.replica, s.peer.Unit); err != nil {
			return changed, err
		}
		came := len(fresh(now.receipts, before.receipts)) > 0
		changed = changed || came
		same, held := s.sameMarks(now, out.Marks)
		if same && r.Audit != nil && string(out.Audit) != string(audited[:]) {
			return true, s.heal(ctx, r.Audit)
		}
		if same && held {
			s.report.InStep, s.report.Print = true, now.fingerprint()
			return changed, nil
		}
		push = named(now.receipts, out.Lacks, s.salt)
		if len(push) == 0 && !came {
			s.onlyReceipts = same
			return changed, nil
		}
	}
	return changed, nil
}

// sameMarks compares what the other side told of itself with the state here:
// logs and data, and the receipts held for them.
func (s *session) sameMarks(now state, told []byte) (same, receiptsToo bool) {
	logs, data, receipts := now.marks(s.salt)
	own := string(logs[:]) + string(data[:])
	if len(told) != len(own)+len(receipts) {
		return false, false
	}
	return string(told[:len(own)]) == own, string(told[len(own):]) == string(receipts[:])
}

// fresh are the receipts that were not there then: after hello, those that the
// other side can hardly have. At most MaxReceipts bytes.
func fresh(now, then []receipt) (out [][]byte) {
	had := make(map[[32]byte]bool, len(then))
	for _, rc := range then {
		had[rc.hash] = true
	}
	room := MaxReceipts
	for _, rc := range now {
		if !had[rc.hash] && room >= len(rc.bytes) {
			out = append(out, rc.bytes)
			room -= len(rc.bytes)
		}
	}
	return out
}

// named are the receipts with these short names, at most MaxReceipts bytes.
func named(own []receipt, names []byte, salt reconcile.Salt) (out [][]byte) {
	wanted := make(map[[shortReceipt]byte]bool, len(names)/shortReceipt)
	for i := 0; i+shortReceipt <= len(names); i += shortReceipt {
		wanted[[shortReceipt]byte(names[i:])] = true
	}
	room := MaxReceipts
	for _, rc := range own {
		if wanted[rc.short(salt)] && room >= len(rc.bytes) {
			out = append(out, rc.bytes)
			room -= len(rc.bytes)
		}
	}
	return out
}

// audit draws a range of the data and hashes its ids under a fresh nonce.
func (s *session) audit(ctx context.Context) (a *audit, want [16]byte, err error) {
	var r [24]byte
	if _, err := io.ReadFull(s.random, r[:]); err != nil {
		return nil, want, fmt.Errorf("exchange: reading randomness: %w", err)
	}
	nonce := [16]byte(r[:16])
	err = s.shared(ctx, func(set Shared) error {
		lo, hi := phaseData.span()
		lo, hi, err := reconcile.AuditRange(set, lo, hi, binary.BigEndian.Uint64(r[16:]))
		if errors.Is(err, store.ErrNotFound) {
			return nil // nothing to audit
		}
		if err != nil {
			return err
		}
		a = &audit{Nonce: nonce[:], Lo: lo[:], Hi: hi[:]}
		want, err = reconcile.Audit(set, nonce, lo, hi)
		return err
	})
	return a, want, err
}

// heal compares by lists a range whose sums were equal and whose ids were not.
func (s *session) heal(ctx context.Context, a *audit) error {
	var r byList
	copy(r.lo[:], a.Lo)
	copy(r.hi[:], a.Hi)
	return s.phase(ctx, phaseData, nil, &r)
}

// foreign makes the errors of comparing those of this package.
func foreign(err error) error {
	switch {
	case errors.Is(err, reconcile.ErrMalformed):
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	case errors.Is(err, reconcile.ErrNoEnd):
		return fmt.Errorf("%w: %w", ErrNoEnd, err)
	}
	return err
}
