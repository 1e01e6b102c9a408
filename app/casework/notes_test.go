package casework_test

import (
	"encoding/json"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// notes is a body's notes at one desk.
type notes struct {
	t     *testing.T
	state *crdt.State
	n     int
}

func (n *notes) set(patch string) error {
	n.t.Helper()
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(patch), &fields); err != nil {
		n.t.Fatal(err)
	}
	changes, err := casework.EditNotes(n.state, fields)
	if err != nil || len(changes) == 0 {
		return err
	}
	n.n++
	id := crdt.ID(hash(patch))
	return n.state.Apply(crdt.Meta{ID: id, Heads: n.state.Heads()}, crdt.Body{Changes: changes})
}

func TestNotesOfABody(t *testing.T) {
	n := &notes{t: t, state: crdt.New(casework.NotesSchema())}
	minutes := crdt.Path{{Field: "minutes"}}
	sessions := crdt.Path{{Field: "sessions"}}
	for _, patch := range []string{
		`{"minutes":"李:墙退回去就行。"}`, `{"minutes":"李:墙退回去就行,水别往我墙根流。"}`, `{"proposals":"只退南段"}`,
		`{"sessions.+":{"at":"2026-03-12","place":"调解室","present":"赵示和","minutes":"各方陈述"}}`,
	} {
		if err := n.set(patch); err != nil {
			t.Fatalf("%s: %v", patch, err)
		}
	}
	if got := n.state.Text(minutes); got != "李:墙退回去就行,水别往我墙根流。" {
		t.Fatalf("minutes %q", got)
	}
	entries := n.state.Entries(sessions)
	if len(entries) != 1 {
		t.Fatalf("%d sessions", len(entries))
	}
	id := casework.EntryID(entries[0].Ref)
	in := func(field string) crdt.Path {
		return append(append(crdt.Path(nil), sessions...), crdt.Segment{Entry: entries[0].Ref}, crdt.Segment{Field: field})
	}
	before := n.n
	if err := n.set(`{"sessions.` + id + `.place":"调解室","minutes":"李:墙退回去就行,水别往我墙根流。"}`); err != nil || n.n != before {
		t.Fatalf("the same again: %v, %d operations", err, n.n-before)
	}
	if err := n.set(`{"sessions.` + id + `.result":"有待继续调解","sessions.` + id + `.minutes":"各方陈述完毕"}`); err != nil {
		t.Fatal(err)
	}
	if n.state.Register(in("result")).Shown != "有待继续调解" || n.state.Text(in("minutes")) != "各方陈述完毕" {
		t.Fatal("the session was not changed")
	}
	for _, tt := range []struct{ patch, path, code string }{
		{`{"facts":"x"}`, "facts", "path"},
		{`{"sessions.+":"x"}`, "sessions.+", "type"},
		{`{"sessions.+":{"mood":"x"}}`, "sessions.+.mood", "path"},
		{`{"sessions.0190":null}`, "sessions.0190", "entry"},
		{`{"minutes":1}`, "minutes", "type"},
		{`{"minutes":"\ud800"}`, "minutes", "encoding"},
	} {
		wantField(t, n.set(tt.patch), tt.path, tt.code)
	}
	if err := n.set(`{"sessions.` + id + `":null}`); err != nil || len(n.state.Entries(sessions)) != 0 {
		t.Fatalf("not removed: %v", err)
	}
}
