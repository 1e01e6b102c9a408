package casework

import (
	"slices"

	"hejie/sync/crdt"
)

// State is where a case stands on its four tracks.
type State struct {
	Mediation    string `json:"mediation"`
	Performance  string `json:"performance"`
	Confirmation string `json:"confirmation"`
	Referral     string `json:"referral"`
}

// States of the tracks (DOMAIN 1.6). A track that has not begun is StateNone.
const (
	StateNone          = "none"
	StateSubmitted     = "submitted"
	StateAccepted      = "accepted"
	StateRefusedIntake = "refused_intake"
	StateAssigned      = "assigned"
	StateMediating     = "mediating"
	StateAgreed        = "agreed"
	StateEffective     = "effective"
	StateTerminated    = "terminated"
	StateClosed        = "closed"
	StatePerforming    = "performing"
	StatePerformed     = "performed"
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
	state    State
	facts    facts
}

// verdict is what decisions say of one event.
type verdict struct {
	favour *event // it was set aside in favour of this one; nil: it was not
	by     []int  // the decisions that say so
}

// facts are what a set of standing events says.
type facts struct {
	accepted, refused, terminated, closed *event
	assigned, sessions                    []*event
	agreement                             *event
	agreementAt                           int
	signs                                 []*event
	signed                                map[crdt.Ref]string // party -> day
	mediatorOn, sealOn, effectiveOn       string
	performed                             map[int64]*event
}

