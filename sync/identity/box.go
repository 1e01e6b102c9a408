package identity

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"io"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

const nonceSize = 12

// MaxBox bounds a small local secret.
const MaxBox = 64 << 10

// sealBox is nonce ‖ AES-256-GCM. Nonces are random; a key seals few boxes.
func sealBox(random host.Random, key seal.Key, associated, plain []byte) ([]byte, error) {
	aead, err := boxCipher(key)
	if err != nil {
		return nil, err
	}
	box := make([]byte, nonceSize, nonceSize+len(plain)+aead.Overhead())
	if _, err := io.ReadFull(random, box); err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return aead.Seal(box, box, plain, associated), nil
}

func openBox(key seal.Key, associated, box []byte) ([]byte, error) {
	aead, err := boxCipher(key)
	if err != nil {
		return nil, err
	}
	if len(box) < nonceSize+aead.Overhead() {
		return nil, seal.ErrSealed
	}
	plain, err := aead.Open(nil, box[:nonceSize], box[nonceSize:], associated)
	if err != nil {
		return nil, seal.ErrSealed
	}
	return plain, nil
}

func boxCipher(key seal.Key) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func derive(key []byte, info string) (seal.Key, error) {
	b, err := hkdf.Key(sha256.New, key, nil, info, seal.KeySize)
	if err != nil {
		return seal.Key{}, err
	}
	return seal.Key(b), nil
}

// SealLocal seals a small secret that stays in local/ under the store key. The
// label says what it is, so that one can't be put in another's place.
func SealLocal(random host.Random, store seal.Key, label string, plain []byte) ([]byte, error) {
	if len(plain) > MaxBox {
		return nil, fmt.Errorf("sealing %s: %d bytes, at most %d", label, len(plain), MaxBox)
	}
	k, err := derive(store[:], "hejie local v1")
	if err != nil {
		return nil, err
	}
	return sealBox(random, k, []byte(label), plain)
}

// OpenLocal opens what SealLocal sealed, or returns seal.ErrSealed.
func OpenLocal(store seal.Key, label string, box []byte) ([]byte, error) {
	k, err := derive(store[:], "hejie local v1")
	if err != nil {
		return nil, err
	}
	plain, err := openBox(k, []byte(label), box)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", label, err)
	}
	return plain, nil
}

// The labels of the keys that lie in local/.
const (
	LabelMachine = "machine key"
	LabelUnit    = "unit keys"
)

// wireUnitKeys is also the escrow's content, there with one reading key.
type wireUnitKeys struct {
	Reading [][seal.SeedSize]byte `cbor:"1,keyasint"`
	Issuing *[32]byte             `cbor:"2,keyasint,omitempty"`
}

// Encode gives a unit's private keys as bytes, to be sealed.
func (u UnitKeys) Encode() []byte {
	w := wireUnitKeys{Reading: [][seal.SeedSize]byte{}}
	for _, k := range u.Reading {
		w.Reading = append(w.Reading, k.Seed())
	}
	if u.Issuing != nil {
		s := u.Issuing.Seed()
		w.Issuing = &s
	}
	return dcbor.Must(w)
}

// DecodeUnitKeys reads what Encode gave.
func DecodeUnitKeys(b []byte) (UnitKeys, error) {
	f := readFields("unit keys", b)
	var seeds [][seal.SeedSize]byte
	f.need(1, &seeds)
	issuing := f.id(2, false)
	f.rest()
	if f.err != nil {
		return UnitKeys{}, f.err
	}
	var u UnitKeys
	for _, s := range seeds {
		k, err := seal.PrivateKeyFrom(s)
		if err != nil {
			return UnitKeys{}, err
		}
		u.Reading = append(u.Reading, k)
	}
	if issuing != nil {
		k := SigningKeyFrom(*issuing)
		u.Issuing = &k
	}
	return u, nil
}
