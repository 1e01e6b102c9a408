package rows

import (
	"bytes"
)

// Batch is a set of changed rows, the last change of a key counts.
type Batch struct {
	rows Map[row]
	size int
}

// row is a put value, or a deletion.
type row struct {
	value   []byte
	deleted bool
}

// Put sets a row. The batch keeps both slices.
func (b *Batch) Put(key, value []byte) {
	b.size += len(key) + len(value)
	b.rows.Set(key, row{value: value})
}

// Delete takes a row out.
func (b *Batch) Delete(key []byte) {
	b.size += len(key)
	b.rows.Set(key, row{deleted: true})
}

// Len counts the changed rows.
func (b *Batch) Len() int { return b.rows.Len() }

// Size is about the bytes of all keys and values put.
func (b *Batch) Size() int { return b.size }

// Each visits the changes in order of key.
func (b *Batch) Each(fn func(key, value []byte, deleted bool) error) error {
	var err error
	b.rows.Ascend(nil, func(key []byte, r row) bool {
		err = fn(key, r.value, r.deleted)
		return err == nil
	})
	return err
}

// Overlay reads a state with changes laid over it, which only Write makes real.
// It is not safe for concurrent use.
type Overlay struct {
	base  Reader
	batch *Batch
}

// NewOverlay lays an empty batch over a state.
func NewOverlay(base Reader) *Overlay { return &Overlay{base: base, batch: &Batch{}} }

// Batch returns the changes made so far.
func (o *Overlay) Batch() *Batch { return o.batch }

// Put sets a row; it keeps both slices.
func (o *Overlay) Put(key, value []byte) { o.batch.Put(key, value) }

// Delete takes a row out.
func (o *Overlay) Delete(key []byte) { o.batch.Delete(key) }

// Get implements Reader.
func (o *Overlay) Get(key []byte) ([]byte, error) {
	if r, ok := o.batch.rows.Get(key); ok {
		if r.deleted {
			return nil, ErrNotFound
		}
		return bytes.Clone(r.value), nil
	}
	return o.base.Get(key)
}

// changed is a change copied out of the batch before a scan.
type changed struct {
	key []byte
	row row
}

// chunk is how many changes a scan copies at a time, so that a scan that stops
// early does not walk a large batch.
const chunk = 64

// Scan implements Reader. fn may change the overlay; whether a row changed
// meanwhile is visited is open.
func (o *Overlay) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	next := o.changes(prefix, from, reverse)
	mine, ok := next()
	stopped := false
	// emit passes the changes before key (nil: all that are left).
	emit := func(key []byte) error {
		for ok && !stopped && (key == nil || before(mine.key, key, reverse)) {
			if !mine.row.deleted {
				more, err := fn(mine.key, mine.row.value)
				if err != nil {
					return err
				}
				stopped = !more
			}
			mine, ok = next()
		}
		return nil
	}
	err := o.base.Scan(prefix, from, reverse, func(key, value []byte) (bool, error) {
		if err := emit(key); err != nil || stopped {
			return false, err
		}
		if ok && bytes.Equal(mine.key, key) {
			value = mine.row.value
			deleted := mine.row.deleted
			mine, ok = next()
			if deleted {
				return true, nil
			}
		}
		more, err := fn(key, value)
		stopped = !more
		return more, err
	})
	if err != nil || stopped {
		return err
	}
	return emit(nil)
}

func before(a, b []byte, reverse bool) bool {
	if reverse {
		return bytes.Compare(a, b) > 0
	}
	return bytes.Compare(a, b) < 0
}

// changes returns a function that gives the batch's changes within a scan's
// bounds one after the other.
func (o *Overlay) changes(prefix, from []byte, reverse bool) func() (changed, bool) {
	if o.batch.Len() == 0 {
		return func() (changed, bool) { return changed{}, false }
	}
	at, done := Start(prefix, from, reverse)
	var buf []changed
	var last []byte
	fill := func(key []byte, r row) bool {
		if last != nil && bytes.Equal(key, last) {
			return true
		}
		if !bytes.HasPrefix(key, prefix) {
			// Descending, the start may lie just after the prefix.
			if reverse && bytes.Compare(key, prefix) > 0 {
				return true
			}
			done = true
			return false
		}
		buf = append(buf, changed{key, r})
		return len(buf) < chunk
	}
	return func() (changed, bool) {
		if len(buf) == 0 && !done {
			if reverse {
				o.batch.rows.Descend(at, fill)
			} else {
				o.batch.rows.Ascend(at, fill)
			}
			if len(buf) < chunk {
				done = true
			} else {
				last = buf[len(buf)-1].key
				at = last
			}
		}
		if len(buf) == 0 {
			return changed{}, false
		}
		c := buf[0]
		buf = buf[1:]
		return c, true
	}
}

// Start returns the key at which a scan begins (nil: at the very end of all
// rows), and whether it is empty from the outset because `from` lies beyond
// the prefix on the side the scan goes to.
func Start(prefix, from []byte, reverse bool) (at []byte, empty bool) {
	if !reverse {
		if bytes.Compare(from, prefix) <= 0 {
			return prefix, false
		}
		return from, !bytes.HasPrefix(from, prefix)
	}
	end := After(prefix)
	if from == nil || (end != nil && bytes.Compare(from, end) >= 0) {
		return end, false
	}
	return from, bytes.Compare(from, prefix) < 0
}

// After returns the first key after all keys with the prefix; nil if there is none.
func After(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] != 0xff {
			end := bytes.Clone(prefix[:i+1])
			end[i]++
			return end
		}
	}
	return nil
}
