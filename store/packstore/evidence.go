package packstore

import (
	"errors"
	"path/filepath"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/pack"
	"hejie/store/rows"
)

// evidence gathers what is known outside the packs of what they held.
func (s *Store) evidence() (pack.Evidence, error) {
	var err error
	if s.reach, err = pack.OpenReach(s.packOptions(localDir)); err != nil {
		return pack.Evidence{}, err
	}
	proof, note := s.reach.Evidence()
	s.found.Note = note
	if proof.Known {
		return proof, nil
	}
	s.found.Note = nil
	proof = pack.Evidence{Key: s.opts.Made, Made: s.opts.Made, Used: s.opts.Made}
	id, known, err := pack.FactsStore(s.packOptions(localDir))
	if err != nil {
		return proof, err
	}
	if known {
		proof.Key, proof.Made, proof.StoreID = true, true, id
	}
	// Packs are made before facts, and facts before rows.
	proof.Used = proof.Used || (s.engineDir() != "" && s.holdsAny(s.opts.Engine.Folder()))
	proof.Made = proof.Made || proof.Used || s.holdsAny(localDir)
	return proof, nil
}

// holdsAny tells whether a folder of the data folder holds anything.
func (s *Store) holdsAny(folder string) bool {
	names, err := s.opts.FS.ReadDir(filepath.Join(s.opts.Dir, folder))
	return err == nil && len(names) > 0
}

// noteReach notes how far the packs are synced. It must not fail a save that is
// durable: evidence that could not be written lags, which is what it may do.
func (s *Store) noteReach(frames []store.Frame) error {
	var note []byte
	if s.opts.Note != nil && len(frames) > 0 {
		note = s.opts.Note(frames)
	}
	err := s.reach.Packs(s.log.StoreID(), s.log.End(), note)
	if len(frames) == 0 {
		err = errors.Join(err, s.reach.Facts(s.facts.Size()), s.reach.Keep())
	}
	if errors.Is(err, host.ErrNoSpace) {
		return nil
	}
	return err
}

// Reach implements store.Store.
func (s *Store) Reach() store.Reach { return s.found }

// lose notes the frames of stretches without a record.
func (s *Store) lose(found []pack.Damage) error {
	h, err := s.borrow()
	if err != nil {
		return err
	}
	defer h.views.Done()
	for _, d := range found {
		if d.Count == 0 {
			continue
		}
		err := h.View(func(r rows.Reader) error {
			return s.watch(r).Scan([]byte{rowSeq}, seqKey(d.Seq), false, func(key, value []byte) (bool, error) {
				row, err := readBySeq(key, value)
				if err != nil || row.seq >= d.Seq+d.Count {
					return false, nil //nolint:nilerr // Verify tells of a row like that
				}
				s.lost.lose(row, true)
				return true, nil
			})
		})
		if err != nil {
			return err
		}
		s.lost.unknown(store.Loss{Seq: d.Seq, Count: d.Count, Where: d.Where(), What: d.What}, true)
	}
	return nil
}

// where names a place for a person.
func (s *Store) where(loc pack.Loc) string { return s.log.Where(loc) }

// account puts what an opening or a pass over the packs found where everybody
// looks: places without a record as lost frames by the rows that know them, or
// as frames that nobody knows.
func (s *Store) account(packs, facts []pack.Damage) error {
	if err := s.lose(packs); err != nil {
		return err
	}
	for _, d := range facts {
		s.lost.unknown(store.Loss{Where: d.Where(), What: d.What}, d.To > d.From)
	}
	s.mu.Lock()
	for _, d := range append(packs, facts...) {
		s.damaged = append(s.damaged, store.Damage{Where: d.Where(), What: d.What})
	}
	s.mu.Unlock()
	return s.saveLost()
}
