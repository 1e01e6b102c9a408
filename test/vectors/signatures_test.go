package vectors

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"testing"

	"filippo.io/edwards25519"

	"hejie/sync/seal"
)

// signatureVectors are signatures of suite 1 that hold, and one for each way in
// which verifiers of Ed25519 are known to differ (Chalkias, Garillot,
// Nikolaenko: Taming the Many EdDSAs, 2020). Each that is refused would hold
// under some program's reading of RFC 8032.
func signatureVectors(*testing.T) []vector {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	public, message := []byte(key.Public().(ed25519.PublicKey)), []byte("hejie")
	good := ed25519.Sign(key, message)
	of := func(key, message, sig []byte) fields {
		return fields{"key": hexed(key), "message": hexed(message), "signature": hexed(sig)}
	}
	list := []vector{
		ok("signature", "Key, R and S in their one encoding.", of(public, message, good)),
		ok("R is of small order", "R is not looked at beyond its encoding; the equation holds as it stands.", of(smallR())),
		ok("key with a part of small order", "Of mixed order, and the equation without cofactor holds.", of(mixedKey(true))),
		fault("signature", "S plus the group order", "The same number to whoever reduces it first.", of(public, message, overflown(good))),
		fault("signature", "equation that holds with cofactor only", "8SB = 8R + 8hA, but SB is not R + hA.", of(mixedKey(false))),
		fault("signature", "R that is off by a point of small order", "Holds with cofactor only.", of(mixedR())),
		fault("signature", "R in another encoding", "The identity as y = p + 1: the same point, other bytes.", of(otherR())),
		fault("signature", "key that is no point", "No x fits this y.", of(noPoint(), message, good)),
		fault("signature", "another message", "Not what was signed.", of(public, []byte("hejia"), good)),
		fault("malformed", "key of 31 bytes", "A key has 32.", of(public[:31], message, good)),
	}
	for _, p := range smallOrderKeys() {
		list = append(list, fault("malformed", p.name, p.says, of(p.key, message, anySignature())))
	}
	return list
}

func judgeSignature(_ *testing.T, v vector) string {
	key := v.bytes("key")
	switch {
	case seal.CheckPublicKey(key) != nil:
		return "malformed"
	case !seal.Verify(key, v.bytes("message"), v.bytes("signature")):
		return "signature"
	}
	return "ok"
}

// challenge is H(R, A, M) of RFC 8032 as a scalar.
func challenge(r, a, m []byte) *edwards25519.Scalar {
	h := sha512.New()
	h.Write(r)
	h.Write(a)
	h.Write(m)
	return must(edwards25519.NewScalar().SetUniformBytes(h.Sum(nil)))
}

func scalar(b byte) *edwards25519.Scalar {
	return must(edwards25519.NewScalar().SetUniformBytes(bytes.Repeat([]byte{b}, 64)))
}

// order8 is a generator of the points of small order.
func order8() *edwards25519.Point {
	return must(edwards25519.NewIdentityPoint().SetBytes(unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")))
}

// solved is S = r + h·a for R and A as they are encoded.
func solved(r, a *edwards25519.Scalar, rb, ab, m []byte) []byte {
	s := edwards25519.NewScalar().MultiplyAdd(challenge(rb, ab, m), a, r)
	return append(bytes.Clone(rb), s.Bytes()...)
}

// mixedKey is a key aB + T and a message whose challenge is, or is not, a
// multiple of eight: then the torsion T falls out of the equation or stays.
func mixedKey(holds bool) (key, message, sig []byte) {
	a, r := scalar(3), scalar(5)
	ab := edwards25519.NewIdentityPoint().ScalarBaseMult(a)
	key = ab.Add(ab, order8()).Bytes()
	rb := edwards25519.NewIdentityPoint().ScalarBaseMult(r).Bytes()
	for i := 0; ; i++ {
		message = []byte{byte(i >> 8), byte(i)}
		if (challenge(rb, key, message).Bytes()[0]%8 == 0) == holds {
			return key, message, solved(r, a, rb, key, message)
		}
	}
}

// mixedR has R = rB + T: the equation holds when both sides are multiplied by eight.
func mixedR() (key, message, sig []byte) {
	a, r, message := scalar(3), scalar(5), []byte("hejie")
	key = edwards25519.NewIdentityPoint().ScalarBaseMult(a).Bytes()
	rb := edwards25519.NewIdentityPoint().ScalarBaseMult(r)
	return key, message, solved(r, a, rb.Add(rb, order8()).Bytes(), key, message)
}

// smallR has r = 0, so that R is the identity.
func smallR() (key, message, sig []byte) {
	a, message := scalar(3), []byte("hejie")
	key = edwards25519.NewIdentityPoint().ScalarBaseMult(a).Bytes()
	return key, message, solved(edwards25519.NewScalar(), a, edwards25519.NewIdentityPoint().Bytes(), key, message)
}

// otherR is smallR with the identity written as y = p + 1.
func otherR() (key, message, sig []byte) {
	a, message := scalar(3), []byte("hejie")
	key = edwards25519.NewIdentityPoint().ScalarBaseMult(a).Bytes()
	return key, message, solved(edwards25519.NewScalar(), a, unhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), key, message)
}

// overflown adds the group order to S.
func overflown(sig []byte) []byte {
	order := unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
	out, carry := bytes.Clone(sig), 0
	for i := range order {
		sum := int(out[32+i]) + int(order[i]) + carry
		out[32+i], carry = byte(sum), sum>>8
	}
	return out
}

// noPoint is a canonical y without an x.
func noPoint() []byte {
	for y := byte(2); ; y++ {
		b := append([]byte{y}, make([]byte, 31)...)
		if _, err := edwards25519.NewIdentityPoint().SetBytes(b); err != nil {
			return b
		}
	}
}

type badKey struct {
	name, says string
	key        []byte
}

// smallOrderKeys are the eight points of small order in every encoding that some
// verifier takes, and a key of large order in another encoding than its own.
func smallOrderKeys() []badKey {
	var list []badKey
	for _, k := range []struct{ name, y string }{
		{"order 4", "0000000000000000000000000000000000000000000000000000000000000000"},
		{"identity", "0100000000000000000000000000000000000000000000000000000000000000"},
		{"order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
		{"order 8, first", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
		{"order 8, second", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
		{"order 4 as y = p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
		{"identity as y = p + 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
	} {
		for sign, words := range []string{"", ", sign bit set"} {
			key := unhex(k.y)
			key[31] |= byte(sign) << 7
			list = append(list, badKey{"key of " + k.name + words, "One signature would fit many messages.", key})
		}
	}
	for y := byte(2); ; y++ { // y + p is below 2^255 for y up to 18
		small := append([]byte{y}, make([]byte, 31)...)
		if _, err := edwards25519.NewIdentityPoint().SetBytes(small); err != nil {
			continue
		}
		key := unhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
		key[0] += y
		return append(list, badKey{"key in another encoding", "y plus the field's order: the same point, another name for the seat.", key})
	}
}

// anySignature is one that a verifier without the check of the key may take:
// R = rB and S = r, which holds where h·A vanishes.
func anySignature() []byte {
	r := scalar(5)
	return append(edwards25519.NewIdentityPoint().ScalarBaseMult(r).Bytes(), r.Bytes()...)
}
