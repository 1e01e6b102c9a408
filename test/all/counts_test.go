package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCountGo(t *testing.T) {
	tests := []struct {
		name   string
		events string
		want   counts
		shown  string // must be in what is printed
		hidden string // must not be
	}{
		{
			name: "passing tests are one line a package",
			events: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Elapsed":0.5}
`,
			want: counts{passed: 1}, shown: "ok  \tp\t0.500s", hidden: "chatter",
		},
		{
			name: "a test with subtests counts as its subtests",
			events: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"A/one"}
{"Action":"run","Package":"p","Test":"A/two"}
{"Action":"output","Package":"p","Test":"A/two","Output":"why it failed\n"}
{"Action":"pass","Package":"p","Test":"A/one"}
{"Action":"fail","Package":"p","Test":"A/two"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}
`,
			want: counts{passed: 1, failed: 1}, shown: "why it failed",
		},
		{
			name: "a test that failed outside of its subtests counts itself",
			events: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"A/one"}
{"Action":"pass","Package":"p","Test":"A/one"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}
`,
			want: counts{passed: 1, failed: 1},
		},
		{
			name: "the same name in two packages is two tests",
			events: `{"Action":"pass","Package":"p","Test":"A"}
{"Action":"pass","Package":"q","Test":"A"}
`,
			want: counts{passed: 2},
		},
		{
			name: "a package that does not build fails",
			events: `{"ImportPath":"p","Action":"build-output","Output":"p.go:1: no\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"fail","Package":"p","FailedBuild":"p"}
`,
			want: counts{failed: 1}, shown: "p.go:1: no",
		},
		{
			name: "a crash fails, and shows what the test said last",
			events: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"B"}
{"Action":"output","Package":"p","Test":"B","Output":"SIGSEGV\n"}
{"Action":"fail","Package":"p"}
`,
			want: counts{passed: 1, failed: 1}, shown: "SIGSEGV",
		},
		{
			name: "skipped is neither",
			events: `{"Action":"skip","Package":"p","Test":"A"}
{"Action":"pass","Package":"p"}
`,
			want: counts{skipped: 1},
		},
		{
			name:   "what is no event is shown",
			events: "pattern ./x: no such folder\n",
			shown:  "no such folder",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			got, err := countGo(strings.NewReader(test.events), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got.counts != test.want {
				t.Errorf("counted %+v, want %+v", got, test.want)
			}
			if !strings.Contains(out.String(), test.shown) {
				t.Errorf("printed %q, which lacks %q", out.String(), test.shown)
			}
			if test.hidden != "" && strings.Contains(out.String(), test.hidden) {
				t.Errorf("printed %q, which should not hold %q", out.String(), test.hidden)
			}
		})
	}
}

func TestEndedWithCountsAFailureOnce(t *testing.T) {
	failure := errors.New("exit status 1")
	if got := (counts{passed: 3}).endedWith("x", nil, failure); got != (counts{passed: 3, failed: 1}) {
		t.Errorf("a program that failed without a test: %+v", got)
	}
	if got := (counts{passed: 3, failed: 2}).endedWith("x", failure); got != (counts{passed: 3, failed: 2}) {
		t.Errorf("a program that failed with tests: %+v", got)
	}
	if got := (counts{passed: 3}).endedWith("x", nil); got != (counts{passed: 3}) {
		t.Errorf("a program that passed: %+v", got)
	}
}

func TestCountVitest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	report := `{"numTotalTests":9,"numPassedTests":5,"numFailedTests":2,"numPendingTests":1,"numTodoTests":1,"success":false,
"testResults":[{"name":"/x/print.test.ts","assertionResults":[{"fullName":"prints a sheet","duration":1250}]}]}`
	if err := os.WriteFile(path, []byte(report), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := countVitest(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := (counts{passed: 5, failed: 2, skipped: 2}); got.counts != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if len(got.tests) != 1 || got.tests[0] != (timed{"print.test.ts prints a sheet", 1250 * time.Millisecond}) {
		t.Errorf("the times read are %v", got.tests)
	}
	if _, err := countVitest(path + ".missing"); err == nil {
		t.Error("a report that is missing passed as one without failures")
	}
}
