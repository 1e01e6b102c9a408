package casework

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hejie/sync/crdt"
)

// Many parties on one side may choose representatives among themselves
// (民事诉讼法 arts. 56, 57). Documents name them; a record keeps the ids of
// their entries, so that a name that is corrected breaks nothing.

// placeForm is the n-th party of a case, where a name alone says too little.
var placeForm = regexp.MustCompile(`^#([1-9][0-9]{0,2})$`)

// findParty finds the party that a text means: a name that one party alone
// bears, or #n. It answers its place and "", or why there is none:
// CodeName, or codeAmbiguous where several bear the name.
func findParty(all []Party, text string) (int, string) {
	if m := placeForm.FindStringSubmatch(text); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n <= len(all) {
			return n - 1, ""
		}
		return 0, CodeName
	}
	at, found := 0, 0
	for i, p := range all {
		if p.named(strings.TrimSpace(text)) {
			at = i
			found++
		}
	}
	switch found {
	case 0:
		return 0, CodeName
	case 1:
		return at, ""
	}
	return 0, codeAmbiguous
}

// callParty is the text that means the party at a place.
func callParty(all []Party, at int) string {
	name := strings.TrimSpace(all[at].Name)
	if name == "" {
		return fmt.Sprintf("#%d", at+1)
	}
	if i, why := findParty(all, name); why == "" && i == at && !placeForm.MatchString(name) {
		return name
	}
	return fmt.Sprintf("#%d", at+1)
}

// representatives are the places of those named, in order, each once; who is
// nobody is left out.
func representatives(all []Party, names []string) []int {
	var out []int
	for _, name := range names {
		if at, why := findParty(all, name); why == "" {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// represented checks whom the parties of a document chose and writes the names
// in one way.
func (c *checker) represented(all []Party) {
	for i, p := range all {
		if p.RepresentedBy == nil {
			continue
		}
		path := fmt.Sprintf("%s[%d].%s", fieldParties, i, fieldRepresented)
		before := len(c.problems)
		for k, name := range p.RepresentedBy.Names {
			at, why := findParty(all, name)
			c.representative(fmt.Sprintf("%s.%s[%d]", path, fieldNames, k), name, why, all, i, at)
		}
		if len(c.problems) > before {
			continue
		}
		var names []string
		for _, at := range representatives(all, p.RepresentedBy.Names) {
			names = append(names, callParty(all, at))
		}
		p.RepresentedBy.Names = names
		c.tooMany(path, len(names))
	}
}

// representative judges one who was chosen by the party at place i: another of
// the same side who speaks for himself.
func (c *checker) representative(path, name, why string, all []Party, i, at int) {
	switch {
	case why == CodeName:
		c.fail(path, CodeName, "value", shorten(name), "known", strings.Join(sameSide(all, i), ", "))
	case why != "":
		c.fail(path, codeAmbiguous, "value", shorten(name))
	case at == i:
		c.fail(path, codeOneself)
	case all[at].Side != all[i].Side:
		c.fail(path, codeOtherSide, "value", shorten(name))
	case all[at].RepresentedBy != nil:
		c.fail(path, codeChain, "value", shorten(name))
	}
}

// maxChosen is how many representatives a court lets many parties choose
// (民诉法解释 art. 78: two to five).
const maxChosen = 5

func (c *checker) tooMany(path string, n int) {
	if n > maxChosen {
		c.warn(path, "representatives_many", "count", strconv.Itoa(n))
	}
}

// knownNames bounds how many names a complaint lists.
const knownNames = 10

// sameSide are the others of a party's side as they may be called.
func sameSide(all []Party, i int) []string {
	var out []string
	for at, p := range all {
		if at != i && p.Side == all[i].Side && len(out) < knownNames {
			out = append(out, callParty(all, at))
		}
	}
	return out
}

// nearID is the id of an entry of the operation that is being made: its name is
// known only when it is whole.
func nearID(entry crdt.Ref) string { return "-" + strconv.FormatUint(uint64(entry.Index), 10) }

// farID makes an id that nearID wrote beside an entry whole: both entries were
// added by one operation.
func farID(id string, beside crdt.Ref) string {
	index, near := strings.CutPrefix(id, "-")
	n, err := strconv.ParseUint(index, 10, 32)
	if !near || err != nil {
		return id
	}
	return EntryID(crdt.Ref{Op: beside.Op, Index: uint32(n)})
}

// nameRepresentatives turns ids into names. Whoever was removed from the case,
// stands on another side by now or is represented too represents nobody: such
// choices come about where two desks write while apart, and the party that
// made them speaks for itself until it chooses again.
func nameRepresentatives(stored []storedParty) {
	all := make([]Party, len(stored))
	places := map[string]int{}
	for i, p := range stored {
		all[i] = p.Party
		places[p.ID] = i
	}
	chosen := make([][]int, len(stored))
	for i := range stored {
		if r := stored[i].RepresentedBy; r != nil {
			chosen[i] = chosenAt(all, places, i, r.Names)
		}
	}
	for i := range stored {
		if stored[i].RepresentedBy == nil {
			continue
		}
		r := *stored[i].RepresentedBy
		r.Names = nil
		for _, at := range chosen[i] {
			if len(chosen[at]) == 0 {
				r.Names = append(r.Names, callParty(all, at))
			}
		}
		stored[i].RepresentedBy = nil
		if len(r.Names) > 0 {
			stored[i].RepresentedBy = &r
		}
	}
}

// chosenAt are the places of the entries that the party at i chose and that
// are there, on its side, in order.
func chosenAt(all []Party, places map[string]int, i int, ids []string) []int {
	var out []int
	for _, id := range ids {
		if at, ok := places[id]; ok && at != i && all[at].Side == all[i].Side {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
