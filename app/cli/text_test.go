package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
)

// keyed are the functions whose argument at the index is a message's key.
var keyed = map[string]int{
	"t": 0, "note": 0, "say": 0, "usage": 0, "fail": 0, "failOn": 1, "words": 0, "confirm": 0, "secret": 0, "text": 1,
}

// keysInSource finds the literal keys in this package's files.
func keysInSource(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range names {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			at, ok := keyed[name]
			if !ok || at >= len(call.Args) {
				return true
			}
			if lit, ok := call.Args[at].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				key, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				found[key] = files.Position(lit.Pos()).String()
			}
			return true
		})
	}
	return found
}

// TestEveryKeyHasASentence holds that no command says a key instead of a sentence.
func TestEveryKeyHasASentence(t *testing.T) {
	keys := keysInSource(t)
	if len(keys) < 100 {
		t.Fatalf("only %d keys were found in the source", len(keys))
	}
	for key, at := range keys {
		if _, ok := messages()[key]; !ok && !strings.HasSuffix(key, ".") {
			t.Errorf("%s: no sentence for %q", at, key)
		}
	}
	for _, kind := range []string{"create", "set", "add", "remove", "text", "step", "settle", "unknown"} {
		if _, ok := messages()["change."+kind]; !ok {
			t.Errorf("no word for a change of kind %s", kind)
		}
	}
	for _, step := range casework.StepNames() {
		for _, f := range casework.StepFields(step) {
			if _, ok := messages()["field.type."+f.Type]; !ok {
				t.Errorf("no word for a field of type %s", f.Type)
			}
		}
	}
}

