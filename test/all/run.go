package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	i.args = append(append([]string{}, i.args...), args...)
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
func command(i invocation) func(context.Context) counts {
	return func(ctx context.Context) counts {
		command := i.command(ctx)
		command.Stdout = os.Stdout
		if err := command.Run(); err != nil {
			fmt.Printf("%v: %v\n", i.args, err)
			return counts{failed: 1}
		}
		return counts{passed: 1}
	}
}

// goTests runs `go test -json` over packages and counts its tests.
func goTests(i invocation, packages func(context.Context) ([]string, error)) func(context.Context) counts {
	return func(ctx context.Context) counts {
		names, err := packages(ctx)
		if err != nil {
			fmt.Println("listing the packages:", err)
			return counts{failed: 1}
		}
		if len(names) == 0 {
			return counts{}
		}
		command := i.and(names...).command(ctx)
		events, err := command.StdoutPipe()
		if err != nil {
			fmt.Println("go test:", err)
			return counts{failed: 1}
		}
		if err := command.Start(); err != nil {
			fmt.Println("go test:", err)
			return counts{failed: 1}
		}
		got, readErr := countGo(events, os.Stdout)
		return got.endedWith("go test", readErr, command.Wait())
	}
}

// vitest runs a folder's tests and counts them from the report.
func vitest(folder string) func(context.Context) counts {
	return func(ctx context.Context) counts {
		temp, err := os.MkdirTemp("", "hejie-vitest-")
		if err != nil {
			fmt.Println("vitest:", err)
			return counts{failed: 1}
		}
		defer os.RemoveAll(temp)
		report := filepath.Join(temp, "report.json")
		command := npm(folder, "exec", "--", "vitest", "run",
			"--reporter=default", "--reporter=json", "--outputFile.json="+report).command(ctx)
		command.Stdout = os.Stdout
		runErr := command.Run()
		got, readErr := countVitest(report)
		return got.endedWith("vitest in "+folder, readErr, runErr)
	}
}

// vitestReport is the part of vitest's JSON report that is counted.
type vitestReport struct {
	Passed  int `json:"numPassedTests"`
	Failed  int `json:"numFailedTests"`
	Pending int `json:"numPendingTests"`
	Todo    int `json:"numTodoTests"`
}

func countVitest(path string) (counts, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return counts{}, err
	}
	var report vitestReport
	if err := json.Unmarshal(raw, &report); err != nil {
		return counts{}, fmt.Errorf("%s: %w", path, err)
	}
	return counts{passed: report.Passed, failed: report.Failed, skipped: report.Pending + report.Todo}, nil
}
