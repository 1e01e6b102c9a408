package review

import (
	"fmt"
	"testing"

	"hejie/test/review/liar"
)

// TestErasureOrderIsHeld: an order of erasure that a later program writes is
// held, handed on and in step at every place that the case has, and takes
// nothing away here.
func TestErasureOrderIsHeld(t *testing.T) {
	m := meet(t, 1)
	court := m.court.Serve().HTTPS
	m.town.InStep(court)
	before, atCourt := m.town.Run("case", "get", m.cases[0]), m.court.Run("case", "get", m.cases[0])
	for act := 1; act <= 6; act++ {
		o, err := m.liar.Write(liar.Draft{
			Owner: m.liar.Unit, Class: 4, Kind: 6, Plain: func([]byte) []byte { return nil },
			More: liar.M{10: id(t, m.cases[0]), 16: 2, 32: liar.M{1: act, 2: "party_request", 3: "2026-03-10"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		m.push(m.liar, m.address, 1, o)
	}
	m.village.InStep(m.address)
	r := m.town.Sync(court)
	if r["in_step"] != true || r["sent"] != 6.0 {
		t.Errorf("the orders do not reach the court, which holds the digest: %v", r)
	}
	if got := m.town.Run("case", "get", m.cases[0]); got != before {
		t.Errorf("the case is now\n%sbefore\n%s", got, before)
	}
	if got := m.court.Run("case", "get", m.cases[0]); got != atCourt {
		t.Errorf("the court shows\n%sbefore\n%s", got, atCourt)
	}
	if n := m.town.Object("status")["refused"]; n != 0.0 {
		t.Errorf("status counts %v refused", n)
	}
}

// TestRecordKeyInOperation: a record's key may stand in the operation that begins
// it, under the audience key.
func TestRecordKeyInOperation(t *testing.T) {
	m := meet(t, 1)
	k := m.liar
	audience, key := k.NewKey(), k.NewKey()
	w, err := k.WrapTo(audience, k.Above(k.Unit)[0], k.Unit, liar.M{11: liar.RuleStation})
	if err != nil {
		t.Fatal(err)
	}
	o, err := k.Write(liar.Draft{Owner: k.Unit, Class: liar.ClassCase, Kind: liar.KindCase, Key: key, Inside: audience, Content: liar.Changes(liar.Assign("title", "键在内的案件"), liar.Assign("category", "02")), More: liar.M{16: 1, 31: 1}})
	if err != nil {
		t.Fatal(err)
	}
	k.Keep(o)
	m.pushFrames(k, m.address, 1, w.Frame(), o.Frame())
	of := fmt.Sprintf("%x", o.ID)
	if got := shown(m.town, of); got["title"] != "键在内的案件" {
		t.Errorf("title %v", got["title"])
	}
	// What comes later under the same key needs no wrap of it either, and the
	// station writes on.
	m.push(k, m.address, 1, m.retitle(k, of, "改过的题目", nil))
	if got := shown(m.town, of); got["title"] != "改过的题目" {
		t.Errorf("title %v", got["title"])
	}
	set(m.town, of, `{"place":"河湾村7组"}`)
	if got := shown(m.town, of)["place"]; got != "河湾村7组" {
		t.Errorf("place %v", got)
	}
}

// TestPairUnderOneSignature: a case operation and its digest may stand under one
// signature, and each proves itself alone.
func TestPairUnderOneSignature(t *testing.T) {
	m := meet(t, 3)
	tries := []struct {
		name string
		want byte
		bend func(p *liar.Pair)
		send func(o, d liar.Frame) []liar.Frame
	}{
		{"both", 1, nil, func(o, d liar.Frame) []liar.Frame { return []liar.Frame{o, d} }},
		{"the digest alone, then the case", 1, nil, func(o, d liar.Frame) []liar.Frame { return []liar.Frame{d, o} }},
		{"places exchanged", 3, func(p *liar.Pair) { p.Place[0], p.Place[1] = 1, 0 }, func(o, d liar.Frame) []liar.Frame { return []liar.Frame{o, d} }},
	}
	for i, x := range tries {
		t.Run(x.name, func(t *testing.T) {
			m := m.in(t)
			k, of := m.liar, id(t, m.cases[i])
			edit, err := k.Edit(of, liar.Assign("category", "03", k.Live(of, "category")...))
			if err != nil {
				t.Fatal(err)
			}
			digest, err := k.Digest(of)
			if err != nil {
				t.Fatal(err)
			}
			key := k.NewKey()
			pair := &liar.Pair{Place: []byte{0, 1}}
			if x.bend != nil {
				x.bend(pair)
			}
			o, d, err := k.WritePair(pair, edit, func(projects liar.ID) liar.Draft {
				return liar.Draft{Owner: k.Unit, Class: liar.ClassDigest, Kind: liar.KindDigest, Record: digest, Heads: k.Heads(digest), Key: key, Content: liar.Changes(liar.Assign("category", "03", k.Live(of, "category")...)), More: liar.M{10: of, 23: projects}}
			})
			if err != nil {
				t.Fatal(err)
			}
			m.pushFrames(k, m.address, x.want, x.send(o.Frame(), d.Frame())...)
			want := "02"
			if x.want == 1 {
				want = "03"
			}
			if got := shown(m.town, m.cases[i])["category"]; got != want {
				t.Errorf("category %v", got)
			}
		})
	}
}
