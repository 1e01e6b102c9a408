package review

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hejie/test/review/liar"
)

// TestValuesEverywhere: values, paths, references of other forms at every kind of
// path: what does not fit changes nothing that is shown, and is shown itself.
func TestValuesEverywhere(t *testing.T) {
	raw := func(b ...byte) liar.Raw { return liar.Raw(b) }
	self := func(i int) any { return i }
	assign := func(path []any, v any) liar.M {
		c := liar.M{1: 1, 2: path}
		if v != nil {
			c[3] = v
		}
		return c
	}
	add := func(path []any, v any) liar.M { c := assign(path, v); c[1] = 2; return c }
	var party any // ref of a party, per case
	type try struct {
		name    string
		changes func(m *met, of liar.ID) []any
		shown   bool // unknown or otherwise marked
	}
	list := func(c ...any) func(*met, liar.ID) []any { return func(*met, liar.ID) []any { return c } }
	in := func(field string, v any) func(*met, liar.ID) []any {
		return func(m *met, of liar.ID) []any { return []any{assign([]any{"parties", party, field}, v)} }
	}
	tries := []try{
		{"title empty", list(assign([]any{"title"}, "")), true},
		{"title cleared", list(assign([]any{"title"}, nil)), true},
		{"title with 201", list(assign([]any{"title"}, strings.Repeat("字", 201))), true},
		{"title 2^64-1", list(assign([]any{"title"}, uint64(1<<64-1))), true},
		{"amount 2^53+1", list(assign([]any{"amount_fen"}, uint64(1<<53+1))), true},
		{"amount -2^63", list(assign([]any{"amount_fen"}, raw(0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))), true},
		{"amount -2^64", list(assign([]any{"amount_fen"}, raw(0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))), true},
		{"amount a float", list(assign([]any{"amount_fen"}, raw(0xf9, 0x3c, 0x00))), true},
		{"amount NaN", list(assign([]any{"amount_fen"}, raw(0xf9, 0x7e, 0x00))), true},
		{"amount a tag", list(assign([]any{"amount_fen"}, raw(0xc2, 0x41, 0x01))), true},
		{"amount undefined", list(assign([]any{"amount_fen"}, raw(0xf7))), true},
		{"amount not shortest", list(assign([]any{"amount_fen"}, raw(0x18, 0x01))), true},
		{"place an indefinite text", list(assign([]any{"place"}, raw(0x7f, 0x61, 0x61, 0xff))), true},
		{"place no UTF-8", list(assign([]any{"place"}, raw(0x61, 0xff))), true},
		{"place 9 levels", list(assign([]any{"place"}, nested(9))), true},
		{"place 13 levels", list(assign([]any{"place"}, nested(13))), true},
		{"place 1,000 levels", list(assign([]any{"place"}, nested(1000))), true},
		{"place a map with numbers as keys", list(assign([]any{"place"}, raw(0xa1, 0x01, 0x01))), true},
		{"place 600,000 bytes", list(assign([]any{"place"}, strings.Repeat("a", 600_000))), true},
		{"place 300,000 elements", list(assign([]any{"place"}, liar.Raw(append([]byte{0x9a, 0, 4, 0x93, 0xe0}, bytes.Repeat([]byte{0}, 300_000)...)))), true},
		{"parties as a register", list(assign([]any{"parties"}, "x")), true},
		{"a party with a value", list(add([]any{"parties"}, "x")), true},
		{"a tag null", list(add([]any{"tags"}, nil)), true},
		{"a tag of 65", list(add([]any{"tags"}, strings.Repeat("a", 65))), true},
		{"a tag unknown", list(add([]any{"tags"}, "later_tag")), false},
		{"a party named 7", in("name", 7), true},
		{"a party without a name", in("name", nil), true},
		{"a party's side a list", in("side", []any{"applicant"}), true},
		{"a party born tomorrow?", in("birth_date", "2026-02-30"), true},
		{"a party's agent half", in("agent", liar.T{"name": "甲"}), true},
		{"a party's agent with more", in("agent", liar.T{"name": "甲", "kind": "lawyer", "authority": "general", "later": 1}), true},
		{"a party represented by nobody known", in("represented_by", liar.T{"names": []any{"zz"}}), false},
		{"a party's unknown field", in("wechat", "x"), true},
		{"a party's field of depth", func(m *met, of liar.ID) []any {
			return []any{assign([]any{"parties", party, "name", party, "x"}, "x")}
		}, true},
		{"in a party that is not here", list(assign([]any{"parties", []any{liar.H("nobody"), 3}, "name"}, "x")), true},
		{"an entry of tags", list(assign([]any{"tags", []any{liar.H("nobody"), 3}, "name"}, "x")), true},
		{"a path of a ref", list(assign([]any{0}, "x")), true},
		{"a path of nine", list(assign([]any{"a", 0, "a", 0, "a", 0, "a", 0, "a"}, "x")), true},
		{"a path of none", list(assign([]any{}, "x")), true},
		{"a field in capitals", list(assign([]any{"Title"}, "x")), true},
		{"a field of 65", list(assign([]any{strings.Repeat("a", 65)}, "x")), true},
		{"a ref to zeros", list(assign([]any{"parties", []any{liar.ID{}, 0}, "name"}, "x")), true},
		{"a ref beyond 2^32", list(assign([]any{"parties", []any{liar.H("nobody"), uint64(1 << 33)}, "name"}, "x")), true},
		{"replaces nobody", list(liar.M{1: 1, 2: []any{"place"}, 3: "别处", 4: []any{[]any{liar.H("nobody"), 3}}}), false},
		{"replaces nothing", list(liar.M{1: 1, 2: []any{"place"}, 3: "别处", 4: []any{}}), true},
		{"replaces twice", list(liar.M{1: 1, 2: []any{"place"}, 3: "别处", 4: []any{[]any{liar.H("nobody"), 3}, []any{liar.H("nobody"), 3}}}), true},
		{"replaces itself", list(liar.M{1: 1, 2: []any{"place"}, 3: "别处", 4: []any{self(0)}}), false},
		{"text no string", list(liar.M{1: 4, 2: []any{"facts"}, 8: 7}), true},
		{"text empty", list(liar.M{1: 4, 2: []any{"facts"}, 8: ""}), true},
		{"text of 20,001", list(liar.M{1: 4, 2: []any{"facts"}, 8: strings.Repeat("字", 20_001)}), true},
		{"text and items", list(liar.M{1: 4, 2: []any{"facts"}, 8: "x", 9: []any{"x"}}), true},
		{"items in a text", list(liar.M{1: 4, 2: []any{"facts"}, 9: []any{"x"}}), true},
		{"text on a parent not here", list(liar.M{1: 4, 2: []any{"facts"}, 8: "x", 6: []any{[]any{liar.H("nobody"), 3}, 0}}), true},
		{"text on its own", list(liar.M{1: 4, 2: []any{"facts"}, 8: "x", 6: []any{0, 0}}), true},
		{"text on its own, beyond", list(liar.M{1: 4, 2: []any{"facts"}, 8: "x", 6: []any{0, 4_000_000_000}}), true},
		{"side 2", list(liar.M{1: 4, 2: []any{"facts"}, 8: "x", 7: 2}), true},
		{"a span of nothing", list(liar.M{1: 5, 2: []any{"facts"}, 10: []any{[]any{[]any{liar.H("nobody"), 3}, 0, 0}}}), true},
		{"a span beyond 2^32", list(liar.M{1: 5, 2: []any{"facts"}, 10: []any{[]any{[]any{liar.H("nobody"), 3}, uint64(1<<32 - 1), 5}}}), true},
		{"a span of nobody", list(liar.M{1: 5, 2: []any{"facts"}, 10: []any{[]any{[]any{liar.H("nobody"), 3}, 0, 5}}}), false},
		{"a deletion in a register", list(liar.M{1: 5, 2: []any{"title"}, 10: []any{[]any{[]any{liar.H("nobody"), 3}, 0, 5}}}), true},
		{"an event before itself", list(liar.M{1: 6, 2: []any{"lifecycle"}, 3: liar.T{"step": "accept", "at": "2026-03-10"}, 5: []any{0}}), false},
		{"an event after nobody", list(liar.M{1: 6, 2: []any{"lifecycle"}, 3: liar.T{"step": "accept", "at": "2026-03-10"}, 5: []any{[]any{liar.H("nobody"), 0}}}), false},
		{"an event of a later step", list(event(liar.T{"step": "later-step", "at": "2026-03-10"})), true},
		{"an event with a later part", list(event(liar.T{"step": "accept", "at": "2026-03-10", "later": 1})), true},
		{"an event in year 0", list(event(liar.T{"step": "accept", "at": "0000-01-01"})), true},
		{"an event in year 9999", list(event(liar.T{"step": "accept", "at": "9999-12-31"})), false},
		{"an event in year 1", list(event(liar.T{"step": "accept", "at": "0001-01-01"})), false},
		{"an event of the notes", list(event(liar.T{"step": "sign", "at": "2026-03-10"})), false},
		{"removal of the title", list(liar.M{1: 3, 2: []any{"title"}, 4: []any{[]any{liar.H("nobody"), 0}}}), true},
		{"kind 0", list(liar.M{1: 0, 2: []any{"title"}, 3: "x"}), true},
		{"kind 2^63", list(liar.M{1: uint64(1 << 63), 2: []any{"title"}, 3: "x"}), true},
		{"no kind", list(liar.M{2: []any{"title"}, 3: "x"}), true},
		{"a change that is a list", list([]any{1}), true},
		{"a change that is null", list(nil), false},
		{"unread false", list(liar.M{1: 1, 2: []any{"place"}, 3: "别处", 11: false}), true},
		{"unread without replaces", list(liar.M{1: 1, 2: []any{"place"}, 3: "别处", 11: true}), false},
		{"a change key 2^63", list(liar.M{1: 1, 2: []any{"place"}, 3: "别处", 1 << 63: 1}), false},
	}
	for tries := range slices.Chunk(tries, 30) {
		m := meet(t, len(tries))
		before := rows(m.town)
		docs := map[string]map[string]any{}
		for i, x := range tries {
			of := id(t, m.cases[i])
			docs[m.cases[i]] = shown(m.town, m.cases[i])
			party = m.liar.First(of, "parties")
			o := m.edit(m.liar, m.cases[i], func(d *liar.Draft) { d.Content = liar.Encode(liar.M{1: x.changes(m, of)}) })
			delete(m.liar.Operations, o.ID)
			outcomes, err := m.liar.Push(t.Context(), m.address, o.Frame())
			if err != nil || outcome(outcomes[0]) != isHeld {
				t.Errorf("%s: %v %v", x.name, outcomes, err)
			}
		}
		after := rows(m.town)
		for i, x := range tries {
			of := m.cases[i]
			got := shown(m.town, of)
			if unknown(got) != x.shown {
				t.Errorf("%s: unknown %.300v", x.name, got["unknown"])
			}
			for k, v := range docs[of] {
				if !slices.Contains([]string{"unknown", "heads", "updated_at", "updated", "history", "version", "read_only"}, k) && !reflect.DeepEqual(got[k], v) && x.shown {
					t.Errorf("%s: %s was %.200v, is %.200v", x.name, k, v, got[k])
				}
			}
			docs[of] = got
			for k, v := range before[of] {
				if w := after[of][k]; x.shown && !slices.Contains([]string{"updated_at", "updated", "unknown"}, k) && !reflect.DeepEqual(v, w) {
					t.Errorf("%s: in the list %s was %.200v, is %.200v", x.name, k, v, w)
				}
			}
		}
		m.village.InStep(m.address)
		for i, x := range tries {
			if a, b := shown(m.village, m.cases[i]), docs[m.cases[i]]; !reflect.DeepEqual(a, b) {
				t.Errorf("%s: village and town differ:\n%v\n%v", x.name, a, b)
			}
		}
		m.town.Run("due")
	}
}
