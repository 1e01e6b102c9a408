package register

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hejie/app/casework/data"
)

// Need is what a case asks of who takes it. Everything is optional.
type Need struct {
	Day        string   // on which somebody would begin, 2026-03-10
	Category   string   // of the table "category"
	Tags       []string // of the table "tag"
	Band       string   // of the table "amount_band"
	Division   string   // code of the place, 2 to 12 digits
	Languages  []string // that parties need, as people call them
	Names      []string // of parties, agents, organisations
	Candidates string   // Mediators or Roster; empty: both
}

// SuggestReason is why somebody is or is not suggested; its sentence is under
// "suggest.<code>".
type SuggestReason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// Text is the reason in words.
func (r SuggestReason) Text(lang data.Lang) string {
	params := r.Params
	for name, list := range map[string]string{"category": "category", "sector": "sector", "band": "amount_band"} {
		if code, ok := r.Params[name]; ok {
			copied := map[string]string{}
			for k, v := range params {
				copied[k] = v
			}
			copied[name] = data.Name(list, code, lang)
			params = copied
		}
	}
	return data.Text(lang, "suggest."+r.Code, params)
}

// Places of a suggestion in the list.
const (
	Fits  = "fits"
	Other = "other" // could, but works in other fields or lacks a language
	Not   = "not"   // must not or can't now: the reasons say why
)

// Suggestion is one who could take a case. Nothing is ever chosen by the
// program.
type Suggestion struct {
	ID       string          `json:"id" doc:"of the register's entry"`
	List     string          `json:"list" enum:"mediators,roster"`
	Name     string          `json:"name"`
	Unit     string          `json:"unit,omitempty"`
	Place    string          `json:"place" enum:"fits,other,not"`
	Open     int             `json:"open" doc:"cases that this one has open now"`
	Capacity int64           `json:"capacity,omitempty"`
	Reasons  []SuggestReason `json:"reasons" doc:"why, or why not, the weightiest first"`
	points   int
}

// Line is the suggestion's reasons in one line.
func (s Suggestion) Line(lang data.Lang) string {
	and := "；"
	if lang == data.English {
		and = "; "
	}
	var out []string
	for _, r := range s.Reasons {
		out = append(out, r.Text(lang))
	}
	return strings.Join(out, and)
}

// sector says what a sector of bodies deals with.
type sector struct {
	Sector     string   `json:"sector"`
	Categories []string `json:"categories"`
	Tags       []string `json:"tags"`
	Bodies     []string `json:"bodies"`
}

//go:embed sectors.json
var sectorFile []byte

var sectors = sync.OnceValue(func() []sector {
	var file struct {
		Source  string   `json:"source"`
		Sectors []sector `json:"sectors"`
	}
	if err := json.Unmarshal(sectorFile, &file); err != nil {
		panic("embedded sectors: " + err.Error()) // part of the program and read by its tests
	}
	return file.Sectors
})

// sectorsOf are the sectors that a case belongs to, in the order of the table.
func sectorsOf(n Need) []string {
	var out []string
	for _, s := range sectors() {
		if slices.Contains(s.Categories, n.Category) || has(n.Tags, s.Tags) {
			out = append(out, s.Sector)
		}
	}
	return out
}

// candidate is what mediators and entries of the roster have in common.
type candidate struct {
	id, list, name, unit, body     string
	categories, sectors, languages []string
	bands, areas, conflicts        []string
	leave                          []Span
	from, to                       string
	capacity                       int64
}

func candidates(v Register, which string) []candidate {
	var out []candidate
	if which != Roster {
		for _, m := range v.Mediators {
			out = append(out, candidate{
				id: m.ID, list: Mediators, name: m.Name, categories: m.Categories, sectors: m.Sectors, languages: m.Languages, conflicts: m.Conflicts,
				leave: m.Leave, from: m.ActiveFrom, to: m.ActiveTo, capacity: m.Capacity,
			})
		}
	}
	if which != Mediators {
		for _, r := range v.Roster {
			out = append(out, candidate{
				id: r.ID, list: Roster, name: r.Name, unit: r.Unit, body: r.Body, categories: r.Categories, sectors: r.Sectors, languages: r.Languages,
				bands: r.Bands, areas: r.Areas, conflicts: r.Conflicts, leave: r.Leave, from: r.ValidFrom, to: r.ValidTo, capacity: r.Capacity,
			})
		}
	}
	return out
}

