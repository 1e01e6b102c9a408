package station

import (
	"encoding/json"
	"errors"
	"strconv"

	"hejie/app/casework"
	"hejie/app/casework/numbers"
	"hejie/app/register"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/crdt"
)

// usedNumber is a number of a unit's series that a case bears.
type usedNumber struct {
	Unit   store.ID `json:"unit"`
	Series string   `json:"series"`
	Year   int64    `json:"year"`
	N      int64    `json:"n"`
}

// maxUsedNumbers bounds those of one case: honest desks give one or two.
const maxUsedNumbers = 50

// usedBy are the numbers of series that a case bears.
func usedBy(s *crdt.State) []usedNumber {
	const maxYear = 9999
	var out []usedNumber
	for _, n := range casework.FileNumbers(s) {
		if n.Series != "" && len(n.Series) <= maxRowNumber && n.N >= 1 && n.N <= numbers.MaxN && n.Year >= 1 && n.Year <= maxYear && len(out) < maxUsedNumbers {
			out = append(out, usedNumber{Unit: n.Unit, Series: n.Series, Year: n.Year, N: n.N})
		}
	}
	return out
}

// numbered gives an acceptance the next number of this desk where the unit's
// register says how its numbers are written, and looks whether a number of a
// series that is given is this desk's to give. What is no number of a series is
// left as it is, and what is no object is casework's to refuse.
func (ss *Session) numbered(rd store.Reader, step string, fields json.RawMessage) (json.RawMessage, error) {
	if step != casework.StepAccept && step != casework.StepNumber {
		return fields, nil
	}
	given := map[string]json.RawMessage{}
	if len(fields) > 0 {
		read(fields, &given)
	}
	switch {
	case given["n"] != nil || given["series"] != nil:
		return fields, ss.mayNumber(rd, given)
	case given["number"] != nil || step != casework.StepAccept || given["at"] == nil:
		return fields, nil
	}
	var at string
	day := ""
	if read(given["at"], &at) {
		day = casework.BeijingDay(at)
	}
	if day == "" {
		return fields, nil
	}
	year, err := strconv.Atoi(day[:len("2026")])
	if err != nil {
		return nil, err
	}
	return ss.nextNumber(rd, given, fields, year)
}

// read reports whether raw is JSON of into's kind.
func read(raw json.RawMessage, into any) bool { return json.Unmarshal(raw, into) == nil }

// nextNumber adds the number to the fields. A desk with nothing left accepts
// without one: the file is numbered later.
func (ss *Session) nextNumber(rd store.Reader, given map[string]json.RawMessage, fields json.RawMessage, year int) (json.RawMessage, error) {
	n, err := ss.numbering(rd, tables.SeriesVolume, year)
	if err != nil || n.own.Abbr == "" {
		return fields, err
	}
	no, err := n.next()
	var none *register.NumberError
	switch {
	case errors.As(err, &none):
		return fields, nil
	case err != nil:
		return nil, err
	}
	text, err := n.text(no)
	if err != nil {
		return nil, err
	}
	for key, v := range map[string]any{"number": text, "series": n.series, "year": year, "n": no} {
		if given[key], err = json.Marshal(v); err != nil {
			return nil, err
		}
	}
	return json.Marshal(given)
}

// mayNumber looks whether a number that is given is this desk's, free and not voided.
func (ss *Session) mayNumber(rd store.Reader, given map[string]json.RawMessage) error {
	var series string
	var year int
	var no int64
	if !read(given["series"], &series) || !read(given["year"], &year) || !read(given["n"], &no) {
		return problem("number_parts", "a number of a series needs series, year and n: give all three, or the number alone")
	}
	n, err := ss.numbering(rd, series, year)
	if err != nil {
		return err
	}
	return n.mayUse(no)
}