// aKey looks like a message's key that was shown instead of its sentence.
var aKey = regexp.MustCompile(`(flag|help|usage|steps|field)\.[a-z]`)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// TestBothLanguagesSayTheSame holds that no sentence is missing or names
// something else in one language.
func TestBothLanguagesSayTheSame(t *testing.T) {
	for key, m := range messages() {
		if m.ZH == "" || m.EN == "" {
			t.Errorf("%s lacks a language", key)
		}
		zh, en := placeholder.FindAllString(m.ZH, -1), placeholder.FindAllString(m.EN, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if !slices.Equal(zh, en) && !strings.HasPrefix(key, "code.") && key != "list.more" {
			t.Errorf("%s names %v in Chinese and %v in English", key, zh, en)
		}
	}
}

// TestHelpIsWhole walks every command in both languages.
func TestHelpIsWhole(t *testing.T) {
	for _, lang := range []data.Lang{data.Chinese, data.English} {
		a := &app{w: &world{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}, lang: lang}
		var walk func(c *cobra.Command)
		walk = func(c *cobra.Command) {
			if strings.HasPrefix(c.Short, "help.") || c.Short == "" && !c.Hidden {
				t.Errorf("%s has no help in %s: %q", c.CommandPath(), lang, c.Short)
			}
			var out bytes.Buffer
			c.SetOut(&out)
			if err := c.Help(); err != nil {
				t.Error(err)
			}
			if text := out.String(); aKey.MatchString(text) {
				t.Errorf("%s shows a key in %s:\n%s", c.CommandPath(), lang, text)
			}
			for _, sub := range c.Commands() {
				walk(sub)
			}
		}
		walk(a.tree())
	}
}

func TestSentence(t *testing.T) {
	both := &api.Error{Reason: api.Reason{Code: "x", Detail: "detail", Texts: &api.Label{ZH: "中文", EN: "English"}, Field: "parties[0].name"}}
	tests := []struct {
		err        error
		zh, en     string
		wantStatus int
	}{
		{both, "parties[0].name：中文", "parties[0].name: English", exitFailed},
		{&api.Error{Reason: api.Reason{Code: "wrong_secret", Detail: "the secret does not open this seat"}}, "口令不对；再试会逐渐变慢。如果确定口令没有错，就是 keys/keys 已损坏：请从文件夹的副本放回", "the secret does not open this seat", exitFailed},
		{fmt.Errorf("at work: %w", store.ErrDiskFull), "磁盘快满了，没有保存：请腾出空间再试", store.ErrDiskFull.Error(), exitFailed},
		{usage("usage.limit", "value", "-1"), "--limit 不能是负数（-1）", "--limit can't be negative (-1)", exitUsage},
		{fail("demo.not_empty", "dir", "d"), "d 不是空文件夹：演示县要建在空的或尚不存在的文件夹里", "d is not empty: a demonstration county is made in a folder that is empty or not there", exitFailed},
		{errors.New("two\nlines"), "two; lines", "two; lines", exitFailed},
		{exitStatus(2), "exit status 2", "exit status 2", exitUsage},
		{&api.Error{All: []api.Reason{{Code: "a", Detail: "first", Field: "claims"}, {Code: "b", Detail: "second"}}}, "claims：first；second", "claims: first; second", exitFailed},
	}
	for _, test := range tests {
		if got := sentence(data.Chinese, test.err); got != test.zh {
			t.Errorf("%v: %q, want %q", test.err, got, test.zh)
		}
		if got := sentence(data.English, test.err); got != test.en {
			t.Errorf("%v: %q, want %q", test.err, got, test.en)
		}
		if got := statusOf(test.err); got != test.wantStatus {
			t.Errorf("%v: status %d, want %d", test.err, got, test.wantStatus)
		}
	}
	if statusOf(nil) != exitDone {
		t.Error("no error is done")
	}
}

func TestLanguage(t *testing.T) {
	for name, want := range map[string]data.Lang{"zh_CN.UTF-8": data.Chinese, "ZH": data.Chinese, "C": data.English, "": data.English, "en_GB": data.English} {
		if got := languageOf(name); got != want {
			t.Errorf("%q: %s", name, got)
		}
	}
	for _, args := range [][]string{{"--lang", "zh", "x"}, {"x", "--lang=zh"}} {
		var out, errs bytes.Buffer
		w := &world{lang: data.English, stdout: &out, stderr: &errs, stdin: strings.NewReader("")}
		if status := run(context.Background(), w, testSettings(), nil, args); status != exitUsage || !strings.Contains(errs.String(), "没有命令") {
			t.Errorf("%v: %d %s", args, status, errs.String())
		}
	}
}

func TestSheetCode(t *testing.T) {
	page := "和解 恢复单\n\n  1  C12K\n  2  T8AJ\n  3  3B84\n  4  0HM5\n  5  1ZVX\n  6  REVJ\n  7  DXGC\n  8  SKR3\n  校验1  A2QK\n  校验2  E6HA\n\nHejie\n  1  C12K\n"
	if got := sheetCode(page); got != "C12K-T8AJ-3B84-0HM5-1ZVX-REVJ-DXGC-SKR3-A2QK-E6HA" {
		t.Errorf("found %q", got)
	}
	if got := sheetCode("C12K T8AJ"); got != "C12K T8AJ" {
		t.Errorf("found %q", got)
	}
}

func TestCutLines(t *testing.T) {
	rest, total := []byte("a\nb\n\nc"), 0
	for len(rest) > 0 {
		piece, lines := cutLines(rest, 2)
		rest, total = rest[len(piece):], total+lines
	}
	if total != 4 {
		t.Errorf("%d lines", total)
	}
}

// TestReasonsNameTheirField: once, in the marks of the language, and also where
// the field's name is part of another word.
func TestReasonsNameTheirField(t *testing.T) {
	texts := &api.Label{ZH: "日期早于受理；请核对日期", EN: "the date lies before it; check the dates"}
	for _, tt := range []struct {
		lang data.Lang
		r    api.Reason
		want string
	}{
		{data.Chinese, api.Reason{Field: "at", Texts: texts}, "at：日期早于受理；请核对日期"},
		{data.English, api.Reason{Field: "at", Texts: texts}, "at: the date lies before it; check the dates"},
		{data.English, api.Reason{Field: "dates", Texts: texts}, "the date lies before it; check the dates"},
		{data.Chinese, api.Reason{Field: "日期", Texts: texts}, "日期早于受理；请核对日期"},
		{data.English, api.Reason{Texts: texts}, "the date lies before it; check the dates"},
	} {
		if got := reasonText(tt.lang, tt.r); got != tt.want {
			t.Errorf("%s, %q: %q, want %q", tt.lang, tt.r.Field, got, tt.want)
		}
	}
}

// TestDefectEndsInASentence: a command that fails on a defect of the program says
// where, in the person's language, and prints no trace.
func TestDefectEndsInASentence(t *testing.T) {
	c := &cobra.Command{Use: "x", SilenceErrors: true, SilenceUsage: true, Run: func(*cobra.Command, []string) {
		none := make([]int, 0)
		_ = none[len(os.Args)]
	}}
	c.SetArgs(nil)
	err := execute(context.Background(), c)
	for _, lang := range []data.Lang{data.Chinese, data.English} {
		if s := sentence(lang, err); !strings.Contains(s, "TestDefectEndsInASentence") || strings.Contains(s, "goroutine") {
			t.Errorf("%s: %s", lang, s)
		}
	}
}
