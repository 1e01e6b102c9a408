package station

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// note is a record of notes that this unit keeps on a case. Mostly there is one;
// two laptops of a unit that began theirs while apart make two, which are shown
// and written as one.
type note struct {
	id    store.ID
	state *crdt.State
}

// notesOf finds the notes that this unit keeps on a case and can read, by id.
func (ss *Session) notesOf(rd store.Reader, f found) ([]note, error) {
	rec, _, err := ss.open.replica.State(rd, f.record)
	if err != nil {
		return nil, err
	}
	beside, err := ss.beside(rd, rec)
	return beside.own, err
}

// beside is what is held beside a case of the notes on it: all of them, and
// those in which this unit writes.
type beside struct {
	all []*crdt.State
	own []note
}

func (ss *Session) beside(rd store.Reader, rec replica.Record) (beside, error) {
	var out beside
	if rec.Kind != oplog.KindCase {
		return out, nil
	}
	list, err := ss.open.replica.NotesOf(rd, rec)
	for _, n := range list {
		out.all = append(out.all, n.State)
		if n.Owner == ss.unit {
			out.own = append(out.own, note{n.ID, n.State})
		}
	}
	return out, err
}

// withNotes puts what was written in the notes of a case among its lines, by
// when it was written; each keeps its place among those of its own record.
func (ss *Session) withNotes(rd store.Reader, f found, lines []casework.Line) ([]casework.Line, error) {
	if f.digest {
		return lines, nil
	}
	rec, _, err := ss.open.replica.State(rd, f.record)
	if err != nil {
		return nil, err
	}
	notes, err := ss.open.replica.NotesOf(rd, rec)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		more, err := ss.lines(rd, n.ID)
		if err != nil {
			return nil, err
		}
		for i := range more {
			more[i].Field = "notes." + more[i].Field
		}
		lines = woven(lines, more)
	}
	return lines, nil
}

