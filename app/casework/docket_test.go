package casework_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

func isCourt(id crdt.ID) bool { return id == unitAt("court") }

func (r *record) docket(want string) (casework.DocketFacts, error) {
	return casework.DocketOf(r.state, casework.Names{}, want, isCourt)
}

func (r *record) docketed(want string) casework.DocketFacts {
	r.t.Helper()
	f, err := r.docket(want)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// TestWhatACourtIsAskedFor: the kind follows from where the case stands; what
// is still being mediated goes to no court, and the way out is named.
func TestWhatACourtIsAskedFor(t *testing.T) {
	for _, tt := range []struct {
		steps       []string
		want, kind  string
		refusedRule string
	}{
		{steps: []string{"accept", "assign", "start-session"}, refusedRule: "docket_open"},
		{steps: []string{"accept", "assign", "start-session", "agree"}, refusedRule: "docket_open"},
		{steps: []string{"accept", "assign", "start-session"}, want: "confirmation", refusedRule: "docket_not_effective"},
		{steps: []string{"accept", "terminate"}, kind: "suit"},
		{steps: []string{"accept", "assign", "start-session", "agree", "stop"}, kind: "suit"},
		{steps: []string{"refuse"}, kind: "suit"},
		{steps: nil, kind: "suit"},
		{steps: []string{"lead"}, refusedRule: "docket_open"},
		{steps: []string{"accept", "assign", "start-session", "agree", "sign"}, kind: "confirmation"},
		{steps: []string{"accept", "assign", "start-session", "agree", "sign"}, want: "suit", kind: "suit"},
		{steps: []string{"accept", "assign", "start-session", "agree", "sign", "sue"}, kind: "suit"},
		{steps: []string{"accept", "assign", "start-session", "agree", "sign", "confirm-apply"}, kind: "confirmation"},
		{steps: []string{"accept", "assign", "start-session", "oral"}, kind: "suit"},
		{steps: []string{"accept", "assign", "start-session", "oral"}, want: "confirmation", refusedRule: "oral_confirmation"},
	} {
		r := newRecord(t, goodDocument(t))
		r.go_(tt.steps...)
		f, err := r.docket(tt.want)
		if tt.refusedRule != "" {
			wantRule(t, err, tt.refusedRule)
			continue
		}
		if err != nil || f.Kind != tt.kind {
			t.Errorf("%v: %q %v, want %s", tt.steps, f.Kind, err, tt.kind)
		}
	}
}

// TestWhatWasConcededStaysOut: an agreement that bound nobody, notes of steps
// and minutes are no part of what goes with a suit.
func TestWhatWasConcededStaysOut(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.go_("accept", "assign", "start-session")
	oneSided := r.try(mediator, "undisputed", `{"at":"2026-03-13","undisputed_facts":[{"fact":"旧墙建于一九九七年"}],"confirmed_by":["李大样"]}`)
	if oneSided == nil || !strings.Contains(oneSided.Error(), "王小例") {
		t.Fatalf("facts that one side confirmed: %v", oneSided)
	}
	r.act("undisputed", `{"at":"2026-03-14","undisputed_facts":[{"fact":"旧墙建于1998年"}],"confirmed_by":["李大样","王小例"]}`)
	r.act("end-session", `{"at":"2026-03-15","result":"continue","note":"让步甲"}`)
	r.act("investigate", `{"at":"2026-03-15","what":"让步乙"}`)
	r.act("agree", `{"form":"written","at":"2026-03-17","facts":"让步丙","terms":[{"who":"王小例","what":"让步丁","due":"2026-03-20"}]}`)
	r.act("terminate", `{"at":"2026-03-18","reason":"refused_to_sign","note":"让步戊"}`)
	r.act("advise", `{"at":"2026-03-18","routes":["judicial"],"notified":["李大样","王小例"],"how":"in_person","note":"让步己"}`)
	f := r.docketed("")
	raw, err := json.Marshal(f)
	if err != nil || strings.Contains(string(raw), "让步") {
		t.Errorf("%v: what was conceded is told: %s", err, raw)
	}
	if f.Agreement != nil || f.Ending == nil || f.Ending.Reason != "refused_to_sign" || f.Ending.On != "2026-03-18" || f.Ending.Article != "mediation-26" || f.Ending.ByParty || f.Ending.AdvisedOn != "2026-03-18" {
		t.Errorf("%+v", f.Ending)
	}
	if f.Undisputed == nil || strings.Join(f.Undisputed.Facts, "") != "旧墙建于1998年" || len(f.Undisputed.ConfirmedBy) != 2 {
		t.Errorf("%+v", f.Undisputed)
	}
}

// TestPapersOfLetters: a court gets what its own letters list, each file once;
// of letters between bodies the parties' papers alone, and minutes with no suit.
func TestPapersOfLetters(t *testing.T) {
	hash := func(c string) string { return strings.Repeat(c, 64) }
	paper := func(name, folder, sha string) string {
		b, _ := json.Marshal(map[string]any{"name": name, "folder": folder, "sha256": sha, "pages": 2, "copies": 1, "copy": "copy"})
		return string(b)
	}
	r := newRecord(t, goodDocument(t))
	r.go_("accept")
	r.act("refer", `{"at":"2026-03-11","kind":"hand_up","to":"township","letter_no":"上1号","materials":[`+
		paper("身份证", "applicant", hash("a"))+`,`+paper("上报笔录", "minutes", hash("b"))+`,{"name":"内部材料"}]}`)
	town := r.at("township")
	actor := casework.Actor{Relation: casework.Station, Roles: []string{casework.RoleMediator, casework.RoleDirector}, Unit: unitAt("township")}
	for _, s := range [][2]string{
		{"refer-receive", `{"at":"2026-03-11"}`},
		{"refer-accept", `{"at":"2026-03-11"}`},
		{"assign", fields["assign"]},
		{"start-session", fields["start-session"]},
		{"terminate", fields["terminate"]},
		{"refer-report", `{"at":"2026-03-18","result":"deadlock","course":"三月十二日调解一次","why":"分歧较大","sham":"双方是亲属"}`},
	} {
		if err := town.try(actor, s[0], s[1]); err != nil {
			t.Fatal(s[0], err)
		}
	}
	meet(r, town)
	// What was written for the sender is what the sender reads.
	if back := r.view().Referrals[0].Report; back.Course != "三月十二日调解一次" || back.Why != "分歧较大" || back.Sham != "双方是亲属" {
		t.Errorf("the report came back as %+v", back)
	}
	r.act("refer-close", `{"at":"2026-03-19","outcome":"noted"}`)
	r.act("refer", `{"at":"2026-03-20","kind":"transfer","to":"court","letter_no":"移2号","consents":[{"who":"李大样","how":"written","at":"2026-03-20"}],"materials":[`+
		paper("身份证复印件", "applicant", hash("a"))+`,`+paper("调解笔录", "minutes", hash("c"))+`,{"name":"照片","pages":4}]}`)
	f := r.docketed("")
	var said []string
	for _, p := range f.Listed {
		said = append(said, p.Name+"/"+p.Withheld)
	}
	if got := strings.Join(said, " "); got != "身份证/ 上报笔录/minutes 内部材料/between_bodies 调解笔录/minutes 照片/" {
		t.Errorf("%s", got)
	}
	if len(f.Letters) != 2 || f.Letters[1].LetterNo != "移2号" {
		t.Errorf("%+v", f.Letters)
	}
	_, err := r.docket("nonsense")
	wantField(t, err, "kind", "code")
}
