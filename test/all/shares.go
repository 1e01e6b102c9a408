package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// share is a part of the run with a budget of its own.
type share string

const (
	shareGo      share = "Go"
	shareRace    share = "race"
	shareBrowser share = "browser"
	shareLint    share = "lint"
	shareWindows share = "Windows"
	shareRest    share = "the rest"
)

// budgets are what each share may take on two idle cores. They are printed
// beside what it took and judge nothing: a machine may be slow or busy. Who adds
// a suite takes its time from another.
var budgets = []struct {
	share share
	most  time.Duration
}{
	{shareGo, 3 * time.Minute},
	{shareRace, 5 * time.Minute},
	{shareBrowser, 5 * time.Minute},
	{shareLint, 2 * time.Minute},
	{shareWindows, 90 * time.Second},
	{shareRest, 90 * time.Second},
}

// slowest is how many tests are named at the end.
const slowest = 10

// timed is how long one test took, subtests included.
type timed struct {
	name string
	took time.Duration
}

// shareTable prints what each share took beside its budget.
func shareTable(out io.Writer, took map[share]time.Duration) {
	fmt.Fprintf(out, "\n%-10s %8s %8s\n", "share", "seconds", "budget")
	for _, b := range budgets {
		over := ""
		if took[b.share] > b.most {
			over = fmt.Sprintf("  over by %.0f", (took[b.share] - b.most).Seconds())
		}
		fmt.Fprintf(out, "%-10s %8.0f %8.0f%s\n", b.share, took[b.share].Seconds(), b.most.Seconds(), over)
	}
}

// slowTable prints the tests that took longest.
func slowTable(out io.Writer, tests []timed) {
	slices.SortStableFunc(tests, func(a, b timed) int { return int(b.took - a.took) })
	if len(tests) > slowest {
		tests = tests[:slowest]
	}
	if len(tests) == 0 {
		return
	}
	fmt.Fprintf(out, "\nthe slowest tests (beside others, on a machine with other work):\n")
	for _, t := range tests {
		fmt.Fprintf(out, "%8.1f s  %s\n", t.took.Seconds(), t.name)
	}
}

// topLevel tells whether a name is a test's own and not a subtest's.
func topLevel(test string) bool { return test != "" && !strings.Contains(test, "/") }
