package badger

import (
	"errors"
	"fmt"

	db "github.com/dgraph-io/badger/v4"

	"hejie/store/rows"
)

// reader implements rows.Reader on one Badger transaction. Making an iterator
// costs far more than moving one, so a View's iterators are used again; a scan
// inside a scan takes another. It belongs to one goroutine.
type reader struct {
	txn  *db.Txn
	free [2][]*db.Iterator // forward, reverse
}

func (r *reader) close() {
	for _, list := range r.free {
		for _, it := range list {
			it.Close()
		}
	}
	r.txn.Discard()
}

// Get implements rows.Reader.
func (r *reader) Get(key []byte) ([]byte, error) {
	item, err := r.txn.Get(key)
	if errors.Is(err, db.ErrKeyNotFound) {
		return nil, rows.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read a row: %w", err)
	}
	v, err := item.ValueCopy(nil)
	if err != nil {
		return nil, fmt.Errorf("read a row: %w", err)
	}
	if v == nil {
		v = []byte{}
	}
	return v, nil
}

func (r *reader) take(reverse bool) (*db.Iterator, int) {
	kind := 0
	if reverse {
		kind = 1
	}
	if n := len(r.free[kind]); n > 0 {
		it := r.free[kind][n-1]
		r.free[kind] = r.free[kind][:n-1]
		return it, kind
	}
	o := db.DefaultIteratorOptions
	o.PrefetchValues = false // small values lie beside their keys
	o.Reverse = reverse
	return r.txn.NewIterator(o), kind
}

// Scan implements rows.Reader.
func (r *reader) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	at, empty := rows.Start(prefix, from, reverse)
	if empty {
		return nil
	}
	it, kind := r.take(reverse)
	defer func() { r.free[kind] = append(r.free[kind], it) }()
	if reverse && at == nil {
		it.Rewind()
	} else {
		it.Seek(at)
	}
	if end := rows.After(prefix); reverse && it.Valid() && end != nil && string(it.Item().Key()) == string(end) {
		it.Next() // the scan begins before the first key after the prefix
	}
	for ; it.ValidForPrefix(prefix); it.Next() {
		item := it.Item()
		more := false
		err := item.Value(func(v []byte) error {
			var err error
			more, err = fn(item.Key(), v)
			return err
		})
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
	return nil
}
