package samples

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

func TestTheCountyIsConsistent(t *testing.T) {
	categories, days, numbers := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, told := range County() {
		d, warnings, err := casework.ParseDocument(told.Document)
		if err != nil {
			t.Fatalf("%s: %v", told.Document, err)
		}
		for _, w := range warnings {
			if w.Code != "phone_form" { // no made-up number may be one that rings
				t.Errorf("%s: %s", d.Title, w.Code)
			}
		}
		if !slices.Contains([]string{"hewan", "qiaotou", "township"}, told.At) {
			t.Errorf("%s is told at %q", d.Title, told.At)
		}
		day := casework.BeijingDay(d.ReceivedAt)
		if day < "2026-02-01" || day > "2026-03-20" {
			t.Errorf("%s was received on %s", d.Title, day)
		}
		categories[d.Category], days[day] = true, true
		if d.ExternalID != "" && numbers[d.ExternalID] {
			t.Errorf("two cases have the number %s", d.ExternalID)
		}
		numbers[d.ExternalID] = true
		if !strings.Contains(d.Title, d.Parties[0].Name) || !strings.HasSuffix(d.Title, "纠纷") {
			t.Errorf("the title %q is not of %s", d.Title, d.Parties[0].Name)
		}
		if d.AmountFen != nil && !strings.Contains(d.Claims, yuan(*d.AmountFen/100)+"元") {
			t.Errorf("%s: the claims do not name %s", d.Title, yuan(*d.AmountFen/100))
		}
		for _, p := range d.Parties {
			if !strings.ContainsAny(p.Name, "例样") {
				t.Errorf("%s: the name %s is not marked as made up", d.Title, p.Name)
			}
			if p.Kind == "person" && !strings.Contains(d.Facts, p.Name) {
				t.Errorf("%s: the story does not tell of %s", d.Title, p.Name)
			}
		}
	}
	if len(categories) < 12 || len(days) < 20 {
		t.Errorf("%d categories, %d days", len(categories), len(days))
	}
}

// yuan writes an amount with its thousands parted.
func yuan(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s,%03d", yuan(n/1000), n%1000)
}
