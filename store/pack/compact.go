package pack

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"hejie/store"
	"hejie/store/rows"
)

// tempSuffix ends the name of a facts file that is being written.
const tempSuffix = ".tmp"

// flushAt is how many bytes a compaction gathers before it writes.
const flushAt = 1 << 20

func (t *Facts) newHeader(number uint32) (header, error) {
	h := header{number: number, storeID: t.storeID, first: 1}
	if _, err := io.ReadFull(t.opts.Random, h.id[:]); err != nil {
		return h, fmt.Errorf("random bytes for a file: %w", err)
	}
	return h, nil
}

// create makes an empty facts file.
func (t *Facts) create(number uint32) (*file, error) {
	h, err := t.newHeader(number)
	if err != nil {
		return nil, err
	}
	return kindFacts.create(&t.opts, kindFacts.name(number, h.id), h)
}

// compact writes the live facts into a file of the next number: under a
// temporary name, synced, renamed, folder synced; then the old one goes. The
// caller holds mu. After a failure the old file is still in use.
func (t *Facts) compact() error {
	h, err := t.newHeader(t.f.header.number + 1)
	if err != nil {
		return err
	}
	name := kindFacts.name(h.number, h.id)
	path := filepath.Join(t.opts.Dir, name)
	temp, err := kindFacts.create(&t.opts, name+tempSuffix, h)
	if err != nil {
		return err
	}
	if err := errors.Join(t.copyLive(temp), temp.Close()); err != nil {
		_ = t.opts.FS.Remove(path + tempSuffix) // else the next opening removes it
		return err
	}
	if err := t.opts.FS.Rename(path+tempSuffix, path); err != nil {
		return fmt.Errorf("compact the facts: %w", err)
	}
	// From here on the new file counts at the next opening, so it must now too.
	t.failed = true
	if err := t.opts.FS.SyncDir(t.opts.Dir); err != nil {
		return fmt.Errorf("compact the facts: %w", err)
	}
	old := t.f
	fresh, err := kindFacts.open(&t.opts, name)
	if err != nil {
		return err
	}
	t.f, t.next, t.live = fresh, 1, 0
	t.keys = rows.Map[factLoc]{}
	if err := t.load(0); err != nil {
		return err
	}
	t.failed = false
	// What can't be removed now is removed by the next opening.
	_ = old.Close()
	_ = t.opts.FS.Remove(old.path)
	return nil
}

// copyLive writes the live facts to another file and syncs it.
func (t *Facts) copyLive(to *file) error {
	var buf []byte
	var err error
	seq, end := uint64(1), to.size
	t.keys.Ascend(nil, func(key []byte, at factLoc) bool {
		var value, rec []byte
		value, err = t.read(at)
		if errors.Is(err, store.ErrDamaged) {
			t.spoiled(at, err)
			err = nil
			return true
		}
		if err == nil {
			rec, err = t.seal(to, seq, end, encodeFact(factPut, string(key), value))
			buf, seq, end = append(buf, rec...), seq+1, end+int64(len(rec))
		}
		if err == nil && len(buf) >= flushAt {
			_, err = to.Write(buf)
			buf = buf[:0]
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	if _, err := to.Write(buf); err != nil {
		return err
	}
	return to.Sync()
}
