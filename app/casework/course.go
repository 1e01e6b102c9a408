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
	state    State
	facts    facts
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
//  4. The state is that of all standing events. While something is open it is
//     the state that every choice would give, or else the one without the open
//     events and what rests on them on the tracks that they hold up.
func resolve(l *log) *course {
	c := &course{log: l, standing: make([]Standing, len(l.events))}
	verdicts := l.decisions()
	stands, lawful := c.stand(verdicts)
	c.findOpen(stands, l.news(lawful, verdicts))
	c.facts, c.state = c.settleState(stands, verdicts)
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
		case verdicts[i].favour != nil:
			c.standing[i] = Aside
		case e.step == stepSettle || possible(e, l.facts(l.basis(e, stands, verdicts))):
			c.standing[i] = Stands
			stands.set(i)
		default:
			c.standing[i] = Rests
			if possible(e, l.facts(l.ownBasis(e, stands, lawful, verdicts))) {
				lawful.set(i)
			}
		}
	}
	return stands, lawful
}

// decisions tells for each event whether and in favour of what it was set aside.
func (l *log) decisions() []verdict {
	type decision struct {
		at     int
		choice *event
		names  map[crdt.Ref]bool
	}
	var all []decision
	for i, e := range l.events {
		if e.step != stepSettle || e.broken || e.unknown {
			continue
		}
		ref, _ := refOf(e.value[keyChoice])
		at, ok := l.index[ref]
		if !ok || !e.before.has(at) {
			continue
		}
		d := decision{at: i, choice: l.events[at], names: map[crdt.Ref]bool{}}
		for _, r := range e.refs(keySettles) {
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
			if !l.contradict(i, at) || !l.mayHaveDecided(l.events[d.at], l.events[i], d.choice) {
				out[i] = verdict{}
				break
			}
			out[i].favour, out[i].by = d.choice, append(out[i].by, d.at)
		}
	}
	return out
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
		} else if by := verdicts[i].favour; by != nil && by.step == l.events[i].step && by.step != StepAgree {
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
	for i, e := range l.events {
		if !(stands.has(i) || lawful.has(i)) || e.step == stepSettle {
			continue
		}
		for j := range i {
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

// contradict reports whether two events are concurrent and need a person.
func (l *log) contradict(i, j int) bool {
	return l.concurrent(i, j) && l.conflict(l.events[i], l.events[j])
}

// maxWeighed bounds the choices whose outcomes are compared: honest desks give
// two or three, and each costs a pass over all events.
const maxWeighed = 8

// settleState computes the facts and the state, also while something is open.
func (c *course) settleState(stands bitset, verdicts []verdict) (facts, State) {
	l := c.log
	if len(c.open) == 0 {
		f := l.facts(stands)
		return f, f.state()
	}
	c.disputes = c.findDisputes()
	before := newBitset(len(l.events))
	for i := range l.events {
		if stands.has(i) && !c.restsOnOpen(i) {
			before.set(i)
		}
	}
	f := l.facts(before)
	state := f.state()
	if len(c.disputes) > 1 || len(c.disputes[0].choices) > maxWeighed {
		return f, state
	}
	var same *State
	named := c.contradicting(c.open)
	for _, choice := range c.disputes[0].choices {
		s := c.stateUnder(choice, named, verdicts)
		if same != nil && *same != s {
			return f, state
		}
		same = &s
	}
	return f, *same
}

// stateUnder is the state that a decision for choice would give.
func (c *course) stateUnder(choice int, named []int, verdicts []verdict) State {
	l := c.log
	would := slices.Clone(verdicts)
	for _, i := range named {
		would[i] = verdict{}
		if l.contradict(i, choice) {
			would[i].favour = l.events[choice]
		}
	}
	other := &course{log: l, standing: make([]Standing, len(l.events))}
	stands, _ := other.stand(would)
	f := l.facts(stands)
	return f.state()
}

// restsOnOpen reports whether an event is open, or saw an open one whose
// dispute holds up its track.
func (c *course) restsOnOpen(i int) bool {
	if c.standing[i] == Open {
		return true
	}
	e := c.log.events[i]
	for _, d := range c.disputes {
		if !d.holdsUp(trackOf(e.step)) {
			continue
		}
		for _, o := range d.open {
			if e.before.has(o) {
				return true
			}
		}
	}
	return false
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
