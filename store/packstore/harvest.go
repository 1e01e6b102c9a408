package packstore

import (
	"errors"

	"hejie/store"
	"hejie/store/rows"
)

// discard closes an engine that is not used and removes its folder.
func (s *Store) discard(h *handle) {
	if h == nil {
		return
	}
	_ = h.Close() // its rows are not needed any more
	if h.dir != "" {
		// What can't be removed now is no harm: newEngine takes a new number.
		_ = s.opts.FS.RemoveAll(h.dir)
	}
}

// harvest looks in rows that are replaced for frames that the packs gave once
// and the new rows don't have: the packs lost them, and only these rows know
// which they were. Rows that can't be read tell nothing.
func (s *Store) harvest(old, fresh *handle) {
	var lost []indexRow
	err := fresh.View(func(now rows.Reader) error {
		return old.View(func(r rows.Reader) error {
			return r.Scan([]byte{rowSeq}, nil, false, func(key, value []byte) (bool, error) {
				row, err := readBySeq(key, value)
				if err != nil {
					return true, nil //nolint:nilerr // the next one may be well
				}
				if _, err = now.Get(idKey(row.id)); errors.Is(err, rows.ErrNotFound) {
					lost = append(lost, row)
				}
				return true, nil
			})
		})
	})
	if err != nil && len(lost) == 0 {
		return
	}
	for _, row := range lost {
		s.lost.lose(row, false)
	}
}

// restoreLost compares the list of lost frames with what the rows name now.
func (s *Store) restoreLost() error {
	s.lost.unindex()
	return s.engine.View(func(r rows.Reader) error {
		v := s.newReader(s.watch(r))
		for _, l := range s.lost.all() {
			row, err := v.row(l.ID)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err == nil {
				_, err = v.read(row)
			}
			switch {
			case err == nil:
				s.lost.came(l.ID, row.seq)
			case errors.Is(err, store.ErrDamaged):
				s.lost.index(l.ID)
			default:
				return err
			}
		}
		return nil
	})
}
