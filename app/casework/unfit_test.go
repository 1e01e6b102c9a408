package casework_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// TestOverrule: what this program can't read is replaced by a director who was
// shown it, by name, and by nobody else; digests follow.
func TestOverrule(t *testing.T) {
	field := func(parts ...string) crdt.Path {
		var p crdt.Path
		for _, x := range parts {
			p = append(p, crdt.Segment{Field: x})
		}
		return p
	}
	root := crdt.Element{Root: true}
	for _, c := range []struct {
		name   string
		change crdt.Change
		patch  string // ID: of the change
	}{
		{"title", crdt.Change{Kind: crdt.Assign, Path: field("title"), Value: int64(7)}, `{"title":"新的题目"}`},
		{"amount", crdt.Change{Kind: crdt.Assign, Path: field("amount_fen"), Value: int64(-5)}, `{"amount_fen":100}`},
		{"amount, as it was", crdt.Change{Kind: crdt.Assign, Path: field("amount_fen"), Value: "5"}, `{"amount_fen":null}`},
		{"tag", crdt.Change{Kind: crdt.Add, Path: field("tags"), Value: int64(7)}, `{"tags":["elderly"]}`},
		{"facts", crdt.Change{Kind: crdt.Insert, Path: field("facts"), Parent: root, Side: crdt.Right, Items: []crdt.Value{"a"}}, `{"facts":"另外的事实"}`},
		{"facts of a newer kind", crdt.Change{Kind: 77, Path: field("facts"), Raw: []byte{0xa2, 1, 0x18, 77, 2, 0x81, 0x65, 'f', 'a', 'c', 't', 's'}}, `{"facts":"另外的事实"}`},
		{"an entry", crdt.Change{Kind: crdt.Add, Path: field("parties"), Value: "x"}, `{"parties.ID":null}`},
		{"an event", crdt.Change{Kind: crdt.Event, Path: field("lifecycle"), Value: map[string]any{"step": "accept", "at": "2026-03-10", "if": true}}, `{"lifecycle.ID":null}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRecord(t, goodDocument(t))
			r.save([]crdt.Change{c.change})
			v := r.view()
			if len(v.Unknown) != 1 || v.Unknown[0].Raw == "" || v.Unknown[0].Seat == "" || v.Unknown[0].Why == "" {
				t.Fatalf("unknown %+v", v.Unknown)
			}
			fields := map[string]json.RawMessage{}
			if err := json.Unmarshal([]byte(strings.ReplaceAll(c.patch, "ID", v.Unknown[0].ID)), &fields); err != nil {
				t.Fatal(err)
			}
			if _, _, err := casework.Edit(r.state, fields); err == nil {
				t.Fatal("written over by one who named nothing")
			}
			changes, _, err := casework.EditOver(r.state, fields)
			if err != nil {
				t.Fatal(err)
			}
			clerk := casework.Actor{Relation: casework.Owner, Roles: []string{casework.RoleClerk, casework.RoleMediator}}
			if casework.Judge(changes, clerk, nil) == nil || casework.MayOverrule(clerk) == nil {
				t.Error("a mediator and clerk may")
			}
			director := casework.Actor{Relation: casework.Owner, Roles: []string{casework.RoleDirector}}
			if why := casework.Judge(changes, director, nil); why != nil || casework.MayOverrule(director) != nil {
				t.Errorf("a director may not: %v", why)
			}
			r.save(changes)
			if left := r.view().Unknown; len(left) != 0 {
				t.Errorf("still in the way: %+v", left)
			}
			if _, _, err := casework.Edit(r.state, map[string]json.RawMessage{"claims": json.RawMessage(`"仍可修改"`)}); err != nil {
				t.Error(err)
			}
			sameAsDigest(t, r)
		})
	}
}

// TestTypesFollowTables: each code of every table is a code for the fold, and
// what the schema says of a field is what its rule says.
func TestTypesFollowTables(t *testing.T) {
	code := &crdt.Type{Kind: crdt.CodeType}
	for _, list := range data.Lists() {
		for _, row := range data.List(list) {
			if !code.Fits(row.Code) {
				t.Errorf("table %s has %q, which no record could hold", list, row.Code)
			}
		}
	}
	for name, s := range map[string]crdt.Schema{"case": casework.CaseSchema(), "digest": casework.DigestSchema(), "notes": casework.NotesSchema()} {
		eachField(s, func(at string, f crdt.Field) {
			if f.Kind != crdt.Map && f.Type == nil {
				t.Errorf("%s: %s takes anything", name, at)
			}
		})
	}
}

func eachField(s crdt.Schema, visit func(string, crdt.Field)) {
	for name, f := range s {
		visit(name, f)
		eachField(f.Entry, func(inner string, f crdt.Field) { visit(name+"."+inner, f) })
	}
}

// TestEntryAndFoldAgree: what documents may hold fits the schema, at both ends
// of each bound, and what lies beyond fits neither.
func TestEntryAndFoldAgree(t *testing.T) {
	for field, values := range map[string][]struct {
		json string
		ok   bool
	}{
		"title":       {{`"一"`, true}, {`"` + strings.Repeat("长", 200) + `"`, true}, {`"` + strings.Repeat("长", 201) + `"`, false}, {`7`, false}, {`["x"]`, false}},
		"amount_fen":  {{`0`, true}, {`100000000000000`, true}, {`100000000000001`, false}, {`-1`, false}, {`"5"`, false}, {`true`, false}},
		"received_at": {{`"2026-03-10T09:00:00+08:00"`, true}, {`"2026-03-10T09:00:00.123Z"`, true}, {`"2026-03-10"`, false}, {`"2026-02-30T09:00:00Z"`, false}, {`"0000-01-01T00:00:00Z"`, false}},
		"claims":      {{`"` + strings.Repeat("长", 5000) + `"`, true}, {`"` + strings.Repeat("长", 5001) + `"`, false}},
		"category":    {{`"03"`, true}, {`7`, false}, {`"没有的类别"`, false}},
	} {
		for _, v := range values {
			r := newRecord(t, goodDocument(t))
			changes, _, err := casework.Edit(r.state, map[string]json.RawMessage{field: json.RawMessage(v.json)})
			if v.ok != (err == nil) {
				t.Errorf("%s = %.40s: entry says %v", field, v.json, err)
			}
			raw := rawValue(t, v.json)
			c := crdt.Change{Kind: crdt.Assign, Path: crdt.Path{{Field: field}}, Value: raw}
			if schema := casework.CaseSchema(); schema.Takes(&c) != v.ok || slices.ContainsFunc(changes, func(c crdt.Change) bool { return !schema.Takes(&c) }) {
				t.Errorf("%s = %.40s: the fold takes it: %v", field, v.json, schema.Takes(&c))
			}
		}
	}
}

func rawValue(t *testing.T, text string) crdt.Value {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	if n, ok := v.(json.Number); ok {
		i, err := n.Int64()
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	return v
}
