// Package seal keeps what is written from those who may not read it.
//
// It is for the symmetric and public keys of records, audiences, units and
// seats, and for sealing bodies and keys under them (FORMAT.md 5, 7). It may
// not know operations, units or who is entitled: it only does what it is told
// with the keys it is given. Main invariant: key and nonce are never used
// twice, because every body key is derived with fresh random bytes.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
	"errors"
	"fmt"

	josecipher "github.com/go-jose/go-jose/v4/cipher"

	"hejie/store"
	"hejie/store/host"
)

// Suite1 is SHA-256, Ed25519, AES-256-GCM, HKDF-SHA-256, AES-KW and HPKE with X-Wing.
const Suite1 byte = 1

// Sizes of suite 1, in bytes.
const (
	KeySize       = 32
	SaltSize      = 16
	PublicKeySize = 1216 // X-Wing: ML-KEM-768 encapsulation key ‖ X25519 point
	SeedSize      = 32
)

// ErrSealed is returned when a key does not open what it should: the bytes were
// changed, or the key is another one.
var ErrSealed = errors.New("the key does not open this")

// ErrNewer is returned for what a newer program wrote: nothing is wrong with
// it, this program only lacks the number. It is kept apart from what is broken.
var ErrNewer = errors.New("written by a newer program: update this one")

// Hash is H(domain, parts…) of FORMAT.md 1.
func Hash(domain string, parts ...[]byte) store.ID {
	h := sha256.New()
	h.Write([]byte(domain))
	h.Write([]byte{0})
	for _, p := range parts {
		h.Write(p)
	}
	var id store.ID
	h.Sum(id[:0])
	return id
}

// Key is a symmetric key: a record's or an audience's.
type Key [KeySize]byte

// NewKey makes a random key.
func NewKey(random host.Random) (Key, error) {
	var k Key
	if _, err := readFull(random, k[:]); err != nil {
		return Key{}, fmt.Errorf("making a key: %w", err)
	}
	return k, nil
}

// Commitment names the key without telling it.
func (k Key) Commitment() store.ID { return Hash("hejie key v1", k[:]) }

// String hides the key from logs.
func (k Key) String() string { return "key " + fmt.Sprintf("%x", k.Commitment())[:8] }

// bodyCipher derives the AEAD and nonce of one body. The salt must be random
// for each body.
func (k Key) bodyCipher(salt []byte) (cipher.AEAD, []byte, error) {
	okm, err := hkdf.Key(sha256.New, k[:], salt, "hejie body v1", 44)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(okm[:32])
	if err != nil {
		return nil, nil, err
	}
	aead, err := cipher.NewGCM(block)
	return aead, okm[32:], err
}

// SealBody seals plaintext (already padded) with the header's bytes as
// associated data.
func (k Key) SealBody(salt, header, plaintext []byte) ([]byte, error) {
	aead, nonce, err := k.bodyCipher(salt)
	if err != nil {
		return nil, fmt.Errorf("sealing a body: %w", err)
	}
	return aead.Seal(nil, nonce, plaintext, header), nil
}

// OpenBody opens what SealBody sealed, or returns ErrSealed.
func (k Key) OpenBody(salt, header, sealed []byte) ([]byte, error) {
	aead, nonce, err := k.bodyCipher(salt)
	if err != nil {
		return nil, fmt.Errorf("opening a body: %w", err)
	}
	plain, err := aead.Open(nil, nonce, sealed, header)
	if err != nil {
		return nil, fmt.Errorf("a body: %w", ErrSealed)
	}
	return plain, nil
}

// Overhead is what SealBody adds to the plaintext.
const Overhead = 16

// WrapKey seals key under k (AES-KW, RFC 3394): 40 bytes.
func (k Key) WrapKey(key Key) ([]byte, error) {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return nil, err
	}
	return josecipher.KeyWrap(block, key[:])
}

// UnwrapKey opens what WrapKey sealed, or returns ErrSealed.
func (k Key) UnwrapKey(sealed []byte) (Key, error) {
	if len(sealed) != KeySize+8 {
		return Key{}, fmt.Errorf("a wrapped key of %d bytes: %w", len(sealed), ErrSealed)
	}
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return Key{}, err
	}
	plain, err := josecipher.KeyUnwrap(block, sealed)
	if err != nil || len(plain) != KeySize {
		return Key{}, fmt.Errorf("a wrapped key: %w", ErrSealed)
	}
	return Key(plain), nil
}

