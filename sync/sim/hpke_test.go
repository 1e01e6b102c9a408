package sim

import (
	"bytes"
	"testing"

	"hejie/sync/seal"
)

// What a world seals opens by the standard library's HPKE, and a seed seals the
// same bytes again.
func TestSealsAsTheStandardLibraryOpens(t *testing.T) {
	key, err := seal.NewPrivateKey(New(1).Random("key"))
	if err != nil {
		t.Fatal(err)
	}
	var before []byte
	for range 2 {
		r := New(2).Random("sealer")
		sealed, err := seal.SealTo(r, key.Public(), []byte("for"), []byte("a secret"))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := key.OpenSealed([]byte("for"), sealed); err != nil || string(plain) != "a secret" {
			t.Fatalf("opened %q, %v", plain, err)
		}
		if _, err := key.OpenSealed([]byte("other"), sealed); err == nil {
			t.Error("it opens for something else")
		}
		again, err := seal.SealTo(r, key.Public(), []byte("for"), []byte("a secret"))
		if err != nil || bytes.Equal(again, sealed) {
			t.Errorf("sealed twice alike: %v", err)
		}
		if before != nil && !bytes.Equal(before, sealed) {
			t.Error("two runs of a seed seal differently")
		}
		before = sealed
	}
	if _, err := seal.SealTo(New(2).Random("sealer"), make([]byte, 7), nil, nil); err == nil {
		t.Error("sealed to no key")
	}
}
