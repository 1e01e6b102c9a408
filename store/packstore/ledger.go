package packstore

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hejie/store"
	"hejie/store/pack"
)

// ledger knows what the packs and facts of this folder lost, now and earlier.
// It lies in facts of its own, so that it outlives packs and rows, and only
// grows: what came back is told by reading, not by a note.
type ledger struct {
	saving sync.Mutex // held by the one that writes facts

	// mu guards everything that follows.
	mu      sync.Mutex
	frames  map[store.ID]*lostFrame
	gaps    []gap  // losses without an id, in the order in which they were found
	unsaved []byte // entries not in the facts yet
	chunk   int    // facts of entries written so far
}

// lostFrame is a frame whose copy at seq can't be read.
type lostFrame struct {
	seq     uint64
	earlier []uint64 // places of copies that were lost before
	back    uint64   // the seq of the copy that can be read; 0: none
	// indexed: the rows count it as a frame.
	indexed bool
	loc     pack.Loc
	// given: a person gave the copy at seq up; it is missed no more.
	given bool
}

// gap is a loss without an id.
type gap struct {
	store.Loss
	settled bool
}

// Entries of the ledger in its facts.
const (
	ledgerPrefix = ownFacts + "lost/"
	entryFrame   = 1 // ‖ id 32 ‖ seq 8 ‖ file 4 ‖ offset 4 ‖ length 4
	entryGap     = 2 // ‖ seq 8 ‖ count 8 ‖ length 2 of where ‖ where ‖ length 2 of what ‖ what
	entrySettled = 3 // ‖ as a gap's
	entryGiven   = 4 // ‖ id 32 ‖ seq 8
	// ledgerChunk is about how many bytes of entries one fact holds.
	ledgerChunk = 256 << 10
)

var errLedger = errors.New("the list of lost frames is not in its encoding")

// lose notes that a copy of a frame can't be read.
func (l *ledger) lose(row indexRow, indexed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.frames[row.id]
	if f != nil && (f.back > row.seq || f.back == 0 && f.seq >= row.seq) {
		f.indexed = f.indexed || f.back == 0 && indexed
		return // known, or it has come back since
	}
	l.take(row).indexed = indexed
	b := append([]byte{entryFrame}, row.id[:]...)
	l.unsaved = append(l.unsaved, appendLoc(binary.BigEndian.AppendUint64(b, row.seq), row.loc)...)
}

// take makes a copy of a frame the one that is lost.
func (l *ledger) take(row indexRow) *lostFrame {
	if l.frames == nil {
		l.frames = map[store.ID]*lostFrame{}
	}
	f := &lostFrame{seq: row.seq, loc: row.loc}
	if old := l.frames[row.id]; old != nil && old.seq != row.seq {
		f.earlier = append(old.earlier, old.seq)
	}
	l.frames[row.id] = f
	return f
}

// came notes that a frame can be read at a place.
func (l *ledger) came(id store.ID, seq uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.frames[id]; f != nil {
		f.back, f.indexed = seq, false
	}
}

// missing tells whether the copy of a frame that the rows name is lost.
func (l *ledger) missing(id store.ID, seq uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.frames[id]
	return f != nil && f.back == 0 && f.seq >= seq
}

// index notes that the rows count a lost frame.
func (l *ledger) index(id store.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.frames[id]; f != nil {
		f.back, f.indexed = 0, true
	}
}

// all gives every frame that was ever lost.
func (l *ledger) all() []store.Loss {
	lost, healed := l.list(func(pack.Loc) string { return "" })
	return slices.DeleteFunc(append(lost, healed...), func(x store.Loss) bool { return !x.Known() })
}

// empty tells whether nothing was ever lost.
func (l *ledger) empty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.frames) == 0
}

// unindex forgets which lost frames the rows count: other rows are in use.
func (l *ledger) unindex() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.frames {
		f.indexed = false
	}
}

