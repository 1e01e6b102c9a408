// Package reconcile finds out in few messages which entries of an ordered set
// two nodes do not share.
//
// It is for range-based set reconciliation (A. Meyer, "Range-Based Set
// Reconciliation"; Negentropy is the best-known form) over the 73-byte keys of
// FORMAT.md 8. Unequal ranges are split at the sender's own ranks, all of a
// level in one message, until a range is small enough to list; what is listed
// are short salted ids. It may not know frames, sockets, clocks or files.
// Main invariant: the responder keeps nothing between two messages, every
// message is bounded before it is decoded, and a difference that short ids or
// short fingerprints hide is found again under the next salt, so none is lost
// in silence. The bytes are described in docs/format-exchange.md.
package reconcile

import "hejie/store"

// Set is an ordered set of entries as one consistent state. It may be a part
// of a larger set (what two units share), as long as both sides draw the same
// part. lo <= key < hi; a zero hi means no end.
type Set interface {
	// Fingerprint counts the entries of a range and sums their ids.
	Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error)
	// Entries visits a range ascending; fn returns false to stop.
	Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error
	// EntryAt returns the n-th entry of a range (from 0), or store.ErrNotFound.
	EntryAt(lo, hi store.EntryKey, n uint64) (store.EntryKey, error)
}
