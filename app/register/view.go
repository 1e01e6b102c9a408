package register

import (
	"cmp"
	"encoding/hex"
	"slices"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// Register is a unit's register as it is shown. Two nodes that hold the same
// operations encode it alike. The text fields that are lists of codes are codes
// of the tables named in fields.go; days are like 2026-03-10, empty: open.
type Register struct {
	Unit        string `json:"unit"`
	Abbr        string `json:"abbr,omitempty" doc:"short name in numbers"`
	MultiEthnic bool   `json:"multi_ethnic" doc:"an area where several ethnic groups live"`
	Address     string `json:"address,omitempty"`
	Phone       string `json:"phone,omitempty"`

	Members   []Member         `json:"members"`
	Mediators []Mediator       `json:"mediators"`
	Roster    []RosterEntry    `json:"roster"`
	Ranges    []NumberRange    `json:"ranges"`
	Voided    []VoidedNumber   `json:"voided"`
	Sweeps    []Sweep          `json:"sweeps"`
	Divisions []DivisionChange `json:"divisions"`

	// Also lists what was written otherwise at the same time; the shown value
	// counts, a person may wish to look.
	Also []AlsoWritten `json:"also"`
	// Unknown lists paths that a newer program wrote; they are kept, read-only.
	Unknown []string `json:"unknown"`
	// Records are the ids of the records of which this is the union; Heads theirs.
	Records []string `json:"records"`
	Heads   []string `json:"heads"`
}

// Member of a committee (人民调解法 art. 8, 9).
type Member struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Sex       string `json:"sex,omitempty"`
	Ethnicity string `json:"ethnicity,omitempty"`
	Role      string `json:"role"`
	TermStart string `json:"term_start,omitempty"`
	TermEnd   string `json:"term_end,omitempty"`
	Phone     string `json:"phone,omitempty"`
}

// Span is a time of days, both included; To empty: open.
type Span struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"`
}

// Mediator of the unit.
type Mediator struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Kind           string   `json:"kind"`
	Licence        string   `json:"licence,omitempty"`
	Grade          string   `json:"grade,omitempty"`
	Categories     []string `json:"categories,omitempty"`
	Sectors        []string `json:"sectors,omitempty"`
	Languages      []string `json:"languages,omitempty"`
	Qualifications []string `json:"qualifications,omitempty"`
	Contact        string   `json:"contact,omitempty"`
	Conflicts      []string `json:"conflicts,omitempty" doc:"persons and organisations whose cases are not for this mediator"`
	Leave          []Span   `json:"leave,omitempty"`
	ActiveFrom     string   `json:"active_from,omitempty"`
	ActiveTo       string   `json:"active_to,omitempty"`
	CourtRoster    bool     `json:"court_roster,omitempty" doc:"also on a court's roster"`
	Capacity       int64    `json:"capacity,omitempty" doc:"open cases at a time; 0: no limit"`
	Seat           string   `json:"seat,omitempty"`
}

// Number is the mediator's number as digests and figures show it: the licence
// where it has the form of one, else the entry's id, which nobody else has.
func (m Mediator) Number() string { return cmp.Or(casework.RosterNumber(m.Licence), m.ID) }

// NumberOf finds the number of a mediator, or of a person on the court's roster,
// by name. False: nobody here bears it. "": several do, and nobody can tell whom
// a case means.
func (v Register) NumberOf(name string) (number string, found bool) {
	numbers := map[string]bool{}
	for _, m := range v.Mediators {
		if m.Name == name {
			numbers[m.Number()] = true
		}
	}
	for _, e := range v.Roster {
		if e.Person && e.Name == name && len(numbers) == 0 {
			numbers[e.ID] = true
		}
	}
	for n := range numbers {
		number = n
	}
	if len(numbers) > 1 {
		number = ""
	}
	return number, len(numbers) > 0
}

