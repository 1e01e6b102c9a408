package identity

import (
	"errors"
	"testing"

	"hejie/sync/seal"
)

func lane(n int) []ID {
	out := make([]ID, n)
	for i := range out {
		out[i] = seal.Hash("test lane", []byte{byte(i >> 8), byte(i)})
	}
	return out
}

// Every operation of a lane is proved by its pin, and no other id, number, pin
// or path passes.
func TestLaneProofs(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 8, 9, 100} {
		ids := lane(n)
		root, err := LaneRoot(ids)
		if err != nil {
			t.Fatal(err)
		}
		pin := Pin{Class: 3, Number: uint64(n), ID: ids[n-1], Root: root}
		for number := 1; number <= n; number++ {
			p, err := ProveLane(pin, ids, uint64(number))
			if err != nil {
				t.Fatalf("%d of %d: %v", number, n, err)
			}
			back, err := ParseLaneProof(p.Encode())
			if err != nil || back.ID != ids[number-1] {
				t.Fatalf("%d of %d read back: %v", number, n, err)
			}
			for name, change := range map[string]func(*LaneProof){
				"another id":     func(p *LaneProof) { p.ID[0] ^= 1 },
				"another number": func(p *LaneProof) { p.Number = p.Number%uint64(n) + 1 },
				"number 0":       func(p *LaneProof) { p.Number = 0 },
				"beyond the pin": func(p *LaneProof) { p.Number = uint64(n) + 1 },
				"another root":   func(p *LaneProof) { p.Pin.Root[0] ^= 1 },
				"a longer path":  func(p *LaneProof) { p.Path = append(p.Path, ID{1}) },
			} {
				bad := *p
				bad.Path = append([]ID(nil), p.Path...)
				change(&bad)
				if name == "another number" && n == 1 {
					continue // there is no other
				}
				if _, err := ParseLaneProof(bad.Encode()); !errors.Is(err, ErrLaneProof) {
					t.Errorf("%s, %d of %d: %v", name, number, n, err)
				}
			}
		}
	}
}

func FuzzLaneProof(f *testing.F) {
	ids := lane(5)
	root, _ := LaneRoot(ids)
	p, err := ProveLane(Pin{Class: 3, Number: 5, ID: ids[4], Root: root}, ids, 2)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(p.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ParseLaneProof(b); err == nil && p.Number > p.Pin.Number {
			t.Fatal("beyond its pin")
		}
	})
}
