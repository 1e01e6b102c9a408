package casework_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/tables"
	"hejie/sync/crdt"
)

// peopleDocument is the good document with the people of peopleParties.
func peopleDocument(t testing.TB) casework.Document {
	t.Helper()
	d, warnings, err := casework.ParseDocument([]byte(good[:strings.Index(good, `"parties"`)] + `"parties":[` + peopleParties + `]}`))
	if err != nil || len(warnings) != 0 {
		t.Fatal(err, warnings)
	}
	return d
}

func TestPeopleRoundTrip(t *testing.T) {
	d := peopleDocument(t)
	v := newRecord(t, d).view()
	if !v.Document.Equal(d) {
		t.Fatalf("the record says\n%s\nthe document\n%s", v.Document.Canonical(), d.Canonical())
	}
	again, _, err := casework.ParseDocument(v.Document.Canonical())
	if err != nil || string(again.Canonical()) != string(v.Document.Canonical()) {
		t.Fatalf("the export is not taken back: %v", err)
	}
	// Nothing of a party may be left out of the bytes.
	var parties struct{ Parties []map[string]any }
	if err := json.Unmarshal(d.Canonical(), &parties); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range parties.Parties {
		for field := range p {
			seen[field] = true
		}
	}
	for i := range reflect.TypeFor[casework.Party]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[casework.Party]().Field(i).Tag.Get("json"), ",")
		known := []string{"id", "sex", "ethnicity", "id_kind", "id_number", "phone", "address", "occupation", "legal_representative"}
		if !seen[name] && !slices.Contains(known, name) {
			t.Errorf("%s is not exported", name)
		}
	}
}

