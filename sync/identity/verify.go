package identity

import "hejie/sync/seal"

// verified tells whether a key signed a message: of requests, certificates,
// reading-key items and reserve keys alike.
func verified(key SeatKey, message, signature []byte) bool {
	return seal.Verify(key[:], message, signature)
}
