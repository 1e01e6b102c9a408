package casework

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// ParseDocument reads a case document strictly: limits first, then form, then
// every field. All problems are listed (Problems); warnings refuse nothing.
// Identity numbers come out normalised (x as X, full width as half).
func ParseDocument(raw []byte) (Document, []Warning, error) {
	root, ferr := parseJSON(raw)
	if ferr != nil {
		return Document{}, nil, Problems{ferr}
	}
	c := &checker{}
	fields := c.object("", root, caseRules)
	if err := c.problems.orNil(); err != nil {
		return Document{}, nil, err
	}
	d := documentOf(fields)
	c.document(&d)
	if err := c.problems.orNil(); err != nil {
		return Document{}, nil, err
	}
	return d, c.warnings, nil
}

// checker collects what is wrong and what is odd.
type checker struct {
	problems Problems
	warnings []Warning
	set      *Setting // of steps; nil elsewhere
}

func (c *checker) fail(path, code string, params ...string) {
	c.problems = append(c.problems, &FieldError{Path: path, Code: code, Params: pairs(params)})
}

func (c *checker) warn(path, code string, params ...string) {
	c.warnings = append(c.warnings, Warning{Path: path, Code: code, Params: pairs(params)})
}

func pairs(in []string) map[string]string {
	if len(in) == 0 {
		return nil
	}
	out := map[string]string{}
	for i := 0; i+1 < len(in); i += 2 {
		out[in[i]] = in[i+1]
	}
	return out
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// object checks an object against rules: unknown fields, then each field in
// the order of its text, then what is missing.
func (c *checker) object(path string, n *node, rules []fieldRule) map[string]crdt.Value {
	if n.kind != nodeObject {
		c.fail(path, CodeType, "want", "object")
		return nil
	}
	if len(n.keys) == 0 && path == "" {
		c.fail("", CodeEmpty)
		return nil
	}
	out := map[string]crdt.Value{}
	for i, key := range n.keys {
		rule := findRule(rules, key)
		if rule == nil {
			c.fail(join(path, shorten(key)), CodeUnknown, "known", strings.Join(ruleNames(rules), ", "))
			continue
		}
		if v := c.value(join(path, key), n.items[i], rule); v != nil {
			out[key] = v
		}
	}
	for _, rule := range rules {
		if rule.required && n.get(rule.name) == nil {
			c.fail(join(path, rule.name), CodeMissing)
		}
	}
	c.together(path, out)
	return out
}

// together judges the kind and number of a document, which stand side by side
// in parties, agents and guardians; the number comes out normalised.
func (c *checker) together(path string, fields map[string]crdt.Value) {
	if id, ok := fields["id_number"].(string); ok {
		if normal := c.idNumber(join(path, "id_number"), str(fields["id_kind"]), id); normal != "" {
			fields["id_number"] = normal
		}
	}
}

func ruleNames(rules []fieldRule) []string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = r.name
	}
	return out
}

// value checks one field and returns it as a register holds it; nil where it
// is empty or wrong.
func (c *checker) value(path string, n *node, rule *fieldRule) crdt.Value {
	switch rule.form {
	case formText, formStory:
		if s, ok := c.text(path, n, rule.min, rule.max); ok && s != "" {
			return s
		}
	case formCode:
		if s, ok := c.code(path, n, rule.list); ok {
			return s
		}
	case formCodes:
		return c.codes(path, n, rule)
	case formDate:
		if s, ok := c.str(path, n); ok {
			if _, ok := parseDay(s); ok {
				return s
			}
			c.fail(path, CodeDate, "value", shorten(s), "form", "2026-03-10")
		}
	case formInstant:
		if s, ok := c.str(path, n); ok {
			if _, ok := parseInstant(s); ok {
				return strings.ToUpper(s)
			}
			c.fail(path, CodeDate, "value", shorten(s), "form", "2026-03-10T09:00:00+08:00")
		}
	case formAmount:
		if v, ok := c.whole(path, n, MaxAmount); ok {
			return v
		}
	case formYesNo:
		if n.kind == nodeBool {
			return n.truth
		}
		c.fail(path, CodeType, "want", "yes_no")
	case formNames:
		return c.names(path, n, rule)
	case formParts:
		if fields := c.object(path, n, rule.parts); fields != nil {
			c.parts(path, rule.name, fields)
			return fields
		}
	case formParties:
		return c.parties(path, n, rule)
	}
	return nil
}

func (c *checker) str(path string, n *node) (string, bool) {
	if n.kind != nodeString {
		c.fail(path, CodeType, "want", "text")
		return "", false
	}
	return n.text, true
}

