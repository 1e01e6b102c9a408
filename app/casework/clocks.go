package casework

import (
	"cmp"
	"slices"

	"hejie/app/tables"
	"hejie/sync/crdt"
)

// Clock is one time limit of a case as it stands: which step started it, which
// day is its last and why, and who must act (DOMAIN 1.3). It settles nothing:
// a clock that ran out is shown to a person.
type Clock struct {
	tables.Reading
	// About is the id of the letter or application that it belongs to; empty
	// for the case as a whole.
	About string `json:"about,omitempty"`
	// Unit is the unit whose people must act; empty where the parties must.
	Unit crdt.ID `json:"-"`
}

// occurrence is something that starts, meets or stops clocks, in the words of
// the clocks table.
type occurrence struct {
	name  string
	day   string
	until string // a day that was set along with it
	about int    // index of the letter or application; ofCase: of the whole case
	at    int    // index of the event; -1: the receipt
}

// ofCase is what concerns the case and not one letter or application.
const ofCase = -1

// occurs names in the words of the clocks table what a step is.
var occurs = map[string][]string{
	StepAccept:        {"accepted"},
	StepRefuse:        {"intake_refused", "complaint_refused"},
	StepAskSupplement: {"supplement_asked"},
	StepSupplement:    {"supplement_made"},
	StepAgree:         {"agreed"},
	StepInForce:       {"agreed"},
	StepTerminate:     {"terminated"},
	StepStop:          {"terminated", "other_party_answered"},
	StepWithdraw:      {"withdrawn"},
	StepClose:         {"closed"},
	StepDocket:        {"docketed", "suit_filed"},
	StepSue:           {"suit_filed"},
	StepEnforce:       {"enforcement_applied"},

	StepReferReceive: {"referral_received"},
	StepReferAccept:  {"referral_accepted"},
	StepReferDecline: {"referral_declined"},
	StepReferRecall:  {"referral_recalled"},
	StepReferLapse:   {"referral_recalled"},

	StepConfirmApply:    {"confirmation_applied"},
	StepConfirmReceive:  {"confirmation_received"},
	StepConfirmAsk:      {"confirmation_supplement_asked"},
	StepConfirmSupply:   {"confirmation_supplement_made"},
	StepConfirmAccept:   {"confirmation_accepted"},
	StepConfirmRefuse:   {"confirmation_refused"},
	StepConfirmWithdraw: {"confirmation_withdrawn"},
	StepConfirmRule:     {"confirmation_ruled", "ruling_received"},
	StepConfirmDismiss:  {"confirmation_ruled"},
	StepConfirmObject:   {"objection_made"},
	StepOrderApply:      {"payment_order_applied"},
	StepOrderIssue:      {"payment_order_accepted", "payment_order_issued", "payment_order_received"},
}

// occurrences lists them in causal order, those that several events make up
// (effectiveness, full performance) after the event that completed them. What
// the receipt of a request is depends on who received it, and of what.
func (c *course) occurrences(s *crdt.State, place UnitCode) []occurrence {
	var out []occurrence
	if received := BeijingDay(str(s.Register(root("received_at")).Shown)); received != "" {
		names := []string{"application_received", "protection_asked"}
		if courtly(place.Body) {
			names = append(names, "complaint_received")
		}
		for _, name := range names {
			out = append(out, occurrence{name: name, day: received, about: ofCase, at: -1})
		}
	}
	if known := c.knownOn(); known != "" {
		out = append(out, occurrence{name: "right_infringed_known", day: known, about: ofCase, at: -1})
	}
	out = append(out, c.online(s, place)...)
	for i, e := range c.counted {
		if e.day == "" {
			continue
		}
		about := c.scope(i, e)
		if known := BeijingDay(str(e.value[keyKnown])); e.step == StepConfirmObject && known != "" {
			out = append(out, occurrence{name: "harm_known", day: known, about: about, at: i})
		}
		for _, name := range append(slices.Clone(occurs[e.step]), c.occasions(e)...) {
			out = append(out, occurrence{name: name, day: e.day, until: BeijingDay(str(e.value[keyUntil])), about: about, at: i})
		}
	}
	return append(out, c.computed()...)
}

// courtly tells whether a body is a court or one of its tribunals.
func courtly(body string) bool { return body == "fy" || body == "ft" }

