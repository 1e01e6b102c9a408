package oplog

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

func signer(b byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, 32)) }

func sampleHeader() Header {
	return Header{
		Tree: ID{1}, Epoch: Epoch{2}, Owner: ID{3}, Class: ClassCase, Number: 1, Kind: KindCase,
		OwnerLog: []ID{{4}, {5}}, Stamp: 7, Audience: AudienceStation,
	}
}

func sample(t testing.TB) (*Operation, seal.Key) {
	key := seal.Key{9}
	op, err := Make(sampleHeader(), key, []byte("content"), signer(1), bytes.NewReader(make([]byte, 99)))
	if err != nil {
		t.Fatal(err)
	}
	return op, key
}

func TestAnOperationComesBackAndOpens(t *testing.T) {
	op, key := sample(t)
	back, err := Parse(op.Frame)
	if err != nil {
		t.Fatal(err)
	}
	if back.ID != op.ID || back.RecordID() != op.ID || back.Name() != op.ID {
		t.Fatal("another id")
	}
	if got, err := back.Content(key); err != nil || string(got) != "content" {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := back.Content(seal.Key{8}); !errors.Is(err, seal.ErrSealed) {
		t.Fatalf("another key: %v", err)
	}
}

// The id must never change: data of sixty years hangs on it.
func TestTheIDOfAKnownOperation(t *testing.T) {
	op, _ := sample(t)
	const want = "e856eb5a1ed7b25d68494b531083f07348af85f644099e419e098f42e7127dfb"
	if got := hex.EncodeToString(op.ID[:]); got != want {
		t.Fatalf("id %s", got)
	}
	again, _ := sample(t)
	if again.ID != op.ID || !bytes.Equal(again.Frame, op.Frame) {
		t.Fatal("the same operation has two encodings")
	}
}

func TestOneChangedByteIsNotHeld(t *testing.T) {
	op, _ := sample(t)
	for i := range op.Frame {
		for _, flip := range []byte{1, 0x80} {
			bad := bytes.Clone(op.Frame)
			bad[i] ^= flip
			if got, err := Parse(bad); err == nil {
				t.Fatalf("byte %d changed, taken as %x", i, got.ID[:4])
			}
		}
	}
	if _, err := Parse(op.Frame[:len(op.Frame)-1]); !errors.Is(err, ErrFrame) {
		t.Fatalf("cut short: %v", err)
	}
	if _, err := Parse(append(bytes.Clone(op.Frame), 0)); !errors.Is(err, ErrFrame) {
		t.Fatalf("something follows: %v", err)
	}
}

func TestHeadersThatContradictThemselves(t *testing.T) {
	id := ID{8}
	for name, change := range map[string]func(*Header){
		"number 0":              func(h *Header) { h.Number = 0 },
		"previous at 1":         func(h *Header) { h.Previous = &id },
		"no previous at 2":      func(h *Header) { h.Number = 2 },
		"record without heads":  func(h *Header) { h.Record = &id; h.Audience = 0 },
		"heads without record":  func(h *Header) { h.Heads = []ID{id} },
		"no audience":           func(h *Header) { h.Audience = 0 },
		"a case for the tree":   func(h *Header) { h.Audience = AudienceTree },
		"notes for the station": func(h *Header) { h.Kind = KindNotes; h.Case = &id },
		"a case in a case":      func(h *Header) { h.Case = &id },
		"unsorted log heads":    func(h *Header) { h.OwnerLog = []ID{{5}, {4}} },
		"digest kind":           func(h *Header) { h.Kind = KindDigest },
		"branch of a case":      func(h *Header) { h.Branch = BranchOwn },
		"projects in a case":    func(h *Header) { h.Projects = &id },
		"a route in a case":     func(h *Header) { h.Route = []ID{id} },
		"nine grants":           func(h *Header) { h.Grants = make([]ID, 9) },
		"a case's header":       func(h *Header) { h.CaseHeader = []byte{1} },
		"an erasure in a case":  func(h *Header) { h.Erasure = &Erasure{Act: EraseOrder} },
	} {
		h := sampleHeader()
		change(&h)
		if _, err := Make(h, seal.Key{}, nil, signer(1), host.SystemRandom); !errors.Is(err, ErrHeader) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What only lacks a number here is nobody's fault: it is told apart from what
// is broken.
func TestHeadersOfNewerPrograms(t *testing.T) {
	for name, change := range map[string]func(*Header){
		"class 16":                func(h *Header) { h.Class = 16 },
		"class 9 without a route": func(h *Header) { h.Class = 9 },
		"audience 4":              func(h *Header) { h.Audience = 4 },
		"branch 3":                func(h *Header) { h.Branch = 3 },
	} {
		h := sampleHeader()
		h.Seat = SeatOf(signer(1))
		change(&h)
		if err := h.Check(); !errors.Is(err, ErrNewer) || errors.Is(err, ErrHeader) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h := sampleHeader()
	h.Seat = SeatOf(signer(1))
	h.Class, h.Kind, h.Route = 9, 77, []ID{{1}, {2}}
	if err := h.Check(); err != nil {
		t.Errorf("a later class with a route: %v", err)
	}
}

func TestAHeaderWithALaterFieldIsHeldAndOpens(t *testing.T) {
	op, key := sample(t)
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(op.header, &keys); err != nil {
		t.Fatal(err)
	}
	keys[77] = dcbor.Must("a later program wrote this")
	delete(keys, 21)
	delete(keys, 22)
	ad := append([]byte{1}, dcbor.Must(keys)...)
	plain, _ := seal.Pack([]byte("content"), true)
	body, err := key.SealBody(op.Header.Salt[:], ad, plain)
	if err != nil {
		t.Fatal(err)
	}
	keys[21], keys[22] = dcbor.Must(len(body)), dcbor.Must(seal.Hash("hejie body v1", body))
	later, err := sign(dcbor.Must(keys), body, op.Header, signer(1))
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(later.Frame)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := back.Content(key); err != nil || string(got) != "content" {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestAWrapComesBackAndAChangedByteDoesNot(t *testing.T) {
	record := ID{6}
	w, err := Wrap{Tree: ID{1}, Key: ID{2}, Method: UnderAudience, For: ID{3}, Unit: ID{4}, Owner: ID{5}, Record: &record, Stamp: 9, Sealed: make([]byte, 40)}.Sign(signer(2))
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseWrap(w.Frame)
	if err != nil || back.ID != w.ID {
		t.Fatalf("%v, %v", back, err)
	}
	for i := range w.Frame {
		bad := bytes.Clone(w.Frame)
		bad[i] ^= 1
		if _, err := ParseWrap(bad); err == nil {
			t.Fatalf("byte %d changed and taken", i)
		}
	}
	if _, err := (Wrap{Method: ToUnit, Sealed: make([]byte, 40)}).Sign(signer(2)); !errors.Is(err, ErrFrame) {
		t.Fatalf("a short sealed key: %v", err)
	}
}

type fixed struct{ now time.Time }

func (f *fixed) Now() time.Time { return f.now }

func TestAStampFarAheadDragsNobody(t *testing.T) {
	f := &fixed{time.UnixMilli(1_000_000)}
	c := NewClock(f)
	a := c.Next()
	c.See((1_000_000 + maxAhead + 1) << 16)
	if b := c.Next(); b != a+1 {
		t.Fatalf("%d after %d", b, a)
	}
	near := uint64(1_000_000+maxAhead) << 16
	c.See(near)
	if b := c.Next(); b <= near {
		t.Fatal("a stamp nearby was not heeded")
	}
	f.now = time.UnixMilli(5)
	before := c.Next()
	if after := c.Next(); after <= before {
		t.Fatal("a clock set back made stamps go back")
	}
}

func FuzzParse(f *testing.F) {
	op, _ := sample(f)
	f.Add(op.Frame)
	f.Fuzz(func(t *testing.T, data []byte) {
		op, err := Trusted(data)
		if err != nil {
			return
		}
		if err := dcbor.Check(op.header); err != nil {
			t.Fatalf("held, but %v", err)
		}
		_, _ = op.Content(seal.Key{9})
	})
}

// No bytes are both an operation and one without its body.
func FuzzParseBare(f *testing.F) {
	op, _ := sample(f)
	f.Add(op.Frame)
	f.Add(assemble(op.Suite, op.header, op.signature, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		bare, err := ParseBare(data)
		if err != nil {
			return
		}
		if _, err := Trusted(data); !errors.Is(err, ErrNoBody) || bare.Body != nil || bare.Header.BodyLength == 0 {
			t.Fatalf("%x is held with and without a body: %v", bare.ID[:4], err)
		}
	})
}

// A signature part either fits as it stands or not at all: what is taken names
// the frame's own id once, at its place.
func FuzzSignaturePart(f *testing.F) {
	op, _ := sample(f)
	both, err := Together(signer(1), op, op2(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(op.signature)
	f.Add(both[0].signature)
	f.Fuzz(func(t *testing.T, part []byte) {
		frame := assemble(op.Suite, op.header, part, op.Body)
		got, err := Parse(frame)
		if err != nil {
			return
		}
		if got.ID != op.ID || !bytes.Equal(got.signature, op.signature) && !bytes.Equal(got.signature, both[0].signature) {
			t.Fatalf("another part is taken: %x", part)
		}
	})
}

// op2 is another case's beginning.
func op2(t testing.TB) *Operation {
	h := sampleHeader()
	h.Stamp++
	op, err := Make(h, seal.Key{9}, []byte("content"), signer(1), bytes.NewReader(make([]byte, 99)))
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func FuzzParseWrap(f *testing.F) {
	record := ID{6}
	w, err := Wrap{Method: UnderAudience, Record: &record, Sealed: make([]byte, 40)}.Sign(signer(2))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(w.Frame)
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = TrustedWrap(data) })
}

// A case's operation and its digest's may stand under one signature; either can
// be handed on and proved alone, and nothing else passes for it.
func TestFramesUnderOneSignature(t *testing.T) {
	first, key := sample(t)
	h := Header{
		Tree: ID{1}, Epoch: Epoch{2}, Owner: ID{3}, Class: ClassDigest, Number: 1, Kind: KindDigest, OwnerLog: []ID{{4}, {5}}, Stamp: 7,
		Audience: AudienceTree, Case: &first.ID, Projects: &first.ID, CaseHeader: CaseHeaderOf(first),
	}
	digest, err := Make(h, key, []byte{1}, signer(1), host.SystemRandom)
	if err != nil {
		t.Fatal(err)
	}
	both, err := Together(signer(1), first, digest)
	if err != nil {
		t.Fatal(err)
	}
	for i, alone := range []*Operation{first, digest} {
		back, err := Parse(both[i].Frame)
		if err != nil || back.ID != alone.ID || len(back.Frame) != len(alone.Frame)+33 {
			t.Fatalf("%d: %v", i, err)
		}
		for at := prefix + len(back.header); at < prefix+len(back.header)+97; at++ {
			bad := bytes.Clone(back.Frame)
			bad[at] ^= 1
			if _, err := Parse(bad); err == nil {
				t.Fatalf("byte %d of the signature part changed and taken", at)
			}
		}
	}
	if _, err := Together(signer(2), first, digest); !errors.Is(err, ErrSignature) {
		t.Errorf("signed by another seat: %v", err)
	}
	notes := sampleHeader()
	notes.Kind, notes.Audience, notes.Case = KindNotes, AudienceBody, &first.ID
	n, err := Make(notes, key, []byte{1}, signer(1), host.SystemRandom)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Together(signer(1), first, n); !errors.Is(err, ErrFrame) {
		t.Errorf("notes tell that a case was written beside: %v", err)
	}
}

func TestAKeyInTheOperation(t *testing.T) {
	key, audience := seal.Key{9}, seal.Key{8}
	op, err := MakeInside(sampleHeader(), key, audience, []byte("content"), signer(1), host.SystemRandom)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(op.Frame)
	if err != nil {
		t.Fatal(err)
	}
	by, wrapped, ok := back.Inside()
	if !ok || by != audience.Commitment() {
		t.Fatal("the audience key is not named")
	}
	if got, err := audience.UnwrapKey(wrapped); err != nil || got != key {
		t.Fatalf("%v", err)
	}
	if got, err := back.Content(key); err != nil || string(got) != "content" {
		t.Fatalf("%q, %v", got, err)
	}
}

// Anybody can strip a body: the frame without it has the id of the whole one,
// and is no frame that may be held.
func TestAnOperationWithoutItsBody(t *testing.T) {
	op, _ := sample(t)
	bare := assemble(op.Suite, op.header, op.signature, nil)
	if _, err := Parse(bare); !errors.Is(err, ErrNoBody) {
		t.Errorf("%v", err)
	}
	got, err := ParseBare(bare)
	if err != nil || got.ID != op.ID || got.Body != nil {
		t.Fatalf("%v", err)
	}
	if _, err := ParseBare(op.Frame); !errors.Is(err, ErrFrame) {
		t.Errorf("a whole one as one without: %v", err)
	}
}
