package station

import (
	"slices"

	"hejie/app/casework"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/replica"
)

// setting is what a step on a record may look up here: the units of the tree,
// who reads the case, and the tables in force for its owner.
func (ss *Session) setting(rd store.Reader, rec replica.Record) casework.Setting {
	readers := ss.open.replica.Readers(rec)
	return casework.Setting{
		Unit: ss.body,
		Reads: func(unit store.ID) bool {
			return unit == rec.Owner || slices.Contains(readers, unit)
		},
		Rostered: func(unit store.ID, day string) bool {
			_, on, err := ss.rostered(rd, ss.unit, unit, day)
			return err == nil && on // a roster that can't be read names nobody
		},
		Last: func(clock, began string) string {
			reading, err := ss.Tables(rec.Owner).Run(clock, tables.History{StartedOn: began})
			if err != nil {
				return ""
			}
			return reading.DueOn
		},
	}
}

// body finds a unit by its code or id, as letters name it.
func (ss *Session) body(text string) (casework.Body, bool) {
	u, ok := ss.unitBy(text)
	if !ok {
		return casework.Body{}, false
	}
	out := casework.Body{ID: u.ID, Code: u.Code, Name: u.Name}
	if code, _, err := casework.ParseUnitCode(u.Code); err == nil {
		out.Kind = code.Body
	}
	return out, true
}
