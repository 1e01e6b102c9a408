package packstore

import (
	"context"
	"errors"
	"fmt"

	"hejie/store"
	"hejie/store/entryset"
	"hejie/store/pack"
	"hejie/store/rows"
)

// Limits of a derived row, told in store.Tx.
const (
	maxRowKey   = 512
	maxRowValue = 4 << 20
)

// reader implements store.Reader over one state of the rows.
type reader struct {
	r   rows.Reader
	s   *Store
	set *entryset.Set
}

func (s *Store) newReader(r rows.Reader) *reader {
	return &reader{r: r, s: s, set: entryset.Reading(r, nodePrefix, entryPrefix)}
}

func notFound(err error) error {
	if errors.Is(err, rows.ErrNotFound) {
		return store.ErrNotFound
	}
	return err
}

func (v *reader) row(id store.ID) (indexRow, error) {
	b, err := v.r.Get(idKey(id))
	if err != nil {
		return indexRow{}, notFound(err)
	}
	return readByID(id, b)
}

// read reads the frame that an index row names, and notes one that is lost.
func (v *reader) read(row indexRow) (store.Frame, error) {
	f, err := v.s.log.Read(row.loc)
	if err == nil && (f.ID != row.id || f.Seq != row.seq) {
		err = fmt.Errorf("%w: another frame lies where the index names this one", store.ErrDamaged)
	}
	if errors.Is(err, store.ErrDamaged) {
		v.s.lost.lose(row, true)
	}
	if err != nil {
		return store.Frame{}, err
	}
	return f, nil
}

// Frame implements store.Reader.
func (v *reader) Frame(id store.ID) (store.Frame, error) {
	row, err := v.row(id)
	if err != nil {
		return store.Frame{}, err
	}
	return v.read(row)
}

// Has implements store.Reader.
func (v *reader) Has(id store.ID) (bool, error) {
	row, err := v.row(id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && !v.s.lost.missing(id, row.seq), err
}

// Missing implements store.Reader.
func (v *reader) Missing(fn func(store.Loss) (bool, error)) error {
	lost, _ := v.s.lost.list(v.s.where)
	for _, l := range lost {
		if more, err := fn(l); err != nil || !more {
			return err
		}
	}
	return nil
}

// Frames implements store.Reader.
func (v *reader) Frames(seq uint64, fn func(store.Frame) (bool, error)) error {
	return v.r.Scan([]byte{rowSeq}, seqKey(seq), false, func(key, value []byte) (bool, error) {
		row, err := readBySeq(key, value)
		if err != nil {
			return false, err
		}
		f, err := v.read(row)
		if errors.Is(err, store.ErrDamaged) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		return fn(f)
	})
}

// Get implements store.Reader.
func (v *reader) Get(key []byte) ([]byte, error) {
	b, err := v.r.Get(derivedKey(key))
	return b, notFound(err)
}

// Scan implements store.Reader.
func (v *reader) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	if from != nil {
		from = derivedKey(from)
	}
	return v.r.Scan(derivedKey(prefix), from, reverse, func(key, value []byte) (bool, error) {
		return fn(key[1:], value)
	})
}

// Fingerprint implements store.Reader.
func (v *reader) Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error) {
	return v.set.Fingerprint(lo, hi)
}

// Entries implements store.Reader.
func (v *reader) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	return v.set.Entries(lo, hi, fn)
}

// EntryAt implements store.Reader.
func (v *reader) EntryAt(lo, hi store.EntryKey, n uint64) (store.EntryKey, error) {
	return v.set.At(lo, hi, n)
}

// View implements store.Viewer.
func (s *Store) View(ctx context.Context, fn func(store.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	h, err := s.borrow()
	if err != nil {
		return err
	}
	defer h.views.Done()
	return h.View(func(r rows.Reader) error { return fn(s.newReader(s.watch(r))) })
}

// tx implements store.Tx: changes laid over one state.
type tx struct {
	*reader
	over    *rows.Overlay
	pending map[store.ID]*store.Frame // being applied, not in the packs yet
}

func (s *Store) newTx(r rows.Reader) *tx {
	over := rows.NewOverlay(r)
	return &tx{
		reader: &reader{r: over, s: s, set: entryset.Writing(over, nodePrefix, entryPrefix)},
		over:   over,
	}
}

// Frame implements store.Reader.
func (t *tx) Frame(id store.ID) (store.Frame, error) {
	if f := t.pending[id]; f != nil {
		c := *f
		c.Bytes = append([]byte(nil), f.Bytes...)
		return c, nil
	}
	return t.reader.Frame(id)
}

// Frames implements store.Reader.
func (t *tx) Frames(seq uint64, fn func(store.Frame) (bool, error)) error {
	return t.r.Scan([]byte{rowSeq}, seqKey(seq), false, func(key, value []byte) (bool, error) {
		row, err := readBySeq(key, value)
		if err != nil {
			return false, err
		}
		f := t.pending[row.id]
		if f == nil {
			held, err := t.read(row)
			if errors.Is(err, store.ErrDamaged) {
				return true, nil
			}
			if err != nil {
				return false, err
			}
			f = &held
		}
		return fn(*f)
	})
}

// Put implements store.Tx.
func (t *tx) Put(key, value []byte) error {
	if len(key) == 0 || len(key) > maxRowKey || len(value) > maxRowValue {
		return fmt.Errorf("a row with a key of %d and a value of %d bytes: %w", len(key), len(value), store.ErrTooLarge)
	}
	t.over.Put(derivedKey(key), append([]byte{}, value...))
	return nil
}

// Delete implements store.Tx.
func (t *tx) Delete(key []byte) error {
	if len(key) == 0 || len(key) > maxRowKey {
		return fmt.Errorf("a row with a key of %d bytes: %w", len(key), store.ErrTooLarge)
	}
	t.over.Delete(derivedKey(key))
	return nil
}

// Enter implements store.Tx.
func (t *tx) Enter(e store.EntryKey) error { return t.set.Enter(e) }

// Leave implements store.Tx.
func (t *tx) Leave(e store.EntryKey) error { return t.set.Leave(e) }

// index puts a frame's rows. One that comes back leaves its old place; 0: it has none.
func (t *tx) index(f *store.Frame, loc pack.Loc, old uint64) {
	row := indexRow{seq: f.Seq, loc: loc, id: f.ID}
	if old > 0 {
		t.over.Delete(seqKey(old))
	}
	t.over.Put(idKey(f.ID), row.byID())
	t.over.Put(seqKey(f.Seq), row.bySeq())
	if t.pending == nil {
		t.pending = map[store.ID]*store.Frame{}
	}
	t.pending[f.ID] = f
}

// finish returns the changes with the state they lead to.
func (t *tx) finish(st state) *rows.Batch {
	t.set.Flush()
	t.over.Put(positionKey, st.encode())
	return t.over.Batch()
}
