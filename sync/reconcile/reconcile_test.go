package reconcile_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hejie/store"
	"hejie/sync/reconcile"
)

var all store.EntryKey // both ends of everything

// failer is what testing.T, testing.B and rapid.T have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

type cost struct{ bytes, trips int }

type found struct {
	have, need []store.EntryKey
	cost
}

// run reconciles two sets and resolves what is needed into keys.
func run(t failer, a, b reconcile.Set, salt reconcile.Salt, opts reconcile.Options, limit int) found {
	t.Helper()
	i := reconcile.Start(salt, all, all, opts)
	var f found
	for !i.Done() {
		request, err := i.Message(a)
		if err != nil {
			t.Fatal(err)
		}
		if request == nil {
			break
		}
		response, err := reconcile.Respond(b, salt, all, all, request, limit)
		if err != nil {
			t.Fatal(err)
		}
		f.trips++
		f.bytes += len(request) + len(response)
		if err := i.Take(a, response); err != nil {
			t.Fatal(err)
		}
		if i.Full() {
			f.resolve(t, a, b, salt, i.Differences())
		}
	}
	f.resolve(t, a, b, salt, i.Differences())
	return f
}

func (f *found) resolve(t failer, a, b reconcile.Set, salt reconcile.Salt, d reconcile.Differences) {
	t.Helper()
	f.have = append(f.have, d.Have...)
	collect := func(set reconcile.Set, wants []reconcile.Want, into *[]store.EntryKey) {
		_, done, err := reconcile.Collect(set, salt, wants, func(k store.EntryKey) (bool, error) {
			*into = append(*into, k)
			return true, nil
		})
		if err != nil || !done {
			t.Fatal(done, err)
		}
	}
	collect(a, d.HaveAll, &f.have)
	for wants := d.Need; len(wants) > 0; {
		message, n := reconcile.AppendWants(wants, 1000)
		parsed, err := reconcile.ParseWants(message)
		if err != nil {
			t.Fatal(err)
		}
		collect(b, parsed, &f.need)
		wants = wants[n:]
	}
}

// minus are the keys of a that b has not.
func minus(a, b *sortedSet) []store.EntryKey {
	var out []store.EntryKey
	for _, k := range a.keys {
		if at := b.rank(k); at == len(b.keys) || b.keys[at] != k {
			out = append(out, k)
		}
	}
	return out
}

func sorted(keys []store.EntryKey) []store.EntryKey { return newSet(keys).keys }

func TestBothSidesLearnExactlyWhatDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		shared := rapid.SampledFrom([]int{0, 1, 5, 70, 1000, 6000}).Draw(t, "shared")
		onlyA := rapid.SampledFrom([]int{0, 1, 3, 40, 900, 5000}).Draw(t, "onlyA")
		onlyB := rapid.SampledFrom([]int{0, 1, 3, 40, 900, 5000}).Draw(t, "onlyB")
		recent := rapid.Bool().Draw(t, "recent")
		limit := rapid.SampledFrom([]int{1, 200, 4000, 1 << 18}).Draw(t, "limit")
		rnd := rand.New(rand.NewPCG(seed, 1))
		a, b := twoSets(rnd, key, shared, onlyA, onlyB, recent)
		f := run(t, a, b, reconcile.Salt{byte(seed)}, reconcile.Options{Limit: limit}, limit)
		if want := minus(a, b); !slices.Equal(sorted(f.have), want) || len(f.have) != len(want) {
			t.Fatalf("have %d of %d", len(f.have), len(want))
		}
		if want := minus(b, a); !slices.Equal(sorted(f.need), want) || len(f.need) != len(want) {
			t.Fatalf("need %d of %d", len(f.need), len(want))
		}
	})
}

func twoSets(rnd *rand.Rand, key func(*rand.Rand, uint64) store.EntryKey, shared, onlyA, onlyB int, recent bool) (a, b *sortedSet) {
	const year = 365 * 24 * 3600 * 1000
	var ka, kb []store.EntryKey
	for range shared {
		k := key(rnd, rnd.Uint64N(3*year))
		ka, kb = append(ka, k), append(kb, k)
	}
	at := func() uint64 {
		if recent {
			return 3*year + rnd.Uint64N(10_000_000)
		}
		return rnd.Uint64N(3 * year)
	}
	for range onlyA {
		ka = append(ka, key(rnd, at()))
	}
	for range onlyB {
		kb = append(kb, key(rnd, at()))
	}
	return newSet(ka), newSet(kb)
}

func TestRefusedIdsAreNotAskedForAgain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{0, 300} {
		a, b := twoSets(rnd, key, n, 0, 5000, false)
		only := minus(b, a)
		var refused []store.ID
		for _, k := range only[:20] {
			refused = append(refused, reconcile.IDOf(k))
		}
		f := run(t, a, b, reconcile.Salt{1}, reconcile.Options{Refused: refused}, 1<<18)
		if !slices.Equal(sorted(f.need), only[20:]) {
			t.Fatalf("with %d shared: asked for %d, want %d", n, len(f.need), len(only)-20)
		}
	}
}