// woven puts two lists together by their times, each in its own order.
func woven(a, b []casework.Line) []casework.Line {
	out := make([]casework.Line, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if b[0].At < a[0].At {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...)
}

// writes is the record of notes in which this unit writes; nil: none yet.
func (b beside) writes() *crdt.State {
	if len(b.own) == 0 {
		return nil
	}
	return b.own[0].state
}

// Notes implements api.Notes.
func (ss *Session) Notes(ctx context.Context, id string) (api.NotesView, error) {
	var out api.NotesView
	err := ss.view(ctx, func(rd store.Reader) error {
		f, err := ss.whole(rd, id)
		if err != nil {
			return err
		}
		out, err = ss.showNotes(rd, f)
		return err
	})
	return out, err
}

func (ss *Session) showNotes(rd store.Reader, f found) (api.NotesView, error) {
	out := api.NotesView{Case: hexID(f.id), Unit: hexID(ss.unit), Sessions: []api.NoteSession{}, Heads: []string{}}
	notes, err := ss.notesOf(rd, f)
	if err != nil {
		return out, err
	}
	for i, n := range notes {
		if i == 0 {
			out.ID = hexID(n.id)
		}
		addNote(&out, n.state)
	}
	return out, nil
}

// addNote shows one record's notes below what is there.
func addNote(out *api.NotesView, s *crdt.State) {
	below := func(text *string, field string) {
		if more := s.Text(notePath(field)); *text == "" || more == "" {
			*text += more
		} else {
			*text += "\n" + more
		}
	}
	below(&out.Minutes, "minutes")
	below(&out.Proposals, "proposals")
	for _, e := range s.Entries(notePath("sessions")) {
		text := func(field string) string {
			v, _ := s.Register(entryPath("sessions", e.Ref, field)).Shown.(string)
			return v
		}
		out.Sessions = append(out.Sessions, api.NoteSession{
			ID: casework.EntryID(e.Ref), At: text("at"), Place: text("place"), Present: text("present"),
			Result: text("result"), Minutes: s.Text(entryPath("sessions", e.Ref, "minutes")),
		})
	}
	for _, op := range s.Ops() {
		out.UpdatedAt = max(out.UpdatedAt, instant(int64(op.Stamp>>16)))
	}
	for _, h := range s.Heads() {
		out.Heads = append(out.Heads, hexID(h))
	}
}

func notePath(field string) crdt.Path { return crdt.Path{{Field: field}} }

func entryPath(field string, entry crdt.Ref, name string) crdt.Path {
	return crdt.Path{{Field: field}, {Entry: entry}, {Field: name}}
}

// PatchNotes implements api.Notes. The first one begins the record.
func (ss *Session) PatchNotes(ctx context.Context, token, id string, p api.Patch) (api.Saved, error) {
	if err := ss.live(); err != nil {
		return api.Saved{}, err
	}
	save, err := ss.save(asking{token, "notes", id, p.Fields})
	if err != nil {
		return api.Saved{}, err
	}
	heads, err := headsOf(p.Base)
	if err != nil {
		return api.Saved{}, err
	}
	patch, err := casework.ParsePatch(p.Fields)
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	var f found
	_, err = ss.open.replica.Write(ctx, ss.signer(), save, func(w *replica.Writer) error {
		if f, err = ss.whole(w.Reader(), id); err != nil {
			return err
		}
		if r := casework.MayEdit(ss.actor(ss.unit, nil)); r != nil {
			return r
		}
		notes, err := ss.notesOf(w.Reader(), f)
		if err != nil {
			return err
		}
		if len(notes) == 0 {
			return ss.beginNotes(w, f.id, patch)
		}
		return ss.editNotes(w, notes, heads, patch)
	})
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	var out api.Saved
	err = ss.view(ctx, func(rd store.Reader) error {
		if f.id == (store.ID{}) {
			if f, err = ss.whole(rd, id); err != nil {
				return err
			}
		}
		v, err := ss.showNotes(rd, f)
		out = api.Saved{ID: v.Case, Heads: v.Heads}
		return err
	})
	return out, err
}

func (ss *Session) beginNotes(w *replica.Writer, of store.ID, patch map[string]json.RawMessage) error {
	changes, err := casework.EditNotes(crdt.New(schemas[oplog.KindNotes]), patch)
	if err != nil || len(changes) == 0 {
		return err
	}
	_, err = w.Create(replica.Begin{Kind: oplog.KindNotes, Owner: ss.unit, Case: &of}, crdt.Body{Changes: changes})
	return err
}

// editNotes shares an edit out to the records that hold the notes.
func (ss *Session) editNotes(w *replica.Writer, notes []note, heads []store.ID, patch map[string]json.RawMessage) error {
	for _, h := range heads {
		if !slices.ContainsFunc(notes, func(n note) bool { return n.state.Has(h) }) {
			return problem(CodeBadHeads, fmt.Sprintf("%x is no head of these notes: give those that the notes showed", h[:4]))
		}
	}
	for i, part := range shareOut(patch, notes, heads) {
		if err := ss.editNote(w, notes[i], heads, part); err != nil {
			return err
		}
	}
	return nil
}

// editNote writes an edit of one record of notes.
func (ss *Session) editNote(w *replica.Writer, n note, heads []store.ID, patch map[string]json.RawMessage) error {
	// The heads that were shown are those of all records together.
	var own []store.ID
	for _, h := range heads {
		if n.state.Has(h) {
			own = append(own, h)
		}
	}
	_, s, err := ss.stateFor(w.Reader(), n.id, own)
	if err != nil {
		return err
	}
	changes, err := casework.EditNotes(s, patch)
	if err != nil || len(changes) == 0 {
		return err
	}
	_, err = w.Append(n.id, own, crdt.Body{Changes: changes}, nil)
	return err
}

// shareOut says which part of an edit goes to which record: a session's to the
// record that has it, all else to the first. A text that was shown as one
// becomes one: the others' is taken out, unless the author had not seen it.
func shareOut(patch map[string]json.RawMessage, notes []note, seen []store.ID) []map[string]json.RawMessage {
	parts := make([]map[string]json.RawMessage, len(notes))
	for i := range parts {
		parts[i] = map[string]json.RawMessage{}
	}
	for path, value := range patch {
		at := 0
		if name := strings.Split(path, "."); len(name) > 1 {
			at = max(0, slices.IndexFunc(notes, func(n note) bool {
				return slices.ContainsFunc(n.state.Entries(notePath("sessions")), func(e crdt.EntryView) bool { return casework.EntryID(e.Ref) == name[1] })
			}))
		} else if path == "minutes" || path == "proposals" {
			for i := 1; i < len(notes); i++ {
				if len(seen) == 0 || slices.ContainsFunc(seen, notes[i].state.Has) {
					parts[i][path] = json.RawMessage("null")
				}
			}
		}
		parts[at][path] = value
	}
	return parts
}
