package review

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"

	"hejie/test/review/liar"
)

func plusL(signature []byte) []byte {
	s := slices.Clone(signature[32:])
	slices.Reverse(s)
	return append(slices.Clone(signature[:32]), little(new(big.Int).Add(new(big.Int).SetBytes(s), order))...)
}

// TestNewerAdmissions: what is newer inside the admission of a unit.
func TestNewerAdmissions(t *testing.T) {
	m := meet(t, 1)
	k := m.kit(m.town, "")
	k.Operations = m.liar.Operations
	oid := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}
	tries := []struct {
		name  string
		a     liar.Admission
		there bool
		told  bool
	}{
		{"as it should be", liar.Admission{}, true, false},
		{"a field of the item from 128", liar.Admission{Item: func(m liar.M) { m[200] = "xy" }}, true, false},
		{"a field of the item to 127", liar.Admission{Item: func(m liar.M) { m[99] = 1 }}, false, true},
		{"a field of the request from 128", liar.Admission{Request: func(m liar.M) { m[200] = "xy" }}, true, false},
		{"a field of the request to 127", liar.Admission{Request: func(m liar.M) { m[99] = 1 }}, false, true},
		{"a later version of the request", liar.Admission{Request: func(m liar.M) { m[1] = 2 }}, false, true},
		{"a critical extension", liar.Admission{Certificate: func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: oid, Critical: true, Value: []byte{5, 0}}}
		}}, false, true},
		{"another extension", liar.Admission{Certificate: func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: oid, Value: []byte{5, 0}}}
		}}, true, false},
		{"another key identifier", liar.Admission{Certificate: func(c *x509.Certificate) { c.SubjectKeyId = []byte("another") }}, false, true},
		{"a request with two answers", liar.Admission{Proofs: func(b liar.B) {
			for key, v := range b {
				b[key] = plusL(v.([]byte))
			}
		}}, false, true},
		{"an unknown kind of request", liar.Admission{Request: func(m liar.M) { m[2] = 9 }}, false, true},
	}
	for i, x := range tries {
		x.a.Code, x.a.Name, x.a.Person = "99012510190"+string(rune('0'+i))+"-tw", "村名"+string(rune('甲'+i))+"委员会", "周例"+string(rune('一'+i))
		x.a.Segment = []byte{9, byte(i)}
		o, err := k.Admit(x.a)
		if err != nil {
			t.Fatal(x.name, err)
		}
		before, _ := m.town.Object("status")["newer"].(float64)
		outcomes, err := m.liar.Push(t.Context(), m.address, o.Frame())
		if err != nil {
			t.Fatal(x.name, err)
		}
		list := m.town.Run("units")
		after, _ := m.town.Object("status")["newer"].(float64)
		if got := outcome(outcomes[0]); got != isHeld && got != isNewer {
			t.Errorf("%s: %s %s", x.name, got, outcomes[0].Sentence)
		}
		if got := strings.Contains(list, x.a.Name); got != x.there {
			t.Errorf("%s: there %t", x.name, got)
		}
		if got := after > before; got != x.told {
			t.Errorf("%s: told %t", x.name, got)
		}
	}
	m.stillWell(t)
}

