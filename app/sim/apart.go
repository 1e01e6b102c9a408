package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hejie/store"
	"hejie/sync/exchange"
)

// apart tells for a person what keeps two machines from being in step: entries
// that only one of them draws for the other, and receipts that only one holds.
func (r *run) apart(a, b *machine) string {
	one, two := entriesFor(a, b), entriesFor(b, a)
	var out []string
	for _, side := range []struct {
		of, not *machine
		have    map[string]bool
		lack    map[string]bool
	}{{a, b, one, two}, {b, a, two, one}} {
		var list []string
		for e := range side.have {
			if !side.lack[e] {
				list = append(list, e)
			}
		}
		slices.Sort(list)
		if len(list) > 0 {
			out = append(out, fmt.Sprintf("%s draws for %s alone %d: %s", side.of.name, side.not.name, len(list), strings.Join(list[:min(len(list), 4)], ", ")))
		}
	}
	return strings.Join(out, "; ")
}

// entriesFor are the entries and receipts that a machine draws for another's unit.
func entriesFor(m, other *machine) map[string]bool {
	out := map[string]bool{}
	if !m.up() {
		return out
	}
	_ = m.replica.Shared(context.Background(), other.unit, func(s exchange.Shared) error { // told as far as it can be read
		return s.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			out[fmt.Sprintf("class %d %x/%x clock %x id %x", k[0], k[1:5], k[17:21], k[33:41], k[41:45])] = true
			return true, nil
		})
	})
	receipts, _ := m.replica.Receipts(context.Background(), other.unit)
	for _, rc := range receipts {
		out[fmt.Sprintf("receipt of %d bytes %x", len(rc), rc[len(rc)-4:])] = true
	}
	return out
}
