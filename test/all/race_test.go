package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWhoStartsGoroutinesIsWatched: a package with a go statement, or a call of
// a Go method (sync.WaitGroup, errgroup), is under the race detector or left out
// with a reason.
func TestWhoStartsGoroutinesIsWatched(t *testing.T) {
	root := filepath.Join("..", "..")
	watched, err := racePackages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, name := range watched {
		known[strings.TrimPrefix(name, "hejie/")] = true
	}
	found := map[string]bool{}
	for _, top := range []string{"app", "store", "sync", "test"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			if strings.HasSuffix(path, ".go") && startsGoroutines(t, path) {
				pkg, err := filepath.Rel(root, filepath.Dir(path))
				found[filepath.ToSlash(pkg)] = true
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for pkg := range found {
		if !known[pkg] && withoutRaces[pkg] == "" {
			t.Errorf("%s starts goroutines: name it in raceDetected, or in withoutRaces with the reason", pkg)
		}
	}
	for pkg := range withoutRaces {
		if !found[pkg] || known[pkg] {
			t.Errorf("%s is left out for nothing", pkg)
		}
	}
}

func startsGoroutines(t *testing.T, path string) bool {
	t.Helper()
	src, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Go" {
				found = true
			}
		}
		return !found
	})
	return found
}

// TestWhatIsPlayedInTurnIsThere: each name is a test of its package, which is under
// the race detector otherwise.
func TestWhatIsPlayedInTurnIsThere(t *testing.T) {
	watched, err := racePackages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for pkg, names := range playedInTurn {
		if !slices.Contains(watched, pkg) {
			t.Errorf("%s is not under the race detector: its tests run in turn anyway", pkg)
		}
		files, err := filepath.Glob(filepath.Join("..", "..", strings.TrimPrefix(pkg, "hejie/"), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, name := range files {
			b, err := os.ReadFile(filepath.Clean(name))
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
		for _, name := range names {
			if !strings.Contains(all.String(), "\nfunc "+name+"(") {
				t.Errorf("%s has no %s", pkg, name)
			}
		}
	}
}
