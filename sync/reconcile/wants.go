package reconcile

import (
	"bytes"
	"fmt"
	"slices"

	"hejie/store"
)

// Want names entries that the other side has and this one lacks: all those of
// a range, or those of it with certain short ids.
type Want struct {
	Lo, Hi store.EntryKey
	All    bool
	Short  []Short
	Count  uint64 // with All: how many there are, as its holder says
}

// Differences are what an initiator found. The ranges are disjoint.
type Differences struct {
	Have    []store.EntryKey // here and not there
	HaveAll []Want           // ranges of which there is nothing there
	Need    []Want           // there and not here
}

func (d *Differences) size() int {
	n := len(d.Have) + len(d.HaveAll) + len(d.Need)
	for _, w := range d.Need {
		n += len(w.Short)
	}
	return n
}

func (d *Differences) sort() {
	slices.SortFunc(d.Have, func(a, b store.EntryKey) int { return bytes.Compare(a[:], b[:]) })
	byLo := func(a, b Want) int { return bytes.Compare(a.Lo[:], b.Lo[:]) }
	slices.SortFunc(d.HaveAll, byLo)
	slices.SortFunc(d.Need, byLo)
}

// AppendWants encodes the first wants, about limit bytes of them, and tells how
// many. They must ascend and not overlap.
func AppendWants(wants []Want, limit int) (message []byte, n int) {
	var w writer
	for _, want := range wants {
		if n > 0 && len(w.out) >= limit {
			break
		}
		s := section{lo: want.Lo, hi: want.Hi, mode: modeSome, shorts: want.Short}
		if want.All {
			s.mode = modeAll
		}
		w.add(s)
		n++
	}
	return w.out, n
}

// ParseWants decodes wants. They ascend and do not overlap.
func ParseWants(message []byte) ([]Want, error) {
	sections, _, err := parse(message)
	if err != nil {
		return nil, err
	}
	wants := make([]Want, 0, len(sections))
	for _, s := range sections {
		if s.mode != modeAll && s.mode != modeSome {
			return nil, fmt.Errorf("%w: mode %d among wants", ErrMalformed, s.mode)
		}
		wants = append(wants, Want{Lo: s.lo, Hi: s.hi, All: s.mode == modeAll, Short: s.shorts})
	}
	return wants, nil
}

// Collect visits the wanted entries in ascending order; fn returns false where
// it can't take the entry it got. next is the key to go on from, done that
// there is none. It visits at most MaxScan entries one by one.
func Collect(set Set, salt Salt, wants []Want, fn func(store.EntryKey) (bool, error)) (next store.EntryKey, done bool, err error) {
	left := MaxScan
	stopped := false
	for _, w := range wants {
		some := shortSet(w.Short)
		err := set.Entries(w.Lo, w.Hi, func(key store.EntryKey) (bool, error) {
			if left--; left < 0 {
				next, stopped = key, true
				return false, nil
			}
			if !w.All && !some[ShortOf(salt, IDOf(key))] {
				return true, nil
			}
			ok, err := fn(key)
			if err == nil && !ok {
				next, stopped = key, true
			}
			return ok, err
		})
		if err != nil || stopped {
			return next, false, err
		}
	}
	return next, true, nil
}

// From cuts away what lies before next: the wants that are left after a part
// of them was met.
func From(wants []Want, next store.EntryKey) []Want {
	for n, w := range wants {
		if below(next, w.Hi) {
			rest := slices.Clone(wants[n:])
			if less(rest[0].Lo, next) {
				rest[0].Lo = next
			}
			return rest
		}
	}
	return nil
}
