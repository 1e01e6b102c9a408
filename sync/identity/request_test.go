package identity

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

func sampleRequests(t testing.TB) (unit, seat, recovered *Request) {
	w := &world{t: t, random: seeded("requests")}
	s := w.station("样板村调委会", Mediator, Admin)
	m, err := NewSigningKey(seeded("machine"))
	w.must(err)
	k, err := NewSeatKeys(seeded("seat"))
	w.must(err)
	_, seat = w.person(s, "王小例", RequestSeat, Clerk)
	recovered, err = NewSeatRequest(NewSeat{Unit: s.id, SeatName: "李大样", Roles: []Role{Director}, Seat: k, Machine: &m, Recovered: true})
	w.must(err)
	return s.request, seat, recovered
}

func TestRequestsComeBackAsTheyWere(t *testing.T) {
	unit, seat, recovered := sampleRequests(t)
	for _, q := range []*Request{unit, seat, recovered} {
		got, err := ParseRequest(q.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if got.SeatName != q.SeatName || got.Unit != q.Unit || got.Seat != q.Seat || !slices.Equal(got.Roles, q.Roles) || !bytes.Equal(got.Bytes(), q.Bytes()) {
			t.Fatalf("%+v", got)
		}
	}
	if unit.Unit != UnitID(unit.Seat) || unit.Issuing == nil || unit.Machine == nil {
		t.Fatal("unit request")
	}
	if !slices.Equal(unit.Roles, []Role{Admin, Mediator}) {
		t.Fatalf("roles %v", unit.Roles)
	}
	if seat.Machine != nil || recovered.Machine == nil {
		t.Fatal("machines")
	}
}

// change re-encodes a request with a field changed (nil: taken away).
func change(t testing.TB, raw []byte, field uint64, value any) []byte {
	t.Helper()
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(raw, &keys); err != nil {
		t.Fatal(err)
	}
	delete(keys, field)
	if value != nil {
		keys[field] = dcbor.Must(value)
	}
	return dcbor.Must(keys)
}

func TestAChangedRequestIsRefused(t *testing.T) {
	unit, seat, _ := sampleRequests(t)
	var noProof *NewerError
	for _, c := range []struct {
		name  string
		base  *Request
		field uint64
		value any
		want  error
	}{
		{"another name", unit, 4, "别的调委会", ErrProof},
		{"another seat key", unit, 7, SeatKey{9}, ErrProof},
		{"a seat key of small order", unit, 7, SeatKey{1}, ErrMalformed},
		{"an unknown field that nobody signed", unit, 40, "x", ErrProof},
		{"no proofs", unit, 15, nil, ErrMalformed},
		{"empty proofs", unit, 15, proofs{}, ErrProof},
		{"no machine", unit, 9, nil, ErrMalformed},
		{"a short seat key", unit, 7, make([]byte, 31), ErrMalformed},
		{"a long code", unit, 3, strings.Repeat("9", MaxCode+1), ErrMalformed},
		{"a name with a line break", unit, 4, "甲\n乙", ErrMalformed},
		{"a name turned around", unit, 4, "甲\u202e乙", ErrMalformed},
		{"a name of 65 characters", unit, 4, strings.Repeat("名", MaxName+1), ErrMalformed},
		{"a short public key", unit, 8, make([]byte, 1215), ErrMalformed},
		{"a public key that is none", unit, 10, bytes.Repeat([]byte{0xff}, 1216), ErrMalformed},
		{"roles out of order", unit, 6, []Role{Mediator, Admin}, ErrMalformed},
		{"no role", unit, 6, []Role{}, ErrMalformed},
		{"a demo mark that says no", unit, 14, false, ErrMalformed},
		{"a huge escrow", unit, 13, make([]byte, MaxEscrow+1), ErrMalformed},
		{"a unit id in a new unit", unit, 12, ID{1}, ErrMalformed},
		{"a name in a seat's request", seat, 4, "甲", ErrMalformed},
		{"no unit in a seat's request", seat, 12, nil, ErrMalformed},
		{"kind 9", seat, 2, 9, ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseRequest(change(t, c.base.Bytes(), c.field, c.value))
			if !errors.Is(err, c.want) {
				t.Fatalf("answers %v, want %v", err, c.want)
			}
		})
	}
	if _, err := ParseRequest(change(t, unit.Bytes(), 1, 2)); !errors.As(err, &noProof) {
		t.Fatalf("a newer version answers %v", err)
	}
	if _, err := ParseRequest(make([]byte, MaxRequest+1)); !errors.Is(err, ErrMalformed) {
		t.Fatalf("a huge request answers %v", err)
	}
}

