package tables

import (
	"errors"
	"fmt"
	"testing"
	"testing/quick"
	"time"
)

func TestAdd(t *testing.T) {
	for _, test := range []struct {
		start string
		n     int
		add   func(string, int) (string, error)
		want  string
	}{
		{"2026-03-10", 30, AddDays, "2026-04-09"},
		{"2026-03-10", 0, AddDays, "2026-03-10"},
		{"2026-12-31", 1, AddDays, "2027-01-01"},
		{"2028-02-28", 1, AddDays, "2028-02-29"},
		{"2026-01-31", 1, AddMonths, "2026-02-28"},
		{"2028-01-31", 1, AddMonths, "2028-02-29"},
		{"2026-08-31", 6, AddMonths, "2027-02-28"},
		{"2026-12-15", 1, AddMonths, "2027-01-15"},
		{"2026-03-31", 1, AddMonths, "2026-04-30"},
		{"2026-11-16", 2, AddYears, "2028-11-16"},
		{"2028-02-29", 2, AddYears, "2030-02-28"},
		{"2028-02-29", 4, AddYears, "2032-02-29"},
	} {
		got, err := test.add(test.start, test.n)
		if err != nil || got != test.want {
			t.Errorf("%s + %d is %s, %v; want %s", test.start, test.n, got, err, test.want)
		}
	}
}

func TestBadDays(t *testing.T) {
	for _, s := range []string{"", "2026-02-29", "2026-2-1", "2026-13-01", "26-01-01", "1899-12-31", "2201-01-01", "2026-03-10T08:00:00+08:00", "２０２６-01-01", " 2026-01-01"} {
		_, err := AddDays(s, 1)
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeDay {
			t.Errorf("%q: %v", s, err)
		}
		if ValidDay(s) {
			t.Errorf("%q is taken for a day", s)
		}
	}
	for _, n := range []int{-1, MaxAdd + 1} {
		if _, err := AddDays("2026-01-01", n); err == nil {
			t.Errorf("%d days are added", n)
		}
		if _, _, err := Default().Calendar().AddWorkingDays("2026-01-01", n); err == nil {
			t.Errorf("%d workdays are added", n)
		}
	}
}

// TestDays2026 walks the year by the notice: which days are off and worked.
func TestDays2026(t *testing.T) {
	off := []string{"01-01", "01-03", "02-15", "02-23", "04-04", "04-06", "05-01", "05-05", "06-19", "06-21", "09-25", "09-27", "10-01", "10-07"}
	for i := 0; i < len(off); i += 2 {
		for d := mustDay(t, "2026-"+off[i]); d <= mustDay(t, "2026-"+off[i+1]); d++ {
			if info := dayInfo(t, d.String()); info.Work || info.Holiday == nil {
				t.Errorf("%s is not off for a holiday: %+v", d, info)
			}
		}
	}
	for _, s := range []string{"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"} {
		if info := dayInfo(t, "2026-"+s); !info.Work || !info.Makeup {
			t.Errorf("2026-%s is no make-up workday: %+v", s, info)
		}
	}
	work := 0
	for d := dayAt(2026, time.January, 1); d.year() == 2026; d++ {
		if Default().Calendar().works(d) {
			work++
		}
	}
	// 261 weekdays, of which 19 are off, and 6 make-up days.
	if work != 248 {
		t.Errorf("2026 has %d workdays", work)
	}
	if info := dayInfo(t, "2026-03-14"); info.Work || info.Holiday != nil {
		t.Errorf("an ordinary Saturday: %+v", info)
	}
}