func (c *checker) text(path string, n *node, low, high int) (string, bool) {
	s, ok := c.str(path, n)
	if !ok {
		return "", false
	}
	count := utf8.RuneCountInString(s)
	switch {
	case count < low:
		c.fail(path, CodeEmpty)
		return "", false
	case count > high:
		c.fail(path, CodeTooLong, "count", strconv.Itoa(count), "limit", strconv.Itoa(high))
		return "", false
	}
	if low > 0 && strings.TrimSpace(s) == "" {
		c.warn(path, "blank")
	}
	if strings.IndexFunc(s, oddControl) >= 0 {
		c.warn(path, "control")
	}
	return s, true
}

// oddControl finds characters that no one types and that spoil a printed form.
func oddControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == 0xfeff
}

// ethnicityForm admits codes that the standard leaves free, with a warning.
var ethnicityForm = regexp.MustCompile(`^(0[1-9]|[1-5][0-9]|97|98)$`)

func (c *checker) code(path string, n *node, list string) (string, bool) {
	s, ok := c.str(path, n)
	if !ok {
		return "", false
	}
	if data.Has(list, s) {
		return s, true
	}
	if list == "ethnicity" && ethnicityForm.MatchString(s) {
		c.warn(path, "ethnicity_unknown", "value", s)
		return s, true
	}
	var known []string
	for _, row := range data.List(list) {
		known = append(known, row.Code)
	}
	c.fail(path, CodeCode, "value", shorten(s), "known", strings.Join(known, ", "))
	return "", false
}

func (c *checker) codes(path string, n *node, rule *fieldRule) crdt.Value {
	if n.kind != nodeArray {
		c.fail(path, CodeType, "want", "list")
		return nil
	}
	if len(n.items) > rule.max {
		c.fail(path, CodeTooMany, "count", strconv.Itoa(len(n.items)), "limit", strconv.Itoa(rule.max))
		return nil
	}
	seen := map[string]bool{}
	var out []crdt.Value
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		s, ok := c.code(at, item, rule.list)
		if !ok {
			continue
		}
		if seen[s] {
			c.fail(at, CodeDuplicate, "what", s)
			continue
		}
		seen[s] = true
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil
	}
	sort.Slice(out, func(i, j int) bool { return str(out[i]) < str(out[j]) })
	return out
}

// names reads a list of texts that name people, none twice.
func (c *checker) names(path string, n *node, rule *fieldRule) crdt.Value {
	switch {
	case n.kind != nodeArray:
		c.fail(path, CodeType, "want", "list")
		return nil
	case len(n.items) < rule.min:
		c.fail(path, CodeEmpty)
		return nil
	case len(n.items) > rule.max:
		c.fail(path, CodeTooMany, "count", strconv.Itoa(len(n.items)), "limit", strconv.Itoa(rule.max))
		return nil
	}
	seen := map[string]bool{}
	var out []crdt.Value
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		s, ok := c.text(at, item, 1, maxName)
		switch {
		case !ok:
		case seen[s]:
			c.fail(at, CodeDuplicate, "what", shorten(s))
		default:
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// whole reads a whole number of 0 to high, written without fraction or exponent.
func (c *checker) whole(path string, n *node, high int64) (int64, bool) {
	if n.kind != nodeNumber {
		c.fail(path, CodeType, "want", "whole")
		return 0, false
	}
	v, err := strconv.ParseInt(n.text, 10, 64)
	if err != nil || v < 0 || v > high || n.text == "-0" {
		c.fail(path, CodeNumber, "value", shorten(n.text), "limit", strconv.FormatInt(high, 10))
		return 0, false
	}
	return v, true
}

func (c *checker) parties(path string, n *node, rule *fieldRule) crdt.Value {
	if n.kind != nodeArray {
		c.fail(path, CodeType, "want", "list")
		return nil
	}
	switch {
	case len(n.items) < rule.min:
		c.fail(path, CodeEmpty)
		return nil
	case len(n.items) > rule.max:
		c.fail(path, CodeTooMany, "count", strconv.Itoa(len(n.items)), "limit", strconv.Itoa(rule.max))
		return nil
	}
	var out []crdt.Value
	for i, item := range n.items {
		out = append(out, c.object(fmt.Sprintf("%s[%d]", path, i), item, partyRules))
	}
	return out
}

// add takes over what another checker found, each warning once.
func (c *checker) add(other *checker) {
	c.problems = append(c.problems, other.problems...)
	for _, w := range other.warnings {
		if !slices.ContainsFunc(c.warnings, func(have Warning) bool { return have.Path == w.Path && have.Code == w.Code }) {
			c.warnings = append(c.warnings, w)
		}
	}
}
