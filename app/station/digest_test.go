package station

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
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

// behind writes a change of a case and what its digest says of it, as a modified
// program does; nil says nothing.
func (d *desk) behind(id string, change crdt.Change, told []crdt.Change) {
	d.t.Helper()
	of, err := parseHex(id)
	if err != nil {
		d.t.Fatal(err)
	}
	save, err := d.ss.save(asking{token: token(), what: "behind", of: id})
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.ss.open.replica.Write(context.Background(), d.ss.signer(), save, func(w *replica.Writer) error {
		op, err := w.Append(of, nil, crdt.Body{Changes: []crdt.Change{change}}, nil)
		if err != nil || told == nil {
			return err
		}
		digests, err := d.ss.open.replica.RecordsOf(w.Reader(), of, oplog.KindDigest)
		if err != nil {
			return err
		}
		_, err = w.Append(digests[0], nil, crdt.Body{Changes: told}, &op.ID)
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
}

// faults are the codes and authors of what status says of digests.
func (d *desk) faults() string {
	d.t.Helper()
	out := ""
	for _, r := range d.status().Wrong {
		if strings.HasPrefix(r.Code, "digest_") {
			out += r.Code + " " + r.Params["seat"] + ";"
		}
	}
	return out
}

// TestDigestsAreComparedAndMended: who reads case and digest is told which of them
// lacks something or lies, and by whom; the next save of whoever may mends it, and
// the court reads the truth.
func TestDigestsAreComparedAndMended(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("FQ-000011")
	all := func() { meet(village, town); meet(town, court); meet(village, town) }
	all()
	digest := func() casework.DigestDocument {
		t.Helper()
		var v casework.DigestDocument
		if err := json.Unmarshal([]byte(court.get(id)), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	want := func(village1, town1 string) {
		t.Helper()
		if v, w, c := village.faults(), town.faults(), court.faults(); v != village1 || w != town1 || c != "" {
			t.Fatalf("village %q, town %q, court %q", v, w, c)
		}
	}
	want("", "")

	village.behind(id, crdt.Change{Kind: crdt.Assign, Path: crdt.Path{{Field: "category"}}, Value: "03"}, nil)
	all()
	want("digest_missing 赵示和;", "digest_missing 赵示和;")
	town.set(id, `{"place":"清溪镇"}`)
	all()
	want("", "")
	if d := digest(); d.Category != "03" {
		t.Fatalf("the court reads category %s", d.Category)
	}

	band := crdt.Path{{Field: "amount_band"}}
	_, s, err := town.stateOf(id)
	if err != nil {
		t.Fatal(err)
	}
	amount := s.AssignChange(crdt.Path{{Field: "amount_fen"}}, int64(600_000))
	town.behind(id, amount, []crdt.Change{{Kind: crdt.Assign, Path: band, Value: "1000000-", Replaces: amount.Replaces}})
	all()
	want("digest_false 郑例贤;", "digest_false 郑例贤;")
	if d := digest(); d.AmountBand != "1000000-" {
		t.Fatalf("the court reads band %s", d.AmountBand)
	}
	village.set(id, `{"place":"河湾村"}`)
	all()
	want("", "")
	if d := digest(); d.AmountBand != "1-10000" || len(d.Conflicts) > 0 {
		t.Fatalf("the court reads band %s, conflicts %+v", d.AmountBand, d.Conflicts)
	}
	if !bytes.Equal([]byte(village.get(id)), []byte(town.get(id))) {
		t.Fatal("village and town differ")
	}
}

func (d *desk) stateOf(id string) (rec replica.Record, s *crdt.State, err error) {
	of, err := parseHex(id)
	if err != nil {
		return rec, nil, err
	}
	err = d.ss.view(context.Background(), func(rd store.Reader) (err error) {
		rec, s, err = d.ss.open.replica.State(rd, of)
		return err
	})
	return rec, s, err
}
