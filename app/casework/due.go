package casework

import (
	"cmp"
	"slices"

	"hejie/app/tables"
	"hejie/sync/crdt"
)

// Due is one thing that waits to be done by a day.
type Due struct {
	What  string  `json:"what"`  // clock, term, letter, application, agreement, session or visit
	Name  string  `json:"name"`  // the clock's id; of others the step that is due
	About string  `json:"about"` // id of the letter or application; the term's number
	DueOn string  `json:"due_on"`
	Over  int     `json:"days_over"` // calendar days beyond it, 0 until then
	Left  int     `json:"days_left"`
	Actor string  `json:"actor"` // handler, sender, receiver, court, parties, mediator
	Unit  crdt.ID `json:"-"`     // whose people; zero: the parties, and who handles the case reminds them
	Soft  bool    `json:"soft"`  // a target or a right, not a duty of ours
	Text  string  `json:"text,omitempty"`
}

// DueOf lists what is due in a case as seen on a day (a Beijing day): clocks
// that run, terms that are not performed, letters and applications that wait
// for an answer, the next session. Clocks of the parties (a right that ends)
// are soft. Nothing is due in a case that is archived.
// An agreement that all have signed and nobody entered is due since that day.
func DueOf(s *crdt.State, set *tables.Set, owner crdt.ID, place UnitCode, today string, notes ...*crdt.State) []Due {
	c := resolve(readLog(s, notes...))
	if c.state.Mediation == StateArchived || c.state.Mediation == StateDisposalReview {
		return nil
	}
	var out []Due
	for _, clock := range Clocks(s, set, owner, place, notes...) {
		if clock.DueOn == "" || clock.State != tables.StateRunning {
			continue
		}
		status, err := clock.On(today)
		if err != nil {
			continue
		}
		out = append(out, Due{
			What: "clock", Name: clock.Clock, About: clock.About, DueOn: clock.DueOn, Over: status.DaysOver, Left: status.DaysLeft,
			Actor: clock.Actor, Unit: clock.Unit, Soft: clock.Actor == tables.ActorParties || clock.Kind == tables.KindTarget,
		})
	}
	if on := c.facts.completeOn; on != "" {
		out = append(out, due(Due{What: "agreement", Name: StepEnterAgreement, DueOn: on, Actor: tables.ActorHandler, Unit: c.actorOf(tables.ActorHandler, nil, owner)}, today))
	}
	out = append(out, c.dueTerms(owner, today)...)
	out = append(out, c.dueAnswers(today)...)
	if next := c.nextSession(); next != "" {
		out = append(out, due(Due{What: "session", Name: StepStartSession, DueOn: next, Actor: tables.ActorHandler, Unit: c.actorOf(tables.ActorHandler, nil, owner)}, today))
	}
	// What is due on a day that people disagree about waits with the contradiction.
	out = slices.DeleteFunc(out, func(d Due) bool { return d.DueOn == "" })
	slices.SortStableFunc(out, func(a, b Due) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.What, b.What), cmp.Compare(a.Name, b.Name), cmp.Compare(a.About, b.About))
	})
	return out
}

func due(d Due, today string) Due {
	if n, err := tables.DaysBetween(today, d.DueOn); err == nil {
		d.Left, d.Over = max(0, n), max(0, -n)
	}
	return d
}

// dueTerms are the obligations that are not performed.
func (c *course) dueTerms(owner crdt.ID, today string) []Due {
	if c.state.Mediation != StateEffective {
		return nil
	}
	var out []Due
	for n := int64(1); n <= c.facts.agreement.termCount(); n++ {
		if day := c.dueOf(n); c.facts.performed[n] == nil && day != "" {
			out = append(out, due(Due{What: "term", Name: StepPerform, About: itoa(n), DueOn: day, Actor: tables.ActorParties, Unit: c.actorOf(tables.ActorHandler, nil, owner), Text: str(c.term(n)["what"])}, today))
		}
	}
	return out
}

// dueAnswers are letters and applications that nobody has signed for yet.
func (c *course) dueAnswers(today string) []Due {
	var out []Due
	for _, r := range c.facts.referrals {
		switch r.state() {
		case StateSent:
			out = append(out, due(Due{What: "letter", Name: StepReferReceive, About: EntryID(r.sent.ref), DueOn: r.sent.day, Actor: tables.ActorReceiver, Unit: idOf(r.to())}, today))
		case StateReported:
			out = append(out, due(Due{What: "letter", Name: StepReferClose, About: EntryID(r.sent.ref), DueOn: r.reported.day, Actor: tables.ActorSender, Unit: r.sent.op.Unit}, today))
		}
	}
	if a := c.facts.application; a != nil && a.state() == StateApplied {
		out = append(out, due(Due{What: "application", Name: StepConfirmReceive, About: EntryID(a.applied.ref), DueOn: a.applied.day, Actor: tables.ActorCourt, Unit: idOf(unitKey(a.applied.value[keyCourt]))}, today))
	}
	return out
}

// nextSession is the day agreed for the next session; "" where there is none
// or one was held since.
func (c *course) nextSession() string {
	if c.state.Mediation != StateMediating && c.state.Mediation != StateSuspended {
		return ""
	}
	next := ""
	for _, e := range c.counted {
		switch e.step {
		case StepStartSession:
			next = ""
		case StepEndSession:
			next = BeijingDay(str(e.value[keyNextAt]))
		}
	}
	return next
}

// Inbox is a letter or application that lies with a unit.
type Inbox struct {
	What  string  `json:"what"` // letter or application
	About string  `json:"about"`
	Kind  string  `json:"kind"`
	State string  `json:"state"`
	From  crdt.ID `json:"-"`
	On    string  `json:"sent_on"`
}

// InboxOf lists what lies with a unit: letters to it that it has not finished
// with, answers to its letters, applications to it.
func InboxOf(s *crdt.State, unit crdt.ID) []Inbox {
	c := resolve(readLog(s))
	key := string(unit[:])
	var out []Inbox
	for _, r := range c.facts.referrals {
		state := r.state()
		switch {
		case r.draft || r.kind() == kindGuide:
		case r.to() == key && contains([]string{StateSent, StateReceived, StateAccepted, StateInWork}, state):
			out = append(out, Inbox{What: "letter", About: EntryID(r.sent.ref), Kind: r.kind(), State: state, From: r.sent.op.Unit, On: r.sent.day})
		case r.sent.op.Unit == unit && contains([]string{StateReported, StateDeclined, StateLapsed}, state):
			out = append(out, Inbox{What: "answer", About: EntryID(r.sent.ref), Kind: r.kind(), State: state, From: idOf(r.to()), On: r.sent.day})
		}
	}
	if a := c.facts.application; a != nil && unitKey(a.applied.value[keyCourt]) == key && contains(append(pendingConfirmation, StateObjected), a.state()) {
		out = append(out, Inbox{What: "application", About: EntryID(a.applied.ref), Kind: StepConfirmApply, State: a.state(), From: a.applied.op.Unit, On: a.applied.day})
	}
	return out
}
