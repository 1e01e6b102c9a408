package casework_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// op is an operation as far as merging goes, with its projection.
type op struct {
	meta    crdt.Meta
	changes []crdt.Change
	body    crdt.Body // as it was decoded where it first arrived
	digest  crdt.Body // its projection, likewise
}

// record is one case at one desk, through the real merge.
type record struct {
	t     testing.TB
	desk  string
	ops   []op // in order of arrival here
	state *crdt.State
	// setting is what steps look up; tests change it.
	setting casework.Setting
	// notes are the records of notes that this desk holds, by the laptop that
	// began each; written by those of one unit.
	notes []*noteRecord
}

// noteRecord is one record of notes at one desk.
type noteRecord struct {
	unit  string
	first crdt.ID
	ops   []op
	state *crdt.State
}

func unitOf(desk string) string {
	unit, _, _ := strings.Cut(desk, "/")
	return unit
}

// held are the notes that the desk can read, in the order of their names.
func (r *record) held() []*crdt.State {
	slices.SortFunc(r.notes, func(a, b *noteRecord) int { return slices.Compare(a.first[:], b.first[:]) })
	var out []*crdt.State
	for _, n := range r.notes {
		out = append(out, n.state)
	}
	return out
}

// own is the record of notes in which the desk writes; nil: not begun.
func (r *record) own() *noteRecord {
	r.held()
	for _, n := range r.notes {
		if n.unit == unitOf(r.desk) {
			return n
		}
	}
	return nil
}

// set is what a step looks up at this desk.
func (r *record) sets() casework.Setting {
	out := r.setting
	out.Notes = r.held()
	if n := r.own(); n != nil {
		out.Own = n.state
	}
	return out
}

// saveNotes writes an operation of the desk's notes and answers its name.
func (r *record) saveNotes(changes []crdt.Change) crdt.ID {
	r.t.Helper()
	n := r.own()
	if n == nil {
		n = &noteRecord{unit: unitOf(r.desk), state: crdt.New(casework.NotesSchema())}
		r.notes = append(r.notes, n)
	}
	heads := n.state.Heads()
	id := sha256.Sum256(fmt.Append(nil, "notes", r.desk, len(n.ops), heads, changes))
	if len(n.ops) == 0 {
		n.first = id
	}
	o := op{meta: crdt.Meta{ID: id, Name: id, Heads: heads, Stamp: uint64(len(r.ops)+len(n.ops)) << 16, Seat: hash(r.desk), Unit: unitAt(r.desk)}, body: coded(r.t, changes)}
	if err := n.state.Apply(o.meta, o.body); err != nil {
		r.t.Fatalf("notes not applied: %v", err)
	}
	n.ops = append(n.ops, o)
	return id
}

// saveMade writes what a step made.
func (r *record) saveMade(m casework.Made) {
	r.t.Helper()
	err := m.Save(func(c []crdt.Change) (crdt.ID, error) { return r.save(c), nil }, func(c []crdt.Change) (crdt.ID, error) { return r.saveNotes(c), nil })
	if err != nil {
		r.t.Fatal(err)
	}
}

// takeNotes brings the notes of another desk: each unit writes in its own
// record, and in these tests all read all, so that equal holdings can be
// compared. Who really reads whose is the station's to test; bare is the case
// without any.
func (r *record) takeNotes(from *record) {
	r.t.Helper()
	for _, n := range from.notes {
		var mine *noteRecord
		for _, m := range r.notes {
			if m.first == n.first {
				mine = m
			}
		}
		if mine == nil {
			mine = &noteRecord{unit: n.unit, first: n.first, state: crdt.New(casework.NotesSchema())}
			r.notes = append(r.notes, mine)
		}
		for _, o := range n.ops {
			if !mine.state.Has(o.meta.ID) {
				if err := mine.state.Apply(o.meta, o.body); err != nil {
					r.t.Fatal(err)
				}
				mine.ops = append(mine.ops, o)
			}
		}
	}
}

// unitAt is the unit of a desk; what follows a slash tells its laptops apart.
func unitAt(desk string) crdt.ID {
	unit, _, _ := strings.Cut(desk, "/")
	return sha256.Sum256([]byte(unit))
}

