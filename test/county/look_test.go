//go:build unix

package county

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// get is the case as a station's first person sees it, read again only after
// something happened.
func (s *story) get(where string) string {
	s.t.Helper()
	if s.read[where] == "" {
		d := s.desks[where]
		s.read[where] = d.run(d.opener, "", "case", "get", s.id)
	}
	return s.read[where]
}

func (s *story) document(where string) map[string]any {
	s.t.Helper()
	return s.desks[where].parsed(s.get(where))
}

func (s *story) state(where, want string) {
	s.t.Helper()
	v := s.document(where)
	if got := strings.Join([]string{text(v, "state.mediation"), text(v, "state.performance"), text(v, "state.confirmation"), text(v, "state.referral")}, "/"); got != want {
		s.t.Errorf("%s: the case stands at %q, want %q", where, got, want)
	}
}

func (s *story) value(where, path, want string) {
	s.t.Helper()
	if got := text(s.document(where), path); got != want {
		s.t.Errorf("%s: %s is %q, want %q", where, path, got, want)
	}
}

// dated is a clock of the case by its name; of several the last.
func (s *story) dated(where, name string) any {
	s.t.Helper()
	var found any
	list, _ := s.document(where)["clocks"].([]any)
	for _, c := range list {
		if text(c, "clock") == name {
			found = c
		}
	}
	return found
}

func (s *story) clock(where, name, started, due string) {
	s.t.Helper()
	c := s.dated(where, name)
	if text(c, "started_on") != started || text(c, "due_on") != due {
		s.t.Errorf("%s: the clock %s runs from %q to %q, want %s to %s", where, name, text(c, "started_on"), text(c, "due_on"), started, due)
	}
	s.clocks = append(s.clocks, fmt.Sprintf("| %s | `%s` | %s | %s |", text(c, "label.zh"), name, text(c, "started_on"), text(c, "due_on")))
}

func (s *story) ended(where, name, on string) {
	s.t.Helper()
	if got := text(s.dated(where, name), "ended_on"); got != on {
		s.t.Errorf("%s: the clock %s ended on %q, want %s", where, name, got, on)
	}
}

// days counts from acceptance to agreement.
func (s *story) days(where string, want int) {
	s.t.Helper()
	c := s.dated(where, "mediation")
	from, err1 := time.Parse(time.DateOnly, text(c, "started_on"))
	to, err2 := time.Parse(time.DateOnly, text(c, "ended_on"))
	if got := int(to.Sub(from).Hours() / 24); err1 != nil || err2 != nil || got != want {
		s.t.Errorf("%s: mediated in %d days, want %d", where, got, want)
	}
}

// dueOn wants one entry in what is due as seen on a day.
func (s *story) dueOn(where, on, name, due string, left int) {
	s.t.Helper()
	var seen []string
	for _, item := range s.desks[where].lines("due", "--on", on) {
		days, _ := item["days_left"].(float64)
		if over, _ := item["days_over"].(float64); over > 0 {
			days = -over
		}
		if text(item, "case") == s.id {
			seen = append(seen, fmt.Sprintf("%s %s %d", text(item, "name"), text(item, "due_on"), int(days)))
		}
	}
	if want := fmt.Sprintf("%s %s %d", name, due, left); !strings.Contains("\n"+strings.Join(seen, "\n")+"\n", "\n"+want+"\n") {
		s.t.Errorf("%s: due on %s: %q, want %q", where, on, seen, want)
	}
}

// inbox wants what lies with a unit, as "what state from"; "" for nothing.
func (s *story) inbox(where, want string) {
	s.t.Helper()
	var seen []string
	for _, item := range s.desks[where].lines("inbox") {
		if text(item, "case") == s.id {
			seen = append(seen, text(item, "what")+" "+text(item, "state")+" "+text(item, "from_name"))
		}
	}
	if got := strings.Join(seen, "; "); got != want {
		s.t.Errorf("%s: the inbox has %q, want %q", where, got, want)
	}
}

// same wants the case byte for byte alike at stations.
func (s *story) same(at ...string) {
	s.t.Helper()
	for _, where := range at[1:] {
		if first, got := s.bare(at[0]), s.bare(where); got != first {
			s.t.Errorf("%s has\n%s\n%s has\n%s", at[0], first, where, got)
		}
	}
}

// bare is a case as a station shows it, without what the notes of the body that
// mediates add there.
func (s *story) bare(where string) string {
	s.t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(s.get(where)), &v); err != nil {
		s.t.Fatal(err)
	}
	var events []any
	list, _ := v["events"].([]any)
	for _, x := range list {
		if e, ok := x.(map[string]any); ok && e["notes"] == nil {
			events = append(events, []any{e["id"], e["step"], e["at"], e["standing"], e["seat"]})
		}
	}
	// Of events that nobody saw before another's, what the notes saw may say which
	// came first; that is no difference of the case.
	slices.SortFunc(events, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	v["events"] = events
	delete(v, "notes")
	out, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(out)
}

// absent wants that a station knows nothing of the case but figures: no name,
// no words.
func (s *story) absent(where string) {
	s.t.Helper()
	d := s.desks[where]
	if out, said, ok := d.try(d.opener, "", "case", "get", s.id, "--json"); ok {
		s.t.Errorf("%s sees the case: %s %s", where, out, said)
	}
	for _, row := range d.lines("case", "list") {
		if text(row, "id") == s.id {
			s.t.Errorf("%s lists the case: %v", where, row)
		}
	}
}

// names are what no digest may hold.
var names = []string{"李大样", "王小例", "孙例强", "示例建筑", "韩例宝", "黄例敏", "围墙", "工资", "990125195503120018", "000-0000"}

// digest wants that a station sees figures of the case and nobody's name.
func (s *story) digest(where string) {
	s.t.Helper()
	d := s.desks[where]
	out := s.get(where)
	if got := text(d.parsed(out), "access"); got != "digest" {
		s.t.Errorf("%s: access is %q", where, got)
	}
	out += d.run(d.opener, "", "case", "list")
	for _, name := range names {
		if strings.Contains(out, name) {
			s.t.Errorf("%s sees %q: %s", where, name, out)
		}
	}
}

// moved wants that a clock's last day was moved from a day over the holidays.
func (s *story) moved(where, name, from string) {
	s.t.Helper()
	c := s.dated(where, name)
	if text(c, "moved_because.from") != from || text(c, "moved_because.holiday.zh") == "" {
		s.t.Errorf("%s: the clock %s was moved because of %v", where, name, look(c, "moved_because"))
	}
}

// sound wants every station whole, with nothing left to send and nothing waiting.
func (c *county) sound() {
	c.t.Helper()
	for name, d := range c.desks {
		d.close()
		if bad, _ := d.object(d.opener, "verify")["bad"].([]any); len(bad) > 0 {
			c.t.Errorf("%s: %v", name, bad)
		}
		status := d.object(d.opener, "status")
		for _, key := range []string{"unsent", "conflicts", "late", "waiting", "refused", "owed"} {
			if n, _ := status[key].(float64); n != 0 {
				c.t.Errorf("%s: status says %s %v", name, key, n)
			}
		}
		if waits := d.lines("case", "conflicts"); len(waits) > 0 {
			c.t.Errorf("%s: %v", name, waits)
		}
	}
}
