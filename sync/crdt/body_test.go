package crdt_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"hejie/sync/crdt"
)

func id(b byte) crdt.ID { return crdt.ID(bytes.Repeat([]byte{b}, 32)) }

const hex32 = "1111111111111111111111111111111111111111111111111111111111111111"

// vectors are the bytes of FORMAT.md 4: they never change.
var vectors = []struct {
	name string
	body crdt.Body
	hex  string
}{
	{"no change", crdt.Body{}, "a10180"},
	{"void", crdt.Body{Changes: []crdt.Change{{Void: true}}}, "a10181f6"},
	{
		"assign",
		crdt.Body{Changes: []crdt.Change{{
			Kind: crdt.Assign, Path: f("amount"), Value: int64(3500),
			Replaces: []crdt.Ref{{Index: 2}, {Op: id(0x11), Index: 1}},
		}}},
		"a10181" + "a4" + "0101" + "028166616d6f756e74" + "03190dac" + "048202825820" + hex32 + "01",
	},
	{
		"assign null",
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Assign, Path: f("amount")}}},
		"a10181" + "a2" + "0101" + "028166616d6f756e74",
	},
	{
		"entry of this operation, with a remark",
		crdt.Body{Remark: "补录", Changes: []crdt.Change{
			{Kind: crdt.Add, Path: f("parties")},
			{Kind: crdt.Assign, Path: f("parties", crdt.Ref{}, "name"), Value: "李大样"},
		}},
		"a20182" + "a2010202816770617274696573" + "a301010283677061727469657300646e616d650369e69d8ee5a4a7e6a0b7" + "0266e8a1a5e5bd95",
	},
	{
		"insert at the root",
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Insert, Path: f("story"), Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: "某日"}}},
		"a10181" + "a4" + "0104" + "02816573746f7279" + "0701" + "0866e69f90e697a5",
	},
	{
		"insert left of an element",
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Insert, Path: f("agenda"), Parent: crdt.Element{Ref: crdt.Ref{Op: id(0x11)}, Offset: 4}, Items: []crdt.Value{nil, "a"}}}},
		"a10181" + "a4" + "0104" + "0281666167656e6461" + "0682825820" + hex32 + "0004" + "0982f66161",
	},
	{
		"delete",
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Delete, Path: f("story"), Spans: []crdt.Span{{Ref: crdt.Ref{Op: id(0x11), Index: 3}, Offset: 1, Count: 2}}}}},
		"a10181" + "a3" + "0105" + "02816573746f7279" + "0a8183825820" + hex32 + "030102",
	},
	{
		"remove",
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Remove, Path: f("tags"), Replaces: []crdt.Ref{{Op: id(0x11)}}}}},
		"a10181" + "a3" + "0103" + "02816474616773" + "0481825820" + hex32 + "00",
	},
	{
		"event",
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Event, Path: f("track"), Value: map[string]any{"k": "受理", "a": true}, After: []crdt.Ref{{Op: id(0x11), Index: 9}}}}},
		"a10181" + "a4" + "0106" + "028165747261636b" + "03a26161f5616b66e58f97e79086" + "0581825820" + hex32 + "09",
	},
	{
		"unknown kind, unknown key, unknown body key",
		crdt.Body{
			Changes: []crdt.Change{
				{Kind: 99, Path: f("title"), Raw: unhex("a301186302816574" + "69746c65" + "18c8f5")},
				{Kind: crdt.Assign, Path: f("title"), Raw: unhex("a301010281657469746c65187f00")},
			},
			Unknown: []crdt.UnknownKey{{Key: 7, Raw: []byte{0x01}}},
		},
		"a20182" + "a3011863028165" + "7469746c65" + "18c8f5" + "a301010281657469746c65187f00" + "0701",
	},
	{
		"keys that count nothing, in a change and in the body",
		crdt.Body{
			Changes: []crdt.Change{{Kind: crdt.Assign, Path: f("title"), Value: int64(1), Ignored: []crdt.UnknownKey{{Key: 128, Raw: []byte{0x61, 0x61}}}}},
			Unknown: []crdt.UnknownKey{{Key: 227, Raw: []byte{0x19, 0xff, 0xff}}},
		},
		"a20181" + "a4" + "0101" + "0281657469746c65" + "0301" + "18806161" + "18e319ffff",
	},
	{
		"set aside, unread",
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Remove, Path: f("story"), Replaces: []crdt.Ref{{Op: id(0x11)}}, Unread: true}}},
		"a10181" + "a4" + "0103" + "02816573746f7279" + "0481825820" + hex32 + "00" + "0bf5",
	},
}

func unhex(s string) []byte {
	raw, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return raw
}

func TestBodyVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			raw, err := crdt.EncodeBody(v.body)
			if err != nil {
				t.Fatal(err)
			}
			if got := hex.EncodeToString(raw); got != v.hex {
				t.Errorf("encoded\n%s, want\n%s", got, v.hex)
			}
			body, err := crdt.DecodeBody(unhex(v.hex))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(body, v.body) {
				t.Errorf("decoded %+v, want %+v", body, v.body)
			}
		})
	}
}

func TestDecodeBodyRefuses(t *testing.T) {
	assign := func(rest string) string { return "a10181" + rest }
	cases := map[string]string{
		"nothing":                     "",
		"null":                        "f6",
		"an array":                    "80",
		"two items":                   "a10180a10180",
		"text key":                    "a20180616100",
		"no changes":                  "a0",
		"changes not a list":          "a10101",
		"empty remark":                "a201800260",
		"remark of bytes":             "a201800241ff",
		"remark not UTF-8":            "a201800261ff",
		"keys unsorted":               "a202616101" + "80",
		"key twice":                   "a201800180",
		"negative key":                "a201802000",
		"long form of a length":       "a1019800",
		"long form of a key":          "a1180180",
		"indefinite list":             "a1019fff",
		"indefinite map":              "bf0180ff",
		"huge list":                   "a1019b7fffffffffffffff",
		"huge map":                    "bbffffffffffffffff",
		"huge text":                   "a20180027b7fffffffffffffff",
		"list longer than the input":  "a1019927100101",
		"nesting bomb":                strings.Repeat("81", 100_000),
		"nesting bomb in a change":    "a10181a3010102816161" + "03" + strings.Repeat("81", 5000) + "00",
		"change is a number":          assign("01"),
		"change is an array":          assign("80"),
		"change without kind":         assign("a102816161"),
		"kind 0":                      assign("a2010002816161"),
		"kind is text":                assign("a20161610281" + "6161"),
		"kind is negative":            assign("a2012002816161"),
		"no path":                     assign("a10101"),
		"empty path":                  assign("a201010280"),
		"path of nine":                assign("a2010102" + "89" + strings.Repeat("6161", 9)),
		"field without name":          assign("a20101028160"),
		"field in capitals":           assign("a2010102816141"),
		"field of 65 bytes":           assign("a2010102817841" + strings.Repeat("61", 65)),
		"path holds bytes":            assign("a2010102814161"),
		"value null written out":      assign("a301010281616103f6"),
		"value float":                 assign("a301010281616103f93c00"),
		"value undefined":             assign("a301010281616103f7"),
		"value simple":                assign("a301010281616103f8ff"),
		"value tagged":                assign("a301010281616103c000"),
		"value text not UTF-8":        assign("a30101028161610361ff"),
		"refs empty":                  assign("a30101028161610480"),
		"refs unsorted":               assign("a3010102816161048201" + "00"),
		"refs repeated":               assign("a3010102816161048201" + "01"),
		"ref to self written out":     assign("a30101028161610481825820" + strings.Repeat("00", 32) + "01"),
		"ref of 31 bytes":             assign("a3010102816161048182581f" + strings.Repeat("11", 31) + "01"),
		"ref of three":                assign("a30101028161610481835820" + hex32 + "0101"),
		"ref index over 32 bits":      assign("a30101028161610481" + "1b0000000100000000"),
		"ref is text":                 assign("a301010281616104816161"),
		"remove of nothing":           assign("a2010302816161"),
		"insert of nothing":           assign("a2010402816161"),
		"insert of text and items":    assign("a40104028161610861610981" + "00"),
		"insert of empty text":        assign("a3010402816161" + "0860"),
		"side left written out":       assign("a40104028161610700" + "086161"),
		"side 2":                      assign("a40104028161610702" + "086161"),
		"parent of one":               assign("a4010402816161068100" + "086161"),
		"parent null":                 assign("a401040281616106f6" + "086161"),
		"delete of nothing":           assign("a2010502816161"),
		"span of count 0":             assign("a30105028161610a81830000" + "00"),
		"span over 32 bits":           assign("a30105028161610a8183001affffffff02"),
		"unknown kind with a float":   assign("a20118630af93c00"),
		"unknown kind, unsorted keys": assign("a318c8f5011863028161" + "61"),
		"unknown key, long form":      assign("a301010281616118c81800"),
		"unknown body key, a tag":     "a2018007c000",
	}
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := crdt.DecodeBody(unhex(in))
			var body *crdt.BodyError
			if !errors.As(err, &body) {
				t.Fatalf("got %v, want a BodyError", err)
			}
		})
	}
}

