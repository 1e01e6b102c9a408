package review

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// all are its desks.
func (c *county) all() []*process.Desk { return []*process.Desk{c.court, c.town, c.village, c.other} }

// met is a county whose town is served and has met the village, and a liar at the
// village.
type met struct {
	*county
	address string
	liar    *liar.Kit
	cases   []string
}

// meet makes n cases at the village and brings them to the town.
func meet(t *testing.T, n int) *met {
	t.Helper()
	m := &met{county: newCounty(t)}
	m.cases = newCases(m.village, n)
	m.address = m.town.Serve().HTTPS
	m.village.InStep(m.address)
	m.liar = m.kit(m.village, m.address)
	return m
}

// in is m for a subtest: what its desks' commands find fails that.
func (m met) in(t *testing.T) *met {
	c := *m.county
	c.t = t
	for _, d := range []**process.Desk{&c.court, &c.town, &c.village, &c.other} {
		moved := **d
		moved.T = t
		*d = &moved
	}
	m.county = &c
	return &m
}

// shown is a case at a desk.
func shown(d *process.Desk, of string) map[string]any {
	d.T.Helper()
	return d.Object("case", "get", of)
}

// unknown tells that a case's document names something that is not understood.
func unknown(document map[string]any) bool {
	list, _ := document["unknown"].([]any)
	return len(list) > 0
}

// row is a case's line in a desk's list.
func row(d *process.Desk, of string) map[string]any {
	d.T.Helper()
	r := rows(d)[of]
	if r == nil {
		d.T.Fatalf("%s is not in the list", of)
	}
	return r
}

// rows is a desk's list by id.
func rows(d *process.Desk) map[string]map[string]any {
	d.T.Helper()
	all := map[string]map[string]any{}
	for _, line := range d.Lines("case", "list") {
		id, _ := line["id"].(string)
		all[id] = line
	}
	return all
}

// try is an edit of a title, and whether a newer program wrote it.
type try struct {
	name  string
	draft func(*liar.Draft)
	newer bool
}

// tryAll writes each edit on a case of its own, and then a plain one on top of
// it, and looks at all of them at the town.
func tryAll(t *testing.T, tries []try) {
	t.Helper()
	m := meet(t, len(tries))
	var frames []liar.Frame
	count := 0.0
	for i, x := range tries {
		o := m.retitle(m.liar, m.cases[i], "新题目", x.draft)
		later := m.edit(m.liar, m.cases[i], nil, liar.Assign("place", "河湾村9组", m.liar.Live(id(t, m.cases[i]), "place")...))
		frames = append(frames, o.Frame(), later.Frame())
		if x.newer {
			count++
		}
	}
	m.pushFrames(m.liar, m.address, 1, frames...)
	list, status := rows(m.town), m.town.Object("status")
	if status["newer"] != count || status["refused"] != 0.0 {
		t.Errorf("status counts newer %v of %v, refused %v", status["newer"], count, status["refused"])
	}
	if out, _, ok := m.town.Try("verify"); !ok || !strings.Contains(out, `"bad":[]`) {
		t.Errorf("verify: %s", out)
	}
	for i, x := range tries {
		t.Run(x.name, func(t *testing.T) {
			m := m.in(t)
			of := m.cases[i]
			got := shown(m.town, of)
			if got["place"] != "河湾村9组" {
				t.Errorf("what builds on it is not shown: place %v", got["place"])
			}
			if !x.newer {
				if got["title"] != "新题目" || unknown(got) {
					t.Errorf("title %v, unknown %v", got["title"], got["unknown"])
				}
				return
			}
			// As before, with a mark, and read-only.
			if got["title"] != title || list[of]["title"] != title {
				t.Errorf("what must be understood took effect: title %v, in the list %v", got["title"], list[of]["title"])
			}
			if !unknown(got) || list[of]["unknown"] != true {
				t.Errorf("nothing is shown of it: on the case %v, in the list %v", got["unknown"], list[of]["unknown"])
			}
			if _, _, ok := m.town.Try("case", "set", of, "--file", m.town.File("set.json", `{"title":"另一个"}`)); ok {
				t.Error("the town wrote over it")
			}
		})
	}
}

// TestUnknownHeaderKey is F1 and R1: what a later header field restricts, a
// program that does not know it may not simply take.
func TestUnknownHeaderKey(t *testing.T) {
	var tries []try
	for _, key := range []uint64{33, 99, 127, 128, 200, 1000} {
		tries = append(tries, try{fmt.Sprint("key ", key), func(d *liar.Draft) { d.More = liar.M{key: 1} }, key < 128})
	}
	tryAll(t, tries)
}

// TestUnknownBody is F2 and F11: a body that this program can't unpack is a newer
// program's, told and shown; padding of any length is read.
func TestUnknownBody(t *testing.T) {
	plain := func(p func([]byte) []byte) func(*liar.Draft) { return func(d *liar.Draft) { d.Plain = p } }
	tryAll(t, []try{
		{"compression 3", plain(liar.Compressed(3)), true},
		{"compression 200", plain(liar.Compressed(200)), true},
		{"one zero more", plain(liar.Padded(1)), false},
		{"a step more", plain(liar.Padded(32)), false},
		{"40,000 zeros more", plain(liar.Padded(40_000)), false},
	})
}

