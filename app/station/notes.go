package station

import (
	"context"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// notesOf finds the notes that this unit keeps on a case; zero: none yet.
func (ss *Session) notesOf(rd store.Reader, f found) (store.ID, error) {
	list, err := ss.open.replica.RecordsOf(rd, f.id, oplog.KindNotes)
	if err != nil {
		return store.ID{}, err
	}
	for _, id := range list {
		rec, _, err := ss.open.replica.State(rd, id)
		if err != nil {
			return store.ID{}, err
		}
		if rec.Owner == ss.unit {
			return id, nil
		}
	}
	return store.ID{}, nil
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
	if err != nil || notes == (store.ID{}) {
		return out, err
	}
	_, s, err := ss.open.replica.State(rd, notes)
	if err != nil {
		return out, err
	}
	out.ID = hexID(notes)
	out.Minutes, out.Proposals = s.Text(notePath("minutes")), s.Text(notePath("proposals"))
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
	return out, nil
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
	t, err := tokenOf(token)
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
	_, err = ss.open.replica.Write(ctx, ss.signer(), t, func(w *replica.Writer) error {
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
		if notes == (store.ID{}) {
			changes, err := casework.EditNotes(crdt.New(schemas[oplog.KindNotes]), patch)
			if err != nil || len(changes) == 0 {
				return err
			}
			_, err = w.Create(replica.Begin{Kind: oplog.KindNotes, Owner: ss.unit, Case: &f.id}, crdt.Body{Changes: changes})
			return err
		}
		_, s, err := ss.stateFor(w.Reader(), notes, heads)
		if err != nil {
			return err
		}
		changes, err := casework.EditNotes(s, patch)
		if err != nil || len(changes) == 0 {
			return err
		}
		_, err = w.Append(notes, heads, crdt.Body{Changes: changes}, nil)
		return err
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
