package casework

import "hejie/sync/crdt"

// Judge tells whether the author of an operation might make its changes and
// grants at all, by role and relation alone: whether a step was possible then,
// and at whose desk, is decided by the events themselves. nil: yes. What this
// program does not know is a newer program's and is not judged. grants are the
// units to which the operation opens the case: each must be one that a letter
// or an application in the same operation names.
func Judge(changes []crdt.Change, a Actor, grants []crdt.ID) *Refusal {
	named := map[crdt.ID]bool{}
	for i := range changes {
		c := &changes[i]
		if c.Void || c.Raw != nil {
			continue
		}
		if c.Kind != crdt.Event {
			if r := mightEdit(c, a); r != nil {
				return r
			}
			continue
		}
		e := decodeEvent(&crdt.EventView{Value: c.Value})
		switch {
		case e.step == stepSettle:
			if r := mightDecide(a); r != nil {
				return r
			}
		case inNotes(e.step) || e.step == StepEnterAgreement:
			return &Refusal{Step: e.step, Rule: "elsewhere"}
		case ruleOf[e.step] != nil:
			if r := mightTake(e.step, a); r != nil {
				return r
			}
			if e.value[keyDespite] != nil && !a.has(settleRoles) {
				return roleRefusal(e.step, a, settleRoles)
			}
			for _, id := range e.grants() {
				named[id] = true
			}
		}
	}
	for _, id := range grants {
		if !named[id] {
			return &Refusal{Step: StepRefer, Rule: "grant"}
		}
	}
	return nil
}

// JudgeNotes is Judge for a body's notes, by whose own people they are written.
func JudgeNotes(changes []crdt.Change, a Actor) *Refusal {
	for i := range changes {
		c := &changes[i]
		if c.Void || c.Raw != nil {
			continue
		}
		e := &event{}
		if c.Kind == crdt.Event {
			e = decodeEvent(&crdt.EventView{Value: c.Value})
		}
		var r *Refusal
		switch {
		case e.step == "" || e.step == stepWords:
			r = mightEdit(c, a)
		case e.step == stepSettle:
			r = mightDecide(a)
		case ruleOf[e.step] == nil: // a newer program's
		case !ruleOf[e.step].notes:
			r = &Refusal{Step: e.step, Rule: "elsewhere"}
		default:
			r = mightTake(e.step, a)
		}
		if r != nil {
			return r
		}
	}
	return nil
}

// mightEdit asks for more where a change replaces what its author could not read.
func mightEdit(c *crdt.Change, a Actor) *Refusal {
	if c.Unread {
		return MayOverrule(a)
	}
	return MayEdit(a)
}

// mightTake asks for role and relation alone.
func mightTake(step string, a Actor) *Refusal {
	if !a.reads() {
		return &Refusal{Step: step, Rule: "relation"}
	}
	return roleRefusal(step, a, ruleOf[step].roles)
}

// grants are the units to which an event opens the case: those that do not
// read it already and that get the file (a guide is sent without it).
func (e *event) grants() []crdt.ID {
	key := ""
	switch {
	case e.value[keyWithin] == true:
	case e.step == StepRefer && str(e.value[keyKind]) != kindGuide:
		key = unitKey(e.value[keyTo])
	case e.step == StepConfirmApply:
		key = unitKey(e.value[keyCourt])
	}
	if key == "" {
		return nil
	}
	return []crdt.ID{crdt.ID([]byte(key))}
}
