package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// listed is the part of `go list -json` that the rules look at.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string

	TestGoFiles, XTestGoFiles []string

	Imports []string
	Deps    []string
}

// rule forbids the packages of one folder to use others.
type rule struct {
	from   string   // packages of this folder and below it,
	except string   // but for those of this folder if not empty,
	not    []string // may not use these and what is below them
	why    string
}

// rules are the layers of ARCHITECTURE.md. They hold for what is imported
// through other packages as well.
var rules = []rule{
	{
		from: "hejie/store", not: []string{"hejie/sync", "hejie/app", "hejie/frontend"},
		why: "the store knows bytes and keys, not operations or cases",
	},
	{
		from: "hejie/sync", not: []string{"hejie/app", "hejie/frontend"},
		why: "sync knows operations and records, not mediation",
	},
	{
		from: "hejie/app/casework",
		not: []string{
			"hejie/app/api", "hejie/app/cli", "hejie/app/desktop", "hejie/app/station", "hejie/frontend",
			"hejie/store/pack", "hejie/store/badger", "hejie/store/mem", "net/http",
		},
		why: "casework is pure and below the rest of app",
	},
	{
		from: "hejie/app/register",
		not: []string{
			"hejie/app/api", "hejie/app/cli", "hejie/app/desktop", "hejie/app/station", "hejie/frontend",
			"hejie/store/pack", "hejie/store/badger", "hejie/store/mem", "net/http",
		},
		why: "the register's rules are pure, as casework's are",
	},
	{
		from: "hejie/app/tables",
		not: []string{
			"hejie/app/api", "hejie/app/casework", "hejie/app/cli", "hejie/app/desktop", "hejie/app/station",
			"hejie/sync", "hejie/store", "hejie/frontend", "os/exec", "net/http",
		},
		why: "tables are pure data and counting, below casework; they know no cases",
	},
	{
		from: "hejie/app/station", not: []string{"hejie/app/cli", "hejie/app/desktop", "hejie/frontend", "github.com/spf13/cobra"},
		why: "the front doors stand on the station, not under it",
	},
	{
		from: "hejie/app/api", not: []string{"hejie/app/station", "hejie/app/cli", "hejie/app/desktop", "github.com/spf13/cobra"},
		why: "the API names what it needs of a station (api.Station), which the station is; it knows no front door",
	},
	{
		from: "hejie", except: "hejie/app/desktop", not: []string{"github.com/wailsapp"},
		why: "only the window knows the window library, and hejie itself needs no C",
	},
}

// directRules hold for direct imports only: using the thing through another
// package is what that package is there for.
var directRules = []rule{
	{
		from: "hejie/app/casework", not: []string{"os", "net", "crypto/rand", "math/rand"},
		why: "casework is pure: what it needs of the world it is given",
	},
	{
		from: "hejie/app/register", not: []string{"os", "net", "crypto/rand", "math/rand"},
		why: "the register's rules are pure: what they need of the world they are given",
	},
	{
		from: "hejie/sync/crdt", not: []string{"os", "net", "time", "crypto/rand", "math/rand"},
		why: "merging is pure and needs no clock",
	},
	{
		from: "hejie/sync/reconcile", not: []string{"os", "net", "github.com/libp2p"},
		why: "reconciliation knows no transport",
	},
	{
		from: "hejie/sync/exchange", not: []string{"os", "net", "github.com/libp2p"},
		why: "an exchange is a state machine without sockets",
	},
	{
		from: "hejie/sync", not: []string{"hejie/store/pack", "hejie/store/badger"},
		why: "sync works over any store; app/station chooses the engine",
	},
	{
		from: "hejie/app/station", not: []string{"net/http", "github.com/danielgtaylor/huma"},
		why: "the station's use cases know no HTTP",
	},
	{
		from: "hejie/app/api", not: []string{"hejie/store/pack", "hejie/store/badger", "hejie/sync/exchange", "hejie/sync/reconcile"},
		why: "the API works over the station's use cases",
	},
	{
		from: "hejie", except: "hejie/store/badger", not: []string{"github.com/dgraph-io"},
		why: "only store/badger knows the engine",
	},
}

func TestLayers(t *testing.T) {
	packages := listPackages(t)
	for _, p := range packages {
		if generator(p.ImportPath) {
			continue
		}
		for _, r := range rules {
			for _, dep := range p.Deps {
				if r.forbids(p.ImportPath, dep) {
					t.Errorf("%s uses %s: %s", p.ImportPath, dep, r.why)
				}
			}
		}
		for _, r := range directRules {
			for _, dep := range p.Imports {
				if r.forbids(p.ImportPath, dep) {
					t.Errorf("%s imports %s: %s", p.ImportPath, dep, r.why)
				}
			}
		}
	}
}

// TestRulesForbid proves that the rules above can fail.
func TestRulesForbid(t *testing.T) {
	r := rule{from: "hejie/a", except: "hejie/a/free", not: []string{"hejie/b", "net"}}
	tests := []struct {
		from, to string
		want     bool
	}{
		{"hejie/a", "hejie/b", true},
		{"hejie/a/x", "hejie/b/y", true},
		{"hejie/a", "net", true},
		{"hejie/a", "net/http", true},
		{"hejie/a", "network", false},
		{"hejie/a", "hejie/bc", false},
		{"hejie/ab", "hejie/b", false},
		{"hejie/c", "hejie/b", false},
		{"hejie/a/free", "hejie/b", false},
		{"hejie/a/free/x", "hejie/b", false},
	}
	for _, test := range tests {
		if got := r.forbids(test.from, test.to); got != test.want {
			t.Errorf("forbids(%s, %s) = %v, want %v", test.from, test.to, got, test.want)
		}
	}
}

// least are the fewest characters that can say what a package is for, what it
// may not do and its invariant.
const least = 100

func TestEveryPackageIsDocumented(t *testing.T) {
	for _, p := range listPackages(t) {
		if len(p.GoFiles) == 0 {
			continue // tests only
		}
		if doc := packageDoc(t, p); len(doc) < least {
			t.Errorf("%s: the package comment is %q: say what it is for, what it may not do and its invariant", p.ImportPath, doc)
		}
		if path.Base(p.ImportPath) == "util" {
			t.Errorf("%s: no package is called util", p.ImportPath)
		}
	}
}

func (r rule) forbids(from, to string) bool {
	if !within(from, r.from) || r.except != "" && within(from, r.except) {
		return false
	}
	for _, n := range r.not {
		if within(to, n) {
			return true
		}
	}
	return false
}

// generator tells of a program that writes source files at a developer's desk
// (go generate) and is no part of Hejie.
func generator(name string) bool {
	return path.Base(name) == "gen"
}

// suite tells of a package of tests that several packages run (storetest).
func suite(name string) bool {
	return strings.HasSuffix(path.Base(name), "test")
}

func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

// listPackages gives the packages of this module.
func listPackages(t *testing.T) []listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Imports,Deps", "./...")
	var problems strings.Builder
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	var all []listed
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list found %d packages; run from the root of the project", len(all))
	}
	return all
}
