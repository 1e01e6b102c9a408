package station

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/register"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// committeeBodies are those to which the rules of committees apply (人民调解法
// art. 8, 34).
var committeeBodies = []string{"tw", "zt", "qy", "hy"}

// registerUnit finds the unit whose register is meant: "" is this one.
func (ss *Session) registerUnit(text string) (identity.Unit, error) {
	if err := ss.live(); err != nil {
		return identity.Unit{}, err
	}
	if text == "" {
		text = hexID(ss.unit)
	}
	u, ok := ss.unitBy(text)
	if !ok {
		return u, problem(CodeUnknownUnit, fmt.Sprintf("no unit %q is known here, or several have that code: give its id", shorten(text)), "unit", shorten(text))
	}
	return u, nil
}

// registerParts are the records of a unit's register that can be read here, by
// id: mostly one; two desks that began it apart make two.
func (ss *Session) registerParts(rd store.Reader, unit store.ID) ([]register.Part, error) {
	ids, err := appIDs(rd, rowOf(rowRegisterPrefix, unit[:]))
	if err != nil {
		return nil, err
	}
	var out []register.Part
	for _, id := range ids {
		rec, s, err := ss.open.replica.State(rd, id)
		if err != nil {
			return nil, err
		}
		if rec.Owner == unit && s.Len() > 0 {
			out = append(out, register.Part{ID: id, State: s})
		}
	}
	return out, nil
}

// registerOf is a unit's register as it is here; empty where there is none.
func (ss *Session) registerOf(rd store.Reader, unit store.ID) (register.Register, error) {
	parts, err := ss.registerParts(rd, unit)
	return register.Show(hexID(unit), parts), err
}

// Register implements api.Registers.
func (ss *Session) Register(ctx context.Context, unit string) (api.RegisterView, error) {
	u, err := ss.registerUnit(unit)
	if err != nil {
		return api.RegisterView{}, err
	}
	var v register.Register
	if err := ss.view(ctx, func(rd store.Reader) (err error) { v, err = ss.registerOf(rd, u.ID); return err }); err != nil {
		return api.RegisterView{}, err
	}
	out := api.RegisterView{Register: v, UnitCode: u.Code, UnitName: u.Name, Warnings: []api.Reason{}, Writable: ss.writableTables(u.ID)}
	for _, w := range register.Warnings(v, ss.today(), slices.Contains(committeeBodies, bodyCode(u))) {
		out.Warnings = append(out.Warnings, registerWarning(w))
	}
	for _, o := range ss.overlapsOf(u, v) {
		out.Warnings = append(out.Warnings, ss.overlapWarning(u, o))
	}
	return out, nil
}

func bodyCode(u identity.Unit) string {
	code, _, err := casework.ParseUnitCode(u.Code)
	if err != nil {
		return ""
	}
	return code.Body
}

// writableTables are the parts of a register that this person may write; "unit"
// are the unit's own fields.
func (ss *Session) writableTables(owner store.ID) []string {
	out := []string{}
	for _, c := range data.List("register_table") {
		name := c.Code
		if name == "unit" {
			name = ""
		}
		if register.May(register.Edited{Tables: []string{name}}, roleStrings(ss.roles()), ss.worksFor(owner)) == nil {
			out = append(out, c.Code)
		}
	}
	return out
}

// worksFor tells whether this unit is the owner or its station.
func (ss *Session) worksFor(owner store.ID) bool {
	r := ss.open.replica.Relation(ss.unit, owner, nil)
	return r == replica.Owner || r == replica.Station
}

// PatchRegister implements api.Registers. The first save begins the register.
func (ss *Session) PatchRegister(ctx context.Context, token, unit string, p api.Patch) (api.Saved, error) {
	u, err := ss.registerUnit(unit)
	if err != nil {
		return api.Saved{}, err
	}
	save, err := ss.save(asking{token, "register", hexID(u.ID), p.Fields})
	if err != nil {
		return api.Saved{}, err
	}
	heads, err := headsOf(p.Base)
	if err != nil {
		return api.Saved{}, err
	}
	patch, err := register.ParsePatch(p.Fields)
	if err != nil {
		return api.Saved{}, caseError(err)
	}
	w := registerWrite{ss: ss, unit: u, heads: heads, patch: patch}
	if _, err = ss.open.replica.Write(ctx, ss.signer(), save, w.write); err != nil {
		return api.Saved{}, ss.registerError(u, err)
	}
	out := api.Saved{ID: hexID(u.ID), Added: w.added}
	err = ss.view(ctx, func(rd store.Reader) error {
		v, err := ss.registerOf(rd, u.ID)
		out.Heads = v.Heads
		return err
	})
	return out, err
}

// registerWrite is one save of a register.
type registerWrite struct {
	ss    *Session
	unit  identity.Unit
	heads []store.ID // that the author saw; nil: those here
	patch register.Patch
	added []string
}

func (rw *registerWrite) write(w *replica.Writer) error {
	ss := rw.ss
	now, err := ss.registerParts(w.Reader(), rw.unit.ID)
	if err != nil {
		return err
	}
	seen, err := rw.asSeen(w.Reader(), now)
	if err != nil {
		return err
	}
	fresh := len(seen) == 0
	if fresh {
		seen = []register.Part{{State: crdt.New(register.Schema())}}
	}
	e, err := register.Edit(seen, rw.patch)
	if err != nil {
		return err
	}
	if err := register.May(e, roleStrings(ss.roles()), ss.worksFor(rw.unit.ID)); err != nil || e.None() {
		return err
	}
	if err := rw.numbers(w.Reader(), register.Show(hexID(rw.unit.ID), now), e); err != nil {
		return err
	}
	for i, changes := range e.Changes {
		if len(changes) == 0 {
			continue
		}
		op, err := rw.save(w, seen[i], fresh, changes)
		if err != nil {
			return err
		}
		for _, at := range additions(changes) {
			rw.added = append(rw.added, casework.EntryID(crdt.Ref{Op: op.ID, Index: at}))
		}
	}
	return nil
}

