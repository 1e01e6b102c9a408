package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
)

var aHandover = casework.Handover{From: "赵示和", To: []string{"刘例芳"}, Reason: "left", At: "2026-03-18", Note: "任期届满"}

func (r *record) handOver(h casework.Handover) (casework.Handed, error) {
	a := mediator
	a.Unit = unitAt(r.desk)
	made, err := casework.HandOver(r.state, a, h, r.sets())
	if err == nil {
		r.save(made.Changes)
	}
	return made, err
}

func (r *record) mediators() string { return strings.Join(r.view().Mediators, " ") }

// TestHandOver: the one is replaced, the others stay, why stands in the event;
// once more does nothing.
func TestHandOver(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.act("accept", fields["accept"])
	r.act("assign", `{"mediators":["赵示和","周例计"],"by":"committee","at":"2026-03-10"}`)
	made, err := r.handOver(aHandover)
	if err != nil || !slices.Equal(made.Before, []string{"赵示和", "周例计"}) || !slices.Equal(made.After, []string{"周例计", "刘例芳"}) || made.State.Mediation != "assigned" {
		t.Fatalf("%+v %v", made, err)
	}
	if r.mediators() != "周例计 刘例芳" {
		t.Errorf("%s", r.mediators())
	}
	last := r.view().Steps[2]
	f, _ := last.Fields.(map[string]any)
	if last.Step != "assign" || f["handover"] != "left" || f["instead_of"] != "赵示和" || f["by"] != "committee" || f["reason"] != "任期届满" {
		t.Errorf("%+v", last)
	}
	if made, err = r.handOver(aHandover); err != nil || len(made.Changes) != 0 {
		t.Errorf("a second time: %+v %v", made, err)
	}
	// The digest keeps why, and no name.
	d := casework.DigestView(r.digest(), casework.Header{})
	f, _ = d.Steps[2].Fields.(map[string]any)
	if f["handover"] != "left" || f["instead_of"] != nil || f["reason"] != nil {
		t.Errorf("%+v", f)
	}
	// As a step: what does not fit is refused.
	wantField(t, r.try(mediator, "assign", `{"mediators":["赵示和"],"by":"committee","handover":"left","at":"2026-03-19"}`), "instead_of", casework.CodeMissing)
	wantField(t, r.try(mediator, "assign", `{"mediators":["赵示和"],"by":"committee","instead_of":"周例计","at":"2026-03-19"}`), "handover", casework.CodeMissing)
	wantField(t, r.try(mediator, "assign", `{"mediators":["赵示和"],"by":"committee","handover":"left","instead_of":"孙例强","at":"2026-03-19"}`), "instead_of", casework.CodeName)
	wantField(t, r.try(mediator, "assign", `{"mediators":["周例计"],"by":"committee","handover":"left","instead_of":"周例计","at":"2026-03-19"}`), "mediators", casework.CodeDuplicate)
}

