package casework_test

import (
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// delegated is a case that the court sent to the village, which took it and
// mediates.
func delegated(t *testing.T) *record {
	t.Helper()
	r := newRecord(t, goodDocument(t))
	r.setting = atCourts()
	r.desk = "court"
	r.act("refer", `{"at":"2026-03-09","kind":"delegate_pre","to":"village","letter_no":"318","consents":[{"who":"李大样","how":"written","at":"2026-03-09"}]}`)
	r.desk = "village"
	for _, step := range []string{"refer-receive", "refer-accept"} {
		r.act(step, `{"at":"2026-03-10"}`)
	}
	for _, step := range []string{"accept", "assign", "start-session"} {
		r.act(step, fields[step])
	}
	return r
}

// TestOnlyTheBodyThatMediatesAgrees: while a body mediates what was handed over
// to it, the unit that owns the case records no agreement beside it (人民调解法
// arts. 28, 29); it gets the work back with the report.
func TestOnlyTheBodyThatMediatesAgrees(t *testing.T) {
	oral := `{"form":"oral","at":"2026-03-17","terms":[{"who":"王小例","what":"修墙","due":"2026-03-20"}]}`
	r := delegated(t)
	r.desk = "court"
	wantRule(t, r.try(mediator, "agree", oral), "not_handler")
	r.desk = "village"
	r.act("agree", fields["agree"])
	r.desk = "court"
	wantRule(t, r.try(mediator, "sign", fields["sign"]), "not_handler")
	r.desk = "village"
	r.act("sign", fields["sign"])
	r.wantStates("effective/performing")
	// What follows an agreement is the owner's too.
	r.desk = "court"
	r.act("perform", `{"term":1,"at":"2026-03-20"}`)

	r = delegated(t)
	r.act("terminate", `{"reason":"deadlock","at":"2026-03-18"}`)
	r.act("refer-report", `{"at":"2026-03-18","result":"deadlock","why":"分歧较大"}`)
	r.desk = "court"
	r.act("reopen", `{"at":"2026-03-19","reason":"双方要求再调"}`)
	r.act("agree", `{"form":"oral","at":"2026-03-19","terms":[{"who":"王小例","what":"修墙","due":"2026-03-20"}]}`)
	r.wantStates("effective/performing")
}

// TestAReportFollowsTheEnding: who reports that mediation failed has ended it
// (特邀调解规定 art. 26); a suspected sham is reported while it is suspended (art. 18).
func TestAReportFollowsTheEnding(t *testing.T) {
	failed := `{"at":"2026-03-18","result":"deadlock","why":"分歧较大"}`
	r := delegated(t)
	wantRule(t, r.try(mediator, "refer-report", failed), "not_ended")
	r.act("agree", fields["agree"])
	wantRule(t, r.try(mediator, "refer-report", failed), "not_ended")
	r.act("terminate", `{"reason":"deadlock","at":"2026-03-18"}`)
	r.act("refer-report", failed)

	r = delegated(t)
	r.act("suspend", `{"at":"2026-03-18","reason":"fake"}`)
	wantRule(t, r.try(mediator, "refer-report", failed), "not_ended")
	r.act("refer-report", `{"at":"2026-03-18","result":"fake","why":"陈述前后矛盾","sham":"借条与流水不符"}`)
}

// TestAReleaseOutlivesTheReport: the notes stay with the body when it gave the
// work back, and all parties may still release what stands there (在线调解规则
// art. 18).
func TestAReleaseOutlivesTheReport(t *testing.T) {
	r := delegated(t)
	r.act("terminate", `{"reason":"deadlock","at":"2026-03-18"}`)
	r.act("refer-report", `{"at":"2026-03-18","result":"deadlock","why":"分歧较大"}`)
	granted := casework.Actor{Relation: casework.Granted, Roles: []string{casework.RoleMediator}}
	wantField(t, r.try(granted, "release", `{"at":"2026-03-20","text":"测量结果","released_by":["李大样"]}`), "released_by", "not_all")
	if err := r.try(granted, "release", `{"at":"2026-03-20","text":"测量结果","released_by":["李大样","王小例"]}`); err != nil {
		t.Error(err)
	}
}

// TestMinutesGoWithNoSuit: minutes that the parties signed go along with an
// application or for a mediation document, and with no suit, sued over the
// agreement or docketed since (在线调解规则 art. 18).
func TestMinutesGoWithNoSuit(t *testing.T) {
	minutes := `{"at":"2026-03-20","purpose":"confirmation","text":"笔录","by":["李大样","王小例"]}`
	r := delegated(t)
	r.act("agree", fields["agree"])
	r.act("sign", fields["sign"])
	r.act("give-minutes", minutes)
	r.act("docket", `{"at":"2026-03-21","court_no":"（2026）样0125民初9号"}`)
	wantRule(t, r.try(mediator, "give-minutes", minutes), "minutes_suit")

	// A suit that was docketed before and entrusted ends in a mediation document.
	r = newRecord(t, goodDocument(t))
	r.act("docket", `{"at":"2026-03-09","court_no":"（2026）样0125民初9号"}`)
	for _, step := range []string{"accept", "assign", "start-session", "agree", "sign"} {
		r.act(step, fields[step])
	}
	r.act("give-minutes", `{"at":"2026-03-20","purpose":"mediation_document","text":"笔录","by":["李大样","王小例"]}`)
}

// TestASessionsResultStaysInTheNotes: that a session came to an agreement is no
// fact of the case before one is in force; the case and its digest tell that
// there was a session.
func TestASessionsResultStaysInTheNotes(t *testing.T) {
	r := delegated(t)
	r.act("end-session", `{"at":"2026-03-13","result":"agreed"}`)
	for name, steps := range map[string][]casework.Step{"case": r.bare().Steps, "digest": casework.DigestView(r.digest(), casework.Header{}).Steps} {
		last := steps[len(steps)-1]
		if last.Step != "end-session" || string(casework.Encode(last.Fields)) != `{"at":"2026-03-13"}` {
			t.Errorf("%s: %s %s", name, last.Step, casework.Encode(last.Fields))
		}
	}
	if words := r.view().Notes.Words; len(words) != 1 || string(casework.Encode(words[0].Fields)) != `{"result":"agreed"}` {
		t.Errorf("the notes have %s", casework.Encode(words))
	}
}

// TestADigestHasNoNeedOfAnybody: what somebody can't do or read is his own
// (个人信息保护法 art. 28) and no figure asks for it; a code that no table has is a
// text that somebody chose.
func TestADigestHasNoNeedOfAnybody(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.act("assist", `{"at":"2026-03-10","for":"李大样","need":"mental","what":"亲属陪同"}`)
	r.act("notice", `{"at":"2026-03-10","what":"rights","notified":["李大样"],"how":"in_person","reading":"sign_language","reader":"刘例芳"}`)
	r.act("proxy", `{"at":"2026-03-10","for":"李大样","name":"刘例芳","relation":"调委会委员","reading":"read_aloud","confirmed":"fingerprint"}`)
	shown := string(casework.Encode(casework.DigestView(r.digest(), casework.Header{})))
	for _, word := range []string{"mental", "sign_language", "read_aloud"} {
		if strings.Contains(shown, word) {
			t.Errorf("the digest has %q: %s", word, shown)
		}
	}
	out, _ := casework.Project(casework.ProjectionSchema, []crdt.Change{{
		Kind: crdt.Event, Path: crdt.Path{{Field: "lifecycle"}},
		Value: map[string]crdt.Value{"step": "refer", "at": "2026-03-10", "kind": "11010519491231002X", "to": make([]byte, 32), "within": true},
	}})
	if value, _ := out[0].Value.(map[string]crdt.Value); value["kind"] != "other" {
		t.Errorf("a letter's kind in the digest is %v", value["kind"])
	}
}

// TestACourtsOwnMediatorsAreAUnitOfTheirOwn: what a court's own seat writes of
// a mediation lies before the court; who drafts an agreement there is told.
func TestACourtsOwnMediatorsAreAUnitOfTheirOwn(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	r.setting = atCourts()
	warned := func(desk string) bool {
		t.Helper()
		a := mediator
		a.Unit = unitAt(desk)
		made, err := casework.Act(r.state, a, "agree", []byte(fields["agree"]), r.sets())
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(made.Warnings, func(w casework.Warning) bool { return w.Code == "court_mediates" })
	}
	for _, step := range []string{"accept", "assign", "start-session"} {
		r.act(step, fields[step])
	}
	if !warned("court") || !warned("tribunal") || warned("village") {
		t.Errorf("court %v, tribunal %v, village %v", warned("court"), warned("tribunal"), warned("village"))
	}
}
