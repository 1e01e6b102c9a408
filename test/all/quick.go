package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// quickSteps are for the minute between two thoughts: vet, linter and tests of
// the packages that changed since base, and of those that import them. Sweeps
// are sampled (-short), nothing runs under the race detector, and the tests that play whole programs run only
// where they were changed themselves; `make test` has them all.
func quickSteps(ctx context.Context, base string) ([]step, error) {
	files, err := changedFiles(ctx, base)
	if err != nil {
		return nil, err
	}
	packages, err := affected(ctx, files)
	if err != nil {
		return nil, err
	}
	fmt.Printf("%d files changed since %s, %d packages to try\n", len(files), base, len(packages))
	var out []step
	if len(packages) > 0 {
		out = append(out,
			step{"vet", shareLint, command(goRun("vet").and(packages...))},
			step{"Go", shareGo, goTests(goRun("test", "-short", "-json"), func(context.Context) ([]string, error) { return packages, nil })},
		)
	}
	if dirs := changedFolders(files); len(dirs) > 0 {
		out = append(out, step{"lint", shareLint, command(program(lintProgram(), "run").and(dirs...))})
	}
	if slices.ContainsFunc(files, func(f string) bool { return strings.HasPrefix(f, "frontend/") }) {
		out = append(out,
			step{"interface: types", shareLint, command(npm("frontend", "run", "typecheck"))},
			step{"interface: tests", shareRest, vitest("frontend", "--changed", base)},
		)
	}
	return out, nil
}

// changedFiles lists what differs from base, with what is not committed yet.
func changedFiles(ctx context.Context, base string) ([]string, error) {
	var files []string
	for _, args := range [][]string{{"diff", "--name-only", base}, {"ls-files", "--others", "--exclude-standard"}} {
		command := exec.CommandContext(ctx, "git", args...)
		command.Stderr = os.Stderr
		out, err := command.Output()
		if err != nil {
			return nil, fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
		}
		files = append(files, strings.Fields(string(out))...)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// changedFolders are the folders of changed Go files that are still there, as
// patterns.
func changedFolders(files []string) []string {
	var dirs []string
	for _, f := range files {
		dir := "./" + path.Dir(f)
		if !strings.HasSuffix(f, ".go") || slices.Contains(dirs, dir) {
			continue
		}
		if left, err := filepath.Glob(filepath.Join(dir, "*.go")); err == nil && len(left) > 0 {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// affected are the packages whose folder has a changed file and all that need
// them, tests' imports included.
func affected(ctx context.Context, files []string) ([]string, error) {
	command := exec.CommandContext(ctx, goProgram(), "list", "-test", "-f", `{{.ImportPath}} {{.ForTest}} {{join .Deps " "}}`, "./...")
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, errors.Join(errors.New("listing the packages"), err)
	}
	return affectedBy(string(out), files), nil
}

// affectedBy reads lines of package, the package it tests or nothing, and what
// it needs.
func affectedBy(listed string, files []string) []string {
	lines := strings.Split(strings.TrimSpace(listed), "\n")
	known := map[string]bool{}
	for _, line := range lines {
		if name, _, _ := strings.Cut(line, " "); !strings.Contains(line, "[") {
			known[name] = true
		}
	}
	changed := map[string]bool{}
	for _, f := range files {
		// What is embedded, or read by a test, lies below its package.
		for dir := path.Dir(f); ; dir = path.Dir(dir) {
			if name := path.Join("hejie", dir); known[name] {
				changed[name] = true
				break
			}
			if dir == "." {
				break
			}
		}
	}
	found := map[string]bool{}
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		name = strings.TrimSuffix(strings.TrimSuffix(name, ".test"), "_test")
		for _, word := range strings.Fields(line) {
			above := changed[word] && !strings.HasPrefix(name, "hejie/test/")
			if known[name] && (above || changed[name]) {
				found[name] = true
			}
		}
	}
	out := make([]string, 0, len(found))
	for name := range found {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
