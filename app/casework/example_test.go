package casework_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
)

type example struct {
	Case  json.RawMessage
	Steps []struct {
		Step   string
		Fields json.RawMessage
		State  string
	}
	EffectiveOn string `json:"effective_on"`
}

func readExample(t testing.TB, name string) example {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var e example
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func driveExample(t testing.TB, name string) (*record, example) {
	t.Helper()
	e := readExample(t, name)
	d, _, err := casework.ParseDocument(e.Case)
	if err != nil {
		t.Fatal(err)
	}
	r := newRecord(t, d)
	for _, s := range e.Steps {
		r.act(s.Step, string(s.Fields))
		r.wantStates(s.State)
		sameAsDigest(t, r)
	}
	return r, e
}

// TestExampleCases drives the two invented cases from receipt to closing: a
// wall between neighbours, and wages paid in instalments.
func TestExampleCases(t *testing.T) {
	for _, name := range []string{"example1.json", "example2.json"} {
		r, e := driveExample(t, name)
		v := r.view()
		if v.Agreement.EffectiveOn != e.EffectiveOn || v.Outcome != "agreed" || len(v.Conflicts) != 0 {
			t.Fatalf("%s: %+v", name, v.Agreement)
		}
		for _, term := range v.Agreement.Terms {
			if term.PerformedOn == "" {
				t.Fatalf("%s: term %d is not performed", name, term.N)
			}
		}
		for _, option := range casework.Steps(r.state, mediator, r.held()...) {
			if option.Allowed && !strings.Contains(" "+allowedSteps["closed/performed"]+along+" ", " "+option.Step+" ") {
				t.Fatalf("%s: %s after closing", name, option.Step)
			}
		}
	}
}

// TestCounterExample: the company refuses; mediation ends and is closed.
func TestCounterExample(t *testing.T) {
	e := readExample(t, "example2.json")
	d, _, err := casework.ParseDocument(e.Case)
	if err != nil {
		t.Fatal(err)
	}
	r := newRecord(t, d)
	r.act("accept", `{"at":"2026-09-02"}`)
	r.act("terminate", `{"reason":"refused","at":"2026-09-03"}`)
	r.wantStates("terminated/none")
	r.act("close", `{"at":"2026-09-03"}`)
	if got := r.view().Outcome; got != "refused" {
		t.Fatalf("outcome %q", got)
	}
}

func TestSheetOfTheExamples(t *testing.T) {
	for _, name := range []string{"example1.json", "example2.json"} {
		r, _ := driveExample(t, name)
		for _, lang := range []data.Lang{data.Chinese, data.English} {
			sections := casework.Sheet(r.view(), lang)
			var keys []string
			for _, s := range sections {
				keys = append(keys, s.Key)
				if s.Title == "" {
					t.Errorf("%s has no title", s.Key)
				}
			}
			if got := strings.Join(keys, " "); got != "head parties story claims agreement steps" {
				t.Errorf("sections %s", got)
			}
			raw, err := json.Marshal(sections)
			if err != nil {
				t.Fatal(err)
			}
			text := string(raw)
			if strings.Contains(text, r.view().ID[:8]) {
				t.Errorf("%s %s shows the id beside the number", name, lang)
			}
			for _, want := range []string{r.view().Title, r.view().ExternalID, r.view().Unit, r.view().Parties[0].Name, r.view().Parties[1].IDNumber, sheetDay(t, r.view().Agreement.EffectiveOn, lang), r.view().Facts[:30], r.view().Mediators[0]} {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s lacks %q", name, lang, want)
				}
			}
			for _, code := range []string{`"effective"`, `"applicant"`, `"male"`, `"committee"`, `"written"`, `"uscc"`, `"02"`, `"10a"`, `""`} {
				if strings.Contains(text, `"value":`+code) {
					t.Errorf("%s %s shows the code %s", name, lang, code)
				}
			}
		}
	}
	r, _ := driveExample(t, "example2.json")
	raw, _ := json.Marshal(casework.Sheet(r.view(), data.Chinese))
	if strings.Contains(string(raw), "2026-") {
		t.Errorf("a day is not written as people do in %s", raw)
	}
	for _, want := range []string{`"23,600.00 元"`, "2026年9月2日 09:20", "已于 2026年10月15日 履行", "黄例敏（单位工作人员，特别授权）", "涉农民工、涉企", "已结案、已履行"} {
		if !strings.Contains(strings.ReplaceAll(string(raw), "涉企、涉农民工", "涉农民工、涉企"), want) {
			t.Errorf("lacks %q in %s", want, raw)
		}
	}
	a := newRecord(t, goodDocument(t))
	b := a.at("township")
	a.set(`{"amount_fen":40000}`)
	b.set(`{"amount_fen":50000}`)
	a.work(steps("accept"))
	b.work(steps("refuse"))
	meet(a, b)
	raw, _ = json.Marshal(casework.Sheet(a.view(), data.Chinese))
	for _, want := range []string{"待确认事项", `"400.00 元"`, `"500.00 元"`, "受理 2026年3月10日", "不予受理 2026年3月10日"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("lacks %q in %s", want, raw)
		}
	}
}

