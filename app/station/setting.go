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
func (ss *Session) setting(rd store.Reader, rec replica.Record, notes beside) casework.Setting {
	readers := ss.open.replica.Readers(rec)
	return casework.Setting{
		Notes: notes.all, Own: notes.writes(),
		Unit: ss.body,
		Reads: func(unit store.ID) bool {
			return unit == rec.Owner || slices.Contains(readers, unit)
		},
		Rostered: func(unit store.ID, day string) bool {
			_, on, err := ss.rostered(rd, ss.unit, unit, day)
			return err == nil && on // a roster that can't be read names nobody
		},
		Number: func(name string) string { return ss.mediatorNumber(rd, name, ss.unit, rec.Owner) },
		Last: func(clock, began string) string {
			reading, err := ss.Tables(rec.Owner).Run(clock, tables.History{StartedOn: began})
			if err != nil {
				return ""
			}
			return reading.DueOn
		},
	}
}

// mediatorNumber is the number by which the registers of some units know a
// mediator; "" where none of them, or two people in one of them, bear the name.
// The first unit that knows the name counts: who acts comes before whose the case is.
func (ss *Session) mediatorNumber(rd store.Reader, name string, units ...store.ID) string {
	for _, unit := range units {
		v, err := ss.registerOf(rd, unit)
		if err != nil {
			continue // a register that can't be read names nobody
		}
		if number, found := v.NumberOf(name); found {
			return number
		}
	}
	return ""
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
