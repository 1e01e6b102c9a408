package casework

// Steps under an effective agreement (人民调解法 arts. 31, 32; 民诉法 art. 250).
const (
	StepPerform = "perform"
	StepRemind  = "remind"
	StepUrge    = "urge"
	StepDefault = "default"
	StepHasten  = "accelerate"
	StepWaive   = "waive"
	StepEnforce = "enforce"
	StepSue     = "sue"
)

var inForce = []string{StateEffective}

var performanceRules = []rule{
	{
		step: StepPerform, track: trackPerformance, with: inForce, roles: office, article: "mediation-31",
		fields: []FieldSpec{must(whole(keyTerm)), at, text(keyProof), money(keyAmount), text(keyReceivedBy)}, extra: map[string]byte{keyDone: 'b'},
		also: func(f *facts, e *event) bool { return f.hasTerm(e) },
	},
	{
		step: StepRemind, track: trackPerformance, from: []string{StatePerforming, StatePartly, StateDefaulted}, with: inForce, roles: office, article: "mediation-31",
		fields: []FieldSpec{at, whole(keyTerm), must(code(keyHow, "visit_how")), names(keyNotified)},
		also:   func(f *facts, e *event) bool { return f.hasTerm(e) },
	},
	{
		step: StepDefault, track: trackPerformance, from: []string{StatePerforming, StatePartly, StateDefaulted, StateUrged}, with: inForce, roles: decide, article: "mediation-31",
		fields: []FieldSpec{at, must(whole(keyTerm)), text(keyReason)},
		also:   func(f *facts, e *event) bool { return f.hasTerm(e) },
	},
	{
		step: StepUrge, track: trackPerformance, from: []string{StatePartly, StateDefaulted, StateUrged}, with: inForce, roles: office, article: "mediation-31",
		fields: []FieldSpec{at, must(code(keyHow, "visit_how")), must(names(keyNotified)), text(keyNote), day(keyUntil)},
	},
	{
		step: StepHasten, track: trackPerformance, from: []string{StatePartly, StateDefaulted, StateUrged}, with: inForce, roles: decide, article: "mediation-31",
		fields: []FieldSpec{at, must(names(keyBy)), text(keyNote)},
		also:   func(f *facts, _ *event) bool { return f.agreement.value[keyAcceleration] == true },
	},
	{
		step: StepWaive, track: trackPerformance, from: []string{StatePerforming, StatePartly, StateDefaulted, StateUrged, StateEnforcement}, with: inForce, roles: decide, article: "mediation-31",
		fields: []FieldSpec{at, must(whole(keyTerm)), must(names(keyBy)), must(code(keyHow, "consent_how"))},
		also:   func(f *facts, e *event) bool { return f.hasTerm(e) },
	},
	{
		step: StepEnforce, track: trackPerformance, from: []string{StatePerforming, StatePartly, StateDefaulted, StateUrged}, with: inForce, desk: deskReader, roles: sending, article: "civil-250",
		fields: []FieldSpec{at, must(names(keyBy)), unitOf(keyCourt), text(keyCourtName), text(keyCourtNo)},
		also:   func(f *facts, _ *event) bool { return f.enforceable() },
	},
	{
		step: StepSue, track: trackPerformance, from: []string{StatePerforming, StatePartly, StateDefaulted, StateUrged}, with: inForce, desk: deskReader, roles: sending, article: "mediation-32",
		fields: []FieldSpec{at, must(names(keyBy)), text(keyCourtName), text(keyCourtNo), text(keyNote)},
	},
}
