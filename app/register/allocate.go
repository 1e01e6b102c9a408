package register

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"hejie/app/casework/data"
	"hejie/app/casework/numbers"
)

// Desk is a seat that numbers cases. Slot says which block is its own before
// anybody gives it a range: the one of slot k is [1+block·k, block+block·k]. No
// two desks of a unit have one slot, and a desk's never changes. The block's size
// is that of the numbering table.
type Desk struct {
	Seat string // hexadecimal
	Slot int    // from 0
}

// Stretch is numbers in a row that one desk may use.
type Stretch struct {
	From, To int64 // both included
}

// Overlap is numbers that two desks claim: they belong to nobody until somebody
// changes one of the ranges.
type Overlap struct {
	Seats  [2]string `json:"seats"` // sorted
	Series string    `json:"series"`
	Year   int64     `json:"year"`
	From   int64     `json:"from"`
	To     int64     `json:"to"`
}

// Allocation says whose the numbers of one series and year are.
type Allocation struct {
	Series   string
	Year     int64
	Overlaps []Overlap
	own      map[string][]Stretch // by seat, disjoint, in the order of use
}

// claim is what a desk thinks is its own.
type claim struct {
	seat  string
	given bool // by a range of the register
	Stretch
}

// claims are the stretches that seats claim: the ranges of the register, and the
// own block of each desk that has no range which takes the block's place.
func claims(ranges []NumberRange, desks []Desk, block int, series string, year int64) []claim {
	var out []claim
	replaced := map[string]bool{}
	for _, r := range ranges {
		if r.Series != series || r.Year != year || r.From < 1 || r.To > numbers.MaxN || r.From > r.To {
			continue
		}
		out = append(out, claim{seat: r.Seat, given: true, Stretch: Stretch{r.From, r.To}})
		replaced[r.Seat] = replaced[r.Seat] || !r.Adds
	}
	for _, d := range desks {
		from := int64(d.Slot)*int64(block) + 1
		to := min(from+int64(block)-1, numbers.MaxN)
		if !replaced[d.Seat] && d.Slot >= 0 && block > 0 && from <= to {
			out = append(out, claim{seat: d.Seat, Stretch: Stretch{from, to}})
		}
	}
	slices.SortFunc(out, func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.seat, b.seat))
	})
	return out
}

// Allocate shares the numbers of a series and year among desks. A range of the
// register takes the place of its seat's own block, or adds to it; what two
// seats claim, whether by ranges or by blocks, belongs to neither. So no number
// has two owners, whatever was written apart and in whatever order it came.
func Allocate(ranges []NumberRange, desks []Desk, block int, series string, year int64) Allocation {
	a := Allocation{Series: series, Year: year, own: map[string][]Stretch{}}
	all := claims(ranges, desks, block, series, year)
	for i, c := range all {
		free := []Stretch{c.Stretch}
		for j, other := range all {
			if other.seat == c.seat {
				continue
			}
			if low, high := max(c.From, other.From), min(c.To, other.To); low <= high {
				free = without(free, Stretch{low, high})
				if i < j {
					a.Overlaps = append(a.Overlaps, overlap(c.seat, other.seat, series, year, low, high))
				}
			}
		}
		a.own[c.seat] = append(a.own[c.seat], free...)
	}
	for seat, list := range a.own {
		a.own[seat] = merged(list)
	}
	slices.SortFunc(a.Overlaps, func(x, y Overlap) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), slices.Compare(x.Seats[:], y.Seats[:]))
	})
	a.Overlaps = slices.Compact(a.Overlaps)
	return a
}

func overlap(a, b, series string, year, from, to int64) Overlap {
	if a > b {
		a, b = b, a
	}
	return Overlap{Seats: [2]string{a, b}, Series: series, Year: year, From: from, To: to}
}

// without takes a stretch out of others.
func without(list []Stretch, gone Stretch) []Stretch {
	var out []Stretch
	for _, s := range list {
		if s.To < gone.From || s.From > gone.To {
			out = append(out, s)
			continue
		}
		if s.From < gone.From {
			out = append(out, Stretch{s.From, gone.From - 1})
		}
		if s.To > gone.To {
			out = append(out, Stretch{gone.To + 1, s.To})
		}
	}
	return out
}

