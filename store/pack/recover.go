package pack

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"hejie/store"
)

// Holds tells whether the log has what a position names, so that something
// derived up to there may go on from it.
func (l *Log) Holds(p Position) bool {
	if p == (Position{}) {
		return true
	}
	for i, f := range l.files {
		if f.header.number != p.File {
			continue
		}
		if end, _ := l.validEnd(i); p.Offset > end || p.Last.File != p.File {
			return false
		}
		// The body may be damaged: that is no reason to derive all anew.
		b := make([]byte, recordHeader)
		if _, err := io.ReadFull(io.NewSectionReader(f, int64(p.Last.Offset), recordHeader), b); err != nil {
			return false
		}
		return bytes.Equal(b[:4], marker) && binary.BigEndian.Uint64(b[8:]) == p.Seq &&
			recordLength(b) == int(p.Last.Length)
	}
	return false
}

// validEnd is up to where the i-th file counts, and whether a tail that a crash
// tore may end it.
func (l *Log) validEnd(i int) (end int64, torn bool) {
	f := l.files[i]
	if i+1 == len(l.files) {
		return f.size, true
	}
	if n := l.files[i+1]; n.headerErr == nil && n.header.number == f.header.number+1 {
		return min(f.size, n.header.before), false
	}
	return f.size, false
}

// Recover passes all entries after a position, commit by commit, cuts off what
// a crash tore at the very end, makes the rest durable, and readies the log for
// Stage. An error of fn ends it.
func (l *Log) Recover(from Position, fn func([]Entry, Position) error) error {
	l.end, l.next = from, from.Seq+1
	for i, f := range l.files {
		if f.header.number < from.File {
			continue
		}
		cut, err := l.walk(i, from, fn, func(d Damage) { l.damaged = append(l.damaged, d) })
		if err != nil {
			return err
		}
		if i+1 < len(l.files) {
			continue
		}
		if err := l.settle(f, cut); err != nil {
			return err
		}
	}
	return l.proveKey()
}

// settle cuts the last file and makes it and its name durable: what a killed
// program wrote may not have been synced, and is about to be shown.
func (l *Log) settle(f *file, cut int64) error {
	if err := l.opts.FS.SyncDir(l.opts.Dir); err != nil {
		return fmt.Errorf("sync %s: %w", l.opts.Dir, err)
	}
	if f.headerErr != nil {
		return nil //nolint:nilerr // Stage begins a new file; nothing in this one is touched
	}
	if cut < f.size {
		if err := f.Truncate(cut); err != nil {
			return fmt.Errorf("cut %s: %w", f.path, err)
		}
		l.bytes.Add(cut - f.size)
		f.size = cut
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", f.path, err)
	}
	return nil
}

// proveKey refuses to go on if no header could be read and no record either:
// then the key is wrong, and writing on would bury the old data.
func (l *Log) proveKey() error {
	for _, f := range l.files {
		if f.headerErr == nil {
			return nil
		}
	}
	if l.end == (Position{}) {
		return fmt.Errorf("%w, or %s is damaged throughout", store.ErrWrongKey, l.opts.Dir)
	}
	return nil
}

// walk passes the entries of the i-th file after a position and returns where
// the file ends once its torn tail is cut.
func (l *Log) walk(i int, from Position, fn func([]Entry, Position) error, damaged func(Damage)) (int64, error) {
	f := l.files[i]
	start := int64(headerSize)
	if f.header.number == from.File {
		start = from.Offset
	}
	if f.headerErr == nil && f.header.first > l.next {
		l.next = f.header.first
	}
	end, torn := l.validEnd(i)
	good := start
	var found []Damage
	note := func(a, b int64, what string) {
		found = append(found, Damage{File: f.path, From: a, To: b, What: what})
	}
	badTail, err := f.commits(start, end, l.next-1, note, func(records []placed, last bool) error {
		if torn && last && len(records) < int(records[0].count) && end <= int64(records[0].record.end) {
			// A crash cut this commit short: nobody was told that it was saved. Did
			// the file go on after it, it would have been synced before.
			return nil
		}
		good = records[len(records)-1].end()
		return l.deliver(f, records, fn, note)
	})
	if err != nil {
		return 0, err
	}
	if !torn && badTail >= 0 {
		note(badTail, end, "no readable record")
	}
	if n := i + 1; n < len(l.files) && l.files[n].headerErr == nil && l.files[n].header.number == f.header.number+1 &&
		l.files[n].header.before > f.size {
		note(f.size, l.files[n].header.before, "the file's end is missing")
	}
	for _, d := range found {
		if !torn || d.From < good {
			damaged(d)
		}
	}
	return good, nil
}

// deliver decodes a commit's frames and passes them on.
func (l *Log) deliver(f *file, records []placed, fn func([]Entry, Position) error,
	note func(a, b int64, what string),
) error {
	entries := make([]Entry, 0, len(records))
	for i := range records {
		r := &records[i]
		frame, err := decodeFrame(r.payload)
		if err != nil {
			note(r.offset, r.end(), err.Error())
			continue
		}
		frame.Seq = r.seq
		entries = append(entries, Entry{Frame: frame, Loc: Loc{
			File: f.header.number, Offset: uint32(r.offset), Length: uint32(r.length),
		}})
	}
	last := &records[len(records)-1]
	p := Position{
		File: f.header.number, Offset: last.end(), Seq: last.seq,
		Last: Loc{File: f.header.number, Offset: uint32(last.offset), Length: uint32(last.length)},
	}
	l.end, l.next = p, last.seq+1
	return fn(entries, p)
}

// Replay passes all entries from the beginning, for deriving anew or checking,
// and reports what it can't read. The log stays ready for Stage.
func (l *Log) Replay(fn func([]Entry, Position) error, damaged func(Damage)) error {
	end, next := l.end, l.next
	defer func() { l.end, l.next = end, next }()
	l.end, l.next = Position{}, 1
	for i, f := range l.files {
		if f.headerErr != nil {
			damaged(Damage{File: f.path, From: 0, To: headerSize, What: "the file's header is damaged; its records are read all the same"})
		}
		cut, err := l.walk(i, Position{}, fn, damaged)
		if err != nil {
			return err
		}
		if i+1 == len(l.files) && cut < f.size {
			// Nothing is torn in an open log: what is unreadable at its end was lost since.
			damaged(Damage{File: f.path, From: cut, To: f.size, What: "no readable record"})
		}
	}
	return nil
}
