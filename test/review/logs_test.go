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

// TestUnknownLogItem is F7, and the three ranges: stop, no effect and told,
// ignored. Nothing that a newer program wrote into a log is taken in silence.
func TestUnknownLogItem(t *testing.T) {
	tries := []struct {
		name  string
		item  func(k *liar.Kit) liar.M
		stops bool
		tells bool
	}{
		{"type 20", func(*liar.Kit) liar.M { return liar.M{1: 20, 2: 1} }, true, true},
		{"type 31", func(*liar.Kit) liar.M { return liar.M{1: 31} }, true, true},
		{"type 32", func(*liar.Kit) liar.M { return liar.M{1: 32} }, false, true},
		{"type 127", func(*liar.Kit) liar.M { return liar.M{1: 127, 2: "x"} }, false, true},
		{"type 128", func(*liar.Kit) liar.M { return liar.M{1: 128} }, false, false},
		{"type 1000", func(*liar.Kit) liar.M { return liar.M{1: 1000, 2: "x"} }, false, false},
		{"a name with field 99", func(*liar.Kit) liar.M {
			return liar.M{1: itemName, 2: villageUnit.Code, 3: "别的名字", 4: "2026-03-09", 99: 1}
		}, true, true},
		{"a name with field 200", func(*liar.Kit) liar.M {
			return liar.M{1: itemName, 2: villageUnit.Code, 3: villageUnit.Name, 4: "2026-03-09", 200: 1}
		}, false, false},
		{"a revocation of a later form", func(k *liar.Kit) liar.M { return liar.M{1: itemRevoke, 2: k.Unit, 3: 1, 4: []any{}, 5: 1} }, true, true},
	}
	for _, x := range tries {
		t.Run(x.name, func(t *testing.T) {
			m := meet(t, 1)
			entry, err := m.liar.Entry(m.liar.Unit, liar.BranchOwn, x.item(m.liar))
			if err != nil {
				t.Fatal(err)
			}
			o, err := m.liar.Write(entry)
			if err != nil {
				t.Fatal(err)
			}
			m.liar.Keep(o)
			m.push(m.liar, m.address, 1, o)
			if got := told(m.town, villageUnit); got != x.tells {
				t.Errorf("status.wrong tells of the unit: %t; %v", got, m.town.Object("status")["wrong"])
			}
			// What names the log as it is now.
			m.push(m.liar, m.address, 1, m.retitle(m.liar, m.cases[0], "新题目", nil))
			want := "新题目"
			if x.stops {
				want = title
			}
			if got := shown(m.town, m.cases[0])["title"]; got != want {
				t.Errorf("what rests on it: title %v", got)
			}
			if waiting, _ := m.town.Object("status")["waiting"].(float64); x.stops != (waiting > 0) {
				t.Errorf("status counts %v waiting", waiting)
			}
			if !x.stops {
				return
			}
			// The village's own people are held back too, until somebody updates.
			m.village.InStep(m.address)
			if _, said, ok := m.village.Try("case", "set", m.cases[0], "--file", m.village.File("set.json", `{"place":"别处"}`)); ok {
				if got := shown(m.town, m.cases[0])["place"]; got == "别处" {
					t.Errorf("a save of the stopped unit took effect: %s", said)
				}
			}
		})
	}
}

// TestUnknownHeaderKeyInLog is F1 in a unit's log.
func TestUnknownHeaderKeyInLog(t *testing.T) {
	for key, effect := range map[uint64]bool{33: false, 127: false, 128: true, 200: true} {
		t.Run(fmt.Sprint(key), func(t *testing.T) {
			m := meet(t, 1)
			entry, err := m.liar.Entry(m.liar.Unit, liar.BranchOwn, liar.M{1: itemName, 2: villageUnit.Code, 3: "改了名的委员会", 4: "2026-03-09"})
			if err != nil {
				t.Fatal(err)
			}
			entry.More[key] = 1
			o, err := m.liar.Write(entry)
			if err != nil {
				t.Fatal(err)
			}
			m.push(m.liar, m.address, 1, o)
			renamed := strings.Contains(m.town.Run("units"), "改了名的委员会")
			if renamed != effect {
				t.Errorf("the unit was renamed: %t", renamed)
			}
			if !effect && !told(m.town, villageUnit) {
				t.Errorf("status.wrong says nothing: %v", m.town.Object("status")["wrong"])
			}
		})
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
