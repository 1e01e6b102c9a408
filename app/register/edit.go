package register

import (
	"slices"
	"strconv"
	"strings"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// Part is one record of a unit's register: mostly there is one.
type Part struct {
	ID    crdt.ID
	State *crdt.State
}

// Edited is what an edit changes.
type Edited struct {
	// Changes belong to the parts of the same index; empty: nothing to write.
	Changes [][]crdt.Change
	// Tables are the maps touched ("" the unit's own fields), sorted; Office is
	// true if all of it is office work of a clerk.
	Tables []string
	Office bool
	// Ranges are those that were added or changed, as they will be (ID empty of
	// new ones), and RangesGone the ids of what was changed or removed: what
	// Claim needs.
	Ranges     []NumberRange
	RangesGone []string
	// Voids are the numbers that are voided anew.
	Voids []VoidedNumber
}

// None reports whether nothing changes.
func (e Edited) None() bool {
	return !slices.ContainsFunc(e.Changes, func(c []crdt.Change) bool { return len(c) > 0 })
}

// Edit makes the changes of a patch on the union of parts (at least one; a new
// register is crdt.New(Schema()) alone). New entries go to the first part, an
// entry's fields to the part that has it. What is the same already changes
// nothing. It fails with casework.Problems and then nothing changes.
func Edit(parts []Part, patch Patch) (Edited, error) {
	e := editor{ck: &checker{}, parts: parts, finals: map[string]*final{}, seen: map[string]bool{}, out: Edited{Changes: make([][]crdt.Change, len(parts)), Office: true}}
	for _, path := range patch.paths {
		e.path(path, patch.values[path])
	}
	e.finish()
	if err := e.ck.orNil(); err != nil {
		return Edited{}, err
	}
	slices.Sort(e.out.Tables)
	e.out.Tables = slices.Compact(e.out.Tables)
	return e.out, nil
}

// final is an entry as it will be after the edit.
type final struct {
	table   *table
	path    string // of errors
	id      string // empty: new
	values  map[string]crdt.Value
	removed bool
}

type editor struct {
	ck     *checker
	parts  []Part
	out    Edited
	finals map[string]*final
	order  []string        // keys of finals
	seen   map[string]bool // fields written by this edit: each once
}

func (e *editor) touch(table string, officeWork bool) {
	e.out.Tables = append(e.out.Tables, table)
	e.out.Office = e.out.Office && officeWork
}

func (e *editor) path(path string, v any) {
	parts := strings.Split(path, ".")
	if r := findRule(unitRules, parts[0]); r != nil && len(parts) == 1 {
		e.unitField(path, r, v)
		return
	}
	t := findTable(parts[0])
	switch {
	case t == nil || len(parts) < 2:
		e.ck.fail(shorten(path), codePath)
	case parts[1] == "+" && len(parts) == 2:
		e.add(path, t, v)
	case len(parts) <= 4:
		e.entry(path, t, parts[1:], v)
	default:
		e.ck.fail(shorten(path), codePath)
	}
}

// unitField sets a field of the unit: in the first part, and nothing in the
// others, so that what was shown as one becomes one.
func (e *editor) unitField(path string, r *rule, v any) {
	value, ok := e.ck.value(path, v, r)
	if !ok {
		return
	}
	e.touch("", true)
	for i := range e.parts {
		if i > 0 {
			value = nil
		}
		e.assign(i, path, root(r.name), value)
	}
}

// assign writes one register of a part, unless it says that already.
func (e *editor) assign(part int, name string, path crdt.Path, value crdt.Value) {
	s := e.parts[part].State
	if s.ReadOnly(path) {
		e.ck.fail(name, casework.CodeReadOnly)
		return
	}
	now := s.Register(path)
	if len(now.Values) <= 1 && sameValue(now.Shown, value) {
		return
	}
	e.out.Changes[part] = append(e.out.Changes[part], s.AssignChange(path, value))
}

// add makes a new entry of an object.
func (e *editor) add(path string, t *table, v any) {
	fields, ok := v.(map[string]any)
	if !ok {
		e.ck.fail(path, casework.CodeType, "want", "object")
		return
	}
	s := e.parts[0].State
	if s.ReadOnly(root(t.name)) {
		e.ck.fail(path, casework.CodeReadOnly)
		return
	}
	f := &final{table: t, path: path, values: map[string]crdt.Value{}}
	good := true
	for _, key := range sortedKeys(fields) {
		r := findRule(t.rules, key)
		if r == nil {
			e.ck.fail(path+"."+shorten(key), casework.CodeUnknown, "known", fieldNames(t))
			good = false
			continue
		}
		value, ok := e.ck.value(path+"."+key, fields[key], r)
		if good = good && ok; ok && value != nil {
			f.values[key] = value
		}
	}
	for _, r := range t.rules {
		if _, given := fields[r.name]; r.required && !given {
			e.ck.fail(path+"."+r.name, casework.CodeMissing)
			good = false
		}
	}
	if !good {
		return
	}
	e.touch(t.name, false)
	e.keep(f)
	e.out.Changes[0] = appendEntry(e.out.Changes[0], t, f.values)
}

func fieldNames(t *table) string {
	var names []string
	for _, r := range t.rules {
		names = append(names, r.name)
	}
	return strings.Join(names, ", ")
}

func (e *editor) keep(f *final) {
	key := f.table.name + "/" + f.id
	if f.id == "" {
		key += "+" + strconv.Itoa(len(e.order))
	}
	e.finals[key] = f
	e.order = append(e.order, key)
}

// appendEntry adds an entry and its fields to the changes of an operation.
func appendEntry(out []crdt.Change, t *table, values map[string]crdt.Value) []crdt.Change {
	entry := crdt.Ref{Index: uint32(len(out))}
	out = append(out, crdt.Change{Kind: crdt.Add, Path: root(t.name)})
	for _, r := range t.rules {
		v, ok := values[r.name]
		if !ok {
			continue
		}
		path := inEntry(t.name, entry, r.name)
		if !r.form.isSet() {
			out = append(out, crdt.Change{Kind: crdt.Assign, Path: path, Value: v})
			continue
		}
		items, _ := v.([]crdt.Value)
		for _, item := range items {
			out = append(out, crdt.Change{Kind: crdt.Add, Path: path, Value: item})
		}
	}
	return out
}

// find finds an entry by its id among the parts.
func (e *editor) find(t *table, id string) (part int, ref crdt.Ref, ok bool) {
	id = strings.ToLower(id)
	for i, p := range e.parts {
		for _, x := range p.State.Entries(root(t.name)) {
			if casework.EntryID(x.Ref) == id {
				return i, x.Ref, true
			}
		}
	}
	return 0, crdt.Ref{}, false
}

// entry edits <id>, <id>.<field> or <id>.<set>.+.
func (e *editor) entry(path string, t *table, rest []string, v any) {
	part, ref, ok := e.find(t, rest[0])
	if !ok {
		e.ck.fail(shorten(path), codeEntry)
		return
	}
	f := e.finalOf(t, part, ref)
	switch fields, object := v.(map[string]any); {
	case len(rest) == 1 && v == nil:
		e.remove(path, t, part, ref, f)
	case len(rest) == 1 && object:
		for _, key := range sortedKeys(fields) {
			e.field(path+"."+shorten(key), t, part, ref, f, key, fields[key], false)
		}
	case len(rest) == 1:
		e.ck.fail(path, casework.CodeType, "want", "object_or_null")
	case len(rest) == 2:
		e.field(path, t, part, ref, f, rest[1], v, false)
	case rest[2] == "+":
		e.field(path, t, part, ref, f, rest[1], []any{v}, true)
	default:
		e.ck.fail(shorten(path), codePath)
	}
}

// finalOf is what an entry will be; it begins as it is.
func (e *editor) finalOf(t *table, part int, ref crdt.Ref) *final {
	id := casework.EntryID(ref)
	if f := e.finals[t.name+"/"+id]; f != nil {
		return f
	}
	f := &final{table: t, path: t.name + "." + id, id: id, values: valuesOf(e.parts[part].State, t, ref)}
	e.keep(f)
	return f
}

func (e *editor) remove(path string, t *table, part int, ref crdt.Ref, f *final) {
	s := e.parts[part].State
	if s.ReadOnly(crdt.Path{{Field: t.name}, {Entry: ref}}) {
		e.ck.fail(path, casework.CodeReadOnly)
		return
	}
	e.touch(t.name, false)
	f.removed = true
	e.out.Changes[part] = append(e.out.Changes[part], s.RemoveEntry(root(t.name), ref)...)
}

func (e *editor) field(name string, t *table, part int, ref crdt.Ref, f *final, field string, v any, adds bool) {
	r := findRule(t.rules, field)
	if r == nil || adds && !r.form.isSet() {
		e.ck.fail(shorten(name), codePath)
		return
	}
	key := f.path + "." + field
	if f.removed || e.seen[key] {
		e.ck.fail(shorten(name), casework.CodeDuplicate, "what", field)
		return
	}
	e.seen[key] = true
	value, ok := e.ck.value(name, v, r)
	if !ok {
		return
	}
	e.touch(t.name, slices.Contains(t.office, field))
	path := inEntry(t.name, ref, field)
	if r.form.isSet() {
		f.values[field] = e.setTo(name, part, path, value, adds, r.max)
		return
	}
	f.values[field] = value
	e.assign(part, name, path, value)
}

// setTo makes a set a list, or adds to it, and answers what it will be.
func (e *editor) setTo(name string, part int, path crdt.Path, value crdt.Value, adds bool, limit int) crdt.Value {
	s := e.parts[part].State
	want, _ := value.([]crdt.Value)
	var has []crdt.Value
	for _, v := range s.Set(path) {
		has = append(has, v.Value)
	}
	if s.ReadOnly(path) {
		e.ck.fail(name, casework.CodeReadOnly)
		return has
	}
	if adds {
		want = append(slices.Clone(has), want...)
	}
	if len(want) > limit {
		e.ck.fail(name, casework.CodeTooMany, "count", strconv.Itoa(len(want)), "limit", strconv.Itoa(limit))
		return has
	}
	holds := func(list []crdt.Value, v crdt.Value) bool {
		return slices.ContainsFunc(list, func(x crdt.Value) bool { return sameValue(x, v) })
	}
	for _, v := range has {
		if !holds(want, v) {
			e.out.Changes[part] = append(e.out.Changes[part], s.RemoveValue(path, v)...)
		}
	}
	for i, v := range want {
		if !holds(has, v) && !holds(want[:i], v) {
			e.out.Changes[part] = append(e.out.Changes[part], s.AddChange(path, v))
		}
	}
	return want
}

// finish checks entries as they will be, and how many there will be.
func (e *editor) finish() {
	count := map[string]int{}
	for _, key := range e.order {
		f := e.finals[key]
		if f.removed {
			count[f.table.name]--
		} else {
			e.ordered(f)
		}
		if f.id == "" {
			count[f.table.name]++
		}
		if f.table.name == Voided && !f.removed {
			e.voids(f)
		}
		if f.table.name != Ranges {
			continue
		}
		if f.id != "" {
			e.out.RangesGone = append(e.out.RangesGone, f.id)
		}
		if !f.removed {
			e.out.Ranges = append(e.out.Ranges, rangeOf(f.id, f.values))
		}
	}
	for _, t := range tables {
		if count[t.name] <= 0 {
			continue
		}
		n := count[t.name]
		for _, p := range e.parts {
			n += len(p.State.Entries(root(t.name)))
		}
		if n > t.limit {
			e.ck.fail(t.name, casework.CodeTooMany, "count", strconv.Itoa(n), "limit", strconv.Itoa(t.limit))
		}
	}
}

// voids notes a number that the edit voids: in a new entry, or in one that
// named another.
func (e *editor) voids(f *final) {
	v := VoidedNumber{ID: f.id, Series: str(f.values["series"]), Year: whole(f.values["year"]), Number: whole(f.values["number"])}
	if f.id != "" {
		part, ref, _ := e.find(f.table, f.id)
		was := valuesOf(e.parts[part].State, f.table, ref)
		if str(was["series"]) == v.Series && whole(was["year"]) == v.Year && whole(was["number"]) == v.Number {
			return
		}
	}
	e.out.Voids = append(e.out.Voids, v)
}

// ordered checks the pairs of fields of which one may not exceed the other.
func (e *editor) ordered(f *final) {
	for _, pair := range f.table.orders {
		low, high := f.values[pair[0]], f.values[pair[1]]
		over := false
		switch low := low.(type) {
		case string:
			high, ok := high.(string)
			over = ok && low > high
		case int64:
			high, ok := high.(int64)
			over = ok && low > high
		}
		if over {
			e.ck.fail(f.path+"."+pair[1], codeOrdered, "value", plain(high), "before", plain(low))
		}
	}
}

// plain is a day or number as people read it.
func plain(v crdt.Value) string { return strings.Trim(valueText(v), `"`) }
