package crdt

// splice replaces del elements from pos on by the ins elements in content.
type splice struct {
	pos, del, ins int
	content       Change
}

// splices turns splices that are in ascending order, apart, and counted in
// this state, into changes of the text or list at path.
func (s *State) splices(path Path, all []splice) []Change {
	var q *sequence
	if f := s.at(path, Text, List); f != nil {
		q = f.seq
	}
	length := 0
	if q != nil {
		length = q.order.length
	}
	var spans []Span
	var inserts []Change
	for _, p := range all {
		pos := min(max(p.pos, 0), length)
		if del := min(p.del, length-pos); del > 0 {
			spans = q.spans(spans, pos, del)
		}
		if p.ins > 0 {
			c := p.content
			c.Kind, c.Path = Insert, path
			c.Parent, c.Side = q.insertAt(pos)
			inserts = append(inserts, c)
		}
	}
	var out []Change
	for len(spans) > 0 {
		n := min(len(spans), MaxSpans)
		out = append(out, Change{Kind: Delete, Path: path, Spans: spans[:n:n]})
		spans = spans[n:]
	}
	return append(out, inserts...)
}

// spans appends the spans of count visible elements from pos on.
func (q *sequence) spans(out []Span, pos, count int) []Span {
	c, at := q.order.find(pos)
	for count > 0 {
		if !c.gone {
			n := min(uint32(count), c.n-at)
			s := Span{Ref: q.s.ref(c.run.key), Offset: c.off + at, Count: n}
			if last := len(out) - 1; last >= 0 && out[last].Ref == s.Ref && out[last].Offset+out[last].Count == s.Offset {
				out[last].Count += n
			} else {
				out = append(out, s)
			}
			count -= int(n)
		}
		c, at = c.next(), 0
	}
	return out
}

// insertAt says where Fugue hangs what is inserted before the visible element
// pos: on the right of the element before it if that has no right child yet,
// otherwise on the left of the next element, visible or not.
func (q *sequence) insertAt(pos int) (Element, Side) {
	if q == nil || q.order.first() == nil {
		return Element{Root: true}, Right
	}
	if pos == 0 {
		return q.element(q.order.first(), 0), Left
	}
	c, at := q.order.find(pos - 1)
	if !q.hasRight(c.run, c.off+at) {
		return q.element(c, at), Right
	}
	if at+1 < c.n {
		return q.element(c, at+1), Left
	}
	return q.element(c.next(), 0), Left
}

func (q *sequence) element(c *chunk, at uint32) Element {
	return Element{Ref: q.s.ref(c.run.key), Offset: c.off + at}
}
