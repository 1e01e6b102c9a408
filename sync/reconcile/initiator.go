package reconcile

import (
	"fmt"

	"hejie/store"
)

// Options of an initiator.
type Options struct {
	// Limit is about the largest message in bytes; 0 means 256 KiB.
	Limit int
	// Refused are ids that are not asked for, though the other side has them.
	Refused []store.ID
	// ByList compares the whole range by lists at once, fingerprints aside: what
	// heals a range whose audit failed. For ranges of up to MaxAudited entries.
	ByList bool
}

const defaultLimit = 256 << 10

// Bounds of what a liar can make an initiator keep.
const (
	maxQueue = 1 << 17 // ranges in hand
	maxDepth = 64      // splits of splits: honest sets need log2 of their size
)

// Initiator drives one reconciliation over a range. It keeps no view of the
// set between calls, so the set may change meanwhile; what changed is found by
// the next reconciliation at the latest.
type Initiator struct {
	salt    Salt
	opts    Options
	refused map[Short]bool
	queue   []item // ascending; to be sent
	sent    []item // ascending; awaiting the response
	found   Differences
	rounds  int
	idle    int
}

// item is a range not yet settled.
type item struct {
	lo, hi store.EntryKey
	their  uint64
	depth  int
	root   bool // its fingerprint was never compared
	listed []store.EntryKey
	isList bool
}

// Start begins a reconciliation of lo <= key < hi by comparing fingerprints.
func Start(salt Salt, lo, hi store.EntryKey, opts Options) *Initiator {
	i := &Initiator{salt: salt, opts: opts, refused: make(map[Short]bool, len(opts.Refused))}
	if i.opts.Limit == 0 {
		i.opts.Limit = defaultLimit
	}
	for _, id := range opts.Refused {
		i.refused[ShortOf(salt, id)] = true
	}
	i.queue = []item{{lo: lo, hi: hi, root: true}}
	return i
}

// StartOpened begins one whose first response, the responder's Open, is
// already on its way: the next call is Take.
func StartOpened(salt Salt, lo, hi store.EntryKey, opts Options) *Initiator {
	i := Start(salt, lo, hi, opts)
	i.sent, i.queue = i.queue, nil
	return i
}

// Done tells that every range is settled.
func (i *Initiator) Done() bool { return len(i.queue) == 0 && len(i.sent) == 0 }

// Full tells that so many differences wait that the caller should move them
// before it goes on.
func (i *Initiator) Full() bool { return i.found.size() >= MaxDifferences }

// Differences hands out what was found since the last call, ascending within.
func (i *Initiator) Differences() Differences {
	d := i.found
	d.sort()
	i.found = Differences{}
	return d
}

// Message is the next request, or nil if every range is settled. It is the
// caller's.
func (i *Initiator) Message(set Set) ([]byte, error) {
	if len(i.sent) > 0 {
		return nil, fmt.Errorf("reconcile: a message while one is awaited")
	}
	if i.rounds++; i.rounds > MaxRounds {
		return nil, ErrNoEnd
	}
	d := describer{set: set, salt: i.salt}
	t := tune(len(i.queue))
	var w writer
	rest := i.queue
	for len(rest) > 0 && len(w.out) < i.opts.Limit {
		it := rest[0]
		rest = rest[1:]
		if err := i.send(&d, &w, it, t); err != nil {
			return nil, err
		}
	}
	i.queue = append([]item(nil), rest...)
	if len(i.sent) == 0 {
		if len(i.queue) > 0 {
			return i.Message(set) // all of these became whole ranges to fetch
		}
		return nil, nil
	}
	return w.out, nil
}

func (i *Initiator) send(d *describer, w *writer, it item, t tuning) error {
	fp, err := d.set.Fingerprint(it.lo, it.hi)
	if err != nil {
		return err
	}
	var s section
	switch {
	case it.root && !i.opts.ByList:
		s = section{lo: it.lo, hi: it.hi, mode: modePrint, count: fp.Count, marks: []mark{markOf(i.salt, fp)}}
	case fp.Count == 0 && it.their > 0 && len(i.refused) == 0:
		i.found.Need = append(i.found.Need, Want{Lo: it.lo, Hi: it.hi, All: true, Count: it.their})
		return nil
	case fp.Count == 0 || it.root:
		s, it.listed, err = d.list(it.lo, it.hi, fp.Count)
	default:
		s, it.listed, err = d.describe(it.lo, it.hi, fp.Count, it.their, t)
	}
	if err != nil {
		return err
	}
	it.isList = s.mode == modeList
	w.add(s)
	i.sent = append(i.sent, it)
	return nil
}

