package review

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"hejie/test/review/liar"
)

// What a frame is by its bytes alone.
const (
	isHeld      = "held"
	isMalformed = "malformed"
	isNewer     = "newer"
	isBody      = "without its body"
	isNotForUs  = "not for us"
	isEarly     = "not yet"
)

// judged pushes one operation and wants it answered so.
func (m *met) judged(t *testing.T, name string, o *liar.Operation, want string) {
	t.Helper()
	outcomes, err := m.liar.Push(t.Context(), m.address, o.Frame())
	if err != nil {
		t.Errorf("%s: %v", name, err)
	} else if got := outcome(outcomes[0]); got != want {
		t.Errorf("%s: %s %s; wanted %s", name, got, outcomes[0].Sentence, want)
	}
}

func outcome(o liar.Outcome) string {
	switch {
	case o.Code == 1:
		return isHeld
	case o.Code == 5:
		return isNewer
	case o.Code == 3 && o.Reason == 1:
		return isMalformed
	case o.Code == 3 && o.Reason == 3:
		return isBody
	case o.Code == 3 && o.Reason == 9:
		return isNotForUs
	case o.Code == 3 && o.Reason == 10:
		return isEarly
	}
	return fmt.Sprintf("outcome %d, reason %d %s", o.Code, o.Reason, o.Sentence)
}

func ids(n int) []liar.ID {
	out := make([]liar.ID, n)
	for i := range out {
		out[i] = liar.H("a made up thing", []byte{byte(i), byte(i >> 8)})
	}
	return liar.Sorted(out)
}

func turned(ids []liar.ID) []liar.ID { ids = slices.Clone(ids); slices.Reverse(ids); return ids }

// nested is n levels of arrays.
func nested(n int) liar.Raw { return append(bytes.Repeat([]byte{0x81}, n), 0x00) }

