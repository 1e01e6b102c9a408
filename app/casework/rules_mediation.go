package casework

// Steps of mediating (人民调解法 arts. 19–29; 特邀调解规定 arts. 15, 18, 26, 27).
const (
	StepAssign       = "assign"
	StepDisclose     = "disclose"
	StepRecuse       = "recuse"
	StepHelper       = "helper"
	StepStartSession = "start-session"
	StepEndSession   = "end-session"
	StepInvestigate  = "investigate"
	StepSuspend      = "suspend"
	StepResume       = "resume"
	StepExtend       = "extend"
	StepUndisputed   = "undisputed"
	StepAgree        = "agree"
	StepSign         = "sign"
	StepRefuseDraft  = "refuse-draft"
	StepGiveMinutes  = "give-minutes"
	StepRelease      = "release"
)

// working are the states in which people mediate.
var working = []string{StateAccepted, StateAssigned, StateMediating, StateSuspended}

// termFields are the fields of one term: an obligation without a name, a
// content or a time can't be enforced (民诉法解释 art. 358: content unclear).
var termFields = []FieldSpec{
	must(FieldSpec{Name: "who", Type: "text", Max: 100}),
	must(text("what")),
	money("amount_fen"),
	must(day("due")),
	code("kind", "term_kind"),
	{Name: "to", Type: "text", Max: 100},
	text("how"),
}