// TestAFieldOfANewerProgram: one that may be ignored is kept, one that has to be
// understood may change what is asked for.
func TestAFieldOfANewerProgram(t *testing.T) {
	w := &world{t: t, random: seeded("newer")}
	s := w.station("新村", Mediator)
	var newer *NewerError
	if _, err := ParseRequest(later(t, s, 127)); !errors.As(err, &newer) {
		t.Fatalf("field 127: %v", err)
	}
	for _, n := range []uint64{128, 227, 1 << 40} {
		raw := later(t, s, n)
		if q, err := ParseRequest(raw); err != nil || !bytes.Equal(q.Bytes(), raw) {
			t.Fatalf("field %d: %v", n, err)
		}
	}
}

// later is a unit's request with one more field, signed.
func later(t *testing.T, s *station, field uint64) []byte {
	t.Helper()
	w := s.w
	raw := change(t, s.request.Bytes(), field, "later")
	unsigned, err := withoutField(raw, proofField)
	w.must(err)
	digest := requestDigest(unsigned)
	signed := proofs{}
	for _, k := range []SigningKey{s.seat.Signing, s.machine} {
		signed[k.Public()] = k.sign(digest)
	}
	return change(t, raw, proofField, signed)
}

func TestOneKeyCantStandForTwo(t *testing.T) {
	w := &world{t: t, random: seeded("two")}
	s := w.station("村", Mediator)
	_, err := NewUnitRequest(NewUnit{Code: "9-tw", Name: "村", SeatName: "甲", Roles: []Role{Mediator}, Seat: s.seat, Unit: s.unit, Machine: s.seat.Signing, Escrow: []byte{1}})
	if !errors.Is(err, ErrProof) {
		t.Fatalf("answers %v", err)
	}
}

func FuzzRequest(f *testing.F) {
	unit, seat, recovered := sampleRequests(f)
	for _, q := range []*Request{unit, seat, recovered} {
		f.Add(q.Bytes())
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		q, err := ParseRequest(raw)
		if err != nil {
			return
		}
		if dcbor.Check(rawWithoutProofs(t, raw)) != nil || !bytes.Equal(q.Bytes(), raw) {
			t.Fatal("taken though not in its one encoding")
		}
		if q.SeatName == "" || len(q.Roles) == 0 || q.EncKey == nil {
			t.Fatalf("taken without what it must have: %+v", q)
		}
	})
}

func rawWithoutProofs(t *testing.T, raw []byte) []byte {
	b, err := withoutField(raw, proofField)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzContent(f *testing.F) {
	unit, seat, _ := sampleRequests(f)
	k, _ := NewSigningKey(seeded("issuing"))
	ca, err := Issue(Subject{Kind: CertIssuing, Unit: unit.Unit, Name: "甲", Key: k.Public()}, k, nil)
	if err != nil {
		f.Fatal(err)
	}
	a, err := AdmitUnit(unit, Issuer{k, ca}, Segment{0, 1}, true)
	if err != nil {
		f.Fatal(err)
	}
	s, err := AdmitSeat(seat, Issuer{k, ca}, seat.Unit, "甲")
	if err != nil {
		f.Fatal(err)
	}
	for _, items := range [][]Item{
		{a},
		{s, &Rename{"9-tw", "乙", "2026-01-31"}},
		{&Relation{ID{1}, RelationGuided, "2026-01-01"}, &Writer{Seat: SeatKey{1}, OwnBranch: true}},
		{&RightSide{ID{3}}, &Void{Place{ID{3}, 63}}, &Rules{2}, &Successor{ID{1}, "2026-01-01"}, &Move{Parent: ID{2}}},
		{&Revoke{Target{TargetRole, ID{1}, Admin}, "left", somePins(2)}, &Pins{somePins(1)}, &Anchors{2, somePins(3), []byte{1}, []byte{2}}},
		{&Move{ID{2}, &Acceptance{Segment{0, 1}, true, []*Cert{ca}}}, &Issuing{Cert: ca}, &SecondRoot{ca.Unit, ca, RootUnder, Segment{0, 9}}},
		{&Table{"terms", 3, "2026-01-01", []byte(`{"table":"terms"}`)}, &MatchingKey{ID{4}, ID{5}, make([]byte, seal.SealedKeySize)}},
		{ReplaceReadingKey(&Unit{ID: unit.Unit, Reading: unit.Reading}, unit.EncKey, k)},
		{},
	} {
		b, err := EncodeContent(items)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		items, err := DecodeContent(b)
		if err != nil {
			return
		}
		for i, it := range items {
			w, err := it.wire()
			if err != nil {
				t.Fatalf("item %d can't be written: %v", i, err)
			}
			raw := dcbor.Must(w)
			again, _, err := decodeItem(raw)
			if _, unknown := it.(*Unknown); !unknown && (err != nil || again.Type() != it.Type()) {
				t.Fatalf("item %d does not come back: %v", i, err)
			}
			if !bytes.Contains(b, raw) && !ignorable(b) {
				t.Fatalf("item %d is written another way than it was read", i)
			}
		}
	})
}

