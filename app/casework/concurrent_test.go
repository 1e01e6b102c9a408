package casework_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// branch are steps from a common state that end in the step whose pair is
// looked at, so that each cell of the table is reached by lawful work alone.
type cell struct {
	common, left, right []string
	verdict             string // "both", or "person"
	state               string // of both desks after they met
	// chosen: state after choosing left's or right's first contradicting step.
	leftState, rightState string
}

func steps(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func cells() []cell {
	c := func(common, left, right, verdict, state string, chosen ...string) cell {
		out := cell{steps(common), steps(left), steps(right), verdict, state, "", ""}
		if len(chosen) == 2 {
			out.leftState, out.rightState = chosen[0], chosen[1]
		}
		return out
	}
	const work = "accept,assign,start-session"
	return []cell{
		c("", "accept", "accept", "both", "accepted/none"),
		c("", "accept", "accept later", "person", "accepted/none", "accepted/none", "accepted/none"),
		c("", "accept,assign", "accept later,terminate", "person", "terminated/none", "terminated/none", "terminated/none"),
		c("", "accept", "refuse", "person", "submitted/none", "accepted/none", "refused_intake/none"),
		c("", work, "refuse,close", "person", "submitted/none", "mediating/none", "closed/none"),
		c("", work+",oral", "refuse", "person", "submitted/none", "effective/performing", "refused_intake/none"),
		c("", work+",agree,sign,perform,perform 2,close", "refuse,close", "person", "submitted/none", "closed/performed", "closed/none"),
		c("", "refuse", "refuse", "both", "refused_intake/none"),
		c("", "refuse", "refuse other", "person", "refused_intake/none", "refused_intake/none", "refused_intake/none"),
		c("accept", "assign", "assign other", "both", "assigned/none"),
		c("accept", "assign", "terminate", "both", "terminated/none"),
		c("accept,assign", "start-session", "start-session", "both", "mediating/none"),
		c("accept,assign", "start-session", "terminate", "both", "terminated/none"),
		c("accept,assign", "start-session", "assign other", "both", "mediating/none"),
		c(work, "agree", "agree other", "person", "mediating/none", "agreed/none", "agreed/none"),
		c(work, "agree,sign", "oral", "person", "mediating/none", "effective/performing", "effective/performing"),
		c(work, "agree", "terminate", "person", "mediating/none", "agreed/none", "terminated/none"),
		c(work, "agree,sign,perform", "terminate,close", "person", "mediating/none", "effective/performing", "closed/none"),
		c(work, "agree", "start-session", "both", "agreed/none"),
		c(work, "agree", "assign other", "both", "agreed/none"),
		c(work, "terminate", "terminate", "both", "terminated/none"),
		c(work, "terminate", "terminate other", "person", "terminated/none", "terminated/none", "terminated/none"),
		c(work+",agree", "sign", "sign", "both", "effective/performing"),
		c(work+",agree", "sign", "terminate", "person", "agreed/none", "effective/performing", "terminated/none"),
		c(work+",agree", "sign", "agree other", "both", "effective/performing"),
		c(work+",agree,sign", "perform", "perform 2", "both", "effective/performed"),
		c(work+",agree,sign", "perform", "perform", "both", "effective/performing"),
		c(work+",agree,sign,perform", "perform 2,close", "perform 2", "both", "closed/performed"),
		c("refuse", "close", "close", "both", "closed/none"),
	}
}

// variants of fields that say something else.
var variants = map[string]string{
	"accept later":    `{"at":"2026-03-11"}`,
	"refuse other":    `{"ground":"not_civil","at":"2026-03-10"}`,
	"assign other":    `{"mediators":["周例计"],"by":"parties"}`,
	"agree other":     `{"form":"written","terms":[{"who":"王小例","what":"赔偿","amount_fen":30000,"due":"2026-03-20"}],"at":"2026-03-17"}`,
	"terminate other": `{"reason":"refused","at":"2026-03-17"}`,
}

func (r *record) work(names []string) {
	r.t.Helper()
	for _, s := range names {
		if f, ok := variants[s]; ok {
			r.act(strings.Fields(s)[0], f)
		} else {
			r.go_(s)
		}
	}
}

// TestTableOfConcurrentSteps tries every cell from both sides: which desk is
// left, and which operations arrive first, change nothing.
func TestTableOfConcurrentSteps(t *testing.T) {
	for _, tt := range cells() {
		name := fmt.Sprint(strings.Join(tt.left, "+"), " ‖ ", strings.Join(tt.right, "+"))
		t.Run(name, func(t *testing.T) {
			base := newRecord(t, goodDocument(t))
			base.work(tt.common)
			for _, side := range []string{"left", "right"} {
				a, b := base.at("village"), base.at("township")
				if side == "right" {
					a, b = base.at("township"), base.at("village")
				}
				a.work(tt.left)
				b.work(tt.right)
				meet(a, b)
				sameViews(t, a, b)
				a.wantStates(tt.state)
				conflicts := a.view().Conflicts
				if contested := len(conflicts) > 0; contested != (tt.verdict == "person") {
					t.Fatalf("conflicts %+v, want %s", conflicts, tt.verdict)
				}
				if len(conflicts) == 0 {
					continue
				}
				refusedWhileOpen(t, a)
				for _, v := range conflicts[0].Values {
					want := tt.rightState
					if v.Seat == seatOf(a.desk) {
						want = tt.leftState
					}
					x := a.at("other")
					x.settle("lifecycle.mediation", v.Value)
					x.wantStates(want)
					if left := x.view().Conflicts; len(left) != 0 {
						t.Fatalf("still open: %+v", left)
					}
					b2 := b.at("other")
					b2.take(x)
					sameViews(t, x, b2)
				}
			}
		})
	}
}

func refusedWhileOpen(t *testing.T, r *record) {
	t.Helper()
	for _, option := range casework.Steps(r.state, chief, r.held()...) {
		if option.Track == "referral" || neverWaits[option.Step] {
			continue
		}
		if option.Allowed || !slices.Contains([]string{"contested", "not_court", "no_application"}, option.Refusal.Rule) {
			t.Fatalf("%s while contested: %+v", option.Step, option.Refusal)
		}
	}
}

// chief is a person with every role of the village.
var chief = casework.Actor{Relation: casework.Owner, Roles: []string{"mediator", "director", "clerk", "judge"}}

// neverWaits: a party's right, and what is noted along.
var neverWaits = map[string]bool{"stop": true, "withdraw": true, "consent": true, "notice": true, "proxy": true, "assist": true, "risk": true, "report-risk": true, "release": true}

func seatOf(desk string) string { return fmt.Sprintf("%x", hash(desk)) }

func sameViews(t testing.TB, a, b *record) {
	t.Helper()
	if x, y := casework.Encode(a.view()), casework.Encode(b.view()); !bytes.Equal(x, y) {
		t.Fatalf("views differ:\n%s\n%s", x, y)
	}
	sameAsDigest(t, a)
}

// sameAsDigest: the digest stands where the case stands, and is contested alike.
func sameAsDigest(t testing.TB, r *record) {
	t.Helper()
	d := casework.DigestView(r.digest(), casework.Header{})
	v := r.bare()
	if d.State != v.State || d.Outcome != v.Outcome {
		t.Fatalf("digest %+v %s, case %+v %s", d.State, d.Outcome, v.State, v.Outcome)
	}
	if d.Counts.Parties != len(v.Parties) {
		t.Fatalf("digest counts %d parties, the case has %d", d.Counts.Parties, len(v.Parties))
	}
	contested := func(list []casework.Conflict) bool {
		return slices.ContainsFunc(list, func(c casework.Conflict) bool { return c.Field == "lifecycle.mediation" })
	}
	if contested(d.Conflicts) != contested(v.Conflicts) {
		t.Fatalf("digest %+v, case %+v", d.Conflicts, v.Conflicts)
	}
	if v.Agreement != nil && !v.Agreement.Contested && d.EffectiveOn != v.Agreement.EffectiveOn {
		t.Fatalf("effective %q in the digest, %q in the case", d.EffectiveOn, v.Agreement.EffectiveOn)
	}
	var digest, full []string
	for _, s := range d.Steps {
		digest = append(digest, s.ID+string(s.Standing)+s.On)
	}
	for _, s := range v.Steps {
		full = append(full, s.ID+string(s.Standing)+s.On)
	}
	slices.Sort(digest)
	slices.Sort(full)
	if !slices.Equal(digest, full) {
		t.Fatalf("steps of the digest %v, of the case %v", digest, full)
	}
}

// TestDecisionsThatContradict: two people decide differently while apart; a
// third decides again, naming everything.
func TestDecisionsThatContradict(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	b := a.at("township")
	a.work(steps("accept"))
	b.work(steps("refuse"))
	meet(a, b)
	values := a.view().Conflicts[0].Values
	a.settle("lifecycle.mediation", values[0].Value)
	b.settle("lifecycle.mediation", values[1].Value)
	if a.states() == b.states() {
		t.Fatal("both decided alike")
	}
	meet(a, b)
	sameViews(t, a, b)
	a.wantStates("submitted/none")
	if len(a.view().Conflicts) != 1 {
		t.Fatal("two decisions that contradict each other leave nothing to decide")
	}
	b.settle("lifecycle.mediation", values[0].Value)
	meet(a, b)
	sameViews(t, a, b)
	if len(a.view().Conflicts) != 0 {
		t.Fatal("still open")
	}
}

// TestWorkAfterAnUnseenDecision: a desk that did not know of the decision went
// on; its agreement opens the matter again and can be chosen, whole.
func TestWorkAfterAnUnseenDecision(t *testing.T) {
	a := newRecord(t, goodDocument(t))
	b := a.at("township")
	a.work(steps("accept,assign"))
	b.work(steps("refuse"))
	c := a.at("desk")
	meet(a, b)
	for _, v := range a.view().Conflicts[0].Values {
		if v.Seat == seatOf("township") {
			a.settle("lifecycle.mediation", v.Value)
		}
	}
	a.wantStates("refused_intake/none")
	c.work(steps("start-session"))
	meet(a, c)
	sameViews(t, a, c)
	a.wantStates("refused_intake/none") // a session alone decides nothing
	rests := a.view().Steps[len(a.view().Steps)-1]
	if !slices.ContainsFunc(a.view().Steps, func(s casework.Step) bool { return s.Standing == casework.Rests }) {
		t.Fatalf("the session is not shown as resting: %+v", rests)
	}

	d := newRecord(t, goodDocument(t))
	e := d.at("township")
	d.work(steps("accept,assign"))
	f := d.at("desk")
	e.work(steps("refuse"))
	meet(d, e)
	for _, v := range d.view().Conflicts[0].Values {
		if v.Seat == seatOf("township") {
			d.settle("lifecycle.mediation", v.Value)
		}
	}
	f.work(steps("start-session,oral"))
	meet(d, f)
	sameViews(t, d, f)
	conflicts := d.view().Conflicts
	if len(conflicts) != 1 || len(conflicts[0].Values) != 2 {
		t.Fatalf("got %+v", conflicts)
	}
	for _, v := range conflicts[0].Values {
		if v.Seat == seatOf("desk") {
			d.settle("lifecycle.mediation", v.Value)
		}
	}
	d.wantStates("effective/performing")
	meet(d, f)
	sameViews(t, d, f)
}

// TestTracksDependOnTheSetAlone drives three desks at random through lawful
// steps, edits and decisions with random meetings; then any order of arrival
// gives the same views, and the digest stands where the case stands.
func TestTracksDependOnTheSetAlone(t *testing.T) {
	all := []string{
		"accept", "accept later", "refuse", "refuse other", "assign", "assign other", "start-session", "agree", "agree other",
		"oral", "sign", "terminate", "terminate other", "perform", "perform 2", "close",
	}
	rapid.Check(t, func(rt *rapid.T) {
		base := newRecord(t, goodDocument(t))
		desks := []*record{base.at("village"), base.at("township"), base.at("desk")}
		n := rapid.IntRange(1, 25).Draw(rt, "moves")
		for range n {
			d := desks[rapid.IntRange(0, 2).Draw(rt, "desk")]
			switch rapid.IntRange(0, 5).Draw(rt, "move") {
			case 0:
				d.take(desks[rapid.IntRange(0, 2).Draw(rt, "from")])
			case 1:
				for _, cf := range d.view().Conflicts {
					v := cf.Values[rapid.IntRange(0, len(cf.Values)-1).Draw(rt, "choice")]
					d.settle(cf.Field, v.Value)
				}
			case 2:
				d.edit(rt)
			case 3, 4:
				var possible []string
				for _, o := range casework.Steps(d.state, mediator, d.held()...) {
					if o.Allowed {
						possible = append(possible, slices.DeleteFunc(slices.Clone(all), func(s string) bool {
							return s != o.Step && !strings.HasPrefix(s, o.Step+" ") && (s != "oral" || o.Step != "agree")
						})...)
					}
				}
				if len(possible) > 0 {
					d.attempt(rapid.SampledFrom(possible).Draw(rt, "possible"))
				}
			default:
				d.attempt(rapid.SampledFrom(all).Draw(rt, "step"))
			}
		}
		for range 2 {
			for i := range desks {
				desks[i].take(desks[(i+1)%3])
				desks[i].take(desks[(i+2)%3])
			}
		}
		sameViews(t, desks[0], desks[1])
		sameViews(t, desks[1], desks[2])
		sameViews(t, desks[0], desks[0].shuffled(rt))
		if v := desks[0].view(); len(v.Conflicts) == 0 {
			if _, ok := ways[desks[0].states()]; !ok && desks[0].states() != "closed/performed" {
				rt.Fatalf("no lawful state: %s", desks[0].states())
			}
		}
	})
}

// attempt takes a step if it is possible; a refusal must change nothing.
func (r *record) attempt(s string) {
	step := strings.Fields(s)[0]
	f, ok := variants[s]
	if !ok {
		f = fields[s]
	}
	if step == "oral" {
		step = "agree"
	}
	n := len(r.ops)
	if err := r.try(mediator, step, f); err != nil && len(r.ops) != n {
		r.t.Fatal("a refused step left an operation")
	}
}

func (r *record) edit(rt *rapid.T) {
	patches := []string{
		`{"claims":"请求一"}`, `{"claims":"请求二"}`, `{"claims":null}`, `{"amount_fen":30001}`, `{"amount_fen":900000000}`, `{"title":"另一个名称"}`,
		`{"facts":"围墙又占了滴水沟。"}`, `{"facts":"占了沟。"}`, `{"tags.+":"veteran"}`, `{"tags.elderly":null}`,
		`{"parties.+":{"side":"third","kind":"person","name":"陈例公"}}`,
	}
	if p := r.view().Parties; len(p) > 1 {
		last := p[len(p)-1].ID
		patches = append(patches, `{"parties.`+last+`":null}`, `{"parties.`+last+`.phone":"000-0000-0009"}`,
			`{"parties.`+last+`.needs.+":"dialect"}`, `{"parties.`+last+`.side":"third"}`)
	}
	n := len(r.ops)
	if err := r.trySet(rapid.SampledFrom(patches).Draw(rt, "patch")); err != nil && len(r.ops) != n {
		r.t.Fatal("a refused edit left an operation")
	}
}

// shuffled applies the same operations in another order that causality allows.
func (r *record) shuffled(rt *rapid.T) *record {
	out := &record{t: r.t, desk: "shuffled", state: newState()}
	left := slices.Clone(r.ops)
	for len(left) > 0 {
		var ready []int
		for i, o := range left {
			if !slices.ContainsFunc(o.meta.Heads, func(h crdt.ID) bool { return !out.state.Has(h) }) {
				ready = append(ready, i)
			}
		}
		i := ready[rapid.IntRange(0, len(ready)-1).Draw(rt, "next")]
		out.apply(left[i])
		left = slices.Delete(left, i, i+1)
	}
	out.takeNotes(r)
	return out
}

// FuzzAct: no fields make a step fail without a typed error, or change what
// two desks agree on.
func FuzzAct(f *testing.F) {
	for step, raw := range fields {
		f.Add(strings.Fields(step)[0], []byte(raw), uint8(len(step)))
	}
	f.Add("agree", []byte(`{"terms":[null]}`), uint8(2))
	f.Add("sign", []byte(`{"by":[""],"seal":null}`), uint8(3))
	states := []string{"submitted/none", "accepted/none", "mediating/none", "agreed/none", "effective/performing", "effective/performed"}
	f.Fuzz(func(t *testing.T, step string, raw []byte, at uint8) {
		r := newRecord(t, goodDocument(t))
		r.go_(ways[states[int(at)%len(states)]]...)
		err := r.try(mediator, step, string(raw))
		var refusal *casework.Refusal
		var problem *casework.FieldError
		if err != nil && !errors.As(err, &refusal) && !errors.As(err, &problem) {
			t.Fatalf("untyped error %v", err)
		}
		sameAsDigest(t, r)
	})
}
