package register

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// Codes of a FieldError of this package, besides those of casework. Each has a
// sentence under "field.<code>".
const (
	codePath     = "register_path"  // no such path in a register
	codeEntry    = "register_entry" // no such entry
	codeClear    = "register_clear" // an entry must have this
	codeWhole    = "whole"          // no whole number of min to max
	codeOrdered  = "ordered"        // a field that exceeds another
	codeIDForm   = "seat_form"      // no seat
	codeDivision = "division_form"  // no code of a division
	codeTerm     = "term_form"      // no id of a table
)

// checker collects what is wrong.
type checker struct{ problems casework.Problems }

func (c *checker) fail(path, code string, params ...string) {
	e := &casework.FieldError{Path: path, Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if e.Params == nil {
			e.Params = map[string]string{}
		}
		e.Params[params[i]] = params[i+1]
	}
	c.problems = append(c.problems, e)
}

func (c *checker) orNil() error {
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}

var (
	// termForm admits ids that a unit above adds to a table: what is known is
	// not asked here, since tables travel by themselves.
	termForm     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	seatForm     = regexp.MustCompile(`^[0-9a-f]{64}$`)
	divisionForm = regexp.MustCompile(`^[0-9]{12}$`)
	areaForm     = regexp.MustCompile(`^([0-9]{2}){1,3}$|^[0-9]{9}$|^[0-9]{12}$`)
)

// value checks one field and returns it as a register holds it (a set as a
// list); false where it is wrong. nil clears.
func (c *checker) value(path string, v any, r *rule) (crdt.Value, bool) {
	switch {
	case v == nil && r.required:
		c.fail(path, codeClear)
		return nil, false
	case v == nil:
		return nil, true
	}
	switch r.form {
	case formFlag:
		b, ok := v.(bool)
		if !ok {
			c.fail(path, casework.CodeType, "want", "yes_no")
		}
		return b, ok
	case formWhole:
		return c.whole(path, v, r)
	case formCodes, formTexts, formSpans, formAreas, formTerms:
		return c.set(path, v, r)
	}
	s, ok := c.text(path, v, r)
	if !ok {
		return nil, false
	}
	if s == "" {
		return nil, true
	}
	return s, true
}

// text checks the forms that are one text.
func (c *checker) text(path string, v any, r *rule) (string, bool) {
	s, ok := v.(string)
	if !ok {
		c.fail(path, casework.CodeType, "want", "text")
		return "", false
	}
	switch r.form {
	case formCode:
		return s, c.code(path, s, r.list)
	case formDay:
		if casework.BeijingDay(s) != s || s == "" {
			c.fail(path, casework.CodeDate, "value", shorten(s), "form", "2026-03-10")
			return "", false
		}
		return s, true
	case formID:
		return c.form(path, strings.ToLower(s), seatForm, codeIDForm)
	case formCode12:
		return c.form(path, s, divisionForm, codeDivision)
	case formTerm:
		return c.form(path, s, termForm, codeTerm)
	}
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n < r.min:
		c.fail(path, casework.CodeEmpty)
		return "", false
	case n > r.max:
		c.fail(path, casework.CodeTooLong, "count", strconv.Itoa(n), "limit", strconv.Itoa(r.max))
		return "", false
	}
	return s, true
}

func (c *checker) form(path, s string, form *regexp.Regexp, code string) (string, bool) {
	if !form.MatchString(s) {
		c.fail(path, code, "value", shorten(s))
		return "", false
	}
	return s, true
}

func (c *checker) code(path, s, list string) bool {
	if data.Has(list, s) {
		return true
	}
	var known []string
	for _, row := range data.List(list) {
		known = append(known, row.Code)
	}
	c.fail(path, casework.CodeCode, "value", shorten(s), "known", strings.Join(known, ", "))
	return false
}

func (c *checker) whole(path string, v any, r *rule) (crdt.Value, bool) {
	n, ok := v.(json.Number)
	if !ok {
		c.fail(path, casework.CodeType, "want", "whole")
		return nil, false
	}
	i, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil || i < int64(r.min) || i > int64(r.max) || n == "-0" {
		c.fail(path, codeWhole, "value", shorten(n.String()), "low", strconv.Itoa(r.min), "limit", strconv.Itoa(r.max))
		return nil, false
	}
	return i, true
}

// set checks a list and gives its distinct items in a fixed order.
func (c *checker) set(path string, v any, r *rule) (crdt.Value, bool) {
	list, ok := v.([]any)
	if !ok {
		c.fail(path, casework.CodeType, "want", "list")
		return nil, false
	}
	if len(list) > r.max {
		c.fail(path, casework.CodeTooMany, "count", strconv.Itoa(len(list)), "limit", strconv.Itoa(r.max))
		return nil, false
	}
	var out []crdt.Value
	for i, item := range list {
		one, good := c.item(fmt.Sprintf("%s[%d]", path, i), item, r)
		if !good {
			ok = false
			continue
		}
		if !slices.ContainsFunc(out, func(x crdt.Value) bool { return sameValue(x, one) }) {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b crdt.Value) int { return strings.Compare(valueText(a), valueText(b)) })
	return out, ok
}

// itemRule is the rule of a text in a set.
var itemRule = rule{form: formText, min: 1, max: maxName}

// item checks one item of a set.
func (c *checker) item(path string, v any, r *rule) (crdt.Value, bool) {
	if r.form == formSpans {
		return c.span(path, v)
	}
	s, ok := v.(string)
	if !ok {
		c.fail(path, casework.CodeType, "want", "text")
		return nil, false
	}
	switch r.form {
	case formCodes:
		return s, c.code(path, s, r.list)
	case formAreas:
		return c.form(path, s, areaForm, codeDivision)
	case formTerms:
		return c.form(path, s, termForm, codeTerm)
	}
	return c.text(path, s, &itemRule)
}

// span checks {from, to}; an open end is left out.
func (c *checker) span(path string, v any) (crdt.Value, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		c.fail(path, casework.CodeType, "want", "object")
		return nil, false
	}
	out := map[string]crdt.Value{}
	for _, key := range sortedKeys(m) {
		if key != "from" && key != "to" {
			c.fail(path+"."+shorten(key), casework.CodeUnknown, "known", "from, to")
			ok = false
			continue
		}
		if m[key] == nil {
			continue
		}
		day, good := c.text(path+"."+key, m[key], &rule{form: formDay})
		if ok = ok && good; good {
			out[key] = day
		}
	}
	from, _ := out["from"].(string)
	to, _ := out["to"].(string)
	switch {
	case ok && from == "":
		c.fail(path+".from", casework.CodeMissing)
		return nil, false
	case ok && to != "" && from > to:
		c.fail(path+".to", codeOrdered, "value", to, "before", from)
		return nil, false
	}
	return out, ok
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// valueText is a value's one encoding, for comparing and ordering.
func valueText(v crdt.Value) string { return string(casework.Encode(v)) }

func sameValue(a, b crdt.Value) bool { return valueText(a) == valueText(b) }
