package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// step is one line of the table of what is run.
type step struct {
	name  string
	share share
	run   func(ctx context.Context) result
}

// steps are in the order in which a defect is found soonest.
func steps() []step {
	tags := fromEnv("DESKTOP_TAGS", "desktop,production,webkit2_41")
	windows := []string{"GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"}
	desktop := []string{"-tags", tags + ",window"}
	return []step{
		{"vet", shareLint, command(goRun("vet", "./..."))},
		{"vet of the window", shareLint, command(goRun(append([]string{"vet"}, append(desktop, ".", "./app/desktop/...", "./test/window/...")...)...))},
		{"Go", shareGo, goTests(goRun("test", "-json"), func(ctx context.Context) ([]string, error) {
			return packagesWithout(ctx, racePackages())
		})},
		{"Go under the race detector", shareRace, goTests(goRun("test", "-race", "-json"), func(ctx context.Context) ([]string, error) {
			return list(ctx, racePackages())
		})},
		{"lint", shareLint, command(program(lintProgram(), "run", "./..."))},
		{"interface: lint", shareLint, command(npm("frontend", "run", "lint"))},
		{"interface: types", shareLint, command(npm("frontend", "run", "typecheck"))},
		{"interface: tests", shareRest, vitest("frontend")},
		{"browser: lint", shareLint, command(npm("test/browser", "run", "lint"))},
		{"browser", shareBrowser, vitest("test/browser")},
		{"window", shareRest, goTests(goRun(append([]string{"test", "-json"}, desktop...)...), func(context.Context) ([]string, error) {
			return []string{"./test/window/..."}, nil
		})},
		{"Windows: build", shareWindows, command(goRun("build", "-o", windowsPath("hejie.exe"), ".").with(windows))},
		{"Windows: build of the window", shareWindows, command(goRun("build", "-tags", "desktop,production", "-ldflags", "-H windowsgui",
			"-o", windowsPath("hejie-desktop.exe"), ".").with(windows))},
		{"Windows: vet", shareWindows, command(goRun("vet", "./...").with(windows))},
		{"Windows: vet of the window", shareWindows, command(goRun("vet", "-tags", "desktop,production", ".", "./app/desktop/...").with(windows))},
	}
}

func fromEnv(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// racePackages are the patterns whose tests run under the race detector. A
// pattern that matches nothing yet is left out.
func racePackages() []string {
	var there []string
	for _, pattern := range strings.Fields(fromEnv("RACE_PKGS", "./store/... ./sync/... ./app/station/... ./app/api/...")) {
		if _, err := os.Stat(strings.TrimSuffix(pattern, "/...")); err == nil {
			there = append(there, pattern)
		}
	}
	return there
}

func lintProgram() string {
	return filepath.Join("build", "cache", "tools", "golangci-lint")
}

func windowsPath(name string) string {
	return filepath.Join("build", "bin", "windows", name)
}

// list gives the packages that the patterns match.
func list(ctx context.Context, patterns []string) ([]string, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	command := exec.CommandContext(ctx, goProgram(), append([]string{"list"}, patterns...)...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	return strings.Fields(string(out)), err
}

// packagesWithout gives all packages but those that the patterns match.
func packagesWithout(ctx context.Context, patterns []string) ([]string, error) {
	all, err := list(ctx, []string{"./..."})
	if err != nil {
		return nil, err
	}
	without, err := list(ctx, patterns)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, name := range without {
		out[name] = true
	}
	var rest []string
	for _, name := range all {
		if !out[name] {
			rest = append(rest, name)
		}
	}
	return rest, nil
}
