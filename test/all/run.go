package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// invocation is a program to run: where, with what arguments and environment.
type invocation struct {
	folder string
	args   []string
	env    []string
}

func program(args ...string) invocation { return invocation{args: args} }

func goProgram() string { return fromEnv("GO", "go") }

func goRun(args ...string) invocation { return program(append([]string{goProgram()}, args...)...) }

func npm(folder string, args ...string) invocation {
	return invocation{folder: folder, args: append([]string{fromEnv("NPM", "npm"), "--silent"}, args...)}
}

// with adds to the environment.
func (i invocation) with(env []string) invocation {
	i.env = append(i.env, env...)
	return i
}

func (i invocation) and(args ...string) invocation {
	i.args = slices.Concat(i.args, args)
	return i
}

func (i invocation) command(ctx context.Context) *exec.Cmd {
	command := exec.CommandContext(ctx, i.args[0], i.args[1:]...)
	command.Dir = i.folder
	command.Env = append(os.Environ(), i.env...)
	command.Stderr = os.Stderr
	return command
}

// command runs a program that passes or fails as a whole.
func command(i invocation) func(context.Context) result {
	return func(ctx context.Context) result {
		command := i.command(ctx)
		command.Stdout = os.Stdout
		if err := command.Run(); err != nil {
			fmt.Printf("%v: %v\n", i.args, err)
			return failed()
		}
		return result{counts: counts{passed: 1}}
	}
}

// goTests runs `go test -json` over packages and counts its tests.
func goTests(i invocation, packages func(context.Context) ([]string, error)) func(context.Context) result {
	return func(ctx context.Context) result {
		names, err := packages(ctx)
		if err != nil {
			fmt.Println("listing the packages:", err)
			return failed()
		}
		if len(names) == 0 {
			return result{}
		}
		command := i.and(names...).command(ctx)
		events, err := command.StdoutPipe()
		if err != nil {
			fmt.Println("go test:", err)
			return failed()
		}
		if err := command.Start(); err != nil {
			fmt.Println("go test:", err)
			return failed()
		}
		got, readErr := countGo(events, os.Stdout)
		got.counts = got.endedWith("go test", readErr, command.Wait())
		return got
	}
}

// vitest runs a folder's tests and counts them from the report.
func vitest(folder string, args ...string) func(context.Context) result {
	return func(ctx context.Context) result {
		temp, err := os.MkdirTemp("", "hejie-vitest-")
		if err != nil {
			fmt.Println("vitest:", err)
			return failed()
		}
		defer os.RemoveAll(temp)
		report := filepath.Join(temp, "report.json")
		command := npm(folder, "exec", "--", "vitest", "run",
			"--reporter=default", "--reporter=json", "--outputFile.json="+report).and(args...).command(ctx)
		command.Stdout = os.Stdout
		runErr := command.Run()
		got, readErr := countVitest(report)
		got.counts = got.endedWith("vitest in "+folder, readErr, runErr)
		return got
	}
}

// vitestReport is the part of vitest's JSON report that is counted. Times are in
// milliseconds.
type vitestReport struct {
	Passed  int `json:"numPassedTests"`
	Failed  int `json:"numFailedTests"`
	Pending int `json:"numPendingTests"`
	Todo    int `json:"numTodoTests"`
	Files   []struct {
		Name  string `json:"name"`
		Tests []struct {
			Name string  `json:"fullName"`
			Took float64 `json:"duration"`
		} `json:"assertionResults"`
	} `json:"testResults"`
}

func countVitest(path string) (result, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return result{}, err
	}
	var report vitestReport
	if err := json.Unmarshal(raw, &report); err != nil {
		return result{}, fmt.Errorf("%s: %w", path, err)
	}
	got := result{counts: counts{passed: report.Passed, failed: report.Failed, skipped: report.Pending + report.Todo}}
	for _, f := range report.Files {
		for _, t := range f.Tests {
			got.tests = append(got.tests, timed{filepath.Base(f.Name) + " " + t.Name, time.Duration(t.Took * float64(time.Millisecond))})
		}
	}
	return got, nil
}
