package tables

import (
	"slices"
	"strings"
	"time"
)

// Holidays is the table of days off and make-up workdays, year by year as the
// State Council's notices give them.
type Holidays struct {
	Years []Year `json:"years"`
}

// Year is what one notice says.
type Year struct {
	Year     int       `json:"year"`
	Source   string    `json:"source"`
	Holidays []Holiday `json:"holidays"`
}

// Holiday is one stretch of days off, for one statutory holiday or for two
// that meet.
type Holiday struct {
	Festivals []string `json:"festivals"` // of Festivals
	Zh        string   `json:"zh"`
	En        string   `json:"en"`
	Off       []string `json:"off"`            // every day off, weekends among them too
	Work      []string `json:"work,omitempty"` // make-up workdays, all of them weekend days

	offDays, workDays []day
}

// festivals are the holidays for everybody by 全国年节及纪念日放假办法, each with
// the day that it can't be without where that day is fixed in the calendar.
var festivals = []struct {
	id    string
	month time.Month
	day   int
}{
	{"new_year", time.January, 1},
	{"spring_festival", 0, 0},
	{"qingming", 0, 0},
	{"labour_day", time.May, 1},
	{"dragon_boat", 0, 0},
	{"mid_autumn", 0, 0},
	{"national_day", time.October, 1},
}

// Festivals are the ids of the statutory holidays, in the order of the year.
func Festivals() []string {
	out := make([]string, len(festivals))
	for i, f := range festivals {
		out[i] = f.id
	}
	return out
}

func (h *Holidays) check() error {
	for i := range h.Years {
		y := &h.Years[i]
		row := label("years", i, itoa(y.Year))
		if y.Year < firstYear+1 || y.Year > lastYear {
			return outOfBounds(row, y.Year, firstYear+1, lastYear)
		}
		if i > 0 && y.Year <= h.Years[i-1].Year {
			return &Error{Row: row, Code: CodeDuplicate, Params: map[string]string{"value": itoa(y.Year)}}
		}
		if i > 0 && y.Year != h.Years[i-1].Year+1 {
			return &Error{Row: row, Code: CodeYearHole, Params: map[string]string{"year": itoa(h.Years[i-1].Year + 1)}}
		}
		if err := y.check(row); err != nil {
			return err
		}
	}
	return nil
}

func (y *Year) check(row string) error {
	used := map[day]bool{}
	var have []string
	for i := range y.Holidays {
		h := &y.Holidays[i]
		at := row + "." + label("holidays", i, strings.Join(h.Festivals, "+"))
		if err := h.read(at, y.Year, used); err != nil {
			return err
		}
		for _, f := range h.Festivals {
			if slices.Contains(have, f) {
				return &Error{Row: at, Code: CodeDuplicate, Params: map[string]string{"value": f}}
			}
			have = append(have, f)
		}
	}
	for _, f := range Festivals() {
		if !slices.Contains(have, f) {
			return &Error{Row: row, Code: CodeFestival, Params: map[string]string{"value": f, "year": itoa(y.Year)}}
		}
	}
	return nil
}

// read takes the days of a holiday and holds that they make sense; used are
// those that the year has spoken of.
func (h *Holiday) read(row string, year int, used map[day]bool) error {
	if err := checkAmong(row, h.Festivals, Festivals()); err != nil {
		return err
	}
	var err error
	if h.offDays, err = readDays(row+".off", h.Off, year, used); err != nil {
		return err
	}
	if h.workDays, err = readDays(row+".work", h.Work, year, used); err != nil {
		return err
	}
	for i := 1; i < len(h.offDays); i++ {
		if h.offDays[i] != h.offDays[i-1]+1 {
			return &Error{Row: row + ".off", Code: CodeGap, Params: map[string]string{"from": h.Off[i-1], "to": h.Off[i]}}
		}
	}
	for i, d := range h.workDays {
		if !d.weekend() {
			return &Error{Row: row + ".work", Code: CodeMakeup, Params: map[string]string{"value": h.Work[i]}}
		}
	}
	return h.checkFixed(row, year)
}

// checkFixed holds that 1 January, 1 May and 1 October are off.
func (h *Holiday) checkFixed(row string, year int) error {
	for _, f := range festivals {
		if f.day == 0 || !slices.Contains(h.Festivals, f.id) {
			continue
		}
		if d := dayAt(year, f.month, f.day); !slices.Contains(h.offDays, d) {
			return &Error{Row: row + ".off", Code: CodeFixed, Params: map[string]string{"value": d.String()}}
		}
	}
	return nil
}

func readDays(row string, texts []string, year int, used map[day]bool) ([]day, error) {
	var out []day
	for _, s := range texts {
		d, err := parseDay(s)
		if err != nil {
			return nil, at(row, err)
		}
		// The days around 1 January may begin in the December before.
		if d < dayAt(year-1, time.December, newYearDays) || d.year() > year {
			return nil, &Error{Row: row, Code: CodeOutside, Params: map[string]string{"value": s, "year": itoa(year)}}
		}
		if used[d] {
			return nil, &Error{Row: row, Code: CodeOffTwice, Params: map[string]string{"value": s}}
		}
		used[d] = true
		out = append(out, d)
	}
	return out, nil
}

// over lays the years of a later publication over those here.
func (h *Holidays) over(later *Holidays) *Holidays {
	out := &Holidays{}
	for _, y := range h.Years {
		if !slices.ContainsFunc(later.Years, func(l Year) bool { return l.Year == y.Year }) {
			out.Years = append(out.Years, y)
		}
	}
	out.Years = append(out.Years, later.Years...)
	slices.SortFunc(out.Years, func(a, b Year) int { return a.Year - b.Year })
	return out
}
