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
	RoleJudge    = "judge"
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

// works reports whether the actor's unit keeps the case.
func (a Actor) works() bool { return a.Relation == Owner || a.Relation == Station }

// reads reports whether the actor's unit holds the whole case.
func (a Actor) reads() bool { return a.works() || a.Relation == Granted }

var (
	settleRoles = []string{RoleMediator, RoleDirector, RoleJudge}
	editRoles   = []string{RoleMediator, RoleDirector, RoleClerk, RoleJudge}
)

// MayEdit tells whether the actor may change the fields of a case; nil: yes.
func MayEdit(a Actor) *Refusal {
	if !a.reads() {
		return &Refusal{Step: "set", Rule: "no_edit"}
	}
	return roleRefusal("set", a, editRoles)
}

// MayOverrule tells whether the actor may replace by name what a newer program
// wrote and this one can't read, once he was shown it; nil: yes.
func MayOverrule(a Actor) *Refusal {
	if r := MayEdit(a); r != nil {
		return r
	}
	return roleRefusal("set", a, []string{RoleDirector})
}

// MayAdopt tells whether the actor may take in what is late on a record: a director
// of the unit that owns it or of its station; nil: yes. It rests on no grant.
func MayAdopt(a Actor) *Refusal {
	if a.works() && a.has([]string{RoleDirector}) {
		return nil
	}
	return &Refusal{Step: "adopt", Rule: "adopt_who"}
}

// MaySettle tells whether the actor may decide a conflict at all; nil: yes. A
// dispute about the course may be another desk's to decide (Decider).
func MaySettle(a Actor) *Refusal {
	if !a.reads() || !a.has(settleRoles) {
		return &Refusal{Step: stepSettle, Rule: "settle_who"}
	}
	return nil
}

// mightDecide asks whether the actor may decide a dispute about the course at
// all: a letter's sender may leave that to its clerk.
func mightDecide(a Actor) *Refusal {
	if a.reads() && a.has([]string{RoleClerk}) {
		return nil
	}
	return MaySettle(a)
}

func roleRefusal(step string, a Actor, roles []string) *Refusal {
	if a.has(roles) {
		return nil
	}
	return &Refusal{Step: step, Rule: "role", Params: map[string]string{"roles": strings.Join(roles, ", ")}}
}
