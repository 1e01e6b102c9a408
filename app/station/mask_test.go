package station

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"hejie/app/api"
)

// TestWhoOnlySupervisesSeesNoNumbers: numbers and telephones are for those who
// work on the case; a supervisor of the same desk sees them covered, in the
// page, the document, the export and the history.
func TestWhoOnlySupervisesSeesNoNumbers(t *testing.T) {
	_, town, village := county(t)
	ctx := context.Background()
	id, err := village.ss.NewCase(ctx, token(), []byte(`{"category":"02","source":"application","title":"围墙纠纷","received_at":"2026-03-09T09:00:00+08:00","facts":"围墙","parties":[{"side":"applicant","kind":"person","name":"李大样","id_kind":"resident","id_number":"990125195503120018","phone":"000-0000-0001"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	meet(village, town)
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
	shown := func(s api.Session) string {
		t.Helper()
		var all []string
		view, err := s.Case(ctx, id.ID)
		if err != nil {
			t.Fatal(err)
		}
		history, err := s.History(ctx, id.ID)
		if err != nil {
			t.Fatal(err)
		}
		export, err := s.Export(ctx, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{view, history, export} {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(b))
		}
		return strings.Join(all, "\n")
	}
	for _, secret := range []string{"990125195503120018", "000-0000-0001"} {
		if !strings.Contains(shown(town.ss), secret) {
			t.Errorf("who works on the case does not see %s", secret)
		}
		if strings.Contains(shown(other), secret) {
			t.Errorf("the supervisor sees %s", secret)
		}
	}
}
