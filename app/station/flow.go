package station

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/replica"
)

// eachWhole visits the cases that are held whole and not yet archived, with
// their states.
func (v *visit) eachWhole(rd store.Reader, fn func(row caseRow, rec replica.Record, s *crdt.State, notes []*crdt.State) error) error {
	ss := v.ss
	if err := v.underived(rd); err != nil {
		return err
	}
	return v.eachRow(rd, nil, func(_ []byte, row caseRow) (bool, error) {
		if row.Digest || row.State.Mediation == casework.StateArchived || row.State.Mediation == casework.StateDisposalReview {
			return true, nil
		}
		id, err := parseHex(row.ID)
		if err != nil {
			return false, err
		}
		rec, s, err := ss.open.replica.State(rd, id)
		if err != nil {
			return false, err
		}
		notes, err := ss.beside(rd, rec)
		if err != nil {
			return false, err
		}
		return true, fn(row, rec, s, notes.all)
	})
}

// Inbox implements api.Flow.
func (ss *Session) Inbox(ctx context.Context) (api.Inbox, error) {
	out := api.Inbox{Items: []api.InboxItem{}}
	err := ss.view(ctx, func(rd store.Reader) error {
		v := ss.visit(ctx)
		defer func() { out.LeftOut = v.left }()
		return v.eachWhole(rd, func(row caseRow, _ replica.Record, s *crdt.State, _ []*crdt.State) error {
			for _, i := range casework.InboxOf(s, ss.unit) {
				kind := label("referral_kind", i.Kind)
				if i.What == "application" {
					kind = label("step", i.Kind)
				}
				out.Items = append(out.Items, api.InboxItem{
					Case: row.ID, Title: row.Title, What: i.What, About: i.About, Kind: i.Kind, KindLabel: &kind, State: i.State,
					From: ss.code(i.From), FromName: ss.unitName(hexID(i.From)), SentOn: i.On,
				})
			}
			return nil
		})
	})
	slices.SortStableFunc(out.Items, func(a, b api.InboxItem) int { return cmp.Compare(a.SentOn, b.SentOn) })
	return out, err
}

// Due implements api.Flow.
func (ss *Session) Due(ctx context.Context, q api.DueQuery) (api.DueList, error) {
	out := api.DueList{Items: []api.DueItem{}}
	today := cmp.Or(q.On, ss.today())
	if !tables.ValidDay(today) {
		return out, problem(api.CodeInvalidField, fmt.Sprintf("%s is no day of the form 2026-03-05", shorten(today)), "field", "on")
	}
	err := ss.view(ctx, func(rd store.Reader) error {
		v := ss.visit(ctx)
		defer func() { out.LeftOut = v.left }()
		return v.eachWhole(rd, func(row caseRow, rec replica.Record, s *crdt.State, notes []*crdt.State) error {
			set := ss.Tables(rec.Owner)
			for _, d := range casework.DueOf(s, set, rec.Owner, ss.place(rec.Owner), today, notes...) {
				item := ss.showDue(row, set, d)
				if q.All || item.Mine {
					out.Items = append(out.Items, item)
				}
			}
			return nil
		})
	})
	slices.SortStableFunc(out.Items, func(a, b api.DueItem) int { return cmp.Compare(a.DueOn, b.DueOn) })
	return out, err
}

func (ss *Session) showDue(row caseRow, set *tables.Set, d casework.Due) api.DueItem {
	item := api.DueItem{
		Case: row.ID, Title: row.Title, What: d.What, Name: d.Name, Label: label("step", d.Name), About: d.About, DueOn: d.DueOn,
		DaysOver: d.Over, DaysLeft: d.Left, Actor: d.Actor, Soft: d.Soft, Text: d.Text, Mediators: row.Mediators,
	}
	if d.Unit != (store.ID{}) {
		item.Unit, item.Mine = ss.code(d.Unit), d.Unit == ss.unit
	}
	if clock, ok := set.Clock(d.Name); d.What == "clock" && ok {
		item.Label = api.Label{ZH: clock.Zh, EN: clock.En}
		item.Article = &api.Label{ZH: clock.Article.Zh, EN: clock.Article.En}
	}
	return item
}

// place is what a unit's code says of it; nothing where its log is not here.
func (ss *Session) place(unit store.ID) casework.UnitCode {
	code, _, err := casework.ParseUnitCode(ss.code(unit))
	if err != nil {
		return casework.UnitCode{}
	}
	return code
}

// showClocks are the clocks of a case, with how they stand today.
func (ss *Session) showClocks(d *document) []api.Clock {
	var out []api.Clock
	set := ss.Tables(d.rec.Owner)
	for _, c := range casework.Clocks(d.state, set, d.rec.Owner, ss.place(d.rec.Owner), d.beside.all...) {
		out = append(out, ss.showClock(set, c))
	}
	return out
}

func (ss *Session) showClock(set *tables.Set, c casework.Clock) api.Clock {
	row, _ := set.Clock(c.Clock)
	v := api.Clock{
		Clock: c.Clock, Label: api.Label{ZH: row.Zh, EN: row.En}, About: c.About, Actor: c.Actor, State: c.State, StartedOn: c.StartedOn, DueOn: c.DueOn,
		PausedDays: c.PausedDays, PausedOn: c.PausedSince, ExtendedTo: c.ExtendedTo, EndedOn: c.EndedOn, Article: api.Label{ZH: c.Article.Zh, EN: c.Article.En},
	}
	if status, err := c.On(ss.today()); err == nil {
		v.Today = &api.ClockToday{On: status.On, DueOn: status.DueOn, DaysLeft: status.DaysLeft, DaysOver: status.DaysOver}
	}
	if m := c.MovedBecause; m != nil {
		v.MovedBecause = &api.Moved{From: m.From, To: m.To, Reason: m.Reason, Text: api.Label{ZH: m.Text(string(data.Chinese)), EN: m.Text(string(data.English))}}
		if m.Holiday != nil {
			v.MovedBecause.Holiday = &api.Label{ZH: m.Holiday.Zh, EN: m.Holiday.En}
		}
	}
	for _, w := range c.Warnings {
		v.Warnings = append(v.Warnings, api.Reason{Code: w.Code, Params: w.Params, Texts: &api.Label{ZH: w.Text(string(data.Chinese)), EN: w.Text(string(data.English))}})
	}
	return v
}

// showTracks adds what the tracks beyond mediation say, with units by name.
func (ss *Session) showTracks(d *document, out *api.CaseView) {
	named := casework.Names{Unit: func(id crdt.ID) string { return cmp.Or(ss.unitName(hexID(id)), hexID(id)) }}
	v := casework.View(d.state, casework.Header{ID: d.id, Names: named}, d.beside.all...)
	if !ss.worksOnCases() {
		v = casework.Masked(v)
	}
	out.Number, out.ByParty, out.Clocks = v.Number, v.ByParty, ss.showClocks(d)
	if len(v.Referrals) > 0 {
		out.Referrals = v.Referrals
	}
	if v.Confirmation != nil {
		out.Confirmation = v.Confirmation
	}
	if v.Suit != nil {
		out.Suit = v.Suit
	}
	if v.Care != nil {
		out.Care = v.Care
	}
}
