package station

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/register"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/identity"
	"hejie/sync/replica"
)

// The codes of what a hand-over refuses, beside those of the steps.
const (
	codeHandoverUnfit   = "handover_unfit"
	codeHandoverUnknown = "handover_unknown"
	codeHandoverTwice   = "handover_twice"
)

// HandOver implements api.Handovers.
func (ss *Session) HandOver(ctx context.Context, r api.HandoverRequest) (api.Handover, error) {
	h, err := ss.handover(ctx, r)
	if err != nil {
		return api.Handover{}, err
	}
	var ids []store.ID
	if err := ss.view(ctx, func(rd store.Reader) (err error) { ids, err = h.begin(rd); return err }); err != nil {
		return api.Handover{}, err
	}
	out := api.Handover{From: h.plan.From, To: h.plan.To, Reason: h.plan.Reason, At: h.plan.At, DryRun: r.DryRun, Cases: []api.HandedOver{}, Register: []string{}}
	leaving, err := h.leaving(ctx)
	if err != nil {
		return api.Handover{}, err
	}
	v := ss.visit(ctx)
	for _, id := range ids {
		one, err := h.one(ctx, id)
		if reason, known := api.ReasonOf(err); known && reason.Code == CodeUnreadable {
			v.leave(hexID(id), err)
			continue
		}
		if err != nil {
			return api.Handover{}, err
		}
		if one != nil {
			out.Cases = append(out.Cases, *one)
		}
	}
	if leaving != nil {
		if !r.DryRun {
			if _, err := ss.open.replica.Write(ctx, ss.signer(), replica.Save{}, leaving.edit.write); err != nil {
				return api.Handover{}, ss.registerError(h.unit, err)
			}
		}
		out.Register = leaving.paths
	}
	out.LeftOut = append(h.left, v.left...)
	err = ss.view(ctx, func(rd store.Reader) (err error) { out.Else, err = h.still(rd); return err })
	return out, err
}

// handover is one run: whose cases of which unit go to whom.
type handover struct {
	ctx    context.Context
	left   []api.Reason // cases that could not be read
	ss     *Session
	ask    api.HandoverRequest
	unit   identity.Unit
	plan   casework.Handover
	book   register.Register // the unit's, as it is
	only   []store.ID        // these cases; nil: all
	agreed []store.ID
	open   map[string]int // how many cases the new mediators have, by name
}

// handover checks what was asked for, before anything is looked up.
func (ss *Session) handover(ctx context.Context, r api.HandoverRequest) (*handover, error) {
	u, err := ss.registerUnit(r.Unit)
	if err != nil {
		return nil, err
	}
	if !ss.worksFor(u.ID) {
		return nil, say(CodeNotAllowed, "denied.handover")
	}
	h := &handover{ctx: ctx, ss: ss, ask: r, unit: u, open: map[string]int{}}
	h.plan = casework.Handover{From: strings.TrimSpace(r.From), Reason: r.Reason, Note: strings.TrimSpace(r.Note), At: cmp.Or(r.At, ss.today())}
	for _, name := range r.To {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(h.plan.To, name) {
			h.plan.To = append(h.plan.To, name)
		}
	}
	wrong := func(field string, params ...string) error {
		e := told(api.CodeInvalidField, "handover.wrong."+field, params...)
		e.Reason.Field = field
		return e
	}
	switch {
	case h.plan.From == "":
		return nil, wrong("from")
	case len(h.plan.To) == 0 || slices.Contains(h.plan.To, h.plan.From):
		return nil, wrong("to")
	case !data.Has("handover_reason", r.Reason):
		return nil, wrong("reason", "known", strings.Join(casework.HandoverReasons(), ", "))
	case casework.BeijingDay(h.plan.At) == "":
		return nil, wrong("at", "value", shorten(h.plan.At))
	case len(r.Agreed) > 0 && !data.Has("consent_how", r.How):
		return nil, wrong("how")
	}
	return h, nil
}

