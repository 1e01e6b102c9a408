package casework_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

func TestEditByPath(t *testing.T) {
	base := newRecord(t, goodDocument(t))
	first, second := base.view().Parties[0].ID, base.view().Parties[1].ID
	if strings.Contains(first, ".") || len(first) < 34 {
		t.Fatalf("id %q", first)
	}
	for _, tt := range []struct {
		name, patch string
		change      func(d *casework.Document)
	}{
		{"claims", `{"claims":"另一请求"}`, func(d *casework.Document) { d.Claims = "另一请求" }},
		{"clear place", `{"place":null}`, func(d *casework.Document) { d.Place = "" }},
		{"clear amount", `{"amount_fen":null}`, func(d *casework.Document) { d.AmountFen = nil }},
		{"zero amount", `{"amount_fen":0}`, func(d *casework.Document) { zero := int64(0); d.AmountFen = &zero }},
		{"story", `{"facts":"围墙占了滴水沟,3月7日发生口角。"}`, func(d *casework.Document) { d.Facts = "围墙占了滴水沟,3月7日发生口角。" }},
		{"tag", `{"tags.+":"veteran"}`, func(d *casework.Document) { d.Tags = []string{"elderly", "veteran"} }},
		{"tag there already", `{"tags.+":"elderly"}`, func(*casework.Document) {}},
		{"remove tag", `{"tags.elderly":null}`, func(d *casework.Document) { d.Tags = nil }},
		{"whole tags", `{"tags":["group","minor"]}`, func(d *casework.Document) { d.Tags = []string{"group", "minor"} }},
		{"phone", `{"parties.` + first + `.phone":"000-0000-0031"}`, func(d *casework.Document) { d.Parties[0].Phone = "000-0000-0031" }},
		{"capital id", `{"parties.` + strings.ToUpper(first) + `.phone":"000-0000-0031"}`, func(d *casework.Document) { d.Parties[0].Phone = "000-0000-0031" }},
		{"several of a party", `{"parties.` + first + `":{"phone":null,"occupation":"务农"}}`, func(d *casework.Document) { d.Parties[0].Phone = ""; d.Parties[0].Occupation = "务农" }},
		{"need", `{"parties.` + first + `.needs.+":"dialect"}`, func(d *casework.Document) { d.Parties[0].Needs = []string{"dialect", "elderly", "illiterate"} }},
		{"agent's name", `{"parties.` + second + `.agent.name":"王例新"}`, func(d *casework.Document) { d.Parties[1].Agent.Name = "王例新" }},
		{"no agent", `{"parties.` + second + `.agent":null}`, func(d *casework.Document) { d.Parties[1].Agent = nil }},
		{"other document", `{"parties.` + first + `.id_kind":"passport","parties.` + first + `.id_number":"e12345678"}`, func(d *casework.Document) { d.Parties[0].IDKind, d.Parties[0].IDNumber = "passport", "e12345678" }},
		{"remove party", `{"parties.` + second + `":null}`, func(d *casework.Document) { d.Parties = d.Parties[:1] }},
		{"add party", `{"parties.+":{"side":"third","kind":"organisation","name":"河湾村合作社","needs":["language"]}}`, func(d *casework.Document) {
			d.Parties = append(d.Parties, casework.Party{Side: "third", Kind: "organisation", Name: "河湾村合作社", Needs: []string{"language"}})
		}},
		{"several at once", `{"claims":null,"title":"改名","parties.` + second + `":null,"parties.+":{"side":"third","kind":"person","name":"陈例公"}}`, func(d *casework.Document) {
			d.Claims, d.Title = "", "改名"
			d.Parties = append(d.Parties[:1], casework.Party{Side: "third", Kind: "person", Name: "陈例公"})
		}},
		{"nothing", `{}`, func(*casework.Document) {}},
		{"same again", `{"claims":"退回原墙中心线","facts":"围墙占了滴水沟。","amount_fen":30000}`, func(*casework.Document) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := base.at("desk")
			want := goodDocument(t)
			tt.change(&want)
			n := len(r.ops)
			r.set(tt.patch)
			if got := r.view().Document; !got.Equal(want) {
				t.Fatalf("got  %s\nwant %s", got.Canonical(), want.Canonical())
			}
			if want.Equal(goodDocument(t)) && len(r.ops) != n {
				t.Fatal("no change made an operation")
			}
		})
	}
}

