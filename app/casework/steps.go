package casework

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// FieldSpec describes one field of a step, for forms and for help.
type FieldSpec struct {
	Name string `json:"name"`
	// Type is "date" (a day, or date and time), "text", "code", "codes", "names",
	// "yes_no", "whole", "amount" (fen), "unit" (a unit's code or id), "event" (the
	// id of one of Choices), "hash" (SHA-256 in hexadecimal digits), "rows" or
	// "terms" (a list of Fields).
	Type     string      `json:"type"`
	Required bool        `json:"required"`
	List     string      `json:"list,omitempty"`    // code table
	Choices  []string    `json:"choices,omitempty"` // what can be chosen now
	Max      int         `json:"max,omitempty"`     // characters, items
	Fields   []FieldSpec `json:"fields,omitempty"`  // of one item
	show     show
	apart    bool // kept in the notes of the acting body (apart.go)
}

// Apart reports whether the notes of the acting body keep the field, so that
// the case has the step without it.
func (f FieldSpec) Apart() bool { return f.apart }

// StepOption is one step of the lifecycle as it stands now.
type StepOption struct {
	Step    string      `json:"step"`
	Track   string      `json:"track"`
	Allowed bool        `json:"allowed"`
	Refusal *Refusal    `json:"refusal,omitempty"`
	Article string      `json:"article,omitempty"`
	Fields  []FieldSpec `json:"fields"`
}

// Limits of steps.
const (
	maxMediators = 20   // of one case; a committee has up to nine members
	maxTerms     = 100  // of one agreement, of a list of materials
	maxNames     = 600  // all parties, agents and mediators at once
	maxStepText  = 1000 // characters of a term, a place or a proof
	maxStepStory = 5000 // characters of a reason or of facts in an agreement
)

// StepFields are the fields of a step for help texts; nil for no step.
func StepFields(step string) []FieldSpec {
	if r := ruleOf[step]; r != nil {
		return r.fields
	}
	return nil
}

// StepTables are the code tables of the choices of all steps, those that
// programs make among them: "agree.form" is in agreement_form, a field of a row
// is named with the row's.
func StepTables() map[string]string {
	out := map[string]string{}
	var walk func(path string, fields []FieldSpec)
	walk = func(path string, fields []FieldSpec) {
		for _, f := range fields {
			if f.List != "" {
				out[path+"."+f.Name] = f.List
			}
			walk(path+"."+f.Name, f.Fields)
		}
	}
	for _, r := range rulebook {
		walk(r.step, r.fields)
	}
	return out
}

// StepNames are the steps in their order.
func StepNames() []string {
	var out []string
	for _, r := range rulebook {
		if !r.made {
			out = append(out, r.step)
		}
	}
	return out
}

// StepTrack is the track of a step; "" for no step.
func StepTrack(step string) string {
	if r := ruleOf[step]; r != nil {
		return r.track
	}
	return ""
}

// StepRoles are the roles that may take a step.
func StepRoles(step string) []string {
	if r := ruleOf[step]; r != nil {
		return slices.Clone(r.roles)
	}
	return nil
}

// StepInNotes reports whether the event of a step lies in the notes of the body
// that takes it.
func StepInNotes(step string) bool {
	r := ruleOf[step]
	return r != nil && r.notes
}

// Steps lists every step, whether the actor may take it now, why not, and its
// fields with what can be chosen. notes are those of the case that are held.
func Steps(s *crdt.State, a Actor, notes ...*crdt.State) []StepOption {
	c := resolve(readLog(s, notes...))
	out := make([]StepOption, 0, len(rulebook))
	all := parties(s)
	names := actingFor(all, signers(all, c, "")) // once for all steps
	for i := range rulebook {
		r := &rulebook[i]
		if r.made {
			continue
		}
		refusal := c.who(r.step, a)
		if refusal == nil {
			refusal = c.why(r.step, a)
		}
		out = append(out, StepOption{Step: r.step, Track: r.track, Allowed: refusal == nil, Refusal: refusal, Article: r.article, Fields: fieldsNow(all, names, c, r.step)})
	}
	return out
}

