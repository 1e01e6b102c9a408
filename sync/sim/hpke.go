package sim

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/binary"
	"fmt"

	"hejie/sync/seal"
)

// The numbers of the suite in HPKE's registry: X-Wing, HKDF-SHA-256, AES-256-GCM.
const (
	kemXWing   = 0x647a
	kdfSHA256  = 0x0001
	aeadAES256 = 0x0002
)

// xwingLabel ends what X-Wing hashes (draft-connolly-cfrg-xwing-kem, 5.3).
const xwingLabel = `\./` + `/^\`

// SealTo implements seal.Sealer: HPKE in base mode (RFC 9180, 5.1) with what X-Wing
// draws taken from this stream. It is for simulated worlds alone: whoever knows
// the seed opens what it seals.
func (r *Random) SealTo(pub, info, associated, plaintext []byte) ([]byte, error) {
	var drawn [64]byte
	_, _ = r.Read(drawn[:]) // never fails
	enc, shared, err := encapsulate(pub, drawn)
	if err != nil {
		return nil, fmt.Errorf("sealing to a public key of %d bytes: %w", len(pub), err)
	}
	aead, nonce, err := schedule(shared, info)
	if err != nil {
		return nil, err
	}
	return aead.Seal(enc, nonce, plaintext, associated), nil
}

// encapsulate is X-Wing's encapsulation from 64 drawn bytes.
func encapsulate(pub []byte, drawn [64]byte) (enc, shared []byte, err error) {
	if len(pub) != seal.PublicKeySize {
		return nil, nil, fmt.Errorf("a public key has %d bytes", seal.PublicKeySize)
	}
	lattice, err := mlkem.NewEncapsulationKey768(pub[:mlkem.EncapsulationKeySize768])
	if err != nil {
		return nil, nil, err
	}
	curve, err := ecdh.X25519().NewPublicKey(pub[mlkem.EncapsulationKeySize768:])
	if err != nil {
		return nil, nil, err
	}
	one, ct, err := mlkemtest.Encapsulate768(lattice, drawn[:32])
	if err != nil {
		return nil, nil, err
	}
	own, err := ecdh.X25519().NewPrivateKey(drawn[32:])
	if err != nil {
		return nil, nil, err
	}
	two, err := own.ECDH(curve)
	if err != nil {
		return nil, nil, err
	}
	point := own.PublicKey().Bytes()
	h := sha3.New256()
	for _, b := range [][]byte{one, two, point, curve.Bytes(), []byte(xwingLabel)} {
		_, _ = h.Write(b) // never fails
	}
	return append(ct, point...), h.Sum(nil), nil
}

// schedule is HPKE's key schedule in base mode, for the first message.
func schedule(shared, info []byte) (cipher.AEAD, []byte, error) {
	suite := []byte("HPKE")
	for _, n := range []uint16{kemXWing, kdfSHA256, aeadAES256} {
		suite = binary.BigEndian.AppendUint16(suite, n)
	}
	extract := func(salt []byte, label string, ikm []byte) ([]byte, error) {
		b := append(append(append([]byte("HPKE-v1"), suite...), label...), ikm...)
		return hkdf.Extract(sha256.New, b, salt)
	}
	expand := func(secret []byte, label string, info []byte, n int) ([]byte, error) {
		b := binary.BigEndian.AppendUint16(nil, uint16(n))
		b = append(append(append(append(b, "HPKE-v1"...), suite...), label...), info...)
		return hkdf.Expand(sha256.New, secret, string(b), n)
	}
	noKey, err := extract(nil, "psk_id_hash", nil)
	if err != nil {
		return nil, nil, err
	}
	about, err := extract(nil, "info_hash", info)
	if err != nil {
		return nil, nil, err
	}
	context := append(append([]byte{0}, noKey...), about...)
	secret, err := extract(shared, "secret", nil)
	if err != nil {
		return nil, nil, err
	}
	key, err := expand(secret, "key", context, 32)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := expand(secret, "base_nonce", context, 12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	aead, err := cipher.NewGCM(block)
	return aead, nonce, err
}
