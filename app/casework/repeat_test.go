package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hejie/app/casework"
)

const (
	firstNumber  = "990125197001010010"
	secondNumber = "990125196803120022"
	thirdNumber  = "990125197506200039"
)

func someone(side, name, number string) casework.Party {
	return casework.Party{Side: side, Kind: "person", Name: name, IDNumber: number}
}

func peopleOf(parties ...casework.Party) []casework.Someone {
	return casework.PeopleOf(casework.Document{Category: "02", Parties: parties}, nil)
}

func TestAlike(t *testing.T) {
	li, wang, sun := someone("applicant", "李大样", firstNumber), someone("respondent", "王小例", secondNumber), someone("third", "孙例强", "")
	with := func(p casework.Party, change func(*casework.Party)) casework.Party {
		change(&p)
		return p
	}
	noNumber := func(p *casework.Party) { p.IDNumber = "" }
	builder := casework.Party{Side: "respondent", Kind: "organisation", Name: "青禾县示例建筑劳务有限公司"}
	for name, test := range map[string]struct {
		a, b []casework.Party
		want string // like, ground, people
	}{
		"both by number":          {[]casework.Party{li, wang}, []casework.Party{with(li, func(p *casework.Party) { p.Name = "李打样" }), wang}, "dispute same_number 2"},
		"sides changed":           {[]casework.Party{li, wang}, []casework.Party{with(wang, func(p *casework.Party) { p.Side = "applicant" }), with(li, func(p *casework.Party) { p.Side = "respondent" })}, "dispute same_number 2"},
		"three":                   {[]casework.Party{li, wang, sun}, []casework.Party{sun, wang, li}, "dispute same_name 3"},
		"one by name":             {[]casework.Party{li, wang}, []casework.Party{li, with(wang, noNumber)}, "dispute same_name 2"},
		"both by name":            {[]casework.Party{with(li, noNumber), with(wang, noNumber)}, []casework.Party{with(li, noNumber), with(wang, noNumber)}, "dispute same_name 2"},
		"a name typed apart":      {[]casework.Party{someone("applicant", "阿依·古丽", ""), wang}, []casework.Party{someone("applicant", " 阿依•古丽", ""), wang}, "dispute same_name 2"},
		"a former name":           {[]casework.Party{with(li, noNumber), wang}, []casework.Party{with(someone("applicant", "李小样", ""), func(p *casework.Party) { p.Alias = "李大样" }), wang}, "dispute same_name 2"},
		"two people of one name":  {[]casework.Party{li, wang}, []casework.Party{with(li, func(p *casework.Party) { p.IDNumber = thirdNumber }), wang}, "person same_number 1"},
		"born on another day":     {[]casework.Party{li, wang}, []casework.Party{with(li, func(p *casework.Party) { p.IDNumber, p.BirthDate = "", "1988-05-01" }), wang}, "person same_number 1"},
		"of the other sex":        {[]casework.Party{li, wang}, []casework.Party{with(li, func(p *casework.Party) { p.IDNumber, p.Sex = "", "female" }), wang}, "person same_number 1"},
		"one person":              {[]casework.Party{li, wang}, []casework.Party{li, sun}, "person same_number 1"},
		"one name":                {[]casework.Party{with(li, noNumber), wang}, []casework.Party{with(li, noNumber), sun}, ""},
		"one name, one address":   {[]casework.Party{with(li, func(p *casework.Party) { p.IDNumber, p.Address = "", "河湾村3组" }), wang}, []casework.Party{with(li, func(p *casework.Party) { p.IDNumber, p.Address = "", "河湾村 3组" }), sun}, "person same_name 1"},
		"one name, one birthday":  {[]casework.Party{li, wang}, []casework.Party{with(li, func(p *casework.Party) { p.IDNumber, p.BirthDate = "", "1970-01-01" }), sun}, "person same_name 1"},
		"all on one side in both": {[]casework.Party{li, with(wang, func(p *casework.Party) { p.Side = "applicant" })}, []casework.Party{li, with(wang, func(p *casework.Party) { p.Side = "applicant" })}, "person same_number 2"},
		"a company and a worker":  {[]casework.Party{li, builder}, []casework.Party{li, builder}, "dispute same_name 2"},
		"a company and others":    {[]casework.Party{li, builder}, []casework.Party{wang, builder}, ""},
		"one party entered twice": {[]casework.Party{li, wang}, []casework.Party{li, with(li, func(p *casework.Party) { p.Side = "respondent" })}, "person same_number 1"},
		"what stands for none":    {[]casework.Party{someone("applicant", "李大样", "无"), someone("respondent", "王小例", "000000")}, []casework.Party{someone("applicant", "钱示清", "无"), someone("respondent", "周例安", "000000")}, ""},
		"strangers":               {[]casework.Party{li, wang}, []casework.Party{sun}, ""},
	} {
		for _, turned := range []bool{false, true} {
			a, b := peopleOf(test.a...), peopleOf(test.b...)
			if turned {
				a, b = b, a
			}
			got := ""
			if like, ok := casework.Alike(a, b); ok {
				got = fmt.Sprintf("%s %s %d", like.Like, like.Ground, like.People)
			}
			if got != test.want {
				t.Errorf("%s (turned %v): %q, want %q", name, turned, got, test.want)
			}
		}
	}
}

