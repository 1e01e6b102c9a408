package identity

import "hejie/sync/seal"

// A root's issuing key can be replaced by nobody above it. So its first entry
// promises the hash of a reserve key that lies on a second sheet, apart from the
// first: whoever has only one of the two can't take the tree.

const reserveInfo = "hejie reserve key v1"

// ReserveKey is the signing key that a root's second sheet stands for.
func (s Sheet) ReserveKey() (SigningKey, error) {
	k, err := s.key(reserveInfo)
	if err != nil {
		return SigningKey{}, err
	}
	return SigningKeyFrom(k), nil
}

// PromiseOf is what a root's log says of a reserve key before it is used.
func PromiseOf(reserve SeatKey) ID { return seal.Hash("hejie reserve promise v1", reserve[:]) }

// Promise is PromiseOf the sheet's reserve key.
func (s Sheet) Promise() (ID, error) {
	k, err := s.ReserveKey()
	if err != nil {
		return ID{}, err
	}
	return PromiseOf(k.Public()), nil
}

// IssuingDigest is what the reserve key signs when a root's issuing key is
// replaced: the tree, the entry on which it goes on, the new key, the next promise.
func IssuingDigest(tree, from ID, issuing SeatKey, promise ID) ID {
	return seal.Hash("hejie issuing key v1", tree[:], from[:], issuing[:], promise[:])
}