// TestUnknownInBody: keys of a body and of a change that must be understood. Of
// such a change the rest of its operation has effect, so status counts none.
func TestUnknownInBody(t *testing.T) {
	change := func(alter func(c liar.M)) func(*liar.Draft) {
		return func(d *liar.Draft) {
			c := liar.Body(d.Content).First()
			alter(c)
			d.Content = liar.Changes(c)
		}
	}
	body := func(key uint64) func(*liar.Draft) {
		return func(d *liar.Draft) {
			d.Content = liar.Encode(liar.M{1: []any{liar.Body(d.Content).First()}, key: 1})
		}
	}
	tryAll(t, []try{
		{"body key 3", body(3), true},
		{"body key 127", body(127), true},
		{"body key 128", body(128), false},
	})
	tries := []try{
		{"change key 20", change(func(c liar.M) { c[20] = 1 }), true},
		{"change key 127", change(func(c liar.M) { c[127] = 1 }), true},
		{"change key 128", change(func(c liar.M) { c[128] = 1 }), false},
		{"change of kind 9", change(func(c liar.M) { c[1] = 9; delete(c, 4) }), true},
	}
	m := meet(t, len(tries))
	for i, x := range tries {
		m.push(m.liar, m.address, 1, m.retitle(m.liar, m.cases[i], "新题目", x.draft))
	}
	for i, x := range tries {
		t.Run(x.name, func(t *testing.T) {
			m := m.in(t)
			got := shown(m.town, m.cases[i])
			if !x.newer {
				if got["title"] != "新题目" || unknown(got) {
					t.Errorf("title %v, unknown %v", got["title"], got["unknown"])
				}
				return
			}
			if got["title"] != title || !unknown(got) {
				t.Errorf("title %v, unknown %v", got["title"], got["unknown"])
			}
			if _, _, ok := m.town.Try("case", "set", m.cases[i], "--file", m.town.File("set.json", `{"title":"另一个"}`)); ok {
				t.Error("the town wrote over it")
			}
		})
	}
}

// TestBrokenBody is the rest of F2: a body that is no list of changes is a fault
// that is shown, not silence.
func TestBrokenBody(t *testing.T) {
	content := func(b []byte) func(*liar.Draft) { return func(d *liar.Draft) { d.Content = b } }
	plain := func(b ...byte) func(*liar.Draft) {
		return func(d *liar.Draft) { d.Plain = func(p []byte) []byte { return append(b, p...) } }
	}
	tries := map[string]func(*liar.Draft){
		"no CBOR":                    content([]byte("\xff\xff")),
		"not deterministic":          content([]byte{0xa1, 0x01, 0x98, 0x00}),
		"a text":                     content(liar.Encode("x")),
		"too many changes":           content(liar.Encode(liar.M{1: make([]any, 10_001)})),
		"no path":                    content(liar.Changes(liar.M{1: 1, 3: "x"})),
		"padding that is not zeros":  plain(0, 1, 0xa0),
		"a length beyond the frame":  plain(0, 0xff, 0xff, 0x03),
		"no zstd frame":              plain(1, 4, 4),
		"content over 900,000 bytes": plain(0, 0xa1, 0xf7, 0x36),
	}
	m := meet(t, len(tries))
	names := slices.Sorted(maps.Keys(tries))
	ids := map[string]string{}
	for i, name := range names {
		o := m.edit(m.liar, m.cases[i], tries[name])
		ids[name] = hex.EncodeToString(o.ID[:])
		m.push(m.liar, m.address, 1, o)
	}
	verified, _, _ := m.town.Try("verify")
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			got := shown(m.in(t).town, m.cases[i])
			if got["title"] != title {
				t.Errorf("title %v", got["title"])
			}
			if !unknown(got) {
				t.Error("the case shows nothing of it")
			}
			if !strings.Contains(verified, ids[name]) {
				t.Errorf("verify says nothing of it: %s", verified)
			}
		})
	}
}

// TestRemark is F9: the author's reason is shown to people.
func TestRemark(t *testing.T) {
	m := meet(t, 1)
	change := liar.Assign("title", "新题目", m.liar.Live(id(t, m.cases[0]), "title")...)
	m.push(m.liar, m.address, 1, m.edit(m.liar, m.cases[0], func(d *liar.Draft) {
		d.Content = liar.Encode(liar.M{1: []any{change}, 2: "题目写错了，更正"})
	}))
	if out := m.town.Run("case", "history", m.cases[0]); !strings.Contains(out, "题目写错了，更正") {
		t.Errorf("the history does not have the remark:\n%s", out)
	}
}

// TestLaterSchema is F10: what a later schema wrote is read as far as it is
// understood, and nobody is accused of its projection.
func TestLaterSchema(t *testing.T) {
	m := meet(t, 1)
	m.push(m.liar, m.address, 1, m.retitle(m.liar, m.cases[0], "新题目", func(d *liar.Draft) { d.More = liar.M{15: 2} }))
	if got := shown(m.town, m.cases[0]); got["title"] != "新题目" {
		t.Errorf("title %v", got["title"])
	}
	if wrong := fmt.Sprint(m.town.Object("status")["wrong"]); strings.Contains(wrong, process.Village.Name) {
		t.Errorf("its author is accused: %s", wrong)
	}
}

