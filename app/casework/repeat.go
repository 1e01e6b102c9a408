package casework

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"hejie/sync/crdt"
)

// Grounds on which two parties are taken for the same, the strongest first.
const (
	GroundNumber = "same_number" // both cases are readable and both numbers agree
	GroundMark   = "mark"        // a digest's mark agrees: as good as the unit that wrote it
	GroundName   = "same_name"   // names agree, and nothing that is written speaks against it: possible
)

// How far two cases look alike.
const (
	// LikeDispute: at least two people who stand on different sides of either
	// case, in the same category.
	LikeDispute = "dispute"
	// LikePerson: one person only. People have neighbours and creditors; a
	// company's many cases are no repeats, so organisations are left out here.
	LikePerson = "person"
)

// Likeness says why two cases may be one dispute.
type Likeness struct {
	Like   string // LikeDispute or LikePerson
	Ground string // the weakest on which it rests
	People int    // how many are the same
	Names  []string
}

// Someone is a party as it is compared: by what a whole case says of it, or by
// the marks of a digest.
type Someone struct {
	Side, Kind string
	Name       string // as written; empty in a digest
	Marks      []string

	number, idKind string
	names          []string // name and alias in the form in which they are compared
	birth, sex     string
	address        string
	digest         bool
}

// PeopleOf are the parties of a whole case. mark makes their marks; nil: none.
func PeopleOf(d Document, mark Marker) []Someone {
	out := make([]Someone, 0, len(d.Parties))
	for _, p := range d.Parties {
		s := Someone{Side: p.Side, Kind: p.Kind, Name: p.Name, idKind: p.IDKind, birth: p.BirthDate, sex: p.Sex, address: comparedName(p.Address)}
		for _, name := range []string{comparedName(p.Name), comparedName(p.Alias)} {
			if name != "" {
				s.names = append(s.names, name)
			}
		}
		if number := MatchNumber(p.IDNumber); Identifies(number) {
			s.number = number
			s.fromNumber()
			if mark != nil {
				if m, ok := mark(number, d.Category); ok {
					s.Marks = []string{partyMark{mark: m}.text()}
				}
			}
		}
		out = append(out, s)
	}
	return out
}

// fromNumber reads birth date and sex from a resident's number.
func (s *Someone) fromNumber() {
	if code, birth, sex, _ := checkResident(s.number); code == "" && s.Kind == "person" {
		s.birth, s.sex = cmp.Or(s.birth, birth), cmp.Or(s.sex, sex)
	}
}

// DigestPeopleOf are the parties of a digest that have marks.
func DigestPeopleOf(digest *crdt.State) []Someone {
	marks := marksOf(digest)
	var out []Someone
	for _, e := range digest.Entries(root(fieldParties)) {
		list := marks[e.Ref]
		if len(list) == 0 {
			continue
		}
		delete(marks, e.Ref) // two operations of one name give an entry twice
		of := func(field string) string { return str(digest.Register(inEntry(fieldParties, e.Ref, field)).Shown) }
		out = append(out, Someone{Side: of("side"), Kind: of("kind"), Marks: list, digest: true})
	}
	return out
}

// Keys are what a party of a whole case is found by in its category, beside its
// marks: equal for all parties that Alike could take for this one. They hold
// numbers and names and are for hashing.
func (s Someone) Keys(category string) []string {
	var out []string
	if s.number != "" {
		out = append(out, "number\x00"+s.number+"\x00"+category)
	}
	for _, name := range s.names {
		out = append(out, "name\x00"+name+"\x00"+category)
	}
	return out
}

// Alike compares the parties of two cases of one category; false: nothing that
// is worth a look. Each party counts once.
func Alike(a, b []Someone) (Likeness, bool) {
	type pair struct {
		i, j   int
		ground string
	}
	var pairs []pair
	for i := range a {
		for j := range b {
			if ground := a[i].same(&b[j]); ground != "" {
				pairs = append(pairs, pair{i, j, ground})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(rank(x.ground), rank(y.ground)) })
	usedA, usedB := map[int]bool{}, map[int]bool{}
	pairs = slices.DeleteFunc(pairs, func(p pair) bool {
		if usedA[p.i] || usedB[p.j] {
			return true
		}
		usedA[p.i], usedB[p.j] = true, true
		return false
	})
	out := Likeness{Like: LikePerson}
	apart := false
	for _, p := range pairs {
		apart = apart || a[p.i].Side != a[pairs[0].i].Side || b[p.j].Side != b[pairs[0].j].Side
	}
	if apart {
		out.Like = LikeDispute
	} else {
		pairs = slices.DeleteFunc(pairs, func(p pair) bool { return !a[p.i].aloneLike(&b[p.j], p.ground) })
	}
	for _, p := range pairs {
		out.People++
		if out.Ground == "" || rank(p.ground) > rank(out.Ground) {
			out.Ground = p.ground
		}
		if name := a[p.i].Name; name != "" {
			out.Names = append(out.Names, name)
		}
	}
	return out, len(pairs) > 0
}

func rank(ground string) int {
	return slices.Index([]string{GroundNumber, GroundMark, GroundName}, ground)
}

// same is the ground on which two parties are taken for one; "": none.
func (s *Someone) same(o *Someone) string {
	switch {
	case s.digest || o.digest:
		if slices.ContainsFunc(s.Marks, func(m string) bool { return slices.Contains(o.Marks, m) }) {
			return GroundMark
		}
		return ""
	case s.number != "" && s.number == o.number:
		return GroundNumber
	case s.number != "" && o.number != "" && s.idKind == o.idKind:
		return "" // two numbers of one kind are two people
	case s.Kind != o.Kind || differ(s.birth, o.birth) || differ(s.sex, o.sex):
		return ""
	case slices.ContainsFunc(s.names, func(n string) bool { return slices.Contains(o.names, n) }):
		return GroundName
	}
	return ""
}

func differ(a, b string) bool { return a != "" && b != "" && a != b }

// aloneLike reports whether one party by itself is worth a look: a person, and
// by name alone only where birth date or address agree too. One address is
// written in many ways and people move, so another one says nothing.
func (s *Someone) aloneLike(o *Someone, ground string) bool {
	if s.Kind != "person" || o.Kind != "person" {
		return false
	}
	return ground != GroundName || s.birth != "" && s.birth == o.birth || s.address != "" && s.address == o.address
}

// comparedName is a name without spaces, and without the dots between the parts
// of a name, which are typed in many ways.
func comparedName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("·•・‧∙.．", r) {
			return -1
		}
		return r
	}, fold(name))
}

// Near reports whether two days of receipt lie within some days of each other.
// 0 days: whenever. A digest's month counts as whichever of its days is nearest,
// and a day that is not known as near.
func Near(a, b string, days int) bool {
	if days == 0 {
		return true
	}
	a1, a2, okA := span(a)
	b1, b2, okB := span(b)
	if !okA || !okB {
		return true
	}
	reach := time.Duration(days) * 24 * time.Hour
	return !b1.After(a2.Add(reach)) && !a1.After(b2.Add(reach))
}

// span are the first and last day of a day or month.
func span(text string) (first, last time.Time, ok bool) {
	if day, isDay := parseDay(text); isDay {
		return day, day, true
	}
	first, ok = parseDay(text + "-01")
	return first, first.AddDate(0, 1, -1), ok
}
