package register

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

func TestEdit(t *testing.T) {
	u := &unit{t: t}
	v := u.set(`{"abbr":"河湾","multi_ethnic":true,"members.+":{"name":"赵示和","sex":"male","ethnicity":"01","role":"director","term_start":"2025-01-01"}}`)
	if v.Abbr != "河湾" || !v.MultiEthnic || len(v.Members) != 1 || v.Members[0].Name != "赵示和" || v.Members[0].TermStart != "2025-01-01" {
		t.Fatalf("%+v", v)
	}
	member := v.Members[0].ID
	v = u.set(`{"members.` + member + `.term_end":"2027-12-31","members.` + member + `.phone":"000-0000-0001"}`)
	if m := v.Members[0]; m.TermEnd != "2027-12-31" || m.Phone != "000-0000-0001" {
		t.Fatalf("%+v", m)
	}
	v = u.set(`{"members.` + member + `":{"role":"deputy","phone":null}}`)
	if m := v.Members[0]; m.Role != "deputy" || m.Phone != "" {
		t.Fatalf("%+v", m)
	}
	v = u.set(`{"mediators.+":{"name":"刘例芳","kind":"full_time","categories":["02","06"],"languages":["普通话"],"conflicts":["王小例"],"leave":[{"from":"2026-03-01","to":"2026-03-10"}],"capacity":5}}`)
	m := v.Mediators[0]
	if len(m.Categories) != 2 || m.Capacity != 5 || m.Leave[0] != (Span{"2026-03-01", "2026-03-10"}) {
		t.Fatalf("%+v", m)
	}
	v = u.set(`{"mediators.` + m.ID + `.leave.+":{"from":"2026-05-01"},"mediators.` + m.ID + `.categories":["01"],"mediators.` + m.ID + `.conflicts.+":"样例建材有限公司"}`)
	m = v.Mediators[0]
	if len(m.Leave) != 2 || len(m.Categories) != 1 || m.Categories[0] != "01" || len(m.Conflicts) != 2 {
		t.Fatalf("%+v", m)
	}
	v = u.set(`{"mediators.` + m.ID + `":null,"sweeps.+":{"day":"2026-03-01","area":"河湾村3组","kind":"routine","who":"刘例芳","found":0}}`)
	if len(v.Mediators) != 0 || len(v.Sweeps) != 1 || v.Sweeps[0].Found != 0 {
		t.Fatalf("%+v", v)
	}
	before := len(u.rec.ops)
	u.set(`{"abbr":"河湾","members.` + member + `.role":"deputy","sweeps.` + v.Sweeps[0].ID + `":{"households":null}}`)
	if len(u.rec.ops) != before {
		t.Error("what is the same already changes something")
	}
}