// bodyKinds are the desks of the tests with the kinds of their bodies.
var bodyKinds = map[string]string{"village": "tw", "township": "zt", "court": "fy", "tribunal": "ft", "union": "gh", "police": "pcs", "other": "tw"}

// county is a setting in which the village owns the case and the township is
// its station. An agreement may be confirmed for thirty days, a letter answered
// for three, without holidays.
func county() casework.Setting {
	return casework.Setting{
		Unit: func(text string) (casework.Body, bool) {
			for desk, kind := range bodyKinds {
				if id := unitAt(desk); text == desk || text == hex.EncodeToString(id[:]) {
					return casework.Body{ID: id, Code: desk, Name: desk, Kind: kind}, true
				}
			}
			return casework.Body{}, false
		},
		Reads:    func(id crdt.ID) bool { return id == unitAt("village") || id == unitAt("township") },
		Rostered: func(id crdt.ID, day string) bool { return id != unitAt("police") && day != "" },
		Last: func(clock, began string) string {
			days := map[string]int{casework.ClockConfirmation: 30, casework.ClockReferralAnswer: 3}[clock]
			t, err := time.Parse(time.DateOnly, began)
			if err != nil {
				return ""
			}
			return t.AddDate(0, 0, days).Format(time.DateOnly)
		},
	}
}

func newRecord(t testing.TB, d casework.Document) *record {
	r := &record{t: t, desk: "village", state: crdt.New(casework.CaseSchema()), setting: county()}
	r.save(casework.NewChanges(d))
	return r
}

func (r *record) apply(o op) {
	r.t.Helper()
	if o.body.Changes == nil {
		o.body = coded(r.t, o.changes)
		o.digest = coded(r.t, projected(r.t, o.changes))
	}
	if err := r.state.Apply(o.meta, o.body); err != nil {
		r.t.Fatalf("not applied: %v", err)
	}
	r.ops = append(r.ops, o)
}

// projected are changes as a digest has them.
func projected(t testing.TB, changes []crdt.Change) []crdt.Change {
	t.Helper()
	out, known := casework.Project(casework.ProjectionSchema, changes)
	if !known {
		t.Fatal("the program does not know its own projection")
	}
	return out
}

// coded is a body as it comes over the wire.
func coded(t testing.TB, changes []crdt.Change) crdt.Body {
	t.Helper()
	raw, err := crdt.EncodeBody(crdt.Body{Changes: changes})
	if err != nil {
		t.Fatalf("no encoding: %v", err)
	}
	body, err := crdt.DecodeBody(raw)
	if err != nil {
		t.Fatalf("not decoded: %v", err)
	}
	return body
}

func (r *record) save(changes []crdt.Change) crdt.ID {
	r.t.Helper()
	if len(changes) == 0 {
		return crdt.ID{}
	}
	heads := r.state.Heads()
	id := sha256.Sum256(fmt.Append(nil, r.desk, len(r.ops), heads, changes))
	r.apply(op{meta: crdt.Meta{ID: id, Name: id, Heads: heads, Stamp: uint64(len(r.ops)) << 16, Seat: hash(r.desk), Unit: unitAt(r.desk)}, changes: changes})
	return id
}

// at makes another desk's copy of the record.
func (r *record) at(desk string) *record {
	r.t.Helper()
	out := &record{t: r.t, desk: desk, state: crdt.New(casework.CaseSchema()), setting: r.setting}
	out.take(r)
	return out
}

// take brings the operations of another desk.
func (r *record) take(from *record) {
	r.t.Helper()
	for _, o := range from.ops {
		if !r.state.Has(o.meta.ID) {
			r.apply(o)
		}
	}
	r.takeNotes(from)
}

// meet brings both to the same operations.
func meet(a, b *record) {
	a.t.Helper()
	a.take(b)
	b.take(a)
}

// digest is the digest record of what is held here: operations that show
// nothing there are not in it, as the station leaves them out.
func (r *record) digest() *crdt.State {
	r.t.Helper()
	s := crdt.New(casework.DigestSchema())
	shown := map[crdt.ID][]crdt.ID{} // operation → what stands for it in the digest
	for _, o := range r.ops {
		var heads []crdt.ID
		for _, h := range o.meta.Heads {
			heads = append(heads, shown[h]...)
		}
		slices.SortFunc(heads, func(a, b crdt.ID) int { return slices.Compare(a[:], b[:]) })
		heads = slices.Compact(heads)
		if !casework.Touches(o.digest.Changes) {
			shown[o.meta.ID] = heads
			continue
		}
		meta := o.meta
		meta.ID, meta.Heads = digestID(o.meta.ID), heads
		shown[o.meta.ID] = []crdt.ID{meta.ID}
		if err := s.Apply(meta, o.digest); err != nil {
			r.t.Fatal(err)
		}
	}
	return s
}

