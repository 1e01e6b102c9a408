package casework

import (
	"maps"
	"slices"
)

// Tracks of a case (DOMAIN 1.6). Two desks may work on different tracks apart
// without getting into each other's way.
const (
	trackMediation    = "mediation"
	trackPerformance  = "performance"
	trackConfirmation = "confirmation"
	trackReferral     = "referral"
)

// tracks in the order of their weight: a contradiction that touches several is
// settled on the first.
var tracks = []string{trackMediation, trackPerformance, trackConfirmation, trackReferral}

// desk says which unit's people may take a step.
type desk uint8

const (
	// deskWork: who works on the dispute: the owner, its station, and a body to
	// which it was referred, from accepting until reporting.
	deskWork desk = iota
	// deskMediator: the body that mediates: one to which the dispute was
	// referred, from accepting until it gives it back, and no other meanwhile;
	// else the owner and its station.
	deskMediator
	// deskKeeper: the owner and its station.
	deskKeeper
	// deskSender: the unit that sent the referral, the owner and its station.
	deskSender
	// deskReceiver: the unit to which the referral went.
	deskReceiver
	// deskCourt: the court to which the application went.
	deskCourt
	// deskReader: every unit that holds the whole case.
	deskReader
)

// rule is one step of the lifecycle: on what it can be taken, by whom, what it
// says, and the law it rests on. The tables below are the only place where
// steps are described; help, forms, events and digests follow from them.
type rule struct {
	step  string
	track string
	// from are the states of its own track on which it can be taken; nil: any.
	from []string
	// with are the states of mediation that a step of another track needs; nil: any.
	with    []string
	desk    desk
	roles   []string
	article string // key of data.Article; empty where only the program's policy rules
	fields  []FieldSpec
	// extra are the keys of the event that the program adds by itself; inside
	// those of them that a digest does not keep.
	extra, inside map[string]byte
	// notes: its event lies in the notes of the acting body, not in the case.
	notes bool
	// made: an event that the program makes with another step; nobody takes it.
	made bool
	// also is a further condition on the facts; nil: none. It may look only at
	// what digests show too.
	also func(f *facts, e *event) bool
}

// Sets of roles.
var (
	decide = []string{RoleMediator, RoleDirector}
	office = []string{RoleMediator, RoleDirector, RoleClerk}
	bench  = []string{RoleJudge, RoleDirector}
	window = []string{RoleJudge, RoleClerk, RoleDirector}
	// sending is done by a committee's people and by a court's.
	sending = []string{RoleMediator, RoleDirector, RoleClerk, RoleJudge}
)

// rulebook lists every step in the order in which it is shown.
var rulebook = recorded(slices.Concat(intakeRules, mediationRules, endingRules, peopleRules, performanceRules, confirmationRules, referralRules))

// recorded gives every step the field for whom it was recorded.
func recorded(rules []rule) []rule {
	for i := range rules {
		if r := &rules[i]; !r.made {
			r.fields = append(slices.Clone(r.fields), recordedFor)
		}
	}
	return rules
}

var ruleOf = func() map[string]*rule {
	out := map[string]*rule{}
	for i := range rulebook {
		out[rulebook[i].step] = &rulebook[i]
	}
	return out
}()

// recordedFor is whose act a step is, where another recorded it: every step has
// it, and the author of its operation is the recorder.
var recordedFor = FieldSpec{Name: keyRecordedFor, Type: "text", Max: 100}

// show says what a digest keeps of a field.
type show uint8

const (
	showByType show = iota // codes, days, yes or no, whole numbers, units and references
	showCount              // the number of items
	showNothing
)

// Makers of fields, so that the tables read as tables.

func day(name string) FieldSpec { return FieldSpec{Name: name, Type: "date"} }

func text(name string) FieldSpec {
	return FieldSpec{Name: name, Type: "text", Max: maxStepText}
}

