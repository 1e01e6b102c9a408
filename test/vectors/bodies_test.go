package vectors

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// plainOf makes a plaintext by hand; stored below 0: without a stored length.
func plainOf(kind byte, full uint64, stored int, content []byte, size int) []byte {
	p := binary.AppendUvarint([]byte{kind}, full)
	if stored >= 0 {
		p = binary.AppendUvarint(p, uint64(stored))
	}
	p = append(p, content...)
	return append(p, make([]byte, max(0, size-len(p)))...)
}

// helloFrame is a zstd frame of "hello" by hand: magic, descriptor, length, raw block.
const helloFrame = "28b52ffd" + "20" + "05" + "290000" + "68656c6c6f"

func zstdOk(name, says, frame, content string) vector {
	z := unhex(frame)
	return ok(name, says, fields{"plain": hexed(plainOf(1, uint64(len(content)), len(z), z, 32)), "content": hexed([]byte(content))})
}

func zstdBad(name, says, frame string, full uint64) vector {
	z := unhex(frame)
	return fault("content", name, says, fields{"plain": hexed(plainOf(1, full, len(z), z, 64))})
}

func contentVectors(*testing.T) []vector {
	made := func(name, says string, content []byte, pad bool) vector {
		return ok(name, says, fields{"plain": hexed(must(seal.Pack(content, pad))), "content": hexed(content)})
	}
	bad := func(name, says string, plain []byte) vector {
		return fault("content", name, says, fields{"plain": hexed(plain)})
	}
	noise := make([]byte, 9000)
	_, _ = seeded("noise").Read(noise)
	story := []byte(strings.Repeat("我家与王小例家东西相邻,中间原有一道土墙。", 20))
	short := must(seal.Pack(story, false))
	hello := plainOf(0, 5, -1, []byte("hello"), 32)
	return []vector{
		made("empty", "No content at all: 2 bytes and zeros up to 32.", nil, true),
		made("empty, not padded", "The same in a log: 2 bytes.", nil, false),
		made("30 bytes", "Fills the first step of 32 exactly.", noise[:30], true),
		made("31 bytes", "One more: 64.", noise[:31], true),
		made("1021 bytes", "Its length takes two bytes; fills 1,024 exactly.", noise[:1021], true),
		made("1022 bytes", "One more: the next multiple of 128.", noise[:1022], true),
		made("8189 bytes", "Fills 8,192 exactly.", noise[:8189], true),
		made("8190 bytes", "One more: the next multiple of 1,024.", noise[:8190], true),
		kept(made("compressed", "A text that zstd makes shorter.", story, true)),
		kept(made("compressed, not padded", "The same in a log.", story, false)),
		kept(made("compressed with the dictionary", "Short, and shorter with dictionary 1 before it.", must(hex.DecodeString("a10181a301060281696c6966656379636c6503a26261746a323032362d30332d303964737465706661636365"+"7074")), true)),
		ok("made by hand", "Content of five bytes.", fields{"plain": hexed(hello), "content": hexed([]byte("hello"))}),
		ok("padded further", "Any number of zeros follows: what steps to pad to is each program's choice.", fields{"plain": hexed(plainOf(0, 5, -1, []byte("hello"), 777)), "content": hexed([]byte("hello"))}),
		ok("not padded", "None is a number too.", fields{"plain": hexed(plainOf(0, 5, -1, []byte("hello"), 7)), "content": hexed([]byte("hello"))}),
		bad("nothing", "Not even a compression.", nil),
		bad("no length", "It ends after the compression.", []byte{0}),
		bad("length that goes on", "The last byte says that another follows.", []byte{0, 0x85}),
		bad("long length", "5 in two bytes.", append([]byte{0, 0x85, 0}, "hello"...)),
		bad("stored beyond the end", "It claims more than there is.", plainOf(0, 40, -1, []byte("hello"), 32)),
		bad("padding of ones", "Padding is zeros.", flipped(hello, -1)),
		fault("newer", "compression 3", "Not broken, but a newer program's.", fields{"plain": hexed(plainOf(3, 5, 5, []byte("hello"), 32))}),
		fault("newer", "compression 255", "Not broken, but a newer program's.", fields{"plain": hexed(plainOf(255, 5, 5, []byte("hello"), 32))}),
		bad("no zstd", "Compression 1 over what is none.", plainOf(1, 5, 5, []byte("hello"), 32)),
		bad("content over 900,000 bytes", "It claims 900,001.", plainOf(1, 900_001, 5, []byte("hello"), 32)),
		bad("length of 2^64 - 1", "More than memory holds.", plainOf(1, 1<<64-1, 5, []byte("hello"), 32)),
		zstdOk("one frame by hand", "Single segment, length 5, one raw block that is the last.", helloFrame, "hello"),
		zstdOk("a run of one byte", "A block of run length.", "28b52ffd"+"20"+"05"+"2b0000"+"68", "hhhhh"),
		zstdOk("two blocks", "The second is the last.", "28b52ffd"+"20"+"05"+"100000"+"6865"+"190000"+"6c6c6f", "hello"),
		zstdBad("two frames", "One frame only: decoders differ on a second one.", helloFrame+helloFrame, 10),
		zstdBad("a frame to be skipped before it", "One frame only.", "502a4d18"+"01000000"+"09"+helloFrame, 5),
		zstdBad("a byte after the frame", "Nothing follows it in what is stored.", helloFrame+"00", 5),
		zstdBad("a checksum", "The descriptor is 20, 60, a0 or e0.", "28b52ffd"+"24"+"05"+"290000"+"68656c6c6f"+"00000000", 5),
		zstdBad("a window", "Single segment only: decoders differ on how large a window may be.", "28b52ffd"+"00"+"58"+"290000"+"68656c6c6f", 5),
		zstdBad("a dictionary's number", "The compression tells the dictionary.", "28b52ffd"+"21"+"01"+"05"+"290000"+"68656c6c6f", 5),
		zstdBad("a reserved bit", "The descriptor is 20, 60, a0 or e0.", "28b52ffd"+"28"+"05"+"290000"+"68656c6c6f", 5),
		zstdBad("an unused bit", "The descriptor is 20, 60, a0 or e0.", "28b52ffd"+"30"+"05"+"290000"+"68656c6c6f", 5),
		zstdBad("no last block", "The frame does not end.", "28b52ffd"+"20"+"05"+"280000"+"68656c6c6f", 5),
		zstdBad("a reserved block", "There is no block of type 3.", "28b52ffd"+"20"+"05"+"2f0000"+"68656c6c6f", 5),
		zstdBad("the frame says another length", "5 outside, 6 inside.", "28b52ffd"+"20"+"06"+"290000"+"68656c6c6f", 5),
		zstdBad("both say a length that is too large", "6 and 6, and there are five.", "28b52ffd"+"20"+"06"+"290000"+"68656c6c6f", 6),
		zstdBad("both say a length that is too small", "4 and 4, and there are five.", "28b52ffd"+"20"+"04"+"290000"+"68656c6c6f", 4),
		kept(bad("longer than it says", "Decompressed it has one byte more.", lengthChanged(short, -1))),
		kept(bad("shorter than it says", "Decompressed it has one byte less.", lengthChanged(short, 1))),
	}
}

