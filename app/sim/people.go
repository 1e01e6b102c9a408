package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/app/station"
	"hejie/store"
	"hejie/sync/crdt"
)

// desk is a person at work: who, where, in which life of the program.
type desk struct {
	*run
	m    *machine
	ss   *station.Session
	life int
}

// activity is something that people do.
type activity struct {
	name   string
	weight int
	do     func(*desk, *sight) error // of a case
	alone  func(*desk) error         // of none
}

func activities() []activity {
	return []activity{
		{name: "new case", weight: 8, alone: (*desk).newCase},
		{name: "import", weight: 2, alone: (*desk).importCases},
		{name: "draft", weight: 2, alone: (*desk).draft},
		{name: "look", weight: 5, alone: (*desk).read},
		{name: "ask for truth", weight: 8, alone: (*desk).askTruth},
		{name: "hand over", weight: 1, alone: (*desk).handOver},
		{name: "rebuild", weight: 1, alone: (*desk).rebuild},
		{name: "edit", weight: 18, do: (*desk).edit},
		{name: "notes", weight: 8, do: (*desk).note},
		{name: "step", weight: 26, do: (*desk).step},
		{name: "refer", weight: 4, do: (*desk).refer},
		{name: "carry on", weight: 34, do: (*desk).carryOn},
		{name: "settle", weight: 8, do: (*desk).settleOne},
	}
}

// person lets the i-th person of a machine do one thing.
func (r *run) person(m *machine, i int) {
	if !m.up() {
		r.wake(m)
		return
	}
	ss, err := m.sit(i)
	if err != nil {
		r.trouble(m, "signing in", err)
		return
	}
	d := &desk{run: r, m: m, ss: ss, life: m.lives}
	var all []activity
	for _, a := range activities() {
		if r.o.Doing != nil && !slices.Contains(r.o.Doing, a.name) {
			continue
		}
		for range a.weight {
			all = append(all, a)
		}
	}
	a := all[r.r.IntN(len(all))]
	if a.alone != nil {
		r.trouble(m, a.name, a.alone(d))
		return
	}
	x, err := d.any(a.name == "carry on")
	if err != nil || x == nil {
		r.trouble(m, a.name, err)
		return
	}
	r.trouble(m, a.name, a.do(d, x))
}

// trouble judges an error: a sentence for people is right, a machine's trouble
// is known; any other error is a defect.
func (r *run) trouble(m *machine, what string, err error) {
	var coded *api.Error
	switch {
	case err == nil:
		return
	case m.disk.Dead():
		r.died(m)
	case errors.Is(err, store.ErrFailed):
		r.note(m, "%s: the disk failed: the program is closed and opened again", what)
		m.stop()
		r.boot(m)
	case errors.As(err, &coded) || byMachine(err):
		r.note(m, "%s: %s", what, reason(err))
	case m.troubled():
		r.note(m, "%s: %s", what, reason(err))
	default:
		r.fail(ruleError, m.name, "%s: an error that no person can act on: %v", what, err)
	}
}

// sight is a case as it lies at a machine.
type sight struct {
	id    string
	owner store.ID
	view  casework.CaseView
	state *crdt.State
	notes []*crdt.State
	actor casework.Actor
}

// nearly are the states of a case on its way to an agreement, the nearest first.
var nearly = []string{casework.StateAgreed, casework.StateMediating, casework.StateAssigned, casework.StateAccepted}

// any is one of the cases that are held whole here, or the one that is nearest to
// an agreement; nil: there is none.
func (d *desk) any(nearest bool) (*sight, error) {
	list, err := d.ss.ListCases(context.Background(), api.CaseQuery{Limit: 200})
	if err != nil {
		return nil, err
	}
	if len(list.Cases) == 0 {
		return nil, nil //nolint:nilnil // nothing to work on is no error
	}
	at := d.r.IntN(len(list.Cases))
	if d.r.IntN(3) > 0 {
		at = len(list.Cases) - 1 - d.r.IntN(min(2, len(list.Cases))) // people finish what they began
	}
	if nearest && d.r.IntN(4) > 0 {
		for _, state := range nearly {
			if i := slices.IndexFunc(list.Cases, func(c api.CaseRow) bool { return c.State.Mediation == state }); i >= 0 {
				at = i
				break
			}
		}
	}
	x, err := d.look(list.Cases[at].ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil //nolint:nilnil // only its digest is here
	}
	return x, err
}

