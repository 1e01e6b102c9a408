package casework

import (
	"encoding/hex"
	"time"

	"hejie/sync/crdt"
)

// Header is what a view takes from outside the record's state.
type Header struct {
	ID    crdt.ID // the case's id (in a digest: of the case that it projects)
	Unit  string  // code of the unit that owns the case
	Names Names
}

// CaseView is the document of `case get`: the fields in a fixed order, then
// what was made of them. Two nodes with equal operations encode it alike.
type CaseView struct {
	ID         string     `json:"id"`
	Unit       string     `json:"unit"`
	State      State      `json:"state"`
	Heads      []string   `json:"heads"`
	ReceivedOn string     `json:"received_on"` // Beijing day
	UpdatedAt  string     `json:"updated_at"`  // hint: the latest clock of its authors
	Document              // as in case.schema.json; parties with their ids
	Outcome    string     `json:"outcome,omitempty"` // agreed, refused_intake, or a reason of termination
	Mediators  []string   `json:"mediators,omitempty"`
	Agreement  *Agreement `json:"agreement,omitempty"`
	// ByParty: a party chose to refuse, stop or withdraw, as is its right; such
	// an outcome is nobody's failure (人民调解法 art. 23).
	ByParty   bool     `json:"by_party,omitempty"`
	Number    string   `json:"number,omitempty"` // the file's number, as its desk's series gave it
	Referrals []Letter `json:"referrals,omitempty"`
	// Undisputed are the facts that all parties confirmed together.
	Undisputed   *Undisputed   `json:"undisputed,omitempty"`
	Confirmation *Confirmation `json:"judicial_confirmation,omitempty"`
	Suit         *Suit         `json:"suit,omitempty"`
	Care         *Care         `json:"care,omitempty"`
	Steps        []Step        `json:"steps"`
	Conflicts    []Conflict    `json:"conflicts"`
	// Also lists ordinary fields that were written otherwise at the same time;
	// the shown value counts, a person may wish to look.
	Also []Conflict `json:"also"`
	// Unknown lists what a newer program wrote; it is kept and read-only.
	Unknown []Unknown `json:"unknown"`
	// Notes is what comes from the notes of the bodies that mediate, where they
	// are held; state, conflicts, clocks and what is due count them too.
	Notes *CaseNotes `json:"notes,omitempty"`
}

// Agreement is what the parties agreed and what became of it.
type Agreement struct {
	ID       string   `json:"id"`
	Form     string   `json:"form"`
	At       string   `json:"at"`
	Terms    []Term   `json:"terms"`
	Signed   []string `json:"signed"`   // ids of parties that signed
	Unsigned []string `json:"unsigned"` // ids of parties that did not
	// Contested: it was entered, and another desk did what can't stand beside it.
	Contested bool `json:"contested,omitempty"`
	// CompleteOn is the day since which a draft lacks nothing; it is to be entered.
	CompleteOn  string `json:"complete_on,omitempty"`
	MediatorOn  string `json:"mediator_signed_on,omitempty"`
	SealedOn    string `json:"sealed_on,omitempty"`
	EffectiveOn string `json:"effective_on,omitempty"` // computed, never typed
	Facts       string `json:"facts,omitempty"`
	// Clauses are what was agreed besides: what obliges nobody by a day (a way that
	// stays open, what the agreement does not decide, who bears what from now on).
	Clauses []string `json:"clauses,omitempty"`
	// Acceleration: one default makes everything due; HastenedOn since when.
	Acceleration bool   `json:"acceleration,omitempty"`
	InterestBP   int64  `json:"interest_bp,omitempty"` // hundredths of a percent a year
	HastenedOn   string `json:"hastened_on,omitempty"`
}

// Term is one obligation.
type Term struct {
	N           int64  `json:"n"` // from 1
	Who         string `json:"who"`
	What        string `json:"what"`
	AmountFen   *int64 `json:"amount_fen,omitempty"`
	Due         string `json:"due"`
	Kind        string `json:"kind,omitempty"` // pay or act
	To          string `json:"to,omitempty"`
	How         string `json:"how,omitempty"`
	PaidFen     *int64 `json:"paid_fen,omitempty"` // so far, where it is paid in parts
	DefaultOn   string `json:"default_on,omitempty"`
	PerformedOn string `json:"performed_on,omitempty"`
	Proof       string `json:"proof,omitempty"`
}

// Step is one event of the course of a case.
type Step struct {
	ID       string   `json:"id"`
	Step     string   `json:"step"`
	On       string   `json:"on,omitempty"` // Beijing day
	Fields   any      `json:"fields"`       // of the step, as they were given
	Seat     string   `json:"seat"`
	Unit     string   `json:"unit"`
	At       string   `json:"at"` // when it was recorded, a hint
	Standing Standing `json:"standing"`
	// RecordedFor is whose act it is, where who recorded it is somebody else.
	RecordedFor string `json:"recorded_for,omitempty"`
	// Place is where the step stands in the course, the steps of the notes among
	// those of the case: each after all that its author had seen.
	Place int `json:"-"`
}

