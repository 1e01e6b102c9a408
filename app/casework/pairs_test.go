package casework_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// doing is a step that somebody may take in a situation, and what it makes.
type doing struct {
	step, desk, day string
	made            casework.Made
	fields          map[string]any
}

// doings are the steps that may be taken from a record, each at every desk that may.
func doings(r *record, w walk, day string) map[string][]doing {
	out := map[string][]doing{}
	v := r.view()
	for _, at := range stands(w) {
		if at.rel != casework.Owner && at.rel != casework.Station && at.rel != casework.Granted || at.desk == "tribunal" {
			continue
		}
		a := everyRole(at.desk)
		for _, o := range casework.Steps(r.state, a, r.held()...) {
			if !o.Allowed {
				continue
			}
			if d, err := r.do(a, at.desk, day, &v, &o); err == nil {
				out[o.Step] = append(out[o.Step], d)
			} else {
				r.t.Errorf("%s: listed as allowed: %v", o.Step, err)
			}
		}
	}
	return out
}

// do makes a step without saving it.
func (r *record) do(a casework.Actor, desk, day string, v *casework.CaseView, o *casework.StepOption) (doing, error) {
	d := doing{step: o.Step, desk: desk, day: day}
	raw := fillOption(r.t, filler(desk, day), v, o, nil)
	if err := json.Unmarshal([]byte(raw), &d.fields); err != nil {
		r.t.Fatal(err)
	}
	var err error
	d.made, err = casework.Act(r.state, a, o.Step, []byte(raw), r.sets())
	return d, err
}

// enters reports whether a doing enters an agreement in the case.
func (d doing) enters() bool {
	return slices.ContainsFunc(d.made.Changes, func(c crdt.Change) bool {
		value, _ := c.Value.(map[string]crdt.Value)
		return value["step"] == casework.StepInForce
	})
}

// events are the steps that a doing takes, in the case and in the notes: one
// that completes an agreement enters it too.
func (d doing) events() int {
	n := 0
	for _, c := range slices.Concat(d.made.Changes, d.made.Notes) {
		value, _ := c.Value.(map[string]crdt.Value)
		if c.Kind == crdt.Event && value["step"] != "words" {
			n++
		}
	}
	return n
}

// apart are two of a step's and another's doings at different units where there
// are such, else on two laptops of one unit.
func apart(left, right []doing) (a, b doing) {
	a, b = left[0], right[0]
	for _, x := range left {
		for _, y := range right {
			if x.desk != y.desk {
				return x, y
			}
		}
	}
	b.desk += "/2"
	return a, b
}

// compared are the fields in which two steps of a kind have to agree to say the
// same: the table of docs/concurrent.md says "相同则并存" of them.
var compared = map[string]string{
	"refuse": "ground", "redirect": "body", "extend": "until", "archive": "retention", "dispose": "decision", "confirm-apply": "court",
	"confirm-dismiss": "ground", "confirm-refuse": "ground", "confirm-objection": "result", "order-end": "result", "refer-decline": "ground",
	"refer-close": "outcome", "terminate": "reason", "withdraw": "why", "refer": "to",
}

// alike reports whether two steps say the same.
func alike(a, b doing) bool {
	says := func(d doing) any {
		if d.step == "stop" {
			return "refused"
		}
		return d.fields[compared[d.step]]
	}
	return a.day == b.day && says(a) == says(b)
}

// contested is what the table says of two steps that were taken apart.
func contested(a, b doing) bool {
	if casework.StepInNotes(a.step) && !a.enters() && b.enters() || casework.StepInNotes(b.step) && !b.enters() && a.enters() {
		return false // what was entered goes before drafts
	}
	switch casework.Pair(a.step, b.step) {
	case casework.PersonDecides:
		return true
	case casework.SameStand:
		return !alike(a, b)
	}
	return false
}

// seen are pairs that were tried, with in how many situations.
type seen map[[2]string]int

func (s seen) of(a, b string) int { return s[[2]string{min(a, b), max(a, b)}] }
func (s seen) add(a, b string)    { s[[2]string{min(a, b), max(a, b)}]++ }

// enough is in how many situations pairs that simply both stand are tried
// beside each other; HEJIE_PAIRS=all tries them in every one.
const enough = 2

