package crdt_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"hejie/sync/crdt"
)

// cost counts the code points that changes insert and delete.
func cost(changes []crdt.Change) (n int) {
	for _, c := range changes {
		n += utf8.RuneCountInString(c.Text)
		for _, s := range c.Spans {
			n += int(s.Count)
		}
	}
	return n
}

// leastCost is the length of the shortest edit script, by dynamic programming.
func leastCost(a, b []rune) int {
	row := make([]int, len(b)+1) // longest common subsequence
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return len(a) + len(b) - 2*row[len(b)]
}

func TestTextEditIsSmallest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("甲乙丙ab\n")), 0, 40, -1)
		r := newReplica(rt, 1)
		at := ""
		for i := range 4 {
			next := text.Draw(rt, "text")
			changes := r.state.TextEdit(f("story"), next)
			if got, want := cost(changes), leastCost([]rune(at), []rune(next)); got != want {
				rt.Fatalf("edit %d from %q to %q touches %d code points, %d are enough", i, at, next, got, want)
			}
			r.write(changes...)
			if got := r.state.Text(f("story")); got != next {
				rt.Fatalf("the text is %q, want %q", got, next)
			}
			at = next
		}
	})
}

// TestTextEditLarge rewrites large texts: more than the exact search bears.
func TestTextEditLarge(t *testing.T) {
	lines := func(n, every int) string {
		var b strings.Builder
		for i := range n {
			if every > 0 && i%every == 0 {
				b.WriteString("改写过的一行。\n")
				continue
			}
			b.WriteString(strings.Repeat(string(rune('一'+i%500)), 20) + "\n")
		}
		return b.String()
	}
	cases := []struct {
		name     string
		from, to string
		most     int
	}{
		{"a few lines of many", lines(4000, 0), lines(4000, 100), 40 * 40},
		{"every fourth line", lines(1000, 0), lines(1000, 4), 250 * 40},
		{"another text", strings.Repeat("甲", 5000), strings.Repeat("乙", 5000), 10000},
		{"from nothing", "", strings.Repeat("乙", 50_000), 50_000},
		{"to nothing", strings.Repeat("乙", 50_000), "", 50_000},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newReplica(t, 1)
			r.write(r.state.TextEdit(f("story"), c.from)...)
			changes := r.state.TextEdit(f("story"), c.to)
			if n := cost(changes); n > c.most {
				t.Errorf("it touches %d code points, at most %d are right", n, c.most)
			}
			r.write(changes...)
			if r.state.Text(f("story")) != c.to {
				t.Error("the text is not what was written")
			}
		})
	}
}

// TestNoInterleaving lets writers type whole words, forwards or backwards,
// at one place at once: every word comes out in one piece.
func TestNoInterleaving(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		base := newReplica(rt, 9)
		base.write(base.state.TextSplice(f("story"), 0, 0, "始终")...)
		pos := rapid.IntRange(0, 2).Draw(rt, "pos")
		all := newReplica(rt, 8)
		all.pull(base)
		words := []string{}
		for i := range rapid.IntRange(2, 4).Draw(rt, "writers") {
			r := newReplica(rt, byte(i+1))
			r.pull(base)
			word := strings.Repeat(string(rune('a'+i)), 5)
			word = word[:rapid.IntRange(1, 5).Draw(rt, "length")]
			back := rapid.Bool().Draw(rt, "backwards")
			for k := range len(word) {
				at := pos + k
				if back {
					at = pos
				}
				r.write(r.state.TextSplice(f("story"), at, 0, word[k:k+1])...)
			}
			words = append(words, word)
			all.pull(r)
		}
		got := all.state.Text(f("story"))
		for _, word := range words {
			if !strings.Contains(got, word) {
				rt.Fatalf("%q is torn apart in %q", word, got)
			}
		}
	})
}

// TestSpliceBounds cuts positions to the text.
func TestSpliceBounds(t *testing.T) {
	r := newReplica(t, 1)
	r.write(r.state.TextSplice(f("story"), 7, 9, "一二")...)
	r.write(r.state.TextSplice(f("story"), -3, -1, "零")...)
	r.write(r.state.TextSplice(f("story"), 3, 5, "三")...)
	r.write(r.state.TextSplice(f("story"), 1, 1<<40, "")...)
	if got := r.state.Text(f("story")); got != "零" {
		t.Fatalf("got %q", got)
	}
	if n := len(r.state.TextSplice(f("story"), 0, 0, "")) + len(r.state.TextEdit(f("story"), "零")); n != 0 {
		t.Fatalf("no edit gave %d changes", n)
	}
}

// TestManySpans deletes a text that was written in more pieces than one
// deletion may name.
func TestManySpans(t *testing.T) {
	r := newReplica(t, 1)
	for range crdt.MaxSpans + 10 {
		r.write(r.state.TextSplice(f("story"), 0, 0, "字")...)
	}
	changes := r.state.TextEdit(f("story"), "")
	if len(changes) != 2 {
		t.Fatalf("%d changes, want 2", len(changes))
	}
	r.write(changes...)
	if got := r.state.Text(f("story")); got != "" {
		t.Fatalf("%d bytes are left", len(got))
	}
}
