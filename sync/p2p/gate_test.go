package p2p

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/libp2p/go-libp2p/core/peer"
	manet "github.com/multiformats/go-multiaddr/net"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/rooms"
)

// config is a host that knows nobody and answers every message with its length.
func config(seed byte, listen ...string) Config {
	return Config{
		Key:    ed25519.NewKeyFromSeed(append(make([]byte, 31), seed)),
		Tree:   store.ID{1, 2, 3},
		Listen: listen,
		Serve: func(_ context.Context, _ store.ID, message []byte) ([]byte, error) {
			return binary.BigEndian.AppendUint32(nil, uint32(len(message))), nil
		},
		Member: func(store.ID) (store.ID, bool) { return store.ID{}, false },
	}
}

// station opens a host that knows the given machines.
func station(t *testing.T, seed byte, listen string, knows ...store.ID) *Host {
	t.Helper()
	return stationWith(t, seed, listen, rooms.Limits{}, knows...)
}

func stationWith(t *testing.T, seed byte, listen string, limits rooms.Limits, knows ...store.ID) *Host {
	t.Helper()
	cfg := config(seed)
	cfg.Rooms = limits
	cfg.Member = func(machine store.ID) (store.ID, bool) {
		return store.ID{9}, slices.Contains(knows, machine)
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

// TestStrangersTakeNoMembersPlace holds that callers who say nothing, whatever
// they proved and by whichever road, keep no station from being met, and that a
// unit that nobody knows yet has its turn.
func TestStrangersTakeNoMembersPlace(t *testing.T) {
	for _, road := range []string{loopback, "/ip4/127.0.0.1/udp/0/quic-v1"} {
		few := rooms.Limits{Hall: 12, Callers: 3}
		server := stationWith(t, 1, road, few, machine(100))
		addr := server.Addrs()[0]
		if road == loopback {
			_, at, err := manet.DialArgs(server.host.Addrs()[0])
			if err != nil {
				t.Fatal(err)
			}
			for range few.Hall {
				c, err := net.Dial("tcp", at)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
			}
		}
		for i := range few.Callers + 2 {
			if conn, err := station(t, byte(10+i), "").Dial(t.Context(), addr); err == nil {
				defer conn.Close() // has proved an unknown key, opened a stream and says nothing
			}
		}
		conn, err := station(t, 100, "").Dial(t.Context(), addr)
		if err != nil {
			t.Fatal(road, "an enrolled station finds no room:", err)
		}
		if _, err := conn.Roundtrip(t.Context(), []byte("hello")); err != nil {
			t.Fatal(road, err)
		}
	}
}

// TestAStrangerWhoseKeyBecomesKnownStays holds that an introduction moves a caller
// among the members.
func TestAStrangerWhoseKeyBecomesKnownStays(t *testing.T) {
	var known atomic.Bool
	server := stationWith(t, 1, loopback, rooms.Limits{}, machine(100))
	server.gate.member = func(store.ID) (store.ID, bool) { return store.ID{9}, known.Load() }
	conn, err := station(t, 2, "").Dial(t.Context(), server.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{false, true} {
		known.Store(want)
		if _, err := conn.Roundtrip(t.Context(), []byte("hello")); err != nil {
			t.Fatal(err)
		}
	}
	// The next request's bounds were chosen before the answer came; one more shows.
	if _, err := conn.Roundtrip(t.Context(), []byte("hello")); err != nil {
		t.Fatal(err)
	}
	for _, c := range server.host.Network().Conns() {
		if v := server.gate.visitor(c); v == nil || !v.guest.IsMember() {
			t.Error("still a stranger")
		}
	}
}

// TestAtEveryAddressOrAtNone holds that one address in use is an error that names
// it, whatever else could be listened at, and that nothing stays half open.
func TestAtEveryAddressOrAtNone(t *testing.T) {
	taken := station(t, 1, loopback).host.Addrs()[0].String()
	takenQUIC := station(t, 2, "/ip4/127.0.0.1/udp/0/quic-v1").host.Addrs()[0].String()
	for _, bad := range []string{taken, takenQUIC, "/ip4/127.0.0.1/tcp/0/ws", "nothing"} {
		for _, listen := range [][]string{{loopback, bad}, {bad, loopback}} {
			h, err := New(config(3, listen...))
			var at *ListenError
			if !errors.As(err, &at) || at.Address != bad {
				t.Errorf("%v: %v", listen, err)
			}
			if h != nil {
				t.Error("a host comes with an error")
			}
		}
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

func TestWhatListensOnLoopbackAloneIsNotAnnounced(t *testing.T) {
	for _, one := range []struct {
		listen string
		want   bool
	}{{loopback, false}, {"/ip4/0.0.0.0/tcp/0", true}} {
		h := station(t, 1, one.listen)
		if err := h.Announce(); err != nil {
			t.Fatal(err)
		}
		if announced := h.near.service != nil; announced != one.want {
			t.Errorf("%s: announced %v", one.listen, announced)
		}
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
