package identity

import (
	"crypto/ed25519"
	"fmt"
	"io"

	libp2pcrypto "github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"

	"hejie/store/host"
	"hejie/sync/seal"
)

// SigningKey is an Ed25519 key of a seat, a machine or a unit's issuing key,
// kept as its seed. It prints as its public name.
type SigningKey struct {
	seed [ed25519.SeedSize]byte
}

// NewSigningKey makes a key from 32 random bytes.
func NewSigningKey(random host.Random) (SigningKey, error) {
	var k SigningKey
	if _, err := io.ReadFull(random, k.seed[:]); err != nil {
		return SigningKey{}, fmt.Errorf("making a signing key: %w", err)
	}
	return k, nil
}

// SigningKeyFrom restores a key from its seed.
func SigningKeyFrom(seed [ed25519.SeedSize]byte) SigningKey { return SigningKey{seed} }

// Seed is the private key's 32 bytes.
func (k SigningKey) Seed() [ed25519.SeedSize]byte { return k.seed }

// Private is the key as the standard library has it.
func (k SigningKey) Private() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(k.seed[:]) }

// Public names the key.
func (k SigningKey) Public() SeatKey {
	return SeatKey(k.Private().Public().(ed25519.PublicKey)) //nolint:forcetypeassert // the standard library promises it
}

func (k SigningKey) sign(digest ID) [ed25519.SignatureSize]byte {
	return [ed25519.SignatureSize]byte(ed25519.Sign(k.Private(), digest[:]))
}

// String hides the seed from logs.
func (k SigningKey) String() string { p := k.Public(); return fmt.Sprintf("signing key %x", p[:4]) }

// GoString hides the seed from %#v.
func (k SigningKey) GoString() string { return k.String() }

// Libp2p is the key as libp2p has it, for the machine seat.
func (k SigningKey) Libp2p() (libp2pcrypto.PrivKey, error) {
	p, err := libp2pcrypto.UnmarshalEd25519PrivateKey(k.Private())
	if err != nil {
		return nil, fmt.Errorf("the machine's libp2p key: %w", err)
	}
	return p, nil
}

// PeerID is the libp2p id of a machine seat.
func PeerID(machine SeatKey) (peer.ID, error) {
	p, err := libp2pcrypto.UnmarshalEd25519PublicKey(machine[:])
	if err != nil {
		return "", fmt.Errorf("the machine's libp2p id: %w", err)
	}
	return peer.IDFromPublicKey(p)
}

// MachineOf is the machine seat that a libp2p id stands for. An id that is not
// an Ed25519 key belongs to no station.
func MachineOf(id peer.ID) (SeatKey, error) {
	p, err := id.ExtractPublicKey()
	if err != nil {
		return SeatKey{}, fmt.Errorf("peer %s: %w", id, err)
	}
	raw, err := p.Raw()
	if err != nil || p.Type() != libp2pcrypto.Ed25519 || len(raw) != len(SeatKey{}) {
		return SeatKey{}, fmt.Errorf("peer %s has no Ed25519 key", id)
	}
	return SeatKey(raw), nil
}

// SeatKeys are the private keys of one person on one device.
type SeatKeys struct {
	Signing SigningKey
	Reading *seal.PrivateKey // wraps of the unit's reading key are sealed to it
}

// NewSeatKeys makes the keys of a seat.
func NewSeatKeys(random host.Random) (SeatKeys, error) {
	s, err := NewSigningKey(random)
	if err != nil {
		return SeatKeys{}, err
	}
	r, err := seal.NewPrivateKey(random)
	return SeatKeys{s, r}, err
}

// UnitKeys are a unit's private keys, which all its seats (Reading) or its
// admin seats (Issuing) share.
type UnitKeys struct {
	// Reading keys, the newest last; older ones open what was sealed before.
	Reading []*seal.PrivateKey
	// Issuing is nil where the unit has no admin.
	Issuing *SigningKey
}

// NewUnitKeys makes the keys of a new unit; admin says whether it can issue.
func NewUnitKeys(random host.Random, admin bool) (UnitKeys, error) {
	r, err := seal.NewPrivateKey(random)
	if err != nil {
		return UnitKeys{}, err
	}
	u := UnitKeys{Reading: []*seal.PrivateKey{r}}
	if admin {
		k, err := NewSigningKey(random)
		if err != nil {
			return UnitKeys{}, err
		}
		u.Issuing = &k
	}
	return u, nil
}
