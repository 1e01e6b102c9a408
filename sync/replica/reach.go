package replica

import (
	"context"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

// Try lets fn make operations as Write does, with every check of it, and keeps
// none of them: it tells beforehand what a save would answer.
func (r *Replica) Try(ctx context.Context, signer Signer, fn func(*Writer) error) error {
	r.writeMu.Lock()
	defer r.writeMu.Unlock()
	w := r.writer(signer, Save{})
	if err := r.store.View(ctx, func(rd store.Reader) error { return w.run(rd, fn) }); err != nil {
		return err
	}
	return w.fits()
}

// Grantable reports whether records of a kind can be opened to further units at
// all; the notes of a body never are.
func Grantable(kind oplog.Kind) bool { return kind == oplog.KindCase || kind == oplog.KindDocument }

// Reach is what a grant opens and where it takes a record, beyond what is so now.
type Reach struct {
	// Readers could open the record then.
	Readers []store.ID
	// Carriers lie on the way: its operations would lie on their computers, and
	// no key that opens them.
	Carriers []store.ID
	// Unnamed are places on the way of which no unit is known here.
	Unnamed int
}

// Reach tells what granting a record to units would do, by the rules that the
// keyring and the ordered set follow when it is done.
func (r *Replica) Reach(rd store.Reader, record store.ID, grants []store.ID) (Reach, error) {
	var now recordRow
	found, err := load(rd, rowKey(rowRecord, record[:]), &now)
	if err == nil && !found {
		err = fmt.Errorf("record %x: %w", record[:4], store.ErrNotFound)
	}
	if err != nil {
		return Reach{}, err
	}
	then := now
	then.Grants, then.Granted = merge(now.Grants, grants), merge(now.Granted, grants)
	could, can := r.Readers(now.tell(record, true)), r.Readers(then.tell(record, true))
	class := classOf(now.Kind)
	before, after := r.groups(now, class), r.groups(then, class)
	var out Reach
	known := map[Path]bool{}
	for _, unit := range r.units() {
		p, _ := r.path(unit)
		known[p] = true
		goes := func(g group) bool { return g.goesTo(p) }
		switch {
		case slices.Contains(can, unit):
			if !slices.Contains(could, unit) {
				out.Readers = append(out.Readers, unit)
			}
		case slices.ContainsFunc(after, goes) && !slices.ContainsFunc(before, goes):
			out.Carriers = append(out.Carriers, unit)
		}
	}
	out.Unnamed = r.unnamed(now.Owner, grants, known)
	return out, nil
}

// unnamed counts the places between an owner and units that no known unit has.
func (r *Replica) unnamed(owner store.ID, units []store.ID, known map[Path]bool) int {
	from, _ := r.path(owner)
	missing := map[Path]bool{}
	for _, unit := range units {
		to, placed := r.path(unit)
		if !placed {
			continue
		}
		for _, end := range []Path{from, to} {
			for n := from.common(to); n <= end.levels(); n++ {
				if p := end.upTo(n); !known[p] {
					missing[p] = true
				}
			}
		}
	}
	return len(missing)
}
