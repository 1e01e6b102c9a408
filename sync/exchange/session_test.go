package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/exchange/exchangetest"
)

var errCut = errors.New("cut")

// cutting breaks at one round trip, before or after the request arrived.
type cutting struct {
	exchange.Conn
	at      int
	arrives bool
	n       int
}

func (c *cutting) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	c.n++
	if c.n-1 != c.at {
		return c.Conn.Roundtrip(ctx, request)
	}
	if c.arrives {
		_, _ = c.Conn.Roundtrip(ctx, request)
	}
	return nil, errCut
}

// large are frames of which about five fill a batch.
func large(seed uint64, n int) [][]byte {
	rnd := rand.NewChaCha8([32]byte{byte(seed), 7})
	out := make([][]byte, n)
	for i := range out {
		content := make([]byte, 200_000)
		_, _ = rnd.Read(content)
		out[i] = exchangetest.Frame(4, 0, rnd.Uint64()>>8, content)
	}
	return out
}

func TestACutAtAnyMessageLosesAtMostABatch(t *testing.T) {
	for _, arrives := range []bool{false, true} {
		for at := 0; ; at++ {
			a, b := exchangetest.Pair(1, 30)
			a.Add(large(1, 8)...)
			b.Add(large(2, 8)...)
			conn := &cutting{Conn: exchangetest.Memory(t, a, b), at: at, arrives: arrives}
			first, err := exchangetest.Meet(t.Context(), conn, a, b)
			if err == nil {
				if at < 4 {
					t.Fatalf("over after %d messages", at)
				}
				break
			}
			if !errors.Is(err, errCut) || first.InStep {
				t.Fatal(first, err)
			}
			second, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b)
			if err != nil || !second.InStep || len(a.IDs()) != 46 || !slices.Equal(a.IDs(), b.IDs()) {
				t.Fatalf("cut at %d: %+v %v", at, second, err)
			}
			// Frames that arrived are not moved again: what this side counted before
			// the cut and after it is everything, but for one batch of five that the
			// other side may have taken without its word coming back.
			if got := first.Received + second.Received; got != 8 {
				t.Fatalf("cut at %d: received %d", at, got)
			}
			if sent := first.Sent + second.Sent; sent > 8 || sent < 8-5 {
				t.Fatalf("cut at %d: sent %d", at, sent)
			}
		}
	}
}

func TestOneBadFrameBlocksNothing(t *testing.T) {
	for class := byte(1); class <= 4; class++ {
		for _, here := range []bool{true, false} {
			t.Run(fmt.Sprint(class, here), func(t *testing.T) {
				a, b := exchangetest.Pair(uint64(class), 50)
				rnd := rand.New(rand.NewPCG(uint64(class), 5))
				a.Add(exchangetest.Frames(rnd, 40, 0)...)
				b.Add(exchangetest.Frames(rnd, 40, 0)...)
				holder := a
				if here {
					holder = b
				}
				bad := holder.AddBroken(exchangetest.Frame(class, 0, 77, []byte("broken")))
				r, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b)
				if err != nil || r.InStep || r.Why == "" {
					t.Fatalf("%+v %v", r, err)
				}
				if r.RefusedCount != 1 || r.Refused[0].ID != bad || r.Refused[0].Here != here || r.Refused[0].Reason != exchange.ReasonSignature || r.Refused[0].Sentence == "" {
					t.Fatalf("%+v", r.Refused)
				}
				if len(a.IDs())+len(b.IDs()) != 2*130+1 {
					t.Fatal(len(a.IDs()), len(b.IDs()))
				}
				// It is not asked for again; good frames still pass.
				b.Add(exchangetest.Frames(rnd, 3, 0)...)
				again, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b)
				if err != nil || again.InStep || again.Received+again.WrapsReceived != 3 {
					t.Fatalf("%+v %v", again, err)
				}
				if here && again.RefusedCount != 0 {
					t.Fatalf("asked for it again: %+v", again.Refused)
				}
			})
		}
	}
}

func TestManyBadFramesCostTheSenderHisConnection(t *testing.T) {
	a, b := exchangetest.Pair(9, 10)
	for i := range 2000 {
		a.AddBroken(exchangetest.Frame(4, 0, uint64(i), []byte("broken")))
	}
	a.Add(exchangetest.Frame(1, 0, 1, []byte("good")))
	_, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b)
	if !errors.Is(err, exchange.ErrFlood) || len(b.IDs()) != 11 {
		t.Fatal(err, len(b.IDs()))
	}
}