// knownOn is the day on which, as was noted at acceptance, the party knew that
// its right was infringed; empty where nobody noted one.
func (c *course) knownOn() string {
	if c.facts.accepted == nil {
		return ""
	}
	return BeijingDay(str(c.facts.accepted.value[keyKnown]))
}

// online is what agreeing to mediate online leads to where a court has the case:
// the first party that asks, and the last that agrees (在线调解规则 arts. 4, 10, 24).
func (c *course) online(s *crdt.State, place UnitCode) []occurrence {
	if !courtly(place.Body) {
		return nil
	}
	var out []occurrence
	agreed := map[crdt.Ref]bool{}
	for i, e := range c.counted {
		if e.step != StepConsent || str(e.value[keyPurpose]) != purposeOnline || e.day == "" {
			continue
		}
		for _, r := range e.refs(keyParties) {
			agreed[r] = e.value[keyGiven] == true
		}
		if e.value[keyGiven] == true && len(out) == 0 {
			out = append(out, occurrence{name: "online_applied", day: e.day, about: ofCase, at: i})
		}
		if all := parties(s); len(all) > 0 && !slices.ContainsFunc(all, func(p storedParty) bool { return !agreed[p.ref] }) {
			return append(out, occurrence{name: "all_parties_agreed", day: e.day, about: ofCase, at: i})
		}
	}
	return out
}

// scope is the letter or application that an event is about.
func (c *course) scope(i int, e *event) int {
	switch trackOf(e.step) {
	case trackReferral:
		if e.step == StepRefer {
			return i
		}
		return c.log.letterOf(e)
	case trackConfirmation:
		if e.step == StepConfirmApply {
			return ofCase // it meets the clock that effectiveness started
		}
	}
	return ofCase
}

// occasions are what depends on a step's fields.
func (c *course) occasions(e *event) []string {
	switch e.step {
	case StepConsent:
		if str(e.value[keyPurpose]) == purposeMediation {
			return []string{"other_party_answered"}
		}
	case StepAssign:
		if str(e.value[keyBy]) == byParties {
			return []string{"mediator_chosen"}
		}
		return []string{"mediator_designated"}
	case StepReferReport:
		if str(e.value[keyResult]) != resultAgreed {
			return []string{"materials_returned"}
		}
	case StepReferClose:
		if str(e.value[keyOutcome]) == outcomeDocketed {
			return occurs[StepDocket]
		}
	case StepRefer:
		if contains(handsOver, str(e.value[keyKind])) {
			return []string{"referral_sent"}
		}
	case StepPerform:
		return []string{"performance_agreed"} // who pays a part agrees to pay (诉讼时效规定 art. 14)
	case StepReferAccept:
		if r := c.facts.referralOf(e); r != nil && r.sent.value[keyOnline] == true {
			return []string{"online_accepted"}
		}
	case StepTerminate:
		if str(e.value[keyReason]) == "unreachable" {
			return []string{"other_party_unreachable"}
		}
	case StepOrderEnd:
		switch str(e.value[keyResult]) {
		case "objected":
			return []string{"payment_order_objected"}
		case "refused":
			return []string{"payment_order_refused", "payment_order_dismissed"}
		}
	}
	return nil
}

// computed are the occurrences that no single step is.
func (c *course) computed() []occurrence {
	f := &c.facts
	// What all have signed binds them since then, entered or not.
	effective := cmp.Or(f.effectiveOn, f.completeOn)
	if effective == "" {
		return nil
	}
	last := len(c.log.events)
	add := func(name, day string) occurrence {
		return occurrence{name: name, day: day, about: ofCase, at: last}
	}
	out := []occurrence{{name: "effective", day: effective, about: ofCase, at: f.agreementAt}, {name: "performance_agreed", day: effective, about: ofCase, at: f.agreementAt}}
	due, done := "", ""
	for n := int64(1); n <= f.agreement.termCount(); n++ {
		due = max(due, c.agreedDue(n))
		if p := f.performed[n]; p != nil {
			done = max(done, p.day)
		}
	}
	if f.enforceable() && due != "" {
		// The law counts from the end of the last instalment, whatever was made due
		// before it; what a clause hastened is a clock of its own.
		out = append(out, occurrence{name: "performance_due", day: due, about: ofCase, at: f.agreementAt})
		if f.hastened != nil {
			out = append(out, occurrence{name: "performance_hastened", day: f.hastened.day, about: ofCase, at: f.agreementAt})
		}
	}
	if f.openTerms() == 0 {
		out = append(out, add("performed", max(done, effective)))
	}
	return out
}

