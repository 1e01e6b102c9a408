package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"slices"
)

// ErrPublicKey is returned for a signing key that suite 1 does not admit.
var ErrPublicKey = errors.New("not a signing key of suite 1: its encoding is not the shortest, or it is of small order")

// Verify reports whether a signature of suite 1 fits: RFC 8032 with one answer
// for all programs. The key is canonical and not of small order, S is below the
// group order, and R is the very encoding that the equation without cofactor
// gives (Chalkias, Garillot, Nikolaenko: Taming the Many EdDSAs, 2020). The
// standard library does all but look at the key.
func Verify(key, message, signature []byte) bool {
	return CheckPublicKey(key) == nil && len(signature) == ed25519.SignatureSize && ed25519.Verify(key, message, signature)
}

// fieldOrder is p = 2^255 - 19, little-endian.
var fieldOrder = mustHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")

// smallOrder are the y coordinates of the eight points whose order divides the
// cofactor, little-endian without the sign bit: of order 4, 1, 2 and 8.
var smallOrder = [][]byte{
	mustHex("0000000000000000000000000000000000000000000000000000000000000000"),
	mustHex("0100000000000000000000000000000000000000000000000000000000000000"),
	mustHex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
	mustHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
	mustHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
}

// CheckPublicKey reports whether a signing key has one encoding and binds
// anything: under a key of small order one signature fits many messages. It
// does not ask whether the bytes are a point at all; no signature fits then.
func CheckPublicKey(key []byte) error {
	if len(key) != ed25519.PublicKeySize {
		return ErrPublicKey
	}
	y := bytes.Clone(key)
	y[31] &= 0x7f
	if !below(y, fieldOrder) || slices.ContainsFunc(smallOrder, func(s []byte) bool { return bytes.Equal(s, y) }) {
		return ErrPublicKey
	}
	return nil
}

// below compares little-endian numbers of one length. They are public.
func below(a, b []byte) bool {
	for i := len(a) - 1; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// mustHex is for constants of this file.
func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}