// lengthChanged makes the content's length, of two bytes here, another.
func lengthChanged(plain []byte, by int) []byte {
	n, size := binary.Uvarint(plain[1:])
	return append(binary.AppendUvarint([]byte{plain[0]}, n+uint64(by)), plain[1+size:]...)
}

func bodyVectors(*testing.T) []vector {
	c := newCounty()
	s := newSamples(c)
	other := recordKey("other")
	of := func(op *oplog.Operation, key seal.Key, content []byte) fields {
		return fields{"frame": hexed(op.Frame), "key": hexed(key[:]), "content": hexed(content)}
	}
	broken := func(expect, name, says string, key seal.Key, header, body []byte) vector {
		frame := frameOf(1, header, body, c.village.seat.Signing.Private())
		return fault(expect, name, says, fields{"frame": hexed(frame), "key": hexed(key[:])})
	}
	fit := func(body []byte, more map[uint64]any) []byte {
		more[21], more[22] = len(body), seal.Hash("hejie body v1", body)
		return changed(headerOf(s.first), more)
	}
	sealedBad := must(s.key.SealBody(s.first.Header.Salt[:], associatedOf(headerOf(s.first)), plainOf(0, 60, -1, []byte("hello"), 32)))
	flippedBody := flipped(s.first.Body, 3)
	commitment := other.Commitment()
	bears := must(oplog.MakeInside(c.begin(c.village, oplog.KindCase), s.key, recordKey("audience"), unhex("a10180"), c.village.seat.Signing.Private(), seeded("salt inside")))
	bearing := of(bears, s.key, unhex("a10180"))
	audience := recordKey("audience")
	bearing["audience"] = hexed(audience[:])
	return []vector{
		ok("case", "No changes, sealed under the record key.", of(s.first, s.key, must(hex.DecodeString("a10180")))),
		ok("second operation", "The same key, another salt.", of(s.next, s.key, must(hex.DecodeString("a10181f6")))),
		ok("digest", "Sealed under the seat's audience key itself.", of(s.digest, recordKey("digest"), must(hex.DecodeString("a10181f6")))),
		ok("log entry", "Not sealed: any key will do.", of(c.village.first, other, must(c.village.first.Content(seal.Key{})))),
		fault("key", "another key", "Its commitment is not the one in the header.", fields{"frame": hexed(s.first.Frame), "key": hexed(other[:])}),
		broken("key", "ciphertext changed, signed again", "The signature fits and the seal does not.", s.key, fit(flippedBody, map[uint64]any{}), flippedBody),
		broken("key", "header changed, signed again", "The header is what the body is sealed to.", s.key, fit(s.first.Body, map[uint64]any{14: 5}), s.first.Body),
		broken("key", "a later field added, signed again", "Unknown keys are part of what the body is sealed to.", s.key, fit(s.first.Body, map[uint64]any{26: 1}), s.first.Body),
		broken("key", "another commitment", "A key that the header names and that did not seal the body.", other, fit(s.first.Body, map[uint64]any{19: commitment}), s.first.Body),
		ok("key inside", "72 bytes stand before the sealed body: the audience key's commitment and the record key under it.", bearing),
		fault("key", "key inside, another key", "Its commitment is not the one in the header.", fields{"frame": bearing["frame"], "key": hexed(other[:])}),
		broken("key", "key inside, 71 bytes", "Shorter than what stands before the sealed body.", s.key, fit(make([]byte, 71), map[uint64]any{31: 1}), make([]byte, 71)),
		broken("key", "no key inside where the header says so", "The first 72 bytes are none of the sealed body.", s.key, fit(s.first.Body, map[uint64]any{31: 1}), s.first.Body),
		broken("key", "no tag", "A sealed body of no bytes.", s.key, fit(nil, map[uint64]any{}), nil),
		broken("content", "sealed rightly, malformed inside", "The seal fits, and the content is longer than the plaintext.", s.key, fit(sealedBad, map[uint64]any{}), sealedBad),
	}
}

