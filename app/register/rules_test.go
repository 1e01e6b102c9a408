package register

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hejie/app/casework/data"
)

// TestRulesFitTheTables: every list named exists and every field has a label.
func TestRulesFitTheTables(t *testing.T) {
	for _, tb := range append([]table{{rules: unitRules}}, tables...) {
		for _, r := range tb.rules {
			if r.list != "" && len(data.List(r.list)) == 0 {
				t.Errorf("%s.%s: no table %s", tb.name, r.name, r.list)
			}
			if !data.Has("register_field", r.name) {
				t.Errorf("%s.%s has no label", tb.name, r.name)
			}
			if r.form.isSet() && (r.max == 0 || r.required) {
				t.Errorf("%s.%s: a set has a limit and is never required", tb.name, r.name)
			}
		}
		if tb.name != "" && (tb.roles == nil || tb.limit == 0 || !data.Has("register_table", tb.name)) {
			t.Errorf("%s lacks roles, a limit or a name", tb.name)
		}
		for _, pair := range tb.orders {
			if findRule(tb.rules, pair[0]) == nil || findRule(tb.rules, pair[1]) == nil {
				t.Errorf("%s has no %v", tb.name, pair)
			}
		}
		for _, f := range tb.office {
			if findRule(tb.rules, f) == nil {
				t.Errorf("%s has no %s", tb.name, f)
			}
		}
	}
	if RolesFor("") == nil || RolesFor(Sweeps) == nil || RolesFor("nothing") != nil {
		t.Error("roles")
	}
	for _, s := range sectors() {
		if !data.Has("sector", s.Sector) {
			t.Errorf("no sector %s", s.Sector)
		}
		for list, codes := range map[string][]string{"category": s.Categories, "tag": s.Tags, "body": s.Bodies} {
			for _, c := range codes {
				if !data.Has(list, c) {
					t.Errorf("%s: no %s %s", s.Sector, list, c)
				}
			}
		}
	}
	if len(sectors()) != len(data.List("sector")) {
		t.Error("sectors without a row")
	}
}

// TestEveryCodeHasItsWords reads the package's own source.
func TestEveryCodeHasItsWords(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	prefixes := map[string]string{"warn": "register.", "reason": "suggest.", "refuse": "number."}
	found := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var key string
			switch n := n.(type) {
			case *ast.CallExpr:
				fun := ""
				switch f := n.Fun.(type) {
				case *ast.SelectorExpr:
					fun = f.Sel.Name
				case *ast.Ident:
					fun = f.Name
				}
				if p, ok := prefixes[fun]; ok {
					if lit, ok := n.Args[0].(*ast.BasicLit); ok {
						s, _ := strconv.Unquote(lit.Value)
						key = p + s
					}
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if lit, ok := value(n, i).(*ast.BasicLit); ok && strings.HasPrefix(name.Name, "code") {
						s, _ := strconv.Unquote(lit.Value)
						key = "field." + s
					}
				}
			}
			if key != "" {
				found++
				if !data.HasText(key) {
					t.Errorf("%s has no sentence", key)
				}
			}
			return true
		})
	}
	if found < 40 {
		t.Fatalf("only %d codes were found", found)
	}
}

func value(n *ast.ValueSpec, i int) ast.Expr {
	if i < len(n.Values) {
		return n.Values[i]
	}
	return nil
}

func codesOf(list []Warning) []string {
	out := []string{}
	for _, w := range list {
		out = append(out, w.Code)
	}
	return out
}

