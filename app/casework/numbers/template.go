package numbers

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// DefaultTemplate is the form of the Ministry's cover (DOMAIN 3.3).
const DefaultTemplate = "（{YYYY}）{abbr}{word}字第{N}号"

// maxTemplate bounds a template in characters.
const maxTemplate = 60

// Parts are what a template is filled with.
type Parts struct {
	Year int    // 1 to 9999
	Abbr string // short name of the unit; may be empty
	Word string // 人调
	N    int    // 1 to MaxN
}

// A TemplateError says what is wrong with a template or with what fills it.
type TemplateError struct {
	Template string
	Part     string // the placeholder or part in question
}

// Error names the template and what to mend.
func (e *TemplateError) Error() string {
	return fmt.Sprintf("the number template %q cannot be used because of %s: it needs {YYYY} and {N} once each, and may have {abbr}, {word} and {N:3} (three digits)", e.Template, e.Part)
}

// CheckTemplate reports whether numbers can be printed by a template: {YYYY}
// and {N} (or {N:3}: at least three digits) must be there once each, {abbr}
// (also {org_abbr}) and {word} may. Nothing else stands in braces.
func CheckTemplate(template string) error {
	_, err := Format(template, Parts{Year: 2026, Abbr: "样例", Word: "人调", N: 1})
	return err
}

// Format prints a number by a template. It fails with *TemplateError.
func Format(template string, p Parts) (string, error) {
	bad := func(part string) (string, error) { return "", &TemplateError{Template: template, Part: part} }
	switch {
	case utf8.RuneCountInString(template) > maxTemplate || !utf8.ValidString(template):
		return bad("its length")
	case p.Year < 1 || p.Year > 9999:
		return bad("year " + strconv.Itoa(p.Year))
	case p.N < 1 || p.N > MaxN:
		return bad("number " + strconv.Itoa(p.N))
	}
	var b strings.Builder
	years, ns := 0, 0
	for rest := template; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		if strings.Contains(before, "}") {
			return bad("}")
		}
		b.WriteString(before)
		if !found {
			break
		}
		name, tail, ended := strings.Cut(after, "}")
		if !ended {
			return bad("{" + after)
		}
		switch {
		case name == "YYYY":
			years++
			fmt.Fprintf(&b, "%04d", p.Year)
		case name == "abbr" || name == "org_abbr":
			b.WriteString(p.Abbr)
		case name == "word":
			b.WriteString(p.Word)
		case name == "N":
			ns++
			b.WriteString(strconv.Itoa(p.N))
		case len(name) == len("N:3") && name[:2] == "N:" && name[2] >= '1' && name[2] <= '6':
			ns++
			fmt.Fprintf(&b, "%0*d", int(name[2]-'0'), p.N)
		default:
			return bad("{" + name + "}")
		}
		rest = tail
	}
	if years != 1 || ns != 1 {
		return bad("{YYYY} or {N}")
	}
	return b.String(), nil
}
