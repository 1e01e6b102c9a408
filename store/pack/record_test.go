package pack

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"hejie/store"
)

// The key, file id and record of the vector in docs/format-packs.md.
func vectorRecord(t testing.TB) (record, []byte) {
	t.Helper()
	var key [32]byte
	var id [16]byte
	for i := range key {
		key[i] = byte(i)
	}
	for i := range id {
		id[i] = byte(0xa0 + i)
	}
	aead, err := newAEAD(key, id, infoPack)
	if err != nil {
		t.Fatal(err)
	}
	f := store.Frame{
		ID: store.ID{1, 2, 3}, Kind: store.KindOperation, Bytes: []byte("frame"),
		Local: store.Local{Arrived: 1_700_000_000_000, Token: [16]byte{15: 9}},
	}
	r := record{seq: 5, salt: [4]byte{0xde, 0xad, 0xbe, 0xef}, pos: 1, count: 2, end: 300, payload: appendFrame(nil, &f)}
	return r, appendRecord(nil, aead, r)
}

func vectorAEADOpen(t testing.TB, b []byte) (record, error) {
	t.Helper()
	var key [32]byte
	var id [16]byte
	for i := range key {
		key[i] = byte(i)
	}
	for i := range id {
		id[i] = byte(0xa0 + i)
	}
	aead, err := newAEAD(key, id, infoPack)
	if err != nil {
		t.Fatal(err)
	}
	return decodeRecord(aead, b)
}

// vector is the record as docs/format-packs.md prints it. It may never change:
// packs of every released version hold such records.
const vector = "f5484a520000004f0000000000000005deadbeef000100020000012c30e3f6e46758e0ae563d12cd78644ee6ba1370204d4876cf9ad310a0513a6761196c6a2ba824a911a8faece2653e13736b01a0d554830e19f41ffe9883ec24d459d8c5a4d4f5aadf2cf6ccdae823dbab291599"

func TestVector(t *testing.T) {
	_, b := vectorRecord(t)
	if got := hex.EncodeToString(b); got != vector {
		t.Fatalf("the record's bytes changed:\n%s", got)
	}
}

// askedVector is a frame's payload with every local field, as docs/format-packs.md prints it.
const askedVector = "0107" + "0102030000000000000000000000000000000000000000000000000000000000" + "0000018bcfe56800" +
	"0400000000000000000000000000000000000000000000000000000000000000" + "00000000000000000000000000000009" +
	"0500000000000000000000000000000000000000000000000000000000000000" + "6672616d65"

func TestVectorOfAPayload(t *testing.T) {
	f := store.Frame{
		ID: store.ID{1, 2, 3}, Kind: store.KindOperation, Bytes: []byte("frame"),
		Local: store.Local{Arrived: 1_700_000_000_000, Sender: store.ID{4}, Token: [16]byte{15: 9}, Asked: [32]byte{5}},
	}
	if got := hex.EncodeToString(appendFrame(nil, &f)); got != askedVector {
		t.Fatalf("the payload's bytes changed:\n%s", got)
	}
}

// TestDamagedRecord holds that no changed bit of a record goes unseen.
func TestDamagedRecord(t *testing.T) {
	_, b := vectorRecord(t)
	for i := range len(b) * 8 {
		c := bytes.Clone(b)
		c[i/8] ^= 1 << (i % 8)
		if _, err := vectorAEADOpen(t, c); !errors.Is(err, store.ErrDamaged) {
			t.Fatalf("bit %d: %v", i, err)
		}
	}
	for n := range b {
		if _, err := vectorAEADOpen(t, b[:n]); !errors.Is(err, store.ErrDamaged) {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
}

func TestFramePayload(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := store.Frame{
			Kind:  store.FrameKind(rapid.Byte().Draw(t, "kind")),
			Bytes: rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "bytes"),
			Local: store.Local{Arrived: rapid.Int64().Draw(t, "arrived")},
		}
		copy(f.ID[:], rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "id"))
		copy(f.Local.Sender[:], rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "sender"))
		copy(f.Local.Token[:], rapid.SliceOfN(rapid.Byte(), 0, 16).Draw(t, "token"))
		copy(f.Local.Asked[:], rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "asked"))
		got, err := decodeFrame(appendFrame(nil, &f))
		if n := len(appendFrame(nil, &f)); n != frameSize(&f) {
			t.Fatalf("%d bytes, and frameSize is %d", n, frameSize(&f))
		}
		if err != nil || got.ID != f.ID || got.Kind != f.Kind || got.Local != f.Local || !bytes.Equal(got.Bytes, f.Bytes) {
			t.Fatalf("%+v came back as %+v, %v", f, got, err)
		}
	})
}

// FuzzRecord feeds the decoder what a damaged or hostile disk may hold.
func FuzzRecord(f *testing.F) {
	_, b := vectorRecord(f)
	f.Add(b)
	f.Add(b[:recordHeader])
	f.Add(append(bytes.Clone(marker), make([]byte, 100)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := recordLength(data)
		if n < 0 || n > recordHeader+maxPayload+tagSize {
			t.Fatalf("length %d", n)
		}
		r, err := vectorAEADOpen(t, data)
		if err != nil {
			return
		}
		if want, _ := vectorRecord(t); !bytes.Equal(r.payload, want.payload) {
			t.Fatal("a record was forged")
		}
	})
}

// FuzzFrame holds that a frame's payload has one encoding.
func FuzzFrame(f *testing.F) {
	r, _ := vectorRecord(f)
	f.Add(r.payload)
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := decodeFrame(data)
		if err == nil && !bytes.Equal(appendFrame(nil, &frame), data) {
			t.Fatalf("%x has two encodings", data)
		}
	})
}

// FuzzFact holds that a fact's payload has one encoding.
func FuzzFact(f *testing.F) {
	f.Add(encodeFact(factPut, "peer/1", []byte("v")))
	f.Add(encodeFact(factDelete, "peer/1", nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		what, key, value, err := decodeFact(data)
		if err == nil && !bytes.Equal(encodeFact(what, string(key), value), data) {
			t.Fatalf("%x has two encodings", data)
		}
	})
}

// FuzzHeader holds that only a whole header of this key is taken.
func FuzzHeader(f *testing.F) {
	aead, err := newAEAD([32]byte{1}, [16]byte{2}, infoPack)
	if err != nil {
		f.Fatal(err)
	}
	good := kindPack.encodeHeader(header{number: 3, id: [16]byte{2}, first: 4, before: 5}, aead)
	f.Add(good)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := kindPack.decodeHeader(data, "p", aead); err == nil && !bytes.Equal(data[:headerSize], good) {
			t.Fatalf("%x was taken", data)
		}
	})
}
