package casework_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/app/casework/data"
)

// walk leads to a situation by lawful steps alone. A move is
// "step@desk?field=value&…"; without a desk it is the owner's.
type walk struct {
	moves string
	note  string // what tells it from others of the same states, in Chinese
}

const (
	toWork      = "accept assign start-session "
	toAgreed    = toWork + "agree "
	toEffective = toAgreed + "sign "
	toLetter    = "accept refer?kind=transfer&to=union "
	toTaken     = toLetter + "refer-receive@union refer-accept@union "
	toUnion     = toTaken + "assign@union start-session@union "
	toUnions    = toUnion + "agree@union sign@union "
	toApplied   = toEffective + "confirm-apply "
	toCourt     = toApplied + "confirm-accept@court "
	toDue       = toEffective + "default?term=1 "
)

// walks reach every state of every track; TestEveryStateIsReached holds that.
var walks = []walk{
	{"", ""},
	{"lead", ""},
	{"lead keep-lead", ""},
	{"lead make-case", "由线索转来"},
	{"ask-supplement", ""},
	{"redirect", ""},
	{"refuse", ""},
	{"accept", ""},
	{"accept consent?purpose=mediation&given=false", "一方不同意调解"},
	{"accept assign", ""},
	{"accept assign recuse", "调解员已回避"},
	{toWork, ""},
	{toWork + "recuse", "调解员已回避"},
	{toWork + "suspend", ""},
	{toAgreed, ""},
	{toWork + "agree?form=oral", "口头协议"},
	{toEffective, ""},
	{toWork + "terminate", ""},
	{toWork + "stop", "当事人不愿继续"},
	{toWork + "terminate advise", ""},
	{toWork + "terminate docket", "法院已立案"},
	{toWork + "terminate close", ""},
	{toWork + "terminate close archive", ""},
	{toWork + "terminate close archive dispose", ""},
	{"refuse reopen", "重新调解"},

	{toEffective + "perform?term=1 perform?term=2", ""},
	{toDue, ""},
	{toWork + "agree?acceleration=true sign default?term=1", "约定加速到期"},
	{toDue + "perform?term=2", ""},
	{toDue + "urge", ""},
	{toDue + "sue", ""},
	{toCourt + "confirm-rule@court default?term=1", "已确认"},
	{toCourt + "confirm-rule@court default?term=1 enforce", ""},
	{toEffective + "perform?term=1 perform?term=2 close", ""},

	{toApplied, ""},
	{toApplied + "confirm-receive@court", ""},
	{toApplied + "confirm-ask@court", ""},
	{toCourt, ""},
	{toApplied + "confirm-refuse@court", ""},
	{toApplied + "confirm-withdraw", ""},
	{toCourt + "confirm-rule@court", ""},
	{toCourt + "confirm-dismiss@court", ""},
	{toCourt + "confirm-rule@court confirm-object", ""},
	{toCourt + "confirm-rule@court confirm-object confirm-objection@court?result=upheld", ""},
	{toEffective + "notarise", ""},
	{toEffective + "order-apply", ""},
	{toEffective + "order-apply order-issue", ""},
	{toEffective + "order-apply order-issue order-end?result=final", ""},
	{toEffective + "order-apply order-end?result=objected", ""},

	{"accept refer-draft?kind=transfer&to=union", ""},
	{toLetter, ""},
	{toLetter + "refer-receive@union", ""},
	{toLetter + "refer-decline@union", ""},
	{toLetter + "refer-lapse", ""},
	{toTaken + "refer-recall", ""},
	{toTaken, ""},
	{toUnion, ""},
	{toUnion + "terminate@union refer-report@union", ""},
	{toUnions, "收函单位调成"},
	{toUnions + "refer-report@union", "收函单位调成"},
	{toUnions + "refer-report@union refer@union?kind=hand_up&to=police", "收函单位再发函"},
	{toUnions + "refer-report@union confirm-apply@union", "收函单位代为申请"},
	{toUnion + "terminate@union refer-report@union refer-close", ""},
}

// actors of the walks: a person with every role at each desk.
func everyRole(desk string) casework.Actor {
	a := casework.Actor{Relation: casework.Granted, Unit: unitAt(desk)}
	switch unit, _, _ := strings.Cut(desk, "/"); unit {
	case "village":
		a.Relation = casework.Owner
	case "township":
		a.Relation = casework.Station
	}
	for _, role := range data.List("role") {
		a.Roles = append(a.Roles, role.Code)
	}
	return a
}

// firstDay is when the walks begin; every move is a day later than the one before.
const firstDay = "2026-03-10"

