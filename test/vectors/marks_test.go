package vectors

import (
	"bytes"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
	"hejie/sync/identity"
	"hejie/sync/seal"
)

// marksVector is the body of a digest operation that projects nothing and brings
// the marks up to date, as casework makes it of a case.
func marksVector() vector {
	key, op := recordKey("matching"), crdt.ID(bytes.Repeat([]byte{0x11}, 32))
	numbers := []string{"99012519700101001X", "990125196803120022"}
	doc := casework.Document{Category: "02", Parties: []casework.Party{
		{Side: "applicant", Kind: "person", Name: "李大样", IDNumber: numbers[0]},
		{Side: "respondent", Kind: "person", Name: "王小例", IDNumber: numbers[1]},
		{Side: "third", Kind: "person", Name: "孙例强"},
	}}
	whole := crdt.New(casework.CaseSchema())
	if err := whole.Apply(crdt.Meta{ID: op, Name: op}, crdt.Body{Changes: casework.NewChanges(doc)}); err != nil {
		panic(err)
	}
	mark := func(number, category string) ([8]byte, bool) {
		return identity.MatchingMark(key, number, category), true
	}
	made := casework.MarkChanges(crdt.New(casework.DigestSchema()), whole, mark, crdt.MaxChanges)
	var marks []map[string]any
	for i, e := range whole.Entries(crdt.Path{{Field: "parties"}})[:len(numbers)] {
		m := identity.MatchingMark(key, numbers[i], "02")
		marks = append(marks, map[string]any{"operation": hexed(e.Ref.Op[:]), "index": e.Ref.Index, "number": numbers[i], "mark": hexed(m[:])})
	}
	content := must(crdt.EncodeBody(crdt.Body{Changes: append([]crdt.Change{{Void: true}}, made...)}))
	return ok("a digest's marks", "One for each party that has a number, in the set marks, beyond the places of the case operation's changes.", fields{
		"content": hexed(content), "shows": []string{"void", "add marks", "add marks"}, "key": hexed(key[:]), "category": "02", "marks": marks,
	})
}

// judgeMarks holds what a digest's body adds to the set of marks against the
// numbers of which they are.
func judgeMarks(t *testing.T, v vector, body crdt.Body) {
	list, _ := v.Fields["marks"].([]any)
	var got []any
	for _, c := range body.Changes {
		if c.Kind != crdt.Add || len(c.Path) != 1 || c.Path[0].Field != "marks" {
			continue
		}
		value, _ := c.Value.(map[string]crdt.Value)
		mark, _ := value["mark"].([]byte)
		party, _ := value["party"].([]byte)
		if len(value) != 2 || len(mark) != 8 || len(party) != 36 {
			t.Errorf("%v is no mark", c.Value)
			continue
		}
		at := uint32(party[32])<<24 | uint32(party[33])<<16 | uint32(party[34])<<8 | uint32(party[35])
		got = append(got, map[string]any{"operation": hexed(party[:32]), "index": float64(at), "mark": hexed(mark)})
	}
	if len(got) != len(list) {
		t.Errorf("%d marks, want %d", len(got), len(list))
		return
	}
	for i, x := range list {
		want, _ := x.(map[string]any)
		number, _ := want["number"].(string)
		mark := identity.MatchingMark(seal.Key(v.bytes("key")), number, v.text("category"))
		same(t, "the mark", hexed(mark[:]), want["mark"])
		delete(want, "number")
		same(t, "what the digest says", got[i], x)
		want["number"] = number
	}
}
