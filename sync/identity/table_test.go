package identity

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

func table(name string, version uint64, content string) *Table {
	return &Table{Name: name, Version: version, Day: "2026-01-01", Content: []byte(content)}
}

// publish writes items in s's own branch after prev.
func (w *world) publish(s *station, by SigningKey, prev ID, items ...Item) Entry {
	w.t.Helper()
	return w.write(s, entry{by: by, branch: BranchOwn, prev: prev, items: items})
}

func versions(r *Registry, unit ID) string {
	var out []string
	for _, p := range r.TablesOf(unit) {
		out = append(out, fmt.Sprintf("%s/%d=%s", p.Name, p.Version, p.Content))
	}
	return strings.Join(out, " ")
}

func TestTablesArePublishedInOrder(t *testing.T) {
	w := newWorld(t)
	one := w.publish(w.root, w.root.seat.Signing, w.root.first, table("holidays", 1, "a"), table("terms", 4, "b"))
	w.publish(w.root, w.root.seat.Signing, one.ID, table("holidays", 2, "c"))
	r := w.all()
	if got := versions(r, w.root.id); got != "holidays/1=a terms/4=b holidays/2=c" {
		t.Fatal(got)
	}
	p := r.TablesOf(w.root.id)[0]
	if p.Entry != one.ID || p.Seat != w.root.seat.Signing.Public() || p.Day != "2026-01-01" {
		t.Fatalf("%+v", p)
	}
	u, err := r.At([]ID{one.ID})
	if last, ok := u.LastTable("holidays"); err != nil || !ok || last.Version != 1 {
		t.Fatalf("at the first entry: %+v %v", last, err)
	}
	if last, _ := ptr(mustUnit(t, r, w.root)).LastTable("holidays"); last.Version != 2 {
		t.Fatalf("now: %+v", last)
	}
	if _, ok := u.LastTable("offices"); ok {
		t.Fatal("a table that nobody published")
	}
}

func ptr[T any](v T) *T { return &v }

// TestTablesThatDoNotCount: a modified program may write all of these; the entry
// stands, and its tables are nowhere.
func TestTablesThatDoNotCount(t *testing.T) {
	w := newWorld(t)
	town, village := w.station("镇", Admin), w.station("村", Mediator)
	w.admit(w.root, town)
	w.admit(town, village)
	clerk, enrol := w.seatItem(town, town.issuer(), "李样文", RequestSeat, Clerk)
	director, enrolToo := w.seatItem(town, town.issuer(), "王例武", RequestSeat, Director)
	e1 := w.publish(town, town.seat.Signing, town.first, enrol, enrolToo, table("terms", 3, "a"))
	e2 := w.publish(town, town.seat.Signing, e1.ID, table("terms", 3, "again"), table("terms", 2, "older"), &Writer{Seat: clerk.Signing.Public()})
	e3 := w.publish(town, clerk.Signing, e2.ID, table("terms", 9, "a clerk's"), &Writer{Seat: director.Signing.Public()})
	w.publish(town, director.Signing, e3.ID, table("terms", 4, "a director's"))
	w.publish(village, village.seat.Signing, village.first, table("terms", 1, "a mediator's"))
	w.write(village, entry{by: town.seat.Signing, branch: BranchParent, prev: village.first, author: []ID{town.first}, items: []Item{table("terms", 5, "in the parent's branch")}})
	w.publish(w.root, town.seat.Signing, w.root.first, table("terms", 6, "a stranger's"))
	r := w.all()
	wantState(t, r, e3, EntryGood)
	for s, want := range map[*station]string{town: "terms/3=a terms/4=a director's", village: "", w.root: ""} {
		if got := versions(r, s.id); got != want {
			t.Errorf("%s: %q, want %q", s.name, got, want)
		}
	}
}

// TestForkedTablesWaitForTheirSide: two versions with one number on the sides of
// a fork are nobody's choice but the unit above's.
func TestForkedTablesWaitForTheirSide(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	before := w.publish(town, town.seat.Signing, town.first, table("terms", 1, "before"))
	a := w.publish(town, town.seat.Signing, before.ID, table("terms", 2, "left"))
	w.publish(town, town.seat.Signing, before.ID, table("terms", 2, "right"))
	if got := versions(w.all(), town.id); got != "terms/1=before" {
		t.Fatalf("while forked: %q", got)
	}
	w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: town.first, author: []ID{w.root.first}, items: []Item{&RightSide{a.ID}}})
	if got := versions(w.all(), town.id); got != "terms/1=before terms/2=left" {
		t.Fatalf("after the parent named a side: %q", got)
	}
}

