package review

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// TestDigestBeginnings: digests whose case's header is of another kind, class,
// length, tree or suite, and places where fields 23, 27 and 28 make no sense.
func TestDigestBeginnings(t *testing.T) {
	m := meet(t, 1)
	k := m.liar
	of := id(t, m.cases[0])
	record, err := k.Digest(of)
	if err != nil {
		t.Fatal(err)
	}
	suite := func(b []byte) []byte { return append([]byte{1}, b...) }
	town := k.Above(k.Unit)[0]
	// begun writes a first operation of a case that is pushed nowhere.
	begun := func(d liar.Draft) *liar.Operation {
		d.Key, d.Content = k.NewKey(), liar.Changes()
		if d.Owner == (liar.ID{}) {
			d.Owner = k.Unit
		}
		if d.Class == 0 {
			d.Class, d.Kind = liar.ClassCase, liar.KindCase
		}
		o, err := k.Write(d)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	of2 := func(more liar.M) *liar.Operation {
		all := liar.M{16: 1}
		for f, v := range more {
			all[f] = v
		}
		return begun(liar.Draft{More: all})
	}
	tries := []struct {
		name string
		of   *liar.Operation
		want string
	}{
		{"a case of its own", of2(nil), isHeld},
		{"with an unknown key", of2(liar.M{33: 1}), isHeld},
		{"with a key to be ignored", of2(liar.M{200: 1}), isHeld},
		{"of 2,100 bytes", of2(liar.M{200: make([]byte, 1_800)}), isMalformed},
		{"of 1,900 bytes", of2(liar.M{200: make([]byte, 1_500)}), isHeld},
		{"of another tree", of2(liar.M{1: ids(1)[0]}), isMalformed},
		{"of another owner", begun(liar.Draft{Owner: town, More: liar.M{16: 1}}), isMalformed},
		{"with a case header", of2(liar.M{28: []byte("x")}), isMalformed},
		{"with audience 4", of2(liar.M{16: 4}), isNewer},
		{"with audience 2", of2(liar.M{16: 2}), isMalformed},
		{"of class 5", begun(liar.Draft{Class: 5, Kind: 2, More: liar.M{16: 1, 29: []any{town}}}), isMalformed},
		{"of class 16", begun(liar.Draft{Class: 16, Kind: 2, More: liar.M{16: 1}}), isNewer},
		{"of a later kind", begun(liar.Draft{Class: 3, Kind: 20, More: liar.M{16: 1}}), isMalformed},
		{"of a register", begun(liar.Draft{Class: 3, Kind: 8, More: liar.M{16: 2}}), isMalformed},
		{"of notes", begun(liar.Draft{Class: 3, Kind: 3, More: liar.M{16: 3, 10: of}}), isMalformed},
		{"by a key of small order", of2(liar.M{2: smallOrder()["order 1"]}), isMalformed},
		{"number 0", of2(liar.M{6: 0}), isMalformed},
		{"an edit", m.edit(k, m.cases[0], nil), isMalformed},
		{"a digest", begun(liar.Draft{Class: 2, Kind: 4, More: liar.M{10: of, 16: 2, 23: of, 28: suite(k.Operations[of].HeaderBytes())}}), isMalformed},
	}
	push := func(name, want string, o *liar.Operation) {
		t.Helper()
		outcomes, err := k.Push(t.Context(), m.address, o.Frame())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := outcome(outcomes[0]); got != want {
			t.Errorf("%s: %s %s; wanted %s", name, got, outcomes[0].Sentence, want)
		}
	}
	digest := func(of liar.ID, more liar.M) *liar.Operation {
		fields := liar.M{10: of, 16: 2, 23: of}
		for f, v := range more {
			fields[f] = v
		}
		return begun(liar.Draft{Class: 2, Kind: 4, More: fields})
	}
	for _, x := range tries {
		k.NewEpoch()
		push("header "+x.name, x.want, digest(x.of.ID, liar.M{28: suite(x.of.HeaderBytes())}))
	}
	mine := of2(nil)
	header := suite(mine.HeaderBytes())
	k.NewEpoch()
	for _, x := range []struct {
		name string
		more liar.M
		want string
	}{
		{"no projects", liar.M{28: header, 23: nil}, isMalformed},
		{"no case", liar.M{28: header, 10: nil}, isMalformed},
		{"grants", liar.M{28: header, 17: []any{town}}, isMalformed},
		{"case grants", liar.M{28: header, 27: []any{town}}, isHeld},
		{"nine case grants", liar.M{28: header, 27: ids(9)}, isMalformed},
		{"case grants twice", liar.M{28: header, 27: []any{town, town}}, isMalformed},
		{"attachments", liar.M{28: header, 30: []any{[]any{town, 1, 5}}}, isMalformed},
		{"a route", liar.M{28: header, 29: []any{town}}, isMalformed},
		{"an erasure", liar.M{28: header, 32: liar.M{1: 1}}, isMalformed},
		{"withdrawals", liar.M{28: header, 18: []any{town}}, isMalformed},
		{"an unknown key", liar.M{28: header, 33: 1}, isHeld},
		{"audience 1", liar.M{28: header, 16: 1}, isMalformed},
		{"audience 3", liar.M{28: header, 16: 3}, isMalformed},
		{"suite 2", liar.M{28: slices.Concat([]byte{2}, mine.HeaderBytes())}, isNewer},
		{"one byte", liar.M{28: []byte{1}}, isMalformed},
		{"a byte behind", liar.M{28: append(slices.Clone(header), 0)}, isMalformed},
		{"2,050 bytes", liar.M{28: bytes.Repeat([]byte{1}, 2_050)}, isMalformed},
		{"a text", liar.M{28: string(header[:10])}, isMalformed},
		{"on a later operation", liar.M{28: header, 8: record, 11: k.Heads(record), 16: nil}, isMalformed},
	} {
		k.NewEpoch()
		push(x.name, x.want, digest(mine.ID, x.more))
	}
	m.stillWell(t)
}

// TestOtherFalseProjections: other ways in which a digest tells something else
// than its case, and what the next save makes of it.
func TestOtherFalseProjections(t *testing.T) {
	m := meet(t, 7)
	court, stop := m.court.Start()
	defer stop()
	m.town.InStep(court.HTTPS)
	k := m.liar
	accused := func(d *process.Desk, code, of string) bool {
		list, _ := d.Object("status")["wrong"].([]any)
		return slices.ContainsFunc(list, func(v any) bool {
			text := fmt.Sprint(v)
			return strings.Contains(text, "digest") && strings.Contains(text, of[:8]) && strings.Contains(text, code)
		})
	}
	type write struct {
		changes []liar.M
		more    liar.M
	}
	tries := []struct {
		name   string
		digest func(of liar.ID, o *liar.Operation) *write
	}{
		{"one change more", func(of liar.ID, o *liar.Operation) *write {
			return &write{changes: []liar.M{liar.Assign("category", "03", k.Live(of, "category")...), liar.Assign("amount_fen", 999)}}
		}},
		{"a name of its own", func(of liar.ID, o *liar.Operation) *write {
			return &write{changes: []liar.M{liar.Assign("title", "李大样")}}
		}},
		{"nothing", func(of liar.ID, o *liar.Operation) *write { return &write{} }},
		{"projects nobody's operation", func(of liar.ID, o *liar.Operation) *write {
			return &write{changes: []liar.M{liar.Assign("category", "03")}, more: liar.M{23: ids(1)[0]}}
		}},
		{"projects the beginning again", func(of liar.ID, o *liar.Operation) *write {
			return &write{changes: []liar.M{liar.Assign("category", "09")}, more: liar.M{23: of}}
		}},
		{"broken", func(of liar.ID, o *liar.Operation) *write {
			return &write{changes: []liar.M{{1: 1, 3: "x"}}}
		}},
		{"grants nobody", func(of liar.ID, o *liar.Operation) *write {
			return &write{changes: []liar.M{liar.Assign("category", "03", k.Live(of, "category")...)}, more: liar.M{27: []any{k.Tree}}}
		}},
	}
	for i, x := range tries {
		of := id(t, m.cases[i])
		o := m.edit(k, m.cases[i], nil, liar.Assign("category", "03", k.Live(of, "category")...))
		frames := []liar.Frame{o.Frame()}
		record, err := k.Digest(of)
		if err != nil {
			t.Fatal(err)
		}
		w := x.digest(of, o)
		more := liar.M{10: of, 23: o.ID}
		for f, v := range w.more {
			more[f] = v
		}
		key := k.NewKey()
		p, err := k.Write(liar.Draft{Owner: k.Unit, Class: 2, Kind: 4, Record: record, Heads: k.Heads(record), Key: key, Content: liar.Changes(w.changes...), More: more})
		if err != nil {
			t.Fatal(err)
		}
		k.Keep(p)
		frames = append(frames, p.Frame())
		wraps, err := k.WrapsForTree(key)
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, wraps...)
		m.pushFrames(k, m.address, 1, frames...)
		m.village.InStep(m.address)
		m.town.InStep(court.HTTPS)
		for _, d := range []*process.Desk{m.town, m.village} {
			if !accused(d, process.Village.Person, m.cases[i]) {
				t.Errorf("%s: %v does not tell: %s", x.name, d.Object("status")["unit_name"], wrongs(d))
			}
		}
		set(m.town, m.cases[i], `{"place":"河湾村7组"}`)
		m.town.InStep(court.HTTPS)
		m.village.InStep(m.address)
		got := shown(m.court, m.cases[i])
		if got["category"] != "03" {
			t.Errorf("%s: the court shows category %v", x.name, got["category"])
		}
		if accused(m.town, "", m.cases[i]) {
			t.Errorf("%s: a save did not mend it: %s", x.name, wrongs(m.town))
		}
		if text := fmt.Sprint(got); strings.Contains(text, "李大样") {
			t.Errorf("%s: the court shows %s", x.name, text)
		}
		if a, b := shown(m.town, m.cases[i])["category"], "03"; a != b {
			t.Errorf("%s: the town shows %v", x.name, a)
		}
	}
	stop()
	m.stillWell(t)
}
