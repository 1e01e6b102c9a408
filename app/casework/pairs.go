package casework

import "slices"

// stepSettle is the event of a decision; it is made by Settle, not by Act.
const stepSettle = "settle"

// PairVerdict says what becomes of two concurrent steps.
type PairVerdict uint8

// The verdicts.
const (
	// BothStand: both count; what they say is united.
	BothStand PairVerdict = iota
	// SameStand: both stand if they say the same in codes and days (shown is
	// the earlier), otherwise a person decides.
	SameStand
	// PersonDecides: a person chooses; until then the course of the track waits.
	PersonDecides
)

// Decider says which person decides between two concurrent steps.
type Decider string

// The deciders.
const (
	ByHandler  Decider = "handler"  // mediator or director of who works on the dispute, or of the owner's station
	ByCourt    Decider = "court"    // judge or director of the court to which the application went
	BySender   Decider = "sender"   // director, clerk or judge of the unit that sent the letter
	ByReceiver Decider = "receiver" // mediator or director of the unit to which it went
)

type ruling struct {
	verdict PairVerdict
	decider Decider
	because string // key of the reason, "pair.<because>" of the messages
}

func person(because string) ruling { return ruling{PersonDecides, ByHandler, because} }
func alike(because string) ruling  { return ruling{SameStand, ByHandler, because} }
func (r ruling) by(d Decider) ruling {
	r.decider = d
	return r
}

// endings are the steps that end mediation without an agreement.
var endings = []string{StepTerminate, StepStop, StepWithdraw}

// decisive lists the pairs that do not simply both stand. Only steps that
// decide something contradict each other; what rests on a step that was set
// aside has no effect by itself (see course.go), so that a session or closing
// needs no row. Verdicts look only at what a digest shows too, so that a case
// and its digest are contested alike.
var decisive = func() map[[2]string]ruling {
	out := map[[2]string]ruling{}
	each := func(left, right []string, r ruling) {
		for _, a := range left {
			for _, b := range right {
				if _, there := out[[2]string{b, a}]; !there {
					out[[2]string{a, b}] = r
				}
			}
		}
	}
	one := func(s ...string) []string { return s }
	turnedAway := one(StepRefuse, StepRedirect)

	// Two acceptances begin the same month unless their days differ.
	each(one(StepAccept), one(StepAccept), alike("day"))
	// Accepted and turned away at once: the parties' rights differ.
	each(one(StepAccept), turnedAway, person("accepted_or_not"))
	each(one(StepRefuse), one(StepRefuse), alike("ground"))
	each(one(StepRedirect), one(StepRedirect), alike("ground"))
	each(one(StepRefuse), one(StepRedirect), person("accepted_or_not"))
	each(one(StepMakeCase), one(StepKeepLead), person("lead"))
	// An agreement made, signed or performed while another desk turned the case
	// away or ended it. Who did not know of a decision for the ending opens it again.
	each(one(StepAgree, StepSign, StepInForce, StepPerform), turnedAway, person("agreed_or_not"))
	each(one(StepAgree, StepSign, StepInForce, StepPerform), endings, person("agreed_or_ended"))
	// Two agreements: even alike they may differ in their words; and a new
	// wording while another desk gathered signatures under the old one.
	each(one(StepAgree), one(StepAgree, StepSign), person("two_wordings"))
	// The same agreement entered at two desks counts once; what was entered goes
	// before drafts (spent).
	each(one(StepInForce), one(StepInForce), alike("two_wordings"))
	// A party refused to sign at one desk while another gathered signatures.
	each(one(StepRefuseDraft), one(StepSign), person("signed_or_refused"))
	each(endings, endings, alike("ending"))
	// More time was agreed while another desk ended it.
	each(one(StepExtend), one(StepTerminate), person("extended_or_ended"))
	each(one(StepExtend), one(StepExtend), alike("until"))
	// Stopped for cause (a suspected fake, a recusal) while an agreement came about.
	each(one(StepSuspend, StepRecuse), one(StepAgree, StepSign, StepInForce), person("agreed_while_stopped"))
	each(one(StepReopen), one(StepClose, StepArchive, StepDispose), person("reopened_or_closed"))
	each(one(StepReopen), one(StepPerform, StepSign, StepInForce, StepConfirmApply, StepConfirmRule, StepNotarise, StepOrderApply, StepEnforce), person("reopened_or_going_on"))
	each(one(StepArchive), one(StepArchive), alike("retention"))
	each(one(StepDispose), one(StepDispose), alike("ground"))

	court := func(r ruling) ruling { return r.by(ByCourt) }
	each(one(StepConfirmApply), one(StepConfirmApply), alike("two_courts"))
	each(one(StepConfirmReceive), one(StepConfirmReceive), court(alike("day")))
	each(one(StepConfirmAccept), one(StepConfirmAccept), court(alike("day")))
	each(one(StepConfirmAccept), one(StepConfirmRefuse), court(person("court_both")))
	each(one(StepConfirmRule), one(StepConfirmDismiss), court(person("court_both")))
	each(one(StepConfirmRule), one(StepConfirmRule), court(alike("day")))
	each(one(StepConfirmDismiss), one(StepConfirmDismiss), court(alike("ground")))
	each(one(StepConfirmRefuse), one(StepConfirmRefuse), court(alike("ground")))
	each(one(StepConfirmWithdraw), one(StepConfirmRule, StepConfirmDismiss, StepConfirmRefuse), court(person("withdrawn_or_ruled")))
	each(one(StepConfirmObjection), one(StepConfirmObjection), court(alike("result")))
	each(one(StepNotarise), one(StepConfirmApply, StepOrderApply), person("two_ways"))
	each(one(StepOrderApply), one(StepConfirmApply), person("two_ways"))
	each(one(StepOrderEnd), one(StepOrderEnd), alike("result"))

	sender := func(r ruling) ruling { return r.by(BySender) }
	receiver := func(r ruling) ruling { return r.by(ByReceiver) }
	each(one(StepRefer), one(StepRefer), sender(alike("two_letters")))
	each(one(StepReferReceive), one(StepReferReceive), receiver(alike("day")))
	each(one(StepReferAccept), one(StepReferAccept), receiver(alike("day")))
	each(one(StepReferAccept), one(StepReferDecline), receiver(person("taken_or_declined")))
	each(one(StepReferDecline), one(StepReferDecline), receiver(alike("ground")))
	each(one(StepReferReport), one(StepReferReport), receiver(person("two_reports")))
	each(one(StepReferAccept, StepReferReceive, StepReferReport, StepReferExtend), one(StepReferLapse, StepReferRecall), sender(person("taken_back")))
	each(one(StepReferClose), one(StepReferClose), sender(alike("result")))
	return out
}()

