package casework_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

func hasCode(list, code string) bool { return data.Has(list, code) }

func markerOf(key string) casework.Marker {
	return func(number, category string) (mark [8]byte, has bool) {
		h := hmac.New(sha256.New, []byte(key))
		h.Write([]byte(number + "\x00" + category))
		copy(mark[:], h.Sum(nil))
		return mark, true
	}
}

func keyless(string, string) (mark [8]byte, has bool) { return mark, false }

// marked is a record whose digest carries marks, as a station writes it.
type marked struct {
	*record
	marks  map[crdt.ID][]crdt.Change // beyond the projection, by case operation
	marker casework.Marker
}

func newMarked(t testing.TB, d casework.Document, marker casework.Marker) *marked {
	m := &marked{record: newRecord(t, d), marks: map[crdt.ID][]crdt.Change{}, marker: marker}
	m.mark()
	return m
}

// mark writes what the last save owes.
func (m *marked) mark() {
	last := m.ops[len(m.ops)-1].meta.ID
	m.marks[last] = casework.MarkChanges(m.digestState(), m.state, m.marker, crdt.MaxChanges)
}

// put saves fields with their marks.
func (m *marked) put(patch string) {
	m.t.Helper()
	before := len(m.ops)
	m.set(patch)
	if len(m.ops) > before {
		m.mark()
	}
}

func (m *marked) at(desk string) *marked {
	out := &marked{record: m.record.at(desk), marks: map[crdt.ID][]crdt.Change{}, marker: m.marker}
	out.take(m)
	return out
}

func (m *marked) take(from *marked) {
	m.record.take(from.record)
	for id, changes := range from.marks {
		m.marks[id] = changes
	}
}

func (m *marked) digestState() *crdt.State {
	m.t.Helper()
	s := crdt.New(casework.DigestSchema())
	for _, o := range m.ops {
		meta := o.meta
		meta.ID = digestID(o.meta.ID)
		meta.Heads = nil
		for _, h := range o.meta.Heads {
			meta.Heads = append(meta.Heads, digestID(h))
		}
		slices.SortFunc(meta.Heads, func(a, b crdt.ID) int { return slices.Compare(a[:], b[:]) })
		if err := s.Apply(meta, crdt.Body{Changes: append(projected(m.t, o.changes), m.marks[o.meta.ID]...)}); err != nil {
			m.t.Fatal(err)
		}
	}
	return s
}

// want checks that the digest carries the marks of these numbers and no others.
func (m *marked) want(category string, numbers ...string) {
	m.t.Helper()
	var want []string
	for _, n := range numbers {
		mark, _ := m.marker(n, category)
		want = append(want, fmt.Sprintf("%x", mark))
	}
	slices.Sort(want)
	if got := casework.DigestMarks(m.digestState()); !slices.Equal(got, want) {
		m.t.Fatalf("marks %v, want %v", got, want)
	}
}

func numbered(t testing.TB, numbers ...string) casework.Document {
	d := goodDocument(t)
	for i, n := range numbers {
		d.Parties[i].IDKind, d.Parties[i].IDNumber, d.Parties[i].BirthDate, d.Parties[i].Sex = "", n, "", ""
		if n != "" {
			d.Parties[i].IDKind = "other"
		}
	}
	return d
}