// twisting changes responses.
type twisting struct {
	exchange.Conn
	twist func(n int, response []byte) []byte
	n     int
}

func (c *twisting) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	out, err := c.Conn.Roundtrip(ctx, request)
	c.n++
	if err != nil {
		return nil, err
	}
	return c.twist(c.n, out), nil
}

func TestLiarsEndAndSpoilNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		kind := rapid.IntRange(0, 4).Draw(rt, "kind")
		a, b := exchangetest.Pair(1, 60)
		rnd := rand.New(rand.NewPCG(seed, 3))
		a.Add(exchangetest.Frames(rnd, 30, 0)...)
		b.Add(exchangetest.Frames(rnd, 30, 0)...)
		truth := append(a.IDs(), b.IDs()...)
		var kept [][]byte
		conn := &twisting{Conn: exchangetest.Memory(t, a, b), twist: func(n int, out []byte) []byte {
			kept = append(kept, out)
			out = slices.Clone(out)
			switch kind {
			case 0: // some bits
				for range 1 + rnd.IntN(3) {
					out[rnd.IntN(len(out))] ^= 1 << rnd.IntN(8)
				}
			case 1: // cut short
				out = out[:rnd.IntN(len(out))]
			case 2: // an earlier answer again
				out = kept[rnd.IntN(len(kept))]
			case 3: // the first one for ever
				out = kept[0]
			case 4: // bits, now and then
				if rnd.IntN(3) == 0 {
					out[rnd.IntN(len(out))] ^= 1 << rnd.IntN(8)
				}
			}
			return out
		}}
		r, err := exchangetest.Meet(t.Context(), conn, a, b)
		if r.InStep && !slices.Equal(a.IDs(), b.IDs()) {
			rt.Fatalf("believes a liar: %+v", r)
		}
		if r.RoundTrips > 500 {
			rt.Fatalf("talks with a liar for ever: %d trips, %v", r.RoundTrips, err)
		}
		for _, id := range a.IDs() {
			if !slices.Contains(truth, id) {
				rt.Fatal("took what nobody made")
			}
		}
		// And with an honest road all is well, once what the twisted bytes were
		// refused for is judged again.
		a.ForgetRefusals()
		r, err = exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b)
		if err != nil || !r.InStep || !slices.Equal(a.IDs(), b.IDs()) {
			rt.Fatalf("%+v %v", r, err)
		}
	})
}

func TestAServerThatBeginsAnewIsMetAgain(t *testing.T) {
	for at := range 6 {
		a, b := exchangetest.Pair(2, 40)
		rnd := rand.New(rand.NewPCG(2, 2))
		a.Add(exchangetest.Frames(rnd, 60, 0)...)
		b.Add(exchangetest.Frames(rnd, 60, 0)...)
		n := 0
		conn := connFunc(func(ctx context.Context, request []byte) ([]byte, error) {
			if n++; n == at+1 {
				server, err := exchange.NewServer(b, b.Clock, b.Random)
				if err != nil {
					t.Fatal(err)
				}
				b.Server = server
			}
			return b.Server.Serve(ctx, a.Machine(), request)
		})
		r, err := exchangetest.Meet(t.Context(), conn, a, b)
		if err != nil || !r.InStep || !slices.Equal(a.IDs(), b.IDs()) {
			t.Fatalf("anew at %d: %+v %v", at, r, err)
		}
	}
}

type connFunc func(context.Context, []byte) ([]byte, error)

func (f connFunc) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	return f(ctx, request)
}

func TestAFullDiskIsToldAndLosesNothing(t *testing.T) {
	a, b := exchangetest.Pair(3, 10)
	rnd := rand.New(rand.NewPCG(3, 3))
	a.Add(exchangetest.Frames(rnd, 10, 0)...)
	b.FailTake(store.ErrDiskFull)
	if _, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b); !errors.Is(err, exchange.ErrPeerDisk) {
		t.Fatal(err)
	}
	b.FailTake(errors.New("a secret path"))
	_, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b)
	if !errors.Is(err, exchange.ErrPeerFailed) || strings.Contains(err.Error(), "secret") {
		t.Fatal(err)
	}
	b.FailTake(nil)
	b.Add(exchangetest.Frames(rnd, 10, 0)...)
	a.FailTake(store.ErrDiskFull)
	if _, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b); !errors.Is(err, store.ErrDiskFull) {
		t.Fatal(err)
	}
	a.FailTake(nil)
	if r, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b); err != nil || !r.InStep || len(a.IDs()) != 30 {
		t.Fatal(r, err)
	}
}