// TestHeaderFields: fields of headers of other forms, lengths and places, and
// fields where they make no sense: each is what FORMAT 3 says, and nobody is out
// of step afterwards.
func TestHeaderFields(t *testing.T) {
	m := meet(t, 1)
	k := m.liar
	two := ids(2)
	tries := []struct {
		name string
		more liar.M
		want string
	}{
		{"audience 0 on an edit", liar.M{16: 0}, isMalformed},
		{"audience on an edit", liar.M{16: 1}, isMalformed},
		{"no grants", liar.M{17: []any{}}, isMalformed},
		{"grants that are not sorted", liar.M{17: turned(two)}, isMalformed},
		{"a grant twice", liar.M{17: []any{two[0], two[0]}}, isMalformed},
		{"a grant to itself", liar.M{17: []any{k.Unit}}, isHeld},
		{"a short grant", liar.M{17: []any{two[0][:31]}}, isMalformed},
		{"65 withdrawals", liar.M{18: ids(65)}, isMalformed},
		{"64 withdrawals", liar.M{18: ids(64)}, isHeld},
		{"projects on a case", liar.M{23: two[0]}, isMalformed},
		{"a branch on a case", liar.M{24: 1}, isMalformed},
		{"a branch of 0", liar.M{24: 0}, isMalformed},
		{"adopts nothing", liar.M{25: []any{}}, isMalformed},
		{"adopts", liar.M{25: two}, isHeld},
		{"key 26", liar.M{26: 1}, isHeld},
		{"case grants on a case", liar.M{27: two}, isMalformed},
		{"a case header on a case", liar.M{28: []byte("x")}, isMalformed},
		{"an empty case header", liar.M{28: []byte{}}, isMalformed},
		{"a route on a case", liar.M{29: two}, isMalformed},
		{"an empty route", liar.M{29: []any{}}, isMalformed},
		{"no attachments", liar.M{30: []any{}}, isMalformed},
		{"an attachment", liar.M{30: []any{[]any{two[0], 1, 5}}}, isHeld},
		{"an attachment of two fields", liar.M{30: []any{[]any{two[0], 1}}}, isMalformed},
		{"an attachment of four fields", liar.M{30: []any{[]any{two[0], 1, 5, 6}}}, isMalformed},
		{"65 attachments", liar.M{30: slices.Repeat([]any{[]any{two[0], 1, 5}}, 65)}, isMalformed},
		{"a key inside of 0", liar.M{31: 0}, isMalformed},
		{"a key inside of 2", liar.M{31: 2}, isMalformed},
		{"a key inside of 300", liar.M{31: 300}, isMalformed},
		{"a key inside that is true", liar.M{31: true}, isMalformed},
		{"a key inside, and none there", liar.M{31: 1}, isHeld},
		{"an erasure on a case", liar.M{32: liar.M{1: 1}}, isMalformed},
		{"a negative stamp", liar.M{14: -1}, isMalformed},
		{"the greatest stamp", liar.M{14: uint64(1<<64 - 1)}, isHeld},
		{"schema 0", liar.M{15: 0}, isHeld},
		{"schema -1", liar.M{15: -1}, isMalformed},
		{"the greatest schema", liar.M{15: uint64(1<<64 - 1)}, isHeld},
		{"number 0", liar.M{6: 0}, isMalformed},
		{"number 2^53+1", liar.M{6: uint64(1<<53 + 1)}, isMalformed},
		{"a short epoch", liar.M{3: []byte("1234567")}, isMalformed},
		{"a case in a case", liar.M{10: two[0]}, isMalformed},
		{"no log heads", liar.M{12: nil}, isMalformed},
		{"three log heads", liar.M{12: ids(3)}, isMalformed},
		{"log heads nobody knows", liar.M{12: two}, isHeld},
		{"an author log of nobody", liar.M{13: two}, isHeld},
		{"65 heads", liar.M{11: ids(65)}, isMalformed},
		{"heads nobody knows", liar.M{11: ids(64)}, isHeld},
		{"no heads", liar.M{11: []any{}}, isMalformed},
		{"a float in what may be ignored", liar.M{200: liar.Raw{0xf9, 0x3c, 0x00}}, isMalformed},
		{"NaN in what may be ignored", liar.M{200: liar.Raw{0xf9, 0x7e, 0x00}}, isMalformed},
		{"a tag in what may be ignored", liar.M{200: liar.Raw{0xc1, 0x01}}, isMalformed},
		{"undefined in what may be ignored", liar.M{200: liar.Raw{0xf7}}, isMalformed},
		{"an indefinite text in what may be ignored", liar.M{200: liar.Raw{0x7f, 0x61, 0x61, 0xff}}, isMalformed},
		{"a long head in what may be ignored", liar.M{200: liar.Raw{0x18, 0x01}}, isMalformed},
		{"a map with an array as key", liar.M{200: liar.Raw{0xa1, 0x80, 0x01}}, isMalformed},
		{"a map with bytes as key", liar.M{200: liar.Raw{0xa1, 0x41, 0x01, 0x01}}, isHeld},
		{"15 levels under the map", liar.M{200: nested(15)}, isHeld},
		{"16 levels under the map", liar.M{200: nested(16)}, isMalformed},
		{"10,000 levels", liar.M{200: nested(10_000)}, isMalformed},
		{"30,000 bytes to be ignored", liar.M{200: make([]byte, 30_000)}, isHeld},
		{"33,000 bytes to be ignored", liar.M{200: make([]byte, 33_000)}, isMalformed},
		{"key 2^64-1", liar.M{1<<64 - 1: 1}, isHeld},
		{"class 0", liar.M{5: 0}, isMalformed},
		{"class 16", liar.M{5: 16}, isNewer},
		{"class 256", liar.M{5: 256}, isNewer},
		{"class 2^32", liar.M{5: 1 << 32}, isNewer},
		{"kind 0", liar.M{9: 0}, isMalformed},
		{"kind 7 on a case's record", liar.M{9: 7}, isNotForUs},
		{"audience 256", liar.M{16: 256}, isNewer},
		{"branch 256", liar.M{24: 256}, isNewer},
	}
	for _, x := range tries {
		k.NewEpoch()
		o := m.edit(k, m.cases[0], func(d *liar.Draft) { d.More = x.more }, liar.Assign("title", "新题目"))
		delete(k.Operations, o.ID)
		m.judged(t, x.name, o, x.want)
	}
	m.stillWell(t)
}

