package exchange_test

import (
	"context"
	"errors"
	"testing"

	"hejie/sync/exchange"
	"hejie/sync/exchange/exchangetest"
)

// FuzzServe sends anything to a server: it answers within its bounds, and what
// it holds stays what it was.
func FuzzServe(f *testing.F) {
	a, b := exchangetest.Pair(1, 60)
	a.Add(exchangetest.Frame(4, 0, 1, []byte("news")))
	record := connFunc(func(ctx context.Context, request []byte) ([]byte, error) {
		f.Add(request)
		return b.Server.Serve(ctx, a.Machine(), request)
	})
	if _, err := exchangetest.Meet(f.Context(), record, a, b); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{0xa2, 0x01, 0x01, 0x0d, 0x5b, 0, 0, 0, 0, 0x3b, 0x9a, 0xca, 0})
	f.Fuzz(func(t *testing.T, message []byte) {
		_, node := exchangetest.Pair(1, 60)
		out, err := node.Server.Serve(t.Context(), a.Machine(), message)
		if err != nil && !errors.Is(err, exchange.ErrFlood) {
			t.Fatal(err)
		}
		if len(out) == 0 || len(out) > exchange.MaxMessage {
			t.Fatalf("answered with %d bytes", len(out))
		}
	})
}
