package casework

import (
	"slices"
	"strings"

	"hejie/sync/crdt"
)

// storedParty is a party of a record with its entry.
type storedParty struct {
	Party
	ref crdt.Ref
}

// parties reads the parties of a case in the order of its entries.
func parties(s *crdt.State) []storedParty {
	var out []storedParty
	for _, e := range s.Entries(root(fieldParties)) {
		if len(out) > 0 && out[len(out)-1].ref == e.Ref {
			continue
		}
		out = append(out, storedParty{Party: partyAt(s, e.Ref), ref: e.Ref})
	}
	nameRepresentatives(out)
	return out
}

// partyAt reads one party. Those who represent it are named by the ids of
// their entries.
func partyAt(s *crdt.State, entry crdt.Ref) Party {
	return partyFrom(partyFields(s, entry), entry)
}

// partyFields are a party's fields as its registers and sets hold them.
func partyFields(s *crdt.State, entry crdt.Ref) map[string]crdt.Value {
	fields := map[string]crdt.Value{}
	for _, r := range partyRules {
		path := inEntry(fieldParties, entry, r.name)
		if r.form == formCodes {
			fields[r.name] = setValues(s, path)
			continue
		}
		fields[r.name] = s.Register(path).Shown
	}
	return fields
}

func partyFrom(fields map[string]crdt.Value, entry crdt.Ref) Party {
	p := partyOf(fields)
	p.ID = EntryID(entry)
	if p.RepresentedBy != nil {
		for i, id := range p.RepresentedBy.Names {
			p.RepresentedBy.Names[i] = farID(id, entry)
		}
	}
	return p
}

func setValues(s *crdt.State, path crdt.Path) []crdt.Value {
	var out []crdt.Value
	for _, v := range s.Set(path) {
		out = append(out, v.Value)
	}
	slices.SortFunc(out, func(a, b crdt.Value) int { return strings.Compare(str(a), str(b)) })
	return out
}

// document reads a case record as a document.
func document(s *crdt.State) Document {
	fields := map[string]crdt.Value{}
	for _, r := range caseRules {
		switch r.form {
		case formStory:
			fields[r.name] = s.Text(root(r.name))
		case formCodes:
			fields[r.name] = setValues(s, root(r.name))
		case formParties:
		default:
			fields[r.name] = s.Register(root(r.name)).Shown
		}
	}
	d := documentOf(fields)
	for _, p := range parties(s) {
		d.Parties = append(d.Parties, p.Party)
	}
	return d
}
