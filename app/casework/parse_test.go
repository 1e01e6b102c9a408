package casework_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/casework/schematest"
)

// good is a document that has everything, taken apart by the tests below.
const good = `{"external_id":"QH-7","category":"02","source":"application","title":"李大样与王小例围墙纠纷",
"received_at":"2026-03-09T09:00:00+08:00","facts":"围墙占了滴水沟。","claims":"退回原墙中心线","amount_fen":30000,"place":"河湾村3组",
"tags":["elderly"],"parties":[
{"side":"applicant","kind":"person","name":"李大样","sex":"male","ethnicity":"01","birth_date":"1955-03-12","id_kind":"resident","id_number":"990125195503120018","phone":"000-0000-0001","contact":"刘例芳","needs":["illiterate","elderly"]},
{"side":"respondent","kind":"person","name":"王小例","id_kind":"resident","id_number":"990125196207080036","agent":{"name":"王例亲","kind":"relative","authority":"special"}}]}`

// peopleParties have everything that can be said of people: a minor with a
// guardian, an agent with powers, one who chose a representative.
const peopleParties = `{"side":"applicant","kind":"person","name":"李小样","alias":"样样","birth_date":"2012-05-01","contact":"村干部示例","contact_phone":"000-0000-0011","capacity":"limited","needs":["minor"],
"guardian":{"name":"李大样","relation":"parent","id_kind":"resident","id_number":"990125195503120018","phone":"000-0000-0001"}},
{"side":"applicant","kind":"person","name":"李大样","agent":{"name":"王例亲","kind":"lawyer","authority":"special","powers":["take_part_sign","admit_change_waive","other"],"powers_note":"代领款项","id_kind":"other","id_number":"例律1","phone":"000-0000-0012","until":"2027-01-01"},
"delivery":{"recipient":"李示收","address":"清溪镇河湾村3组","phone":"000-0000-0001","electronic":true,"electronic_to":"yang@example.invalid","confirmed_on":"2026-03-10"}},
{"side":"applicant","kind":"person","name":"赵样乙","represented_by":{"names":["李大样"],"may_settle":true,"chosen_on":"2026-03-10"}}`

// with replaces a part of the good document.
func with(t testing.TB, old, new string) string {
	t.Helper()
	if strings.Count(good, old) != 1 {
		t.Fatalf("%q is not once in the document", old)
	}
	return strings.Replace(good, old, new, 1)
}

