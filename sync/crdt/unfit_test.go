package crdt_test

import (
	"fmt"
	"strings"
	"testing"

	"hejie/sync/crdt"
)

// typed has a field of every kind with a type.
var typed = crdt.Schema{
	"title":  {Kind: crdt.Register, Type: &crdt.Type{Kind: crdt.TextType, Min: 1, Max: 10, Required: true}},
	"amount": {Kind: crdt.Register, Legal: true, Type: &crdt.Type{Kind: crdt.IntegerType, Max: 100}},
	"tags":   {Kind: crdt.Set, Type: &crdt.Type{Kind: crdt.CodeType, List: "tag"}},
	"story":  {Kind: crdt.Text, Type: &crdt.Type{Kind: crdt.TextType, Max: 20}},
	"agenda": {Kind: crdt.List, Type: &crdt.Type{Kind: crdt.IntegerType, Max: 5}},
	"course": {Kind: crdt.Events, Type: &crdt.Type{Kind: crdt.StepType, Tag: "step", Steps: map[string]*crdt.Type{
		"begin": {Kind: crdt.PartsType, Parts: map[string]crdt.Part{"at": {Type: &crdt.Type{Kind: crdt.DayType}, Required: true}}},
	}}},
	"parties": {Kind: crdt.Map, Entry: crdt.Schema{
		"name": {Kind: crdt.Register, Type: &crdt.Type{Kind: crdt.TextType, Min: 1, Max: 5}},
	}},
}

func begin(at string) crdt.Value { return map[string]crdt.Value{"step": "begin", "at": at} }

// unfitKinds are, for each kind of field, a change that does not fit it.
var unfitKinds = []struct {
	name   string
	path   crdt.Path
	change crdt.Change
}{
	{"text of an integer", f("title"), crdt.Change{Kind: crdt.Assign, Value: int64(7)}},
	{"text of a map", f("title"), crdt.Change{Kind: crdt.Assign, Value: map[string]crdt.Value{"rich": "x"}}},
	{"empty where text must be", f("title"), crdt.Change{Kind: crdt.Assign, Value: ""}},
	{"null where something must be", f("title"), crdt.Change{Kind: crdt.Assign}},
	{"too long", f("title"), crdt.Change{Kind: crdt.Assign, Value: strings.Repeat("长", 11)}},
	{"below the bound", f("amount"), crdt.Change{Kind: crdt.Assign, Value: int64(-5)}},
	{"above the bound", f("amount"), crdt.Change{Kind: crdt.Assign, Value: int64(101)}},
	{"a number as text", f("amount"), crdt.Change{Kind: crdt.Assign, Value: "5"}},
	{"no code", f("tags"), crdt.Change{Kind: crdt.Add, Value: "不是码"}},
	{"null in a set", f("tags"), crdt.Change{Kind: crdt.Add}},
	{"a run that is too long", f("story"), crdt.Change{Kind: crdt.Insert, Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: strings.Repeat("长", 21)}},
	{"items in a text", f("story"), crdt.Change{Kind: crdt.Insert, Parent: crdt.Element{Root: true}, Side: crdt.Right, Items: []crdt.Value{"a"}}},
	{"an item that is none", f("agenda"), crdt.Change{Kind: crdt.Insert, Parent: crdt.Element{Root: true}, Side: crdt.Right, Items: []crdt.Value{int64(1), int64(9)}}},
	{"an event without its day", f("course"), crdt.Change{Kind: crdt.Event, Value: map[string]crdt.Value{"step": "begin"}}},
	{"an event on no day", f("course"), crdt.Change{Kind: crdt.Event, Value: begin("yesterday")}},
	{"an event with a field more", f("course"), crdt.Change{Kind: crdt.Event, Value: map[string]crdt.Value{"step": "begin", "at": "2026-03-10", "if": true}}},
	{"an unheard of event", f("course"), crdt.Change{Kind: crdt.Event, Value: map[string]crdt.Value{"step": "fly"}}},
	{"an event of nothing", f("course"), crdt.Change{Kind: crdt.Event}},
	{"an entry with a value", f("parties"), crdt.Change{Kind: crdt.Add, Value: "李大样"}},
	{"a register as a set", f("title"), crdt.Change{Kind: crdt.Add, Value: "x"}},
	{"a set as a register", f("tags"), crdt.Change{Kind: crdt.Assign, Value: "x"}},
	{"a register as a map", f("title", crdt.Ref{}, "x"), crdt.Change{Kind: crdt.Assign, Value: "x"}},
}

