package vectors

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"

	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// laterFrames are frames that this edition has a place for and that no program
// writes yet: every reader takes them.
func laterFrames(c *county) []vector {
	s := newSamples(c)
	key := c.village.seat.Signing.Private()
	both := must(oplog.Together(key, s.first, s.digest))
	inside := c.begin(c.village, oplog.KindCase)
	order := func(act oplog.ErasureAct, names ...oplog.ID) *oplog.Operation {
		h := c.begin(c.village, oplog.KindErasure)
		h.Class, h.Audience, h.Case = oplog.ClassErasure, oplog.AudienceTree, &s.first.ID
		h.Erasure = &oplog.Erasure{Act: act, Ground: "retention_ended", Day: "2056-03-09", Names: names}
		return c.make(c.village, h, seal.Key{}, nil, "erasure")
	}
	routed := s.routed(c)
	files := follow(s.first)
	files.Attachments = []oplog.Attachment{{List: oplog.ID{1}, Chunks: 1, Bytes: 20_000}, {List: oplog.ID{2}, Chunks: 8192, Bytes: 1 << 31}}
	ofUnit := func(kind oplog.Kind, salt string) fields {
		h := c.begin(c.village, kind)
		h.Audience = oplog.AudienceTree
		return shown(c.make(c.village, h, s.key, must(hex.DecodeString("a10180")), salt))
	}
	older := headerOf(s.first)
	bare := shown(s.first)
	bare["frame"], bare["frame_kind"] = hexed(assemble(1, headerOf(s.first), signatureOf(s.first), nil)), 3
	last := frameOf(1, changed(older, map[uint64]any{1 << 63: true, 1<<64 - 1: "x"}), s.first.Body, key)
	schema := frameOf(1, changed(older, map[uint64]any{15: 2}), s.first.Body, key)
	return []vector{
		ok("a case's operation under a shared signature", "Place 0; the id of its digest's operation follows.", shown(both[0])),
		ok("a digest's operation under a shared signature", "Place 1; the same signature, and the case operation's id.", shown(both[1])),
		ok("key inside", "The body begins with the record key under an audience key.", shown(must(oplog.MakeInside(inside, s.key, recordKey("audience"), must(hex.DecodeString("a10180")), key, seeded("salt inside"))))),
		ok("order of erasure", "In the clear: class 4, no body, no key.", shown(order(oplog.EraseOrder))),
		ok("erasure carried out", "It names order and countersignature.", shown(order(oplog.EraseCarryOut, oplog.ID{1}, oplog.ID{2}))),
		ok("access log", "Kind 9: of class case, audience 2, no case.", ofUnit(oplog.KindAccessLog, "access log")),
		ok("sheet that was sent", "Kind 10: the same.", ofUnit(oplog.KindSentSheet, "sheet")),
		ok("kind 7", "Given to nothing, and read as a later kind.", shown(must(oplog.Parse(frameOf(1, changed(older, map[uint64]any{9: 7}), s.first.Body, key))))),
		ok("attachments", "Each a list's id, its chunks and bytes.", shown(c.make(c.village, files, s.key, must(hex.DecodeString("a10180")), "files"))),
		ok("schema 2", "A later schema is no other form.", shown(must(oplog.Parse(schema)))),
		ok("meaningless keys to the last number", "2^63 and 2^64 - 1 may be ignored like all from 128.", shown(must(oplog.Parse(last)))),
		ok("class 5 with a route", "What the class means a later program knows; kind 200, no key, two fields that cases can't have.", shown(routed)),
		ok("without its body", "Kind of frame 3: the same id and signature, no body.", bare),
	}
}

// routed is an operation of a later class, which breaks rules that bind others.
func (s samples) routed(c *county) *oplog.Operation {
	header := changed(headerOf(s.first), map[uint64]any{5: 5, 9: 200, 19: nil, 24: 7, 23: s.first.ID, 29: [][]byte{c.court.id[:]}})
	return must(oplog.Parse(frameOf(1, header, s.first.Body, c.village.seat.Signing.Private())))
}

