package identity

import "crypto/ed25519"

// verified tells whether a key signed a message: of requests, certificates,
// reading-key items and reserve keys alike.
func verified(key SeatKey, message, signature []byte) bool {
	return ed25519.Verify(key[:], message, signature)
}
