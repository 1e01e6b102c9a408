// Command all runs every check of the project and counts what passed.
//
// It is for `make test`: it runs the steps one after another, shows what failed
// in full and the rest in a line, and ends with "N passed, N failed". It may
// not decide what is tested: the steps are a table. Invariant: it exits with 0
// only where no step and no test failed, and every number is counted from what
// the tools reported.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"hejie/test/process"
)

func main() {
	only := flag.String("only", "", "run only the steps whose name contains this")
	quick := flag.String("quick", "", "run only what changed since this commit and what stands on it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	failed, err := run(ctx, *only, *quick)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if failed || err != nil {
		os.Exit(1)
	}
}

// run runs the steps that were asked for; it tells whether anything failed.
func run(ctx context.Context, only, quick string) (bool, error) {
	if quick == "" {
		return sharing(ctx, func() bool { return runAll(ctx, selected(steps(), only)) })
	}
	some, err := quickSteps(ctx, quick)
	if err != nil {
		return true, err
	}
	return len(some) > 0 && runAll(ctx, selected(some, only)), nil
}

// sharing makes what the tests of a run share, runs them and removes it.
func sharing(ctx context.Context, run func() bool) (failed bool, err error) {
	dir, err := os.MkdirTemp("", "hejie-shared-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := process.Share(ctx, dir); err != nil {
		return false, fmt.Errorf("making what the tests share: %w", err)
	}
	if err := os.Setenv(process.Shared, dir); err != nil {
		return false, err
	}
	return run(), nil
}

func selected(all []step, only string) []step {
	var some []step
	for _, s := range all {
		if strings.Contains(s.name, only) {
			some = append(some, s)
		}
	}
	return some
}

// runAll runs the steps and prints the sum; it tells whether anything failed.
func runAll(ctx context.Context, all []step) bool {
	var sum counts
	var failures []string
	var tests []timed
	took := map[share]time.Duration{}
	begun := time.Now()
	for _, s := range all {
		fmt.Printf("== %s\n", s.name)
		start := time.Now()
		got := s.run(ctx)
		took[s.share] += time.Since(start)
		tests = append(tests, got.tests...)
		fmt.Printf("== %s: %d passed, %d failed (%.0f s)\n", s.name, got.passed, got.failed, time.Since(start).Seconds())
		if got.failed > 0 {
			failures = append(failures, s.name)
		}
		sum = sum.plus(got.counts)
	}
	slowTable(os.Stdout, tests)
	shareTable(os.Stdout, took)
	if len(failures) > 0 {
		fmt.Printf("\nfailed: %s\n", strings.Join(failures, ", "))
	}
	fmt.Printf("\n%.0f seconds in all, %d skipped\n", time.Since(begun).Seconds(), sum.skipped)
	fmt.Printf("%d passed, %d failed\n", sum.passed, sum.failed)
	return sum.failed > 0 || sum.passed == 0
}
