package casework_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/app/casework/data"
	"hejie/app/tables"
	"hejie/sync/crdt"
)

// reading is a case as every reader is given it.
type reading struct {
	*record
	t      testing.TB
	digest *crdt.State
	view   casework.CaseView
	shown  casework.DigestDocument
}

var villagePlace = casework.UnitCode{Division: "990125101203", Body: "tw"}

// readers are all public functions that read a case, each with a way to call
// it; TestEveryReaderIsListed tells of one that is missing.
var readers = map[string]func(x *reading){
	"View":   func(x *reading) { casework.Encode(x.record.view()); casework.Encode(x.bare()) },
	"Masked": func(x *reading) { casework.Encode(casework.Masked(x.record.view())) },
	"Tracks": func(x *reading) {
		if s := casework.Tracks(x.state, x.held()...); s != x.view.State {
			x.t.Errorf("Tracks %+v, View %+v", s, x.view.State)
		}
	},
	"DigestView": func(x *reading) { casework.Encode(casework.DigestView(x.digest, casework.Header{})) },
	"RowOf":      func(x *reading) { casework.RowOf(x.view) },
	"DigestRowOf": func(x *reading) {
		casework.DigestRowOf(x.shown)
	},
	"SearchText": func(x *reading) { casework.SearchText(x.view.Document) },
	"PeopleOf":   func(x *reading) { casework.PeopleOf(x.view.Document, nil) },
	"Sheet": func(x *reading) {
		for _, lang := range []data.Lang{data.Chinese, data.English} {
			casework.Sheet(x.view, lang)
			casework.Sheet(casework.Masked(x.view), lang)
		}
	},
	"Steps": func(x *reading) {
		for _, desk := range deciders {
			for _, notes := range [][]*crdt.State{x.held(), nil} {
				for _, o := range casework.Steps(x.state, everyRole(desk), notes...) {
					if o.Refusal != nil && (o.Refusal.Text(data.Chinese) == "" || o.Refusal.Text(data.English) == "") {
						x.t.Errorf("%s at %s is refused without a sentence", o.Step, desk)
					}
				}
			}
		}
	},
	"DueOf": func(x *reading) {
		for _, day := range []string{firstDay, "2027-01-01"} {
			for _, d := range casework.DueOf(x.state, tables.Default(), unitAt("village"), villagePlace, day, x.held()...) {
				if !tables.ValidDay(d.DueOn) {
					x.t.Errorf("%s %s is due on %q", d.What, d.Name, d.DueOn)
				}
			}
		}
		casework.DueOf(x.digest, tables.Default(), unitAt("village"), villagePlace, firstDay)
	},
	"Clocks": func(x *reading) {
		for _, c := range casework.Clocks(x.state, tables.Default(), unitAt("village"), villagePlace, x.held()...) {
			if _, err := c.On(firstDay); err != nil {
				x.t.Errorf("clock %s: %v", c.Clock, err)
			}
		}
		casework.Clocks(x.state, tables.Default(), unitAt("court"), casework.UnitCode{Division: "990125000000", Body: "fy"}, x.held()...)
	},
	"InboxOf": func(x *reading) {
		for _, desk := range deciders {
			casework.InboxOf(x.state, unitAt(desk))
		}
	},
	"DocketOf": func(x *reading) {
		court := func(id crdt.ID) bool { return id == unitAt("court") }
		for _, kind := range []string{"", casework.DocketSuit, casework.DocketConfirmation} {
			facts, err := casework.DocketOf(x.state, casework.Names{}, kind, court)
			if err == nil && facts.Kind == casework.DocketConfirmation && (facts.Agreement == nil || facts.Agreement.Contested) {
				x.t.Errorf("a folder for confirmation without an agreement: %+v", facts.Agreement)
			}
			if a := x.bare().Agreement; err == nil && a != nil && a.Contested {
				x.t.Errorf("a folder of a contested agreement")
			}
		}
	},
	"HandOver": func(x *reading) {
		for _, desk := range deciders {
			for _, name := range x.view.Mediators {
				plan := casework.Handover{From: name, To: []string{"孙例新"}, Reason: "left", At: "2026-12-01"}
				if _, err := casework.HandOver(x.state, everyRole(desk), plan, x.sets()); err != nil && err.Error() == "" {
					x.t.Errorf("a hand-over is refused without a sentence")
				}
			}
		}
	},
	"AssignedBy": func(x *reading) {
		for _, name := range x.view.Mediators {
			if len(casework.AssignedBy(x.state, name)) == 0 && len(x.bare().Mediators) > 0 && slices.Contains(x.bare().Mediators, name) {
				x.t.Errorf("%s mediates and nobody assigned him", name)
			}
		}
	},
	"Asked":          func(x *reading) { casework.Asked(x.state) },
	"Told":           func(x *reading) { casework.Told(x.digest) },
	"DigestMarks":    func(x *reading) { casework.DigestMarks(x.digest) },
	"MarkChanges":    func(x *reading) { casework.MarkChanges(x.digest, x.state, markerOf("k"), 10) },
	"DigestPeopleOf": func(x *reading) { casework.DigestPeopleOf(x.digest) },
	"Decisions": func(x *reading) {
		holders := []crdt.ID{unitAt("village"), unitAt("township"), unitAt("union"), unitAt("court")}
		all := casework.Decisions(x.state, holders, x.held()...)
		for _, c := range x.view.Conflicts {
			d, ok := all[c.Field]
			if !ok || len(d.Roles) == 0 || len(d.Units) == 0 || data.Text(data.Chinese, "pair."+d.Because, nil) == "" || data.Name("decider", string(d.Who), data.English) == string(d.Who) {
				x.t.Errorf("%s: decided by %+v", c.Field, d)
			}
		}
		casework.Decisions(x.digest, holders)
	},
	"ShownHeads": func(x *reading) {
		for _, c := range x.view.Conflicts {
			if heads := casework.ShownHeads(x.state, c.Field, x.held()...); casework.StaleShown(x.state, c.Field, heads, casework.Names{}, x.held()...) != nil {
				x.t.Errorf("%s: what was just shown is stale", c.Field)
			}
		}
	},
	"StaleShown": func(x *reading) {
		for _, o := range x.ops {
			for _, c := range x.view.Conflicts {
				if err := casework.StaleShown(x.state, c.Field, []crdt.ID{o.meta.ID}, casework.Names{}, x.held()...); err != nil && err.Error() == "" {
					x.t.Errorf("stale without a sentence")
				}
			}
		}
	},
	"FileNumbers": func(x *reading) { casework.FileNumbers(x.state) },
	"History": func(x *reading) {
		for _, o := range x.ops {
			before, err := x.state.At(o.meta.Heads)
			after, err2 := x.state.At([]crdt.ID{o.meta.ID})
			if err != nil || err2 != nil {
				x.t.Fatal(err, err2)
			}
			casework.History(o.meta, o.body.Changes, before, after, casework.Names{})
		}
	},
	"Stale": func(x *reading) {
		for _, o := range x.ops {
			if err := casework.Stale(x.state, []crdt.ID{o.meta.ID}, casework.Names{}); err != nil && err.Error() == "" {
				x.t.Errorf("stale without a sentence")
			}
		}
	},
}

