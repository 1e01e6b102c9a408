package station

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
)

// TestALetterIsJudgedByTheRosterOfItsDay: the desk's day is February 2026, and
// it counts for nothing (特邀调解规定 arts. 5–8).
func TestALetterIsJudgedByTheRosterOfItsDay(t *testing.T) {
	court, _, _ := county(t)
	if today := court.ss.today(); today[:7] != "2026-02" {
		t.Fatalf("today is %s, and the days of this test stand around February 2026", today)
	}
	send := func(id, at, draft string) error {
		t.Helper()
		letter := fmt.Sprintf(`{"at":%q,"kind":"delegate_pre","to":"990125101000-zz","court_no":"（2026）样0125民诉前调318号","consents":[{"who":"孙例强","how":"written","at":%q}]%s}`, at, at, draft)
		_, err := court.ss.Act(context.Background(), token(), id, "refer", []byte(letter))
		return err
	}
	fresh := func() string {
		t.Helper()
		saved, err := court.ss.NewCase(context.Background(), token(), []byte(strings.Replace(wagesCase, "2026-08-31T", "2025-01-31T", 1)))
		if err != nil {
			t.Fatal(err)
		}
		return saved.ID
	}
	court.keeps("", `{"roster.+":{"unit":"990125101000-zz","name":"清溪镇综治中心","valid_from":"2025-03-01","valid_to":"2025-12-31"}}`)
	for _, tt := range []struct {
		at string
		on bool
	}{
		{"2025-02-28", false},
		{"2025-03-01", true},
		{"2025-07-10", true},
		{"2025-12-31", true},
		{"2026-01-01", false},
		{"2026-02-02", false},
	} {
		err := send(fresh(), tt.at, "")
		if tt.on {
			if err != nil {
				t.Errorf("%s: %v", tt.at, err)
			}
			continue
		}
		var r *casework.Refusal
		if !errors.As(err, &r) || r.Rule != "not_rostered" || !strings.Contains(r.Text(data.Chinese), tt.at) || !strings.Contains(r.Text(data.English), tt.at) {
			t.Errorf("%s: %v", tt.at, err)
		}
	}
	// A letter that was drafted while the body was on the roster is judged by the
	// day on which it is sent.
	id := fresh()
	drafted := court.act(id, "refer-draft", `{"at":"2025-12-30","kind":"delegate_pre","to":"990125101000-zz"}`)
	late := fmt.Sprintf(`,"draft":%q`, court.see(id).Referrals[0].ID)
	if drafted.ID != id {
		t.Fatal(drafted)
	}
	var r *casework.Refusal
	if err := send(id, "2026-01-02", late); !errors.As(err, &r) || r.Rule != "not_rostered" {
		t.Errorf("sent when it was over: %v", err)
	}
	if err := send(id, "2025-12-31", late); err != nil {
		t.Errorf("sent on the last day: %v", err)
	}
}
