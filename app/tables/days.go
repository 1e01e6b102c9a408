package tables

import (
	"regexp"
	"time"
)

// day is a civil day of Beijing as the number of days since 1970-01-01. It has
// no zone and no hours, so that counting can't slip by either.
type day int

const (
	dayLayout    = "2006-01-02"
	firstYear    = 1900
	lastYear     = 2200
	secondsOfDay = 24 * 60 * 60

	// MaxAdd bounds what is added to a day at once: days, months or years.
	MaxAdd = 36_600
)

var dayForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// parseDay reads a possible day such as 2026-03-10 from 1900 to 2200.
func parseDay(s string) (day, error) {
	d, err := readDay(s)
	if err == nil && (d.year() < firstYear || d.year() > lastYear) {
		err = &Error{Code: CodeDay, Params: map[string]string{"value": shorten(s)}}
	}
	return d, err
}

// readDay reads a possible day of any year: what was counted from bounded days
// may lie beyond the bound.
func readDay(s string) (day, error) {
	t, err := time.Parse(dayLayout, s)
	if err != nil || !dayForm.MatchString(s) {
		return 0, &Error{Code: CodeDay, Params: map[string]string{"value": shorten(s)}}
	}
	return dayOf(t), nil
}

func dayOf(t time.Time) day { return day(t.Unix() / secondsOfDay) }

func dayAt(year int, month time.Month, dayOfMonth int) day {
	// Days before 1970 are whole negative numbers of seconds: no rounding.
	return dayOf(time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC))
}

func (d day) time() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

func (d day) String() string { return d.time().Format(dayLayout) }

func (d day) year() int { return d.time().Year() }

// weekend tells Saturdays and Sundays. 1970-01-01 was a Thursday, and 700,000
// whole weeks keep the days before it from being negative.
func (d day) weekend() bool {
	w := time.Weekday((int(time.Thursday) + int(d) + 7*700_000) % 7)
	return w == time.Saturday || w == time.Sunday
}

// addMonths gives the corresponding day of a later month, or that month's last
// day where it has none (民法典 art. 202).
func (d day) addMonths(n int) day {
	t := d.time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, time.UTC)
	return dayAt(first.Year(), first.Month(), min(t.Day(), last.Day()))
}

// ValidDay tells whether s is a possible day such as 2026-03-10 that this
// package counts with (1900 to 2200).
func ValidDay(s string) bool {
	_, err := parseDay(s)
	return err == nil
}

// AddDays gives the day n calendar days later, the first day not counted
// (民诉法 art. 85, 民法典 art. 201). n is between 0 and [MaxAdd]; a bad day or
// number is an [*Error].
func AddDays(start string, n int) (string, error) {
	return added(start, n, func(d day) day { return d + day(n) })
}

// AddMonths gives the corresponding day n months later, or the month's last
// day where it has none (民法典 art. 202). Bounds as [AddDays].
func AddMonths(start string, n int) (string, error) {
	return added(start, n, func(d day) day { return d.addMonths(n) })
}

// AddYears gives the corresponding day n years later; 29 February becomes the
// 28th in a year without one (民法典 art. 202). Bounds as [AddDays].
func AddYears(start string, n int) (string, error) {
	return AddMonths(start, 12*n)
}

// DaysBetween counts the days from one day to another, negative where the
// second is earlier.
func DaysBetween(from, to string) (int, error) {
	a, err := parseDay(from)
	if err != nil {
		return 0, err
	}
	b, err := parseDay(to)
	if err != nil {
		return 0, err
	}
	return int(b - a), nil
}

func added(start string, n int, add func(day) day) (string, error) {
	d, err := parseDay(start)
	if err != nil {
		return "", err
	}
	if err := checkAdd(n); err != nil {
		return "", err
	}
	return add(d).String(), nil
}

func checkAdd(n int) error {
	if n < 0 || n > MaxAdd {
		return &Error{Code: CodeNumber, Params: map[string]string{"value": itoa(n), "least": "0", "most": itoa(MaxAdd)}}
	}
	return nil
}
