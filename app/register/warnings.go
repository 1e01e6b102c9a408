package register

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"hejie/app/casework/data"
)

// Numbers of the committee rules (人民调解法 art. 8, 9). They are the law's, and
// what breaks them is warned of, never refused: a village that lost a member
// must go on.
const (
	leastMembers = 3 // art. 8
	mostMembers  = 9 // art. 8
	termYears    = 3 // art. 9
	// soon is how many days before its end a term or entry is mentioned.
	soon = 60
)

// han is the ethnicity of the majority: in an area of several groups a committee
// must have a member of another (art. 8).
const han = "01"

// Warning is what a person should look at; it refuses nothing. The sentence is
// under "register.<code>".
type Warning struct {
	Code    string            `json:"code"`
	Path    string            `json:"path,omitempty"`
	Article string            `json:"article,omitempty" doc:"of law; key of a sentence"`
	Params  map[string]string `json:"params,omitempty"`
}

// Text is the warning as a sentence with its article.
func (w Warning) Text(lang data.Lang) string {
	s := data.Text(lang, "register."+w.Code, w.Params)
	if a := data.Article(w.Article, lang); a != "" {
		if lang == data.English {
			return s + " (" + a + ")"
		}
		return s + "（" + a + "）"
	}
	return s
}

// Warnings are what is odd in a register on a day (2026-03-10), in a fixed
// order. committee: the unit is a mediation committee, whose rules apply.
func Warnings(v Register, today string, committee bool) []Warning {
	w := &warner{today: today}
	if committee {
		w.committee(v)
	}
	for _, m := range v.Mediators {
		w.absent("mediators."+m.ID, m.Name, m.Leave)
		w.until("mediator", "mediators."+m.ID, m.Name, m.ActiveTo)
	}
	for _, r := range v.Roster {
		w.absent("roster."+r.ID, r.Name, r.Leave)
		w.until("roster", "roster."+r.ID, r.Name, r.ValidTo)
	}
	for _, s := range v.Sweeps {
		if s.Resolved > s.Found {
			w.warn("sweep_over", "sweeps."+s.ID, "", "found", strconv.FormatInt(s.Found, 10), "resolved", strconv.FormatInt(s.Resolved, 10))
		}
		if s.Day > today {
			w.warn("sweep_future", "sweeps."+s.ID, "", "day", s.Day)
		}
	}
	return w.out
}

type warner struct {
	today string
	out   []Warning
}

func (w *warner) warn(code, path, article string, params ...string) {
	x := Warning{Code: code, Path: path, Article: article}
	for i := 0; i+1 < len(params); i += 2 {
		if x.Params == nil {
			x.Params = map[string]string{}
		}
		x.Params[params[i]] = params[i+1]
	}
	w.out = append(w.out, x)
}

// committee warns by 人民调解法 art. 8 (3 to 9 members, one director, a woman, a
// member of a minority in areas of several groups) and art. 9 (three years).
// Hired mediators are no members.
func (w *warner) committee(v Register) {
	members := slices.DeleteFunc(slices.Clone(v.Members), func(m Member) bool { return m.Role == "hired" || m.TermStart > w.today })
	n, directors, women, minorities := strconv.Itoa(len(members)), 0, 0, 0
	for _, m := range members {
		if m.Role == "director" {
			directors++
		}
		if m.Sex == "female" {
			women++
		}
		if m.Ethnicity != "" && m.Ethnicity != han {
			minorities++
		}
	}
	switch {
	case len(members) == 0:
		w.warn("no_members", Members, "mediation-8")
		return
	case len(members) < leastMembers:
		w.warn("too_few", Members, "mediation-8", "count", n, "limit", strconv.Itoa(leastMembers))
	case len(members) > mostMembers:
		w.warn("too_many", Members, "mediation-8", "count", n, "limit", strconv.Itoa(mostMembers))
	}
	switch {
	case directors == 0:
		w.warn("no_director", Members, "mediation-8")
	case directors > 1:
		w.warn("directors", Members, "mediation-8", "count", strconv.Itoa(directors))
	}
	if women == 0 {
		w.warn("no_woman", Members, "mediation-8")
	}
	if v.MultiEthnic && minorities == 0 {
		w.warn("no_minority", Members, "mediation-8")
	}
	for _, m := range members {
		w.term(m)
	}
}

// term warns of a term that ended, or is longer than the law has it.
func (w *warner) term(m Member) {
	path, limit := "members."+m.ID, yearsAfter(m.TermStart, termYears)
	end := m.TermEnd
	if end == "" {
		end = limit
	}
	switch {
	case end == "":
	case end < w.today:
		w.warn("term_over", path, "mediation-9", "name", m.Name, "day", end)
	case end <= daysAfter(w.today, soon):
		w.warn("term_soon", path, "mediation-9", "name", m.Name, "day", end)
	}
	if limit != "" && m.TermEnd > limit {
		w.warn("term_long", path, "mediation-9", "name", m.Name, "day", m.TermEnd, "years", strconv.Itoa(termYears))
	}
}

// absent warns of who is on leave today.
func (w *warner) absent(path, name string, leave []Span) {
	if s, ok := onLeave(leave, w.today); ok {
		w.warn("on_leave", path, "", "name", name, "from", s.From, "to", cmp.Or(s.To, "…"))
	}
}

// until warns of what ended or ends soon.
func (w *warner) until(what, path, name, last string) {
	switch {
	case last == "":
	case last < w.today:
		w.warn(what+"_over", path, "", "name", name, "day", last)
	case last <= daysAfter(w.today, soon):
		w.warn(what+"_soon", path, "", "name", name, "day", last)
	}
}

// onLeave finds the leave that holds on a day.
func onLeave(leave []Span, day string) (Span, bool) {
	for _, s := range leave {
		if s.From <= day && (s.To == "" || day <= s.To) {
			return s, true
		}
	}
	return Span{}, false
}

const dayLayout = "2006-01-02"

// yearsAfter is the last day of a time of whole years from a day; "" for no day.
func yearsAfter(day string, years int) string {
	t, err := time.Parse(dayLayout, day)
	if err != nil {
		return ""
	}
	return t.AddDate(years, 0, -1).Format(dayLayout)
}

func daysAfter(day string, n int) string {
	t, err := time.Parse(dayLayout, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, n).Format(dayLayout)
}
