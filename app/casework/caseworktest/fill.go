// Package caseworktest fills in steps for tests that drive cases.
//
// It makes from a step's own description (casework.StepOption) fields that are
// good for the case as it stands, so that tests reach every state by lawful
// steps without a script for each. It knows no rule of the lifecycle: whether a
// step may be taken is what such tests ask casework. It is pure; choices come
// from the caller.
package caseworktest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hejie/app/casework"
)

// Filler fills in the fields of steps.
type Filler struct {
	Day string // Beijing day on which the steps are taken
	// Pick chooses one of n, 0 to n-1.
	Pick func(n int) int
	// Spare leaves out what is not required.
	Spare     bool
	Court     string   // code of the court to which an application goes
	To        string   // code of the unit to which a letter goes
	Kinds     []string // kinds of letter that may go there
	Mediators []string // names of who mediates at the acting unit
}

// First picks the first choice always.
func First(int) int { return 0 }

// leave are fields that a test gives itself if it wants them: they must fit a
// register, or a letter's draft.
var leave = []string{"series", "year", "n", "draft", "referral", "term", "agreement"}

// Fields are good fields for a step of the case.
func (f Filler) Fields(v *casework.CaseView, o *casework.StepOption) map[string]any {
	voices := Voices(v, f.Day)
	out := f.fields(voices, o.Fields)
	f.people(v, o.Step, voices, out)
	f.adjust(v, o, out)
	return out
}

func (f Filler) fields(voices []string, specs []casework.FieldSpec) map[string]any {
	out := map[string]any{}
	for i := range specs {
		s := &specs[i]
		if !s.Required && (f.Spare || slices.Contains(leave, s.Name) || f.Pick(3) > 0) {
			continue
		}
		if v := f.value(voices, s); v != nil {
			out[s.Name] = v
		}
	}
	return out
}

func (f Filler) value(voices []string, s *casework.FieldSpec) any {
	switch s.Type {
	case "date":
		return f.Day
	case "text":
		return "说明" + strconv.Itoa(f.Pick(9))
	case "code":
		return s.Choices[f.Pick(len(s.Choices))]
	case "codes":
		return []string{s.Choices[f.Pick(len(s.Choices))]}
	case "yes_no":
		return f.Pick(2) == 0
	case "whole":
		return 1 + f.Pick(5)
	case "amount":
		return 10_000 * (1 + f.Pick(90))
	case "unit":
		return f.Court
	case "hash":
		return strings.Repeat("0a", 32)
	case "names":
		if len(voices) == 0 {
			return []string{"无名氏样"}
		}
		return []string{voices[f.Pick(len(voices))]}
	case "rows", "terms":
		return []any{f.fields(voices, s.Fields)}
	}
	return nil
}

// people fills in who speaks, signs and mediates.
func (f Filler) people(v *casework.CaseView, step string, voices []string, out map[string]any) {
	for _, all := range []string{"consent_by", "notified", "visited", "confirmed_by", "waived_by", "released_by"} {
		if out[all] != nil {
			out[all] = voices
		}
	}
	switch step {
	case casework.StepAssign:
		out["mediators"] = f.mediators(v)
	case casework.StepDisclose, casework.StepRecuse:
		out["mediator"] = ""
		if len(v.Mediators) > 0 {
			out["mediator"] = v.Mediators[f.Pick(len(v.Mediators))]
		}
	case casework.StepSign:
		f.sign(v, out)
	case casework.StepGiveMinutes:
		out["by"] = voices
	case casework.StepConfirmApply:
		out["by"] = voices
		out["court"] = f.Court
		out["answers"] = []any{map[string]any{"question": "status", "answer": false}, map[string]any{"question": "ownership", "answer": false}}
	case casework.StepReopen:
		delete(out, "anew")
		if v.State.Mediation == casework.StateEffective {
			out["anew"], out["consent_by"] = true, voices
		}
	}
}

// mediators is one of those who may be assigned: nobody who stood aside.
func (f Filler) mediators(v *casework.CaseView) []string {
	left := slices.DeleteFunc(slices.Clone(f.Mediators), func(name string) bool {
		return slices.ContainsFunc(v.Steps, func(s casework.Step) bool {
			fields, _ := s.Fields.(map[string]any)
			return s.Step == casework.StepRecuse && fields["mediator"] == name
		})
	})
	if len(left) == 0 {
		return f.Mediators
	}
	at := f.Pick(len(left))
	return left[at : at+1]
}

// sign lets all sign who have not, or some of them.
func (f Filler) sign(v *casework.CaseView, out map[string]any) {
	by := slices.Clone(v.Mediators)
	if v.Notes != nil && v.Notes.Agreement != nil {
		for _, p := range v.Parties {
			if slices.Contains(v.Notes.Agreement.Unsigned, p.ID) {
				if name := voice(v, p, f.Day); name != "" {
					by = append(by, name)
				}
			}
		}
	}
	out["seal"] = true
	if !f.Spare && len(by) > 0 && f.Pick(4) == 0 {
		by, out["seal"] = by[:1+f.Pick(len(by))], f.Pick(2) == 0
	}
	out["by"] = by
}

// adjust makes days follow one another and choices fit the case.
func (f Filler) adjust(v *casework.CaseView, o *casework.StepOption, out map[string]any) {
	if out["until"] != nil {
		out["until"] = Later(f.Day, 20+f.Pick(20))
	}
	switch o.Step {
	case casework.StepAgree:
		f.terms(Voices(v, f.Day), out)
	case casework.StepPerform, casework.StepDefault, casework.StepWaive:
		for _, s := range o.Fields {
			if s.Name == "term" && len(s.Choices) > 0 {
				out["term"], _ = strconv.Atoi(s.Choices[f.Pick(len(s.Choices))])
			}
		}
	case casework.StepRefer, casework.StepReferDraft:
		kind := f.Kinds[f.Pick(len(f.Kinds))]
		out["kind"], out["to"], out["letter_no"] = kind, f.To, "函"+strconv.Itoa(1+f.Pick(99))+"号"
		out["consents"] = []any{map[string]any{"who": "当事人", "how": "written", "at": f.Day}}
	case casework.StepReferReport:
		effective := v.Agreement != nil && v.Agreement.EffectiveOn != ""
		out["result"], out["why"] = "deadlock", "分歧较大"
		if effective {
			out["result"] = "agreed"
			delete(out, "why")
		}
	}
}

func (f Filler) terms(voices []string, out map[string]any) {
	n := 2
	if !f.Spare {
		n = 1 + f.Pick(3)
	}
	var terms []any
	for i := range n {
		who := "双方"
		if len(voices) > 0 {
			who = voices[f.Pick(len(voices))]
		}
		term := map[string]any{"who": who, "what": fmt.Sprintf("第%d项义务", i+1), "due": Later(f.Day, f.Pick(10))}
		if f.Pick(2) == 1 {
			term["kind"], term["amount_fen"] = "pay", 10_000*(1+f.Pick(9))
		}
		terms = append(terms, term)
	}
	out["terms"] = terms
}

// Later is a day some days after another.
func Later(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// Voices are names that speak for the parties on a day, one for each.
func Voices(v *casework.CaseView, day string) []string {
	var out []string
	for _, p := range v.Parties {
		if name := voice(v, p, day); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func voice(v *casework.CaseView, p casework.Party, day string) string {
	for _, s := range p.SignsFor(v.Parties, day) {
		if s.May() {
			return s.Name
		}
	}
	return ""
}
