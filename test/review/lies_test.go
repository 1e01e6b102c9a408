package review

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// TestDigestOfSomebodyElsesCase is S1: whoever knows a case's id can't put a
// digest of his own in the place of its owner's, where only digests are held.
func TestDigestOfSomebodyElsesCase(t *testing.T) {
	c := newCounty(t)
	of := newCase(c.village, 1)
	town := c.town.Serve().HTTPS
	c.village.InStep(town)
	c.other.InStep(town)
	court := c.court.Serve().HTTPS
	c.town.InStep(court)
	thief, owner := c.kit(c.other, town), c.kit(c.village, town)
	before, rowBefore := c.court.Run("case", "get", of), fmt.Sprint(row(c.court, of))
	begun := owner.Operations[id(t, of)]
	header := begun.HeaderBytes()
	own, err := thief.Write(liar.Draft{Owner: thief.Unit, Class: liar.ClassCase, Kind: liar.KindCase, Key: thief.NewKey(), Content: liar.Changes(), More: liar.M{16: 1}})
	if err != nil {
		t.Fatal(err)
	}
	var notCase []byte
	for _, o := range owner.Operations {
		if o.Header[9] == uint64(liar.KindDigest) && o.Header[8] == nil {
			notCase = o.HeaderBytes()
		}
	}
	bent := bytes.Clone(header)
	bent[len(bent)-1] ^= 1
	suite := func(b []byte) []byte { return append([]byte{1}, b...) }
	tries := map[string]liar.M{
		"no header":               {28: nil},
		"the case's true header":  {28: suite(header)},
		"the header bent":         {28: suite(bent)},
		"a header of his own":     {28: suite(own.HeaderBytes())},
		"a header of a digest":    {28: suite(notCase)},
		"another suite":           {28: append([]byte{2}, header...)},
		"the frame":               {28: begun.Bytes},
		"as the owner":            {28: suite(header), 4: owner.Unit, 12: owner.LogHeads(owner.Unit), 13: owner.LogHeads(thief.Unit)},
		"nothing":                 {28: []byte{}},
		"as the owner, no header": {28: nil, 4: owner.Unit, 12: owner.LogHeads(owner.Unit), 13: owner.LogHeads(thief.Unit)},
	}
	for name, more := range tries {
		t.Run(name, func(t *testing.T) {
			key := thief.NewKey()
			fields := liar.M{10: id(t, of), 16: 2, 23: id(t, of)}
			for k, v := range more {
				fields[k] = v
			}
			o, err := thief.Write(liar.Draft{Owner: thief.Unit, Class: liar.ClassDigest, Kind: liar.KindDigest, Key: key, Content: liar.Changes(liar.Assign("amount_fen", 999), liar.Assign("category", "17")), More: fields})
			if err != nil {
				t.Fatal(err)
			}
			frames := []liar.Frame{o.Frame()}
			for _, reader := range append([]liar.ID{thief.Unit}, thief.Above(thief.Unit)...) {
				w, err := thief.WrapTo(key, reader, thief.Unit, liar.M{11: liar.RuleTree})
				if err != nil {
					t.Fatal(err)
				}
				frames = append(frames, w.Frame())
			}
			outcomes, err := thief.Push(t.Context(), court, frames...)
			if err != nil {
				t.Fatal(err)
			}
			// With the true header and the true owner it is a second beginning, by one
			// who has no place in that case: held, and of no effect.
			want := liar.Outcome{Code: 3, Reason: 1}
			if name == "another suite" {
				want = liar.Outcome{Code: 5} // nobody here can tell whether it fits: carried on, and outside every set
			}
			if got := outcomes[0]; name != "as the owner" && (got.Code != want.Code || got.Reason != want.Reason) {
				t.Errorf("outcome %d, reason %d %s", got.Code, got.Reason, got.Sentence)
			}
			if after := c.court.Run("case", "get", of); after != before {
				t.Errorf("the court shows\n%swhere it showed\n%s", after, before)
			}
			if after := fmt.Sprint(row(c.court, of)); after != rowBefore {
				t.Errorf("the court's list shows\n%s\nwhere it showed\n%s", after, rowBefore)
			}
		})
	}
	c.town.InStep(court)
}

// digested writes an edit of the category at the village and a digest operation
// that says it projects that, with another one; says is empty: no digest
// operation at all.
func (m *met) digested(t *testing.T, of, category, says string) []liar.Frame {
	t.Helper()
	k, record := m.liar, id(t, of)
	o := m.edit(k, of, nil, liar.Assign("category", category, k.Live(record, "category")...))
	frames := []liar.Frame{o.Frame()}
	if says == "" {
		return frames
	}
	digest, err := k.Digest(record)
	if err != nil {
		t.Fatal(err)
	}
	heads := k.Heads(digest)
	key := k.NewKey()
	p, err := k.Write(liar.Draft{Owner: k.Unit, Class: liar.ClassDigest, Kind: liar.KindDigest, Record: digest, Heads: heads, Key: key, Content: liar.Changes(liar.Assign("category", says, k.Live(record, "category")...)), More: liar.M{10: record, 23: o.ID}})
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
	return frames
}

