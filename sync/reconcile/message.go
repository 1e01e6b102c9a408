package reconcile

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"hejie/store"
)

// mode says what a message holds of one range. Numbers are for ever.
type mode byte

const (
	modeSkip   mode = 0 // nothing to say of this range
	modePrint  mode = 1 // the sender's count and fingerprint
	modeSplit  mode = 2 // the same for each of several parts
	modeList   mode = 3 // short ids of all the sender's entries
	modeAnswer mode = 4 // to a list: which of them the sender lacks, and what it has beyond
	modeAll    mode = 5 // wanted: every entry
	modeSome   mode = 6 // wanted: the entries with these short ids
)

// section is what a message says of the range lo <= key < hi.
type section struct {
	lo, hi store.EntryKey
	mode   mode
	count  uint64           // modePrint, modeSplit: the sender's entries in the range
	cuts   []store.EntryKey // modeSplit: the bounds between the parts
	marks  []mark           // modePrint: one; modeSplit: one a part
	shorts []Short          // modeList, modeAnswer, modeSome
	lacks  []byte           // modeAnswer: a bit for each listed entry, first is the lowest
	listed int              // modeAnswer: how many entries the list had
}

// partCount is how many of n entries lie in part i of k: as even as can be.
func partCount(n uint64, k, i int) uint64 {
	return n*uint64(i+1)/uint64(k) - n*uint64(i)/uint64(k)
}

// maxCount bounds the counts that a message may claim, so that n*64 does not
// overflow; no node holds as many entries.
const maxCount = 1 << 48

// writer writes a message, section by section in ascending order.
type writer struct {
	out []byte
	b   bounds
	at  store.EntryKey // the end of what was written
}

func (w *writer) add(s section) {
	if s.lo != w.at {
		w.out = append(w.b.append(w.out, s.lo), byte(modeSkip))
	}
	w.out = append(w.b.append(w.out, s.hi), byte(s.mode))
	w.at = s.hi
	switch s.mode {
	case modePrint, modeSplit:
		w.out = binary.AppendUvarint(w.out, s.count)
		if s.mode == modeSplit {
			w.out = append(w.out, byte(len(s.marks)))
			// The parts' bounds are written against the range's own beginning, which
			// is nearer than its end.
			inner := bounds{prev: s.lo, shared: w.b.shared}
			for _, c := range s.cuts {
				w.out = inner.append(w.out, c)
			}
		}
		for _, p := range s.marks {
			w.out = append(w.out, p[:]...)
		}
	case modeList, modeSome:
		w.shorts(s.shorts)
	case modeAnswer:
		w.out = binary.AppendUvarint(w.out, uint64(s.listed))
		w.out = append(w.out, s.lacks...)
		w.shorts(s.shorts)
	}
}

func (w *writer) shorts(list []Short) {
	w.out = binary.AppendUvarint(w.out, uint64(len(list)))
	for _, s := range list {
		w.out = append(w.out, s[:]...)
	}
}

// finish says that nothing is left to say up to the end.
func (w *writer) finish() {
	if len(w.out) == 0 || !isEnd(w.at) {
		w.add(section{lo: w.at, mode: modeSkip})
	}
}

// parse cuts a message into its sections, skips left out. covered is the bound
// up to which it speaks; the zero key where it speaks to the end.
func parse(message []byte) (list []section, covered store.EntryKey, err error) {
	in := reader{buf: message}
	var b bounds
	var lo store.EntryKey
	for ended := false; !in.empty(); {
		if ended {
			return nil, lo, fmt.Errorf("%w: something follows the end", ErrMalformed)
		}
		hi, err := b.read(&in)
		if err != nil {
			return nil, lo, err
		}
		ended = isEnd(hi)
		if !ended && bytes.Compare(lo[:], hi[:]) >= 0 {
			return nil, lo, fmt.Errorf("%w: bounds that do not ascend", ErrMalformed)
		}
		s, err := parseSection(&in, b.shared, lo, hi)
		if err != nil {
			return nil, lo, err
		}
		if s.mode != modeSkip {
			list = append(list, s)
		}
		lo = hi
	}
	return list, lo, nil
}

func parseSection(in *reader, shared int, lo, hi store.EntryKey) (s section, err error) {
	m, err := in.byte()
	if err != nil {
		return s, err
	}
	s = section{lo: lo, hi: hi, mode: mode(m)}
	switch s.mode {
	case modeSkip, modeAll:
	case modePrint, modeSplit:
		err = parsePrints(in, shared, &s)
	case modeList, modeSome:
		s.shorts, err = in.shorts()
	case modeAnswer:
		var n uint64
		if n, err = in.uvarint(); err != nil {
			return s, err
		}
		if n > uint64(len(in.buf))*8 {
			return s, fmt.Errorf("%w: it claims %d listed entries", ErrMalformed, n)
		}
		s.listed = int(n)
		if s.lacks, err = in.bytes((s.listed + 7) / 8); err != nil {
			return s, err
		}
		s.shorts, err = in.shorts()
	default:
		err = fmt.Errorf("%w: mode %d", ErrMalformed, m)
	}
	return s, err
}

func parsePrints(in *reader, shared int, s *section) (err error) {
	if s.count, err = in.uvarint(); err != nil {
		return err
	}
	if s.count > maxCount {
		return fmt.Errorf("%w: it claims %d entries", ErrMalformed, s.count)
	}
	parts := 1
	if s.mode == modeSplit {
		k, err := in.byte()
		if err != nil {
			return err
		}
		if parts = int(k); parts < 2 || parts > MaxParts || uint64(parts) > s.count {
			return fmt.Errorf("%w: a split into %d parts", ErrMalformed, parts)
		}
		inner := bounds{prev: s.lo, shared: shared}
		last := s.lo
		for range parts - 1 {
			cut, err := inner.read(in)
			if err != nil {
				return err
			}
			if bytes.Compare(last[:], cut[:]) >= 0 || !before(cut, s.hi) {
				return fmt.Errorf("%w: parts that do not ascend", ErrMalformed)
			}
			s.cuts, last = append(s.cuts, cut), cut
		}
	}
	for range parts {
		p, err := in.bytes(PrintSize)
		if err != nil {
			return err
		}
		s.marks = append(s.marks, mark(p))
	}
	return nil
}

// parts cuts a print or split section into its ranges.
func (s section) parts(fn func(lo, hi store.EntryKey, count uint64, p mark) error) error {
	lo := s.lo
	for i, p := range s.marks {
		hi := s.hi
		if i < len(s.cuts) {
			hi = s.cuts[i]
		}
		if err := fn(lo, hi, partCount(s.count, len(s.marks), i), p); err != nil {
			return err
		}
		lo = hi
	}
	return nil
}
