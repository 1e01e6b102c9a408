package casework

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// Names turns what operations name into what people read. Nil functions give
// hexadecimal digits. Both must be functions of the logs held, so that equal
// nodes answer alike.
type Names struct {
	Seat func([32]byte) string
	Unit func(crdt.ID) string
}

func (n Names) seat(id [32]byte) string {
	if n.Seat == nil {
		return hex.EncodeToString(id[:])
	}
	return n.Seat(id)
}

func (n Names) unit(id crdt.ID) string {
	if n.Unit == nil {
		return hex.EncodeToString(id[:])
	}
	return n.Unit(id)
}

// Conflict is a field that waits for a person, with what was said of it.
type Conflict struct {
	Field  string     `json:"field"`
	Values []Claimant `json:"values"`
	// Decider says who decides, and Because is the key of the reason, where the
	// course of a case waits.
	Decider Decider `json:"decider,omitempty"`
	Because string  `json:"because,omitempty"`
}

// Claimant is one of several statements on a field. Value is what `case settle
// --value` takes back: the value itself, for the course of a case the event
// (its id alone is taken too).
type Claimant struct {
	Value any    `json:"value"`
	Seat  string `json:"seat"`
	Unit  string `json:"unit"`
	At    string `json:"at"` // the writing node's clock, a hint (RFC 3339, UTC)
}

// fieldOfTrack is how the contested course of a track is called.
func fieldOfTrack(track string) string { return fieldLifecycle + "." + track }

// conflicts lists what waits for a person's decision in a case or a digest, in
// the order of fields; the same on equal nodes.
func conflicts(s *crdt.State, c *course, names Names) []Conflict {
	out := []Conflict{}
	for _, field := range contestable {
		if v := s.Register(root(field)); v.Contested {
			out = append(out, Conflict{Field: field, Values: claimants(v, names)})
		}
	}
	return append(out, c.contested(names)...)
}

// contested lists the disputes about the course, one a track: where a track has
// several they are asked together, and a choice settles what it contradicts.
func (c *course) contested(names Names) []Conflict {
	var out []Conflict
	for _, track := range tracks {
		cf := Conflict{Field: fieldOfTrack(track)}
		for _, d := range c.disputes {
			if d.track != track {
				continue
			}
			cf.Decider, cf.Because = d.decider, c.because(d)
			for _, i := range d.choices {
				e := c.log.events[i]
				cf.Values = append(cf.Values, Claimant{
					Value: stepContent(e), Seat: names.seat(e.op.Seat), Unit: names.unit(e.op.Unit), At: stampTime(e.op.Stamp),
				})
			}
		}
		if len(cf.Values) > 0 {
			sortClaimants(cf.Values)
			out = append(out, cf)
		}
	}
	return out
}

// because is the reason of a dispute's weightiest pair.
func (c *course) because(d dispute) string {
	for n, i := range d.open {
		for _, j := range d.open[:n] {
			a, b := c.log.events[i].step, c.log.events[j].step
			if c.log.contradict(i, j) && pairTrack(a, b) == d.track {
				return PairReason(a, b)
			}
		}
	}
	return ""
}

// contestable are the legal registers of cases and digests, in their order.
var contestable = []string{"received_at", fieldMonth, "claims", "amount_fen", fieldBand}

func claimants(v crdt.RegisterView, names Names) []Claimant {
	var out []Claimant
	for _, live := range v.Values {
		out = append(out, Claimant{
			Value: live.Value, Seat: names.seat(live.Op.Seat), Unit: names.unit(live.Op.Unit), At: stampTime(live.Op.Stamp),
		})
	}
	sortClaimants(out)
	return out
}

