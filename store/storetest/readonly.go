package storetest

import (
	"errors"
	"strings"

	"hejie/store"
	"hejie/store/packstore"
)

var readOnlyTests = []test{
	{"a disk that can't be written is opened for reading", func(e *env) {
		all := e.fill(6)
		e.must(e.store.PutFact(e.ctx, "k", []byte("v")))
		kept := e.dump()
		e.close()
		before := e.disk.Files()
		e.disk.Freeze(true)
		e.open()
		e.readOnly(all, kept)
		e.close()
		e.same(before)
		e.disk.Freeze(false)
		e.open()
		e.append(frame("on"))
		e.soundRebuilt()
	}},
	{"a disk without a free byte is opened for reading", func(e *env) {
		all := e.fill(6)
		e.must(e.store.PutFact(e.ctx, "k", []byte("v")))
		kept := e.dump()
		e.close()
		e.opts.Reserve = 1 << 20
		e.fillTo(0)
		before := e.disk.Files()
		e.open()
		if e.dump() != kept || e.readable(all) != 6 || !e.store.Stats().RowsInMemory {
			e.Fatalf("%+v", e.store.Stats())
		}
		_, err := e.store.Append(e.ctx, []store.Frame{frame("x")})
		e.is(err, store.ErrDiskFull)
		e.is(e.store.PutFact(e.ctx, "k", []byte("w")), store.ErrDiskFull)
		if v, err := e.store.Verify(e.ctx); err != nil || len(v.Bad) > 0 {
			e.Fatalf("%+v %v", v, err)
		}
		e.close()
		e.same(before)
		e.disk.SetCapacity(-1)
		e.open()
		e.append(frame("on"))
		e.soundRebuilt()
	}},
	{"a folder opened for reading on demand is held by nobody", func(e *env) {
		all := e.fill(6)
		e.must(e.store.PutFact(e.ctx, "k", []byte("v")))
		kept := e.dump()
		e.is(e.refused(reading(e.opts)), store.ErrInUse)
		e.close()
		before := e.disk.Files()
		plain := e.opts
		e.opts = reading(plain)
		first := e.open()
		e.readOnly(all, kept)
		e.store = nil
		e.open()
		e.readOnly(all, kept)
		e.close()
		e.must(first.Close())
		e.same(before)
		e.opts = plain
		e.open()
		e.append(frame("on"))
		e.soundRebuilt()
	}},
	{"damage on a disk that can't be written is found and told", func(e *env) {
		all := e.fill(6)
		e.hit(2)
		e.close()
		e.disk.Freeze(true)
		e.open()
		e.must(e.store.Scrub(e.ctx))
		if v, err := e.store.Verify(e.ctx); err != nil || len(v.Bad) == 0 || e.readable(all) != 5 {
			e.Fatalf("%+v %v", v, err)
		}
		e.must(e.store.Rebuild(e.ctx))
		e.disk.Freeze(false)
	}},
}

// reading are the options of a caller that wants nothing written.
func reading(o packstore.Options) packstore.Options {
	o.ReadOnly = store.ReadOnly("a test wants it", errors.New("no cause"))
	return o
}

// same holds that packs and facts are as they were.
func (e *env) same(before map[string][]byte) {
	e.Helper()
	for name, b := range e.disk.Files() {
		if !strings.HasSuffix(name, "/reach") && string(before[name]) != string(b) {
			e.Fatalf("%s was changed", name)
		}
	}
}

// readOnly holds that all can be read and nothing written.
func (e *env) readOnly(all []store.Frame, kept string) {
	e.Helper()
	if e.dump() != kept || e.readable(all) != len(all) || e.store.Stats().ReadOnly == nil {
		e.Fatalf("%+v", e.store.Stats())
	}
	if v, err := e.store.GetFact("k"); err != nil || string(v) != "v" {
		e.Fatalf("%q %v", v, err)
	}
	_, err := e.store.Append(e.ctx, []store.Frame{frame("x")})
	e.is(err, store.ErrReadOnly)
	e.is(e.store.PutFact(e.ctx, "k", nil), store.ErrReadOnly)
	e.is(e.store.DeleteFact(e.ctx, "k"), store.ErrReadOnly)
	e.is(e.store.Settle(e.ctx, nil), store.ErrReadOnly)
	e.must(e.store.Scrub(e.ctx))
	e.must(e.store.Rebuild(e.ctx))
	if v, err := e.store.Verify(e.ctx); err != nil || len(v.Bad) > 0 || e.dump() != kept {
		e.Fatalf("%+v %v", v, err)
	}
}
