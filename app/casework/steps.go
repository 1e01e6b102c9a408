package casework

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// FieldSpec describes one field of a step, for forms and for help.
type FieldSpec struct {
	Name     string      `json:"name"`
	Type     string      `json:"type"` // "date" (a day, or date and time), "text", "code", "names", "yes_no", "whole", "amount", "terms"
	Required bool        `json:"required"`
	List     string      `json:"list,omitempty"`    // code table
	Choices  []string    `json:"choices,omitempty"` // what can be chosen now
	Max      int         `json:"max,omitempty"`     // characters, items
	Fields   []FieldSpec `json:"fields,omitempty"`  // of one item
}

// StepOption is one step of the lifecycle as it stands now.
type StepOption struct {
	Step    string      `json:"step"`
	Allowed bool        `json:"allowed"`
	Refusal *Refusal    `json:"refusal,omitempty"`
	Fields  []FieldSpec `json:"fields"`
}

// Limits of steps.
const (
	maxMediators = 20   // of one case; a committee has up to nine members
	maxTerms     = 100  // of one agreement
	maxNames     = 600  // all parties, agents and mediators at once
	maxStepText  = 1000 // characters of a term, a place or a proof
)

// stepOrder is the order in which steps are listed.
var stepOrder = []string{StepAccept, StepRefuse, StepAssign, StepStartSession, StepAgree, StepSign, StepTerminate, StepPerform, StepClose}

// stepFields are the fields of each step (the command line's table).
var stepFields = map[string][]FieldSpec{
	StepAccept:       {{Name: keyAt, Type: "date", Required: true}},
	StepRefuse:       {{Name: keyGround, Type: "code", List: "refusal_ground", Required: true}, {Name: keyAt, Type: "date", Required: true}},
	StepAssign:       {{Name: keyMediators, Type: "names", Required: true, Max: maxMediators}, {Name: keyBy, Type: "code", List: "assigned_by", Required: true}, {Name: keyAt, Type: "date"}},
	StepStartSession: {{Name: keyAt, Type: "date", Required: true}, {Name: keyPlace, Type: "text", Max: maxStepText}},
	StepAgree: {
		{Name: keyForm, Type: "code", List: "agreement_form", Required: true},
		{Name: keyTerms, Type: "terms", Required: true, Max: maxTerms, Fields: termFields},
		{Name: keyAt, Type: "date", Required: true},
	},
	StepSign:      {{Name: keyBy, Type: "names", Max: maxNames}, {Name: keySeal, Type: "yes_no"}, {Name: keyAt, Type: "date", Required: true}},
	StepTerminate: {{Name: keyReason, Type: "code", List: "termination_reason", Required: true}, {Name: keyAt, Type: "date", Required: true}},
	StepPerform:   {{Name: keyTerm, Type: "whole", Required: true}, {Name: keyAt, Type: "date", Required: true}, {Name: keyProof, Type: "text", Max: maxStepText}},
	StepClose:     {{Name: keyAt, Type: "date", Required: true}},
}

// termFields are the fields of one term: an obligation without a name, a
// content or a time can't be enforced (民诉法解释 art. 358: content unclear).
var termFields = []FieldSpec{
	{Name: "who", Type: "text", Required: true, Max: 100},
	{Name: "what", Type: "text", Required: true, Max: maxStepText},
	{Name: "amount_fen", Type: "amount"},
	{Name: "due", Type: "date", Required: true},
}

// StepFields are the fields of a step for help texts; nil for no step.
func StepFields(step string) []FieldSpec { return stepFields[step] }

// StepNames are the steps in their order.
func StepNames() []string { return slices.Clone(stepOrder) }

// Steps lists every step, whether the actor may take it now, why not, and its
// fields with what can be chosen.
func Steps(s *crdt.State, a Actor) []StepOption {
	c := resolve(readLog(s))
	out := make([]StepOption, 0, len(stepOrder))
	for _, step := range stepOrder {
		r := who(step, a)
		if r == nil {
			r = why(step, c)
		}
		out = append(out, StepOption{Step: step, Allowed: r == nil, Refusal: r, Fields: fieldsNow(s, c, step)})
	}
	return out
}

func fieldsNow(s *crdt.State, c *course, step string) []FieldSpec {
	fields := slices.Clone(stepFields[step])
	for i := range fields {
		f := &fields[i]
		switch {
		case f.List != "":
			for _, row := range data.List(f.List) {
				f.Choices = append(f.Choices, row.Code)
			}
		case step == StepSign && f.Name == keyBy:
			f.Choices = signerNames(signers(parties(s), c))
		case step == StepPerform && f.Name == keyTerm && c.facts.agreement != nil:
			for n := int64(1); n <= c.facts.agreement.termCount(); n++ {
				if c.facts.performed[n] == nil {
					f.Choices = append(f.Choices, itoa(n))
				}
			}
		}
	}
	return fields
}