// RosterEntry is a body or mediator on a court's roster (特邀调解规定 art. 5–8).
type RosterEntry struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Unit       string   `json:"unit,omitempty" doc:"id or code; empty: outside of the tree"`
	Person     bool     `json:"person,omitempty" doc:"a mediator, not a body"`
	Body       string   `json:"body,omitempty"`
	Sectors    []string `json:"sectors,omitempty"`
	Categories []string `json:"categories,omitempty"`
	Bands      []string `json:"bands,omitempty"`
	Areas      []string `json:"areas,omitempty" doc:"division codes of 2 to 12 digits; none: everywhere"`
	Languages  []string `json:"languages,omitempty"`
	ValidFrom  string   `json:"valid_from,omitempty"`
	ValidTo    string   `json:"valid_to,omitempty"`
	Leave      []Span   `json:"leave,omitempty"`
	Capacity   int64    `json:"capacity,omitempty"`
	Contact    string   `json:"contact,omitempty"`
	Conflicts  []string `json:"conflicts,omitempty"`
}

// NumberRange gives numbers of a series and year to a desk.
type NumberRange struct {
	ID     string `json:"id,omitempty"`
	Series string `json:"series"`
	Year   int64  `json:"year"`
	Seat   string `json:"seat"`
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Adds   bool   `json:"adds,omitempty" doc:"beside the desk's own block, not in its place"`
	By     string `json:"by,omitempty" doc:"the seat that gave it"`
}

// VoidedNumber is a number that is never used, or never again.
type VoidedNumber struct {
	ID     string `json:"id"`
	Series string `json:"series"`
	Year   int64  `json:"year"`
	Number int64  `json:"number"`
	Reason string `json:"reason"`
	By     string `json:"by" doc:"the seat that voided it"`
}

// Sweep is one look for disputes (排查, form F21). Who was found stands in
// cases, never here: registers are read by all units above.
type Sweep struct {
	ID         string `json:"id"`
	Day        string `json:"day"`
	Area       string `json:"area"`
	Kind       string `json:"kind"`
	Who        string `json:"who"`
	Clue       string `json:"clue,omitempty"`
	Households int64  `json:"households"`
	Found      int64  `json:"found"`
	Resolved   int64  `json:"resolved" doc:"of those found, on the spot"`
	Note       string `json:"note,omitempty"`
}

