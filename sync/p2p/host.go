// Package p2p carries exchange messages between stations over libp2p.
//
// It is for QUIC and TCP connections whose two ends are known by their machine
// seats' Ed25519 keys, and for finding stations of the same tree on a local
// network by mDNS. It may not know what a message means. Main invariant: only
// enrolled stations are spoken to; an unknown caller may send introductions,
// few, small and for a short time, and every message is bounded before it is
// read.
package p2p

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"

	"hejie/store"
	"hejie/sync/seal"
)

// Protocol names the stream protocol. Its number is the road's, as https.Path's.
const Protocol protocol.ID = "/hejie/exchange/2"

var (
	// ErrAddress is returned for an address that names no station: it must be a
	// multiaddr that ends in /p2p/ and the station's peer id.
	ErrAddress = errors.New("not the address of a station: it must end in /p2p/… with an Ed25519 key")
	// ErrUnreachable is returned when no connection to a station came about.
	ErrUnreachable = errors.New("the other station can't be reached: is it switched on and on this network?")
	// ErrProtocol is returned when the other side does not speak this exchange.
	ErrProtocol = errors.New("the other side speaks no exchange that this program knows: update the older of the two programs")
	// ErrClosed is returned when the other side closed the connection, or it broke.
	ErrClosed = errors.New("the connection was closed by the other station or broke off")
)

// Config is what a Host needs. Serve and Member must be set.
type Config struct {
	Key    ed25519.PrivateKey // the machine seat's
	Tree   store.ID
	Listen []string // multiaddrs; none: this station only calls
	// Stations bounds the connections; 0 means 64, enough for a laptop. A county
	// sets it higher.
	Stations int
	// Serve answers one message of a proven machine (exchange.Server.Serve).
	Serve func(ctx context.Context, from store.ID, message []byte) ([]byte, error)
	// Member tells the unit of an enrolled machine (exchange.Replica.Member).
	Member func(machine store.ID) (unit store.ID, ok bool)
}

const (
	defaultStations = 64
	// maxStrangers bounds the unknown callers that are listened to at once.
	maxStrangers = 8
	// memoryPerStation is what libp2p may reserve for one: a few windows of its
	// multiplexer.
	memoryPerStation = 1 << 20
)

// Host is this station on the network. Its methods may be called at once.
type Host struct {
	cfg       Config
	host      host.Host
	gate      *gate
	strangers chan struct{} // one token for each unknown caller listened to
	ctx       context.Context
	cancel    context.CancelFunc
	serving   sync.WaitGroup
	near      near
}

// New opens the host and begins to listen and to answer.
func New(cfg Config) (*Host, error) {
	if cfg.Stations == 0 {
		cfg.Stations = defaultStations
	}
	key, err := crypto.UnmarshalEd25519PrivateKey(cfg.Key)
	if err != nil {
		return nil, fmt.Errorf("p2p: the machine's key: %w", err)
	}
	limits, err := limits(cfg.Stations)
	if err != nil {
		return nil, fmt.Errorf("p2p: %w", err)
	}
	h := &Host{cfg: cfg, gate: newGate(cfg.Member), strangers: make(chan struct{}, maxStrangers)}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	opts := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.NoTransports,
		libp2p.Transport(quic.NewTransport),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.ConnectionGater(h.gate),
		libp2p.ResourceManager(limits),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
		libp2p.DisableIdentifyAddressDiscovery(),
		libp2p.Ping(false),
		libp2p.UserAgent("hejie"),
	}
	if len(cfg.Listen) == 0 {
		opts = append(opts, libp2p.NoListenAddrs)
	} else {
		opts = append(opts, libp2p.ListenAddrStrings(cfg.Listen...))
	}
	if h.host, err = libp2p.New(opts...); err != nil {
		h.cancel()
		return nil, fmt.Errorf("p2p: opening %v: %w", cfg.Listen, err)
	}
	h.host.Network().Notify(&network.NotifyBundle{ConnectedF: h.gate.connected, DisconnectedF: h.gate.disconnected})
	h.host.SetStreamHandler(Protocol, h.answer)
	return h, nil
}

func limits(stations int) (network.ResourceManager, error) {
	cfg := rcmgr.PartialLimitConfig{
		System: rcmgr.ResourceLimits{
			Conns: rcmgr.LimitVal(stations * 2), ConnsInbound: rcmgr.LimitVal(stations * 2), ConnsOutbound: rcmgr.LimitVal(stations * 2),
			Streams: rcmgr.LimitVal(stations * 8), StreamsInbound: rcmgr.LimitVal(stations * 8), StreamsOutbound: rcmgr.LimitVal(stations * 8),
			Memory: rcmgr.LimitVal64(stations * memoryPerStation), FD: rcmgr.LimitVal(stations * 2),
		},
		PeerDefault: rcmgr.ResourceLimits{Conns: 4, ConnsInbound: 4, ConnsOutbound: 4, Streams: 16, StreamsInbound: 16, StreamsOutbound: 16},
		ProtocolPeer: map[protocol.ID]rcmgr.ResourceLimits{
			Protocol: {Streams: 4, StreamsInbound: 4, StreamsOutbound: 4},
		},
	}
	return rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(cfg.Build(rcmgr.DefaultLimits.AutoScale())))
}

// Addrs are the full addresses at which this station listens.
func (h *Host) Addrs() []string {
	var out []string
	for _, a := range h.host.Addrs() {
		out = append(out, a.String()+"/p2p/"+h.host.ID().String())
	}
	return out
}

// Close ends listening and every connection, and waits for what is answered.
func (h *Host) Close() error {
	h.cancel()
	err := errors.Join(h.near.close(), h.host.Close())
	h.serving.Wait()
	return err
}

// machineOf is the machine seat's key that a peer id holds.
func machineOf(id peer.ID) (store.ID, error) {
	key, err := id.ExtractPublicKey()
	if err != nil || key.Type() != crypto.Ed25519 {
		return store.ID{}, ErrAddress
	}
	raw, err := key.Raw()
	if err != nil || seal.CheckPublicKey(raw) != nil {
		return store.ID{}, ErrAddress
	}
	return store.ID(raw), nil
}

// MachineOf is the machine seat's key that an address names.
func MachineOf(addr string) (store.ID, error) {
	info, err := parse(addr)
	if err != nil {
		return store.ID{}, err
	}
	return machineOf(info.ID)
}

func parse(addr string) (*peer.AddrInfo, error) {
	m, err := ma.NewMultiaddr(addr)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrAddress, err)
	}
	info, err := peer.AddrInfoFromP2pAddr(m)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrAddress, err)
	}
	return info, nil
}
