package reconcile_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"hejie/store"
	"hejie/sync/reconcile"
)

// seeds are real messages of all modes, and claims beyond what they hold.
func seeds(f *testing.F) (a, b *sortedSet) {
	rnd := rand.New(rand.NewPCG(8, 8))
	a, b = twoSets(rnd, key, 400, 40, 40, false)
	salt := reconcile.Salt{1}
	for _, opts := range []reconcile.Options{{}, {ByList: true}} {
		i := reconcile.Start(salt, all, all, opts)
		for !i.Done() {
			request, err := i.Message(a)
			if err != nil {
				f.Fatal(err)
			}
			if request == nil {
				break
			}
			response, err := reconcile.Respond(b, salt, all, all, request, 1<<18)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(request)
			f.Add(response)
			if err := i.Take(a, response); err != nil {
				f.Fatal(err)
			}
		}
		wants, _ := reconcile.AppendWants(i.Differences().Need, 1<<18)
		f.Add(wants)
	}
	for mode := byte(0); mode < 9; mode++ { // a billion items of each mode
		f.Add([]byte{0xf8, 73, mode, 0x80, 0x94, 0xeb, 0xdc, 0x03})
	}
	return a, b
}

func FuzzRespond(f *testing.F) {
	_, b := seeds(f)
	f.Fuzz(func(t *testing.T, message []byte) {
		out, err := reconcile.Respond(b, reconcile.Salt{1}, all, all, message, 4096)
		if err != nil && !errors.Is(err, reconcile.ErrMalformed) {
			t.Fatal(err)
		}
		if len(out) > 4096+reconcile.ShortSize*len(b.keys)+1024 {
			t.Fatalf("%d bytes for %d", len(out), len(message))
		}
	})
}

func FuzzTake(f *testing.F) {
	a, _ := seeds(f)
	f.Fuzz(func(t *testing.T, message []byte) {
		i := reconcile.StartOpened(reconcile.Salt{1}, all, all, reconcile.Options{})
		if err := i.Take(a, message); err != nil {
			if !errors.Is(err, reconcile.ErrMalformed) && !errors.Is(err, reconcile.ErrNoEnd) {
				t.Fatal(err)
			}
			return
		}
		if _, err := i.Message(a); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzWants(f *testing.F) {
	a, _ := seeds(f)
	f.Fuzz(func(t *testing.T, message []byte) {
		wants, err := reconcile.ParseWants(message)
		if err != nil {
			if !errors.Is(err, reconcile.ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		again, n := reconcile.AppendWants(wants, 1<<30)
		parsed, err := reconcile.ParseWants(again)
		if err != nil || n != len(wants) || len(parsed) != len(wants) {
			t.Fatal(n, len(wants), err)
		}
		var last store.EntryKey
		if _, _, err := reconcile.Collect(a, reconcile.Salt{1}, wants, func(k store.EntryKey) (bool, error) {
			if string(k[:]) <= string(last[:]) {
				t.Fatal("an entry twice or out of order")
			}
			last = k
			return true, nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestABillionIsRefusedBeforeRoomIsMade(t *testing.T) {
	_, b := twoSets(rand.New(rand.NewPCG(1, 1)), key, 100, 0, 0, false)
	for mode := byte(3); mode < 7; mode++ {
		if mode == 5 {
			continue // wants of a whole range claim nothing
		}
		message := []byte{0xf8, 73, mode, 0x80, 0x94, 0xeb, 0xdc, 0x03}
		allocs := testing.AllocsPerRun(10, func() {
			if _, err := reconcile.Respond(b, reconcile.Salt{}, all, all, message, 1<<18); !errors.Is(err, reconcile.ErrMalformed) {
				t.Fatalf("mode %d: %v", mode, err)
			}
		})
		if allocs > 20 {
			t.Fatalf("mode %d allocates %v times", mode, allocs)
		}
	}
}

func TestBoundsHaveOneEncoding(t *testing.T) {
	for _, message := range [][]byte{{0xf8, 0, 0, 1}, {0x01, 0, 0}, {0xff, 73, 0, 0}} {
		if _, err := reconcile.ParseWants(message); !errors.Is(err, reconcile.ErrMalformed) {
			t.Fatalf("%x: %v", message, err)
		}
	}
}