func filled(t *testing.T) *replica {
	r := newReplica(t, 1)
	r.state = crdt.New(typed)
	r.write(
		crdt.Change{Kind: crdt.Assign, Path: f("title"), Value: "原来的"},
		crdt.Change{Kind: crdt.Assign, Path: f("amount"), Value: int64(5)},
		crdt.Change{Kind: crdt.Add, Path: f("tags"), Value: "elderly"},
		crdt.Change{Kind: crdt.Insert, Path: f("story"), Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: "事情"},
		crdt.Change{Kind: crdt.Insert, Path: f("agenda"), Parent: crdt.Element{Root: true}, Side: crdt.Right, Items: []crdt.Value{int64(1)}},
		crdt.Change{Kind: crdt.Event, Path: f("course"), Value: begin("2026-03-10")},
		crdt.Change{Kind: crdt.Add, Path: f("parties")},
		crdt.Change{Kind: crdt.Assign, Path: f("parties", crdt.Ref{Index: 6}, "name"), Value: "李大样"},
	)
	return r
}

// TestUnfit: what does not fit a field's type is unknown at its path, whatever
// it claims to replace; the value before stays, and the path is read-only until
// somebody names what he could not read.
func TestUnfit(t *testing.T) {
	for _, c := range unfitKinds {
		t.Run(c.name, func(t *testing.T) {
			r := filled(t)
			before := r.state.Shown()
			was := fields(r.state)
			first := r.log[0].meta.ID
			change := c.change
			change.Path = c.path
			if change.Kind == crdt.Assign {
				change.Replaces = []crdt.Ref{{Op: first, Index: 0}, {Op: first, Index: 1}}
			}
			op := r.write(change)
			if now := fields(r.state); now != was {
				t.Errorf("it shows %s, before it was %s", now, was)
			}
			unknown := r.state.Unknown()
			if len(unknown) != 1 || unknown[0].Ref != (crdt.Ref{Op: op.meta.ID}) || len(unknown[0].Raw) == 0 {
				t.Fatalf("unknown: %+v", unknown)
			}
			field := c.path[:1]
			if change.Kind == crdt.Add && c.path[0].Field == "parties" {
				field = unknown[0].Path // the entry that would have been
			}
			if !r.state.ReadOnly(field) || r.state.ReadOnly(f("parties", crdt.Ref{Op: first, Index: 6}, "name")) {
				t.Error("the field is not read-only, or another one is")
			}
			refs, all := r.state.SetAside(field)
			if !all || len(refs) != 1 || refs[0] != unknown[0].Ref {
				t.Fatalf("set aside: %v", refs)
			}
			r.write(crdt.Change{Kind: crdt.Remove, Path: c.path[:1], Replaces: refs, Unread: true})
			if len(r.state.Unknown()) != 0 || r.state.ReadOnly(field) {
				t.Error("set aside by name, and still in the way")
			}
			if now := fields(r.state); now != was {
				t.Errorf("set aside, it shows %s, before it was %s", now, was)
			}
			if string(before) == string(r.state.Shown()) {
				t.Error("two more operations, and the same heads")
			}
			checkAll(t, r)
		})
	}
}

// fields are what a state shows without its marks.
func fields(s *crdt.State) string {
	var events []string
	for _, e := range s.Events(f("course")) {
		if !e.Empty {
			events = append(events, e.Value.(map[string]crdt.Value)["at"].(string))
		}
	}
	return fmt.Sprint(s.Register(f("title")).Shown, s.Register(f("amount")).Shown, len(s.Set(f("tags"))), s.Text(f("story")), s.List(f("agenda")), events, len(s.Entries(f("parties"))))
}

