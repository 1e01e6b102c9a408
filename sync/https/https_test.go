package https_test

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/exchange/exchangetest"
	"hejie/sync/https"
	"hejie/sync/rooms"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// config shows a self-signed certificate of the node's machine key and takes
// whom take allows; the real rules are sync/identity's, tested there.
func config(t *testing.T, key ed25519.PrivateKey, take func(store.ID) bool) *tls.Config {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(946684800, 0), NotAfter: time.Unix(253402300799, 0)}
	der, err := x509.CreateCertificate(zeros{}, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		Certificates:       []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		ClientAuth:         tls.RequireAnyClientCert,
		InsecureSkipVerify: true,
		NextProtos:         []string{"h2", "http/1.1"},
		VerifyConnection: func(s tls.ConnectionState) error {
			pub, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
			if !ok || !take(store.ID(pub)) {
				return errors.New("not taken")
			}
			return nil
		},
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func anyone(store.ID) bool { return true }

// listen runs a node's server and returns its address.
func listen(t *testing.T, n *exchangetest.Node, take func(store.ID) bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := https.NewServer(https.ServerConfig{TLS: config(t, n.Key, take), Serve: n.Server.Serve, Member: n.Member})
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := errors.Join(server.Close(ctx), <-done); err != nil {
			t.Error(err)
		}
	})
	return "https://" + listener.Addr().String()
}

func dial(t *testing.T, caller *exchangetest.Node, address string) *https.Conn {
	t.Helper()
	conn, err := https.Dial(t.Context(), config(t, caller.Key, anyone), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestHTTPS(t *testing.T) {
	exchangetest.Run(t, func(t *testing.T, caller, listener *exchangetest.Node) exchange.Conn {
		conn := dial(t, caller, listen(t, listener, anyone))
		if conn.Machine() != listener.Machine() {
			t.Fatal("the connection proves another machine")
		}
		return conn
	})
}

func TestWhoIsNotTakenIsToldAtOnce(t *testing.T) {
	a, b := exchangetest.Pair(1, 1)
	address := listen(t, b, func(store.ID) bool { return false })
	_, err := https.Dial(t.Context(), config(t, a.Key, anyone), address)
	if !errors.Is(err, https.ErrNotTaken) {
		t.Fatal(err)
	}
	address = listen(t, b, anyone)
	_, err = https.Dial(t.Context(), config(t, a.Key, func(store.ID) bool { return false }), address)
	if !errors.Is(err, https.ErrUnreachable) {
		t.Fatal(err)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	a := exchangetest.NewNode(1)
	for _, address := range []string{"", "http://127.0.0.1:1", "https://", "https://user@127.0.0.1:1", "https://127.0.0.1:1/else", "https://127.0.0.1:1?x=y", "ftp://x", "%zz"} {
		if _, err := https.Dial(t.Context(), config(t, a.Key, anyone), address); !errors.Is(err, https.ErrAddress) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// flaky breaks each connection's first use, as a bad network does.
type flaky struct {
	net.Listener
	left int
}

func (f *flaky) Accept() (net.Conn, error) {
	c, err := f.Listener.Accept()
	if err == nil && f.left > 0 {
		f.left--
		_ = c.Close()
	}
	return c, err
}

func TestABrokenConnectionIsTriedAgain(t *testing.T) {
	a, b := exchangetest.Pair(3, 30)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := https.NewServer(https.ServerConfig{TLS: config(t, b.Key, anyone), Serve: b.Server.Serve, Member: b.Member})
	done := make(chan error, 1)
	go func() { done <- server.Serve(&flaky{listener, 1}) }()
	conn := dial(t, a, "https://"+listener.Addr().String())
	if r, err := exchangetest.Meet(t.Context(), conn, a, b); err != nil || !r.InStep {
		t.Fatal(r, err)
	}
	if err := errors.Join(conn.Close(), server.Close(t.Context()), <-done); err != nil {
		t.Fatal(err)
	}
}

// TestStrangersTakeNoMembersPlace holds that callers who say nothing, whatever
// they proved, keep no station from being met.
func TestStrangersTakeNoMembersPlace(t *testing.T) {
	a, b := exchangetest.Pair(3, 30)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	few := rooms.Limits{Hall: 16, Callers: 2}
	server := https.NewServer(https.ServerConfig{TLS: config(t, b.Key, anyone), Serve: b.Server.Serve, Member: b.Member, Rooms: few})
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	address := listener.Addr().String()
	for seed := range byte(few.Hall) {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if seed%2 == 0 {
			continue // says nothing
		}
		key := ed25519.NewKeyFromSeed(append(make([]byte, 31), 100+seed))
		stranger := tls.Client(c, config(t, key, anyone))
		if err := stranger.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	conn := dial(t, a, "https://"+address)
	if r, err := exchangetest.Meet(t.Context(), conn, a, b); err != nil || !r.InStep {
		t.Fatal(r, err)
	}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	if err := errors.Join(conn.Close(), server.Close(cut), <-done); err != nil {
		t.Fatal(err)
	}
}

func TestHTTP2IsSpoken(t *testing.T) {
	a, b := exchangetest.Pair(3, 3)
	plain := config(t, a.Key, anyone)
	plain.NextProtos = nil
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: plain, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	response, err := client.Head(listen(t, b, anyone) + https.Path)
	if err == nil {
		_ = response.Body.Close() // a HEAD has none
	}
	if err != nil || response.ProtoMajor != 2 || response.StatusCode != http.StatusNoContent {
		t.Fatal(response, err)
	}
}
