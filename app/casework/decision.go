package casework

import (
	"bytes"
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// ByHolder decides what no desk of the course has to: a field.
const ByHolder Decider = "holder" // mediator, director or judge of a unit that holds the whole case

// becauseApart is why a field waits: it was written twice, neither knowing of
// the other.
const becauseApart = "apart"

// Decision is who decides a contradiction, and why a person must: of roles and
// units alone, so that equal nodes say it alike.
type Decision struct {
	Who     Decider
	Roles   []string  // any of them
	Units   []crdt.ID // at any of them; sorted
	Because string    // "pair.<because>" of the messages
}

// Decisions tells for each field of conflicts who decides. holders are the units
// that hold the whole case: nobody else can settle anything in it.
func Decisions(s *crdt.State, holders []crdt.ID, notes ...*crdt.State) map[string]Decision {
	c := resolve(readLog(s, notes...))
	out := map[string]Decision{}
	for _, cf := range conflicts(s, c, Names{}) {
		d := HolderDecides(holders, becauseApart)
		if strings.HasPrefix(cf.Field, fieldLifecycle+".") {
			about := c.about()
			d.Who, d.Roles, d.Because = cf.Decider, deciderRoles[cf.Decider], cf.Because
			d.Units = slices.DeleteFunc(d.Units, func(unit crdt.ID) bool { return !c.log.decides(cf.Decider, unit, about...) })
		}
		out[cf.Field] = d
	}
	return out
}

// HolderDecides is who decides about a field, such as a number that two cases
// bear.
func HolderDecides(holders []crdt.ID, because string) Decision {
	held := slices.Clone(holders)
	slices.SortFunc(held, func(a, b crdt.ID) int { return bytes.Compare(a[:], b[:]) })
	return Decision{Who: ByHolder, Roles: settleRoles, Units: slices.Compact(held), Because: because}
}

// about are the open events, by which those are found who may decide.
func (c *course) about() []*event {
	var out []*event
	for _, i := range c.open {
		out = append(out, c.log.events[i])
	}
	return out
}