// sortClaimants orders statements by their content alone.
func sortClaimants(list []Claimant) {
	type keyed struct {
		key string // encoded once: a liar's field has thousands of them
		c   Claimant
	}
	all := make([]keyed, len(list))
	for i, c := range list {
		all[i] = keyed{string(encodeJSON(c)), c}
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	for i := range all {
		list[i] = all[i].c
	}
}

// Settle makes the changes by which the actor decides a contested field: for a
// legal register any valid value (null: none), for lifecycle.<track> one of
// the events listed, by its id or as listed. It names all that it settles; what
// lies in the notes is settled there. Of set only Notes and Own count.
func Settle(s *crdt.State, field string, value json.RawMessage, a Actor, set Setting) (Made, error) {
	track, ofCourse := strings.CutPrefix(field, fieldLifecycle+".")
	may := MaySettle
	if ofCourse {
		may = mightDecide
	}
	if r := may(a); r != nil {
		return Made{}, r
	}
	n, ferr := parseJSON(value)
	if ferr != nil {
		ferr.Path = field
		return Made{}, Problems{ferr}
	}
	if ofCourse && slices.Contains(tracks, track) {
		return settleCourse(s, field, track, value, n, a, set)
	}
	rule := findRule(caseRules, field)
	if rule == nil || !legalFields[field] {
		path, ok := findRegister(s, field)
		if !ok {
			return Made{}, fieldProblem(field, CodePath)
		}
		if !s.Register(path).Also {
			return Made{}, fieldProblem(field, codeNotContested)
		}
		return edited(newEditor(s, true, false).edit(map[string]*node{field: n}))
	}
	if !s.Register(root(field)).Contested {
		return Made{}, fieldProblem(field, codeNotContested)
	}
	return edited(newEditor(s, true, false).edit(map[string]*node{field: n}))
}

// edited is what an edit makes: changes of the case alone.
func edited(changes []crdt.Change, warnings []Warning, err error) (Made, error) {
	return Made{Changes: changes, Warnings: warnings}, err
}

const (
	codeNotContested = "not_contested"
	codeChoice       = "choice"
	codeRequired     = "required_by_case"
)

func fieldProblem(field, code string, params ...string) error {
	return Problems{{Path: field, Code: code, Params: pairs(params)}}
}

func settleCourse(s *crdt.State, field, track string, value json.RawMessage, n *node, a Actor, set Setting) (Made, error) {
	c := resolve(readLog(s, set.Notes...))
	choices := map[crdt.Ref]*dispute{}
	var refs []crdt.Ref
	var known []string
	for d := range c.disputes {
		for _, i := range c.disputes[d].choices {
			if c.disputes[d].track == track {
				ref := c.log.events[i].ref
				choices[ref] = &c.disputes[d]
				refs, known = append(refs, ref), append(known, EntryID(ref))
			}
		}
	}
	if len(refs) == 0 {
		return Made{}, fieldProblem(field, codeNotContested)
	}
	if c.log.frozen {
		return Made{}, &Refusal{Step: stepSettle, Rule: "read_only"}
	}
	id := n.text
	if n.kind == nodeObject && n.get("id") != nil {
		id = n.get("id").text
	}
	choice, ok := findRef(id, refs)
	if !ok {
		if id == "" { // neither an id nor a statement: what was given, as it was given
			id = string(bytes.TrimSpace(value))
		}
		return Made{}, fieldProblem(field, codeChoice, "value", shorten(id), "known", strings.Join(known, ", "))
	}
	d := choices[choice]
	if r := c.mayDecide(d.decider, a); r != nil {
		return Made{}, r
	}
	return c.settling(d, track, choice, set.Own), nil
}

// settling makes the decision of a dispute: in the case, and in the notes what
// lies there. Where the choice lies in the notes all of it does: the case hears
// of it when the agreement is entered.
func (c *course) settling(d *dispute, track string, choice crdt.Ref, own *crdt.State) Made {
	chosen := c.log.events[c.log.index[choice]]
	var inCase, inNotes []crdt.Ref
	mixed := false
	for _, i := range c.contradicting(d.open) {
		e := c.log.events[i]
		mixed = mixed || e.notes
		if chosen.notes || e.notes {
			inNotes = append(inNotes, e.ref)
		} else {
			inCase = append(inCase, e.ref)
		}
	}
	value := func(settles []crdt.Ref) map[string]crdt.Value {
		return map[string]crdt.Value{keyStep: stepSettle, keyTrack: track, keyChoice: refValue(choice), keySettles: refList(settles)}
	}
	var out Made
	if !chosen.notes && (!mixed || len(inCase) > 1) {
		out.Changes = []crdt.Change{eventChange(c.log, value(inCase))}
	}
	if mixed {
		out.Notes = []crdt.Change{c.log.noteChange(own, value(inNotes))}
	}
	return out
}

// contradicting are all events that are linked to some by contradictions,
// earlier decisions included, so that the last decision names everything that
// it settles.
func (c *course) contradicting(some []int) []int {
	l := c.log
	reached := newBitset(len(l.events))
	queue := slices.Clone(some)
	for _, i := range queue {
		reached.set(i)
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for j := range l.events {
			if e := l.events[j]; !reached.has(j) && !e.broken && !e.unknown && l.contradict(i, j) {
				reached.set(j)
				queue = append(queue, j)
			}
		}
	}
	var out []int
	for i := range l.events {
		if reached.has(i) {
			out = append(out, i)
		}
	}
	return out
}