// documents are judged by the parser and by case.schema.json; where the
// parser is stricter (check digits), schemaAllows says so.
func documents(t testing.TB) []struct {
	name, text, path, code string
	schemaAllows           bool
} {
	many := func(n int) string {
		p := `{"side":"third","kind":"person","name":"陈例公"}`
		return strings.TrimSuffix(strings.Repeat(p+",", n), ",")
	}
	cut := strings.Index(good, `"parties"`)
	parties := func(list string) string { return good[:cut] + `"parties":[` + list + `]}` }
	return []struct {
		name, text, path, code string
		schemaAllows           bool
	}{
		{name: "good", text: good},
		{name: "empty object", text: `{}`, code: "empty"},
		{name: "list", text: `[]`, code: "type"},
		{name: "null", text: `null`, code: "type"},
		{name: "unknown field", text: with(t, `"place"`, `"plaice"`), path: "plaice", code: "unknown"},
		{name: "unknown party field", text: with(t, `"contact"`, `"contract"`), path: "parties[0].contract", code: "unknown"},
		{name: "unknown category", text: with(t, `"02"`, `"16"`), path: "category", code: "code"},
		{name: "unknown source", text: with(t, `"application"`, `"neighbour"`), path: "source", code: "code"},
		{name: "empty title", text: with(t, `"李大样与王小例围墙纠纷"`, `""`), path: "title", code: "empty"},
		{name: "title of 200", text: with(t, `"李大样与王小例围墙纠纷"`, `"`+strings.Repeat("𬘭", 200)+`"`)},
		{name: "title of 201", text: with(t, `"李大样与王小例围墙纠纷"`, `"`+strings.Repeat("𬘭", 201)+`"`), path: "title", code: "too_long"},
		{name: "no facts", text: with(t, `"facts":"围墙占了滴水沟。",`, ``), path: "facts", code: "missing"},
		{name: "empty facts", text: with(t, `"围墙占了滴水沟。"`, `""`)},
		{name: "facts of 20001", text: with(t, `"围墙占了滴水沟。"`, `"`+strings.Repeat("墙", 20001)+`"`), path: "facts", code: "too_long"},
		{name: "negative amount", text: with(t, `30000`, `-1`), path: "amount_fen", code: "number"},
		{name: "fraction", text: with(t, `30000`, `300.5`), path: "amount_fen", code: "number"},
		{name: "float", text: with(t, `30000`, `300.0`), path: "amount_fen", code: "number", schemaAllows: true},
		{name: "exponent", text: with(t, `30000`, `3e2`), path: "amount_fen", code: "number", schemaAllows: true},
		{name: "zero amount", text: with(t, `30000`, `0`)},
		{name: "amount as text", text: with(t, `30000`, `"30000"`), path: "amount_fen", code: "type"},
		{name: "greatest amount", text: with(t, `30000`, `100000000000000`)},
		{name: "too great", text: with(t, `30000`, `100000000000001`), path: "amount_fen", code: "number"},
		{name: "far too great", text: with(t, `30000`, `99999999999999999999999`), path: "amount_fen", code: "number"},
		{name: "no zone", text: with(t, `2026-03-09T09:00:00+08:00`, `2026-03-09T09:00:00`), path: "received_at", code: "date"},
		{name: "day only", text: with(t, `2026-03-09T09:00:00+08:00`, `2026-03-09`), path: "received_at", code: "date"},
		{name: "30 February", text: with(t, `2026-03-09T09:00:00+08:00`, `2026-02-30T09:00:00+08:00`), path: "received_at", code: "date"},
		{name: "hour 25", text: with(t, `2026-03-09T09:00:00+08:00`, `2026-03-09T25:00:00+08:00`), path: "received_at", code: "date"},
		{name: "zulu", text: with(t, `2026-03-09T09:00:00+08:00`, `2026-03-09T01:00:00Z`)},
		{name: "birth 1955-02-29", text: with(t, `1955-03-12`, `1955-02-29`), path: "parties[0].birth_date", code: "date"},
		{name: "wrong tag", text: with(t, `["elderly"]`, `["old"]`), path: "tags[0]", code: "code"},
		{name: "tag twice", text: with(t, `["elderly"]`, `["elderly","elderly"]`), path: "tags[1]", code: "duplicate"},
		{name: "tags no list", text: with(t, `["elderly"]`, `"elderly"`), path: "tags", code: "type"},
		{name: "no party", text: parties(""), path: "parties", code: "empty"},
		{name: "500 parties", text: parties(many(500))},
		{name: "501 parties", text: parties(many(501)), path: "parties", code: "too_many"},
		{name: "party no object", text: parties(`"李大样"`), path: "parties[0]", code: "type"},
		{name: "party without side", text: parties(`{"kind":"person","name":"李大样"}`), path: "parties[0].side", code: "missing"},
		{name: "wrong sex", text: with(t, `"male"`, `"m"`), path: "parties[0].sex", code: "code"},
		{name: "ethnicity 58 by the form", text: with(t, `"01"`, `"58"`)},
		{name: "ethnicity 60", text: with(t, `"01"`, `"60"`), path: "parties[0].ethnicity", code: "code"},
		{name: "agent without authority", text: with(t, `,"authority":"special"`, ``), path: "parties[1].agent.authority", code: "missing"},
		{name: "need twice", text: with(t, `["illiterate","elderly"]`, `["elderly","elderly"]`), path: "parties[0].needs[1]", code: "duplicate"},
		{name: "null claims", text: with(t, `"退回原墙中心线"`, `null`), path: "claims", code: "type"},
		{name: "wrong check digit", text: with(t, `990125195503120018`, `990125195503120019`), path: "parties[0].id_number", code: "check_digit", schemaAllows: true},
		{name: "impossible birth", text: with(t, `990125195503120018`, `990125195513120018`), path: "parties[0].id_number", code: "birth", schemaAllows: true},
		{name: "everything about people", text: parties(peopleParties)},
		{name: "general authority with every power", text: with(t, `"authority":"special"`, `"authority":"general","powers":["admit_change_waive"]`), path: "parties[1].agent.powers", code: "powers_general", schemaAllows: true},
		{name: "power twice", text: with(t, `"authority":"special"`, `"authority":"special","powers":["receive","receive"]`), path: "parties[1].agent.powers[1]", code: "duplicate"},
		{name: "unknown power", text: with(t, `"authority":"special"`, `"authority":"special","powers":["all"]`), path: "parties[1].agent.powers[0]", code: "code"},
		{name: "agent's wrong check digit", text: with(t, `"authority":"special"`, `"authority":"special","id_kind":"resident","id_number":"990125195503120019"`), path: "parties[1].agent.id_number", code: "check_digit", schemaAllows: true},
		{name: "authority until a day that is none", text: with(t, `"authority":"special"`, `"authority":"special","until":"2026-02-30"`), path: "parties[1].agent.until", code: "date"},
		{name: "guardian without relation", text: with(t, `"contact":"刘例芳"`, `"guardian":{"name":"刘例芳"}`), path: "parties[0].guardian.relation", code: "missing"},
		{name: "guardian as text", text: with(t, `"contact":"刘例芳"`, `"guardian":"刘例芳"`), path: "parties[0].guardian", code: "type"},
		{name: "unknown capacity", text: with(t, `"contact":"刘例芳"`, `"capacity":"minor"`), path: "parties[0].capacity", code: "code"},
		{name: "delivery without address", text: with(t, `"contact":"刘例芳"`, `"delivery":{"electronic":true}`), path: "parties[0].delivery.address", code: "missing"},
		{name: "electronic as text", text: with(t, `"contact":"刘例芳"`, `"delivery":{"address":"河湾村3组","electronic":"yes"}`), path: "parties[0].delivery.electronic", code: "type"},
		{name: "represented by nobody", text: with(t, `"contact":"刘例芳"`, `"represented_by":{"names":[]}`), path: "parties[0].represented_by.names", code: "empty"},
		{name: "represented by a stranger", text: with(t, `"contact":"刘例芳"`, `"represented_by":{"names":["陈例公"]}`), path: "parties[0].represented_by.names[0]", code: "name", schemaAllows: true},
		{name: "represented by the other side", text: with(t, `"contact":"刘例芳"`, `"represented_by":{"names":["王小例"]}`), path: "parties[0].represented_by.names[0]", code: "other_side", schemaAllows: true},
		{name: "represented by itself", text: with(t, `"contact":"刘例芳"`, `"represented_by":{"names":["#1"]}`), path: "parties[0].represented_by.names[0]", code: "oneself", schemaAllows: true},
		{name: "represented by one of two", text: parties(`{"side":"third","kind":"person","name":"甲例"},{"side":"third","kind":"person","name":"甲例"},{"side":"third","kind":"person","name":"乙例","represented_by":{"names":["甲例"]}}`), path: "parties[2].represented_by.names[0]", code: "ambiguous", schemaAllows: true},
		{name: "represented by one who is", text: parties(`{"side":"third","kind":"person","name":"甲例","represented_by":{"names":["#2"]}},{"side":"third","kind":"person","name":"乙例","represented_by":{"names":["#3"]}},{"side":"third","kind":"person","name":"丙例"}`), path: "parties[0].represented_by.names[0]", code: "chain", schemaAllows: true},
		{name: "the second of two of one name", text: parties(`{"side":"third","kind":"person","name":"甲例"},{"side":"third","kind":"person","name":"甲例"},{"side":"third","kind":"person","name":" ","represented_by":{"names":["#2"," 甲示 "]}},{"side":"third","kind":"person","name":"甲示"},{"side":"third","kind":"person","name":"丁例","represented_by":{"names":["甲示","#1"],"may_settle":false}}`)},
		{name: "17 digits", text: with(t, `990125195503120018`, `99012519550312001`), path: "parties[0].id_number", code: "id_form", schemaAllows: true},
	}
}

