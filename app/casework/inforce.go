package casework

import (
	"slices"

	"hejie/sync/crdt"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// StepEnterAgreement is the step by which a person enters an agreement that all
// have signed into the case; what it makes is an event in_force.
const StepEnterAgreement = "enter-agreement"

// StepInForce is the one event by which an agreement joins the case (DESIGN
// 12): its text, who signed it how and when, and the heads of the notes on which
// it rests. The step that completes the signatures at one desk makes it in the
// same save; where only the meeting of two desks completed them a person enters
// it. Nothing writes itself: a signature needs a seat, and a person may know
// what paper says.
const StepInForce = "in_force"

// wordingKeys are what the parties agreed, the same in a draft and in what was
// entered of it.
var wordingKeys = []string{keyForm, keyTerms, keyFacts, keyClauses, keyAcceleration, keyInterest, keyCopies, keyParties}

// wordingMarkSize is the length of a wording's mark.
const wordingMarkSize = 16

// wordingMark tells agreements apart in digests too: a hash over the draft's
// name and its words. Who does not hold the notes or the case can't tell words
// from it, since a draft's name is the hash of what he never saw.
func wordingMark(value map[string]crdt.Value) crdt.Value {
	words := map[string]crdt.Value{keyAgreement: value[keyAgreement]}
	for _, key := range wordingKeys {
		if v, there := value[key]; there {
			words[key] = v
		}
	}
	sum := seal.Hash("hejie agreement v1", dcbor.Must(words))
	return sum[:wordingMarkSize]
}

// signing is who signed a draft so far, and since when that is all.
type signing struct {
	signed             map[crdt.Ref]string // party -> day
	mediatorOn, sealOn string
}

func (s *signing) read(value map[string]crdt.Value, parties []crdt.Ref) {
	day := BeijingDay(str(value[keyAt]))
	for _, p := range parties {
		s.signed[p] = earlier(s.signed[p], day)
	}
	if value[keyMediator] == true {
		s.mediatorOn = earlier(s.mediatorOn, day)
	}
	if value[keySeal] == true {
		s.sealOn = earlier(s.sealOn, day)
	}
}

// completeOn is the day since which nothing is missing; "" while something is:
// an oral agreement is there when it is reached, a written one when all parties
// and a mediator signed and the committee sealed (人民调解法 arts. 29 and 30).
func (s *signing) completeOn(draft *event) string {
	if draft.form() == "oral" {
		return draft.day
	}
	if s.mediatorOn == "" || s.sealOn == "" {
		return ""
	}
	day := max(draft.day, s.mediatorOn, s.sealOn)
	for _, p := range draft.refs(keyParties) {
		if s.signed[p] == "" {
			return ""
		}
		day = max(day, s.signed[p])
	}
	return day
}

// signingKeys are what the case keeps of each signature.
var signingKeys = []string{keyBy, keyParties, keyMediator, keySeal, keyAt, keyHow, keyReading, keyReader}

// entry is the event in_force of a draft with its signatures, more among them
// that is being made; nil while something is missing.
func (c *course) entry(draft *event, signs []*event, rests []crdt.Ref) map[string]crdt.Value {
	s := signing{signed: map[crdt.Ref]string{}}
	rows := []crdt.Value{}
	for _, e := range signs {
		s.read(e.value, e.refs(keyParties))
		row := map[string]crdt.Value{}
		for _, key := range signingKeys {
			if v, there := e.value[key]; there {
				row[key] = v
			}
		}
		rows = append(rows, row)
	}
	on := s.completeOn(draft)
	if on == "" {
		return nil
	}
	out := map[string]crdt.Value{
		keyStep: StepInForce, keyAt: on, keySigned: rows, keyAgreement: refValue(draft.ref), keyRests: refList(rests),
	}
	for _, key := range wordingKeys {
		if v, there := draft.value[key]; there {
			out[key] = v
		}
	}
	if over := c.overruled(); len(over) > 0 {
		out[keyDespite] = refList(over)
	}
	out[keyWording] = wordingMark(out)
	return out
}

func refList(refs []crdt.Ref) crdt.Value {
	refs = slices.Clone(refs)
	slices.SortFunc(refs, crdt.CompareRefs)
	out := make([]crdt.Value, 0, len(refs))
	for _, r := range slices.Compact(refs) {
		out = append(out, refValue(r))
	}
	return out
}

// overruled are the steps of the case that a decision in the notes set aside in
// favour of the agreement: the case hears of that when it is entered.
func (c *course) overruled() []crdt.Ref {
	if c.log.plain == nil {
		return nil
	}
	plain := c.log.alone
	var out []crdt.Ref
	for i, e := range c.log.plain.events {
		at := c.log.index[e.ref]
		if c.standing[at] == Aside && plain.standing[i] != Aside && rulingOf(e.step, StepInForce).verdict != BothStand {
			out = append(out, e.ref)
		}
	}
	return out
}

// noteHeads are the last events of the notes.
func (l *log) noteHeads() []crdt.Ref {
	seen := newBitset(len(l.events))
	for _, e := range l.events {
		if e.notes {
			seen.union(e.before)
		}
	}
	var out []crdt.Ref
	for i, e := range l.events {
		if e.notes && !seen.has(i) {
			out = append(out, e.ref)
		}
	}
	return out
}

// entering makes the change of the step by which a person enters an agreement.
func (c *course) entering(value map[string]crdt.Value) []crdt.Change {
	entry := c.entry(c.facts.agreement, c.facts.signs, c.log.noteHeads())
	if entry == nil {
		return nil
	}
	if who := value[keyRecordedFor]; who != nil {
		entry[keyRecordedFor] = who
	}
	return []crdt.Change{eventChange(c.log, entry)}
}

// completing makes the agreement's entry where a step of the notes is the last
// that was missing; nil: it is not.
func (c *course) completing(step string, value map[string]crdt.Value) []crdt.Change {
	own := &event{ref: crdt.Ref{Op: ownOp}, step: step, value: value, day: BeijingDay(str(value[keyAt]))}
	var entry map[string]crdt.Value
	switch step {
	case StepAgree:
		entry = c.entry(own, nil, []crdt.Ref{own.ref})
	case StepSign:
		entry = c.entry(c.facts.agreement, append(slices.Clone(c.facts.signs), own), []crdt.Ref{own.ref})
	}
	if entry == nil {
		return nil
	}
	if who := value[keyRecordedFor]; who != nil {
		entry[keyRecordedFor] = who
	}
	return []crdt.Change{eventChange(c.log, entry)}
}