// somePins pins n lanes of one seat.
func somePins(n int) []Pin {
	pins := make([]Pin, n)
	for i := range pins {
		pins[i] = Pin{Seat: SeatKey{1}, Epoch: oplog.Epoch{byte(i + 1)}, Owner: ID{2}, Class: oplog.ClassCase, Number: 9, ID: ID{3}, Root: ID{4}}
	}
	return pins
}

// ignorable tells whether an item of the content, or a map in one, has a field
// that may be ignored: such an item is read and not written again.
func ignorable(content []byte) bool {
	var in func(v any) bool
	in = func(v any) bool {
		switch v := v.(type) {
		case map[any]any:
			for k, x := range v {
				if n, ok := k.(uint64); ok && n > dcbor.MustUnderstand || in(x) {
					return true
				}
			}
		case []any:
			return slices.ContainsFunc(v, in)
		}
		return false
	}
	var v any
	return dcbor.Unmarshal(content, &v) == nil && in(v)
}

// Every type of item may bear a field that means nothing, and is read as if it
// bore none; content without room for one stays as it is.
func TestGreasedItems(t *testing.T) {
	always := bytes.NewReader(bytes.Repeat([]byte{15}, 1<<12))
	items := []Item{
		&Rename{"9-tw", "乙", "2026-01-31"}, &Relation{ID{1}, RelationGuided, "2026-01-01"}, &Writer{Seat: SeatKey{1}, OwnBranch: true}, &RightSide{ID{3}}, &Void{Place{ID{3}, 63}}, &Rules{2},
		&Successor{ID{1}, "2026-01-01"}, &Move{Parent: ID{2}}, &Revoke{Target{TargetRole, ID{1}, Admin}, "left", somePins(2)}, &Pins{somePins(1)}, &Anchors{2, somePins(3), []byte{1}, []byte{2}},
		&Table{"terms", 3, "2026-01-01", []byte(`{"table":"terms"}`)}, &MatchingKey{ID{4}, ID{5}, make([]byte, seal.SealedKeySize)}, &Unknown{Number: 40, Raw: dcbor.Must(map[uint64]any{1: 40})},
	}
	plain, err := EncodeContent(items)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Grease(plain, always)
	if err != nil || len(b) != len(plain)+len(items)*5 {
		t.Fatalf("%d bytes of %d, %v", len(b), len(plain), err)
	}
	got, err := DecodeContent(b)
	if err != nil {
		t.Fatal(err)
	}
	for i, it := range got {
		if u, ok := it.(*Unknown); ok && i+1 < len(items) {
			t.Errorf("item %d of type %d is unknown: %v", i, items[i].Type(), itemError(u))
		} else if !ok && !reflect.DeepEqual(it, items[i]) {
			t.Errorf("item %d is %+v and was %+v", i, it, items[i])
		}
	}
	full, err := EncodeContent([]Item{&Table{"terms", 3, "2026-01-01", make([]byte, 1)}, &Unknown{Number: 40, Raw: dcbor.Must(map[uint64]any{1: 40, 2: make([]byte, MaxEntry-70)})}})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := Grease(full, always); err != nil || !bytes.Equal(b, full) && len(b) > MaxEntry {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestItemsOfANewerProgramAreKept(t *testing.T) {
	newer := dcbor.Must(map[uint64]any{1: 77, 2: "later"})
	grown := dcbor.Must(map[uint64]any{1: uint64(ItemSide), 2: ID{1}, 9: "a field that may change the meaning"})
	b := dcbor.Must(map[uint64]any{1: []any{dcbor.Raw(newer), dcbor.Raw(grown)}, 128: "ignored"})
	items, err := DecodeContent(b)
	if err != nil || len(items) != 2 {
		t.Fatalf("%d items: %v", len(items), err)
	}
	for i, want := range []ItemType{77, ItemSide} {
		u, ok := items[i].(*Unknown)
		if !ok || u.Number != want {
			t.Fatalf("item %d is %#v", i, items[i])
		}
	}
	if !bytes.Equal(items[0].(*Unknown).Raw, newer) {
		t.Fatal("the item's bytes changed")
	}
}

func TestContentThatCantBeReadIsNotWritten(t *testing.T) {
	for _, items := range [][]Item{
		{&Rename{"", "甲", "2026-01-01"}},
		{&Rename{"9-tw", "甲", "2026-02-30"}},
		{&Relation{ID{1}, 9, "2026-01-01"}},
		{&Admit{}},
		{&AddSeat{}},
		{&ReadingKey{Public: []byte{1}}},
	} {
		if _, err := EncodeContent(items); err == nil {
			t.Errorf("%#v was written", items[0])
		}
	}
	many := make([]Item, MaxItems+1)
	for i := range many {
		many[i] = &RightSide{ID{byte(i)}}
	}
	if _, err := EncodeContent(many); !errors.Is(err, ErrMalformed) {
		t.Errorf("%d items: %v", len(many), err)
	}
}
