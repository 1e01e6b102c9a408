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
		s[r.name] = crdt.Field{Kind: kind}
	}
	return s
}

func root(name string) crdt.Path { return crdt.Path{{Field: name}} }

func inEntry(list string, entry crdt.Ref, name string) crdt.Path {
	return crdt.Path{{Field: list}, {Entry: entry}, {Field: name}}
}
