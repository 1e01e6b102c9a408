package casework

import (
	"strings"
	"time"

	"hejie/sync/crdt"
)

// beijing is the zone in which days of a case are counted. It is fixed, not
// loaded: China has had one zone and no summer time since 1992.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)

const dayLayout = "2006-01-02"

// parseDay reads a possible day such as 2026-03-10, at midnight in Beijing.
func parseDay(s string) (time.Time, bool) {
	if !crdt.IsDate(s) {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation(dayLayout, s, beijing)
	return t, err == nil
}

// parseInstant reads a possible RFC 3339 date and time with zone.
func parseInstant(s string) (time.Time, bool) {
	s = strings.ToUpper(s)
	if !crdt.IsTime(s) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// BeijingDay is the Beijing day (2026-03-10) of a day or of an instant with
// zone; "" where s is neither.
func BeijingDay(s string) string {
	if t, ok := parseDay(s); ok {
		return t.Format(dayLayout)
	}
	if t, ok := parseInstant(s); ok {
		return t.In(beijing).Format(dayLayout)
	}
	return ""
}