// Take takes the response to the last message.
func (i *Initiator) Take(set Set, response []byte) error {
	sections, covered, err := parse(response)
	if err != nil {
		return err
	}
	if len(response) == 0 {
		return fmt.Errorf("%w: an empty response", ErrMalformed)
	}
	var next []item
	at := 0
	d := describer{set: set, salt: i.salt}
	for _, s := range sections {
		for at < len(i.sent) && !below(s.lo, i.sent[at].hi) {
			at++
		}
		if at == len(i.sent) || !inside(s, i.sent[at]) {
			return fmt.Errorf("%w: it answers what was not asked", ErrMalformed)
		}
		more, err := i.takeSection(&d, s, i.sent[at])
		if err != nil {
			return err
		}
		if next = append(next, more...); len(next) > maxQueue {
			return ErrNoEnd
		}
	}
	// What the response did not reach is asked again.
	reached := false
	for _, it := range i.sent {
		switch {
		case !before(covered, it.hi):
			reached = true
		case below(it.lo, covered):
			reached = true
			it.lo, it.listed, it.isList = covered, nil, false
			next = append(next, it)
		default:
			it.listed, it.isList = nil, false
			next = append(next, it)
		}
	}
	if reached {
		i.idle = 0
	} else if i.idle++; i.idle >= maxIdle {
		return ErrNoEnd
	}
	i.queue = append(next, i.queue...)
	i.sent = nil
	if len(i.queue) > maxQueue {
		return ErrNoEnd
	}
	return nil
}

// inside tells whether a section lies in the range that was asked.
func inside(s section, it item) bool {
	return !less(s.lo, it.lo) && !before(it.hi, s.hi)
}

func (i *Initiator) takeSection(d *describer, s section, it item) ([]item, error) {
	switch s.mode {
	case modeSplit:
		if it.depth++; it.depth > maxDepth {
			return nil, ErrNoEnd
		}
		return i.takeSplit(d, s, it.depth)
	case modeList:
		return nil, i.takeList(d, s)
	case modeAnswer:
		if !it.isList || s.lo != it.lo || s.hi != it.hi || s.listed != len(it.listed) {
			return nil, fmt.Errorf("%w: an answer to no list", ErrMalformed)
		}
		for n, key := range it.listed {
			if s.lacks[n/8]>>(n%8)&1 == 1 {
				i.found.Have = append(i.found.Have, key)
			}
		}
		i.need(s.lo, s.hi, s.shorts)
		return nil, nil
	}
	return nil, fmt.Errorf("%w: mode %d in a response", ErrMalformed, s.mode)
}

func (i *Initiator) takeSplit(d *describer, s section, depth int) (more []item, err error) {
	err = s.parts(func(lo, hi store.EntryKey, their uint64, m mark) error {
		_, differs, err := d.unequal(lo, hi, their, m)
		if err == nil && differs {
			more = append(more, item{lo: lo, hi: hi, their: their, depth: depth})
		}
		return err
	})
	return more, err
}

// takeList compares all the other side has of a range with what is here.
func (i *Initiator) takeList(d *describer, s section) error {
	fp, err := d.set.Fingerprint(s.lo, s.hi)
	if err != nil {
		return err
	}
	if len(s.shorts) == 0 && fp.Count > 0 {
		i.found.HaveAll = append(i.found.HaveAll, Want{Lo: s.lo, Hi: s.hi, All: true, Count: fp.Count})
		return nil
	}
	theirs := shortSet(s.shorts)
	mine := make(map[Short]bool, min(fp.Count, MaxListed))
	err = d.set.Entries(s.lo, s.hi, func(key store.EntryKey) (bool, error) {
		short := ShortOf(i.salt, IDOf(key))
		mine[short] = true
		if !theirs[short] {
			i.found.Have = append(i.found.Have, key)
		}
		return !i.Full(), nil
	})
	if err != nil {
		return err
	}
	var beyond []Short
	for _, short := range s.shorts {
		if !mine[short] {
			beyond = append(beyond, short)
		}
	}
	i.need(s.lo, s.hi, beyond)
	return nil
}

func (i *Initiator) need(lo, hi store.EntryKey, shorts []Short) {
	w := Want{Lo: lo, Hi: hi}
	for _, s := range shorts {
		if !i.refused[s] {
			w.Short = append(w.Short, s)
		}
	}
	if len(w.Short) > 0 {
		i.found.Need = append(i.found.Need, w)
	}
}
