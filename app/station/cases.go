package station

import (
	"cmp"
	"context"
	"encoding/base64"
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

// view runs fn on one consistent reading, while the person is present.
func (ss *Session) view(ctx context.Context, fn func(store.Reader) error) error {
	if err := ss.live(); err != nil {
		return err
	}
	return ss.open.replica.View(ctx, func(rd store.Reader) error { return ss.guarded(func() error { return fn(rd) }) })
}

// guarded runs what reads or changes one case and answers where the program
// fails on it: a sentence in place of a trace.
func (ss *Session) guarded(fn func() error) error {
	err := guarded(fn)
	if p, ok := err.(*panicked); ok { //nolint:errorlint // made just now
		ss.station.o.Log.Error("the program failed on a case", "kind", p.kind, "stack", string(p.stack))
		e := say(CodeUnreadable, "case.failed")
		e.Err = err
		return e
	}
	return err
}

// document is a case as casework shows it: whole, or its digest.
type document struct {
	found
	rec    replica.Record
	state  *crdt.State
	beside beside // the notes on it that are held
	whole  casework.CaseView
	digest casework.DigestDocument
}

func (ss *Session) document(rd store.Reader, text string) (*document, error) {
	f, err := ss.find(rd, text)
	if err != nil {
		return nil, err
	}
	if err := ss.station.o.probe(hexID(f.id)); err != nil {
		e := unreadable(hexID(f.id))
		return nil, &api.Error{Reason: e, Err: err}
	}
	d := &document{found: f}
	if d.rec, d.state, err = ss.open.replica.State(rd, f.record); err != nil {
		return nil, err
	}
	h := casework.Header{ID: f.id, Unit: ss.code(d.rec.Owner), Names: plainNames}
	if f.digest {
		d.digest = casework.DigestView(d.state, h)
	} else {
		if d.beside, err = ss.beside(rd, d.rec); err != nil {
			return nil, err
		}
		d.whole = casework.View(d.state, h, d.beside.all...)
		if !ss.worksOnCases() {
			d.whole = casework.Masked(d.whole)
		}
	}
	return d, nil
}

// worksOnCases reports whether the present person needs to know people's
// numbers and addresses: who supervises, audits or administers does not
// (个人信息保护法 arts. 6, 28).
func (ss *Session) worksOnCases() bool {
	return slices.ContainsFunc(roleStrings(ss.roles()), func(r string) bool {
		return slices.Contains([]string{casework.RoleMediator, casework.RoleDirector, casework.RoleClerk, casework.RoleJudge}, r)
	})
}

// code is a unit's code; its id where the log is not here.
func (ss *Session) code(unit store.ID) string {
	if u, ok := ss.registry().Unit(unit); ok {
		return u.Code
	}
	return hexID(unit)
}

// Document is the JSON document of `case get`: byte for byte the same on two
// nodes that hold the same operations.
func (ss *Session) Document(ctx context.Context, id string) ([]byte, error) {
	var out []byte
	err := ss.view(ctx, func(rd store.Reader) error {
		d, err := ss.document(rd, id)
		if err != nil {
			return err
		}
		if d.found.digest {
			out = casework.Encode(d.digest)
		} else {
			out = casework.Encode(d.whole)
		}
		return nil
	})
	return out, err
}

// Case implements api.CaseReader.
func (ss *Session) Case(ctx context.Context, id string) (api.CaseView, error) {
	var v api.CaseView
	err := ss.view(ctx, func(rd store.Reader) error {
		d, err := ss.document(rd, id)
		if err != nil {
			return err
		}
		v = ss.show(d)
		return nil
	})
	return v, err
}

// Steps implements api.CaseReader.
func (ss *Session) Steps(ctx context.Context, id string) ([]api.Step, error) {
	out := []api.Step{}
	err := ss.view(ctx, func(rd store.Reader) error {
		f, err := ss.whole(rd, id)
		if err != nil {
			return err
		}
		rec, s, err := ss.open.replica.State(rd, f.record)
		if err != nil {
			return err
		}
		beside, err := ss.beside(rd, rec)
		if err != nil {
			return err
		}
		row := viewRow(casework.View(s, casework.Header{ID: rec.ID}, beside.all...))
		out = showSteps(casework.Steps(s, ss.actor(rec.Owner, rec.Grants), beside.all...), cmp.Or(stepOfInbox(casework.InboxOf(s, ss.unit)), usualStep(row)))
		return nil
	})
	return out, err
}

// eachRow visits rows in the order of lists, after the key from; fn answers
// whether to go on. A case of which it fails is left out.
func (v *visit) eachRow(rd store.Reader, from []byte, fn func(key []byte, row caseRow) (bool, error)) error {
	return replica.ScanApp(rd, rowOrderPrefix, from, false, func(k, _ []byte) (bool, error) {
		if from != nil && string(k) == string(from) {
			return true, nil // the page before ended with it
		}
		more, id := true, store.ID(k[len(rowOrderPrefix)+10:])
		err := v.one(hexID(id), func() error {
			row, ok, err := rowHere(rd, id)
			if err != nil {
				return err
			}
			if !ok {
				return fmt.Errorf("the list names case %x, of which no row is here: run `rebuild`", id[:4])
			}
			more, err = fn(slices.Clone(k), row)
			return err
		})
		return more, err
	})
}

// filter is what a query asks of a row.
type filter struct {
	casework.Filter
	text, group string
}

func (ss *Session) filter(q api.CaseQuery) (filter, error) {
	f := filter{Filter: casework.Filter{State: q.State, Category: q.Category, From: q.From, To: q.To}, text: q.Text, group: q.Group}
	for field, day := range map[string]string{"from": q.From, "to": q.To} {
		if day != "" && casework.BeijingDay(day) != day {
			return f, problem(api.CodeInvalidField, fmt.Sprintf("%s is no day of the form 2026-03-05", shorten(day)), "field", field)
		}
	}
	if q.Unit != "" {
		u, ok := ss.unitBy(q.Unit)
		if !ok {
			return f, problem(CodeUnknownUnit, fmt.Sprintf("no unit %q is known here, or several have that code: give its id", shorten(q.Unit)), "unit", shorten(q.Unit))
		}
		f.Unit = hexID(u.ID)
	}
	return f, nil
}

func (f filter) match(row caseRow) bool {
	return f.Match(row.Row) && (f.text == "" || casework.MatchQuery(row.Text, f.text))
}

func inGroup(group string, row caseRow) bool {
	s := row.State
	ended := s.Mediation == casework.StateClosed || s.Mediation == casework.StateRefusedIntake || s.Mediation == casework.StateTerminated
	switch group {
	case "open":
		return !ended
	case "conflicts":
		return row.Conflicts > 0
	case "performing":
		return s.Performance == casework.StatePerforming
	case "closed":
		return ended
	case "digest":
		return row.Digest
	}
	return true
}

// ListCases implements api.CaseReader.
func (ss *Session) ListCases(ctx context.Context, q api.CaseQuery) (api.CaseList, error) {
	out := api.CaseList{Cases: []api.CaseRow{}}
	f, err := ss.filter(q)
	if err != nil {
		return out, err
	}
	var after []byte
	if q.After != "" {
		if after, err = base64.RawURLEncoding.DecodeString(q.After); err != nil || len(after) != len(rowOrderPrefix)+42 {
			return out, problem(api.CodeInvalidField, "the cursor is not one that a list gave", "field", "after")
		}
	}
	err = ss.view(ctx, func(rd store.Reader) error {
		last, v := []byte(nil), ss.visit(ctx)
		if after == nil {
			if err := v.underived(rd); err != nil {
				return err
			}
		}
		defer func() { out.LeftOut = v.left }()
		err := v.eachRow(rd, after, func(k []byte, row caseRow) (bool, error) {
			if !f.match(row) || !inGroup(f.group, row) {
				return true, nil
			}
			if q.Limit > 0 && len(out.Cases) == q.Limit {
				out.After = base64.RawURLEncoding.EncodeToString(last)
				return false, nil
			}
			shown := ss.showRow(row)
			out.Cases, last = append(out.Cases, shown), k
			return true, nil
		})
		if err != nil || !q.Counts {
			return err
		}
		out.Counts = &api.CaseCounts{}
		return v.eachRow(rd, nil, func(_ []byte, row caseRow) (bool, error) {
			if f.match(row) {
				count(out.Counts, row)
			}
			return true, nil
		})
	})
	return out, err
}

func count(c *api.CaseCounts, row caseRow) {
	c.All++
	for group, n := range map[string]*int{"open": &c.Open, "conflicts": &c.Conflicts, "performing": &c.Performing, "closed": &c.Closed, "digest": &c.Digest} {
		if inGroup(group, row) {
			*n++
		}
	}
}

// History implements api.CaseReader.
func (ss *Session) History(ctx context.Context, id string) ([]api.Change, error) {
	out := []api.Change{}
	err := ss.view(ctx, func(rd store.Reader) error {
		f, err := ss.find(rd, id)
		if err != nil {
			return err
		}
		lines, err := ss.lines(rd, f.record)
		if err != nil {
			return err
		}
		if lines, err = ss.withNotes(rd, f, lines); err != nil {
			return err
		}
		for _, l := range lines {
			if !ss.worksOnCases() && strings.HasPrefix(l.Field, "parties") {
				l.From, l.To = nil, nil // that it changed, and not from what to what
			}
			if !ss.worksOnCases() {
				l.Remark = "" // it may name whom it likes
			}
			out = append(out, ss.showLine(l))
		}
		return nil
	})
	return out, err
}

// lines tells what each operation of a case changed, in an order that equal
// nodes share: each after what its author saw.
func (ss *Session) lines(rd store.Reader, record store.ID) ([]casework.Line, error) {
	past, err := ss.open.replica.Past(rd, record)
	if err != nil {
		return nil, err
	}
	_, s, err := ss.open.replica.State(rd, record)
	if err != nil {
		return nil, err
	}
	var out []casework.Line
	// Two states that run along, one operation apart: where an author saw all
	// that came so far in this order, they are what he saw and what he made of it.
	before, after := past.Empty(), past.Empty()
	for _, op := range s.Ops() {
		w, ok := past.Written(op.ID)
		if !ok {
			continue
		}
		if err := w.Apply(after); err != nil {
			return nil, err
		}
		if w.Late == "" && w.Why == 0 {
			x, y := before, after
			if !slices.Equal(before.Heads(), w.Meta.Heads) {
				if x, y, err = seenBy(past, w); err != nil {
					return nil, err
				}
			}
			changed := casework.History(w.Meta, w.Body.Changes, x, y, plainNames)
			out = append(out, casework.Remarked(changed, w.Meta, w.Body.Remark, plainNames)...)
		}
		if err := w.Apply(before); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// seenBy gives the states that an author saw and made who wrote side by side with
// others.
func seenBy(past *replica.Past, w replica.Written) (before, after *crdt.State, err error) {
	if before, err = past.At(w.Meta.Heads); err == nil {
		after, err = past.At([]store.ID{w.Op.ID})
	}
	return before, after, err
}

// Holders implements api.CaseReader: which units hold the case, as far as
// receipts say.
func (ss *Session) Holders(ctx context.Context, id string) ([]api.Holder, error) {
	out := []api.Holder{}
	err := ss.view(ctx, func(rd store.Reader) error {
		f, err := ss.find(rd, id)
		if err != nil {
			return err
		}
		list, err := ss.holders(rd, f)
		out = append(out, list...)
		return err
	})
	return out, err
}

func (ss *Session) holders(rd store.Reader, f found) ([]api.Holder, error) {
	r := ss.open.replica
	rec, _, err := r.State(rd, f.record)
	if err != nil {
		return nil, err
	}
	cover, err := r.CoverageOf(rd, rec.Owner)
	if err != nil {
		return nil, err
	}
	extent := "full"
	if f.digest {
		extent = "digest"
	}
	out := []api.Holder{{Unit: hexID(ss.unit), UnitName: ss.unitName(hexID(ss.unit)), Extent: extent, Here: true}}
	add := func(unit, record store.ID, extent string) error {
		// Receipts travel towards the owner: of units from which none passes here
		// nothing is known, so nothing is said.
		if unit == ss.unit || !r.HearsOf(unit, rec.Owner) || slices.ContainsFunc(out, func(h api.Holder) bool { return h.Unit == hexID(unit) }) {
			return nil
		}
		h := api.Holder{Unit: hexID(unit), UnitName: ss.unitName(hexID(unit)), Extent: extent}
		err := r.Operations(rd, record, func(w replica.Written) error {
			if !cover.Has(unit, w.Op.Header.Lane(), w.Op.Header.Number) {
				h.Waiting++
			}
			return nil
		})
		if at := cover.Came(unit); at > 0 && h.Waiting == 0 {
			h.ReceivedAt = instant(at)
		}
		out = append(out, h)
		return err
	}
	if !f.digest {
		for _, unit := range r.Readers(rec) {
			if err := add(unit, f.record, "full"); err != nil {
				return nil, err
			}
		}
	}
	digests, err := r.RecordsOf(rd, f.id, oplog.KindDigest)
	if err != nil {
		return nil, err
	}
	for _, d := range digests {
		drec, _, err := r.State(rd, d)
		if err != nil {
			return nil, err
		}
		for _, unit := range r.Readers(drec) {
			if err := add(unit, d, "digest"); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