func (rw *registerWrite) save(w *replica.Writer, part register.Part, fresh bool, changes []crdt.Change) (*oplog.Operation, error) {
	if fresh {
		return w.Create(replica.Begin{Kind: oplog.KindRegister, Owner: rw.unit.ID}, crdt.Body{Changes: changes})
	}
	return w.Append(part.ID, rw.headsIn(part), crdt.Body{Changes: changes}, nil)
}

// headsIn are those of the heads that the author saw that belong to a record;
// nil: those here now.
func (rw *registerWrite) headsIn(part register.Part) []store.ID {
	var own []store.ID
	for _, h := range rw.heads {
		if part.State.Has(h) {
			own = append(own, h)
		}
	}
	return own
}

// asSeen are the records as the author saw them.
func (rw *registerWrite) asSeen(rd store.Reader, now []register.Part) ([]register.Part, error) {
	for _, h := range rw.heads {
		if !slices.ContainsFunc(now, func(p register.Part) bool { return p.State.Has(h) }) {
			return nil, problem(CodeBadHeads, fmt.Sprintf("%x is no head of this register: give those that the register showed", h[:4]))
		}
	}
	out := slices.Clone(now)
	for i, p := range now {
		own := rw.headsIn(p)
		if own == nil {
			continue
		}
		_, s, err := rw.ss.stateFor(rd, p.ID, own)
		if err != nil {
			return nil, err
		}
		out[i].State = s
	}
	return out, nil
}

// numbers checks what an edit does to numbers, against all that is known here
// and not only what the author saw.
func (rw *registerWrite) numbers(rd store.Reader, v register.Register, e register.Edited) error {
	ss, table := rw.ss, rw.ss.Tables(rw.unit.ID).Numbering()
	desks := desksOf(rw.unit)
	for _, r := range e.Ranges {
		if err := drawnFrom(table, r.Series); err != nil {
			return err
		}
		if !slices.ContainsFunc(desks, func(d register.Desk) bool { return d.Seat == r.Seat }) {
			return problem(CodeUnknownSeat, "a range is given to a seat of the unit: take it from the list of seats", "seat", shorten(r.Seat))
		}
	}
	if err := register.Claim(v, e, desks, table.Block); err != nil {
		return err
	}
	voided := map[string]map[int64]bool{} // by series and year: also within this edit
	for _, n := range e.Voids {
		if err := drawnFrom(table, n.Series); err != nil {
			return err
		}
		gone, err := ss.taken(rd, rw.unit.ID, v, n.Series, int(n.Year))
		if err != nil {
			return err
		}
		key := fmt.Sprint(n.Series, n.Year)
		if voided[key] == nil {
			voided[key] = gone.Voided
		}
		gone.Voided = voided[key]
		if err := ss.allocation(rw.unit, v, n.Series, int(n.Year)).MayVoid(n.Number, gone); err != nil {
			return err
		}
		voided[key][n.Number] = true
	}
	return nil
}

// drawnFrom refuses a series that the numbering table lacks or whose numbers are
// those of another.
func drawnFrom(t *tables.Numbering, series string) error {
	for _, s := range t.Series {
		if s.ID == series && s.As == "" {
			return nil
		}
	}
	var known []string
	for _, s := range t.Series {
		if s.As == "" {
			known = append(known, s.ID)
		}
	}
	return told(CodeNoSeries, "number.series", "series", shorten(series), "known", fmt.Sprint(known))
}

// registerError turns the register's errors into ones that a front door can show.
func (ss *Session) registerError(u identity.Unit, err error) error {
	var denied *register.Denied
	var number *register.NumberError
	switch {
	case errors.As(err, &denied):
		return &api.Error{Reason: api.Reason{
			Code: CodeNotAllowed, Detail: denied.Error(), Texts: &api.Label{ZH: denied.Text(data.Chinese), EN: denied.Text(data.English)},
		}, Err: err}
	case errors.As(err, &number):
		return &api.Error{Reason: ss.numberReason(u, number), Err: err}
	}
	return caseError(err)
}

// numberReason says why a number can't be had, with the series' and the seat's
// names.
func (ss *Session) numberReason(u identity.Unit, e *register.NumberError) api.Reason {
	say := func(lang data.Lang) string {
		shown := *e
		shown.Params = map[string]string{"series": ss.seriesName(u.ID, e.Series, lang)}
		for k, v := range e.Params {
			shown.Params[k] = v
		}
		if seat, ok := e.Params["seat"]; ok {
			shown.Params["seat"] = seatName(u, seat)
		}
		return shown.Text(lang)
	}
	return api.Reason{Code: "number_" + e.Code, Detail: say(data.English), Texts: &api.Label{ZH: say(data.Chinese), EN: say(data.English)}, Params: e.Params}
}

// seatName is a seat's name, or its id where the unit's log has none.
func seatName(u identity.Unit, seat string) string {
	if id, err := parseHex(seat); err == nil {
		if s, ok := u.Seat(id); ok && s.Name != "" {
			return s.Name
		}
	}
	return seat
}

func registerWarning(w register.Warning) api.Reason {
	return api.Reason{
		Code: "register_" + w.Code, Detail: w.Text(data.English), Texts: &api.Label{ZH: w.Text(data.Chinese), EN: w.Text(data.English)},
		Params: w.Params, Field: w.Path, Rule: data.Article(w.Article, data.Chinese),
	}
}
