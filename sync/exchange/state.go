package exchange

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"hejie/store"
	"hejie/sync/reconcile"
	"hejie/sync/seal"
)

// The key ranges of the two phases: the class stands first.
func (p phase) span() (lo, hi store.EntryKey) {
	if p == phaseLogs {
		lo[0], hi[0] = 1, 2
		return lo, hi
	}
	lo[0], hi[0] = 2, 6
	return lo, hi
}

// state sums up what this node shares with a unit.
type state struct {
	logs, data store.Fingerprint
	receipts   []receipt
}

type receipt struct {
	hash  [32]byte
	bytes []byte
}

// shortReceipt is the length of a receipt's salted short name on the wire.
const shortReceipt = 8

func (r receipt) short(salt reconcile.Salt) [shortReceipt]byte {
	sum := seal.Hash("hejie receipt name v1", salt[:], r.hash[:])
	return [shortReceipt]byte(sum[:])
}

// stateOf reads the state in one view, receipts first: what they say is then
// never more than what the view holds.
func stateOf(ctx context.Context, r Replica, unit store.ID) (s state, err error) {
	if s.receipts, err = receiptsOf(ctx, r, unit); err != nil {
		return s, err
	}
	err = r.Shared(ctx, unit, func(set Shared) error { return s.read(set) })
	return s, err
}

func (s *state) read(set Shared) (err error) {
	lo, hi := phaseLogs.span()
	if s.logs, err = set.Fingerprint(lo, hi); err != nil {
		return err
	}
	lo, hi = phaseData.span()
	s.data, err = set.Fingerprint(lo, hi)
	return err
}

// receiptsOf are the receipts held for a unit, in order of their hashes.
func receiptsOf(ctx context.Context, r Replica, unit store.ID) ([]receipt, error) {
	held, err := r.Receipts(ctx, unit)
	if err != nil {
		return nil, err
	}
	list := make([]receipt, 0, len(held))
	for _, b := range held {
		list = append(list, receipt{hash: sha256.Sum256(b), bytes: b})
	}
	slices.SortFunc(list, func(a, b receipt) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	return slices.CompactFunc(list, func(a, b receipt) bool { return a.hash == b.hash }), nil
}

// marks are what hello compares: fingerprints of logs and data, and a hash over
// the receipts, 16 bytes each.
func (s *state) marks(salt reconcile.Salt) (logs, data, receipts [16]byte) {
	h := sha256.New()
	h.Write([]byte("hejie receipts v1\x00"))
	h.Write(salt[:])
	for _, r := range s.receipts {
		h.Write(r.hash[:])
	}
	return reconcile.Print(salt, s.logs), reconcile.Print(salt, s.data), [16]byte(h.Sum(nil)[:16])
}

// fingerprint names what is shared: PrintOf both fingerprints together.
func (s *state) fingerprint() []byte {
	all := store.Fingerprint{Count: s.logs.Count + s.data.Count}
	carry := uint16(0)
	for i := len(all.Sum) - 1; i >= 0; i-- {
		carry += uint16(s.logs.Sum[i]) + uint16(s.data.Sum[i])
		all.Sum[i], carry = byte(carry), carry>>8
	}
	return PrintOf(all)
}

// PrintOf is a fingerprint as Report.Print gives it.
func PrintOf(f store.Fingerprint) []byte {
	return append(binary.BigEndian.AppendUint64(nil, f.Count), f.Sum[:]...)
}

// proof shows that its maker holds the state: H("hejie in step v1", salt, both
// counts and sums, receipts), cut to 16 bytes.
func (s *state) proof(salt reconcile.Salt) [16]byte {
	h := sha256.New()
	h.Write([]byte("hejie in step v1\x00"))
	h.Write(salt[:])
	for _, fp := range []store.Fingerprint{s.logs, s.data} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], fp.Count)
		h.Write(n[:])
		h.Write(fp.Sum[:])
	}
	for _, r := range s.receipts {
		h.Write(r.hash[:])
	}
	return [16]byte(h.Sum(nil)[:16])
}