// Suggest orders who could take a case: who fits first, then who works in other
// fields, last who can't, each with the reasons. open tells by an entry's id how
// many cases it has open. The answer depends on nothing but the arguments.
func Suggest(v Register, n Need, open map[string]int) []Suggestion {
	out := []Suggestion{}
	wanted := sectorsOf(n)
	for _, c := range candidates(v, n.Candidates) {
		out = append(out, c.judge(n, wanted, open[c.id]))
	}
	places := []string{Fits, Other, Not}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(
			cmp.Compare(slices.Index(places, a.Place), slices.Index(places, b.Place)), cmp.Compare(b.points, a.points),
			cmp.Compare(a.Open, b.Open), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID),
		)
	})
	return out
}

func (c candidate) judge(n Need, wanted []string, open int) Suggestion {
	s := Suggestion{ID: c.id, List: c.list, Name: c.name, Unit: c.unit, Open: open, Capacity: c.capacity}
	against, other, points, reasons := c.against(n, open), []SuggestReason{}, 0, []SuggestReason{}
	for _, look := range []func(Need, []string) (int, SuggestReason, bool){c.field, c.area, c.language, c.band} {
		p, r, bad := look(n, wanted)
		switch {
		case bad:
			other = append(other, r)
		case r.Code != "":
			reasons = append(reasons, r)
		}
		points += p
	}
	s.points = points
	s.Reasons = slices.Concat(against, other, reasons, []SuggestReason{load(open, c.capacity)})
	switch {
	case len(against) > 0:
		s.Place = Not
	case len(other) > 0:
		s.Place = Other
	default:
		s.Place = Fits
	}
	return s
}

func reason(code string, params ...string) SuggestReason {
	r := SuggestReason{Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if r.Params == nil {
			r.Params = map[string]string{}
		}
		r.Params[params[i]] = params[i+1]
	}
	return r
}

func load(open int, capacity int64) SuggestReason {
	if capacity > 0 {
		return reason("load_of", "count", strconv.Itoa(open), "limit", strconv.FormatInt(capacity, 10))
	}
	return reason("load", "count", strconv.Itoa(open))
}

// against is why the candidate must not or can't take the case: a conflict of
// interest (特邀调解规定 art. 15), leave, an entry that holds no more or not
// yet, as many cases as it can have.
func (c candidate) against(n Need, open int) []SuggestReason {
	out := []SuggestReason{}
	for _, name := range n.Names {
		switch f := foldName(name); {
		case f == "":
		case f == foldName(c.name):
			out = append(out, reason("is_party", "name", name))
		case slices.ContainsFunc(c.conflicts, func(x string) bool { return foldName(x) == f }):
			out = append(out, reason("conflict", "name", name))
		}
	}
	if s, ok := onLeave(c.leave, n.Day); ok && n.Day != "" {
		out = append(out, reason("leave", "to", cmp.Or(s.To, "…")))
	}
	switch {
	case n.Day == "":
	case c.to != "" && c.to < n.Day:
		out = append(out, reason("expired", "day", c.to))
	case c.from > n.Day:
		out = append(out, reason("not_yet", "day", c.from))
	}
	if c.capacity > 0 && int64(open) >= c.capacity {
		out = append(out, reason("full", "count", strconv.Itoa(open), "limit", strconv.FormatInt(c.capacity, 10)))
	}
	return out
}

// Points of what fits. The field weighs most, then how near, then the language.
const (
	pointsSector   = 40
	pointsCategory = 32
	pointsLanguage = 16
	pointsNear     = 8
	pointsBand     = 1
)

