package packstore

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/store/entryset"
	"hejie/store/pack"
	"hejie/store/rows"
)

// Verify implements store.Store: it reads every record of the packs, compares
// the frame index with them in both directions, and adds the ordered set up
// again. What it finds lost is in Missing from then on. Neither appends nor
// Views wait.
func (s *Store) Verify(ctx context.Context) (store.Verified, error) {
	if err := s.take(ctx); err != nil {
		return store.Verified{}, err
	}
	w := s.log.Walk()
	h, err := s.borrow()
	if err != nil {
		s.give()
		return store.Verified{}, err
	}
	defer h.views.Done()
	v := verifier{s: s, gaps: nil, upTo: w.Last()}
	given := false
	err = h.View(func(r rows.Reader) error {
		s.give() // the state of the rows is that of the packs; what comes later is neither's
		given = true
		v.view = s.newReader(r)
		found, err := s.pass(ctx, w, v.entries)
		if err != nil {
			return err
		}
		v.gaps = found
		if err := v.index(ctx); err != nil {
			return err
		}
		return entryset.Reading(r, nodePrefix, entryPrefix).Check(func(key []byte, what string) {
			v.add(store.Damage{Where: hex.EncodeToString(key), What: what})
		})
	})
	if !given {
		s.give()
	}
	if err != nil && (ctx.Err() != nil || errors.Is(err, store.ErrClosed)) {
		return store.Verified{}, fmt.Errorf("verify: %w", err)
	}
	if err != nil {
		// Rows that can't be read are damage too.
		s.suspectRows()
		v.add(store.Damage{Where: h.dir, What: fmt.Sprintf("the rows can't be read, and are derived anew at the next start: %v", err)})
	}
	if err := s.lose(v.gaps); err != nil {
		return store.Verified{}, fmt.Errorf("verify: %w", err)
	}
	_ = s.saveLost() // a folder that can't be written finds it again
	return v.result(), nil
}

type verifier struct {
	s     *Store
	view  *reader
	gaps  []pack.Damage // what the pass found
	upTo  uint64
	found []store.Damage
}

func (v *verifier) add(d store.Damage) { v.found = append(v.found, d) }

// result puts together what is wrong now, and what was damaged and costs nothing.
func (v *verifier) result() store.Verified {
	lost, healed := v.s.lost.list(v.s.where)
	out := store.Verified{Bad: v.found}
	for _, l := range lost {
		out.Bad = append(out.Bad, store.Damage{Where: l.Where, What: l.What, ID: l.ID})
	}
	for _, l := range healed {
		out.Healed = append(out.Healed, store.Damage{Where: l.Where, What: l.What, ID: l.ID})
	}
	if len(lost) > 0 {
		return out
	}
	for _, d := range v.gaps {
		if d.Count == 0 {
			out.Healed = append(out.Healed, store.Damage{Where: d.Where(), What: d.What})
		}
	}
	return out
}

// entries checks the index rows of readable frames.
func (v *verifier) entries(entries []pack.Entry) error {
	for i := range entries {
		f, loc := &entries[i].Frame, entries[i].Loc
		row, err := v.view.row(f.ID)
		where := hex.EncodeToString(idKey(f.ID))
		switch {
		case errors.Is(err, store.ErrNotFound):
			v.add(store.Damage{Where: where, What: "the packs hold this frame and the index does not", ID: f.ID})
		case errors.Is(err, errRow):
			v.add(store.Damage{Where: where, What: err.Error(), ID: f.ID})
		case err != nil:
			return err
		case row.seq != f.Seq: // another copy, which counts if it can be read: see index
		case row.loc != loc:
			v.add(store.Damage{Where: where, What: "the index names another place for this frame", ID: f.ID})
		default:
			if err := v.seqRow(f.Seq, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *verifier) seqRow(seq uint64, want indexRow) error {
	b, err := v.view.r.Get(seqKey(seq))
	if err != nil && !errors.Is(err, rows.ErrNotFound) {
		return err
	}
	if got, e := readBySeq(seqKey(seq), b); err != nil || e != nil || got != want {
		v.add(store.Damage{Where: hex.EncodeToString(seqKey(seq)), What: "the index by order does not fit the frame", ID: want.id})
	}
	return nil
}

// index finds rows of frames that the packs don't give any more.
func (v *verifier) index(ctx context.Context) error {
	gaps := slices.DeleteFunc(slices.Clone(v.gaps), func(d pack.Damage) bool { return d.Count == 0 })
	return v.view.r.Scan([]byte{rowSeq}, nil, false, func(key, value []byte) (bool, error) {
		row, err := readBySeq(key, value)
		if err != nil {
			v.add(store.Damage{Where: hex.EncodeToString(key), What: err.Error()})
			return true, ctx.Err()
		}
		for len(gaps) > 0 && gaps[0].Seq+gaps[0].Count <= row.seq {
			gaps = gaps[1:]
		}
		if row.seq > v.upTo || len(gaps) > 0 && row.seq >= gaps[0].Seq {
			v.s.lost.lose(row, true)
		}
		return true, ctx.Err()
	})
}