// TestEveryPairOverAllTracks takes two steps apart, from every situation of the
// walks in which both are lawful: one merged before the other and the other way
// round give the same document and the same digest, byte for byte; they are
// contested where the table says so, by whom it says and why; no step is lost;
// and each choice leads where the chosen step alone would have led.
func TestEveryPairOverAllTracks(t *testing.T) {
	tried, all := seen{}, os.Getenv("HEJIE_PAIRS") == "all"
	cells, open, at := 0, 0, places{}
	for _, w := range walks {
		base, here := at.at(t, w).r, at.at(t, w).may
		steps := slices.Sorted(maps.Keys(here))
		for i, left := range steps {
			for _, right := range steps[i:] {
				decided := casework.Pair(left, right) != casework.BothStand
				if !all && !decided && tried.of(left, right) >= enough {
					continue
				}
				tried.add(left, right)
				a, b := apart(here[left], here[right])
				for _, other := range onOtherDays(base, w, a, b) {
					p := pair{base: base, a: a, b: other, want: contested(a, other)}
					p.check(t)
					cells++
					if p.want {
						open++
					}
				}
			}
		}
	}
	t.Logf("%d pairs of steps, %d cells, %d of them contested", len(tried), cells, open)
	longer(t, tried, at)
}

// onOtherDays is b, and where two that say the same stand, also one that says it
// of another day.
func onOtherDays(base *record, w walk, a, b doing) []doing {
	out := []doing{b}
	if casework.Pair(a.step, b.step) != casework.SameStand {
		return out
	}
	v := base.view()
	home, _, _ := strings.Cut(b.desk, "/")
	for _, o := range casework.Steps(base.state, everyRole(home), base.held()...) {
		if o.Step == b.step {
			next, err := base.do(everyRole(home), home, caseworktest.Later(b.day, 1), &v, &o)
			if err != nil {
				base.t.Fatalf("%s: %s a day later: %v", w.moves, b.step, err)
			}
			next.desk = b.desk
			out = append(out, next)
		}
	}
	return out
}

// pair are two steps taken apart from a base.
type pair struct {
	base *record
	a, b doing
	want bool // contested
}

func (p pair) String() string {
	return fmt.Sprintf("%+v: %s at %s ‖ %s at %s", casework.Tracks(p.base.state, p.base.held()...), p.a.step, p.a.desk, p.b.step, p.b.desk)
}

func (r *record) after(d doing) *record {
	out := r.at(d.desk)
	out.saveMade(d.made)
	return out
}

func (p pair) check(t *testing.T) {
	t.Helper()
	left, right := p.base.after(p.a), p.base.after(p.b)
	onlyA, onlyB := casework.Tracks(left.state, left.held()...), casework.Tracks(right.state, right.held()...)
	meet(left, right)
	v := left.view()
	if x, y := casework.Encode(v), casework.Encode(right.view()); !bytes.Equal(x, y) {
		t.Errorf("%s: the order of merging is seen:\n%s\n%s", p, x, y)
	}
	d := casework.DigestView(left.digest(), casework.Header{})
	if x, y := casework.Encode(d), casework.Encode(casework.DigestView(right.digest(), casework.Header{})); !bytes.Equal(x, y) {
		t.Errorf("%s: the order of merging is seen in the digest", p)
	}
	sameAsDigest(t, left)
	p.standing(t, &v)
	if got := len(v.Conflicts) > 0; got != p.want || len(d.Conflicts) != len(left.bare().Conflicts) {
		t.Errorf("%s: contested %v, digest %d, want %v", p, got, len(d.Conflicts), p.want)
		return
	}
	if p.want {
		p.decide(t, left, right, &v, onlyA, onlyB)
	}
}

// standing: both count, or both wait; nothing else is touched.
func (p pair) standing(t *testing.T, v *casework.CaseView) {
	t.Helper()
	count := map[casework.Standing]int{}
	all := takenSteps(*v)
	for _, s := range all {
		count[s.Standing]++
	}
	open := 0
	if p.want {
		open = 2
	}
	made := p.a.events() + p.b.events()
	if len(all) != len(takenSteps(p.base.view()))+made || count[casework.Open] != open || count[casework.Stands] != len(all)-open {
		t.Errorf("%s: standings %v of %d steps", p, count, len(all))
	}
}

// decide: who decides and why are as the table says, in words; while it is open
// the case stands where both agree or where it stood; each choice leads where
// the chosen step alone led.
func (p pair) decide(t *testing.T, left, right *record, v *casework.CaseView, onlyA, onlyB casework.State) {
	t.Helper()
	c := v.Conflicts[0]
	if len(v.Conflicts) != 1 || len(c.Values) != 2 || c.Decider != casework.DeciderOf(p.a.step, p.b.step) || c.Because != casework.PairReason(p.a.step, p.b.step) {
		t.Errorf("%s: %d conflicts, %d choices, decided by %q because of %q", p, len(v.Conflicts), len(c.Values), c.Decider, c.Because)
		return
	}
	explained(t, c)
	open := casework.Tracks(p.base.state, p.base.held()...)
	if onlyA == onlyB && !agreements(p.a, p.b) {
		open = onlyA
	}
	if v.State != open {
		t.Errorf("%s: while open %+v, want %+v", p, v.State, open)
	}
	for _, value := range c.Values {
		want := onlyB
		if value.Seat == seatOf(p.a.desk) {
			want = onlyA
		}
		x, y := left.at("judge"), right.at("judge")
		for _, r := range []*record{x, y} {
			if !decideBy(t, p, r, c, value.Value) {
				return
			}
		}
		after := x.view()
		if !bytes.Equal(casework.Encode(after), casework.Encode(y.view())) {
			t.Errorf("%s: the decision is seen differently", p)
		}
		sameAsDigest(t, x)
		if after.State != want || len(after.Conflicts) != 0 {
			t.Errorf("%s: after choosing %v the case is %+v, want %+v, %d conflicts", p, value.Value, after.State, want, len(after.Conflicts))
		}
	}
}

