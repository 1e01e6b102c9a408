package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	expression, packages := inTurn()
	return []step{
		{"vet", shareLint, command(goRun("vet", "./..."))},
		{"vet of the window", shareLint, command(goRun(append([]string{"vet"}, append(desktop, ".", "./app/desktop/...", "./test/window/...")...)...))},
		{"Go", shareGo, goTests(goRun("test", "-json"), packagesWithoutRace)},
		{"Go, in turn", shareGo, goTests(goRun("test", "-json", "-run", expression), func(context.Context) ([]string, error) { return packages, nil })},
		{"Go under the race detector", shareRace, goTests(goRun("test", "-race", "-json", "-skip", expression), racePackages)},
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

// packagesWithoutRace gives all packages but those under the race detector.
func packagesWithoutRace(ctx context.Context) ([]string, error) {
	all, err := list(ctx, []string{"./..."})
	if err != nil {
		return nil, err
	}
	raced, err := racePackages(ctx)
	return slices.DeleteFunc(all, func(name string) bool { return slices.Contains(raced, name) }), err
}
