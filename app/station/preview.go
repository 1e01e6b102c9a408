package station

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// Preview implements api.CaseWriter: the step is made as Act makes it, looked
// at, and thrown away.
func (ss *Session) Preview(ctx context.Context, id, step string, fields json.RawMessage, base ...string) (api.StepPreview, error) {
	out := api.StepPreview{Step: step, Next: []api.NextStep{}, Started: []api.Clock{}, Ended: []api.Clock{}}
	if err := ss.live(); err != nil {
		return out, err
	}
	take, err := ss.taking(step, fields, base)
	if err != nil {
		return out, err
	}
	err = ss.open.replica.Try(ctx, ss.signer(), func(w *replica.Writer) error {
		c, err := ss.makeChange(ctx, w, id, nil, take)
		if err != nil {
			return err
		}
		return ss.preview(w.Reader(), c, &out)
	})
	return out, caseError(err)
}

// preview reads what a change would make of a case.
func (ss *Session) preview(rd store.Reader, c changed, out *api.StepPreview) error {
	after, err := c.state.At(c.state.Heads()) // a copy: states are shared
	if err != nil {
		return err
	}
	if c.op != nil {
		if err := after.Apply(ss.metaOf(c.op, c.state), crdt.Body{Changes: c.written}); err != nil {
			return err
		}
	}
	notes, err := c.notesAfter(ss)
	if err != nil {
		return err
	}
	was, is := casework.View(c.state, casework.Header{ID: c.id}, c.beside.all...), casework.View(after, casework.Header{ID: c.id}, notes...)
	out.Case, out.State, out.Warnings = hexID(c.id), api.State(is.State), warningReasons(c.Warnings)
	if is.Number != was.Number {
		out.Number = is.Number
	}
	usual := usualStep(viewRow(is))
	for _, o := range casework.Steps(after, ss.actor(c.rec.Owner, c.rec.Grants), notes...) {
		if o.Allowed {
			out.Next = append(out.Next, api.NextStep{Step: o.Step, Label: label("step", o.Step), Track: o.Track, Usual: o.Step == usual})
		}
	}
	ss.previewClocks(c, after, notes, out)
	if len(c.Grants) > 0 {
		out.Opens, err = ss.opening(rd, c)
	}
	return err
}

// metaOf is what merging needs of an operation made here on a state.
func (ss *Session) metaOf(op *oplog.Operation, s *crdt.State) crdt.Meta {
	return crdt.Meta{ID: op.ID, Name: op.Name(), Heads: s.Heads(), Stamp: op.Header.Stamp, Seat: ss.seat(), Unit: ss.unit}
}

// notesAfter are the notes on the case with what the change wrote there.
func (c changed) notesAfter(ss *Session) ([]*crdt.State, error) {
	if c.noted == nil {
		return c.beside.all, nil
	}
	own := crdt.New(schemas[oplog.KindNotes])
	before := c.beside.writes()
	var out []*crdt.State
	for _, s := range c.beside.all {
		if s != before {
			out = append(out, s)
			continue
		}
		var err error
		if own, err = s.At(s.Heads()); err != nil {
			return nil, err
		}
	}
	err := own.Apply(ss.metaOf(c.noted, own), crdt.Body{Changes: c.notesWritten})
	return append(out, own), err
}

// previewClocks tells which clocks the change starts and which it ends. What
// belongs to a letter that is not there yet names none.
func (ss *Session) previewClocks(c changed, after *crdt.State, notes []*crdt.State, out *api.StepPreview) {
	set, place := ss.Tables(c.rec.Owner), ss.place(c.rec.Owner)
	type run struct{ clock, about, began string }
	before := map[run]casework.Clock{}
	for _, k := range casework.Clocks(c.state, set, c.rec.Owner, place, c.beside.all...) {
		before[run{k.Clock, k.About, k.StartedOn}] = k
	}
	fresh := "none"
	if c.op != nil {
		fresh, _, _ = strings.Cut(casework.EntryID(crdt.Ref{Op: c.op.ID}), "-")
	}
	for _, k := range casework.Clocks(after, set, c.rec.Owner, place, notes...) {
		had, ran := before[run{k.Clock, k.About, k.StartedOn}]
		if strings.HasPrefix(k.About, fresh) {
			k.About = ""
		}
		switch {
		case !ran && k.EndedOn == "":
			out.Started = append(out.Started, ss.showClock(set, k))
		case ran && had.EndedOn == "" && k.EndedOn != "":
			out.Ended = append(out.Ended, ss.showClock(set, k))
		}
	}
}

// opening tells what the grants of a change give to whom, by the replica's own
// rules.
func (ss *Session) opening(rd store.Reader, c changed) (*api.Opening, error) {
	r := ss.open.replica
	reach, err := r.Reach(rd, c.record, c.Grants)
	if err != nil {
		return nil, err
	}
	ops := c.state.Ops()
	o := &api.Opening{
		Readers: ss.namedUnits(reach.Readers), Carriers: ss.namedUnits(reach.Carriers), Unnamed: reach.Unnamed, Operations: len(ops) + 1, Never: withheld(),
		Final: api.Label{ZH: data.Text(data.Chinese, "opening.final", nil), EN: data.Text(data.English, "opening.final", nil)},
	}
	first := c.op.Header.Stamp
	for _, op := range ops {
		first = min(first, op.Stamp)
	}
	o.Since = casework.BeijingDay(instant(int64(first >> 16)))
	digests, err := r.RecordsOf(rd, c.id, oplog.KindDigest)
	o.Digest = len(digests) > 0
	return o, err
}

// withheld is what belongs to a case and is opened to nobody: the records of
// the kind that can't be granted.
func withheld() []api.CodeLabel {
	out := []api.CodeLabel{}
	if replica.Grantable(oplog.KindNotes) {
		return out
	}
	for _, c := range data.List("withheld") {
		out = append(out, api.CodeLabel{Code: c.Code, Label: api.Label{ZH: c.Zh, EN: c.En}})
	}
	return out
}

func (ss *Session) namedUnits(ids []store.ID) []api.UnitNamed {
	out := []api.UnitNamed{}
	for _, id := range ids {
		out = append(out, api.UnitNamed{Unit: hexID(id), Code: ss.code(id), Name: ss.unitName(hexID(id))})
	}
	slices.SortFunc(out, func(a, b api.UnitNamed) int { return strings.Compare(a.Code+a.Unit, b.Code+b.Unit) })
	return out
}
