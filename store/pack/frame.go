package pack

import (
	"encoding/binary"
	"errors"

	"hejie/store"
)

// The payload of a frame's record: kind 1 ‖ flags 1 ‖ id 32 ‖ arrived 8 ‖
// sender 32 if flagged ‖ token 16 if flagged ‖ asked 32 if flagged ‖ the
// frame's bytes to the end.
const (
	flagSender = 1 << 0
	flagToken  = 1 << 1
	flagAsked  = 1 << 2
	frameFixed = 1 + 1 + 32 + 8
)

var errFramePayload = errors.New("a frame's record is not in its one encoding")

// frameSize is the length of a frame's payload.
func frameSize(f *store.Frame) int {
	n := frameFixed + len(f.Bytes)
	if f.Local.Sender != (store.ID{}) {
		n += 32
	}
	if f.Local.Token != ([16]byte{}) {
		n += 16
	}
	if f.Local.Asked != ([32]byte{}) {
		n += 32
	}
	return n
}

func appendFrame(dst []byte, f *store.Frame) []byte {
	var flags byte
	if f.Local.Sender != (store.ID{}) {
		flags |= flagSender
	}
	if f.Local.Token != ([16]byte{}) {
		flags |= flagToken
	}
	if f.Local.Asked != ([32]byte{}) {
		flags |= flagAsked
	}
	dst = append(dst, byte(f.Kind), flags)
	dst = append(dst, f.ID[:]...)
	dst = binary.BigEndian.AppendUint64(dst, uint64(f.Local.Arrived))
	if flags&flagSender != 0 {
		dst = append(dst, f.Local.Sender[:]...)
	}
	if flags&flagToken != 0 {
		dst = append(dst, f.Local.Token[:]...)
	}
	if flags&flagAsked != 0 {
		dst = append(dst, f.Local.Asked[:]...)
	}
	return append(dst, f.Bytes...)
}

// decodeFrame reads a payload; the frame's Bytes share its memory.
func decodeFrame(p []byte) (store.Frame, error) {
	if len(p) < frameFixed {
		return store.Frame{}, errFramePayload
	}
	f := store.Frame{Kind: store.FrameKind(p[0])}
	flags := p[1]
	if flags&^(flagSender|flagToken|flagAsked) != 0 {
		return store.Frame{}, errFramePayload
	}
	f.ID = store.ID(p[2:34])
	f.Local.Arrived = int64(binary.BigEndian.Uint64(p[34:]))
	p = p[frameFixed:]
	if flags&flagSender != 0 {
		if len(p) < 32 || store.ID(p[:32]) == (store.ID{}) {
			return store.Frame{}, errFramePayload
		}
		f.Local.Sender, p = store.ID(p[:32]), p[32:]
	}
	if flags&flagToken != 0 {
		if len(p) < 16 || [16]byte(p[:16]) == ([16]byte{}) {
			return store.Frame{}, errFramePayload
		}
		f.Local.Token, p = [16]byte(p[:16]), p[16:]
	}
	if flags&flagAsked != 0 {
		if len(p) < 32 || [32]byte(p[:32]) == ([32]byte{}) {
			return store.Frame{}, errFramePayload
		}
		f.Local.Asked, p = [32]byte(p[:32]), p[32:]
	}
	if len(p) > store.MaxFrame {
		return store.Frame{}, errFramePayload
	}
	f.Bytes = p
	return f, nil
}
