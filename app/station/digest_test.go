package station

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"hejie/app/casework"
	"hejie/sync/oplog"
)

// TestProjectionIsTheSchemas: the projection that this program writes is the one
// that its operations name in header field 15.
func TestProjectionIsTheSchemas(t *testing.T) {
	if _, known := casework.Project(oplog.SchemaVersion, nil); !known || casework.ProjectionSchema != oplog.SchemaVersion {
		t.Fatalf("operations name schema %d, the projection is %d", oplog.SchemaVersion, casework.ProjectionSchema)
	}
	if _, known := casework.Project(oplog.SchemaVersion+1, nil); known {
		t.Fatal("a projection of a later schema is known")
	}
}

// TestMediatorsAreCountedByNumber: a court that holds the digest alone learns the
// mediators' numbers as the register has them, and no name.
func TestMediatorsAreCountedByNumber(t *testing.T) {
	court, town, village := county(t)
	if _, err := village.patchRegister("", `{"mediators.+":{"name":"赵示和","kind":"full_time","licence":"ZM-0042"}}`); err != nil {
		t.Fatal(err)
	}
	// One without a licence has the number of the entry; a resident's number that
	// somebody typed there is no licence.
	for _, m := range []string{`{"name":"刘例芳","kind":"part_time"}`, `{"name":"陈例安","kind":"part_time","licence":"` + firstNumber + `"}`} {
		if _, err := village.patchRegister("", `{"mediators.+":`+m+`}`); err != nil {
			t.Fatal(err)
		}
	}
	v, err := village.ss.Register(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	number := map[string]string{"赵示和": "ZM-0042"}
	for _, m := range v.Mediators {
		if m.Name != "赵示和" {
			number[m.Name] = m.ID
		}
	}
	id := village.newCase("FQ-000009")
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	village.act(id, "assign", `{"mediators":["赵示和","刘例芳","陈例安","周例计"],"by":"committee","at":"2026-03-10"}`)
	meet(village, town)
	meet(town, court)
	check := func(people int, names ...string) {
		t.Helper()
		var d casework.DigestDocument
		if err := json.Unmarshal([]byte(court.get(id)), &d); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, name := range names {
			want = append(want, number[name])
		}
		if !d.Digest || !slices.Equal(d.Mediators, want) || d.Counts.Mediators != people {
			t.Fatalf("the court reads %v of %d, want %v of %d", d.Mediators, d.Counts.Mediators, want, people)
		}
	}
	check(4, "赵示和", "刘例芳", "陈例安")
	village.act(id, "recuse", `{"mediator":"刘例芳","ground":"interest","by":"self","at":"2026-03-11"}`)
	meet(village, town)
	meet(town, court)
	check(3, "赵示和", "陈例安")
}