// stillWell asks that village, town and court are in step and every command answers.
func (m *met) stillWell(t *testing.T) {
	t.Helper()
	if r := m.village.Sync(m.address); r["in_step"] != true {
		t.Errorf("village and town: %v", r)
	}
	court := m.court.Serve().HTTPS
	if r := m.town.Sync(court); r["in_step"] != true {
		t.Errorf("town and court: %v", r)
	}
	for _, d := range m.all() {
		d.Object("status")
		d.Run("due")
		d.Run("units")
		d.Lines("case", "list")
		if out, _, _ := d.Try("verify"); !strings.HasPrefix(out, "{") {
			t.Errorf("verify: %s", out)
		}
		for _, of := range m.cases {
			if out, said, ok := d.Try("case", "get", of); !ok && d != m.court && d != m.other {
				t.Errorf("case get: %s%s", out, said)
			}
			if _, said, ok := d.Try("case", "history", of); !ok && strings.Contains(said, "panic") {
				t.Errorf("case history: %s", said)
			}
		}
	}
	for _, of := range m.cases {
		if a, b := m.village.Run("case", "get", of), m.town.Run("case", "get", of); a != b {
			t.Errorf("village and town differ:\n%s%s", a, b)
		}
	}
}

func TestLaterClassFields(t *testing.T) {
	m := meet(t, 1)
	k := m.liar
	other := m.kit(m.other, "").Unit
	town := k.Above(k.Unit)[0]
	tries := []struct {
		name string
		more liar.M
		want string
	}{
		{"to the town", liar.M{29: []any{town}}, isHeld},
		{"to itself", liar.M{29: []any{k.Unit}}, isNotForUs},
		{"to the root", liar.M{29: []any{k.Tree}}, isHeld},
		{"no route", liar.M{29: nil}, isNewer},
		{"an empty route", liar.M{29: []any{}}, isMalformed},
		{"to nine", liar.M{29: liar.Sorted(append(ids(8), town))}, isMalformed},
		{"to eight, seven unknown", liar.M{29: liar.Sorted(append(ids(7), town))}, isHeld},
		{"to one twice", liar.M{29: []any{town, town}}, isMalformed},
		{"not sorted", liar.M{29: turned(liar.Sorted([]liar.ID{town, other}))}, isMalformed},
		{"to one that nobody knows", liar.M{29: ids(1)}, isEarly},
		{"kind 0", liar.M{9: 0}, isMalformed},
		{"kind 1", liar.M{9: 1}, isHeld},
		{"kind 255", liar.M{9: 255}, isHeld},
		{"kind 256", liar.M{9: 256}, isNewer},
		{"audience 0", liar.M{16: nil}, isMalformed},
		{"audience 4", liar.M{16: 4}, isHeld},
		{"audience 255", liar.M{16: 255}, isHeld},
		{"audience 256", liar.M{16: 256}, isNewer},
		{"branch 3", liar.M{24: 3}, isHeld},
		{"branch 255", liar.M{24: 255}, isHeld},
		{"nine grants", liar.M{17: ids(9)}, isHeld},
		{"grants not sorted", liar.M{17: turned(ids(2))}, isMalformed},
		{"70 withdrawals", liar.M{18: ids(70)}, isHeld},
		{"a case", liar.M{10: id(t, m.cases[0])}, isHeld},
		{"of the case's record", liar.M{8: id(t, m.cases[0]), 11: k.Heads(id(t, m.cases[0])), 16: nil}, isHeld},
		{"of an unknown record", liar.M{8: ids(1)[0], 11: ids(3), 16: nil}, isHeld},
		{"a case header", liar.M{28: []byte("not one")}, isHeld},
		{"a case header of 3,000 bytes", liar.M{28: make([]byte, 3_000)}, isHeld},
		{"an erasure", liar.M{32: liar.M{1: 9}}, isHeld},
		{"key inside 2", liar.M{31: 2}, isHeld},
		{"projects", liar.M{23: ids(1)[0]}, isHeld},
		{"unknown key", liar.M{33: 1}, isHeld},
		{"the town's owner", liar.M{4: town, 12: k.LogHeads(town), 13: k.LogHeads(k.Unit)}, isHeld},
		{"log heads nobody knows", liar.M{12: ids(2)}, isHeld},
		{"100 attachments", liar.M{30: slices.Repeat([]any{[]any{town, 1, 5}}, 100)}, isHeld},
		{"65 heads", liar.M{8: ids(1)[0], 11: ids(65), 16: nil}, isMalformed},
	}
	for i, x := range tries {
		k.NewEpoch()
		more := liar.M{16: 1, 29: []any{town}}
		maps.Copy(more, x.more)
		o, err := k.Write(liar.Draft{Owner: k.Unit, Class: uint64(5 + i%11), Kind: 20, Key: k.NewKey(), Content: []byte("x"), More: more})
		if err != nil {
			t.Fatal(x.name, err)
		}
		m.judged(t, x.name, o, x.want)
	}
	m.stillWell(t)
}

