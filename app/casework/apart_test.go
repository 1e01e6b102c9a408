package casework_test

import (
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
)

// moves takes moves one after another from a day on.
func (r *record) moves(day string, moves ...string) {
	r.t.Helper()
	for i, m := range moves {
		r.move(m, caseworktest.Later(day, i))
	}
}

func walked(t *testing.T, moves string) *record {
	t.Helper()
	r := newRecord(t, goodDocument(t))
	walk{moves: moves}.goOn(r, false)
	return r
}

// bothOrders merges what two desks did apart in both orders and under several
// names: which operation's name is the smaller decides nothing.
func bothOrders(t *testing.T, base *record, left, right func(r *record), want func(s casework.State) bool) {
	t.Helper()
	for _, desks := range [][2]string{{"village", "township"}, {"township", "village"}, {"village/2", "village"}, {"village", "village/2"}, {"township/2", "village/3"}} {
		a, b := base.at(desks[0]), base.at(desks[1])
		left(a)
		right(b)
		meet(a, b)
		sameViews(t, a, b)
		if s := casework.Tracks(a.state, a.held()...); !want(s) {
			t.Errorf("%v: %+v", desks, s)
		}
	}
}

// TestNobodyLeftIsAcceptedAgain: who was assigned stood aside, and nobody is left (DOMAIN 1.6).
func TestNobodyLeftIsAcceptedAgain(t *testing.T) {
	r := walked(t, "accept assign recuse")
	r.wantStates("accepted/none")
	r.act("assign", `{"mediators":["刘例芳"],"by":"parties"}`)
	r.wantStates("assigned/none")
}

// TestANewAgreementIsNotConfirmedByTheOldRuling: who begins anew gives up what
// rested on the old agreement, the court's ruling too.
func TestANewAgreementIsNotConfirmedByTheOldRuling(t *testing.T) {
	for _, way := range []string{toCourt + "confirm-rule@court", toEffective + "notarise", toEffective + "order-apply order-issue order-end?result=final"} {
		r := walked(t, way)
		r.move("reopen", "2026-03-25")
		r.moves("2026-03-26", "start-session", "agree", "sign")
		if s := casework.Tracks(r.state, r.held()...); s.Mediation != casework.StateEffective || s.Confirmation != casework.StateNone {
			t.Errorf("%s: %+v", way, s)
		}
		r.move("default?term=1", "2026-04-20")
		wantRule(t, r.try(everyRole("village"), "enforce", `{"at":"2026-04-21","by":["李大样"]}`), "not_enforceable")
	}
}

// TestOneOfTwoEqualApplicationsIsNotForgotten: the parties' application went out
// at two desks alike; what the court did on the one counts.
func TestOneOfTwoEqualApplicationsIsNotForgotten(t *testing.T) {
	base := walked(t, toEffective)
	bothOrders(t, base, func(r *record) {
		r.moves("2026-03-20", "confirm-apply")
		home := r.desk
		r.desk = "court"
		r.moves("2026-03-20", "confirm-accept")
		r.desk = home
	}, func(r *record) { r.moves("2026-03-20", "confirm-apply") },
		func(s casework.State) bool { return s.Confirmation == casework.StateAccepted })
	bothOrders(t, base, func(r *record) { r.moves("2026-03-20", "order-apply", "order-issue") }, func(r *record) { r.moves("2026-03-20", "order-apply") },
		func(s casework.State) bool { return s.Confirmation == casework.StateOrderIssued })
}

// TestAnAnswerAnswersWhatItSaw: a supplement or a decision on an objection does
// away with what its author knew of, and a ruling that was revoked stays so.
func TestAnAnswerAnswersWhatItSaw(t *testing.T) {
	base := walked(t, toApplied+"confirm-ask@court")
	bothOrders(t, base, func(r *record) { r.moves("2026-03-20", "confirm-supply") }, func(r *record) {
		home := r.desk
		r.desk = "court"
		fields := `{"at":"2026-03-20","what":"委托书"}`
		if err := r.try(everyRole("court"), "confirm-ask", fields); err == nil {
			t.Error("asked for while it waits")
		}
		r.desk = home
		r.moves("2026-03-20", "confirm-supply", "confirm-ask@court")
	}, func(s casework.State) bool { return s.Confirmation == casework.StateSupplement })
	base = walked(t, toCourt+"confirm-rule@court")
	bothOrders(t, base, func(r *record) {
		r.moves("2026-03-20", "confirm-object", "confirm-objection@court?result=upheld")
	}, func(r *record) { r.moves("2026-03-20", "confirm-object") },
		func(s casework.State) bool { return s.Confirmation == casework.StateRevoked })
	bothOrders(t, base, func(r *record) {
		r.moves("2026-03-20", "confirm-object", "confirm-objection@court?result=rejected")
	}, func(r *record) { r.moves("2026-03-20", "confirm-object") },
		func(s casework.State) bool { return s.Confirmation == casework.StateObjected })
}

// TestWhoWorkedBeforeIsNotInWork: a letter is in work when its receiver took a
// step of mediation after accepting it, not because it did so once before.
func TestWhoWorkedBeforeIsNotInWork(t *testing.T) {
	r := walked(t, "accept@township assign@township refer?kind=hand_up&to=township refer-receive@township refer-accept@township")
	if s := casework.Tracks(r.state, r.held()...); s.Referral != casework.StateAccepted {
		t.Errorf("%+v", s)
	}
	r.moves("2026-03-20", "start-session@township")
	if s := casework.Tracks(r.state, r.held()...); s.Referral != casework.StateInWork {
		t.Errorf("%+v", s)
	}
}

// TestTheDigestOrdersAsTheCaseDoes: what a digest leaves out, edits among the
// steps, moves nothing in it.
func TestTheDigestOrdersAsTheCaseDoes(t *testing.T) {
	base := walked(t, "accept")
	for i := range 6 {
		a, b := base.at("village/"+string(rune('a'+i))), base.at("township")
		a.set(`{"title":"改名"}`)
		a.set(`{"title":"再改名"}`)
		a.moves("2026-03-20", "refer-draft?kind=transfer&to=union")
		b.moves("2026-03-20", "refer?kind=guidance&to=union", "refer-receive@union")
		meet(a, b)
		sameViews(t, a, b)
	}
}

// TestADecisionSettlesWhatItSaw: two desks agreed, signed and began anew apart.
// Whatever is chosen, a few decisions end it: what rests on a wording that the
// decider put aside does not ask again.
func TestADecisionSettlesWhatItSaw(t *testing.T) {
	base := walked(t, toWork)
	a, b := base.at("village"), base.at("township")
	a.moves("2026-03-20", "agree", "sign", "reopen")
	b.moves("2026-03-20", "agree?copies=4", "agree", "sign", "order-apply", "order-issue", "reopen")
	meet(a, b)
	sameViews(t, a, b)
	if len(a.view().Conflicts) == 0 {
		t.Fatal("nothing to decide")
	}
	decideAll(t, a, 3)
}

// decideAll follows every choice until nothing waits.
func decideAll(t *testing.T, r *record, most int) {
	t.Helper()
	conflicts := r.view().Conflicts
	if len(conflicts) == 0 {
		return
	}
	if most == 0 {
		t.Fatalf("still to decide: %s", casework.Encode(conflicts))
	}
	for _, v := range conflicts[0].Values {
		next := r.at(r.desk)
		next.settle(conflicts[0].Field, v.Value)
		sameAsDigest(t, next)
		decideAll(t, next, most-1)
	}
}