var mediationRules = []rule{
	{
		step: StepAssign, track: trackMediation, from: []string{StateAccepted, StateAssigned, StateMediating, StateSuspended}, roles: decide, article: "mediation-19",
		fields: []FieldSpec{counted(must(FieldSpec{Name: keyMediators, Type: "names", Max: maxMediators})), must(code(keyBy, "assigned_by")), day(keyAt), text(keyReason), code(keyHandover, "handover_reason"), {Name: keyInsteadOf, Type: "text", Max: 100}},
		extra:  map[string]byte{keyRoster: 't'},
	},
	{
		step: StepDisclose, track: trackMediation, from: []string{StateAssigned, StateMediating, StateSuspended}, roles: decide, article: "invited-15",
		fields: []FieldSpec{at, must(text(keyMediator)), must(text(keyWhat)), names(keyWaivedBy)},
	},
	{
		step: StepRecuse, track: trackMediation, from: []string{StateAssigned, StateMediating, StateSuspended}, roles: decide, article: "invited-15",
		fields: []FieldSpec{at, must(text(keyMediator)), must(code(keyGround, "recusal_ground")), must(code(keyBy, "recusal_by")), text(keyReason)}, extra: map[string]byte{keyLeft: 'I', keyRoster: 't'},
	},
	{
		step: StepHelper, track: trackMediation, from: working, roles: decide, article: "mediation-20",
		fields: []FieldSpec{at, must(text(keyName)), must(code(keyRole, "helper_role")), must(names(keyConsentBy)), text(keyWhat)},
	},
	{
		step: StepStartSession, track: trackMediation, from: []string{StateAssigned, StateMediating}, roles: decide, article: "mediation-21",
		fields: []FieldSpec{at, text(keyPlace), names(keyPresent), yesNo(keyOpen)},
	},
	{
		step: StepEndSession, track: trackMediation, from: []string{StateMediating, StateAgreed}, roles: decide, article: "mediation-27",
		fields: []FieldSpec{at, apart(must(code(keyResult, "session_result"))), day(keyNextAt), apart(text(keyNote))},
		also:   func(f *facts, _ *event) bool { return f.sessions != nil },
	},
	{
		step: StepInvestigate, track: trackMediation, from: working, roles: decide, article: "mediation-27",
		fields: []FieldSpec{at, text(keyPlace), apart(must(text(keyWhat))), names(keyPresent)},
	},
	{
		step: StepSuspend, track: trackMediation, from: []string{StateAssigned, StateMediating}, roles: decide, article: "invited-26",
		fields: []FieldSpec{at, must(code(keyReason, "suspend_reason")), day(keyUntil), apart(text(keyNote))},
	},
	{
		step: StepResume, track: trackMediation, from: []string{StateSuspended}, roles: decide, article: "invited-26",
		fields: []FieldSpec{at, apart(text(keyNote))},
	},
	{
		step: StepExtend, track: trackMediation, from: working, roles: decide, article: "rules75-36",
		fields: []FieldSpec{at, must(day(keyUntil)), must(names(keyConsentBy)), must(code(keyHow, "consent_how")), apart(text(keyNote))}, extra: map[string]byte{keyParties: 'R'},
	},
	{
		step: StepUndisputed, track: trackMediation, from: []string{StateAssigned, StateMediating, StateSuspended, StateAgreed, StateTerminated, StateAdvised}, roles: decide, article: "online-22",
		fields: []FieldSpec{at, must(rows(keyUndisputed, must(text("fact")))), must(names(keyConfirmedBy))},
		extra:  map[string]byte{keyParties: 'r'},
	},
	{
		step: StepAgree, notes: true, track: trackMediation, from: []string{StateMediating, StateAgreed}, desk: deskMediator, roles: decide, article: "mediation-28",
		fields: []FieldSpec{
			must(code(keyForm, "agreement_form")),
			counted(must(FieldSpec{Name: keyTerms, Type: "terms", Max: maxTerms, Fields: termFields})),
			at, story(keyFacts), rows(keyClauses, must(story("clause"))), yesNo(keyAcceleration), whole(keyInterest), whole(keyCopies),
		}, extra: map[string]byte{keyParties: 'R'},
	},
	{
		step: StepSign, notes: true, track: trackMediation, from: []string{StateAgreed}, desk: deskMediator, roles: office, article: "mediation-29",
		fields: []FieldSpec{names(keyBy), yesNo(keySeal), at, code(keyHow, "sign_how"), code(keyReading, "reading"), text(keyReader), chosen(keyAgreement)},
		extra:  map[string]byte{keyParties: 'R', keyMediator: 'B', keySeal: 'B'},
		also:   func(f *facts, e *event) bool { return f.agreement.form() != "oral" && f.signsThis(e) },
	},
	{
		step: StepRefuseDraft, notes: true, track: trackMediation, from: []string{StateAgreed}, desk: deskMediator, roles: office, article: "mediation-29",
		fields: []FieldSpec{at, must(names(keyBy)), story(keyNote), chosen(keyAgreement)}, extra: map[string]byte{keyParties: 'R'},
		also: func(f *facts, e *event) bool { return f.completeOn == "" && f.signsThis(e) },
	},
	{
		step: StepEnterAgreement, track: trackMediation, from: []string{StateAgreed}, desk: deskMediator, roles: office, article: "mediation-29",
		also: func(f *facts, _ *event) bool { return f.completeOn != "" },
	},
	{
		step: StepInForce, made: true, track: trackMediation, from: []string{StateMediating, StateAgreed}, desk: deskMediator, roles: office, article: "mediation-29",
		fields: []FieldSpec{
			must(day(keyAt)), must(code(keyForm, "agreement_form")),
			counted(must(FieldSpec{Name: keyTerms, Type: "terms", Max: maxTerms, Fields: termFields})),
			story(keyFacts), rows(keyClauses, must(story("clause"))), yesNo(keyAcceleration), whole(keyInterest), whole(keyCopies), recordedFor,
		},
		extra:  map[string]byte{keyParties: 'R', keyWording: 'H', keyDespite: 'r'},
		inside: map[string]byte{keySigned: 'n', keyAgreement: 'e', keyRests: 'r'},
	},
	// The lawful doors out of the notes, on each of which a person sees what goes:
	// minutes that the parties signed, for a joint application or a mediation
	// document and never with a suit; and what all of them release in writing.
	{
		step: StepGiveMinutes, track: trackMediation, from: []string{StateEffective}, roles: decide, article: "invited-20",
		fields: []FieldSpec{at, must(code(keyPurpose, "minutes_purpose")), must(FieldSpec{Name: keyText, Type: "text", Max: maxMinutes}), must(names(keyBy))},
		extra:  map[string]byte{keyParties: 'R'},
		also:   func(f *facts, _ *event) bool { return f.sued == nil && !f.docketedSince() },
	},
	{
		step: StepRelease, track: trackMediation, desk: deskReader, roles: decide, article: "online-18",
		fields: []FieldSpec{at, must(FieldSpec{Name: keyText, Type: "text", Max: maxMinutes}), must(names(keyReleased))},
		extra:  map[string]byte{keyParties: 'R'},
	},
}
