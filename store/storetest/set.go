package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"sort"

	"pgregory.net/rapid"

	"hejie/store"
)

var setTests = []test{
	{"the ordered set follows a naive one", func(e *env) {
		e.open()
		model := map[store.EntryKey]bool{}
		rapid.Check(e.T, func(t *rapid.T) {
			err := e.store.Derive(e.ctx, func(tx store.Tx) error {
				if err := changeSet(t, tx, model); err != nil {
					return err
				}
				return setLike(t, tx, model)
			})
			if err == nil {
				err = e.store.View(e.ctx, func(r store.Reader) error { return setLike(t, r, model) })
			}
			if err != nil {
				t.Fatal(err)
			}
		})
		damaged, err := e.store.Verify(e.ctx)
		if err != nil || len(damaged.Bad) > 0 {
			e.Fatalf("%v %v", damaged, err)
		}
	}},
	{"sums are modulo 2^256", func(e *env) {
		e.open()
		var a, b store.EntryKey
		for i := 41; i < len(a); i++ {
			a[i], b[i] = 0xff, 0xff
		}
		b[0] = 1
		e.must(e.store.Derive(e.ctx, func(tx store.Tx) error { return errors.Join(tx.Enter(a), tx.Enter(b), tx.Enter(a)) }))
		e.view(func(r store.Reader) error {
			f, err := r.Fingerprint(store.EntryKey{}, store.EntryKey{})
			want := [32]byte{31: 0xfe}
			for i := range 31 {
				want[i] = 0xff
			}
			if err == nil && (f.Count != 2 || f.Sum != want) {
				return fmt.Errorf("%d %x", f.Count, f.Sum)
			}
			return err
		})
	}},
}

// drawEntry draws keys that share long beginnings, so that nodes of all levels
// are split.
func drawEntry(t *rapid.T) store.EntryKey {
	var e store.EntryKey
	small := rapid.SampledFrom([]byte{0, 1, 0xff})
	for _, i := range []int{0, 16, 32, 34, 35, 36, 37, 40, 41, 42} {
		e[i] = small.Draw(t, "byte")
	}
	e[72] = rapid.Byte().Draw(t, "last")
	return e
}

func changeSet(t *rapid.T, tx store.Tx, model map[store.EntryKey]bool) error {
	base := drawEntry(t)
	for range rapid.IntRange(1, 60).Draw(t, "changes") {
		k := drawEntry(t)
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0:
			k = base
		case 1: // a run under one prefix
			k = base
			k[72], k[71] = rapid.Byte().Draw(t, "run"), rapid.Byte().Draw(t, "run")
		case 2: // one that is there leaves
			for _, have := range sorted(model) {
				k = have
				break
			}
			delete(model, k)
			if err := tx.Leave(k); err != nil {
				return err
			}
			continue
		}
		if rapid.IntRange(0, 4).Draw(t, "leave") == 0 {
			delete(model, k)
			if err := tx.Leave(k); err != nil {
				return err
			}
			continue
		}
		model[k] = true
		if err := tx.Enter(k); err != nil {
			return err
		}
	}
	return nil
}

func sorted(model map[store.EntryKey]bool) []store.EntryKey {
	out := make([]store.EntryKey, 0, len(model))
	for k := range model {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return bytes.Compare(out[i][:], out[j][:]) < 0 })
	return out
}

// setLike compares random ranges with the naive set.
func setLike(t *rapid.T, r store.Reader, model map[store.EntryKey]bool) error {
	all := sorted(model)
	for range 4 {
		lo, hi := drawEntry(t), drawEntry(t)
		switch rapid.IntRange(0, 4).Draw(t, "range") {
		case 0:
			lo, hi = store.EntryKey{}, store.EntryKey{}
		case 1:
			clear(lo[17:])
			hi = store.EntryKey{}
		case 2: // ends that are entries
			if len(all) > 0 {
				lo = all[rapid.IntRange(0, len(all)-1).Draw(t, "lo")]
				hi = all[rapid.IntRange(0, len(all)-1).Draw(t, "hi")]
			}
		case 3: // a whole prefix
			clear(lo[33:])
			hi = lo
			hi[32]++
		}
		var want []store.EntryKey
		sum := new(big.Int)
		for _, k := range all {
			if bytes.Compare(k[:], lo[:]) >= 0 && (hi == (store.EntryKey{}) || bytes.Compare(k[:], hi[:]) < 0) {
				want = append(want, k)
				sum.Add(sum, new(big.Int).SetBytes(k[41:]))
			}
		}
		sum.And(sum, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1)))
		f, err := r.Fingerprint(lo, hi)
		if err != nil {
			return err
		}
		if f.Count != uint64(len(want)) || new(big.Int).SetBytes(f.Sum[:]).Cmp(sum) != 0 {
			return fmt.Errorf("fingerprint %x to %x: %d, want %d", lo, hi, f.Count, len(want))
		}
		i := 0
		if err := r.Entries(lo, hi, func(k store.EntryKey) (bool, error) {
			if i >= len(want) || k != want[i] {
				return false, fmt.Errorf("entry %d is %x", i, k)
			}
			i++
			return true, nil
		}); err != nil {
			return err
		}
		if i != len(want) {
			return fmt.Errorf("%d entries, want %d", i, len(want))
		}
		n := rapid.IntRange(0, len(want)).Draw(t, "n")
		k, err := r.EntryAt(lo, hi, uint64(n))
		if n == len(want) {
			if !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("EntryAt beyond the end: %w", err)
			}
		} else if err != nil || k != want[n] {
			return fmt.Errorf("EntryAt %d is %x, want %x: %w", n, k, want[n], err)
		}
	}
	return nil
}
