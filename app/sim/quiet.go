package sim

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"hejie/app/api"
	"hejie/app/station"
	"hejie/store"
	"hejie/sync/oplog"
	"hejie/sync/sim"
)

// rounds bounds how often everybody meets the unit above before all must be in
// step: an operation goes up and down the whole tree, keys come after what they
// open, receipts after both.
const rounds = 14

// settle is a quiet point: every trouble ends, every machine loses power once
// more and comes up, everybody meets until all are in step; then all is compared.
func (r *run) settle(_ *sim.Task) {
	r.calm = true
	r.quiet++
	r.world.Trace.Note("", "all troubles end")
	r.net.Weather = sim.Weather{}
	r.net.Part()
	for _, m := range r.md.machines {
		m.mend()
		if m.flipped && r.chaos.IntN(2) == 0 { // it is seen before a power cut takes what was known outside
			m.stop()
			if m.disk.Dead() {
				m.disk.Restart(false)
			}
			r.boot(m)
		}
		m.stop()
		m.cold = true
		m.disk.Kill()
		m.disk.Restart(true)
		r.boot(m)
		if !m.up() && r.wrong == nil {
			r.fail(ruleOpens, m.name, "its program does not come up")
		}
		if r.wrong != nil {
			return
		}
	}
	if r.level() {
		r.compare()
	}
	for _, m := range r.md.machines {
		m.disk.MixInto(r.world.Trace)
	}
}

// level lets everybody meet until all are in step.
func (r *run) level() bool {
	// Who only answers learns at the next greeting that both were in step, and
	// only then knows that what it lost is all back.
	harmed := slices.ContainsFunc(r.md.machines, func(m *machine) bool { return m.harmed })
	again := harmed
	for range rounds {
		all := true
		for _, m := range r.md.machines {
			if m.above < 0 || m.lied {
				continue
			}
			if desk := r.md.of(m.unit); all && harmed && !again && m.second && desk != nil && desk != m {
				r.exchange(m, desk) // all whom they ever met, for the same reason
			}
			before := r.meetings()
			if !r.exchange(m, r.md.machines[m.above]) || r.meetings() != before {
				all = false
			}
			if r.wrong != nil {
				return false
			}
		}
		if all && again {
			again = false
			continue
		}
		if all {
			r.world.Trace.Note("", "all are in step")
			return true
		}
	}
	for _, m := range r.md.machines {
		if m.above < 0 || m.lied {
			continue
		}
		if why := r.apart(m, r.md.machines[m.above]); why != "" {
			r.fail(ruleStep, m.name, "after %d rounds of meetings it is not in step: %s", rounds, why)
			return false
		}
	}
	r.fail(ruleStep, "", "after %d rounds of meetings not all are in step", rounds)
	return false
}

// meetings is how many frames all machines hold together: a round that moves
// nothing leaves it as it is.
func (r *run) meetings() int {
	n := 0
	for _, m := range r.md.machines {
		n += len(m.held)
	}
	return n
}

