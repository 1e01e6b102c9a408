package station

import (
	"context"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// Which bodies may guide and supervise (人民调解法 5): the courts at the base and
// their tribunals guide, the justice bureau of county level and above supervises.
var (
	courtBodies  = []string{"fy", "ft"}
	bureauBodies = []string{"sfj"}
)

// isMaster reports whether a body is one of those that guide or supervise.
func isMaster(body string) bool {
	return slices.Contains(courtBodies, body) || slices.Contains(bureauBodies, body)
}

// isCourt reports whether a unit's code is that of a court or tribunal.
func isCourt(code string) bool {
	c, _, err := casework.ParseUnitCode(code)
	return err == nil && slices.Contains(courtBodies, c.Body)
}

// master finds the unit that a relation names and refuses what is none.
func (ss *Session) master(text string, kind identity.RelationKind, of store.ID) (identity.Unit, error) {
	u, ok := ss.unitBy(text)
	if !ok {
		return u, problem(CodeUnknownUnit, fmt.Sprintf("no unit %q is known here, or several have that code: give its id", shorten(text)), "unit", shorten(text))
	}
	if u.ID == of {
		return u, say(CodeNotMaster, "master.itself", "unit", u.Name)
	}
	bodies, key := courtBodies, "master.no_court"
	if kind == identity.RelationSupervised {
		bodies, key = bureauBodies, "master.no_bureau"
	}
	code, _, err := casework.ParseUnitCode(u.CodeByParent)
	if err != nil || !slices.Contains(bodies, code.Body) {
		return u, say(CodeNotMaster, key, "unit", u.Name)
	}
	return u, nil
}

// relations are the items that name a unit's court and bureau. A court has
// neither: what its own mediators do is a unit of their own.
func (ss *Session) relations(unit store.ID, code, court, bureau string) ([]identity.Item, error) {
	var items []identity.Item
	if isCourt(code) && court+bureau != "" {
		return nil, say(CodeNotMaster, "master.of_court", "unit", code)
	}
	for _, m := range []struct {
		text string
		kind identity.RelationKind
	}{{court, identity.RelationGuided}, {bureau, identity.RelationSupervised}} {
		if m.text == "" {
			continue
		}
		u, err := ss.master(m.text, m.kind, unit)
		if err != nil {
			return nil, err
		}
		items = append(items, &identity.Relation{Unit: u.ID, Kind: m.kind, Day: ss.today()})
	}
	return items, nil
}

// firstRelations are those that a new unit begins with: what is named, and
// otherwise its parent's, whose log may not have come here yet; a court's, none.
func (ss *Session) firstRelations(unit store.ID, code string, parent identity.Unit, court, bureau string) ([]identity.Item, error) {
	items, err := ss.relations(unit, code, court, bureau)
	if err != nil || isCourt(code) {
		return nil, err
	}
	for _, m := range []struct {
		named string
		kind  identity.RelationKind
	}{{court, identity.RelationGuided}, {bureau, identity.RelationSupervised}} {
		if id, ok := parent.Master(m.kind); ok && m.named == "" && id != unit {
			items = append(items, &identity.Relation{Unit: id, Kind: m.kind, Day: ss.today()})
		}
	}
	return items, err
}

// Relate implements api.Admin.
func (ss *Session) Relate(ctx context.Context, r api.RelateRequest) (api.Related, error) {
	if err := ss.need("naming a unit's court or bureau", identity.Admin); err != nil {
		return api.Related{}, err
	}
	if r.Court == "" && r.Bureau == "" {
		return api.Related{}, problem(api.CodeInvalidField, "name the court that guides the unit, the bureau that supervises it, or both")
	}
	u, ok := ss.unitBy(r.Unit)
	if !ok {
		return api.Related{}, problem(CodeUnknownUnit, fmt.Sprintf("no unit %q is known here, or several have that code: give its id", shorten(r.Unit)), "unit", shorten(r.Unit))
	}
	at := logPlace{unit: u.ID, first: u.First, branch: oplog.BranchOwn}
	writer := u.OwnWriter
	switch {
	case u.ID == ss.unit:
	case u.Parent == ss.unit && !u.IsRoot():
		at.branch = oplog.BranchParent
		own, _ := ss.registry().Unit(ss.unit)
		writer = own.OwnWriter // he may take the parent's branch over
		if u.ParentWriter == ss.seat() {
			writer = ss.seat()
		}
	default:
		return api.Related{}, say(CodeNotAllowed, "denied.relate", "unit", u.Name)
	}
	if writer != ss.seat() {
		return api.Related{}, say(CodeNotAllowed, "denied.writer", "name", ss.personName(writer))
	}
	items, err := ss.relations(u.ID, u.CodeByParent, r.Court, r.Bureau)
	if err != nil {
		return api.Related{}, err
	}
	if err := ss.station.enter(ctx, ss.open, ss.keys, ss.unit, at, items...); err != nil {
		return api.Related{}, err
	}
	out := api.Related{Unit: hexID(u.ID)}
	err = ss.view(ctx, func(rd store.Reader) error {
		for _, it := range items {
			rel, ok := it.(*identity.Relation)
			if !ok {
				continue
			}
			n, err := ss.open.replica.DigestsBefore(rd, u.ID, rel.Unit)
			if err != nil {
				return err
			}
			out.Waiting = max(out.Waiting, n)
		}
		return nil
	})
	return out, err
}
