package reconcile

import (
	"hejie/store"
)

// tuning is how finely ranges are split and when they are listed. Few unequal
// ranges: broad splits and long lists cost little and save round trips. Many:
// every byte counts as often as there are ranges.
type tuning struct {
	parts uint64 // of one split
	leaf  uint64 // a range of so many entries is listed
	part  uint64 // and no part is made smaller than this
}

// tune chooses by the number of unequal ranges in hand. The figures are the
// ones with the fewest bytes over the differences of BENCH.md S3.
func tune(ranges int) tuning {
	switch {
	case ranges <= 4:
		return tuning{parts: 32, leaf: 64, part: 16}
	case ranges <= 48:
		return tuning{parts: 16, leaf: 32, part: 8}
	default:
		return tuning{parts: 8, leaf: 12, part: 6}
	}
}

// describer makes sections out of one side's set.
type describer struct {
	set  Set
	salt Salt
	scan int // entries that may still be visited one by one
}

// unequal tells of an own range whether it differs from what the other side
// says of it, and counts it.
func (d *describer) unequal(lo, hi store.EntryKey, count uint64, m mark) (own uint64, differs bool, err error) {
	fp, err := d.set.Fingerprint(lo, hi)
	if err != nil {
		return 0, false, err
	}
	return fp.Count, fp.Count != count || markOf(d.salt, fp) != m, nil
}

// describe lists or splits an unequal range that holds own entries here and
// their entries there. The keys are those of a list, as it names them.
func (d *describer) describe(lo, hi store.EntryKey, own, their uint64, t tuning) (section, []store.EntryKey, error) {
	if own <= t.leaf || farApart(own, their) {
		return d.list(lo, hi, own)
	}
	s, err := d.split(lo, hi, own, min(t.parts, max(2, (own+t.part-1)/t.part)))
	return s, nil, err
}

// farApart tells a range of which more than a fifth is surely missing on one
// side: nearly every part of a split would differ, so that listing costs less.
// Where the other side has none, or far more than can be named, splitting lets
// parts be had whole.
func farApart(own, their uint64) bool {
	low, high := min(own, their), max(own, their)
	return low > 0 && high-low > high/5 && high <= MaxExtra && own <= MaxListed
}

func (d *describer) list(lo, hi store.EntryKey, own uint64) (section, []store.EntryKey, error) {
	s := section{lo: lo, hi: hi, mode: modeList}
	keys := make([]store.EntryKey, 0, min(own, MaxListed))
	err := d.set.Entries(lo, hi, func(key store.EntryKey) (bool, error) {
		keys = append(keys, key)
		return len(keys) < 2*MaxListed, nil
	})
	if err != nil {
		return s, nil, err
	}
	d.scan -= len(keys)
	s.shorts = make([]Short, len(keys))
	for i, key := range keys {
		s.shorts[i] = ShortOf(d.salt, IDOf(key))
	}
	return s, keys, nil
}

func (d *describer) split(lo, hi store.EntryKey, own, parts uint64) (section, error) {
	s := section{lo: lo, hi: hi, mode: modeSplit, count: own}
	from := lo
	for i := range int(parts) {
		to := hi
		if i+1 < int(parts) {
			// The part's last entry and the one after it part here; the set may be
			// live, so a rank that is gone is an error of the caller's view.
			at := own * uint64(i+1) / parts
			last, err := d.set.EntryAt(lo, hi, at-1)
			if err != nil {
				return s, err
			}
			next, err := d.set.EntryAt(lo, hi, at)
			if err != nil {
				return s, err
			}
			to = between(last, next)
			s.cuts = append(s.cuts, to)
		}
		fp, err := d.set.Fingerprint(from, to)
		if err != nil {
			return s, err
		}
		s.marks = append(s.marks, markOf(d.salt, fp))
		from = to
	}
	return s, nil
}
