package casework_test

import (
	"testing"

	"hejie/app/casework"
	"hejie/app/samples"
)

// TestSampleCases takes documents of every kind and shape that the samples
// make: all are read without an unforeseen warning, and what is shown is what was taken.
func TestSampleCases(t *testing.T) {
	made := samples.NewVaried(11)
	for n := range 2000 {
		raw := made.Next()
		d, warnings, err := casework.ParseDocument(raw)
		if err != nil {
			t.Fatalf("document %d: %v\n%s", n, err, raw)
		}
		for _, w := range warnings {
			if w.Code != "phone_form" { // the samples' telephones can be nobody's
				t.Fatalf("document %d: %s %s", n, w.Path, w.Code)
			}
		}
		if n%10 != 0 {
			continue // the whole way is walked for one in ten
		}
		if view := newRecord(t, d).view(); !view.Document.Equal(d) {
			t.Fatalf("document %d: what is shown is not what was taken", n)
		}
	}
}