// TestWhatBodyAUnitIsSaysTheUnitAbove: a unit that renames itself is no other body.
func TestWhatBodyAUnitIsSaysTheUnitAbove(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	own := w.publish(town, town.seat.Signing, town.first, &Rename{"990000000000-fy", "自称法院", "2026-01-01"})
	u := mustUnit(t, w.all(), town)
	if u.Code != "990000000000-fy" || u.CodeByParent != town.request.Code {
		t.Fatalf("%s, by the parent %s", u.Code, u.CodeByParent)
	}
	w.write(town, entry{by: w.root.seat.Signing, branch: BranchParent, prev: town.first, ownerLog: []ID{town.first, own.ID}[:1], author: []ID{w.root.first}, items: []Item{&Rename{"990000000000-zt", "镇调委会", "2025-01-01"}}})
	if u = mustUnit(t, w.all(), town); u.CodeByParent != "990000000000-zt" {
		t.Fatalf("by the parent %s", u.CodeByParent)
	}
	w.publish(w.root, w.root.seat.Signing, w.root.first, &Rename{"990000000000-sfj", "司法局", "2026-01-01"})
	if u = mustUnit(t, w.all(), w.root); u.CodeByParent != "990000000000-sfj" {
		t.Fatalf("the root is called %s", u.CodeByParent)
	}
}

// TestTablesInAnyOrder: what counts is the same whatever came first and whatever
// is still missing.
func TestTablesInAnyOrder(t *testing.T) {
	w := newWorld(t)
	town := w.station("镇", Admin)
	w.admit(w.root, town)
	units := []*station{w.root, town}
	rapid.Check(t, func(rt *rapid.T) {
		w.entries = w.entries[:2]
		tips := [2][]ID{{w.root.first}, {town.first}}
		for i := range rapid.IntRange(1, 8).Draw(rt, "entries") {
			of := rapid.IntRange(0, 1).Draw(rt, "unit")
			prev := tips[of][rapid.IntRange(max(0, len(tips[of])-2), len(tips[of])-1).Draw(rt, "after")]
			e := w.publish(units[of], units[of].seat.Signing, prev, table("terms", rapid.Uint64Range(1, 4).Draw(rt, "version"), fmt.Sprint(i)))
			tips[of] = append(tips[of], e.ID)
		}
		order := rapid.Permutation(w.entries).Draw(rt, "order")
		held := order[:rapid.IntRange(0, len(order)).Draw(rt, "held")]
		a, b := w.registry(held), w.registry(rapid.Permutation(held).Draw(rt, "another order"))
		for _, s := range units {
			x, y := a.TablesOf(s.id), b.TablesOf(s.id)
			if !slices.EqualFunc(x, y, func(p, q Published) bool { return p.Entry == q.Entry && bytes.Equal(p.Content, q.Content) }) {
				rt.Fatalf("%s: %s and %s", s.name, versions(a, s.id), versions(b, s.id))
			}
			for i, p := range x {
				if state, _, _, _ := a.EntryState(p.Entry); state != EntryGood {
					rt.Fatalf("a table of an entry that is %v", state)
				}
				if i > 0 && x[i-1].Version >= p.Version {
					rt.Fatalf("versions do not rise: %s", versions(a, s.id))
				}
			}
		}
	})
}

func TestTableItemsAreStrict(t *testing.T) {
	good := map[uint64]any{1: ItemTable, 2: "terms", 3: uint64(1), 4: "2026-01-01", 5: []byte("{}")}
	for name, c := range map[string]struct {
		field uint64
		value any
		ok    bool
	}{
		"good":                       {5, []byte("x"), true},
		"largest version":            {3, uint64(oplog.MaxNumber), true},
		"largest content":            {5, make([]byte, MaxTable), true},
		"longest name":               {2, strings.Repeat("a", MaxTableName), true},
		"version 0":                  {3, uint64(0), false},
		"version too large":          {3, uint64(oplog.MaxNumber + 1), false},
		"no content":                 {5, []byte{}, false},
		"content as text":            {5, "{}", false},
		"content too long":           {5, make([]byte, MaxTable+1), false},
		"name too long":              {2, strings.Repeat("a", MaxTableName+1), false},
		"no name":                    {2, "", false},
		"capital in the name":        {2, "Terms", false},
		"name that begins otherwise": {2, "_terms", false},
		"no day":                     {4, "2026-02-30", false},
		"a later field":              {9, uint64(1), false},
	} {
		w := map[uint64]any{}
		for k, v := range good {
			w[k] = v
		}
		w[c.field] = c.value
		raw := dcbor.Must(w)
		items, err := DecodeContent(dcbor.Must(map[uint64]any{1: []any{dcbor.Raw(raw)}}))
		if err != nil || len(items) != 1 || items[0].Type() != ItemTable {
			t.Fatalf("%s: %v %v", name, items, err)
		}
		if _, known := items[0].(*Table); known != c.ok {
			t.Errorf("%s: read %v", name, known)
		}
		if u, ok := items[0].(*Unknown); ok && !bytes.Equal(u.Raw, raw) {
			t.Errorf("%s: its bytes were not kept", name)
		}
	}
	for _, field := range []uint64{2, 3, 4, 5} {
		w := map[uint64]any{}
		for k, v := range good {
			if k != field {
				w[k] = v
			}
		}
		items, err := DecodeContent(dcbor.Must(map[uint64]any{1: []any{w}}))
		if _, unknown := items[0].(*Unknown); err != nil || !unknown {
			t.Errorf("without field %d: %v %v", field, items, err)
		}
	}
	for _, bad := range []*Table{table("", 1, "x"), table("terms", 0, "x"), table("terms", 1, ""), table("terms", oplog.MaxNumber+1, "x"), {Name: "terms", Version: 1, Day: "x", Content: []byte("x")}} {
		if _, err := EncodeContent([]Item{bad}); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}
