package casework

import (
	"slices"

	"hejie/sync/crdt"
)

// Standing says whether a step counts.
type Standing string

// The standings.
const (
	Stands  Standing = "stands"  // it counts
	Open    Standing = "open"    // it contradicts another; a person decides
	Aside   Standing = "aside"   // a person decided against it
	Rests   Standing = "rests"   // it rests on what does not stand
	Foreign Standing = "unknown" // a newer program's step
)

// course is what the events of a case amount to.
type course struct {
	log      *log
	standing []Standing
	open     []int // events that wait for a person's choice
	disputes []dispute
	// ground, state and facts are one thing: see ground.go.
	ground ground
	state  State
	facts  facts
}

// verdict is what decisions say of one event.
type verdict struct {
	favour *event // it was set aside in favour of this one; nil: it was not
	by     []int  // the decisions that say so
}

// resolve is a pure function of the set of events:
//
//  1. Decisions: of the settlements that name an event, the last ones count;
//     where all of them chose against it, it is set aside.
//  2. In causal order, an event stands if it is not set aside and was possible
//     on what stands of the events it saw. A step set aside in favour of one of
//     the same kind is there represented by the chosen one.
//  3. Concurrent standing events that Pair gives to a person are open. So is an
//     event that was possible where it was made, apart from the decision that
//     took away its ground, and that contradicts what was chosen.
//     Open events that are linked by contradictions are one dispute, on one track.
//  4. State and facts are those of one set: of all standing events, or while
//     something is open of what every choice leaves (ground.go).
func resolve(l *log) *course {
	c := &course{log: l, standing: make([]Standing, len(l.events))}
	l.readEntered()
	verdicts := l.decisions()
	stands, lawful := c.stand(verdicts)
	c.findOpen(stands, l.news(lawful, verdicts))
	c.disputes = c.findDisputes()
	c.ground = c.commonGround(stands, verdicts)
	c.facts = c.ground.log.facts(c.ground.in)
	c.state = c.facts.state()
	return c
}

// stand goes through the events in causal order and tells which stand under
// the verdicts, and which were lawful where they were made though they do not.
func (c *course) stand(verdicts []verdict) (stands, lawful bitset) {
	l := c.log
	stands, lawful = newBitset(len(l.events)), newBitset(len(l.events))
	for i, e := range l.events {
		switch {
		case e.unknown:
			c.standing[i] = Foreign
		case e.broken:
			c.standing[i] = Rests
		case e.step == stepWords:
			c.standing[i] = Stands
			stands.set(i)
		case verdicts[i].favour != nil:
			c.standing[i] = Aside
		case l.plain != nil && e.step == StepInForce:
			c.standing[i] = Rests
			if l.entered[e.ref] {
				c.standing[i] = Stands
				stands.set(i)
			}
		case e.step == stepSettle || possible(e, l.facts(l.ground(e, l.basis(e, stands, verdicts)))):
			c.standing[i] = Stands
			stands.set(i)
		default:
			c.standing[i] = Rests
			if possible(e, l.facts(l.ground(e, l.ownBasis(e, stands, lawful, verdicts)))) {
				lawful.set(i)
			}
		}
	}
	return stands, lawful
}

// readEntered notes which agreements count as entered by the case alone: a
// decision in the notes gives none that the case does not show.
func (l *log) readEntered() {
	if l.plain == nil || l.entered != nil {
		return
	}
	l.entered = map[crdt.Ref]bool{}
	l.alone = resolve(l.plain)
	for i, e := range l.plain.events {
		if e.step == StepInForce {
			l.entered[e.ref] = l.alone.standing[i] == Stands || l.alone.standing[i] == Open
		}
	}
}

// ground cuts what an event stands on down to its own record: whether a step of
// the case was possible is told by the case alone, so that its standing is the
// same where the notes are not held.
func (l *log) ground(e *event, on bitset) bitset {
	if l.plain == nil || e.notes {
		return on
	}
	for i, o := range l.events {
		if o.notes && on.has(i) {
			on[i/64] &^= 1 << (i % 64)
		}
	}
	return on
}

// decisions tells for each event whether and in favour of what it was set aside.
func (l *log) decisions() []verdict {
	type decision struct {
		at     int
		choice *event
		names  map[crdt.Ref]bool
	}
	var all []decision
	for i := range l.events {
		choice, settles := l.decision(i)
		if choice == nil {
			continue
		}
		d := decision{at: i, choice: choice, names: map[crdt.Ref]bool{}}
		for _, r := range settles {
			d.names[r] = true
		}
		all = append(all, d)
	}
	out := make([]verdict, len(l.events))
	for i, e := range l.events {
		var last []decision
		for _, d := range all {
			if d.names[e.ref] && l.events[d.at].before.has(i) {
				last = slices.DeleteFunc(last, func(o decision) bool { return l.events[d.at].before.has(o.at) })
				last = append(last, d)
			}
		}
		for _, d := range last {
			at := l.index[d.choice.ref]
			if !l.excludes(i, at, d.at) || !l.mayHaveDecided(l.events[d.at], l.events[i], d.choice) {
				out[i] = verdict{}
				break
			}
			out[i].favour, out[i].by = d.choice, append(out[i].by, d.at)
		}
	}
	return out
}