func TestEditPeopleByPath(t *testing.T) {
	base := newRecord(t, peopleDocument(t))
	var ids []string
	for _, p := range base.view().Parties {
		ids = append(ids, p.ID)
	}
	yes := true
	for _, tt := range []struct {
		name, patch string
		change      func(p []casework.Party)
	}{
		{"guardian's name", `{"parties.0.guardian.name":"刘例芳"}`, func(p []casework.Party) { p[0].Guardian.Name = "刘例芳" }},
		{"two of a guardian at once", `{"parties.0.guardian.name":"刘例芳","parties.0.guardian.relation":"grandparent"}`, func(p []casework.Party) { p[0].Guardian.Name, p[0].Guardian.Relation = "刘例芳", "grandparent" }},
		{"a guardian where none was, by parts", `{"parties.2.guardian.name":"刘例芳","parties.2.guardian.relation":"spouse"}`, func(p []casework.Party) {
			p[2].Guardian = &casework.Guardian{Name: "刘例芳", Relation: "spouse"}
		}},
		{"guardian's phone goes", `{"parties.0.guardian.phone":null}`, func(p []casework.Party) { p[0].Guardian.Phone = "" }},
		{"no guardian", `{"parties.0.guardian":null}`, func(p []casework.Party) { p[0].Guardian = nil }},
		{"capacity", `{"parties.0.capacity":null,"parties.0.alias":null}`, func(p []casework.Party) { p[0].Capacity, p[0].Alias = "", "" }},
		{"agent general without that power", `{"parties.1.agent.authority":"general","parties.1.agent.powers":["receive"]}`, func(p []casework.Party) {
			p[1].Agent.Authority, p[1].Agent.Powers = "general", []string{"receive"}
		}},
		{"agent whole, then a part", `{"parties.1.agent":{"name":"周示","kind":"citizen","authority":"general"},"parties.1.agent.phone":"000-0000-0013"}`, func(p []casework.Party) {
			p[1].Agent = &casework.Agent{Name: "周示", Kind: "citizen", Authority: "general", Phone: "000-0000-0013"}
		}},
		{"electronic", `{"parties.1":{"delivery":{"address":"清溪镇"}},"parties.1.delivery.electronic":false}`, func(p []casework.Party) {
			no := false
			p[1].Delivery = &casework.Delivery{Address: "清溪镇", Electronic: &no}
		}},
		{"representative by id", `{"parties.0.represented_by":{"names":["@1"],"may_settle":true}}`, func(p []casework.Party) {
			p[0].RepresentedBy = &casework.Representation{Names: []string{"李大样"}, MaySettle: &yes}
		}},
		{"consent alone", `{"parties.2.represented_by.may_settle":null}`, func(p []casework.Party) { p[2].RepresentedBy.MaySettle = nil }},
		{"the representative's name is corrected", `{"parties.1.name":"李大祥"}`, func(p []casework.Party) {
			p[1].Name, p[2].RepresentedBy.Names = "李大祥", []string{"李大祥"}
		}},
		{"the representative changes sides", `{"parties.1.side":"respondent"}`, func(p []casework.Party) {
			p[1].Side, p[2].RepresentedBy = "respondent", nil
		}},
		{"same again", `{"parties.0.guardian.relation":"parent","parties.2.represented_by.names":["#2"]}`, func([]casework.Party) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := base.at("desk")
			n := len(r.ops)
			r.set(withIDs(tt.patch, ids))
			want := peopleDocument(t)
			tt.change(want.Parties)
			if got := r.view().Document; !got.Equal(want) {
				t.Fatalf("got  %s\nwant %s", got.Canonical(), want.Canonical())
			}
			if want.Equal(peopleDocument(t)) && len(r.ops) != n {
				t.Fatal("no change made an operation")
			}
			if !r.view().Document.Equal(r.at("other").view().Document) {
				t.Fatal("another desk sees something else")
			}
		})
	}
	for _, tt := range []struct{ patch, path, code string }{
		{`{"parties.1.agent.authority":"general"}`, "parties.1.agent.powers", "powers_general"},
		{`{"parties.2.guardian.name":"刘例芳"}`, "parties.2.guardian.name", "missing"},
		{`{"parties.0.guardian.colour":"red"}`, "", "path"},
		{`{"parties.0.guardian.name":null}`, "parties.0.guardian.name", "type"},
		{`{"parties.0.guardian.id_number":"990125195503120019"}`, "parties.0.guardian.id_number", "check_digit"},
		{`{"parties.1.represented_by":{"names":["李小样"]}}`, "parties.1.represented_by", "chain"},
		{`{"parties.0.represented_by":{"names":["赵样乙"]}}`, "parties.0.represented_by.names[0]", "chain"},
		{`{"parties.2.represented_by.names":["没有此人"]}`, "parties.2.represented_by.names[0]", "name"},
		{`{"parties.2.side":"third","parties.2.represented_by":{"names":["李大样"]}}`, "parties.2.represented_by.names[0]", "other_side"},
		{`{"parties.+":{"side":"third","kind":"person","name":"陈例公","represented_by":{"names":["李大样"]}}}`, "parties.+.represented_by.names[0]", "other_side"},
	} {
		r := base.at("desk")
		before := string(casework.Encode(r.view()))
		err := r.trySet(withIDs(tt.patch, ids))
		var problems casework.Problems
		if !errors.As(err, &problems) || len(problems) == 0 || problems[0].Code != tt.code || tt.path != "" && problems[0].Path != withIDs(tt.path, ids) {
			t.Errorf("%s: got %v, want %s %s", tt.patch, err, tt.path, tt.code)
		}
		if string(casework.Encode(r.view())) != before {
			t.Errorf("%s: something changed", tt.patch)
		}
	}
}

// withIDs writes the ids of parties for parties.0, parties.1 and @1.
func withIDs(text string, ids []string) string {
	for i, id := range ids {
		text = strings.NewReplacer(fmt.Sprintf("parties.%d", i), "parties."+id, fmt.Sprintf(`"@%d"`, i), `"`+id+`"`).Replace(text)
	}
	return text
}

// TestRepresentativesMerge: who is chosen while apart stays lawful after the
// meeting, and the same at both desks.
func TestRepresentativesMerge(t *testing.T) {
	a := newRecord(t, peopleDocument(t))
	b := a.at("township")
	ids := []string{a.view().Parties[0].ID, a.view().Parties[1].ID, a.view().Parties[2].ID}
	a.set(withIDs(`{"parties.+":{"side":"applicant","kind":"person","name":"孙示","represented_by":{"names":["李大样"],"may_settle":true}}}`, ids))
	b.set(withIDs(`{"parties.2.represented_by":null}`, ids))
	b.set(withIDs(`{"parties.1.represented_by":{"names":["赵样乙"]}}`, ids))
	meet(a, b)
	sameViews(t, a, b)
	d := a.view().Document
	if again, _, err := casework.ParseDocument(d.Canonical()); err != nil || !again.Equal(d) {
		t.Fatalf("what came of it is no document: %v\n%s", err, d.Canonical())
	}
	for _, p := range d.Parties {
		if got := p.RepresentedBy != nil; got != (p.Name == "李大样") {
			t.Errorf("%s represented: %v", p.Name, got)
		}
	}
	// Who is removed represents nobody.
	b.set(withIDs(`{"parties.2":null}`, ids))
	meet(a, b)
	for _, p := range a.view().Parties {
		if got := p.RepresentedBy != nil; got != (p.Name == "孙示") {
			t.Errorf("afterwards %s represented: %v", p.Name, got)
		}
	}
}

