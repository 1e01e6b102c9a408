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
		made, err := casework.FirstSteps(s, a, o.Steps, ss.setting(w.Reader(), replica.Record{ID: id, Kind: oplog.KindCase, Owner: ss.unit, Audience: oplog.AudienceStation}))
		if err != nil {
			return err
		}
		warnings = append(slices.Clone(warnings), made.Warnings...)
		second, err := w.Append(id, nil, crdt.Body{Changes: made.Changes}, nil)
		if err != nil {
			return err
		}
		_, err = w.Append(digest, nil, crdt.Body{Changes: projected(made.Changes)}, &second.ID)
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
