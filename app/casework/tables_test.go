package casework

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hejie/app/casework/data"
)

// TestEveryRuleHasItsWords reads the package's own source: each code, rule,
// warning and article that it can answer has its sentences.
func TestEveryRuleHasItsWords(t *testing.T) {
	files := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	need := map[string]bool{}
	text := func(e ast.Expr) string {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, _ := strconv.Unquote(lit.Value)
			return s
		}
		return ""
	}
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			case *ast.Ident:
				name = f.Name
			}
			for i, arg := range n.Args {
				if text(arg) == "want" && i+1 < len(n.Args) && text(n.Args[i+1]) != "" {
					need["want."+text(n.Args[i+1])] = true
				}
			}
			switch {
			case name == "syntax" && text(n.Args[0]) != "":
				need["syntax."+text(n.Args[0])] = true
			case name == "warn" && text(n.Args[1]) != "":
				need["warning."+text(n.Args[1])] = true
			case name == "fail" && len(n.Args) > 1 && text(n.Args[1]) != "":
				need["field."+text(n.Args[1])] = true
			case name == "refuse" && text(n.Args[0]) != "":
				need["rule."+text(n.Args[0])] = true
				if len(n.Args) < 2 || files.Position(n.Pos()).Filename == "why.go" {
					break
				}
				if a := text(n.Args[1]); a != "" {
					need["article."+a] = true
				}
			}
		case *ast.ReturnStmt: // special and condition answer a rule and its parameters
			if files.Position(n.Pos()).Filename == "why.go" && len(n.Results) == 2 && text(n.Results[0]) != "" {
				need["rule."+text(n.Results[0])] = true
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && strings.HasPrefix(key.Name, "desk") && text(n.Value) != "" {
				need["rule."+text(n.Value)] = true
			}
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" && text(n.Value) != "" {
				need["rule."+text(n.Value)] = true
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) && (strings.HasPrefix(name.Name, "Code") || strings.HasPrefix(name.Name, "code")) && text(n.Values[i]) != "" {
					need["field."+text(n.Values[i])] = true
				}
			}
		}
		return true
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, look)
	}
	for _, r := range rulebook {
		need["article."+r.article] = true
	}
	for _, r := range decisive {
		need["pair."+r.because] = true
	}
	if len(need) < 50 {
		t.Fatalf("only %d messages are looked for", len(need))
	}
	for key := range need {
		if !data.HasText(key) {
			t.Errorf("%s has no sentence", key)
		}
	}
}

// TestRulesFitTheTables: every list named exists, every step is in every table.
func TestRulesFitTheTables(t *testing.T) {
	for _, rules := range [][]fieldRule{caseRules, partyRules, agentRules, guardianRules, representationRules, deliveryRules} {
		for _, r := range rules {
			if r.list != "" && len(data.List(r.list)) == 0 {
				t.Errorf("%s: no table %s", r.name, r.list)
			}
			if !data.Has("field", r.name) {
				t.Errorf("%s has no label", r.name)
			}
		}
	}
	for _, r := range rulebook {
		if r.roles == nil || r.fields == nil || eventKeys[r.step] == nil && r.step != StepEnterAgreement || r.article == "" || !data.Has("step", r.step) || !slices.Contains(tracks, r.track) {
			t.Errorf("%s is not in every table", r.step)
		}
		checkFields(t, r.step, r.fields)
		for _, state := range r.from {
			if !data.Has(r.track+"_state", state) {
				t.Errorf("%s: no state %s", r.step, state)
			}
		}
		for _, state := range r.with {
			if !data.Has("mediation_state", state) {
				t.Errorf("%s: no state %s", r.step, state)
			}
		}
	}
	for pair := range decisive {
		if eventKeys[pair[0]] == nil || eventKeys[pair[1]] == nil {
			t.Errorf("no steps: %v", pair)
		}
		if Pair(pair[0], pair[1]) != Pair(pair[1], pair[0]) {
			t.Errorf("%v is not symmetric", pair)
		}
	}
	if got := len(bandEdges) + 2; got != len(data.List("amount_band")) {
		t.Errorf("%d bands by edges, %d in the table", got, len(data.List("amount_band")))
	}
	for field := range legalFields {
		if findRule(caseRules, field) == nil {
			t.Errorf("no field %s", field)
		}
	}
}

func checkFields(t *testing.T, step string, fields []FieldSpec) {
	t.Helper()
	for _, f := range fields {
		if len(f.Fields) == 0 && eventKeys[step] != nil && StepFields(step) != nil && f.kept() && f.Type == "text" {
			t.Errorf("%s: %s is text and kept by digests", step, f.Name)
		}
		if !data.Has("field", f.Name) || f.List != "" && len(data.List(f.List)) == 0 {
			t.Errorf("%s: %s has no label or table", step, f.Name)
		}
		checkFields(t, step, f.Fields)
	}
}
