package dcbor

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

type sample struct {
	A uint64 `cbor:"1,keyasint"`
	B []byte `cbor:"2,keyasint,omitempty"`
}

func TestOnlyTheOneEncodingIsRead(t *testing.T) {
	for _, c := range []struct{ name, hex, err string }{
		{"plain", "a10105", ""},
		{"unknown key kept apart", "a20105036161", ""},
		{"a key of 2^64-1", "a201051bffffffffffffffff01", ""},
		{"the same before a smaller one", "a21bffffffffffffffff010105", "overflows"},
		{"long head", "a1011805", "deterministic"},
		{"keys out of order", "a20241000105", "deterministic"},
		{"duplicate key", "a201050106", "duplicate"},
		{"trailing byte", "a1010500", "extraneous"},
		{"indefinite", "bf0105ff", "indefinite"},
		{"tag", "c101", "tag"},
		{"float in an unknown key", "a2010503f93c00", "float"},
		{"bad text", "a201050361ff", "UTF-8"},
		{"a billion entries", "ba3b9aca00", ""},
	} {
		data, err := hex.DecodeString(c.hex)
		if err != nil {
			t.Fatal(err)
		}
		var s sample
		err = Unmarshal(data, &s)
		switch {
		case c.name == "a billion entries":
			if err == nil {
				t.Errorf("%s: read", c.name)
			}
		case c.err == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.err)
		}
	}
}

func FuzzReadBackIsWritten(f *testing.F) {
	f.Add([]byte{0xa1, 1, 5})
	f.Add(Must(map[int]any{1: "文", 2: []any{nil, true, int64(-3)}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if Check(data) != nil {
			return
		}
		var x any
		if err := Unmarshal(data, &x); err != nil {
			t.Fatalf("checked but not read: %v", err)
		}
		if again := Must(x); !bytes.Equal(again, data) {
			t.Fatalf("two encodings: %x and %x", data, again)
		}
	})
}

func TestAFieldOfAnotherFormIsRefused(t *testing.T) {
	type form struct {
		ID   [4]byte  `cbor:"1,keyasint"`
		More *[4]byte `cbor:"2,keyasint,omitempty"`
		N    uint8    `cbor:"3,keyasint,omitempty"`
	}
	for _, c := range []struct {
		name string
		data map[int]any
		ok   bool
	}{
		{"as it should be", map[int]any{1: []byte("abcd")}, true},
		{"with a later key", map[int]any{1: []byte("abcd"), 9: "later"}, true},
		{"too short", map[int]any{1: []byte("abc")}, false},
		{"too long", map[int]any{1: []byte("abcde")}, false},
		{"too short beside a later key", map[int]any{1: []byte("abc"), 9: 1}, false},
		{"an optional one too long", map[int]any{1: []byte("abcd"), 2: []byte("abcde")}, false},
		{"an optional one that is null", map[int]any{1: []byte("abcd"), 2: nil}, false},
		{"a zero that should be left out", map[int]any{1: []byte("abcd"), 3: 0}, false},
		{"a field that is missing", map[int]any{3: 1}, false},
	} {
		var f form
		if err := Unmarshal(Must(c.data), &f); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	var keys Keys
	if err := Unmarshal(Must(map[int]any{1: 2, 70: "x"}), &keys); err != nil {
		t.Errorf("a map of raw values: %v", err)
	}
}
