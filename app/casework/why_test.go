package casework_test

import (
	"errors"
	"testing"

	"hejie/app/casework"
)

// TestTheWayToTheArchive: who wants to file a case away is told what is left to
// do, and not that it has ended.
func TestTheWayToTheArchive(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	says := func(step, fields, want string) {
		t.Helper()
		var refusal *casework.Refusal
		if err := r.try(mediator, step, fields); !errors.As(err, &refusal) || refusal.Rule != "state" || refusal.Params["first"] != want {
			t.Errorf("%s: %v, want first %s", step, err, want)
		}
	}
	archive := `{"at":"2026-04-28","retention":"60y"}`
	says("archive", archive, "accept, assign, start-session, agree, sign, perform, close")
	r.act("accept", `{"at":"2026-03-10"}`)
	r.act("assign", `{"at":"2026-03-10","mediators":["赵示和"],"by":"committee"}`)
	r.act("start-session", `{"at":"2026-03-12"}`)
	r.act("agree", `{"form":"oral","at":"2026-03-12","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"}]}`)
	says("archive", archive, "perform, close")
	r.act("perform", `{"at":"2026-03-19","term":1}`)
	says("archive", archive, "close")
	r.act("close", `{"at":"2026-04-28"}`)
	r.act("archive", archive)

	r = newRecord(t, goodDocument(t))
	r.act("stop", `{"at":"2026-03-10","by":["王小例"],"choice":"refuse"}`)
	says("archive", archive, "close")
}
