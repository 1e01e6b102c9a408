package station

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
	"hejie/sync/oplog"
)

// check is the oracle after every save and every meeting: each step here is one
// that was saved, as it was saved; steps count, or a contradiction says why not;
// and where nothing is contested the case stands where the model puts it.
func (d *driven) check(n *node, w *work, x *sight) {
	d.t.Helper()
	known := map[string]*taken{}
	for _, e := range w.told {
		known[e.id] = e
	}
	var standing stepSet
	count := map[casework.Standing]int{}
	decided := 0
	for _, s := range x.bare.Steps {
		count[s.Standing]++
		if s.Step == "settle" {
			decided++
			continue
		}
		e := known[s.ID]
		if e == nil {
			d.t.Fatalf("%s: case %d: nobody saved %s", n.name, w.at, s.Step)
		}
		if e.step != s.Step {
			d.t.Fatalf("%s: case %d: %s is shown as %s", n.name, w.at, e.step, s.Step)
		}
		if s.Standing == casework.Stands {
			standing = append(standing, e)
		}
	}
	open := slices.ContainsFunc(x.bare.Conflicts, func(c casework.Conflict) bool { return strings.HasPrefix(c.Field, "lifecycle.") })
	if open != (count[casework.Open] > 0) || decided == 0 && !open && count[casework.Stands] != len(x.bare.Steps) || decided == 0 && count[casework.Aside] > 0 || count[casework.Foreign] > 0 {
		d.t.Fatalf("%s: case %d: standings %v, %d decisions, contested %v\n%s", n.name, w.at, count, decided, open, d.trace(w))
	}
	for list, state := range map[string]string{"mediation_state": x.bare.State.Mediation, "performance_state": x.bare.State.Performance, "confirmation_state": x.bare.State.Confirmation, "referral_state": x.bare.State.Referral} {
		if !data.Has(list, state) {
			d.t.Fatalf("%s: case %d: no such state: %+v", n.name, w.at, x.bare.State)
		}
	}
	if open {
		return
	}
	slices.SortStableFunc(standing, func(a, b *taken) int { return slices.Index(w.told, a) - slices.Index(w.told, b) })
	want, got := model(standing), x.bare.State
	if slices.Contains((&tracks{stepSet: standing}).letters(), got.Referral) {
		want.Referral = got.Referral // of several letters apart either may be the last
	}
	if got != want {
		d.t.Fatalf("%s: case %d is %+v, by its steps %+v\n%s", n.name, w.at, got, want, d.trace(w))
	}
}

