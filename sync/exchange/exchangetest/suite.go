package exchangetest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"hejie/store"
	"hejie/sync/exchange"
)

// Road connects a caller to a listener whose Server it runs, each known to the
// other by its machine key. What it opens it closes by t.Cleanup.
type Road func(t *testing.T, caller, listener *Node) exchange.Conn

// Memory is the road without a network: bytes are handed over.
func Memory(_ *testing.T, caller, listener *Node) exchange.Conn {
	return &Direct{From: caller.Machine(), Server: listener.Server}
}

// ErrClosed is returned by Direct after the server closed it.
var ErrClosed = errors.New("the connection was closed")

// Direct hands requests to a server in this process.
type Direct struct {
	From   store.ID
	Server *exchange.Server
	closed bool
}

// Roundtrip implements exchange.Conn.
func (d *Direct) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	if d.closed {
		return nil, ErrClosed
	}
	out, err := d.Server.Serve(ctx, d.From, slices.Clone(request))
	d.closed = err != nil
	if out != nil {
		return out, nil
	}
	return nil, err
}

// Pair makes two nodes that know each other and share n frames of all classes.
func Pair(seed uint64, n int) (a, b *Node) {
	a, b = NewNode(seed*2), NewNode(seed*2+1)
	a.Knows(b)
	b.Knows(a)
	rnd := rand.New(rand.NewPCG(seed, 1))
	frames := Frames(rnd, n, 0)
	a.Add(frames...)
	b.Add(frames...)
	return a, b
}

// Frames makes n random frames of all classes.
func Frames(rnd *rand.Rand, n int, scope byte) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		content := make([]byte, 40+rnd.IntN(400))
		for j := 0; j+8 <= len(content); j += 8 {
			binary.BigEndian.PutUint64(content[j:], rnd.Uint64())
		}
		out[i] = Frame(byte(1+rnd.IntN(4)), scope, rnd.Uint64N(1<<58), content)
	}
	return out
}

// Meet runs one session from a to b.
func Meet(ctx context.Context, conn exchange.Conn, a, b *Node) (exchange.Report, error) {
	return exchange.Run(ctx, conn, a, b.Machine(), a.Clock, a.Random)
}

