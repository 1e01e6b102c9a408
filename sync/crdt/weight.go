package crdt

import "slices"

// BytesPerUnit is how many bytes of a body weigh one unit, so that 64 MiB weigh
// about what 250,000 changes do: a byte is kept three times, a change ten times.
const BytesPerUnit = 268

// entryWeight is what a new map entry weighs beside its change: it is a record of
// its own in every view, which costs about eight times a change (measured: 25 µs a
// party, 3 µs a tag).
const entryWeight = 8

// Weight is what folding and showing the body costs, in units of about one small
// change: its changes, the elements that they make, what they name, and its bytes.
// size is the length of its encoding, in bytes. It is a function of the body alone.
func (b *Body) Weight(size int) uint64 {
	n := 1 + uint64(len(b.Changes)+len(b.Unknown)) + uint64(size)/BytesPerUnit
	for i := range b.Changes {
		c := &b.Changes[i]
		if c.Raw != nil {
			continue // unknown: kept as its bytes
		}
		n += uint64(len(c.Replaces) + len(c.After) + len(c.Spans) + len(c.Items) + len(c.Path)/2)
		if c.Kind == Add && c.Value == nil {
			n += entryWeight
		}
		n += elements(c.Value)
		for _, v := range c.Items {
			n += elements(v)
		}
	}
	return n
}

// elements counts what lies in a value.
func elements(v Value) (n uint64) {
	switch v := v.(type) {
	case []Value:
		for _, x := range v {
			n += 1 + elements(x)
		}
	case map[string]Value:
		for _, x := range v {
			n += 1 + elements(x)
		}
	}
	return n
}

// Among are those of ids that heads name or that these saw; heads that are not here
// saw nothing.
func (s *State) Among(heads, ids []ID) (out []ID) {
	here := slices.DeleteFunc(slices.Clone(heads), func(h ID) bool { return !s.Has(h) })
	in, err := s.past(here)
	if err != nil {
		return nil // all of them are here
	}
	for _, id := range ids {
		if n, ok := s.byID[id]; ok && in[n] {
			out = append(out, id)
		}
	}
	return out
}

// DepthAfter is the causal depth of an operation that names these heads; heads
// that are not here count for nothing.
func (s *State) DepthAfter(heads []ID) uint32 {
	depth := uint32(1)
	for _, id := range heads {
		if n, ok := s.byID[id]; ok {
			depth = max(depth, s.ops[n].depth+1)
		}
	}
	return depth
}
