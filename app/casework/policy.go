package casework

import (
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// Relation is how the actor's unit stands to a case.
type Relation string

// The relations.
const (
	Owner   Relation = "owner"   // it owns the case
	Station Relation = "station" // it is the owner's station
	Granted Relation = "granted" // the case was granted to it
	Above   Relation = "above"   // it lies above the owner and reads digests
)

// Roles of the command line that rules name.
const (
	RoleMediator = "mediator"
	RoleDirector = "director"
	RoleClerk    = "clerk"
)

// Actor is who wants to do something.
type Actor struct {
	Relation Relation
	Roles    []string
	Unit     crdt.ID
	Seat     [32]byte
}

func (a Actor) has(roles []string) bool {
	for _, r := range a.Roles {
		if slices.Contains(roles, r) {
			return true
		}
	}
	return false
}

func (a Actor) works() bool { return a.Relation == Owner || a.Relation == Station }

// stepRoles is the default policy: which roles of the owner or its station may
// take a step. Receipt and performance are office work; what decides is not.
var stepRoles = map[string][]string{
	StepAccept:       {RoleMediator, RoleDirector, RoleClerk},
	StepRefuse:       {RoleMediator, RoleDirector},
	StepAssign:       {RoleMediator, RoleDirector},
	StepStartSession: {RoleMediator, RoleDirector},
	StepAgree:        {RoleMediator, RoleDirector},
	StepSign:         {RoleMediator, RoleDirector, RoleClerk},
	StepTerminate:    {RoleMediator, RoleDirector},
	StepPerform:      {RoleMediator, RoleDirector, RoleClerk},
	StepClose:        {RoleMediator, RoleDirector},
}

var (
	settleRoles = []string{RoleMediator, RoleDirector}
	editRoles   = []string{RoleMediator, RoleDirector, RoleClerk}
)

// MayEdit tells whether the actor may change the fields of a case; nil: yes.
func MayEdit(a Actor) *Refusal {
	if !a.works() {
		return &Refusal{Step: "set", Rule: "no_edit"}
	}
	return roleRefusal("set", a, editRoles)
}

// MaySettle tells whether the actor may decide a conflict; nil: yes.
func MaySettle(a Actor) *Refusal {
	if !a.works() || !a.has(settleRoles) {
		return &Refusal{Step: stepSettle, Rule: "settle_who"}
	}
	return nil
}

func roleRefusal(step string, a Actor, roles []string) *Refusal {
	if a.has(roles) {
		return nil
	}
	return &Refusal{Step: step, Rule: "role", Params: map[string]string{"roles": strings.Join(roles, ", ")}}
}

// stepArticles name the law that a step rests on.
var stepArticles = map[string]string{
	StepAccept: "mediation-17", StepRefuse: "ningbo-17", StepAssign: "mediation-19", StepStartSession: "mediation-21",
	StepAgree: "mediation-28", StepSign: "mediation-29", StepTerminate: "mediation-26", StepPerform: "mediation-31", StepClose: "mediation-27",
}

// who tells whether the actor may take the step at all.
func who(step string, a Actor) *Refusal {
	if !a.works() {
		return &Refusal{Step: step, Rule: "relation"}
	}
	return roleRefusal(step, a, stepRoles[step])
}

// why tells why a step is not possible now; nil: it is.
func why(step string, c *course) *Refusal {
	now := c.state.Mediation
	refuse := func(rule, article string, params ...string) *Refusal {
		return &Refusal{Step: step, Rule: rule, Article: article, Params: pairs(params)}
	}
	f := &c.facts
	switch {
	case c.log.frozen:
		return refuse("read_only", "")
	case len(c.open) > 0:
		return refuse("contested", "", "what", c.openSteps(), "field", fieldOfTrack(trackMediation))
	case step == StepSign && f.agreement != nil && f.agreement.form() == "oral":
		return refuse("oral", "mediation-30")
	case step == StepTerminate && now == StateEffective:
		return refuse("effective", "mediation-32")
	case step == StepPerform && now == StateAgreed:
		return refuse("not_effective", "mediation-29", "missing", f.missing())
	case step == StepPerform && now == StateEffective && f.openTerms() == 0:
		return refuse("done", "mediation-31")
	case step == StepClose && now == StateEffective && f.openTerms() > 0:
		return refuse("not_performed", "mediation-31", "open", itoa(f.openTerms()))
	case slices.Contains(stepStates[step], now):
		return nil
	case now == StateRefusedIntake || now == StateTerminated || now == StateClosed:
		return refuse("ended", stepArticles[step], "now", now)
	case passed(step, now):
		return refuse("done", stepArticles[step])
	}
	return refuse("state", stepArticles[step], "now", now, "need", strings.Join(stepStates[step], ", "), "first", strings.Join(path(now, step), ", "))
}

// mainPath is the way of a case that is agreed, and where each step leads.
var mainPath = []struct{ from, step string }{
	{StateSubmitted, StepAccept},
	{StateAccepted, StepAssign},
	{StateAssigned, StepStartSession},
	{StateMediating, StepAgree},
	{StateAgreed, StepSign},
	{StateEffective, StepPerform},
}

func pathIndex(state string) int {
	return slices.IndexFunc(mainPath, func(p struct{ from, step string }) bool { return p.from == state })
}

// passed reports whether the states that a step needs lie behind.
func passed(step, now string) bool {
	at := pathIndex(now)
	for _, need := range stepStates[step] {
		if pathIndex(need) >= at {
			return false
		}
	}
	return at >= 0
}

// path lists the steps that lead from a state to one where step is possible.
func path(now, step string) []string {
	var out []string
	for at := pathIndex(now); at >= 0 && at < len(mainPath) && !slices.Contains(stepStates[step], mainPath[at].from); at++ {
		out = append(out, mainPath[at].step)
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