func digestID(id crdt.ID) crdt.ID { return sha256.Sum256(append([]byte("digest"), id[:]...)) }

func (r *record) view() casework.CaseView {
	return casework.View(r.state, casework.Header{Unit: "990125101203-tw"}, r.held()...)
}

// takenSteps are the steps of the case and of the notes.
func takenSteps(v casework.CaseView) []casework.Step {
	if v.Notes == nil {
		return v.Steps
	}
	return append(slices.Clone(v.Steps), v.Notes.Steps...)
}

// bare is the case as who holds no notes sees it.
func (r *record) bare() casework.CaseView {
	return casework.View(r.state, casework.Header{Unit: "990125101203-tw"})
}

var mediator = casework.Actor{Relation: casework.Owner, Roles: []string{casework.RoleMediator}}

func (r *record) act(step, fields string) {
	r.t.Helper()
	if err := r.try(mediator, step, fields); err != nil {
		r.t.Fatalf("%s %s: %v", step, fields, err)
	}
}

func (r *record) try(a casework.Actor, step, fields string) error {
	r.t.Helper()
	if a.Unit == (crdt.ID{}) {
		a.Unit = unitAt(r.desk)
	}
	made, err := casework.Act(r.state, a, step, []byte(fields), r.sets())
	if err == nil {
		r.saveMade(made)
	}
	return err
}

func (r *record) set(patch string) {
	r.t.Helper()
	if err := r.trySet(patch); err != nil {
		r.t.Fatalf("set %s: %v", patch, err)
	}
}

func (r *record) trySet(patch string) error {
	r.t.Helper()
	fields, err := casework.ParsePatch([]byte(patch))
	if err != nil {
		return err
	}
	changes, _, err := casework.Edit(r.state, fields)
	if err == nil {
		r.save(changes)
	}
	return err
}

func (r *record) settle(field string, value any) {
	r.t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		r.t.Fatal(err)
	}
	made, err := casework.Settle(r.state, field, raw, mediator, r.sets())
	if err != nil {
		r.t.Fatalf("settle %s %s: %v", field, raw, err)
	}
	r.saveMade(made)
}

func (r *record) states() string {
	s := casework.Tracks(r.state, r.held()...)
	return s.Mediation + "/" + s.Performance
}

func (r *record) wantStates(want string) {
	r.t.Helper()
	if got := r.states(); got != want {
		r.t.Fatalf("%s: got %s, want %s", r.desk, got, want)
	}
}

// wantRule checks that an error is a refusal by the rule, with its sentences.
func wantRule(t testing.TB, err error, rule string) {
	t.Helper()
	var refusal *casework.Refusal
	if !errors.As(err, &refusal) || refusal.Rule != rule {
		t.Fatalf("got %v, want rule %s", err, rule)
	}
	for _, lang := range []string{"zh", "en"} {
		if refusal.Why(langOf(lang)) == "" || refusal.Unblock(langOf(lang)) == "" {
			t.Fatalf("rule %s has no sentence in %s", rule, lang)
		}
	}
}

func wantField(t testing.TB, err error, path, code string) {
	t.Helper()
	var problem *casework.FieldError
	if !errors.As(err, &problem) || problem.Path != path || problem.Code != code {
		t.Fatalf("got %v, want %s %s", err, path, code)
	}
}

func goodDocument(t testing.TB) casework.Document {
	t.Helper()
	d, _, err := casework.ParseDocument([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func hash(s string) [32]byte { return sha256.Sum256([]byte(s)) }

func newState() *crdt.State { return crdt.New(casework.CaseSchema()) }

func mustApply(t testing.TB, s *crdt.State, o op) {
	t.Helper()
	if err := s.Apply(o.meta, crdt.Body{Changes: o.changes}); err != nil {
		t.Fatal(err)
	}
}
