package casework

import (
	"bytes"
	"slices"

	"hejie/sync/crdt"
	"hejie/sync/dcbor"
)

// ground is what state and facts of a case rest on, both from this one set:
// all standing events, and while something waits for a person the common ground
// of all choices. That is every event that stands whatever is chosen, and for
// a dispute between steps of one kind (two acceptances of different days) one
// step of the kind with what all of them say. So a contested case is where it
// would be in any case, and no fact of it is one that a choice could take away.
// Nothing reads what counts from anywhere else; what was said at all stands in
// the course's log, with its standing.
type ground struct {
	log *log // the course's own, save for the steps that stand for several
	in  bitset
	// outcomes are the standing events under each choice; nil where nothing is
	// open, or where there are too many choices to compare.
	outcomes []bitset
}

// maxOutcomes bounds the outcomes that are compared, over the choices of all
// disputes: honest desks give two or three, and each costs a pass over all events.
const maxOutcomes = 16

// commonGround finds the ground. Beyond maxOutcomes it is what neither is open
// nor saw anything open that its track waits for: less, and never more.
func (c *course) commonGround(stands bitset, verdicts []verdict) ground {
	l := c.log
	if len(c.open) == 0 {
		return ground{log: l, in: stands}
	}
	g := ground{log: l, in: newBitset(len(l.events))}
	for i := range l.events {
		if stands.has(i) && c.standing[i] != Open && !c.spentButOpen(i) && c.standsAlone(i) {
			g.in.set(i)
		}
	}
	if !c.weigh(&g, verdicts) {
		for i := range l.events {
			if g.in.has(i) && c.restsOnOpen(i) {
				g.in.clear(i)
			}
		}
		return g
	}
	for _, o := range g.outcomes {
		g.in.intersect(o)
	}
	c.represent(&g)
	return g
}

// weigh notes what stands under each way to decide all disputes; false: there
// are too many.
func (c *course) weigh(g *ground, verdicts []verdict) bool {
	n := 1
	for _, d := range c.disputes {
		if n *= len(d.choices); n > maxOutcomes || n == 0 {
			return false
		}
	}
	ways := [][]verdict{verdicts}
	for _, d := range c.disputes {
		named := c.contradicting(d.open)
		var next [][]verdict
		for _, way := range ways {
			for _, choice := range d.choices {
				next = append(next, c.decided(way, named, choice))
			}
		}
		ways = next
	}
	for _, way := range ways {
		other := &course{log: c.log, standing: make([]Standing, len(c.log.events))}
		stands, _ := other.stand(way)
		g.outcomes = append(g.outcomes, stands)
	}
	return true
}

// decided are the verdicts after a decision for choice that names some events.
func (c *course) decided(verdicts []verdict, named []int, choice int) []verdict {
	out := slices.Clone(verdicts)
	for _, i := range named {
		out[i] = verdict{}
		if c.log.contradict(i, choice) {
			out[i].favour = c.log.events[choice]
		}
	}
	return out
}

// standsAlone reports whether what the notes add to a case leaves it an event
// of its own: where the case alone has it not for certain, its holder has it
// not either.
func (c *course) standsAlone(i int) bool {
	e := c.log.events[i]
	if c.log.alone == nil || e.notes {
		return true
	}
	at, held := c.log.plain.index[e.ref]
	return held && c.log.alone.ground.in.has(at)
}

// spentButOpen reports whether an event of the notes would be open itself, had
// what came of it not been entered: the state waits for that without it. So does
// the draft of one of several agreements that were entered.
func (c *course) spentButOpen(i int) bool {
	l := c.log
	e := l.events[i]
	return e.notes && slices.ContainsFunc(c.open, func(o int) bool {
		other := l.events[o]
		rival := other.step == StepInForce && contains(ofDraft, e.step) && l.concurrent(i, o)
		return rival || l.contradict(i, o)
	})
}

// ofDraft are the steps of the notes by which an agreement comes about.
var ofDraft = []string{StepAgree, StepSign, StepRefuseDraft}

// restsOnOpen reports whether an event saw an open one whose dispute holds up
// its track.
func (c *course) restsOnOpen(i int) bool {
	e := c.log.events[i]
	for _, d := range c.disputes {
		if d.holdsUp(trackOf(e.step)) && slices.ContainsFunc(d.open, e.before.has) {
			return true
		}
	}
	return false
}

// unshared are steps of which nothing is common where they differ: an agreement
// is its text, and no part of one binds without the rest.
var unshared = []string{StepAgree, StepInForce}

// represent puts one step in the place of a dispute's choices where every
// choice gives one of its kind, and the track the same state.
func (c *course) represent(g *ground) {
	for _, d := range c.disputes {
		step := c.commonStep(d)
		if step == "" || !c.agreeOn(g, d.track) {
			continue
		}
		if g.log == c.log {
			own := *c.log
			own.events = slices.Clone(own.events)
			g.log = &own
		}
		at := d.choices[0]
		g.log.events[at] = c.common(step, d.choices)
		g.in.set(at)
	}
}

// commonStep is the step that a dispute's choices all are; of different endings
// it is an ending without a reason. Empty: they have none in common.
func (c *course) commonStep(d dispute) string {
	step := c.log.events[d.choices[0]].step
	for _, i := range d.choices[1:] {
		switch other := c.log.events[i].step; {
		case other == step:
		case contains(endings, other) && contains(endings, step):
			step = StepTerminate
		default:
			return ""
		}
	}
	if contains(unshared, step) {
		return ""
	}
	return step
}

// agreeOn reports whether a track has one state under all choices.
func (c *course) agreeOn(g *ground, track string) bool {
	state := ""
	for _, o := range g.outcomes {
		f := c.log.facts(o)
		s := f.state()
		if of := s.of(track); state != "" && of != state {
			return false
		} else if of != "" {
			state = of
		}
	}
	return true
}

// common is what all of some events say: fields, day, unit and what they saw in
// which they agree, under the name of the first.
func (c *course) common(step string, of []int) *event {
	first := c.log.events[of[0]]
	out := &event{ref: first.ref, op: first.op, step: step, day: first.day, value: map[string]crdt.Value{}, before: slices.Clone(first.before)}
	for key, v := range first.value {
		out.value[key] = v
	}
	for _, i := range of[1:] {
		e := c.log.events[i]
		for key, v := range out.value {
			if other, there := e.value[key]; !there || !bytes.Equal(dcbor.Must(v), dcbor.Must(other)) {
				delete(out.value, key)
			}
		}
		if e.day != out.day {
			out.day = ""
		}
		if e.op.Unit != out.op.Unit {
			out.op.Unit = crdt.ID{}
		}
		out.before.intersect(e.before)
	}
	out.value[keyStep] = step
	if out.day == "" {
		delete(out.value, keyAt)
	}
	return out
}

// counted visits the events on which state and facts rest, in causal order.
func (c *course) counted(yield func(int, *event) bool) {
	for i, e := range c.ground.log.events {
		if c.ground.in.has(i) && !yield(i, e) {
			return
		}
	}
}

// inVain is the dispute for which a step has to wait since no way to decide it
// leaves the step any ground; nil: there is none.
func (c *course) inVain(e *event) *dispute {
	for _, o := range c.ground.outcomes {
		if possible(e, c.log.facts(o)) {
			return nil
		}
	}
	switch held := c.heldUp(trackOf(e.step)); {
	case c.ground.outcomes == nil:
		return nil
	case held != nil:
		return held
	}
	return &c.disputes[0]
}
