package exchange

import (
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"hejie/store"
)

// A batch is one byte (0 stored, 1 zstd), the length before compression
// (uvarint) and the content: frames, each a byte of kind, a length (uvarint)
// and its bytes.
const (
	batchStored = 0
	batchZstd   = 1
)

var compressor, decompressor = compression()

func compression() (*zstd.Encoder, *zstd.Decoder) {
	in, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithEncoderCRC(false))
	if err != nil {
		panic(err) // the options are constants of this file
	}
	out, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxBatch), zstd.WithDecoderMaxWindow(1<<20))
	if err != nil {
		panic(err)
	}
	return in, out
}

// batch gathers frames up to MaxBatch.
type batch struct {
	raw   []byte
	ids   []store.ID
	kinds []store.FrameKind
}

// add takes a frame, or answers false where it would make the batch too large.
func (b *batch) add(id store.ID, w Wire) bool {
	if len(b.ids) > 0 && len(b.raw)+len(w.Bytes)+6 > MaxBatch || len(b.ids) == maxItems {
		return false
	}
	b.raw = append(b.raw, byte(w.Kind))
	b.raw = binary.AppendUvarint(b.raw, uint64(len(w.Bytes)))
	b.raw = append(b.raw, w.Bytes...)
	b.ids, b.kinds = append(b.ids, id), append(b.kinds, w.Kind)
	return true
}

// encode is the batch as it is sent; nil if it is empty.
func (b *batch) encode() []byte {
	if len(b.ids) == 0 {
		return nil
	}
	head := binary.AppendUvarint([]byte{batchZstd}, uint64(len(b.raw)))
	out := compressor.EncodeAll(b.raw, head)
	if len(out) < len(b.raw) {
		return out
	}
	head[0] = batchStored
	return append(head, b.raw...)
}

// parseBatch decodes a batch. The frames' bytes are their own.
func parseBatch(data []byte) ([]Wire, error) {
	if len(data) == 0 {
		return nil, nil
	}
	raw, err := unpack(data)
	if err != nil {
		return nil, err
	}
	var frames []Wire
	for len(raw) > 0 {
		k := store.FrameKind(raw[0])
		n, used := binary.Uvarint(raw[1:])
		if used <= 0 || n > uint64(len(raw)-1-used) || n > store.MaxFrame {
			return nil, fmt.Errorf("%w: a frame longer than its batch", ErrMalformed)
		}
		if len(frames) == maxItems {
			return nil, fmt.Errorf("%w: too many frames in a batch", ErrMalformed)
		}
		raw = raw[1+used:]
		frames = append(frames, Wire{Kind: k, Bytes: raw[:n:n]})
		raw = raw[n:]
	}
	return frames, nil
}

func unpack(data []byte) ([]byte, error) {
	n, used := binary.Uvarint(data[1:])
	if used <= 0 || n > MaxBatch {
		return nil, fmt.Errorf("%w: a batch that claims %d bytes", ErrMalformed, n)
	}
	content := data[1+used:]
	var err error
	switch data[0] {
	case batchStored:
	case batchZstd:
		if content, err = decompressor.DecodeAll(content, nil); err != nil {
			return nil, fmt.Errorf("%w: a batch that does not decompress: %v", ErrMalformed, err)
		}
	default:
		return nil, fmt.Errorf("%w: compression %d", ErrMalformed, data[0])
	}
	if uint64(len(content)) != n {
		return nil, fmt.Errorf("%w: a batch of another length than it says", ErrMalformed)
	}
	return content, nil
}