// begin finds the cases, in the order of lists.
func (h *handover) begin(rd store.Reader) (ids []store.ID, err error) {
	if h.book, err = h.ss.registerOf(rd, h.unit.ID); err != nil {
		return nil, err
	}
	for _, name := range h.plan.To {
		if len(h.book.Mediators) > 0 && !register.TakeOver(h.book, name, register.Need{}, 0).Known {
			return nil, told(codeHandoverUnknown, "handover.unknown", "name", name)
		}
	}
	for _, list := range []struct {
		names []string
		ids   *[]store.ID
	}{{h.ask.Cases, &h.only}, {h.ask.Agreed, &h.agreed}} {
		for _, text := range list.names {
			f, err := h.ss.whole(rd, text)
			if err != nil {
				return nil, err
			}
			*list.ids = append(*list.ids, f.id)
		}
	}
	v := h.ss.visit(h.ctx)
	if err := v.underived(rd); err != nil {
		return nil, err
	}
	defer func() { h.left = append(h.left, v.left...) }()
	err = v.eachRow(rd, nil, func(_ []byte, row caseRow) (bool, error) {
		if row.Digest || !inGroup("open", row) {
			return true, nil
		}
		for _, name := range row.Mediators {
			h.open[name]++
		}
		id, err := parseHex(row.ID)
		if err != nil || !slices.Contains(row.Mediators, h.plan.From) || h.ask.Cases != nil && !slices.Contains(h.only, id) {
			return true, err
		}
		ours, err := h.ours(rd, id)
		if ours {
			ids = append(ids, id)
		}
		return true, err
	})
	return ids, err
}

// ours tells whether it is this unit's person whom a case names, and not
// somebody of that name in another body that works on it.
func (h *handover) ours(rd store.Reader, id store.ID) (bool, error) {
	rec, s, err := h.ss.open.replica.State(rd, id)
	if err != nil {
		return false, err
	}
	by := casework.AssignedBy(s, h.plan.From)
	return slices.Contains(by, h.unit.ID) || rec.Owner == h.unit.ID && slices.Contains(by, h.unit.Station), nil
}

// one hands one case over; nil: it names the person no longer.
func (h *handover) one(ctx context.Context, id store.ID) (*api.HandedOver, error) {
	ss := h.ss
	var line api.HandedOver
	var handed casework.Handed
	take := func(rd store.Reader, rec replica.Record, s *crdt.State, notes beside, a casework.Actor) (casework.Made, error) {
		d, err := ss.document(rd, hexID(id))
		if err != nil {
			return casework.Made{}, err
		}
		line = api.HandedOver{Case: hexID(id), Title: d.whole.Title, Unit: hexID(rec.Owner), UnitName: ss.unitName(hexID(rec.Owner)), State: api.State(d.whole.State), Before: d.whole.Mediators, After: []string{}}
		h.due(&line, rec, s, notes.all)
		warnings, err := h.fit(rd, d)
		if err != nil {
			return casework.Made{}, err
		}
		plan := h.plan
		if slices.Contains(h.agreed, id) {
			plan.Agreed = h.ask.How
		}
		handed, err = casework.HandOver(s, a, plan, ss.setting(rd, rec, notes))
		line.Warnings = append(warnings, warningReasons(handed.Warnings)...)
		return handed.Made, err
	}
	change := func(w *replica.Writer) error {
		_, err := ss.makeChange(ctx, w, hexID(id), nil, take)
		return err
	}
	var err error
	if h.ask.DryRun {
		err = ss.open.replica.Try(ctx, ss.signer(), change)
	} else {
		_, err = ss.open.replica.Write(ctx, ss.signer(), replica.Save{}, change)
	}
	switch {
	case err != nil:
		return h.refused(&line, err)
	case len(handed.Changes) == 0:
		return nil, nil
	}
	line.Status, line.After, line.State = "done", handed.After, api.State(handed.State)
	for _, name := range h.plan.To {
		h.open[name]++
	}
	return &line, nil
}

// refused is the line of a case that was not handed over. What no person can
// act on ends the run: what was done stays, and the next run goes on.
func (h *handover) refused(line *api.HandedOver, err error) (*api.HandedOver, error) {
	err = caseError(err)
	reason, known := api.ReasonOf(err)
	if !known || line.Case == "" {
		return nil, err
	}
	var refusal *casework.Refusal
	line.Status, line.Why = "refused", &reason
	if errors.As(err, &refusal) && refusal.Rule == casework.RuleChosen {
		line.Status = "needs_parties"
	}
	return line, nil
}

