package oplog

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"

	"hejie/sync/seal"
)

// A signature part is one signature over an id, or one that several frames of a
// save share: each bears it with its own place and the ids of the others, so
// that any one of them can be proved and handed on alone. An id never covers it.

// maxShared bounds the frames that share a signature.
const maxShared = 4

// partSize reports whether a signature part of suite 1 may have so many bytes.
func partSize(n int) bool {
	rest := n - ed25519.SignatureSize
	return rest == 0 || rest > 1 && (rest-1)%32 == 0 && (rest-1)/32 < maxShared
}

func signOne(id ID, signer ed25519.PrivateKey) []byte {
	digest := seal.Hash("hejie signature v1", id[:])
	return ed25519.Sign(signer, digest[:])
}

// sharedDigest is what frames that share a signature are signed by.
func sharedDigest(suite byte, ids []ID) ID {
	parts := [][]byte{{suite}, {byte(len(ids))}}
	for i := range ids {
		parts = append(parts, ids[i][:])
	}
	return seal.Hash("hejie save v1", parts...)
}

// checkPart checks the signature part of a frame; shares says whether frames of
// its kind may share one.
func checkPart(suite byte, id ID, seat Seat, part []byte, shares bool) error {
	digest := seal.Hash("hejie signature v1", id[:])
	if len(part) > ed25519.SignatureSize {
		if !shares {
			return fmt.Errorf("%w: only a case's operation and its digest share a signature", ErrFrame)
		}
		place, rest := int(part[ed25519.SignatureSize]), part[ed25519.SignatureSize+1:]
		ids := make([]ID, 0, maxShared)
		for other := range slices.Chunk(rest, len(ID{})) {
			ids = append(ids, ID(other))
		}
		if place > len(ids) || slices.Contains(ids, id) {
			return fmt.Errorf("%w: a place in a shared signature that is not there", ErrFrame)
		}
		digest = sharedDigest(suite, slices.Insert(ids, place, id))
	}
	if !seal.Verify(seat[:], digest[:], part[:ed25519.SignatureSize]) {
		return ErrSignature
	}
	return nil
}

// Together lets operations of one seat stand under one signature: a case's
// operation and its digest's, in the order in which they are given.
func Together(signer ed25519.PrivateKey, ops ...*Operation) ([]*Operation, error) {
	if len(ops) < 2 || len(ops) > maxShared {
		return nil, fmt.Errorf("%d frames under one signature, 2 to %d: %w", len(ops), maxShared, errTogether)
	}
	ids := make([]ID, len(ops))
	for i, op := range ops {
		ids[i] = op.ID
	}
	digest := sharedDigest(seal.Suite1, ids)
	sig := ed25519.Sign(signer, digest[:])
	out := make([]*Operation, len(ops))
	for i, op := range ops {
		part := append(slices.Clone(sig), byte(i))
		for j := range ids {
			if j != i {
				part = append(part, ids[j][:]...)
			}
		}
		var err error
		if out[i], err = Parse(assemble(op.Suite, op.header, part, op.Body)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var errTogether = errors.New("not so many")