// unknown notes frames that are lost and not known by id, those of a stretch of
// places that no lost frame and no earlier gap takes. One without a count that
// was settled is new again, unless it is a stretch of a file, which stays there.
func (l *ledger) unknown(loss store.Loss, stretch bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if loss.Count == 0 {
		if !slices.ContainsFunc(l.gaps, func(g gap) bool { return (stretch || !g.settled) && g.Loss == loss }) {
			l.addGap(loss)
		}
		return
	}
	for _, free := range l.untaken(loss.Seq, loss.Seq+loss.Count) {
		part := loss
		part.Seq, part.Count = free.from, free.to-free.from
		part.What = fmt.Sprintf("%d frames that were held here can't be read any more", part.Count)
		l.addGap(part)
	}
}

func (l *ledger) addGap(loss store.Loss) {
	l.gaps = append(l.gaps, gap{Loss: loss})
	l.unsaved = appendGap(l.unsaved, entryGap, loss)
}

// span is from <= seq < to.
type span struct{ from, to uint64 }

// untaken gives what is left of a span without the places of known losses.
func (l *ledger) untaken(from, to uint64) []span {
	var taken []span
	for _, f := range l.frames {
		for _, seq := range append(f.earlier, f.seq) {
			if seq >= from && seq < to {
				taken = append(taken, span{seq, seq + 1})
			}
		}
	}
	for _, g := range l.gaps {
		if g.Count > 0 && g.Seq < to && g.Seq+g.Count > from {
			taken = append(taken, span{g.Seq, g.Seq + g.Count})
		}
	}
	slices.SortFunc(taken, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, t := range taken {
		if t.from > from {
			out = append(out, span{from, t.from})
		}
		from = max(from, t.to)
	}
	if from < to {
		out = append(out, span{from, to})
	}
	return out
}

// settle counts gaps as healed, and gives frames up.
func (l *ledger) settle(losses []store.Loss) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, loss := range losses {
		if f := l.frames[loss.ID]; loss.Known() && f != nil && f.seq == loss.Seq && f.back == 0 && !f.given {
			f.given = true
			l.unsaved = binary.BigEndian.AppendUint64(append(append(l.unsaved, entryGiven), loss.ID[:]...), loss.Seq)
		}
	}
	for i := range l.gaps {
		if g := &l.gaps[i]; !g.settled && slices.Contains(losses, g.Loss) {
			g.settled = true
			l.unsaved = appendGap(l.unsaved, entrySettled, g.Loss)
		}
	}
}

// list gives what is lost now, and what came back.
func (l *ledger) list(where func(pack.Loc) string) (lost, healed []store.Loss) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, f := range l.frames {
		loss := store.Loss{ID: id, Seq: f.seq, Count: 1, Where: where(f.loc), What: "the frame can't be read any more"}
		if f.back == 0 {
			if !f.given {
				lost = append(lost, loss)
			}
			continue
		}
		loss.What = "the frame could not be read and came back"
		healed = append(healed, loss)
	}
	byPlace := func(a, b store.Loss) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), bytes.Compare(a.ID[:], b.ID[:]))
	}
	slices.SortFunc(lost, byPlace)
	slices.SortFunc(healed, byPlace)
	for _, g := range l.gaps {
		if g.settled {
			healed = append(healed, g.Loss)
		} else {
			lost = append(lost, g.Loss)
		}
	}
	return lost, healed
}

// counts gives how many frames are lost now, and how many of them the rows count.
func (l *ledger) counts() (lost, indexed uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.frames {
		if f.back == 0 && !f.given {
			lost++
		}
		if f.indexed {
			indexed++
		}
	}
	for _, g := range l.gaps {
		if !g.settled {
			lost += max(g.Count, 1)
		}
	}
	return lost, indexed
}

// saveLost is save, where the folder can be written.
func (s *Store) saveLost() error {
	if s.readOnly == nil {
		return s.lost.save(s.facts)
	}
	return nil
}

