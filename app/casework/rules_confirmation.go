package casework

// Judicial confirmation and the other ways to make an agreement enforceable
// (人民调解法 art. 33; 民诉法 arts. 205, 206, 225–228; 民诉法解释 arts. 351–358,
// 372; 法释〔2011〕5号).
const (
	StepConfirmApply     = "confirm-apply"
	StepConfirmReceive   = "confirm-receive"
	StepConfirmAsk       = "confirm-ask"
	StepConfirmSupply    = "confirm-supply"
	StepConfirmAccept    = "confirm-accept"
	StepConfirmRefuse    = "confirm-refuse"
	StepConfirmWithdraw  = "confirm-withdraw"
	StepConfirmRule      = "confirm-rule"
	StepConfirmDismiss   = "confirm-dismiss"
	StepConfirmObject    = "confirm-object"
	StepConfirmObjection = "confirm-objection"
	StepNotarise         = "notarise"
	StepOrderApply       = "order-apply"
	StepOrderIssue       = "order-issue"
	StepOrderEnd         = "order-end"
)

// pendingConfirmation are the states in which an application lies with the court.
var pendingConfirmation = []string{StateApplied, StateReceived, StateSupplement, StateAccepted}

var confirmationRules = []rule{
	{
		step: StepConfirmApply, track: trackConfirmation, from: []string{StateNone, StateRefused, StateWithdrawn}, with: inForce, roles: sending, article: "mediation-33",
		fields: []FieldSpec{at, must(unitOf(keyCourt)), must(names(keyBy)), must(rows(keyAnswers, must(FieldSpec{Name: "question", Type: "text", Max: 60}), must(yesNo("answer")), text("note"))), yesNo(keyOral), codes(keyMaterials, "confirmation_material"), text(keyNote)},
		extra:  map[string]byte{keyParties: 'R', keyWithin: 'B'},
	},
	{
		step: StepConfirmReceive, track: trackConfirmation, from: []string{StateApplied}, desk: deskCourt, roles: window, article: "confirm-4",
		fields: []FieldSpec{at, text(keyName)},
	},
	{
		step: StepConfirmAsk, track: trackConfirmation, from: []string{StateApplied, StateReceived, StateAccepted}, desk: deskCourt, roles: window, article: "interpretation-354",
		fields: []FieldSpec{at, must(text(keyWhat)), day(keyUntil)},
	},
	{
		step: StepConfirmSupply, track: trackConfirmation, from: []string{StateSupplement}, desk: deskReader, roles: sending, article: "interpretation-354",
		fields: []FieldSpec{at, must(text(keyWhat))},
	},
	{
		step: StepConfirmAccept, track: trackConfirmation, from: []string{StateApplied, StateReceived}, desk: deskCourt, roles: window, article: "confirm-4",
		fields: []FieldSpec{at, text(keyCourtNo)},
	},
	{
		step: StepConfirmRefuse, track: trackConfirmation, from: []string{StateApplied, StateReceived, StateSupplement}, desk: deskCourt, roles: window, article: "interpretation-355",
		fields: []FieldSpec{at, must(code(keyGround, "confirm_refusal")), text(keyNote)},
	},
	{
		step: StepConfirmWithdraw, track: trackConfirmation, from: pendingConfirmation, desk: deskReader, roles: sending, article: "confirm-5",
		fields: []FieldSpec{at, must(names(keyBy)), text(keyReason)},
	},
	{
		step: StepConfirmRule, track: trackConfirmation, from: []string{StateAccepted}, desk: deskCourt, roles: bench, article: "civil-206",
		fields: []FieldSpec{at, text(keyCourtNo), text(keyNote)},
	},
	{
		step: StepConfirmDismiss, track: trackConfirmation, from: []string{StateAccepted}, desk: deskCourt, roles: bench, article: "interpretation-358",
		fields: []FieldSpec{at, must(code(keyGround, "confirm_dismissal")), text(keyCourtNo), text(keyNote)},
	},
	{
		step: StepConfirmObject, track: trackConfirmation, from: []string{StateConfirmed}, desk: deskReader, roles: sending, article: "interpretation-372",
		fields: []FieldSpec{at, must(code(keyBy, "objector")), must(text(keyName)), day(keyKnown), must(text(keyReason))},
	},
	{
		step: StepConfirmObjection, track: trackConfirmation, from: []string{StateObjected}, desk: deskCourt, roles: bench, article: "interpretation-372",
		fields: []FieldSpec{at, must(code(keyResult, "objection_result")), text(keyNote)},
	},
	{
		step: StepNotarise, track: trackConfirmation, from: []string{StateNone, StateRefused, StateWithdrawn, StateDismissed}, with: inForce, roles: sending, article: "notary-37",
		fields: []FieldSpec{at, must(text(keyName)), must(text(keyCourtNo))},
	},
	{
		step: StepOrderApply, track: trackConfirmation, from: []string{StateNone, StateRefused, StateWithdrawn, StateDismissed}, with: inForce, desk: deskReader, roles: sending, article: "civil-225",
		fields: []FieldSpec{at, must(names(keyBy)), must(text(keyCourtName)), money(keyAmount)},
	},
	{
		step: StepOrderIssue, track: trackConfirmation, from: []string{StateOrderApplied}, desk: deskReader, roles: sending, article: "civil-227",
		fields: []FieldSpec{at, must(text(keyCourtNo))},
	},
	{
		step: StepOrderEnd, track: trackConfirmation, from: []string{StateOrderApplied, StateOrderIssued}, desk: deskReader, roles: sending, article: "civil-228",
		fields: []FieldSpec{at, must(code(keyResult, "order_result")), text(keyNote)},
	},
}
