package tables

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func defaultFile(t testing.TB, table string) string {
	t.Helper()
	raw, err := defaultFiles.ReadFile("defaults/" + table + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// broken are the program's own tables with one thing wrong in each.
var broken = []struct {
	name, table, old, new string
	code, where           string
}{
	{"unknown table", TableNeeds, `"table": "needs"`, `"table": "wishes"`, CodeTable, "table"},
	{"no table", TableNeeds, `"table": "needs", `, ``, CodeMissing, "table"},
	{"version zero", TableNeeds, `"version": 1`, `"version": 0`, CodeNumber, "needs version"},
	{"version a text", TableNeeds, `"version": 1`, `"version": "1"`, CodeType, "version"},
	{"version a fraction", TableNeeds, `"version": 1`, `"version": 1.5`, CodeType, "version"},
	{"version huge", TableNeeds, `"version": 1`, `"version": 99999999999999999999`, CodeType, "version"},
	{"no such day", TableNeeds, `"2026-01-01"`, `"2026-02-30"`, CodeDay, "needs valid_from"},
	{"field twice", TableNeeds, `"version": 1`, `"version": 1, "version": 2`, CodeTwice, "version"},
	{"field of another case", TableNeeds, `"version"`, `"Version"`, CodeMissing, "version"},
	{"field too many", TableNeeds, `"version": 1`, `"version": 1, "signed": true`, CodeUnknown, "signed"},
	{"null", TableNeeds, `"zh": "高龄"`, `"zh": null`, CodeType, "needs[0] (elderly).zh"},
	{"blank name", TableNeeds, `"zh": "高龄"`, `"zh": " "`, CodeEmpty, "needs[0] (elderly).zh"},
	{"no English", TableNeeds, `"en": "Elderly", `, ``, CodeMissing, "needs[0] (elderly).en"},
	{"empty English", TableClocks, `"en": "Delegated mediation (before docketing)"`, `"en": ""`, CodeEmpty, "clocks[2] (delegated).en"},
	{"control character", TableNeeds, `"zh": "高龄"`, `"zh": "高\n龄"`, CodeEncoding, "needs[0].zh"},
	{"lone surrogate", TableNeeds, `"zh": "高龄"`, `"zh": "高\ud800龄"`, CodeEncoding, "needs[0].zh"},
	{"text too long", TableNeeds, `"zh": "高龄"`, `"zh": "` + strings.Repeat("龄", MaxText+1) + `"`, CodeLong, "needs[0].zh"},
	{"need not there", TableNeeds, `"id": "minor", "zh"`, `"id": "child", "zh"`, CodeLacks, "needs"},
	{"item twice", TableNeeds, `"id": "minor_aid"`, `"id": "mental_aid"`, CodeDuplicate, "needs[9] (minor).items[3] (mental_aid)"},
	{"item twice in one need", TableNeeds, `"id": "minor_aid"`, `"id": "minor_words"`, CodeDuplicate, "needs[9] (minor).items[3] (minor_words)"},
	{"duty unknown", TableNeeds, `"duty": "law"`, `"duty": "must"`, CodeChoice, "needs[0] (elderly).items[0] (elderly_support).duty"},

	{"year missing between", TableHolidays, `{"year": 2025`, `{"year": 2024`, CodeOutside, "years[0] (2024).holidays[0]"},
	{"year twice", TableHolidays, `{"year": 2026`, `{"year": 2025`, CodeDuplicate, "years[1] (2025)"},
	{"holiday missing", TableHolidays, `"festivals": ["national_day", "mid_autumn"]`, `"festivals": ["national_day"]`, CodeFestival, "holidays years[0] (2025)"},
	{"holiday twice", TableHolidays, `"festivals": ["dragon_boat"]`, `"festivals": ["qingming"]`, CodeDuplicate, "years[0] (2025).holidays[4] (qingming)"},
	{"holiday unknown", TableHolidays, `"festivals": ["dragon_boat"]`, `"festivals": ["double_ninth"]`, CodeChoice, "years[0] (2025).holidays[4] (double_ninth)"},
	{"gap", TableHolidays, `"2026-02-18", `, ``, CodeGap, "years[1] (2026).holidays[1] (spring_festival).off"},
	{"off twice", TableHolidays, `"2026-02-18", `, `"2026-02-18", "2026-02-18", `, CodeOffTwice, "years[1] (2026).holidays[1] (spring_festival).off"},
	{"off and worked", TableHolidays, `"work": ["2026-01-04"]`, `"work": ["2026-01-03"]`, CodeOffTwice, "years[1] (2026).holidays[0] (new_year).work"},
	{"make-up on a Monday", TableHolidays, `"work": ["2026-01-04"]`, `"work": ["2026-01-05"]`, CodeMakeup, "years[1] (2026).holidays[0] (new_year).work"},
	{"day of another year", TableHolidays, `"work": ["2026-01-04"]`, `"work": ["2027-01-03"]`, CodeOutside, "years[1] (2026).holidays[0] (new_year).work"},
	{"without 1 May", TableHolidays, `"2026-05-01", `, ``, CodeFixed, "years[1] (2026).holidays[3] (labour_day).off"},
	{"no days", TableHolidays, `"off": ["2025-01-01"]`, `"off": []`, CodeEmpty, "years[0] (2025).holidays[0].off"},
	{"year out of bounds", TableHolidays, `{"year": 2025`, `{"year": 25`, CodeNumber, "years[0] (25)"},

	{"a window of a thousand years", TableRepeats, `"days": 0`, `"days": 365250`, CodeNumber, "repeats days"},
	{"no window", TableRepeats, `"days": 0, `, ``, CodeMissing, "days"},

	{"clock not there", TableClocks, `{"id": "docketing"`, `{"id": "registering"`, CodeLacks, "clocks"},
	{"clock twice", TableClocks, `{"id": "online",`, `{"id": "delegated",`, CodeDuplicate, "clocks[5] (delegated)"},
	{"clock without length", TableClocks, `"length": 7, "unit": "calendar_days", "starts": ["complaint_received"`, `"unit": "calendar_days", "starts": ["complaint_received"`, CodeNumber, "clocks[19] (docketing).length"},
	{"clock too long", TableClocks, `"length": 3, "unit": "years"`, `"length": 300, "unit": "years"`, CodeNumber, "clocks[25] (limitation).length"},
	{"length below zero", TableClocks, `"length": 3, "unit": "years"`, `"length": -3, "unit": "years"`, CodeNumber, "clocks[25] (limitation).length"},
	{"unit unknown", TableClocks, `"unit": "months"`, `"unit": "weeks"`, CodeChoice, "clocks[18] (objection_interested).unit"},
	{"event unknown", TableClocks, `"starts": ["effective"]`, `"starts": ["signed"]`, CodeChoice, "clocks[12] (confirmation_apply).starts"},
	{"meets and stops", TableClocks, `"stops": ["performed", "closed"]`, `"stops": ["confirmation_applied"]`, CodeDuplicate, "clocks[12] (confirmation_apply).stops"},
	{"no start", TableClocks, `"starts": ["effective"]`, `"starts": []`, CodeEmpty, "clocks[12] (confirmation_apply).starts"},
	{"actor unknown", TableClocks, `"actor": "parties"`, `"actor": "anybody"`, CodeChoice, "clocks[8] (choose_mediator).actor"},
	{"extender unknown", TableClocks, `"by": ["court_president"]`, `"by": ["mayor"]`, CodeChoice, "clocks[14] (confirmation_ruling).extend.by"},
	{"pause unknown", TableClocks, `"pauses": ["appraisal",`, `"pauses": ["rain",`, CodeChoice, "clocks[0] (mediation).pauses"},
	{"division", TableClocks, `"division": "4403"`, `"division": "44 03"`, CodeID, "clocks[1] (mediation_agreed).division"},
	{"bad id", TableClocks, `{"id": "appraisal"`, `{"id": "鉴定"`, CodeID, "pauses[0] (鉴定)"},

	{"sector unknown", TableBodies, `"sectors": ["veteran"]`, `"sectors": ["army"]`, CodeChoice, "(veterans).sectors"},
	{"kind of body", TableBodies, `"kinds": ["tw"]`, `"kinds": ["tw", "tw"]`, CodeDuplicate, "bodies[0] (village).kinds"},
	{"category form", TableBodies, `"categories": ["01"]`, `"categories": ["一"]`, CodeID, "bodies[9] (women).categories"},

	{"position missing", TableDocuments, `{"position": 5, "id": "investigation"`, `{"position": 6, "id": "investigation"`, CodePosition, "volume[4] (investigation).position"},
	{"folder position", TableDocuments, `{"position": 12, "id": "other"`, `{"position": 13, "id": "other"`, CodePosition, "export_folders[11] (other).position"},
	{"paper not there", TableDocuments, `"id": "rights_notice", "zh": "当事人`, `"id": "rights", "zh": "当事人`, CodeLacks, "documents volume"},
	{"needed unknown", TableDocuments, `"needed": "as_needed"`, `"needed": "sometimes"`, CodeChoice, "volume[3] (authorisation).needed"},

	{"template without number", TableNumbering, `第{N}号`, `第号`, CodeTemplate, "numbering template"},
	{"template with a strange field", TableNumbering, `{abbr}`, `{name}`, CodeTemplate, "numbering template"},
	{"template with a brace", TableNumbering, `第{N}号`, `第{N}}号`, CodeTemplate, "numbering template"},
	{"template without word", TableNumbering, `{word}`, ``, CodeTemplate, "numbering template"},
	{"block zero", TableNumbering, `"block": 500`, `"block": 0`, CodeNumber, "numbering block"},
	{"digits", TableNumbering, `"digits": 6`, `"digits": 7`, CodeNumber, "numbering digits"},
	{"block beyond digits", TableNumbering, `"digits": 6`, `"digits": 2`, CodeNumber, "numbering block"},
	{"word unknown", TableNumbering, `"word": "人调口"`, `"word": "口"`, CodeChoice, "series[2] (oral).word"},
	{"same as nothing", TableNumbering, `"as": "volume"`, `"as": "book"`, CodeNoSeries, "series[1] (agreement).as"},
	{"same as itself", TableNumbering, `"as": "volume"`, `"as": "agreement"`, CodeNoSeries, "series[1] (agreement).as"},

	{"answer unknown", TableConfirmation, `"good": "yes"`, `"good": "maybe"`, CodeChoice, "questions[0] (signed).good"},
	{"auto unknown", TableConfirmation, `"auto": "signatures"`, `"auto": "guess"`, CodeChoice, "questions[0] (signed).auto"},
	{"question not there", TableConfirmation, `"id": "third_party"`, `"id": "third"`, CodeLacks, "confirmation questions"},
	{"ground not there", TableConfirmation, `"id": "unclear"`, `"id": "vague"`, CodeLacks, "confirmation dismissals"},
	{"blocks a number", TableConfirmation, `"blocks": true`, `"blocks": 1`, CodeType, "questions[0] (signed).blocks"},

	{"kind of consent", TableConsents, `"kind": "separate"`, `"kind": "silent"`, CodeChoice, "consents[4] (sensitive).kind"},
	{"consent not there", TableConsents, `"id": "helpers"`, `"id": "friends"`, CodeLacks, "consents"},
	{"basis unknown", TableConsents, `"basis": "duty"`, `"basis": "habit"`, CodeChoice, "consents[0] (rights).basis"},

	{"table of no program", TableAuthority, `"id": "needs"`, `"id": "wishes"`, CodeLacks, "authority tables"},
	{"nobody may", TableAuthority, `"bodies": ["fy"]`, `"bodies": []`, CodeEmpty, "tables[5] (confirmation).bodies"},
}

func TestParseRefuses(t *testing.T) {
	for _, test := range broken {
		t.Run(test.name, func(t *testing.T) {
			raw := defaultFile(t, test.table)
			if !strings.Contains(raw, test.old) {
				t.Fatalf("the table has no %s", test.old)
			}
			p, err := Parse([]byte(strings.Replace(raw, test.old, test.new, 1)))
			var e *Error
			if !errors.As(err, &e) || p != nil {
				t.Fatalf("taken: %v, %v", p, err)
			}
			if e.Code != test.code || !strings.Contains(e.Where(), test.where) {
				t.Errorf("%s at %q (%v); want %s at %q", e.Code, e.Where(), err, test.code, test.where)
			}
			checkSentences(t, e)
		})
	}
}

// checkSentences holds that an error can be read by a person: it says what to
// do, in both languages, and leaves no parameter open.
func checkSentences(t *testing.T, e *Error) {
	t.Helper()
	for _, s := range []string{e.Why("zh"), e.Hint("zh"), e.Why(English), e.Hint(English)} {
		if s == "" || strings.Contains(s, "{value}") || strings.Contains(s, "{want}") || strings.Contains(s, "{limit}") {
			t.Errorf("%s: the sentence is %q", e.Code, s)
		}
	}
	if !han(e.Why("zh")) || strings.Contains(e.Why(English), "字段") {
		t.Errorf("%s: languages are mixed: %q, %q", e.Code, e.Why("zh"), e.Why(English))
	}
}

func TestParseRefusesDocuments(t *testing.T) {
	whole := defaultFile(t, TableAuthority)
	for _, test := range []struct{ name, raw, code string }{
		{"nothing", "", CodeSyntax},
		{"no JSON", "table", CodeSyntax},
		{"something after", whole + "{}", CodeSyntax},
		{"a list", "[]", CodeType},
		{"no content", `{"table":"needs","version":1,"valid_from":"2026-01-01","source":"x"}`, CodeMissing},
		{"broken UTF-8", strings.Replace(whole, "节", "\xff", 1), CodeEncoding},
		{"too large", whole + strings.Repeat(" ", MaxTable), CodeSize},
		{"too deep", strings.Repeat("[", 40) + strings.Repeat("]", 40), CodeDeep},
		{"too many", "[" + strings.Repeat("1,", MaxRows) + "1]", CodeLong},
	} {
		_, err := Parse([]byte(test.raw))
		var e *Error
		if !errors.As(err, &e) || e.Code != test.code {
			t.Errorf("%s: %v, want %s", test.name, err, test.code)
		} else {
			checkSentences(t, e)
		}
	}
}

// TestNobodyReceives: every category of the program has a receiver.
func TestNobodyReceives(t *testing.T) {
	_, err := Parse([]byte(strings.ReplaceAll(defaultFile(t, TableBodies), `"99"`, `"98"`)))
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeUnassigned || e.Params["value"] != "99" {
		t.Fatal(err)
	}
	checkSentences(t, e)
}

// TestYearHole: a year between two others has to be there.
func TestYearHole(t *testing.T) {
	raw := defaultFile(t, TableHolidays)
	later := strings.ReplaceAll(holidays2019, "2019", "2022")
	later = strings.ReplaceAll(later, "2018", "2021")
	year := later[strings.Index(later, `{"year"`):]
	raw = strings.Replace(raw, `{"year": 2025`, strings.TrimSuffix(year, "]}}")+`,{"year": 2025`, 1)
	_, err := Parse([]byte(raw))
	var e *Error
	// The make-up days of 2019 are not weekends in 2022: mend them first.
	if !errors.As(err, &e) || e.Code != CodeMakeup {
		t.Fatal(err)
	}
	for _, work := range []string{`, "work": ["2021-12-29"]`, `, "work": ["2022-02-02", "2022-02-03"]`, `, "work": ["2022-09-29", "2022-10-12"]`} {
		raw = strings.Replace(raw, work, "", 1)
	}
	_, err = Parse([]byte(raw))
	if !errors.As(err, &e) || e.Code != CodeYearHole || e.Params["year"] != "2023" {
		t.Fatal(err)
	}
	checkSentences(t, e)
}

// FuzzParse: what is taken is whole, and written and read again is the same;
// everything else is an [*Error] with a known code.
func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		f.Add([]byte(defaultFile(f, name)))
	}
	for _, test := range broken {
		f.Add([]byte(strings.Replace(defaultFile(f, test.table), test.old, test.new, 1)))
	}
	f.Add([]byte(holidays2019))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Parse(raw)
		if err != nil {
			var e *Error
			if p != nil || !errors.As(err, &e) || messages()["error."+e.Code].Zh == "" {
				t.Fatalf("%v, %v", p, err)
			}
			return
		}
		again, err := Parse(p.bytes())
		if err != nil {
			t.Fatalf("written and read again: %v", err)
		}
		if !reflect.DeepEqual(p, again) {
			t.Fatal("written and read again it is another")
		}
		p.Publisher, p.Body = "above", "fy"
		set, err := Default().With([]Published{*p})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := set.Run(ClockMediation, History{StartedOn: "2026-03-10"}); err != nil {
			t.Fatal(err)
		}
	})
}
