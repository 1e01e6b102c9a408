package liar

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// ID is a hash, a key or another thing of 32 bytes.
type ID [32]byte

// H is FORMAT 1's hash under a domain.
func H(domain string, parts ...[]byte) ID {
	h := sha256.New()
	h.Write([]byte(domain))
	h.Write([]byte{0})
	for _, p := range parts {
		h.Write(p)
	}
	return ID(h.Sum(nil))
}

const suite = 1

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}

func sign(key ed25519.PrivateKey, id ID) []byte {
	what := H("hejie signature v1", id[:])
	return ed25519.Sign(key, what[:])
}

func public(key ed25519.PrivateKey) (id ID) {
	copy(id[:], key[32:])
	return id
}

func expand(key, salt []byte, info string, n int) []byte {
	out, err := hkdf.Key(sha256.New, key, salt, info, n)
	if err != nil {
		panic(err) // only for lengths that nobody asks for here
	}
	return out
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // keys here have 32 bytes
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return a
}

// openBox opens nonce ‖ ciphertext ‖ tag.
func openBox(key, associated, box []byte) ([]byte, error) {
	if len(box) < 12 {
		return nil, errors.New("a box of no length")
	}
	return gcm(key).Open(nil, box[:12], box[12:], associated)
}

// unwrapKey is AES-KW (RFC 3394), backwards.
func unwrapKey(kek, in []byte) ([]byte, bool) {
	block, err := aes.NewCipher(kek)
	if err != nil || len(in) < 24 || len(in)%8 != 0 {
		return nil, false
	}
	n := len(in)/8 - 1
	var buf [16]byte
	copy(buf[:8], in[:8])
	r := append([]byte{}, in[8:]...)
	for j := 5; j >= 0; j-- {
		for i := n; i >= 1; i-- {
			t := binary.BigEndian.Uint64(buf[:8]) ^ uint64(n*j+i)
			binary.BigEndian.PutUint64(buf[:8], t)
			copy(buf[8:], r[(i-1)*8:i*8])
			block.Decrypt(buf[:], buf[:])
			copy(r[(i-1)*8:], buf[8:])
		}
	}
	return r, binary.BigEndian.Uint64(buf[:8]) == 0xa6a6a6a6a6a6a6a6
}

// wrapKey is AES-KW (RFC 3394).
func wrapKey(kek, key []byte) []byte {
	block, err := aes.NewCipher(kek)
	if err != nil {
		panic(err) // keys here have 32 bytes
	}
	n := len(key) / 8
	var buf [16]byte
	binary.BigEndian.PutUint64(buf[:8], 0xa6a6a6a6a6a6a6a6)
	r := append([]byte{}, key...)
	for j := range 6 {
		for i := 1; i <= n; i++ {
			copy(buf[8:], r[(i-1)*8:i*8])
			block.Encrypt(buf[:], buf[:])
			copy(r[(i-1)*8:], buf[8:])
			binary.BigEndian.PutUint64(buf[:8], binary.BigEndian.Uint64(buf[:8])^uint64(n*j+i))
		}
	}
	return append(append([]byte{}, buf[:8]...), r...)
}

const wrapInfo = "hejie wrap v1"

// openHPKE opens encapsulated key ‖ ciphertext under a reading key's seed.
func openHPKE(seed, associated, sealed []byte) ([]byte, error) {
	k, err := hpke.MLKEM768X25519().NewPrivateKey(seed)
	if err != nil {
		return nil, err
	}
	if len(sealed) < 1120 {
		return nil, errors.New("nothing encapsulated")
	}
	r, err := hpke.NewRecipient(sealed[:1120], k, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(wrapInfo))
	if err != nil {
		return nil, err
	}
	return r.Open(associated, sealed[1120:])
}

func sealHPKE(reader, associated, secret []byte) ([]byte, error) {
	k, err := hpke.MLKEM768X25519().NewPublicKey(reader)
	if err != nil {
		return nil, err
	}
	enc, s, err := hpke.NewSender(k, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(wrapInfo))
	if err != nil {
		return nil, err
	}
	out, err := s.Seal(associated, secret)
	return append(enc, out...), err
}
