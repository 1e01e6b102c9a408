package station

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
)

// conceded are the words that the test puts into the notes of the body that
// mediates: none of them may be anywhere at the court.
var conceded = []string{"让步甲", "让步乙", "让步丙", "让步丁", "让步戊", "让步己", "让步庚", "让步辛"}

// delegated is a case that the court sent to a village, where two people at two
// computers mediate it. The township between them carries.
type delegated struct {
	court, over, village, two *desk // two is the village's second computer
	id                        string
}

func newDelegated(t *testing.T) *delegated {
	court, over, town := county(t)
	d := &delegated{court: court, over: over, village: town, two: town.second(over, 9, "990125101203-tw")}
	d.meet()
	court.keeps("", `{"roster.+":{"unit":"990125101203-tw","name":"河湾村人民调解委员会"}}`)
	d.id = court.newCase("")
	court.act(d.id, "refer", `{"at":"2026-03-10","kind":"delegate_pre","to":"990125101203-tw","court_no":"（2026）样0125民诉前调318号","consents":[{"who":"李大样","how":"written","at":"2026-03-10"},{"who":"王小例","how":"written","at":"2026-03-10"}]}`)
	d.meet()
	town.act(d.id, "refer-receive", `{"at":"2026-03-10"}`)
	town.act(d.id, "refer-accept", `{"at":"2026-03-10"}`)
	town.act(d.id, "accept", `{"at":"2026-03-10"}`)
	town.act(d.id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	town.act(d.id, "start-session", `{"at":"2026-03-12","place":"调解室"}`)
	town.act(d.id, "investigate", `{"at":"2026-03-12","what":"让步甲","present":["王小例"]}`)
	town.act(d.id, "end-session", `{"at":"2026-03-13","result":"continue","note":"让步乙"}`)
	town.note(d.id, `{"minutes":"王说让步丙","proposals":"让步丁","sessions.+":{"minutes":"让步戊"}}`)
	town.act(d.id, "agree", `{"form":"written","at":"2026-03-14","facts":"让步己","terms":[{"who":"王小例","what":"让步庚","due":"2026-03-20"},{"who":"王小例","what":"修墙","due":"2026-03-21"},{"who":"王小例","what":"清瓦","due":"2026-03-22"}]}`)
	d.meet()
	return d
}

// meet brings all to the same operations.
func (d *delegated) meet() {
	for range 3 {
		d.apartFromCourt()
		meet(d.over, d.court)
	}
	d.apartFromCourt()
}

// apartFromCourt lets the two computers meet over the township.
func (d *delegated) apartFromCourt() {
	for range 2 {
		meet(d.two, d.over)
		meet(d.village, d.over)
	}
}

// keptUnderNotes looks at the case as the body gets it: what lies in the notes
// stands under notes, and the court has no such part.
func (d *delegated) keptUnderNotes(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	v, err := d.village.ss.Case(ctx, d.id)
	if err != nil {
		t.Fatal(err)
	}
	n := v.Notes
	if n == nil || n.Minutes != "王说让步丙" || n.Proposals != "让步丁" || len(n.Sessions) != 1 || n.Agreement == nil || !n.Agreement.Draft || len(n.Steps) != 1 || len(n.Words) != 3 {
		t.Fatalf("the body's case has under notes %+v", n)
	}
	at, err := d.court.ss.Case(ctx, d.id)
	if err != nil || at.Notes != nil {
		t.Errorf("the court's case has notes: %+v, %v", at.Notes, err)
	}
}

// searched looks through everything that the court can be asked and holds,
// opened with every key that it has.
func (d *delegated) searched(t *testing.T, also ...string) {
	t.Helper()
	words := append(append([]string{}, conceded...), also...)
	docket, err := d.court.ss.Docket(context.Background(), d.id, api.DocketRequest{})
	said := map[string][]byte{"docket": casework.Encode(docket)}
	if err != nil {
		said["docket"] = []byte(err.Error())
	}
	for name, b := range d.court.answers(d.id) {
		said["answer "+name] = b
	}
	for name, b := range d.court.opened() {
		said["store "+name] = b
	}
	for name, b := range said {
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				t.Errorf("the court has %q in %s", w, name)
			}
		}
	}
	if v := d.court.see(d.id); v.Notes != nil {
		t.Errorf("the court has notes: %+v", v.Notes)
	}
}

func (d *delegated) at(t *testing.T, who *desk, want string) casework.CaseView {
	t.Helper()
	v := who.see(d.id)
	if v.State.Mediation != want {
		t.Fatalf("%s has %s, want %s", who.status().Unit, v.State.Mediation, want)
	}
	return v
}

const (
	lastDraft = `{"form":"written","at":"2026-03-15","terms":[{"who":"王小例","what":"换新瓦管","kind":"pay","amount_fen":30000,"due":"2026-03-20"}]}`
	endIt     = `{"reason":"deadlock","at":"2026-03-16","note":"让步辛"}`
)

