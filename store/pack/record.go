package pack

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"hejie/store"
)

// A record on the disk, all numbers big-endian:
//
//	 0  marker    4  F5 48 4A 52
//	 4  length    4  of the ciphertext, tag included
//	 8  seq       8
//	16  salt      4  random for each commit
//	20  position  2  of the record in its commit, from 0
//	22  count     2  of records in the commit
//	24  end       4  where the commit ends in the file
//	28  crc32c    4  over bytes 4 to 28 and the ciphertext
//	32  ciphertext: AES-256-GCM, nonce seq ‖ salt, bytes 4 to 28 as associated data
const (
	recordHeader = 32
	tagSize      = 16
	// maxPayload bounds a payload: a frame with its local fields, or a fact.
	maxPayload = store.MaxFrame + 4096
	// maxCount bounds a commit's records: what position and count can tell.
	maxCount = 1<<16 - 1
)

var (
	marker     = []byte{0xf5, 'H', 'J', 'R'}
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// record is a decoded record.
type record struct {
	seq     uint64
	salt    [4]byte
	pos     uint16
	count   uint16
	end     uint32 // of the commit: a longer file shows that it was synced
	payload []byte
}

// first is the seq of the record's commit's first record.
func (r *record) first() uint64 { return r.seq - uint64(r.pos) }

// sameCommit tells whether two records were written in one commit.
func (r *record) sameCommit(o *record) bool {
	return r.first() == o.first() && r.count == o.count && r.end == o.end && r.salt == o.salt
}

// keys of files: what they hold is part of the key, so that no file passes for
// one of another kind.
const (
	infoPack  = "hejie pack v1"
	infoFacts = "hejie facts v1"
)

// newAEAD derives the cipher of one file.
func newAEAD(key [32]byte, id [16]byte, info string) (cipher.AEAD, error) {
	k, err := hkdf.Key(sha256.New, key[:], id[:], info, 32)
	if err != nil {
		return nil, fmt.Errorf("derive a file's key: %w", err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, fmt.Errorf("derive a file's key: %w", err)
	}
	return cipher.NewGCM(block)
}

func nonce(seq uint64, salt [4]byte) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint64(n, seq)
	copy(n[8:], salt[:])
	return n
}

// appendRecord seals one record and appends it to dst.
func appendRecord(dst []byte, aead cipher.AEAD, r record) []byte {
	at := len(dst)
	dst = append(dst, marker...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.payload)+tagSize))
	dst = binary.BigEndian.AppendUint64(dst, r.seq)
	dst = append(dst, r.salt[:]...)
	dst = binary.BigEndian.AppendUint16(dst, r.pos)
	dst = binary.BigEndian.AppendUint16(dst, r.count)
	dst = binary.BigEndian.AppendUint32(dst, r.end)
	dst = append(dst, 0, 0, 0, 0)
	dst = aead.Seal(dst, nonce(r.seq, r.salt), r.payload, dst[at+4:at+28])
	binary.BigEndian.PutUint32(dst[at+28:], checksum(dst[at:]))
	return dst
}

func checksum(rec []byte) uint32 {
	return crc32.Update(crc32.Checksum(rec[4:28], castagnoli), castagnoli, rec[recordHeader:])
}

// recordLength reads a record's whole length from its first recordHeader
// bytes; 0 if they begin no record.
func recordLength(b []byte) int {
	if len(b) < recordHeader || !bytes.Equal(b[:4], marker) {
		return 0
	}
	n := binary.BigEndian.Uint32(b[4:])
	pos, count := binary.BigEndian.Uint16(b[20:]), binary.BigEndian.Uint16(b[22:])
	if n < tagSize || n > maxPayload+tagSize || pos >= count {
		return 0
	}
	if seq := binary.BigEndian.Uint64(b[8:]); seq <= uint64(pos) {
		return 0
	}
	return recordHeader + int(n)
}

// decodeRecord opens one whole record (recordLength bytes).
func decodeRecord(aead cipher.AEAD, b []byte) (record, error) {
	if n := recordLength(b); n == 0 || n != len(b) {
		return record{}, fmt.Errorf("%w: no record here", store.ErrDamaged)
	}
	if checksum(b) != binary.BigEndian.Uint32(b[28:]) {
		return record{}, fmt.Errorf("%w: checksum does not fit", store.ErrDamaged)
	}
	r := record{
		seq:   binary.BigEndian.Uint64(b[8:]),
		salt:  [4]byte(b[16:20]),
		pos:   binary.BigEndian.Uint16(b[20:]),
		count: binary.BigEndian.Uint16(b[22:]),
		end:   binary.BigEndian.Uint32(b[24:]),
	}
	payload, err := aead.Open(nil, nonce(r.seq, r.salt), b[recordHeader:], b[4:28])
	if err != nil {
		return record{}, fmt.Errorf("%w: seal does not fit", store.ErrDamaged)
	}
	r.payload = payload
	return r, nil
}