func TestMarksFollowTheCase(t *testing.T) {
	m := newMarked(t, numbered(t, firstNumber, secondNumber), markerOf("key"))
	m.want("02", firstNumber, secondNumber)
	before := len(m.marks)
	m.put(`{"title":"另一个题目"}`)
	if got := m.marks[m.ops[len(m.ops)-1].meta.ID]; len(got) != 0 || len(m.marks) != before+1 {
		t.Fatalf("a title wrote %v", got)
	}
	m.put(`{"category":"03"}`)
	m.want("03", firstNumber, secondNumber)
	first, second := m.view().Parties[0].ID, m.view().Parties[1].ID
	m.put(`{"parties.` + first + `.id_number":"` + thirdNumber + `"}`)
	m.want("03", thirdNumber, secondNumber)
	m.put(`{"parties.` + first + `.id_number":null}`)
	m.want("03", secondNumber)
	m.put(`{"parties.+":{"side":"third","kind":"person","name":"孙例强","id_kind":"other","id_number":"` + firstNumber + `"}}`)
	m.want("03", firstNumber, secondNumber)
	third := m.view().Parties[2].ID
	m.put(`{"parties.` + third + `":null}`)
	m.want("03", secondNumber)
	m.put(`{"parties.` + second + `.id_number":"无"}`)
	m.want("03")
}

// TestADigestWithoutNumbersCarriesNoMarks: not even of names.
func TestADigestWithoutNumbersCarriesNoMarks(t *testing.T) {
	m := newMarked(t, numbered(t, "", ""), markerOf("key"))
	m.put(`{"category":"03"}`)
	m.want("03")
	for id, changes := range m.marks {
		if len(changes) != 0 {
			t.Errorf("%x wrote %v", id[:4], changes)
		}
	}
}

// TestWithoutTheKeyMarksStayAsTheyAre: somebody who has no key neither makes nor
// takes away any, and another key makes others.
func TestWithoutTheKeyMarksStayAsTheyAre(t *testing.T) {
	m := newMarked(t, numbered(t, firstNumber, secondNumber), keyless)
	m.want("02")
	m.marker = markerOf("key")
	m.put(`{"title":"钥匙来了"}`)
	m.want("02", firstNumber, secondNumber)
	m.marker = keyless
	m.put(`{"category":"03"}`)
	m.marker = markerOf("key")
	m.want("02", firstNumber, secondNumber)
	m.put(`{"title":"又有钥匙"}`)
	m.want("03", firstNumber, secondNumber)
	if a, b := casework.DigestMarks(m.digestState()), casework.DigestMarks(newMarked(t, numbered(t, firstNumber, secondNumber), markerOf("another key")).digestState()); slices.Equal(a, b) {
		t.Error("another key makes the same marks")
	}
}

// TestMarksOfDesksApart: one changes the category, one a number; both show the
// same afterwards, and the next save of either mends what neither knew.
func TestMarksOfDesksApart(t *testing.T) {
	a := newMarked(t, numbered(t, firstNumber, secondNumber), markerOf("key"))
	b := a.at("township")
	first := a.view().Parties[0].ID
	a.put(`{"category":"03"}`)
	b.put(`{"parties.` + first + `.id_number":"` + thirdNumber + `"}`)
	a.take(b)
	b.take(a)
	if x, y := casework.DigestMarks(a.digestState()), casework.DigestMarks(b.digestState()); !slices.Equal(x, y) || len(x) == 0 {
		t.Fatalf("%v and %v", x, y)
	}
	b.put(`{"title":"合并以后"}`)
	a.take(b)
	a.want("03", thirdNumber, secondNumber)
	b.want("03", thirdNumber, secondNumber)
}

// TestMarksKeepNobodyInADigest: a party that one desk removes while another's
// save renews all marks is gone in the digest as in the case.
func TestMarksKeepNobodyInADigest(t *testing.T) {
	d := numbered(t, firstNumber, secondNumber)
	d.Parties = append(d.Parties, casework.Party{Side: "third", Kind: "person", Name: "孙例强", IDKind: "other", IDNumber: thirdNumber})
	a := newMarked(t, d, markerOf("key"))
	b := a.at("township")
	a.put(`{"parties.` + a.view().Parties[2].ID + `":null}`)
	b.put(`{"category":"03"}`)
	a.take(b)
	b.take(a)
	for _, m := range []*marked{a, b} {
		if got, want := casework.DigestView(m.digestState(), casework.Header{}).Counts.Parties, len(m.view().Parties); got != want || want != 2 {
			t.Fatalf("%d parties in the digest, %d in the case", got, want)
		}
		gone, _ := m.marker(thirdNumber, "03")
		if slices.Contains(casework.DigestMarks(m.digestState()), fmt.Sprintf("%x", gone)) {
			t.Error("the mark of a party that is gone counts")
		}
	}
}