func TestCapacity(t *testing.T) {
	for _, tt := range []struct {
		party    string
		day      string
		capacity string
		minor    bool
	}{
		{`"birth_date":"2012-03-10"`, "2020-03-09", "none", true},
		{`"birth_date":"2012-03-10"`, "2020-03-10", "limited", true},
		{`"birth_date":"2012-03-10"`, "2030-03-09", "limited", true},
		{`"birth_date":"2012-03-10"`, "2030-03-10", "full", false},
		{`"birth_date":"2012-03-10"`, "2030-03-09T16:30:00Z", "full", false}, // the 10th in Beijing
		{`"birth_date":"2008-02-29"`, "2026-02-28", "limited", true},
		{`"birth_date":"2008-02-29"`, "2026-03-01", "full", false},
		{`"birth_date":"2009-01-01","capacity":"full"`, "2026-03-10", "full", true},
		{`"birth_date":"1955-03-12","capacity":"none"`, "2026-03-10", "none", false},
		{`"id_kind":"resident","id_number":"990125195503120018"`, "1970-01-01", "limited", true},
		{`"needs":["minor"]`, "2026-03-10", "limited", true},
		{`"needs":["mental"]`, "2026-03-10", "full", false},
		{`"phone":"000-0000-0001"`, "2026-03-10", "full", false},
		{`"birth_date":"2012-03-10"`, "no day", "full", false},
	} {
		p := party(t, tt.party)
		if got := p.CapacityOn(tt.day); got != tt.capacity || p.MinorOn(tt.day) != tt.minor {
			t.Errorf("%s on %s: %s, minor %v", tt.party, tt.day, got, p.MinorOn(tt.day))
		}
	}
}

