package station

import (
	"context"
	"slices"

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
	chain := publishersOf(reg, id)
	c := &ss.open.tableCache
	c.mu.Lock()
	defer c.mu.Unlock()
	above := tables.Default().Under(bodiesOf(reg, chain))
	var rows []tableRow
	for _, unit := range chain {
		list := c.published(reg, unit)
		for _, p := range list {
			r := tableRow{doc: p.doc}
			switch {
			case r.doc == nil:
				r.doc = &tables.Published{Table: p.Name, Version: int(p.Version), ValidFrom: p.Day, Publisher: hexID(unit)}
				r.why = api.TableUnreadable
			case above.Second(p.Name, p.doc.Body) != "":
				r.why = api.TableOtherMaster
			case !above.MayPublish(p.Name, p.doc.Body):
				r.why = api.TableNoAuthority
			case len(tables.InForce([]tables.Published{*p.doc}, today)) == 0:
				r.why = api.TableNotYet
			}
			rows = append(rows, r)
		}
		above = c.over(above, reg, unit, today)
	}
	return rows
}

// inEffect tells which versions of one table count: the last, of holidays every
// one that is the last to speak of some year, and of a table whose rows have two
// masters the last of each.
func inEffect(rows []tableRow) []bool {
	out := make([]bool, len(rows))
	last, years, masters := -1, map[int]int{}, map[string]int{}
	for i, r := range rows {
		if r.why != "" {
			continue
		}
		last = i
		if tables.Parted(r.doc.Table) && slices.Contains(tables.Masters(), r.doc.Body) {
			masters[r.doc.Body] = i
		}
		if h, ok := r.doc.Content.(*tables.Holidays); ok {
			for _, y := range h.Years {
				years[y.Year] = i
			}
		}
	}
	for _, i := range years {
		out[i] = true
	}
	if len(masters) > 1 {
		for _, i := range masters {
			out[i] = true
		}
	}
	if last >= 0 {
		out[last] = true
	}
	return out
}
