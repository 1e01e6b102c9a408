package casework

import (
	"slices"
	"strconv"
	"time"

	"hejie/sync/crdt"
)

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
			e.changes = append(e.changes, e.s.RemoveEntry(root(fieldParties), ref)...)
			e.removed++
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
	case rule.form == formAgent && len(rest) == 2:
		e.agentField(name, ref, rest[1], n)
	case len(rest) > 1:
		e.ck.fail(shorten(name), CodePath)
	case rule.name == "id_kind" || rule.name == "id_number":
		e.numberField(name, ref, rule, n)
	default:
		e.register(name, inEntry(fieldParties, ref, rule.name), rule, n)
	}
}

// agentField changes one field of an agent, who is one register.
func (e *editor) agentField(name string, ref crdt.Ref, field string, n *node) {
	rule := findRule(agentRules, field)
	if rule == nil {
		e.ck.fail(shorten(name), CodePath)
		return
	}
	path := inEntry(fieldParties, ref, "agent")
	agent := map[string]crdt.Value{}
	if had, ok := e.s.Register(path).Shown.(map[string]crdt.Value); ok {
		for k, v := range had {
			agent[k] = v
		}
	}
	before := len(e.ck.problems)
	agent[field] = e.ck.value(name, n, rule)
	for _, r := range agentRules {
		if agent[r.name] == nil && len(e.ck.problems) == before {
			e.ck.fail(name, CodeMissing)
		}
	}
	if len(e.ck.problems) == before {
		e.assign(name, path, agent)
	}
}

// numberField notes the kind or number of a document; both are judged together.
func (e *editor) numberField(name string, ref crdt.Ref, rule *fieldRule, n *node) {
	var value crdt.Value
	if n.kind != nodeNull {
		before := len(e.ck.problems)
		if value = e.ck.value(name, n, rule); len(e.ck.problems) > before {
			return
		}
	}
	if e.touched[ref] == nil {
		e.touched[ref] = map[string]crdt.Value{}
	}
	e.touched[ref][rule.name] = value
}

func (e *editor) addParty(name string, n *node) {
	before := len(e.ck.problems)
	fields := e.ck.object(name, n, partyRules)
	if len(e.ck.problems) > before || !e.writable(name, root(fieldParties)) {
		return
	}
	p := partyOf(fields)
	e.ck.party(name, &p, time.Time{})
	e.changes = appendParty(e.changes, p)
	e.added++
}

// parties finishes what concerns parties as a whole.
func (e *editor) parties() {
	for _, ref := range partyRefs(e.s) {
		fields, ok := e.touched[ref]
		if !ok {
			continue
		}
		delete(e.touched, ref) // an entry that is shown twice is edited once
		p := partyAt(e.s, ref)
		at := fieldParties + "." + p.ID
		if v, ok := fields["id_kind"]; ok {
			p.IDKind = str(v)
		}
		if v, ok := fields["id_number"]; ok {
			p.IDNumber = str(v)
		}
		if p.IDNumber != "" {
			normal := e.ck.idNumber(join(at, "id_number"), p.IDKind, p.IDNumber)
			if _, ok := fields["id_number"]; ok {
				fields["id_number"] = normal
			}
		}
		e.ck.party(at, &p, time.Time{})
		for _, name := range sortedKeys(fields) {
			v := fields[name]
			if v == "" {
				v = nil
			}
			e.assign(join(at, name), inEntry(fieldParties, ref, name), v)
		}
	}
	has := len(slices.Compact(partyRefs(e.s)))
	switch left := has - e.removed + e.added; {
	case e.removed > 0 && left < 1:
		e.ck.fail(fieldParties, codeRequired)
	case left > MaxParties && e.added > 0:
		e.ck.fail(fieldParties, CodeTooMany, "count", strconv.Itoa(left), "limit", strconv.Itoa(MaxParties))
	}
}
