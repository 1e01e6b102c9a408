package station

import (
	"context"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// second enrols one more laptop of d's unit at its parent.
func (d *desk) second(parent *desk, seed uint64, code string) *desk {
	d.t.Helper()
	ctx := context.Background()
	two := newDesk(d.t, seed)
	req, err := two.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: code, UnitName: "河湾村", SeatName: "刘例芳", Roles: []string{"mediator"}, Secret: secret})
	if err != nil {
		d.t.Fatal(err)
	}
	e, err := parent.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: code})
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := two.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		d.t.Fatal(err)
	}
	two.signIn()
	meet(two, parent)
	meet(d, parent)
	meet(d, parent)
	meet(two, parent)
	return two
}

func (d *desk) note(id, fields string) {
	d.t.Helper()
	if _, err := d.ss.PatchNotes(context.Background(), token(), id, api.Patch{Fields: api.Object(fields)}); err != nil {
		d.t.Fatal(err)
	}
}

// Two laptops of one body that both begin notes on a case while apart: neither's
// minutes may vanish behind the other's.
func TestNotesBegunOnTwoLaptopsAreBothThere(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	meet(village, town)
	two := village.second(town, 9, "990125101203-tw")
	village.note(id, `{"minutes":"赵记:墙退回去。","sessions.+":{"place":"村部"}}`)
	two.note(id, `{"minutes":"刘记:最多退南段。","sessions.+":{"place":"家里"}}`)
	for range 2 {
		meet(village, town)
		meet(two, town)
	}
	var last string
	for _, d := range []*desk{village, two} {
		v, err := d.ss.Notes(context.Background(), id)
		if err != nil || !strings.Contains(v.Minutes, "赵记") || !strings.Contains(v.Minutes, "刘记") || len(v.Sessions) != 2 {
			t.Fatalf("%+v, %v", v, err)
		}
		if last != "" && last != v.Minutes {
			t.Fatalf("%q and %q", last, v.Minutes)
		}
		last = v.Minutes
	}
	// An edit of what is shown is what is shown then.
	v, _ := two.ss.Notes(context.Background(), id)
	two.note(id, `{"minutes":"合在一起。","sessions.`+v.Sessions[0].ID+`.result":"谈成"}`)
	two.note(id, `{"sessions.`+v.Sessions[1].ID+`.result":"未成"}`)
	meet(two, town)
	meet(village, town)
	v, err := village.ss.Notes(context.Background(), id)
	if err != nil || v.Minutes != "合在一起。" || v.Sessions[0].Result != "谈成" || v.Sessions[1].Result != "未成" {
		t.Fatalf("%+v, %v", v, err)
	}
}

// The station reads a body's notes and does not write them.
func TestTheStationDoesNotWriteABodysNotes(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	village.note(id, `{"minutes":"一"}`)
	meet(village, town)
	town.raw(func(w *replica.Writer) error {
		of, _ := parseHex(id)
		notes, err := town.ss.open.replica.RecordsOf(w.Reader(), of, oplog.KindNotes)
		if err != nil {
			return err
		}
		_, err = w.Append(notes[0], nil, crdt.Body{Changes: []crdt.Change{{Kind: crdt.Insert, Path: notePath("minutes"), Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: "镇里写的"}}}, nil)
		return err
	})
	meet(town, village)
	if v, err := village.ss.Notes(context.Background(), id); err != nil || v.Minutes != "一" {
		t.Fatalf("%+v, %v", v, err)
	}
}

// raw writes what a modified program writes.
func (d *desk) raw(fn func(*replica.Writer) error) {
	d.t.Helper()
	if _, err := d.ss.open.replica.Write(context.Background(), d.ss.signer(), replica.Save{}, fn); err != nil {
		d.t.Fatal(err)
	}
}

// Fields far over every limit, which no honest program writes, must not keep
// other stations from taking them and all that comes with them.
func TestFieldsOverEveryLimitAreTaken(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("")
	of, _ := parseHex(id)
	long := strings.Repeat("长", 100_000)
	assign := func(field string, v crdt.Value) crdt.Change {
		return crdt.Change{Kind: crdt.Assign, Path: crdt.Path{{Field: field}}, Value: v}
	}
	village.raw(func(w *replica.Writer) error {
		for _, c := range []crdt.Change{
			assign("external_id", long), assign("title", long), assign("place", long), assign("category", long), assign("source", long),
			assign("received_at", long), assign("amount_fen", "viel"), assign("title", map[string]crdt.Value{"x": long}),
			{Kind: crdt.Add, Path: crdt.Path{{Field: "tags"}}, Value: long},
			{Kind: crdt.Event, Path: crdt.Path{{Field: "lifecycle"}}, Value: map[string]crdt.Value{"step": long}},
			{Kind: crdt.Event, Path: crdt.Path{{Field: "lifecycle"}}, Value: map[string]crdt.Value{"step": "accept", "at": long}},
		} {
			op, err := w.Append(of, nil, crdt.Body{Changes: []crdt.Change{c}}, nil)
			if err != nil {
				return err
			}
			if err := village.ss.project(context.Background(), w, of, op, []crdt.Change{c}); err != nil {
				return err
			}
		}
		for range 12 {
			if _, err := w.Append(of, nil, crdt.Body{Changes: []crdt.Change{{Kind: crdt.Insert, Path: crdt.Path{{Field: "facts"}}, Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: long}}}, nil); err != nil {
				return err
			}
		}
		return nil
	})
	other := village.newCase("N-1")
	meet(village, town)
	meet(town, court)
	if town.get(other) != village.get(other) || town.get(id) != village.get(id) {
		t.Fatal("different documents")
	}
	if strings.Contains(court.get(id), "长") {
		t.Fatal("text came through the digest")
	}
	if got := town.list(); len(got) > 200_000 {
		t.Errorf("the list has %d bytes", len(got))
	}
	if _, err := town.ss.Rebuild(context.Background()); err != nil {
		t.Fatal(err)
	}
}