// party is a person with some fields.
func party(t testing.TB, fields string) casework.Party {
	t.Helper()
	d, _, err := casework.ParseDocument([]byte(good[:strings.Index(good, `"parties"`)] + `"parties":[{"side":"applicant","kind":"person","name":"李样",` + fields + `}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return d.Parties[0]
}

func TestPeopleWarn(t *testing.T) {
	for _, tt := range []struct{ fields, path, code string }{
		{`"birth_date":"2020-01-01"`, "guardian", "guardian_minor"},
		{`"capacity":"limited","birth_date":"1955-03-12"`, "guardian", "guardian_capacity"},
		{`"birth_date":"1955-03-12","guardian":{"name":"李例","relation":"child"}`, "guardian", "guardian_odd"},
		{`"birth_date":"2012-01-01","guardian":{"name":"李例","relation":"spouse"}`, "guardian.relation", "guardian_relation"},
		{`"capacity":"none","guardian":{"name":"李样","relation":"spouse"}`, "guardian.name", "guardian_oneself"},
		{`"birth_date":"2012-01-01","capacity":"full"`, "capacity", "capacity_age"},
		{`"birth_date":"2009-01-01","capacity":"full"`, "capacity", "capacity_earns"},
		{`"birth_date":"2022-01-01","capacity":"limited","guardian":{"name":"李例","relation":"parent"}`, "capacity", "capacity_age"},
		{`"contact_phone":"000-0000-0001"`, "contact", "contact_missing"},
		{`"contact":"例","contact_phone":"1"`, "contact_phone", "phone_form"},
		{`"agent":{"name":"例","kind":"lawyer","authority":"special","powers":["receive"]}`, "agent.powers", "powers_special"},
		{`"agent":{"name":"例","kind":"lawyer","authority":"general","powers":["other"]}`, "agent.powers_note", "powers_other"},
		{`"agent":{"name":"例","kind":"lawyer","authority":"general","until":"2026-03-08"}`, "agent.until", "agent_expired"},
		{`"agent":{"name":"例","kind":"lawyer","authority":"general","phone":"1"}`, "agent.phone", "phone_form"},
		{`"delivery":{"address":"河湾村","electronic":true}`, "delivery.electronic_to", "delivery_electronic"},
	} {
		_, warnings, err := casework.ParseDocument([]byte(good[:strings.Index(good, `"parties"`)] + `"parties":[{"side":"applicant","kind":"person","name":"李样",` + tt.fields + `}]}`))
		if err != nil || len(warnings) != 1 || warnings[0].Path != "parties[0]."+tt.path || warnings[0].Code != tt.code {
			t.Errorf("%s: %v %v", tt.fields, warnings, err)
			continue
		}
		if zh := warnings[0].Text(data.Chinese); zh == "" || strings.Contains(zh, "{") {
			t.Errorf("%s: %q", tt.code, zh)
		}
	}
}

func TestWhoSigns(t *testing.T) {
	const agent = `"birth_date":"1955-03-12","agent":{"name":"周示","kind":"lawyer","authority":`
	for _, tt := range []struct{ fields, want string }{
		{`"phone":"000-0000-0001"`, "李样 self"},
		{`"legal_representative":"孙示"`, "李样 self, 孙示 legal_representative"},
		{agent + `"special"}`, "李样 self, 周示 agent"},
		{agent + `"general"}`, "李样 self, 周示 agent!general"},
		{agent + `"special","until":"2026-03-09"}`, "李样 self, 周示 agent!expired"},
		{agent + `"special","until":"2026-03-10"}`, "李样 self, 周示 agent"},
		{agent + `"special","powers":["admit_change_waive"]}`, "李样 self, 周示 agent!powers"},
		{agent + `"special","powers":["admit_change_waive","take_part_sign"]}`, "李样 self, 周示 agent"},
		{`"birth_date":"2012-01-01"`, "李样 self!capacity"},
		{`"birth_date":"2012-01-01","guardian":{"name":"李例","relation":"parent"}`, "李样 self!capacity, 李例 guardian"},
		{`"capacity":"none","guardian":{"name":"李例","relation":"spouse"},"agent":{"name":"周示","kind":"lawyer","authority":"special"}`, "李样 self!capacity, 周示 agent, 李例 guardian"},
		{`"capacity":"full","guardian":{"name":"李例","relation":"spouse"}`, "李样 self"},
	} {
		p := party(t, tt.fields)
		if got := signers(p.SignsFor([]casework.Party{p}, "2026-03-10")); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.fields, got, tt.want)
		}
	}
	all := peopleDocument(t).Parties
	if got := signers(all[2].SignsFor(all, "2026-03-10")); got != "赵样乙 self, 李大样 representative" {
		t.Error(got)
	}
	all[2].RepresentedBy.MaySettle = nil
	if got := signers(all[2].SignsFor(all, "2026-03-10")); got != "赵样乙 self, 李大样 representative!settle" {
		t.Error(got)
	}
	all[1].Capacity = casework.CapacityNone
	if got := signers(all[2].SignsFor(all, "2026-03-10")); got != "赵样乙 self, 李大样 representative!capacity" {
		t.Error(got)
	}
	all[1].Side = "third"
	if got := signers(all[2].SignsFor(all, "2026-03-10")); got != "赵样乙 self" {
		t.Error(got)
	}
	for _, why := range []string{casework.WhyGeneral, casework.WhyPowers, casework.WhyExpired, casework.WhyCapacity, casework.WhySettle} {
		if !data.HasText("field.signer_"+why) || !data.HasText("field.signer_"+why+".hint") {
			t.Errorf("%s has no sentence", why)
		}
	}
	for _, as := range []string{casework.SignsSelf, casework.SignsLegal, casework.SignsAgent, casework.SignsGuardian, casework.SignsRepresentative} {
		if !data.Has("signer", as) {
			t.Errorf("%s has no word", as)
		}
	}
}

func signers(list []casework.Signer) string {
	var out []string
	for _, s := range list {
		text := s.Name + " " + s.As
		if !s.May() {
			text += "!" + s.Why
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// TestHistoryNamesRepresentatives: the history says names, not entries.
func TestHistoryNamesRepresentatives(t *testing.T) {
	r := newRecord(t, peopleDocument(t))
	first := r.ops[0]
	before := crdt.New(casework.CaseSchema())
	text := fmt.Sprintf("%+v", casework.History(first.meta, first.changes, before, r.state, casework.Names{}))
	if !strings.Contains(text, "names:[李大样]") {
		t.Errorf("of a new case: %s", text)
	}
	old := r.at("before").state
	r.set(withIDs(`{"parties.0.represented_by":{"names":["李大样"]}}`, ids(r)))
	last := r.ops[len(r.ops)-1]
	lines := casework.History(last.meta, last.changes, old, r.state, casework.Names{})
	if len(lines) != 1 || fmt.Sprint(lines[0].From, lines[0].To) != "<nil> map[names:[李大样]]" {
		t.Errorf("of an edit: %+v", lines)
	}
}

// TestNeedRows: every need of the published table is one that a party can have,
// and every need that a party can have is owed something.
func TestNeedRows(t *testing.T) {
	table := tables.Default().Needs()
	seen := map[string]bool{}
	for _, row := range casework.NeedRows(table) {
		seen[row.Need] = true
		if row.Item == "" || !data.Has("need", row.Need) {
			t.Errorf("%+v", row)
		}
	}
	for _, need := range data.List("need") {
		if !seen[need.Code] {
			t.Errorf("%s is owed nothing", need.Code)
		}
	}
}

func TestChecklist(t *testing.T) {
	table := []casework.NeedRow{{Need: "vision", Item: "read_aloud"}, {Need: "vision", Item: "large_print"}, {Need: "illiterate", Item: "read_aloud", Must: true}, {Need: "minor", Item: "guardian", Must: true}}
	all := []casework.Party{
		{ID: "a-1", Name: "李样", Needs: []string{"illiterate", "vision"}},
		{ID: "a-2", Name: "王例", Needs: []string{"minor", "dialect"}},
		{ID: "a-3", Name: "王例"},
	}
	done := []casework.Done{
		{Party: "a-1", Need: "vision", Item: "read_aloud", By: "赵示和", On: "2026-03-12"},
		{Party: "李样", Item: "read_aloud", By: "刘例芳", On: "2026-03-11"},
		{Party: "a-1", Need: "minor", Item: "large_print", By: "赵示和", On: "2026-03-12"}, // not what it is for
		{Party: "王例", Item: "guardian", By: "赵示和", On: "2026-03-12"},                    // two bear the name
	}
	want := []casework.Owed{
		{Party: "a-1", Name: "李样", Item: "read_aloud", Needs: []string{"vision", "illiterate"}, Must: true, Done: true, By: "刘例芳", On: "2026-03-11"},
		{Party: "a-1", Name: "李样", Item: "large_print", Needs: []string{"vision"}},
		{Party: "a-2", Name: "王例", Item: "guardian", Needs: []string{"minor"}, Must: true},
	}
	if got := casework.Checklist(all, done, table); !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	slices.Reverse(done)
	if got := casework.Checklist(all, done, table); !reflect.DeepEqual(got, want) {
		t.Fatalf("in another order: %+v", got)
	}
	if got := casework.Checklist(nil, nil, nil); got == nil || len(got) != 0 {
		t.Fatalf("of nobody: %v", got)
	}
}

func TestSheetAndSearchHavePeople(t *testing.T) {
	v := newRecord(t, peopleDocument(t)).view()
	for _, lang := range []data.Lang{data.Chinese, data.English} {
		text := fmt.Sprintf("%+v", casework.Sheet(v, lang))
		for _, want := range []string{"样样", "000-0000-0011", "李示收", "代领款项", "yang@example.invalid"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the sheet lacks %s", lang, want)
			}
		}
	}
	if text := fmt.Sprintf("%+v", casework.Sheet(v, data.Chinese)); !strings.Contains(text, "李大样（父母）") || !strings.Contains(text, "李大样，可以代为和解，2026年3月10日") {
		t.Errorf("%s", text)
	}
	search := casework.SearchText(v.Document)
	for _, q := range []string{"样样", "yy", "000-0000-0012", "例律1", "0011"} {
		if !casework.MatchQuery(search, q) {
			t.Errorf("%s is not found", q)
		}
	}
}