func TestEditRefuses(t *testing.T) {
	u := &unit{t: t}
	v := u.set(`{"members.+":{"name":"赵示和","role":"director","term_start":"2025-01-01"}}`)
	id := v.Members[0].ID
	for _, tt := range [][3]string{
		{``, casework.CodeEmpty, ""},
		{`[]`, casework.CodeType, ""},
		{`{"abbr":"甲","abbr":"乙"}`, casework.CodeDuplicate, ""},
		{`{"nothing":1}`, codePath, "nothing"},
		{`{"members":[]}`, codePath, "members"},
		{`{"members.+.name":"x"}`, codeEntry, ""},
		{`{"members.00-1":null}`, codeEntry, ""},
		{`{"members.+":[]}`, casework.CodeType, "members.+"},
		{`{"members.+":{"name":"李大样"}}`, casework.CodeMissing, "members.+.role"},
		{`{"members.+":{"name":"  ","role":"member"}}`, casework.CodeEmpty, "members.+.name"},
		{`{"members.+":{"name":"李大样","role":"boss"}}`, casework.CodeCode, "members.+.role"},
		{`{"members.+":{"name":"李大样","role":"member","salary":1}}`, casework.CodeUnknown, "members.+.salary"},
		{`{"members.+":{"name":"李大样","role":"member","term_start":"2026-01-01","term_end":"2025-01-01"}}`, codeOrdered, ""},
		{`{"members.` + id + `.term_end":"2024-12-31"}`, codeOrdered, "members." + id + ".term_end"},
		{`{"members.` + id + `.term_end":"2024-02-30"}`, casework.CodeDate, ""},
		{`{"members.` + id + `.name":null}`, codeClear, ""},
		{`{"members.` + id + `.name":7}`, casework.CodeType, ""},
		{`{"members.` + id + `":3}`, casework.CodeType, ""},
		{`{"members.` + id + `.nothing":3}`, codePath, ""},
		{`{"members.` + id + `.name.+":"x"}`, codePath, ""},
		{`{"members.` + id + `.name.x.y":"x"}`, codePath, ""},
		{`{"members.` + id + `":{"role":"member"},"members.` + id + `.role":"deputy"}`, casework.CodeDuplicate, ""},
		{`{"members.` + id + `":null,"members.` + id + `.role":"deputy"}`, casework.CodeDuplicate, ""},
		{`{"abbr":"` + strings.Repeat("长", 13) + `"}`, casework.CodeTooLong, "abbr"},
		{`{"ranges.+":{"series":"卷","year":2026,"seat":"` + seatID(1) + `","from":1,"to":8}}`, codeTerm, "ranges.+.series"},
		{`{"mediators.+":{"name":"刘例芳","kind":"full_time","sectors":["Labour"]}}`, codeTerm, "mediators.+.sectors[0]"},
		{`{"multi_ethnic":"yes"}`, casework.CodeType, ""},
		{`{"sweeps.+":{"day":"2026-03-01","area":"3组","kind":"routine","who":"刘例芳","found":1,"resolved":2}}`, codeOrdered, ""},
		{`{"sweeps.+":{"day":"2026-03-01","area":"3组","kind":"routine","who":"刘例芳","found":1.0}}`, codeWhole, ""},
		{`{"sweeps.+":{"day":"2026-03-01","area":"3组","kind":"routine","who":"刘例芳","found":-1}}`, codeWhole, ""},
		{`{"sweeps.+":{"day":"2026-03-01","area":"3组","kind":"routine","who":"刘例芳","found":"1"}}`, casework.CodeType, ""},
		{`{"mediators.+":{"name":"刘例芳","kind":"full_time","leave":[{"to":"2026-03-01"}]}}`, casework.CodeMissing, "mediators.+.leave[0].from"},
		{`{"mediators.+":{"name":"刘例芳","kind":"full_time","leave":[{"from":"2026-03-02","to":"2026-03-01"}]}}`, codeOrdered, ""},
		{`{"mediators.+":{"name":"刘例芳","kind":"full_time","leave":[{"from":"2026-03-02","why":"x"}]}}`, casework.CodeUnknown, ""},
		{`{"mediators.+":{"name":"刘例芳","kind":"full_time","leave":["x"]}}`, casework.CodeType, ""},
		{`{"mediators.+":{"name":"刘例芳","kind":"full_time","categories":["zz"]}}`, casework.CodeCode, "mediators.+.categories[0]"},
		{`{"mediators.+":{"name":"刘例芳","kind":"full_time","seat":"abc"}}`, codeIDForm, ""},
		{`{"divisions.+":{"code":"12","name":"河湾村"}}`, codeDivision, ""},
		{`{"roster.+":{"name":"青禾县工会","areas":["123"]}}`, codeDivision, ""},
		{`{"ranges.+":{"series":"volume","year":2026,"seat":"` + seatID(1) + `","from":9,"to":8}}`, codeOrdered, ""},
	} {
		u.refused(tt[0], tt[1], tt[2])
	}
	many := make([]string, maxItems+1)
	for i := range many {
		many[i] = fmt.Sprintf(`"%d"`, i)
	}
	u.refused(`{"mediators.+":{"name":"刘例芳","kind":"full_time","languages":[`+strings.Join(many, ",")+`]}}`, casework.CodeTooMany, "")
}

