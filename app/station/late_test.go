package station

import (
	"context"
	"testing"
	"time"

	"hejie/app/api"
	"hejie/sync/crdt"
	"hejie/sync/replica"
)

// dearly writes n parties without content on a case, as a modified program would.
func (d *desk) dearly(id string, n int) {
	d.t.Helper()
	var b crdt.Body
	for range n {
		b.Changes = append(b.Changes, crdt.Change{Kind: crdt.Add, Path: crdt.Path{{Field: "parties"}}})
	}
	record, err := parseHex(id)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.ss.open.replica.Write(context.Background(), d.ss.signer(), replica.Save{}, func(w *replica.Writer) error {
		_, err := w.Append(record, nil, b, nil)
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) late() []api.LateOperation {
	d.t.Helper()
	list, err := d.ss.Late(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return list.Items
}

func (d *desk) parties(id string) int {
	d.t.Helper()
	v, err := d.ss.Case(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return len(v.Parties)
}

// What is too dear stands in a director's list, and what he takes in counts.
func TestADearOperationIsTakenIn(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	meet(village, town)
	for range 5 {
		began := time.Now()
		village.dearly(id, 10_000)
		t.Log(time.Since(began))
	}
	meet(village, town)
	late := town.late()
	if len(late) < 2 {
		t.Fatalf("%d late", len(late))
	}
	t.Logf("%+v", late[0])
	parties := town.parties(id)
	done, err := town.ss.Adopt(context.Background(), token(), late[0].ID)
	if err != nil || done.Adopted != 1 {
		t.Fatalf("%+v %v", done, err)
	}
	if n := len(town.late()); n != len(late)-1 {
		t.Errorf("%d are late", n)
	}
	if n := town.parties(id); n != parties+10_000 {
		t.Errorf("%d parties, there were %d", n, parties)
	}
}
