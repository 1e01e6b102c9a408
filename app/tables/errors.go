package tables

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Codes of an [Error], stable for programs. Each has a sentence in
// messages.json under "error.<code>", and what to do under "error.<code>.hint".
const (
	CodeSize       = "size"       // a document beyond MaxTable
	CodeEncoding   = "encoding"   // broken UTF-8, a lone surrogate, a control character
	CodeSyntax     = "syntax"     // not JSON
	CodeDeep       = "deep"       // nested too deeply
	CodeTwice      = "twice"      // a field twice in one object
	CodeTable      = "table"      // no such table
	CodeUnknown    = "unknown"    // a field that the table does not have
	CodeMissing    = "missing"    // a field that is not there
	CodeType       = "type"       // another kind of value is wanted
	CodeEmpty      = "empty"      // nothing where a text or row is needed
	CodeLong       = "long"       // a text or list beyond its limit
	CodeID         = "id"         // not of the form of an id
	CodeDuplicate  = "duplicate"  // an id or entry twice
	CodeChoice     = "choice"     // not one of what can stand here
	CodeNumber     = "number"     // a number out of its bounds
	CodeDay        = "day"        // no possible day
	CodeOrder      = "order"      // a day before what it follows
	CodeLacks      = "lacks"      // a row that the program names is not there
	CodePosition   = "position"   // positions are not 1, 2, 3 …
	CodeYearHole   = "year_hole"  // a year between two others is not there
	CodeFestival   = "festival"   // a statutory holiday is not in its year
	CodeGap        = "gap"        // days off that do not follow each other
	CodeOffTwice   = "off_twice"  // a day off, or worked, twice
	CodeMakeup     = "makeup"     // a make-up workday that is no weekend day
	CodeOutside    = "outside"    // a day outside its year
	CodeFixed      = "fixed"      // a holiday without the day it is named for
	CodeTemplate   = "template"   // a template of numbers that can't make one
	CodeAuthority  = "authority"  // that body may not publish that table
	CodeMaster     = "master"     // the table, or the row, is the other master's
	CodePublisher  = "publisher"  // a publication without its publisher
	CodeExhausted  = "exhausted"  // a number beyond its digits
	CodeNoSeries   = "no_series"  // no such series of numbers
	CodeUnassigned = "unassigned" // a category that nobody receives
)

// Error says what is wrong, in which table and row, and what to do. Table and
// Row are empty where the fault is in what was given to a calculation.
type Error struct {
	Table  string
	Row    string // such as clocks[3] (mediation) or years[0].holidays[2].work
	Code   string
	Params map[string]string
}

// Error is the English sentence with its place and what to do.
func (e *Error) Error() string {
	s := e.Why(English)
	if hint := e.Hint(English); hint != "" {
		s += "; " + hint
	}
	if where := e.Where(); where != "" {
		return where + ": " + s
	}
	return s
}

// Where names the table and the row; once where the list is called like its
// table.
func (e *Error) Where() string {
	switch {
	case e.Table == "" || e.Row == e.Table || strings.HasPrefix(e.Row, e.Table+"["):
		return e.Row
	case e.Row == "":
		return e.Table
	}
	return e.Table + " " + e.Row
}

// Why says what is wrong, in the language.
func (e *Error) Why(lang string) string { return sentence(lang, "error."+e.Code, e.Params) }

// Hint says what to do, in the language.
func (e *Error) Hint(lang string) string { return sentence(lang, "error."+e.Code+".hint", e.Params) }

// maxShown bounds what an error repeats of what it was given.
const maxShown = 40

// shorten keeps an error's text readable whatever was given.
func shorten(s string) string {
	if !utf8.ValidString(s) {
		return "?"
	}
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return s
}

func itoa(n int) string { return strconv.Itoa(n) }
