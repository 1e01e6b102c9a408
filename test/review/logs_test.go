package review

import (
	"fmt"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// told tells that status.wrong says something of the unit.
func told(d *process.Desk, unit process.Unit) bool {
	d.T.Helper()
	list, _ := d.Object("status")["wrong"].([]any)
	for _, v := range list {
		if text := fmt.Sprint(v); strings.Contains(text, unit.Name) || strings.Contains(text, unit.Code) {
			return true
		}
	}
	return false
}

// enter writes an entry into the own branch of the village's log and brings it
// to the town.
func (m *met) enter(t *testing.T, more liar.M, items ...liar.M) {
	t.Helper()
	entry, err := m.liar.Entry(m.liar.Unit, liar.BranchOwn, items...)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range more {
		entry.More[k] = v
	}
	o, err := m.liar.Write(entry)
	if err != nil {
		t.Fatal(err)
	}
	m.liar.Keep(o)
	m.push(m.liar, m.address, 1, o)
}

// rests writes an edit that names the log as it is now, and tells what the town
// shows of it.
func (m *met) rests(t *testing.T, value string) any {
	t.Helper()
	m.push(m.liar, m.address, 1, m.retitle(m.liar, m.cases[0], value, nil))
	return shown(m.town, m.cases[0])["title"]
}

func name(more liar.M) liar.M {
	item := liar.M{1: itemName, 2: process.Village.Code, 3: process.Village.Name, 4: "2026-03-09"}
	for k, v := range more {
		item[k] = v
	}
	return item
}

// TestLogItemThatStops is F7: what a newer program wrote into a log and this one
// does not understand is never taken in silence. What rests on it waits, the
// unit's own people's saves too, and status says which unit.
func TestLogItemThatStops(t *testing.T) {
	for title, item := range map[string]liar.M{
		"type 20":                       {1: 20, 2: 1},
		"a name with field 99":          name(liar.M{3: "别的名字", 99: 1}),
		"a revocation of a later form":  {1: itemRevoke, 2: liar.H("somebody", nil), 3: 1, 4: []any{}, 5: 1},
		"a new issuing key, other form": {1: 12, 2: []byte("x"), 40: 1},
	} {
		t.Run(title, func(t *testing.T) {
			m := meet(t, 1)
			before := shown(m.town, m.cases[0])["title"]
			m.enter(t, nil, item)
			if !told(m.town, process.Village) {
				t.Errorf("status.wrong says nothing of the unit: %v", m.town.Object("status")["wrong"])
			}
			if got := m.rests(t, "新题目"); got != before {
				t.Errorf("what rests on it: title %v", got)
			}
			if waiting, _ := m.town.Object("status")["waiting"].(float64); waiting == 0 {
				t.Error("status counts nothing that waits")
			}
			m.village.InStep(m.address)
			if !told(m.village, process.Village) {
				t.Errorf("its own people are not told: %v", m.village.Object("status")["wrong"])
			}
			_, _, ok := m.village.Try("case", "set", m.cases[0], "--file", m.village.File("set.json", `{"place":"别处"}`))
			if ok && shown(m.village, m.cases[0])["place"] == "别处" {
				t.Error("a save of the stopped unit took effect")
			}
		})
	}
}

// TestLogItemThatDoesNotStop: the other two ranges, no effect and told, ignored.
func TestLogItemThatDoesNotStop(t *testing.T) {
	m := meet(t, 1)
	for i, item := range []liar.M{{1: 128}, {1: 1000, 2: "x"}, name(liar.M{200: 1})} {
		m.enter(t, nil, item)
		if told(m.town, process.Village) {
			t.Errorf("item %d: what may be ignored is told: %v", i, m.town.Object("status")["wrong"])
		}
		want := fmt.Sprint("题目", i)
		if got := m.rests(t, want); got != want {
			t.Errorf("item %d: what rests on it: title %v", i, got)
		}
	}
	for i, item := range []liar.M{{1: 32}, {1: 127, 2: "x"}} {
		m.enter(t, nil, item)
		if !told(m.town, process.Village) {
			t.Errorf("item %d: nobody is told: %v", i, m.town.Object("status")["wrong"])
		}
		want := fmt.Sprint("又一个题目", i)
		if got := m.rests(t, want); got != want {
			t.Errorf("item %d: what rests on it: title %v", i, got)
		}
	}
}

// TestUnknownHeaderKeyInLog is F1 in a unit's log.
func TestUnknownHeaderKeyInLog(t *testing.T) {
	m := meet(t, 1)
	renamed := func(to string) bool {
		t.Helper()
		return strings.Contains(m.town.Run("units"), to)
	}
	for _, key := range []uint64{128, 200} {
		to := fmt.Sprintf("改名%d的委员会", key)
		m.enter(t, liar.M{key: 1}, name(liar.M{3: to}))
		if !renamed(to) || told(m.town, process.Village) {
			t.Errorf("key %d, which may be ignored: renamed %t, status %v", key, renamed(to), m.town.Object("status")["wrong"])
		}
	}
	m.enter(t, liar.M{33: 1}, name(liar.M{3: "再改名的委员会"}))
	if renamed("再改名的委员会") {
		t.Error("key 33, which must be understood: it took effect")
	}
	list, _ := m.town.Object("status")["wrong"].([]any)
	if len(list) == 0 {
		t.Error("status.wrong says nothing")
	}
}

// TestLaterRules is R2: a program that does not know the rules in force goes on,
// is in step, and says that what it shows may differ.
func TestLaterRules(t *testing.T) {
	c := newCounty(t)
	town := c.town.Serve().HTTPS
	c.village.InStep(town)
	of := newCase(c.village, 1)
	carrier, author := c.kit(c.village, town), c.kit(c.court, "")
	author.Operations = carrier.Operations
	entry, err := author.Entry(author.Unit, liar.BranchOwn, liar.M{1: itemRules, 2: 2})
	if err != nil {
		t.Fatal(err)
	}
	o, err := author.Write(entry)
	if err != nil {
		t.Fatal(err)
	}
	c.push(carrier, town, 1, o)
	c.village.InStep(town)
	for _, d := range []*process.Desk{c.town, c.village} {
		status := d.Object("status")
		if fmt.Sprint(status["rules"]) == "<nil>" || !strings.Contains(fmt.Sprint(status["wrong"]), "rules") {
			t.Errorf("status: rules %v, wrong %v", status["rules"], status["wrong"])
		}
	}
	set(c.village, of, `{"place":"别处"}`)
	c.village.InStep(town)
	if a, b := c.village.Run("case", "get", of), c.town.Run("case", "get", of); a != b {
		t.Errorf("village and town differ:\n%s%s", a, b)
	}
	if got := shown(c.town, of)["place"]; got != "别处" {
		t.Errorf("place %v", got)
	}
}
