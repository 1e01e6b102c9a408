package casework_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

func TestDigestShowsFiguresAndNoNames(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_(ways["effective/performing"]...)
	r.go_("perform")
	d := casework.DigestView(r.digest(), casework.Header{Unit: "990125101203-tw"})
	want := casework.Counts{Parties: 2, Applicants: 1, Respondents: 1, Persons: 2, Sessions: 1, Terms: 2, TermsOpen: 1, Mediators: 2}
	if !reflect.DeepEqual(d.Counts, want) {
		t.Fatalf("got %+v", d.Counts)
	}
	if d.Category != "02" || d.Source != "application" || d.ReceivedMonth != "2026-03" || d.AmountBand != "1-10000" || d.Outcome != "agreed" || d.EffectiveOn != "2026-03-17" {
		t.Fatalf("got %+v", d)
	}
	noneOf(t, casework.Encode(d), secrets(r))
	if row := casework.DigestRowOf(d); row.Title != "" || row.ReceivedOn != "2026-03" {
		t.Fatalf("got %+v", row)
	}
	for _, band := range []struct {
		fen  string
		want string
	}{{"0", "0"}, {"1", "1-10000"}, {"999999", "1-10000"}, {"1000000", "10000-50000"}, {"5000000", "50000-100000"}, {"9999999", "50000-100000"}, {"10000000", "100000-200000"}, {"20000000", "200000-1000000"}, {"99999999", "200000-1000000"}, {"100000000", "1000000-"}} {
		x := r.at("x")
		x.set(`{"amount_fen":` + band.fen + `}`)
		if got := casework.DigestView(x.digest(), casework.Header{}).AmountBand; got != band.want {
			t.Errorf("%s fen: %s, want %s", band.fen, got, band.want)
		}
	}
}

// TestContestedAmountsInTheDigest: what is contested in the case and differs
// in the digest too is contested there, and settled there.
func TestContestedAmountsInTheDigest(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	b := a.at("township")
	a.set(`{"amount_fen":40000,"received_at":"2026-02-08T09:00:00+08:00"}`)
	b.set(`{"amount_fen":5000000,"received_at":"2026-01-08T09:00:00+08:00"}`)
	meet(a, b)
	var names []string
	for _, c := range casework.DigestView(a.digest(), casework.Header{}).Conflicts {
		names = append(names, c.Field)
	}
	if fmt.Sprint(names) != "[received_month amount_band]" {
		t.Fatalf("got %v", names)
	}
	a.settle("amount_fen", 5000000)
	a.settle("received_at", "2026-01-08T09:00:00+08:00")
	d := casework.DigestView(a.digest(), casework.Header{})
	if len(d.Conflicts) != 0 || d.AmountBand != "50000-100000" || d.ReceivedMonth != "2026-01" {
		t.Fatalf("got %+v", d)
	}
}

// TestRemovedPartyStaysRemovedInBoth: an edit that did not see the removal
// keeps the party in the case, and so in the digest.
func TestRemovedPartyStaysRemovedInBoth(t *testing.T) {
	for _, patch := range []string{`.phone":"000-0000-0009"`, `.needs.+":"dialect"`, `.needs":[]`, `.agent":null`, `.side":"third"`} {
		a := newRecord(t, goodDocument(t))
		b := a.at("township")
		id := a.view().Parties[1].ID
		a.set(`{"parties.` + id + `":null}`)
		sameAsDigest(t, a)
		b.set(`{"parties.` + id + patch + `}`)
		meet(a, b)
		sameViews(t, a, b)
	}
}

// secrets are all texts of a case that no digest may hold.
func secrets(r *record) []string {
	var out []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	var v map[string]any
	if err := json.Unmarshal(casework.Encode(r.view()), &v); err != nil {
		r.t.Fatal(err)
	}
	for _, public := range []string{"id", "unit", "heads", "updated_at", "conflicts"} {
		delete(v, public)
	}
	walk(v)
	return out
}

// noneOf: no text that is not a code, a day or an id lies in the bytes.
func noneOf(t testing.TB, raw []byte, texts []string) {
	t.Helper()
	for _, s := range texts {
		if isCode(s) {
			continue
		}
		if bytes.Contains(raw, []byte(s)) {
			t.Fatalf("%q lies in the digest", s)
		}
	}
	for _, r := range string(raw) {
		if unicode.Is(unicode.Han, r) {
			t.Fatalf("a Chinese character %q lies in the digest", r)
		}
	}
}

// isCode: codes of tables, days, ids and hexadecimal digits are no secrets.
func isCode(s string) bool {
	for _, list := range []string{
		"category", "source", "side", "kind", "sex", "id_kind", "tag", "need", "agent_kind", "authority", "ethnicity", "step", "assigned_by",
		"agreement_form", "refusal_ground", "termination_reason", "mediation_state", "performance_state", "track",
	} {
		if data.Has(list, s) {
			return true
		}
	}
	if strings.HasPrefix(s, "1970-01-01T") { // the test's own clock
		return true
	}
	if len(s) < 3 || strings.Trim(s, "0123456789abcdef-") == "" && (len(s) > 33 || len(s) == len("2026-03-10") && s[4] == '-') {
		return true
	}
	return map[string]bool{"stands": true, "open": true, "aside": true, "rests": true, "unknown": true}[s]
}