// merged sorts stretches and joins those that touch.
func merged(list []Stretch) []Stretch {
	slices.SortFunc(list, func(a, b Stretch) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	var out []Stretch
	for _, s := range list {
		if n := len(out); n > 0 && s.From <= out[n-1].To+1 {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Of are the numbers of a seat, ascending.
func (a Allocation) Of(seat string) []Stretch { return a.own[seat] }

// Has reports whether a number is a seat's own.
func (a Allocation) Has(seat string, n int64) bool {
	return slices.ContainsFunc(a.own[seat], func(s Stretch) bool { return n >= s.From && n <= s.To })
}

// NumberError says why a number can't be had. Code has a sentence under
// "number.<code>": exhausted, none, outside, overlap, voided, used, claimed.
type NumberError struct {
	Code   string
	Series string
	Year   int64
	Params map[string]string
}

// Error is the English sentence.
func (e *NumberError) Error() string { return e.Text(data.English) }

// Text is the sentence in the language.
func (e *NumberError) Text(lang data.Lang) string {
	params := map[string]string{"series": data.Name("number_series", e.Series, lang), "year": strconv.FormatInt(e.Year, 10)}
	for k, v := range e.Params {
		params[k] = v
	}
	return data.Text(lang, "number."+e.Code, params)
}

func (a Allocation) refuse(code string, params ...string) *NumberError {
	e := &NumberError{Code: code, Series: a.Series, Year: a.Year, Params: map[string]string{}}
	for i := 0; i+1 < len(params); i += 2 {
		e.Params[params[i]] = params[i+1]
	}
	return e
}

// Taken tells which numbers of a series and year are gone.
type Taken struct {
	Used   map[int64]bool // by cases
	Voided map[int64]bool
}

// VoidedOf are the voided numbers of a series and year.
func (v Register) VoidedOf(series string, year int64) map[int64]bool {
	out := map[int64]bool{}
	for _, n := range v.Voided {
		if n.Series == series && n.Year == year {
			out[n.Number] = true
		}
	}
	return out
}

// Next is the smallest free number of a seat above those that it has used: a
// gap that somebody left is not filled behind his back, unless nothing else is
// left. It fails with *NumberError: none (the seat has no numbers at all),
// exhausted.
func (a Allocation) Next(seat string, gone Taken) (int64, error) {
	own := a.own[seat]
	if len(own) == 0 {
		return 0, a.refuse("none")
	}
	free := func(n int64) bool { return !gone.Used[n] && !gone.Voided[n] }
	for _, s := range own {
		last := s.From - 1
		for n := s.From; n <= s.To; n++ {
			if !free(n) {
				last = n
			}
		}
		if last < s.To {
			return last + 1, nil
		}
	}
	for _, s := range own {
		for n := s.From; n <= s.To; n++ {
			if free(n) {
				return n, nil
			}
		}
	}
	return 0, a.refuse("exhausted", "ranges", stretchText(own))
}

// Use tells whether a seat may give a case this number. It fails with
// *NumberError: outside, overlap, voided, used.
func (a Allocation) Use(seat string, n int64, gone Taken) error {
	number := strconv.FormatInt(n, 10)
	switch {
	case gone.Voided[n]:
		return a.refuse("voided", "number", number)
	case gone.Used[n]:
		return a.refuse("used", "number", number)
	case a.Has(seat, n):
		return nil
	}
	for _, o := range a.Overlaps {
		if n >= o.From && n <= o.To && slices.Contains(o.Seats[:], seat) {
			return a.refuse("overlap", "number", number)
		}
	}
	return a.refuse("outside", "number", number, "ranges", stretchText(a.own[seat]))
}

// MayVoid tells whether a number may be voided: one that a case bears may not.
// It fails with *NumberError: used, voided.
func (a Allocation) MayVoid(n int64, gone Taken) error {
	number := strconv.FormatInt(n, 10)
	switch {
	case gone.Voided[n]:
		return a.refuse("voided", "number", number)
	case gone.Used[n]:
		return a.refuse("used", "number", number)
	}
	return nil
}

func stretchText(list []Stretch) string {
	out := ""
	for i, s := range list {
		if i > 0 {
			out += ", "
		}
		out += fmt.Sprintf("%d–%d", s.From, s.To)
	}
	if out == "" {
		return "–"
	}
	return out
}

// Claim tells whether ranges may be written: none of them may take what another
// desk has, by a range or as its own block. view is the register before the
// edit. It fails with *NumberError of code claimed, which names the numbers and
// the seat ({seat}).
//
// So numbers leave a desk only when that desk's ranges are changed. What two
// people write apart can't be seen here; Allocate takes it from both.
func Claim(view Register, edit Edited, desks []Desk, block int) error {
	after := slices.DeleteFunc(slices.Clone(view.Ranges), func(r NumberRange) bool { return slices.Contains(edit.RangesGone, r.ID) })
	after = append(after, edit.Ranges...)
	for _, r := range edit.Ranges {
		a := Allocate(after, desks, block, r.Series, r.Year)
		for _, o := range a.Overlaps {
			low, high := max(o.From, r.From), min(o.To, r.To)
			if low > high || !slices.Contains(o.Seats[:], r.Seat) {
				continue
			}
			other := o.Seats[0]
			if other == r.Seat {
				other = o.Seats[1]
			}
			return a.refuse("claimed", "from", strconv.FormatInt(low, 10), "to", strconv.FormatInt(high, 10), "seat", other)
		}
	}
	return nil
}
