package crdt

import "slices"

// hunk replaces del code points from pos on by ins.
type hunk struct {
	pos, del int
	ins      []rune
}

// maxEdits bounds the number of inserted and deleted elements that Myers'
// algorithm looks for: its memory grows with the square (4 MB here). A person
// who rewrites more than that at once has written another text.
const maxEdits = 1000

// diff returns the smallest set of hunks that make b of a, ascending. Where
// more than maxEdits code points differ it compares line by line and then
// inside the lines that differ.
func diff(a, b []rune) []hunk {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	var out []hunk
	if cuts, ok := myers(a, b); ok {
		for _, c := range cuts {
			out = append(out, hunk{head + c.a, c.na, b[c.b : c.b+c.nb]})
		}
		return out
	}
	return byLines(a, b, head)
}

func byLines(a, b []rune, base int) []hunk {
	number := map[string]rune{}
	la, ends := lines(a, number)
	lb, endsB := lines(b, number)
	cuts, ok := myers(la, lb)
	if !ok {
		return []hunk{{base, len(a), b}}
	}
	var out []hunk
	for _, c := range cuts {
		x, y := ends[c.a], endsB[c.b]
		pa, pb := a[x:ends[c.a+c.na]], b[y:endsB[c.b+c.nb]]
		inner, ok := myers(pa, pb)
		if !ok {
			inner = []cut{{0, len(pa), 0, len(pb)}}
		}
		for _, i := range inner {
			out = append(out, hunk{base + x + i.a, i.na, pb[i.b : i.b+i.nb]})
		}
	}
	return out
}

// lines numbers the lines of a text; bounds[i] is where line i begins, and the
// last bound is the end.
func lines(text []rune, number map[string]rune) (ids []rune, bounds []int) {
	bounds = []int{0}
	for start := 0; start < len(text); {
		end := len(text)
		if i := slices.Index(text[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		line := string(text[start:end])
		id, ok := number[line]
		if !ok {
			id = rune(len(number))
			number[line] = id
		}
		ids, bounds = append(ids, id), append(bounds, end)
		start = end
	}
	return ids, bounds
}

// cut says that na elements from a on become nb elements from b on.
type cut struct{ a, na, b, nb int }

// myers is E. W. Myers, "An O(ND) Difference Algorithm" (1986), the greedy
// form. It reports false if more than maxEdits elements differ.
func myers(a, b []rune) ([]cut, bool) {
	n, m := len(a), len(b)
	if n == 0 && m == 0 {
		return nil, true
	}
	if n == 0 || m == 0 {
		return []cut{{0, n, 0, m}}, true
	}
	limit := min(n+m, maxEdits)
	v := make([]int32, 2*limit+3) // v[k+limit+1]: furthest x on diagonal k
	mid := limit + 1
	var trace [][]int32
	for d := 0; d <= limit; d++ {
		trace = append(trace, slices.Clone(v[mid-d-1:mid+d+2]))
		for k := -d; k <= d; k += 2 {
			var x int
			if k == -d || k != d && v[mid+k-1] < v[mid+k+1] {
				x = int(v[mid+k+1])
			} else {
				x = int(v[mid+k-1]) + 1
			}
			y := x - k
			for x < n && y < m && x >= 0 && y >= 0 && a[x] == b[y] {
				x, y = x+1, y+1
			}
			v[mid+k] = int32(x)
			if x >= n && y >= m {
				return cuts(trace, n, m), true
			}
		}
	}
	return nil, false
}

// cuts walks Myers' trace back and gathers what differs.
func cuts(trace [][]int32, n, m int) []cut {
	gone, come := make([]bool, n), make([]bool, m)
	x, y := n, m
	for d := len(trace) - 1; d > 0; d-- {
		v := trace[d] // v[i] is diagonal i-d-1
		k := x - y
		at := func(k int) int { return int(v[k+d+1]) }
		if k == -d || k != d && at(k-1) < at(k+1) {
			x = at(k + 1)
			y = x - (k + 1)
			come[y] = true
		} else {
			x = at(k - 1)
			y = x - (k - 1)
			gone[x] = true
		}
	}
	var out []cut
	for i, j := 0, 0; i < n || j < m; {
		c := cut{a: i, b: j}
		for i < n && gone[i] {
			i++
		}
		for j < m && come[j] {
			j++
		}
		c.na, c.nb = i-c.a, j-c.b
		if c.na+c.nb > 0 {
			out = append(out, c)
			continue
		}
		i, j = i+1, j+1
	}
	return out
}
