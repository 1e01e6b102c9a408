package entryset_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"

	"hejie/store"
	"hejie/store/entryset"
	"hejie/store/rows"
)

// empty is a state without rows; all lies in the overlay.
type empty struct{}

func (empty) Get([]byte) ([]byte, error) { return nil, rows.ErrNotFound }

func (empty) Scan(_, _ []byte, _ bool, _ func(_, _ []byte) (bool, error)) error { return nil }

var nodes, entries = []byte{4}, []byte{5}

func entry(n int) store.EntryKey {
	var e store.EntryKey
	e[0] = 1
	e[2] = byte(n % 5)
	binary.BigEndian.PutUint64(e[33:], uint64(n)<<18)
	id := sha256.Sum256(fmt.Append(nil, n))
	copy(e[41:], id[:])
	return e
}

func filled(t testing.TB, n int) *rows.Overlay {
	t.Helper()
	o := rows.NewOverlay(empty{})
	s := entryset.Writing(o, nodes, entries)
	for i := range n {
		if err := s.Enter(entry(i)); err != nil {
			t.Fatal(err)
		}
	}
	s.Flush()
	return o
}

// TestCheck holds that a wrong, a missing and a left-over node are found each.
func TestCheck(t *testing.T) {
	o := filled(t, 700)
	type row struct{ key, value []byte }
	var all []row
	if err := o.Scan(nodes, nil, false, func(k, v []byte) (bool, error) {
		all = append(all, row{append([]byte(nil), k...), append([]byte(nil), v...)})
		return true, nil
	}); err != nil {
		t.Fatal(err)
	}
	found := func() (n int) {
		if err := entryset.Reading(o, nodes, entries).Check(func([]byte, string) { n++ }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := found(); n != 0 || len(all) < 15 {
		t.Fatalf("%d faults in %d sound nodes", n, len(all))
	}
	for _, r := range all {
		o.Delete(r.key)
		if found() == 0 {
			t.Errorf("node %x is missing and that is not found", r.key)
		}
		for _, at := range []int{8, 40} {
			wrong := append([]byte(nil), r.value...)
			wrong[at]++
			o.Put(r.key, wrong)
			if found() == 0 {
				t.Errorf("node %x is wrong at %d and that is not found", r.key, at)
			}
		}
		o.Put(r.key, r.value)
	}
	left := append(append([]byte{}, nodes...), 1)
	o.Put(append(left, make([]byte, 17)...), all[0].value)
	if found() == 0 {
		t.Error("a left-over node is not found")
	}
}

// TestEmptied holds that a set that all left has no rows.
func TestEmptied(t *testing.T) {
	o := filled(t, 500)
	s := entryset.Writing(o, nodes, entries)
	for i := range 500 {
		if err := s.Leave(entry(i)); err != nil {
			t.Fatal(err)
		}
	}
	s.Flush()
	if err := o.Scan(nil, nil, false, func(k, _ []byte) (bool, error) {
		return false, fmt.Errorf("row %x is left", k)
	}); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkFingerprint sums ranges that begin and end anywhere.
func BenchmarkFingerprint(b *testing.B) {
	const n = 200_000
	o := filled(b, n)
	s := entryset.Reading(o, nodes, entries)
	i := 0
	for b.Loop() {
		i++
		if _, err := s.Fingerprint(entry(i*7919%n), entry(i*104729%n)); err != nil {
			b.Fatal(err)
		}
	}
}