// TestHandOverOfWhomThePartiesChose: nobody is put in the place of a chosen
// mediator without all parties' word, given since they chose (人民调解法 art. 19).
func TestHandOverOfWhomThePartiesChose(t *testing.T) {
	chosen := func() *record {
		r := newRecord(t, goodDocument(t))
		r.act("accept", fields["accept"])
		r.act("consent", `{"at":"2026-03-10","purpose":"mediator","given":true,"by":["李大样","王小例"],"how":"written"}`)
		r.act("assign", `{"mediators":["赵示和"],"by":"parties","at":"2026-03-10"}`)
		return r
	}
	consent := func(given, by string) string {
		return `{"at":"2026-03-17","purpose":"mediator","given":` + given + `,"by":` + by + `,"how":"oral_noted"}`
	}
	t.Run("their consent to the first is none to the second", func(t *testing.T) {
		r := chosen()
		_, err := r.handOver(aHandover)
		wantRule(t, err, casework.RuleChosen)
		if !strings.Contains(err.Error(), "李大样, 王小例") || r.mediators() != "赵示和" {
			t.Error(err)
		}
	})
	t.Run("one party is not enough, and a last no counts", func(t *testing.T) {
		r := chosen()
		r.act("consent", consent("true", `["李大样"]`))
		_, err := r.handOver(aHandover)
		wantRule(t, err, casework.RuleChosen)
		r.act("consent", consent("true", `["王小例"]`))
		r.act("consent", consent("false", `["李大样"]`))
		_, err = r.handOver(aHandover)
		wantRule(t, err, casework.RuleChosen)
		r.act("consent", consent("true", `["李大样"]`))
		if made, err := r.handOver(aHandover); err != nil || r.mediators() != "刘例芳" || len(made.Changes) != 1 {
			t.Fatalf("%+v %v", made, err)
		}
		if last := r.view().Steps; last[len(last)-1].Fields.(map[string]any)["by"] != "parties" {
			t.Error("the parties' choice is lost")
		}
	})
	t.Run("with their word in the hand-over it is recorded", func(t *testing.T) {
		r := chosen()
		h := aHandover
		h.Agreed = "phone_noted"
		made, err := r.handOver(h)
		if err != nil || len(made.Changes) != 2 || r.mediators() != "刘例芳" {
			t.Fatalf("%+v %v", made, err)
		}
		v := r.view()
		said, assign := v.Steps[len(v.Steps)-2], v.Steps[len(v.Steps)-1]
		if said.Step != "consent" || said.Standing != casework.Stands || assign.Standing != casework.Stands || len(said.Fields.(map[string]any)["by"].([]any)) != 2 {
			t.Errorf("%+v\n%+v", said, assign)
		}
		// That consent was to this change: the next needs another.
		h = casework.Handover{From: "刘例芳", To: []string{"周例计"}, Reason: "ill", At: "2026-03-19"}
		_, err = r.handOver(h)
		wantRule(t, err, casework.RuleChosen)
	})
	t.Run("a guardian speaks for a child, nobody for one without", func(t *testing.T) {
		r := chosen()
		child := r.view().Parties[0].ID
		r.set(`{"parties.` + child + `.capacity":"none"}`)
		h := aHandover
		h.Agreed = "written"
		_, err := r.handOver(h)
		wantField(t, err, "consent_by", "not_all")
		r.set(`{"parties.` + child + `.guardian":{"name":"孙例强","relation":"parent"}}`)
		if _, err := r.handOver(h); err != nil || r.mediators() != "刘例芳" {
			t.Fatal(err)
		}
	})
}

