package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
)

// counts are how tests ended.
type counts struct{ passed, failed, skipped int }

func (c counts) plus(other counts) counts {
	return counts{c.passed + other.passed, c.failed + other.failed, c.skipped + other.skipped}
}

// result is what a step gave: how many tests ended how, and how long each took.
type result struct {
	counts
	tests []timed
}

// failed is a step that could not do its work.
func failed() result { return result{counts: counts{failed: 1}} }

// endedWith makes sure that a program which failed without naming a test (it
// did not build, it crashed, its report is missing) counts as a failure.
func (c counts) endedWith(what string, errs ...error) counts {
	err := errors.Join(errs...)
	if err == nil {
		return c
	}
	fmt.Printf("%s: %v\n", what, err)
	if c.failed == 0 {
		c.failed = 1
	}
	return c
}

// event is a line of `go test -json` (see `go doc test2json`).
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
	Elapsed    float64
}

type testName struct{ pkg, test string }

// tally follows the events of one `go test -json`.
type tally struct {
	out     io.Writer
	output  map[testName][]string // of tests that are running, and of packages under the empty test
	parents map[testName]bool     // tests with subtests: the subtests are counted
	ended   map[testName]string   // test -> pass, fail or skip
	broken  int                   // packages that failed without a failed test
	took    []timed               // tests that are no subtests
}

// countGo reads the events, prints one line a package and the output of what
// failed, and counts the tests. A test with subtests counts as its subtests,
// unless it failed and none of them did.
func countGo(events io.Reader, out io.Writer) (result, error) {
	t := &tally{out: out, output: map[testName][]string{}, parents: map[testName]bool{}, ended: map[testName]string{}}
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			t.line(line)
		}
		if errors.Is(err, io.EOF) {
			return result{t.counts(), t.took}, nil
		}
		if err != nil {
			return result{t.counts(), t.took}, err
		}
	}
}

func (t *tally) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		// Not an event: what go itself says, for the person to read.
		fmt.Fprint(t.out, line)
		return
	}
	name := testName{e.Package, e.Test}
	switch e.Action {
	case "run":
		if cut := strings.LastIndex(e.Test, "/"); cut >= 0 {
			t.parents[testName{e.Package, e.Test[:cut]}] = true
		}
	case "output":
		t.output[name] = append(t.output[name], e.Output)
	case "build-output":
		fmt.Fprint(t.out, e.Output)
	case "pass", "fail", "skip":
		t.end(name, e)
	}
}

func (t *tally) end(name testName, e event) {
	if e.Test != "" {
		t.ended[name] = e.Action
		if topLevel(e.Test) {
			t.took = append(t.took, timed{strings.TrimPrefix(e.Package, "hejie/") + " " + e.Test, time.Duration(e.Elapsed * float64(time.Second))})
		}
		if e.Action == "fail" {
			fmt.Fprint(t.out, strings.Join(t.output[name], ""))
		}
		delete(t.output, name)
		return
	}
	switch e.Action {
	case "pass":
		fmt.Fprintf(t.out, "ok  \t%s\t%.3fs\n", e.Package, e.Elapsed)
	case "fail":
		fmt.Fprint(t.out, strings.Join(t.output[name], ""))
		if t.unfinished(e.Package) || !t.anyFailed(e.Package) {
			t.broken++
		}
	}
	delete(t.output, name)
}

func (t *tally) anyFailed(pkg string) bool {
	for name, how := range t.ended {
		if name.pkg == pkg && how == "fail" {
			return true
		}
	}
	return false
}

// unfinished prints the output of tests that a crash cut short and tells
// whether there were any.
func (t *tally) unfinished(pkg string) bool {
	var names []testName
	for name := range t.output {
		if name.pkg == pkg && name.test != "" {
			names = append(names, name)
		}
	}
	sort.Slice(names, func(i, j int) bool { return names[i].test < names[j].test })
	for _, name := range names {
		fmt.Fprint(t.out, strings.Join(t.output[name], ""))
		delete(t.output, name)
	}
	return len(names) > 0
}

func (t *tally) counts() counts {
	got := counts{failed: t.broken}
	for name, how := range t.ended {
		if t.parents[name] && (how != "fail" || t.childFailed(name)) {
			continue
		}
		switch how {
		case "pass":
			got.passed++
		case "fail":
			got.failed++
		case "skip":
			got.skipped++
		}
	}
	return got
}

func (t *tally) childFailed(parent testName) bool {
	for name, how := range t.ended {
		if how == "fail" && name.pkg == parent.pkg && strings.HasPrefix(name.test, parent.test+"/") {
			return true
		}
	}
	return false
}
