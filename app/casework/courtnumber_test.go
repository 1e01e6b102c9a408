package casework_test

import (
	"slices"
	"testing"

	"hejie/app/casework"
)

// TestCourtNumbersAreRecordedInOneForm: brackets and digits of either width are
// one number; what fits no pattern is kept as it is, with a warning, and refused
// by nobody; a notary's number is left alone.
func TestCourtNumbersAreRecordedInOneForm(t *testing.T) {
	for _, tt := range []struct {
		given, kept, warning string
	}{
		{"(2026)样0125民初1号", "（2026）样0125民初1号", ""},
		{" 〔２０２６〕样0125民初字第1号 ", "（2026）样0125民初1号", ""},
		{"（2026）样0125民初1号之二", "（2026）样0125民初1号之二", ""},
		{"（2012）样法民二初字第95号", "（2012）样法民二初字第95号", "court_no_form"},
		{"立案窗口口头告知", "立案窗口口头告知", "court_no_form"},
		{"（2026）样0125新类9号", "（2026）样0125新类9号", "court_no_type"},
	} {
		r := newRecord(t, goodDocument(t))
		r.go_("accept", "terminate")
		made, err := casework.Act(r.state, casework.Actor{Relation: casework.Owner, Roles: mediator.Roles, Unit: unitAt(r.desk)}, "docket",
			[]byte(`{"at":"2026-03-18","court_name":"青禾县人民法院","court_no":"`+tt.given+`"}`), r.sets())
		if err != nil {
			t.Fatal(err)
		}
		r.save(made.Changes)
		var warned []string
		for _, w := range made.Warnings {
			warned = append(warned, w.Code)
			if w.Text("zh") == "" || w.Text("en") == "" {
				t.Errorf("%s has no sentence", w.Code)
			}
		}
		if tt.warning == "" && warned != nil || tt.warning != "" && !slices.Equal(warned, []string{tt.warning}) {
			t.Errorf("%q: warnings %v", tt.given, warned)
		}
		if s := r.view().Suit; s == nil || s.Number != tt.kept || s.State != "docketed" || s.On != "2026-03-18" || s.Court != "青禾县人民法院" {
			t.Errorf("%q: %+v", tt.given, s)
		}
		r.act("suit", `{"at":"2026-06-01","result":"judgment"}`)
		if s := r.view().Suit; s.State != "ended" || s.Result != "judgment" || s.Number != tt.kept || s.EndedOn != "2026-06-01" {
			t.Errorf("ended: %+v", s)
		}
	}
	// A second number of the same suit counts; one without keeps what is there.
	r := newRecord(t, goodDocument(t))
	r.go_("accept", "terminate")
	r.act("docket", `{"at":"2026-03-18","court":"court","court_no":"（2026）样0125民初1号"}`)
	r.act("docket", `{"at":"2026-06-18","court_no":"（2026）样01民终9号"}`)
	if s := r.view().Suit; s.Number != "（2026）样01民终9号" || s.On != "2026-06-18" || s.Court == "" {
		t.Errorf("%+v", s)
	}
	r = newRecord(t, goodDocument(t))
	r.go_("accept", "assign", "start-session", "agree", "sign")
	r.act("notarise", `{"at":"2026-03-18","name":"青禾县公证处","court_no":"(2026)样证字第7号"}`)
	if c := r.view().Confirmation; c.Number != "(2026)样证字第7号" {
		t.Errorf("%+v", c)
	}
}