func TestBodyLimits(t *testing.T) {
	refs := func(n int) []crdt.Ref {
		out := make([]crdt.Ref, n)
		for i := range out {
			out[i].Index = uint32(i)
		}
		return out
	}
	deep := crdt.Value(int64(1))
	for range crdt.MaxValueDepth - 1 {
		deep = []any{deep}
	}
	one := func(c crdt.Change) crdt.Body { return crdt.Body{Changes: []crdt.Change{c}} }
	voids := func(n int) crdt.Body {
		b := crdt.Body{Changes: make([]crdt.Change, n)}
		for i := range b.Changes {
			b.Changes[i].Void = true
		}
		return b
	}
	assign := func(v crdt.Value) crdt.Body { return one(crdt.Change{Kind: crdt.Assign, Path: f("a"), Value: v}) }
	cases := []struct {
		name     string
		fits     crdt.Body
		tooLarge crdt.Body
	}{
		{"changes", voids(crdt.MaxChanges), voids(crdt.MaxChanges + 1)},
		{"refs", one(crdt.Change{Kind: crdt.Remove, Path: f("a"), Replaces: refs(crdt.MaxRefs)}), one(crdt.Change{Kind: crdt.Remove, Path: f("a"), Replaces: refs(crdt.MaxRefs + 1)})},
		{"depth", assign(deep), assign([]any{deep})},
		{"items of a value", assign(make([]any, crdt.MaxValueItems)), assign(make([]any, crdt.MaxValueItems+1))},
		{"remark", crdt.Body{Remark: strings.Repeat("a", crdt.MaxRemark)}, crdt.Body{Remark: strings.Repeat("a", crdt.MaxRemark+1)}},
		{"text", assign(strings.Repeat("a", crdt.MaxText)), assign(strings.Repeat("a", crdt.MaxText+1))},
		{"field name", one(crdt.Change{Kind: crdt.Assign, Path: f(strings.Repeat("a", 64))}), one(crdt.Change{Kind: crdt.Assign, Path: f(strings.Repeat("a", 65))})},
		{"kinds of values", assign([]byte(nil)), assign(1.5)},
		{"integers", assign(int64(-5)), assign(int(5))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			raw, err := crdt.EncodeBody(c.fits)
			if err != nil {
				t.Fatalf("at the limit: %v", err)
			}
			if _, err := crdt.DecodeBody(raw); err != nil {
				t.Fatalf("read at the limit: %v", err)
			}
			if _, err := crdt.EncodeBody(c.tooLarge); err == nil {
				t.Fatal("over the limit was encoded")
			}
			if err := crdt.New(caseSchema).Apply(crdt.Meta{ID: id(1)}, c.tooLarge); err == nil {
				t.Fatal("over the limit was applied")
			}
		})
	}
}

// TestBodyRoundTrip encodes bodies of random histories: decoding gives the
// body again, and a plain CBOR library the same bytes.
func TestBodyRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") }
		w := newWorld(rt, d, true)
		w.run(25)
		for _, op := range w.all {
			op.body.Remark = []string{"", "说明"}[d(2)]
			if d(3) == 0 {
				op.body.Unknown = []crdt.UnknownKey{{Key: 3, Raw: []byte{0x01}}, {Key: 1 << 40, Raw: []byte{0xf6}}}
			}
			raw, err := crdt.EncodeBody(op.body)
			if err != nil {
				rt.Fatal(err)
			}
			body, err := crdt.DecodeBody(raw)
			if err != nil {
				rt.Fatal(err)
			}
			again, err := crdt.EncodeBody(body)
			if err != nil || !bytes.Equal(raw, again) {
				rt.Fatalf("encoded again %x, first %x (%v)", again, raw, err)
			}
			for i := range op.body.Changes {
				want, got := op.body.Changes[i], body.Changes[i]
				if want.Raw != nil {
					want.Kind, want.Path = got.Kind, got.Path
				}
				if fmt.Sprintf("%#v", want) != fmt.Sprintf("%#v", got) {
					rt.Fatalf("decoded %#v, want %#v", got, want)
				}
			}
			checkCanonical(rt, raw)
		}
	})
}

func checkCanonical(t failer, raw []byte) {
	t.Helper()
	var v any
	if err := cbor.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if again := canonical(v); !bytes.Equal(again, raw) {
		t.Fatalf("a plain library encodes %x, ours %x", again, raw)
	}
}

// FuzzDecodeBody: no bytes panic, and what is taken has one encoding and can
// be applied.
func FuzzDecodeBody(f *testing.F) {
	for _, v := range vectors {
		f.Add(unhex(v.hex))
	}
	f.Add(unhex("a10181a3010102816161" + "03" + strings.Repeat("81", 40) + "00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		body, err := crdt.DecodeBody(data)
		if err != nil {
			return
		}
		again, err := crdt.EncodeBody(body)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%x is encoded again as %x (%v)", data, again, err)
		}
		s := crdt.New(caseSchema)
		if err := s.Apply(crdt.Meta{ID: id(1)}, body); err != nil {
			t.Fatal(err)
		}
		s.Shown()
		if back, err := crdt.Decode(caseSchema, s.Encode()); err != nil || !bytes.Equal(back.Shown(), s.Shown()) {
			t.Fatalf("the state's snapshot differs (%v)", err)
		}
	})
}
