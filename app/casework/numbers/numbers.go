// Package numbers reads and writes the numbers that mediation files and court
// cases bear: 〔2026〕河湾人调字第3号, （2026）样0125民诉前调27号.
//
// It is for taking a number apart. It may not decide which number comes next
// (package register does) nor print one (the numbering table does), and it
// computes no court number: those are given by courts and only recorded. Main
// invariant: what Parse takes, String writes in one form with full-width
// brackets, and parsing that again gives the same parts. Patterns: DOMAIN 5.5.
package numbers

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what is read.
const (
	// MaxText bounds a number's text in characters: the longest of real courts
	// have about 40.
	MaxText = 60
	// MaxN is the greatest number of a mediation series: six digits (DOMAIN 3.3).
	MaxN = 999_999
	// firstCourtYear is from when court numbers have codes of courts (法〔2015〕137号,
	// in force 2016-01-01); older ones are free text.
	firstCourtYear = 2016
)

const (
	left  = `[（(\[〔]`
	right = `[）)\]〕]`
	han   = `\x{4e00}-\x{9fff}`
)

var (
	courtForm = regexp.MustCompile(`^` + left + `(\d{4})` + right + `\s*(最高法|[` + han + `](?:\d{2,4})?)([` + han + `]{1,8}?)(?:字第)?(\d+)号(之[一二三四五六七八九十]+)?$`)
	plainForm = regexp.MustCompile(`^` + left + `(\d{4})` + right + `\s*(.{0,12}?)(人调|民调|调解|调)字第?(\d{1,6})号$`)
	// prefixForm has the committee's name before the year: 晋医人调字[2019]011号.
	prefixForm = regexp.MustCompile(`^(.{1,12}?)(人调|民调|调解|调)字` + left + `(\d{4})` + right + `\s*第?(\d{1,6})号$`)
)

// Court is a court's number taken apart.
type Court struct {
	Year  int    // from 2016
	Court string // the court's code: 浙0102, 最高法
	Type  string // type of case: 民诉前调, 诉前调确
	N     string // digits as written
	Sub   string // 之一, or empty
}

// String is the number with full-width brackets.
func (c Court) String() string {
	return "（" + strconv.Itoa(c.Year) + "）" + c.Court + c.Type + c.N + "号" + c.Sub
}

// ParseCourt reads a court's number; half-width and square brackets are taken
// too. False: it is none of that form (also one of before 2016, when courts had
// no codes), and is kept as free text.
func ParseCourt(s string) (Court, bool) {
	m := match(courtForm, s)
	if m == nil || len(m[4]) > len("999999999") {
		return Court{}, false
	}
	year := atoi(m[1])
	if year < firstCourtYear {
		return Court{}, false
	}
	return Court{Year: year, Court: m[2], Type: m[3], N: m[4], Sub: m[5]}, true
}

// courtTypes are the types of cases that the program knows, each with its code
// in the table "court_number"; a court may use others.
var courtTypes = []struct{ word, code string }{
	{"民诉前调", "pre_mediation"},
	{"诉前调确", "pre_confirmation"},
	{"诉前调书", "pre_document"},
	{"民特", "civil_special"},
	{"民初", "civil_first"},
	{"民督", "payment_order"},
	{"民终", "civil_second"},
	{"民申", "civil_review"},
	{"执", "enforcement"},
	{"执恢", "enforcement_resumed"},
	{"执保", "enforcement_secured"},
	{"财保", "property_secured"},
	{"行初", "administrative_first"},
}

// otherType is the code of every type that is not among them.
const otherType = "other"

// CourtTypes are the words of the types of cases that the program knows.
func CourtTypes() []string {
	var out []string
	for _, t := range courtTypes {
		out = append(out, t.word)
	}
	return out
}

// TypeCode is the code of the type of case in the table "court_number".
func (c Court) TypeCode() string {
	for _, t := range courtTypes {
		if t.word == c.Type {
			return t.code
		}
	}
	return otherType
}

// KnownType reports whether the type of case is one that the program knows.
// What it does not know is a warning, never a refusal: courts add types.
func (c Court) KnownType() bool { return c.TypeCode() != otherType }

// Mediation is the number of a mediation file or agreement taken apart.
type Mediation struct {
	Year   int
	Abbr   string // short name of the committee; may be empty
	Word   string // 人调, 民调, 调解 or 调
	N      int    // 0 to MaxN; 0 is written by nobody's series, but by people
	Digits string // N as written: 011
}

// String is the number in the common form, with full-width brackets.
func (m Mediation) String() string {
	digits := m.Digits
	if digits == "" {
		digits = strconv.Itoa(m.N)
	}
	return fmt.Sprintf("（%04d）", m.Year) + m.Abbr + m.Word + "字第" + digits + "号"
}

// ParseMediation reads the number of a mediation file in either style. False:
// it is none, and is kept as free text.
func ParseMediation(s string) (Mediation, bool) {
	if m := match(plainForm, s); m != nil {
		return mediation(m[1], m[2], m[3], m[4]), true
	}
	if m := match(prefixForm, s); m != nil {
		return mediation(m[3], m[1], m[2], m[4]), true
	}
	return Mediation{}, false
}

func mediation(year, abbr, word, n string) Mediation {
	return Mediation{Year: atoi(year), Abbr: strings.TrimSpace(abbr), Word: word, N: atoi(n), Digits: n}
}

// match applies a form to a text whose spaces around and full-width digits are
// taken for what they mean.
func match(form *regexp.Regexp, s string) []string {
	s = strings.TrimSpace(strings.Map(narrow, s))
	if n := utf8.RuneCountInString(s); n == 0 || n > MaxText || !utf8.ValidString(s) {
		return nil
	}
	return form.FindStringSubmatch(s)
}

// narrow makes full-width digits half-width.
func narrow(r rune) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// atoi reads digits that a pattern has bounded.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