func dayInfo(t *testing.T, s string) DayInfo {
	t.Helper()
	info, err := Default().Calendar().Day(s)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func mustDay(t *testing.T, s string) day {
	t.Helper()
	d, err := parseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWorkingDays(t *testing.T) {
	for _, test := range []struct {
		start    string
		n        int
		want     string
		warnings string
	}{
		{"2026-09-01", 3, "2026-09-04", ""},
		{"2026-09-30", 3, "2026-10-10", ""}, // 8, 9 and the make-up Saturday
		{"2026-09-18", 1, "2026-09-20", ""}, // a make-up Sunday
		{"2026-09-24", 1, "2026-09-28", ""},
		{"2026-02-13", 2, "2026-02-24", ""}, // the make-up Saturday, then after the festival
		{"2026-02-27", 2, "2026-03-02", ""}, // the make-up Saturday, then Monday
		{"2026-05-08", 1, "2026-05-09", ""},
		{"2025-01-24", 1, "2025-01-26", ""},
		{"2025-12-31", 1, "2026-01-04", ""},
		{"2026-03-13", 0, "2026-03-13", ""},
		{"2026-03-14", 1, "2026-03-16", ""},
		{"2026-12-24", 1, "2026-12-25", "[year_unknown 2027]"},
		{"2026-12-31", 1, "2027-01-01", "[year_unknown 2027]"},
		{"2031-10-01", 3, "2031-10-06", "[year_unknown 2031]"},
		{"2031-12-31", 1, "2032-01-01", "[year_unknown 2032]"},
	} {
		got, warnings, err := Default().Calendar().AddWorkingDays(test.start, test.n)
		if err != nil || got != test.want || show(warnings) != test.warnings {
			t.Errorf("%s + %d is %s %s, %v; want %s %s", test.start, test.n, got, show(warnings), err, test.want, test.warnings)
		}
	}
}

func show(warnings []Warning) string {
	if len(warnings) == 0 {
		return ""
	}
	var out []string
	for _, w := range warnings {
		s := w.Code
		if y := w.Params["year"]; y != "" {
			s += " " + y
		}
		out = append(out, s)
	}
	return fmt.Sprint(out)
}

func TestLastDay(t *testing.T) {
	for _, test := range []struct{ day, want, reason, holiday, warnings string }{
		{"2026-04-09", "2026-04-09", "", "", ""},
		{"2026-10-02", "2026-10-08", MovedHoliday, "国庆节", ""},
		{"2026-10-10", "2026-10-10", "", "", ""}, // a make-up Saturday is worked
		{"2026-10-11", "2026-10-12", MovedWeekend, "", ""},
		{"2026-03-14", "2026-03-16", MovedWeekend, "", ""},
		{"2026-02-15", "2026-02-24", MovedHoliday, "春节", ""},
		{"2026-02-14", "2026-02-14", "", "", ""},
		{"2026-09-25", "2026-09-28", MovedHoliday, "中秋节", ""},
		{"2026-01-03", "2026-01-04", MovedHoliday, "元旦", ""},
		{"2026-05-02", "2026-05-06", MovedHoliday, "劳动节", ""},
		{"2025-10-04", "2025-10-09", MovedHoliday, "国庆节、中秋节", ""},
		{"2026-12-26", "2026-12-28", MovedWeekend, "", "[year_unknown 2027]"},
		{"2031-10-01", "2031-10-01", "", "", "[year_unknown 2031]"},
		{"2031-10-04", "2031-10-06", MovedWeekend, "", "[year_unknown 2031]"},
	} {
		got, err := Default().Calendar().LastDay(test.day)
		if err != nil {
			t.Fatal(err)
		}
		reason, holiday := "", ""
		if got.Moved != nil {
			reason = got.Moved.Reason
			if got.Moved.Holiday != nil {
				holiday = got.Moved.Holiday.Zh
			}
		}
		if got.On != test.want || reason != test.reason || holiday != test.holiday || show(got.Warnings) != test.warnings {
			t.Errorf("%s: %+v %s %s; want %+v", test.day, got, reason, holiday, test)
		}
	}
}

// TestCounting is a property: counting workdays undoes adding them, and a last
// day is always worked and never earlier.
func TestCounting(t *testing.T) {
	c := Default().Calendar()
	check := func(offset uint16, n uint8) bool {
		start := dayAt(2024, time.December, 1) + day(offset%1000)
		end, _ := c.addWorking(start, int(n), nil)
		counted, _ := c.countWorking(start+1, end+1, nil)
		last, moved, _ := c.last(start, nil)
		return counted == int(n) && c.works(last) && last >= start && (moved == nil) == (last == start)
	}
	if err := quick.Check(check, nil); err != nil {
		t.Error(err)
	}
}

// TestYearsThatMeet: a notice may give days of the December before, and a
// later notice speaks last.
func TestYearsThatMeet(t *testing.T) {
	p, err := Parse([]byte(holidays2019))
	if err != nil {
		t.Fatal(err)
	}
	h, ok := p.Content.(*Holidays)
	if !ok {
		t.Fatal("no holidays")
	}
	c := newCalendar(h.Years)
	for s, work := range map[string]bool{"2018-12-29": true, "2018-12-31": false, "2019-01-01": false, "2019-01-02": true} {
		info, err := c.Day(s)
		if err != nil || info.Work != work {
			t.Errorf("%s: %+v, %v", s, info, err)
		}
	}
	if info, _ := c.Day("2018-12-28"); show(info.Warning) != "[year_unknown 2018]" {
		t.Errorf("of 2018 nothing is known but its last days: %v", info.Warning)
	}
	if !c.Knows(2019) || c.Knows(2018) {
		t.Error("the years known are wrong")
	}
}

// holidays2019 is the notice of 2019, whose new year's days begin in 2018.
const holidays2019 = `{"table": "holidays", "version": 1, "valid_from": "2018-12-06", "source": "国办发明电〔2018〕15号", "content": {"years": [
 {"year": 2019, "source": "国办发明电〔2018〕15号", "holidays": [
  {"festivals": ["new_year"], "zh": "元旦", "en": "New Year", "off": ["2018-12-30", "2018-12-31", "2019-01-01"], "work": ["2018-12-29"]},
  {"festivals": ["spring_festival"], "zh": "春节", "en": "Spring Festival", "off": ["2019-02-04", "2019-02-05", "2019-02-06", "2019-02-07", "2019-02-08", "2019-02-09", "2019-02-10"], "work": ["2019-02-02", "2019-02-03"]},
  {"festivals": ["qingming"], "zh": "清明节", "en": "Qingming", "off": ["2019-04-05", "2019-04-06", "2019-04-07"]},
  {"festivals": ["labour_day"], "zh": "劳动节", "en": "Labour Day", "off": ["2019-05-01"]},
  {"festivals": ["dragon_boat"], "zh": "端午节", "en": "Dragon Boat", "off": ["2019-06-07", "2019-06-08", "2019-06-09"]},
  {"festivals": ["mid_autumn"], "zh": "中秋节", "en": "Mid-Autumn", "off": ["2019-09-13", "2019-09-14", "2019-09-15"]},
  {"festivals": ["national_day"], "zh": "国庆节", "en": "National Day", "off": ["2019-10-01", "2019-10-02", "2019-10-03", "2019-10-04", "2019-10-05", "2019-10-06", "2019-10-07"], "work": ["2019-09-29", "2019-10-12"]}]}]}}`