func signatureOf(op *oplog.Operation) []byte {
	n := 11 + len(headerOf(op))
	return bytes.Clone(op.Frame[n : n+ed25519.SignatureSize])
}

// badLaterFrames break the rules of what is kept for later.
func badLaterFrames(c *county) []vector {
	s := newSamples(c)
	key := c.village.seat.Signing.Private()
	header, other := headerOf(s.first), s.digest.ID
	part := func(id oplog.ID, place byte, others ...oplog.ID) []byte {
		ids := append([]oplog.ID{}, others...)
		at := min(int(place), len(ids))
		ids = append(ids[:at], append([]oplog.ID{id}, ids[at:]...)...)
		parts := [][]byte{{1}, {byte(len(ids))}}
		for _, id := range ids {
			parts = append(parts, bytes.Clone(id[:]))
		}
		digest := seal.Hash("hejie save v1", parts...)
		b := append(ed25519.Sign(key, digest[:]), place)
		for _, id := range others {
			b = append(b, id[:]...)
		}
		return b
	}
	bad := func(expect, name, says string, header, part, body []byte) vector {
		return fault(expect, name, says, fields{"frame": hexed(assemble(1, header, part, body))})
	}
	first := func(expect, name, says string, part []byte) vector {
		return bad(expect, name, says, header, part, s.first.Body)
	}
	good := part(s.first.ID, 0, other)
	swapped := bytes.Clone(good)
	swapped[64] = 1
	signed := func(expect, name, says string, header, body []byte) vector {
		return fault(expect, name, says, fields{"frame": hexed(frameOf(1, header, body, key))})
	}
	erasure := func(fields map[uint64]any) []byte {
		h := map[uint64]any{5: 4, 9: 6, 10: s.first.ID, 16: 2, 19: nil, 21: 0, 22: seal.Hash("hejie body v1", nil), 32: fields}
		return changed(header, h)
	}
	act := func(n int) map[uint64]any { return map[uint64]any{1: n} }
	long := changed(header, map[uint64]any{300: make([]byte, 2049-len(header)-5)})
	routedCase := changed(headerOf(s.routed(c)), map[uint64]any{9: 2})
	digestOf := func(header []byte) []byte {
		return changed(headerOf(s.digest), map[uint64]any{10: idOf(header), 28: append([]byte{1}, header...)})
	}
	return []vector{
		first("malformed", "shared signature: a place beyond the last", "Two frames have places 0 and 1.", part(s.first.ID, 2, other)),
		first("malformed", "shared signature: the own id among the others", "Each frame stands in it once.", part(s.first.ID, 0, s.first.ID)),
		first("malformed", "shared signature: five frames", "At most four.", part(s.first.ID, 0, oplog.ID{1}, oplog.ID{2}, oplog.ID{3}, oplog.ID{4})),
		first("malformed", "shared signature: half an id", "Ids have 32 bytes.", good[:len(good)-16]),
		first("malformed", "shared signature of one frame", "One frame has 64 bytes.", part(s.first.ID, 0)),
		first("signature", "shared signature: another place", "The order of the ids is signed.", swapped),
		first("signature", "shared signature: another id", "All ids are signed.", flipped(good, -1)),
		first("signature", "a signature over the id alone with a place", "Another text is hashed for one and for several.", append(signatureOf(s.first), good[64:]...)),
		bad("malformed", "shared signature in notes", "A neighbour's id would tell that something was written beside.", headerOf(s.notes), part(s.notes.ID, 0, other), s.notes.Body),
		bad("malformed", "shared signature in a later class of kind 2", "Class case, or class digest.", routedCase, part(idOf(routedCase), 0, other), s.first.Body),
		signed("newer", "act 7 of an erasure", "Not wrong, but not known.", erasure(act(7)), nil),
		signed("malformed", "act 0 of an erasure", "There is none.", erasure(act(0)), nil),
		signed("malformed", "an erasure without its map", "It says nothing.", changed(erasure(act(1)), map[uint64]any{32: nil}), nil),
		signed("malformed", "an erasure with a later field", "Its map has four fields.", erasure(map[uint64]any{1: 1, 5: 1}), nil),
		signed("malformed", "an erasure with words for a ground", "A code: a-z, 0-9 and _.", erasure(map[uint64]any{1: 1, 2: "因为"}), nil),
		signed("malformed", "an erasure with a day that is none", "Month 13.", erasure(map[uint64]any{1: 1, 3: "2026-13-01"}), nil),
		signed("malformed", "an erasure on 30 February", "A day of the calendar.", erasure(map[uint64]any{1: 1, 3: "2026-02-30"}), nil),
		signed("malformed", "an erasure in the year 0", "From 0001-01-01.", erasure(map[uint64]any{1: 1, 3: "0000-01-01"}), nil),
		signed("malformed", "an access log of a case", "Of a unit.", changed(header, map[uint64]any{9: 9, 10: s.first.ID, 16: 2}), s.first.Body),
		signed("malformed", "a sent sheet for the station", "For the tree.", changed(header, map[uint64]any{9: 10}), s.first.Body),
		signed("malformed", "an erasure with a body", "Its body is empty.", changed(erasure(act(1)), map[uint64]any{21: len(s.first.Body), 22: seal.Hash("hejie body v1", s.first.Body)}), s.first.Body),
		signed("malformed", "an erasure with a key", "Nothing is sealed.", changed(erasure(act(1)), map[uint64]any{19: oplog.ID{1}}), nil),
		signed("malformed", "an erasure of no case", "It covers a case's records.", changed(erasure(act(1)), map[uint64]any{10: nil}), nil),
		signed("malformed", "a case's beginning of 2,049 bytes", "Its digest could not bear it.", long, s.first.Body),
		signed("malformed", "a digest of what a later class began", "The case's header is of class case.", digestOf(routedCase), s.digest.Body),
		signed("malformed", "a digest of notes", "The case's header is of kind 2.", digestOf(headerOf(s.notes)), s.digest.Body),
		signed("malformed", "a digest of a later operation", "The case's header is of a first operation.", digestOf(headerOf(s.next)), s.digest.Body),
		signed("malformed", "a later digest with the case's header", "The first one proves it.", changed(headerOf(s.digest), map[uint64]any{6: 2, 7: s.digest.ID, 8: s.digest.ID, 11: []oplog.ID{s.digest.ID}, 16: nil}), s.digest.Body),
		signed("newer", "a digest of a case of audience 4", "Not wrong, but not known.", digestOf(changed(header, map[uint64]any{16: 4})), s.digest.Body),
		signed("malformed", "65 attachments", "At most 64.", changed(header, map[uint64]any{30: make65()}), s.first.Body),
		signed("malformed", "an attachment of two parts", "List, chunks, bytes.", changed(header, map[uint64]any{30: []any{[]any{oplog.ID{1}, 1}}}), s.first.Body),
		signed("malformed", "attachments of a digest", "Class case alone.", changed(headerOf(s.digest), map[uint64]any{30: []any{[]any{oplog.ID{1}, 1, 1}}}), s.digest.Body),
		fault("malformed", "kind 3 with a body", "It has none.", fields{"frame": hexed(s.first.Frame), "frame_kind": 3}),
		fault("malformed", "kind 3 of what never had a body", "Nothing was taken away.", fields{"frame": hexed(frameOf(1, erasure(act(1)), nil, key)), "frame_kind": 3}),
		fault("signature", "kind 3 with another's signature", "Checked as in kind 1.", fields{"frame": hexed(assemble(1, header, signatureOf(s.next), nil)), "frame_kind": 3}),
	}
}

func idOf(header []byte) oplog.ID { return seal.Hash("hejie operation v1", []byte{1}, header) }

func make65() (list []any) {
	for i := range 65 {
		list = append(list, []any{oplog.ID{byte(i)}, 1, 1})
	}
	return list
}
