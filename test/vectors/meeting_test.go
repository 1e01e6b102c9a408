package vectors

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/reconcile"
)

// The judges of what two stations say to each other.

func (v vector) numbers(name string) (out []int) {
	list, _ := v.Fields[name].([]any)
	for _, x := range list {
		out = append(out, int(must(x.(json.Number).Int64())))
	}
	return out
}

// fixed is a road that brings one answer and ends.
type fixed struct{ answer []byte }

var errRoadEnds = errors.New("the road ends")

func (f *fixed) Roundtrip(context.Context, []byte) ([]byte, error) {
	b := f.answer
	if f.answer = nil; b == nil {
		return nil, errRoadEnds
	}
	return b, nil
}

func judgeMessage(t *testing.T, v vector) string {
	c := newCounty()
	town := must(newNode(c, c.town, "messages", operations(c.logs()...)))
	defer town.close()
	server := must(exchange.NewServer(town.r, town.clock, town.rand))
	ask := func(b []byte) string {
		return codeOf(must(server.Serve(context.Background(), c.village.machine.Public(), b)))
	}
	switch {
	case v.Fields["request"] != nil:
		return ask(v.bytes("request"))
	case v.Fields["response"] != nil:
		return judgeResponse(c, v)
	case v.Fields["batch"] != nil:
		return judgeBatch(t, v, server, c)
	}
	return judgeRanges(t, v)
}

func judgeResponse(c *county, v vector) string {
	village := must(newNode(c, c.village, "caller", operations(c.logs()...)))
	defer village.close()
	_, err := exchange.Run(context.Background(), &fixed{v.bytes("response")}, village.r, c.town.machine.Public(), village.clock, village.rand)
	var version *exchange.VersionError
	switch {
	case errors.As(err, &version), errors.Is(err, exchange.ErrNewerMessage):
		return "version"
	case errors.Is(err, errRoadEnds):
		return "ok" // it was understood: the session went on
	}
	return whyNot(err)
}

// codeOf names a response's code as the vectors do.
func codeOf(response []byte) string {
	var r struct {
		Code uint `cbor:"2,keyasint"`
	}
	if err := cbor.Unmarshal(response, &r); err != nil {
		return err.Error()
	}
	return map[uint]string{0: "ok", 2: "version", 4: "malformed"}[r.Code]
}

// judgeBatch sends the batch in a work request of a session that has begun.
func judgeBatch(t *testing.T, v vector, server *exchange.Server, c *county) string {
	nonce := make([]byte, 16)
	hello := must(cbor.Marshal(map[int]any{1: 2, 2: 1, 3: c.court.id[:8], 4: nonce, 6: nonce, 7: nonce, 8: nonce}))
	var r struct {
		Nonce []byte `cbor:"4,keyasint"`
	}
	if err := cbor.Unmarshal(must(server.Serve(context.Background(), c.village.machine.Public(), hello)), &r); err != nil || len(r.Nonce) != 16 {
		t.Fatalf("no nonce: %v", err)
	}
	work := must(cbor.Marshal(map[int]any{1: 2, 2: 3, 4: nonce, 5: r.Nonce, 14: v.bytes("batch")}))
	return codeOf(must(server.Serve(context.Background(), c.village.machine.Public(), work)))
}

func judgeRanges(t *testing.T, v vector) string {
	var err error
	if v.Fields["wants"] == true {
		var wants []reconcile.Want
		wants, err = reconcile.ParseWants(v.bytes("ranges"))
		for i, w := range wants {
			shows, _ := v.Fields["shows"].([]any)
			same(t, "a want", []any{map[bool]int{true: 5, false: 6}[w.All], hexed(w.Lo[:]), hexed(w.Hi[:]), len(w.Short)}, shows[i])
		}
	} else {
		_, err = reconcile.Respond(noSet{}, reconcile.Salt{}, store.EntryKey{}, store.EntryKey{}, v.bytes("ranges"), 1<<18)
	}
	if err != nil && !errors.Is(err, reconcile.ErrMalformed) {
		t.Error(err)
	}
	return whyNot(err)
}

// noSet is a set of nothing.
type noSet struct{}

func (noSet) Fingerprint(store.EntryKey, store.EntryKey) (store.Fingerprint, error) {
	return store.Fingerprint{}, nil
}

func (noSet) Entries(store.EntryKey, store.EntryKey, func(store.EntryKey) (bool, error)) error {
	return nil
}

func (noSet) EntryAt(store.EntryKey, store.EntryKey, uint64) (store.EntryKey, error) {
	return store.EntryKey{}, store.ErrNotFound
}

// judgeSession rebuilds both sides from their frames and lets the responder
// answer the last hello again: it must find nothing that differs.
func judgeSession(t *testing.T, v vector) string {
	c := newCounty()
	var nodes []*node
	for _, name := range []string{"initiator", "responder"} {
		side, _ := v.Fields[name].(map[string]any)
		set, err := parsed(stringsOf(side["operations"]), stringsOf(side["wraps"]))
		if err != nil {
			return whyNot(err)
		}
		p := map[string]*place{"initiator": c.village, "responder": c.town}[name]
		same(t, "the unit", hexed(p.id[:]), side["unit"])
		nodes = append(nodes, must(newNode(c, p, name, set)))
		defer nodes[len(nodes)-1].close()
	}
	town := nodes[1]
	var receipts [][]byte
	for _, text := range v.strings("receipts") {
		receipts = append(receipts, unhex(text))
	}
	// The township's own receipt is not taken from others: it is put where it was.
	for _, b := range receipts {
		if err := town.r.TakeReceipts(context.Background(), exchange.Peer{}, [][]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if err := town.putOwnReceipts(receipts); err != nil {
		t.Fatal(err)
	}
	messages, _ := v.Fields["messages"].([]any)
	last := stringsOf(messages[len(messages)-1])
	server := must(exchange.NewServer(town.r, town.clock, town.rand))
	answer := must(server.Serve(context.Background(), c.village.machine.Public(), unhex(last[0])))
	var r map[uint64]cbor.RawMessage
	if err := cbor.Unmarshal(answer, &r); err != nil || r[5] != nil || r[6] == nil {
		t.Errorf("the last hello is answered by %x, not in step", answer)
	}
	return "ok"
}

// putOwnReceipts keeps the receipts that the node's own machine signed.
func (n *node) putOwnReceipts(receipts [][]byte) error {
	for _, b := range receipts {
		var rc struct {
			Machine store.ID `cbor:"2,keyasint"`
			Owner   store.ID `cbor:"7,keyasint"`
		}
		if err := cbor.Unmarshal(b[:len(b)-64], &rc); err != nil {
			return err
		}
		if rc.Machine == n.r.Self().Seat {
			if err := n.s.PutFact(context.Background(), fmt.Sprintf("receipt/%x/%x", rc.Owner[:], rc.Machine[:]), b); err != nil {
				return err
			}
		}
	}
	return nil
}

// inflated gives a batch's content.
func inflated(batch []byte) ([]byte, error) {
	_, used := binary.Uvarint(batch[1:])
	content := batch[1+used:]
	if batch[0] == 0 {
		return content, nil
	}
	d, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(content, nil)
}
