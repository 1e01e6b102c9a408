package seal

import (
	"bytes"
	"errors"
	"testing"

	"hejie/store"
)

// A chunk opens at its own place and end only: none can be moved, and an
// attachment can't be cut short at a chunk's border.
func TestAChunkOpensAtItsPlaceOnly(t *testing.T) {
	k := newKey(t)
	whole, end := bytes.Repeat([]byte{7}, ChunkSize), []byte("end")
	first, err := k.SealChunk(0, false, whole)
	if err != nil {
		t.Fatal(err)
	}
	last, err := k.SealChunk(1, true, end)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.OpenChunk(0, false, first); err != nil || !bytes.Equal(got, whole) {
		t.Fatal(err)
	}
	if got, err := k.OpenChunk(1, true, last); err != nil || !bytes.Equal(got, end) {
		t.Fatal(err)
	}
	for name, try := range map[string]func() error{
		"another place": func() error { _, err := k.OpenChunk(1, false, first); return err },
		"as the last":   func() error { _, err := k.OpenChunk(0, true, first); return err },
		"another key":   func() error { _, err := newKey(t).OpenChunk(1, true, last); return err },
	} {
		if err := try(); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, try := range map[string]func() error{
		"a short one that is not the last": func() error { _, err := k.OpenChunk(1, false, last); return err },
		"nothing":                          func() error { _, err := k.SealChunk(0, true, nil); return err },
		"a byte too many":                  func() error { _, err := k.SealChunk(0, true, append(whole, 0)); return err },
		"beyond the list's bound":          func() error { _, err := k.SealChunk(MaxChunks, true, end); return err },
	} {
		if err := try(); !errors.Is(err, ErrPiece) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAListIsWhatItsOperationNames(t *testing.T) {
	ids := []store.ID{{1}, {2}, {3}}
	b, err := ChunkList(ids)
	if err != nil {
		t.Fatal(err)
	}
	id := PieceID(b)
	got, err := ParseChunkList(b, id, 3, 2*ChunkSize+1)
	if err != nil || len(got) != 3 || got[2] != ids[2] {
		t.Fatalf("%v, %v", got, err)
	}
	for name, try := range map[string]func() error{
		"another id":     func() error { _, err := ParseChunkList(b, store.ID{}, 3, 3*ChunkSize); return err },
		"two chunks":     func() error { _, err := ParseChunkList(b, id, 2, 2*ChunkSize); return err },
		"too many bytes": func() error { _, err := ParseChunkList(b, id, 3, 3*ChunkSize+1); return err },
		"too few bytes":  func() error { _, err := ParseChunkList(b, id, 3, 2*ChunkSize); return err },
		"a byte more": func() error {
			_, err := ParseChunkList(append(b, 0), PieceID(append(b, 0)), 3, 3*ChunkSize)
			return err
		},
		"no chunk":          func() error { _, err := ParseChunkList(nil, PieceID(nil), 0, 0); return err },
		"a product of 2^64": func() error { _, err := ParseChunkList(nil, PieceID(nil), 1<<59, ChunkSize); return err },
		"no list of none":   func() error { _, err := ChunkList(nil); return err },
		"a list too long":   func() error { _, err := ChunkList(make([]store.ID, MaxChunks+1)); return err },
	} {
		if err := try(); !errors.Is(err, ErrPiece) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseChunkList(f *testing.F) {
	f.Add(make([]byte, 64), uint64(2), uint64(ChunkSize+1))
	f.Fuzz(func(t *testing.T, b []byte, chunks, size uint64) {
		ids, err := ParseChunkList(b, PieceID(b), chunks, size)
		if err != nil {
			return
		}
		if again, err := ChunkList(ids); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%d ids make another list: %v", len(ids), err)
		}
	})
}
