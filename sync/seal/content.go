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
	out, err := of.decoder.DecodeAll(rest[:stored], make([]byte, 0, full))
	if err != nil || len(out) != full {
		return nil, fmt.Errorf("compressed content: %w", ErrContent)
	}
	return out, nil
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
