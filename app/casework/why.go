package casework

import (
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// who tells whether the actor may take the step at all; nil: yes.
func (c *course) who(step string, a Actor) *Refusal {
	if r := mightTake(step, a); r != nil {
		return r
	}
	e := &event{step: step, before: c.all()}
	e.op.Unit = a.Unit
	r := ruleOf[step]
	stranger := a.Relation == Granted && (r.desk == deskWork || r.desk == deskMediator) && !c.facts.handles(string(a.Unit[:]))
	if a.works() && r.desk != deskReceiver && r.desk != deskCourt && r.desk != deskMediator || c.facts.entitled(r, e) && !stranger {
		return nil
	}
	rule := map[desk]string{deskWork: "not_handler", deskMediator: "not_handler", deskKeeper: "relation", deskSender: "not_sender", deskReceiver: "not_receiver", deskCourt: "not_court"}[r.desk]
	if r.desk == deskReceiver && c.facts.referralOf(e) == nil {
		rule = "no_letter"
	}
	if r.desk == deskCourt && c.facts.application == nil {
		rule = "no_application"
	}
	return &Refusal{Step: step, Rule: rule, Article: r.article}
}

// all is the set of all events: what somebody sees who acts now.
func (c *course) all() bitset {
	out := newBitset(len(c.log.events))
	for i := range c.log.events {
		out.set(i)
	}
	return out
}

// why tells why a step is not possible now; nil: it is.
func (c *course) why(step string, a Actor) *Refusal {
	r := ruleOf[step]
	refuse := func(rule string, params ...string) *Refusal {
		return &Refusal{Step: step, Rule: rule, Article: r.article, Params: pairs(params)}
	}
	if c.log.frozen {
		return &Refusal{Step: step, Rule: "read_only"}
	}
	if d := c.blocking(step); d != nil {
		return c.waits(step, d)
	}
	if rule, params := c.special(step); rule != "" {
		out := refuse(rule, params...)
		if article, other := specialArticles[rule]; other {
			out.Article = article
		}
		return out
	}
	if step == StepReferReport && c.mediatesStill(a.Unit) {
		return c.notEnded()
	}
	now := c.state.of(r.track)
	if r.from != nil && !contains(r.from, now) {
		return c.wrongState(step, now, refuse)
	}
	if r.with != nil && !contains(r.with, c.state.Mediation) {
		return refuse("state", "now", c.state.Mediation, "need", strings.Join(r.with, ", "), "first", strings.Join(way(c.state.Mediation, r.with), ", "))
	}
	e := &event{step: step, before: c.all(), value: probe(step)}
	e.op.Unit = a.Unit
	if r.also != nil && !r.also(&c.facts, e) {
		rule, params := c.condition(step, e)
		return refuse(rule, params...)
	}
	if d := c.inVain(e); d != nil {
		return c.waits(step, d)
	}
	return nil
}

// blocking is the dispute that a step has to wait for; closing waits for all.
func (c *course) blocking(step string) *dispute {
	if step == StepClose && len(c.disputes) > 0 {
		return &c.disputes[0]
	}
	if r := ruleOf[step]; step == StepStop || step == StepWithdraw || r.from == nil && r.with == nil && r.also == nil {
		return nil // a party's right waits for nobody, and what is noted along harms nothing
	}
	return c.heldUp(trackOf(step))
}

// waits says that a step waits for a dispute to be decided.
func (c *course) waits(step string, d *dispute) *Refusal {
	return &Refusal{Step: step, Rule: "contested", Params: pairs([]string{"what", c.stepsOf(d), "field", fieldOfTrack(d.track)})}
}

func (c *course) stepsOf(d *dispute) string {
	var out []string
	for _, i := range d.choices {
		out = append(out, c.log.events[i].step)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

// probe is what a condition looks at where nothing is filled in yet.
func probe(step string) map[string]crdt.Value {
	if step == StepReopen {
		return map[string]crdt.Value{keyAnew: true}
	}
	return nil
}

// specialArticles are the law of refusals that rest on another article than
// the step itself.
var specialArticles = map[string]string{
	"oral": "mediation-30", "effective": "mediation-32", "not_effective": "mediation-29", "mediated": "mediation-29", "party_refused": "mediation-17", "no_mediator": "mediation-19",
	"enter_first": "mediation-29", "entered": "mediation-29", "no_draft": "mediation-29", "oral_confirmation": "interpretation-354", "status_matter": "interpretation-355", "ownership_matter": "interpretation-355",
}

// needsMediator are the steps that somebody has to mediate for, and mediated
// the states in which nobody may be left: all who were assigned stood aside.
var (
	needsMediator = []string{StepDisclose, StepRecuse, StepStartSession, StepAgree}
	mediated      = []string{StateMediating, StateSuspended}
)

// afterAgreement are the steps that an agreement which all have signed comes
// before: it binds them, and is first entered.
var afterAgreement = func() []string {
	out := []string{StepAgree, StepSign, StepRefuseDraft, StepSuspend, StepTerminate, StepStop, StepWithdraw, StepClose}
	for i := range rulebook {
		if r := &rulebook[i]; r.track == trackPerformance || r.track == trackConfirmation {
			out = append(out, r.step)
		}
	}
	return out
}()

// special names the refusals that deserve their own words.
func (c *course) special(step string) (string, []string) {
	f, now := &c.facts, c.state.Mediation
	switch {
	case step != StepEnterAgreement && now == StateAgreed && f.completeOn != "" && contains(afterAgreement, step):
		return "enter_first", []string{"since", f.completeOn}
	case step == StepEnterAgreement && f.entered != nil && now == StateEffective:
		return "entered", []string{"on", f.effectiveOn}
	case step == StepSign && f.agreement != nil && f.agreement.form() == "oral" && now != StateMediating:
		return "oral", nil
	case (step == StepTerminate || step == StepStop || step == StepWithdraw) && now == StateEffective:
		return "effective", nil
	case ruleOf[step].track == trackPerformance && now == StateAgreed, step == StepConfirmApply && now == StateAgreed:
		return "not_effective", []string{"missing", f.missing()}
	case step == StepAssign && (now == StateAgreed || now == StateEffective):
		return "mediated", nil
	case step == StepPerform && now == StateEffective && f.openTerms() == 0:
		return "done", nil
	case step == StepClose && now == StateEffective && !f.settledElsewhere():
		return "not_performed", []string{"open", itoa(f.openTerms())}
	case contains(needsMediator, step) && contains(mediated, now) && len(c.mediators()) == 0:
		return "no_mediator", nil
	case step == StepConfirmApply && now == StateEffective && contains(ruleOf[step].from, c.state.Confirmation) && c.unconfirmable() != "":
		return c.unconfirmable(), nil
	case (step == StepAccept || step == StepStartSession || step == StepAgree) && len(f.refusing) > 0:
		return "party_refused", []string{"count", itoa(int64(len(f.refusing)))}
	}
	return "", nil
}

func (c *course) wrongState(step, now string, refuse func(string, ...string) *Refusal) *Refusal {
	r := ruleOf[step]
	if r.track != trackMediation {
		return refuse("track_state", "now_"+r.track, now, "need_"+r.track, strings.Join(r.from, ", "))
	}
	if first := c.finishing(now, r.from); first != nil {
		return refuse("state", "now", now, "need", strings.Join(r.from, ", "), "first", strings.Join(first, ", "))
	}
	switch {
	case now == StateRefusedIntake || now == StateTerminated || now == StateAdvised || now == StateClosed || now == StateRedirected || now == StateArchived || now == StateDisposalReview:
		return refuse("ended", "now", now)
	case passed(step, now):
		return refuse("done")
	}
	return refuse("state", "now", now, "need", strings.Join(r.from, ", "), "first", strings.Join(way(now, r.from), ", "))
}

// condition names a rule's further condition that fails.
func (c *course) condition(step string, e *event) (string, []string) {
	f := &c.facts
	switch step {
	case StepLead:
		return "not_new", nil
	case StepSign, StepRefuseDraft:
		return "no_draft", nil
	case StepEnterAgreement:
		return "not_effective", []string{"missing", f.missing()}
	case StepGiveMinutes:
		return "minutes_suit", nil
	case StepEndSession:
		return "no_session", nil
	case StepSuit:
		return "no_docket", nil
	case StepReopen:
		return "anew", nil
	case StepHasten:
		return "no_acceleration", nil
	case StepEnforce:
		return "not_enforceable", nil
	case StepRefer:
		return "letter_under_way", nil
	}
	if trackOf(step) == trackReferral {
		if letter := f.referralOf(e); letter != nil {
			return "letter_state", []string{"now_referral", letter.state()}
		}
		return "no_letter", nil
	}
	return "condition", nil
}

// mainPath is the way of a case that is agreed, and where each step leads.
var mainPath = []struct{ from, step string }{
	{StateLead, StepMakeCase},
	{StateSubmitted, StepAccept},
	{StateAccepted, StepAssign},
	{StateAssigned, StepStartSession},
	{StateMediating, StepAgree},
	{StateAgreed, StepSign},
	{StateEffective, StepPerform},
}

func pathIndex(state string) int {
	switch state {
	case StateSupplement:
		state = StateSubmitted
	case StateSuspended:
		state = StateMediating
	}
	return slices.IndexFunc(mainPath, func(p struct{ from, step string }) bool { return p.from == state })
}

// passed reports whether the states that a step needs lie behind.
func passed(step, now string) bool {
	at := pathIndex(now)
	for _, need := range ruleOf[step].from {
		if i := pathIndex(need); i >= at || i < 0 && need != StateLeadKept {
			return false
		}
	}
	return at >= 0
}

// way lists the steps that lead from a state of mediation to one that is needed.
func way(now string, need []string) []string {
	if now == StateSuspended && !contains(need, now) {
		return []string{StepResume}
	}
	var out []string
	at := pathIndex(now)
	for ; at >= 0 && at < len(mainPath) && !contains(need, mainPath[at].from); at++ {
		out = append(out, mainPath[at].step)
	}
	if at == len(mainPath) {
		out = append(out, closing(StateEffective, need)...)
	}
	return out
}

// closing lists the steps that lead from where a case may be closed to a closed
// or archived file; nil where they don't lead to what is needed.
func closing(now string, need []string) []string {
	var out []string
	for !contains(need, now) {
		switch now {
		case StateRefusedIntake, StateRedirected, StateTerminated, StateAdvised, StateEffective:
			out, now = append(out, StepClose), StateClosed
		case StateClosed:
			out, now = append(out, StepArchive), StateArchived
		default:
			return nil
		}
	}
	return out
}

// finishing is closing, with the performance that it waits for.
func (c *course) finishing(now string, need []string) []string {
	out := closing(now, need)
	if out != nil && now == StateEffective && !c.facts.settledElsewhere() {
		return append([]string{StepPerform}, out...)
	}
	return out
}

// missing lists as codes what an agreement lacks to be effective.
func (f *facts) missing() string {
	var out []string
	unsigned := int64(0)
	for _, p := range f.agreement.refs(keyParties) {
		if f.signed[p] == "" {
			unsigned++
		}
	}
	if unsigned > 0 {
		out = append(out, "parties:"+itoa(unsigned))
	}
	if f.mediatorOn == "" {
		out = append(out, "mediator")
	}
	if f.sealOn == "" {
		out = append(out, "seal")
	}
	return strings.Join(out, ", ")
}
