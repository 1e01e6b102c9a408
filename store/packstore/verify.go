package packstore

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"hejie/store"
	"hejie/store/entryset"
	"hejie/store/pack"
	"hejie/store/rows"
)

// Verify implements store.Store: it reads every record of the packs, compares
// the frame index with them in both directions, and adds the ordered set up
// again. Appends wait meanwhile, Views do not. A frame that it reports as
// unreadable is held again after Rebuild and the next exchange with a peer.
func (s *Store) Verify(ctx context.Context) ([]store.Damage, error) {
	if err := s.take(ctx); err != nil {
		return nil, err
	}
	defer s.give()
	var out []store.Damage
	err := s.engine.View(func(r rows.Reader) error {
		v := verifier{ctx: ctx, view: newReader(r, s.log), readable: map[uint64]uint64{}}
		err := s.log.Replay(v.entries, func(d pack.Damage) {
			v.add(store.Damage{Where: d.Where(), What: d.What})
		})
		if err == nil {
			err = v.index()
		}
		if err == nil {
			err = entryset.Reading(r, nodePrefix, entryPrefix).Check(func(key []byte, what string) {
				v.add(store.Damage{Where: hex.EncodeToString(key), What: what})
			})
		}
		out = v.found
		return err
	})
	if err != nil {
		return out, fmt.Errorf("verify: %w", err)
	}
	return out, nil
}

type verifier struct {
	ctx   context.Context //nolint:containedctx // lives for one call
	view  *reader
	found []store.Damage
	// readable has a bit for each seq whose record the packs gave.
	readable map[uint64]uint64
}

func (v *verifier) add(d store.Damage) { v.found = append(v.found, d) }

// entries checks the index rows of readable frames.
func (v *verifier) entries(entries []pack.Entry, _ pack.Position) error {
	if err := v.ctx.Err(); err != nil {
		return err
	}
	for i := range entries {
		f, loc := &entries[i].Frame, entries[i].Loc
		v.readable[f.Seq/64] |= 1 << (f.Seq % 64)
		row, err := v.view.row(f.ID)
		where := hex.EncodeToString(idKey(f.ID))
		switch {
		case errors.Is(err, store.ErrNotFound):
			v.add(store.Damage{Where: where, What: "the packs hold this frame and the index does not", ID: f.ID})
		case errors.Is(err, errRow):
			v.add(store.Damage{Where: where, What: err.Error(), ID: f.ID})
		case err != nil:
			return err
		case row.seq < f.Seq: // a second copy; the first counts
		case row.seq != f.Seq || row.loc != loc:
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
func (v *verifier) index() error {
	return v.view.r.Scan([]byte{rowSeq}, nil, false, func(key, value []byte) (bool, error) {
		row, err := readBySeq(key, value)
		switch {
		case err != nil:
			v.add(store.Damage{Where: hex.EncodeToString(key), What: err.Error()})
		case v.readable[row.seq/64]&(1<<(row.seq%64)) == 0:
			v.add(store.Damage{
				Where: fmt.Sprintf("pack %d at %d", row.loc.File, row.loc.Offset),
				What:  "the frame can't be read any more", ID: row.id,
			})
		}
		return true, v.ctx.Err()
	})
}
