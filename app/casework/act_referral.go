package casework

import (
	"maps"
	"slices"
	"strings"

	"hejie/app/tables"
	"hejie/sync/crdt"
)

// ClockReferralAnswer is the clock of the receiver's answer (在线调解规则 art. 12).
const ClockReferralAnswer = tables.ClockReferralAnswer

// courtKinds are the kinds of referral that only a court makes.
var courtKinds = []string{kindDelegatePre, kindEntrustPost, kindInvite}

// courtBodies are the kinds of body that are courts.
var courtBodies = []string{"fy", "ft"}

// rosterKinds go only to bodies on the court's roster (特邀调解规定 arts. 5–8).
var rosterKinds = []string{kindDelegatePre, kindEntrustPost}

func (c *course) completeReferral(ck *checker, s *crdt.State, a Actor, step string, value map[string]crdt.Value) *Refusal {
	if step == StepRefer || step == StepReferDraft {
		return c.sending(ck, a, step, value)
	}
	letter, ok := c.findLetter(ck, a, step, value)
	if !ok {
		return nil
	}
	if letter == nil {
		return &Refusal{Step: step, Rule: "no_letter", Article: ruleOf[step].article}
	}
	value[keyReferral] = refValue(letter.sent.ref)
	switch step {
	case StepReferAccept:
		ck.number(value, strs(value[keyMediators]))
	case StepReferLapse:
		began := letter.sent.day
		if letter.received != nil {
			began = letter.received.day
		}
		last := ck.last(ClockReferralAnswer, began)
		if last == "" || BeijingDay(str(value[keyAt])) <= last {
			return &Refusal{Step: step, Rule: "not_lapsed", Article: "online-12", Params: map[string]string{"last": last}}
		}
	case StepReferReport:
		if c.goesOn(letter) {
			return c.notEnded()
		}
		if c.state.Mediation == StateSuspended && letter.takesOver() && str(value[keyResult]) != resultSham {
			return c.notEnded()
		}
		c.reporting(ck, s, value)
	}
	return nil
}

// findLetter finds the letter that a step names, or the only one that it can mean.
func (c *course) findLetter(ck *checker, a Actor, step string, value map[string]crdt.Value) (*referral, bool) {
	known := c.letters(step, keyReferral)
	id := str(value[keyReferral])
	var fits []*referral
	for _, r := range c.facts.referrals {
		e := &event{step: step, value: map[string]crdt.Value{keyReferral: refValue(r.sent.ref)}}
		e.op.Unit = a.Unit
		if slices.Contains(known, EntryID(r.sent.ref)) && c.facts.entitled(ruleOf[step], e) {
			fits = append(fits, r)
		}
	}
	if id == "" {
		if len(fits) == 0 {
			return nil, true
		}
		return fits[len(fits)-1], true
	}
	for _, r := range fits {
		if EntryID(r.sent.ref) == strings.ToLower(id) {
			return r, true
		}
	}
	ck.fail(keyReferral, codeChoice, "value", shorten(id), "known", strings.Join(known, ", "))
	return nil, false
}

// sending checks a letter before it goes: to whom, with whose consent, from the roster.
func (c *course) sending(ck *checker, a Actor, step string, value map[string]crdt.Value) *Refusal {
	if step == StepRefer {
		if !c.fromDraft(ck, value) {
			return nil
		}
	}
	kind := str(value[keyKind])
	for _, key := range []string{keyKind, keyTo} {
		if value[key] == nil {
			ck.fail(key, CodeMissing)
			return nil
		}
	}
	to := crdt.ID([]byte(unitKey(value[keyTo])))
	refuse := func(rule, article string, params ...string) *Refusal {
		return &Refusal{Step: step, Rule: rule, Article: article, Params: pairs(params)}
	}
	body, _ := ck.body(to)
	day := BeijingDay(str(value[keyAt]))
	sender, known := ck.body(a.Unit)
	switch {
	case to == a.Unit:
		return refuse("to_self", "")
	case known && contains(courtKinds, kind) && !contains(courtBodies, sender.Kind):
		return refuse("court_only", "invited-11")
	case contains(rosterKinds, kind) && ck.set != nil && ck.set.Rostered != nil && !ck.set.Rostered(to, day):
		return refuse("not_rostered", "invited-5", "body", body.Code, "on", day)
	}
	if step == StepReferDraft {
		return nil
	}
	if consents, _ := value[keyConsents].([]crdt.Value); contains(needsConsent, kind) && len(consents) == 0 {
		return refuse("consent_missing", "invited-11")
	}
	if contains(needsConsent, kind) && str(value[keyLetterNo]) == "" && str(value[keyCourtNo]) == "" {
		ck.fail(keyLetterNo, CodeMissing)
	}
	value[keyWithin] = ck.reads(to)
	return nil
}

