package reconcile

import (
	"bytes"
	"fmt"

	"hejie/store"
)

// Open is a responder's first message where it was told, outside this package,
// that lo <= key < hi differs: what Respond answers to an unequal fingerprint
// over the whole range.
func Open(set Set, salt Salt, lo, hi store.EntryKey, their uint64) ([]byte, error) {
	fp, err := set.Fingerprint(lo, hi)
	if err != nil {
		return nil, err
	}
	d := describer{set: set, salt: salt}
	s, _, err := d.describe(lo, hi, fp.Count, their, tune(1))
	if err != nil {
		return nil, err
	}
	var w writer
	w.add(s)
	w.finish()
	return w.out, nil
}

// unequalRange is a range in which the two sides differ.
type unequalRange struct {
	lo, hi     store.EntryKey
	own, their uint64
	list       *section // the other side's list, if it sent one
}

// Respond answers an initiator's message over this side's set. It keeps
// nothing. The answer is about limit bytes at most: what does not fit is left
// uncovered, and the initiator asks again. lo and hi bound what may be asked.
func Respond(set Set, salt Salt, lo, hi store.EntryKey, request []byte, limit int) ([]byte, error) {
	sections, _, err := parse(request)
	if err != nil {
		return nil, err
	}
	d := describer{set: set, salt: salt, scan: MaxScan}
	todo, err := d.todo(sections, lo, hi)
	if err != nil {
		return nil, err
	}
	t := tune(len(todo))
	var w writer
	for i, u := range todo {
		if i > 0 && (len(w.out) >= limit || d.scan <= 0) {
			// Speak up to where the next one begins, so that what was equal before
			// it counts as settled.
			if u.lo != w.at {
				w.add(section{lo: w.at, hi: u.lo, mode: modeSkip})
			}
			return w.out, nil
		}
		var s section
		if u.list != nil {
			s, err = d.answer(u, t)
		} else {
			s, _, err = d.describe(u.lo, u.hi, u.own, u.their, t)
		}
		if err != nil {
			return nil, err
		}
		w.add(s)
	}
	w.finish()
	return w.out, nil
}

// todo are the ranges of the request in which this side differs.
func (d *describer) todo(sections []section, lo, hi store.EntryKey) (todo []unequalRange, err error) {
	for _, s := range sections {
		if bytes.Compare(s.lo[:], lo[:]) < 0 || before(hi, s.hi) {
			return nil, fmt.Errorf("%w: it asks beyond what is compared", ErrMalformed)
		}
		switch s.mode {
		case modePrint, modeSplit:
			err = s.parts(func(lo, hi store.EntryKey, their uint64, m mark) error {
				own, differs, err := d.unequal(lo, hi, their, m)
				if err == nil && differs {
					todo = append(todo, unequalRange{lo: lo, hi: hi, own: own, their: their})
				}
				return err
			})
		case modeList:
			var fp store.Fingerprint
			fp, err = d.set.Fingerprint(s.lo, s.hi)
			todo = append(todo, unequalRange{lo: s.lo, hi: s.hi, own: fp.Count, their: uint64(len(s.shorts)), list: &s})
		default:
			err = fmt.Errorf("%w: mode %d in a request", ErrMalformed, s.mode)
		}
		if err != nil {
			return nil, err
		}
	}
	return todo, nil
}

// answer tells which of the listed entries this side lacks and what it has
// beyond them. A range with far more than was listed is split instead.
func (d *describer) answer(u unequalRange, t tuning) (section, error) {
	if u.own > u.their+MaxExtra {
		return d.split(u.lo, u.hi, u.own, 2*t.parts)
	}
	mine, _, err := d.list(u.lo, u.hi, u.own)
	if err != nil {
		return section{}, err
	}
	s := section{lo: u.lo, hi: u.hi, mode: modeAnswer, listed: len(u.list.shorts)}
	s.lacks = make([]byte, (s.listed+7)/8)
	held := shortSet(mine.shorts)
	for i, short := range u.list.shorts {
		if !held[short] {
			s.lacks[i/8] |= 1 << (i % 8)
		}
	}
	theirs := shortSet(u.list.shorts)
	for _, short := range mine.shorts {
		if !theirs[short] {
			s.shorts = append(s.shorts, short)
		}
	}
	return s, nil
}

func shortSet(list []Short) map[Short]bool {
	set := make(map[Short]bool, len(list))
	for _, s := range list {
		set[s] = true
	}
	return set
}
