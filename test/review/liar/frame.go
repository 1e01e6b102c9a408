package liar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// Kinds of frames in batches and packs.
const (
	FrameOperation = 1
	FrameWrap      = 2
)

// Frame is what is pushed: a kind and bytes.
type Frame struct {
	Kind  byte
	Bytes []byte
}

// Operation is one that was pulled or written.
type Operation struct {
	ID     ID
	Header M
	Body   []byte // as it lies in the frame
	Bytes  []byte // the whole frame
}

// Frame is the operation as it is pushed.
func (o *Operation) Frame() Frame { return Frame{FrameOperation, o.Bytes} }

// record is the id of the operation's record.
func (o *Operation) record() ID {
	if id := o.Header.id(8); id != (ID{}) {
		return id
	}
	return o.ID
}

// cut takes a frame apart: suite, header or map, signature part, body.
func cut(b []byte) (header, signature, body []byte, err error) {
	if len(b) < 11 || b[0] != suite {
		return nil, nil, nil, errors.New("no frame of suite 1")
	}
	h, s := uint64(binary.BigEndian.Uint32(b[1:])), uint64(binary.BigEndian.Uint16(b[5:]))
	n := uint64(binary.BigEndian.Uint32(b[7:]))
	if uint64(len(b)) != 11+h+s+n {
		return nil, nil, nil, errors.New("a frame's lengths do not fit")
	}
	return b[11 : 11+h], b[11+h : 11+h+s], b[11+h+s:], nil
}

func join(header, signature, body []byte) []byte {
	b := []byte{suite}
	b = binary.BigEndian.AppendUint32(b, uint32(len(header)))
	b = binary.BigEndian.AppendUint16(b, uint16(len(signature)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return slices.Concat(b, header, signature, body)
}

func parseOperation(b []byte) (*Operation, error) {
	header, _, body, err := cut(b)
	if err != nil {
		return nil, err
	}
	m, err := Map(header)
	if err != nil {
		return nil, err
	}
	return &Operation{ID: H("hejie operation v1", []byte{suite}, header), Header: m, Body: body, Bytes: b}, nil
}

// Plain is FORMAT 5's plaintext of a content, uncompressed and padded.
func Plain(content []byte) []byte { return pad(bare(content)) }

// bare is the same without padding, as class tree has it.
func bare(content []byte) []byte {
	p := []byte{0}
	if oldPlaintext() {
		p = binary.BigEndian.AppendUint32(p, uint32(len(content)))
		p = binary.BigEndian.AppendUint32(p, uint32(len(content)))
	} else {
		p = binary.AppendUvarint(p, uint64(len(content)))
	}
	return append(p, content...)
}

func pad(p []byte) []byte {
	step := 32
	switch {
	case len(p) > 8192:
		step = 1024
	case len(p) > 1024:
		step = 128
	}
	return append(p, make([]byte, (step-len(p)%step)%step)...)
}

// Compressed is a plaintext that says another compression number than it has.
func Compressed(number byte) func([]byte) []byte {
	return func(content []byte) []byte {
		stored := append(slices.Repeat([]byte{0xd1}, 32), content...)
		p := []byte{number}
		if oldPlaintext() {
			p = binary.BigEndian.AppendUint32(p, uint32(len(content)))
			p = binary.BigEndian.AppendUint32(p, uint32(len(stored)))
		} else {
			p = binary.AppendUvarint(p, uint64(len(content)))
			p = binary.AppendUvarint(p, uint64(len(stored)))
		}
		return pad(append(p, stored...))
	}
}

// Zstd is a plaintext that is compressed rightly: thousands of like changes take some
// hundred bytes.
func Zstd(content []byte) []byte {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	if err != nil {
		panic(err)
	}
	stored := e.EncodeAll(content, nil)
	p := binary.AppendUvarint([]byte{1}, uint64(len(content)))
	p = binary.AppendUvarint(p, uint64(len(stored)))
	return pad(append(p, stored...))
}

// Padded is a plaintext with so many more zeros than the writer's step asks for.
func Padded(more int) func([]byte) []byte {
	return func(content []byte) []byte { return append(Plain(content), make([]byte, more)...) }
}

// content undoes Plain of an operation of class tree or one that was opened.
func content(p []byte) ([]byte, error) {
	if len(p) == 0 {
		return nil, errors.New("an empty plaintext")
	}
	compression, p := p[0], p[1:]
	var length, stored uint64
	if oldPlaintext() {
		if len(p) < 8 {
			return nil, errors.New("a short plaintext")
		}
		length, stored = uint64(binary.BigEndian.Uint32(p)), uint64(binary.BigEndian.Uint32(p[4:]))
		p = p[8:]
	} else {
		var n int
		length, n = binary.Uvarint(p)
		p = p[max(n, 0):]
		stored = length
		if compression != 0 {
			stored, n = binary.Uvarint(p)
			p = p[max(n, 0):]
		}
	}
	if uint64(len(p)) < stored {
		return nil, errors.New("a plaintext shorter than it says")
	}
	switch compression {
	case 0:
		return p[:stored], nil
	case 1, 2:
		options := []zstd.DOption{zstd.WithDecoderConcurrency(1)}
		if compression == 2 {
			d, err := dictionary()
			if err != nil {
				return nil, err
			}
			options = append(options, zstd.WithDecoderDictRaw(0, d))
		}
		r, err := zstd.NewReader(nil, options...)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		out, err := r.DecodeAll(p[:stored], nil)
		if err == nil && uint64(len(out)) != length {
			err = errors.New("a content of another length than the plaintext says")
		}
		return out, err
	}
	return nil, fmt.Errorf("compression %d", compression)
}

// WithoutBody is the frame of an operation whose body was taken away: its header
// and so its id stay.
func WithoutBody(frame []byte) []byte {
	header, signature, _, err := cut(frame)
	if err != nil {
		panic(err) // callers wrote the frame themselves
	}
	return join(header, signature, nil)
}

// HeaderBytes are the header as it was hashed.
func (o *Operation) HeaderBytes() []byte {
	header, _, _, err := cut(o.Bytes)
	if err != nil {
		panic(err) // it was parsed
	}
	return header
}

// Signed is the frame with another signature part.
func (o *Operation) Signed(part []byte) []byte { return join(o.HeaderBytes(), part, o.Body) }