// TestMarksAreShownToNobody: neither a digest's document nor its history tells them.
func TestMarksAreShownToNobody(t *testing.T) {
	m := newMarked(t, numbered(t, firstNumber, secondNumber), markerOf("key"))
	mark, _ := m.marker(firstNumber, "02")
	s := m.digestState()
	shown := string(casework.Encode(casework.DigestView(s, casework.Header{})))
	for _, o := range s.Ops() {
		meta, body, ok := s.Op(o.ID)
		if !ok {
			t.Fatal("an operation is not there")
		}
		lines := casework.History(meta, body.Changes, crdt.New(casework.DigestSchema()), s, casework.Names{})
		shown += fmt.Sprint(lines)
	}
	for _, word := range []string{fmt.Sprintf("%x", mark), fmt.Sprint(mark[:]), "marks"} {
		if strings.Contains(shown, word) {
			t.Errorf("%q is shown: %s", word, shown)
		}
	}
}

// TestOddMarksAreLeftOut: what a modified program writes is no mark, or bounded.
func TestOddMarksAreLeftOut(t *testing.T) {
	m := newMarked(t, numbered(t, firstNumber, ""), markerOf("key"))
	set := crdt.Path{{Field: "marks"}}
	party := m.state.Entries(crdt.Path{{Field: "parties"}})[0].Ref
	ref := append(append([]byte{}, party.Op[:]...), byte(party.Index>>24), byte(party.Index>>16), byte(party.Index>>8), byte(party.Index))
	odd := []crdt.Value{
		"李大样", int64(1),
		map[string]crdt.Value{},
		map[string]crdt.Value{"mark": "12345678", "party": ref},
		map[string]crdt.Value{"mark": make([]byte, 9), "party": ref},
		map[string]crdt.Value{"mark": make([]byte, 8), "party": ref[:35]},
		map[string]crdt.Value{"mark": make([]byte, 8), "party": make([]byte, 36)},
		map[string]crdt.Value{"mark": make([]byte, 8), "party": ref, "name": "李大样"},
	}
	last := m.ops[0].meta.ID
	for _, v := range odd {
		m.marks[last] = append(m.marks[last], crdt.Change{Kind: crdt.Add, Path: set, Value: v})
	}
	m.want("02", firstNumber)
	if out := casework.Encode(casework.DigestView(m.digestState(), casework.Header{})); strings.Contains(string(out), "李大样") {
		t.Error("a word came through")
	}
	for i := range 2 * casework.MaxParties {
		m.marks[last] = append(m.marks[last], crdt.Change{Kind: crdt.Add, Path: set, Value: map[string]crdt.Value{"mark": []byte{1, 0, 0, 0, 0, 0, byte(i >> 8), byte(i)}, "party": ref}})
	}
	if got := len(casework.DigestMarks(m.digestState())); got != casework.MaxParties {
		t.Errorf("%d marks are read", got)
	}
	m.put(`{"title":"以后"}`) // an honest save takes away what is not asked for
	m.want("02", firstNumber)
}

func TestMarkChangesKeepTheirRoom(t *testing.T) {
	m := newMarked(t, numbered(t, firstNumber, secondNumber), markerOf("key"))
	if got := casework.MarkChanges(crdt.New(casework.DigestSchema()), m.state, m.marker, 1); len(got) != 1 {
		t.Errorf("%d changes", len(got))
	}
	if got := casework.MarkChanges(crdt.New(casework.DigestSchema()), m.state, m.marker, -3); len(got) != 0 {
		t.Errorf("%d changes", len(got))
	}
}
