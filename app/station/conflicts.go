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
	out := api.ConflictList{Conflicts: []api.Conflict{}, MaySettle: []string{}}
	err := ss.view(ctx, func(rd store.Reader) error {
		return ss.eachConflict(rd, id, func(d *document, list []casework.Conflict) {
			title := d.whole.Title
			for _, c := range list {
				x := ss.showConflict(hexID(d.id), title, c)
				if c.Field == fieldNumber {
					x.Kind = "same_number"
				}
				out.Conflicts = append(out.Conflicts, x)
			}
			if !d.found.digest && casework.MaySettle(ss.actor(d.rec.Owner, d.rec.Grants)) == nil {
				out.MaySettle = append(out.MaySettle, hexID(d.id))
			}
		})
	})
	return out, err
}

// Contradiction is one line of `case conflicts`.
type Contradiction struct {
	Case string `json:"case"`
	casework.Conflict
}

// Contradictions are the lines of `case conflicts`: byte for byte the same on
// equal nodes.
func (ss *Session) Contradictions(ctx context.Context, id string) ([]Contradiction, error) {
	var out []Contradiction
	err := ss.view(ctx, func(rd store.Reader) error {
		return ss.eachConflict(rd, id, func(d *document, list []casework.Conflict) {
			for _, c := range list {
				out = append(out, Contradiction{hexID(d.id), c})
			}
		})
	})
	return out, err
}

// eachConflict visits the cases in which something waits, in the order of ids.
func (ss *Session) eachConflict(rd store.Reader, id string, fn func(*document, []casework.Conflict)) error {
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
		if ids, err = appIDs(rd, rowOpenPrefix); err != nil {
			return err
		}
		for x := range same {
			ids = append(ids, x)
		}
		slices.SortFunc(ids, func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
		ids = slices.Compact(ids)
	}
	for _, x := range ids {
		d, err := ss.document(rd, hexID(x))
		if err != nil {
			return err
		}
		list := slices.Clone(d.whole.Conflicts)
		if d.found.digest {
			list = d.digest.Conflicts
		}
		if twins := same[x]; len(twins) > 0 {
			list = append(list, ss.twinConflict(rd, twins))
		}
		if len(list) > 0 {
			fn(d, list)
		}
	}
	return nil
}

// twinConflict lists the cases that bear one number.
func (ss *Session) twinConflict(rd store.Reader, twins []store.ID) casework.Conflict {
	c := casework.Conflict{Field: fieldNumber}
	for _, t := range twins {
		_, s, err := ss.open.replica.State(rd, t)
		if err != nil || s.Len() == 0 {
			continue
		}
		first := s.Ops()[0]
		c.Values = append(c.Values, casework.Claimant{Value: hexID(t), Seat: hexID(first.Seat), Unit: hexID(first.Unit), At: instant(int64(first.Stamp >> 16))})
	}
	return c
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

// countConflicts counts what waits for a person.
func (ss *Session) countConflicts(rd store.Reader) (int, error) {
	n := 0
	err := ss.eachConflict(rd, "", func(_ *document, list []casework.Conflict) { n += len(list) })
	return n, err
}