// TestProjectionHoldsNoText: whatever the texts of a case, none of them lies
// in the encoded changes of its digest.
func TestProjectionHoldsNoText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`secret [a-z]{8}`)
		d := goodDocument(t)
		d.Title, d.Facts, d.Claims, d.Place, d.ExternalID = text.Draw(rt, "title"), text.Draw(rt, "facts"), text.Draw(rt, "claims"), text.Draw(rt, "place"), text.Draw(rt, "number")
		for i := range d.Parties {
			p := &d.Parties[i]
			p.Name, p.Phone, p.Contact, p.Address, p.Occupation = text.Draw(rt, "name"), text.Draw(rt, "phone"), text.Draw(rt, "contact"), text.Draw(rt, "address"), text.Draw(rt, "work")
		}
		r := newRecord(t, d)
		mediatorName := text.Draw(rt, "mediator")
		r.go_("accept")
		r.act("assign", fmt.Sprintf(`{"mediators":[%q],"by":"committee"}`, mediatorName))
		r.act("start-session", fmt.Sprintf(`{"at":"2026-03-12","place":%q}`, text.Draw(rt, "room")))
		r.act("agree", fmt.Sprintf(`{"form":"written","terms":[{"who":%q,"what":%q,"due":"2026-03-20"}],"at":"2026-03-17"}`, d.Parties[0].Name, text.Draw(rt, "term")))
		r.act("sign", fmt.Sprintf(`{"by":[%q,%q,%q],"seal":true,"at":"2026-03-17"}`, d.Parties[0].Name, d.Parties[1].Name, mediatorName))
		r.act("perform", fmt.Sprintf(`{"term":1,"at":"2026-03-19","proof":%q}`, text.Draw(rt, "proof")))
		r.set(fmt.Sprintf(`{"title":%q,"facts":%q,"parties.+":{"side":"third","kind":"person","name":%q}}`, text.Draw(rt, "t2"), text.Draw(rt, "f2"), text.Draw(rt, "n2")))
		r.set(`{"parties.` + r.view().Parties[2].ID + `":null}`)
		for _, o := range r.ops {
			projected := projected(t, o.changes)
			if len(projected) != len(o.changes) {
				rt.Fatal("indexes moved")
			}
			raw, err := crdt.EncodeBody(crdt.Body{Changes: projected})
			if err != nil {
				rt.Fatal(err)
			}
			if bytes.Contains(raw, []byte("secret")) || bytes.Contains(raw, []byte("000-0000")) || bytes.Contains(raw, []byte("9901251955")) {
				rt.Fatalf("a text lies in %q", raw)
			}
		}
		sameAsDigest(t, r)
		noneOf(t, casework.Encode(casework.DigestView(r.digest(), casework.Header{})), secrets(r))
	})
}

// TestForeignChangesProjectToNothing: texts put where codes belong do not slip out.
func TestForeignChangesProjectToNothing(t *testing.T) {
	path := func(name string) crdt.Path { return crdt.Path{{Field: name}} }
	for _, c := range []crdt.Change{
		{Kind: crdt.Assign, Path: path("category"), Value: "李大样"},
		{Kind: crdt.Assign, Path: path("source"), Value: "李大样"},
		{Kind: crdt.Assign, Path: path("received_at"), Value: "李大样"},
		{Kind: crdt.Assign, Path: path("amount_fen"), Value: "李大样"},
		{Kind: crdt.Assign, Path: path("title"), Value: "李大样"},
		{Kind: crdt.Assign, Path: path("mood"), Value: "李大样"},
		{Kind: crdt.Add, Path: path("tags"), Value: "李大样"},
		{Kind: crdt.Assign, Path: crdt.Path{{Field: "parties"}, {Entry: crdt.Ref{Index: 1}}, {Field: "side"}}, Value: "李大样"},
		{Kind: crdt.Assign, Path: crdt.Path{{Field: "parties"}, {Entry: crdt.Ref{Index: 1}}, {Field: "李大样"}}, Value: "李大样"},
		{Kind: crdt.Event, Path: path("lifecycle"), Value: "李大样"},
		{Kind: crdt.Event, Path: path("lifecycle"), Value: map[string]any{"step": "李大样"}},
		{Kind: crdt.Event, Path: path("lifecycle"), Value: map[string]any{"step": "refuse", "ground": "李大样", "at": "2026-03-10", "李大样": "李大样"}},
		{Kind: crdt.Event, Path: path("lifecycle"), Value: map[string]any{"step": "accept", "at": "李大样"}},
		{Raw: []byte("李大样")},
		{Void: true},
		{},
	} {
		projected := projected(t, []crdt.Change{c})
		if out := fmt.Sprint(projected); strings.Contains(out, "李") || strings.Contains(out, fmt.Sprint([]byte("李"))) {
			t.Errorf("%v gives %s", c, out)
		}
		if _, err := crdt.EncodeBody(crdt.Body{Changes: projected}); err != nil {
			t.Errorf("%v: %v", c, err)
		}
	}
}
