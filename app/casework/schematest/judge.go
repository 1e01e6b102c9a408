// Package schematest judges JSON documents by the JSON Schemas that Hejie ships.
//
// It is for the tests of the packages that make or take such documents. It may
// not be used by the program itself, and knows only the keywords that the
// schemas use: another one fails the test, so that no rule goes unread.
package schematest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Schema judges documents by the part of JSON Schema that Hejie uses; a keyword
// that it does not know fails the test.
type Schema struct {
	root map[string]any
}

// New reads a schema.
func New(t testing.TB, raw []byte) *Schema {
	s := &Schema{}
	if err := json.Unmarshal(raw, &s.root); err != nil {
		t.Fatal(err)
	}
	return s
}

// Check judges a document: "" is good, otherwise where and by which keyword it is not.
func (s *Schema) Check(t testing.TB, doc []byte) string {
	d := json.NewDecoder(strings.NewReader(string(doc)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err.Error()
	}
	return s.value(t, s.root, v, "")
}

func (s *Schema) value(t testing.TB, rules map[string]any, v any, path string) string {
	if ref, ok := rules["$ref"].(string); ok {
		def := s.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		return s.value(t, def, v, path)
	}
	for keyword, want := range rules {
		if said := s.keyword(t, rules, keyword, want, v, path); said != "" {
			return fmt.Sprintf("%s: %s", path, said)
		}
	}
	return ""
}

// keyword judges v by one keyword; "" is good.
func (s *Schema) keyword(t testing.TB, rules map[string]any, keyword string, want, v any, path string) string {
	text, isText := v.(string)
	list, isList := v.([]any)
	object, isObject := v.(map[string]any)
	number, isNumber := v.(json.Number)
	bad := func(is bool) string {
		if is {
			return keyword
		}
		return ""
	}
	limit := func() int { return int(want.(float64)) }
	switch keyword {
	case "$schema", "title", "description", "$defs":
	case "type":
		switch want {
		case "object":
			return bad(!isObject)
		case "array":
			return bad(!isList)
		case "string":
			return bad(!isText)
		case "boolean":
			_, is := v.(bool)
			return bad(!is)
		case "integer":
			r, ok := new(big.Rat).SetString(number.String())
			return bad(!isNumber || !ok || !r.IsInt())
		default:
			t.Fatalf("type %v", want)
		}
	case "const":
		if n, ok := want.(float64); ok && isNumber {
			return bad(number.String() != fmt.Sprint(n))
		}
		return bad(want != v)
	case "enum":
		for _, e := range want.([]any) {
			if e == v {
				return ""
			}
		}
		return keyword
	case "minLength":
		return bad(isText && utf8.RuneCountInString(text) < limit())
	case "maxLength":
		return bad(isText && utf8.RuneCountInString(text) > limit())
	case "pattern":
		return bad(isText && !regexp.MustCompile(want.(string)).MatchString(text))
	case "format":
		layout := map[any]string{"date": "2006-01-02", "date-time": time.RFC3339}[want]
		_, err := time.Parse(layout, text)
		return bad(isText && err != nil)
	case "minimum", "maximum":
		if r, ok := new(big.Rat).SetString(number.String()); isNumber && ok {
			c := r.Cmp(new(big.Rat).SetFloat64(want.(float64)))
			return bad(keyword == "minimum" && c < 0 || keyword == "maximum" && c > 0)
		}
	case "minItems":
		return bad(isList && len(list) < limit())
	case "maxItems":
		return bad(isList && len(list) > limit())
	case "uniqueItems":
		seen := map[any]bool{}
		for _, item := range list {
			if seen[item] {
				return keyword
			}
			seen[item] = true
		}
	case "items":
		for i, item := range list {
			if said := s.value(t, want.(map[string]any), item, fmt.Sprintf("%s[%d]", path, i)); said != "" {
				return said
			}
		}
	case "required":
		for _, name := range want.([]any) {
			if _, there := object[name.(string)]; isObject && !there {
				return "required " + name.(string)
			}
		}
	case "properties":
		for name, rule := range want.(map[string]any) {
			if item, there := object[name]; there {
				if said := s.value(t, rule.(map[string]any), item, path+"."+name); said != "" {
					return said
				}
			}
		}
	case "additionalProperties":
		for name := range object {
			if _, known := rules["properties"].(map[string]any)[name]; !known {
				return "additional " + name
			}
		}
	default:
		t.Fatalf("the schema uses %q, which this judge does not know", keyword)
	}
	return ""
}
