package station

import (
	"context"

	"hejie/app/api"
	"hejie/app/tables"
	"hejie/store"
)

// tableRow is a version that may count for a unit, with why it does not.
type tableRow struct {
	doc *tables.Published
	why string
}

// ListTables implements api.Tables: by table, the program's own first, then what
// was published from the root down to the unit.
func (ss *Session) ListTables(_ context.Context, unit string) ([]api.TableLine, error) {
	id, err := ss.tableUnit(unit)
	if err != nil {
		return nil, err
	}
	set := ss.Tables(id)
	rows := ss.tableRows(id)
	var out []api.TableLine
	for _, name := range tables.Names() {
		of := []tableRow{{doc: tables.Default().Document(name)}}
		for _, r := range rows {
			if r.doc.Table == name {
				of = append(of, r)
			}
		}
		counts := inEffect(of)
		for i, r := range of {
			line := ss.tableLine(set, r.doc)
			line.Effective, line.Why = counts[i], r.why
			if !counts[i] && r.why == "" {
				line.Why = api.TableReplaced
			}
			out = append(out, line)
		}
	}
	return out, nil
}

// tableRows are the publications that concern a unit, in the order in which they
// are laid.
func (ss *Session) tableRows(id store.ID) []tableRow {
	reg, today := ss.registry(), ss.today()
	var rows []tableRow
	for _, unit := range publishersOf(reg, id) {
		u, _ := reg.Unit(unit)
		above := ss.tablesAbove(u)
		c := &ss.open.tableCache
		c.mu.Lock()
		list := c.published(reg, unit)
		c.mu.Unlock()
		for _, p := range list {
			r := tableRow{doc: p.doc}
			switch {
			case r.doc == nil:
				r.doc = &tables.Published{Table: p.Name, Version: int(p.Version), ValidFrom: p.Day, Publisher: hexID(unit)}
				r.why = api.TableUnreadable
			case !above.MayPublish(p.Name, p.doc.Body):
				r.why = api.TableNoAuthority
			case len(tables.InForce([]tables.Published{*p.doc}, today)) == 0:
				r.why = api.TableNotYet
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// inEffect tells which versions of one table count: the last, and of holidays
// every one that is the last to speak of some year.
func inEffect(rows []tableRow) []bool {
	out := make([]bool, len(rows))
	last, years := -1, map[int]int{}
	for i, r := range rows {
		if r.why != "" {
			continue
		}
		last = i
		if h, ok := r.doc.Content.(*tables.Holidays); ok {
			for _, y := range h.Years {
				years[y.Year] = i
			}
		}
	}
	for _, i := range years {
		out[i] = true
	}
	if last >= 0 {
		out[last] = true
	}
	return out
}