// checkAll holds the state to what any order of arrival and its snapshot give.
func checkAll(t *testing.T, r *replica) {
	t.Helper()
	again, err := crdt.Decode(typed, r.state.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if string(again.Shown()) != string(r.state.Shown()) {
		t.Error("the snapshot shows something else")
	}
	at, err := r.state.At(r.state.Heads())
	if err != nil {
		t.Fatal(err)
	}
	if string(at.Shown()) != string(r.state.Shown()) {
		t.Error("looking back shows something else")
	}
}

// TestUnfitReplaced: an assignment that names it stands in its place, as a newer
// program, which can read both, has it.
func TestUnfitReplaced(t *testing.T) {
	r := filled(t)
	op := r.write(crdt.Change{Kind: crdt.Assign, Path: f("title"), Value: int64(7), Replaces: []crdt.Ref{{Op: r.log[0].meta.ID}}})
	change := r.state.AssignChange(f("title"), "新的")
	if len(change.Replaces) != 1 {
		t.Fatalf("it names %v without being told to", change.Replaces)
	}
	r.write(r.state.Overrule(change))
	if v := r.state.Register(f("title")); v.Shown != "新的" || v.Also {
		t.Errorf("title %+v", v)
	}
	if len(r.state.Unknown()) != 0 || r.state.ReadOnly(f("title")) {
		t.Errorf("%x is still in the way", op.meta.ID[:4])
	}
	checkAll(t, r)
}

// TestUnfitKeepsPlace: an event that can't be read counts for those that saw it.
func TestUnfitKeepsPlace(t *testing.T) {
	r := filled(t)
	a := crdt.Ref{Op: r.log[0].meta.ID, Index: 5}
	for name, body := range map[string]crdt.Body{
		"unfit":            {Changes: []crdt.Change{{Kind: crdt.Event, Path: f("course"), Value: "?", After: []crdt.Ref{a}}}},
		"with another key": {Changes: []crdt.Change{{Raw: canonical(map[int]any{1: 6, 2: []any{"course"}, 5: []any{[]any{a.Op[:], a.Index}}, 60: 1})}}},
		"newer":            {Changes: []crdt.Change{{Kind: crdt.Event, Path: f("course"), Value: begin("2026-03-11"), After: []crdt.Ref{a}}}, Unknown: []crdt.UnknownKey{{Key: 127, Raw: []byte{1}}}},
	} {
		middle := r.send(body)
		last := r.write(crdt.Change{Kind: crdt.Event, Path: f("course"), Value: begin("2026-03-12"), After: []crdt.Ref{{Op: middle.meta.ID}}})
		if !r.state.Precedes(a, crdt.Ref{Op: last.meta.ID}) {
			t.Errorf("%s: what saw it did not see what it saw", name)
		}
		checkAll(t, r)
	}
}

// TestLaterValues: a sort of value that this program does not have makes its
// change unknown, not its body broken.
func TestLaterValues(t *testing.T) {
	for name, raw := range map[string]string{
		"over int64":   "1b8000000000000000",
		"number keys":  "a10000",
		"nine levels":  "818181818181818100",
		"nested bytes": "a10041ff",
	} {
		body, err := crdt.DecodeBody(unhex("a10181a301010281657469746c6503" + raw))
		if err != nil || len(body.Changes) != 1 || body.Changes[0].Raw == nil || len(body.Changes[0].Path) != 1 {
			t.Errorf("%s: %+v, %v", name, body, err)
			continue
		}
		r := filled(t)
		r.send(body)
		if r.state.Register(f("title")).Shown != "原来的" || !r.state.ReadOnly(f("title")) || r.state.ReadOnly(f("amount")) {
			t.Errorf("%s: it is not unknown at its path", name)
		}
	}
}

// TestNewerOperation: a body key that must be understood takes the effect of the
// whole operation, and what it would have changed is read-only; one that may be
// ignored does neither.
func TestNewerOperation(t *testing.T) {
	assign := crdt.Change{Kind: crdt.Assign, Path: f("title"), Value: "新的"}
	key := func(n uint64) []crdt.UnknownKey { return []crdt.UnknownKey{{Key: n, Raw: []byte{0xf5}}} }
	for _, c := range []struct {
		name          string
		body          *crdt.Body
		title, amount bool // read-only
		shown         string
	}{
		{"ignored", &crdt.Body{Changes: []crdt.Change{assign}, Unknown: key(128)}, false, false, "新的"},
		{"not to be ignored", &crdt.Body{Changes: []crdt.Change{assign}, Unknown: key(127)}, true, false, "原来的"},
		{"without changes", &crdt.Body{Unknown: key(3)}, true, true, "原来的"},
		{"not readable", nil, true, true, "原来的"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := filled(t)
			meta := crdt.Meta{ID: id(0x77), Heads: r.state.Heads()}
			var err error
			if c.body == nil || c.body.Newer() {
				err = r.state.Hold(meta, crdt.NewerOperation, c.body)
			} else {
				err = r.state.Apply(meta, *c.body)
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := r.state.Register(f("title")).Shown; got != c.shown {
				t.Errorf("title %v", got)
			}
			if r.state.ReadOnly(f("title")) != c.title || r.state.ReadOnly(f("amount")) != c.amount {
				t.Errorf("read-only: title %v, amount %v", r.state.ReadOnly(f("title")), r.state.ReadOnly(f("amount")))
			}
			if c.title != (len(r.state.Unknown()) > 0) {
				t.Errorf("unknown: %+v", r.state.Unknown())
			}
			if heads := r.state.Heads(); len(heads) != 1 || heads[0] != meta.ID {
				t.Errorf("heads %x", heads)
			}
			checkAll(t, r)
		})
	}
	r := filled(t)
	if err := r.state.Hold(crdt.Meta{ID: id(0x77), Heads: r.state.Heads()}, crdt.BrokenBody, nil); err != nil {
		t.Fatal(err)
	}
	if u := r.state.Unknown(); len(u) != 1 || u[0].Reason != crdt.BrokenBody || r.state.ReadOnly(f("title")) {
		t.Errorf("a broken body: %+v", u)
	}
	checkAll(t, r)
}

// TestDates: what is a date or a time is the same here and in every reader.
func TestDates(t *testing.T) {
	for s, want := range map[string][2]bool{
		"2026-03-10": {true, false}, "2024-02-29": {true, false}, "2023-02-29": {}, "1900-02-29": {}, "2000-02-29": {true, false},
		"0000-01-01": {}, "2026-3-10": {}, "2026-13-01": {}, "2026-00-10": {}, "2026-04-31": {}, "２026-03-10": {}, "": {},
		"2026-03-10T09:00:00+08:00": {false, true}, "2026-03-10T09:00:00Z": {false, true}, "2026-03-10t09:00:00z": {},
		"2026-03-10T24:00:00Z": {}, "2026-03-10T23:59:60Z": {}, "2026-03-10T09:00:00.123456789Z": {false, true},
		"2026-03-10T09:00:00.1234567890Z": {}, "2026-03-10T09:00:00.Z": {}, "2026-03-10T09:00:00": {}, "2026-03-10T09:00:00+24:00": {},
		"2026-03-10T09:00:00+23:59": {false, true}, "2026-03-10T09:00:00+08:60": {}, "2026-03-10T09:00:00+8:00": {}, "2026-02-30T09:00:00Z": {},
		"2026-03-10 09:00:00Z": {}, "2026-03-10T09:00:00.5-01:00": {false, true}, "2026-03-10T09:00:00Zx": {},
	} {
		if crdt.IsDate(s) != want[0] || crdt.IsTime(s) != want[1] {
			t.Errorf("%q: date %v, time %v", s, crdt.IsDate(s), crdt.IsTime(s))
		}
	}
}