// writers make changes of what they are shown. That they are total is tried
// where pairs are made and decided (doings, decideBy), and here by those who go
// on working on a contested case.
var writers = []string{"Act", "Settle", "Edit", "EditOver", "EditNotes", "FirstSteps"}

// TestEveryReaderIsListed reads the package's own source: whatever public
// function takes a case, its view or its digest stands among readers or writers.
func TestEveryReaderIsListed(t *testing.T) {
	takes := map[string]bool{"*crdt.State": true, "CaseView": true, "DigestDocument": true, "Document": true}
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	paths = slices.DeleteFunc(paths, func(p string) bool { return strings.HasSuffix(p, "_test.go") })
	found := map[string]bool{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() {
				continue
			}
			for _, p := range f.Type.Params.List {
				if takes[typeText(p.Type)] {
					found[f.Name.Name] = true
				}
			}
		}
	}
	for name := range found {
		if readers[name] == nil && !slices.Contains(writers, name) && name != "NewChanges" {
			t.Errorf("%s reads a case and no walk tries it: add it to readers", name)
		}
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(readers)), writers) {
		if !found[name] {
			t.Errorf("%s is listed and reads no case", name)
		}
	}
}

func typeText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return "*" + typeText(e.X)
	case *ast.SelectorExpr:
		return typeText(e.X) + "." + e.Sel.Name
	case *ast.Ellipsis:
		return typeText(e.Elt)
	}
	return ""
}