// clockFits tells whether a clock is meant for a letter: the periods of a
// referral differ with its kind and the court's procedure (特邀调解规定 art. 27).
func clockFits(id string, letter *referral) bool {
	kind := letter.kind()
	simplified := str(letter.sent.value[keyProcedure]) == "simplified"
	online := letter.sent.value[keyOnline] == true
	switch id {
	case tables.ClockDelegated:
		return kind == kindDelegatePre && !online
	case tables.ClockEntrustedOrdinary:
		return kind == kindEntrustPost && !simplified && !online
	case tables.ClockEntrustedSummary:
		return kind == kindEntrustPost && simplified && !online
	case tables.ClockOnline:
		return kind == kindDelegatePre
	case tables.ClockOnlineOrdinary:
		return kind == kindEntrustPost && !simplified
	case tables.ClockOnlineSummary:
		return kind == kindEntrustPost && simplified
	case tables.ClockAskOtherParty:
		return kind == kindDelegatePre
	case tables.ClockDocketing:
		return kind == kindDelegatePre
	case tables.ClockReferralAnswer:
		return kind != kindGuide
	}
	return true
}

// judgeLed tells whether a clock is meant for mediation online that a judge
// leads, without a letter: before docketing, or after it by the suit's procedure.
func (c *course) judgeLed(id string) bool {
	docketed, simplified := len(c.facts.dockets) > 0, false
	for _, e := range c.facts.dockets {
		simplified = simplified || str(e.value[keyProcedure]) == "simplified"
	}
	switch id {
	case tables.ClockOnline:
		return !docketed
	case tables.ClockOnlineOrdinary:
		return docketed && !simplified
	case tables.ClockOnlineSummary:
		return docketed && simplified
	}
	return true
}

// Clocks lists the clocks of a case, in the order in which they began. owner is
// the id of the unit that owns it, place what its code says.
// notes are those of the case that are held.
func Clocks(s *crdt.State, set *tables.Set, owner crdt.ID, place UnitCode, notes ...*crdt.State) []Clock {
	c := resolve(readLog(s, notes...))
	all := c.occurrences(s, place)
	category := str(s.Register(root("category")).Shown)
	var out []Clock
	for _, clock := range set.Clocks().Rows {
		if clock.Applies(place.Division, category) {
			out = append(out, c.read(set, clock, all, owner)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.StartedOn, b.StartedOn), cmp.Compare(a.Reading.Clock, b.Reading.Clock), cmp.Compare(a.About, b.About))
	})
	return out
}

// read evaluates one kind of clock: once for each start that no earlier run of
// the same scope covers. A clock that renews shows its last run alone.
func (c *course) read(set *tables.Set, clock tables.Clock, all []occurrence, owner crdt.ID) []Clock {
	var out []Clock
	still := len(c.log.events)
	ranTo := map[int]int{} // scope -> the event that ended its last run; still: it runs
	starts := all
	if clock.Renews { // what interrupts counts in the order of days, not of writing
		starts = slices.Clone(all)
		slices.SortStableFunc(starts, func(a, b occurrence) int { return cmp.Compare(a.day, b.day) })
	}
	for _, start := range starts {
		if !contains(clock.Starts, start.name) || clock.Kind == tables.KindLocal && start.until == "" && clock.Length == 0 {
			continue
		}
		to, ran := ranTo[start.about]
		renewing := clock.Renews && ran && to == still
		if ran && start.at <= to && !renewing || renewing && start.day > out[len(out)-1].DueOn {
			continue // it runs, or had run out before it could be interrupted
		}
		letter := c.letterAt(start.about)
		if letter != nil && !clockFits(clock.ID, letter) || letter == nil && !c.judgeLed(clock.ID) {
			continue
		}
		one, end, err := c.run(set, clock, start, letter, all)
		if err != nil {
			continue // impossible days are refused where they are written; a forged one starts no clock
		}
		one.Unit = c.actorOf(clock.Actor, letter, owner)
		ranTo[start.about] = end
		if renewing {
			out[len(out)-1] = one
		} else {
			out = append(out, one)
		}
	}
	return out
}