// TestKeysMissNothing: whatever two cases Alike finds, the keys by which cases
// are looked up lead from one to the other.
func TestKeysMissNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(label string) []casework.Party {
			var out []casework.Party
			for i := range rapid.IntRange(1, 4).Draw(rt, label) {
				of := func(field string, values ...string) string {
					return rapid.SampledFrom(values).Draw(rt, fmt.Sprint(label, i, field))
				}
				out = append(out, casework.Party{
					Side: of("side", "applicant", "respondent", "third"), Kind: of("kind", "person", "person", "organisation"),
					Name: of("name", "李大样", "王小例", "李 大样", "孙例强"), Alias: of("alias", "", "", "王小例"),
					IDNumber: of("number", "", firstNumber, secondNumber, " 990125 19700101 0010"), IDKind: of("id", "", "resident"),
					BirthDate: of("birth", "", "1970-01-01"), Address: of("address", "", "河湾村3组"),
				})
			}
			return out
		}
		a, b := peopleOf(draw("a")...), peopleOf(draw("b")...)
		if _, ok := casework.Alike(a, b); !ok {
			return
		}
		known := map[string]bool{}
		for _, p := range b {
			for _, key := range p.Keys("02") {
				known[key] = true
			}
		}
		shared, person := 0, false
		for _, p := range a {
			if slices.ContainsFunc(p.Keys("02"), func(k string) bool { return known[k] }) {
				shared++
				person = person || p.Kind == "person"
			}
		}
		if shared < 2 && !person {
			rt.Fatalf("%+v and %+v are alike, and no key leads from one to the other", a, b)
		}
	})
}

func TestNear(t *testing.T) {
	for _, test := range []struct {
		a, b string
		days int
		want bool
	}{
		{"2026-03-09", "2026-06-01", 0, true},
		{"2026-03-09", "2026-03-19", 10, true},
		{"2026-03-09", "2026-03-20", 10, false},
		{"2026-03-20", "2026-03-09", 10, false},
		{"2026-03-20", "2026-02", 20, true},
		{"2026-03-20", "2026-02", 19, false},
		{"2026-02", "2026-03-20", 20, true},
		{"2026-02", "2026-04", 32, true},
		{"2026-02", "2026-04", 31, false},
		{"", "2026-04", 1, true},
		{"2026-04-01", "nonsense", 1, true},
	} {
		if got := casework.Near(test.a, test.b, test.days); got != test.want {
			t.Errorf("%s and %s within %d days: %v", test.a, test.b, test.days, got)
		}
	}
}

func TestGroundsAndLikesHaveWords(t *testing.T) {
	for _, g := range []string{casework.GroundNumber, casework.GroundMark, casework.GroundName} {
		if !hasCode("repeat_ground", g) {
			t.Errorf("no word for %s", g)
		}
	}
	for _, l := range []string{casework.LikeDispute, casework.LikePerson} {
		if !hasCode("repeat_like", l) {
			t.Errorf("no word for %s", l)
		}
	}
	if strings.Compare(casework.LikeDispute, casework.LikePerson) >= 0 {
		t.Error("whole disputes come first in lists, which are sorted by this word")
	}
}