func TestEditIsRefused(t *testing.T) {
	base := newRecord(t, goodDocument(t))
	first, second := base.view().Parties[0].ID, base.view().Parties[1].ID
	for _, tt := range []struct{ patch, path, code string }{
		{`{"plaice":"x"}`, "plaice", "path"},
		{`{"claims.x":"x"}`, "claims.x", "path"},
		{`{"parties":[]}`, "parties", "path"},
		{`{"lifecycle":"x"}`, "lifecycle", "path"},
		{`{"id":"x"}`, "id", "path"},
		{`{"state":"closed"}`, "state", "path"},
		{`{"title":null}`, "title", "required_by_case"},
		{`{"category":"00"}`, "category", "code"},
		{`{"amount_fen":-1}`, "amount_fen", "number"},
		{`{"received_at":"2026-13-01T00:00:00Z"}`, "received_at", "date"},
		{`{"tags.+":"nice"}`, "tags.+", "code"},
		{`{"tags.nice":null}`, "tags.nice", "path"},
		{`{"parties.0190.phone":"1"}`, "parties.0190.phone", "entry"},
		{`{"parties.` + first + `.name":null}`, "parties." + first + ".name", "required_by_case"},
		{`{"parties.` + first + `.colour":"red"}`, "", "path"},
		{`{"parties.` + first + `.id_number":"990125195503120019"}`, "parties." + first + ".id_number", "check_digit"},
		{`{"parties.` + first + `.id_kind":"uscc"}`, "parties." + first + ".id_number", "check_digit"},
		{`{"parties.` + first + `.agent.name":"赵例"}`, "parties." + first + ".agent.name", "missing"},
		{`{"parties.+":{"side":"third"}}`, "parties.+.kind", "missing"},
		{`{"parties.+":null}`, "parties.+", "type"},
		{`{"parties.` + first + `":null,"parties.` + second + `":null}`, "parties", "required_by_case"},
		{`{"claims":"\ud800"}`, "claims", "encoding"},
		{`{"claims":1,"claims":2}`, "claims", "duplicate"},
		{`[]`, "", "type"},
		{`{"facts":"` + strings.Repeat("墙", 20001) + `"}`, "facts", "too_long"},
	} {
		r := base.at("desk")
		before := string(casework.Encode(r.view()))
		err := r.trySet(tt.patch)
		var problem *casework.FieldError
		if !errors.As(err, &problem) || problem.Code != tt.code || tt.path != "" && problem.Path != tt.path {
			t.Errorf("%.80s: got %v, want %s %s", tt.patch, err, tt.path, tt.code)
		}
		if string(casework.Encode(r.view())) != before {
			t.Errorf("%.80s: something changed", tt.patch)
		}
	}
}

func TestLegalFieldsContestAndOrdinaryOnesDoNot(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	b := a.at("township")
	a.set(`{"claims":"退回","amount_fen":40000,"title":"甲名","received_at":"2026-03-08T09:00:00+08:00"}`)
	b.set(`{"claims":"赔偿","amount_fen":50000,"title":"乙名","received_at":"2026-03-07T09:00:00+08:00"}`)
	meet(a, b)
	sameViews(t, a, b)
	v := a.view()
	var names []string
	for _, c := range v.Conflicts {
		names = append(names, c.Field)
		if len(c.Values) != 2 {
			t.Fatalf("%+v", c)
		}
	}
	if fmt.Sprint(names) != "[received_at claims amount_fen]" {
		t.Fatalf("conflicts %v", names)
	}
	if len(v.Also) != 1 || v.Also[0].Field != "title" {
		t.Fatalf("also %+v", v.Also)
	}

	var contested *casework.ContestedError
	err := a.trySet(`{"claims":"两者"}`)
	if !errors.As(err, &contested) || contested.Field != "claims" || !strings.Contains(err.Error(), "settle") {
		t.Fatalf("got %v", err)
	}
	a.set(`{"title":"丙名"}`)
	for _, c := range v.Conflicts {
		a.settle(c.Field, c.Values[1].Value)
	}
	if left := a.view().Conflicts; len(left) != 0 {
		t.Fatalf("left %+v", left)
	}
	_, err = casework.Settle(a.state, "claims", json.RawMessage(`"退回"`), mediator, a.sets())
	wantField(t, err, "claims", "not_contested")
	meet(a, b)
	sameViews(t, a, b)
	if len(b.view().Conflicts) != 0 || len(b.view().Also) != 0 {
		t.Fatal("settled at one, open at the other")
	}
}