// readAll gives a case to every reader; one that panics is named with the case.
func readAll(t testing.TB, r *record, what string) {
	t.Helper()
	x := &reading{record: r, t: t}
	if !total(t, what, "digest", func() {
		x.digest = r.digest()
		x.view, x.shown = r.view(), casework.DigestView(x.digest, casework.Header{})
	}) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(readers)) {
		total(t, what, name, func() { readers[name](x) })
	}
	oneGround(t, what, x)
}

// panicked keeps one trace for each reader's failure.
var panicked = map[string]bool{}

func total(t testing.TB, what, name string, fn func()) (ok bool) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			at := ""
			if !panicked[fmt.Sprint(name, p)] {
				panicked[fmt.Sprint(name, p)], at = true, "\n"+string(debug.Stack())
			}
			t.Errorf("%s: %s: %v%s", what, name, p, at)
			ok = false
		}
	}()
	fn()
	return true
}

// oneGround: state and facts say the same, in the case and in its digest.
func oneGround(t testing.TB, what string, x *reading) {
	t.Helper()
	v, bare, d := x.view, x.bare(), x.shown
	inForce := func(v casework.CaseView) bool { return v.Agreement != nil && !v.Agreement.Contested }
	views := []casework.CaseView{v, bare}
	for _, n := range x.held() { // a body reads its own notes, and not another's
		views = append(views, casework.View(x.state, casework.Header{}, n))
		for _, name := range []string{"Steps", "DueOf", "Clocks", "DocketOf", "Decisions", "ShownHeads"} {
			own := *x.record
			own.notes = slices.DeleteFunc(slices.Clone(own.notes), func(m *noteRecord) bool { return m.state != n })
			alone := &reading{record: &own, t: t, digest: x.digest, view: own.view(), shown: x.shown}
			total(t, what, name+" with one body's notes", func() { readers[name](alone) })
		}
	}
	for _, v := range views {
		performs := v.State.Performance != casework.StateNone
		switch {
		case v.State.Mediation == casework.StateEffective && !inForce(v), performs != inForce(v):
			t.Errorf("%s: %+v with the agreement %+v", what, v.State, v.Agreement)
		case inForce(v) && (len(v.Agreement.Terms) == 0 || v.Agreement.EffectiveOn == ""):
			t.Errorf("%s: in force without terms or day: %+v", what, v.Agreement)
		case v.Agreement != nil && v.Agreement.Contested && v.Notes != nil && v.Notes.Agreement != nil && v.Notes.Agreement.CompleteOn != "":
			t.Errorf("%s: a draft is to be entered that was entered, and is contested: %+v", what, v.Notes.Agreement)
		case v.Agreement != nil && v.Agreement.Contested && len(v.Conflicts) == 0:
			t.Errorf("%s: a contested agreement and nothing to decide", what)
		case v.Outcome == "agreed" && !inForce(v):
			t.Errorf("%s: outcome agreed without an agreement", what)
		}
	}
	terms := int64(0)
	if inForce(bare) {
		terms = int64(len(bare.Agreement.Terms))
	}
	if d.State != bare.State || d.Counts.Terms != terms || (d.EffectiveOn != "") != inForce(bare) || (d.AgreedFen != nil) && !inForce(bare) || d.Outcome != bare.Outcome {
		t.Errorf("%s: the digest has %+v, %d terms, effective %q, %s; the case %+v, %d, %s", what, d.State, d.Counts.Terms, d.EffectiveOn, d.Outcome, bare.State, terms, bare.Outcome)
	}
}

