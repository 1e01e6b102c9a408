package review

import (
	"fmt"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// author writes an entry as a desk's seat, over what the village's liar holds.
func (m *met) author(t *testing.T, d *process.Desk) *liar.Kit {
	k := m.kit(d, "")
	k.Operations = m.liar.Operations
	return k
}

func (m *met) says(t *testing.T, k *liar.Kit, unit liar.ID, branch int, items ...liar.M) *liar.Operation {
	t.Helper()
	entry, err := k.Entry(unit, branch, items...)
	if err != nil {
		t.Fatal(err)
	}
	o, err := k.Write(entry)
	if err != nil {
		t.Fatal(err)
	}
	k.Keep(o)
	outcomes, err := m.liar.Push(t.Context(), m.address, o.Frame())
	if err != nil {
		t.Fatal(err)
	}
	if outcome(outcomes[0]) != isHeld {
		t.Errorf("an entry: %s %s", outcome(outcomes[0]), outcomes[0].Sentence)
	}
	return o
}

func wrongs(d *process.Desk) string { return fmt.Sprint(d.Object("status")["wrong"]) }

// TestVoids: who may take a stop away.
func TestVoids(t *testing.T) {
	m := meet(t, 1)
	stop := liar.M{1: 20, 2: 1}
	void := func(o *liar.Operation, i int) liar.M { return liar.M{1: 9, 3: []any{o.ID, i}} }
	o := m.says(t, m.liar, m.liar.Unit, liar.BranchOwn, stop)
	if got := m.rests(t, "甲"); got != title {
		t.Errorf("stopped: %v", got)
	}
	m.says(t, m.liar, m.liar.Unit, liar.BranchOwn, void(o, 0))
	if !told(m.town, process.Village) {
		t.Error("by itself: the stop is gone")
	}
	// A sibling, in his own log.
	other := m.author(t, m.other)
	m.says(t, other, other.Unit, liar.BranchOwn, void(o, 0))
	if !told(m.town, process.Village) {
		t.Error("by a sibling: the stop is gone")
	}
	// The root, in its own log.
	court := m.author(t, m.court)
	m.says(t, court, court.Unit, liar.BranchOwn, void(o, 0))
	if !told(m.town, process.Village) {
		t.Error("by the root's own: the stop is gone")
	}
	// The town in its own branch; then an item that is not there, then right.
	town := m.author(t, m.town)
	m.says(t, town, town.Unit, liar.BranchOwn, void(o, 0))
	if !told(m.town, process.Village) {
		t.Error("by the town's own branch: the stop is gone")
	}
	m.says(t, town, m.liar.Unit, liar.BranchParent, void(o, 1))
	if !told(m.town, process.Village) {
		t.Error("another index: the stop is gone")
	}
	m.says(t, town, m.liar.Unit, liar.BranchParent, void(o, 0))
	if told(m.town, process.Village) {
		t.Errorf("from above: %v", wrongs(m.town))
	}
	if got := shown(m.town, m.cases[0])["title"]; got != "甲" {
		t.Errorf("after the void: %v", got)
	}
	if got := m.rests(t, "乙"); got != "乙" {
		t.Errorf("after the void: %v", got)
	}
	// A stop in the parent's branch, voided by the unit itself, then by the town.
	p := m.says(t, town, m.liar.Unit, liar.BranchParent, stop)
	if got := m.rests(t, "丙"); got != "乙" {
		t.Errorf("stopped by the parent: %v", got)
	}
	m.says(t, m.liar, m.liar.Unit, liar.BranchOwn, void(p, 0))
	if !told(m.town, process.Village) {
		t.Error("the parent's, by the unit itself: the stop is gone")
	}
	m.says(t, town, m.liar.Unit, liar.BranchParent, void(p, 0))
	if !told(m.town, process.Village) {
		t.Error("the parent's, in that same branch: the stop is gone")
	}
	m.says(t, town, town.Unit, liar.BranchOwn, void(p, 0))
	if told(m.town, process.Village) {
		t.Errorf("the parent's, by its own branch: %v", wrongs(m.town))
	}
	if got := shown(m.town, m.cases[0])["title"]; got != "丙" {
		t.Errorf("after the void: %v", got)
	}
	// Items of other forms.
	for i, item := range []liar.M{
		{1: 9},
		{1: 9, 2: o.ID, 3: []any{o.ID, 0}},
		{1: 9, 3: []any{o.ID, 64}},
		{1: 9, 3: []any{o.ID}},
		{1: 0},
		{2: 1},
		{1: 4, 2: m.liar.Tree, 3: 5, 4: "2026-03-09"},
		{1: 4, 2: m.liar.Tree, 3: 1000, 4: "2026-03-09"},
		{1: 15, 2: 0},
		{1: 15, 2: uint64(1 << 63)},
		{1: 3, 2: "x", 3: "\u202e反", 4: "2026-03-09"},
		{1: 3, 2: "x", 3: "名", 4: "2026-02-30"},
		{1: 17, 2: 1},
		{1: 1},
		{1: 2, 2: []byte("x"), 4: []any{}},
		{1: 31},
		{1: 7},
	} {
		o := m.says(t, m.liar, m.liar.Unit, liar.BranchOwn, item)
		if !told(m.town, process.Village) {
			t.Errorf("item %d %v: nobody is told", i, item)
		}
		m.says(t, town, m.liar.Unit, liar.BranchParent, void(o, 0))
		if told(m.town, process.Village) {
			t.Errorf("item %d %v: the void takes nothing away: %s", i, item, wrongs(m.town))
		}
	}
	// Content that can't be read at all.
	for i, content := range [][]byte{{}, []byte("x"), liar.Encode(liar.M{1: 1}), liar.Encode(liar.M{1: []any{}, 2: 1}), liar.Encode(liar.M{2: 1}), liar.Encode([]any{}), {0xa1, 0x01, 0x9f, 0xff}, liar.Encode(liar.M{1: []any{1, 2}}), liar.Encode(liar.M{1: make([]any, 65)})} {
		entry, err := m.liar.Entry(m.liar.Unit, liar.BranchOwn)
		if err != nil {
			t.Fatal(err)
		}
		entry.Content = content
		o, err := m.liar.Write(entry)
		if err != nil {
			t.Fatal(err)
		}
		m.liar.Keep(o)
		m.push(m.liar, m.address, 1, o)
		if !told(m.town, process.Village) {
			t.Errorf("content %d: nobody is told", i)
		}
		m.says(t, town, m.liar.Unit, liar.BranchParent, void(o, 0))
		m.says(t, town, m.liar.Unit, liar.BranchParent, void(o, 1))
		if told(m.town, process.Village) {
			t.Errorf("content %d: the void takes nothing away: %s", i, wrongs(m.town))
		}
	}
	// Told items, voided from above.
	o = m.says(t, m.liar, m.liar.Unit, liar.BranchOwn, liar.M{1: 64})
	m.says(t, town, m.liar.Unit, liar.BranchParent, void(o, 0))
	if told(m.town, process.Village) {
		t.Errorf("told, and void: %s", wrongs(m.town))
	}
	if got := m.rests(t, "末"); got != "末" {
		t.Errorf("at the end: %v, %s", got, wrongs(m.town))
	}
	m.stillWell(t)
}

// TestRulesByOthers: who may name rules.
func TestRulesByOthers(t *testing.T) {
	m := meet(t, 1)
	rules := func(d *process.Desk) string { return fmt.Sprint(d.Object("status")["rules"]) }
	m.says(t, m.liar, m.liar.Unit, liar.BranchOwn, liar.M{1: 15, 2: 9})
	town := m.author(t, m.town)
	m.says(t, town, town.Unit, liar.BranchOwn, liar.M{1: 15, 2: 9})
	m.says(t, town, m.liar.Unit, liar.BranchParent, liar.M{1: 15, 2: 9})
	if got := rules(m.town); !strings.Contains(got, "tree:1") {
		t.Errorf("rules by others: %s", got)
	}
	court := m.author(t, m.court)
	// Both sides of a fork name rules.
	a := m.says(t, court, court.Unit, liar.BranchOwn, liar.M{1: 15, 2: 7})
	if got := rules(m.town); !strings.Contains(got, "tree:7") {
		t.Errorf("rules 7: %s", got)
	}
	entry, err := court.Entry(court.Unit, liar.BranchOwn, liar.M{1: 15, 2: 8})
	if err != nil {
		t.Fatal(err)
	}
	entry.Heads = []liar.ID{toList(a.Header, 11)}
	b, err := court.Write(entry)
	if err != nil {
		t.Fatal(err)
	}
	m.push(m.liar, m.address, 1, b)
	if got := rules(m.town); !strings.Contains(got, "tree:1") {
		t.Errorf("rules on both sides of a fork: %s", got)
	}
	if got := m.rests(t, "甲"); got != "甲" {
		t.Errorf("under a fork of the root: %v", got)
	}
	m.village.InStep(m.address)
	set(m.village, m.cases[0], `{"place":"别处"}`)
	m.village.InStep(m.address)
	if got := shown(m.town, m.cases[0])["place"]; got != "别处" {
		t.Errorf("a save under a fork of the root: %v", got)
	}
	m.stillWell(t)
}

func toList(m liar.M, key uint64) (id liar.ID) {
	l, _ := m[key].([]any)
	b, _ := l[0].([]byte)
	copy(id[:], b)
	return id
}

// TestStationMovesBack: a station renamed to itself and back, and records before, between and after.
func TestStationMovesBack(t *testing.T) {
	m := meet(t, 1)
	town := m.author(t, m.town)
	court := m.kit(m.court, "").Unit
	relation := func(unit liar.ID) liar.M { return liar.M{1: 4, 2: unit, 3: 1, 4: "2026-03-10"} }
	townUnitID := m.liar.Above(m.liar.Unit)[0]
	m.says(t, town, m.liar.Unit, liar.BranchParent, relation(m.liar.Unit))
	m.village.InStep(m.address)
	between := newCase(m.village, 5)
	m.village.InStep(m.address)
	if got := shown(m.town, between); got["title"] != nil {
		t.Error("a case of the unit that is its own station went to the town")
	}
	m.says(t, town, m.liar.Unit, liar.BranchParent, relation(townUnitID))
	m.village.InStep(m.address)
	set(m.village, between, `{"place":"一"}`)
	set(m.village, m.cases[0], `{"place":"二"}`)
	after := newCase(m.village, 6)
	m.village.InStep(m.address)
	m.village.InStep(m.address)
	for _, of := range []string{between, after, m.cases[0]} {
		got := shown(m.town, of)
		if got["title"] == nil {
			t.Errorf("%.8s is not shown at the station", of)
		}
	}
	// A station that is nobody's: the court, an unknown unit, in the own branch.
	m.says(t, town, m.liar.Unit, liar.BranchParent, relation(court))
	m.says(t, town, m.liar.Unit, liar.BranchParent, relation(ids(1)[0]))
	m.says(t, m.liar, m.liar.Unit, liar.BranchOwn, relation(m.liar.Unit))
	m.liar.NewEpoch()
	k := m.kit(m.village, m.address)
	m.push(k, m.address, 1, m.retitle(k, after, "改", nil))
	if got := shown(m.town, after)["title"]; got != "改" {
		t.Errorf("after a station that is none: %v, %s", got, wrongs(m.town))
	}
	m.cases = append(m.cases, between, after)
	m.stillWell(t)
}
