package register

import "hejie/sync/crdt"

// Schema is the schema of register records. No field contests: whatever two
// desks wrote otherwise at the same time is shown as also written, and numbers
// that two ranges claim belong to nobody (Allocate).
func Schema() crdt.Schema {
	s := schemaOf(unitRules)
	for _, t := range tables {
		s[t.name] = crdt.Field{Kind: crdt.Map, Entry: schemaOf(t.rules)}
	}
	return s
}

func schemaOf(rules []rule) crdt.Schema {
	s := crdt.Schema{}
	for _, r := range rules {
		kind := crdt.Register
		if r.form.isSet() {
			kind = crdt.Set
		}
		s[r.name] = crdt.Field{Kind: kind, Type: r.valueType()}
	}
	return s
}

// valueType is the type of a field, or of the elements of a set: what the
// station takes is what the fold takes. Ids of tables that a unit above adds
// to, and codes of later tables, are codes that their readers may not know.
func (r *rule) valueType() *crdt.Type {
	t := &crdt.Type{}
	switch r.form {
	case formText:
		t.Kind, t.Min, t.Max = crdt.TextType, int64(r.min), int64(r.max)
	case formTexts:
		t.Kind, t.Min, t.Max = crdt.TextType, int64(itemRule.min), int64(itemRule.max)
	case formCode, formCodes:
		t.Kind, t.List = crdt.CodeType, r.list
	case formTerm, formTerms, formAreas, formCode12, formID:
		t.Kind = crdt.CodeType
	case formDay:
		t.Kind = crdt.DateType
	case formWhole:
		t.Kind, t.Min, t.Max = crdt.IntegerType, int64(r.min), int64(r.max)
	case formFlag:
		t.Kind = crdt.YesNoType
	case formSpans:
		day := &crdt.Type{Kind: crdt.DateType}
		t.Kind, t.Parts = crdt.PartsType, map[string]crdt.Part{"from": {Type: day, Required: true}, "to": {Type: day}}
	}
	t.Required = r.required
	return t
}

func root(name string) crdt.Path { return crdt.Path{{Field: name}} }

func inEntry(list string, entry crdt.Ref, name string) crdt.Path {
	return crdt.Path{{Field: list}, {Entry: entry}, {Field: name}}
}
