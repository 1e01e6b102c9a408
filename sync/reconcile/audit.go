package reconcile

import (
	"crypto/sha256"

	"hejie/store"
)

// Audit hashes the ids of the first MaxAudited entries of a range in order:
// H("hejie audit v1", nonce, ids), cut to 16 bytes. Sums of ids can be forged
// by someone patient; a hash over them under a fresh nonce can't.
func Audit(set Set, nonce [16]byte, lo, hi store.EntryKey) ([16]byte, error) {
	h := sha256.New()
	h.Write([]byte("hejie audit v1\x00"))
	h.Write(nonce[:])
	n := 0
	err := set.Entries(lo, hi, func(key store.EntryKey) (bool, error) {
		id := IDOf(key)
		h.Write(id[:])
		n++
		return n < MaxAudited, nil
	})
	return [16]byte(h.Sum(nil)[:16]), err
}

// AuditRange cuts a range of at most MaxAudited entries out of lo..hi that
// begins at the entry that pick, any number, falls on.
func AuditRange(set Set, lo, hi store.EntryKey, pick uint64) (from, to store.EntryKey, err error) {
	fp, err := set.Fingerprint(lo, hi)
	if err != nil || fp.Count <= MaxAudited {
		return lo, hi, err
	}
	rank := pick % fp.Count
	if from, err = set.EntryAt(lo, hi, rank); err != nil {
		return lo, hi, err
	}
	if rank+MaxAudited >= fp.Count {
		return from, hi, nil
	}
	to, err = set.EntryAt(lo, hi, rank+MaxAudited)
	return from, to, err
}
