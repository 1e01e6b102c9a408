package station

import (
	"context"
	"testing"

	"hejie/app/api"
)

// TestOralAgreementTravels: it is one save at the village, and the same at the
// township and, in figures, at the court.
func TestOralAgreementTravels(t *testing.T) {
	ctx := context.Background()
	court, town, village := county(t)
	saved, err := village.ss.NewOral(ctx, token(), []byte(`{"category":"02","applicant":"李大样","respondent":"王小例","about":"晒谷占道","terms":[{"who":"王小例","what":"当天清走谷子","due":"2026-09-20"}],"at":"2026-09-20","mediators":["赵示和"],"performed":true}`))
	if err != nil {
		t.Fatal(err)
	}
	if saved.State == nil || saved.State.Mediation != "effective" || saved.State.Performance != "performed" {
		t.Fatalf("%+v", saved.State)
	}
	lead, err := village.ss.NewLead(ctx, token(), []byte(`{"brief":"水渠分水不均","at":"2026-03-08","found":"sweep","level":"green"}`))
	if err != nil {
		t.Fatal(err)
	}
	meet(village, town)
	meet(town, court)
	for id, want := range map[string]string{saved.ID: "effective", lead.ID: "lead"} {
		for _, d := range []*desk{village, town, court} {
			v, err := d.ss.Case(ctx, id)
			if err != nil || v.State.Mediation != want {
				t.Errorf("%v %+v, want %s", err, v.State, want)
			}
		}
	}
	if _, err := village.ss.NewOral(ctx, token(), []byte(`{"category":"02"}`)); err == nil {
		t.Error("an agreement about nothing was taken")
	}
	list, err := village.ss.ListCases(ctx, api.CaseQuery{})
	if err != nil || len(list.Cases) != 2 {
		t.Errorf("%v %d cases", err, len(list.Cases))
	}
}