// PrivateKey opens what was sealed to a unit (reading key) or a seat
// (encryption key).
type PrivateKey struct {
	seed [SeedSize]byte
	key  hpke.PrivateKey
	name store.ID
	pub  []byte
}

// NewPrivateKey makes a random X-Wing key.
func NewPrivateKey(random host.Random) (*PrivateKey, error) {
	var seed [SeedSize]byte
	if _, err := readFull(random, seed[:]); err != nil {
		return nil, fmt.Errorf("making a reading key: %w", err)
	}
	return PrivateKeyFrom(seed)
}

// PrivateKeyFrom restores a key from its 32-byte seed.
func PrivateKeyFrom(seed [SeedSize]byte) (*PrivateKey, error) {
	key, err := hpke.MLKEM768X25519().NewPrivateKey(seed[:])
	if err != nil {
		return nil, fmt.Errorf("restoring a reading key: %w", err)
	}
	pub := key.PublicKey().Bytes()
	return &PrivateKey{seed: seed, key: key, name: PublicKeyName(pub), pub: pub}, nil
}

// Seed is the private key's 32 bytes.
func (p *PrivateKey) Seed() [SeedSize]byte { return p.seed }

// Public is the public key's 1,216 bytes.
func (p *PrivateKey) Public() []byte { return append([]byte(nil), p.pub...) }

// Name names the public key.
func (p *PrivateKey) Name() store.ID { return p.name }

// PublicKeyName names a public key by its bytes.
func PublicKeyName(pub []byte) store.ID { return Hash("hejie public key v1", pub) }

const wrapInfo = "hejie wrap v1"

// Sealer is a source of randomness that seals to public keys by itself. The
// standard library's HPKE draws from the operating system and takes no other
// randomness; a run that has to repeat (sync/sim) brings a source that seals
// the same way, from what it draws. What it makes must open by OpenSealed.
type Sealer interface {
	host.Random
	// SealTo answers the encapsulated key followed by the sealed bytes (HPKE,
	// RFC 9180, base mode, the suite of Suite1).
	SealTo(pub, info, associated, plaintext []byte) ([]byte, error)
}

// SealTo seals a small secret to a public key with HPKE, by random where that
// is a Sealer and otherwise with the operating system's randomness.
func SealTo(random host.Random, pub, associated, plaintext []byte) ([]byte, error) {
	if s, ok := random.(Sealer); ok {
		return s.SealTo(pub, []byte(wrapInfo), associated, plaintext)
	}
	pk, err := hpke.MLKEM768X25519().NewPublicKey(pub)
	if err != nil {
		return nil, fmt.Errorf("sealing to a public key of %d bytes: %w", len(pub), err)
	}
	enc, sender, err := hpke.NewSender(pk, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(wrapInfo))
	if err != nil {
		return nil, fmt.Errorf("sealing to a public key: %w", err)
	}
	ct, err := sender.Seal(associated, plaintext)
	if err != nil {
		return nil, fmt.Errorf("sealing to a public key: %w", err)
	}
	return append(enc, ct...), nil
}

// encapsulated is the length of X-Wing's encapsulated key.
const encapsulated = 1120

// The sizes of a sealed key (FORMAT.md 7): under another one by AES-KW, and to a
// public key by HPKE.
const (
	WrappedSize   = KeySize + 8
	SealedKeySize = encapsulated + KeySize + Overhead
)

// OpenSealed opens what SealTo sealed, or returns ErrSealed.
func (p *PrivateKey) OpenSealed(associated, sealed []byte) ([]byte, error) {
	if len(sealed) < encapsulated+Overhead {
		return nil, fmt.Errorf("%d sealed bytes: %w", len(sealed), ErrSealed)
	}
	r, err := hpke.NewRecipient(sealed[:encapsulated], p.key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(wrapInfo))
	if err != nil {
		return nil, fmt.Errorf("a sealed key: %w", ErrSealed)
	}
	plain, err := r.Open(associated, sealed[encapsulated:])
	if err != nil {
		return nil, fmt.Errorf("a sealed key: %w", ErrSealed)
	}
	return plain, nil
}
