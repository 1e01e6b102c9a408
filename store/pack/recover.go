package pack

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"hejie/store"
)

// Holds tells whether the log has what a position names, so that something
// derived up to there may go on from it.
func (l *Log) Holds(p Position) bool {
	if p == (Position{}) {
		return true
	}
	w := l.snapshot()
	for i, f := range w.files {
		if f.header.number != p.File {
			continue
		}
		if end, _ := w.validEnd(i); p.Offset > end || p.Last.File != p.File {
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

// Recover passes all entries after a position, commit by commit, cuts off what
// a crash tore at the very end, makes the rest durable, and readies the log for
// Stage. What the evidence says to have been there is never cut off, and its
// places are never given again. An error of fn ends it.
func (l *Log) Recover(from Position, fn func([]Entry, Position) error) error {
	w := l.snapshot()
	w.fn, w.damaged = fn, func(d Damage) { l.damaged = append(l.damaged, d) }
	if err := w.run(from, max(l.proof.At.Seq, from.Seq)); err != nil {
		return err
	}
	l.end, l.next = w.end, w.next
	if n := len(l.files); n > 0 && !l.opts.ReadOnly {
		if err := l.settle(l.files[n-1], w.cut); err != nil {
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
	if l.proof.Key || l.end != (Position{}) || len(l.files) == 0 {
		return nil
	}
	for _, f := range l.files {
		if f.headerErr == nil {
			return nil
		}
	}
	return fmt.Errorf("%w, or %s is damaged throughout", store.ErrWrongKey, l.opts.Dir)
}

// Walk is one pass over the packs as they were at one moment. It may run while
// the log is written.
type Walk struct {
	files []*file
	sizes []int64
	proof Evidence // what the log was opened with; zero: nothing may be torn any more
	upTo  uint64   // the last place taken

	fn      func([]Entry, Position) error
	damaged func(Damage)
	next    uint64   // no lower seq can follow
	seen    uint64   // the last seq that was read
	at      place    // where that one ends
	end     Position // of the last commit
	cut     int64    // up to where the last file counts
}

// place is a place in a file.
type place struct {
	path   string
	offset int64
}

func (l *Log) snapshot() *Walk {
	l.mu.RLock()
	defer l.mu.RUnlock()
	w := &Walk{files: slices.Clone(l.files), sizes: make([]int64, len(l.files)), proof: l.proof}
	for i, f := range w.files {
		w.sizes[i] = f.size
	}
	return w
}

// Walk begins a pass over what is held now. Only the writer may call it.
func (l *Log) Walk() *Walk {
	w := l.snapshot()
	w.upTo = l.next - 1
	w.proof = Evidence{}
	return w
}

// Last is the last place that was taken when the pass began.
func (w *Walk) Last() uint64 { return w.upTo }

// Run passes all entries in order and reports what it can't read. A Damage with
// a Count is a stretch of places that no record was found for. An error of fn
// ends it.
func (w *Walk) Run(fn func([]Entry, Position) error, damaged func(Damage)) error {
	w.fn, w.damaged = fn, damaged
	for _, f := range w.files {
		if f.headerErr != nil {
			damaged(headerDamage(f))
		}
	}
	if err := w.run(Position{}, w.upTo); err != nil {
		return err
	}
	if n := len(w.files); n > 0 && w.cut < w.sizes[n-1] {
		// Nothing is torn in an open log: what is unreadable at its end was lost since.
		damaged(Damage{File: w.files[n-1].path, From: w.cut, To: w.sizes[n-1], What: "no readable record"})
	}
	return nil
}

func headerDamage(f *file) Damage {
	return Damage{File: f.path, From: 0, To: headerSize, What: "the file's header is damaged; its records are read all the same"}
}

// run walks over all files from a position and makes sure that every place up
// to one is accounted for.
func (w *Walk) run(from Position, upTo uint64) error {
	w.end, w.next, w.seen = from, from.Seq+1, from.Seq
	for i, f := range w.files {
		if f.header.number < from.File {
			continue
		}
		if err := w.file(i, from); err != nil {
			return err
		}
	}
	w.next = max(w.next, upTo+1)
	w.gap(w.next)
	return nil
}

// gap reports the places before a seq that nothing was read for.
func (w *Walk) gap(seq uint64) {
	if seq > w.seen+1 {
		w.damaged(Damage{
			File: w.at.path, From: w.at.offset, To: w.at.offset,
			What: fmt.Sprintf("%d frames that were held here can't be read any more", seq-w.seen-1),
			Seq:  w.seen + 1, Count: seq - w.seen - 1,
		})
	}
	w.seen = max(w.seen, seq-1)
}

// validEnd is up to where the i-th file counts, and whether a tail that a crash
// tore may end it.
func (w *Walk) validEnd(i int) (end int64, torn bool) {
	f := w.files[i]
	if i+1 == len(w.files) {
		return w.sizes[i], true
	}
	if n := w.files[i+1]; n.headerErr == nil && n.header.number == f.header.number+1 {
		return min(w.sizes[i], n.header.before), false
	}
	return w.sizes[i], false
}

// synced is up to where the i-th file is known to have been on the disk.
func (w *Walk) synced(i int) int64 {
	switch n := w.files[i].header.number; {
	case n < w.proof.At.File:
		return w.sizes[i]
	case n == w.proof.At.File:
		return w.proof.At.Offset
	}
	return 0
}

// file passes the entries of the i-th file after a position.
func (w *Walk) file(i int, from Position) error {
	f := w.files[i]
	start := int64(headerSize)
	if f.header.number == from.File {
		start = from.Offset
	}
	if f.headerErr == nil && f.header.first > w.next {
		w.next = f.header.first
	}
	end, torn := w.validEnd(i)
	synced := min(w.synced(i), w.sizes[i])
	good := max(start, synced)
	w.at = place{f.path, start}
	var found []Damage
	note := func(a, b int64, what string) {
		found = append(found, Damage{File: f.path, From: a, To: b, What: what})
	}
	badTail, err := f.commits(start, end, w.next-1, note, func(records []placed, last bool) error {
		if torn && last && len(records) < int(records[0].count) && end <= int64(records[0].record.end) &&
			int64(records[0].record.end) > synced {
			// A crash cut this commit short: nobody was told that it was saved. Did
			// the file go on after it, it would have been synced before.
			return nil
		}
		good = max(good, records[len(records)-1].end())
		return w.deliver(f, records, note)
	})
	if err != nil {
		return err
	}
	if badTail >= 0 && (!torn || badTail < synced) {
		note(badTail, end, "no readable record")
	}
	missing := synced
	if s := w.synced(i); s > missing {
		missing = s
	}
	if n := i + 1; n < len(w.files) && w.files[n].headerErr == nil && w.files[n].header.number == f.header.number+1 {
		missing = max(missing, w.files[n].header.before)
	}
	if missing > w.sizes[i] {
		note(w.sizes[i], missing, "the file's end is missing")
	}
	for _, d := range found {
		if !torn || d.From < good || d.To > w.sizes[i] {
			w.damaged(d)
		}
	}
	w.cut = good
	return nil
}

// deliver decodes a commit's frames and passes them on.
func (w *Walk) deliver(f *file, records []placed, note func(a, b int64, what string)) error {
	entries := make([]Entry, 0, len(records))
	for i := range records {
		r := &records[i]
		frame, err := decodeFrame(r.payload)
		if err != nil {
			note(r.offset, r.end(), err.Error())
			continue
		}
		frame.Seq = r.seq
		w.gap(r.seq)
		w.seen, w.at = r.seq, place{f.path, r.end()}
		entries = append(entries, Entry{Frame: frame, Loc: Loc{
			File: f.header.number, Offset: uint32(r.offset), Length: uint32(r.length),
		}})
	}
	last := &records[len(records)-1]
	w.end = Position{
		File: f.header.number, Offset: last.end(), Seq: last.seq,
		Last: Loc{File: f.header.number, Offset: uint32(last.offset), Length: uint32(last.length)},
	}
	w.next = last.seq + 1
	return w.fn(entries, w.end)
}
