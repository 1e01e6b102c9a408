package crdt

// dangling lists the changes that name a parent or an entry that is not here.
// They take effect as soon as what they name arrives.
func (s *State) dangling() []oddity {
	var places []place
	s.root.eachDangling(false, func(p place) { places = append(places, p) })
	bodies := map[int32][]Change{} // one operation may dangle ten thousand times
	var out []oddity
	for _, p := range places {
		changes, ok := bodies[p.op]
		if !ok {
			changes = s.bodyOf(p.op).Changes
			bodies[p.op] = changes
		}
		c := &changes[p.key.index]
		raw, err := encodeChange(c)
		if err != nil {
			panic("crdt: an applied change has no encoding: " + err.Error())
		}
		out = append(out, oddity{op: p.op, index: p.key.index, kind: c.Kind, path: s.named(p.op, c.Path), reason: Dangling, raw: raw})
	}
	return out
}

// eachDangling visits what was written in entries that nobody added (lost:
// this container lies in such a one) and insertions without parent.
func (c *container) eachDangling(lost bool, visit func(place)) {
	for _, f := range c.fields {
		if lost {
			for _, w := range f.written {
				visit(w.place)
			}
			for _, e := range f.events {
				if !e.empty {
					visit(e.place)
				}
			}
		}
		if f.seq != nil {
			for _, r := range f.seq.runs {
				if lost || !r.attached {
					visit(r.place)
				}
			}
		}
		for k, entry := range f.entries {
			_, added := f.adds[k]
			entry.eachDangling(lost || !added, visit)
		}
	}
}
