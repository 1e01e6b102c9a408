package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// worldly are the functions through which code reaches the machine's clock,
// randomness, files and environment. Behind small interfaces (hejie/store/host)
// they can be replaced, so that whole nodes run inside a simulator. An empty
// list means every function and type of the package.
var worldly = map[string][]string{
	"time":        {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
	"crypto/rand": nil,
	"math/rand":   nil,
	// Its global functions only: a generator made from a seed is deterministic.
	"math/rand/v2": {
		"Int", "IntN", "Int32", "Int32N", "Int64", "Int64N", "Uint", "UintN", "Uint32", "Uint32N", "Uint64", "Uint64N",
		"Float32", "Float64", "NormFloat64", "ExpFloat64", "Perm", "Shuffle", "N",
	},
	"io/ioutil": nil,
	"os/exec":   nil,
	"os": {
		"Open", "OpenFile", "OpenRoot", "OpenInRoot", "Create", "CreateTemp", "ReadFile", "WriteFile", "ReadDir", "Rename",
		"Remove", "RemoveAll", "Mkdir", "MkdirAll", "MkdirTemp", "Stat", "Lstat", "Truncate", "Chmod", "Chtimes", "Link",
		"Symlink", "DirFS", "CopyFS", "TempDir", "Getenv", "LookupEnv", "Environ", "Getwd", "UserHomeDir", "Hostname",
	},
}

// allowed are the folders that may reach the machine, with the reason.
var allowed = []struct{ folder, why string }{
	{".", "main picks the front door and hands over the arguments"},
	{"app/cli", "a front door: reads the files and environment that a person names"},
	{"app/desktop", "a front door: reads and writes the files that a person chose"},
	{"test/", "test programs run real binaries in the real world"},
}

// allowedIn are single exceptions: a folder, a package and the reason.
var allowedIn = []struct{ folder, pkg, why string }{
	{"store/host", "time", "it is the interface to the machine's clock"},
	{"store/host", "crypto/rand", "it is the interface to the machine's randomness"},
	{"store/host", "os", "it is the interface to the machine's files"},
	{"store/badger", "os", "the engine's own files, which Badger keeps on the machine's disk whatever FS the store has; no simulator runs it"},
	{"store/badger", "os/exec", "rows that Badger may end the program over are tried in a process of their own"},
	{"sync/identity", "crypto/rand", "x509.CreateCertificate asks for a reader that Ed25519 does not read"},
	{"app/station", "time", "roads.go meets partners now and then over real networks; a simulator drives single meetings"},
	{"app/api", "time", "idle sessions of people at real sockets, which no simulator runs"},
	{"sync/p2p", "time", "timeouts of sockets, which no simulator runs"},
	{"sync/https", "time", "timeouts of sockets, which no simulator runs"},
	{"sync/rooms", "time", "how long sockets may stay, which no simulator runs"},
}

func TestMachineIsReachedThroughHost(t *testing.T) {
	for _, p := range listPackages(t) {
		folder := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "hejie"), "/")
		if folder == "" {
			folder = "."
		}
		if folderAllowed(folder) || generator(p.ImportPath) || suite(p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Errorf("%v", err)
				continue
			}
			for _, use := range worldlyUses(files, file) {
				if !useAllowed(folder, use.pkg) {
					t.Errorf("%s: %s uses %s.%s: take it through hejie/store/host, or name the exception and its reason here",
						use.at, p.ImportPath, use.pkg, use.name)
				}
			}
		}
	}
}

// TestTestsDontSleep holds that no test waits for a time to pass: it would be
// slow on a quick machine and wrong on a slow one. In synthetic time
// (testing/synctest) a sleep takes no time and is exact.
func TestTestsDontSleep(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, name := range append(append([]string{}, p.TestGoFiles...), p.XTestGoFiles...) {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Errorf("%v", err)
				continue
			}
			if imports(file, "testing/synctest") {
				continue
			}
			for _, use := range worldlyUses(files, file) {
				if use.pkg == "time" && use.name == "Sleep" {
					t.Errorf("%s: wait for what is waited for, or use testing/synctest", use.at)
				}
			}
		}
	}
}

func imports(file *ast.File, pkg string) bool {
	for _, spec := range file.Imports {
		if spec.Path.Value == strconv.Quote(pkg) {
			return true
		}
	}
	return false
}

// TestWorldlyUses proves that the search above finds what it looks for.
func TestWorldlyUses(t *testing.T) {
	const source = `package p
import (
	"crypto/rand"
	"os"
	clock "time"
)
var r = rand.Reader
var never = clock.Unix(0, 0)
func f() (clock.Time, error) {
	_, err := os.Open("x")
	if err == os.ErrNotExist { return clock.Now(), nil }
	os := struct{ Open int }{}
	_ = os.Open
	return never, err
}
`
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, use := range worldlyUses(files, file) {
		got = append(got, fmt.Sprintf("%d %s.%s", use.at.Line, use.pkg, use.name))
	}
	want := "7 crypto/rand.Reader, 10 os.Open, 11 time.Now"
	if strings.Join(got, ", ") != want {
		t.Errorf("found %s, want %s", strings.Join(got, ", "), want)
	}
}

// TestExceptionsAreReasoned keeps every exception tied to a rule and a reason.
func TestExceptionsAreReasoned(t *testing.T) {
	for _, e := range allowedIn {
		if e.why == "" || !worldlyPackage(e.pkg) {
			t.Errorf("the exception of %s for %s has no reason, or is none", e.folder, e.pkg)
		}
	}
}

type use struct {
	at        token.Position
	pkg, name string
}

// worldlyUses finds the uses of worldly functions in a file, called or taken as values.
func worldlyUses(files *token.FileSet, file *ast.File) []use {
	names := map[string]string{} // name in this file -> package
	for _, spec := range file.Imports {
		pkg, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !worldlyPackage(pkg) {
			continue
		}
		name := strings.TrimSuffix(pkg, "/v2")
		name = name[strings.LastIndex(name, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = pkg
	}
	var found []use
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		ident, ok := selector.X.(*ast.Ident)
		if !ok || ident.Obj != nil { // Obj is set for what is declared in this file
			return true
		}
		pkg, ok := names[ident.Name]
		if ok && worldlyName(pkg, selector.Sel.Name) {
			found = append(found, use{files.Position(selector.Pos()), pkg, selector.Sel.Name})
		}
		return true
	})
	return found
}

func worldlyPackage(pkg string) bool {
	_, ok := worldly[pkg]
	return ok
}

func worldlyName(pkg, name string) bool {
	names := worldly[pkg]
	if names == nil {
		return true
	}
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

func folderAllowed(folder string) bool {
	for _, a := range allowed {
		if folder == a.folder || strings.HasSuffix(a.folder, "/") && strings.HasPrefix(folder, a.folder) {
			return true
		}
	}
	return false
}

func useAllowed(folder, pkg string) bool {
	for _, a := range allowedIn {
		if folder == a.folder && pkg == a.pkg {
			return true
		}
	}
	return false
}

// packageDoc reads a package's comment.
func packageDoc(t *testing.T, p listed) string {
	t.Helper()
	var doc string
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		doc += file.Doc.Text()
	}
	return strings.TrimSpace(doc)
}
