package casework

import (
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// complete adds to a step's value what the program knows by itself, and looks
// at what its fields mean in this case.
func (c *course) complete(ck *checker, s *crdt.State, a Actor, step string, value map[string]crdt.Value) *Refusal {
	switch trackOf(step) {
	case trackPerformance:
		return c.completePerformance(ck, s, step, value)
	case trackConfirmation:
		return c.completeConfirmation(ck, s, step, value)
	case trackReferral:
		return c.completeReferral(ck, s, a, step, value)
	}
	switch step {
	case StepAssign:
		ck.number(value, strs(value[keyMediators]))
		c.checkMediators(ck, s, value)
		return c.checkChange(ck, s, value)
	case StepDisclose, StepRecuse:
		c.checkMediator(ck, step, value)
	case StepAgree:
		value[keyParties] = allParties(s)
		ck.checkTerms(s, c, value)
		ck.ownMediators(a)
	case StepSign:
		c.signatures(ck, s, value)
		c.whichDraft(ck, value)
	case StepRefuseDraft:
		value[keyParties] = c.partiesNamed(ck, s, keyBy, value)
		c.whichDraft(ck, value)
	case StepEnterAgreement:
		return c.overruling(step, a)
	case StepUndisputed:
		c.named(ck, s, keyConfirmedBy, value)
	case StepGiveMinutes:
		c.named(ck, s, keyBy, value)
	case StepRelease:
		c.named(ck, s, keyReleased, value)
	case StepConsent, StepStop, StepWithdraw:
		refs := c.partiesNamed(ck, s, keyBy, value)
		if step == StepConsent {
			value[keyParties] = refs
		}
	case StepExtend:
		value[keyParties] = c.partiesNamed(ck, s, keyConsentBy, value)
		c.wantAll(ck, s, keyConsentBy, value[keyParties])
		if at, until := str(value[keyAt]), str(value[keyUntil]); BeijingDay(until) <= BeijingDay(at) {
			ck.fail(keyUntil, CodeOrder, "value", until, "before", at, "what", step)
		}
	case StepReopen:
		if value[keyAnew] == true {
			c.wantAll(ck, s, keyConsentBy, c.partiesNamed(ck, s, keyConsentBy, value))
		}
	}
	return nil
}

// named demands that every party that the case has now speaks for itself in a
// field, and notes them: what only some of them confirmed, signed or released
// stays with the body (在线调解规则 arts. 18, 22).
func (c *course) named(ck *checker, s *crdt.State, key string, value map[string]crdt.Value) {
	value[keyParties] = c.partiesNamed(ck, s, key, value)
	c.wantAll(ck, s, key, value[keyParties])
}

// ownMediators warns a court that drafts an agreement itself: its own mediators
// are a unit of their own, whose notes it does not read (在线调解规则 art. 18).
func (c *checker) ownMediators(a Actor) {
	if body, known := c.body(a.Unit); known && contains(courtBodies, body.Kind) {
		c.warn(keyForm, "court_mediates", "value", body.Name)
	}
}

// whichDraft is the draft that a signature or a refusal is about: the one that
// its author names, or the one that counts.
func (c *course) whichDraft(ck *checker, value map[string]crdt.Value) {
	draft := c.facts.agreement
	if draft == nil || c.facts.entered != nil {
		return // not possible, which why says
	}
	if id := str(value[keyAgreement]); id != "" && strings.ToLower(id) != EntryID(draft.ref) {
		ck.fail(keyAgreement, "other_wording", "value", shorten(id), "known", EntryID(draft.ref))
		return
	}
	value[keyAgreement] = refValue(draft.ref)
}

// overruling asks, where an agreement is entered despite an ending or a pause
// that a person decided against, for somebody who may decide so.
func (c *course) overruling(step string, a Actor) *Refusal {
	if len(c.overruled()) == 0 {
		return nil
	}
	return roleRefusal(step, a, settleRoles)
}

func allParties(s *crdt.State) crdt.Value {
	var refs []crdt.Value
	for _, e := range s.Entries(root(fieldParties)) {
		refs = append(refs, refValue(e.Ref))
	}
	return emptyList(refs)
}

// checkMediators warns of mediators who bear a party's name, and refuses one
// who stood aside in this case (特邀调解规定 arts. 15, 16).
func (c *course) checkMediators(ck *checker, s *crdt.State, value map[string]crdt.Value) {
	people := signers(parties(s), c, str(value[keyAt]))
	gone := c.recused()
	for i, name := range strs(value[keyMediators]) {
		if p := people[name]; p != nil && len(p.parties) > 0 {
			ck.warn(keyMediators, "mediator_is_party", "value", name)
		}
		if slices.Contains(gone, name) {
			ck.fail(indexed(keyMediators, i), "recused", "value", name)
		}
	}
}

// recused are the names that stood aside.
func (c *course) recused() []string {
	var out []string
	for _, e := range c.counted {
		if e.step == StepRecuse {
			out = append(out, str(e.value[keyMediator]))
		}
	}
	return out
}

// checkMediator looks whether a step names one of the mediators, and counts
// those who remain.
func (c *course) checkMediator(ck *checker, step string, value map[string]crdt.Value) {
	now := c.mediators()
	name := str(value[keyMediator])
	if !slices.Contains(now, name) {
		ck.fail(keyMediator, CodeName, "value", shorten(name), "known", strings.Join(now, ", "))
	}
	if step == StepRecuse {
		value[keyLeft] = int64(len(now) - 1)
		ck.number(value, []string{name})
	}
}

// number adds the mediators' numbers to a step that names them, for figures by
// mediator where the case itself is not read.
func (c *checker) number(value map[string]crdt.Value, mediators []string) {
	if c.set == nil || c.set.Number == nil || len(mediators) == 0 {
		return
	}
	list, some := make([]crdt.Value, len(mediators)), false
	for i, name := range mediators {
		n := RosterNumber(c.set.Number(name))
		list[i], some = n, some || n != ""
	}
	if some {
		value[keyRoster] = list
	}
}

// partiesNamed are the parties for whom the names of a field speak: themselves
// or who may sign for them.
func (c *course) partiesNamed(ck *checker, s *crdt.State, key string, value map[string]crdt.Value) crdt.Value {
	all := parties(s)
	people := signers(all, c, str(value[keyAt]))
	used := map[string]int{}
	var refs []crdt.Ref
	for i, name := range strs(value[key]) {
		p := people[name]
		switch {
		case p == nil || len(p.parties) == 0 && p.barred == "":
			ck.fail(indexed(key, i), CodeName, "value", shorten(name), "known", strings.Join(partyNames(people), ", "))
		case len(p.parties) == 0:
			ck.fail(indexed(key, i), p.barredCode(), "value", shorten(name))
		default:
			refs = append(refs, c.speaksFor(all, name, p, used)...)
		}
	}
	slices.SortFunc(refs, crdt.CompareRefs)
	list := []crdt.Value{}
	for _, r := range slices.Compact(refs) {
		list = append(list, refValue(r))
	}
	return list
}

// wantAll demands that every party is among refs.
func (c *course) wantAll(ck *checker, s *crdt.State, key string, refs crdt.Value) {
	have := map[crdt.Ref]bool{}
	list, _ := refs.([]crdt.Value)
	for _, v := range list {
		if r, ok := refOf(v); ok {
			have[r] = true
		}
	}
	var missing []string
	for _, p := range parties(s) {
		if !have[p.ref] {
			missing = append(missing, p.Name)
		}
	}
	if len(missing) > 0 && len(ck.problems) == 0 {
		ck.fail(key, "not_all", "missing", strings.Join(missing, ", "))
	}
}

func partyNames(people map[string]*signer) []string {
	var out []string
	for name, p := range people {
		if len(p.parties) > 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func emptyList(in []crdt.Value) crdt.Value {
	if in == nil {
		return []crdt.Value{}
	}
	return in
}

// signer is what a name may sign for.
type signer struct {
	parties  []crdt.Ref // that it signs for
	mediator bool
	barred   string // why it signs for nobody, where it stands beside a party; empty: it does not
}

// signers maps names to what they may sign for on a day: parties themselves and
// who may speak for them (Party.SignsFor), and the mediators assigned.
func signers(all []storedParty, c *course, day string) map[string]*signer {
	out := map[string]*signer{}
	of := func(name string) *signer {
		name = strings.TrimSpace(name)
		if out[name] == nil {
			out[name] = &signer{}
		}
		return out[name]
	}
	list := make([]Party, len(all))
	for i, p := range all {
		list[i] = p.Party
	}
	for _, p := range all {
		for _, s := range p.SignsFor(list, day) {
			who := of(s.Name)
			switch {
			case !s.May():
				who.barred = s.Why
			case !slices.Contains(who.parties, p.ref):
				who.parties = append(who.parties, p.ref)
			}
		}
	}
	for _, name := range c.mediators() {
		of(name).mediator = true
	}
	delete(out, "")
	return out
}

// barredCode is the reason for which a name signs for nobody.
func (p *signer) barredCode() string {
	if p.barred == WhyGeneral {
		return "authority"
	}
	return "signer_" + p.barred
}

func signerNames(people map[string]*signer) []string {
	var out []string
	for name, p := range people {
		if p.mediator || len(p.parties) > 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// signatures finds for whom the names of a signing step sign. Two parties of
// one name need that name twice.
func (c *course) signatures(ck *checker, s *crdt.State, value map[string]crdt.Value) {
	all := parties(s)
	people := signers(all, c, str(value[keyAt]))
	used := map[string]int{}
	var refs []crdt.Ref
	mediator := false
	names, _ := value[keyBy].([]crdt.Value)
	for i, v := range names {
		name := str(v)
		p := people[name]
		switch {
		case p == nil:
			ck.fail(indexed(keyBy, i), CodeName, "value", shorten(name), "known", strings.Join(signerNames(people), ", "))
			continue
		case len(p.parties) == 0 && !p.mediator:
			ck.fail(indexed(keyBy, i), p.barredCode(), "value", shorten(name))
			continue
		}
		mediator = mediator || p.mediator
		refs = append(refs, c.signsFor(all, name, p, used)...)
	}
	if len(names) == 0 && value[keySeal] != true {
		ck.fail(keyBy, "nobody")
	}
	slices.SortFunc(refs, crdt.CompareRefs)
	refs = slices.Compact(refs)
	list := []crdt.Value{}
	for _, r := range refs {
		list = append(list, refValue(r))
	}
	value[keyParties], value[keyMediator] = list, mediator
	if value[keySeal] == nil {
		value[keySeal] = false
	}
}

// signsFor are the parties that one mention of a name signs for: all that the
// name represents, but of several parties called so themselves one each time,
// those who have signed before left out.
func (c *course) signsFor(all []storedParty, name string, p *signer, used map[string]int) []crdt.Ref {
	return forWhom(all, name, p, used, c.facts.signed)
}

// speaksFor is signsFor where nobody has spoken before.
func (c *course) speaksFor(all []storedParty, name string, p *signer, used map[string]int) []crdt.Ref {
	return forWhom(all, name, p, used, nil)
}

func forWhom(all []storedParty, name string, p *signer, used map[string]int, done map[crdt.Ref]string) []crdt.Ref {
	var own, others []crdt.Ref
	for _, party := range all {
		if !slices.Contains(p.parties, party.ref) {
			continue
		}
		if !party.named(name) {
			others = append(others, party.ref)
		} else if done[party.ref] == "" {
			own = append(own, party.ref)
		}
	}
	if n := used[name]; n < len(own) {
		used[name] = n + 1
		others = append(others, own[n])
	}
	return others
}

func indexed(name string, i int) string { return name + "[" + itoa(int64(i)) + "]" }

// mediators are the names assigned last, in the order of their assignments,
// without those who stood aside since.
func (c *course) mediators() []string {
	var out []string
	for _, e := range c.facts.assigned {
		for _, name := range strs(e.value[keyMediators]) {
			if !slices.Contains(out, name) && !c.recusedSince(e, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func (c *course) recusedSince(assigned *event, name string) bool {
	for _, e := range c.counted {
		if e.step == StepRecuse && str(e.value[keyMediator]) == name && c.facts.saw(e, assigned) {
			return true
		}
	}
	return false
}