func TestCommittee(t *testing.T) {
	const today = "2026-03-10"
	member := func(role, sex, ethnicity, start string) Member {
		return Member{ID: role + sex + ethnicity, Name: "样人", Role: role, Sex: sex, Ethnicity: ethnicity, TermStart: start}
	}
	good := []Member{member("director", "male", "01", "2025-01-01"), member("member", "female", "01", "2025-01-01"), member("member", "male", "08", "2025-01-01")}
	with := func(more ...Member) []Member { return append(slices.Clone(good), more...) }
	many := func(n int) []Member {
		out := with()
		for len(out) < n {
			out = append(out, member("member", "male", "01", ""))
		}
		return out
	}
	for name, tt := range map[string]struct {
		members []Member
		multi   bool
		want    []string
	}{
		"whole":                  {good, true, nil},
		"none":                   {nil, true, []string{"no_members"}},
		"two":                    {good[:2], false, []string{"too_few"}},
		"nine":                   {many(9), false, nil},
		"ten":                    {many(10), false, []string{"too_many"}},
		"no director":            {append(good[1:3:3], member("deputy", "male", "01", "")), false, []string{"no_director"}},
		"two directors":          {with(member("director", "female", "01", "")), false, []string{"directors"}},
		"no woman":               {append(slices.Clone(good[:1]), good[2], good[2]), false, []string{"no_woman"}},
		"no minority":            {append(slices.Clone(good[:2]), good[1]), true, []string{"no_minority"}},
		"no minority, one group": {append(slices.Clone(good[:2]), good[1]), false, nil},
		"term over":              {with(member("member", "male", "01", "2023-03-10")), false, []string{"term_over"}},
		"term ends today":        {with(member("member", "male", "01", "2023-03-11")), false, []string{"term_soon"}},
		"term began yesterday":   {with(member("member", "male", "01", "2026-03-09")), false, nil},
		"hired do not count":     {append(slices.Clone(good[:2]), member("hired", "male", "01", "")), false, []string{"too_few"}},
		"not yet begun":          {append(slices.Clone(good[:2]), member("member", "male", "01", "2026-04-01")), false, []string{"too_few"}},
		"longer than the law":    {with(Member{ID: "x", Name: "样人", Role: "member", TermStart: "2025-01-01", TermEnd: "2030-01-01"}), false, []string{"term_long"}},
	} {
		got := Warnings(Register{Members: tt.members, MultiEthnic: tt.multi}, today, true)
		if !slices.Equal(codesOf(got), append([]string{}, tt.want...)) {
			t.Errorf("%s: %v, want %v", name, codesOf(got), tt.want)
		}
		for _, w := range got {
			if w.Article == "" || !strings.Contains(w.Text(data.Chinese), "人民调解法") || strings.Contains(w.Text(data.English), "{") {
				t.Errorf("%s reads %q", w.Code, w.Text(data.Chinese))
			}
		}
		if len(Warnings(Register{Members: tt.members}, today, false)) != 0 {
			t.Errorf("%s: a court is judged as a committee", name)
		}
	}
}

