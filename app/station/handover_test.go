package station

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/register"
)

func (d *desk) handOver(r api.HandoverRequest) api.Handover {
	d.t.Helper()
	h, err := d.ss.HandOver(context.Background(), r)
	if err != nil {
		d.t.Fatal(err)
	}
	return h
}

// line is a case's line of a hand-over, in short.
func line(h api.Handover, id string) string {
	for _, c := range h.Cases {
		if c.Case == id {
			why := ""
			if c.Why != nil {
				why = " " + c.Why.Code
			}
			return fmt.Sprintf("%s %v%s", c.Status, c.After, why)
		}
	}
	return "none"
}

func (d *desk) mediators(id string) string {
	d.t.Helper()
	v, err := d.ss.Case(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.Join(v.Mediators, " ")
}

// assigned makes a case of these mediators.
func (d *desk) assigned(by string, names ...string) string {
	d.t.Helper()
	saved, err := d.ss.NewCase(context.Background(), token(), []byte(strings.Replace(string(wallCase("")), "2026-03-09T", "2026-01-09T", 1)))
	if err != nil {
		d.t.Fatal(err)
	}
	id := saved.ID
	d.act(id, "accept", `{"at":"2026-01-10"}`)
	list, _ := json.Marshal(names)
	d.act(id, "assign", fmt.Sprintf(`{"mediators":%s,"by":%q,"at":"2026-01-10"}`, list, by))
	return id
}

// TestHandingOver: every kind of case in one run, and what each answers.
func TestHandingOver(t *testing.T) {
	_, town, village := county(t)
	ctx := context.Background()
	village.keeps("", `{"mediators.+":{"name":"赵示和","kind":"full_time","active_from":"2024-01-01"},"members.+":`+aMember+`}`)
	village.keeps("", `{"mediators.+":{"name":"刘例芳","kind":"part_time","capacity":2}}`)
	village.keeps("", `{"mediators.+":{"name":"周例计","kind":"part_time","conflicts":["王小例"]}}`)
	village.keeps("", `{"mediators.+":{"name":"孙例勤","kind":"part_time","leave":[{"from":"2026-01-01"}]}}`)
	alone, both := village.assigned("committee", "赵示和"), village.assigned("committee", "赵示和", "陈例安")
	chosen, other := village.assigned("parties", "赵示和"), village.assigned("committee", "陈例安")
	recused := village.assigned("committee", "刘例芳", "赵示和")
	village.act(recused, "recuse", `{"at":"2026-01-11","mediator":"刘例芳","ground":"relative","by":"party"}`)
	agreed := village.assigned("committee", "赵示和")
	village.act(agreed, "start-session", `{"at":"2026-01-12T19:30:00+08:00"}`)
	village.act(agreed, "agree", `{"form":"written","at":"2026-01-12","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"}]}`)
	ended := village.assigned("committee", "赵示和")
	village.act(ended, "terminate", `{"reason":"refused","at":"2026-01-12"}`)
	if _, err := village.ss.PutDraft(ctx, "half", []byte(`{"n":1}`)); err != nil {
		t.Fatal(err)
	}
	ask := api.HandoverRequest{From: "赵示和", To: []string{"刘例芳"}, Reason: "left", At: "2026-02-01"}
	all := []string{alone, both, chosen, other, recused, agreed, ended}
	documents := func() (out string) {
		for _, id := range all {
			out += village.get(id)
		}
		return out + shown(t, village.register(""))
	}
	before := documents()
	want := map[string]string{
		alone: "done [刘例芳]", both: "done [陈例安 刘例芳]", chosen: "needs_parties [] step_chosen", other: "none",
		recused: "refused [] field_recused", agreed: "refused [] step_mediated", ended: "none",
	}
	dry := ask
	dry.DryRun, dry.LeaveRegister = true, true
	h := village.handOver(dry)
	for id, w := range want {
		if got := line(h, id); got != w {
			t.Errorf("dry: %s, want %s", got, w)
		}
	}
	if len(h.Register) != 2 || h.Else.Drafts != 1 || h.Else.Ended != 1 || documents() != before {
		t.Errorf("%+v; or a dry run changed something", h)
	}
	h = village.handOver(ask)
	for id, w := range want {
		if got := line(h, id); got != w {
			t.Errorf("%s, want %s", got, w)
		}
	}
	if len(h.Register) != 0 || village.mediators(both) != "陈例安 刘例芳" {
		t.Errorf("%+v", h)
	}
	if due, err := village.ss.Due(ctx, api.DueQuery{All: true}); err != nil || slices.ContainsFunc(due.Items, func(d api.DueItem) bool { return d.Case == alone && slices.Contains(d.Mediators, "赵示和") }) {
		t.Errorf("what is due still names who left: %v", err)
	}
	// Again: what is done is not done twice, what is left is said once more.
	after := documents()
	h = village.handOver(ask)
	if len(h.Cases) != 3 || line(h, alone) != "none" || line(h, chosen) != want[chosen] || documents() != after {
		t.Errorf("%+v", h)
	}
	// The parties of one case said yes. It is more than the register says that
	// the new mediator takes: told, and done all the same.
	yes := ask
	yes.Agreed, yes.How, yes.Cases = []string{chosen}, "oral_noted", []string{chosen}
	if h = village.handOver(yes); len(h.Cases) != 1 || line(h, chosen) != "done [刘例芳]" || len(h.Cases[0].Warnings) != 1 || h.Cases[0].Warnings[0].Code != "suggest_full" {
		t.Errorf("%+v", h)
	}
	if v := village.see(chosen); v.Steps[len(v.Steps)-2].Step != "consent" || v.Mediators[0] != "刘例芳" {
		t.Errorf("%+v", v.Steps)
	}
	// The register's reasons.
	fresh := village.assigned("committee", "赵示和")
	for to, why := range map[string]string{"周例计": "王小例", "孙例勤": "请假"} {
		h = village.handOver(api.HandoverRequest{From: "赵示和", To: []string{to}, Reason: "ill", At: "2026-02-01", Cases: []string{fresh[:12]}})
		if line(h, fresh) != "refused [] handover_unfit" || !strings.Contains(h.Cases[0].Why.Texts.ZH, why) || !strings.Contains(h.Cases[0].Why.Texts.EN, to) {
			t.Errorf("%+v %+v", h, h.Cases[0].Why)
		}
	}
	// Whoever leaves is taken off the register when it is asked for, once.
	leaves := ask
	leaves.LeaveRegister = true
	h = village.handOver(leaves)
	if v := village.register(""); len(h.Register) != 2 || v.Mediators[slices.IndexFunc(v.Mediators, func(m register.Mediator) bool { return m.Name == "赵示和" })].ActiveTo != "2026-02-01" || v.Members[0].TermEnd != "2026-02-01" {
		t.Errorf("%+v", h)
	}
	if h = village.handOver(leaves); len(h.Register) != 0 {
		t.Errorf("ended twice: %v", h.Register)
	}
	meet(village, town)
	if st := town.status(); st.Late != 0 || town.get(both) != village.get(both) {
		t.Errorf("%+v", st)
	}
}

// TestHandingOverIsRefusedWhole: what is asked wrongly changes nothing.
func TestHandingOverIsRefusedWhole(t *testing.T) {
	court, town, village := county(t)
	village.keeps("", `{"mediators.+":{"name":"刘例芳","kind":"part_time"}}`)
	village.keeps("", `{"mediators.+":{"name":"赵示和","kind":"full_time"}}`)
	village.keeps("", `{"mediators.+":{"name":"赵示和","kind":"part_time"}}`)
	id := village.assigned("committee", "赵示和")
	two := village.second(town, 9, "990125101203-tw")
	for range 2 {
		meet(village, town)
		meet(two, town)
	}
	meet(town, court)
	good := api.HandoverRequest{From: "赵示和", To: []string{"刘例芳"}, Reason: "left"}
	for name, tt := range map[string]struct {
		by   *desk
		make func(*api.HandoverRequest)
		code string
	}{
		"nobody":                  {village, func(r *api.HandoverRequest) { r.From = " " }, api.CodeInvalidField},
		"to nobody":               {village, func(r *api.HandoverRequest) { r.To = []string{" "} }, api.CodeInvalidField},
		"to the same":             {village, func(r *api.HandoverRequest) { r.To = append(r.To, "赵示和") }, api.CodeInvalidField},
		"no such reason":          {village, func(r *api.HandoverRequest) { r.Reason = "bored" }, api.CodeInvalidField},
		"no such day":             {village, func(r *api.HandoverRequest) { r.At = "2026-02-30" }, api.CodeInvalidField},
		"agreed, and not how":     {village, func(r *api.HandoverRequest) { r.Agreed = []string{id} }, api.CodeInvalidField},
		"a case that is not here": {village, func(r *api.HandoverRequest) { r.Cases = []string{strings.Repeat("0", 64)} }, CodeNoSuchCase},
		"a name mistyped":         {village, func(r *api.HandoverRequest) { r.To = []string{"刘例方"} }, codeHandoverUnknown},
		"no such unit":            {village, func(r *api.HandoverRequest) { r.Unit = "990125101999-tw" }, CodeUnknownUnit},
		"a unit above":            {village, func(r *api.HandoverRequest) { r.Unit = "990125101000-zz" }, CodeNotAllowed},
		"a court over a village":  {court, func(r *api.HandoverRequest) { r.Unit = "990125101203-tw" }, CodeNotAllowed},
		"two of that name leave":  {village, func(r *api.HandoverRequest) { r.LeaveRegister = true }, codeHandoverTwice},
	} {
		r := good
		r.To = slices.Clone(good.To)
		tt.make(&r)
		_, err := tt.by.ss.HandOver(context.Background(), r)
		if got, _ := api.ReasonOf(err); err == nil || got.Code != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	// A mediator without an office may change mediators, and not the register.
	village.keeps("", `{"mediators.`+village.register("").Mediators[2].ID+`":null}`)
	for range 2 {
		meet(village, town)
		meet(two, town)
	}
	leaves := good
	leaves.LeaveRegister = true
	if _, err := two.ss.HandOver(context.Background(), leaves); err == nil {
		t.Error("a mediator ends somebody's entry")
	} else {
		wantCode(t, err, CodeNotAllowed)
	}
	if village.mediators(id) != "赵示和" || two.mediators(id) != "赵示和" {
		t.Error("a refused hand-over changed something")
	}
}

// TestHandingOverApart: the village hands over while its station acts on the same
// cases; afterwards a second run, at the station's desk, does what is left.
func TestHandingOverApart(t *testing.T) {
	court, town, village := county(t)
	ended, more, quiet := village.assigned("committee", "赵示和"), village.assigned("committee", "赵示和"), village.assigned("committee", "赵示和")
	own := town.assigned("committee", "赵示和") // somebody of that name at the township
	meet(village, town)
	ask := api.HandoverRequest{From: "赵示和", To: []string{"刘例芳"}, Reason: "left", At: "2026-02-01"}
	if h := village.handOver(ask); len(h.Cases) != 3 || slices.ContainsFunc(h.Cases, func(c api.HandedOver) bool { return c.Status != "done" }) {
		t.Fatalf("%+v", h)
	}
	town.act(ended, "terminate", `{"reason":"refused","at":"2026-02-01"}`)
	town.act(more, "assign", `{"mediators":["赵示和","周例计"],"by":"committee","at":"2026-02-01"}`)
	for range 2 {
		meet(village, town)
		meet(town, court)
	}
	for _, id := range []string{ended, more, quiet} {
		if village.get(id) != town.get(id) || len(village.see(id).Conflicts) != 0 {
			t.Errorf("%+v", village.see(id))
		}
	}
	if v := village.see(ended); v.State.Mediation != "terminated" || village.mediators(quiet) != "刘例芳" {
		t.Errorf("%+v", v.State)
	}
	// Both desks' changes stand: who was handed over is back where the other
	// desk did not know of it.
	if got := village.mediators(more); !strings.Contains(got, "赵示和") || !strings.Contains(got, "刘例芳") {
		t.Errorf("%s", got)
	}
	ask.Unit = "990125101203-tw"
	h := town.handOver(ask)
	if len(h.Cases) != 1 || h.Cases[0].Case != more || h.Cases[0].Status != "done" || slices.Contains(h.Cases[0].After, "赵示和") || len(h.Cases[0].After) != 2 {
		t.Fatalf("%+v", h)
	}
	meet(village, town)
	ask.Unit = ""
	if h = village.handOver(ask); len(h.Cases) != 0 || strings.Contains(village.mediators(more), "赵示和") {
		t.Errorf("%+v", h)
	}
	// The township's own person of that name was nobody's business so far.
	if town.mediators(own) != "赵示和" {
		t.Error("another body's mediator was changed")
	}
	if h = town.handOver(ask); len(h.Cases) != 1 || h.Cases[0].Case != own {
		t.Errorf("%+v", h)
	}
	if st := town.status(); st.Late != 0 || st.Waiting != 0 {
		t.Errorf("%+v", st)
	}
}

// TestHandingOverWorkByLetter: a body hands over the cases that it was sent, and
// not those that it sent and another works on.
func TestHandingOverWorkByLetter(t *testing.T) {
	court, town, _ := county(t)
	court.keeps("", `{"roster.+":{"unit":"990125101000-zz","name":"清溪镇综治中心"}}`)
	id := court.newCase("")
	court.act(id, "refer", `{"at":"2026-03-10","kind":"delegate_pre","to":"990125101000-zz","court_no":"318号","consents":[{"who":"李大样","how":"written","at":"2026-03-10"}]}`)
	meet(town, court)
	town.act(id, "refer-receive", `{"at":"2026-03-10","name":"周例计","complete":true}`)
	town.act(id, "refer-accept", `{"at":"2026-03-10"}`)
	town.act(id, "accept", `{"at":"2026-03-10"}`)
	town.act(id, "assign", `{"at":"2026-03-10","mediators":["郑例贤"],"by":"committee"}`)
	meet(town, court)
	ask := api.HandoverRequest{From: "郑例贤", To: []string{"周例计"}, Reason: "moved", At: "2026-03-12"}
	if h := court.handOver(ask); len(h.Cases) != 0 {
		t.Errorf("the court changes the township's mediator: %+v", h)
	}
	if h := town.handOver(ask); line(h, id) != "done [周例计]" || h.Cases[0].Due == 0 || h.Cases[0].NextDue == "" {
		t.Errorf("%+v", h)
	}
	meet(town, court)
	if court.mediators(id) != "周例计" || court.status().Late != 0 {
		t.Errorf("%s", court.mediators(id))
	}
}
