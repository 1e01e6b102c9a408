package reconcile

import (
	"crypto/sha256"
	"encoding/binary"

	"hejie/store"
)

// Salt is drawn by both sides of a session, so that nobody can prepare entries
// whose short ids or fingerprints are alike.
type Salt [16]byte

// Short is a salted short id.
type Short [ShortSize]byte

// mark is a fingerprint inside a reconcile message.
type mark [PrintSize]byte

// NewSalt mixes the nonces of both sides: H("hejie salt v1", initiator,
// responder), cut to 16 bytes.
func NewSalt(initiator, responder [16]byte) Salt {
	buf := append([]byte("hejie salt v1\x00"), initiator[:]...)
	sum := sha256.Sum256(append(buf, responder[:]...))
	return Salt(sum[:16])
}

// Print is a fingerprint as it is sent: H("hejie fingerprint v1", salt, count,
// sum) cut to 16 bytes (FORMAT.md 8). Reconcile messages cut it to PrintSize.
func Print(salt Salt, fp store.Fingerprint) [16]byte {
	var buf [21 + 16 + 8 + 32]byte
	n := copy(buf[:], "hejie fingerprint v1\x00")
	n += copy(buf[n:], salt[:])
	binary.BigEndian.PutUint64(buf[n:], fp.Count)
	copy(buf[n+8:], fp.Sum[:])
	sum := sha256.Sum256(buf[:])
	return [16]byte(sum[:16])
}

func markOf(salt Salt, fp store.Fingerprint) mark {
	p := Print(salt, fp)
	return mark(p[:PrintSize])
}

// ShortOf is H("hejie short id v1", salt, id) cut to ShortSize bytes.
func ShortOf(salt Salt, id store.ID) Short {
	var buf [18 + 16 + 32]byte
	n := copy(buf[:], "hejie short id v1\x00")
	n += copy(buf[n:], salt[:])
	copy(buf[n:], id[:])
	sum := sha256.Sum256(buf[:])
	return Short(sum[:ShortSize])
}

// IDOf cuts the frame's id out of an entry's key.
func IDOf(key store.EntryKey) store.ID { return store.ID(key[len(key)-32:]) }