// TestFalseProjection is the rest of S1: who reads case and digest compares them,
// names the author, and the next save of whoever may mends it.
func TestFalseProjection(t *testing.T) {
	m := meet(t, 3)
	court := m.court.Serve().HTTPS
	m.town.InStep(court)
	accused := func() bool {
		list, _ := m.town.Object("status")["wrong"].([]any)
		return slices.ContainsFunc(list, func(v any) bool {
			text := fmt.Sprint(v)
			return strings.Contains(text, "digest") && strings.Contains(text, process.Village.Person)
		})
	}
	shows := func(of, category string) {
		t.Helper()
		m.town.InStep(court)
		if got := shown(m.court, of)["category"]; got != category {
			t.Errorf("the court shows the category %v, the case has %s", got, category)
		}
	}
	set(m.village, m.cases[2], `{"category":"03"}`)
	m.village.InStep(m.address)
	if accused() {
		t.Errorf("an honest digest is accused: %v", m.town.Object("status")["wrong"])
	}
	shows(m.cases[2], "03")
	for i, says := range []string{"", "08"} {
		m.pushFrames(m.liar, m.address, 1, m.digested(t, m.cases[i], "03", says)...)
		if !accused() {
			t.Errorf("a digest that says %q is not told: %v", says, m.town.Object("status")["wrong"])
		}
		set(m.town, m.cases[i], `{"place":"河湾村7组"}`)
		if accused() {
			t.Errorf("a save of the station did not mend it: %v", m.town.Object("status")["wrong"])
		}
		shows(m.cases[i], "03")
	}
}

// TestLinkToAnotherPredecessor is F13: verify names a lane whose link is wrong.
func TestLinkToAnotherPredecessor(t *testing.T) {
	m := meet(t, 1)
	first := m.edit(m.liar, m.cases[0], nil, liar.Assign("place", "河湾村1组", m.liar.Live(id(t, m.cases[0]), "place")...))
	place := func(name string, more liar.M) *liar.Operation {
		return m.edit(m.liar, m.cases[0], func(d *liar.Draft) { d.More = more }, liar.Assign("place", name, m.liar.Live(id(t, m.cases[0]), "place")...))
	}
	second := place("河湾村2组", nil)
	fork := place("河湾村3组", liar.M{6: 2, 7: first.ID})
	// Its number says that it is the third, its link that it comes after the first.
	last := place("河湾村4组", liar.M{6: 3, 7: first.ID})
	m.push(m.liar, m.address, 1, first, second, fork, last)
	if got := shown(m.town, m.cases[0])["place"]; got != "河湾村4组" {
		t.Errorf("place %v", got)
	}
	out, _, _ := m.town.Try("verify")
	if !strings.Contains(out, hex.EncodeToString(last.ID[:])) && !strings.Contains(out, hex.EncodeToString(last.ID[:8])) {
		t.Errorf("verify names no link to another predecessor: %s", out)
	}
}

// order is the order of edwards25519's prime subgroup.
var order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)

// prime is 2^255 - 19.
var prime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))

func little(n *big.Int) []byte {
	b := n.FillBytes(make([]byte, 32))
	slices.Reverse(b)
	return b
}

// smallOrder are encodings of points whose order divides 8 (RFC 8032's torsion):
// canonical ones, then those with y = p or p + 1, and those whose x is 0 and yet
// has a sign.
func smallOrder() map[string][]byte {
	minusOne := little(new(big.Int).Sub(prime, big.NewInt(1)))
	y8, _ := hex.DecodeString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
	z8, _ := hex.DecodeString("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
	points := map[string][]byte{
		"order 1": little(big.NewInt(1)), "order 2": minusOne, "order 4": little(big.NewInt(0)),
		"order 8": y8, "another of order 8": z8,
		"order 4, y = p": little(prime), "order 1, y = p + 1": little(new(big.Int).Add(prime, big.NewInt(1))),
	}
	for name, b := range map[string][]byte{"order 1": points["order 1"], "order 2": minusOne, "order 4": points["order 4"], "order 8": y8, "another of order 8": z8, "order 4, y = p": points["order 4, y = p"], "order 1, y = p + 1": points["order 1, y = p + 1"]} {
		b = bytes.Clone(b)
		b[31] |= 0x80
		points[name+", with a sign"] = b
	}
	return points
}

// TestSignatureWithTwoAnswers: what one verifier takes and another refuses is
// refused by its bytes, and nothing of it is kept.
func TestSignatureWithTwoAnswers(t *testing.T) {
	m := meet(t, 1)
	refused := func(name string, o *liar.Operation) {
		t.Helper()
		outcomes, err := m.liar.Push(t.Context(), m.address, o.Frame())
		if err != nil {
			t.Fatal(err)
		}
		if got := outcomes[0]; got.Code != 3 || got.Reason != 1 && got.Reason != 2 {
			t.Errorf("%s: outcome %d, reason %d %s", name, got.Code, got.Reason, got.Sentence)
		}
	}
	write := func(sign func(id liar.ID) []byte, more liar.M) *liar.Operation {
		return m.edit(m.liar, m.cases[0], func(d *liar.Draft) { d.Sign, d.More = sign, more }, liar.Assign("title", "新题目"))
	}
	// S above the group order: the same equation holds.
	refused("S + L", write(func(id liar.ID) []byte {
		b := m.liar.Signature(id)
		s := slices.Clone(b[32:])
		slices.Reverse(s)
		return append(b[:32:32], little(new(big.Int).Add(new(big.Int).SetBytes(s), order))...)
	}, nil))
	// A key of small order signs everything: R = 1, S = 0, and for those of order 8
	// one message in eight; nobody needs to know a secret.
	for name, point := range smallOrder() {
		for range 4 {
			refused("key of "+name, write(func(liar.ID) []byte { return append(little(big.NewInt(1)), make([]byte, 32)...) }, liar.M{2: point}))
		}
	}
	if got := shown(m.town, m.cases[0])["title"]; got != title {
		t.Errorf("title %v", got)
	}
	noTrace(t, m.town)
}

// noTrace says that a desk is as well as before somebody lied to it.
func noTrace(t *testing.T, d *process.Desk) {
	t.Helper()
	if out, _, ok := d.Try("verify"); !ok {
		t.Errorf("verify: %s", out)
	}
}