// sheetDay is a day as the sheet of a language has it, worked out apart from it.
func sheetDay(t testing.TB, day string, lang data.Lang) string {
	t.Helper()
	var y, m, d int
	if _, err := fmt.Sscanf(day, "%d-%d-%d", &y, &m, &d); err != nil {
		t.Fatal(err)
	}
	if lang == data.English {
		return day
	}
	return fmt.Sprintf("%d年%d月%d日", y, m, d)
}

func TestSheetWritesAmountsAndDaysAsPeopleDo(t *testing.T) {
	for _, tt := range []struct {
		fen    int64
		zh, en string
	}{
		{0, "0.00 元", "CNY 0.00"},
		{5, "0.05 元", "CNY 0.05"},
		{99_999, "999.99 元", "CNY 999.99"},
		{100_000, "1,000.00 元", "CNY 1,000.00"},
		{1_500_000, "15,000.00 元", "CNY 15,000.00"},
		{123_456_789, "1,234,567.89 元", "CNY 1,234,567.89"},
		{casework.MaxAmount, "1,000,000,000,000.00 元", "CNY 1,000,000,000,000.00"},
	} {
		v := casework.CaseView{ID: strings.Repeat("ab", 32), Document: casework.Document{AmountFen: &tt.fen, ReceivedAt: "2026-03-17T16:30:00Z"}}
		for lang, want := range map[data.Lang][2]string{data.Chinese: {tt.zh, "2026年3月18日 00:30"}, data.English: {tt.en, "2026-03-18 00:30"}} {
			values := map[string]string{}
			for _, item := range casework.Sheet(v, lang)[0].Items {
				values[item.Label] = item.Value
			}
			if got := values[data.Name("field", "amount_fen", lang)]; got != want[0] {
				t.Errorf("%d fen: %q, want %q", tt.fen, got, want[0])
			}
			if got := values[data.Name("field", "received_at", lang)]; got != want[1] {
				t.Errorf("received %q, want %q", got, want[1])
			}
		}
	}
}

func TestSheetNamesACaseWithoutANumberByItsID(t *testing.T) {
	v := casework.CaseView{ID: "0123456789abcdef" + strings.Repeat("0", 48), Document: casework.Document{Title: "某纠纷"}}
	for lang, want := range map[data.Lang]string{data.Chinese: "案件标识：01234567", data.English: "Case id: 01234567"} {
		sections := casework.Sheet(v, lang)
		foot := sections[len(sections)-1]
		if foot.Key != "foot" || foot.Title != "" || len(foot.Items) != 1 || foot.Items[0].Label != "" || foot.Items[0].Value != want {
			t.Errorf("%s: %+v", lang, foot)
		}
	}
	v.ExternalID = "(2026)河湾人调字第7号"
	raw, err := json.Marshal(casework.Sheet(v, data.Chinese))
	if err != nil || strings.Contains(string(raw), "01234567") || !strings.Contains(string(raw), v.ExternalID) {
		t.Errorf("%s: %v", raw, err)
	}
}

