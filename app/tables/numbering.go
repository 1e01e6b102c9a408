package tables

import (
	"regexp"
	"slices"
	"strings"
)

// Numbering is the table of the numbers of files: how they look, and in what
// ranges the desks of a unit draw them, so that no two draw the same.
type Numbering struct {
	Template string   `json:"template"`      // with {YYYY}, {abbr}, {word} and {N}
	Words    []Named  `json:"words"`         // what may stand for {word}
	Block    int      `json:"block"`         // numbers that one desk draws ahead
	Digits   int      `json:"digits"`        // most digits of {N}
	Pad      int      `json:"pad,omitempty"` // least digits of {N}, filled with zeros
	Series   []Series `json:"series"`
	Source   string   `json:"source"`
}

// Series is one series of numbers. It begins anew each year.
type Series struct {
	ID       string `json:"id"`
	Zh       string `json:"zh"`
	En       string `json:"en"`
	Word     string `json:"word"`               // the Zh of one of Numbering.Words
	As       string `json:"as,omitempty"`       // bears the number of that series
	Template string `json:"template,omitempty"` // instead of the table's
	Source   string `json:"source"`
}

// Name is the series' name in the language.
func (s Series) Name(lang string) string { return Text{s.Zh, s.En}.In(lang) }

func (s Series) rowID() string { return s.ID }

// The series that the program names.
const (
	SeriesVolume    = "volume"
	SeriesAgreement = "agreement"
	SeriesOral      = "oral"
	SeriesLetter    = "letter"
	SeriesRefusal   = "refusal"
	SeriesSweep     = "sweep"
)

// Bounds of numbers.
const (
	maxBlock  = 10_000 // a desk that draws more wastes the numbers of the others
	maxDigits = 6
)

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

func (t *Numbering) check() error {
	err := first(
		checkTemplate("template", t.Template), checkIDs("words", t.Words), checkIDs("series", t.Series),
		checkHas("series", t.Series, []string{SeriesVolume, SeriesAgreement, SeriesOral, SeriesLetter, SeriesRefusal, SeriesSweep}),
	)
	if err != nil {
		return err
	}
	if t.Digits < 1 || t.Digits > maxDigits {
		return outOfBounds("digits", t.Digits, 1, maxDigits)
	}
	if most := min(maxBlock, powerOfTen(t.Digits)-1); t.Block < 1 || t.Block > most {
		return outOfBounds("block", t.Block, 1, most)
	}
	if t.Pad > t.Digits {
		return outOfBounds("pad", t.Pad, 0, t.Digits)
	}
	for i, s := range t.Series {
		if err := t.checkSeries(label("series", i, s.ID), s); err != nil {
			return err
		}
	}
	return nil
}

func (t *Numbering) checkSeries(row string, s Series) error {
	var words []string
	for _, w := range t.Words {
		words = append(words, w.Zh)
	}
	if err := checkAmong(row+".word", []string{s.Word}, words); err != nil {
		return err
	}
	if s.Template != "" {
		if err := checkTemplate(row+".template", s.Template); err != nil {
			return err
		}
	}
	if s.As == "" {
		return nil
	}
	other, ok := find(t.Series, s.As)
	if !ok || other.As != "" || s.As == s.ID {
		return &Error{Row: row + ".as", Code: CodeNoSeries, Params: map[string]string{"value": shorten(s.As)}}
	}
	return nil
}

// checkTemplate holds that numbers of a template differ: it has the year and
// the number, and nothing in braces that is not known.
func checkTemplate(row, template string) error {
	found := placeholder.FindAllString(template, -1)
	for _, p := range found {
		if !slices.Contains([]string{"{YYYY}", "{abbr}", "{word}", "{N}"}, p) {
			return &Error{Row: row, Code: CodeTemplate, Params: map[string]string{"value": shorten(p)}}
		}
	}
	for _, need := range []string{"{YYYY}", "{word}", "{N}"} {
		if n := strings.Count(template, need); n != 1 {
			return &Error{Row: row, Code: CodeTemplate, Params: map[string]string{"value": need}}
		}
	}
	if rest := placeholder.ReplaceAllString(template, ""); strings.ContainsAny(rest, "{}") {
		return &Error{Row: row, Code: CodeTemplate, Params: map[string]string{"value": "{ }"}}
	}
	return nil
}

func powerOfTen(digits int) int {
	out := 1
	for range digits {
		out *= 10
	}
	return out
}

// Format makes the nth number of a series in a year for the unit with that
// short name: （2026）河湾人调字第7号. A series that bears another's numbers is
// written with that other's word. The error is an [*Error] for an unknown
// series or a number beyond its digits.
func (t *Numbering) Format(series string, year int, abbr string, n int) (string, error) {
	s, ok := find(t.Series, series)
	if !ok {
		return "", &Error{Table: TableNumbering, Row: "series", Code: CodeNoSeries, Params: map[string]string{"value": shorten(series)}}
	}
	if s.As != "" {
		return t.Format(s.As, year, abbr, n)
	}
	if most := powerOfTen(t.Digits) - 1; n < 1 || n > most {
		return "", &Error{Table: TableNumbering, Row: s.ID, Code: CodeExhausted, Params: map[string]string{"value": itoa(n), "most": itoa(most)}}
	}
	template := t.Template
	if s.Template != "" {
		template = s.Template
	}
	number := itoa(n)
	if pad := t.Pad - len(number); pad > 0 {
		number = strings.Repeat("0", pad) + number
	}
	return strings.NewReplacer("{YYYY}", itoa(year), "{abbr}", abbr, "{word}", s.Word, "{N}", number).Replace(template), nil
}