func associatedOf(header []byte) []byte {
	return append([]byte{1}, changed(header, map[uint64]any{21: nil, 22: nil})...)
}

// one is the body of a single change.
func one(c crdt.Change) []byte { return must(crdt.EncodeBody(crdt.Body{Changes: []crdt.Change{c}})) }

func path(field string) crdt.Path { return crdt.Path{{Field: field}} }

func changeVectors(*testing.T) []vector {
	op := crdt.ID(bytes.Repeat([]byte{0x11}, 32))
	ref := func(n uint32) crdt.Ref { return crdt.Ref{Op: op, Index: n} }
	show := func(name, says string, content []byte, shows ...string) vector {
		if shows == nil {
			shows = []string{}
		}
		return ok(name, says, fields{"content": hexed(content), "shows": shows})
	}
	values := []any{nil, true, false, int64(0), int64(-1), int64(1 << 62), "", "和解", []byte{1, 2}, []any{int64(1), []any{}}, map[string]any{"a": int64(1), "名": nil}}
	with := func(v vector, name string, value any) vector {
		v.Fields[name] = value
		return v
	}
	list := []vector{
		show("no change", "An empty list is there.", must(crdt.EncodeBody(crdt.Body{}))),
		with(show("remark", "The author's reason.", must(crdt.EncodeBody(crdt.Body{Remark: "当事人当场更正"}))), "remark", "当事人当场更正"),
		show("void", "A place without a change, so that a digest keeps the indexes.", must(crdt.EncodeBody(crdt.Body{Changes: []crdt.Change{{Void: true}, {Void: true}}})), "void", "void"),
		show("assign", "An amount that replaces two assignments.", one(crdt.Change{Kind: crdt.Assign, Path: path("amount_fen"), Value: int64(30000), Replaces: []crdt.Ref{{Index: 4}, ref(1)}}), "assign amount_fen"),
		show("assign null", "Clears a field: the value is left out.", one(crdt.Change{Kind: crdt.Assign, Path: path("place"), Replaces: []crdt.Ref{ref(0)}}), "assign place"),
		show("add to a set", "A tag.", one(crdt.Change{Kind: crdt.Add, Path: path("tags"), Value: "elderly"}), "add tags"),
		show("add an entry and fill it", "An entry of a map has no value; its fields name it by the index alone.", must(crdt.EncodeBody(crdt.Body{Changes: []crdt.Change{
			{Kind: crdt.Add, Path: path("parties")},
			{Kind: crdt.Assign, Path: crdt.Path{{Field: "parties"}, {}, {Field: "name"}}, Value: "李大样"},
		}})), "add parties", "assign parties/00000000.0/name"),
		show("remove", "An entry with all that was seen live in it.", one(crdt.Change{Kind: crdt.Remove, Path: path("parties"), Replaces: []crdt.Ref{ref(0), ref(1)}}), "remove parties"),
		show("insert text at the root", "The first run of a story.", one(crdt.Change{Kind: crdt.Insert, Path: path("facts"), Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: "二〇二六年"}), "insert facts"),
		show("insert text left of a character", "Side left is left out.", one(crdt.Change{Kind: crdt.Insert, Path: path("facts"), Parent: crdt.Element{Ref: ref(2), Offset: 3}, Text: "春"}), "insert facts"),
		show("insert items", "A run of a list.", one(crdt.Change{Kind: crdt.Insert, Path: path("agenda"), Parent: crdt.Element{Ref: ref(2)}, Side: crdt.Right, Items: []crdt.Value{"a", int64(1)}}), "insert agenda"),
		show("delete", "Two spans.", one(crdt.Change{Kind: crdt.Delete, Path: path("facts"), Spans: []crdt.Span{{Ref: ref(2), Offset: 1, Count: 2}, {Ref: crdt.Ref{Index: 0}, Count: 1}}}), "delete facts"),
		show("event", "A step of the lifecycle after two others.", one(crdt.Change{Kind: crdt.Event, Path: path("lifecycle"), Value: map[string]any{"step": "accept", "at": "2026-03-10"}, After: []crdt.Ref{ref(0), ref(7)}}), "event lifecycle"),
		show("path without a field", "Well formed; it leads nowhere and is shown as without effect.", one(crdt.Change{Kind: crdt.Assign, Path: crdt.Path{{Entry: ref(1)}}, Value: true}), "assign 11111111.1"),
		show("unknown kind", "Kept as its bytes; its path is read-only.", unhex("a10181a301186302816574"+"69746c65"+"18c8f5"), "unknown 99 title"),
		show("unknown key of a known kind", "It may change what the change means.", unhex("a10181a301010281657469746c65187f00"), "unknown 1 title"),
		show("ignored key of a known kind", "From 128 on a key is passed over, and kept.", unhex("a10181a401010281657469746c650361611880f5"), "assign title"),
		with(show("ignored key of the body", "So it is in the body: one in sixteen has such a key.", unhex("a2018018e3191234")), "unknown", []int{227}),
		show("set aside unread", "A director names what he was shown and could not read.", one(crdt.Change{Kind: crdt.Remove, Path: path("facts"), Replaces: []crdt.Ref{ref(2)}, Unread: true}), "remove facts"),
		show("replaced unread", "The same of a register.", one(crdt.Change{Kind: crdt.Assign, Path: path("title"), Value: "题目", Replaces: []crdt.Ref{ref(2)}, Unread: true}), "assign title"),
		show("value over 63 bits", "No value of today: the change is unknown, at its path.", unhex("a10181a3010102816161031b8000000000000000"), "unknown 1 a"),
		show("number as a key in a value", "No value of today.", unhex("a10181a301010281616103a10000"), "unknown 1 a"),
		show("value of nine levels", "No value of today.", unhex("a10181a301010281616103818181818181818100"), "unknown 1 a"),
		show("item over 63 bits", "No value of today.", unhex("a10181a40104028161610701"+"09811b8000000000000000"), "unknown 4 a"),
		show("key of another kind", "An assignment with spans is none that this program knows.", unhex("a10181a301010281657469746c650a80"), "unknown 1 title"),
		show("unknown kind without a path", "The whole record is read-only.", unhex("a10181a1011863"), "unknown 99"),
		show("unknown kind, path of another form", "The whole record is read-only.", unhex("a10181a2011863"+"02"+"05"), "unknown 99"),
		show("unknown kind over 255", "Kinds have no end.", unhex("a10181a101190100"), "unknown 256"),
		show("unknown kind with the largest number", "Unsigned 64 bits in what is unknown.", unhex("a10181a2011863181a1bffffffffffffffff"), "unknown 99"),
		with(show("unknown key of the body", "Kept and encoded again.", unhex("a2018007a10203")), "unknown", []int{7}),
		with(show("weight of what is unknown", "An unknown change and an unknown key weigh one each, and the operation itself.", unhex("a20181a1011863"+"07a10203"), "unknown 99"), "unknown", []int{7}),
	}
	list[len(list)-1] = with(list[len(list)-1], "weight", 3)
	weighed := func(name, says string, b crdt.Body, shows ...string) vector {
		content := must(crdt.EncodeBody(b))
		return with(show(name, says, content, shows...), "weight", b.Weight(len(content)))
	}
	list = append(list,
		weighed("weight of nothing", "One for the operation itself.", crdt.Body{}),
		weighed("weight of every part", "Changes, what they name, elements, a new entry, bytes.", crdt.Body{Changes: []crdt.Change{
			{Void: true},
			{Kind: crdt.Add, Path: path("parties")},
			{Kind: crdt.Assign, Path: crdt.Path{{Field: "parties"}, {Entry: crdt.Ref{Index: 1}}, {Field: "name"}}, Value: "李大样", Replaces: []crdt.Ref{ref(0), ref(1)}},
			{Kind: crdt.Event, Path: path("lifecycle"), Value: map[string]any{"step": "sign", "by": []any{"李大样", map[string]any{"at": "2026-03-10"}}, "raw": []byte{1, 2}}, After: []crdt.Ref{ref(2), ref(3), ref(4)}},
			{Kind: crdt.Insert, Path: path("facts"), Parent: crdt.Element{Root: true}, Text: strings.Repeat("墙", 200)},
			{Kind: crdt.Insert, Path: path("agenda"), Parent: crdt.Element{Root: true}, Items: []crdt.Value{"a", []any{int64(1), int64(2)}}},
			{Kind: crdt.Delete, Path: path("facts"), Spans: []crdt.Span{{Ref: ref(2), Count: 1}, {Ref: ref(3), Count: 2}}},
			{Kind: crdt.Add, Path: path("tags"), Value: "elderly"},
		}}, "void", "add parties", "assign parties/00000000.1/name", "event lifecycle", "insert facts", "insert agenda", "delete facts", "add tags"),
	)
	for i, v := range values {
		list = append(list, show("value "+string(rune('a'+i)), "One of the values that there are.", one(crdt.Change{Kind: crdt.Assign, Path: path("x"), Value: v}), "assign x"))
	}
	return append(append(list, marksVector()), badChanges()...)
}

