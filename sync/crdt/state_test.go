package crdt_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"hejie/sync/crdt"
)

func TestApplyWaitsForHeads(t *testing.T) {
	a := newReplica(t, 1)
	first := a.write(a.state.AssignChange(f("title"), "一"))
	second := a.write(a.state.AssignChange(f("title"), "二"))
	s := crdt.New(caseSchema)
	err := s.Apply(second.meta, second.body)
	var missing *crdt.MissingHeadsError
	if !errors.As(err, &missing) || !slices.Equal(missing.Missing, []crdt.ID{first.meta.ID}) || missing.ID != second.meta.ID {
		t.Fatalf("got %v", err)
	}
	if s.Len() != 0 || s.Has(second.meta.ID) || len(s.Shown()) != len(crdt.New(caseSchema).Shown()) {
		t.Fatal("a waiting operation changed the state")
	}
	for range 2 {
		for _, op := range []sent{first, second} {
			if err := s.Apply(op.meta, op.body); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s.Len() != 2 || s.Depth() != 2 || !slices.Equal(s.Heads(), []crdt.ID{second.meta.ID}) {
		t.Fatalf("%d operations, depth %d", s.Len(), s.Depth())
	}
}

// TestShownValue: the greatest depth wins, then the greatest name; both views
// name every assignment.
func TestShownValue(t *testing.T) {
	a, b := newReplica(t, 1), newReplica(t, 2)
	a.write(a.state.AssignChange(f("tags"), "x")) // a misuse, so that a is deeper
	a.write(a.state.AssignChange(f("title"), "深"))
	b.write(b.state.AssignChange(f("title"), "浅"))
	a.pull(b)
	v := a.state.Register(f("title"))
	if v.Shown != "深" || !v.Also || v.Contested || len(v.Values) != 2 || v.Values[0].Op.Depth != 2 || v.Values[1].Op.Seat[0] != 2 {
		t.Fatalf("got %+v", v)
	}
	c, d := newReplica(t, 3), newReplica(t, 4)
	x := c.write(c.state.AssignChange(f("title"), "甲"))
	y := d.write(d.state.AssignChange(f("title"), "乙"))
	c.pull(d)
	want := "甲"
	if crdt.CompareRefs(crdt.Ref{Op: x.meta.ID}, crdt.Ref{Op: y.meta.ID}) < 0 {
		want = "乙"
	}
	if got := c.state.Register(f("title")).Shown; got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}

// TestReplacesUnseen: naming an assignment before it is here replaces it when
// it comes.
func TestReplacesUnseen(t *testing.T) {
	a, b := newReplica(t, 1), newReplica(t, 2)
	first := a.write(crdt.Change{Kind: crdt.Assign, Path: f("amount"), Value: int64(1)})
	b.write(crdt.Change{Kind: crdt.Assign, Path: f("amount"), Value: int64(2), Replaces: []crdt.Ref{{Op: first.meta.ID}}})
	b.pull(a)
	if v := b.state.Register(f("amount")); v.Contested || v.Shown != int64(2) {
		t.Fatalf("got %+v", v)
	}
	// A reference counts only in the field that it is written in.
	a.write(crdt.Change{Kind: crdt.Assign, Path: f("title"), Value: "x", Replaces: []crdt.Ref{{Op: first.meta.ID}}})
	if v := a.state.Register(f("amount")); v.Shown != int64(1) {
		t.Fatalf("got %+v", v)
	}
}

// TestTwins: two projections of one case operation are both held, and one
// reference hits both.
func TestTwins(t *testing.T) {
	name := hashID("case operation")
	body := crdt.Body{Changes: []crdt.Change{
		{Kind: crdt.Add, Path: f("parties")},
		{Kind: crdt.Assign, Path: f("amount"), Value: int64(1)},
		{Kind: crdt.Insert, Path: f("story"), Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: "ab"},
		{Kind: crdt.Event, Path: f("track"), Value: "e"},
	}}
	s := crdt.New(caseSchema)
	for i := range byte(2) {
		if err := s.Apply(crdt.Meta{ID: id(0x10 + i), Name: name}, body); err != nil {
			t.Fatal(err)
		}
	}
	entries := s.Entries(f("parties"))
	if len(entries) != 2 || entries[0].Ref != entries[1].Ref || entries[0].Op.ID == entries[1].Op.ID {
		t.Fatalf("entries %+v", entries)
	}
	if v := s.Register(f("amount")); v.Contested || len(v.Values) != 1 || len(v.Values[0].Refs) != 1 {
		t.Fatalf("register %+v", v)
	}
	if got := s.Text(f("story")); got != "abab" {
		t.Fatalf("text %q", got)
	}
	if got := s.Events(f("track")); len(got) != 2 {
		t.Fatalf("events %+v", got)
	}
	later := crdt.Body{Changes: append(s.RemoveEntry(f("parties"), entries[0].Ref),
		crdt.Change{Kind: crdt.Delete, Path: f("story"), Spans: []crdt.Span{{Ref: crdt.Ref{Op: name, Index: 2}, Offset: 1, Count: 1}}},
		crdt.Change{Kind: crdt.Event, Path: f("track"), Value: "f", After: []crdt.Ref{{Op: name, Index: 3}}},
		s.AssignChange(f("amount"), int64(2)))}
	if err := s.Apply(crdt.Meta{ID: id(0x20), Heads: s.Heads()}, later); err != nil {
		t.Fatal(err)
	}
	if len(s.Entries(f("parties"))) != 0 || s.Text(f("story")) != "aa" || len(s.Register(f("amount")).Values) != 1 {
		t.Fatal("a reference did not hit both")
	}
	if !s.Precedes(crdt.Ref{Op: name, Index: 3}, crdt.Ref{Op: id(0x20), Index: 2}) {
		t.Fatal("an event does not follow its twin predecessors")
	}
}

func TestUnknownAndReadOnly(t *testing.T) {
	r := newReplica(t, 1)
	added := r.write(r.state.AddChange(f("parties"), nil))
	party := crdt.Ref{Op: added.meta.ID}
	r.write(
		crdt.Change{Kind: crdt.Assign, Path: f("hologram"), Value: int64(1)},
		crdt.Change{Raw: canonical(map[int]any{1: 50, 2: []any{"title"}})},
		crdt.Change{Raw: canonical(map[int]any{1: 1, 2: []any{"parties", []any{party.Op[:], 0}, "name"}, 44: 1})},
		crdt.Change{Kind: crdt.Add, Path: f("amount"), Value: int64(1)},
		crdt.Change{Kind: crdt.Assign, Path: f("parties", hashIDRef("nobody"), "name"), Value: "x"},
	)
	reasons := []crdt.Reason{crdt.UnknownField, crdt.UnknownChange, crdt.UnknownChange, crdt.Misused, crdt.Dangling}
	var got []crdt.Reason
	for i, u := range r.state.Unknown() {
		got = append(got, u.Reason)
		if u.Ref.Index != uint32(i) || len(u.Path) == 0 || len(u.Raw) == 0 {
			t.Errorf("unknown %d is %+v", i, u)
		}
	}
	if !slices.Equal(got, reasons) {
		t.Fatalf("reasons %v, want %v", got, reasons)
	}
	for _, c := range []struct {
		path crdt.Path
		want bool
	}{
		{f("hologram"), true},
		{f("title"), true},
		{f("amount"), true}, // a set, for a newer program
		{f("parties"), false},
		{f("parties", party), true},
		{f("parties", party, "name"), true},
		{f("parties", party, "debt"), false},
		{f("parties", hashIDRef("nobody"), "name"), false},
	} {
		if got := r.state.ReadOnly(c.path); got != c.want {
			t.Errorf("ReadOnly(%v) is %v", c.path, got)
		}
	}
	// A change without a readable path may touch anything.
	r.write(crdt.Change{Raw: canonical(map[int]any{1: 50, 2: "?"})})
	if !r.state.ReadOnly(f("amount")) {
		t.Error("a change that touches who knows what leaves the amount writable")
	}
}

// TestUnknownKeepsEntry: what a newer program wrote in a party keeps it
// against a removal that did not see it.
func TestUnknownKeepsEntry(t *testing.T) {
	for name, unknown := range map[string]func(party crdt.Ref) crdt.Change{
		"field": func(party crdt.Ref) crdt.Change {
			return crdt.Change{Kind: crdt.Assign, Path: f("parties", party, "hologram"), Value: "x"}
		},
		"kind": func(party crdt.Ref) crdt.Change {
			return crdt.Change{Raw: canonical(map[int]any{1: 50, 2: []any{"parties", []any{party.Op[:], party.Index}, "name"}})}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newReplica(t, 1), newReplica(t, 2)
			party := crdt.Ref{Op: a.write(a.state.AddChange(f("parties"), nil)).meta.ID}
			b.pull(a)
			b.write(unknown(party))
			a.write(a.state.RemoveEntry(f("parties"), party)...)
			a.pull(b)
			if !a.state.HasEntry(f("parties"), party) {
				t.Fatal("the party is gone")
			}
			a.write(a.state.RemoveEntry(f("parties"), party)...)
			if a.state.HasEntry(f("parties"), party) {
				t.Fatal("the party can't be removed")
			}
		})
	}
}

// TestEntryOfNobody: writing in an entry that nobody added makes none.
func TestEntryOfNobody(t *testing.T) {
	r := newReplica(t, 1)
	other := r.write(crdt.Change{Void: true})
	nobody := crdt.Ref{Op: other.meta.ID}
	r.write(crdt.Change{Kind: crdt.Assign, Path: f("parties", nobody, "name"), Value: "x"})
	if r.state.HasEntry(f("parties"), nobody) || r.state.Entries(f("parties")) != nil || r.state.RemoveEntry(f("parties"), nobody) != nil {
		t.Fatal("an entry came from nowhere")
	}
	if u := r.state.Unknown(); len(u) != 1 || u[0].Reason != crdt.Dangling {
		t.Fatalf("unknown: %+v", u)
	}
}

func hashIDRef(parts ...any) crdt.Ref { return crdt.Ref{Op: hashID(parts...)} }

// TestDanglingTakesEffect: an insertion whose parent comes later appears then.
func TestDanglingTakesEffect(t *testing.T) {
	a, b := newReplica(t, 1), newReplica(t, 2)
	parent := a.write(a.state.TextSplice(f("story"), 0, 0, "一")...)
	b.write(crdt.Change{Kind: crdt.Insert, Path: f("story"), Parent: crdt.Element{Ref: crdt.Ref{Op: parent.meta.ID}}, Side: crdt.Right, Text: "二"})
	if u := b.state.Unknown(); len(u) != 1 || u[0].Reason != crdt.Dangling || b.state.Text(f("story")) != "" {
		t.Fatalf("before: %+v", u)
	}
	b.pull(a)
	if u := b.state.Unknown(); len(u) != 0 || b.state.Text(f("story")) != "一二" {
		t.Fatalf("after: %+v, %q", u, b.state.Text(f("story")))
	}
}

func TestDescribe(t *testing.T) {
	r := newReplica(t, 1)
	first := r.write(append([]crdt.Change{
		r.state.AssignChange(f("title"), "借款"),
		r.state.AddChange(f("tags"), "土地"),
		r.state.AddChange(f("parties"), nil),
	}, r.state.TextSplice(f("story"), 0, 0, "某日争吵")...)...)
	party := crdt.Ref{Op: first.meta.ID, Index: 2}
	second := sent{body: crdt.Body{Changes: slices.Concat(
		[]crdt.Change{r.state.AssignChange(f("title"), "欠款"), {Void: true}},
		r.state.RemoveValue(f("tags"), "土地"),
		r.state.RemoveEntry(f("parties"), party),
		r.state.TextSplice(f("story"), 1, 2, "月"),
		[]crdt.Change{{Kind: crdt.Assign, Path: f("hologram"), Value: "?"}},
	)}}
	second.meta.ID = id(9)
	second.meta.Heads = r.state.Heads()
	want := []string{
		"0 1 [借款]>[欠款] +- []",
		"2 3 [土地]>[] +- []",
		"3 3 []>[] +- [2]",
		"4 5 []>[] +-日争 []",
		"5 4 []>[] +月- []",
		"6 1 []>[] +- [] unknown",
	}
	for _, when := range []string{"before", "after"} {
		var got []string
		for _, d := range r.state.Describe(second.meta, second.body) {
			entries := []uint32{}
			for _, e := range d.Entries {
				entries = append(entries, e.Index)
			}
			line := fmt.Sprintf("%d %d %v>%v +%s-%s %v", d.Index, d.Kind, d.From, d.To, d.Inserted, d.Deleted, entries)
			if d.Unknown {
				line += " unknown"
			}
			got = append(got, line)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s it is applied: got\n%q, want\n%q", when, got, want)
		}
		r.take(second)
	}
	meta, body, ok := r.state.Op(second.meta.ID)
	if !ok || !slices.Equal(meta.Heads, second.meta.Heads) || len(body.Changes) != len(second.body.Changes) {
		t.Fatalf("Op gave %+v %v", meta, ok)
	}
}

func TestSinceAndAt(t *testing.T) {
	a, b := newReplica(t, 1), newReplica(t, 2)
	first := a.write(a.state.TextEdit(f("story"), "一二三")...)
	b.pull(a)
	base := b.state.Heads()
	mine := b.write(b.state.TextEdit(f("story"), "一二三四")...)
	a.write(a.state.TextEdit(f("story"), "二三")...)
	b.pull(a)
	since, err := b.state.Since(base)
	if err != nil || len(since) != 2 || since[0].ID == first.meta.ID {
		t.Fatalf("since %v (%v)", since, err)
	}
	if ops := b.state.Ops(); len(ops) != 3 || ops[0].ID != first.meta.ID || ops[0].Depth != 1 || ops[2].Depth != 2 {
		t.Fatalf("operations %+v", ops)
	}
	old, err := b.state.At(base)
	if err != nil || old.Text(f("story")) != "一二三" {
		t.Fatalf("at the base: %v", err)
	}
	// A whole-text write against that base merges with what came since.
	op := sent{meta: crdt.Meta{ID: id(7), Heads: b.state.Heads()}, body: crdt.Body{Changes: old.TextEdit(f("story"), "一二叁")}}
	b.take(op)
	if got := b.state.Text(f("story")); got != "二叁四" && got != "二四叁" {
		t.Fatalf("merged to %q", got)
	}
	var missing *crdt.MissingHeadsError
	if _, err := a.state.At([]crdt.ID{mine.meta.ID}); !errors.As(err, &missing) {
		t.Fatalf("got %v", err)
	}
}

func TestListViews(t *testing.T) {
	r := newReplica(t, 1)
	r.write(r.state.ListInsert(f("agenda"), 0, "甲", int64(2), nil)...)
	r.write(r.state.ListDelete(f("agenda"), 1, 1)...)
	r.write(r.state.ListInsert(f("agenda"), 99, []any{"末"})...)
	if got := r.state.List(f("agenda")); !reflect.DeepEqual(got, []crdt.Value{"甲", nil, []any{"末"}}) {
		t.Fatalf("got %v", got)
	}
	if r.state.ListInsert(f("agenda"), 0) != nil || r.state.ListDelete(f("agenda"), 9, 1) != nil {
		t.Fatal("no edit gave a change")
	}
}

// TestViewsOfNothing: paths that lead nowhere show nothing.
func TestViewsOfNothing(t *testing.T) {
	s := crdt.New(caseSchema)
	for _, p := range []crdt.Path{nil, f("x"), f("title"), f("parties"), f("parties", crdt.Ref{}), f("parties", hashIDRef(1), "name"), f(crdt.Ref{}), f("parties", "name", "x")} {
		if s.Register(p).Values != nil || s.Set(p) != nil || s.Entries(p) != nil || s.Text(p) != "" || s.List(p) != nil || s.Events(p) != nil ||
			s.RemoveEntry(p, crdt.Ref{}) != nil || s.RemoveValue(p, nil) != nil || s.ReadOnly(p) {
			t.Errorf("%v shows something", p)
		}
	}
}

// TestReadersTogether lets many read one state at once; the race detector
// finds a view that writes.
func TestReadersTogether(t *testing.T) {
	s, _ := sampleState(t)
	want := s.Shown()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if !bytes.Equal(s.Shown(), want) {
				t.Error("shown differently")
			}
			s.Encode()
			s.TextEdit(f("story"), "另一篇")
			for _, o := range s.Ops() {
				meta, body, _ := s.Op(o.ID)
				s.Describe(meta, body)
				if _, err := s.Since(meta.Heads); err != nil {
					t.Error(err)
				}
			}
			for _, e := range s.Entries(f("parties")) {
				s.RemoveEntry(f("parties"), e.Ref)
			}
		})
	}
	all.Wait()
}