// DivisionChange is a name of a division for a time, and what follows it.
type DivisionChange struct {
	ID        string `json:"id"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Successor string `json:"successor,omitempty" doc:"code of the division that it went into"`
}

// AlsoWritten is a field with other values written at the same time.
type AlsoWritten struct {
	Path   string `json:"path"`
	Values []any  `json:"values"`
}

// Show makes the view of a unit's register of all its records, in any order.
// A unit without a register has an empty one.
func Show(unit string, parts []Part) Register {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b Part) int { return slices.Compare(a.ID[:], b.ID[:]) })
	v := Register{
		Unit: unit, Members: []Member{}, Mediators: []Mediator{}, Roster: []RosterEntry{}, Ranges: []NumberRange{}, Voided: []VoidedNumber{},
		Sweeps: []Sweep{}, Divisions: []DivisionChange{}, Also: []AlsoWritten{}, Unknown: []string{}, Records: []string{}, Heads: []string{},
	}
	v.unitFields(parts)
	for _, p := range parts {
		v.Records = append(v.Records, hex.EncodeToString(p.ID[:]))
		for _, h := range p.State.Heads() {
			v.Heads = append(v.Heads, hex.EncodeToString(h[:]))
		}
		for _, u := range p.State.Unknown() {
			v.Unknown = append(v.Unknown, pathText(u.Path))
		}
		v.part(p.State)
	}
	slices.Sort(v.Heads)
	v.sort()
	return v
}

// unitFields takes of each field the value that counts among all records: the
// one of greatest depth, then of the operation's id; the others are told.
func (v *Register) unitFields(parts []Part) {
	for _, r := range unitRules {
		var all []crdt.LiveValue
		for _, p := range parts {
			for _, live := range p.State.Register(root(r.name)).Values {
				if live.Value != nil {
					all = append(all, live)
				}
			}
		}
		if len(all) == 0 {
			continue
		}
		slices.SortFunc(all, func(a, b crdt.LiveValue) int {
			return cmp.Or(cmp.Compare(b.Op.Depth, a.Op.Depth), slices.Compare(b.Op.ID[:], a.Op.ID[:]), cmp.Compare(b.Ref.Index, a.Ref.Index))
		})
		all = slices.CompactFunc(all, func(a, b crdt.LiveValue) bool { return sameValue(a.Value, b.Value) })
		v.also(r.name, all)
		shown := all[0].Value
		switch r.name {
		case "abbr":
			v.Abbr = str(shown)
		case "multi_ethnic":
			v.MultiEthnic = truth(shown)
		case "address":
			v.Address = str(shown)
		case "phone":
			v.Phone = str(shown)
		}
	}
}

func (v *Register) also(path string, all []crdt.LiveValue) {
	if len(all) < 2 {
		return
	}
	a := AlsoWritten{Path: path}
	for _, live := range all {
		a.Values = append(a.Values, live.Value)
	}
	v.Also = append(v.Also, a)
}

// part adds one record's entries.
func (v *Register) part(s *crdt.State) {
	for i := range tables {
		t := &tables[i]
		seen := map[string]bool{}
		for _, e := range s.Entries(root(t.name)) {
			id := casework.EntryID(e.Ref)
			if seen[id] { // an entry that two operations of one name brought
				continue
			}
			seen[id] = true
			for _, r := range t.rules {
				if !r.form.isSet() {
					if live := s.Register(inEntry(t.name, e.Ref, r.name)); live.Also {
						v.also(t.name+"."+id+"."+r.name, live.Values)
					}
				}
			}
			v.add(t, id, valuesOf(s, t, e.Ref), hex.EncodeToString(e.Op.Seat[:]))
		}
	}
}

func (v *Register) add(t *table, id string, f map[string]crdt.Value, by string) {
	switch t.name {
	case Members:
		v.Members = append(v.Members, Member{
			ID: id, Name: str(f["name"]), Sex: str(f["sex"]), Ethnicity: str(f["ethnicity"]), Role: str(f["role"]),
			TermStart: str(f["term_start"]), TermEnd: str(f["term_end"]), Phone: str(f["phone"]),
		})
	case Mediators:
		v.Mediators = append(v.Mediators, Mediator{
			ID: id, Name: str(f["name"]), Kind: str(f["kind"]), Licence: str(f["licence"]), Grade: str(f["grade"]),
			Categories: strs(f["categories"]), Sectors: strs(f["sectors"]), Languages: strs(f["languages"]), Qualifications: strs(f["qualifications"]),
			Contact: str(f["contact"]), Conflicts: strs(f["conflicts"]), Leave: spans(f["leave"]), ActiveFrom: str(f["active_from"]), ActiveTo: str(f["active_to"]),
			CourtRoster: truth(f["court_roster"]), Capacity: whole(f["capacity"]), Seat: str(f["seat"]),
		})
	case Roster:
		v.Roster = append(v.Roster, RosterEntry{
			ID: id, Name: str(f["name"]), Unit: str(f["unit"]), Person: truth(f["person"]), Body: str(f["body"]), Sectors: strs(f["sectors"]),
			Categories: strs(f["categories"]), Bands: strs(f["bands"]), Areas: strs(f["areas"]), Languages: strs(f["languages"]), ValidFrom: str(f["valid_from"]),
			ValidTo: str(f["valid_to"]), Leave: spans(f["leave"]), Capacity: whole(f["capacity"]), Contact: str(f["contact"]), Conflicts: strs(f["conflicts"]),
		})
	case Ranges:
		r := rangeOf(id, f)
		r.By = by
		v.Ranges = append(v.Ranges, r)
	case Voided:
		v.Voided = append(v.Voided, VoidedNumber{ID: id, Series: str(f["series"]), Year: whole(f["year"]), Number: whole(f["number"]), Reason: str(f["reason"]), By: by})
	case Sweeps:
		v.Sweeps = append(v.Sweeps, Sweep{
			ID: id, Day: str(f["day"]), Area: str(f["area"]), Kind: str(f["kind"]), Who: str(f["who"]), Clue: str(f["clue"]),
			Households: whole(f["households"]), Found: whole(f["found"]), Resolved: whole(f["resolved"]), Note: str(f["note"]),
		})
	case Divisions:
		v.Divisions = append(v.Divisions, DivisionChange{ID: id, Code: str(f["code"]), Name: str(f["name"]), From: str(f["from"]), To: str(f["to"]), Successor: str(f["successor"])})
	}
}

func rangeOf(id string, f map[string]crdt.Value) NumberRange {
	return NumberRange{ID: id, Series: str(f["series"]), Year: whole(f["year"]), Seat: str(f["seat"]), From: whole(f["from"]), To: whole(f["to"]), Adds: truth(f["adds"])}
}

// memberOrder is the order in which members are shown.
var memberOrder = []string{"director", "deputy", "member", "hired"}

// sort orders every list by what people look for, then by id.
func (v *Register) sort() {
	slices.SortFunc(v.Members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(slices.Index(memberOrder, a.Role), slices.Index(memberOrder, b.Role)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(v.Mediators, func(a, b Mediator) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(v.Roster, func(a, b RosterEntry) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(v.Ranges, func(a, b NumberRange) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.Year, b.Year), cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(v.Voided, func(a, b VoidedNumber) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(v.Sweeps, func(a, b Sweep) int { return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(v.Divisions, func(a, b DivisionChange) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(v.Also, func(a, b AlsoWritten) int { return cmp.Compare(a.Path, b.Path) })
	slices.Sort(v.Unknown)
	v.Unknown = slices.Compact(v.Unknown)
}

// valuesOf are an entry's values by field; a set as a list.
func valuesOf(s *crdt.State, t *table, ref crdt.Ref) map[string]crdt.Value {
	out := map[string]crdt.Value{}
	for _, r := range t.rules {
		path := inEntry(t.name, ref, r.name)
		if !r.form.isSet() {
			if v := s.Register(path).Shown; v != nil {
				out[r.name] = v
			}
			continue
		}
		var list []crdt.Value
		for _, v := range s.Set(path) {
			list = append(list, v.Value)
		}
		if list != nil {
			slices.SortFunc(list, func(a, b crdt.Value) int { return cmp.Compare(valueText(a), valueText(b)) })
			out[r.name] = list
		}
	}
	return out
}

func pathText(p crdt.Path) string {
	out := ""
	for i, seg := range p {
		name := seg.Field
		if name == "" {
			name = casework.EntryID(seg.Entry)
		}
		if i > 0 {
			out += "."
		}
		out += name
	}
	return out
}

func str(v crdt.Value) string {
	s, _ := v.(string)
	return s
}

func truth(v crdt.Value) bool {
	b, _ := v.(bool)
	return b
}

func whole(v crdt.Value) int64 {
	n, _ := v.(int64)
	return n
}

func strs(v crdt.Value) []string {
	list, _ := v.([]crdt.Value)
	var out []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func spans(v crdt.Value) []Span {
	list, _ := v.([]crdt.Value)
	var out []Span
	for _, item := range list {
		if m, ok := item.(map[string]crdt.Value); ok {
			out = append(out, Span{From: str(m["from"]), To: str(m["to"])})
		}
	}
	slices.SortFunc(out, func(a, b Span) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}