func unhex(s string) []byte { return must(hex.DecodeString(s)) }

func badChanges() []vector {
	bad := func(name, says, content string) vector {
		return fault("malformed", name, says, fields{"content": content})
	}
	change := func(rest string) string { return "a10181" + rest }
	const id32 = "1111111111111111111111111111111111111111111111111111111111111111"
	longArray := "99" + "4001" + strings.Repeat("00", 16_385)
	return []vector{
		bad("no map", "The body is a map.", "80"),
		bad("no list", "The changes are always there.", "a0"),
		bad("changes are no list", "Another type.", "a10100"),
		bad("text key of the body", "Keys are unsigned numbers.", "a20180616100"),
		bad("empty remark", "What is empty is left out.", "a201800260"),
		bad("remark of bytes", "Another type.", "a201800241ff"),
		bad("remark over 4,096 bytes", "A page is enough.", "a2018002791001"+strings.Repeat("61", 4097)),
		bad("over 10,000 changes", "The 10,001st is refused with all.", "a10199"+"2711"+strings.Repeat("f6", 10_001)),
		bad("change is a number", "Null or a map.", change("01")),
		bad("change without a kind", "It has a path only.", change("a102816161")),
		bad("kind 0", "Kinds begin with 1.", change("a2010002816161")),
		bad("negative kind", "Unsigned.", change("a2012002816161")),
		bad("no path", "A known change has one.", change("a10101")),
		bad("empty path", "1 to 8 segments.", change("a201010280")),
		bad("nine segments", "1 to 8 segments.", change("a201010289"+strings.Repeat("6161", 9))),
		bad("capital in a field's name", "a-z 0-9 _.", change("a2010102816141")),
		bad("field of 65 bytes", "At most 64.", change("a2010102817841"+strings.Repeat("61", 65))),
		bad("null written out", "Absent is null.", change("a301010281616103f6")),
		bad("float value", "Amounts are in fen.", change("a301010281616103f93c00")),
		bad("value under -2^63", "Integers of 64 bits with sign.", change("a3010102816161033b8000000000000000")),
		bad("unread is false", "What is false is left out.", change("a40101028161610481000bf4")),
		bad("unread is a number", "True or nothing.", change("a40101028161610481000b01")),
		bad("references empty", "What is empty is left out.", change("a30101028161610480")),
		bad("references unsorted", "They ascend.", change("a301010281616104820100")),
		bad("references repeated", "They are a set.", change("a301010281616104820101")),
		bad("own operation written out", "32 zero bytes stand for the index alone.", change("a30101028161610481825820"+strings.Repeat("00", 32)+"01")),
		bad("reference with 31 bytes", "An operation has 32.", change("a3010102816161048182581f"+id32[2:]+"01")),
		bad("index over 32 bits", "Indexes are small.", change("a301010281616104811b0000000100000000")),
		bad("removes nothing", "A removal names what it saw.", change("a2010302816161")),
		bad("deletes nothing", "A deletion has spans.", change("a2010502816161")),
		bad("inserts nothing", "Text or items.", change("a2010402816161")),
		bad("inserts both", "Text or items, not both.", change("a4010402816161086161098100")),
		bad("side left written out", "Left is left out.", change("a40104028161610700086161")),
		bad("side 2", "There are two sides.", change("a40104028161610702086161")),
		bad("parent of one part", "A reference and an offset.", change("a4010402816161068100086161")),
		bad("span of nothing", "At least one element.", change("a30105028161610a8183000000")),
		bad("span over 32 bits", "Offset and count stay below 2^32.", change("a30105028161610a8183001affffffff02")),
		bad("float in what is unknown", "Strict for what it does not know as well.", change("a20118630af93c00")),
		bad("unsorted keys in what is unknown", "Strict for what it does not know as well.", change("a318c8f501186302816161")),
		bad("below -2^63 in what is unknown", "Unknown integers reach from -2^63 to 2^64-1.", change("a2011863181a3b8000000000000000")),
		bad("array over 16,384 in what is unknown", "Every array is bounded.", "a2018007"+longArray),
	}
}
