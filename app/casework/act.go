package casework

import (
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// complete adds to a step's value what the program knows by itself, and looks
// at what its fields mean in this case.
func (c *course) complete(ck *checker, s *crdt.State, step string, value map[string]crdt.Value) *Refusal {
	switch step {
	case StepAssign:
		people := signers(parties(s), c)
		for _, name := range strs(value[keyMediators]) {
			if p := people[name]; p != nil && len(p.parties) > 0 {
				ck.warn(keyMediators, "mediator_is_party", "value", name)
			}
		}
	case StepAgree:
		var refs []crdt.Value
		for _, e := range s.Entries(root(fieldParties)) {
			refs = append(refs, refValue(e.Ref))
		}
		value[keyParties] = emptyList(refs)
	case StepSign:
		c.signatures(ck, s, value)
	case StepPerform:
		n, _ := value[keyTerm].(int64)
		if n < 1 || n > c.facts.agreement.termCount() {
			ck.fail(keyTerm, "choice", "value", itoa(n), "known", "1–"+itoa(c.facts.agreement.termCount()))
		} else if c.facts.performed[n] != nil {
			return &Refusal{Step: step, Rule: "term_done", Article: "mediation-31", Params: map[string]string{"term": itoa(n)}}
		}
	}
	return nil
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
	general  bool // an agent without special authority: it signs for nobody
}

// signers maps names to what they may sign for: parties themselves, the legal
// representative of an organisation, an agent with special authority, and the
// mediators assigned.
func signers(all []storedParty, c *course) map[string]*signer {
	out := map[string]*signer{}
	of := func(name string) *signer {
		name = strings.TrimSpace(name)
		if out[name] == nil {
			out[name] = &signer{}
		}
		return out[name]
	}
	for _, p := range all {
		if p.Name != "" {
			who := of(p.Name)
			who.parties = append(who.parties, p.ref)
		}
		if p.LegalRepresentative != "" {
			who := of(p.LegalRepresentative)
			who.parties = append(who.parties, p.ref)
		}
		if a := p.Agent; a != nil && a.Authority == "special" {
			who := of(a.Name)
			who.parties = append(who.parties, p.ref)
		} else if a != nil {
			of(a.Name).general = true
		}
	}
	for _, name := range c.mediators() {
		of(name).mediator = true
	}
	delete(out, "")
	return out
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
	people := signers(all, c)
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
			ck.fail(indexed(keyBy, i), "authority", "value", shorten(name))
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
	var own, others []crdt.Ref
	for _, party := range all {
		if !slices.Contains(p.parties, party.ref) {
			continue
		}
		if !party.named(name) {
			others = append(others, party.ref)
		} else if c.facts.signed[party.ref] == "" {
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

// mediators are the names assigned last, in the order of their assignments.
func (c *course) mediators() []string {
	var out []string
	for _, e := range c.facts.assigned {
		for _, name := range strs(e.value[keyMediators]) {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// order refuses dates before what they follow: the receipt, or the step before
// on the same track. What is done under an agreement (signing, performing)
// follows the agreement, in any order among itself.
func (ck *checker) order(s *crdt.State, c *course, step string, value map[string]crdt.Value) {
	at, _ := value[keyAt].(string)
	if at == "" {
		return
	}
	if received := str(s.Register(root("received_at")).Shown); received != "" {
		ck.notBefore(keyAt, at, received, "received")
	}
	for _, e := range c.log.events {
		if c.standing[c.log.index[e.ref]] != Stands || e.day == "" {
			continue
		}
		follows := e.step != StepSign && e.step != StepPerform || step == StepClose
		if follows {
			ck.notBefore(keyAt, at, str(e.value[keyAt]), e.step)
		}
	}
	if step == StepAgree {
		terms, _ := value[keyTerms].([]crdt.Value)
		for i, v := range terms {
			term, _ := v.(map[string]crdt.Value)
			if due := str(term["due"]); BeijingDay(due) < BeijingDay(at) {
				ck.fail(indexed(keyTerms, i)+".due", CodeOrder, "value", due, "before", at, "what", "agree")
			}
		}
	}
}

// notBefore compares instants where both sides have a time, otherwise days.
// One complaint a field is enough.
func (ck *checker) notBefore(path, at, before, what string) {
	for _, p := range ck.problems {
		if p.Path == path && p.Code == CodeOrder {
			return
		}
	}
	a, okA := parseInstant(at)
	b, okB := parseInstant(before)
	if okA && okB && a.Before(b) || BeijingDay(at) < BeijingDay(before) {
		ck.fail(path, CodeOrder, "value", at, "before", before, "what", what)
	}
}