// Unknown is a change that this program does not know.
type Unknown struct {
	ID string `json:"id"`
	// Path is as `case set` takes it, of an entry or event with its own id; empty
	// where it can't be read, and then everything is read-only.
	Path string `json:"path"`
	Why  string `json:"why"` // a reason of unknownWhy
	Raw  string `json:"raw"` // hexadecimal
	// Value is what it would have written, where its form is known.
	Value any    `json:"value,omitempty"`
	Seat  string `json:"seat"`
	Unit  string `json:"unit"`
	At    string `json:"at"` // the author's clock, a hint
}

// unknownWhy are the reasons of Unknown.
var unknownWhy = map[crdt.Reason]string{
	crdt.UnknownChange: "change", crdt.UnknownField: "field", crdt.Misused: "kind", crdt.Dangling: "waits",
	crdt.UnknownBodyKey: "key", crdt.Unfit: "value", crdt.NewerOperation: "newer", crdt.BrokenBody: "broken",
}

// View makes the document of a case record; notes are those of the case that
// are held.
func View(s *crdt.State, h Header, notes ...*crdt.State) CaseView {
	c := resolve(readLog(s, notes...))
	d := document(s)
	v := CaseView{
		ID: hex.EncodeToString(h.ID[:]), Unit: h.Unit, State: c.state, Heads: heads(s),
		ReceivedOn: BeijingDay(d.ReceivedAt), UpdatedAt: updatedAt(s), Document: d,
		Outcome: c.facts.outcome(), ByParty: c.facts.byParty(), Mediators: c.mediators(), Agreement: c.agreementView(), Undisputed: c.undisputedView(s),
		Number: c.facts.number(), Referrals: c.facts.letters(h.Names), Confirmation: c.facts.confirmationView(h.Names), Suit: c.facts.suit(h.Names), Care: c.facts.care(),
		Steps: c.steps(h.Names), Conflicts: conflicts(s, c, h.Names), Also: also(s, h.Names), Unknown: unknown(s, h.Names),
		Notes: c.notesView(notes, h.Names),
	}
	if v.Parties == nil {
		v.Parties = []Party{}
	}
	return v
}

// Encode writes a view as one JSON document without a line's end.
func Encode(view any) []byte { return encodeJSON(view) }

// Tracks tells where a case or a digest stands; notes are those of the case that
// are held.
func Tracks(s *crdt.State, notes ...*crdt.State) State { return resolve(readLog(s, notes...)).state }

func heads(s *crdt.State) []string {
	out := []string{}
	for _, id := range s.Heads() {
		out = append(out, hex.EncodeToString(id[:]))
	}
	return out
}

