package casework

// Steps of the lifecycle as they are called in commands and events.
const (
	StepAccept       = "accept"
	StepRefuse       = "refuse"
	StepAssign       = "assign"
	StepStartSession = "start-session"
	StepAgree        = "agree"
	StepSign         = "sign"
	StepTerminate    = "terminate"
	StepPerform      = "perform"
	StepClose        = "close"
	// stepSettle is the event of a decision; it is made by Settle, not by Act.
	stepSettle = "settle"
)

// PairVerdict says what becomes of two concurrent steps.
type PairVerdict uint8

// The verdicts.
const (
	// BothStand: both count; what they say is united.
	BothStand PairVerdict = iota
	// SameStand: both stand if they say the same in codes and days (shown is
	// the earlier), otherwise a person decides.
	SameStand
	// PersonDecides: a mediator or director of the owner or its station
	// chooses; until then the course of the case waits.
	PersonDecides
)

// decisive lists the pairs that do not simply both stand. Only steps that
// decide something contradict each other; what rests on a step that was set
// aside has no effect by itself (see course.go), so that a session or closing
// needs no row. Verdicts look only at what a digest shows too, so that a case
// and its digest are contested alike.
var decisive = map[[2]string]PairVerdict{
	// Two acceptances begin the same month unless their days differ.
	{StepAccept, StepAccept}: SameStand,
	// Accepted and refused at once: the parties' rights differ.
	{StepAccept, StepRefuse}: PersonDecides,
	{StepRefuse, StepRefuse}: SameStand,
	// An agreement made while another desk refused the case.
	{StepAgree, StepRefuse}: PersonDecides,
	// Two agreements: even alike they may differ in their words.
	{StepAgree, StepAgree}: PersonDecides,
	// A new wording while another desk gathered signatures under the old one.
	{StepAgree, StepSign}:      PersonDecides,
	{StepAgree, StepTerminate}: PersonDecides,
	{StepSign, StepTerminate}:  PersonDecides,
	// What was signed or performed by someone who did not know of a decision
	// for the refusal or termination opens that decision again.
	{StepSign, StepRefuse}:         PersonDecides,
	{StepPerform, StepTerminate}:   PersonDecides,
	{StepTerminate, StepTerminate}: SameStand,
}

// Pair gives the verdict for two concurrent steps; it is symmetric. Steps of
// different tracks always both stand.
func Pair(a, b string) PairVerdict {
	if v, ok := decisive[[2]string{a, b}]; ok {
		return v
	}
	return decisive[[2]string{b, a}]
}

// conflict reports whether two concurrent events need a person.
func conflict(a, b *event) bool {
	switch Pair(a.step, b.step) {
	case PersonDecides:
		return true
	case SameStand:
		return a.day != b.day || a.code() != b.code()
	default:
		return false
	}
}
