package casework

import (
	"encoding/hex"
	"slices"

	"hejie/sync/crdt"
)

// A digest's marks are one set beside its parties: {party, mark} each, where the
// mark is a keyed fingerprint of the party's number and the case's category
// (FORMAT.md 6). They are no field of the party's entry, since whatever lives in
// an entry keeps it from being removed, and marks are written by whoever saves
// next: a party that is gone in the case must be gone in its digest.

// markSize is the length of a mark.
const markSize = 8

// Keys of a value of the set.
const (
	keyMark  = "mark"
	keyParty = "party"
)

// Marker makes the mark of a number in the form of MatchNumber and a category;
// false: it has no key.
type Marker func(number, category string) ([markSize]byte, bool)

// MarkChanges are the changes that bring a digest's marks up to date: those that
// the case asks for as it is now are added, all others taken away. Parties
// without a number that Identifies have none. At most room changes are made;
// the next save makes the rest. A marker without a key changes nothing: marks
// that somebody with the key made stand.
func MarkChanges(digest, whole *crdt.State, mark Marker, room int) []crdt.Change {
	if _, has := mark("", ""); !has {
		return nil
	}
	want := wantedMarks(whole, mark)
	var gone []crdt.Ref
	for _, v := range digest.Set(root(fieldMarks)) {
		m, ok := readMark(v.Value)
		if i := slices.Index(want, m); ok && i >= 0 {
			want = slices.Delete(want, i, i+1)
			continue
		}
		gone = append(gone, v.Refs...)
	}
	slices.SortFunc(gone, crdt.CompareRefs)
	var out []crdt.Change
	for part := range slices.Chunk(gone, crdt.MaxRefs) { // one removal for all: another unit may have written many
		out = append(out, crdt.Change{Kind: crdt.Remove, Path: root(fieldMarks), Replaces: part})
	}
	for _, m := range want {
		out = append(out, digest.AddChange(root(fieldMarks), map[string]crdt.Value{keyMark: m.mark[:], keyParty: refValue(m.party)}))
	}
	return out[:min(len(out), max(room, 0))]
}

// Marked reports whether changes may touch what marks are made of: the category,
// or which parties there are (any change of one may bring it back) and what
// their numbers are.
func Marked(changes []crdt.Change) bool {
	return slices.ContainsFunc(changes, func(c crdt.Change) bool {
		return len(c.Path) > 0 && (c.Path[0].Field == fieldParties || c.Path[0].Field == "category")
	})
}

// DigestMarks are the marks of a digest, each once, at most one for each party
// that a case may have: what a modified program wrote beyond is left out.
func DigestMarks(digest *crdt.State) []string {
	var out []string
	for _, p := range DigestPeopleOf(digest) {
		out = append(out, p.Marks...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), MaxParties)]
}

// markType is the type of a value of the set.
func markType() *crdt.Type {
	return &crdt.Type{Kind: crdt.PartsType, Parts: map[string]crdt.Part{
		keyMark: {Type: bytesType(markSize), Required: true}, keyParty: {Type: bytesType(refSize), Required: true},
	}}
}

// partyMark is one mark of a set.
type partyMark struct {
	party crdt.Ref
	mark  [markSize]byte
}

func (m partyMark) text() string { return hex.EncodeToString(m.mark[:]) }

// readMark reads what stands in the set; false: no mark.
func readMark(v crdt.Value) (partyMark, bool) {
	value, _ := v.(map[string]crdt.Value)
	mark, _ := value[keyMark].([]byte)
	party, isRef := refOf(value[keyParty])
	if !isRef || len(mark) != markSize || len(value) != 2 {
		return partyMark{}, false
	}
	return partyMark{party, [markSize]byte(mark)}, true
}

// wantedMarks are the marks of a case's parties, in the parties' order.
func wantedMarks(whole *crdt.State, mark Marker) []partyMark {
	var out []partyMark
	category := str(whole.Register(root("category")).Shown)
	for _, e := range whole.Entries(root(fieldParties)) {
		number := MatchNumber(str(whole.Register(inEntry(fieldParties, e.Ref, "id_number")).Shown))
		if !Identifies(number) {
			continue
		}
		m, _ := mark(number, category)
		if pm := (partyMark{e.Ref, m}); !slices.Contains(out, pm) {
			out = append(out, pm)
		}
	}
	return out
}

// marksOf are the marks of each party of a digest, in hexadecimal and ordered.
// What is no mark is left out: a digest is written elsewhere.
func marksOf(digest *crdt.State) map[crdt.Ref][]string {
	out := map[crdt.Ref][]string{}
	for _, v := range digest.Set(root(fieldMarks)) {
		if m, ok := readMark(v.Value); ok {
			out[m.party] = append(out[m.party], m.text())
		}
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}