// resolve is a pure function of the set of events:
//
//  1. Decisions: of the settlements that name an event, the last ones count;
//     where all of them chose against it, it is set aside.
//  2. In causal order, an event stands if it is not set aside and was possible
//     on what stands of the events it saw. A step set aside in favour of one of
//     the same kind is there represented by the chosen one.
//  3. Concurrent standing events that Pair gives to a person are open. So is an
//     event that was possible where it was made, by someone who did not know of
//     the decision that took away its ground, and that contradicts what was chosen.
//  4. The state is that of all standing events. While something is open it is
//     the state that every choice would give, or else the one before the open events.
func resolve(l *log) *course {
	c := &course{log: l, standing: make([]Standing, len(l.events))}
	verdicts := l.decisions()
	stands, lawful := c.stand(verdicts)
	c.findOpen(stands, lawful)
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
			if !l.contradict(i, at) {
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
	return l.concurrent(i, j) && conflict(l.events[i], l.events[j])
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
	before := newBitset(len(l.events))
	for i := range l.events {
		if stands.has(i) && !c.restsOnOpen(i) {
			before.set(i)
		}
	}
	f := l.facts(before)
	state := f.state()
	choices := c.choices()
	if len(choices) > maxWeighed {
		return f, state
	}
	var same *State
	named := c.contradicting()
	for _, choice := range choices {
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

func (c *course) restsOnOpen(i int) bool {
	if c.standing[i] == Open {
		return true
	}
	for _, o := range c.open {
		if c.log.events[i].before.has(o) {
			return true
		}
	}
	return false
}

// choices are the open events to choose from: those before which nothing is open.
func (c *course) choices() []int {
	var out []int
	for _, i := range c.open {
		first := true
		for _, j := range c.open {
			first = first && !c.log.events[i].before.has(j)
		}
		if first {
			out = append(out, i)
		}
	}
	return out
}

// facts reads a set of events. Of several alike the first counts.
func (l *log) facts(in bitset) facts {
	f := facts{signed: map[crdt.Ref]string{}, performed: map[int64]*event{}}
	for i, e := range l.events {
		if !in.has(i) {
			continue
		}
		switch e.step {
		case StepAccept:
			f.accepted = first(f.accepted, e)
		case StepRefuse:
			f.refused = first(f.refused, e)
		case StepAssign:
			f.assigned = slices.DeleteFunc(f.assigned, func(o *event) bool { return e.before.has(l.index[o.ref]) })
			f.assigned = append(f.assigned, e)
		case StepStartSession:
			f.sessions = append(f.sessions, e)
		case StepAgree:
			// A later wording replaces what was agreed and not yet effective.
			f.agreement, f.agreementAt = e, i
		case StepTerminate:
			f.terminated = first(f.terminated, e)
		case StepClose:
			f.closed = first(f.closed, e)
		}
	}
	if f.agreement != nil {
		l.readAgreement(in, &f)
	}
	return f
}

func (l *log) readAgreement(in bitset, f *facts) {
	for i, e := range l.events {
		if !in.has(i) || !e.before.has(f.agreementAt) {
			continue
		}
		switch e.step {
		case StepSign:
			f.signs = append(f.signs, e)
			for _, p := range e.refs(keyParties) {
				f.signed[p] = earlier(f.signed[p], e.day)
			}
			if e.value[keyMediator] == true {
				f.mediatorOn = earlier(f.mediatorOn, e.day)
			}
			if e.value[keySeal] == true {
				f.sealOn = earlier(f.sealOn, e.day)
			}
		case StepPerform:
			n, _ := e.value[keyTerm].(int64)
			f.performed[n] = first(f.performed[n], e)
		}
	}
	f.effectiveOn = f.effective()
}

// effective is the day on which the agreement took effect, "" while it has
// not: an oral one when reached, a written one when all parties and a mediator
// signed and the committee sealed (人民调解法 arts. 29 and 30).
func (f *facts) effective() string {
	if f.agreement.form() == "oral" {
		return f.agreement.day
	}
	day := max(f.agreement.day, f.mediatorOn, f.sealOn)
	if f.mediatorOn == "" || f.sealOn == "" {
		return ""
	}
	for _, p := range f.agreement.refs(keyParties) {
		if f.signed[p] == "" {
			return ""
		}
		day = max(day, f.signed[p])
	}
	return day
}

// openTerms counts the terms that are not performed.
func (f *facts) openTerms() int64 {
	if f.agreement == nil {
		return 0
	}
	n := f.agreement.termCount()
	for term := range f.performed {
		if term >= 1 && term <= f.agreement.termCount() {
			n--
		}
	}
	return n
}

func (f *facts) state() State {
	s := State{Mediation: f.mediation(), Performance: StateNone, Confirmation: StateNone, Referral: StateNone}
	if f.effectiveOn != "" {
		s.Performance = StatePerforming
		if f.openTerms() == 0 {
			s.Performance = StatePerformed
		}
	}
	return s
}

func (f *facts) mediation() string {
	switch {
	case f.closed != nil:
		return StateClosed
	case f.terminated != nil:
		return StateTerminated
	case f.effectiveOn != "":
		return StateEffective
	case f.agreement != nil:
		return StateAgreed
	case f.sessions != nil:
		return StateMediating
	case f.assigned != nil:
		return StateAssigned
	case f.accepted != nil:
		return StateAccepted
	case f.refused != nil:
		return StateRefusedIntake
	default:
		return StateSubmitted
	}
}

// possible reports whether a step can be taken on these facts, by states alone.
func possible(e *event, f facts) bool {
	if !slices.Contains(stepStates[e.step], f.mediation()) {
		return false
	}
	switch e.step {
	case StepSign:
		return f.agreement.form() != "oral"
	case StepPerform:
		n, _ := e.value[keyTerm].(int64)
		return n >= 1 && n <= f.agreement.termCount()
	case StepClose:
		return f.mediation() != StateEffective || f.openTerms() == 0
	}
	return true
}

// stepStates are the states of mediation on which each step can be taken.
var stepStates = map[string][]string{
	StepAccept:       {StateSubmitted},
	StepRefuse:       {StateSubmitted},
	StepAssign:       {StateAccepted, StateAssigned, StateMediating},
	StepStartSession: {StateAssigned, StateMediating},
	StepAgree:        {StateMediating, StateAgreed},
	StepSign:         {StateAgreed},
	StepTerminate:    {StateAccepted, StateAssigned, StateMediating, StateAgreed},
	StepPerform:      {StateEffective},
	StepClose:        {StateRefusedIntake, StateTerminated, StateEffective},
}

func first(had, e *event) *event {
	if had != nil {
		return had
	}
	return e
}

func earlier(a, b string) string {
	if a == "" {
		return b
	}
	return min(a, b)
}
