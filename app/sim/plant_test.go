package sim

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"hejie/app/api"
	"hejie/store"
	"hejie/store/host"
	"hejie/store/host/memfs"
	"hejie/store/rows"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/sim"
)

// within is in how many seeds each planted defect must be found.
const within = 40

// planted plays seeds with a defect until a rule of those given breaks.
func planted(t *testing.T, o Options, rules ...string) {
	t.Helper()
	for seed := range uint64(within) {
		o.Seed = seed
		out := play(t, o)
		if len(out.Wrong) == 0 {
			continue
		}
		if w := out.Wrong[0]; !slices.Contains(rules, w.Rule) {
			t.Fatalf("seed %d found something else: %s", seed, w.Error())
		}
		clean := o
		clean.Plants = nil
		if again := play(t, clean); len(again.Wrong) > 0 {
			t.Fatalf("seed %d is wrong without the defect too: %s", seed, again.Wrong[0].Error())
		}
		t.Logf("found by seed %d: %s", seed, out.Wrong[0].Error())
		return
	}
	t.Errorf("not found within %d seeds", within)
}

func everywhere(p Plant) map[string]Plant { return map[string]Plant{"*": p} }

// unsynced is a disk whose program forgot to sync.
type unsynced struct{ host.FS }

func (u unsynced) Create(name string) (host.File, error) { return without(u.FS.Create(name)) }
func (u unsynced) Append(name string) (host.File, error) { return without(u.FS.Append(name)) }

func without(f host.File, err error) (host.File, error) {
	if err != nil {
		return nil, err
	}
	return noSync{f}, nil
}

type noSync struct{ host.File }

func (noSync) Sync() error { return nil }

func TestFindsAMissingSync(t *testing.T) {
	planted(t, Options{Nodes: 3, Steps: 80, Plants: everywhere(Plant{FS: func(d *sim.Disk) host.FS { return unsynced{d} }})}, ruleKept, ruleOpens, ruleNumber)
}

// behind is a disk whose program says that it wrote, and writes with the next
// call: what is acknowledged is not on the disk yet.
type behind struct {
	host.FS
	last *func() error
}

func (b behind) flush() {
	if do := *b.last; do != nil {
		*b.last = nil
		_ = do()
	}
}

func (b behind) Append(name string) (host.File, error) {
	b.flush()
	f, err := b.FS.Append(name)
	return b.file(name, f, err)
}

func (b behind) Create(name string) (host.File, error) {
	b.flush()
	f, err := b.FS.Create(name)
	return b.file(name, f, err)
}

func (b behind) Open(name string) (host.File, error) {
	b.flush()
	return b.FS.Open(name)
}

func (b behind) file(name string, f host.File, err error) (host.File, error) {
	if err != nil || !strings.HasPrefix(filepath.ToSlash(name), dataDir+"/packs/") {
		return f, err
	}
	return &late{File: f, b: b}, nil
}

type late struct {
	host.File
	b    behind
	wait []byte
}

func (l *late) Write(p []byte) (int, error) {
	l.b.flush()
	data := bytes.Clone(p)
	l.wait = data
	*l.b.last = func() error {
		l.wait = nil
		_, err := l.File.Write(data)
		if err == nil {
			err = l.File.Sync()
		}
		return err
	}
	return len(p), nil
}

func (l *late) Sync() error { return nil }

func (l *late) Size() (int64, error) {
	n, err := l.File.Size()
	return n + int64(len(l.wait)), err
}

// ReadAt flushes: what is read back must be there.
func (l *late) ReadAt(p []byte, off int64) (int, error) {
	if size, err := l.File.Size(); err == nil && off+int64(len(p)) > size {
		l.b.flush()
	}
	return l.File.ReadAt(p, off)
}

func (l *late) Truncate(n int64) error {
	l.b.flush()
	return l.File.Truncate(n)
}

func TestFindsAnAcknowledgementBeforeTheDisk(t *testing.T) {
	planted(t, Options{Nodes: 3, Steps: 80, Plants: everywhere(Plant{FS: func(d *sim.Disk) host.FS {
		var last func() error
		return behind{d, &last}
	}})}, ruleKept, ruleNumber, ruleReads, ruleWhole) // what a full disk did not take in the end can't be read at once; what builds on it waits
}

// lyingRows answers some reads of rows otherwise.
type lyingRows struct {
	rows.Opener
	wrap func(rows.Reader) rows.Reader
}

func (l lyingRows) Open(dir string, key [32]byte) (rows.Engine, error) {
	e, err := l.Opener.Open(dir, key)
	if err != nil {
		return nil, err
	}
	return lyingEngine{e, l.wrap}, nil
}

type lyingEngine struct {
	rows.Engine
	wrap func(rows.Reader) rows.Reader
}

func (e lyingEngine) View(fn func(rows.Reader) error) error {
	return e.Engine.View(func(r rows.Reader) error { return fn(e.wrap(r)) })
}

