package crdt

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// TypeKind says what sort of value a field takes. Numbers are for ever.
type TypeKind uint8

// The kinds of types (docs/format-case.md).
const (
	AnyType     TypeKind = 0
	TextType    TypeKind = 1  // Min to Max code points
	IntegerType TypeKind = 2  // Min to Max
	YesNoType   TypeKind = 3  // false or true
	BytesType   TypeKind = 4  // Min to Max bytes
	DateType    TypeKind = 5  // 2026-03-10
	TimeType    TypeKind = 6  // 2026-03-10T09:00:00+08:00
	DayType     TypeKind = 7  // a date, or a date and time
	CodeType    TypeKind = 8  // of the table List, or of a later one: MaxCode bytes of A-Z a-z 0-9 _ . -
	ListType    TypeKind = 9  // Min to Max items of Of
	PartsType   TypeKind = 10 // a map with text keys: Parts, and no other key
	MonthType   TypeKind = 12 // 2026-03
	StepType    TypeKind = 11 // a map whose text at Tag names one of Steps, which says what else it holds
)

// MaxCode bounds a code in bytes: four times the longest of today's tables.
const MaxCode = 64

// Type says which values a field takes. A value that does not fit is a change
// that this program does not know (DESIGN P4): whoever wrote it may have had a
// later schema. A nil Type takes any value.
type Type struct {
	Kind     TypeKind
	Min, Max int64
	List     string
	Of       *Type
	Parts    map[string]Part
	Tag      string
	Steps    map[string]*Type // of PartsType, without the tag
	// Required: a register does not take null.
	Required bool
}

// Part is one part of a PartsType.
type Part struct {
	Type     *Type
	Required bool
}

// Fits reports whether a value is one of the type. Null is, unless Required.
func (t *Type) Fits(v Value) bool {
	if t == nil {
		return true
	}
	if v == nil {
		return !t.Required
	}
	return t.takes(v)
}

func (t *Type) takes(v Value) bool {
	if t == nil || t.Kind == AnyType {
		return true
	}
	switch v := v.(type) {
	case string:
		return t.takesText(v)
	case int64:
		return t.Kind == IntegerType && t.bounds(v)
	case bool:
		return t.Kind == YesNoType
	case []byte:
		return t.Kind == BytesType && t.bounds(int64(len(v)))
	case []Value:
		return t.Kind == ListType && t.bounds(int64(len(v))) && !slices.ContainsFunc(v, func(x Value) bool { return x == nil || !t.Of.takes(x) })
	case map[string]Value:
		return t.takesMap(v)
	}
	return false
}

func (t *Type) bounds(n int64) bool { return n >= t.Min && n <= t.Max }

func (t *Type) takesText(s string) bool {
	switch t.Kind {
	case TextType:
		return t.bounds(int64(utf8.RuneCountInString(s)))
	case DateType:
		return IsDate(s)
	case TimeType:
		return IsTime(s)
	case MonthType:
		return len(s) == len("2026-03") && IsDate(s+"-01")
	case DayType:
		return IsDate(s) || IsTime(s)
	case CodeType:
		return isCode(s)
	}
	return false
}

func (t *Type) takesMap(m map[string]Value) bool {
	switch t.Kind {
	case PartsType:
		return t.takesParts(m, "")
	case StepType:
		step, ok := m[t.Tag].(string)
		parts := t.Steps[step]
		return ok && parts != nil && parts.takesParts(m, t.Tag)
	}
	return false
}

// takesParts passes over the tag, which was read already.
func (t *Type) takesParts(m map[string]Value, tag string) bool {
	for name, v := range m {
		part, known := t.Parts[name]
		if name != tag && (!known || v == nil || !part.Type.takes(v)) {
			return false
		}
	}
	for name, part := range t.Parts {
		if _, there := m[name]; part.Required && !there {
			return false
		}
	}
	return true
}

func isCode(s string) bool {
	if s == "" || len(s) > MaxCode {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// IsDate reports whether s is a day of the calendar from 0001-01-01 to
// 9999-12-31 in that form (RFC 3339 full-date).
func IsDate(s string) bool {
	if len(s) != len("2026-03-10") || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:])
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)
}

// IsTime reports whether s is a date and time with zone (RFC 3339 date-time
// with capital T and Z, whole seconds or up to nine digits of a fraction, no
// leap second, zones to ±23:59).
func IsTime(s string) bool {
	const head = len("2026-03-10T09:00:00")
	if len(s) <= head || !IsDate(s[:10]) || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return false
	}
	if !within(s[11:13], 23) || !within(s[14:16], 59) || !within(s[17:19], 59) {
		return false
	}
	rest := s[head:]
	if rest[0] == '.' {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n == 1 || n > 10 {
			return false
		}
		rest = rest[n:]
	}
	if rest == "Z" {
		return true
	}
	return len(rest) == len("+08:00") && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':' && within(rest[1:3], 23) && within(rest[4:], 59)
}

func within(s string, most int) bool {
	n := digits(s)
	return n >= 0 && n <= most
}

// digits reads a short number written in digits alone; -1 for anything else.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func daysOf(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// plain is the type as a schema's hash covers it.
func (t *Type) plain() any {
	if t == nil {
		return nil
	}
	parts := map[string]any{}
	for name, p := range t.Parts {
		parts[name] = []any{p.Type.plain(), p.Required}
	}
	steps := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(t.Steps)) {
		steps[name] = t.Steps[name].plain()
	}
	return []any{uint8(t.Kind), t.Min, t.Max, t.List, t.Of.plain(), parts, t.Tag, steps, t.Required}
}