// trace is what was done in a case, for whoever looks for a mistake.
func (d *driven) trace(w *work) string {
	var out []string
	for _, line := range d.log {
		if strings.Contains(line, fmt.Sprintf(": %d ", w.at)) && strings.HasSuffix(line, ": saved") || strings.Contains(line, " meet") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// end lets all meet, has what waits for a person decided by who may, and then
// wants everything to be everywhere where it belongs, and alike.
func (d *driven) end() {
	d.meetAll()
	for _, w := range d.cases {
		for _, n := range d.nodes {
			if x := n.look(w); x != nil && x.whole {
				d.sum.contested += len(x.view.Conflicts)
				break
			}
		}
	}
	for round := 0; d.waiting(); round++ {
		if round > 20 {
			for _, w := range d.cases {
				for _, c := range w.owner.look(w).view.Conflicts {
					d.t.Errorf("case %d: %s is never decided: %s\n%s", w.at, c.Field, casework.Encode(c), d.trace(w))
				}
			}
			return
		}
		for _, w := range d.cases {
			d.decideNext(w)
		}
		d.meetAll()
	}
	d.everythingIsThere()
	d.alike()
}

func (d *driven) meetAll() {
	for range 3 {
		meet(d.nodes[0].desk, d.nodes[1].desk)
		meet(d.nodes[1].desk, d.nodes[2].desk)
		meet(d.nodes[0].desk, d.nodes[2].desk)
	}
	for _, p := range [][2]int{{0, 1}, {1, 2}, {0, 2}} {
		if r := meet(d.nodes[p[0]].desk, d.nodes[p[1]].desk); !r.InStep || r.RoundTrips != 1 {
			d.t.Fatalf("%s and %s are not in step: %+v", d.nodes[p[0]].name, d.nodes[p[1]].name, r)
		}
	}
	for _, n := range d.nodes {
		for _, w := range d.cases {
			if x := n.look(w); x != nil && x.whole {
				d.check(n, w, x)
			}
		}
	}
}

func (d *driven) waiting() bool {
	return slices.ContainsFunc(d.cases, func(w *work) bool { return len(w.owner.look(w).view.Conflicts) > 0 })
}

// decideNext has the first thing that waits in a case decided by whoever may:
// somebody always may.
func (d *driven) decideNext(w *work) {
	conflicts := w.owner.look(w).view.Conflicts
	if len(conflicts) == 0 {
		return
	}
	field, values := conflicts[0].Field, choices(conflicts[0])
	value := values[d.r.IntN(len(values))]
	for _, n := range d.nodes {
		for i := range n.people {
			n.take(i)
			if x := n.look(w); x != nil && x.whole && d.settle(n, w, x, field, value) {
				return
			}
		}
	}
	d.t.Fatalf("case %d: nobody may decide on %s\n%s", w.at, field, d.trace(w))
}

// everythingIsThere: every operation that a station said was saved is at every
// node that reads the case, and every step of it in the history.
func (d *driven) everythingIsThere() {
	d.t.Helper()
	for _, w := range d.cases {
		holders := 0
		for _, n := range d.nodes {
			x := n.look(w)
			if x == nil || !x.whole {
				continue
			}
			holders++
			for id, what := range w.ops {
				if !x.state.Has(id) {
					d.t.Fatalf("%s lost %s of case %d", n.name, what, w.at)
				}
			}
			if x.state.Len() != len(w.ops) {
				d.t.Fatalf("%s has %d operations of case %d, %d were saved", n.name, x.state.Len(), w.at, len(w.ops))
			}
			var ids []string
			for _, s := range x.bare.Steps {
				ids = append(ids, s.ID)
			}
			for _, e := range w.told {
				if !slices.Contains(ids, e.id) {
					d.t.Fatalf("%s does not show %s of case %d", n.name, e.step, w.at)
				}
			}
		}
		if holders == 0 {
			d.t.Fatalf("nobody has case %d", w.at)
		}
	}
}

// alike: equal operations give equal documents, digests and contradictions,
// byte for byte; the folders are whole; what is derived anew is what was kept.
func (d *driven) alike() {
	d.t.Helper()
	for _, w := range d.cases {
		var document, digest []byte
		for _, n := range d.nodes {
			if x := n.look(w); x != nil && x.whole {
				bare := casework.Encode(x.bare)
				if document != nil && !bytes.Equal(document, bare) {
					d.t.Fatalf("case %d at %s\n%s\nelsewhere\n%s", w.at, n.name, bare, document)
				}
				document = bare
			}
			own, view := d.digestAt(n, w)
			if own == nil {
				if x := n.look(w); x != nil && x.whole {
					d.t.Fatalf("%s has case %d and not its digest", n.name, w.at)
				}
				continue // neither above the owner nor asked by letter
			}
			if digest != nil && !bytes.Equal(digest, own) {
				d.t.Fatalf("the digest of case %d at %s\n%s\nelsewhere\n%s", w.at, n.name, own, digest)
			}
			digest = own
			if at := w.owner.look(w).bare; view.State != at.State || view.Outcome != at.Outcome || len(view.Steps) != len(at.Steps) {
				d.t.Fatalf("the digest of case %d at %s stands at %+v, the case at %+v", w.at, n.name, view.State, at.State)
			}
		}
	}
	for _, n := range d.nodes {
		v, err := n.ss.Verify(context.Background())
		if err != nil || len(v.Bad) != 0 {
			d.t.Fatalf("%s: %+v, %v", n.name, v, err)
		}
		st := n.status()
		if st.Waiting != 0 || st.Late != 0 || st.Refused != 0 || st.Owed != 0 {
			d.t.Fatalf("%s: %+v", n.name, st)
		}
		before := n.list()
		if _, err := n.ss.Rebuild(context.Background()); err != nil {
			d.t.Fatal(err)
		}
		if after := n.list(); after != before {
			d.t.Fatalf("%s: a rebuild gives another list\n%s\n%s", n.name, before, after)
		}
	}
}

// digestAt is the digest of a case as a node holds it; nil: it holds none.
func (d *driven) digestAt(n *node, w *work) ([]byte, casework.DigestDocument) {
	d.t.Helper()
	var out []byte
	var v casework.DigestDocument
	err := n.ss.view(context.Background(), func(rd store.Reader) error {
		id, err := parseHex(w.id)
		if err != nil {
			return err
		}
		ids, err := n.ss.open.replica.RecordsOf(rd, id, oplog.KindDigest)
		if err != nil || len(ids) == 0 {
			return err
		}
		_, s, err := n.ss.open.replica.State(rd, ids[0])
		if err != nil || s.Len() == 0 {
			return err // it carries what it can't read
		}
		v = casework.DigestView(s, casework.Header{ID: id})
		out = casework.Encode(v)
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return out, v
}

// sameRun: a seed gives the same run again; with other clocks the same moves
// have the same outcomes and the cases end alike, though every id is another.
func (d *driven) sameRun(o *driven, clocks bool) {
	d.t.Helper()
	for i := range min(len(d.log), len(o.log)) {
		if d.log[i] != o.log[i] {
			d.t.Fatalf("move %d was %q and is %q", i, d.log[i], o.log[i])
		}
	}
	if len(d.log) != len(o.log) || !maps.Equal(d.sum.rules, o.sum.rules) {
		d.t.Fatalf("%d moves, and %d", len(d.log), len(o.log))
	}
	for i, w := range d.cases {
		a, b := w.owner.look(w), o.cases[i].owner.look(o.cases[i])
		if x, y := ending(&a.view), ending(&b.view); x != y {
			d.t.Fatalf("case %d ended as\n%s\nand\n%s", i, x, y)
		}
		if clocks && !bytes.Equal(a.raw, b.raw) {
			d.t.Fatalf("two runs of a seed:\n%s\n%s", a.raw, b.raw)
		}
	}
}

// ending is how a case ended, without ids and hints of clocks.
func ending(v *casework.CaseView) string {
	var steps []string
	for _, s := range v.Steps {
		steps = append(steps, fmt.Sprint(s.Step, s.On, s.Standing, s.Unit))
	}
	slices.Sort(steps)
	return fmt.Sprintln(v.State, v.Outcome, v.Claims, steps, len(v.Conflicts))
}