// TestAnAssignmentKeepsWhomThePartiesChose: the committee leaves nobody out whom
// the parties chose, unless they all agree or choose anew (人民调解法 arts. 19, 23).
func TestAnAssignmentKeepsWhomThePartiesChose(t *testing.T) {
	start := func(by string) *record {
		r := newRecord(t, goodDocument(t))
		r.act("accept", fields["accept"])
		r.act("assign", `{"mediators":["赵示和"],"by":"`+by+`","at":"2026-03-10"}`)
		return r
	}
	const instead, beside = `{"mediators":["刘例芳"],"by":"committee","at":"2026-03-18"}`, `{"mediators":["赵示和","刘例芳"],"by":"committee","at":"2026-03-17"}`
	const agreed = `{"at":"2026-03-17","purpose":"mediator","given":true,"by":["李大样","王小例"],"how":"written"}`
	refused := func(r *record, who string) {
		t.Helper()
		before := r.mediators()
		err := r.try(mediator, "assign", instead)
		wantRule(t, err, casework.RuleChosen)
		var refusal *casework.Refusal
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		for lang, words := range map[data.Lang][]string{data.Chinese: {"当事人选定", who, "登记", "当事人另行选定"}, data.English: {"the parties chose", who, "record their consent", "choose another themselves"}} {
			for _, w := range words {
				if text := refusal.Text(lang); !strings.Contains(text, w) {
					t.Errorf("%q lacks %q", text, w)
				}
			}
		}
		if r.mediators() != before {
			t.Errorf("%s, and before %s", r.mediators(), before)
		}
	}
	taken := func(r *record, fields string) {
		t.Helper()
		r.act("assign", fields)
		if r.mediators() != "刘例芳" {
			t.Errorf("%s", r.mediators())
		}
	}
	t.Run("who was designated is changed freely", func(t *testing.T) { taken(start("committee"), instead) })
	t.Run("who was chosen is not", func(t *testing.T) { refused(start("parties"), "李大样, 王小例") })
	t.Run("nor after the work began", func(t *testing.T) {
		r := start("parties")
		r.act("start-session", `{"at":"2026-03-12T09:00:00+08:00"}`)
		refused(r, "李大样, 王小例")
	})
	t.Run("the parties choose anew", func(t *testing.T) { taken(start("parties"), strings.Replace(instead, "committee", "parties", 1)) })
	t.Run("he may be kept beside another, and is chosen still", func(t *testing.T) {
		r := start("parties")
		r.act("consent", agreed)
		r.act("assign", beside)
		refused(r, "李大样, 王小例") // their word was to the change before
		r.act("consent", agreed)
		taken(r, instead)
	})
	t.Run("all must agree", func(t *testing.T) {
		r := start("parties")
		r.act("consent", strings.Replace(agreed, `"李大样","王小例"`, `"李大样"`, 1))
		refused(r, "王小例")
		r.act("consent", strings.Replace(agreed, `"李大样","王小例"`, `"王小例"`, 1))
		taken(r, instead)
	})
	t.Run("a consent from before the choice is none to a change", func(t *testing.T) {
		r := newRecord(t, goodDocument(t))
		r.act("accept", fields["accept"])
		r.act("consent", strings.Replace(agreed, "03-17", "03-10", 1))
		r.act("assign", `{"mediators":["赵示和"],"by":"parties","at":"2026-03-10"}`)
		refused(r, "李大样, 王小例")
	})
	t.Run("who stood aside is no mediator any more", func(t *testing.T) {
		r := start("parties")
		r.act("recuse", `{"at":"2026-03-17","mediator":"赵示和","ground":"relative","by":"self"}`)
		taken(r, instead)
	})
	t.Run("another who was designated beside him may go", func(t *testing.T) {
		r := start("parties")
		r.act("assign", beside)
		r.act("assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-18"}`)
		if r.mediators() != "赵示和" {
			t.Error(r.mediators())
		}
	})
	t.Run("a body that took the dispute up has its own people", func(t *testing.T) {
		r := start("parties")
		r.moves("2026-03-18", "refer?kind=transfer&to=union", "refer-receive@union", "refer-accept@union")
		union := mediator
		union.Unit, union.Relation = unitAt("union"), casework.Granted
		if err := r.try(union, "assign", `{"mediators":["周例计"],"by":"committee","at":"2026-03-22"}`); err != nil {
			t.Error(err)
		}
	})
}

// TestHandOversApart: two desks change the mediators apart. Both stand, so that
// somebody who was handed over may be back; a second run takes him out.
func TestHandOversApart(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	a.act("accept", fields["accept"])
	a.act("assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	b := a.at("township")
	if _, err := a.handOver(aHandover); err != nil {
		t.Fatal(err)
	}
	b.act("assign", `{"mediators":["赵示和","周例计"],"by":"committee","at":"2026-03-17"}`)
	b.act("start-session", `{"at":"2026-03-17T09:00:00+08:00"}`)
	meet(a, b)
	if got := a.mediators(); got != b.mediators() || !strings.Contains(got, "赵示和") || !strings.Contains(got, "刘例芳") {
		t.Fatalf("%s", got)
	}
	made, err := a.handOver(aHandover)
	if err != nil || slices.Contains(made.After, "赵示和") || made.State.Mediation != "mediating" {
		t.Fatalf("%+v %v", made, err)
	}
	meet(a, b)
	if got := b.mediators(); strings.Contains(got, "赵示和") || !strings.Contains(got, "刘例芳") || !strings.Contains(got, "周例计") {
		t.Errorf("%s", got)
	}
	// Who mediated an agreement signs it: there is no change of mediators any more.
	b.act("agree", later("agree", fields["agree"]))
	_, err = b.handOver(casework.Handover{From: "周例计", To: []string{"孙例强"}, Reason: "ill", At: "2026-05-18"})
	wantRule(t, err, "mediated")
}