func fieldsNow(all []storedParty, names []string, c *course, step string) []FieldSpec {
	fields := slices.Clone(ruleOf[step].fields)
	for i := range fields {
		f := &fields[i]
		switch {
		case f.List != "":
			f.Choices = codesOf(f.List)
		case f.Type == "rows" || f.Type == "terms":
			f.Fields = slices.Clone(f.Fields)
			for j := range f.Fields {
				if f.Fields[j].List != "" {
					f.Fields[j].Choices = codesOf(f.Fields[j].List)
				}
			}
		case f.Name == keyAgreement:
			if c.facts.agreement != nil && c.facts.entered == nil {
				f.Choices = []string{EntryID(c.facts.agreement.ref)}
			}
		case f.Type == "event":
			f.Choices = c.letters(step, f.Name)
		case f.Type == "names" && f.Name != keyMediators && f.Name != keyPresent:
			f.Choices = slices.Clone(names)
			if step == StepSign {
				f.Choices = withNames(f.Choices, c.mediators())
			}
		case f.Name == keyTerm && c.facts.agreement != nil:
			for n := int64(1); n <= c.facts.agreement.termCount(); n++ {
				if c.facts.performed[n] == nil {
					f.Choices = append(f.Choices, itoa(n))
				}
			}
		case f.Name == keyFor:
			for _, p := range all {
				f.Choices = append(f.Choices, p.Name)
			}
		case f.Name == keyMediator:
			f.Choices = c.mediators()
		}
	}
	return fields
}

