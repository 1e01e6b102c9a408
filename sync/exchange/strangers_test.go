package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"hejie/sync/exchange"
	"hejie/sync/exchange/exchangetest"
)

// ask sends a message of numbered keys and gives the answer's.
func ask(t *testing.T, b *exchangetest.Node, from *exchangetest.Node, message map[int]any) map[int]any {
	t.Helper()
	m, err := cbor.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.Server.Serve(t.Context(), from.Machine(), m)
	var answer map[int]any
	if err != nil || cbor.Unmarshal(out, &answer) != nil {
		t.Fatal(err)
	}
	return answer
}

func TestAStrangerLearnsNoNames(t *testing.T) {
	b, stranger := exchangetest.NewNode(1), exchangetest.NewNode(2)
	nonce := make([]byte, 16)
	for _, kind := range []int{1, 2} {
		for _, frames := range [][][]byte{nil, {[]byte("what admits nobody")}} {
			m := map[int]any{1: 2, 2: kind, 3: exchangetest.Tree[:8], 4: nonce}
			if frames != nil {
				m[11] = frames
			}
			answer := ask(t, b, stranger, m)
			if answer[2] != uint64(3) || answer[11] != nil || len(answer) != 4 {
				t.Fatalf("kind %d: %v", kind, answer)
			}
		}
	}
}

func TestNothingIsToldToWhoDoesNotBelongToTheTree(t *testing.T) {
	a, b, false1 := exchangetest.NewNode(1), exchangetest.NewNode(2), exchangetest.NewNode(3)
	told := 0
	conn := connFunc(func(_ context.Context, request []byte) ([]byte, error) {
		told++
		unit := b.Unit()
		if bytes.Contains(request, a.Introduction()[0]) || bytes.Contains(request, unit[:]) {
			t.Fatal("a name was told")
		}
		return cbor.Marshal(map[int]any{1: 2, 2: 3, 6: make([]byte, 16)})
	})
	_, err := exchange.Run(t.Context(), conn, a, false1.Machine(), a.Clock, a.Random)
	if !errors.Is(err, exchange.ErrUnproven) || told != 1 {
		t.Fatal(err, told)
	}
	// Nor to one that hands the question on to a station of the tree: the proof is
	// for whom the road proved.
	conn = connFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		return b.Server.Serve(ctx, false1.Machine(), request)
	})
	if _, err := exchange.Run(t.Context(), conn, a, false1.Machine(), a.Clock, a.Random); !errors.Is(err, exchange.ErrUnproven) {
		t.Fatal(err)
	}
	// A station that knows the caller tells it who it is.
	b.Knows(a)
	if r, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b); err != nil || !r.InStep {
		t.Fatal(r, err)
	}
}

func TestVersionsAreSettledByHello(t *testing.T) {
	a, b := exchangetest.Pair(4, 3)
	hello := func(least, most int) map[int]any {
		m := map[int]any{1: least, 2: 1, 3: exchangetest.Tree[:8], 4: make([]byte, 16), 6: make([]byte, 16), 7: make([]byte, 16), 8: make([]byte, 16)}
		if most != 0 {
			m[23] = most
		}
		return m
	}
	for _, x := range []struct {
		least, most int
		code        any
	}{{2, 0, nil}, {2, 2, nil}, {2, 3, nil}, {1, 2, nil}, {1, 90, nil}, {1, 0, uint64(2)}, {3, 0, uint64(2)}, {3, 4, uint64(2)}, {3, 2, uint64(4)}, {0, 2, uint64(4)}} {
		answer := ask(t, b, a, hello(x.least, x.most))
		if answer[1] != uint64(2) || answer[2] != x.code {
			t.Errorf("%d to %d: %v", x.least, x.most, answer)
		}
	}
}

func TestKeysOfMessagesHaveTheirRanges(t *testing.T) {
	a, b := exchangetest.Pair(4, 3)
	hello := func() map[any]any {
		return map[any]any{1: 2, 2: 1, 3: exchangetest.Tree[:8], 4: make([]byte, 16), 6: make([]byte, 16), 7: make([]byte, 16), 8: make([]byte, 16)}
	}
	code := func(key any) any {
		m := hello()
		m[key] = 1.5
		message, err := cbor.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		out, err := b.Server.Serve(t.Context(), a.Machine(), message)
		var answer map[int]any
		if err != nil || cbor.Unmarshal(out, &answer) != nil {
			t.Fatal(err)
		}
		return answer[2]
	}
	for key, want := range map[any]any{26: uint64(2), 63: uint64(2), 64: uint64(2), 99: uint64(2), 127: uint64(2), 128: nil, 227: nil, 228: nil, 1 << 40: nil, "text": uint64(4), -1: uint64(4)} {
		if got := code(key); got != want {
			t.Errorf("key %v: code %v, wanted %v", key, got, want)
		}
	}
	// What is newer costs its sender nothing: a hundred of them, and it is heard.
	for range 100 {
		code(99)
	}
	if got := code(128); got != nil {
		t.Fatal(got)
	}
	// An answer with such a key ends the session with who has to be updated.
	for key, want := range map[int]error{26: exchange.ErrNewerMessage, 127: exchange.ErrNewerMessage} {
		conn := connFunc(func(context.Context, []byte) ([]byte, error) {
			return cbor.Marshal(map[int]any{1: 2, 4: make([]byte, 16), 5: 1, key: true})
		})
		if _, err := exchangetest.Meet(t.Context(), conn, a, b); !errors.Is(err, want) {
			t.Errorf("key %d: %v", key, err)
		}
	}
}