func rulingOf(a, b string) ruling {
	if r, ok := decisive[[2]string{a, b}]; ok {
		return r
	}
	return decisive[[2]string{b, a}]
}

// Pair gives the verdict for two concurrent steps; it is symmetric.
func Pair(a, b string) PairVerdict { return rulingOf(a, b).verdict }

// DeciderOf says who decides between two steps; "" where both stand.
func DeciderOf(a, b string) Decider { return rulingOf(a, b).decider }

// PairReason is the key of the sentence that says why two steps can't both
// stand; "" where they do.
func PairReason(a, b string) string { return rulingOf(a, b).because }

// pairTrack is the track on which a contradiction is settled: the weightier of the two.
func pairTrack(a, b string) string {
	return tracks[min(slices.Index(tracks, trackOf(a)), slices.Index(tracks, trackOf(b)))]
}

// sayKeys are the keys that two steps must agree in to say the same, besides
// their day. Endings compare their reason, whichever step they are.
var sayKeys = map[string][]string{
	StepRefuse: {keyGround}, StepRedirect: {keyBody}, StepExtend: {keyUntil}, StepArchive: {keyRetention}, StepDispose: {keyDecision},
	StepInForce: {keyWording}, StepConfirmApply: {keyCourt}, StepConfirmDismiss: {keyGround}, StepConfirmRefuse: {keyGround}, StepConfirmObjection: {keyResult}, StepOrderEnd: {keyResult},
	StepRefer: {keyKind, keyTo}, StepReferDecline: {keyGround}, StepReferClose: {keyOutcome},
}

// says is what SameStand compares besides the day.
func (e *event) says() string {
	if reason := e.endingReason(); reason != "" {
		return reason
	}
	out := ""
	for _, key := range sayKeys[e.step] {
		switch v := e.value[key].(type) {
		case []byte:
			out += string(v) + "\n"
		case string:
			if list := listOf(e.step, key); list != "" {
				v = str(knownCodeOr(list, v))
			} else if day := BeijingDay(v); day != "" {
				v = day // digests keep the day alone
			}
			out += v + "\n"
		default:
			out += unitKey(v) + "\n"
		}
	}
	return out
}

// endingReason is the reason for which a step ends mediation, one of the codes
// of termination; "" for other steps. A party that stops has the reason of one
// that is not willing (在线调解规则 art. 25).
func (e *event) endingReason() string {
	switch e.step {
	case StepTerminate:
		return str(knownCodeOr("termination_reason", e.value[keyReason]))
	case StepWithdraw:
		return str(knownCodeOr("withdraw_reason", e.value[keyWhy]))
	case StepStop:
		return reasonRefused
	}
	return ""
}

const reasonRefused = "refused"

// listOf is the code table of a step's field; "" where it has none.
func listOf(step, key string) string {
	if r := ruleOf[step]; r != nil {
		for _, f := range r.fields {
			if f.Name == key {
				return f.List
			}
		}
	}
	return ""
}

// conflict reports whether two concurrent events need a person. Steps on
// different letters have nothing to do with each other.
func (l *log) conflict(a, b *event) bool {
	r := rulingOf(a.step, b.step)
	if r.verdict == BothStand || l.letterOf(a) != l.letterOf(b) {
		return false
	}
	if a.step == StepInForce && b.step == StepInForce {
		return a.says() != b.says() // two desks may count other signatures for one text
	}
	return r.verdict == PersonDecides || a.day != b.day || a.says() != b.says()
}

// letterOf is the letter that a step of a referral is about: the one it names,
// or the last that it saw; -1 for other steps and for letters themselves.
func (l *log) letterOf(e *event) int {
	if trackOf(e.step) != trackReferral || e.step == StepRefer || e.step == StepReferDraft {
		return -1
	}
	if ref, ok := refOf(e.value[keyReferral]); ok {
		if i, known := l.index[ref]; known {
			return i
		}
	}
	for i := len(l.events) - 1; i >= 0; i-- {
		if e.before.has(i) && l.events[i].step == StepRefer {
			return i
		}
	}
	return -1
}
