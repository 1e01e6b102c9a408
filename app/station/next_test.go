package station

import (
	"context"
	"testing"
)

// TestTheNextStepIsTheUsualOne: other steps may be lawful as well (a mediator
// more, another session), but only the usual one is offered first, and the list
// and the case agree on it.
func TestTheNextStepIsTheUsualOne(t *testing.T) {
	d := newCourt(t, 1).admit(2, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	id := d.newCase("")
	for _, now := range []struct{ offered, fields string }{
		{"accept", `{"at":"2026-03-10"}`},
		{"assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`},
		{"start-session", `{"at":"2026-03-12T19:30:00+08:00"}`},
		{"agree", `{"form":"written","at":"2026-03-17","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"}]}`},
		{"sign", `{"by":["李大样","王小例","赵示和"],"seal":true,"at":"2026-03-17"}`},
		{"perform", `{"term":1,"at":"2026-03-19"}`},
		{"close", `{"at":"2026-04-28"}`},
	} {
		if got := offered(t, d, id); got != now.offered {
			t.Fatalf("the next step offered is %q, want %q", got, now.offered)
		}
		d.act(id, now.offered, now.fields)
	}
	if got := offered(t, d, id); got != "" {
		t.Fatalf("a closed case offers %q", got)
	}
}

func offered(t *testing.T, d *desk, id string) string {
	t.Helper()
	steps, err := d.ss.Steps(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	for _, s := range steps {
		if s.Next && found != "" {
			t.Fatalf("both %s and %s are the next step", found, s.Step)
		}
		if s.Next {
			found = s.Step
		}
	}
	return found
}
