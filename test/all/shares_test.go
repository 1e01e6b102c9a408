package main

import (
	"strings"
	"testing"
	"time"
)

func TestEveryStepHasABudget(t *testing.T) {
	known := map[share]bool{}
	for _, b := range budgets {
		known[b.share] = true
	}
	for _, s := range steps() {
		if !known[s.share] {
			t.Errorf("the step %q counts for %q, which has no budget", s.name, s.share)
		}
	}
}

func TestWhatIsOverItsBudgetSaysSo(t *testing.T) {
	var out strings.Builder
	shareTable(&out, map[share]time.Duration{shareGo: 200 * time.Second, shareLint: 30 * time.Second})
	if got := out.String(); !strings.Contains(got, "over by 20") || strings.Count(got, "over") != 1 {
		t.Errorf("printed\n%s", got)
	}
}

func TestTheSlowestAreNamed(t *testing.T) {
	events := `{"Action":"pass","Package":"hejie/p","Test":"A","Elapsed":1.5}
{"Action":"pass","Package":"hejie/p","Test":"B/sub","Elapsed":2.5}
{"Action":"pass","Package":"hejie/p","Test":"B","Elapsed":3}
{"Action":"pass","Package":"hejie/p"}
`
	got, err := countGo(strings.NewReader(events), &strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	slowTable(&out, got.tests)
	slow := out.String()
	if b, a := strings.Index(slow, "3.0 s  p B"), strings.Index(slow, "1.5 s  p A"); b < 0 || a < b || strings.Contains(slow, "sub") {
		t.Errorf("printed\n%s", slow)
	}
}