func story(name string) FieldSpec {
	return FieldSpec{Name: name, Type: "text", Max: maxStepStory}
}

func code(name, list string) FieldSpec {
	return FieldSpec{Name: name, Type: "code", List: list}
}

func codes(name, list string) FieldSpec {
	return FieldSpec{Name: name, Type: "codes", List: list, Max: maxNames}
}
func names(name string) FieldSpec { return FieldSpec{Name: name, Type: "names", Max: maxNames} }
func yesNo(name string) FieldSpec { return FieldSpec{Name: name, Type: "yes_no"} }
func whole(name string) FieldSpec { return FieldSpec{Name: name, Type: "whole"} }
func money(name string) FieldSpec { return FieldSpec{Name: name, Type: "amount"} }
func unitOf(name string) FieldSpec {
	return FieldSpec{Name: name, Type: "unit"}
}

// chosen is one of the events listed in Choices, by its id.
func chosen(name string) FieldSpec { return FieldSpec{Name: name, Type: "event"} }

func rows(name string, fields ...FieldSpec) FieldSpec {
	return FieldSpec{Name: name, Type: "rows", Max: maxTerms, Fields: fields}
}

// must marks a field as required.
func must(f FieldSpec) FieldSpec {
	f.Required = true
	return f
}

// counted marks a field of which a digest keeps the number of items.
func counted(f FieldSpec) FieldSpec {
	f.show = showCount
	return f
}

// apart marks words that the notes of the acting body keep: the case has the
// step without them.
func apart(f FieldSpec) FieldSpec {
	f.apart = true
	return f
}

// at is the day (or day and time) of a step; every step has one.
var at = must(day(keyAt))

// keysOf are the keys of a step's event with their kinds: 's' text, 'n' number
// or list (a digest has numbers), 'r' references, 'b' yes or no, 'i' whole
// number, 'e' one reference, 'u' a unit's id, 't' a list of texts; a capital
// letter: required in cases and digests alike.
func keysOf(r *rule) map[string]byte {
	out := map[string]byte{}
	for _, f := range r.fields {
		kind := map[string]byte{"yes_no": 'b', "whole": 'i', "amount": 'i', "names": 'n', "codes": 'n', "rows": 'n', "terms": 'n', "unit": 'u', "event": 'e'}[f.Type]
		if kind == 0 {
			kind = 's'
		}
		if f.Required && f.kept() && !f.apart {
			kind -= 'a' - 'A'
		}
		out[f.Name] = kind
		maps.Copy(out, derivedKeys[f.Name])
	}
	for _, more := range []map[string]byte{r.extra, r.inside} {
		for key, kind := range more {
			out[key] = kind
		}
	}
	if r.notes {
		out[keySeen] = 'r'
	}
	return out
}

// kept reports whether a digest has the field in some form.
func (f FieldSpec) kept() bool {
	if f.apart {
		return false
	}
	if f.show != showByType {
		return f.show == showCount
	}
	switch f.Type {
	case "date", "code", "codes", "yes_no", "whole", "unit", "event":
		return !unshown[f.Name]
	}
	return false
}

// unshown are fields that no figure counts and that are nobody's business who
// does not read the case: the numbers of a file and of an agreement's text, and
// what tells that somebody can't see, hear, read or sign (个人信息保护法 art. 28).
var unshown = map[string]bool{keyYear: true, keyN: true, keyInterest: true, keyCopies: true, keyNeed: true, keyReading: true, keyConfirmed: true}

// eventKeys are the keys of each step's event.
var eventKeys = func() map[string]map[string]byte {
	out := map[string]map[string]byte{stepSettle: {keyTrack: 'S', keyChoice: 'E', keySettles: 'R', keySeen: 'r'}, stepWords: wordsKeys}
	for i := range rulebook {
		if rulebook[i].step != StepEnterAgreement { // its event is in_force
			out[rulebook[i].step] = keysOf(&rulebook[i])
		}
	}
	return out
}()