// filler fills in steps at a desk.
func filler(desk, day string) caseworktest.Filler {
	f := caseworktest.Filler{Day: day, Pick: caseworktest.First, Spare: true, Court: "court", To: "union", Kinds: []string{"transfer"}, Mediators: []string{"赵示和", "刘例芳"}}
	if desk == "union" {
		f.To, f.Kinds = "police", []string{"hand_up"}
	}
	return f
}

// fill makes good fields for a step at this record.
func (r *record) fill(step, day string, with map[string]any) string {
	r.t.Helper()
	v := r.view()
	for _, o := range casework.Steps(r.state, everyRole(r.desk), r.held()...) {
		if o.Step == step {
			return fillOption(r.t, filler(r.desk, day), &v, &o, with)
		}
	}
	r.t.Fatalf("no step %s", step)
	return ""
}

func fillOption(t testing.TB, f caseworktest.Filler, v *casework.CaseView, o *casework.StepOption, with map[string]any) string {
	t.Helper()
	fields := f.Fields(v, o)
	for k, x := range with {
		fields[k] = x
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// fields of a move: numbers, yes or no, and else texts.
func given(text string) map[string]any {
	out := map[string]any{}
	for _, pair := range strings.FieldsFunc(text, func(r rune) bool { return r == '&' }) {
		k, v, _ := strings.Cut(pair, "=")
		if n, err := strconv.Atoi(v); err == nil {
			out[k] = n
		} else if v == "true" || v == "false" {
			out[k] = v == "true"
		} else {
			out[k] = v
		}
	}
	return out
}

// move takes one move of a walk on a day.
func (r *record) move(text, day string) {
	r.t.Helper()
	head, with, _ := strings.Cut(text, "?")
	step, desk, away := strings.Cut(head, "@")
	home := r.desk
	if away {
		r.desk = desk
	}
	if step == casework.StepReferLapse { // an answer is waited for
		day = caseworktest.Later(day, 5)
	}
	if err := r.try(everyRole(r.desk), step, r.fill(step, day, given(with))); err != nil {
		r.t.Fatalf("%s: %v", text, err)
	}
	r.desk = home
}

// goOn takes the moves, with a reader beside if wanted, and returns the day after them.
func (w walk) goOn(r *record, reader bool) string {
	r.t.Helper()
	day := firstDay
	moves := strings.Fields(w.moves)
	late := len(moves) > 0 && moves[0] == "lead" // what is known to somebody else is no new lead
	if reader && !late {
		asked(r)
	}
	for i, m := range moves {
		r.move(m, day)
		if reader && late && i == 0 {
			asked(r)
		}
		day = caseworktest.Later(day, 1)
	}
	return day
}

// asked is the beginning of a case in which a body was asked for advice once:
// it reads the case for good and has nothing else to do with it.
func asked(r *record) {
	r.t.Helper()
	r.move("refer?kind=guidance&to=tribunal", "2026-03-11")
	r.move("refer-receive@tribunal", "2026-03-11")
	r.move("refer-decline@tribunal", "2026-03-11")
	r.move("refer-close", "2026-03-11")
}

func label(s casework.State, note string) string {
	out := data.Name("mediation_state", s.Mediation, data.Chinese)
	for _, x := range [][2]string{{"performance_state", s.Performance}, {"confirmation_state", s.Confirmation}, {"referral_state", s.Referral}} {
		if x[1] == casework.StateNone || x[1] == casework.StatePerforming && s.Confirmation+s.Referral != "nonenone" {
			continue
		}
		word := data.Name(x[0], x[1], data.Chinese)
		if x[0] == "referral_state" {
			word = "函" + word
		}
		if x[0] == "confirmation_state" {
			word = "确认：" + word
		}
		out += "·" + word
	}
	if note != "" {
		out += "（" + note + "）"
	}
	return out
}

// TestEveryStateIsReached: no word of the states is one that no case can have.
func TestEveryStateIsReached(t *testing.T) {
	reached := map[string]string{}
	for _, w := range walks {
		r := newRecord(t, goodDocument(t))
		w.goOn(r, false)
		s := casework.Tracks(r.state, r.held()...)
		for list, state := range map[string]string{"mediation_state": s.Mediation, "performance_state": s.Performance, "confirmation_state": s.Confirmation, "referral_state": s.Referral} {
			reached[list+" "+state] = w.moves
			if !data.Has(list, state) {
				t.Errorf("%s: %s is no word of %s", w.moves, state, list)
			}
		}
		sameAsDigest(t, r)
		if v := r.view(); len(v.Conflicts) > 0 {
			t.Errorf("%s: contested", w.moves)
		}
	}
	for _, list := range []string{"mediation_state", "performance_state", "confirmation_state", "referral_state"} {
		for _, state := range data.List(list) {
			if _, ok := reached[list+" "+state.Code]; !ok {
				t.Errorf("no walk reaches %s %s", list, state.Code)
			}
		}
	}
}
