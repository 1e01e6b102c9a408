package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"

	"hejie/store"
)

// A piece is a frame of kind 4: a chunk of an attachment, or the list of its
// chunks. Both are named by their bytes alone, so whoever holds an operation
// that lists them may hold them, check them and hand them on (FORMAT.md 5).

// Limits of attachments.
const (
	// ChunkSize is what each chunk but the last holds before it is sealed.
	ChunkSize = 256 << 10
	// MaxChunks bounds a list, which is a frame too: some 8 GB, named in 1 MB.
	MaxChunks = 32_000
)

// ErrPiece is returned for a chunk or list that is not of the form.
var ErrPiece = errors.New("the piece of an attachment is malformed")

// PieceID names a chunk or a list by its bytes.
func PieceID(b []byte) store.ID { return Hash("hejie piece v1", b) }

// chunkCipher derives what an attachment's chunks are sealed with, and the
// nonce of one: its place and whether it is the last, so that chunks can be
// neither swapped nor left out at the end. The key is made for one attachment.
func (k Key) chunkCipher(place uint64, last bool) (cipher.AEAD, []byte, error) {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return nil, nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, err
	}
	nonce := binary.BigEndian.AppendUint64(make([]byte, 3, 12), place)
	if last {
		return aead, append(nonce, 1), nil
	}
	return aead, append(nonce, 0), nil
}

// SealChunk seals the chunk at a place, from 0, under the attachment's key.
func (k Key) SealChunk(place uint64, last bool, content []byte) ([]byte, error) {
	if err := chunkSize(place, last, len(content)); err != nil {
		return nil, err
	}
	aead, nonce, err := k.chunkCipher(place, last)
	if err != nil {
		return nil, fmt.Errorf("sealing a chunk: %w", err)
	}
	return aead.Seal(nil, nonce, content, nil), nil
}

// OpenChunk opens what SealChunk sealed. It fails with ErrSealed for another
// key, place or end, and with ErrPiece for a size that no chunk there has.
func (k Key) OpenChunk(place uint64, last bool, sealed []byte) ([]byte, error) {
	if err := chunkSize(place, last, len(sealed)-Overhead); err != nil {
		return nil, err
	}
	aead, nonce, err := k.chunkCipher(place, last)
	if err != nil {
		return nil, fmt.Errorf("opening a chunk: %w", err)
	}
	content, err := aead.Open(nil, nonce, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("chunk %d: %w", place, ErrSealed)
	}
	return content, nil
}

func chunkSize(place uint64, last bool, n int) error {
	if place >= MaxChunks || n < 1 || n > ChunkSize || !last && n != ChunkSize {
		return fmt.Errorf("chunk %d of %d bytes: %w", place, n, ErrPiece)
	}
	return nil
}

// ChunkList is the bytes of a list: the chunks' ids in their order.
func ChunkList(ids []store.ID) ([]byte, error) {
	if len(ids) == 0 || len(ids) > MaxChunks {
		return nil, fmt.Errorf("a list of %d chunks, 1 to %d: %w", len(ids), MaxChunks, ErrPiece)
	}
	b := make([]byte, 0, len(ids)*len(store.ID{}))
	for i := range ids {
		b = append(b, ids[i][:]...)
	}
	return b, nil
}

// ParseChunkList reads a list as an operation names it: by its id, and with so
// many chunks of so many bytes together.
func ParseChunkList(b []byte, id store.ID, chunks, size uint64) ([]store.ID, error) {
	const each = len(store.ID{})
	switch {
	case PieceID(b) != id:
		return nil, fmt.Errorf("another list than the operation names: %w", ErrPiece)
	case chunks == 0 || chunks > MaxChunks || uint64(len(b)) != chunks*uint64(each):
		return nil, fmt.Errorf("a list of %d bytes for %d chunks: %w", len(b), chunks, ErrPiece)
	case size <= (chunks-1)*ChunkSize || size > chunks*ChunkSize:
		return nil, fmt.Errorf("%d bytes in %d chunks: %w", size, chunks, ErrPiece)
	}
	ids := make([]store.ID, chunks)
	for i := range ids {
		ids[i] = store.ID(b[i*each:])
	}
	return ids, nil
}
