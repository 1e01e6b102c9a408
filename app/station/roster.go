package station

import (
	"context"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/register"
	"hejie/store"
	"hejie/sync/oplog"
)

// rostered finds the entry of a court's roster that names a unit and holds on a
// day (2026-03-10); false: the unit is not on it then, or the roster can't be
// read here. Only those on it may be given cases by 委派 or 委托 (特邀调解规定
// art. 5–8).
func (ss *Session) rostered(rd store.Reader, court, unit store.ID, day string) (register.RosterEntry, bool, error) {
	v, err := ss.registerOf(rd, court)
	if err != nil {
		return register.RosterEntry{}, false, err
	}
	u, known := ss.registry().Unit(unit)
	for _, e := range v.Roster {
		named := strings.EqualFold(e.Unit, hexID(unit)) || known && e.Unit == u.Code && len(ss.registry().ByCode(u.Code)) == 1
		if named && (e.ValidFrom == "" || e.ValidFrom <= day) && (e.ValidTo == "" || day <= e.ValidTo) {
			return e, true, nil
		}
	}
	return register.RosterEntry{}, false, nil
}

// Rostered tells whether a unit (id or code) is on this unit's roster today.
func (ss *Session) Rostered(ctx context.Context, unit string) (register.RosterEntry, bool, error) {
	u, err := ss.registerUnit(unit)
	if err != nil {
		return register.RosterEntry{}, false, err
	}
	var e register.RosterEntry
	var on bool
	err = ss.view(ctx, func(rd store.Reader) (err error) {
		e, on, err = ss.rostered(rd, ss.unit, u.ID, ss.today())
		return err
	})
	return e, on, err
}

// SuggestFor implements api.Registers.
func (ss *Session) SuggestFor(ctx context.Context, q api.SuggestQuery) (api.Suggestions, error) {
	out := api.Suggestions{Suggestions: []api.Suggestion{}}
	err := ss.view(ctx, func(rd store.Reader) error {
		d, err := ss.document(rd, q.Case)
		if err != nil {
			return err
		}
		out.Case = hexID(d.id)
		v, err := ss.registerOf(rd, ss.unit)
		if err != nil {
			return err
		}
		need, err := ss.needOf(rd, d, q)
		if err != nil {
			return err
		}
		open, err := ss.loads(ctx, rd, v)
		if err != nil {
			return err
		}
		for _, s := range register.Suggest(v, need, open) {
			out.Suggestions = append(out.Suggestions, api.Suggestion{Suggestion: s, Line: api.Label{ZH: s.Line(data.Chinese), EN: s.Line(data.English)}})
		}
		return nil
	})
	return out, err
}

// needOf is what a case asks of who takes it, as far as this unit sees it.
func (ss *Session) needOf(rd store.Reader, d *document, q api.SuggestQuery) (register.Need, error) {
	n := register.Need{Day: ss.today(), Languages: q.Languages, Candidates: q.List}
	if code, _, err := casework.ParseUnitCode(ss.code(d.rec.Owner)); err == nil {
		n.Division = code.Division
	}
	if d.found.digest {
		n.Category, n.Band = d.digest.Category, d.digest.AmountBand
		return n, nil
	}
	n.Category, n.Tags = d.whole.Category, d.whole.Tags
	for _, p := range d.whole.Parties {
		n.Names = append(n.Names, p.Name, p.LegalRepresentative)
		if p.Agent != nil {
			n.Names = append(n.Names, p.Agent.Name)
		}
	}
	n.Names = slices.DeleteFunc(n.Names, func(s string) bool { return s == "" })
	slices.Sort(n.Names)
	n.Names = slices.Compact(n.Names)
	digests, err := ss.open.replica.RecordsOf(rd, d.id, oplog.KindDigest)
	if err != nil || len(digests) == 0 {
		return n, err
	}
	_, s, err := ss.open.replica.State(rd, digests[0])
	if err == nil {
		n.Band = casework.DigestView(s, casework.Header{ID: d.id}).AmountBand
	}
	return n, err
}

// loads counts the open cases of each entry of a register: of a mediator those
// that he is assigned to in this unit, of a body those that it owns, as far as
// they are seen here.
func (ss *Session) loads(ctx context.Context, rd store.Reader, v register.Register) (map[string]int, error) {
	byUnit, byName := map[string]int{}, map[string]int{}
	err := ss.visit(ctx).eachRow(rd, nil, func(_ []byte, row caseRow) (bool, error) {
		if !inGroup("open", row) {
			return true, nil
		}
		byUnit[row.Unit]++
		if row.Unit == hexID(ss.unit) {
			for _, name := range row.Mediators {
				byName[name]++
			}
		}
		return true, nil
	})
	out := map[string]int{}
	for _, m := range v.Mediators {
		out[m.ID] = byName[m.Name]
	}
	for _, e := range v.Roster {
		if u, ok := ss.unitBy(e.Unit); ok && e.Unit != "" {
			out[e.ID] = byUnit[hexID(u.ID)]
		} else if e.Person {
			out[e.ID] = byName[e.Name]
		}
	}
	return out, err
}

// OpenOf implements api.Registers: the open cases of this unit by mediator, for
// a hand-over when somebody leaves. name "" is everybody; cases that nobody was
// assigned to stand under "".
func (ss *Session) OpenOf(ctx context.Context, name string) ([]api.MediatorCases, error) {
	byName := map[string][]api.CaseRow{}
	err := ss.view(ctx, func(rd store.Reader) error {
		return ss.visit(ctx).eachRow(rd, nil, func(_ []byte, row caseRow) (bool, error) {
			if row.Unit != hexID(ss.unit) || row.Digest || !inGroup("open", row) {
				return true, nil
			}
			names := row.Mediators
			if len(names) == 0 {
				names = []string{""}
			}
			for _, m := range names {
				if name == "" || m == name {
					byName[m] = append(byName[m], ss.showRow(row))
				}
			}
			return true, nil
		})
	})
	out := []api.MediatorCases{}
	for m, cases := range byName {
		out = append(out, api.MediatorCases{Mediator: m, Cases: cases})
	}
	slices.SortFunc(out, func(a, b api.MediatorCases) int { return strings.Compare(a.Mediator, b.Mediator) })
	return out, err
}