func TestParserAndSchemaAgree(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "case.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	schema := schematest.New(t, raw)
	for _, tt := range documents(t) {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := casework.ParseDocument([]byte(tt.text))
			var problem *casework.FieldError
			switch {
			case tt.code == "" && err != nil:
				t.Fatalf("refused: %v", err)
			case tt.code != "" && !errors.As(err, &problem):
				t.Fatalf("got %v, want a FieldError", err)
			case tt.code != "" && (problem.Path != tt.path || problem.Code != tt.code):
				t.Fatalf("got %s %s (%v), want %s %s", problem.Path, problem.Code, problem, tt.path, tt.code)
			}
			if said := schema.Check(t, []byte(tt.text)); (said == "") != (tt.code == "" || tt.schemaAllows) {
				t.Fatalf("the schema says %q, the parser %v", said, err)
			}
		})
	}
}

func TestLimitsBeforeParsing(t *testing.T) {
	deep := strings.Repeat(`{"facts":`, 10_000) + `1` + strings.Repeat(`}`, 10_000)
	lists := strings.Repeat(`[`, 10_000) + strings.Repeat(`]`, 10_000)
	story := with(t, `"围墙占了滴水沟。"`, `"`+strings.Repeat("墙", 20<<20)+`"`)
	for _, tt := range []struct{ name, text, path, code string }{
		{"60 MB of story", story, "", "too_large"},
		{"10,000 levels of objects", deep, "facts", "too_deep"},
		{"10,000 levels of lists", lists, "[0]", "too_deep"},
		{"nothing in it", "", "", "empty"},
		{"only spaces", " \n\t", "", "empty"},
		{"broken UTF-8", with(t, `退回`, "\xff\xfe"), "", "encoding"},
		{"overlong UTF-8", with(t, `退回`, "\xc0\x80"), "", "encoding"},
		{"surrogate in UTF-8", with(t, `退回`, "\xed\xa0\x80"), "", "encoding"},
		{"lone high surrogate", with(t, `退回`, `\ud800`), "claims", "encoding"},
		{"lone low surrogate", with(t, `退回`, `\udc00`), "claims", "encoding"},
		{"two high surrogates", with(t, `退回`, `\ud800\ud800`), "claims", "encoding"},
		{"key twice", with(t, `"place"`, `"claims"`), "claims", "duplicate"},
		{"key twice by escape", with(t, `"place"`, `"cl\u0061ims"`), "claims", "duplicate"},
		{"key twice in a party", with(t, `"contact"`, `"phone"`), "parties[0].phone", "duplicate"},
		{"something after", good + "{}", "", "syntax"},
		{"comma at the end", with(t, `"tags"`, `,"tags"`), "", "syntax"},
		{"cut off", good[:100], "", "syntax"},
		{"comment", "// a case\n" + good, "", "syntax"},
		{"leading zero", with(t, `30000`, `030000`), "amount_fen", "syntax"},
		{"control character", with(t, `退回`, "\x01"), "claims", "syntax"},
		{"byte order mark", "\ufeff" + good, "", "syntax"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := casework.ParseDocument([]byte(tt.text))
			var problem *casework.FieldError
			if !errors.As(err, &problem) || problem.Code != tt.code {
				t.Fatalf("got %v, want %s", err, tt.code)
			}
			if tt.code != "syntax" && problem.Path != tt.path {
				t.Fatalf("path %q, want %q", problem.Path, tt.path)
			}
			if len(err.Error()) > 1000 {
				t.Fatalf("the sentence has %d bytes", len(err.Error()))
			}
		})
	}
}