// TestOfficeWork: a clerk may set a telephone number and nobody's office.
func TestOfficeWork(t *testing.T) {
	u := &unit{t: t}
	v := u.set(`{"members.+":{"name":"赵示和","role":"director"},"mediators.+":{"name":"刘例芳","kind":"full_time"}}`)
	member, mediator := v.Members[0].ID, v.Mediators[0].ID
	for _, tt := range []struct {
		patch string
		may   []string
	}{
		{`{"abbr":"河湾"}`, office},
		{`{"members.+":{"name":"李大样","role":"member"}}`, leading},
		{`{"members.` + member + `.phone":"1"}`, office},
		{`{"members.` + member + `.role":"deputy"}`, leading},
		{`{"members.` + member + `":null}`, leading},
		{`{"mediators.` + mediator + `.leave":[{"from":"2026-03-01"}]}`, office},
		{`{"mediators.` + mediator + `.conflicts":["王小例"]}`, leading},
		{`{"sweeps.+":{"day":"2026-03-01","area":"3组","kind":"routine","who":"刘例芳","found":0}}`, anyWork},
		{`{"voided.+":{"series":"volume","year":2026,"number":3,"reason":"写错"}}`, office},
		{`{"ranges.+":{"series":"volume","year":2026,"seat":"` + seatID(1) + `","from":1,"to":9}}`, leading},
		{`{"roster.+":{"name":"青禾县工会"}}`, office},
		{`{"divisions.+":{"code":"990125101203","name":"河湾村"}}`, leading},
	} {
		parts := u.parts()
		e, err := Edit(parts, patch(t, tt.patch))
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range []string{roleDirector, roleAdmin, roleClerk, roleMediator, "judge", "auditor", "supervisor"} {
			want := has([]string{role}, tt.may)
			if got := May(e, []string{role}, true); (got == nil) != want {
				t.Errorf("%s as %s: %v", tt.patch, role, got)
			}
			if got := Judge(e.Changes[0], []string{role}, true); (got == "") != want {
				t.Errorf("%s judged for %s: %q", tt.patch, role, got)
			}
			if May(e, []string{role}, false) == nil || Judge(e.Changes[0], []string{role}, false) == "" {
				t.Errorf("%s by another unit's %s", tt.patch, role)
			}
		}
	}
	var denied *Denied
	e, _ := Edit(u.parts(), patch(t, `{"members.+":{"name":"李大样","role":"member"}}`))
	if err := May(e, []string{roleClerk}, true); !errors.As(err, &denied) || !strings.Contains(denied.Text(data.Chinese), "主任、管理员") || !strings.Contains(denied.Text(data.English), "Director, Administrator") {
		t.Errorf("%v", err)
	}
	if Judge([]crdt.Change{{Void: true}, {Raw: []byte{1}, Path: crdt.Path{{Field: "members"}}}, {Kind: crdt.Assign, Path: crdt.Path{{Field: "later"}}}}, nil, true) != "" {
		t.Error("what is not known is judged")
	}
}

// TestTwoDesks: whatever two desks write apart, to one record or to two that
// they began apart, the view is the same in every order.
func TestTwoDesks(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 7))
		records := make([]record, 1+rng.IntN(2))
		for i := range records {
			for range 2 + rng.IntN(4) { // desks that write side by side upon what they saw
				seen := records[i].ops
				if n := len(seen); n > 0 {
					seen = seen[:rng.IntN(n+1)]
				}
				if len(records[i].ops) > 0 && len(seen) == 0 {
					seen = records[i].ops[:1]
				}
				part := record{id: records[i].id, ops: seen}
				s := part.all(t)
				e, err := Edit([]Part{{part.id, s}}, patch(t, randomPatch(rng, Show("u", []Part{{part.id, s}}))))
				if err != nil {
					t.Fatal(err)
				}
				if e.None() {
					continue
				}
				records[i].write(t, byte(1+rng.IntN(3)), s.Heads(), e.Changes[0])
			}
		}
		want := ""
		for range 6 {
			var parts []Part
			for _, i := range rng.Perm(len(records)) {
				if len(records[i].ops) > 0 {
					parts = append(parts, Part{records[i].id, records[i].state(t, rng.Perm(len(records[i].ops)))})
				}
			}
			got := asJSON(t, Show("u", parts))
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("seed %d:\n%s\n%s", seed, want, got)
			}
		}
	}
}

