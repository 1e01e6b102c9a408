package pack

import (
	"errors"
	"fmt"
	"io"

	"hejie/store"
	"hejie/store/host"
)

// overhead is the most that a record adds to a frame's bytes.
const overhead = recordHeader + tagSize + frameFixed + 32 + 16

// RecordSize is the most that a frame of n bytes takes in a commit.
func RecordSize(n int) int { return n + overhead }

// Staged is the position that Flush will have reached.
func (l *Log) Staged() Position { return l.staged }

// Stage encodes frames as the next commit, sets their Seq and tells where they
// will lie. Nothing of it is written before Flush; the next Stage forgets it.
//
// Errors: store.ErrDiskFull and store.ErrTooLarge, when nothing was changed;
// store.ErrFailed after a failed write or sync.
func (l *Log) Stage(frames []store.Frame) ([]Loc, error) {
	if l.opts.ReadOnly {
		return nil, store.ErrReadOnly
	}
	if l.failed {
		return nil, store.ErrFailed
	}
	size := 0
	for i := range frames {
		if len(frames[i].Bytes) > store.MaxFrame {
			return nil, fmt.Errorf("a frame of %d bytes: %w", len(frames[i].Bytes), store.ErrTooLarge)
		}
		size += len(frames[i].Bytes) + overhead
	}
	if size > MaxCommit || len(frames) > maxCount {
		return nil, fmt.Errorf("%d frames of %d bytes in one commit: %w", len(frames), size, store.ErrTooLarge)
	}
	if err := l.opts.room(size); err != nil {
		return nil, err
	}
	if l.full(size) {
		if err := l.roll(); err != nil {
			return nil, err
		}
	}
	return l.encode(frames)
}

func (l *Log) encode(frames []store.Frame) ([]Loc, error) {
	w := l.writer()
	size := 0
	for i := range frames {
		size += frameSize(&frames[i]) + recordHeader + tagSize
	}
	r := record{count: uint16(len(frames)), end: uint32(w.size + int64(size))}
	// A new salt for each commit: a commit that failed and another under the same
	// seq are never sealed with one nonce.
	if _, err := io.ReadFull(l.opts.Random, r.salt[:]); err != nil {
		return nil, fmt.Errorf("random bytes for a commit: %w", err)
	}
	locs := make([]Loc, len(frames))
	l.buf = l.buf[:0]
	var payload []byte
	for i := range frames {
		frames[i].Seq = l.next + uint64(i)
		payload = appendFrame(payload[:0], &frames[i])
		r.seq, r.pos, r.payload = frames[i].Seq, uint16(i), payload
		at := len(l.buf)
		l.buf = appendRecord(l.buf, w.aead, r)
		locs[i] = Loc{
			File:   w.header.number,
			Offset: uint32(w.size + int64(at)),
			Length: uint32(len(l.buf) - at),
		}
	}
	l.staged = l.after(frames, locs)
	return locs, nil
}

// after is the position that Flush will have reached.
func (l *Log) after(frames []store.Frame, locs []Loc) Position {
	n := len(locs) - 1
	return Position{
		File: locs[n].File, Offset: int64(locs[n].Offset) + int64(locs[n].Length),
		Seq: frames[n].Seq, Last: locs[n],
	}
}

// roll begins the next file.
func (l *Log) roll() error {
	number, before := l.proof.At.File, l.proof.At.Offset
	if number == 0 && len(l.files) == 0 {
		number = afterLost - 1
	}
	if w := l.writer(); w != nil && w.header.number >= number {
		if w.header.number > number {
			before = 0
		}
		number, before = w.header.number, max(before, w.size)
	}
	err := l.begin(number+1, before)
	switch {
	case err == nil:
		l.bytes.Add(headerSize)
		return nil
	case errors.Is(err, host.ErrNoSpace) && !errors.Is(err, errLeftover):
		return store.ErrDiskFull
	default:
		l.failed = true
		return fmt.Errorf("%w: %w", store.ErrFailed, err)
	}
}

// Flush writes the staged commit and syncs it. After any error but
// store.ErrDiskFull the log takes nothing more.
func (l *Log) Flush() error {
	w := l.writer()
	_, err := w.Write(l.buf)
	if err == nil {
		err = w.Sync()
	}
	if err == nil {
		w.size += int64(len(l.buf))
		l.bytes.Add(int64(len(l.buf)))
		l.end, l.next = l.staged, l.staged.Seq+1
		if cap(l.buf) > keepBuffer {
			l.buf = nil
		}
		return nil
	}
	if errors.Is(err, host.ErrNoSpace) && errors.Join(w.Truncate(w.size), w.Sync()) == nil {
		return store.ErrDiskFull
	}
	l.retire()
	return fmt.Errorf("%w: %w", store.ErrFailed, err)
}

// keepBuffer is the largest buffer kept from one commit to the next.
const keepBuffer = 1 << 20

// retire leaves a file whose sync failed for good: the system may believe bytes
// to be written that are not. What was not durable is cut off, and a next file
// that says up to where this one counts is made already, so that the next
// opening goes on there. If the disk refuses even that, the next opening finds
// a torn tail.
func (l *Log) retire() {
	l.failed = true
	w := l.writer()
	_ = w.Truncate(w.size) // the caller gets the first error
	_ = l.begin(w.header.number+1, w.size)
}