// look reads a case as the program's own rules see it, to know what may be done.
func (d *desk) look(id string) (*sight, error) {
	record, err := parseID(id)
	if err != nil {
		return nil, err
	}
	p, err := d.ss.Person(context.Background())
	if err != nil {
		return nil, err
	}
	x := &sight{id: id}
	err = d.m.replica.View(context.Background(), func(rd store.Reader) error {
		rec, s, err := d.m.replica.State(rd, record)
		if err != nil {
			return err
		}
		x.owner, x.state = rec.Owner, s
		notes, err := d.m.replica.NotesOf(rd, rec)
		if err != nil {
			return err
		}
		for _, n := range notes {
			x.notes = append(x.notes, n.State)
		}
		seat, err := parseID(p.Seat)
		if err != nil {
			return err
		}
		x.actor = casework.Actor{Relation: casework.Relation(d.m.replica.Relation(d.m.unit, rec.Owner, rec.Grants)), Roles: p.Roles, Unit: d.m.unit, Seat: seat}
		x.view = casework.View(s, casework.Header{ID: record, Unit: p.UnitCode}, x.notes...)
		return nil
	})
	return x, err
}

// token is a client's token, from the people's own choices.
func (d *desk) token() string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(d.r.IntN(256))
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}

// mark is a text that stands nowhere else, to be looked for where it must not be.
func (d *desk) mark(of string, notes bool) string {
	d.marks++
	x := &text{mark: fmt.Sprintf("密文%06d号", d.marks), at: d.m, notes: notes}
	if id, err := parseID(of); err == nil {
		x.of = id
	}
	d.md.texts[x.mark] = x
	return x.mark
}

// saved notes what a person was told is saved.
func (d *desk) saved(what string, err error) error {
	d.count(what, err)
	ids := d.seen(d.m)
	if d.m.lives != d.life {
		return nil // the program died while it answered; whoever waits got no answer
	}
	if err != nil {
		return err
	}
	if d.m.disk.Dead() {
		return nil // it died in the same moment; nobody was told
	}
	d.md.saves = append(d.md.saves, &save{what: what, at: d.m, ids: ids})
	d.world.Trace.Note(d.m.name, "%s: saved (%d frames)", what, len(ids))
	return nil
}

// document is a new case's, with a mark in every text.
func (d *desk) document() ([]byte, []string) {
	var doc map[string]any
	if err := json.Unmarshal(d.maker.Next(), &doc); err != nil {
		panic("a sample is no JSON: " + err.Error()) // it is made by this program
	}
	var marks []string
	for _, key := range []string{"title", "facts", "claims", "place"} {
		mark := d.mark("", false)
		marks = append(marks, mark)
		doc[key] = fmt.Sprint(doc[key], mark)
	}
	b, err := json.Marshal(doc)
	if err != nil {
		panic(err) // as above
	}
	return b, marks
}

// enough is how many cases a station has before its people rather finish one
// than begin another.
const enough = 4

func (d *desk) newCase() error {
	if list, err := d.ss.ListCases(context.Background(), api.CaseQuery{Limit: enough}); err != nil {
		return err
	} else if len(list.Cases) == enough {
		x, err := d.any(true)
		if err != nil || x == nil {
			return err
		}
		return d.carryOn(x)
	}
	doc, marks := d.document()
	saved, err := d.ss.NewCase(context.Background(), d.token(), doc)
	d.belongs(marks, saved.ID)
	return d.saved("new case", err)
}

// belongs tells the model in which case marks lie; in none that was saved: they
// must be nowhere.
func (d *desk) belongs(marks []string, of string) {
	id, err := parseID(of)
	if err != nil {
		return
	}
	for _, mark := range marks {
		d.md.texts[mark].of = id
	}
}

func (d *desk) importCases() error {
	var lines []string
	var marks [][]string
	for range 1 + d.r.IntN(4) {
		doc, m := d.document()
		lines, marks = append(lines, string(doc)), append(marks, m)
	}
	out, err := d.ss.Import(context.Background(), []byte(strings.Join(lines, "\n")))
	if err == nil && out.Added > 0 {
		list, listErr := d.ss.ListCases(context.Background(), api.CaseQuery{Limit: 500})
		for _, c := range list.Cases {
			for _, m := range marks {
				if strings.Contains(c.Title, m[0]) {
					d.belongs(m, c.ID)
				}
			}
		}
		err = listErr
	}
	return d.saved("import", err)
}