// stampTime is a hybrid clock's time.
func stampTime(stamp uint64) string {
	const counterBits = 16
	return time.UnixMilli(int64(stamp >> counterBits)).UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

func updatedAt(s *crdt.State) string {
	var last uint64
	for _, op := range s.Ops() {
		if op.Unit != (crdt.ID{}) { // what is late changes nothing
			last = max(last, op.Stamp)
		}
	}
	return stampTime(last)
}

func (f *facts) outcome() string {
	switch {
	case len(f.ends) > 0:
		return f.l.events[f.ends[0]].endingReason()
	case f.effectiveOn != "":
		return "agreed"
	case len(f.refused) > 0:
		return StateRefusedIntake
	case len(f.redirected) > 0:
		return StateRedirected
	}
	return ""
}

// byParty reports whether a party ended it: its right, and no failure of the mediator's.
func (f *facts) byParty() bool {
	for _, i := range f.ends {
		if s := f.l.events[i].step; s == StepStop || s == StepWithdraw {
			return true
		}
	}
	return false
}

// agreementView is the agreement that was entered; nil: none was. One that is
// contested is shown so: it stays given to who has it.
func (c *course) agreementView() *Agreement {
	if c.facts.entered != nil {
		return c.facts.view()
	}
	for _, i := range c.open {
		if e := c.log.events[i]; e.step == StepInForce {
			f := facts{l: c.log, signing: signing{signed: map[crdt.Ref]string{}}, agreement: e, entered: e, entries: []int{i}, agreementAt: i}
			f.readAgreement(newBitset(0))
			a := f.view()
			a.Contested = true
			return a
		}
	}
	return nil
}

func (f *facts) view() *Agreement {
	if f.agreement == nil {
		return nil
	}
	e := f.agreement
	a := &Agreement{
		ID: EntryID(e.ref), Form: e.form(), At: str(e.value[keyAt]), Terms: []Term{}, Signed: []string{}, Unsigned: []string{},
		MediatorOn: f.mediatorOn, SealedOn: f.sealOn, EffectiveOn: f.effectiveOn, CompleteOn: f.completeOn, Facts: str(e.value[keyFacts]),
		Acceleration: e.value[keyAcceleration] == true,
	}
	a.InterestBP, _ = e.value[keyInterest].(int64)
	clauses, _ := e.value[keyClauses].([]crdt.Value)
	for _, row := range clauses {
		m, _ := row.(map[string]crdt.Value)
		a.Clauses = append(a.Clauses, str(m["clause"]))
	}
	if f.hastened != nil {
		a.HastenedOn = f.hastened.day
	}
	list, _ := e.value[keyTerms].([]crdt.Value)
	for i := range e.termCount() {
		t := Term{N: i + 1}
		if i < int64(len(list)) {
			m, _ := list[i].(map[string]crdt.Value)
			t.Who, t.What, t.Due = str(m["who"]), str(m["what"]), str(m["due"])
			t.Kind, t.To, t.How = str(m["kind"]), str(m["to"]), str(m["how"])
			if fen, ok := m["amount_fen"].(int64); ok {
				t.AmountFen = &fen
			}
		}
		if p := f.performed[t.N]; p != nil {
			t.PerformedOn, t.Proof = p.day, str(p.value[keyProof])
		}
		if d := f.defaults[t.N]; d != nil {
			t.DefaultOn = d.day
		}
		t.PaidFen = f.paidFen(t.N)
		a.Terms = append(a.Terms, t)
	}
	for _, p := range e.refs(keyParties) {
		if f.signed[p] != "" {
			a.Signed = append(a.Signed, EntryID(p))
		} else {
			a.Unsigned = append(a.Unsigned, EntryID(p))
		}
	}
	return a
}

// steps are the events of the case itself.
func (c *course) steps(names Names) []Step {
	return c.stepsWhere(names, func(e *event) bool { return !e.notes })
}

func (c *course) stepsWhere(names Names, shown func(*event) bool) []Step {
	out := []Step{}
	for i, e := range c.log.events {
		if e.value == nil || !shown(e) {
			continue // a step that this program can't read stands under unknown
		}
		out = append(out, Step{
			ID: EntryID(e.ref), Step: e.step, On: e.day, Fields: eventFields(e), Seat: names.seat(e.op.Seat),
			Unit: names.unit(e.op.Unit), At: stampTime(e.op.Stamp), Standing: c.standing[i], RecordedFor: str(e.value[keyRecordedFor]), Place: i,
		})
	}
	return out
}

// eventFields are an event's fields for reading: references as ids.
func eventFields(e *event) any {
	out := map[string]any{}
	for key, v := range e.value {
		if !contains(marksOfEvents, key) {
			out[key] = readable(v)
		}
	}
	return out
}

// marksOfEvents are for programs; nobody reads them.
var marksOfEvents = []string{keyStep, keyWording, keyRests, keySeen}

// stepContent is an event as a statement to choose from.
func stepContent(e *event) any {
	out := map[string]any{"id": EntryID(e.ref), keyStep: e.step}
	for key, v := range e.value {
		if key != keyParties && !contains(marksOfEvents, key) {
			out[key] = readable(v)
		}
	}
	return out
}

func readable(v crdt.Value) any {
	if r, ok := refOf(v); ok {
		return EntryID(r)
	}
	switch v := v.(type) {
	case []byte:
		return hex.EncodeToString(v)
	case []crdt.Value:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = readable(item)
		}
		return out
	case map[string]crdt.Value:
		out := map[string]any{}
		for key, item := range v {
			out[key] = readable(item)
		}
		return out
	}
	return v
}

// also lists the ordinary registers with more than one live value.
func also(s *crdt.State, names Names) []Conflict {
	out := []Conflict{}
	look := func(path crdt.Path, name string) {
		if v := s.Register(path); v.Also {
			out = append(out, Conflict{Field: name, Values: claimants(v, names)})
		}
	}
	for _, r := range caseRules {
		if r.form != formParties && r.form != formCodes && r.form != formStory {
			look(root(r.name), r.name)
		}
	}
	for _, p := range parties(s) {
		for _, r := range partyRules {
			if r.form != formCodes {
				look(inEntry(fieldParties, p.ref, r.name), fieldParties+"."+p.ID+"."+r.name)
			}
		}
	}
	return out
}

func unknown(s *crdt.State, names Names) []Unknown {
	out := []Unknown{}
	for _, u := range s.Unknown() {
		x := Unknown{
			ID: EntryID(u.Ref), Path: pathText(u.Path), Why: unknownWhy[u.Reason], Raw: hex.EncodeToString(u.Raw),
			Seat: names.seat(u.Op.Seat), Unit: names.unit(u.Op.Unit), At: stampTime(u.Op.Stamp),
		}
		if u.Ref.Index == crdt.BodyKey {
			x.ID = hexID(u.Op.ID)
		}
		if u.Value != nil {
			x.Value = readable(u.Value)
		}
		if len(u.Path) > 0 && u.Path[0].Field == fieldMarks {
			x.Raw, x.Value = "", nil // what stands in marks is shown to nobody, a liar's words neither
		}
		out = append(out, x)
	}
	return out
}

// pathText writes a path as `case set` takes it.
func pathText(p crdt.Path) string {
	out := ""
	for _, seg := range p {
		name := seg.Field
		if name == "" {
			name = EntryID(seg.Entry)
		}
		out = join(out, name)
	}
	return out
}

func hexID(id crdt.ID) string { return hex.EncodeToString(id[:]) }