func TestErasureFields(t *testing.T) {
	m := meet(t, 1)
	k := m.liar
	tries := []struct {
		name string
		more liar.M
		want string
	}{
		{"act 1", liar.M{32: liar.M{1: 1}}, isHeld},
		{"act 0", liar.M{32: liar.M{1: 0}}, isMalformed},
		{"act 7", liar.M{32: liar.M{1: 7}}, isNewer},
		{"act 255", liar.M{32: liar.M{1: 255}}, isNewer},
		{"act 256", liar.M{32: liar.M{1: 256}}, isMalformed},
		{"no act", liar.M{32: liar.M{2: "x"}}, isMalformed},
		{"key 5", liar.M{32: liar.M{1: 1, 5: 1}}, isMalformed},
		{"key 200", liar.M{32: liar.M{1: 1, 200: 1}}, isMalformed},
		{"act 7 with key 5", liar.M{32: liar.M{1: 7, 5: 1}}, isMalformed},
		{"a ground with a space", liar.M{32: liar.M{1: 1, 2: "a b"}}, isMalformed},
		{"an empty ground", liar.M{32: liar.M{1: 1, 2: ""}}, isMalformed},
		{"day 32", liar.M{32: liar.M{1: 1, 3: "2026-02-32"}}, isMalformed},
		{"30 February", liar.M{32: liar.M{1: 1, 3: "2026-02-30"}}, isMalformed},
		{"names nothing", liar.M{32: liar.M{1: 1, 4: []any{}}}, isMalformed},
		{"64 names", liar.M{32: liar.M{1: 1, 4: ids(64)}}, isHeld},
		{"65 names", liar.M{32: liar.M{1: 1, 4: ids(65)}}, isMalformed},
		{"a key", liar.M{19: ids(1)[0]}, isMalformed},
		{"none", liar.M{32: nil}, isMalformed},
		{"grants", liar.M{17: ids(1)}, isMalformed},
		{"of an unknown case", liar.M{10: ids(1)[0]}, isEarly},
		{"unknown key", liar.M{33: 1}, isHeld},
		{"audience 1", liar.M{16: 1}, isMalformed},
		{"a body length without a body", liar.M{21: 5}, isMalformed},
		{"the digest as its case", nil, isHeld},
	}
	for _, x := range tries {
		k.NewEpoch()
		more := liar.M{10: id(t, m.cases[0]), 16: 2, 32: liar.M{1: 1, 2: "party_request", 3: "2026-03-10"}}
		if x.name == "the digest as its case" {
			d, err := k.Digest(id(t, m.cases[0]))
			if err != nil {
				t.Fatal(err)
			}
			more[10] = d
		}
		maps.Copy(more, x.more)
		o, err := k.Write(liar.Draft{Owner: k.Unit, Class: 4, Kind: 6, Plain: func([]byte) []byte { return nil }, More: more})
		if err != nil {
			t.Fatal(x.name, err)
		}
		m.judged(t, x.name, o, x.want)
	}
	m.stillWell(t)
}
