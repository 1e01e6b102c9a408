package samples

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"hejie/app/casework"
)

func TestEveryDocumentIsTaken(t *testing.T) {
	for _, raw := range [][]byte{Wall(), Wages()} {
		if _, _, err := casework.ParseDocument(raw); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
	const n = 500
	m := NewVaried(1)
	bytesInAll := 0
	for i := range n {
		if i == n/2 {
			m = New(1)
		}
		raw := m.Next()
		d, _, err := casework.ParseDocument(raw)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if story := utf8.RuneCountInString(d.Facts); story < 180 || story > 400 {
			t.Errorf("a story of %d characters", story)
		}
		bytesInAll += len(raw)
	}
	// The measured workload has a mean of 1,379 bytes.
	if mean := bytesInAll / n; mean < 1200 || mean > 1600 {
		t.Errorf("a mean of %d bytes", mean)
	}
}

func TestSameSeedSameDocuments(t *testing.T) {
	a, b, c := New(7).Lines(20), New(7).Lines(20), New(8).Lines(20)
	if !bytes.Equal(a, b) || bytes.Equal(a, c) {
		t.Error("documents are no function of the seed")
	}
}