// Act makes the changes of a step from its fields, a JSON object (raw may be
// empty for {}). It fails with *Refusal where the step is not allowed and with
// Problems where its fields are wrong; then nothing is to be changed.
func Act(s *crdt.State, a Actor, step string, raw []byte) ([]crdt.Change, []Warning, error) {
	if stepFields[step] == nil {
		return nil, nil, &Refusal{Step: step, Rule: "unknown_step", Params: pairs([]string{"known", strings.Join(stepOrder, ", ")})}
	}
	c := resolve(readLog(s))
	if r := who(step, a); r != nil {
		return nil, nil, r
	}
	if r := why(step, c); r != nil {
		return nil, nil, r
	}
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	root, ferr := parseJSON(raw)
	if ferr != nil {
		return nil, nil, Problems{ferr}
	}
	ck := &checker{}
	value := ck.step("", root, stepFields[step])
	if err := ck.problems.orNil(); err != nil {
		return nil, nil, err
	}
	value[keyStep] = step
	if r := c.complete(ck, s, step, value); r != nil {
		return nil, nil, r
	}
	ck.order(s, c, step, value)
	if err := ck.problems.orNil(); err != nil {
		return nil, nil, err
	}
	return []crdt.Change{eventChange(c.log, value)}, ck.warnings, nil
}

func eventChange(l *log, value map[string]crdt.Value) crdt.Change {
	return crdt.Change{Kind: crdt.Event, Path: root(fieldLifecycle), Value: value, After: l.heads()}
}

// step checks the fields of a step or of a term.
func (c *checker) step(path string, n *node, specs []FieldSpec) map[string]crdt.Value {
	if n.kind != nodeObject {
		c.fail(path, CodeType, "want", "object")
		return nil
	}
	var names []string
	for _, spec := range specs {
		names = append(names, spec.Name)
	}
	out := map[string]crdt.Value{}
	for i, key := range n.keys {
		at := slices.Index(names, key)
		if at < 0 {
			c.fail(join(path, shorten(key)), CodeUnknown, "known", strings.Join(names, ", "))
			continue
		}
		if v := c.stepField(join(path, key), n.items[i], specs[at]); v != nil {
			out[key] = v
		}
	}
	for _, spec := range specs {
		if spec.Required && n.get(spec.Name) == nil {
			c.fail(join(path, spec.Name), CodeMissing)
		}
	}
	return out
}

func (c *checker) stepField(path string, n *node, spec FieldSpec) crdt.Value {
	low := 0
	if spec.Required {
		low = 1
	}
	switch spec.Type {
	case "text":
		s, ok := c.text(path, n, low, spec.Max)
		switch {
		case ok && spec.Required && strings.TrimSpace(s) == "":
			c.fail(path, CodeEmpty)
		case ok && s != "":
			return s
		}
	case "date":
		s, ok := c.str(path, n)
		switch {
		case ok && BeijingDay(s) != "":
			return strings.ToUpper(s)
		case ok:
			c.fail(path, CodeDate, "value", shorten(s), "form", "2026-03-10")
		}
	case "code":
		if s, ok := c.code(path, n, spec.List); ok {
			return s
		}
	case "yes_no":
		if n.kind == nodeBool {
			return n.truth
		}
		c.fail(path, CodeType, "want", "yes_no")
	case "whole", "amount":
		if v, ok := c.whole(path, n, MaxAmount); ok {
			return v
		}
	default:
		return c.stepList(path, n, spec, low)
	}
	return nil
}

// stepList checks names or terms.
func (c *checker) stepList(path string, n *node, spec FieldSpec, low int) crdt.Value {
	switch {
	case n.kind != nodeArray:
		c.fail(path, CodeType, "want", "list")
		return nil
	case len(n.items) < low:
		c.fail(path, CodeEmpty)
		return nil
	case len(n.items) > spec.Max:
		c.fail(path, CodeTooMany, "count", strconv.Itoa(len(n.items)), "limit", strconv.Itoa(spec.Max))
		return nil
	}
	var out []crdt.Value
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if spec.Type == "terms" {
			out = append(out, c.step(at, item, spec.Fields))
			continue
		}
		name, ok := c.text(at, item, 1, 100)
		name = strings.TrimSpace(name)
		if ok && name == "" {
			c.fail(at, CodeEmpty)
		} else if ok && slices.Contains(out, crdt.Value(name)) && spec.Name != keyBy {
			c.fail(at, CodeDuplicate, "what", name)
		} else if ok {
			out = append(out, name)
		}
	}
	if out == nil {
		return nil
	}
	return out
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
