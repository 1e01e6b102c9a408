package casework_test

import (
	"encoding/json"
	"errors"
	"testing"

	"hejie/app/casework"
)

const oralExample = `{"category":"02","applicant":"李大样","respondent":"王小例","about":"晒谷占道","terms":[{"who":"王小例","what":"当天清走谷子","due":"2026-09-20"}],"at":"2026-09-20","mediators":["赵示和"],"performed":true}`

// first begins a record with the steps that came along with it.
func first(t testing.TB, o casework.Oral) *record {
	t.Helper()
	r := newRecord(t, o.Document)
	a := mediator
	a.Unit = unitAt(r.desk)
	for _, run := range casework.Runs(o.Steps) {
		if casework.StepInNotes(run[0].Step) {
			r.act(run[0].Step, string(run[0].Fields))
			continue
		}
		made, err := casework.FirstSteps(r.at("probe").state, a, run, r.sets())
		if err != nil {
			t.Fatal(err)
		}
		r.save(made.Changes)
	}
	return r
}

// TestOralAgreementAtOnce: one operation takes it from nothing to effective
// and performed, and asks for no signature.
func TestOralAgreementAtOnce(t *testing.T) {
	o, _, err := casework.ParseOral([]byte(oralExample))
	if err != nil {
		t.Fatal(err)
	}
	r := first(t, o)
	r.wantStates("effective/performed")
	sameAsDigest(t, r)
	v := r.view()
	if v.Agreement.EffectiveOn != "2026-09-20" || len(v.Steps) != 5 || v.Outcome != "agreed" || v.Mediators[0] != "赵示和" {
		t.Errorf("%+v", v)
	}
	r.act("follow-up", `{"at":"2026-09-28","how":"phone","visited":["李大样"],"satisfied":"satisfied"}`)
	r.act("close", `{"at":"2026-09-28"}`)
}

// TestOralAgreementNeedsWhatTheLawNeeds: who, what, how much and when.
func TestOralAgreementNeedsWhatTheLawNeeds(t *testing.T) {
	for _, gone := range []string{"category", "applicant", "respondent", "about", "terms", "at", "mediators"} {
		var fields map[string]any
		if err := json.Unmarshal([]byte(oralExample), &fields); err != nil {
			t.Fatal(err)
		}
		delete(fields, gone)
		raw, _ := json.Marshal(fields)
		var problems casework.Problems
		if _, _, err := casework.ParseOral(raw); !errors.As(err, &problems) || problems[0].Path != gone {
			t.Errorf("without %s: %v", gone, err)
		}
	}
}

// TestLead: a lead stays a record, or becomes a case.
func TestLead(t *testing.T) {
	o, _, err := casework.ParseLead([]byte(`{"brief":"王家翻建围墙，李家认为占其滴水沟，双方发生口角","at":"2026-03-08T16:20:00+08:00","place":"河湾村3组","people":["李大样","王小例"],"found":"grid","level":"yellow","finder":"孙例强","risks":["crime"],"measures":"劝停施工，告知可申请调解"}`))
	if err != nil {
		t.Fatal(err)
	}
	kept := first(t, o)
	kept.wantStates("lead/none")
	sameAsDigest(t, kept)
	kept.act("keep-lead", `{"at":"2026-03-09","result":"resolved","measures":"当场说和"}`)
	kept.wantStates("lead_kept/none")
	kept.act("make-case", `{"at":"2026-04-01","source":"application"}`)
	kept.wantStates("submitted/none")
	made := first(t, o)
	made.act("make-case", `{"at":"2026-03-09","source":"application"}`)
	made.wantStates("submitted/none")
	sameAsDigest(t, made)
	// It came in with the request, not with the sweep: that day counts.
	if v := made.view(); v.Source != "application" || v.ReceivedOn != "2026-03-09" || v.ReceivedAt != "2026-03-09T00:00:00+08:00" {
		t.Errorf("it came from %s on %s", v.Source, v.ReceivedAt)
	}
	made.act("risk", `{"at":"2026-03-08T21:00:00+08:00","level":"yellow","measures":"请网格员再去"}`)
	var before casework.Problems
	if err := made.try(mediator, "risk", `{"at":"2026-03-07","level":"yellow","measures":"请网格员再去"}`); !errors.As(err, &before) || before[0].Code != casework.CodeOrder {
		t.Errorf("before the lead: %v", err)
	}
	made.act("accept", `{"at":"2026-03-10"}`)
	made.wantStates("accepted/none")
	nobody, _, err := casework.ParseLead([]byte(`{"brief":"水渠分水不均","at":"2026-03-08","found":"sweep","level":"green"}`))
	if err != nil {
		t.Fatal(err)
	}
	first(t, nobody).wantStates("lead/none")
}
