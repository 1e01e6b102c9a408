package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/rows"
)

// Limits of a fact.
const (
	// MaxFactKey bounds a key: names and ids joined by slashes.
	MaxFactKey = 256
	// MaxFact bounds a value: one refused frame at most.
	MaxFact = store.MaxFrame
	// compactAt is how many bytes of outdated facts the file holds before it is
	// written anew, and it must hold more of them than of others.
	compactAt = 1 << 20
	// maxFacts bounds the file: offsets have four bytes, and what grows so far
	// should not lie in facts.
	maxFacts = 1 << 31
)

// The payload of a fact's record: what 1 ‖ length of key 2 ‖ key ‖ value.
const (
	factPut    = 1
	factDelete = 2
	factFixed  = 3
)

var errFactPayload = errors.New("a fact's record is not in its one encoding")

func encodeFact(what byte, key string, value []byte) []byte {
	dst := make([]byte, 0, 3+len(key)+len(value))
	dst = append(dst, what)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(key)))
	dst = append(dst, key...)
	return append(dst, value...)
}

func decodeFact(p []byte) (what byte, key, value []byte, err error) {
	if len(p) < factFixed {
		return 0, nil, nil, errFactPayload
	}
	n := int(binary.BigEndian.Uint16(p[1:]))
	if n == 0 || n > MaxFactKey || len(p) < factFixed+n || len(p)-factFixed-n > MaxFact ||
		(p[0] != factPut && p[0] != factDelete) || (p[0] == factDelete && len(p) > factFixed+n) {
		return 0, nil, nil, errFactPayload
	}
	return p[0], p[factFixed : factFixed+n], p[factFixed+n:], nil
}

// factLoc is where a fact's record lies in the present file.
type factLoc struct {
	offset int64
	length int
}

// Facts keeps small values by key in one sealed file that is written anew when
// most of it is outdated. It is safe for concurrent use.
type Facts struct {
	opts    Options
	storeID [16]byte

	// mu guards everything that follows.
	mu      sync.Mutex
	f       *file
	keys    rows.Map[factLoc]
	next    uint64
	live    int64 // bytes of records in keys
	failed  bool
	closed  bool
	damaged []Damage
}

// OpenFacts opens the facts of a store, or makes an empty file.
func OpenFacts(o Options, storeID [16]byte) (*Facts, error) {
	o.defaults()
	t := &Facts{opts: o, storeID: storeID, next: 1}
	if err := o.makeDir(); err != nil {
		return nil, err
	}
	if err := t.choose(); err != nil {
		return nil, err
	}
	if t.f == nil {
		f, err := t.create(1)
		if err != nil {
			return nil, err
		}
		t.f = f
		return t, nil
	}
	if err := t.load(); err != nil {
		return nil, errors.Join(err, t.f.Close())
	}
	return t, nil
}

// choose opens the file of the highest number and removes all others: they are
// what a compaction that was cut short left.
func (t *Facts) choose() error {
	names, err := t.opts.FS.ReadDir(t.opts.Dir)
	if err != nil {
		return fmt.Errorf("read %s: %w", t.opts.Dir, err)
	}
	for i := len(names) - 1; i >= 0; i-- {
		path := filepath.Join(t.opts.Dir, names[i])
		if filepath.Ext(names[i]) == tempSuffix {
			if err := t.opts.FS.Remove(path); err != nil {
				return fmt.Errorf("remove %s: %w", path, err)
			}
			continue
		}
		if _, _, ok := kindFacts.parseName(names[i]); !ok {
			continue
		}
		if t.f != nil {
			if err := t.opts.FS.Remove(path); err != nil {
				return fmt.Errorf("remove the outdated %s: %w", path, err)
			}
			continue
		}
		f, err := kindFacts.open(t.opts.FS, t.opts.Dir, names[i], t.opts.Key)
		if err != nil {
			return err
		}
		if f.headerErr != nil && f.size <= headerSize {
			if err := errors.Join(f.Close(), t.opts.FS.Remove(path)); err != nil {
				return fmt.Errorf("remove the unfinished %s: %w", path, err)
			}
			continue
		}
		t.f = f
	}
	return nil
}