func TestVersionsSayWhichProgramIsOld(t *testing.T) {
	a, b := exchangetest.Pair(4, 3)
	for _, theirs := range []uint{3, 90} {
		conn := connFunc(func(context.Context, []byte) ([]byte, error) {
			return cbor.Marshal(map[int]any{1: theirs, 2: 2, 50: "something new"})
		})
		_, err := exchangetest.Meet(t.Context(), conn, a, b)
		var version *exchange.VersionError
		if !errors.As(err, &version) || version.Theirs != theirs || !strings.Contains(err.Error(), "update this program") {
			t.Fatal(err)
		}
	}
	// A caller of a newer program is told this one's version, and can say the same.
	message, _ := cbor.Marshal(map[int]any{1: 3, 2: 1, 3: "another form"})
	out, err := b.Server.Serve(t.Context(), a.Machine(), message)
	var answer map[int]any
	if err != nil || cbor.Unmarshal(out, &answer) != nil || answer[1] != uint64(exchange.Version) || answer[2] != uint64(2) {
		t.Fatal(answer, err)
	}
	if e := (&exchange.VersionError{Ours: 2, Theirs: 1}); !strings.Contains(e.Error(), "its program must be updated") {
		t.Fatal(e)
	}
}

func TestEveryMessageCarriesAKeyThatMeansNothing(t *testing.T) {
	a, b := exchangetest.Pair(5, 20)
	b.Add(exchangetest.Frames(rand.New(rand.NewPCG(5, 5)), 5, 0)...)
	check := func(message []byte) {
		var m map[int]any
		if err := cbor.Unmarshal(message, &m); err != nil {
			t.Fatal(err)
		}
		for k := range m {
			if k >= 128 && k < 228 {
				return
			}
		}
		t.Fatal("no such key", m)
	}
	conn := connFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		check(request)
		out, err := b.Server.Serve(ctx, a.Machine(), request)
		check(out)
		return out, err
	})
	if r, err := exchangetest.Meet(t.Context(), conn, a, b); err != nil || !r.InStep {
		t.Fatal(r, err)
	}
}

func TestAnAuditFindsAndHealsAForgedSum(t *testing.T) {
	a, b := exchangetest.Pair(6, 100)
	b.Add(exchangetest.Frame(4, 0, 9, []byte("a real difference, so that data move")))
	var x, y store.ID
	x[0], y[0], x[31], y[31] = 10, 20, 3, 5
	fx, fy := exchangetest.Frame(4, 0, 1, []byte("x")), exchangetest.Frame(4, 0, 2, []byte("y"))
	a.AddAs(x, fx)
	a.AddAs(y, fy)
	x[31], y[31] = y[31], x[31] // the sum stays
	b.AddAs(x, exchangetest.Frame(4, 0, 1, []byte("forged x")))
	b.AddAs(y, exchangetest.Frame(4, 0, 2, []byte("forged y")))
	r, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b)
	if err != nil || r.Received < 3 || r.Sent < 2 {
		t.Fatalf("the forgery stays hidden: %+v %v", r, err)
	}
}

func TestARevokedPeerIsLeftInTheMiddle(t *testing.T) {
	a, b := exchangetest.Pair(7, 40)
	b.Add(large(3, 12)...)
	a.HideIntroduction()
	n := 0
	conn := connFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		if n++; n == 4 {
			b.Forgets(a.Machine())
		}
		return b.Server.Serve(ctx, a.Machine(), request)
	})
	if _, err := exchangetest.Meet(t.Context(), conn, a, b); !errors.Is(err, exchange.ErrStranger) {
		t.Fatal(err)
	}
}

func TestBothMustKnowEachOther(t *testing.T) {
	a, b := exchangetest.NewNode(1), exchangetest.NewNode(2)
	if r, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, b), a, b); err != nil || !r.InStep {
		t.Fatal("introductions should suffice:", r, err)
	}
	c := exchangetest.NewNode(3)
	c.HideIntroduction()
	if _, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, c), a, c); !errors.Is(err, exchange.ErrNotEnrolled) {
		t.Fatal(err)
	}
	if _, err := exchangetest.Meet(t.Context(), exchangetest.Memory(t, a, a), a, a); !errors.Is(err, exchange.ErrSelf) {
		t.Fatal(err)
	}
	if len(a.Meetings()) != 1 {
		t.Fatal("meetings noted:", len(a.Meetings()))
	}
}
