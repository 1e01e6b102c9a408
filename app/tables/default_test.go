package tables

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"testing"
	"unicode"

	"hejie/app/casework/data"
)

// TestDefaultsAreWhole reads each table of the program, writes it and reads it
// again: what a person begins with who wants to publish a changed one.
func TestDefaultsAreWhole(t *testing.T) {
	for _, name := range Names() {
		document := Default().Document(name)
		first, err := json.Marshal(document)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		second, err := json.Marshal(again)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, second) {
			t.Errorf("%s: written, read and written again it is another", name)
		}
		if len(first) > MaxTable/8 {
			t.Errorf("%s has %d bytes, which leaves little room under %d", name, len(first), MaxTable)
		}
	}
	if Default().Document("laws") != nil {
		t.Error("there is a table that nobody made")
	}
}

// TestBothLanguages holds that Chinese texts are Chinese and English ones are
// not, wherever in the tables and messages they stand.
func TestBothLanguages(t *testing.T) {
	count := 0
	for _, name := range Names() {
		visitTexts(reflect.ValueOf(Default().Document(name).Content), func(zh, en string) {
			count++
			if !han(zh) || han(en) || en == "" {
				t.Errorf("%s: %q and %q are not Chinese and English", name, zh, en)
			}
		})
	}
	if count < 250 {
		t.Errorf("only %d texts were looked at", count)
	}
	for id, text := range messages() {
		if !han(text.Zh) || han(text.En) || text.En == "" {
			t.Errorf("message %s is not Chinese and English", id)
		}
	}
}

func han(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

// visitTexts finds every pair of fields Zh and En.
func visitTexts(v reflect.Value, visit func(zh, en string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			visitTexts(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visitTexts(v.Index(i), visit)
		}
	case reflect.Struct:
		if zh, ok := v.Type().FieldByName("Zh"); ok && len(zh.Index) == 1 {
			visit(v.FieldByName("Zh").String(), v.FieldByName("En").String())
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				visitTexts(v.Field(i), visit)
			}
		}
	}
}

// TestEveryCodeHasItsSentence reads the codes from the source, so that none
// can be added without a sentence.
func TestEveryCodeHasItsSentence(t *testing.T) {
	for _, file := range []struct {
		name, form, prefix string
		hint               bool
	}{
		{"errors.go", `(?m)^\tCode\w+\s+= "(\w+)"`, "error.", true},
		{"move.go", `(?m)^\tWarn\w+\s+= "(\w+)"`, "warning.", false},
		{"move.go", `(?m)^\tMoved\w+\s+= "(\w+)"`, "moved.", false},
		{"fill.go", `"type\.(\w+)"`, "type.", false},
	} {
		source, err := os.ReadFile(file.name)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(file.form).FindAllStringSubmatch(string(source), -1)
		if len(found) < 2 {
			t.Fatalf("%s: no codes found", file.name)
		}
		for _, m := range found {
			if messages()[file.prefix+m[1]].Zh == "" {
				t.Errorf("%s%s has no sentence", file.prefix, m[1])
			}
			if file.hint && messages()[file.prefix+m[1]+".hint"].Zh == "" {
				t.Errorf("%s%s does not say what to do", file.prefix, m[1])
			}
		}
	}
}

// TestCodesOfCasework holds that the tables use the codes that cases use.
func TestCodesOfCasework(t *testing.T) {
	has := func(list string, codes ...string) {
		t.Helper()
		for _, c := range codes {
			if !data.Has(list, c) {
				t.Errorf("%s has no code %q", list, c)
			}
		}
	}
	all := func(list string, codes []string) {
		t.Helper()
		has(list, codes...)
		for _, c := range data.List(list) {
			if !contains(codes, c.Code) {
				t.Errorf("nothing stands here for %s %q", list, c.Code)
			}
		}
	}
	all("category", Categories())
	all("need", NeedIDs())
	var kinds []string
	for _, b := range Default().Bodies().Rows {
		kinds = append(kinds, b.Kinds...)
		has("tag", b.Tags...)
		has("category", b.Categories...)
	}
	kinds = append(kinds, "sfj") // supervises, and receives nothing
	all("body", kinds)
	for _, r := range Default().Rights() {
		has("body", r.Bodies...)
	}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// TestReceivers shows the order: whom a tag names, then the more special.
func TestReceivers(t *testing.T) {
	for _, test := range []struct {
		category string
		tags     []string
		want     []string // the first of them
	}{
		{"01", nil, []string{"women", "village", "township"}},
		{"10a", []string{"migrant_workers"}, []string{"union", "labour_arbitration", "enterprise", "village"}},
		{"06", []string{"veteran"}, []string{"veterans", "village", "township"}},
		{"14", nil, []string{"police", "industry", "village"}},
		{"02", []string{"taiwan", "overseas_chinese"}, []string{"overseas_chinese", "taiwan", "village"}},
		{"nothing", nil, nil},
	} {
		got := ids(Default().Receivers(test.category, test.tags))
		if test.want == nil && len(got) > 0 || len(got) < len(test.want) || !reflect.DeepEqual(got[:len(test.want)], append([]string{}, test.want...)) {
			t.Errorf("%s %v: %v, want first %v", test.category, test.tags, got, test.want)
		}
	}
}
