package casework

// Steps before a dispute is accepted, and whether it is (DOMAIN 1.2, 1.6; F21).
const (
	StepLead          = "lead"
	StepMakeCase      = "make-case"
	StepKeepLead      = "keep-lead"
	StepAskSupplement = "ask-supplement"
	StepSupplement    = "supplement"
	StepAccept        = "accept"
	StepRefuse        = "refuse"
	StepRedirect      = "redirect"
	StepNumber        = "number"
	StepVoidNumber    = "void-number"
)

// numberFields are a file's number as the desk's series gave it.
var numberFields = []FieldSpec{text(keyNumber), text(keySeries), whole(keyYear), whole(keyN)}

var intakeRules = []rule{
	// A lead is found in a sweep, by a grid worker or a neighbour. It is no case
	// until somebody makes it one, and may stay a record of prevention.
	{
		step: StepLead, track: trackMediation, from: []string{StateSubmitted}, roles: office, article: "opinion-2023",
		fields: []FieldSpec{at, must(code(keyFound, "lead_source")), must(code(keyLevel, "risk_level")), text(keyFinder), codes(keyRisks, "risk_kind"), story(keyMeasures)},
		also:   func(f *facts, _ *event) bool { return f.untouched() },
	},
	{
		step: StepMakeCase, track: trackMediation, from: []string{StateLead, StateLeadKept}, roles: office, article: "mediation-17",
		fields: []FieldSpec{at, must(code(keySource, "source")), text(keyReason)},
	},
	{
		step: StepKeepLead, track: trackMediation, from: []string{StateLead}, roles: office, article: "opinion-2023",
		fields: []FieldSpec{at, must(code(keyResult, "lead_result")), story(keyMeasures)},
	},
	{
		step: StepAskSupplement, track: trackMediation, from: []string{StateSubmitted, StateSupplement}, roles: office, article: "ningbo-17",
		fields: []FieldSpec{at, must(text(keyWhat)), day(keyUntil)},
	},
	{
		step: StepSupplement, track: trackMediation, from: []string{StateSupplement}, roles: office, article: "ningbo-17",
		fields: []FieldSpec{at, must(text(keyWhat))},
	},
	{
		step: StepAccept, track: trackMediation, from: []string{StateSubmitted, StateSupplement}, roles: office, article: "mediation-17",
		fields: append([]FieldSpec{at, day(keyKnown)}, numberFields...),
	},
	{
		step: StepRefuse, track: trackMediation, from: []string{StateSubmitted, StateSupplement}, roles: decide, article: "ningbo-17",
		fields: []FieldSpec{must(code(keyGround, "refusal_ground")), at, story(keyWhy), names(keyNotified), code(keyHow, "notice_how"), text(keyRoute)},
	},
	{
		step: StepRedirect, track: trackMediation, from: []string{StateLead, StateSubmitted, StateSupplement}, roles: office, article: "mediation-18",
		fields: []FieldSpec{at, must(code(keyBody, "body")), must(text(keyTo)), must(text(keyWhy))},
	},
	{
		step: StepNumber, track: trackMediation, roles: office, article: "mediation-27",
		with:   fileNumbered,
		fields: []FieldSpec{at, must(text(keyNumber)), text(keySeries), whole(keyYear), whole(keyN)},
	},
	{
		step: StepVoidNumber, track: trackMediation, roles: []string{RoleDirector, RoleClerk}, article: "mediation-27",
		with:   fileNumbered,
		fields: []FieldSpec{at, must(text(keyNumber)), must(text(keyReason))},
	},
}

// fileNumbered are the states in which a file may get a number or lose one.
var fileNumbered = []string{StateAccepted, StateAssigned, StateMediating, StateSuspended, StateAgreed, StateEffective, StateTerminated, StateAdvised, StateClosed}