// TestWhatWasConcededNeverReachesTheCourt: it fails, it succeeds at one desk, it
// succeeds only by the meeting of two, and that contests it.
func TestWhatWasConcededNeverReachesTheCourt(t *testing.T) {
	t.Run("it fails", func(t *testing.T) {
		d := newDelegated(t)
		d.at(t, d.village, "agreed")
		d.at(t, d.court, "mediating")
		d.searched(t)
		d.village.act(d.id, "terminate", endIt)
		saved := d.village.act(d.id, "refer-report", `{"at":"2026-03-16","result":"deadlock","course":"调解两次","why":"对金额分歧较大","conduct":"无"}`)
		if len(saved.Warnings) != 0 {
			t.Errorf("%+v", saved.Warnings)
		}
		d.meet()
		if v := d.at(t, d.court, "terminated"); v.Referrals[0].Report == nil || v.Referrals[0].Report.Why != "对金额分歧较大" {
			t.Errorf("%+v", v.Referrals)
		}
		d.searched(t)
		if n := d.village.see(d.id).Notes; n == nil || len(n.Words) != 3 || n.Agreement == nil || len(n.Agreement.Terms) != 3 {
			t.Errorf("the body has %+v", n)
		}
		d.keptUnderNotes(t)
	})
	t.Run("it succeeds at one desk", func(t *testing.T) {
		d := newDelegated(t)
		d.village.act(d.id, "agree", lastDraft)
		d.village.act(d.id, "sign", `{"by":["李大样"],"at":"2026-03-15"}`)
		d.meet()
		d.at(t, d.court, "mediating")
		d.searched(t, "换新瓦管")
		saved := d.village.act(d.id, "sign", `{"by":["王小例","赵示和"],"seal":true,"at":"2026-03-16"}`)
		if saved.State.Mediation != "effective" || saved.State.Performance != "performing" {
			t.Fatalf("%+v", saved.State)
		}
		d.meet()
		if v := d.at(t, d.court, "effective"); v.Agreement == nil || v.Agreement.EffectiveOn != "2026-03-16" || len(v.Agreement.Terms) != 1 || len(v.Agreement.Signed) != 2 {
			t.Errorf("%+v", v.Agreement)
		}
		d.searched(t)
	})
	// byMeeting lets one sign at each computer, apart.
	byMeeting := func(t *testing.T) *delegated {
		d := newDelegated(t)
		d.village.act(d.id, "agree", lastDraft)
		d.meet()
		d.village.act(d.id, "sign", `{"by":["李大样"],"at":"2026-03-15"}`)
		d.two.act(d.id, "sign", `{"by":["王小例","赵示和"],"seal":true,"at":"2026-03-16"}`)
		return d
	}
	t.Run("it succeeds only by a meeting", func(t *testing.T) {
		d := byMeeting(t)
		d.meet()
		for _, who := range []*desk{d.village, d.two} {
			v := d.at(t, who, "agreed")
			if v.Agreement != nil || v.Notes.Agreement.CompleteOn != "2026-03-16" {
				t.Fatalf("%+v %+v", v.Agreement, v.Notes.Agreement)
			}
			due, err := who.ss.Due(context.Background(), api.DueQuery{On: "2026-03-17"})
			if err != nil || !strings.Contains(string(casework.Encode(due)), `"name":"enter-agreement"`) {
				t.Errorf("%s, %v", casework.Encode(due), err)
			}
			who.refused(d.id, "terminate", endIt, "enter_first")
			who.refused(d.id, "perform", `{"term":1,"at":"2026-03-19"}`, "enter_first")
		}
		if d.village.get(d.id) != d.two.get(d.id) {
			t.Error("equal holdings answer differently")
		}
		d.at(t, d.court, "mediating")
		d.searched(t, "换新瓦管")
		d.two.act(d.id, "enter-agreement", "{}")
		d.two.refused(d.id, "enter-agreement", "{}", "entered")
		d.meet()
		if v := d.at(t, d.court, "effective"); v.Agreement.EffectiveOn != "2026-03-16" {
			t.Errorf("%+v", v.Agreement)
		}
		d.searched(t)
	})
	t.Run("a meeting contests it", func(t *testing.T) {
		d := byMeeting(t)
		d.apartFromCourt()
		d.two.act(d.id, "enter-agreement", "{}")
		d.village.refused(d.id, "terminate", endIt, "enter_first")
		d.meet()
		d.searched(t)

		d = byMeeting(t)
		d.village.act(d.id, "terminate", endIt) // the other signatures are not here yet
		d.meet()
		d.at(t, d.court, "terminated")
		d.two.refused(d.id, "enter-agreement", "{}", "contested")
		d.searched(t, "换新瓦管")
		conflicts := d.two.see(d.id).Conflicts
		if len(conflicts) != 1 {
			t.Fatalf("%+v", conflicts)
		}
		for _, v := range conflicts[0].Values {
			if content := string(casework.Encode(v.Value)); strings.Contains(content, `"step":"sign"`) {
				if _, err := d.two.ss.Settle(context.Background(), token(), d.id, api.Settlement{Field: conflicts[0].Field, Value: casework.Encode(v.Value)}); err != nil {
					t.Fatal(err)
				}
			}
		}
		d.at(t, d.two, "agreed")
		d.two.act(d.id, "enter-agreement", "{}")
		d.meet()
		d.at(t, d.court, "effective")
		d.searched(t)
	})
}
