package oplog

import (
	"encoding/binary"
	"fmt"

	"hejie/store"
	"hejie/sync/seal"
)

// prefix is what stands before every frame: suite, lengths of header, signature part and body.
const prefix = 1 + 4 + 2 + 4

// cut splits a frame of an operation or a wrap into its parts (FORMAT.md 2).
func cut(frame []byte, maxHeader, maxBody int) (suite byte, header, sig, body []byte, err error) {
	if len(frame) < prefix || len(frame) > store.MaxFrame {
		return 0, nil, nil, nil, fmt.Errorf("%w: %d bytes", ErrFrame, len(frame))
	}
	h, s, b := int(binary.BigEndian.Uint32(frame[1:])), int(binary.BigEndian.Uint16(frame[5:])), int(binary.BigEndian.Uint32(frame[7:]))
	if frame[0] != seal.Suite1 {
		return 0, nil, nil, nil, fmt.Errorf("suite %d: %w", frame[0], ErrSuite)
	}
	if h == 0 || h > maxHeader || !partSize(s) || b > maxBody || prefix+h+s+b != len(frame) {
		return 0, nil, nil, nil, fmt.Errorf("%w: lengths %d, %d, %d in %d bytes", ErrFrame, h, s, b, len(frame))
	}
	rest := frame[prefix:]
	return frame[0], rest[:h], rest[h : h+s], rest[h+s:], nil
}

// assemble is the other way.
func assemble(suite byte, header, sig, body []byte) []byte {
	frame := make([]byte, 0, prefix+len(header)+len(sig)+len(body))
	frame = append(frame, suite)
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(header)))
	frame = binary.BigEndian.AppendUint16(frame, uint16(len(sig)))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(body)))
	return append(append(append(frame, header...), sig...), body...)
}