// agreements reports whether two steps are agreements, of which nothing is
// common where they differ.
func agreements(a, b doing) bool {
	made := func(d doing) bool { return d.step == casework.StepAgree || d.enters() }
	return made(a) && made(b)
}

// deciders are units of which one must be the right one.
var deciders = []string{"village", "township", "union", "court", "police"}

// decideBy lets who is entitled decide; whoever is not is told who is.
func decideBy(t *testing.T, p pair, r *record, c casework.Conflict, value any) bool {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	said := looked{}
	for _, desk := range deciders {
		r.desk = desk
		made, err := casework.Settle(r.state, c.Field, raw, everyRole(desk), r.sets())
		if err == nil {
			r.saveMade(made)
			return true
		}
		var refusal *casework.Refusal
		if !errors.As(err, &refusal) || refusal.Rule != "settle_"+string(c.Decider) {
			t.Errorf("%s: %s may not decide: %v", p, desk, err)
			return false
		}
		said.sentences(t, refusal)
	}
	t.Errorf("%s: nobody may decide", p)
	return false
}

// explained: the reason and who decides are said in the words of the case.
func explained(t *testing.T, c casework.Conflict) {
	t.Helper()
	for _, key := range []string{"pair." + c.Because} {
		zh, en := data.Text(data.Chinese, key, nil), data.Text(data.English, key, nil)
		if !data.HasText(key) || latin.MatchString(zh) || strings.ContainsAny(en, "{}") || zh == "" || en == "" {
			t.Errorf("%s says %q, %q", key, zh, en)
		}
	}
	for _, lang := range []data.Lang{data.Chinese, data.English} {
		for list, code := range map[string]string{"decider": string(c.Decider), "field": c.Field} {
			if word := data.Name(list, code, lang); word == "" || word == code {
				t.Errorf("%s %s has no name", list, code)
			}
		}
	}
}

// place is where moves lead, and what may be done there.
type place struct {
	r    *record
	next string // the day after the last move
	day  string // of what is done there
	may  map[string][]doing
}

// places keeps them by their moves.
type places map[string]*place

func (p places) at(t *testing.T, w walk) *place {
	if p[w.moves] == nil {
		x := &place{r: newRecord(t, goodDocument(t))}
		x.next = w.goOn(x.r, false)
		x.day = caseworktest.Later(x.next, 10)
		x.may = doings(x.r, w, x.day)
		p[w.moves] = x
	}
	return p[w.moves]
}

// longer tries the rows of the table whose two steps no situation allows at
// once: one desk goes on from a situation by several steps, the other takes one.
func longer(t *testing.T, tried seen, at places) {
	n := 0
	for i, x := range casework.StepNames() {
		for _, y := range casework.StepNames()[i:] {
			if casework.Pair(x, y) == casework.BothStand || tried.of(x, y) > 0 {
				continue
			}
			if n++; !branches(t, at, x, y) && !branches(t, at, y, x) {
				t.Errorf("no two desks come to %s ‖ %s", x, y)
			}
		}
	}
	t.Logf("%d rows of the table by longer branches", n)
}

// branches looks for a walk that one desk goes on to the step last while
// another takes the step once from where the walk began.
func branches(t *testing.T, at places, last, once string) bool {
	for _, w := range walks {
		if at.at(t, w).may[last] == nil {
			continue
		}
		moves := strings.Fields(w.moves)
		for n := len(moves) - 1; n >= 0; n-- {
			from := at.at(t, walk{moves: strings.Join(moves[:n], " ")})
			there := from.may[once]
			if there == nil {
				continue
			}
			left, day := from.r.at("village"), from.next
			for _, m := range moves[n:] {
				left.move(m, day)
				day = caseworktest.Later(day, 1)
			}
			a, b := apart(doings(left, w, at.at(t, w).day)[last], there)
			left, right := left.after(a), from.r.after(b)
			meet(left, right)
			sameViews(t, left, right)
			v := left.view()
			if len(v.Conflicts) == 0 {
				continue // they were about two letters
			}
			for _, c := range v.Conflicts {
				explained(t, c)
			}
			return true
		}
	}
	return false
}
