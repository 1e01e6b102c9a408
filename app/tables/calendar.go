package tables

import (
	"slices"
	"time"
)

// Calendar knows which days are worked. It is made from the holidays table and
// never changes.
type Calendar struct {
	years map[int]bool
	off   map[day]Text // days off and the holiday
	work  map[day]Text // make-up workdays and the holiday
}

// newCalendar joins the years; where two of them speak of one day (a new
// year's day that begins in December), the later year's notice counts.
func newCalendar(years []Year) *Calendar {
	c := &Calendar{years: map[int]bool{}, off: map[day]Text{}, work: map[day]Text{}}
	sorted := slices.SortedStableFunc(slices.Values(years), func(a, b Year) int { return a.Year - b.Year })
	for _, y := range sorted {
		c.years[y.Year] = true
		for _, h := range y.Holidays {
			for _, d := range h.offDays {
				c.off[d] = Text{h.Zh, h.En}
				delete(c.work, d)
			}
			for _, d := range h.workDays {
				c.work[d] = Text{h.Zh, h.En}
				delete(c.off, d)
			}
		}
	}
	return c
}

// DayInfo says what kind of day one is.
type DayInfo struct {
	Work    bool      `json:"work"`              // a workday
	Makeup  bool      `json:"makeup,omitempty"`  // a weekend day that is worked
	Holiday *Text     `json:"holiday,omitempty"` // a day off, or made up for
	Warning []Warning `json:"warnings,omitempty"`
}

// Day says what kind of day one is. Where the year's notice is unknown it is
// judged by weekends only, with a warning.
func (c *Calendar) Day(s string) (DayInfo, error) {
	d, err := parseDay(s)
	if err != nil {
		return DayInfo{}, err
	}
	info := DayInfo{Work: c.works(d), Warning: c.doubt(nil, d)}
	if name, ok := c.work[d]; ok {
		info.Makeup, info.Holiday = true, &name
	} else if name, ok := c.off[d]; ok {
		info.Holiday = &name
	}
	return info, nil
}

// Knows tells whether the notice of a year's holidays is in the table.
func (c *Calendar) Knows(year int) bool { return c.years[year] }

// AddWorkingDays gives the nth workday after a day, which is not counted
// itself. n is between 0 and [MaxAdd]; with 0 it is the day as given.
// Warnings name the years whose holidays are unknown.
func (c *Calendar) AddWorkingDays(start string, n int) (string, []Warning, error) {
	d, err := parseDay(start)
	if err != nil {
		return "", nil, err
	}
	if err := checkAdd(n); err != nil {
		return "", nil, err
	}
	end, warnings := c.addWorking(d, n, nil)
	return end.String(), warnings, nil
}

// WorkingDays counts the workdays from a day on and before another.
func (c *Calendar) WorkingDays(from, to string) (int, []Warning, error) {
	a, err := parseDay(from)
	if err != nil {
		return 0, nil, err
	}
	b, err := parseDay(to)
	if err != nil {
		return 0, nil, err
	}
	n, warnings := c.countWorking(a, b, nil)
	return n, warnings, nil
}

// Last is the last day of a period.
type Last struct {
	On       string    `json:"on"`
	Moved    *Move     `json:"moved,omitempty"`
	Warnings []Warning `json:"warnings,omitempty"`
}

// LastDay moves the last day of a period that is a rest day, weekend and
// statutory holiday alike, to the first day after the rest (民诉法 art. 85,
// 民法典 art. 203). A make-up Saturday is a workday and is not moved.
func (c *Calendar) LastDay(s string) (Last, error) {
	d, err := parseDay(s)
	if err != nil {
		return Last{}, err
	}
	on, moved, warnings := c.last(d, nil)
	return Last{On: on.String(), Moved: moved, Warnings: warnings}, nil
}

func (c *Calendar) works(d day) bool {
	if _, ok := c.off[d]; ok {
		return false
	}
	if _, ok := c.work[d]; ok {
		return true
	}
	return !d.weekend()
}

func (c *Calendar) last(d day, warnings []Warning) (day, *Move, []Warning) {
	on := d
	warnings = c.doubt(warnings, on)
	for !c.works(on) {
		on++
		warnings = c.doubt(warnings, on)
	}
	if on == d {
		return d, nil, warnings
	}
	move := &Move{From: d.String(), To: on.String(), Reason: MovedWeekend}
	if name, ok := c.off[d]; ok {
		move.Reason, move.Holiday = MovedHoliday, &name
	}
	return on, move, warnings
}

func (c *Calendar) addWorking(d day, n int, warnings []Warning) (day, []Warning) {
	end := d
	for n > 0 {
		end++
		if c.works(end) {
			n--
		}
	}
	return end, c.doubtAll(warnings, d+1, end+1)
}

// countWorking counts the workdays in [from, to).
func (c *Calendar) countWorking(from, to day, warnings []Warning) (int, []Warning) {
	n := 0
	for d := from; d < to; d++ {
		if c.works(d) {
			n++
		}
	}
	return n, c.doubtAll(warnings, from, to)
}

// newYearDays is the first day of December that a following year's notice has
// ever reached back to, and some: the notice of 2019 began at 29 December 2018.
const newYearDays = 25

// doubt adds a warning where the notice that rules a day is not in the table.
func (c *Calendar) doubt(warnings []Warning, d day) []Warning {
	t := d.time()
	warnings = c.doubtYear(warnings, t.Year())
	if t.Month() == time.December && t.Day() >= newYearDays {
		warnings = c.doubtYear(warnings, t.Year()+1)
	}
	return warnings
}

// doubtAll doubts every day of [from, to), year by year.
func (c *Calendar) doubtAll(warnings []Warning, from, to day) []Warning {
	for from < to {
		warnings = c.doubt(warnings, from)
		if next := dayAt(from.year(), time.December, newYearDays); from < next {
			from = next
		} else {
			from = dayAt(from.year()+1, time.January, 1)
		}
	}
	return warnings
}

func (c *Calendar) doubtYear(warnings []Warning, year int) []Warning {
	if c.years[year] {
		return warnings
	}
	return warn(warnings, Warning{Code: WarnYear, Params: map[string]string{"year": itoa(year)}})
}
