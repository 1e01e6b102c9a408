package casework

import "hejie/sync/crdt"

// NewChanges are the changes of the first operation of a case. The document
// must come from ParseDocument.
func NewChanges(d Document) []crdt.Change {
	empty := crdt.New(CaseSchema())
	regs := d.registers()
	var out []crdt.Change
	for _, r := range caseRules {
		switch r.form {
		case formStory:
			out = append(out, empty.TextEdit(root(fieldFacts), d.Facts)...)
		case formCodes:
			for _, tag := range sorted(d.Tags) {
				out = append(out, empty.AddChange(root(fieldTags), tag))
			}
		case formParties:
			out = appendParties(out, d.Parties)
		default:
			if v, ok := regs[r.name]; ok {
				out = append(out, empty.AssignChange(root(r.name), v))
			}
		}
	}
	return out
}

// appendParties adds the parties of a new case, then who of them was chosen to
// represent whom: those name entries of the same operation.
func appendParties(out []crdt.Change, all []Party) []crdt.Change {
	entries := make([]crdt.Ref, len(all))
	for i, p := range all {
		entries[i] = crdt.Ref{Index: uint32(len(out))}
		out = appendParty(out, p)
	}
	for i, p := range all {
		if p.RepresentedBy == nil {
			continue
		}
		chosen := *p.RepresentedBy
		chosen.Names = nil
		for _, at := range representatives(all, p.RepresentedBy.Names) {
			chosen.Names = append(chosen.Names, nearID(entries[at]))
		}
		if len(chosen.Names) > 0 {
			out = append(out, crdt.Change{Kind: crdt.Assign, Path: inEntry(fieldParties, entries[i], fieldRepresented), Value: chosen.value()})
		}
	}
	return out
}

// appendParty adds a party's entry and fields to the changes of an operation.
// Who represents it is left to the caller, who knows the entries.
func appendParty(out []crdt.Change, p Party) []crdt.Change {
	entry := crdt.Ref{Index: uint32(len(out))}
	out = append(out, crdt.Change{Kind: crdt.Add, Path: root(fieldParties)})
	p.RepresentedBy = nil
	regs := p.registers()
	for _, r := range partyRules {
		path := inEntry(fieldParties, entry, r.name)
		if r.form == formCodes {
			for _, need := range sorted(p.Needs) {
				out = append(out, crdt.Change{Kind: crdt.Add, Path: path, Value: need})
			}
			continue
		}
		if v, ok := regs[r.name]; ok {
			out = append(out, crdt.Change{Kind: crdt.Assign, Path: path, Value: v})
		}
	}
	return out
}
