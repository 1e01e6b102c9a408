package casework_test

import (
	"bufio"
	"os"
	"testing"

	"hejie/app/casework"
)

// TestSampleCases takes the shared sample of 2,000 cases, where it lies beside
// the project.
func TestSampleCases(t *testing.T) {
	f, err := os.Open("../../../shared/data/cases.jsonl")
	if err != nil {
		t.Log("the shared sample cases are not here; the test's own documents were used")
		return
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, casework.MaxDocument)
	n := 0
	for lines.Scan() {
		n++
		d, warnings, err := casework.ParseDocument(lines.Bytes())
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		for _, w := range warnings {
			t.Errorf("line %d: %s %s", n, w.Path, w.Code)
		}
		if n%10 != 1 {
			continue // the whole way is walked for one in ten
		}
		if view := newRecord(t, d).view(); !view.Document.Equal(d) {
			t.Fatalf("line %d: what is shown is not what was taken", n)
		}
	}
	if n != 2000 {
		t.Fatalf("%d cases", n)
	}
}
