package vectors

import (
	"bytes"
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

func cborVectors(*testing.T) []vector {
	d := func(s string) fields { return fields{"data": s} }
	return []vector{
		ok("zero", "The number 0.", d("00")),
		ok("largest number", "2^64-1, in nine bytes.", d("1bffffffffffffffff")),
		ok("negative", "-1.", d("20")),
		ok("most negative", "-2^64: CBOR's own integers reach so far.", d("3bffffffffffffffff")),
		ok("map", "{1: [true, null], 2: \"和\"}.", d("a20182f5f60263e5928c")),
		ok("bytes before text", "Keys sort by their encoding: 1, -1, h'00', \"a\".", d("a40100200041000061"+"6100")),
		ok("sixteen levels", "As deep as it may be.", d(strings.Repeat("81", 16)+"00")),
		fault("malformed", "seventeen levels", "One level too deep.", d(strings.Repeat("81", 17)+"00")),
		fault("malformed", "long head", "0 in two bytes.", d("1800")),
		fault("malformed", "long length", "A text's length in two bytes though one is enough.", d("780161")),
		fault("malformed", "long array", "An array's length in three bytes.", d("99000100")),
		fault("malformed", "indefinite array", "Lengths are definite.", d("9f00ff")),
		fault("malformed", "indefinite text", "Lengths are definite.", d("7f6161ff")),
		fault("malformed", "unsorted keys", "2 before 1.", d("a202000100")),
		fault("malformed", "sorted by length only", "\"aa\" before \"b\": the length stands first in the encoding, so b comes first.", d("a2626161006162"+"00")),
		fault("malformed", "key twice", "{1: 0, 1: 0}.", d("a201000100")),
		fault("malformed", "float", "1.5 as a half.", d("f93e00")),
		fault("malformed", "float in a map", "{1: 0.0}.", d("a101f90000")),
		fault("malformed", "undefined", "The value undefined.", d("f7")),
		fault("malformed", "simple value", "simple(16).", d("f0")),
		fault("malformed", "long simple value", "simple(255).", d("f8ff")),
		fault("malformed", "tag", "A date by tag 0.", d("c06161")),
		fault("malformed", "big number", "Tag 2 before bytes.", d("c24101")),
		fault("malformed", "not UTF-8", "A text with the byte ff.", d("61ff")),
		fault("malformed", "surrogate", "A text with half of a pair.", d("63eda080")),
		fault("malformed", "two values", "Nothing follows the value.", d("0000")),
		fault("malformed", "nothing", "No value.", d("")),
		fault("malformed", "ends early", "An array of two with one element.", d("8200")),
		fault("malformed", "huge length", "Bytes that claim more than memory holds.", d("5b7fffffffffffffff")),
		fault("malformed", "reserved head", "Additional information 28.", d("1c")),
		fault("malformed", "array as a key", "{[]: 0}.", d("a18000")),
		fault("malformed", "break alone", "ff outside an indefinite length.", d("ff")),
	}
}

func hashVectors(*testing.T) []vector {
	h := func(name, domain string, parts ...[]byte) vector {
		id := seal.Hash(domain, parts...)
		return ok(name, "H of "+domain+".", fields{"domain": domain, "parts": hexes(parts), "hash": hexed(id[:])})
	}
	return []vector{
		h("no part", "hejie unit v1"),
		h("one part", "hejie unit v1", bytes.Repeat([]byte{7}, 32)),
		h("two parts", "hejie operation v1", []byte{1}, []byte("header")),
	}
}

func frameVectors(*testing.T) []vector {
	c := newCounty()
	list := heldFrames(c)
	list = append(list, cutFrames(c)...)
	list = append(list, encodedFrames(c)...)
	list = append(append(list, ruledFrames(c)...), laterFrames(c)...)
	return append(list, badLaterFrames(c)...)
}

func shown(op *oplog.Operation) fields {
	record := op.RecordID()
	return fields{"frame": hexed(op.Frame), "id": hexed(op.ID[:]), "record": hexed(record[:]), "class": int(op.Header.Class), "kind": int(op.Header.Kind), "number": int(op.Header.Number)}
}

// sample operations of every kind, from which refused frames are made too.
type samples struct {
	key                                 seal.Key
	first, next, notes, digest, sealed  *oplog.Operation
	caseHeader, noteHeader, digestFirst oplog.Header
}

func newSamples(c *county) samples {
	s := samples{key: recordKey("case")}
	s.caseHeader = c.begin(c.village, oplog.KindCase)
	s.first = c.make(c.village, s.caseHeader, s.key, must(hex.DecodeString("a10180")), "case")
	h := follow(s.first)
	h.Grants = []oplog.ID{c.court.id}
	s.next = c.make(c.village, h, s.key, must(hex.DecodeString("a10181f6")), "case 2")
	s.noteHeader = c.begin(c.village, oplog.KindNotes)
	s.noteHeader.Case, s.noteHeader.Number, s.noteHeader.Previous = &s.first.ID, 3, &s.next.ID
	s.notes = c.make(c.village, s.noteHeader, recordKey("notes"), must(hex.DecodeString("a10180")), "notes")
	s.digestFirst = c.begin(c.village, oplog.KindDigest)
	s.digestFirst.Case, s.digestFirst.Projects, s.digestFirst.CaseHeader = &s.first.ID, &s.first.ID, oplog.CaseHeaderOf(s.first)
	s.digest = c.make(c.village, s.digestFirst, recordKey("digest"), must(hex.DecodeString("a10181f6")), "digest")
	d := c.begin(c.village, oplog.KindDocument)
	d.Case, d.Number, d.Previous = &s.first.ID, 4, &s.notes.ID
	s.sealed = c.make(c.village, d, recordKey("document"), must(hex.DecodeString("a10180")), "document")
	return s
}

func heldFrames(c *county) []vector {
	s := newSamples(c)
	rename := c.town.enter(c, c.village, oplog.BranchParent, c.village.first, mustRename())
	adopts := follow(s.next)
	adopts.Adopts = []oplog.ID{s.notes.ID}
	late := c.make(c.village, adopts, s.key, must(hex.DecodeString("a10180")), "adopts")
	later := shown(s.first)
	header := changed(headerOf(s.first), map[uint64]any{26: []any{"later", 1}, 1000: nil, 1 << 40: true})
	frame := frameOf(1, header, s.first.Body, c.village.seat.Signing.Private())
	id := seal.Hash("hejie operation v1", []byte{1}, header)
	later["frame"], later["id"], later["record"], later["later"] = hexed(frame), hexed(id[:]), hexed(id[:]), []uint64{26}
	empty := frameOf(1, changed(headerOf(s.first), map[uint64]any{21: 0, 22: seal.Hash("hejie body v1", nil)}), nil, c.village.seat.Signing.Private())
	bare := shown(must(oplog.Parse(empty)))
	granting := s.digestFirst
	granting.CaseGrants = []oplog.ID{c.court.id}
	says := shown(c.make(c.village, granting, recordKey("digest"), must(hex.DecodeString("a10181f6")), "granting digest"))
	says["case_grants"] = []string{hexed(c.court.id[:])}
	register := shown(c.make(c.village, c.begin(c.village, oplog.KindRegister), recordKey("register"), must(hex.DecodeString("a10180")), "register"))
	return []vector{
		ok("root's first entry", "The court admits itself; signed by the seat that it admits.", shown(c.court.first)),
		ok("village's first entry", "The township admits a village in the parent's branch.", shown(c.village.first)),
		ok("later entry", "A later entry names the one before it in heads.", shown(rename)),
		ok("case", "The first operation of a case: it names no record and no heads.", shown(s.first)),
		ok("case, second operation with a grant", "It names record, previous and heads, and grants the court.", shown(s.next)),
		ok("notes", "The first operation of a body's notes names its case.", shown(s.notes)),
		ok("digest", "A digest names the case operation whose projection it is.", shown(s.digest)),
		ok("document", "The first operation of a sealed document.", shown(s.sealed)),
		ok("adopts", "Field 25 is known by its number.", shown(late)),
		ok("later fields", "Unknown keys are kept: the frame is held, forwarded and shown as unknown.", later),
		ok("no body", "A sealed body of no bytes is held; that nothing opens it is another question.", bare),
		ok("digest of a granting operation", "Field 27 tells those who hold the digest alone to whom the case was granted.", says),
		ok("register", "A unit's register belongs to no case and is for the units above.", register),
	}
}

func headerOf(op *oplog.Operation) []byte {
	h := int(uint32(op.Frame[1])<<24 | uint32(op.Frame[2])<<16 | uint32(op.Frame[3])<<8 | uint32(op.Frame[4]))
	return op.Frame[11 : 11+h]
}

// cutFrames are wrong in their outermost form, or changed after they were signed.
func cutFrames(c *county) []vector {
	s := newSamples(c)
	f := s.first.Frame
	header, n := headerOf(s.first), len(headerOf(s.first))
	signature := f[11+n : 11+n+64]
	key := c.village.seat.Signing.Private()
	set := func(at int, b byte) []byte {
		g := append([]byte(nil), f...)
		g[at] = b
		return g
	}
	bad := func(expect, name, says string, frame []byte) vector {
		return fault(expect, name, says, fields{"frame": hexed(frame)})
	}
	other := frameOf(1, header, s.first.Body, c.hill.seat.Signing.Private())
	return []vector{
		bad("malformed", "empty", "No byte.", nil),
		bad("malformed", "ten bytes", "Shorter than the lengths.", f[:10]),
		bad("suite", "suite 0", "There is no suite 0.", set(0, 0)),
		bad("suite", "suite 2", "SM2, SM3 and SM4 are a later program's: not malformed, but not known.", set(0, 2)),
		bad("malformed", "no header", "Header length 0.", assemble(1, nil, signature, s.first.Body)),
		bad("malformed", "header too long", "Header length one more than there is room for.", set(4, f[4]+1)),
		bad("malformed", "header over 32,768 bytes", "Its length is refused before it is read.", frameOf(1, make([]byte, 32769), nil, key)),
		bad("malformed", "signature of 63 bytes", "Suite 1 has signatures of 64.", assemble(1, header, signature[:63], s.first.Body)),
		bad("malformed", "signature of 65 bytes", "Suite 1 has signatures of 64.", assemble(1, header, append(bytes.Clone(signature), 0), s.first.Body)),
		bad("malformed", "body length too small", "A byte is left over.", set(10, f[10]-1)),
		bad("malformed", "a byte follows", "Nothing follows the body.", append(bytes.Clone(f), 0)),
		bad("malformed", "cut off", "The last byte is missing.", f[:len(f)-1]),
		bad("signature", "salt changed", "One bit of the header's salt: another id, and the signature is not over it.", flipped(f, 11+bytes.Index(header, s.first.Header.Salt[:]))),
		bad("signature", "signature changed", "One bit of the signature.", flipped(f, 11+n)),
		bad("signature", "signature's end changed", "One bit of the signature's last byte.", flipped(f, 11+n+63)),
		bad("signature", "another seat's signature", "Signed by a seat that the header does not name.", other),
		bad("signature", "signature of zeros", "No signature at all.", assemble(1, header, make([]byte, 64), s.first.Body)),
		bad("body", "body changed", "One bit of the sealed body.", flipped(f, -1)),
		bad("body", "body of another operation", "The header's hash is of another body.", assemble(1, header, signature, s.next.Body)),
		bad("without", "body left out", "Anybody can strip one: it is asked for of whoever has it, and counts against nobody.", assemble(1, header, signature, nil)),
		bad("body", "body length in the header", "The header says one byte more.", frameOf(1, changed(header, map[uint64]any{21: len(s.first.Body) + 1}), s.first.Body, key)),
	}
}

// encodedFrames have a header that is not the one encoding of its value.
func encodedFrames(c *county) []vector {
	s := newSamples(c)
	header := headerOf(s.first)
	key := c.village.seat.Signing.Private()
	bad := func(name, says string, h []byte) vector {
		return fault("malformed", name, says, fields{"frame": hexed(frameOf(1, h, s.first.Body, key))})
	}
	pairs := header[0] & 0x1f
	later := func(value string) []byte {
		h := append(bytes.Clone(header), must(hex.DecodeString("181a"+value))...)
		h[0] = 0xa0 | pairs + 1
		return h
	}
	class := bytes.Index(header, []byte{0x05, 0x03, 0x06})
	long := append(append(bytes.Clone(header[:class+1]), 0x18, 0x03), header[class+2:]...)
	swapped := append(bytes.Clone(header[:class]), 0x06, 0x01, 0x05, 0x03)
	swapped = append(swapped, header[class+4:]...)
	twice := append(append(bytes.Clone(header[:class]), 0x05, 0x03), header[class:]...)
	twice[0] = 0xa0 | pairs + 1
	endless := append(append([]byte{0xbf}, header[1:]...), 0xff)
	return []vector{
		bad("header: class in two bytes", "Not the shortest head.", long),
		bad("header: keys unsorted", "6 before 5.", swapped),
		bad("header: key twice", "Class twice.", twice),
		bad("header: indefinite", "A map without its length.", endless),
		bad("header: two values", "Something follows the map.", append(bytes.Clone(header), 0)),
		bad("header: no map", "An array.", []byte{0x80}),
		bad("header: float", "A later field holds a float.", later("f93e00")),
		bad("header: tag", "A later field holds a tag.", later("c100")),
		bad("header: undefined", "A later field holds undefined.", later("f7")),
		bad("header: simple value", "A later field holds simple(16).", later("f0")),
		bad("header: not UTF-8", "A later field holds a text that is none.", later("61ff")),
		bad("header: long head in a later field", "Strict for what it does not know as well.", later("1801")),
		bad("header: too deep", "A later field of sixteen levels inside the map.", later(strings.Repeat("81", 16)+"00")),
		bad("header: text key", "Keys are unsigned numbers.", dcbor.Must(merge(header, map[any]any{"later": 1}))),
		bad("header: negative key", "Keys are unsigned numbers.", dcbor.Must(merge(header, map[any]any{-1: 1}))),
	}
}

func merge(raw []byte, more map[any]any) map[any]any {
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(raw, &keys); err != nil {
		panic(err)
	}
	for n, v := range keys {
		more[n] = v
	}
	return more
}

// ruledFrames break one rule of FORMAT 3 each.
func ruledFrames(c *county) []vector {
	s := newSamples(c)
	key := c.village.seat.Signing.Private()
	bad := func(name, says string, of *oplog.Operation, f map[uint64]any) vector {
		return fault("malformed", name, says, fields{"frame": hexed(frameOf(1, changed(headerOf(of), f), of.Body, key))})
	}
	newer := func(name, says string, of *oplog.Operation, f map[uint64]any) vector {
		return fault("newer", name, says, fields{"frame": hexed(frameOf(1, changed(headerOf(of), f), of.Body, key))})
	}
	id := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
	many := func(n int) (out [][]byte) {
		for i := range n {
			out = append(out, id(byte(i+1)))
		}
		return out
	}
	null := dcbor.Raw{0xf6}
	return []vector{
		bad("no tree", "Field 1 is always there.", s.first, map[uint64]any{1: nil}),
		bad("tree of 31 bytes", "An id has 32 bytes.", s.first, map[uint64]any{1: id(1)[:31]}),
		bad("tree is null", "An id is never null.", s.first, map[uint64]any{1: null}),
		bad("seat of 33 bytes", "A key has 32 bytes.", s.first, map[uint64]any{2: append(c.village.request.Seat[:], 0)}),
		bad("epoch of 7 bytes", "An epoch has 8 bytes.", s.first, map[uint64]any{3: id(1)[:7]}),
		bad("class 0", "There is none.", s.first, map[uint64]any{5: 0}),
		bad("class 4, kind case", "Class and kind agree.", s.first, map[uint64]any{5: 4}),
		bad("class as text", "A field of another type.", s.first, map[uint64]any{5: "3"}),
		bad("number 0", "Numbers begin with 1.", s.first, map[uint64]any{6: 0}),
		bad("number over 2^53", "Beyond what every program can count.", s.next, map[uint64]any{6: uint64(1<<53 + 1)}),
		bad("negative number", "Unsigned.", s.next, map[uint64]any{6: -1}),
		bad("number 1 with a previous", "The first of a lane has none before it.", s.first, map[uint64]any{7: id(1)}),
		bad("number 2 without a previous", "Every other one names it.", s.next, map[uint64]any{7: nil}),
		bad("previous is null", "Absent is left out.", s.first, map[uint64]any{7: null}),
		bad("kind 0", "There is none.", s.first, map[uint64]any{9: 0}),
		bad("kind 6 in class digest", "Class and kind agree.", s.digest, map[uint64]any{9: 6}),
		bad("kind 6 in class tree", "Class and kind agree.", c.village.first, map[uint64]any{9: 6}),
		bad("class case, kind digest", "Class and kind agree.", s.digest, map[uint64]any{5: 3}),
		bad("class digest, kind case", "Class and kind agree.", s.first, map[uint64]any{5: 2}),
		bad("class tree, kind case", "Class and kind agree.", s.first, map[uint64]any{5: 1}),
		bad("a case that names a case", "Only notes, digests and documents do.", s.first, map[uint64]any{10: id(1)}),
		bad("notes without their case", "Notes are of a case.", s.notes, map[uint64]any{10: nil}),
		bad("heads in a first operation", "There is nothing before it.", s.first, map[uint64]any{11: many(1)}),
		bad("no heads later", "Every later operation names what its author saw.", s.next, map[uint64]any{11: nil}),
		bad("heads empty", "What is empty is left out.", s.first, map[uint64]any{11: []any{}}),
		bad("heads unsorted", "Ids are sorted.", s.next, map[uint64]any{11: [][]byte{id(2), id(1)}}),
		bad("heads twice", "Without duplicates.", s.next, map[uint64]any{11: [][]byte{id(1), id(1)}}),
		bad("65 heads", "At most 64.", s.next, map[uint64]any{11: many(65)}),
		bad("a head of 31 bytes", "An id has 32 bytes.", s.next, map[uint64]any{11: [][]byte{id(1)[:31]}}),
		bad("two heads in a log", "An entry names one earlier entry.", c.village.first, map[uint64]any{8: id(9), 11: many(2), 12: many(1), 16: nil}),
		bad("no owner log", "Absent only in the first entry of a log.", s.first, map[uint64]any{12: nil}),
		bad("three heads of a log", "A log has two branches.", s.first, map[uint64]any{12: many(3)}),
		bad("author log unsorted", "Ids are sorted.", s.first, map[uint64]any{13: [][]byte{id(2), id(1)}}),
		bad("negative stamp", "Unsigned.", s.first, map[uint64]any{14: -5}),
		bad("stamp over 64 bits", "A float can't help.", s.first, map[uint64]any{14: dcbor.Raw(must(hex.DecodeString("fb43f0000000000000")))}),
		bad("no schema", "Always there.", s.first, map[uint64]any{15: nil}),
		bad("no audience at the beginning", "A record says who may read it.", s.first, map[uint64]any{16: nil}),
		bad("audience later", "It is set once.", s.next, map[uint64]any{16: 1}),
		bad("audience 0", "What is zero is left out.", s.next, map[uint64]any{16: 0}),
		newer("audience 4", "Not wrong, but not known.", s.first, map[uint64]any{16: 4}),
		bad("a digest for the station", "Digests are for the tree.", s.digest, map[uint64]any{16: 1}),
		bad("a case for the tree", "Only logs and digests are.", s.first, map[uint64]any{16: 2}),
		bad("notes for the station", "Notes are for the body.", s.notes, map[uint64]any{16: 1}),
		bad("notes granted", "Notes are never granted.", s.notes, map[uint64]any{17: many(1)}),
		bad("a digest granted", "The grant on its case includes it.", s.digest, map[uint64]any{17: many(1)}),
		bad("nine grants", "At most 8.", s.next, map[uint64]any{17: many(9)}),
		bad("65 withdrawals", "At most 64.", s.next, map[uint64]any{18: many(65)}),
		bad("a case without its key", "The header names the key that seals the body.", s.first, map[uint64]any{19: nil}),
		bad("a log with a key", "Logs are not sealed.", c.village.first, map[uint64]any{19: id(1)}),
		bad("salt of 15 bytes", "A salt has 16.", s.first, map[uint64]any{20: id(1)[:15]}),
		bad("body hash of 31 bytes", "A hash has 32.", s.first, map[uint64]any{22: id(1)[:31]}),
		bad("a digest of nothing", "It names what it projects.", s.digest, map[uint64]any{23: nil}),
		bad("a case that projects", "Only digests do.", s.first, map[uint64]any{23: id(1)}),
		bad("a log without a branch", "Entries stand in a branch.", c.village.first, map[uint64]any{24: nil}),
		newer("branch 3", "Not wrong, but not known.", c.village.first, map[uint64]any{24: 3}),
		newer("class 16", "A class that nobody can carry without knowing it.", s.first, map[uint64]any{5: 16}),
		newer("class 5 without a route", "Nobody could tell to whom it goes.", s.first, map[uint64]any{5: 5}),
		newer("class 300", "Not wrong, but not known.", s.first, map[uint64]any{5: 300}),
		newer("kind 256", "Not wrong, but not known.", s.first, map[uint64]any{9: 256}),
		bad("a digest without the case's header", "It proves whose case it is.", s.digest, map[uint64]any{28: nil}),
		bad("a digest with another case's header", "The case's id is a hash of it.", s.digest, map[uint64]any{28: append([]byte{1}, headerOf(s.notes)...)}),
		bad("a digest by another owner", "The case's header names its owner.", s.digest, map[uint64]any{4: c.hill.id[:]}),
		bad("a case with a case's header", "Digests alone have one.", s.first, map[uint64]any{28: []byte{1}}),
		bad("a case with a route", "Later classes have one.", s.first, map[uint64]any{29: many(1)}),
		bad("nine units in a route", "At most 8.", s.first, map[uint64]any{5: 5, 29: many(9)}),
		bad("a log with a key inside", "Logs are not sealed.", c.village.first, map[uint64]any{31: 1}),
		bad("key inside 2", "1 or absent.", s.first, map[uint64]any{31: 2}),
		bad("a case with an erasure", "Erasures have a class of their own.", s.first, map[uint64]any{32: map[uint64]any{1: 1}}),
		bad("a case in a branch", "Only logs have them.", s.first, map[uint64]any{24: 1}),
		bad("adopted ids unsorted", "Ids are sorted.", s.next, map[uint64]any{25: [][]byte{id(2), id(1)}}),
		bad("number as the largest of 64 bits", "Out of range.", s.next, map[uint64]any{6: uint64(math.MaxUint64)}),
	}
}