// TestOtherSignatures: wraps, receipts and shared signatures.
func TestOtherSignatures(t *testing.T) {
	m := meet(t, 1)
	k := m.liar
	of := id(t, m.cases[0])
	town := k.Above(k.Unit)[0]
	one := append(little(big.NewInt(1)), make([]byte, 32)...)

	push := func(name string, f liar.Frame, want string) {
		t.Helper()
		outcomes, err := k.Push(t.Context(), m.address, f)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if got := outcome(outcomes[0]); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s %s; wanted %s", name, got, outcomes[0].Sentence, want)
		}
	}
	key := k.NewKey()
	wrap := func(more liar.M) *liar.Wrap {
		w, err := k.WrapTo(key, town, k.Unit, more)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	bend := func(b []byte, at int) []byte { return slices.Concat(b[:at], plusL(b[at:at+64]), b[at+64:]) }
	w := wrap(liar.M{11: 1})
	head := int(w.Bytes[3])<<8 | int(w.Bytes[4])
	push("a wrap with S + L", liar.Frame{Kind: 2, Bytes: bend(w.Bytes, 11+head)}, "outcome 3, reason 2")
	push("the wrap", w.Frame(), isHeld)
	for name, point := range smallOrder() {
		w := wrap(liar.M{11: 1, 2: point})
		head := int(w.Bytes[3])<<8 | int(w.Bytes[4])
		push("a wrap by a key of "+name, liar.Frame{Kind: 2, Bytes: slices.Concat(w.Bytes[:11+head], one, w.Bytes[11+head+64:])}, isMalformed)
	}
	for _, x := range []struct {
		name string
		more liar.M
		want string
	}{
		{"key 33", liar.M{11: 1, 33: 1}, isHeld},
		{"key 127", liar.M{11: 1, 127: 1}, isHeld},
		{"key 128", liar.M{11: 1, 128: 1}, isHeld},
		{"rule 4", liar.M{11: 4}, isNewer},
		{"rule 256", liar.M{11: 256}, isNewer},
		{"rule 0", liar.M{11: 0}, isMalformed},
		{"method 0", liar.M{4: 0}, isMalformed},
		{"method 4", liar.M{4: 4}, isHeld},
		{"method 5", liar.M{4: 5}, isNewer},
		{"method 256", liar.M{4: 256}, isNewer},
		{"an unknown unit", liar.M{6: ids(1)[0]}, isEarly},
		{"an unknown owner", liar.M{7: ids(1)[0]}, isEarly},
		{"an unknown record", liar.M{8: ids(1)[0]}, isHeld},
		{"a record and a rule", liar.M{8: of, 11: 2}, isHeld},
		{"another's unit as owner", liar.M{7: town, 11: 2}, isHeld},
		{"method 3 without a seat", liar.M{4: 3, 5: ids(1)[0]}, isHeld},
		{"key 2^63", liar.M{11: 1, 1 << 63: 1}, isHeld},
	} {
		push("a wrap: "+x.name, wrap(x.more).Frame(), x.want)
	}

	// Shared signatures.
	edit := func() liar.Draft {
		d, err := k.Edit(of, liar.Assign("category", "03", k.Live(of, "category")...))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	o, err := k.Write(edit())
	if err != nil {
		t.Fatal(err)
	}
	a, b := ids(3)[0], ids(3)[1]
	shared := func(place byte, all []liar.ID, others []liar.ID, bend func([]byte) []byte) liar.Frame {
		parts := [][]byte{{1, byte(len(all))}}
		for i := range all {
			parts = append(parts, all[i][:])
		}
		sig := k.SignHash(liar.H("hejie save v1", parts...))
		if bend != nil {
			sig = bend(sig)
		}
		part := append(sig, place)
		for i := range others {
			part = append(part, others[i][:]...)
		}
		return liar.Frame{Kind: 1, Bytes: o.Signed(part)}
	}
	push("a pair with S + L", shared(0, []liar.ID{o.ID, a}, []liar.ID{a}, plusL), "outcome 3, reason 2")
	push("a place beyond", shared(2, []liar.ID{o.ID, a}, []liar.ID{a}, nil), isMalformed)
	push("place 255", shared(255, []liar.ID{o.ID, a}, []liar.ID{a}, nil), isMalformed)
	push("another place", shared(1, []liar.ID{o.ID, a}, []liar.ID{a}, nil), "outcome 3, reason 2")
	push("its own id beside", shared(0, []liar.ID{o.ID, o.ID}, []liar.ID{o.ID}, nil), isMalformed)
	push("one alone", shared(0, []liar.ID{o.ID}, nil, nil), isMalformed)
	push("five", shared(0, append([]liar.ID{o.ID}, ids(4)...), ids(4), nil), isMalformed)
	push("no signature", liar.Frame{Kind: 1, Bytes: o.Signed(nil)}, isMalformed)
	push("a part of 63", liar.Frame{Kind: 1, Bytes: o.Signed(make([]byte, 63))}, isMalformed)
	push("a part of 65535", liar.Frame{Kind: 1, Bytes: o.Signed(make([]byte, 65535))}, isMalformed)
	push("one of four, another twice", shared(1, []liar.ID{a, o.ID, b, b}, []liar.ID{a, b, b}, nil), isHeld)
	push("then alone", o.Frame(), "outcome 2")
	entry, err := k.Entry(k.Unit, liar.BranchOwn, name(nil))
	if err != nil {
		t.Fatal(err)
	}
	if o, err = k.Write(entry); err != nil {
		t.Fatal(err)
	}
	push("an entry of a log in a pair", shared(0, []liar.ID{o.ID, a}, []liar.ID{a}, nil), isMalformed)
	k.NewEpoch()
	if o, err = k.Write(liar.Draft{Owner: k.Unit, Class: liar.ClassCase, Kind: 20, Key: key, Content: liar.Changes(), More: liar.M{16: 1}}); err != nil {
		t.Fatal(err)
	}
	push("a later kind in a pair", shared(0, []liar.ID{o.ID, a}, []liar.ID{a}, nil), isMalformed)

	// Receipts.
	for _, x := range []struct {
		name string
		b    []byte
	}{
		{"S + L", func() []byte {
			b := k.Receipt(k.Unit, 1<<40, nil)
			return append(b[:len(b)-64:len(b)-64], plusL(b[len(b)-64:])...)
		}()},
		{"part 0 of 2", k.Receipt(k.Unit, 1<<40, liar.M{8: []any{0, 2}})},
		{"part 3 of 2", k.Receipt(k.Unit, 1<<40, liar.M{8: []any{3, 2}})},
		{"part 1 of 1", k.Receipt(k.Unit, 1<<40, liar.M{8: []any{1, 1}})},
		{"part 1 of 17", k.Receipt(k.Unit, 1<<40, liar.M{8: []any{1, 17}})},
		{"part 17 of 17", k.Receipt(k.Unit, 1<<40, liar.M{8: []any{17, 17}})},
		{"part 2 of 2^60", k.Receipt(k.Unit, 1<<40, liar.M{8: []any{2, uint64(1 << 60)}})},
		{"three numbers", k.Receipt(k.Unit, 1<<40, liar.M{8: []any{1, 2, 3}})},
		{"no lanes", k.Receipt(k.Unit, 1<<40, liar.M{5: nil})},
		{"no machine of the tree", k.Receipt(k.Unit, 1<<40, liar.M{2: k.ReceiptSeat()})},
		{"another unit", k.Receipt(k.Unit, 1<<40, liar.M{3: town})},
		{"257 keys", k.Receipt(k.Unit, 1<<40, liar.M{12: ids(257)})},
		{"keys twice", k.Receipt(k.Unit, 1<<40, liar.M{12: []any{a, a}})},
		{"lane of class 1", k.Receipt(k.Unit, 1<<40, liar.M{5: []any{[]any{a, make([]byte, 8), 1, []any{[]any{1, 1, b}}}}})},
		{"lane of class 16", k.Receipt(k.Unit, 1<<40, liar.M{5: []any{[]any{a, make([]byte, 8), 16, []any{[]any{1, 1, b}}}}})},
		{"run backwards", k.Receipt(k.Unit, 1<<40, liar.M{5: []any{[]any{a, make([]byte, 8), 2, []any{[]any{2, 1, b}}}}})},
		{"65 runs", k.Receipt(k.Unit, 1<<40, liar.M{5: []any{[]any{a, make([]byte, 8), 2, slices.Repeat([]any{[]any{1, 1, b}}, 65)}}})},
		{"no bytes", nil},
		{"64 zeros", make([]byte, 64)},
	} {
		road, err := k.Dial(t.Context(), m.address)
		if err != nil {
			t.Fatal(err)
		}
		after, err := road.Receipts(t.Context(), x.b)
		if err == nil && slices.ContainsFunc(after, func(b []byte) bool { return slices.Equal(b, x.b) }) {
			t.Errorf("receipt %s was kept", x.name)
		}
		road.Close()
	}
	// What is well formed: keys to 127, from 128, classes 5 to 15, lanes of nobody.
	for i, more := range []liar.M{
		{33: 1},
		{127: "x"},
		{200: "x"},
		{8: []any{1, 2}},
		{8: []any{2, 2}},
		{8: []any{16, 16}},
		{9: town},
		{9: k.Unit},
		{9: k.Tree},
		{10: ids(3)},
		{11: ids(3)},
		{6: ids(3)},
		{5: []any{[]any{a, make([]byte, 8), 15, []any{[]any{1, uint64(1 << 53), b}}}}},
		{5: []any{[]any{a, make([]byte, 8), 3, []any{[]any{1, 5, a}, []any{1, 5, b}, []any{2, 3, a}}}}},
	} {
		road, err := k.Dial(t.Context(), m.address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := road.Receipts(t.Context(), k.Receipt(k.Unit, uint64(1<<41+i), more)); err != nil {
			t.Errorf("%v: %v", more, err)
		}
		road.Close()
	}
	m.stillWell(t)
}
