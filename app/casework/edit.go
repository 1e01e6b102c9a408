package casework

import (
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// Edit makes the changes of `case set`: fields by path, checked by the rules of
// documents. Paths are those of the record's fields (claims), of a party's
// (parties.<id>.phone, also agent.name), parties.+ and tags.+ to add,
// tags.<code> and parties.<id> with null to remove; null clears. What is the
// same already changes nothing, and nothing at all gives an empty list. A
// contested legal field fails with *ContestedError, what a newer program wrote
// with a FieldError of CodeReadOnly.
func Edit(s *crdt.State, patch map[string]json.RawMessage) ([]crdt.Change, []Warning, error) {
	return editPatch(s, patch, false)
}

// EditOver is Edit by an actor who MayOverrule and was shown the state's unknown
// changes: what he sets replaces by name what makes it read-only. A path of an
// unknown entry or event (parties.<id>, lifecycle.<id>) with null sets it aside.
// What no change can name, such as an operation that can't be read, stays
// read-only.
func EditOver(s *crdt.State, patch map[string]json.RawMessage) ([]crdt.Change, []Warning, error) {
	return editPatch(s, patch, true)
}

func editPatch(s *crdt.State, patch map[string]json.RawMessage, over bool) ([]crdt.Change, []Warning, error) {
	nodes := map[string]*node{}
	var bad Problems
	size := 0
	for _, path := range sortedKeys(patch) {
		size += len(patch[path])
		n, ferr := parseJSON(patch[path])
		if ferr != nil {
			ferr.Path = strings.TrimSuffix(join(shorten(path), ferr.Path), ".")
			bad = append(bad, ferr)
			continue
		}
		nodes[path] = n
	}
	if size > MaxDocument {
		bad = append(bad, &FieldError{Code: CodeTooLarge, Params: pairs([]string{"size", strconv.Itoa(size), "limit", strconv.Itoa(MaxDocument)})})
	}
	if err := bad.orNil(); err != nil {
		return nil, nil, err
	}
	return newEditor(s, false, over).edit(nodes)
}

// ParsePatch reads the object that `case set` takes, strictly.
func ParsePatch(raw []byte) (map[string]json.RawMessage, error) {
	n, ferr := parseJSON(raw)
	if ferr != nil {
		return nil, Problems{ferr}
	}
	if n.kind != nodeObject {
		return nil, fieldProblem("", CodeType, "want", "object")
	}
	out := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fieldProblem("", CodeSyntax, "at", "0", "detail", "value")
	}
	return out, nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// editor collects the changes of one edit.
type editor struct {
	s       *crdt.State
	ck      *checker
	settle  bool // contested fields may be assigned
	over    bool // what this program can't read is replaced by name
	changes []crdt.Change
	// touched are the fields of parties that must be judged together at the
	// end: values by field, nil where one is cleared.
	touched map[crdt.Ref]*touchedParty
	removed map[crdt.Ref]bool
	added   *Party // by parties.+
	people  []storedParty
	err     error // what is no problem of a value: contested
}

func newEditor(s *crdt.State, settle, over bool) *editor {
	return &editor{s: s, ck: &checker{}, settle: settle, over: over, touched: map[crdt.Ref]*touchedParty{}, removed: map[crdt.Ref]bool{}}
}

func (e *editor) edit(nodes map[string]*node) ([]crdt.Change, []Warning, error) {
	for _, path := range sortedKeys(nodes) {
		e.field(path, nodes[path])
	}
	e.parties()
	if err := e.ck.problems.orNil(); err != nil {
		return nil, nil, err
	}
	if e.err != nil {
		return nil, nil, e.err
	}
	return append(e.changes, laterChanges(e.changes)...), e.ck.warnings, nil
}

func (e *editor) field(path string, n *node) {
	parts := strings.Split(path, ".")
	rule := findRule(caseRules, parts[0])
	switch {
	case len(parts) == 2 && n.kind == nodeNull && e.unread(path, parts):
	case rule == nil:
		e.ck.fail(shorten(path), CodePath)
	case rule.form == formParties && len(parts) > 1:
		e.partyPath(path, parts[1:], n)
	case rule.form == formParties:
		e.ck.fail(path, CodePath)
	case rule.form == formCodes:
		e.set(path, root(rule.name), rule, parts[1:], n)
	case len(parts) > 1:
		e.ck.fail(shorten(path), CodePath)
	case rule.form == formStory:
		e.story(path, rule, n)
	default:
		e.register(path, root(rule.name), rule, n)
	}
}

func (e *editor) writable(name string, path crdt.Path) bool {
	if !e.s.ReadOnly(path) {
		return true
	}
	if refs, all := e.s.SetAside(path); e.over && all && len(refs) <= crdt.MaxRefs {
		return true
	}
	e.ck.fail(name, CodeReadOnly)
	return false
}

// aside names what makes a set, text or entry read-only; of a register its
// assignment does.
func (e *editor) aside(path crdt.Path) {
	if c, ok := e.s.AsideChange(path); ok {
		e.changes = append(e.changes, c)
	}
}

// unread sets aside an entry or event that this program can't read; false where
// the path names none.
func (e *editor) unread(name string, parts []string) bool {
	for _, u := range e.s.Unknown() {
		if len(u.Path) != 2 || u.Path[0].Field != parts[0] || u.Path[1].Entry != u.Ref || EntryID(u.Ref) != strings.ToLower(parts[1]) {
			continue
		}
		switch {
		case !e.over:
			e.ck.fail(name, CodeReadOnly)
		default:
			e.changes = append(e.changes, crdt.Change{Kind: crdt.Remove, Path: u.Path[:1], Replaces: []crdt.Ref{u.Ref}, Unread: true})
		}
		return true
	}
	return false
}

func (e *editor) story(name string, rule *fieldRule, n *node) {
	text := ""
	if n.kind != nodeNull {
		var ok bool
		if text, ok = e.ck.text(name, n, rule.min, rule.max); !ok {
			return
		}
	}
	if e.writable(name, root(rule.name)) {
		e.aside(root(rule.name))
		e.changes = append(e.changes, e.s.TextEdit(root(rule.name), text)...)
	}
}

// register assigns one field; it answers the value and whether it was good.
func (e *editor) register(name string, path crdt.Path, rule *fieldRule, n *node) {
	var value crdt.Value
	if n.kind == nodeNull {
		if rule.required {
			e.ck.fail(name, codeRequired)
			return
		}
	} else {
		before := len(e.ck.problems)
		value = e.ck.value(name, n, rule)
		if len(e.ck.problems) > before {
			return
		}
	}
	e.assign(name, path, value)
}

func (e *editor) assign(name string, path crdt.Path, value crdt.Value) {
	if !e.writable(name, path) {
		return
	}
	view := e.s.Register(path)
	if view.Contested && !e.settle {
		if e.err == nil {
			e.err = &ContestedError{Field: name}
		}
		return
	}
	if len(view.Values) <= 1 && same(view.Shown, value) && !e.s.ReadOnly(path) {
		return
	}
	e.changes = append(e.changes, e.s.Overrule(e.s.AssignChange(path, value)))
}

func same(a, b crdt.Value) bool { return string(encodeJSON(a)) == string(encodeJSON(b)) }

// set edits a set of codes: name.+ adds, name.<code> with null removes, the
// name alone with a list makes it that list.
func (e *editor) set(name string, path crdt.Path, rule *fieldRule, rest []string, n *node) {
	if !e.writable(name, path) {
		return
	}
	e.aside(path)
	has := strs(setValues(e.s, path))
	want := slices.Clone(has)
	switch {
	case len(rest) == 0 && n.kind == nodeNull:
		want = nil
	case len(rest) == 0:
		want = strs(e.ck.codes(name, n, rule))
	case len(rest) == 1 && rest[0] == "+":
		if code, ok := e.ck.code(name, n, rule.list); ok && !slices.Contains(want, code) {
			want = append(want, code)
		}
	case len(rest) == 1 && n.kind == nodeNull && data.Has(rule.list, rest[0]):
		want = slices.DeleteFunc(want, func(c string) bool { return c == rest[0] })
	default:
		e.ck.fail(shorten(name), CodePath)
		return
	}
	for _, code := range has {
		if !slices.Contains(want, code) {
			e.changes = append(e.changes, e.s.RemoveValue(path, code)...)
		}
	}
	for _, code := range want {
		if !slices.Contains(has, code) {
			e.changes = append(e.changes, e.s.AddChange(path, code))
		}
	}
	if len(want) > rule.max {
		e.ck.fail(name, CodeTooMany, "count", strconv.Itoa(len(want)), "limit", strconv.Itoa(rule.max))
	}
}

// findRegister finds the path of a party's register by its name in `case set`.
func findRegister(s *crdt.State, name string) (crdt.Path, bool) {
	parts := strings.Split(name, ".")
	if len(parts) == 1 {
		rule := findRule(caseRules, name)
		if rule == nil || rule.form == formParties || rule.form == formStory || rule.form == formCodes {
			return nil, false
		}
		return root(name), true
	}
	if len(parts) != 3 || parts[0] != fieldParties {
		return nil, false
	}
	rule := findRule(partyRules, parts[2])
	ref, ok := findRef(parts[1], partyRefs(s))
	if rule == nil || rule.form == formCodes || !ok {
		return nil, false
	}
	return inEntry(fieldParties, ref, rule.name), true
}

func partyRefs(s *crdt.State) []crdt.Ref {
	var out []crdt.Ref
	for _, e := range s.Entries(root(fieldParties)) {
		out = append(out, e.Ref)
	}
	return out
}