// kept compares what a machine holds after it began anew with what it held.
func (r *run) kept(m *machine, before map[store.ID]struct{}) {
	var gone []store.ID
	for id := range before {
		if !m.holds(id) {
			gone = append(gone, id)
		}
	}
	if len(gone) == 0 || m.lied {
		m.older = false
		return
	}
	slices.SortFunc(gone, func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
	if m.lost {
		r.note(m, "%d frames are gone with what was done to the folder", len(gone))
		r.excuse(gone)
		if m.older {
			m.older = false
			return
		}
		sure := !m.cold || !m.flipped
		if m.missing == nil {
			m.missing = map[store.ID]bool{}
		}
		for _, id := range gone {
			m.missing[id] = sure
		}
		return
	}
	what := "frames"
	for _, s := range r.md.saves {
		if s.at == m && slices.ContainsFunc(gone, func(id store.ID) bool { return slices.Contains(s.ids, id) }) {
			what = "frames, of a save (" + s.what + ") that was acknowledged,"
			break
		}
	}
	r.fail(ruleKept, m.name, "%d %s are gone, the first %x", len(gone), what, gone[0][:4])
}

// excuse takes frames that nobody holds any more out of what must arrive.
func (r *run) excuse(gone []store.ID) {
	for _, id := range gone {
		if !slices.ContainsFunc(r.md.machines, func(m *machine) bool { return !m.lied && m.holds(id) }) {
			r.md.excused[id] = true
		}
	}
}

// compare holds everything against the model; all are in step.
func (r *run) compare() {
	for _, check := range []func(){r.numbers, r.arrived, r.draftsKept, r.statuses, r.equal, r.digests, r.secrets, r.dues} {
		if check(); r.wrong != nil {
			return
		}
	}
}

// numbers: nobody used a number of his lane twice.
func (r *run) numbers() {
	if len(r.md.twice) > 0 {
		o := r.md.twice[0]
		where := ""
		if o.by != nil {
			where = o.by.name
		}
		r.fail(ruleNumber, where, "two operations bear number %d of a lane (%s)", o.header.Number, kindOf(o))
	}
}

// arrived: every operation is held by every machine that is to hold it.
func (r *run) arrived() {
	for _, id := range r.md.order() {
		o := r.md.ops[id]
		if o.forged || r.md.gone(id) || r.md.gone(o.record) || r.md.lies(o.header.Seat) || r.md.of(o.header.Owner) == nil {
			continue // what a liar wrote, or in a case of which it may have withheld who is to have it
		}
		for _, unit := range r.md.readers(o, nil) {
			for _, m := range r.md.machines {
				if m.unit == unit && !m.lied && !m.holds(id) {
					r.fail(ruleArrives, m.name, "it lacks %x, %s, number %d of a lane", id[:4], kindOf(o), o.header.Number)
					return
				}
			}
		}
	}
}

// torn: something of a case is gone, or a key that may be its own: what is left of
// it need not tell of itself what a whole case does.
func (r *run) torn(of store.ID) bool {
	for id := range r.md.excused {
		if o := r.md.ops[id]; (o == nil || o.of == of) && r.md.gone(id) {
			return true
		}
	}
	return false
}

// draftsKept: what was typed and not saved is there too.
func (r *run) draftsKept() {
	ctx := context.Background()
	for _, m := range r.md.machines {
		for i, w := range m.staff {
			if len(m.drafts) == 0 {
				break // to sign in costs
			}
			ss, err := m.sit(i)
			if err != nil {
				r.fail(ruleOpens, m.name, "a person can't sign in: %v", err)
				return
			}
			for n := range 3 {
				name := fmt.Sprintf("draft-%d", n)
				want, promised := m.drafts[w.seat+"/"+name]
				if !promised {
					continue
				}
				if d, err := ss.Draft(ctx, name); err != nil || string(d.Value) != want {
					r.fail(ruleKept, m.name, "the draft %s was kept as %s and is %s (%v)", name, want, d.Value, err)
					return
				}
			}
		}
	}
}

// statuses: all say what is so, and nothing waits, is late or refused.
func (r *run) statuses() {
	liars := slices.ContainsFunc(r.md.machines, func(m *machine) bool { return m.lied })
	for _, m := range r.md.machines {
		if m.lied {
			continue
		}
		st, err := m.ss.Status(context.Background())
		if err != nil {
			r.fail(ruleReads, m.name, "it can't tell its status: %v", err)
			return
		}
		m.lost = false // what was taken came back, or is excused
		r.truth(m, st)
		// What a liar withheld or broke may wait, and was refused.
		if excused := len(r.md.excused) > 0 || liars; !excused && (st.Waiting > 0 || st.Refused > 0 || st.Owed > 0) {
			r.fail(ruleWhole, m.name, "all are in step, and %d operations wait, %d were refused, %d keys are owed", st.Waiting, st.Refused, st.Owed)
			return
		}
		for i := range st.Peers {
			p := &st.Peers[i]
			unit, err := parseID(p.Unit)
			if err != nil {
				continue
			}
			if o := r.md.of(unit); o == nil || m.above < 0 || r.md.machines[m.above] != o {
				continue
			}
			if p.InStepAt == "" {
				r.fail(ruleStep, m.name, "it is in step with %s and does not say so", p.UnitName)
			}
		}
		if r.losses(m, st); r.wrong != nil {
			return
		}
	}
}

// losses: a folder tells what it lost as long as it lacks it, and no longer.
func (r *run) losses(m *machine, st api.Status) {
	v, err := m.ss.Verify(context.Background())
	if err != nil {
		r.fail(ruleReads, m.name, "it can't be verified: %v", err)
		return
	}
	if !m.harmed && slices.ContainsFunc(st.Wrong, func(w api.Reason) bool { return w.Code == station.CodePacksLost }) {
		r.fail(ruleTruth, m.name, "nobody did anything to its packs, and it says that they hold less than they held")
		return
	}
	lacks := m.lacks()
	if len(lacks) == 0 {
		// A loss that nobody can name is settled once this machine was in step with all
		// whom it ever met: with who lies it may never be.
		liars := slices.ContainsFunc(r.md.machines, func(m *machine) bool { return m.lied })
		if liars {
			return
		}
		if len(v.Bad) > 0 {
			r.fail(ruleWhole, m.name, "verify finds %v", v.Bad)
		}
		for _, w := range st.Wrong {
			if slices.Contains(lossCodes, w.Code) {
				r.fail(ruleWhole, m.name, "it holds all that it ever held, and says: %s", w.Detail)
			}
		}
		return
	}
	// What nobody else had is gone, and must be told for as long.
	own := 0
	for _, id := range lacks {
		if o := r.md.ops[id]; o != nil && m.missing[id] && o.by == m && o.header.Class != oplog.ClassTree {
			own++
		}
	}
	if own > 0 && (len(v.Bad) == 0 || len(st.Wrong) == 0) {
		r.fail(ruleTold, m.name, "%d operations that were saved here are gone; verify finds %v, status says %v", own, v.Bad, st.Wrong)
	}
}

// lossCodes are what a status says of frames that are lost.
var lossCodes = []string{station.CodeFramesLost, station.CodeOwnLost, station.CodeDamaged}

// equal: who holds the same operations of a case shows the same bytes.
func (r *run) equal() {
	ctx := context.Background()
	for _, of := range r.md.files() {
		if r.md.of(r.md.cases[of].owner) == nil {
			continue // a liar's: it may have withheld the keys
		}
		shown := map[string]*machine{}
		documents := map[string][]byte{}
		for _, m := range r.md.machines {
			if m.lied || !m.holds(of) || !slices.Contains(r.md.readers(r.md.ops[of], nil), m.unit) {
				continue // what it only hands on it can't show
			}
			holding := r.holding(m, of)
			doc, err := m.ss.Document(ctx, hexID(of))
			if err != nil && r.torn(of) {
				continue
			}
			if err != nil {
				r.fail(ruleReads, m.name, "case %x can't be shown: %v", of[:4], err)
				return
			}
			r.world.Trace.Mix(doc)
			if r.torn(of) {
				continue // who has the key that is gone elsewhere shows more
			}
			if o := shown[holding]; o == nil {
				shown[holding], documents[holding] = m, doc
			} else if !bytes.Equal(documents[holding], doc) {
				r.fail(ruleEqual, m.name, "case %x is shown otherwise than at %s\n%s\n%s", of[:4], o.name, documents[holding], doc)
				return
			}
		}
	}
}

// holding names the operations of a case that a machine holds, digests aside.
func (r *run) holding(m *machine, of store.ID) string {
	var sum store.ID
	n := 0
	for id := range m.held {
		o := r.md.ops[id]
		if o == nil || o.forged || o.of != of || o.header.Class == oplog.ClassDigest {
			continue
		}
		n++
		for i := range sum { // any order
			sum[i] ^= id[i]
		}
	}
	return fmt.Sprintf("%d %x", n, sum)
}

// digests: whoever sees a case's figures alone sees its owner and what whoever
// holds it whole sees.
func (r *run) digests() {
	ctx := context.Background()
	for _, of := range r.md.files() {
		c := r.md.cases[of]
		owner := r.md.of(c.owner)
		if owner == nil || !owner.holds(of) || r.torn(of) {
			continue
		}
		whole, err := owner.ss.Case(ctx, hexID(of))
		if err != nil {
			r.fail(ruleReads, owner.name, "case %x can't be shown: %v", of[:4], err)
			return
		}
		for _, m := range r.md.machines {
			v, err := m.ss.Case(ctx, hexID(of))
			if m.lied || err != nil || v.Digest == nil {
				continue
			}
			if v.Unit != whole.Unit || v.Digest.Counts["parties"] != len(whole.Parties) || v.Category != whole.Category {
				r.fail(ruleOwner, m.name, "case %x is shown as of %s with %d parties, and is of %s with %d", of[:4], v.UnitName, v.Digest.Counts["parties"], whole.UnitName, len(whole.Parties))
				return
			}
		}
	}
}
