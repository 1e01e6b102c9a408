package casework

import (
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// CaseNotes is what the notes of the bodies that mediate say of a case: words
// that no court reads, and an agreement that is not in force yet.
type CaseNotes struct {
	Minutes   string        `json:"minutes,omitempty"`
	Proposals string        `json:"proposals,omitempty"`
	Sessions  []NoteSession `json:"sessions"`
	// Agreement is the draft that counts, with who signed it so far.
	Agreement *Agreement `json:"agreement,omitempty"`
	// Steps are drafts, signatures, refusals and decisions; Words what was said
	// with steps of the case, by their ids.
	Steps []Step      `json:"steps"`
	Words []StepWords `json:"words"`
}

// NoteSession is one session in the notes.
type NoteSession struct {
	ID      string `json:"id"`
	At      string `json:"at,omitempty"`
	Place   string `json:"place,omitempty"`
	Present string `json:"present,omitempty"`
	Result  string `json:"result,omitempty"`
	Minutes string `json:"minutes,omitempty"`
}

// StepWords are the fields of a step of the case that the notes keep.
type StepWords struct {
	Step   string `json:"step"` // its id
	Fields any    `json:"fields"`
}

// notesView shows all records of notes as one; nil: there are none.
func (c *course) notesView(notes []*crdt.State, names Names) *CaseNotes {
	out := &CaseNotes{Sessions: []NoteSession{}, Words: []StepWords{}}
	for _, s := range notes {
		out.add(s)
	}
	out.Steps = c.stepsWhere(names, func(e *event) bool { return e.notes && e.step != stepWords })
	for _, e := range c.log.events {
		if e.words != nil {
			out.Words = append(out.Words, StepWords{Step: EntryID(e.ref), Fields: readable(e.words)})
		}
	}
	if f := &c.facts; f.entered == nil {
		out.Agreement = f.view()
	}
	if out.Minutes == "" && out.Proposals == "" && len(out.Sessions)+len(out.Words)+len(out.Steps) == 0 {
		return nil
	}
	return out
}

func (n *CaseNotes) add(s *crdt.State) {
	below := func(text *string, field string) {
		*text = strings.TrimPrefix(strings.TrimSuffix(*text+"\n"+s.Text(root(field)), "\n"), "\n")
	}
	below(&n.Minutes, "minutes")
	below(&n.Proposals, "proposals")
	for _, e := range s.Entries(root("sessions")) {
		text := func(field string) string { return str(s.Register(inEntry("sessions", e.Ref, field)).Shown) }
		n.Sessions = append(n.Sessions, NoteSession{
			ID: EntryID(e.Ref), At: text("at"), Place: text("place"), Present: text("present"), Result: text("result"),
			Minutes: s.Text(inEntry("sessions", e.Ref, "minutes")),
		})
	}
}

// contestedAgreement is the dispute about an agreement that was entered; nil: none.
func (c *course) contestedAgreement() *dispute {
	for d := range c.disputes {
		for _, i := range c.disputes[d].open {
			if c.log.events[i].step == StepInForce {
				return &c.disputes[d]
			}
		}
	}
	return nil
}

// undisputedView is what was confirmed last: a later page takes the earlier
// one's place. A party that the confirmation does not name, and that came in
// without having seen it, contests it.
func (c *course) undisputedView(s *crdt.State) *Undisputed {
	e := c.facts.confirmedFacts
	if e == nil {
		return nil
	}
	out := &Undisputed{On: e.day, Facts: []string{}, ConfirmedBy: strs(e.value[keyConfirmedBy])}
	list, _ := e.value[keyUndisputed].([]crdt.Value)
	for _, item := range list {
		row, _ := item.(map[string]crdt.Value)
		out.Facts = append(out.Facts, str(row["fact"]))
	}
	named := e.refs(keyParties)
	for _, p := range parties(s) {
		if !slices.Contains(named, p.ref) && !sawOp(s, p.ref.Op, e.op.ID) {
			out.Contested = true
		}
	}
	return out
}

// sawOp reports whether the author of one operation had seen another.
func sawOp(s *crdt.State, op, other crdt.ID) bool {
	meta, _, ok := s.Op(op)
	if !ok {
		return false
	}
	seen, err := s.At(meta.Heads)
	return err == nil && seen.Has(other)
}

// maxRepeat is the number of characters in a row that a report may share with
// the notes without a warning: shorter runs are names, days and usual phrases.
const maxRepeat = 12

// repeats warns of a report that repeats what the notes keep: it is written for
// the court, and what was said to reach an agreement is not for it.
func (c *course) repeats(ck *checker, s *crdt.State, value map[string]crdt.Value) {
	if ck.set == nil {
		return
	}
	kept := c.keptTexts(ck.set.Notes)
	known := map[string]bool{} // what the case itself says may be said again
	public := []string{s.Text(root(fieldFacts)), str(s.Register(root("claims")).Shown), str(s.Register(root("title")).Shown)}
	for _, e := range c.facts.released {
		public = append(public, str(e.value[keyText]))
	}
	if u := c.undisputedView(s); u != nil {
		public = append(public, u.Facts...)
	}
	for _, text := range public {
		for _, run := range runs(text) {
			known[run] = true
		}
	}
	found := map[string]bool{}
	for _, text := range kept {
		for _, run := range runs(text) {
			found[run] = !known[run]
		}
	}
	for _, key := range []string{keyCourse, keyWhy, keyFocus, keyConduct, keyHints, keySham} {
		for _, run := range runs(str(value[key])) {
			if found[run] {
				ck.warn(key, "repeats_notes", "value", run)
				break
			}
		}
	}
}

// keptTexts are all words that the notes keep of a case.
func (c *course) keptTexts(notes []*crdt.State) []string {
	var out []string
	n := &CaseNotes{}
	for _, s := range notes {
		n.add(s)
	}
	out = append(out, n.Minutes, n.Proposals)
	for _, session := range n.Sessions {
		out = append(out, session.Minutes, session.Result, session.Present)
	}
	var words func(v crdt.Value)
	words = func(v crdt.Value) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []crdt.Value:
			for _, item := range v {
				words(item)
			}
		case map[string]crdt.Value:
			for _, key := range sortedKeys(v) {
				words(v[key])
			}
		}
	}
	for _, e := range c.log.events {
		if e.notes {
			words(e.value)
		}
	}
	return out
}

// runs are the runs of maxRepeat characters of a text, spaces left out.
func runs(text string) []string {
	var r []rune
	for _, c := range text {
		if !strings.ContainsRune(" \t\r\n\u3000", c) {
			r = append(r, c)
		}
	}
	var out []string
	for i := 0; i+maxRepeat <= len(r); i++ {
		out = append(out, string(r[i:i+maxRepeat]))
	}
	return out
}