// readerSeed is printed; HEJIE_SEED=… runs the same sample again.
func readerSeed(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(1) // the same sample each time: what is new is tried by the soak
	if s := os.Getenv("HEJIE_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("HEJIE_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 2))
}

// sampled are how many pairs are read here in `make test`; `make soak-cases`
// reads them all.
const sampled = 80

// TestEveryReaderOverEveryPair gives every reader what two desks made of a case
// by two steps apart, contested and after each choice, from every situation of
// the walks; then what a third desk adds, and what those make of it who go on
// working while it is contested.
func TestEveryReaderOverEveryPair(t *testing.T) {
	r := readerSeed(t)
	at, n := places{}, 0
	all := os.Getenv("HEJIE_PAIRS") == "all"
	for _, again := range broken {
		p := again.pair(t, at)
		p.read(t, r, true)
		n++
	}
	if all {
		for _, w := range walks {
			here := at.at(t, w).may
			steps := slices.Sorted(maps.Keys(here))
			for i, left := range steps {
				for _, right := range steps[i:] {
					a, b := apart(here[left], here[right])
					for _, other := range onOtherDays(at.at(t, w).r, w, a, b) {
						pair{base: at.at(t, w).r, a: a, b: other}.read(t, r, n%20 == 0)
						n++
					}
				}
			}
		}
	} else {
		picked, sampled, most := walks, sampled, 10
		if testing.Short() {
			sampled, most = sampled/5, 2
		}
		for len(picked) > most { // places cost more than pairs
			i := r.IntN(len(picked))
			picked = slices.Concat(picked[:i], picked[i+1:])
		}
		for n < sampled {
			w := picked[r.IntN(len(picked))]
			p := somePair(r, at.at(t, w), w)
			p.read(t, r, n%10 == 0)
			n++
		}
	}
	t.Logf("%d pairs through %d readers", n, len(readers))
}

// somePair draws two steps from a place, one in two of them such as the table
// looks at.
func somePair(r *rand.Rand, here *place, w walk) pair {
	steps := slices.Sorted(maps.Keys(here.may))
	for try := 0; ; try++ {
		x, y := steps[r.IntN(len(steps))], steps[r.IntN(len(steps))]
		if try < 20 && try%2 == 0 && casework.Pair(x, y) == casework.BothStand {
			continue
		}
		a, b := apart(here.may[x], here.may[y])
		list := onOtherDays(here.r, w, a, b)
		return pair{base: here.r, a: a, b: list[r.IntN(len(list))]}
	}
}

// read gives every reader the case after two steps, and after each choice.
func (p pair) read(t *testing.T, r *rand.Rand, further bool) {
	t.Helper()
	left, right := p.base.after(p.a), p.base.after(p.b)
	meet(left, right)
	readAll(t, left, p.String())
	for _, c := range left.view().Conflicts {
		for _, value := range c.Values {
			x := left.at("judge")
			if decideAny(x, c, value.Value) {
				readAll(t, x, fmt.Sprintf("%s, decided for %v", p, value.Value))
			}
		}
	}
	if !further {
		return
	}
	// A third desk that knew of neither, and then those who go on working.
	steps := slices.Sorted(maps.Keys(doingsOf(p.base)))
	if len(steps) > 0 {
		d := doingsOf(p.base)[steps[r.IntN(len(steps))]][0]
		d.desk += "/3"
		third := p.base.after(d)
		meet(left, third)
		readAll(t, left, fmt.Sprintf("%s ‖ %s", p, d.step))
	}
	for range 3 {
		may := doingsOf(left)
		steps := slices.Sorted(maps.Keys(may))
		if len(steps) == 0 {
			return
		}
		d := may[steps[r.IntN(len(steps))]][0]
		left = left.after(d)
		readAll(t, left, fmt.Sprintf("%s, then %s", p, d.step))
	}
}

