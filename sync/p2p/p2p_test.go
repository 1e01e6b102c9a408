package p2p_test

import (
	"testing"

	"go.uber.org/goleak"

	"hejie/sync/exchange"
	"hejie/sync/exchange/exchangetest"
	"hejie/sync/p2p"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, n *exchangetest.Node, listen ...string) *p2p.Host {
	t.Helper()
	h, err := p2p.New(p2p.Config{Key: n.Key, Tree: exchangetest.Tree, Listen: listen, Serve: n.Server.Serve, Member: n.Member})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func road(listen string) exchangetest.Road {
	return func(t *testing.T, caller, listener *exchangetest.Node) exchange.Conn {
		t.Helper()
		server, client := open(t, listener, listen), open(t, caller)
		conn, err := client.Dial(t.Context(), server.Addrs()[0])
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if conn.Machine() != listener.Machine() {
			t.Fatal("the connection proves another machine")
		}
		return conn
	}
}

func TestTCP(t *testing.T)  { exchangetest.Run(t, road("/ip4/127.0.0.1/tcp/0")) }
func TestQUIC(t *testing.T) { exchangetest.Run(t, road("/ip4/127.0.0.1/udp/0/quic-v1")) }