// decision is what an event decides: for which event, and between which. An
// agreement that was entered despite endings decides over these. Of a
// settlement in the notes only what it says for an event of the notes, or
// about one, counts: the case's own disputes are settled in the case.
func (l *log) decision(i int) (choice *event, settles []crdt.Ref) {
	e := l.events[i]
	switch {
	case e.broken || e.unknown:
		return nil, nil
	case e.step == StepInForce && e.value[keyDespite] != nil:
		return e, e.refs(keyDespite)
	case e.step != stepSettle:
		return nil, nil
	}
	ref, _ := refOf(e.value[keyChoice])
	at, ok := l.index[ref]
	if !ok || !e.before.has(at) || l.events[at].notes && !e.notes {
		return nil, nil
	}
	choice = l.events[at]
	for _, r := range e.refs(keySettles) {
		if j, held := l.index[r]; held && (l.events[j].notes == e.notes || e.notes && choice.notes) {
			settles = append(settles, r)
		}
	}
	return choice, settles
}

// excludes reports whether a decision for one event sets another aside: they
// contradict each other, or it is an agreement that was entered despite it.
func (l *log) excludes(i, choice, decision int) bool {
	if choice == decision {
		return rulingOf(l.events[i].step, l.events[choice].step).verdict != BothStand
	}
	return l.contradict(i, choice)
}

// basis are the standing events that e saw, those set aside represented by the
// chosen event of the same step. Only an agreement is never represented by
// another: who signed one did not sign the other.
func (l *log) basis(e *event, stands bitset, verdicts []verdict) bitset {
	out := newBitset(len(l.events))
	for i := range l.events {
		if !e.before.has(i) {
			continue
		}
		if stands.has(i) {
			out.set(i)
		} else if by := verdicts[i].favour; by != nil && by.step == l.events[i].step && by.step != StepAgree && by.step != StepInForce {
			out.set(l.index[by.ref])
		}
	}
	return out
}

// ownBasis is what e's author went by: also what was set aside by decisions
// that he had not seen, and what rests on it.
func (l *log) ownBasis(e *event, stands, lawful bitset, verdicts []verdict) bitset {
	out := newBitset(len(l.events))
	for i := range l.events {
		if !e.before.has(i) {
			continue
		}
		unaware := verdicts[i].favour != nil
		for _, at := range verdicts[i].by {
			unaware = unaware && !e.before.has(at)
		}
		if unaware || stands.has(i) || lawful.has(i) {
			out.set(i)
		}
	}
	return out
}

// news are those of the lawful events that a decision took the ground of without
// seeing them. What who decided saw falls with its ground: else it would ask
// again, whatever was chosen.
func (l *log) news(lawful bitset, verdicts []verdict) bitset {
	out := newBitset(len(l.events))
	for i, e := range l.events {
		if !lawful.has(i) {
			continue
		}
		for j := range i {
			if e.before.has(j) && slices.ContainsFunc(verdicts[j].by, func(at int) bool { return l.concurrent(i, at) }) {
				out.set(i)
			}
		}
	}
	return out
}

func (c *course) findOpen(stands, lawful bitset) {
	l := c.log
	open := newBitset(len(l.events))
	spent := c.spent(stands, lawful)
	for i, e := range l.events {
		if !(stands.has(i) || lawful.has(i)) || e.step == stepSettle || spent.has(i) {
			continue
		}
		for j := range i {
			if spent.has(j) {
				continue
			}
			// Of two that contradict each other one at least stands.
			if (stands.has(i) && (stands.has(j) || lawful.has(j)) || lawful.has(i) && stands.has(j)) && l.contradict(i, j) {
				open.set(i)
				open.set(j)
			}
		}
	}
	for i := range l.events {
		if open.has(i) {
			c.standing[i] = Open
			c.open = append(c.open, i)
		}
	}
}

// spent are the events of the notes that no longer weigh, since an agreement was
// entered that they had not seen: what was entered stays given, and only the
// case can contest it.
func (c *course) spent(stands, lawful bitset) bitset {
	l := c.log
	out := newBitset(len(l.events))
	for i, e := range l.events {
		if e.step != StepInForce || !stands.has(i) && !lawful.has(i) {
			continue
		}
		for j, o := range l.events {
			if o.notes && !o.before.has(i) {
				out.set(j)
			}
		}
	}
	return out
}

// contradict reports whether two events are concurrent and need a person.
func (l *log) contradict(i, j int) bool {
	return l.concurrent(i, j) && l.conflict(l.events[i], l.events[j])
}

// possible reports whether a step can be taken on these facts, by what digests
// show too: the states of the tracks, and whose desk it is.
func possible(e *event, f facts) bool {
	r := ruleOf[e.step]
	if r == nil {
		return false
	}
	s := f.state()
	switch {
	case r.from != nil && !contains(r.from, s.of(r.track)),
		r.with != nil && !contains(r.with, s.Mediation),
		!f.entitled(r, e):
		return false
	}
	return r.also == nil || r.also(&f, e)
}