func TestAuditFindsAForgedSumAndListsHealIt(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	a, b := twoSets(rnd, key, 600, 0, 0, false)
	// Two entries swap bytes of their ids, so that count and sum stay equal.
	forged := slices.Clone(b.keys)
	i, j := 10, 400
	forged[i][72], forged[j][72] = forged[j][72], forged[i][72]
	b = newSet(forged)
	salt := reconcile.Salt{9}
	if f := run(t, a, b, salt, reconcile.Options{}, 1<<18); len(f.have)+len(f.need) != 0 {
		t.Fatal("the forgery should hide from the sums, or this test proves nothing")
	}
	lo, hi, err := reconcile.AuditRange(a, all, all, 12345)
	if err != nil {
		t.Fatal(err)
	}
	nonce := [16]byte{1, 2, 3}
	ha, _ := reconcile.Audit(a, nonce, lo, hi)
	hb, _ := reconcile.Audit(b, nonce, lo, hi)
	if ha == hb {
		t.Fatal("the audit does not see the forgery")
	}
	f := run(t, a, b, salt, reconcile.Options{ByList: true}, 1<<18)
	if !slices.Equal(sorted(f.have), minus(a, b)) || !slices.Equal(sorted(f.need), minus(b, a)) || len(f.have) != 2 {
		t.Fatalf("lists found %d and %d", len(f.have), len(f.need))
	}
}

func TestAuditRangeIsBounded(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	a, _ := twoSets(rnd, key, 5000, 0, 0, false)
	for pick := range uint64(200) {
		lo, hi, err := reconcile.AuditRange(a, all, all, pick*7919)
		if err != nil {
			t.Fatal(err)
		}
		if fp, _ := a.Fingerprint(lo, hi); fp.Count == 0 || fp.Count > reconcile.MaxAudited {
			t.Fatalf("pick %d gives %d entries", pick, fp.Count)
		}
	}
}

func TestALiarIsLeft(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	a, b := twoSets(rnd, key, 3000, 10, 10, false)
	liars := map[string]func(request []byte, salt reconcile.Salt) []byte{
		"answers the first question for ever": func([]byte, reconcile.Salt) []byte {
			out, _ := reconcile.Open(b, reconcile.Salt{99}, all, all, 1)
			return out
		},
		"never covers anything": func([]byte, reconcile.Salt) []byte { return []byte{0xf8, 2, 1, 1, 0} },
		"says nothing":          func([]byte, reconcile.Salt) []byte { return nil },
		"salts otherwise": func(request []byte, salt reconcile.Salt) []byte {
			salt[3]++
			out, _ := reconcile.Respond(b, salt, all, all, request, 1<<18)
			return out
		},
		"has another set each time": func(request []byte, salt reconcile.Salt) []byte {
			_, other := twoSets(rnd, key, 3000, 0, 0, false)
			out, _ := reconcile.Respond(other, salt, all, all, request, 1<<18)
			return out
		},
	}
	for name, liar := range liars {
		t.Run(name, func(t *testing.T) {
			salt := reconcile.Salt{1}
			i := reconcile.Start(salt, all, all, reconcile.Options{})
			for round := 0; !i.Done(); round++ {
				if round > 200 {
					t.Fatal("still talking after 200 messages")
				}
				request, err := i.Message(a)
				if err == nil {
					err = i.Take(a, liar(request, salt))
				}
				if err != nil {
					if !errors.Is(err, reconcile.ErrMalformed) && !errors.Is(err, reconcile.ErrNoEnd) {
						t.Fatal(err)
					}
					return
				}
			}
		})
	}
}

func TestWantsGoOnWhereTheyStopped(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 6))
	a, b := twoSets(rnd, key, 500, 0, 700, false)
	salt := reconcile.Salt{4}
	i := reconcile.Start(salt, all, all, reconcile.Options{})
	for !i.Done() {
		request, _ := i.Message(a)
		if request == nil {
			break
		}
		response, _ := reconcile.Respond(b, salt, all, all, request, 1<<18)
		if err := i.Take(a, response); err != nil {
			t.Fatal(err)
		}
	}
	wants := i.Differences().Need
	var got []store.EntryKey
	for len(wants) > 0 {
		n := 0
		next, done, err := reconcile.Collect(b, salt, wants, func(k store.EntryKey) (bool, error) {
			if n == 7 {
				return false, nil
			}
			n++
			got = append(got, k)
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if done {
			break
		}
		wants = reconcile.From(wants, next)
	}
	if !slices.Equal(got, minus(b, a)) {
		t.Fatalf("got %d of %d", len(got), len(minus(b, a)))
	}
}
