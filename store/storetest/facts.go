package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"pgregory.net/rapid"

	"hejie/store"
)

var factTests = []test{
	{"facts follow a model over reopening", func(e *env) {
		e.open()
		model := map[string][]byte{}
		reopen := 0
		rapid.Check(e.T, func(t *rapid.T) {
			key := rapid.SampledFrom([]string{"a", "peer/1", "peer/2", "draft/甲", "draft/乙"}).Draw(t, "key")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				delete(model, key)
				if err := e.store.DeleteFact(e.ctx, key); err != nil {
					t.Fatal(err)
				}
			default:
				model[key] = bytes.Repeat([]byte{byte(len(key))}, rapid.IntRange(0, 40<<10).Draw(t, "size"))
				if err := e.store.PutFact(e.ctx, key, model[key]); err != nil {
					t.Fatal(err)
				}
			}
			if reopen++; reopen%25 == 0 {
				e.open()
			}
			factsLike(t, e, model)
		})
	}},
	{"facts outlive power loss and derived rows", func(e *env) {
		e.open()
		e.must(e.store.PutFact(e.ctx, "k", []byte("v")))
		e.crash(true)
		e.loseEngine()
		e.open()
		v, err := e.store.GetFact("k")
		if err != nil || string(v) != "v" {
			e.Fatalf("%q %v", v, err)
		}
	}},
	{"limits of facts are kept", func(e *env) {
		e.open()
		e.is(e.store.PutFact(e.ctx, "", nil), store.ErrTooLarge)
		e.is(e.store.PutFact(e.ctx, strings.Repeat("k", 257), nil), store.ErrTooLarge)
		e.is(e.store.PutFact(e.ctx, "k", make([]byte, 1<<20+1)), store.ErrTooLarge)
		e.must(e.store.PutFact(e.ctx, strings.Repeat("k", 256), make([]byte, 1<<20)))
		_, err := e.store.GetFact("k")
		e.is(err, store.ErrNotFound)
	}},
	{"outdated facts don't fill the disk", func(e *env) {
		e.open()
		for i := range 100 {
			e.must(e.store.PutFact(e.ctx, "draft", bytes.Repeat([]byte{byte(i)}, 100<<10)))
			e.must(e.store.PutFact(e.ctx, fmt.Sprintf("peer/%d", i), []byte{byte(i)}))
		}
		var size int
		for _, name := range e.files("local") {
			b, err := e.disk.Bytes(name)
			e.must(err)
			size += len(b)
		}
		if size > 2<<20 {
			e.Fatalf("%d bytes of facts", size)
		}
		e.crash(true)
		e.open()
		n := 0
		e.must(e.store.ScanFacts("peer/", func(_ string, v []byte) (bool, error) { n++; return len(v) == 1, nil }))
		if v, err := e.store.GetFact("draft"); n != 100 || err != nil || v[0] != 99 {
			e.Fatalf("%d peers, %v", n, err)
		}
	}},
	{"a scan of facts may change them", func(e *env) {
		e.open()
		for i := range 10 {
			e.must(e.store.PutFact(e.ctx, fmt.Sprint(i), []byte("x")))
		}
		e.must(e.store.ScanFacts("", func(k string, _ []byte) (bool, error) {
			return true, errors.Join(e.store.DeleteFact(e.ctx, k), e.store.PutFact(e.ctx, "z"+k, nil))
		}))
		var keys []string
		e.must(e.store.ScanFacts("", func(k string, _ []byte) (bool, error) { keys = append(keys, k); return true, nil }))
		if len(keys) != 10 || keys[0] != "z0" {
			e.Fatal(keys)
		}
	}},
}

func factsLike(t *rapid.T, e *env, model map[string][]byte) {
	prefix := rapid.SampledFrom([]string{"", "peer/", "draft/", "none"}).Draw(t, "prefix")
	var want, got []string
	for k := range model {
		if strings.HasPrefix(k, prefix) {
			want = append(want, k)
		}
	}
	sort.Strings(want)
	err := e.store.ScanFacts(prefix, func(k string, v []byte) (bool, error) {
		got = append(got, k)
		if !bytes.Equal(v, model[k]) {
			return false, fmt.Errorf("%s has another value", k)
		}
		return true, nil
	})
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("facts %q are %q, want %q: %v", prefix, got, want, err)
	}
}
