package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/rows"
)

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

// FactsStore gives the store's id as the facts of a folder have it, if there are
// any whose header is whole. It fails where the key does not open them.
func FactsStore(o Options) (id [16]byte, known bool, err error) {
	o.defaults()
	names, err := o.FS.ReadDir(o.Dir)
	if err != nil {
		return id, false, nil //nolint:nilerr // what can't be read is for opening to tell
	}
	o.ReadOnly = true
	for _, name := range names {
		if _, _, ok := kindFacts.parseName(name); !ok {
			continue
		}
		f, err := kindFacts.open(&o, name)
		if err != nil {
			return id, false, err
		}
		if f.headerErr == nil {
			id, known = f.header.storeID, true
		}
		if err := f.Close(); err != nil {
			return id, false, err
		}
	}
	return id, known, nil
}

// OpenFacts opens the facts of a store, or makes an empty file. What the
// evidence knows of and is not there is told by Damage.
func OpenFacts(o Options, storeID [16]byte, proof Evidence) (*Facts, error) {
	o.defaults()
	t := &Facts{opts: o, storeID: storeID, next: 1}
	if err := o.makeDir(); err != nil {
		return nil, err
	}
	if err := t.choose(proof); err != nil {
		return nil, err
	}
	if t.f == nil {
		if o.ReadOnly {
			return t, nil
		}
		f, err := t.create(proof.FactsFile + 1)
		if err != nil {
			return nil, err
		}
		t.f = f
		return t, nil
	}
	upTo := int64(0)
	if t.f.header.number == proof.FactsFile {
		upTo = proof.FactsSize
	}
	if err := t.load(upTo); err != nil {
		return nil, errors.Join(err, t.f.Close())
	}
	return t, nil
}

// choose opens the file of the highest number and removes all others: they are
// what a compaction that was cut short left.
func (t *Facts) choose(proof Evidence) error {
	names, err := t.opts.FS.ReadDir(t.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) && t.opts.ReadOnly {
		names, err = nil, nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", t.opts.Dir, err)
	}
	for i := len(names) - 1; i >= 0; i-- {
		path := filepath.Join(t.opts.Dir, names[i])
		if filepath.Ext(names[i]) == tempSuffix && !t.opts.ReadOnly {
			if err := t.opts.FS.Remove(path); err != nil {
				return fmt.Errorf("remove %s: %w", path, err)
			}
			continue
		}
		number, _, ok := kindFacts.parseName(names[i])
		if !ok || (t.f != nil && t.opts.ReadOnly) {
			continue
		}
		if t.f != nil {
			if err := t.opts.FS.Remove(path); err != nil {
				return fmt.Errorf("remove the outdated %s: %w", path, err)
			}
			continue
		}
		if t.f, err = t.open(names[i], number <= proof.FactsFile || proof.Used); err != nil {
			return err
		}
	}
	switch {
	case len(t.damaged) > 0:
	case t.f == nil && (proof.FactsFile > 0 || proof.Used):
		t.lost("the facts are missing")
	case t.f != nil && t.f.header.number < proof.FactsFile:
		t.lost(fmt.Sprintf("facts number %d are missing; older ones are in use", proof.FactsFile))
	}
	return nil
}

// lost notes facts that are gone.
func (t *Facts) lost(what string) {
	t.damaged = append(t.damaged, Damage{File: t.opts.Dir, What: what})
}

// open opens a file of facts; nil if nothing of it can be read, which is a loss if
// it was whole once, and else what a crash left while it was made.
func (t *Facts) open(name string, whole bool) (*file, error) {
	f, err := kindFacts.open(&t.opts, name)
	if err != nil || f.headerErr == nil || f.size > headerSize {
		return f, err
	}
	if whole {
		t.lost(fmt.Sprintf("nothing of %s can be read", name))
	}
	err = f.Close()
	if !t.opts.ReadOnly {
		err = errors.Join(err, t.opts.FS.Remove(f.path))
	}
	if err != nil {
		return nil, fmt.Errorf("remove the unfinished %s: %w", f.path, err)
	}
	return nil, nil //nolint:nilnil // as said
}

// load reads the file's records and cuts a torn tail. Up to upTo it was synced.
func (t *Facts) load(upTo int64) error {
	good := int64(headerSize)
	if t.f.headerErr != nil {
		t.damaged = append(t.damaged, Damage{File: t.f.path, To: headerSize, What: "the file's header is damaged; its records are read all the same"})
	}
	note := func(a, b int64, what string) {
		t.damaged = append(t.damaged, Damage{File: t.f.path, From: a, To: b, What: what})
	}
	badTail, err := t.f.commits(good, t.f.size, 0, note, func(records []placed, _ bool) error {
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
	switch {
	case good >= upTo:
	case badTail >= 0:
		note(badTail, max(upTo, t.f.size), "no readable record")
	default:
		note(good, upTo, "the file's end is missing")
	}
	if t.opts.ReadOnly {
		return nil
	}
	if t.f.headerErr != nil || good < upTo {
		return t.compact() // into a file with a whole header, and none that lacks its end
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
	value, err := t.read(at)
	if errors.Is(err, store.ErrDamaged) {
		t.spoiled(at, err)
	}
	return value, err
}

// spoiled notes a fact that can't be read any more; the caller holds mu.
func (t *Facts) spoiled(at factLoc, err error) {
	d := Damage{File: t.f.path, From: at.offset, To: at.offset + int64(at.length), What: err.Error()}
	if !slices.Contains(t.damaged, d) {
		t.damaged = append(t.damaged, d)
	}
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
	if t.opts.ReadOnly {
		return store.ErrReadOnly
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
	switch {
	case !ok:
		return nil
	case t.opts.ReadOnly:
		return store.ErrReadOnly
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
// when it began; fn may change facts and returns false to stop. One that can't be
// read any more is passed over and told by Damage.
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
		if errors.Is(e, store.ErrNotFound) || errors.Is(e, store.ErrDamaged) {
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

// Size gives the number of the file in use and up to where it is synced.
func (t *Facts) Size() (number uint32, size int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.f == nil {
		return 0, 0
	}
	return t.f.header.number, t.f.size
}

// Damage tells what the opening found, and what reading found since.
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
	if t.f == nil {
		return nil
	}
	return t.f.Close()
}
