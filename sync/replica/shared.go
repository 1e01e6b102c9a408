package replica

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sort"

	"hejie/store"
	"hejie/sync/exchange"
)

// span is a run of the ordered set: low <= key < high.
type span struct{ low, high store.EntryKey }

// sharedSet is what this node and one unit share: the ordered set cut down to
// the groups that go to both.
type sharedSet struct {
	store.Reader
	spans []span // ascending, not touching
	goes  func(group) bool
	held  func(store.ID) ([]group, error)
}

// Shared implements exchange.Replica.
func (r *Replica) Shared(ctx context.Context, unit store.ID, fn func(exchange.Shared) error) error {
	peer, ok := r.path(unit)
	if !ok {
		return &UnknownUnitError{unit}
	}
	// A station whose own log is lost shares nothing until it has it again: so all
	// that the other side shares with it is found lacking, its log first.
	mine, placed := r.path(r.self.Unit)
	if err := r.whole(ctx); err != nil {
		return err
	}
	return r.store.View(ctx, func(rd store.Reader) error {
		both := func(g group) bool { return placed && g.goesTo(peer) && g.goesTo(mine) }
		return fn(&sharedSet{Reader: rd, spans: spansOf(r.sortedGroups(), both), goes: both, held: func(id store.ID) ([]group, error) { return r.groupsOfFrame(rd, id) }})
	})
}

func spansOf(groups []group, keep func(group) bool) []span {
	var out []span
	for _, g := range groups {
		if !keep(g) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].high == g.low() {
			out[n-1].high = g.high()
			continue
		}
		out = append(out, span{g.low(), g.high()})
	}
	return out
}

// clip visits the parts of the spans that lie in lo <= key < hi.
func (s *sharedSet) clip(lo, hi store.EntryKey, fn func(lo, hi store.EntryKey) (bool, error)) error {
	open := hi == (store.EntryKey{})
	at := sort.Search(len(s.spans), func(i int) bool { return bytes.Compare(s.spans[i].high[:], lo[:]) > 0 })
	for _, sp := range s.spans[at:] {
		from, to := sp.low, sp.high
		if bytes.Compare(from[:], lo[:]) < 0 {
			from = lo
		}
		if !open && bytes.Compare(to[:], hi[:]) > 0 {
			to = hi
		}
		if bytes.Compare(from[:], to[:]) >= 0 {
			return nil
		}
		if more, err := fn(from, to); err != nil || !more {
			return err
		}
	}
	return nil
}

// Fingerprint implements reconcile.Set.
func (s *sharedSet) Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error) {
	var sum store.Fingerprint
	err := s.clip(lo, hi, func(lo, hi store.EntryKey) (bool, error) {
		f, err := s.Reader.Fingerprint(lo, hi)
		if err != nil {
			return false, err
		}
		sum.Count += f.Count
		carry := uint16(0)
		for i := len(sum.Sum) - 1; i >= 0; i-- {
			carry += uint16(sum.Sum[i]) + uint16(f.Sum[i])
			sum.Sum[i], carry = byte(carry), carry>>8
		}
		return true, nil
	})
	return sum, err
}

// Entries implements reconcile.Set.
func (s *sharedSet) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	return s.clip(lo, hi, func(lo, hi store.EntryKey) (bool, error) {
		more := true
		err := s.Reader.Entries(lo, hi, func(k store.EntryKey) (bool, error) {
			var err error
			more, err = fn(k)
			return more, err
		})
		return more, err
	})
}

// EntryAt implements reconcile.Set.
func (s *sharedSet) EntryAt(lo, hi store.EntryKey, n uint64) (store.EntryKey, error) {
	var found store.EntryKey
	err := s.clip(lo, hi, func(lo, hi store.EntryKey) (bool, error) {
		f, err := s.Reader.Fingerprint(lo, hi)
		if err != nil {
			return false, err
		}
		if n >= f.Count {
			n -= f.Count
			return true, nil
		}
		found, err = s.Reader.EntryAt(lo, hi, n)
		return false, err
	})
	if err == nil && found == (store.EntryKey{}) {
		err = store.ErrNotFound
	}
	return found, err
}

// Frame implements exchange.Shared: a frame that does not go to the unit, or can't
// be read here, is not found.
func (s *sharedSet) Frame(id store.ID) (store.Frame, error) {
	groups, err := s.held(id)
	if err == nil && !slices.ContainsFunc(groups, s.goes) {
		err = store.ErrNotFound
	}
	var f store.Frame
	if err == nil {
		f, err = s.Reader.Frame(id)
	}
	if err != nil && unreadable(err) {
		return store.Frame{}, store.ErrNotFound // lost since: it leaves its places before the next look
	}
	return f, err
}

// sortedGroups are the groups that have entries here.
func (r *Replica) sortedGroups() []group {
	r.groupMu.Lock()
	defer r.groupMu.Unlock()
	if r.groupsStale {
		r.groupList = r.groupList[:0]
		for g := range r.groupSet {
			r.groupList = append(r.groupList, g)
		}
		slices.SortFunc(r.groupList, func(x, y group) int { return bytes.Compare(x[:], y[:]) })
		r.groupsStale = false
	}
	return slices.Clone(r.groupList)
}

func (r *Replica) noteGroup(g group) {
	r.groupMu.Lock()
	defer r.groupMu.Unlock()
	if _, held := r.groupSet[g]; !held {
		r.groupSet[g] = struct{}{}
		r.groupsStale = true
	}
}

// loadGroups finds the groups by skipping through the ordered set, one seek each.
func (r *Replica) loadGroups(rd store.Reader) error {
	var at store.EntryKey
	for {
		var found *group
		err := rd.Entries(at, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			g := entryGroup(k)
			found = &g
			return false, nil
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if found == nil {
			return nil
		}
		r.noteGroup(*found)
		at = found.high()
	}
}
