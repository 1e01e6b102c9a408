package casework

import "hejie/sync/crdt"

// Judge tells whether the author of an operation might make its changes at
// all, by role and relation alone: whether a step was possible then is decided
// by the events themselves. nil: yes. What this program does not know is a
// newer program's and is not judged.
func Judge(changes []crdt.Change, a Actor) *Refusal {
	for i := range changes {
		c := &changes[i]
		if c.Void || c.Raw != nil {
			continue
		}
		if c.Kind != crdt.Event {
			if r := MayEdit(a); r != nil {
				return r
			}
			continue
		}
		e := decodeEvent(&crdt.EventView{Value: c.Value})
		switch {
		case e.step == stepSettle:
			if r := MaySettle(a); r != nil {
				return r
			}
		case stepRoles[e.step] != nil:
			if r := who(e.step, a); r != nil {
				return r
			}
		}
	}
	return nil
}
