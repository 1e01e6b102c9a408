package crdt_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hejie/sync/crdt"
)

// script runs one block of testdata/intent.txt.
type script struct {
	t     *testing.T
	who   map[string]*replica
	order []string
	names map[string]crdt.Ref
	all   []sent
}

func TestIntent(t *testing.T) {
	raw, err := os.ReadFile("testdata/intent.txt")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(raw), "\n== ")[1:]
	if len(blocks) < 20 {
		t.Fatalf("only %d blocks were read", len(blocks))
	}
	for _, block := range blocks {
		title, body, _ := strings.Cut(block, "\n")
		t.Run(title, func(t *testing.T) {
			sc := &script{t: t, who: map[string]*replica{}, names: map[string]crdt.Ref{}}
			expected := 0
			for _, line := range strings.Split(body, "\n") {
				words := strings.Fields(line)
				if len(words) == 0 || words[0] == "#" {
					continue
				}
				if words[0] == "expect" {
					expected++
				}
				sc.line(line, words)
			}
			if expected == 0 {
				t.Fatal("the block expects nothing")
			}
			sc.anyOrder()
		})
	}
}

func (sc *script) line(line string, words []string) {
	sc.t.Helper()
	switch words[0] {
	case "sync":
		for range 2 {
			for _, a := range sc.order {
				for _, b := range sc.order {
					sc.who[a].pull(sc.who[b])
				}
			}
		}
	case "expect":
		for _, name := range sc.order {
			if got := sc.expect(sc.who[name].state, words[1:]); got != "" {
				sc.t.Fatalf("%s: %s sees %s", line, name, got)
			}
		}
	default:
		r := sc.replica(words[0])
		if words[1] == "pull" {
			r.pull(sc.replica(words[2]))
			return
		}
		sc.all = append(sc.all, r.write(sc.act(r, words[1:])...))
		if i := slices.Index(words, "as"); i > 0 {
			sc.names[words[i+1]] = crdt.Ref{Op: sc.all[len(sc.all)-1].meta.ID}
		}
	}
}

func (sc *script) replica(name string) *replica {
	if sc.who[name] == nil {
		sc.who[name] = newReplica(sc.t, byte(len(sc.order)+1))
		sc.order = append(sc.order, name)
	}
	return sc.who[name]
}

// path reads parties/a/name, where every second part names an entry.
func (sc *script) path(text string) crdt.Path {
	var p crdt.Path
	for i, part := range strings.Split(text, "/") {
		if i%2 == 1 {
			p = append(p, crdt.Segment{Entry: sc.names[part]})
		} else {
			p = append(p, crdt.Segment{Field: part})
		}
	}
	return p
}

func value(word string) crdt.Value {
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return n
	}
	return word
}

// act gives the changes of "verb path arguments".
func (sc *script) act(r *replica, words []string) []crdt.Change {
	s, path, args := r.state, sc.path(words[1]), words[2:]
	number := func(i int) int {
		n, err := strconv.Atoi(args[i])
		if err != nil {
			sc.t.Fatal(err)
		}
		return n
	}
	switch words[0] {
	case "set":
		return []crdt.Change{s.AssignChange(path, value(args[0]))}
	case "clear":
		return []crdt.Change{s.AssignChange(path, nil)}
	case "tag":
		return []crdt.Change{s.AddChange(path, value(args[0]))}
	case "untag":
		return s.RemoveValue(path, value(args[0]))
	case "add":
		return []crdt.Change{s.AddChange(path, nil)}
	case "remove":
		return s.RemoveEntry(path, sc.names[args[0]])
	case "type":
		return s.TextSplice(path, number(0), 0, args[1])
	case "cut":
		return s.TextSplice(path, number(0), number(1), "")
	case "write":
		return s.TextEdit(path, args[0])
	case "item":
		var items []crdt.Value
		for _, a := range args[1:] {
			items = append(items, a)
		}
		return s.ListInsert(path, number(0), items...)
	case "drop":
		return s.ListDelete(path, number(0), number(1))
	case "event":
		c := crdt.Change{Kind: crdt.Event, Path: path, Value: args[0]}
		for _, e := range s.Events(path) {
			c.After = append(c.After, e.Ref)
		}
		slices.SortFunc(c.After, crdt.CompareRefs)
		return []crdt.Change{c}
	}
	sc.t.Fatalf("no verb %q", words[0])
	return nil
}

// expect answers what is seen instead, or nothing.
func (sc *script) expect(s *crdt.State, words []string) string {
	want := []string{}
	if i := slices.Index(words, "="); i >= 0 {
		want, words = words[i+1:], words[:i]
	}
	check := func(ok bool, seen any) string {
		if ok {
			return ""
		}
		return fmt.Sprintf("%v", seen)
	}
	lines := func(values []crdt.Value) (out []string) {
		for _, v := range values {
			out = append(out, fmt.Sprint(v))
		}
		return out
	}
	live := func(values []crdt.LiveValue) (out []string) {
		for _, v := range values {
			out = append(out, fmt.Sprint(v.Value))
		}
		slices.Sort(out)
		return out
	}
	switch words[0] {
	case "also":
		v := s.Register(sc.path(words[1]))
		return check(v.Also && !v.Contested, v)
	case "contested":
		v := s.Register(sc.path(words[1]))
		return check(v.Contested && len(v.Values) > 1, v)
	case "settled":
		v := s.Register(sc.path(words[1]))
		return check(!v.Contested && !v.Also && len(v.Values) == 1, v)
	case "values":
		got := live(s.Register(sc.path(words[1])).Values)
		return check(slices.Equal(got, want), got)
	case "set":
		got := live(s.Set(sc.path(words[1])))
		slices.Sort(want)
		return check(slices.Equal(got, want), got)
	case "entries":
		got := len(s.Entries(sc.path(words[1])))
		return check(fmt.Sprint(got) == want[0], got)
	case "restored":
		i := slices.IndexFunc(s.Entries(sc.path(words[1])), func(e crdt.EntryView) bool {
			return e.Ref == sc.names[words[2]] && e.Restored
		})
		return check(i >= 0, "it not restored")
	case "text":
		got := s.Text(sc.path(words[1]))
		return check(got == want[0], got)
	case "oneof":
		got := s.Text(sc.path(words[1])) + strings.Join(lines(s.List(sc.path(words[1]))), "/")
		return check(slices.Contains(want, got), got)
	case "list":
		got := lines(s.List(sc.path(words[1])))
		return check(slices.Equal(got, want), got)
	case "events":
		var got []string
		for _, e := range s.Events(sc.path(words[1])) {
			got = append(got, fmt.Sprint(e.Value))
		}
		return check(slices.Equal(got, want), got)
	case "before", "concurrent":
		a, b := sc.names[words[1]], sc.names[words[2]]
		ab, ba := s.Precedes(a, b), s.Precedes(b, a)
		return check(!ba && ab == (words[0] == "before"), []bool{ab, ba})
	case "heads":
		return check(fmt.Sprint(len(s.Heads())) == words[1], len(s.Heads()))
	}
	got := s.Register(sc.path(words[0])).Shown
	return check(fmt.Sprint(got) == want[0], got)
}

// anyOrder delivers the block's operations in other orders.
func (sc *script) anyOrder() {
	sc.t.Helper()
	for seed := range uint64(5) {
		same(sc.t, "another order", sc.who[sc.order[0]].state, deliver(sc.t, seeded(seed), sc.all))
	}
}