func (d *desk) edit(x *sight) error {
	patch := map[string]any{}
	switch d.r.IntN(8) {
	case 0:
		patch["amount_fen"] = 100 * d.r.IntN(1e5)
	case 1:
		patch["claims"] = "请求" + d.mark(x.id, false)
	case 2:
		patch["facts"] = x.view.Facts + d.mark(x.id, false) + "。"
	case 3:
		patch["title"] = "纠纷" + d.mark(x.id, false)
	case 4:
		patch["tags.+"] = []string{"veteran", "elderly", "minor"}[d.r.IntN(3)]
	case 5:
		patch["place"] = d.mark(x.id, false)
	case 6:
		patch["category"] = fmt.Sprintf("0%d", 1+d.r.IntN(5))
	default:
		if len(x.view.Parties) == 0 {
			return nil
		}
		p := x.view.Parties[d.r.IntN(len(x.view.Parties))]
		patch["parties."+p.ID+".phone"] = fmt.Sprintf("000-0000-%04d", d.r.IntN(9999))
	}
	var base []string
	if d.r.IntN(2) == 0 {
		base = x.view.Heads
	}
	raw, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = d.ss.PatchCase(context.Background(), d.token(), x.id, api.Patch{Base: base, Fields: api.Object(raw)})
	return d.saved("edit", err)
}

func (d *desk) note(x *sight) error {
	patch := map[string]any{"minutes": d.mark(x.id, true)}
	if d.r.IntN(2) == 0 {
		patch = map[string]any{"sessions.+": map[string]any{"place": d.mark(x.id, true)}}
	}
	raw, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = d.ss.PatchNotes(context.Background(), d.token(), x.id, api.Patch{Fields: api.Object(raw)})
	return d.saved("notes", err)
}

// onward are the steps that carry a case on; a person mostly takes one of them.
var onward = []string{
	casework.StepAccept, "assign", "start-session", casework.StepAgree, "sign", casework.StepEnterAgreement, "resume", casework.StepPerform, "confirm-apply", "confirm-receive",
	"confirm-accept", "confirm-rule", "refer-receive", "refer-accept", casework.StepReferReport, "supplement",
}

// step takes a step that is offered, with good fields.
func (d *desk) step(x *sight) error { return d.take(x, func(string) bool { return true }) }

// refer sends a case to another unit, which grants it.
func (d *desk) refer(x *sight) error {
	return d.take(x, func(step string) bool { return step == casework.StepRefer || step == "confirm-apply" })
}

// onwardFrom is the step that carries a case on to an agreement, by where it stands.
var onwardFrom = map[string][]string{
	casework.StateSubmitted: {casework.StepAccept}, casework.StateAccepted: {"assign"}, casework.StateAssigned: {casework.StepStartSession},
	casework.StateMediating: {casework.StepAgree}, casework.StateAgreed: {casework.StepEnterAgreement, casework.StepSign}, casework.StateEffective: {casework.StepPerform},
}

// carryOn takes the step that brings an agreement nearer.
func (d *desk) carryOn(x *sight) error {
	if len(x.view.Conflicts) > 0 {
		return d.settleOne(x)
	}
	for _, next := range onwardFrom[x.view.State.Mediation] {
		if next == casework.StepEnterAgreement && d.r.IntN(2) == 0 || next == casework.StepAgree && d.m.second && d.r.IntN(4) > 0 {
			continue // somebody else will; one desk of a body mostly draws up the drafts
		}
		if slices.ContainsFunc(casework.Steps(x.state, x.actor, x.notes...), func(o casework.StepOption) bool { return o.Step == next && o.Allowed }) {
			if err := d.take(x, func(step string) bool { return step == next }); err != nil || next != casework.StepSign {
				return err
			}
			return d.elsewhere(x)
		}
	}
	return nil
}

// elsewhere lets the body's other desk have its people sign at the same time,
// before the two hear of each other.
func (d *desk) elsewhere(x *sight) error {
	for _, o := range d.md.machines {
		if o == d.m || o.unit != d.m.unit || !o.up() || o.lied || o.second == d.m.second {
			continue
		}
		ss, err := o.sit(0)
		if err != nil {
			return err
		}
		other := &desk{run: d.run, m: o, ss: ss, life: o.lives}
		there, err := other.look(x.id)
		if errors.Is(err, store.ErrNotFound) || err == nil && there.view.State.Mediation != casework.StateAgreed {
			return nil // it has not heard of the draft
		}
		if err == nil {
			err = other.take(there, func(step string) bool { return step == casework.StepSign })
		}
		d.trouble(o, "signing at another desk", err)
	}
	return nil
}

func (d *desk) take(x *sight, fits func(string) bool) error {
	var offered []*casework.StepOption
	steps := casework.Steps(x.state, x.actor, x.notes...)
	for i := range steps {
		o := &steps[i]
		if !o.Allowed || !fits(o.Step) {
			continue
		}
		n := 1
		if slices.Contains(onward, o.Step) && !slices.ContainsFunc(x.view.Steps, func(s casework.Step) bool { return s.Step == o.Step }) {
			n = 12
		}
		for range n {
			offered = append(offered, o)
		}
	}
	if len(offered) == 0 {
		return nil
	}
	o := offered[d.r.IntN(len(offered))]
	raw, err := json.Marshal(d.fill(x, o))
	if err != nil {
		return err
	}
	_, err = d.ss.Act(context.Background(), d.token(), x.id, o.Step, raw)
	if err == nil {
		d.md.signs(d.m, x, o.Step, raw)
	}
	if err := d.saved("step "+o.Step, err); err != nil {
		return err
	}
	d.md.signed(x.id)
	d.duesAt(d.m)
	return nil
}

