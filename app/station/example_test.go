package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
)

// wagesCase is the invented case of unpaid wages: it comes to the court.
const wagesCase = `{"category":"10a","source":"application","title":"孙例强与示例建筑劳务公司追索劳动报酬","received_at":"2026-08-31T10:00:00+08:00","facts":"公司欠付2025年10月至2026年5月工资23,600元，有欠条。","claims":"支付工资23,600元","amount_fen":2360000,"tags":["migrant_workers","enterprise"],"parties":[
 {"side":"applicant","kind":"person","name":"孙例强"},
 {"side":"respondent","kind":"organisation","name":"青禾县示例建筑劳务有限公司","legal_representative":"韩例宝"}]}`

func (d *desk) see(id string) casework.CaseView {
	d.t.Helper()
	raw, err := d.ss.Document(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	var v casework.CaseView
	if err := json.Unmarshal(raw, &v); err != nil {
		d.t.Fatal(err)
	}
	return v
}

func (d *desk) refused(id, step, fields, rule string) {
	d.t.Helper()
	_, err := d.ss.Act(context.Background(), token(), id, step, []byte(fields))
	var r *casework.Refusal
	if !errors.As(err, &r) || r.Rule != rule {
		d.t.Errorf("%s: %v, want %s", step, err, rule)
	}
}

func (d *desk) clock(id, clock string) casework.Clock {
	d.t.Helper()
	for _, c := range slices.Backward(d.clocks(id)) {
		if c.Clock == clock {
			return c
		}
	}
	return casework.Clock{}
}

func (d *desk) clocks(id string) []casework.Clock {
	d.t.Helper()
	var out []casework.Clock
	err := d.ss.view(context.Background(), func(rd store.Reader) error {
		doc, err := d.ss.document(rd, id)
		if err != nil {
			return err
		}
		out = casework.Clocks(doc.state, d.ss.Tables(doc.rec.Owner), doc.rec.Owner, casework.UnitCode{Division: "990125000000", Body: "fy"})
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// TestWagesByReferral drives the second invented case from the court's window to
// a township body and back: letter, receipt that starts the month, agreement in
// instalments, report, joint application, ruling, performance, closing.
func TestWagesByReferral(t *testing.T) {
	court, town, village := county(t)
	id, err := court.ss.NewCase(context.Background(), token(), []byte(wagesCase))
	if err != nil {
		t.Fatal(err)
	}
	letter := `{"at":"2026-09-01","kind":"delegate_pre","to":"990125101000-zz","court_no":"（2026）样0125民诉前调318号","materials":[{"name":"起诉状","copies":3,"pages":3},{"name":"证据材料","pages":25}],"consents":[{"who":"孙例强","how":"written","at":"2026-08-31"},{"who":"韩例宝","how":"phone_noted","at":"2026-09-01"}]}`
	court.refused(id.ID, "refer", letter, "not_rostered")
	court.keeps("", `{"roster.+":{"unit":"990125101000-zz","name":"清溪镇综治中心"}}`)
	court.act(id.ID, "refer", letter)
	meet(town, court)
	meet(village, town)
	if _, err := village.ss.Case(context.Background(), id.ID); err == nil {
		t.Error("a village sees a case that went to its township")
	}
	town.refused(id.ID, "accept", `{"at":"2026-09-02"}`, "not_handler")
	inbox, err := town.ss.Inbox(context.Background())
	if err != nil || len(inbox.Items) != 1 || inbox.Items[0].FromName != "青禾县人民法院" || inbox.Items[0].State != "sent" {
		t.Errorf("the inbox: %v %+v", err, inbox)
	}
	town.act(id.ID, "refer-receive", `{"at":"2026-09-02T09:20:00+08:00","name":"周例计","pages":28,"complete":true}`)
	town.act(id.ID, "refer-accept", `{"at":"2026-09-02","mediators":["郑例贤"]}`)
	if c := town.clock(id.ID, "delegated"); c.StartedOn != "2026-09-02" || c.NominalOn != "2026-10-02" || c.DueOn != "2026-10-08" {
		t.Errorf("the referral's clock: %+v", c.Reading)
	}
	town.act(id.ID, "accept", `{"at":"2026-09-02"}`)
	due, err := town.ss.Due(context.Background(), api.DueQuery{On: "2026-10-10"})
	if err != nil || !slices.ContainsFunc(due.Items, func(d api.DueItem) bool { return d.Name == "delegated" && d.DaysOver == 2 && d.Mine }) {
		t.Errorf("due: %v %+v", err, due)
	}
	if view, err := town.ss.Case(context.Background(), id.ID); err != nil || len(view.Clocks) < 3 || view.Referrals == nil {
		t.Errorf("%v %+v", err, view.Clocks)
	}
	town.act(id.ID, "assign", `{"at":"2026-09-02","mediators":["郑例贤"],"by":"committee"}`)
	town.act(id.ID, "start-session", `{"at":"2026-09-09T09:30:00+08:00","place":"镇调解室"}`)
	town.act(id.ID, "undisputed", `{"at":"2026-09-09","undisputed_facts":[{"fact":"截至2026年6月10日欠付工资23,600元"}],"confirmed_by":["孙例强","韩例宝"]}`)
	town.act(id.ID, "end-session", `{"at":"2026-09-09","result":"continue","next_at":"2026-09-16"}`)
	town.act(id.ID, "agree", `{"form":"written","at":"2026-09-16","acceleration":true,"interest_bp":300,"terms":[
	 {"who":"青禾县示例建筑劳务有限公司","what":"支付工资","kind":"pay","amount_fen":500000,"due":"2026-09-16"},
	 {"who":"青禾县示例建筑劳务有限公司","what":"支付工资","kind":"pay","amount_fen":1000000,"due":"2026-10-15"},
	 {"who":"青禾县示例建筑劳务有限公司","what":"支付工资","kind":"pay","amount_fen":860000,"due":"2026-11-16"}]}`)
	town.act(id.ID, "sign", `{"at":"2026-09-16","by":["孙例强","韩例宝","郑例贤"],"seal":true}`)
	town.act(id.ID, "perform", `{"at":"2026-09-16","term":1,"proof":"银行回单"}`)
	if c := town.clock(id.ID, "confirmation_apply"); c.DueOn != "2026-10-16" {
		t.Errorf("the joint application's clock: %+v", c.Reading)
	}
	apply := `{"at":"%s","court":"990125000000-fy","by":["孙例强","韩例宝"],"answers":[{"question":"status","answer":false},{"question":"ownership","answer":false}]}`
	town.refused(id.ID, "confirm-apply", fmt.Sprintf(apply, "2026-10-19"), "too_late")
	town.act(id.ID, "confirm-apply", fmt.Sprintf(apply, "2026-09-18"))
	town.act(id.ID, "refer-report", `{"at":"2026-09-18","result":"agreed"}`)
	meet(town, court)
	if v := court.see(id.ID); v.State.Referral != "reported" || v.State.Confirmation != "applied" || v.Referrals[0].Report.Undisputed == nil {
		t.Fatalf("the court sees %+v %+v", v.State, v.Referrals)
	}
	court.act(id.ID, "refer-close", `{"at":"2026-09-21","outcome":"confirmed"}`)
	court.act(id.ID, "confirm-receive", `{"at":"2026-09-21"}`)
	court.act(id.ID, "confirm-accept", `{"at":"2026-09-21","court_no":"（2026）样0125诉前调确27号"}`)
	court.act(id.ID, "confirm-rule", `{"at":"2026-09-24"}`)
	meet(town, court)
	// Who mediated sees to the performance.
	town.act(id.ID, "perform", `{"at":"2026-10-15","term":2,"amount_fen":600000}`)
	if v := town.see(id.ID); v.State.Performance != "performing" || *v.Agreement.Terms[1].PaidFen != 600000 {
		t.Errorf("%+v", v.Agreement.Terms[1])
	}
	town.act(id.ID, "perform", `{"at":"2026-10-15","term":2,"amount_fen":400000}`)
	town.act(id.ID, "perform", `{"at":"2026-11-16","term":3}`)
	town.act(id.ID, "follow-up", `{"at":"2026-11-20","how":"phone","visited":["孙例强"],"satisfied":"satisfied"}`)
	town.act(id.ID, "close", `{"at":"2026-11-20"}`)
	town.act(id.ID, "archive", `{"at":"2026-11-20","retention":"60y"}`)
	meet(town, court)
	if a, b := court.bare(id.ID), town.bare(id.ID); a != b {
		t.Errorf("the court has\n%s\nthe township\n%s", a, b)
	}
	if v := town.see(id.ID); v.State.Performance != "performed" || v.State.Confirmation != "confirmed" || v.Confirmation.Number != "（2026）样0125诉前调确27号" {
		t.Errorf("%+v %+v", v.State, v.Confirmation)
	}
}
