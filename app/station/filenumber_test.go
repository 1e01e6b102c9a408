package station

import (
	"context"
	"encoding/json"
	"testing"

	"hejie/app/casework"
)

// TestAcceptanceGivesTheFileItsNumber: the next of this desk, each once; what
// is another desk's or used is refused and nothing changes.
func TestAcceptanceGivesTheFileItsNumber(t *testing.T) {
	_, _, village := county(t)
	village.keeps("", `{"abbr":"河湾"}`)
	var ids []string
	for range 3 {
		ids = append(ids, village.newCase(""))
	}
	for i, want := range []string{"（2026）河湾人调字第1号", "（2026）河湾人调字第2号"} {
		village.act(ids[i], "accept", `{"at":"2026-03-10"}`)
		if got := village.number(ids[i]); got != want {
			t.Errorf("case %d has the number %q, want %q", i, got, want)
		}
	}
	for _, fields := range []string{
		`{"at":"2026-03-10","number":"（2026）河湾人调字第2号","series":"volume","year":2026,"n":2}`,
		`{"at":"2026-03-10","number":"（2026）河湾人调字第700号","series":"volume","year":2026,"n":700}`,
		`{"at":"2026-03-10","number":"（2026）河湾人调字第9号","series":"volume"}`,
	} {
		if _, err := village.ss.Act(context.Background(), token(), ids[2], "accept", []byte(fields)); err == nil {
			t.Errorf("%s was taken", fields)
		}
	}
	village.act(ids[2], "accept", `{"at":"2026-03-10","number":"（2026）河湾人调字第9号","series":"volume","year":2026,"n":9}`)
	if got := village.number(ids[2]); got != "（2026）河湾人调字第9号" {
		t.Errorf("got %q", got)
	}
}

func (d *desk) number(id string) string {
	d.t.Helper()
	raw, err := d.ss.Document(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	var v casework.CaseView
	if err := json.Unmarshal(raw, &v); err != nil {
		d.t.Fatal(err)
	}
	return v.Number
}
