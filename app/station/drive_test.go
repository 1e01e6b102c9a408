package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/google/uuid"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/store"
	"hejie/sync/crdt"
)

// casesASeed is how many cases are driven in one run: 500 seeds drive 2,000.
const casesASeed = 4

// driven is one run: three nodes, some cases, and what was done in them.
type driven struct {
	t     *testing.T
	r     *rand.Rand
	nodes []*node // village, town, court
	cases []*work
	log   []string // every move and what came of it, without ids: the same in every run of a seed
	sum   figures
}

// node is a station with the people who sit at it.
type node struct {
	*desk
	name, code string
	people     []person
}

type person struct {
	seat, secret string
	ss           *Session // nil: not signed in since the program started
}

// work is one case with what was saved in it, wherever.
type work struct {
	id    string
	at    int // which of the run
	owner *node
	day   string // the last day on which something was done
	told  stepSet
	ops   map[crdt.ID]string
}

func (d *driven) token() string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(d.r.IntN(256))
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}

// begin makes three stations, a second person at two of them, and the cases.
// skew sets the machines' clocks apart.
func begin(t *testing.T, seed uint64, documents [][]byte, skew [3]time.Duration) *driven {
	cryptotest.SetGlobalRandom(t, seed)
	court := newCourt(t, seed*10+1)
	town := court.admit(seed*10+2, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	village := town.admit(seed*10+3, "990125101203-tw", "河湾村人民调解委员会", "赵示和", "admin", "mediator", "director")
	d := &driven{t: t, r: rand.New(rand.NewPCG(seed, 0x647269766e)), sum: newFigures()}
	d.nodes = []*node{{desk: village, name: "village", code: "990125101203-tw"}, {desk: town, name: "town", code: "990125101000-zz"}, {desk: court, name: "court", code: "990125000000-fy"}}
	for i, n := range d.nodes {
		n.o.Clock.(*ticking).at += skew[i].Milliseconds()
		h, err := n.s.SeatBy(context.Background(), "")
		if err != nil {
			t.Fatal(err)
		}
		n.people = []person{{h.Seat, secret, n.ss}}
	}
	d.nodes[1].add("周例计", "clerk")
	d.nodes[2].add("陈例公", "judge", "director")
	court.keeps("", `{"roster.+":{"unit":"990125101000-zz","name":"清溪镇综治中心"}}`)
	for range 2 {
		meet(town, court)
		meet(village, town)
	}
	for i, doc := range documents {
		n := d.nodes[[]int{0, 0, 1, 2}[i%4]]
		n.take(0)
		saved, err := n.ss.NewCase(context.Background(), d.token(), doc)
		if err != nil {
			t.Fatal(err)
		}
		w := &work{id: saved.ID, at: i, owner: n, ops: map[crdt.ID]string{}}
		x := n.look(w)
		w.day = x.view.ReceivedOn
		for _, op := range x.state.Ops() {
			w.ops[op.ID] = "new"
		}
		d.cases = append(d.cases, w)
	}
	return d
}

// add seats one more person at the node.
func (n *node) add(name string, roles ...string) {
	n.t.Helper()
	ctx := context.Background()
	const own = "另一个人的口令啊"
	req, err := n.ss.AddSeat(ctx, api.AddSeatRequest{SeatName: name, Roles: roles, Secret: own})
	if err != nil {
		n.t.Fatal(err)
	}
	e, err := n.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: n.status().Unit})
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.ss.JoinSeat(ctx, e.File.Data); err != nil {
		n.t.Fatal(err)
	}
	n.people = append(n.people, person{seat: req.Seat, secret: own})
}

// sit lets one of the node's people take the chair, mostly the first.
func (n *node) sit(r *rand.Rand) {
	if i := r.IntN(3); i == 2 && len(n.people) > 1 {
		n.take(1)
	} else {
		n.take(0)
	}
}

func (n *node) take(person int) {
	p := &n.people[person]
	if p.ss == nil {
		n.signInAs(p.seat, p.secret)
		p.ss = n.ss
	}
	n.ss = p.ss
}

// restart closes the program and opens it anew.
func (n *node) restart() {
	n.t.Helper()
	if err := n.s.Close(); err != nil {
		n.t.Fatal(err)
	}
	n.start()
	for i := range n.people {
		n.people[i].ss = nil
	}
	n.take(0)
}

// sight is a case as a node has it.
type sight struct {
	raw   []byte
	view  casework.CaseView
	bare  casework.CaseView // without what the notes add, as at every node
	state *crdt.State
	notes []*crdt.State
	actor casework.Actor
	whole bool
}