// TestKeptTooDeep: what is kept as it came must fit where it is put, or nobody
// could read the body.
func TestKeptTooDeep(t *testing.T) {
	deep := any(1)
	for range 14 {
		deep = []any{deep}
	}
	raw := canonical(map[int]any{1: 60, 9: deep})
	if _, err := crdt.EncodeBody(crdt.Body{Changes: []crdt.Change{{Raw: raw}}}); err == nil {
		t.Fatal("a body was written that can't be read")
	}
}

// TestTwinThatSaw: a projection made anew by somebody who saw the earlier one
// takes its place, whatever came between and in which order all arrive; what
// names its elements means the later one.
func TestTwinThatSaw(t *testing.T) {
	name := hashID("case operation")
	told := func(amount int64, entries int) crdt.Body {
		changes := []crdt.Change{{Kind: crdt.Assign, Path: f("amount"), Value: amount}, {Kind: crdt.Event, Path: f("track"), Value: amount}}
		for range entries {
			changes = append(changes, crdt.Change{Kind: crdt.Add, Path: f("parties")})
		}
		return crdt.Body{Changes: changes}
	}
	ops := []sent{
		{crdt.Meta{ID: id(1), Name: name}, told(9, 2)},
		{crdt.Meta{ID: id(2), Name: hashID("next"), Heads: []crdt.ID{id(1)}}, crdt.Body{Changes: []crdt.Change{
			{Kind: crdt.Event, Path: f("track"), Value: "after", After: []crdt.Ref{{Op: name, Index: 1}}},
		}}},
		{crdt.Meta{ID: id(3), Name: name, Heads: []crdt.ID{id(2)}}, told(5, 1)},
		{crdt.Meta{ID: id(4), Name: name, Heads: []crdt.ID{id(1)}}, told(7, 1)}, // did not see 3: stands beside it
	}
	var want []byte
	for _, order := range [][]int{{0, 1, 2, 3}, {0, 3, 1, 2}, {0, 1, 3, 2}} {
		s := crdt.New(caseSchema)
		for _, i := range order {
			if err := s.Apply(ops[i].meta, ops[i].body); err != nil {
				t.Fatal(err)
			}
		}
		var amounts []crdt.Value
		for _, v := range s.Register(f("amount")).Values {
			amounts = append(amounts, v.Value)
		}
		if !s.Overtaken(id(1)) || s.Overtaken(id(3)) || s.Overtaken(id(4)) || len(amounts) != 2 || len(s.Entries(f("parties"))) != 2 || len(s.Events(f("track"))) != 3 {
			t.Fatalf("order %v: %v, %d entries, %d events", order, amounts, len(s.Entries(f("parties"))), len(s.Events(f("track"))))
		}
		if want == nil {
			want = s.Encode()
		}
		again, err := crdt.Decode(caseSchema, s.Encode())
		if err != nil || !bytes.Equal(s.Encode(), want) || !bytes.Equal(again.Shown(), s.Shown()) {
			t.Fatalf("order %v gives another state: %v", order, err)
		}
	}
}