func TestAllProblemsAreListedInWords(t *testing.T) {
	text := strings.NewReplacer(`"02"`, `"77"`, `30000`, `1.5`, `990125196207080036`, `990125196207080037`).Replace(good)
	_, _, err := casework.ParseDocument([]byte(text))
	var all casework.Problems
	if !errors.As(err, &all) || len(all) != 3 {
		t.Fatalf("got %v", err)
	}
	want := "parties[1].id_number: check digit wrong: the last character is 7, 6 is expected; compare it with the document; if that is not possible choose the kind other"
	if all[2].Error() != want {
		t.Fatalf("got %q", all[2].Error())
	}
	if zh := all[2].Why(data.Chinese); zh != "校验位不对：末位是 7，应为 6" {
		t.Fatalf("got %q", zh)
	}
}

func TestWarningsRefuseNothing(t *testing.T) {
	for _, tt := range []struct{ name, old, new, path, code string }{
		{"odd phone", "000-0000-0001", "1234", "parties[0].phone", "phone_form"},
		{"blank title", "李大样与王小例围墙纠纷", "  ", "title", "blank"},
		{"ethnicity", `"01"`, `"58"`, "parties[0].ethnicity", "ethnicity_unknown"},
		{"old number", `"990125195503120018"`, `"990125550312001"`, "parties[0].id_number", "id_old"},
		{"birth differs", `1955-03-12`, `1955-03-13`, "parties[0].birth_date", "birth_differs"},
		{"sex differs", `"male"`, `"female"`, "parties[0].sex", "sex_differs"},
		{"born later", `1955-03-12`, `2027-03-13`, "parties[0].birth_date", "birth_odd"},
		{"control", `退回原墙`, `退回\u0007`, "claims", "control"},
		{"organisation's number", `"respondent","kind":"person"`, `"respondent","kind":"organisation"`, "parties[1].id_kind", "id_kind_odd"},
		{"number without kind", `"id_kind":"resident","id_number":"990125195503120018",`, `"id_number":"1",`, "parties[0].id_number", "id_kind_missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, warnings, err := casework.ParseDocument([]byte(with(t, tt.old, tt.new)))
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, w := range warnings {
				found = found || w.Path == tt.path && w.Code == tt.code && w.Text(data.Chinese) != "" && w.Text(data.English) != ""
			}
			if !found {
				t.Fatalf("got %v", warnings)
			}
		})
	}
	if _, warnings, _ := casework.ParseDocument([]byte(good)); len(warnings) != 0 {
		t.Fatalf("the good document warns: %v", warnings)
	}
}

