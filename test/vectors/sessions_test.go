package vectors

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/reconcile"
	"hejie/sync/replica"
)

// recorder writes down what goes over a road.
type recorder struct {
	server   *exchange.Server
	from     store.ID
	messages [][2]string
}

func (r *recorder) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	response, err := r.server.Serve(ctx, r.from, request)
	if err == nil {
		r.messages = append(r.messages, [2]string{hexed(request), hexed(response)})
	}
	return response, err
}

// record lets a village bring a case to its township, twice: the second time
// they are in step.
func record(t *testing.T) (c *county, village, town *node, rec *recorder, moved int) {
	t.Helper()
	c = newCounty()
	village = must(newNode(c, c.village, "village", operations(c.court.first, c.town.first, c.village.first)))
	town = must(newNode(c, c.town, "town", operations(c.logs()...)))
	t.Cleanup(village.close)
	t.Cleanup(town.close)
	signer := replica.Signer{Key: c.village.seat.Signing.Private(), Unit: c.village.id, Epoch: oplog.Epoch{1}}
	_, err := village.r.Write(context.Background(), signer, replica.Save{}, func(w *replica.Writer) error {
		body := crdt.Body{Changes: []crdt.Change{{Kind: crdt.Assign, Path: path("title"), Value: "李大样与王小例墙界纠纷"}}}
		op, err := w.Create(replica.Begin{Kind: oplog.KindCase, Owner: c.village.id}, body)
		if err != nil {
			return err
		}
		_, err = w.Append(op.ID, nil, crdt.Body{Changes: []crdt.Change{{Kind: crdt.Assign, Path: path("title"), Value: "墙界", Replaces: []crdt.Ref{{Op: op.ID}}}}}, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	server := must(exchange.NewServer(town.r, town.clock, town.rand))
	rec = &recorder{server: server, from: c.village.machine.Public()}
	for range 2 {
		report, err := exchange.Run(context.Background(), rec, village.r, c.town.machine.Public(), village.clock, village.rand)
		if err != nil || !report.InStep {
			t.Fatalf("%+v, %v", report, err)
		}
		moved += report.Sent + report.Received
	}
	return c, village, town, rec, moved
}

func sessionVectors(t *testing.T) []vector {
	c, village, town, rec, _ := record(t)
	side := func(n *node) map[string]any {
		ops, wrapFrames, err := n.held()
		if err != nil {
			t.Fatal(err)
		}
		return map[string]any{"unit": hexed(n.place.id[:]), "operations": ops, "wraps": wrapFrames}
	}
	receipts := must(village.r.Receipts(context.Background(), c.town.id))
	moved := 0
	for _, m := range rec.messages {
		moved += framesIn(unhex(m[0])) + framesIn(unhex(m[1]))
	}
	return []vector{kept(ok("a village brings a case to its township", "Two sessions: the first moves frames and receipts, the second is in step at once. The sides are what both hold at the end.", fields{
		"root": hexed(c.court.id[:]), "initiator": side(village), "responder": side(town), "receipts": hexes(receipts), "messages": rec.messages, "moved": moved,
	}))}
}

// framesIn counts the frames of a message's batch, by the length of its content.
func framesIn(message []byte) int {
	var m map[uint64]cbor.RawMessage
	if err := cbor.Unmarshal(message, &m); err != nil {
		panic(err)
	}
	var batch []byte
	if m[14] == nil {
		return 0
	}
	if err := cbor.Unmarshal(m[14], &batch); err != nil {
		panic(err)
	}
	content := must(inflated(batch))
	n := 0
	for len(content) > 0 {
		size, used := binary.Uvarint(content[1:])
		content = content[1+used+int(size):]
		n++
	}
	return n
}

func messageVectors(t *testing.T) []vector {
	_, _, _, rec, _ := record(t)
	hello := unhex(rec.messages[0][0])
	request := func(expect, name, says string, b []byte) vector {
		return vector{Name: name, Says: says, Expect: expect, Fields: fields{"request": hexed(b)}}
	}
	response := func(expect, name, says string, b []byte) vector {
		return vector{Name: name, Says: says, Expect: expect, Fields: fields{"response": hexed(b)}}
	}
	list := []vector{
		kept(request("ok", "hello", "The first message of a session.", hello)),
		kept(response("ok", "hello's answer", "The responder's first reconcile message lies in it.", unhex(rec.messages[0][1]))),
		kept(request("ok", "hello with more keys", "What is unknown from key 128 on is passed over, floats included.", added(hello, 240, cbor.RawMessage{0xf9, 0x3e, 0x00}))),
		kept(request("ok", "hello with a cursor", "Keys 228 and 229 are kept for cursors, and passed over.", added(added(hello, 228, []byte{1}), 229, 7))),
		kept(request("version", "hello with a key that must be understood", "A key to 127 that this version does not have: a newer program's, and no fault.", added(hello, 99, 1))),
		kept(request("ok", "hello that offers versions 1 to 5", "The responder answers with the greatest that it speaks.", added(added(hello, 1, 1), 23, 5))),
		kept(request("version", "hello that offers versions 3 to 5", "None of them is spoken here.", added(added(hello, 1, 3), 23, 5))),
		kept(request("malformed", "hello that offers versions 3 to 2", "The least stands first.", added(added(hello, 1, 3), 23, 2))),
		kept(request("ok", "keys in another order", "Messages are not kept: their encoding need not be the one.", reversed(hello))),
		kept(request("version", "version 1", "Of the first edition, whose bytes nobody reads any more.", added(hello, 1, 1))),
		kept(request("version", "version 3", "Not spoken here.", added(hello, 1, 3))),
		kept(request("malformed", "a text as a key", "Keys are unsigned numbers.", withText(hello))),
		kept(request("malformed", "names of cargo of 9 bytes", "Each has 8.", added(hello, 25, make([]byte, 9)))),
		kept(request("malformed", "no version", "Every version keeps it under key 1.", added(hello, 1, nil))),
		kept(request("malformed", "a key twice", "Not even in a message.", append(append([]byte{hello[0] + 1}, hello[1:]...), 0x01, 0x01))),
		kept(request("malformed", "short names of 9 bytes", "Each has 8.", added(hello, 16, make([]byte, 9)))),
		request("malformed", "no map", "An array.", []byte{0x80}),
		request("malformed", "nothing", "No byte.", nil),
		request("malformed", "tag", "None.", unhex("a201c1020201")),
		request("malformed", "indefinite", "Definite lengths.", unhex("bf01020201ff")),
		request("malformed", "nine levels", "At most eight.", unhex("a30102020118c8"+"8181818181818181"+"00")),
		response("malformed", "no map, answered", "An array.", []byte{0x80}),
		response("version", "version 3, answered", "Not spoken here.", unhex("a10103")),
		response("version", "a key that must be understood, answered", "The session ends: this program is the older one.", added(unhex("a10102"), 99, 1)),
		response("malformed", "short names of 9 bytes, answered", "Each has 8.", added(unhex("a10102"), 16, make([]byte, 9))),
	}
	list = append(list, batchVectors()...)
	return append(list, rangeVectors()...)
}

func added(message []byte, key uint64, value any) []byte {
	var m map[uint64]any
	if err := cbor.Unmarshal(message, &m); err != nil {
		panic(err)
	}
	if m[key] = value; value == nil {
		delete(m, key)
	}
	mode := must(cbor.CoreDetEncOptions().EncMode())
	return must(mode.Marshal(m))
}

// withText is a message with one key more, a text.
func withText(message []byte) []byte {
	return append(append([]byte{message[0] + 1}, message[1:]...), 0x61, 'k', 0x01)
}

// reversed writes a map's pairs from the last to the first.
func reversed(message []byte) []byte {
	out := []byte{message[0]}
	var parts [][]byte
	for rest := message[1:]; len(rest) > 0; {
		var key, value cbor.RawMessage
		left := must(cbor.UnmarshalFirst(rest, &key))
		rest = must(cbor.UnmarshalFirst(left, &value))
		parts = append([][]byte{append(bytes.Clone(key), value...)}, parts...)
	}
	return append(out, bytes.Join(parts, nil)...)
}

func batchVectors() []vector {
	frames := []any{[]any{1, "aa"}, []any{2, "bbcc"}, []any{77, ""}}
	content := unhex("0101aa" + "0202bbcc" + "4d00")
	stored := append([]byte{0, byte(len(content))}, content...)
	bad := func(name, says string, b []byte) vector {
		return fault("malformed", name, says, fields{"batch": hexed(b)})
	}
	return []vector{
		ok("batch of three frames", "Stored; the third is of a kind that a later program has.", fields{"batch": hexed(stored), "frames": frames}),
		bad("batch of compression 2", "There is none.", append([]byte{2}, stored[1:]...)),
		bad("batch longer than it says", "One byte more.", append(bytes.Clone(stored), 0)),
		bad("batch shorter than it says", "One byte less.", stored[:len(stored)-1]),
		bad("frame longer than its batch", "It claims what is not there.", []byte{0, 3, 1, 9, 0xaa}),
		bad("batch over its limit", "It claims 2 MiB.", []byte{0, 0x80, 0x80, 0x80, 0x01, 1, 0}),
	}
}

func rangeVectors() []vector {
	key := func(class byte, rest ...byte) (k store.EntryKey) {
		k[0] = class
		copy(k[1:], rest)
		return k
	}
	short := func(b byte) reconcile.Short { return reconcile.Short{b} }
	wants, _ := reconcile.AppendWants([]reconcile.Want{
		{Lo: key(2), Hi: key(2, 0, 1), All: true},
		{Lo: key(2, 0, 1), Hi: key(4, 0, 1, 0, 2, 5, 6, 7, 8), Short: []reconcile.Short{short(1), short(2)}},
		{Lo: key(4, 9), Hi: store.EntryKey{}, All: true},
	}, 1<<16)
	zero := key(0)
	lo, mid, hi := key(2), key(2, 0, 1), key(4, 0, 1, 0, 2, 5, 6, 7, 8)
	nine := key(4, 9)
	k := func(e store.EntryKey) string { return hexed(e[:]) }
	bad := func(name, says, b string) vector { return fault("malformed", name, says, fields{"ranges": b}) }
	return []vector{
		ok("wants", "All of one range, two of the next, all of the last; between them what is not wanted.", fields{
			"wants": true, "ranges": hexed(wants),
			"shows": []any{[]any{5, k(lo), k(mid), 0}, []any{6, k(mid), k(hi), 2}, []any{5, k(nine), k(zero), 0}},
		}),
		ok("fingerprint of everything", "The zero key as a bound is the end.", fields{"ranges": "f849" + "01" + "00" + "000000000000", "shows": []any{[]any{1, k(zero), k(zero), 0}}}),
		ok("list of two", "Up to class 2, then nothing to say.", fields{"ranges": "0102" + "0302" + "010000000000" + "020000000000" + "0000", "shows": []any{[]any{3, k(zero), k(lo), 2}}}),
		bad("number in a longer form", "The shortest form.", "00"+"03"+"8000"),
		bad("bound in a longer form", "One new byte though it is shared.", "0200"+"00"),
		bad("bounds that do not ascend", "Class 2, then class 1.", "0102"+"00"+"0101"+"00"),
		bad("something after the end", "Nothing follows it.", "0000"+"0000"),
		bad("mode 9", "There is none.", "0009"),
		bad("list that claims more", "A thousand short ids in no byte.", "0003e807"),
		bad("split into one part", "2 to 64.", "0002"+"05"+"01"+"000000000000"),
		bad("split of fewer entries than parts", "Every part of this program's splits holds one.", "0002"+"01"+"02"+"0102"+"000000000000"+"000000000000"),
		bad("cut off", "A bound without its mode.", "0102"),
	}
}
