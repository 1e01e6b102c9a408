package station

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/docket"
)

// offer is what was offered in mediation, and must not reach a court.
const offer = "公司愿意先付五千"

// failedWages drives the wages case from the court to the township, where
// mediation fails and the return goes back.
func failedWages(t *testing.T) (court, town, village *desk, id string) {
	court, town, village = county(t)
	saved, err := court.ss.NewCase(context.Background(), token(), []byte(wagesCase))
	if err != nil {
		t.Fatal(err)
	}
	id = saved.ID
	court.keeps("", `{"roster.+":{"unit":"990125101000-zz","name":"清溪镇综治中心"}}`)
	court.act(id, "refer", `{"at":"2026-09-01","kind":"delegate_pre","to":"990125101000-zz","court_no":"(2026)样0125民诉前调318号","materials":[{"name":"起诉状","copies":3,"pages":3,"folder":"applicant"}],"consents":[{"who":"孙例强","how":"written","at":"2026-08-31"}]}`)
	meet(town, court)
	town.act(id, "refer-receive", `{"at":"2026-09-02T09:20:00+08:00","name":"周例计","pages":28,"complete":true}`)
	town.act(id, "refer-accept", `{"at":"2026-09-02","mediators":["郑例贤"]}`)
	town.act(id, "accept", `{"at":"2026-09-02"}`)
	town.act(id, "assign", `{"at":"2026-09-02","mediators":["郑例贤"],"by":"committee"}`)
	town.act(id, "start-session", `{"at":"2026-09-09T09:30:00+08:00","place":"镇调解室"}`)
	town.note(id, `{"minutes":"`+offer+`","proposals":"`+offer+`","sessions.+":{"place":"镇调解室","minutes":"`+offer+`"}}`)
	town.act(id, "end-session", `{"at":"2026-09-09","result":"continue","note":"`+offer+`"}`)
	town.act(id, "undisputed", `{"at":"2026-09-09","undisputed_facts":[{"fact":"截至2026年6月10日欠付工资23,600元"}],"confirmed_by":["孙例强","韩例宝"]}`)
	return court, town, village, id
}

func (d *desk) docket(id string, r api.DocketRequest) (api.DocketFolder, docket.Cover) {
	d.t.Helper()
	f, err := d.ss.Docket(context.Background(), id, r)
	if err != nil {
		d.t.Fatal(err)
	}
	var c docket.Cover
	if f.Files[0].Path != docket.CoverFile {
		d.t.Fatalf("the first file is %s", f.Files[0].Path)
	}
	if err := json.Unmarshal(f.Files[0].Data, &c); err != nil {
		d.t.Fatal(err)
	}
	return f, c
}

