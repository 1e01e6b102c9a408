package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sort"

	"pgregory.net/rapid"

	"hejie/store"
)

var rowTests = []test{
	{"rows follow a model through random changes", func(e *env) {
		e.open()
		model := map[string]string{}
		key := rapid.Custom(func(t *rapid.T) string {
			return string(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 0xff}), 1, 4).Draw(t, "key"))
		})
		rapid.Check(e.T, func(t *rapid.T) {
			next := map[string]string{}
			for k, v := range model {
				next[k] = v
			}
			fail := rapid.Bool().Draw(t, "fail")
			err := e.store.Derive(e.ctx, func(tx store.Tx) error {
				for range rapid.IntRange(0, 6).Draw(t, "changes") {
					k := key.Draw(t, "key")
					if rapid.Bool().Draw(t, "delete") {
						delete(next, k)
						if err := tx.Delete([]byte(k)); err != nil {
							return err
						}
					} else {
						v := rapid.StringN(0, 5, -1).Draw(t, "value")
						next[k] = v
						if err := tx.Put([]byte(k), []byte(v)); err != nil {
							return err
						}
					}
					if err := scansLike(t, tx, next, key); err != nil {
						return err
					}
				}
				if fail {
					return errRefused
				}
				return nil
			})
			if fail != errors.Is(err, errRefused) || (!fail && err != nil) {
				t.Fatal(err)
			}
			if !fail {
				model = next
			}
			if err := e.store.View(e.ctx, func(r store.Reader) error { return scansLike(t, r, model, key) }); err != nil {
				t.Fatal(err)
			}
		})
	}},
	{"a View keeps its state while others write", func(e *env) {
		e.open()
		e.append(frame("a"))
		e.view(func(r store.Reader) error {
			e.append(frame("b"))
			e.append(frame("rows 30000 c"))
			if has, err := r.Has(frame("b").ID); has || err != nil {
				return fmt.Errorf("b is seen: %v %w", has, err)
			}
			n := 0
			err := r.Scan([]byte("id/"), nil, false, func(_, _ []byte) (bool, error) { n++; return true, nil })
			if err != nil || n != 1 {
				return fmt.Errorf("%d rows are seen: %w", n, err)
			}
			return nil
		})
	}},
	{"limits of rows are kept", func(e *env) {
		e.open()
		e.must(e.store.Derive(e.ctx, func(tx store.Tx) error {
			e.is(tx.Put(nil, nil), store.ErrTooLarge)
			e.is(tx.Put(make([]byte, 513), nil), store.ErrTooLarge)
			e.is(tx.Put([]byte("a"), make([]byte, 4<<20+1)), store.ErrTooLarge)
			return tx.Put(make([]byte, 512), make([]byte, 4<<20))
		}))
		e.view(func(r store.Reader) error {
			v, err := r.Get(make([]byte, 512))
			if err == nil && len(v) != 4<<20 {
				return fmt.Errorf("%d bytes came back", len(v))
			}
			return err
		})
	}},
	{"what is missing is ErrNotFound", func(e *env) {
		e.open()
		e.view(func(r store.Reader) error {
			_, err := r.Frame(store.ID{1})
			e.is(err, store.ErrNotFound)
			_, err = r.Get([]byte("none"))
			e.is(err, store.ErrNotFound)
			_, err = r.EntryAt(store.EntryKey{}, store.EntryKey{}, 0)
			e.is(err, store.ErrNotFound)
			return nil
		})
	}},
	{"Frames begins at a sequence and stops when told", func(e *env) {
		e.open()
		e.append(frame("a"), frame("b"), frame("c"), frame("d"))
		var got []uint64
		e.view(func(r store.Reader) error {
			return r.Frames(2, func(f store.Frame) (bool, error) {
				got = append(got, f.Seq)
				return f.Seq < 3, nil
			})
		})
		if !slices.Equal(got, []uint64{2, 3}) {
			e.Fatal(got)
		}
	}},
}

// scansLike compares gets and random scans with a model.
func scansLike(t *rapid.T, r store.Reader, model map[string]string, key *rapid.Generator[string]) error {
	k := key.Draw(t, "get")
	v, err := r.Get([]byte(k))
	if want, ok := model[k]; ok != (err == nil) || string(v) != want {
		return fmt.Errorf("row %x is %x, %w", k, v, err)
	}
	prefix := []byte(key.Draw(t, "prefix"))[:rapid.IntRange(0, 1).Draw(t, "length")]
	var from []byte
	if rapid.Bool().Draw(t, "bounded") {
		from = []byte(key.Draw(t, "from"))
	}
	reverse := rapid.Bool().Draw(t, "reverse")
	limit := rapid.IntRange(1, 20).Draw(t, "limit")
	var want, got []string
	for k := range model {
		in := bytes.HasPrefix([]byte(k), prefix)
		if from != nil {
			c := bytes.Compare([]byte(k), from)
			in = in && ((reverse && c <= 0) || (!reverse && c >= 0))
		}
		if in {
			want = append(want, k)
		}
	}
	sort.Strings(want)
	if reverse {
		slices.Reverse(want)
	}
	want = want[:min(limit, len(want))]
	err = r.Scan(prefix, from, reverse, func(k, v []byte) (bool, error) {
		got = append(got, string(k))
		if string(v) != model[string(k)] {
			return false, fmt.Errorf("a scan gives %x for %x", v, k)
		}
		return len(got) < limit, nil
	})
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("a scan of %x from %x reverse %v is %x, want %x", prefix, from, reverse, got, want)
	}
	return nil
}
