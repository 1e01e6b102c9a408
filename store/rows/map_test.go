package rows_test

import (
	"fmt"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"hejie/store/rows"
)

// TestMap holds that a map and each of its snapshots follow their own models.
func TestMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type pair struct {
			m     rows.Map[int]
			model map[string]int
		}
		maps := []*pair{{model: map[string]int{}}}
		for i := range rapid.IntRange(0, 60).Draw(t, "steps") {
			p := maps[rapid.IntRange(0, len(maps)-1).Draw(t, "map")]
			key := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "key"))
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				copied := map[string]int{}
				for k, v := range p.model {
					copied[k] = v
				}
				maps = append(maps, &pair{p.m.Snapshot(), copied})
			case 1:
				p.m.Delete([]byte(key))
				delete(p.model, key)
			default:
				p.m.Set([]byte(key), i)
				p.model[key] = i
			}
		}
		for _, p := range maps {
			var want, up, down []string
			for k := range p.model {
				want = append(want, k)
			}
			sort.Strings(want)
			from := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "from"))
			at, _ := slices.BinarySearch(want, from)
			p.m.Ascend([]byte(from), func(k []byte, v int) bool {
				up = append(up, string(k))
				return v == p.model[string(k)]
			})
			p.m.Descend(nil, func(k []byte, _ int) bool {
				down = append(down, string(k))
				return true
			})
			slices.Reverse(down)
			if p.m.Len() != len(want) || !slices.Equal(up, want[at:]) || !slices.Equal(down, want) {
				t.Fatalf("len %d, up from %s %q, down %q; want %q", p.m.Len(), from, up, down, want)
			}
		}
	})
}

func TestAfter(t *testing.T) {
	for _, c := range []struct{ prefix, after string }{
		{"a", "b"}, {"a\xff", "b"}, {"a\xff\xff", "b"}, {"\xff", ""}, {"", ""}, {"ab", "ac"},
	} {
		if got := string(rows.After([]byte(c.prefix))); got != c.after {
			t.Errorf("after %x is %x, want %x", c.prefix, got, c.after)
		}
	}
}