// TestDocketAfterFailedMediation: while mediation goes on there is nothing to
// docket; after it failed the body and the court make the same folder, without a
// word of what was offered; what becomes of the suit comes back to the mediator.
func TestDocketAfterFailedMediation(t *testing.T) {
	court, town, _, id := failedWages(t)
	var r *casework.Refusal
	if _, err := town.ss.Docket(context.Background(), id, api.DocketRequest{}); !errors.As(err, &r) || r.Rule != "docket_open" {
		t.Errorf("while it is mediated: %v", err)
	}
	town.act(id, "terminate", `{"at":"2026-09-20","reason":"deadlock","note":"`+offer+`"}`)
	town.act(id, "refer-report", `{"at":"2026-09-20","result":"deadlock","why":"付款时间分歧较大","materials":[{"name":"调解笔录","folder":"minutes"}]}`)
	meet(town, court)
	at := api.DocketRequest{At: "2026-09-21T09:00:00+08:00"}
	here, cover := town.docket(id, at)
	there, same := court.docket(id, at)
	if cover.MadeBy.Name != "清溪镇综治中心" || same.MadeBy.SeatName != "吴例静" || cover.MadeBy.Seat == same.MadeBy.Seat {
		t.Errorf("made by %+v and %+v", cover.MadeBy, same.MadeBy)
	}
	cover.MadeBy = same.MadeBy
	cover.Files, same.Files = nil, nil // the printed cover says who made it
	if a, b := string(casework.Encode(cover)), string(casework.Encode(same)); a != b {
		t.Errorf("the body makes\n%s\nthe court\n%s", a, b)
	}
	if cover.Kind != "suit" || cover.Court.Code != "990125000000-fy" || cover.Mediation.Unit.Code != "990125101000-zz" || cover.Outcome.Code != "deadlock" || cover.CourtNumbers[0].Type != "民诉前调" || cover.Letters[0].Report.Why != "付款时间分歧较大" {
		t.Errorf("%+v", cover)
	}
	for _, f := range []api.DocketFolder{here, there} {
		for _, file := range f.Files {
			if bytes.Contains(file.Data, []byte(offer)) {
				t.Errorf("%s holds what was offered", file.Path)
			}
		}
		if len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0].Texts.ZH, "调解笔录") || f.Warnings[0].Texts.EN == "" {
			t.Errorf("%+v", f.Warnings)
		}
	}
	if len(here.Files) != len(there.Files) {
		t.Error("the folders differ")
	}

	// One step says it all: the letter is closed because the case is docketed.
	court.act(id, "refer-close", `{"at":"2026-09-22","outcome":"docketed","court_no":"(2026)样0125民初77号"}`)
	if c := court.clock(id, "docketing"); c.EndedOn != "2026-09-22" || c.State != "met" {
		t.Errorf("the court's seven days: %+v", c.Reading)
	}
	meet(town, court)
	if v := town.see(id); v.Suit == nil || v.Suit.State != "docketed" || v.Suit.Number != "（2026）样0125民初77号" || v.Suit.On != "2026-09-22" {
		t.Errorf("the mediator sees %+v", v.Suit)
	}
	court.act(id, "suit", `{"at":"2026-12-01","result":"judgment"}`)
	meet(town, court)
	if v := town.see(id); v.Suit.State != "ended" || v.Suit.Result != "judgment" || v.Suit.EndedOn != "2026-12-01" {
		t.Errorf("the mediator sees %+v", v.Suit)
	}
	if _, c := town.docket(id, at); c.Suit.Court != "990125000000-fy" || c.Suit.Result != "judgment" || len(c.CourtNumbers) != 2 {
		t.Errorf("%+v %+v", c.Suit, c.CourtNumbers)
	}
}

// TestWhoMayMakeTheFolder: who supervises sees people's numbers covered and gets
// no folder; who holds a digest has nothing to make one from.
func TestWhoMayMakeTheFolder(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("")
	meet(village, town)
	meet(town, court)
	code := func(err error) string {
		var e *api.Error
		errors.As(err, &e)
		if e == nil {
			return ""
		}
		return e.Reason.Code
	}
	ctx := context.Background()
	if _, err := court.ss.Docket(ctx, id, api.DocketRequest{}); code(err) != CodeDigestOnly {
		t.Errorf("from a digest: %v", err)
	}
	for _, r := range []api.DocketRequest{{At: "gestern"}, {Have: []api.DocketHave{{SHA256: "ab"}}}, {Kind: "x"}} {
		if _, err := village.ss.Docket(ctx, id, r); code(err) == "" {
			t.Errorf("%+v: %v", r, err)
		}
	}
	if _, err := village.ss.Docket(ctx, id, api.DocketRequest{}); err != nil {
		t.Errorf("a party that sues at once: %v", err)
	}
	req, err := town.ss.AddSeat(ctx, api.AddSeatRequest{SeatName: "周例督", Roles: []string{"supervisor"}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	e, err := town.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: town.status().Unit})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.ss.JoinSeat(ctx, e.File.Data); err != nil {
		t.Fatal(err)
	}
	other, err := town.s.SignIn(ctx, req.Seat, secret)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := other.Docket(ctx, id, api.DocketRequest{}); code(err) != CodeNotAllowed || f.Files != nil {
		t.Errorf("who supervises: %v", err)
	}
	if _, err := town.ss.Docket(ctx, id, api.DocketRequest{}); err != nil {
		t.Errorf("the station: %v", err)
	}
}