// Run is the suite that every road passes.
func Run(t *testing.T, road Road) {
	t.Run("equal sets take one round trip and at most 200 bytes", func(t *testing.T) {
		a, b := Pair(1, 300)
		conn := road(t, a, b)
		mustMeet(t, conn, a, b) // receipts
		r := mustMeet(t, conn, a, b)
		if !r.InStep || r.RoundTrips != 1 || r.BytesSent+r.BytesReceived > 200 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("both sides come to hold the same", func(t *testing.T) { testBoth(t, road) })
	t.Run("the largest frame passes", func(t *testing.T) {
		a, b := Pair(3, 10)
		a.Add(Frame(4, 0, 5, make([]byte, store.MaxFrame-42)))
		b.Add(Frame(4, 0, 6, make([]byte, store.MaxFrame-42)), Frame(4, 0, 7, incompressible(store.MaxFrame-42)))
		if r := mustMeet(t, road(t, a, b), a, b); !r.InStep || r.Sent != 1 || r.Received != 2 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a caller unknown to the other introduces itself", func(t *testing.T) {
		a, b := NewNode(41), NewNode(42)
		a.Knows(b)
		b.Add(Frames(rand.New(rand.NewPCG(4, 4)), 20, 0)...)
		if r := mustMeet(t, road(t, a, b), a, b); !r.InStep || len(a.IDs()) != 20 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a caller that nothing admits is not spoken to", func(t *testing.T) {
		a, b := NewNode(43), NewNode(44)
		a.Knows(b)
		a.HideIntroduction()
		b.Add(Frames(rand.New(rand.NewPCG(4, 4)), 20, 0)...)
		_, err := Meet(t.Context(), road(t, a, b), a, b)
		if !errors.Is(err, exchange.ErrStranger) || len(a.IDs()) != 0 {
			t.Fatal(err)
		}
	})
	t.Run("another tree is told", func(t *testing.T) {
		a, b := Pair(5, 5)
		a.MoveTo(store.ID{1})
		if _, err := Meet(t.Context(), road(t, a, b), a, b); !errors.Is(err, exchange.ErrOtherTree) {
			t.Fatal(err)
		}
	})
	t.Run("a message over the limit is not carried", func(t *testing.T) {
		a, b := Pair(6, 5)
		conn := road(t, a, b)
		if out, err := conn.Roundtrip(t.Context(), make([]byte, exchange.MaxMessage+1)); err == nil && len(out) > 200 {
			t.Fatalf("answered with %d bytes", len(out))
		}
		mustMeet(t, road(t, a, b), a, b)
	})
	t.Run("a flood costs the connection and no other's", func(t *testing.T) { testFlood(t, road) })
	t.Run("a cancelled context ends the wait", func(t *testing.T) {
		a, b := Pair(8, 5)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Meet(ctx, road(t, a, b), a, b); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
	t.Run("cargo is handed on both ways, once, and keeps nobody out of step", func(t *testing.T) { testCargo(t, road) })
	t.Run("several sessions at once", func(t *testing.T) { testConcurrent(t, road) })
}

func incompressible(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{9}).Read(out)
	return out
}

func mustMeet(t *testing.T, conn exchange.Conn, a, b *Node) exchange.Report {
	t.Helper()
	r, err := Meet(t.Context(), conn, a, b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func testBoth(t *testing.T, road Road) {
	for i, d := range [][3]int{{0, 0, 5}, {0, 700, 0}, {500, 1, 0}, {800, 7, 9}, {900, 300, 0}, {100, 400, 600}} {
		t.Run(fmt.Sprint(d), func(t *testing.T) {
			a, b := Pair(uint64(20+i), d[0])
			rnd := rand.New(rand.NewPCG(uint64(i), 2))
			a.Add(Frames(rnd, d[1], 0)...)
			b.Add(Frames(rnd, d[2], 0)...)
			r := mustMeet(t, road(t, a, b), a, b)
			if !r.InStep || !slices.Equal(a.IDs(), b.IDs()) || len(a.IDs()) != d[0]+d[1]+d[2] {
				t.Fatalf("%+v", r)
			}
			if r.Sent+r.WrapsSent != d[1] || r.Received+r.WrapsReceived != d[2] {
				t.Fatalf("%+v", r)
			}
		})
	}
}

func testFlood(t *testing.T, road Road) {
	a, b := Pair(7, 5)
	conn := road(t, a, b)
	closed := false
	for range 200 {
		out, err := conn.Roundtrip(t.Context(), []byte("not a message of the exchange"))
		if err != nil {
			closed = true
			break
		}
		if len(out) > 64 {
			t.Fatalf("answered rubbish with %d bytes", len(out))
		}
	}
	if !closed {
		_, err := Meet(t.Context(), conn, a, b)
		closed = err != nil
	}
	if !closed {
		t.Fatal("a flood of rubbish is answered for ever")
	}
	c := NewNode(77)
	c.Knows(b)
	b.Knows(c)
	mustMeet(t, road(t, c, b), c, b)
}

func testCargo(t *testing.T, road Road) {
	a, b := Pair(9, 5)
	c := NewNode(99)
	c.Knows(b)
	b.Knows(c)
	origin := exchange.Peer{Machine: store.ID{1}, Unit: store.ID{2}}
	carry := func(n *Node, name string) {
		w := exchange.Wire{Kind: store.KindOperation, Bytes: Frame(LaterClass, 0, 1, []byte(name))}
		if v, err := n.Take(t.Context(), origin, []exchange.Wire{w}); err != nil || v[0].Outcome != exchange.AsCargo {
			t.Fatal(v, err)
		}
	}
	carry(a, "what a carries")
	carry(b, "what b carries")
	if r := mustMeet(t, road(t, a, b), a, b); !r.InStep || r.Newer != 2 || len(a.Carries()) != 2 || len(b.Carries()) != 2 {
		t.Fatalf("%+v", r)
	}
	mustMeet(t, road(t, a, b), a, b)
	if r := mustMeet(t, road(t, a, b), a, b); r.RoundTrips != 1 || !r.InStep {
		t.Fatalf("cargo is given again: %+v", r)
	}
	if r := mustMeet(t, road(t, c, b), c, b); !r.InStep || len(c.Carries()) != 2 {
		t.Fatalf("cargo is not handed on: %+v", r)
	}
}

func testConcurrent(t *testing.T, road Road) {
	hub := NewNode(90)
	var nodes []*Node
	for i := range 4 {
		n := NewNode(uint64(91 + i))
		n.Knows(hub)
		hub.Knows(n)
		n.Add(Frames(rand.New(rand.NewPCG(uint64(i), 9)), 60, 0)...)
		nodes = append(nodes, n)
	}
	var wg sync.WaitGroup
	for _, n := range nodes {
		conn := road(t, n, hub)
		wg.Go(func() {
			if _, err := Meet(t.Context(), conn, n, hub); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, n := range nodes {
		mustMeet(t, road(t, n, hub), n, hub)
	}
	for _, n := range nodes {
		mustMeet(t, road(t, n, hub), n, hub)
		if !slices.Equal(n.IDs(), hub.IDs()) {
			t.Fatal("the nodes differ")
		}
	}
	if len(hub.IDs()) != 240 {
		t.Fatal(len(hub.IDs()))
	}
}