func (c candidate) field(n Need, wanted []string) (int, SuggestReason, bool) {
	for _, s := range sectors() {
		if slices.Contains(wanted, s.Sector) && (slices.Contains(c.sectors, s.Sector) || c.list == Roster && slices.Contains(s.Bodies, c.body)) {
			return pointsSector, reason("sector", "sector", s.Sector), false
		}
	}
	switch {
	case n.Category != "" && slices.Contains(c.categories, n.Category):
		return pointsCategory, reason("category", "category", n.Category), false
	case n.Category != "" && len(c.categories)+len(c.sectors) > 0:
		return 0, reason("other_field", "category", n.Category), true
	}
	return 0, SuggestReason{}, false
}

// area weighs how much of the place's code a candidate's area has in common.
func (c candidate) area(n Need, _ []string) (int, SuggestReason, bool) {
	if n.Division == "" || len(c.areas) == 0 {
		return 0, SuggestReason{}, false
	}
	best := ""
	for _, a := range c.areas {
		if strings.HasPrefix(n.Division, trimArea(a)) && len(a) > len(best) {
			best = a
		}
	}
	if best == "" {
		return 0, reason("other_area"), true
	}
	names, _ := data.Division(best)
	name := best
	if len(names) > 0 {
		name = names[len(names)-1]
	}
	return pointsNear * min(len(trimArea(best)), 12) / 12, reason("area", "name", name), false
}

// trimArea takes off the zeros that stand for "all of it": 990125000000 is the
// county 990125.
func trimArea(code string) string {
	if len(code) < 12 {
		return code
	}
	for _, keep := range []int{2, 4, 6, 9} {
		if strings.Trim(code[keep:], "0") == "" {
			return code[:keep]
		}
	}
	return code
}

func (c candidate) language(n Need, _ []string) (int, SuggestReason, bool) {
	var lacks []string
	for _, want := range n.Languages {
		if f := foldName(want); f != "" && !slices.ContainsFunc(c.languages, func(x string) bool { return foldName(x) == f }) {
			lacks = append(lacks, want)
		}
	}
	switch {
	case len(n.Languages) == 0:
		return 0, SuggestReason{}, false
	case len(lacks) > 0:
		return 0, reason("no_language", "name", lacks[0]), true
	}
	return pointsLanguage, reason("language", "name", strings.Join(n.Languages, "/")), false
}

func (c candidate) band(n Need, _ []string) (int, SuggestReason, bool) {
	switch {
	case n.Band == "" || len(c.bands) == 0:
		return 0, SuggestReason{}, false
	case slices.Contains(c.bands, n.Band):
		return pointsBand, SuggestReason{}, false
	}
	return 0, reason("other_band", "band", n.Band), true
}

// foldName makes names comparable: spaces, the dots of foreign names, brackets
// of both widths and capitals do not count.
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000' || r == ' ' || r == '\t' || r == '·' || r == '•':
			return -1
		case r >= '\uff01' && r <= '\uff5e':
			r -= 0xfee0
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// Unfit says what stands against one mediator taking a case over.
type Unfit struct {
	Forbids []SuggestReason // a conflict of interest, leave, an entry that does not hold then
	Warns   []SuggestReason // the name of a party, as many cases as the entry says
	Known   bool            // the register has such a mediator
}

// TakeOver tells what the register says against a mediator taking a case over;
// of several entries of one name the best counts. open is how many cases this
// one has. A register without mediators forbids nothing and knows nobody.
func TakeOver(v Register, name string, n Need, open int) Unfit {
	warns := []string{"is_party", "full"}
	var best Unfit
	for _, c := range candidates(v, Mediators) {
		if foldName(c.name) != foldName(name) {
			continue
		}
		u := Unfit{Known: true}
		for _, r := range c.against(n, open) {
			if slices.Contains(warns, r.Code) {
				u.Warns = append(u.Warns, r)
			} else {
				u.Forbids = append(u.Forbids, r)
			}
		}
		if !best.Known || len(u.Forbids) < len(best.Forbids) {
			best = u
		}
	}
	return best
}
