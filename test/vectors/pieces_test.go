package vectors

import (
	"bytes"
	"testing"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// pieceVectors are the chunks and lists of attachments (kind of frame 4).
func pieceVectors(*testing.T) []vector {
	key := recordKey("attachment")
	chunk := func(place int, last bool, content, sealed []byte) fields {
		id := seal.PieceID(sealed)
		return fields{"key": hexed(key[:]), "place": place, "last": last, "content": hexed(content), "piece": hexed(sealed), "id": hexed(id[:])}
	}
	small := []byte("a page that was scanned")
	end := must(key.SealChunk(2, true, small))
	ids := []store.ID{{1}, {2}, {3}}
	raw := must(seal.ChunkList(ids))
	list := func(b []byte, chunks, size int) fields {
		id := seal.PieceID(b)
		return fields{"list": hexed(b), "id": hexed(id[:]), "chunks": chunks, "bytes": size}
	}
	const full = seal.ChunkSize
	return []vector{
		ok("only chunk", "Place 0, and the last.", chunk(0, true, small, must(key.SealChunk(0, true, small)))),
		ok("last chunk", "Place 2, and the last: the nonce ends with 1.", chunk(2, true, small, end)),
		fault("key", "last chunk at another place", "The nonce tells the place.", chunk(1, true, small, end)),
		fault("key", "a byte changed", "Sealed.", chunk(2, true, small, flipped(end, 0))),
		fault("malformed", "short chunk that is not the last", "All but the last are full.", chunk(2, false, small, end)),
		fault("malformed", "empty chunk", "At least one byte.", chunk(0, true, nil, make([]byte, 16))),
		ok("list", "Three chunks, the last of one byte.", list(raw, 3, 2*full+1)),
		ok("full list", "Three chunks, all full.", list(raw, 3, 3*full)),
		fault("malformed", "list with more bytes than chunks", "One byte too many.", list(raw, 3, 3*full+1)),
		fault("malformed", "list with fewer bytes than chunks", "The last would be empty.", list(raw, 3, 2*full)),
		fault("malformed", "list of two", "The operation says two, the list has three.", list(raw, 2, 2*full)),
		fault("malformed", "list with half an id", "Ids have 32 bytes.", list(raw[:80], 3, 3*full)),
		fault("malformed", "empty list", "At least one chunk.", list(nil, 0, 0)),
	}
}

func judgePiece(t *testing.T, v vector) string {
	if v.text("list") != "" || v.Fields["chunks"] != nil {
		ids, err := seal.ParseChunkList(v.bytes("list"), v.id("id"), uint64(v.number("chunks")), uint64(v.number("bytes")))
		if err == nil {
			same(t, "the chunks", len(ids), v.number("chunks"))
		}
		return whyNot(err)
	}
	same(t, "the id", seal.PieceID(v.bytes("piece")), v.id("id"))
	content, err := seal.Key(v.bytes("key")).OpenChunk(uint64(v.number("place")), v.Fields["last"] == true, v.bytes("piece"))
	if err == nil {
		same(t, "the content", hexed(content), v.text("content"))
	}
	return whyNot(err)
}

// proofVectors are proofs that an operation lies in a pinned lane (kind of frame 5).
func proofVectors(*testing.T) []vector {
	lane := func(n int) (ids []identity.ID) {
		for i := range n {
			ids = append(ids, seal.Hash("hejie vector", []byte{byte(i)}))
		}
		return ids
	}
	pin := func(ids []identity.ID) identity.Pin {
		return identity.Pin{
			Seat: identity.SeatKey{1}, Epoch: oplog.Epoch{2}, Owner: identity.ID{3}, Class: oplog.ClassCase,
			Number: uint64(len(ids)), ID: ids[len(ids)-1], Root: must(identity.LaneRoot(ids)),
		}
	}
	proof := func(n, number int) []byte {
		ids := lane(n)
		return must(identity.ProveLane(pin(ids), ids, uint64(number))).Encode()
	}
	good := func(name, says string, n, number int) vector {
		root := pin(lane(n)).Root
		return ok(name, says, fields{"proof": hexed(proof(n, number)), "number": number, "root": hexed(root[:])})
	}
	bad := func(name, says string, b []byte) vector {
		return fault("proof", name, says, fields{"proof": hexed(b)})
	}
	of := proof(7, 3)
	last, other := lane(7)[6], lane(7)[0]
	path := func(n int) [][]byte {
		var list [][]byte
		for i := range n {
			list = append(list, bytes.Repeat([]byte{byte(i)}, 32))
		}
		return list
	}
	return []vector{
		good("lane of one", "No path: the leaf is the root.", 1, 1),
		good("lane of two, the first", "One hash.", 2, 1),
		good("lane of seven, the third", "Three hashes.", 7, 3),
		good("lane of seven, the last", "The lane's end has a shorter path.", 7, 7),
		good("lane of eight, the fifth", "A whole tree.", 8, 5),
		bad("another operation", "It is not in the lane.", changed(of, map[uint64]any{3: identity.ID{9}})),
		bad("another number", "The path is of the third.", changed(of, map[uint64]any{2: 4})),
		bad("number 0", "Numbers begin with 1.", changed(of, map[uint64]any{2: 0})),
		bad("beyond the pin", "The pin is at seven.", changed(of, map[uint64]any{2: 8})),
		bad("a hash less", "The path is as long as the tree is deep there.", changed(of, map[uint64]any{4: path(2)})),
		bad("54 hashes", "No lane is so long.", changed(of, map[uint64]any{4: path(54)})),
		bad("the last is not the pinned one", "The pin names another id.", changed(proof(7, 7), map[uint64]any{1: dcbor.Raw(bytes.Replace(rawPin(proof(7, 7)), last[:], other[:], 1))})),
		bad("a pin of class 16", "Classes 1 to 15.", changed(of, map[uint64]any{1: classed(of, 16)})),
		fault("malformed", "a text for the number", "Another type.", fields{"proof": hexed(changed(of, map[uint64]any{2: "3"}))}),
	}
}

// rawPin is a proof's first field.
func rawPin(b []byte) []byte {
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(b, &keys); err != nil {
		panic(err)
	}
	return keys[1]
}

// classed is a proof's pin with another class.
func classed(b []byte, class uint64) []any {
	var pin []any
	if err := dcbor.Unmarshal(rawPin(b), &pin); err != nil {
		panic(err)
	}
	pin[3] = class
	return pin
}

func judgeProof(t *testing.T, v vector) string {
	p, err := identity.ParseLaneProof(v.bytes("proof"))
	if err == nil {
		same(t, "the number", p.Number, v.number("number"))
		same(t, "the root", p.Pin.Root, v.id("root"))
		same(t, "the encoding", hexed(p.Encode()), v.text("proof"))
	}
	return whyNot(err)
}
