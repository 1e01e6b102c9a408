package casework

// Steps that end mediation, and what follows (人民调解法 arts. 23, 26, 27).
const (
	StepStop      = "stop"
	StepWithdraw  = "withdraw"
	StepTerminate = "terminate"
	StepAdvise    = "advise"
	StepDocket    = "docket"
	StepSuit      = "suit"
	StepFollowUp  = "follow-up"
	StepClose     = "close"
	StepArchive   = "archive"
	StepDispose   = "dispose"
	StepReopen    = "reopen"
)

// unfinished are the states in which a party may refuse, stop or withdraw: at
// any time before an agreement binds it (art. 23(2)).
var unfinished = []string{StateLead, StateSubmitted, StateSupplement, StateAccepted, StateAssigned, StateMediating, StateSuspended, StateAgreed}

var endingRules = []rule{
	// A party's right to refuse, to stop and to sue: one step, from everywhere,
	// for everybody who keeps the file; it never counts against the mediator.
	{
		step: StepStop, track: trackMediation, from: unfinished, roles: sending, article: "mediation-23",
		fields: []FieldSpec{at, must(names(keyBy)), must(code(keyChoice, "party_choice")), code(keyHow, "consent_how"), apart(text(keyNote))},
	},
	{
		step: StepWithdraw, track: trackMediation, from: unfinished, roles: sending, article: "online-25",
		fields: []FieldSpec{at, must(names(keyBy)), must(code(keyWhy, "withdraw_reason")), apart(text(keyNote))},
	},
	{
		step: StepTerminate, track: trackMediation, from: []string{StateAccepted, StateAssigned, StateMediating, StateSuspended, StateAgreed}, roles: decide, article: "mediation-26",
		fields: []FieldSpec{must(code(keyReason, "termination_reason")), at, apart(story(keyNote))},
	},
	{
		step: StepAdvise, track: trackMediation, from: []string{StateTerminated, StateRefusedIntake}, roles: office, article: "mediation-26",
		fields: []FieldSpec{at, must(codes(keyRoutes, "route")), must(names(keyNotified)), must(code(keyHow, "notice_how")), apart(text(keyNote))},
	},
	{
		step: StepDocket, track: trackMediation, with: []string{StateSubmitted, StateSupplement, StateTerminated, StateAdvised, StateRefusedIntake, StateRedirected, StateEffective, StateClosed}, desk: deskReader, roles: sending, article: "civil-126",
		fields: []FieldSpec{at, must(text(keyCourtNo)), unitOf(keyCourt), text(keyCourtName), code(keyProcedure, "procedure")},
	},
	{
		step: StepSuit, track: trackMediation, desk: deskReader, roles: sending, article: "mediation-32",
		fields: []FieldSpec{at, must(code(keyResult, "suit_result")), text(keyCourtNo), text(keyNote)},
		also:   func(f *facts, _ *event) bool { return f.dockets != nil },
	},
	{
		step: StepFollowUp, track: trackMediation, with: []string{StateEffective, StateTerminated, StateAdvised, StateLeadKept, StateClosed}, roles: office, article: "mediation-31",
		fields: []FieldSpec{at, must(code(keyHow, "visit_how")), must(names(keyVisited)), must(code(keySatisfied, "satisfaction")), code(keyPerformed, "visit_performed"), text(keyBy), apart(story(keyNote)), yesNo(keyHidden), text(keyMeasures)},
	},
	{
		step: StepClose, track: trackMediation, from: []string{StateRefusedIntake, StateRedirected, StateTerminated, StateAdvised, StateEffective}, roles: decide, article: "mediation-27",
		fields: []FieldSpec{at, apart(text(keyNote))},
		also:   func(f *facts, _ *event) bool { return f.mediation() != StateEffective || f.settledElsewhere() },
	},
	{
		step: StepArchive, track: trackMediation, from: []string{StateClosed}, roles: office, article: "mediation-27",
		fields: []FieldSpec{at, must(code(keyRetention, "retention")), text(keyNumber), whole(keyPages), text(keyBy), text(keyChecker)},
	},
	{
		step: StepDispose, track: trackMediation, from: []string{StateArchived}, roles: []string{RoleDirector}, article: "archives-31",
		fields: []FieldSpec{at, must(code(keyDecision, "disposal")), must(text(keyReason)), names(keyBy)},
	},
	// anew: the parties want to mediate again although an agreement stands; it
	// falls with that, and needs them all (民诉法 art. 206).
	{
		step: StepReopen, track: trackMediation, from: []string{StateRefusedIntake, StateRedirected, StateTerminated, StateAdvised, StateEffective, StateClosed, StateArchived}, roles: decide, article: "mediation-17",
		fields: []FieldSpec{at, must(text(keyReason)), yesNo(keyAnew), names(keyConsentBy)},
		also:   func(f *facts, e *event) bool { return f.mediation() != StateEffective || e.value[keyAnew] == true },
	},
}
