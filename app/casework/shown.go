package casework

import (
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// A settlement is a decision between statements that a person was shown: where
// others stand meanwhile, he decided about something else. So it names the heads
// that he saw.

// ShownHeads are the heads that a settlement of a field names: those of the
// case, and where statements of the notes are among what is open those of the
// notes. So two nodes that hold a case alike say the same, whoever's notes they read.
func ShownHeads(s *crdt.State, field string, notes ...*crdt.State) []crdt.ID {
	out := s.Heads()
	track, ofCourse := strings.CutPrefix(field, fieldLifecycle+".")
	if !ofCourse || len(notes) == 0 {
		return out
	}
	c := resolve(readLog(s, notes...))
	for _, d := range c.disputes {
		if d.track == track && slices.ContainsFunc(d.open, func(i int) bool { return c.log.events[i].notes }) {
			for _, n := range notes {
				out = append(out, n.Heads()...)
			}
			return out
		}
	}
	return out
}

// statement is one of those to choose from: what it says (of a step, its name),
// and who made it.
type statement struct {
	says string
	op   crdt.OpInfo
	e    *event // of the course
}

// StaleShown tells whether what can be chosen from for a field is no longer what
// it was at some heads of the case and its notes; nil: it is the same. Of a record
// of notes of which no head is named nothing was shown.
//
// It fails with *StaleError, and with *crdt.MissingHeadsError for heads that
// neither the case nor the notes have.
func StaleShown(s *crdt.State, field string, heads []crdt.ID, names Names, notes ...*crdt.State) error {
	seen, left, err := seenAt(s, heads)
	if err != nil {
		return err
	}
	before := make([]*crdt.State, len(notes))
	for i, n := range notes {
		if before[i], left, err = seenAt(n, left); err != nil {
			return err
		}
		if before[i] == nil {
			before[i] = crdt.New(NotesSchema())
		}
	}
	if len(left) > 0 || seen == nil {
		return &crdt.MissingHeadsError{Missing: left}
	}
	was, is := statementsOn(seen, field, before), statementsOn(s, field, notes)
	if slices.EqualFunc(was, is, func(a, b statement) bool { return a.says == b.says }) {
		return nil
	}
	out := &StaleError{Shown: true}
	for _, x := range is {
		if !slices.ContainsFunc(was, func(y statement) bool { return x.says == y.says }) {
			out.Since = append(out.Since, x.said(field, names))
		}
	}
	if len(out.Since) == 0 { // only gone: somebody settled it, or took it back
		out.Since = append(out.Since, settledSince(s, seen, field, names, notes, before))
	}
	return out
}

// seenAt is a state at those of some heads that it has, and the others; nil
// where it has none of them.
func seenAt(s *crdt.State, heads []crdt.ID) (at *crdt.State, others []crdt.ID, err error) {
	var own []crdt.ID
	for _, h := range heads {
		if s.Has(h) {
			own = append(own, h)
		} else {
			others = append(others, h)
		}
	}
	if own == nil {
		return nil, others, nil
	}
	at, err = s.At(own)
	return at, others, err
}

// statementsOn are the statements on a field, in the order of what they say.
func statementsOn(s *crdt.State, field string, notes []*crdt.State) []statement {
	var out []statement
	if track, ofCourse := strings.CutPrefix(field, fieldLifecycle+"."); ofCourse {
		c := resolve(readLog(s, notes...))
		for _, d := range c.disputes {
			for _, i := range d.choices {
				if e := c.log.events[i]; d.track == track {
					out = append(out, statement{EntryID(e.ref), e.op, e})
				}
			}
		}
	} else {
		path := root(field)
		if p, ok := findRegister(s, field); ok && !legalFields[field] {
			path = p
		}
		for _, v := range s.Register(path).Values {
			out = append(out, statement{says: string(encodeJSON(v.Value)), op: v.Op})
		}
	}
	slices.SortFunc(out, func(a, b statement) int { return strings.Compare(a.says, b.says) })
	return out
}

func (x statement) said(field string, names Names) Meanwhile {
	m := Meanwhile{Who: names.seat(x.op.Seat), On: BeijingDay(stampTime(x.op.Stamp)), Field: field, Shown: "said"}
	if x.e != nil {
		m.Step = x.e.step
		if x.e.day != "" {
			m.On = x.e.day
		}
	}
	return m
}

// settledSince is who settled a field that is no longer as it was seen: of what
// was written since, the last that touches it.
func settledSince(s, seen *crdt.State, field string, names Names, notes, before []*crdt.State) Meanwhile {
	var last crdt.OpInfo
	look := func(now, was *crdt.State) {
		for _, op := range now.Ops() {
			if was.Has(op.ID) {
				continue
			}
			if meta, body, ok := now.Op(op.ID); ok && touches(body.Changes, field) && meta.Stamp >= last.Stamp {
				last = crdt.OpInfo{ID: op.ID, Stamp: meta.Stamp, Seat: meta.Seat, Unit: meta.Unit}
			}
		}
	}
	look(s, seen)
	for i := range notes {
		look(notes[i], before[i])
	}
	return Meanwhile{Who: names.seat(last.Seat), On: BeijingDay(stampTime(last.Stamp)), Field: field, Shown: "settled"}
}

// touches reports whether changes say something of a field, or of the course.
func touches(changes []crdt.Change, field string) bool {
	name, _, _ := strings.Cut(field, ".")
	return slices.ContainsFunc(changes, func(c crdt.Change) bool { return len(c.Path) > 0 && c.Path[0].Field == name })
}