// First bytes of rows (packstore: rows of the Applier; replica: an operation that
// has its effect, a case's records).
const (
	derived  = 0x06
	doneRow  = 'd'
	recordOf = 'c'
)

// orphans takes every operation that one builds on for one that is there.
type orphans struct{ rows.Reader }

func (o orphans) Get(key []byte) ([]byte, error) {
	if len(key) == 2+len(store.ID{}) && key[0] == derived && key[1] == doneRow {
		return []byte{}, nil
	}
	return o.Reader.Get(key)
}

func TestFindsASkippedParentCheck(t *testing.T) {
	planted(t, Options{Nodes: 4, Steps: 120, Plants: everywhere(Plant{Engine: func(o rows.Opener) rows.Opener {
		return lyingRows{o, func(r rows.Reader) rows.Reader { return orphans{r} }}
	}})}, ruleEqual, ruleWhole, ruleReads, ruleError, ruleKept)
}

// short is a replica whose ranges end one entry early.
type short struct{ exchange.Replica }

func (s short) Shared(ctx context.Context, unit store.ID, fn func(exchange.Shared) error) error {
	return s.Replica.Shared(ctx, unit, func(set exchange.Shared) error { return fn(shortSet{set}) })
}

type shortSet struct{ exchange.Shared }

func (s shortSet) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	var before *store.EntryKey
	return s.Shared.Entries(lo, hi, func(k store.EntryKey) (bool, error) {
		more, err := true, error(nil)
		if before != nil {
			more, err = fn(*before)
		}
		before = &k
		return more, err
	})
}

func (s shortSet) Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error) {
	var f store.Fingerprint
	err := s.Entries(lo, hi, func(k store.EntryKey) (bool, error) {
		f.Count++
		carry := 0
		for i := 31; i >= 0; i-- {
			n := int(f.Sum[i]) + int(k[41+i]) + carry
			f.Sum[i], carry = byte(n), n>>8
		}
		return true, nil
	})
	return f, err
}

func TestFindsAnOffByOneInARange(t *testing.T) {
	planted(t, Options{Nodes: 4, Steps: 120, Plants: everywhere(Plant{Replica: func(r exchange.Replica) exchange.Replica { return short{r} }})}, ruleStep, ruleArrives, ruleTruth)
}

// swapped finds, where the digest of a case is looked for, another case's.
type swapped struct{ rows.Reader }

func (s swapped) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	if len(prefix) != 3+len(store.ID{}) || prefix[0] != derived || prefix[1] != recordOf || prefix[len(prefix)-1] != byte(oplog.KindDigest) {
		return s.Reader.Scan(prefix, from, reverse, fn)
	}
	var other []byte
	if err := s.Reader.Scan([]byte{derived, recordOf}, nil, false, func(k, _ []byte) (bool, error) {
		if len(k) > len(prefix) && k[len(prefix)-1] == byte(oplog.KindDigest) && !bytes.HasPrefix(k, prefix) {
			other = append(bytes.Clone(prefix), k[len(prefix):]...)
		}
		return other == nil, nil
	}); err != nil || other == nil {
		return s.Reader.Scan(prefix, from, reverse, fn)
	}
	_, err := fn(other, nil)
	return err
}

// stale is a disk on which the evidence of loss is as it was when the county
// began: what tells a folder that its packs held more.
type stale struct {
	host.FS
	before *memfs.FS
}

func (s stale) Open(name string) (host.File, error) {
	if strings.HasPrefix(filepath.Base(name), "reach") {
		return s.before.Open(name)
	}
	return s.FS.Open(name)
}

func TestFindsANumberUsedTwiceAfterACutPack(t *testing.T) {
	var begun sync.Map // disk → what it was
	plant := Plant{FS: func(d *sim.Disk) host.FS {
		before, _ := begun.LoadOrStore(d, d.Clone(0))
		fs, ok := before.(*memfs.FS)
		if !ok {
			t.Fatalf("kept a %T", before)
		}
		return stale{d, fs}
	}}
	// It is also not told what is lost, which is found before anybody saves again.
	planted(t, Options{Nodes: 3, Steps: 160, Only: []sim.Fault{FolderCut}, Blind: []string{ruleTold}, Plants: everywhere(plant)}, ruleNumber)
}

func TestFindsADigestOfTheWrongOwner(t *testing.T) {
	planted(t, Options{Nodes: 4, Steps: 120, Plants: map[string]Plant{"court": {Engine: func(o rows.Opener) rows.Opener {
		return lyingRows{o, func(r rows.Reader) rows.Reader { return swapped{r} }}
	}}}}, ruleOwner)
}

func TestFindsAnAgreementThatNobodyIsToldOf(t *testing.T) {
	planted(t, Options{Nodes: 4, Steps: 160, Only: []sim.Fault{}, Doing: []string{"new case", "carry on"}, At: []string{"village", "desk"}, Plants: everywhere(Plant{Told: func(list []api.DueItem) []api.DueItem {
		return slices.DeleteFunc(slices.Clone(list), func(i api.DueItem) bool { return i.What == "agreement" })
	}})}, ruleTold)
}