func TestOtherWarnings(t *testing.T) {
	v := Register{
		Mediators: []Mediator{{ID: "1", Name: "刘例芳", Leave: []Span{{"2026-03-10", "2026-03-10"}}}, {ID: "2", Name: "孙样田", ActiveTo: "2026-03-09"}, {ID: "3", Name: "钱样富", ActiveTo: "2026-03-10", Leave: []Span{{"2026-03-11", ""}}}},
		Roster:    []RosterEntry{{ID: "4", Name: "工会", ValidTo: "2025-12-31"}, {ID: "5", Name: "妇联", ValidTo: "2026-12-31"}},
		Sweeps:    []Sweep{{ID: "6", Day: "2026-03-11", Found: 1, Resolved: 2}},
	}
	want := []string{"on_leave", "mediator_over", "mediator_soon", "roster_over", "sweep_over", "sweep_future"}
	if got := codesOf(Warnings(v, "2026-03-10", false)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSuggest(t *testing.T) {
	v := Register{
		Mediators: []Mediator{
			{ID: "m1", Name: "刘例芳", Categories: []string{"02"}, Languages: []string{"清溪话"}},
			{ID: "m2", Name: "孙样田", Categories: []string{"02"}},
			{ID: "m3", Name: "周例水", Categories: []string{"10a"}},
			{ID: "m4", Name: "吴样木", Categories: []string{"02"}, Conflicts: []string{"王 小例"}},
			{ID: "m5", Name: "郑例火", Categories: []string{"02"}, Leave: []Span{{"2026-03-01", "2026-03-31"}}},
			{ID: "m6", Name: "冯样土", Categories: []string{"02"}, Capacity: 2},
			{ID: "m7", Name: "李大样", Categories: []string{"02"}},
			{ID: "m8", Name: "陈例全"},
		},
		Roster: []RosterEntry{
			{ID: "r1", Name: "青禾县总工会", Body: "gh", Areas: []string{"990125"}},
			{ID: "r2", Name: "青禾县商会", Body: "sh", Sectors: []string{"commercial"}, ValidTo: "2025-12-31"},
			{ID: "r3", Name: "清溪镇调委会", Categories: []string{"02"}, Areas: []string{"990125101000"}},
			{ID: "r4", Name: "北山镇调委会", Categories: []string{"02"}, Areas: []string{"990125102000"}},
		},
	}
	order := func(n Need, open map[string]int) (ids string, all []Suggestion) {
		all = Suggest(v, n, open)
		for _, s := range all {
			ids += s.ID + ":" + s.Place + " "
		}
		return strings.TrimSpace(ids), all
	}
	wall := Need{Day: "2026-03-10", Category: "02", Names: []string{"李大样", "王小例"}, Division: "990125101203", Candidates: Mediators}
	ids, all := order(wall, map[string]int{"m1": 3, "m6": 2})
	if want := "m2:fits m1:fits m8:fits m3:other m4:not m6:not m7:not m5:not"; !samePlaces(ids, want) || !strings.HasPrefix(ids, "m2:fits m1:fits m8:fits m3:other") {
		t.Errorf("got %s", ids)
	}
	lines := map[string]string{}
	for _, s := range all {
		lines[s.ID] = s.Line(data.Chinese)
		if en := s.Line(data.English); en == "" || strings.Contains(en+lines[s.ID], "{") || strings.Contains(lines[s.ID], "\n") {
			t.Errorf("%s reads %q", s.ID, en)
		}
	}
	for id, want := range map[string]string{
		"m1": "擅长这类纠纷：邻里纠纷；在办 3 件", "m4": "与“王小例”有利害关系，应当回避；擅长这类纠纷：邻里纠纷；在办 0 件", "m5": "请假至 2026-03-31；擅长这类纠纷：邻里纠纷；在办 0 件",
		"m6": "在办 2 件，已达上限 2 件；擅长这类纠纷：邻里纠纷；在办 2 件（上限 2 件）", "m7": "与当事人或者代理人“李大样”同名，可能须回避；擅长这类纠纷：邻里纠纷；在办 0 件", "m8": "在办 0 件",
	} {
		if lines[id] != want {
			t.Errorf("%s: %q, want %q", id, lines[id], want)
		}
	}
	wall.Languages = []string{"清溪话"}
	if ids, _ := order(wall, nil); !strings.HasPrefix(ids, "m1:fits m6:other m2:other") {
		t.Errorf("the language: %s", ids)
	}
	wall.Candidates, wall.Languages = Roster, nil
	if ids, _ := order(wall, nil); !strings.HasPrefix(ids, "r3:fits r1:fits r4:other r2:not") {
		t.Errorf("the roster: %s", ids)
	}
	wages := Need{Day: "2026-03-10", Category: "10a", Tags: []string{"migrant_workers"}, Division: "990125101203", Candidates: Roster}
	if ids, _ := order(wages, nil); !strings.HasPrefix(ids, "r1:fits") {
		t.Errorf("wages: %s", ids)
	}
	// Without anything asked for nobody is left out, and the order is by load and name.
	if ids, _ := order(Need{}, map[string]int{"r1": 1}); strings.Contains(ids, "not") || !strings.HasSuffix(ids, "r1:fits") {
		t.Errorf("nothing asked: %s", ids)
	}
	// The order of the register makes no difference.
	before, _ := order(wall, nil)
	slices.Reverse(v.Roster)
	slices.Reverse(v.Mediators)
	if after, _ := order(wall, nil); after != before {
		t.Errorf("the order counts: %s, %s", before, after)
	}
}

// samePlaces compares the places alone.
func samePlaces(got, want string) bool {
	a, b := strings.Fields(got), strings.Fields(want)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestDivisions(t *testing.T) {
	v := Register{Divisions: []DivisionChange{
		{Code: "990125101203", Name: "河湾村", To: "2025-12-31", Successor: "990125101210"},
		{Code: "990125101210", Name: "新河湾村", From: "2026-01-01"},
		{Code: "990125101998", Name: "甲村", To: "2025-12-31", Successor: "990125101999"},
		{Code: "990125101999", Name: "乙村", To: "2025-12-31", Successor: "990125101998"},
	}}
	for _, tt := range [][3]string{
		{"990125101203", "2025-06-01", "990125101203"},
		{"990125101203", "2026-06-01", "990125101210"},
		{"990125101204", "2026-06-01", "990125101204"},
		{"990125101998", "2026-06-01", "990125101998"},
	} {
		if got := v.SuccessorOn(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%v: %s", tt, got)
		}
	}
	if d, ok := v.DivisionOn("990125101203", "2025-12-31"); !ok || d.Name != "河湾村" {
		t.Errorf("%+v", d)
	}
}