// TestWhatWaitsForADecisionIsSaid: two desks said different things of the claims;
// the folder is made, for the party's way to court is not blocked, and says so.
func TestWhatWaitsForADecisionIsSaid(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	meet(village, town)
	village.set(id, `{"claims":"甲的写法"}`)
	town.set(id, `{"claims":"乙的写法"}`)
	meet(village, town)
	f, c := village.docket(id, api.DocketRequest{Lang: "en"})
	if len(c.Unsettled) != 1 || c.Unsettled[0] != "claims" || len(f.Warnings) != 1 || !strings.Contains(f.Warnings[0].Texts.EN, "Claims") || !strings.Contains(f.Warnings[0].Texts.ZH, "当事人申请事项") {
		t.Errorf("%v %+v", c.Unsettled, f.Warnings)
	}
}

// TestALateConfirmationIsTold: thirty days after the agreement took effect the
// folder is made all the same, with a word about it; a day earlier without.
func TestALateConfirmationIsTold(t *testing.T) {
	_, _, village := county(t)
	id := village.newCase("")
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	village.act(id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	village.act(id, "start-session", `{"at":"2026-03-12"}`)
	village.act(id, "agree", `{"form":"written","at":"2026-03-17","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"}]}`)
	village.act(id, "sign", `{"by":["李大样","王小例","赵示和"],"seal":true,"at":"2026-03-17"}`)
	for at, warned := range map[string]int{"2026-04-16T23:00:00+08:00": 0, "2026-04-16T16:00:00Z": 1} {
		f, c := village.docket(id, api.DocketRequest{At: at})
		if c.Kind != "confirmation" || len(f.Warnings) != warned || warned == 1 && !strings.Contains(f.Warnings[0].Detail, "2026-04-16") {
			t.Errorf("%s: %s %+v", at, c.Kind, f.Warnings)
		}
		if f, _ := village.docket(id, api.DocketRequest{At: at, Kind: "suit"}); len(f.Warnings) != 0 {
			t.Errorf("a suit: %+v", f.Warnings)
		}
	}
}

// TestACourtTakesTheCaseFromTheCover: another tree's court, which never met this
// one, imports the document of the cover and has the case whole; again, nothing.
func TestACourtTakesTheCaseFromTheCover(t *testing.T) {
	_, town, _, id := failedWages(t)
	town.act(id, "stop", `{"at":"2026-09-10","by":["孙例强"],"choice":"sue"}`)
	f, cover := town.docket(id, api.DocketRequest{})
	if cover.Outcome == nil || !cover.Outcome.ByParty || cover.Suit.State != "wanted" {
		t.Errorf("%+v %+v", cover.Outcome, cover.Suit)
	}
	var c struct{ Case json.RawMessage }
	if err := json.Unmarshal(f.Files[0].Data, &c); err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, c.Case); err != nil {
		t.Fatal(err)
	}
	far := newCourt(t, 9)
	for n, want := range []api.ImportResult{{Added: 1}, {Same: 1}} {
		r, err := far.ss.Import(context.Background(), line.Bytes())
		if err != nil || r.Added != want.Added || r.Same != want.Same || len(r.Refused) != 0 {
			t.Fatalf("import %d: %v %+v", n+1, err, r)
		}
	}
	list, err := far.ss.ListCases(context.Background(), api.CaseQuery{})
	if err != nil || len(list.Cases) != 1 {
		t.Fatalf("%v %+v", err, list)
	}
	if got := far.see(list.Cases[0].ID); !got.Document.WithoutIDs().Equal(town.see(id).Document.WithoutIDs()) {
		t.Errorf("the court has %s", got.Document.Canonical())
	}
}