func TestSettleIsChecked(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	b := a.at("township")
	a.set(`{"amount_fen":40000}`)
	b.set(`{"amount_fen":50000}`)
	meet(a, b)
	_, err := casework.Settle(a.state, "amount_fen", json.RawMessage(`-1`), mediator, a.sets())
	wantField(t, err, "amount_fen", "number")
	_, err = casework.Settle(a.state, "amount_fen", json.RawMessage(`60000`), casework.Actor{Relation: casework.Owner, Roles: []string{"clerk"}}, a.sets())
	wantRule(t, err, "settle_who")
	_, err = casework.Settle(a.state, "lifecycle.mediation", json.RawMessage(`"x"`), mediator, a.sets())
	wantField(t, err, "lifecycle.mediation", "not_contested")
	_, err = casework.Settle(a.state, "nothing", json.RawMessage(`"x"`), mediator, a.sets())
	wantField(t, err, "nothing", "path")
	a.settle("amount_fen", 60000) // another value than the two
	if got := a.view().AmountFen; got == nil || *got != 60000 {
		t.Fatalf("got %v", got)
	}
	a.work(steps("accept"))
	b.work(steps("refuse"))
	meet(a, b)
	_, err = casework.Settle(a.state, "lifecycle.mediation", json.RawMessage(`"x"`), mediator, a.sets())
	wantField(t, err, "lifecycle.mediation", "choice")
	id := a.view().Conflicts[0].Values[0].Value.(map[string]any)["id"]
	a.settle("lifecycle.mediation", id) // the id alone is enough
	if len(a.view().Conflicts) != 0 {
		t.Fatal("not settled")
	}
}

// TestNewerProgram: what this program does not know is shown, kept, and makes
// read-only what it touches.
func TestNewerProgram(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.save([]crdt.Change{{Kind: crdt.Assign, Path: crdt.Path{{Field: "mood"}}, Value: "calm"}})
	if got := r.view().Unknown; len(got) != 1 || got[0].Path != "mood" {
		t.Fatalf("unknown %+v", got)
	}
	r.set(`{"claims":"仍可修改"}`)

	r.go_("accept")
	r.save([]crdt.Change{{Kind: crdt.Event, Path: crdt.Path{{Field: "lifecycle"}}, Value: map[string]any{"step": "hover", "at": "2026-03-11"}}})
	r.wantStates("accepted/none")
	if v := r.view(); len(v.Steps) != 1 || len(v.Unknown) != 2 || !strings.HasPrefix(v.Unknown[1].Path, "lifecycle.") {
		t.Fatalf("steps %+v, unknown %+v", v.Steps, v.Unknown)
	}
	wantRule(t, r.try(mediator, "assign", fields["assign"]), "read_only")
	sameAsDigest(t, r)

	q := newRecord(t, goodDocument(t))
	q.save([]crdt.Change{{Kind: crdt.Event, Path: crdt.Path{{Field: "lifecycle"}}, Value: map[string]any{"step": "accept", "at": "2026-03-10", "mood": "calm"}}})
	q.wantStates("submitted/none") // a known step with an unknown field: what it says is not known
	wantRule(t, q.try(mediator, "assign", fields["assign"]), "read_only")
	sameAsDigest(t, q)
}

// TestBrokenEvents: what is no step has no effect, and nothing fails.
func TestBrokenEvents(t *testing.T) {
	for _, value := range []any{
		nil, "accept", int64(1),
		map[string]any{},
		map[string]any{"step": int64(1)},
		map[string]any{"step": "accept"},
		map[string]any{"step": "accept", "at": "2026-02-30"},
		map[string]any{"step": "agree", "at": "2026-03-10", "form": "oral", "terms": "x", "parties": []any{}},
		map[string]any{"step": "settle", "track": "mediation", "choice": "x", "settles": []any{}},
		map[string]any{"step": "perform", "term": "one", "at": "2026-03-10"},
		map[string]any{"step": "broken"},
		map[string]any{"step": "sign", "parties": []any{"x"}, "mediator": true, "seal": true, "at": "2026-03-10"},
	} {
		r := newRecord(t, goodDocument(t))
		r.save([]crdt.Change{{Kind: crdt.Event, Path: crdt.Path{{Field: "lifecycle"}}, Value: value}})
		r.wantStates("submitted/none")
		sameAsDigest(t, r)
	}
	r := newRecord(t, goodDocument(t))
	r.save([]crdt.Change{{Kind: crdt.Event, Path: crdt.Path{{Field: "lifecycle"}}, Value: map[string]any{"step": "close", "at": "2026-03-10"}}})
	r.wantStates("submitted/none") // a step that was not lawful has no effect
	sameAsDigest(t, r)
}
