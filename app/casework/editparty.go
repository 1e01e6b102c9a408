package casework

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"hejie/sync/crdt"
)

// touchedParty is what an edit makes of one party. Its fields are written only
// when all are known, since some are judged together.
type touchedParty struct {
	values map[string]crdt.Value // by field; nil: cleared
	names  map[string]string     // by field: the first path that touched it
}

// partyPath edits what lies under parties: + adds, <id> with null removes,
// <id> with an object sets several fields, <id>.<field> one.
func (e *editor) partyPath(name string, rest []string, n *node) {
	if rest[0] == "+" && len(rest) == 1 {
		e.addParty(name, n)
		return
	}
	ref, ok := findRef(rest[0], partyRefs(e.s))
	switch {
	case !ok:
		e.ck.fail(shorten(name), CodeEntry)
	case len(rest) == 1 && n.kind == nodeNull:
		if e.writable(name, crdt.Path{{Field: fieldParties}, {Entry: ref}}) {
			e.aside(crdt.Path{{Field: fieldParties}, {Entry: ref}})
			e.changes = append(e.changes, e.s.RemoveEntry(root(fieldParties), ref)...)
			e.removed[ref] = true
		}
	case len(rest) == 1 && n.kind == nodeObject:
		for i, key := range n.keys {
			e.partyField(join(name, shorten(key)), ref, []string{key}, n.items[i])
		}
	case len(rest) == 1:
		e.ck.fail(name, CodeType, "want", "object_or_null")
	default:
		e.partyField(name, ref, rest[1:], n)
	}
}

func (e *editor) partyField(name string, ref crdt.Ref, rest []string, n *node) {
	rule := findRule(partyRules, rest[0])
	switch {
	case rule == nil:
		e.ck.fail(shorten(name), CodePath)
	case rule.form == formCodes:
		e.set(name, inEntry(fieldParties, ref, rule.name), rule, rest[1:], n)
	case rule.form == formParts && len(rest) == 2:
		e.part(name, ref, rule, rest[1], n)
	case len(rest) > 1:
		e.ck.fail(shorten(name), CodePath)
	default:
		e.touchField(name, ref, rule, n)
	}
}

// touch notes the value that a field is to have.
func (e *editor) touch(name string, ref crdt.Ref, field string, value crdt.Value) {
	p := e.touched[ref]
	if p == nil {
		p = &touchedParty{values: map[string]crdt.Value{}, names: map[string]string{}}
		e.touched[ref] = p
	}
	if _, again := p.names[field]; !again {
		p.names[field] = name
	}
	p.values[field] = value
}

func (e *editor) touchField(name string, ref crdt.Ref, rule *fieldRule, n *node) {
	if n.kind == nodeNull {
		if rule.required {
			e.ck.fail(name, codeRequired)
			return
		}
		e.touch(name, ref, rule.name, nil)
		return
	}
	before := len(e.ck.problems)
	if value := e.ck.value(name, n, rule); len(e.ck.problems) == before {
		e.touch(name, ref, rule.name, value)
	}
}

// part changes one field of an agent, guardian or the like, who is one
// register: the others stay as they are, or as the same edit has them.
func (e *editor) part(name string, ref crdt.Ref, rule *fieldRule, field string, n *node) {
	part := findRule(rule.parts, field)
	if part == nil {
		e.ck.fail(shorten(name), CodePath)
		return
	}
	var had crdt.Value
	if p := e.touched[ref]; p != nil {
		had = p.values[rule.name]
	}
	if p := e.touched[ref]; p == nil || p.names[rule.name] == "" {
		had = e.s.Register(inEntry(fieldParties, ref, rule.name)).Shown
	}
	fields := map[string]crdt.Value{}
	if m, ok := had.(map[string]crdt.Value); ok {
		maps.Copy(fields, m)
	}
	if n.kind == nodeNull && !part.required {
		delete(fields, field)
		e.touch(name, ref, rule.name, fields)
		return
	}
	before := len(e.ck.problems)
	value := e.ck.value(name, n, part)
	if len(e.ck.problems) > before {
		return
	}
	delete(fields, field)
	if value != nil {
		fields[field] = value
	}
	e.touch(name, ref, rule.name, fields)
}

