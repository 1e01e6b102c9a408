package station

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestSentencesOfCodesAreFilled: the sentence that the command line has for a
// code needs values; whoever answers the code gives them, or says it in his own
// words in both languages (say).
func TestSentencesOfCodesAreFilled(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "cli", "messages", "said.json"))
	if err != nil {
		t.Fatal(err)
	}
	var said map[string]struct{ ZH, EN string }
	if err := json.Unmarshal(raw, &said); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := gotoken.NewFileSet()
	codes, calls := map[string]string{}, 0
	for pass := range 2 {
		for _, name := range files {
			file, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					for i := range min(len(n.Names), len(n.Values)) {
						if s := quoted(n.Values[i]); s != "" && pass == 0 {
							codes[n.Names[i].Name] = s
						}
					}
				case *ast.CallExpr:
					called, _ := n.Fun.(*ast.Ident)
					if pass == 0 || called == nil || called.Name != "problem" || len(n.Args) < 2 {
						return true
					}
					code, _ := n.Args[0].(*ast.Ident)
					if code == nil {
						return true
					}
					calls++
					given := map[string]bool{}
					for i := 2; i+1 < len(n.Args); i += 2 {
						given[quoted(n.Args[i])] = true
					}
					for _, need := range placeholders.FindAllStringSubmatch(said["code."+codes[code.Name]].ZH, -1) {
						if !given[need[1]] {
							t.Errorf("%s: the sentence of %s needs %s", set.Position(n.Pos()), code.Name, need[1])
						}
					}
				}
				return true
			})
		}
	}
	if calls < 30 {
		t.Fatalf("only %d problems are looked at", calls)
	}
}

var placeholders = regexp.MustCompile(`\{([a-z_]+)\}`)

func quoted(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && strings.HasPrefix(lit.Value, `"`) {
		s, _ := strconv.Unquote(lit.Value)
		return s
	}
	return ""
}
