package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// NewCase implements api.CaseWriter.
func (ss *Session) NewCase(ctx context.Context, token string, document []byte) (api.Saved, error) {
	if err := ss.live(); err != nil {
		return api.Saved{}, err
	}
	save, err := ss.save(asking{token: token, what: "case", content: document})
	if err != nil {
		return api.Saved{}, err
	}
	doc, warnings, err := casework.ParseDocument(document)
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	if r := casework.MayEdit(ss.actor(ss.unit, nil)); r != nil {
		return api.Saved{}, caseError(r)
	}
	var id store.ID
	again, err := ss.open.replica.Write(ctx, ss.signer(), save, func(w *replica.Writer) (err error) {
		if err := ss.numberFree(w.Reader(), doc.ExternalID); err != nil {
			return err
		}
		id, err = ss.create(ctx, w, doc)
		return err
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

// numberFree refuses a number that another case here has; none is free.
func (ss *Session) numberFree(rd store.Reader, number string) error {
	if number == "" {
		return nil
	}
	ids, err := casesOfNumber(rd, number)
	if err == nil && len(ids) > 0 {
		return problem("number_taken", fmt.Sprintf("case %x has the number %q already: open that one, or give another number", ids[0][:4], shorten(number)), "number", shorten(number), "case", hexID(ids[0]))
	}
	return err
}

func casesOfNumber(rd store.Reader, number string) ([]store.ID, error) {
	return appIDs(rd, rowOf(rowNumberPrefix, []byte(number), []byte{0}))
}

// appIDs collects the ids at the ends of the app's keys that are a prefix and
// an id.
func appIDs(rd store.Reader, prefix []byte) ([]store.ID, error) {
	var out []store.ID
	err := replica.ScanApp(rd, prefix, nil, false, func(k, _ []byte) (bool, error) {
		if len(k) == len(prefix)+len(store.ID{}) {
			out = append(out, store.ID(k[len(prefix):]))
		}
		return true, nil
	})
	return out, err
}

// create makes a case and its digest in one save.
func (ss *Session) create(ctx context.Context, w *replica.Writer, doc casework.Document) (store.ID, error) {
	op, _, _, err := ss.createBoth(ctx, w, doc)
	return op, err
}

// createBoth is create; it answers the case's id and state and its digest's id.
func (ss *Session) createBoth(ctx context.Context, w *replica.Writer, doc casework.Document) (id store.ID, s *crdt.State, digest store.ID, err error) {
	changes := casework.NewChanges(doc)
	op, err := w.Create(replica.Begin{Kind: oplog.KindCase, Owner: ss.unit}, crdt.Body{Changes: changes})
	if err != nil {
		return id, nil, digest, err
	}
	if s, err = begun(op, ss.unit, changes); err != nil {
		return id, nil, digest, err
	}
	shown := ss.mark(ctx, crdt.New(casework.DigestSchema()), s, projected(changes))
	d, err := w.Create(replica.Begin{Kind: oplog.KindDigest, Owner: ss.unit, Case: &op.ID, Projects: &op.ID}, crdt.Body{Changes: shown})
	if err != nil {
		return id, nil, digest, err
	}
	return op.ID, s, d.ID, nil
}

// change is what somebody wants to change in a case, worked out from the state
// that he saw.
type change func(rd store.Reader, rec replica.Record, s *crdt.State, notes beside, a casework.Actor) (casework.Made, error)

// edit makes the operation of a change of the case that is asked for, and its
// projection in the same save.
func (ss *Session) edit(ctx context.Context, a asking, base []string, make change) (api.Saved, error) {
	if err := ss.live(); err != nil {
		return api.Saved{}, err
	}
	save, err := ss.save(a)
	if err != nil {
		return api.Saved{}, err
	}
	heads, err := headsOf(base)
	if err != nil {
		return api.Saved{}, err
	}
	var done changed
	_, err = ss.open.replica.Write(ctx, ss.signer(), save, func(w *replica.Writer) error {
		done, err = ss.makeChange(ctx, w, a.of, heads, make)
		return err
	})
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	if done.id == (store.ID{}) { // a token that was used before: the case is as it is
		if err := ss.view(ctx, func(rd store.Reader) (err error) { done.found, err = ss.find(rd, a.of); return err }); err != nil {
			return api.Saved{}, err
		}
	}
	if done.op == nil {
		return ss.saved(ctx, done.id, nil, done.Warnings)
	}
	var entries []string
	for _, i := range additions(done.written) {
		entries = append(entries, casework.EntryID(crdt.Ref{Op: done.op.ID, Index: i}))
	}
	return ss.saved(ctx, done.id, entries, done.Warnings)
}

// changed is a change with the operation that makes it; op is nil where there
// was nothing to change.
type changed struct {
	found
	rec   replica.Record
	state *crdt.State // that the author saw
	beside
	casework.Made
	// op is the operation of the case with its changes, noted that of the notes;
	// nil: there is none.
	op, noted             *oplog.Operation
	written, notesWritten []crdt.Change
}

// makeChange makes the operations of a change in a save.
func (ss *Session) makeChange(ctx context.Context, w *replica.Writer, id string, heads []store.ID, make change) (c changed, err error) {
	err = ss.guarded(func() (err error) { c, err = ss.changeOf(ctx, w, id, heads, make); return err })
	return c, err
}

func (ss *Session) changeOf(ctx context.Context, w *replica.Writer, id string, heads []store.ID, make change) (c changed, err error) {
	if c.found, err = ss.whole(w.Reader(), id); err != nil {
		return c, err
	}
	if c.rec, c.state, err = ss.stateFor(w.Reader(), c.record, heads); err != nil {
		return c, err
	}
	if c.beside, err = ss.beside(w.Reader(), c.rec); err != nil {
		return c, err
	}
	if c.Made, err = make(w.Reader(), c.rec, c.state, c.beside, ss.actor(c.rec.Owner, c.rec.Grants)); err != nil {
		return c, err
	}
	return c, c.Save(func(changes []crdt.Change) (crdt.ID, error) {
		c.written = changes
		if c.op, err = w.Append(c.record, heads, crdt.Body{Changes: changes}, nil, c.Grants...); err != nil {
			return crdt.ID{}, err
		}
		return c.op.ID, ss.project(ctx, w, c.id, c.op, changes)
	}, func(changes []crdt.Change) (crdt.ID, error) {
		c.notesWritten = changes
		if c.noted, err = ss.note(w, c.id, c.own, changes); err != nil {
			return crdt.ID{}, err
		}
		return c.noted.ID, nil
	})
}

// note writes in this unit's notes on a case, and begins them where there are none.
func (ss *Session) note(w *replica.Writer, of store.ID, own []note, changes []crdt.Change) (*oplog.Operation, error) {
	body := crdt.Body{Changes: changes}
	if len(own) == 0 {
		return w.Create(replica.Begin{Kind: oplog.KindNotes, Owner: ss.unit, Case: &of}, body)
	}
	return w.Append(own[0].id, nil, body, nil)
}

// additions are the changes that add an entry to a map.
func additions(changes []crdt.Change) []uint32 {
	var out []uint32
	for i, c := range changes {
		if c.Kind == crdt.Add && c.Value == nil && len(c.Path) == 1 {
			out = append(out, uint32(i))
		}
	}
	return out
}

// projected are changes of a case as its digest has them, by the projection that
// operations of this program name.
func projected(changes []crdt.Change) []crdt.Change {
	out, _ := casework.Project(oplog.SchemaVersion, changes) // known: TestProjectionIsTheSchemas
	return out
}

// project writes what a case operation shows in its digest, and brings the
// digest's marks up to date.
func (ss *Session) project(ctx context.Context, w *replica.Writer, of store.ID, op *oplog.Operation, changes []crdt.Change) error {
	bare := projected(changes)
	touches := casework.Touches(bare)
	digests, err := ss.open.replica.RecordsOf(w.Reader(), of, oplog.KindDigest)
	if err != nil {
		return err
	}
	if len(digests) == 0 {
		if !touches {
			return nil
		}
		return problem(CodeNotReadable, "the figures of this case are not here yet: synchronise with the unit that owns it, then save again")
	}
	if err := ss.mend(w, of, digests[0]); err != nil {
		return err
	}
	shown, err := ss.markAfter(ctx, w.Reader(), of, digests[0], op, changes, bare)
	if err != nil || !touches && len(shown) == len(bare) {
		return err
	}
	_, err = w.Append(digests[0], nil, crdt.Body{Changes: shown}, &op.ID)
	return err
}

// markAfter adds to a projection the marks that the case asks for after its operation.
func (ss *Session) markAfter(ctx context.Context, rd store.Reader, of, digest store.ID, op *oplog.Operation, changes, bare []crdt.Change) ([]crdt.Change, error) {
	rec, s, err := ss.open.replica.State(rd, of)
	if err != nil {
		return nil, err
	}
	if mayEdit := casework.MayEdit(ss.actor(rec.Owner, rec.Grants)) == nil; !mayEdit {
		return bare, nil // who may take a step and no more writes no marks, or the step would not count
	}
	if s, err = after(s, op, ss.unit, changes); err != nil {
		return nil, err
	}
	_, d, err := ss.open.replica.State(rd, digest)
	if err != nil {
		return nil, err
	}
	return ss.mark(ctx, d, s, bare), nil
}

// stateFor is the state that the author saw: at his heads, or as it is here.
func (ss *Session) stateFor(rd store.Reader, record store.ID, heads []store.ID) (replica.Record, *crdt.State, error) {
	rec, s, err := ss.open.replica.State(rd, record)
	if err != nil || heads == nil {
		return rec, s, err
	}
	s, err = ss.open.replica.StateAt(rd, record, heads)
	if err != nil {
		err = problemOf(CodeBadHeads, err)
	}
	return rec, s, err
}

func headsOf(base []string) ([]store.ID, error) {
	if len(base) == 0 {
		return nil, nil
	}
	if len(base) > oplog.MaxHeads-1 {
		return nil, problem(CodeBadHeads, fmt.Sprintf("%d heads, at most %d", len(base), oplog.MaxHeads-1))
	}
	out := make([]store.ID, len(base))
	for i, h := range base {
		id, err := parseHex(h)
		if err != nil {
			return nil, problem(CodeBadHeads, fmt.Sprintf("%q is no head: give those that the case showed", shorten(h)))
		}
		out[i] = id
	}
	return out, nil
}

// saved tells what a write made durable.
func (ss *Session) saved(ctx context.Context, id store.ID, added []string, warnings []casework.Warning) (api.Saved, error) {
	out := api.Saved{ID: hexID(id), Heads: []string{}, Added: added, Warnings: warningReasons(warnings)}
	err := ss.view(ctx, func(rd store.Reader) error {
		rec, s, err := ss.open.replica.State(rd, id)
		if err != nil {
			return err
		}
		notes, err := ss.beside(rd, rec)
		if err != nil {
			return err
		}
		state := api.State(casework.Tracks(s, notes.all...))
		out.State = &state
		for _, h := range s.Heads() {
			out.Heads = append(out.Heads, hexID(h))
		}
		return nil
	})
	return out, err
}

// PatchCase implements api.CaseWriter.
func (ss *Session) PatchCase(ctx context.Context, token, id string, p api.Patch) (api.Saved, error) {
	patch, err := casework.ParsePatch(p.Fields)
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	return ss.edit(ctx, asking{token, "case fields", id, p.Fields}, p.Base, func(_ store.Reader, _ replica.Record, s *crdt.State, _ beside, a casework.Actor) (casework.Made, error) {
		if r := casework.MayEdit(a); r != nil {
			return casework.Made{}, r
		}
		if len(p.Base) > 0 && casework.MayOverrule(a) == nil {
			return made(casework.EditOver(s, patch)) // he named what he was shown
		}
		return made(casework.Edit(s, patch))
	})
}

// Act implements api.CaseWriter.
func (ss *Session) Act(ctx context.Context, token, id, step string, fields json.RawMessage, base ...string) (api.Saved, error) {
	take, err := ss.taking(step, fields, base)
	if err != nil {
		return api.Saved{}, err
	}
	saved, err := ss.edit(ctx, asking{token, "step " + step, id, fields}, nil, take)
	if err != nil || step != casework.StepAccept {
		return saved, err
	}
	return ss.warnOfRepeats(ctx, saved), nil
}

// taking is the change that a step makes; base are the heads that the person
// saw. It is worked out from the case as it is now: heads only tell whether the
// person saw what the step rests on.
func (ss *Session) taking(step string, fields json.RawMessage, base []string) (change, error) {
	heads, err := headsOf(base)
	if err != nil {
		return nil, err
	}
	return func(rd store.Reader, rec replica.Record, s *crdt.State, notes beside, a casework.Actor) (casework.Made, error) {
		if err := ss.fresh(s, heads); err != nil {
			return casework.Made{}, err
		}
		fields, err := ss.numbered(rd, step, fields)
		if err != nil {
			return casework.Made{}, err
		}
		return casework.Act(s, a, step, fields, ss.setting(rd, rec, notes))
	}, nil
}

// fresh refuses a step of somebody who did not see what it rests on; who gives
// no heads decides on the case as it is.
func (ss *Session) fresh(s *crdt.State, heads []store.ID) error {
	if heads == nil {
		return nil
	}
	return badHeads(casework.Stale(s, heads, casework.Names{Seat: ss.personName}))
}

// Settle implements api.Settler.
func (ss *Session) Settle(ctx context.Context, token, id string, st api.Settlement) (api.Saved, error) {
	heads, err := headsOf(st.Base)
	if err != nil {
		return api.Saved{}, err
	}
	var patch map[string]json.RawMessage
	if st.Field == fieldNumber {
		if patch, err = casework.ParsePatch([]byte(`{"external_id":` + string(st.Value) + `}`)); err != nil {
			return api.Saved{}, caseError(err)
		}
	}
	// Heads only tell what the person was shown; the decision names all that stands
	// now, which is the same.
	return ss.edit(ctx, asking{token, "settle " + st.Field, id, st.Value}, nil, func(rd store.Reader, rec replica.Record, s *crdt.State, notes beside, a casework.Actor) (casework.Made, error) {
		if err := ss.stillShown(rd, rec, s, st.Field, heads, notes); err != nil {
			return casework.Made{}, err
		}
		if patch != nil {
			if r := casework.MayEdit(a); r != nil {
				return casework.Made{}, r
			}
			return made(casework.Edit(s, patch))
		}
		return casework.Settle(s, st.Field, st.Value, a, ss.setting(rd, rec, notes))
	})
}

// stillShown refuses a settlement of somebody who was shown other statements
// than stand now; who gives no heads decides on what is here.
func (ss *Session) stillShown(rd store.Reader, rec replica.Record, s *crdt.State, field string, heads []store.ID, notes beside) error {
	if heads == nil {
		return nil
	}
	own := heads
	if field == fieldNumber {
		if err := ss.staleTwins(rd, rec.ID, heads); err != nil {
			return err
		}
		own = slices.DeleteFunc(slices.Clone(heads), func(h store.ID) bool { return !s.Has(h) })
	}
	err := casework.StaleShown(s, field, own, casework.Names{Seat: ss.personName}, notes.all...)
	return badHeads(err)
}

// badHeads says of heads that are not those of a case what to do.
func badHeads(err error) error {
	var missing *crdt.MissingHeadsError
	if errors.As(err, &missing) {
		return &api.Error{Reason: api.Reason{Code: CodeBadHeads, Detail: "the heads are not those of this case as it is held here: open it again and give those that it shows"}, Err: err}
	}
	return err
}

// made is what an edit makes: it opens the case to nobody.
func made(changes []crdt.Change, warnings []casework.Warning, err error) (casework.Made, error) {
	return casework.Made{Changes: changes, Warnings: warnings}, err
}