func (e *editor) addParty(name string, n *node) {
	before := len(e.ck.problems)
	fields := e.ck.object(name, n, partyRules)
	if len(e.ck.problems) > before || !e.writable(name, root(fieldParties)) {
		return
	}
	e.aside(root(fieldParties))
	p := partyOf(fields)
	e.ck.party(name, &p, e.received())
	e.added = &p
}

// add writes the party that an edit adds.
func (e *editor) add(p Party) {
	ids := e.chosen(join(fieldParties+".+", fieldRepresented), crdt.Ref{}, p)
	entry := crdt.Ref{Index: uint32(len(e.changes))}
	e.changes = appendParty(e.changes, p)
	if len(ids) > 0 {
		r := *p.RepresentedBy
		r.Names = ids
		e.changes = append(e.changes, crdt.Change{Kind: crdt.Assign, Path: inEntry(fieldParties, entry, fieldRepresented), Value: r.value()})
	}
}

// parties finishes what concerns parties as a whole.
func (e *editor) parties() {
	for _, ref := range slices.Compact(partyRefs(e.s)) {
		if p := e.touched[ref]; p != nil && !e.removed[ref] {
			e.finish(ref, p)
		}
	}
	e.leaving()
	left := len(slices.Compact(partyRefs(e.s))) - len(e.removed)
	if e.added != nil {
		e.add(*e.added)
		left++
	}
	switch {
	case len(e.removed) > 0 && left < 1:
		e.ck.fail(fieldParties, codeRequired)
	case left > MaxParties && e.added != nil:
		e.ck.fail(fieldParties, CodeTooMany, "count", strconv.Itoa(left), "limit", strconv.Itoa(MaxParties))
	}
}

// finish judges what an edit makes of a party and writes it.
func (e *editor) finish(ref crdt.Ref, t *touchedParty) {
	at := join(fieldParties, EntryID(ref))
	before := len(e.ck.problems)
	for _, name := range sortedKeys(t.values) {
		if rule := findRule(partyRules, name); rule.form == formParts {
			t.values[name] = e.whole(join(at, name), t.names[name], rule, t.values[name])
		}
	}
	final := e.partyWith(ref, t.values)
	_, kind := t.values["id_kind"]
	_, number := t.values["id_number"]
	if (kind || number) && final.IDNumber != "" {
		final.IDNumber = e.ck.idNumber(join(at, "id_number"), final.IDKind, final.IDNumber)
		if number {
			t.values["id_number"] = textOrNil(final.IDNumber)
		}
	}
	if _, chosen := t.values[fieldRepresented]; chosen && final.RepresentedBy != nil {
		r := *final.RepresentedBy
		r.Names = e.chosen(join(at, fieldRepresented), ref, final)
		t.values[fieldRepresented] = r.value()
		if e.choseAlready(ref, r) {
			delete(t.values, fieldRepresented)
		}
	}
	if len(e.ck.problems) > before {
		return
	}
	e.ck.party(at, &final, e.received())
	for _, name := range sortedKeys(t.values) {
		e.assign(join(at, name), inEntry(fieldParties, ref, name), t.values[name])
	}
}

// whole judges a value of several fields as an edit leaves it.
func (e *editor) whole(at, name string, rule *fieldRule, value crdt.Value) crdt.Value {
	fields, ok := value.(map[string]crdt.Value)
	if !ok || len(fields) == 0 {
		return nil
	}
	for _, r := range rule.parts {
		if r.required && fields[r.name] == nil {
			e.ck.fail(name, CodeMissing)
			return nil
		}
	}
	// What the edit gave whole was judged once already: say it once.
	ck := &checker{}
	ck.together(at, fields)
	ck.parts(at, rule.name, fields)
	e.ck.add(ck)
	return fields
}

// partyWith is the party as it will be, with its representatives as the edit
// gave them.
func (e *editor) partyWith(ref crdt.Ref, values map[string]crdt.Value) Party {
	fields := partyFields(e.s, ref)
	maps.Copy(fields, values)
	return partyFrom(fields, ref)
}

// received is when the case came in; zero where that is contested or missing.
func (e *editor) received() time.Time {
	t, _ := parseInstant(str(e.s.Register(root("received_at")).Shown))
	return t
}

func textOrNil(s string) crdt.Value {
	if s == "" {
		return nil
	}
	return s
}