// run evaluates one run of a clock; end is the event that ended it, or the
// number of events where it still runs.
func (c *course) run(set *tables.Set, clock tables.Clock, start occurrence, letter *referral, all []occurrence) (one Clock, ending int, err error) {
	end, ended := endOf(clock, start, all)
	ending = len(c.log.events)
	history := tables.History{StartedOn: start.day, Pauses: c.pauses(clock), Extensions: c.extensions(clock, start, letter)}
	if ended {
		ending = end.at
		history.EndedOn, history.EndedBy = max(end.day, start.day), end.name
	}
	history.Pauses = slices.DeleteFunc(history.Pauses, func(p tables.Standing) bool { return ended && p.From >= history.EndedOn })
	one.Reading, err = set.Run(clock.ID, history)
	if err == nil && ended && end.day < start.day {
		one.EndedOn = end.day // met before its time came, such as by enforcement after an acceleration
	}
	if letter != nil {
		one.About = EntryID(letter.sent.ref)
	}
	return one, ending, err
}

func (c *course) letterAt(about int) *referral {
	if about < 0 || about >= len(c.log.events) {
		return nil
	}
	return c.facts.referralBy(c.log.events[about].ref)
}

// endOf is the first occurrence after the start that meets or stops the clock.
func endOf(clock tables.Clock, start occurrence, all []occurrence) (occurrence, bool) {
	for _, o := range all {
		if o.at < start.at || o.at == start.at && o.name == start.name || o.about != ofCase && start.about != ofCase && o.about != start.about {
			continue
		}
		if contains(clock.Ends, o.name) || contains(clock.Stops, o.name) {
			return o, true
		}
	}
	return occurrence{}, false
}

// pauseKinds are the reasons of suspension in the words of the clocks table.
var pauseKinds = map[string]string{"appraisal": "appraisal", "fake": "fake_check"}

// pauses are the times for which mediation stood still.
func (c *course) pauses(clock tables.Clock) []tables.Standing {
	var out []tables.Standing
	for i, e := range c.counted {
		if e.step != StepSuspend || e.day == "" {
			continue
		}
		p := tables.Standing{Kind: cmp.Or(pauseKinds[str(e.value[keyReason])], "suspension"), From: e.day}
		for _, r := range c.counted {
			if (r.step == StepResume || r.step == StepReopen) && r.before.has(i) {
				p.To = max(r.day, p.From)
				break
			}
		}
		if contains(clock.Pauses, p.Kind) {
			out = append(out, p)
		}
	}
	return out
}

// extensions are the days to which a clock was moved: by the parties' agreement,
// or along with what started it.
func (c *course) extensions(clock tables.Clock, start occurrence, letter *referral) []tables.Extension {
	if clock.Extend == nil {
		return nil
	}
	by := clock.Extend.By[0]
	var out []tables.Extension
	if start.until != "" {
		out = append(out, tables.Extension{On: start.day, Until: start.until, By: by, Agreed: true})
	}
	add := func(e *event) {
		if until := BeijingDay(str(e.value[keyUntil])); contains(clock.Extend.By, "parties") && until >= e.day {
			out = append(out, tables.Extension{On: e.day, Until: until, By: "parties", Agreed: true})
		}
	}
	if letter != nil {
		for _, e := range letter.extended {
			add(e)
		}
		return out
	}
	for _, e := range c.facts.extended {
		add(e)
	}
	return out
}

// actorOf is the unit whose people must act; zero where the parties must.
func (c *course) actorOf(actor string, letter *referral, owner crdt.ID) crdt.ID {
	switch actor {
	case tables.ActorReceiver:
		if letter != nil {
			return idOf(letter.to())
		}
	case tables.ActorSender:
		if letter != nil {
			return letter.sent.op.Unit
		}
	case tables.ActorCourt:
		if a := c.facts.application; a != nil && letter == nil {
			return idOf(unitKey(a.applied.value[keyCourt]))
		}
		if letter != nil {
			return letter.sent.op.Unit
		}
	case tables.ActorParties:
		return crdt.ID{}
	}
	for _, r := range c.facts.referrals {
		if r.works() {
			return idOf(r.to())
		}
	}
	return owner
}

func idOf(key string) crdt.ID {
	if len(key) != len(crdt.ID{}) {
		return crdt.ID{}
	}
	return crdt.ID([]byte(key))
}