// TestHistory: every operation says which fields it changed, from what to what.
func TestHistory(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	id := r.view().Parties[0].ID
	r.set(`{"claims":"另一请求","amount_fen":null,"facts":"围墙占了沟。","tags.+":"veteran","tags.elderly":null,"parties.` + id + `.phone":"000-0000-0044"}`)
	r.set(`{"parties.` + r.view().Parties[1].ID + `":null}`)
	r.go_("accept")
	lines := map[string]casework.Line{}
	before := newState()
	for i, o := range r.ops {
		after := newState()
		for _, p := range r.ops[:i+1] {
			mustApply(t, after, p)
		}
		for _, l := range casework.History(o.meta, o.changes, before, after, casework.Names{}) {
			if l.Seat != seatOf(r.desk) || l.At == "" || len(l.Op) != 64 {
				t.Fatalf("%+v", l)
			}
			if i > 0 {
				lines[l.Field] = l
			}
		}
		before = after
	}
	for field, want := range map[string][2]any{
		"claims":                   {"退回原墙中心线", "另一请求"},
		"amount_fen":               {int64(30000), nil},
		"facts":                    {"围墙占了滴水沟。", "围墙占了沟。"},
		"parties." + id + ".phone": {"000-0000-0001", "000-0000-0044"},
	} {
		if l, ok := lines[field]; !ok || l.From != want[0] || l.To != want[1] {
			t.Errorf("%s: %+v", field, l)
		}
	}
	if l := lines["tags"]; l.From == nil && l.To != "veteran" {
		t.Errorf("tags: %+v", l)
	}
	accept, ok := lines["lifecycle.accept"]
	if !ok || !strings.Contains(string(casework.Encode(accept)), `"mediation":"accepted"`) {
		t.Errorf("accept: %+v", accept)
	}
	removed := false
	for field, l := range lines {
		removed = removed || strings.HasPrefix(field, "parties.") && l.From == "王小例" && l.To == nil
	}
	if !removed {
		t.Errorf("the removal is not told: %+v", lines)
	}
}

func TestRowsFiltersAndQueries(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_("accept")
	row := casework.RowOf(r.view())
	if row.ReceivedOn != "2026-03-09" || row.Title == "" || row.State.Mediation != "accepted" || row.Unit != "990125101203-tw" {
		t.Fatalf("%+v", row)
	}
	for _, tt := range []struct {
		filter casework.Filter
		want   bool
	}{
		{casework.Filter{}, true},
		{casework.Filter{State: "accepted"}, true},
		{casework.Filter{State: "none"}, true},
		{casework.Filter{State: "closed"}, false},
		{casework.Filter{Category: "02"}, true},
		{casework.Filter{Category: "01"}, false},
		{casework.Filter{Unit: "990125101203-tw"}, true},
		{casework.Filter{Unit: "990125101-zt"}, false},
		{casework.Filter{From: "2026-03-09", To: "2026-03-09"}, true},
		{casework.Filter{From: "2026-03-10"}, false},
		{casework.Filter{To: "2026-03-08"}, false},
	} {
		if got := tt.filter.Match(row); got != tt.want {
			t.Errorf("%+v: %v", tt.filter, got)
		}
	}
	text := casework.SearchText(goodDocument(t))
	for query, want := range map[string]bool{
		"围墙": true, "李大样": true, "ldy": true, "LDY": true, "wxl": true, "王例亲": true, "wlq": true, "990125195503120018": true, "滴水沟": true,
		"000-0000-0001": true, "０００": true, "ldy 围墙": true, "ldy　wxl": true, "qh-7": true, "河湾村": true, "": true,
		"陈例公": false, "ldy 陈例公": false, "990125195503120019": false,
	} {
		if got := casework.MatchQuery(text, query); got != want {
			t.Errorf("%q: %v", query, got)
		}
	}
	if got := casework.Initials("阿·例𬘭3号X"); got != "all3hx" {
		t.Errorf("initials %q", got)
	}
	rows := []casework.Row{{ID: "b", ReceivedOn: "2026-03-09"}, {ID: "a", ReceivedOn: "2026-03-09"}, {ID: "c", ReceivedOn: "2026-03-10"}}
	if casework.CompareRows(rows[0], rows[1]) <= 0 || casework.CompareRows(rows[2], rows[0]) >= 0 {
		t.Error("order")
	}
	if m := (casework.Filter{From: "2026-03-01", To: "2026-03-31"}); !m.Match(casework.Row{ReceivedOn: "2026-03"}) {
		t.Error("a digest's month is not matched")
	}
}