func randomPatch(rng *rand.Rand, v Register) string {
	options := []string{
		fmt.Sprintf(`{"abbr":"简称%d"}`, rng.IntN(3)),
		fmt.Sprintf(`{"members.+":{"name":"样人%d","role":"member","sex":"female"}}`, rng.IntN(3)),
		fmt.Sprintf(`{"mediators.+":{"name":"例人%d","kind":"part_time","languages":["方言%d"]}}`, rng.IntN(3), rng.IntN(3)),
		fmt.Sprintf(`{"ranges.+":{"series":"volume","year":2026,"seat":"%s","from":%d,"to":%d}}`, seatID(rng.IntN(3)), 1+rng.IntN(5), 10+rng.IntN(5)),
	}
	if len(v.Members) > 0 {
		m := v.Members[rng.IntN(len(v.Members))]
		options = append(options, `{"members.`+m.ID+`":null}`, fmt.Sprintf(`{"members.%s.phone":"%d"}`, m.ID, rng.IntN(9)))
	}
	if len(v.Mediators) > 0 {
		m := v.Mediators[rng.IntN(len(v.Mediators))]
		options = append(options, fmt.Sprintf(`{"mediators.%s.languages":["方言%d"]}`, m.ID, rng.IntN(4)))
	}
	return options[rng.IntN(len(options))]
}

// TestUnion: an edit of the union goes to the record that has the entry, and a
// field of the unit becomes one again.
func TestUnion(t *testing.T) {
	a, b := &unit{t: t}, &unit{t: t}
	a.set(`{"abbr":"河湾","members.+":{"name":"赵示和","role":"director"}}`)
	b.set(`{"abbr":"河弯","members.+":{"name":"李大样","role":"member"}}`)
	parts := append(a.parts(), b.parts()...)
	v := Show("u", parts)
	if len(v.Members) != 2 || len(v.Records) != 2 || len(v.Also) != 1 || v.Also[0].Path != "abbr" || len(v.Also[0].Values) != 2 {
		t.Fatalf("%+v", v)
	}
	e, err := Edit(parts, patch(t, `{"abbr":"河湾","members.`+v.Members[1].ID+`.phone":"000"}`))
	if err != nil {
		t.Fatal(err)
	}
	for i, u := range []*unit{a, b} {
		if len(e.Changes[i]) > 0 {
			u.rec.write(t, 1, parts[i].State.Heads(), e.Changes[i])
		}
	}
	v = Show("u", append(b.parts(), a.parts()...))
	if v.Abbr != "河湾" || len(v.Also) != 0 || v.Members[1].Phone != "000" {
		t.Errorf("%+v", v)
	}
}

// FuzzPatch: no patch panics, and one that is taken gives operations that apply
// and a second time change nothing.
func FuzzPatch(f *testing.F) {
	for _, s := range []string{
		`{"abbr":"河湾","members.+":{"name":"赵示和","role":"director"}}`, `{"mediators.+":{"name":"刘例芳","kind":"full_time","leave":[{"from":"2026-03-01"}],"categories":["01"]}}`,
		`{"sweeps.+":{"day":"2026-03-01","area":"3组","kind":"routine","who":"刘例芳","found":0}}`, `{"members.x.y.z":null}`, `{"abbr":null}`, `{"divisions.+":{"code":"990125101203","name":"x"}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := ParsePatch(raw)
		if err != nil {
			if len(err.Error()) == 0 {
				t.Error("an error without a word")
			}
			return
		}
		s := crdt.New(Schema())
		e, err := Edit([]Part{{crdt.ID{1}, s}}, p)
		if err != nil {
			return
		}
		if err := s.Apply(crdt.Meta{ID: crdt.ID{1}, Name: crdt.ID{1}, Stamp: 1}, crdt.Body{Changes: e.Changes[0]}); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		v := Show("u", []Part{{crdt.ID{1}, s}})
		if len(v.Unknown) > 0 || len(v.Also) > 0 {
			t.Fatalf("%s: %+v", raw, v)
		}
	})
}