// save puts what was found since into the facts; after an error it keeps it in
// memory, and the next opening finds it again.
func (l *ledger) save(facts *pack.Facts) error {
	l.saving.Lock()
	defer l.saving.Unlock()
	l.mu.Lock()
	b, chunk := l.unsaved, l.chunk
	l.unsaved = nil
	l.mu.Unlock()
	for len(b) > 0 {
		n := wholeEntries(b)
		if err := facts.Put(fmt.Sprintf("%s%08d", ledgerPrefix, chunk), b[:n]); err != nil {
			l.mu.Lock()
			l.unsaved = append(b, l.unsaved...)
			l.chunk = chunk
			l.mu.Unlock()
			return fmt.Errorf("keep the list of lost frames: %w", err)
		}
		b, chunk = b[n:], chunk+1
	}
	l.mu.Lock()
	l.chunk = max(l.chunk, chunk)
	l.mu.Unlock()
	return nil
}

// wholeEntries is a length at which entries end, of about ledgerChunk.
func wholeEntries(b []byte) int {
	n := 0
	for n < len(b) && n < ledgerChunk {
		size, err := entrySize(b[n:])
		if err != nil {
			return len(b) // not of this program's making
		}
		n += size
	}
	return n
}

// pending tells whether something was found and is not in the facts yet.
func (l *ledger) pending() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.unsaved) > 0
}

// load reads the facts.
func (l *ledger) load(facts *pack.Facts) error {
	return facts.Scan(ledgerPrefix, func(key string, b []byte) (bool, error) {
		var n int
		if _, err := fmt.Sscanf(strings.TrimPrefix(key, ledgerPrefix), "%d", &n); err == nil {
			l.chunk = max(l.chunk, n+1)
		}
		for len(b) > 0 {
			size, err := entrySize(b)
			if err != nil {
				return true, nil //nolint:nilerr // damaged, or a newer program's: the rest is found again by reading
			}
			l.entry(b[:size])
			b = b[size:]
		}
		return true, nil
	})
}

const (
	entryGivenSize = 1 + 32 + 8
	entryFrameSize = entryGivenSize + locSize
)

// entrySize is the length of the first entry.
func entrySize(b []byte) (int, error) {
	n := entryFrameSize
	switch b[0] {
	case entryFrame:
	case entryGiven:
		n = entryGivenSize
	case entryGap, entrySettled:
		n = 1 + 8 + 8
		for range 2 {
			if len(b) < n+2 {
				return 0, errLedger
			}
			n += 2 + int(binary.BigEndian.Uint16(b[n:]))
		}
	default:
		return 0, errLedger
	}
	if len(b) < n {
		return 0, errLedger
	}
	return n, nil
}

// entry takes one whole entry from the facts.
func (l *ledger) entry(b []byte) {
	if b[0] == entryFrame {
		l.take(indexRow{id: store.ID(b[1:33]), seq: binary.BigEndian.Uint64(b[33:]), loc: readLoc(b[41:])})
		return
	}
	if b[0] == entryGiven {
		if f := l.frames[store.ID(b[1:33])]; f != nil && f.seq == binary.BigEndian.Uint64(b[33:]) {
			f.given = true
		}
		return
	}
	kind := b[0]
	loss := store.Loss{Seq: binary.BigEndian.Uint64(b[1:]), Count: binary.BigEndian.Uint64(b[9:])}
	n := binary.BigEndian.Uint16(b[17:])
	loss.Where, b = string(b[19:19+n]), b[19+n:]
	loss.What = string(b[2:])
	if kind == entryGap {
		l.gaps = append(l.gaps, gap{Loss: loss})
		return
	}
	for i := range l.gaps {
		if l.gaps[i].Loss == loss {
			l.gaps[i].settled = true
		}
	}
}

func appendGap(b []byte, kind byte, loss store.Loss) []byte {
	b = append(b, kind)
	b = binary.BigEndian.AppendUint64(b, loss.Seq)
	b = binary.BigEndian.AppendUint64(b, loss.Count)
	for _, s := range []string{loss.Where, loss.What} {
		s = s[:min(len(s), 1000)]
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
	}
	return b
}