// laterDay is after everything that walks and pairs do.
var laterDay = caseworktest.Later(firstDay, 60)

// doingsOf are the steps that may be taken on a record as it is.
func doingsOf(r *record) map[string][]doing {
	out := map[string][]doing{}
	v := r.view()
	for _, desk := range []string{"village", "township", "union", "court"} {
		a := everyRole(desk)
		for _, o := range casework.Steps(r.state, a, r.held()...) {
			if !o.Allowed {
				continue
			}
			raw, d := r.filled(desk, &v, &o)
			var err error
			if d.made, err = casework.Act(r.state, a, o.Step, raw, r.sets()); err == nil {
				out[o.Step] = append(out[o.Step], d)
			}
		}
	}
	return out
}

func (r *record) filled(desk string, v *casework.CaseView, o *casework.StepOption) ([]byte, doing) {
	raw := []byte(fillOption(r.t, filler(desk, laterDay), v, o, nil))
	return raw, doing{step: o.Step, desk: desk, day: laterDay}
}

// decideAny lets the first desk decide that may.
func decideAny(r *record, c casework.Conflict, value any) bool {
	raw, err := json.Marshal(value)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, desk := range deciders {
		r.desk = desk
		if made, err := casework.Settle(r.state, c.Field, raw, everyRole(desk), r.sets()); err == nil {
			r.saveMade(made)
			return true
		}
	}
	return false
}

// brokenPair is a pair that some reader failed on once: its walk and the two
// moves, on days apart.
type brokenPair struct{ walk, left, right string }

var broken = []brokenPair{
	// Two oral agreements: the state said effective, the facts had no agreement.
	{toWork, "agree@village?form=oral", "agree@township?form=oral&acceleration=true"},
	{toWork, "agree@village", "agree@township?acceleration=true"},
	// Two letters, and two applications, of different days: one was due on no day.
	{"accept", "refer@village?kind=transfer&to=union", "refer@township?kind=transfer&to=union&at=2026-03-29"},
	{"accept", "refer@village?kind=transfer&to=union", "refer@township?kind=transfer&to=police"},
	{toEffective, "confirm-apply@village", "confirm-apply@township?at=2026-03-30"},
	// Letters that one desk takes back while the receiver answers.
	{toLetter, "refer-receive@union", "refer-recall@village"},
	{toTaken, "assign@union", "refer-recall@village"},
}

func (b brokenPair) pair(t *testing.T, at places) pair {
	t.Helper()
	here := at.at(t, walk{moves: b.walk})
	one := func(move string) doing {
		head, with, _ := strings.Cut(move, "?")
		step, desk, _ := strings.Cut(head, "@")
		v := here.r.view()
		for _, o := range casework.Steps(here.r.state, everyRole(desk), here.r.held()...) {
			if o.Step == step {
				d := doing{step: step, desk: desk, day: here.day}
				raw := fillOption(t, filler(desk, here.day), &v, &o, given(with))
				r := here.r.at(desk)
				var err error
				if d.made, err = casework.Act(r.state, everyRole(desk), step, []byte(raw), r.sets()); err != nil {
					t.Fatalf("%s: %v", move, err)
				}
				return d
			}
		}
		t.Fatalf("no step %s", step)
		return doing{}
	}
	return pair{base: here.r, a: one(b.left), b: one(b.right)}
}

// TestSettleNamesWhatWasGiven: whatever kind of value is none of the statements,
// the refusal shows it.
func TestSettleNamesWhatWasGiven(t *testing.T) {
	r := newRecord(t, goodDocument(t))
	b := r.at("township")
	r.work(steps("accept"))
	b.work(steps("refuse"))
	meet(r, b)
	for given, want := range map[string]string{`"abc"`: "abc", `5`: "5", `true`: "true", `null`: "null", `["x"]`: `["x"]`, `{"step":"accept"}`: `{"step":"accept"}`, `{"id":"nn"}`: "nn"} {
		_, err := casework.Settle(r.state, "lifecycle.mediation", json.RawMessage(given), mediator, r.sets())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", given, err)
		}
	}
}