func TestEqualByContent(t *testing.T) {
	parse := func(s string) casework.Document {
		t.Helper()
		d, _, err := casework.ParseDocument([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	a := parse(good)
	for _, same := range []string{
		with(t, `2026-03-09T09:00:00+08:00`, `2026-03-09T01:00:00Z`),
		with(t, `["illiterate","elderly"]`, `["elderly","illiterate"]`),
		with(t, `"990125195503120018"`, `"990125 19550312 0018"`),
		with(t, `"990125195503120018"`, `"990125195503120018"`),
	} {
		if !a.Equal(parse(same)) {
			t.Errorf("differs: %s", same)
		}
	}
	for _, other := range []string{
		with(t, `30000`, `30001`), with(t, `"amount_fen":30000,`, ``), with(t, `退回`, `还`), with(t, `"special"`, `"general"`),
	} {
		if a.Equal(parse(other)) {
			t.Errorf("same: %s", other)
		}
	}
	if string(a.Canonical()) != string(parse(string(a.Canonical())).Canonical()) {
		t.Error("canonical bytes are no fixed point")
	}
}

func FuzzParseDocument(f *testing.F) {
	for _, tt := range documents(f) {
		if len(tt.text) < 4096 {
			f.Add([]byte(tt.text))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, _, err := casework.ParseDocument(raw)
		if err != nil {
			var problem *casework.FieldError
			if !errors.As(err, &problem) || err.Error() == "" {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		if !json.Valid(raw) {
			t.Fatal("taken, and no JSON")
		}
		again, _, err := casework.ParseDocument(d.Canonical())
		if err != nil || !again.Equal(d) {
			t.Fatalf("canonical bytes are not taken back: %v", err)
		}
		if n := len(casework.NewChanges(d)); n == 0 {
			t.Fatal("no changes")
		}
		if r := newRecord(t, d); len(d.Parties) < 20 && !r.view().Document.Equal(d) {
			t.Fatalf("the record says\n%s\nthe document\n%s", r.view().Document.Canonical(), d.Canonical())
		}
	})
}