// actingFor are the names that a step offers: who acts for the parties, in the
// parties' order.
func actingFor(all []storedParty, people map[string]*signer) []string {
	var out []string
	for _, name := range signerNames(people) {
		if len(people[name].parties) > 0 {
			out = append(out, name)
		}
	}
	place := func(name string) int {
		return slices.IndexFunc(all, func(p storedParty) bool { return slices.Contains(people[name].parties, p.ref) })
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	return out
}

// withNames adds the names that are not there yet: who mediated signs besides
// the parties.
func withNames(names, more []string) []string {
	for _, name := range more {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func codesOf(list string) []string {
	var out []string
	for _, row := range data.List(list) {
		out = append(out, row.Code)
	}
	return out
}

// letters are the referrals that a step could name now.
func (c *course) letters(step, field string) []string {
	var out []string
	for _, r := range c.facts.referrals {
		e := &event{step: step, value: map[string]crdt.Value{keyReferral: refValue(r.sent.ref)}}
		if r.draft == (field == keyDraft) && (field == keyDraft || ruleOf[step].also(&c.facts, e)) {
			out = append(out, EntryID(r.sent.ref))
		}
	}
	return out
}

// Setting is what a step may look up beyond the case. Its answers must be
// functions of the logs and tables held. Nil functions know nothing.
type Setting struct {
	// Unit finds a unit of the tree by its code or id.
	Unit func(text string) (Body, bool)
	// Reads tells whether a unit reads the whole case already: the owner, its
	// station, and whoever has a grant.
	Reads func(unit crdt.ID) bool
	// Rostered tells whether the court that sends had the body on its roster on a
	// day (2026-03-10): that of the letter, whenever it is entered.
	Rostered func(unit crdt.ID, day string) bool
	// Number is the number by which registers know a mediator of this name who
	// works on the case; "" where none or several do.
	Number func(name string) string
	// Last is the last day of a clock that began on a day; "" where unknown.
	Last func(clock, began string) string
	// Notes are the notes on the case that are held, of whichever body; Own is
	// that of them in which the acting unit writes; nil: it has none yet.
	Notes []*crdt.State
	Own   *crdt.State
}

// Body is a unit as a letter names it.
type Body struct {
	ID         crdt.ID
	Code, Name string
	Kind       string // code of the table "body"
}

// Made is what a step makes in one save. Save writes it.
type Made struct {
	Changes  []crdt.Change // of the case
	Notes    []crdt.Change // of the acting unit's notes on it
	entering bool          // Changes name an operation that Notes makes
	Grants   []crdt.ID     // units to which it opens the case
	Warnings []Warning
}

// Act makes the changes of a step from its fields, a JSON object (raw may be
// empty for {}). It fails with *Refusal where the step is not allowed and with
// Problems where its fields are wrong; then nothing is to be changed.
func Act(s *crdt.State, a Actor, step string, raw []byte, set Setting) (Made, error) {
	rule := ruleOf[step]
	if rule == nil {
		return Made{}, &Refusal{Step: step, Rule: "unknown_step", Params: pairs([]string{"known", strings.Join(StepNames(), ", ")})}
	}
	// The event of an agreement in force is made of its draft and signatures;
	// one that a person wrote would rest on neither.
	if rule.made {
		return Made{}, &Refusal{Step: step, Rule: "entered_only", Article: rule.article}
	}
	c := resolve(readLog(s, set.Notes...))
	if r := c.who(step, a); r != nil {
		return Made{}, r
	}
	if r := c.why(step, a); r != nil {
		return Made{}, r
	}
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	root, ferr := parseJSON(raw)
	if ferr != nil {
		return Made{}, Problems{ferr}
	}
	ck := &checker{set: &set}
	value := ck.step("", root, rule.fields)
	if err := ck.problems.orNil(); err != nil {
		return Made{}, err
	}
	value[keyStep] = step
	ck.courtNumber(step, value)
	if r := c.complete(ck, s, a, step, value); r != nil {
		return Made{}, r
	}
	ck.order(s, c, step, value)
	if err := ck.problems.orNil(); err != nil {
		return Made{}, err
	}
	e := &event{step: step, value: value, before: c.all(), notes: rule.notes}
	e.op.Unit = a.Unit
	if !possible(e, c.facts) {
		name, params := c.condition(step, e)
		return Made{}, &Refusal{Step: step, Rule: name, Article: rule.article, Params: pairs(params)}
	}
	if d := c.inVain(e); d != nil {
		return Made{}, c.waits(step, d)
	}
	return c.make(s, e, ck), nil
}

// make shares a step out to the case and the notes.
func (c *course) make(s *crdt.State, e *event, ck *checker) Made {
	out := Made{Grants: e.grants(), Warnings: ck.warnings}
	switch {
	case e.step == StepEnterAgreement:
		out.Changes = c.entering(e.value)
	case e.notes:
		out.Changes = c.completing(e.step, e.value)
		out.entering = len(out.Changes) > 0
		out.Notes = []crdt.Change{c.log.noteChange(ck.set.Own, e.value)}
	default:
		said := split(e.step, e.value)
		out.Changes = append([]crdt.Change{eventChange(c.log, e.value)}, along(s, e.step, e.value)...)
		if said != nil || c.log.weighs(e.step) {
			words := map[string]crdt.Value{keyStep: stepWords, keyOf: refValue(crdt.Ref{Op: ownOp})}
			if said != nil {
				words[keySaid] = said
			}
			out.Notes = []crdt.Change{c.log.noteChange(ck.set.Own, words)}
		}
	}
	return out
}

// along are the fields of the case that a step writes beside its event. A lead
// that becomes a case comes from whom the step says, and came in on its day:
// not the day of the sweep but the day of the request interrupts the limitation
// of suits (诉讼时效规定 art. 12), and counts for the figures.
func along(s *crdt.State, step string, value map[string]crdt.Value) []crdt.Change {
	if step != StepMakeCase {
		return nil
	}
	received := str(value[keyAt])
	if _, ok := parseInstant(received); !ok {
		received += "T00:00:00+08:00"
	}
	return []crdt.Change{s.AssignChange(root("source"), value[keySource]), s.AssignChange(root("received_at"), received)}
}

func eventChange(l *log, value map[string]crdt.Value) crdt.Change {
	return crdt.Change{Kind: crdt.Event, Path: root(fieldLifecycle), Value: value, After: l.caseHeads()}
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
	case "unit":
		return c.unit(path, n)
	case "event":
		if s, ok := c.str(path, n); ok {
			return s // found among the letters by complete
		}
	case "hash":
		if s, ok := c.str(path, n); ok && hashForm.MatchString(s) {
			return strings.ToLower(s)
		} else if ok {
			c.fail(path, "hash", "value", shorten(s))
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
		switch spec.Type {
		case "terms", "rows":
			out = append(out, c.step(at, item, spec.Fields))
			continue
		case "codes":
			if s, ok := c.code(at, item, spec.List); ok {
				out = append(out, s)
			}
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

var hashForm = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

// unit finds the unit that a field names in the tree.
func (c *checker) unit(path string, n *node) crdt.Value {
	s, ok := c.str(path, n)
	if !ok || s == "" {
		return nil
	}
	if c.set != nil && c.set.Unit != nil {
		if body, found := c.set.Unit(s); found {
			return append([]byte(nil), body.ID[:]...)
		}
	}
	c.fail(path, "no_unit", "value", shorten(s))
	return nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
