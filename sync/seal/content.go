package seal

import (
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
)

const contentHead = 9

// ErrContent is returned for a body whose plaintext is not of the form.
var ErrContent = errors.New("the body's content is malformed")

var (
	zstdEncoder, _ = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	zstdDecoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxContent+1), zstd.WithDecodeAllCapLimit(true))
)

// Pack makes the plaintext of a body: compressed where that is shorter, padded
// to steps if pad is set.
func Pack(content []byte, pad bool) ([]byte, error) {
	if len(content) > MaxContent {
		return nil, fmt.Errorf("a body of %d bytes, at most %d: %w", len(content), MaxContent, ErrContent)
	}
	stored, kind := content, plainContent
	if z := zstdEncoder.EncodeAll(content, nil); len(z) < len(content) {
		stored, kind = z, zstdContent
	}
	size := contentHead + len(stored)
	if pad {
		size = padded(size)
	}
	p := make([]byte, size)
	p[0] = kind
	binary.BigEndian.PutUint32(p[1:], uint32(len(content)))
	binary.BigEndian.PutUint32(p[5:], uint32(len(stored)))
	copy(p[contentHead:], stored)
	return p, nil
}

// Unpack reads what Pack made.
func Unpack(p []byte, pad bool) ([]byte, error) {
	if len(p) < contentHead {
		return nil, fmt.Errorf("%d bytes: %w", len(p), ErrContent)
	}
	full, stored := int(binary.BigEndian.Uint32(p[1:])), int(binary.BigEndian.Uint32(p[5:]))
	if full > MaxContent || stored > len(p)-contentHead {
		return nil, fmt.Errorf("lengths %d and %d: %w", full, stored, ErrContent)
	}
	want := contentHead + stored
	if pad {
		want = padded(want)
	}
	if len(p) != want {
		return nil, fmt.Errorf("%d bytes instead of %d: %w", len(p), want, ErrContent)
	}
	for _, b := range p[contentHead+stored:] {
		if b != 0 {
			return nil, fmt.Errorf("padding is not zero: %w", ErrContent)
		}
	}
	body := p[contentHead : contentHead+stored]
	switch p[0] {
	case plainContent:
		if full != stored {
			return nil, fmt.Errorf("lengths differ: %w", ErrContent)
		}
		return append([]byte(nil), body...), nil
	case zstdContent:
		out, err := zstdDecoder.DecodeAll(body, make([]byte, 0, full))
		if err != nil || len(out) != full {
			return nil, fmt.Errorf("compressed content: %w", ErrContent)
		}
		return out, nil
	}
	return nil, fmt.Errorf("compression %d: %w", p[0], ErrNewer)
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