// fill makes good fields for a step.
func (d *desk) fill(x *sight, o *casework.StepOption) map[string]any {
	var others []*machine
	for _, m := range d.md.machines {
		if m.unit != d.m.unit && !m.lied {
			others = append(others, m)
		}
	}
	to := others[d.r.IntN(len(others))]
	f := caseworktest.Filler{
		Day: lastDay(&x.view, d.r.IntN(3)), Pick: d.r.IntN, Spare: d.r.IntN(3) == 0, Court: d.md.machines[0].code, To: to.code, Mediators: []string{d.m.people[0].name},
		Kinds: []string{"hand_up", "hand_down", "transfer", "guidance", "delegate_pre", "invite"},
	}
	switch o.Step {
	case casework.StepAgree:
		f.Spare = true
		fields := f.Fields(&x.view, o)
		fields["form"] = "written"
		return fields
	case casework.StepSign:
		return d.signature(x, f.Day)
	}
	return f.Fields(&x.view, o)
}

// signature is that of half of the people: one desk has the first party sign and
// puts the seal, another the others and whoever mediates. Where the two are apart
// the agreement becomes complete only when they meet.
func (d *desk) signature(x *sight, day string) map[string]any {
	by := caseworktest.Voices(&x.view, day)
	half := min(1, len(by))
	if first := !d.m.second && (d.m.name == "village" || d.r.IntN(2) == 0); first {
		return map[string]any{"by": by[:half], "seal": true, "at": day}
	}
	return map[string]any{"by": append(slices.Clone(by[half:]), x.view.Mediators...), "at": day}
}

// lastDay is the day of the last step of a case, or some days after it.
func lastDay(v *casework.CaseView, later int) string {
	day := v.ReceivedOn
	for _, s := range v.Steps {
		day = max(day, s.On)
	}
	if v.Notes != nil {
		for _, s := range v.Notes.Steps {
			day = max(day, s.On)
		}
	}
	return caseworktest.Later(day, later)
}

// settleOne decides something that waits for a person, if anything does.
func (d *desk) settleOne(x *sight) error {
	if len(x.view.Conflicts) == 0 {
		return nil
	}
	c := x.view.Conflicts[d.r.IntN(len(x.view.Conflicts))]
	raw, err := json.Marshal(c.Values[d.r.IntN(len(c.Values))].Value)
	if err != nil {
		return err
	}
	_, err = d.ss.Settle(context.Background(), d.token(), x.id, api.Settlement{Field: c.Field, Value: raw})
	return d.saved("settle", err)
}

func (d *desk) handOver() error {
	ask := api.HandoverRequest{From: d.m.people[0].name, To: []string{"样例人"}, Reason: "other"}
	_, err := d.ss.HandOver(context.Background(), ask)
	return d.saved("hand over", err)
}

// draft keeps what was typed: no operation, and promised to be durable all the same.
func (d *desk) draft() error {
	name, value := fmt.Sprintf("draft-%d", d.r.IntN(3)), fmt.Sprintf(`{"typed":%d}`, d.r.IntN(1e6))
	_, err := d.ss.PutDraft(context.Background(), name, json.RawMessage(value))
	d.count("draft", err)
	if err == nil && d.life == d.m.lives && !d.m.disk.Dead() {
		p, err := d.ss.Person(context.Background())
		if err != nil {
			return err
		}
		d.m.drafts[p.Seat+"/"+name] = value
	} else if err != nil {
		// The old or the new, whole: nothing is known of it.
		clear(d.m.drafts)
	}
	return err
}

// read asks for what people look at all day.
func (d *desk) read() error {
	ctx := context.Background()
	_, err := d.ss.Due(ctx, api.DueQuery{All: true})
	if err == nil {
		_, err = d.ss.Inbox(ctx)
	}
	if err == nil {
		_, err = d.ss.Conflicts(ctx, "")
	}
	if err == nil {
		_, err = d.ss.Export(ctx, "", 20)
	}
	d.count("look", err)
	d.seen(d.m)
	d.duesAt(d.m)
	return err
}

func (d *desk) rebuild() error {
	_, err := d.ss.Rebuild(context.Background())
	d.count("rebuild", err)
	return err
}
