package casework

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// idForm is how ids of entries look. An id that is no longer in the case is
// one who was removed: it is dropped and not complained about.
var idForm = regexp.MustCompile(`^[0-9a-f]{32}-[0-9]{1,10}$`)

// after are the parties as an edit leaves them, in their order, with who
// represents them by id or as the edit says. Those that it removes stay in
// their places, so that #n means whom the reader sees there, and are on no side.
func (e *editor) after() []storedParty {
	if e.people != nil {
		return e.people
	}
	for _, ref := range slices.Compact(partyRefs(e.s)) {
		p := storedParty{ref: ref}
		switch t := e.touched[ref]; {
		case e.removed[ref]:
			p.Party = Party{ID: EntryID(ref), Name: partyAt(e.s, ref).Name}
		case t != nil:
			p.Party = e.partyWith(ref, t.values)
		default:
			p.Party = partyAt(e.s, ref)
		}
		e.people = append(e.people, p)
	}
	return e.people
}

// chosen finds the entries of those who are to represent a party of the case
// (or, with the zero ref, one that is being added) and judges them.
func (e *editor) chosen(path string, ref crdt.Ref, p Party) []string {
	if p.RepresentedBy == nil {
		return nil
	}
	stored := slices.Clone(e.after())
	me := slices.IndexFunc(stored, func(s storedParty) bool { return s.ref == ref })
	if me < 0 {
		me = len(stored)
		stored = append(stored, storedParty{Party: p})
	}
	all := make([]Party, len(stored))
	for i, s := range stored {
		all[i] = s.Party
	}
	before := len(e.ck.problems)
	var out []string
	for k, name := range p.RepresentedBy.Names {
		at, why := placeOf(stored, all, name)
		if why != "" && idForm.MatchString(name) {
			continue
		}
		e.ck.representative(fmt.Sprintf("%s.%s[%d]", path, fieldNames, k), name, why, all, me, at)
		out = append(out, stored[at].ID)
	}
	if len(out) == 0 {
		e.ck.fail(join(path, fieldNames), CodeEmpty)
	}
	if len(e.ck.problems) == before && representsOthers(stored, all, me) {
		e.ck.fail(path, codeChain, "value", shorten(p.Name))
	}
	slices.Sort(out)
	e.ck.tooMany(path, len(out))
	return slices.Compact(out)
}

// representsOthers reports whether the party at a place was chosen by another.
func representsOthers(stored []storedParty, all []Party, me int) bool {
	for i, other := range all {
		if i == me || other.RepresentedBy == nil {
			continue
		}
		for _, name := range other.RepresentedBy.Names {
			if at, why := placeOf(stored, all, name); why == "" && at == me {
				return true
			}
		}
	}
	return false
}

// choseAlready reports whether a record says of a party's representatives what
// an edit says; the record may call entries of one operation in a short way.
func (e *editor) choseAlready(ref crdt.Ref, r Representation) bool {
	has := partyAt(e.s, ref).RepresentedBy
	if has == nil || len(e.s.Register(inEntry(fieldParties, ref, fieldRepresented)).Values) > 1 {
		return false
	}
	slices.Sort(has.Names)
	return same(has.value(), r.value())
}

// placeOf finds a party by its entry's id, its name or #n.
func placeOf(stored []storedParty, all []Party, text string) (int, string) {
	for i, p := range stored {
		if p.ID != "" && p.ID == strings.ToLower(text) {
			return i, ""
		}
	}
	return findParty(all, text)
}

// leaving warns where one who represents others leaves the case.
func (e *editor) leaving() {
	if len(e.removed) == 0 {
		return
	}
	for _, gone := range e.after() {
		if e.removed[gone.ref] && slices.ContainsFunc(e.after(), func(p storedParty) bool {
			return p.RepresentedBy != nil && slices.Contains(p.RepresentedBy.Names, gone.ID)
		}) {
			e.ck.warn(join(fieldParties, gone.ID), "represents_others", "value", gone.Name)
		}
	}
}
