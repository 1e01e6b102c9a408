package seal

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// MaxContent bounds a body before compression, so that a small frame can't
// grow without end when it is opened.
const MaxContent = 900_000

// The compressions of a body (FORMAT.md 5).
const (
	plainContent byte = 0
	zstdContent  byte = 1
	dictContent  byte = 2 // zstd with dictionary 1
)

// ErrContent is returned for a body whose plaintext is not of the form.
var ErrContent = errors.New("the body's content is malformed")

// dictionary1 is what compression 2 begins with, as if it stood before every
// content: names of fields and steps, and words of forms; nobody's words. Its
// bytes never change: a better one takes the next number (FORMAT.md 5).
//
//go:embed dictionary1.bin
var dictionary1 []byte

// compressions are those that this program knows, beside storing as it is.
var compressions = append([]compression{
	newCompression(zstdContent, nil, nil),
	newCompression(dictContent, []zstd.EOption{zstd.WithEncoderDictRaw(0, dictionary1)}, []zstd.DOption{zstd.WithDecoderDictRaw(0, dictionary1)}),
}, laterCompressions()...)

// newCompression makes a compression without checksum and window head: a body is
// decoded into one buffer whose size is said before.
func newCompression(number byte, e []zstd.EOption, d []zstd.DOption) compression {
	encoder, err := zstd.NewWriter(nil, append(e, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))...)
	if err != nil {
		panic(err) // its options are constants of this package
	}
	decoder, err := zstd.NewReader(nil, append(d, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxContent+1), zstd.WithDecodeAllCapLimit(true))...)
	if err != nil {
		panic(err)
	}
	return compression{number, encoder, decoder}
}

// Pack makes the plaintext of a body: compressed where that is shorter, padded
// to steps if pad is set.
func Pack(content []byte, pad bool) ([]byte, error) {
	if len(content) > MaxContent {
		return nil, fmt.Errorf("a body of %d bytes, at most %d: %w", len(content), MaxContent, ErrContent)
	}
	p := plainText(content)
	for _, c := range compressions {
		if z := c.pack(content); len(z) < len(p) {
			p = z
		}
	}
	if pad {
		p = append(p, make([]byte, padded(len(p))-len(p))...)
	}
	return p, nil
}

func plainText(content []byte) []byte {
	p := binary.AppendUvarint([]byte{plainContent}, uint64(len(content)))
	return append(p, content...)
}

// compression is one way in which content is stored.
type compression struct {
	number  byte
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

func (c compression) pack(content []byte) []byte {
	stored := c.encoder.EncodeAll(content, nil)
	p := binary.AppendUvarint([]byte{c.number}, uint64(len(content)))
	p = binary.AppendUvarint(p, uint64(len(stored)))
	return append(p, stored...)
}

// Unpack reads what Pack made, whatever padding follows. It fails with
// ErrContent, or with ErrNewer for a compression that is not known here.
func Unpack(p []byte) ([]byte, error) {
	if len(p) == 0 {
		return nil, fmt.Errorf("no bytes: %w", ErrContent)
	}
	rest := p[1:]
	var of *compression
	for i := range compressions {
		if compressions[i].number == p[0] {
			of = &compressions[i]
		}
	}
	if p[0] != plainContent && of == nil {
		return nil, fmt.Errorf("compression %d: %w", p[0], ErrNewer)
	}
	full, rest, err := length(rest, MaxContent)
	if err != nil {
		return nil, err
	}
	stored := full
	if of != nil {
		if stored, rest, err = length(rest, len(rest)); err != nil {
			return nil, err
		}
	}
	if stored > len(rest) {
		return nil, fmt.Errorf("lengths %d and %d in %d bytes: %w", full, stored, len(p), ErrContent)
	}
	for _, b := range rest[stored:] {
		if b != 0 {
			return nil, fmt.Errorf("padding is not zero: %w", ErrContent)
		}
	}
	if of == nil {
		return append([]byte(nil), rest[:stored]...), nil
	}
	if !oneFrame(rest[:stored], full) {
		return nil, fmt.Errorf("compressed content is not one plain frame: %w", ErrContent)
	}
	out, err := of.decoder.DecodeAll(rest[:stored], make([]byte, 0, full))
	if err != nil || len(out) != full {
		return nil, fmt.Errorf("compressed content: %w", ErrContent)
	}
	return out, nil
}

// oneFrame reports whether z is one zstd frame as writers make it: a single
// segment of the length that was said, without checksum and dictionary number,
// and nothing after it (RFC 8878 3.1.1). Decoders differ on all else: on a
// second frame, on frames to be skipped, on how large a window may be.
func oneFrame(z []byte, full int) bool {
	const magic, singleSegment = 0xFD2FB528, 0x20
	if len(z) < 6 || binary.LittleEndian.Uint32(z) != magic || z[4]&0x3f != singleSegment {
		return false
	}
	said := [8]byte{}
	size := 1 << (z[4] >> 6)
	if len(z) < 5+size {
		return false
	}
	copy(said[:], z[5:5+size])
	n := binary.LittleEndian.Uint64(said[:])
	if size == 2 {
		n += 256
	}
	return n == uint64(full) && blocks(z[5+size:])
}

// blocks reports whether b is blocks to the last one and nothing more.
func blocks(b []byte) bool {
	const head, runLength, reserved = 3, 1, 3
	for len(b) >= head {
		h := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
		last, kind, size := h&1 == 1, h>>1&3, int(h>>3)
		if kind == runLength {
			size = 1
		}
		if kind == reserved || size > len(b)-head {
			return false
		}
		if b = b[head+size:]; last {
			return len(b) == 0
		}
	}
	return false
}

// length reads a length in its shortest form, at most limit.
func length(b []byte, limit int) (int, []byte, error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(limit) || size > 1 && b[size-1] == 0 {
		return 0, nil, fmt.Errorf("a length: %w", ErrContent)
	}
	return int(n), b[size:], nil
}

// padded rounds a plaintext's size up to the steps of FORMAT.md 5.
func padded(n int) int {
	step := 1024
	switch {
	case n <= 1024:
		step = 32
	case n <= 8192:
		step = 128
	}
	return (n + step - 1) / step * step
}