// fromDraft takes over what the letter's draft says and the step does not.
func (c *course) fromDraft(ck *checker, value map[string]crdt.Value) bool {
	id := str(value[keyDraft])
	if id == "" {
		delete(value, keyDraft)
		return true
	}
	for _, r := range c.facts.referrals {
		if r.draft && EntryID(r.sent.ref) == strings.ToLower(id) {
			merged := maps.Clone(r.sent.value)
			maps.Copy(merged, value)
			maps.Copy(value, merged)
			value[keyDraft], value[keyStep] = refValue(r.sent.ref), StepRefer
			return true
		}
	}
	ck.fail(keyDraft, codeChoice, "value", shorten(id), "known", strings.Join(c.letters(StepRefer, keyDraft), ", "))
	return false
}

// goesOn reports whether a letter's receiver still mediates: who gives the work
// back has ended it, or agreed (特邀调解规定 art. 26), and reports a suspected sham
// once it is suspended (art. 18). Who advised or attended leaves the case where
// it is.
func (c *course) goesOn(letter *referral) bool {
	return letter.takesOver() && c.state.Mediation != StateSuspended && (contains(working, c.state.Mediation) || c.state.Mediation == StateAgreed)
}

// mediatesStill is goesOn for the letter that a unit would report on.
func (c *course) mediatesStill(unit crdt.ID) bool {
	for i := len(c.facts.referrals) - 1; i >= 0; i-- {
		if r := c.facts.referrals[i]; r.to() == string(unit[:]) && contains([]string{StateAccepted, StateInWork}, r.state()) {
			return c.goesOn(r)
		}
	}
	return false
}

func (c *course) notEnded() *Refusal {
	return &Refusal{Step: StepReferReport, Rule: "not_ended", Article: "invited-26", Params: map[string]string{"now": c.state.Mediation}}
}

// reporting checks what goes back: an agreement that is there, or the reasons
// why there is none. The undisputed facts that the parties confirmed go along;
// proposals and concessions lie in the body's notes and have no field here
// (在线调解规则 arts. 18, 21, 22).
func (c *course) reporting(ck *checker, s *crdt.State, value map[string]crdt.Value) {
	if str(value[keyResult]) == resultAgreed {
		if c.facts.effectiveOn == "" {
			ck.fail(keyResult, "not_agreed")
		}
	} else {
		if c.facts.effectiveOn != "" {
			ck.fail(keyResult, "is_agreed")
		}
		if strings.TrimSpace(str(value[keyWhy])) == "" {
			ck.fail(keyWhy, CodeMissing)
		}
	}
	c.reportFacts(ck, s, value)
	c.repeats(ck, s, value)
}

// reportFacts lets the undisputed facts that all parties confirmed go along,
// and no others: what one side conceded stays with the body.
func (c *course) reportFacts(ck *checker, s *crdt.State, value map[string]crdt.Value) {
	var known []string
	if u := c.undisputedView(s); u != nil && !u.Contested {
		known = u.Facts
	}
	if value[keyUndisputed] == nil {
		if len(known) > 0 {
			value[keyUndisputed] = c.facts.confirmedFacts.value[keyUndisputed]
		}
		return
	}
	list, _ := value[keyUndisputed].([]crdt.Value)
	for i, item := range list {
		row, _ := item.(map[string]crdt.Value)
		if !slices.Contains(known, str(row["fact"])) {
			ck.fail(indexed(keyUndisputed, i), "unconfirmed")
		}
	}
}
