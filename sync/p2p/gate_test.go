package p2p

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/libp2p/go-libp2p/core/peer"

	"hejie/store"
	"hejie/sync/exchange"
)

// station opens a host that knows the given machines and answers every message
// with its length.
func station(t *testing.T, seed byte, listen string, knows ...store.ID) *Host {
	t.Helper()
	cfg := Config{
		Key:  ed25519.NewKeyFromSeed(append(make([]byte, 31), seed)),
		Tree: store.ID{1, 2, 3},
		Serve: func(_ context.Context, _ store.ID, message []byte) ([]byte, error) {
			return binary.BigEndian.AppendUint32(nil, uint32(len(message))), nil
		},
		Member: func(machine store.ID) (store.ID, bool) {
			for _, k := range knows {
				if k == machine {
					return store.ID{9}, true
				}
			}
			return store.ID{}, false
		},
	}
	if listen != "" {
		cfg.Listen = []string{listen}
	}
	h, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

const loopback = "/ip4/127.0.0.1/tcp/0"

func machine(seed byte) store.ID {
	return store.ID(ed25519.NewKeyFromSeed(append(make([]byte, 31), seed)).Public().(ed25519.PublicKey))
}

func TestAStrangersMessageIsBounded(t *testing.T) {
	server := station(t, 1, loopback, machine(3))
	for seed, limit := range map[byte]int{2: exchange.MaxStranger, 3: exchange.MaxMessage} {
		conn, err := station(t, seed, "").Dial(t.Context(), server.Addrs()[0])
		if err != nil {
			t.Fatal(err)
		}
		out, err := conn.Roundtrip(t.Context(), make([]byte, limit))
		if err != nil || int(binary.BigEndian.Uint32(out)) != limit {
			t.Fatal(seed, out, err)
		}
		if err := conn.w.write(binary.BigEndian.AppendUint32(nil, 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.w.read(100, silence); err != nil {
			t.Fatal(err)
		}
		if limit == exchange.MaxStranger {
			if _, err = conn.Roundtrip(t.Context(), make([]byte, limit+1)); !errors.Is(err, ErrClosed) {
				t.Fatal("a stranger's long message was taken:", err)
			}
		}
	}
}

func TestAClaimedLengthMakesNoRoom(t *testing.T) {
	server := station(t, 1, loopback, machine(2))
	conn, err := station(t, 2, "").Dial(t.Context(), server.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.w.stream.Write([]byte{0xff, 0xff, 0xff, 0xff}); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.w.stream.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Fatal("the stream should be reset:", err)
	}
}

func TestFewStrangersAtOnce(t *testing.T) {
	known := machine(100)
	server := station(t, 1, loopback, known)
	reached := 0
	for i := range maxStrangers + 4 {
		conn, err := station(t, byte(10+i), "").Dial(t.Context(), server.Addrs()[0])
		if err != nil {
			continue
		}
		if _, err := conn.Roundtrip(t.Context(), []byte("hello")); err == nil {
			reached++
		}
	}
	if reached == 0 || reached > maxStrangers {
		t.Fatalf("%d strangers were listened to", reached)
	}
	conn, err := station(t, 100, "").Dial(t.Context(), server.Addrs()[0])
	if err != nil {
		t.Fatal("an enrolled station finds no room:", err)
	}
	if _, err := conn.Roundtrip(t.Context(), []byte("hello")); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyWhomThisStationCallsIsDialled(t *testing.T) {
	server, client := station(t, 1, loopback, machine(2)), station(t, 2, "", machine(1))
	info, err := parse(server.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := client.host.Connect(t.Context(), *info); err == nil {
		t.Fatal("libp2p dialled on its own")
	}
	if _, err := client.Dial(t.Context(), server.Addrs()[0]); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherKeyAtAnAddressIsNotTaken(t *testing.T) {
	server, client := station(t, 1, loopback, machine(2)), station(t, 2, "")
	other := station(t, 3, "")
	addr := server.host.Addrs()[0].String() + "/p2p/" + other.host.ID().String()
	if _, err := client.Dial(t.Context(), addr); !errors.Is(err, ErrUnreachable) {
		t.Fatal(err)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	h := station(t, 1, "")
	for _, addr := range []string{"", "x", "/ip4/127.0.0.1/tcp/1", "https://127.0.0.1", "/ip4/127.0.0.1/tcp/1/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"} {
		if _, err := h.Dial(t.Context(), addr); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", addr, err)
		}
	}
	if m, err := MachineOf("/ip4/127.0.0.1/tcp/1/p2p/" + h.host.ID().String()); err != nil || m != machine(1) {
		t.Fatal(m, err)
	}
}

func TestOnlyEnrolledStationsAreFoundNearby(t *testing.T) {
	h := station(t, 1, "", machine(2))
	for seed := byte(1); seed < 4; seed++ {
		o := station(t, seed, loopback)
		h.note(peer.AddrInfo{ID: o.host.ID(), Addrs: o.host.Addrs()})
	}
	near := h.Near()
	if len(near) != 1 || near[0].Machine != machine(2) || near[0].Unit != (store.ID{9}) || len(near[0].Addrs) == 0 {
		t.Fatalf("%+v", near)
	}
	if m, err := MachineOf(near[0].Addrs[0]); err != nil || m != machine(2) {
		t.Fatal(m, err)
	}
}

func TestAStationFoundNearbyIsDialledByItsKey(t *testing.T) {
	server, client := station(t, 1, loopback, machine(2)), station(t, 2, "", machine(1))
	if _, err := client.DialNear(t.Context(), machine(1)); !errors.Is(err, ErrUnreachable) {
		t.Fatal(err)
	}
	client.note(peer.AddrInfo{ID: server.host.ID(), Addrs: server.host.Addrs()})
	conn, err := client.DialNear(t.Context(), machine(1))
	if err != nil || conn.Machine() != machine(1) {
		t.Fatal(err)
	}
}

func TestAServerThatClosesIsTold(t *testing.T) {
	server, client := station(t, 1, loopback, machine(2)), station(t, 2, "")
	conn, err := client.Dial(t.Context(), server.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Roundtrip(t.Context(), []byte("hello")); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
}

func TestTheNameOnTheLocalNetworkIsKeyed(t *testing.T) {
	tree := store.ID{0xab, 0xcd, 0xef, 0x01, 0x23}
	name := serviceName(tree)
	if name != serviceName(tree) || name == serviceName(store.ID{0xab, 0xcd, 0xef, 0x01, 0x24}) {
		t.Fatal("stations of one tree do not find each other by", name)
	}
	if strings.Contains(name, "abcdef01") || len(strings.TrimSuffix(name, "._udp")) > 16 {
		t.Fatal("it tells the tree, or is too long for DNS-SD:", name)
	}
}
