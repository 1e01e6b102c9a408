package crdt

// noOp is no operation.
const noOp = -1

// twin notes an operation under its name; true: there is another of that name.
func (s *State) twin(n int32) bool {
	name := s.ops[n].name
	if s.first[name] == noOp {
		s.first[name] = n
		return false
	}
	if s.twins == nil {
		s.twins = map[uint32][]int32{}
	}
	if s.twins[name] == nil {
		s.twins[name] = []int32{s.first[name]}
	}
	s.twins[name] = append(s.twins[name], n)
	return true
}

// overtakes notes the operations whose place a new one takes: those of its name
// that it saw. True: there is one that had its effect until now.
func (s *State) overtakes(n int32) bool {
	seen, err := s.past([]ID{s.ops[n].meta.ID})
	if err != nil {
		panic("crdt: an applied operation is not there: " + err.Error())
	}
	news := false
	for _, o := range s.twins[s.ops[n].name] {
		if id := s.ops[o].meta.ID; o != n && seen[o] && !s.overtaken[id] {
			if s.overtaken == nil {
				s.overtaken = map[ID]bool{}
			}
			s.overtaken[id], news = true, true
		}
	}
	return news
}

// renew makes the state anew from its operations. It happens only where somebody
// mends a projection, and costs what reading the record costs.
func (s *State) renew() {
	old, overtaken := *s, s.overtaken
	*s = *New(old.schema)
	s.bulk, s.overtaken = true, overtaken
	for n := range old.ops {
		o := &old.ops[n]
		var body *Body
		if o.body != nil {
			b := old.bodyOf(int32(n))
			body = &b
		}
		if err := s.apply(old.meta(int32(n)), body, o.body, o.why); err != nil {
			panic("crdt: an applied operation can't be applied: " + err.Error())
		}
	}
	s.bulk, s.stale = old.bulk, false
}

// Overtaken reports whether another operation of its name, whose author saw it,
// took an operation's place.
func (s *State) Overtaken(id ID) bool { return s.overtaken[id] }
