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
	return ss.begin(ctx, token, o, warnings)
}

// NewLead implements api.CaseWriter: what a sweep or a grid worker found.
func (ss *Session) NewLead(ctx context.Context, token string, document []byte) (api.Saved, error) {
	o, warnings, err := casework.ParseLead(document)
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	return ss.begin(ctx, token, o, warnings)
}

// begin makes a case and its first steps in one save.
func (ss *Session) begin(ctx context.Context, token string, o casework.Oral, warnings []casework.Warning) (api.Saved, error) {
	if err := ss.live(); err != nil {
		return api.Saved{}, err
	}
	t, err := tokenOf(token)
	if err != nil {
		return api.Saved{}, err
	}
	a := ss.actor(ss.unit, nil)
	if r := casework.MayEdit(a); r != nil {
		return api.Saved{}, caseError(r)
	}
	var id store.ID
	again, err := ss.open.replica.Write(ctx, ss.signer(), t, func(w *replica.Writer) error {
		changes := casework.NewChanges(o.Document)
		op, err := w.Create(replica.Begin{Kind: oplog.KindCase, Owner: ss.unit}, crdt.Body{Changes: changes})
		if err != nil {
			return err
		}
		id = op.ID
		s := crdt.New(casework.CaseSchema())
		if err := s.Apply(crdt.Meta{ID: op.ID, Name: op.Name(), Stamp: op.Header.Stamp, Seat: a.Seat, Unit: a.Unit}, crdt.Body{Changes: changes}); err != nil {
			return err
		}
		made, err := casework.FirstSteps(s, a, o.Steps, ss.setting(w.Reader(), replica.Record{ID: id, Kind: oplog.KindCase, Owner: ss.unit, Audience: oplog.AudienceStation}))
		if err != nil {
			return err
		}
		warnings = append(slices.Clone(warnings), made.Warnings...)
		digest, err := w.Create(replica.Begin{Kind: oplog.KindDigest, Owner: ss.unit, Case: &id, Projects: &id}, crdt.Body{Changes: casework.Project(changes)})
		if err != nil {
			return err
		}
		second, err := w.Append(id, nil, crdt.Body{Changes: made.Changes}, nil)
		if err != nil {
			return err
		}
		_, err = w.Append(digest.ID, nil, crdt.Body{Changes: casework.Project(made.Changes)}, &second.ID)
		return err
	})
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	if again != (store.ID{}) {
		id = again
	}
	return ss.saved(ctx, id, nil, warnings)
}