// fit asks the register what stands against those who take a case over.
func (h *handover) fit(rd store.Reader, d *document) ([]api.Reason, error) {
	need, err := h.ss.needOf(rd, d, api.SuggestQuery{})
	if err != nil {
		return nil, err
	}
	need.Day = casework.BeijingDay(h.plan.At)
	var warnings []api.Reason
	for _, name := range h.plan.To {
		if slices.Contains(d.whole.Mediators, name) {
			continue // mediates the case already
		}
		u := register.TakeOver(h.book, name, need, h.open[name])
		if len(u.Forbids) > 0 {
			r := suggestReason(name, u.Forbids[0])
			r.Code = codeHandoverUnfit
			return nil, &api.Error{Reason: r}
		}
		for _, r := range u.Warns {
			warnings = append(warnings, suggestReason(name, r))
		}
	}
	return warnings, nil
}

// suggestReason is what the register says of somebody, for people.
func suggestReason(name string, r register.SuggestReason) api.Reason {
	text := func(lang data.Lang) string {
		return data.Text(lang, "handover.unfit", map[string]string{"name": name, "why": r.Text(lang)})
	}
	return api.Reason{Code: "suggest_" + r.Code, Detail: text(data.English), Texts: &api.Label{ZH: text(data.Chinese), EN: text(data.English)}, Params: r.Params}
}

// due counts what is due in a case: it goes along, since due items name those
// who mediate.
func (h *handover) due(line *api.HandedOver, rec replica.Record, s *crdt.State, notes []*crdt.State) {
	for _, d := range casework.DueOf(s, h.ss.Tables(rec.Owner), rec.Owner, h.ss.place(rec.Owner), h.ss.today(), notes...) {
		line.Due++
		if line.NextDue == "" || d.DueOn < line.NextDue {
			line.NextDue = d.DueOn
		}
	}
}

// leave is the edit that ends somebody's entries in the register.
type leave struct {
	edit  *registerWrite
	paths []string
}

// leaving prepares the end of the person's entries and tries it, so that a run
// that may not do it changes nothing; nil: not asked, or nothing to end.
func (h *handover) leaving(ctx context.Context) (*leave, error) {
	if !h.ask.LeaveRegister {
		return nil, nil
	}
	day := casework.BeijingDay(h.plan.At)
	fields := map[string]string{}
	end := func(path, name, until string) {
		if strings.TrimSpace(name) == h.plan.From && (until == "" || until > day) {
			fields[path] = day
		}
	}
	for _, m := range h.book.Mediators {
		end(register.Mediators+"."+m.ID+".active_to", m.Name, m.ActiveTo)
	}
	mediators := len(fields)
	for _, m := range h.book.Members {
		end(register.Members+"."+m.ID+".term_end", m.Name, m.TermEnd)
	}
	switch {
	case mediators > 1 || len(fields)-mediators > 1:
		return nil, told(codeHandoverTwice, "handover.twice", "name", h.plan.From)
	case len(fields) == 0:
		return nil, nil
	}
	patch, err := register.ParsePatch(casework.Encode(fields))
	if err != nil {
		return nil, caseError(err)
	}
	l := &leave{edit: &registerWrite{ss: h.ss, unit: h.unit, patch: patch}}
	for path := range fields {
		l.paths = append(l.paths, path)
	}
	slices.Sort(l.paths)
	if err := h.ss.open.replica.Try(ctx, h.ss.signer(), l.edit.write); err != nil {
		return nil, h.ss.registerError(h.unit, err)
	}
	return l, nil
}

// still counts what else lies with the person.
func (h *handover) still(rd store.Reader) (api.StillOpen, error) {
	var out api.StillOpen
	for _, s := range h.unit.Seats {
		if s.Machine || strings.TrimSpace(s.Name) != h.plan.From {
			continue
		}
		if err := h.ss.open.store.ScanFacts("draft/"+hexID(s.Key)+"/", func(string, []byte) (bool, error) {
			out.Drafts++
			return true, nil
		}); err != nil {
			return out, err
		}
	}
	over := []string{casework.StateClosed, casework.StateArchived, casework.StateDisposalReview}
	err := h.ss.visit(h.ctx).eachRow(rd, nil, func(_ []byte, row caseRow) (bool, error) {
		owner, err := parseHex(row.Unit)
		if err != nil || row.Digest || !slices.Contains(row.Mediators, h.plan.From) {
			return true, err
		}
		switch {
		case owner != h.unit.ID:
			if inGroup("open", row) && h.ss.worksFor(owner) {
				out.Below++
			}
		case !inGroup("open", row) && !slices.Contains(over, row.State.Mediation):
			out.Ended++
		}
		return true, nil
	})
	return out, err
}