// load reads the file's records and cuts a torn tail.
func (t *Facts) load() error {
	good := int64(headerSize)
	if t.f.headerErr != nil {
		t.damaged = append(t.damaged, Damage{File: t.f.path, To: headerSize, What: "the file's header is damaged; its records are read all the same"})
	}
	note := func(a, b int64, what string) {
		t.damaged = append(t.damaged, Damage{File: t.f.path, From: a, To: b, What: what})
	}
	_, err := t.f.commits(good, t.f.size, 0, note, func(records []placed, _ bool) error {
		for i := range records {
			r := &records[i]
			good, t.next = r.end(), r.seq+1
			what, key, _, err := decodeFact(r.payload)
			if err != nil {
				note(r.offset, r.end(), err.Error())
				continue
			}
			t.index(what, key, factLoc{r.offset, r.length})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if t.f.headerErr != nil {
		return t.compact() // into a file with a whole header
	}
	if good < t.f.size {
		if err := t.f.Truncate(good); err != nil {
			return fmt.Errorf("cut %s: %w", t.f.path, err)
		}
		t.f.size = good
	}
	// A killed program may have synced neither the bytes nor the name.
	if err := errors.Join(t.f.Sync(), t.opts.FS.SyncDir(t.opts.Dir)); err != nil {
		return fmt.Errorf("sync %s: %w", t.f.path, err)
	}
	return nil
}

func (t *Facts) index(what byte, key []byte, at factLoc) {
	if old, ok := t.keys.Get(key); ok {
		t.live -= int64(old.length)
	}
	if what == factDelete {
		t.keys.Delete(key)
		return
	}
	t.live += int64(at.length)
	t.keys.Set(append([]byte(nil), key...), at)
}

// Get returns a fact's value, or store.ErrNotFound.
func (t *Facts) Get(key string) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, store.ErrClosed
	}
	at, ok := t.keys.Get([]byte(key))
	if !ok {
		return nil, store.ErrNotFound
	}
	return t.read(at)
}

func (t *Facts) read(at factLoc) ([]byte, error) {
	r, err := t.f.read(at.offset, at.length)
	if err != nil {
		return nil, err
	}
	_, _, value, err := decodeFact(r.payload)
	return value, err
}

// Put sets a fact durably.
func (t *Facts) Put(key string, value []byte) error {
	if len(key) == 0 || len(key) > MaxFactKey || len(value) > MaxFact {
		return fmt.Errorf("a fact with a key of %d and a value of %d bytes: %w", len(key), len(value), store.ErrTooLarge)
	}
	if err := t.opts.room(len(value) + len(key) + recordHeader + tagSize); err != nil {
		return err
	}
	return t.append(factPut, key, value)
}

// Delete takes a fact out durably; one that is not there is no error.
func (t *Facts) Delete(key string) error {
	t.mu.Lock()
	_, ok := t.keys.Get([]byte(key))
	t.mu.Unlock()
	if !ok {
		return nil
	}
	return t.append(factDelete, key, nil)
}

func (t *Facts) append(what byte, key string, value []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
		return store.ErrClosed
	case t.failed:
		return store.ErrFailed
	}
	rec, err := t.seal(t.f, t.next, t.f.size, encodeFact(what, key, value))
	if err != nil {
		return err
	}
	_, err = t.f.Write(rec)
	if err == nil {
		err = t.f.Sync()
	}
	if err != nil {
		if errors.Is(err, host.ErrNoSpace) && errors.Join(t.f.Truncate(t.f.size), t.f.Sync()) == nil {
			return store.ErrDiskFull
		}
		t.failed = true
		_ = t.f.Truncate(t.f.size) // the caller gets the first error
		return fmt.Errorf("%w: %w", store.ErrFailed, err)
	}
	at := factLoc{t.f.size, len(rec)}
	t.f.size += int64(len(rec))
	t.next++
	t.index(what, []byte(key), at)
	if dead := t.f.size - t.live; dead > compactAt && dead > t.live {
		// The fact itself is durable already; a compaction that fails for want of
		// space is tried again by the next put.
		if err := t.compact(); err != nil && !errors.Is(err, host.ErrNoSpace) {
			t.failed = true
		}
	}
	return nil
}

// seal makes the record of a fact at an offset of a file.
func (t *Facts) seal(f *file, seq uint64, at int64, payload []byte) ([]byte, error) {
	end := at + int64(recordHeader+len(payload)+tagSize)
	if end > maxFacts {
		return nil, fmt.Errorf("the facts fill %d bytes: %w", at, store.ErrTooLarge)
	}
	r := record{seq: seq, count: 1, end: uint32(end), payload: payload}
	if _, err := io.ReadFull(t.opts.Random, r.salt[:]); err != nil {
		return nil, fmt.Errorf("random bytes for a fact: %w", err)
	}
	return appendRecord(nil, f.aead, r), nil
}

// Scan visits the facts whose key begins with prefix, in order, as they were
// when it began; fn may change facts and returns false to stop.
func (t *Facts) Scan(prefix string, fn func(key string, value []byte) (bool, error)) error {
	t.mu.Lock()
	keys := t.keys.Snapshot()
	t.mu.Unlock()
	var err error
	keys.Ascend([]byte(prefix), func(key []byte, _ factLoc) bool {
		if len(key) < len(prefix) || string(key[:len(prefix)]) != prefix {
			return false
		}
		// Read by key: a compaction meanwhile moves records.
		value, e := t.Get(string(key))
		if errors.Is(e, store.ErrNotFound) {
			return true
		}
		if e != nil {
			err = e
			return false
		}
		more, e := fn(string(key), value)
		err = e
		return more && e == nil
	})
	return err
}

// Damage tells what the opening found.
func (t *Facts) Damage() []Damage {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Damage(nil), t.damaged...)
}

// Close closes the file.
func (t *Facts) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	return t.f.Close()
}
