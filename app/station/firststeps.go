package station

import (
	"context"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// NewOral implements api.CaseWriter: an agreement on the spot, from nothing to
// effective in one save.
func (ss *Session) NewOral(ctx context.Context, token string, document []byte) (api.Saved, error) {
	o, warnings, err := casework.ParseOral(document)
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	return ss.begin(ctx, asking{token: token, what: "oral", content: document}, o, warnings)
}

// NewLead implements api.CaseWriter: what a sweep or a grid worker found.
func (ss *Session) NewLead(ctx context.Context, token string, document []byte) (api.Saved, error) {
	o, warnings, err := casework.ParseLead(document)
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	return ss.begin(ctx, asking{token: token, what: "lead", content: document}, o, warnings)
}

// begin makes a case and its first steps in one save.
func (ss *Session) begin(ctx context.Context, ask asking, o casework.Oral, warnings []casework.Warning) (api.Saved, error) {
	if err := ss.live(); err != nil {
		return api.Saved{}, err
	}
	save, err := ss.save(ask)
	if err != nil {
		return api.Saved{}, err
	}
	a := ss.actor(ss.unit, nil)
	if r := casework.MayEdit(a); r != nil {
		return api.Saved{}, caseError(r)
	}
	var id store.ID
	again, err := ss.open.replica.Write(ctx, ss.signer(), save, func(w *replica.Writer) error {
		var err error
		var s *crdt.State
		var digest store.ID
		if id, s, digest, err = ss.createBoth(ctx, w, o.Document); err != nil {
			return err
		}
		first := &beginning{ss: ss, w: w, id: id, digest: digest, state: s, a: a}
		for _, run := range casework.Runs(o.Steps) {
			if err := first.take(run); err != nil {
				return err
			}
		}
		warnings = append(slices.Clone(warnings), first.warnings...)
		return nil
	})
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	if again != (store.ID{}) {
		id = again
	}
	saved, err := ss.saved(ctx, id, nil, warnings)
	if err != nil {
		return saved, err
	}
	return ss.warnOfRepeats(ctx, saved), nil
}

// beginning writes the first steps of a case in the save that begins it.
type beginning struct {
	ss         *Session
	w          *replica.Writer
	id, digest store.ID
	state      *crdt.State
	notes      *crdt.State // begun in this save; nil: not yet
	noted      store.ID    // their record
	a          casework.Actor
	warnings   []casework.Warning
}

// take makes the operations of steps that go together.
func (b *beginning) take(run []casework.Call) error {
	set := b.ss.setting(b.w.Reader(), replica.Record{ID: b.id, Kind: oplog.KindCase, Owner: b.ss.unit, Audience: oplog.AudienceStation}, beside{})
	if b.notes != nil {
		set.Notes, set.Own = []*crdt.State{b.notes}, b.notes
	}
	var made casework.Made
	var err error
	if casework.StepInNotes(run[0].Step) {
		made, err = casework.Act(b.state, b.a, run[0].Step, run[0].Fields, set)
	} else {
		var copied *crdt.State
		if copied, err = b.state.At(b.state.Heads()); err == nil {
			made, err = casework.FirstSteps(copied, b.a, run, set)
		}
	}
	if err != nil {
		return err
	}
	b.warnings = append(b.warnings, made.Warnings...)
	return made.Save(b.toCase, b.toNotes)
}

func (b *beginning) toCase(changes []crdt.Change) (crdt.ID, error) {
	op, err := b.w.Append(b.id, nil, crdt.Body{Changes: changes}, nil)
	if err != nil {
		return crdt.ID{}, err
	}
	if err := b.state.Apply(b.ss.metaOf(op, b.state), crdt.Body{Changes: changes}); err != nil {
		return crdt.ID{}, err
	}
	_, err = b.w.Append(b.digest, nil, crdt.Body{Changes: projected(changes)}, &op.ID)
	return op.ID, err
}

func (b *beginning) toNotes(changes []crdt.Change) (crdt.ID, error) {
	var own []note
	if b.notes == nil {
		b.notes = crdt.New(schemas[oplog.KindNotes])
	} else {
		own = []note{{b.noted, b.notes}}
	}
	op, err := b.ss.note(b.w, b.id, own, changes)
	if err != nil {
		return crdt.ID{}, err
	}
	if own == nil {
		b.noted = op.ID
	}
	return op.ID, b.notes.Apply(b.ss.metaOf(op, b.notes), crdt.Body{Changes: changes})
}
