package dcbor

import (
	"math/rand/v2"
	"testing"
)

type pair struct {
	A uint64 `cbor:"1,keyasint"`
	B string `cbor:"2,keyasint,omitempty"`
}

type source struct{ r *rand.ChaCha8 }

func (s source) Read(p []byte) (int, error) { return s.r.Read(p) }

// About one map in sixteen bears a key that may be ignored, and every one is
// read as if it had none.
func TestGrease(t *testing.T) {
	random := source{rand.NewChaCha8([32]byte{1})}
	greased := 0
	for range 4000 {
		more, err := Grease(random)
		if err != nil {
			t.Fatal(err)
		}
		b, err := MarshalWith(pair{7, "x"}, more)
		if err != nil {
			t.Fatal(err)
		}
		var got pair
		unknown, err := UnmarshalKnown(b, &got)
		if err != nil || got != (pair{7, "x"}) || len(unknown) != 0 {
			t.Fatalf("%x: %v, %v", b, unknown, err)
		}
		for n := range more {
			greased++
			if n <= MustUnderstand || n > 227 {
				t.Fatalf("key %d", n)
			}
		}
		if back, err := UnmarshalKeys(b, &got); err != nil || len(back) != len(more) {
			t.Fatalf("%v, %v", back, err)
		}
	}
	if greased < 200 || greased > 300 {
		t.Errorf("%d of 4000", greased)
	}
	if _, err := MarshalWith(pair{7, "x"}, Keys{1: Must(1)}); err == nil {
		t.Error("a key twice")
	}
}

func TestKeysThatMustBeUnderstood(t *testing.T) {
	b, err := MarshalWith(pair{7, ""}, Keys{3: Must(0), 127: Must(0), 128: Must(0), 1 << 40: Must(0)})
	if err != nil {
		t.Fatal(err)
	}
	var got pair
	unknown, err := UnmarshalKnown(b, &got)
	if err != nil || len(unknown) != 2 || unknown[0] != 3 || unknown[1] != 127 {
		t.Errorf("%v, %v", unknown, err)
	}
}