// TestNewerIsNotBroken is F8: numbers that are merely unknown are no broken
// copies, and cost their sender nothing.
func TestNewerIsNotBroken(t *testing.T) {
	m := meet(t, 1)
	frames := map[string]liar.Frame{}
	edit := func(name string, more liar.M) {
		frames[name] = m.retitle(m.liar, m.cases[0], name, func(d *liar.Draft) { d.More = more }).Frame()
	}
	first := func(name string, class, kind uint64, more liar.M) {
		o, err := m.liar.Write(liar.Draft{Owner: m.liar.Unit, Class: class, Kind: kind, Key: m.liar.NewKey(), Content: liar.Changes(), More: more})
		if err != nil {
			t.Fatal(err)
		}
		frames[name] = o.Frame()
	}
	edit("class 16", liar.M{5: 16})
	edit("class 200", liar.M{5: 200})
	first("class 5 without a route", 5, 20, liar.M{16: 1})
	first("audience 4", liar.ClassCase, liar.KindCase, liar.M{16: 4})
	first("audience 77", liar.ClassCase, liar.KindCase, liar.M{16: 77})
	first("kind 256", liar.ClassCase, 256, liar.M{16: 1})
	entry, err := m.liar.Entry(m.liar.Unit, liar.BranchOwn, liar.M{1: 3, 2: process.Village.Code, 3: "别的名字", 4: "2026-03-09"})
	if err != nil {
		t.Fatal(err)
	}
	entry.More[24] = 3
	o, err := m.liar.Write(entry)
	if err != nil {
		t.Fatal(err)
	}
	frames["branch 3"] = o.Frame()
	w, err := m.liar.WrapTo(m.liar.NewKey(), m.liar.Above(m.liar.Unit)[0], m.liar.Unit, liar.M{4: 9, 11: liar.RuleStation})
	if err != nil {
		t.Fatal(err)
	}
	frames["wrap of method 9"] = w.Frame()
	suite := o.Frame()
	suite.Bytes = append([]byte{3}, suite.Bytes[1:]...)
	frames["suite 3"] = suite
	frames["frame of kind 99"] = liar.Frame{Kind: 99, Bytes: []byte("a later kind of frame")}

	for name, f := range frames {
		outcomes, err := m.liar.Push(t.Context(), m.address, f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := outcomes[0]; got.Code == 3 && got.Reason != 6 {
			t.Errorf("%s: refused for reason %d %s", name, got.Reason, got.Sentence)
		}
	}
	status := m.town.Object("status")
	if status["refused"] != 0.0 || strings.Contains(fmt.Sprint(status["wrong"]), "broken") {
		t.Errorf("status: refused %v, wrong %v", status["refused"], status["wrong"])
	}
	if n, _ := status["newer"].(float64); n == 0 {
		t.Error("status counts none of them as newer")
	}
	m.village.InStep(m.address)

	// Six hundred of them shut nobody out.
	road, err := m.liar.Dial(t.Context(), m.address)
	if err != nil {
		t.Fatal(err)
	}
	defer road.Close()
	for range 6 {
		many := make([]liar.Frame, 100)
		for i := range many {
			many[i] = m.retitle(m.liar, m.cases[0], "x", func(d *liar.Draft) { d.More = liar.M{5: 17} }).Frame()
		}
		if _, err := road.Push(t.Context(), many...); err != nil {
			t.Fatalf("frames of a later class: %v", err)
		}
	}
	k := m.kit(m.village, m.address)
	m.push(k, m.address, 1, m.retitle(k, m.cases[0], "新题目", nil))
	if got := shown(m.town, m.cases[0])["title"]; got != "新题目" {
		t.Errorf("what came after them: title %v", got)
	}
}

// TestFrameWithoutBody is R5: an operation without its body is "not yet" for who
// has no order that covers it, and takes nothing away from who holds the whole.
func TestFrameWithoutBody(t *testing.T) {
	m := meet(t, 1)
	o := m.retitle(m.liar, m.cases[0], "新题目", nil)
	bare := liar.Frame{Kind: 3, Bytes: liar.WithoutBody(o.Bytes)}
	outcomes, err := m.liar.Push(t.Context(), m.address, bare)
	if err != nil {
		t.Fatal(err)
	}
	if outcomes[0].Code != 3 || outcomes[0].Reason != 10 {
		t.Errorf("outcome %d, reason %d: wanted not yet", outcomes[0].Code, outcomes[0].Reason)
	}
	m.push(m.liar, m.address, 1, o)
	m.pushFrames(m.liar, m.address, 2, bare)
	if got := shown(m.town, m.cases[0])["title"]; got != "新题目" {
		t.Errorf("title %v", got)
	}
	if n := m.town.Object("status")["refused"]; n != 0.0 {
		t.Errorf("status counts %v refused", n)
	}
}
