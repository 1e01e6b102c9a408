package review

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// TestValuesThatDoNotFit is F3: a value of another type or beyond its bounds is
// an unknown change at its path; the value before stays shown, and nobody but
// one who names what he was shown writes over it.
func TestValuesThatDoNotFit(t *testing.T) {
	tries := []struct {
		field string
		value any
		set   string // what a clerk would write there
	}{
		{"title", 7, `"另一个"`},
		{"title", liar.T{"rich": "新题目"}, `"另一个"`},
		{"title", []any{"新", "题目"}, `"另一个"`},
		{"title", strings.Repeat("长", 100_000), `"另一个"`},
		{"title", true, `"另一个"`},
		{"amount_fen", -5, `100`},
		{"amount_fen", "30000", `100`},
		{"amount_fen", uint64(1<<64 - 1), `100`},
		{"amount_fen", liar.T{"amount": 5, "currency": "EUR"}, `100`},
		{"received_at", "yesterday", `"2026-03-10T09:00:00+08:00"`},
		{"received_at", 20260310, `"2026-03-10T09:00:00+08:00"`},
		{"received_at", "2026-02-30T09:00:00+08:00", `"2026-03-10T09:00:00+08:00"`},
		{"category", 2, `"03"`},
		{"category", liar.T{"code": "02"}, `"03"`},
		{"place", []byte("bytes"), `"河湾村7组"`},
	}
	m := meet(t, len(tries))
	before := map[string]map[string]any{}
	for i, x := range tries {
		of := m.cases[i]
		before[of] = shown(m.town, of)
		// Every other one names what it replaces.
		var replaces []any
		if i%2 == 0 {
			replaces = m.liar.Live(id(t, of), x.field)
		}
		m.push(m.liar, m.address, 1, m.edit(m.liar, of, nil, liar.Assign(x.field, x.value, replaces...)))
	}
	list := rows(m.town)
	for i, x := range tries {
		of := m.cases[i]
		t.Run(fmt.Sprintf("%s = %.20v", x.field, x.value), func(t *testing.T) {
			m, was := m.in(t), before[of]
			got := shown(m.town, of)
			for _, k := range []string{x.field, "clocks", "state"} {
				if !reflect.DeepEqual(got[k], was[k]) {
					t.Errorf("%s is %.60v, before %v", k, got[k], was[k])
				}
			}
			if !strings.Contains(fmt.Sprint(got["unknown"]), x.field) {
				t.Errorf("unknown: %v", got["unknown"])
			}
			if r := list[of]; r["title"] != title || r["category"] != "02" || !strings.HasPrefix(fmt.Sprint(was["received_at"]), fmt.Sprint(r["received_on"])) {
				t.Errorf("the row of the list: %v", r)
			}
			change := m.town.File("set.json", fmt.Sprintf(`{"%s":%s}`, x.field, x.set))
			if _, _, ok := m.town.Try("case", "set", of, "--file", change); ok {
				t.Error("it was written over by one who named nothing")
			}
			// A director who was shown it names what he saw.
			if _, said, ok := m.town.Try("case", "set", of, "--file", change, "--base", heads(m.town, of)); !ok {
				t.Errorf("a director's replacement: %s", said)
			}
			if got := shown(m.town, of); unknown(got) || fmt.Sprint(got[x.field]) == fmt.Sprint(was[x.field]) {
				t.Errorf("after a director's replacement: %s %v, unknown %v", x.field, got[x.field], got["unknown"])
			}
		})
	}
}

// heads are a case's heads as --base takes them.
func heads(d *process.Desk, of string) string {
	d.T.Helper()
	list, _ := shown(d, of)["heads"].([]any)
	var all []string
	for _, h := range list {
		all = append(all, fmt.Sprint(h))
	}
	return strings.Join(all, ",")
}

// TestElementsThatDoNotFit is F3 for sets, maps, texts and events.
func TestElementsThatDoNotFit(t *testing.T) {
	tries := map[string]func(m *met, of liar.ID) []liar.M{
		"tag 7":            func(*met, liar.ID) []liar.M { return []liar.M{{1: 2, 2: []any{"tags"}, 3: 7}} },
		"tag a map":        func(*met, liar.ID) []liar.M { return []liar.M{{1: 2, 2: []any{"tags"}, 3: liar.T{"code": "x"}}} },
		"event a number":   func(*met, liar.ID) []liar.M { return []liar.M{{1: 6, 2: []any{"lifecycle"}, 3: 7}} },
		"accept on no day": func(*met, liar.ID) []liar.M { return []liar.M{event(liar.T{"step": "accept", "at": "soon"})} },
		"accept at 7":      func(*met, liar.ID) []liar.M { return []liar.M{event(liar.T{"step": "accept", "at": 7})} },
		"step 7":           func(*met, liar.ID) []liar.M { return []liar.M{event(liar.T{"step": 7, "at": "2026-03-10"})} },
		"assign to numbers": func(*met, liar.ID) []liar.M {
			return []liar.M{event(liar.T{"step": "assign", "mediators": []any{7}, "by": "committee"})}
		},
	}
	m := meet(t, len(tries))
	i := 0
	for name, changes := range tries {
		of := m.cases[i]
		i++
		t.Run(name, func(t *testing.T) {
			m := m.in(t)
			before := shown(m.town, of)
			m.push(m.liar, m.address, 1, m.edit(m.liar, of, nil, changes(m, id(t, of))...))
			got := shown(m.town, of)
			for _, k := range []string{"state", "tags", "clocks", "mediators"} {
				if !reflect.DeepEqual(got[k], before[k]) {
					t.Errorf("%s: %v, before %v", k, got[k], before[k])
				}
			}
			if !unknown(got) {
				t.Error("nothing is shown of it")
			}
			m.town.Run("due")
			m.town.Run("case", "history", of)
			m.town.Run("case", "conflicts", of)
		})
	}
}

func event(fields liar.T) liar.M { return liar.M{1: 6, 2: []any{"lifecycle"}, 3: fields} }
