package casework

// Referrals between courts, mediation bodies and others (DOMAIN 2; 特邀调解规定
// arts. 11–27; 在线调解规则 arts. 10–24).
const (
	StepReferDraft   = "refer-draft"
	StepRefer        = "refer"
	StepReferReceive = "refer-receive"
	StepReferAccept  = "refer-accept"
	StepReferDecline = "refer-decline"
	StepReferLapse   = "refer-lapse"
	StepReferRecall  = "refer-recall"
	StepReferExtend  = "refer-extend"
	StepReferReport  = "refer-report"
	StepReferClose   = "refer-close"
)

// materialFields are one item of a list of materials: what the receiver checks.
var materialFields = []FieldSpec{
	must(FieldSpec{Name: "name", Type: "text", Max: 200}), whole("copies"), whole("pages"), code("copy", "original_or_copy"),
	{Name: "sha256", Type: "hash", Max: 64},
	code("folder", "docket_folder"),
}

// consentFields tell who agreed, how and when.
var consentFields = []FieldSpec{must(FieldSpec{Name: "who", Type: "text", Max: 100}), must(code("how", "consent_how")), must(day("at"))}

// letterFields describe a letter. Kind and receiver are required where it is
// sent; a draft that is sent brings them along.
var letterFields = []FieldSpec{
	code(keyKind, "referral_kind"), unitOf(keyTo), text(keyLetterNo), text(keyCourtNo), text(keyWhy),
	rows(keyMaterials, materialFields...), rows(keyConsents, consentFields...), text(keyContact), code(keyProcedure, "procedure"), yesNo(keyOnline), text(keyPlace), day(keyMeetAt),
}

var referralRules = []rule{
	{
		step: StepReferDraft, track: trackReferral, with: referable, desk: deskWork, roles: sending, article: "invited-11",
		fields: append([]FieldSpec{at}, letterFields...), extra: map[string]byte{keyKind: 'S', keyTo: 'U'},
	},
	{
		step: StepRefer, track: trackReferral, with: referable, desk: deskWork, roles: sending, article: "invited-11",
		fields: append([]FieldSpec{at, chosen(keyDraft)}, letterFields...), extra: map[string]byte{keyWithin: 'B', keyKind: 'S', keyTo: 'U'},
		also: func(f *facts, _ *event) bool { return f.underWay() == nil },
	},
	{
		step: StepReferReceive, track: trackReferral, desk: deskReceiver, roles: sending, article: "invited-27",
		fields: []FieldSpec{at, chosen(keyReferral), text(keyName), whole(keyPages), yesNo(keyComplete), text(keyNote)},
		also:   onReferral(StateSent),
	},
	{
		step: StepReferAccept, track: trackReferral, desk: deskReceiver, roles: decide, article: "online-12",
		fields: []FieldSpec{at, chosen(keyReferral), names(keyMediators), text(keyNote)},
		extra:  map[string]byte{keyRoster: 't'},
		also:   onReferral(StateReceived),
	},
	{
		step: StepReferDecline, track: trackReferral, desk: deskReceiver, roles: decide, article: "online-12",
		fields: []FieldSpec{at, chosen(keyReferral), must(code(keyGround, "decline_ground")), must(text(keyWhy))},
		also:   onReferral(StateSent, StateReceived),
	},
	{
		step: StepReferLapse, track: trackReferral, desk: deskSender, roles: sending, article: "online-12",
		fields: []FieldSpec{at, chosen(keyReferral), text(keyNote)},
		also:   onReferral(StateSent, StateReceived),
	},
	{
		step: StepReferRecall, track: trackReferral, desk: deskSender, roles: sending, article: "invited-11",
		fields: []FieldSpec{at, chosen(keyReferral), must(text(keyReason))},
		also:   onReferral(StateSent, StateReceived, StateAccepted, StateInWork),
	},
	{
		step: StepReferExtend, track: trackReferral, desk: deskReceiver, roles: decide, article: "invited-27",
		fields: []FieldSpec{at, chosen(keyReferral), must(day(keyUntil)), must(names(keyConsentBy)), must(code(keyHow, "consent_how"))},
		also:   onReferral(StateAccepted, StateInWork),
	},
	{
		step: StepReferReport, track: trackReferral, desk: deskReceiver, roles: decide, article: "invited-26",
		fields: []FieldSpec{at, chosen(keyReferral), must(code(keyResult, "referral_result")), story(keyCourse), story(keyWhy), rows(keyUndisputed, must(text("fact"))), rows(keyMaterials, materialFields...), text(keyFocus), text(keyConduct), yesNo(keySimple), text(keyHints), text(keySham), text(keyLetterNo)},
		also:   onReferral(StateAccepted, StateInWork),
	},
	{
		step: StepReferClose, track: trackReferral, desk: deskSender, roles: sending, article: "invited-20",
		fields: []FieldSpec{at, chosen(keyReferral), must(code(keyOutcome, "referral_outcome")), text(keyCourtNo), text(keyNote)},
		also:   onReferral(StateReported, StateDeclined, StateLapsed, StateRecalled),
	},
}

// referable are the states of mediation in which a case may go to another body.
var referable = []string{StateLead, StateSubmitted, StateSupplement, StateAccepted, StateAssigned, StateMediating, StateSuspended, StateTerminated, StateAdvised, StateRefusedIntake, StateEffective}

// onReferral is the condition that the referral named stands there.
func onReferral(states ...string) func(*facts, *event) bool {
	return func(f *facts, e *event) bool {
		r := f.referralOf(e)
		return r != nil && contains(states, r.state())
	}
}