// look reads a case; whole is false where only its digest is here, nil where nothing is.
func (n *node) look(w *work) *sight {
	n.t.Helper()
	out := &sight{}
	err := n.ss.view(context.Background(), func(rd store.Reader) error {
		doc, err := n.ss.document(rd, w.id)
		if err != nil {
			return err
		}
		if out.whole = !doc.found.digest; out.whole {
			out.state, out.view, out.notes = doc.state, doc.whole, doc.beside.all
			out.bare = casework.View(doc.state, casework.Header{ID: doc.id, Unit: n.ss.code(doc.rec.Owner), Names: plainNames})
			out.actor = n.ss.actor(doc.rec.Owner, doc.rec.Grants)
			out.raw = casework.Encode(doc.whole)
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		n.t.Fatal(err)
	}
	return out
}

// note keeps a move for the comparison of runs.
func (d *driven) note(format string, args ...any) {
	d.log = append(d.log, fmt.Sprintf(format, args...))
}

// go on does one thing at random.
func (d *driven) goOn() {
	switch what := d.r.IntN(100); {
	case what < 80:
		w := d.cases[d.r.IntN(len(d.cases))]
		for _, i := range d.r.Perm(len(d.nodes)) {
			n := d.nodes[i]
			n.sit(d.r)
			if x := n.look(w); x != nil && x.whole {
				d.something(n, w, x)
				return
			}
		}
	case what < 98:
		d.sync()
	default:
		n := d.nodes[d.r.IntN(len(d.nodes))]
		n.restart()
		d.sum.restarts++
		d.note("%s restarts", n.name)
	}
}

func (d *driven) something(n *node, w *work, x *sight) {
	switch what := d.r.IntN(20); {
	case what < 13:
		d.step(n, w, x)
	case what < 15:
		d.unlawful(n, w, x)
	case what < 17:
		d.edit(n, w, x)
	default:
		if !d.decide(n, w, x) {
			d.step(n, w, x)
		}
	}
}

// onward are the steps that carry a case on along one of its tracks; the others
// end it, take it back or go along.
var onward = []string{
	"make-case", "keep-lead", "accept", "assign", "start-session", "agree", "sign", "enter-agreement", "resume", "perform", "default", "urge", "accelerate", "enforce",
	"confirm-apply", "confirm-receive", "confirm-ask", "confirm-supply", "confirm-accept", "confirm-rule", "confirm-dismiss", "confirm-object", "confirm-objection",
	"order-apply", "order-issue", "order-end", "notarise", "refer-receive", "refer-accept", "refer-extend", "refer-report", "supplement",
}

// weight is how often a step is taken of those that are offered: mostly what
// carries the case on and was not done in it yet.
func weight(step string, done []casework.Step) int {
	switch n := len(slices.DeleteFunc(slices.Clone(done), func(s casework.Step) bool { return s.Step != step })); {
	case !slices.Contains(onward, step):
		return 1
	case step == "keep-lead":
		return 10
	case step == "confirm-apply" || step == "refer-receive":
		return 60 // a court's and a receiver's work begins with them
	case n == 0:
		return 30
	case step == "perform" || step == "sign":
		return 12
	default:
		return 3
	}
}

// step takes a step that is offered, with good fields.
func (d *driven) step(n *node, w *work, x *sight) {
	var offered []*casework.StepOption
	steps := casework.Steps(x.state, x.actor, x.notes...)
	for i := range steps {
		if o := &steps[i]; o.Allowed {
			for range weight(o.Step, x.view.Steps) {
				offered = append(offered, o)
			}
		}
	}
	if len(offered) == 0 {
		return
	}
	o := offered[d.r.IntN(len(offered))]
	if o.Step == "lead" && d.r.IntN(2) > 0 {
		return
	}
	w.day = caseworktest.Later(w.day, d.r.IntN(3))
	if d.r.IntN(12) == 0 {
		w.day = caseworktest.Later(w.day, 8)
	}
	fields := d.fill(n, w, x, o)
	d.take(n, w, x, o.Step, fields)
}

// fill makes good fields for a step.
func (d *driven) fill(n *node, w *work, x *sight, o *casework.StepOption) map[string]any {
	to := d.nodes[d.r.IntN(len(d.nodes))]
	for to == n {
		to = d.nodes[d.r.IntN(len(d.nodes))]
	}
	f := caseworktest.Filler{Day: w.day, Pick: d.r.IntN, Spare: d.r.IntN(3) == 0, Court: d.nodes[2].code, To: to.code, Mediators: []string{"赵示和", "郑例贤", "刘例芳"}}
	switch {
	case n.name == "court" && to.name == "town":
		f.Kinds = []string{"delegate_pre", "delegate_pre", "hand_down", "guidance", "guide", "invite"}
	case n.name == "court", n.name == "town" && to.name == "village":
		f.Kinds = []string{"hand_down", "transfer", "guidance", "guide"}
	default:
		f.Kinds = []string{"hand_up", "transfer", "guidance"}
	}
	fields := f.Fields(&x.view, o)
	for _, s := range o.Fields {
		if s.Type == "event" && len(s.Choices) > 0 && d.r.IntN(2) == 0 {
			fields[s.Name] = s.Choices[len(s.Choices)-1]
		}
	}
	return fields
}

// take saves a step; what was saved is kept to be looked for everywhere.
func (d *driven) take(n *node, w *work, x *sight, step string, fields map[string]any) {
	d.t.Helper()
	raw, err := json.Marshal(fields)
	if err != nil {
		d.t.Fatal(err)
	}
	if after := d.saved(n, w, x, step, func() error {
		_, err := n.ss.Act(context.Background(), d.token(), w.id, step, raw)
		return err
	}); after != nil {
		d.sum.steps++
		d.sum.taken[step]++
		d.keep(w, x, after, step, fields)
		d.check(n, w, after)
	}
}

// saved runs a save and looks at what it did: an operation more, or nothing;
// then it is nil.
func (d *driven) saved(n *node, w *work, x *sight, what string, save func() error) *sight {
	d.t.Helper()
	err := save()
	d.note("%s: %d %s: %s", n.name, w.at, what, outcomeOf(err))
	after := n.look(w)
	var e *api.Error
	switch {
	case err != nil && !errors.As(err, &e):
		d.t.Fatalf("%s: an error that no person can act on: %v", what, err)
	case err != nil:
		d.sum.refused++
		d.sum.rules[what+": "+outcomeOf(err)]++
		if string(after.raw) != string(x.raw) {
			d.t.Fatalf("%s was refused (%v) and changed\n%s\nto\n%s", what, err, x.raw, after.raw)
		}
		return nil
	}
	for _, op := range after.state.Ops() {
		if !x.state.Has(op.ID) {
			w.ops[op.ID] = what
		}
	}
	return after
}

// outcomeOf is what came of a save, without ids.
func outcomeOf(err error) string {
	var r *casework.Refusal
	var f *casework.FieldError
	var e *api.Error
	switch {
	case err == nil:
		return "saved"
	case errors.As(err, &r):
		return r.Rule
	case errors.As(err, &f):
		return f.Path + " " + f.Code
	case errors.As(err, &e):
		return e.Code()
	}
	return err.Error()
}

// keep writes down a step that was saved, for the model.
func (d *driven) keep(w *work, x, after *sight, step string, fields map[string]any) {
	d.t.Helper()
	e := &taken{step: step, fields: fields, seen: map[string]bool{}, speaks: map[string][]string{}, mediators: x.view.Mediators}
	for _, s := range x.bare.Steps {
		e.seen[s.ID] = true
	}
	for _, p := range x.view.Parties {
		e.parties = append(e.parties, p.ID)
		for _, name := range caseworktest.Voices(&casework.CaseView{Document: casework.Document{Parties: []casework.Party{p}}}, w.day) {
			e.speaks[name] = append(e.speaks[name], p.ID)
		}
	}
	for _, s := range after.bare.Steps {
		if e.seen[s.ID] {
			continue
		}
		if s.Step == casework.StepInForce && (casework.StepInNotes(step) || step == casework.StepEnterAgreement) {
			e.step, e.fields = s.Step, plainFields(d.t, s.Fields)
		} else if e.id != "" || s.Step != step {
			d.t.Fatalf("%s saved %s beside", step, s.Step)
		}
		e.id, e.unit = s.ID, s.Unit
		given, _ := s.Fields.(map[string]any)
		for _, key := range []string{"referral", "to", "kind", "draft"} { // what the program filled in
			if v, ok := given[key]; ok {
				e.fields[key] = v
			}
		}
	}
	if e.id == "" && casework.StepInNotes(step) {
		return // it lies in the notes, and the case knows nothing of it
	}
	if e.id == "" {
		d.t.Fatalf("%s was saved and is not in the history", step)
	}
	w.told = append(w.told, e)
}

// plainFields are a step's fields as JSON has them.
func plainFields(t testing.TB, fields any) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal(casework.Encode(fields), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// unlawful tries a step that is not offered, or fields that no step takes.
func (d *driven) unlawful(n *node, w *work, x *sight) {
	steps := casework.Steps(x.state, x.actor, x.notes...)
	o := &steps[d.r.IntN(len(steps))]
	fields := d.fill(n, w, x, o)
	if o.Allowed {
		switch d.r.IntN(4) {
		case 0:
			fields["at"] = "2026-02-30"
		case 1:
			fields["weather"] = "雨"
		case 2:
			for _, s := range o.Fields {
				if s.Required {
					delete(fields, s.Name)
				}
			}
		default:
			fields["at"] = 20260310
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		d.t.Fatal(err)
	}
	d.sum.unlawful++
	if d.saved(n, w, x, o.Step, func() error {
		_, err := n.ss.Act(context.Background(), d.token(), w.id, o.Step, raw)
		return err
	}) != nil {
		d.t.Fatalf("%s with %s was taken", o.Step, raw)
	}
}

// edit changes fields, the legal ones among them.
func (d *driven) edit(n *node, w *work, x *sight) {
	patch := []string{
		fmt.Sprintf(`{"amount_fen":%d}`, 100*d.r.IntN(1e5)), fmt.Sprintf(`{"claims":"第%d次变更的请求"}`, d.r.IntN(9)),
		fmt.Sprintf(`{"facts":%q}`, x.view.Facts+fmt.Sprint("补记", d.r.IntN(9), "。")), fmt.Sprintf(`{"title":"纠纷%d"}`, d.r.IntN(9)),
		`{"tags.+":"veteran"}`, fmt.Sprintf(`{"place":"河湾村%d组"}`, d.r.IntN(9)),
		fmt.Sprintf(`{"parties.%s.phone":"000-0000-%04d"}`, x.view.Parties[0].ID, d.r.IntN(9999)),
		// Of two parties of one name the model can't tell who signed.
		fmt.Sprintf(`{"parties.+":{"side":"third","kind":"person","name":"孙例%c"}}`, '一'+rune(d.sum.edits)),
	}[min(d.r.IntN(9), 7)]
	var base []string
	if d.r.IntN(2) == 0 {
		base = x.view.Heads
	}
	if after := d.saved(n, w, x, "set", func() error {
		_, err := n.ss.PatchCase(context.Background(), d.token(), w.id, api.Patch{Base: base, Fields: api.Object(patch)})
		return err
	}); after != nil {
		d.sum.edits++
		d.check(n, w, after)
	}
}

// decide settles something that waits for a person, if anything does.
func (d *driven) decide(n *node, w *work, x *sight) bool {
	if len(x.view.Conflicts) == 0 {
		return false
	}
	c := x.view.Conflicts[d.r.IntN(len(x.view.Conflicts))]
	values := choices(c)
	d.settle(n, w, x, c.Field, values[d.r.IntN(len(values))])
	return true
}

// choices are what can be chosen, in an order that no id or clock gives.
func choices(c casework.Conflict) []any {
	list := slices.Clone(c.Values)
	key := func(v casework.Claimant) string {
		m, ok := v.Value.(map[string]any)
		if !ok {
			return fmt.Sprint(v.Value)
		}
		return fmt.Sprint(m["step"], m["at"], v.Seat, v.Unit)
	}
	slices.SortStableFunc(list, func(a, b casework.Claimant) int { return strings.Compare(key(a), key(b)) })
	var out []any
	for _, v := range list {
		out = append(out, v.Value)
	}
	return out
}

func (d *driven) settle(n *node, w *work, x *sight, field string, value any) bool {
	d.t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		d.t.Fatal(err)
	}
	after := d.saved(n, w, x, "settle "+field, func() error {
		_, err := n.ss.Settle(context.Background(), d.token(), w.id, api.Settlement{Field: field, Value: raw})
		return err
	})
	if after == nil {
		return false
	}
	d.sum.decisions++
	if strings.HasPrefix(field, "lifecycle.") {
		d.keep(w, x, after, "settle", map[string]any{})
	}
	d.check(n, w, after)
	return true
}

// sync lets two nodes meet, sometimes only half.
func (d *driven) sync() {
	pairs := [][2]int{{0, 1}, {1, 0}, {0, 1}, {1, 2}, {2, 1}, {1, 2}, {0, 2}}
	p := pairs[d.r.IntN(len(pairs))]
	a, b := d.nodes[p[0]], d.nodes[p[1]]
	d.sum.syncs++
	if d.r.IntN(4) == 0 {
		d.sum.cuts++
		cut(d.t, d.r, a.desk, b.desk)
		d.note("%s and %s meet, cut", a.name, b.name)
	} else {
		meet(a.desk, b.desk)
		d.note("%s and %s meet", a.name, b.name)
	}
	for _, n := range []*node{a, b} {
		for _, w := range d.cases {
			if x := n.look(w); x != nil && x.whole {
				d.check(n, w, x)
			}
		}
	}
}
