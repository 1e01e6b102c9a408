package station

import (
	"bytes"
	"context"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/replica"
)

// fieldNumber is the field of a pair of cases that were taken apart under one
// number: a person joins them by giving one of them another.
const fieldNumber = "external_id"

// Conflicts implements api.Settler.
func (ss *Session) Conflicts(ctx context.Context, id string) (api.ConflictList, error) {
	out := api.ConflictList{Conflicts: []api.Contradiction{}, MaySettle: []string{}}
	err := ss.view(ctx, func(rd store.Reader) error {
		v := ss.visit(ctx)
		defer func() { out.LeftOut = v.left }()
		return v.eachConflict(rd, id, func(d *document, list []api.Contradiction) {
			out.Conflicts = append(out.Conflicts, list...)
			if !d.found.digest && casework.MaySettle(ss.actor(d.rec.Owner, d.rec.Grants)) == nil {
				out.MaySettle = append(out.MaySettle, hexID(d.id))
			}
		})
	})
	return out, err
}

// eachConflict visits the cases in which something waits, in the order of ids;
// id alone where it is not empty, and then its failure is the answer.
func (v *visit) eachConflict(rd store.Reader, id string, fn func(*document, []api.Contradiction)) error {
	ss := v.ss
	same, err := sameNumbers(rd)
	if err != nil {
		return err
	}
	var ids []store.ID
	if id != "" {
		f, err := ss.find(rd, id)
		if err != nil {
			return err
		}
		ids = []store.ID{f.id}
	} else {
		if err := v.underived(rd); err != nil {
			return err
		}
		if ids, err = appIDs(rd, rowOpenPrefix); err != nil {
			return err
		}
		for x := range same {
			ids = append(ids, x)
		}
		slices.SortFunc(ids, func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
		ids = slices.Compact(ids)
	}
	one := func(x store.ID) error {
		d, err := ss.document(rd, hexID(x))
		if err != nil {
			return err
		}
		list := ss.contradictions(d)
		if twins := same[x]; len(twins) > 0 {
			list = append(list, ss.twinConflict(rd, d, twins))
		}
		if len(list) > 0 {
			fn(d, list)
		}
		return nil
	}
	if id != "" {
		return one(ids[0])
	}
	for _, x := range ids {
		if err := v.one(hexID(x), func() error { return one(x) }); err != nil {
			return err
		}
	}
	return nil
}

// twinConflict lists the cases that bear one number. Its heads are those of all
// of them: who decides saw each.
func (ss *Session) twinConflict(rd store.Reader, d *document, twins []store.ID) api.Contradiction {
	c := casework.Conflict{Field: fieldNumber}
	var heads []store.ID
	for _, t := range twins {
		_, s, err := ss.open.replica.State(rd, t)
		if err != nil || s.Len() == 0 {
			continue
		}
		heads = append(heads, s.Heads()...)
		first := s.Ops()[0]
		c.Values = append(c.Values, casework.Claimant{Value: hexID(t), Seat: hexID(first.Seat), Unit: hexID(first.Unit), At: instant(int64(first.Stamp >> 16))})
	}
	x := ss.showConflict(hexID(d.id), d.whole.Title, c)
	x.Kind = "same_number"
	return withDecision(x, casework.HolderDecides(ss.holding(d.rec), "same_number"), heads)
}

// staleTwins tells whether somebody who names heads was shown each case that
// bears a number; nil: he was.
func (ss *Session) staleTwins(rd store.Reader, id store.ID, heads []store.ID) error {
	same, err := sameNumbers(rd)
	if err != nil || heads == nil {
		return err
	}
	e := &casework.StaleError{Shown: true}
	for _, t := range same[id] {
		_, s, err := ss.open.replica.State(rd, t)
		if err != nil {
			return err
		}
		if s.Len() > 0 && !slices.ContainsFunc(heads, s.Has) {
			first := s.Ops()[0]
			e.Since = append(e.Since, casework.Meanwhile{Who: ss.personName(first.Seat), On: casework.BeijingDay(instant(int64(first.Stamp >> 16))), Field: fieldNumber, Shown: "said"})
		}
	}
	if len(e.Since) > 0 {
		return e
	}
	return nil
}

// sameNumbers finds the cases that share an external number, each with all of
// its group.
func sameNumbers(rd store.Reader) (map[store.ID][]store.ID, error) {
	out := map[store.ID][]store.ID{}
	var group []store.ID
	var number string
	flush := func() {
		if len(group) > 1 {
			for _, id := range group {
				out[id] = group
			}
		}
		group = nil
	}
	err := replica.ScanApp(rd, rowNumberPrefix, nil, false, func(k, _ []byte) (bool, error) {
		rest := k[len(rowNumberPrefix):]
		n, id := string(rest[:len(rest)-33]), store.ID(rest[len(rest)-32:])
		if n != number {
			flush()
			number = n
		}
		group = append(group, id)
		return true, nil
	})
	flush()
	return out, err
}

// conflicts counts what waits for a person.
func (v *visit) conflicts(rd store.Reader) (int, error) {
	n := 0
	err := v.eachConflict(rd, "", func(_ *document, list []api.Contradiction) { n += len(list) })
	return n, err
}
