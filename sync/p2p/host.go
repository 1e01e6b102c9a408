// Package p2p carries exchange messages between stations over libp2p.
//
// It is for QUIC and TCP connections whose two ends are known by their machine
// seats' Ed25519 keys, and for finding stations of the same tree on a local
// network by mDNS. It may not know what a message means. Main invariants: only
// enrolled stations are spoken to; an unknown caller may send introductions,
// few, small and for a short time; every message is bounded before it is read;
// strangers take no member's room (sync/rooms).
package p2p

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/gologshim"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/x/rate"
	ma "github.com/multiformats/go-multiaddr"

	"hejie/store"
	"hejie/sync/rooms"
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
	// Rooms bound the inbound connections; the zero value means the defaults, with
	// defaultCallers.
	Rooms rooms.Limits
	// Serve answers one message of a proven machine (exchange.Server.Serve).
	Serve func(ctx context.Context, from store.ID, message []byte) ([]byte, error)
	// Member tells the unit of an enrolled machine (exchange.Replica.Member).
	Member func(machine store.ID) (unit store.ID, ok bool)
}

const (
	// defaultCallers is an eighth of what HTTPS has, since a multiplexer costs more.
	// With 1,000 strangers that press, a new unit's turn comes in eight of the
	// ten seconds that it may stay in the hall.
	defaultCallers = 128
	// peerMemory is what libp2p may hold for one peer: its four streams' windows
	// of 256 KiB, twice.
	peerMemory = 2 << 20
	// membersMemory is what it may hold for all members together.
	membersMemory = 512 << 20
	// outbound is how many stations this one may call at once, each on several
	// addresses.
	outbound = 512
)

// Host is this station on the network. Its methods may be called at once.
type Host struct {
	cfg     Config
	host    host.Host
	gate    *gate
	ctx     context.Context
	cancel  context.CancelFunc
	serving sync.WaitGroup
	near    near
}

// ListenError tells which address could not be listened at.
type ListenError struct {
	Address string
	Err     error
}

func (e *ListenError) Error() string { return fmt.Sprintf("can't listen at %s: %v", e.Address, e.Err) }
func (e *ListenError) Unwrap() error { return e.Err }

// New opens the host and begins to listen and to answer, at each address or, with
// a *ListenError, at none.
func New(cfg Config) (*Host, error) {
	if cfg.Rooms.Callers == 0 {
		cfg.Rooms.Callers = defaultCallers
	}
	key, err := crypto.UnmarshalEd25519PrivateKey(cfg.Key)
	if err != nil {
		return nil, fmt.Errorf("p2p: the machine's key: %w", err)
	}
	// libp2p's own log goes to stderr, where people read this program's sentences.
	gologshim.SetDefaultHandler(slog.DiscardHandler)
	r := rooms.New(cfg.Rooms)
	limits, err := limits(r)
	if err != nil {
		return nil, fmt.Errorf("p2p: %w", err)
	}
	h := &Host{cfg: cfg, gate: newGate(cfg.Member, r)}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	opts := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.NoTransports,
		libp2p.Transport(quic.NewTransport),
		libp2p.Transport(newTCP(h.gate)),
		libp2p.ConnectionGater(h.gate),
		libp2p.ResourceManager(limits),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
		libp2p.DisableIdentifyAddressDiscovery(),
		libp2p.Ping(false),
		libp2p.UserAgent("hejie"),
		libp2p.NoListenAddrs,
	}
	if h.host, err = libp2p.New(opts...); err != nil {
		h.cancel()
		return nil, fmt.Errorf("p2p: %w", err)
	}
	h.host.Network().Notify(&network.NotifyBundle{DisconnectedF: h.gate.disconnected})
	h.host.SetStreamHandler(Protocol, h.answer)
	for _, at := range cfg.Listen {
		if err := h.listen(at); err != nil {
			return nil, errors.Join(&ListenError{Address: at, Err: err}, h.Close())
		}
	}
	return h, nil
}

// listen listens at one address: of several libp2p would be content with one.
func (h *Host) listen(at string) error {
	m, err := ma.NewMultiaddr(at)
	if err != nil {
		return err
	}
	return h.host.Network().Listen(m)
}

// limits are libp2p's own, above what the rooms let in, so that the rooms decide
// who goes. Those of one address are lifted: a county behind one router is one.
// QUIC's unfinished handshakes stand in no room; as many as the hall has are
// borne, each for the ten seconds that quic-go allows, and beyond some a source
// has to show first that it can be answered.
func limits(r *rooms.Rooms) (network.ResourceManager, error) {
	inside := r.Callers() + r.Members()
	transient := 2 * r.Hall()
	all := transient + inside
	cfg := rcmgr.PartialLimitConfig{
		System: rcmgr.ResourceLimits{
			Conns: rcmgr.LimitVal(all + outbound), ConnsInbound: rcmgr.LimitVal(all), ConnsOutbound: outbound,
			Streams: rcmgr.LimitVal(8 * inside), StreamsInbound: rcmgr.LimitVal(8 * inside), StreamsOutbound: rcmgr.LimitVal(8 * inside),
			Memory: rcmgr.LimitVal64(r.Callers()*peerMemory + membersMemory), FD: rcmgr.LimitVal(all + outbound),
		},
		Transient: rcmgr.ResourceLimits{
			Conns: rcmgr.LimitVal(transient + outbound), ConnsInbound: rcmgr.LimitVal(transient), ConnsOutbound: outbound,
			Streams: rcmgr.LimitVal(8 * inside), StreamsInbound: rcmgr.LimitVal(8 * inside), StreamsOutbound: rcmgr.LimitVal(8 * inside),
			Memory: rcmgr.LimitVal64(r.Callers()*peerMemory + membersMemory), FD: rcmgr.LimitVal(transient + outbound),
		},
		PeerDefault: rcmgr.ResourceLimits{
			Conns: 8, ConnsInbound: 8, ConnsOutbound: 8, Streams: 16, StreamsInbound: 8, StreamsOutbound: 8, Memory: peerMemory,
		},
		ProtocolPeer: map[protocol.ID]rcmgr.ResourceLimits{
			Protocol: {Streams: 4, StreamsInbound: 4, StreamsOutbound: 4},
		},
	}
	each := []rcmgr.ConnLimitPerSubnet{{PrefixLength: 0, ConnCount: all + outbound}}
	return rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(cfg.Build(rcmgr.DefaultLimits.AutoScale())),
		rcmgr.WithLimitPerSubnet(each, each), rcmgr.WithConnRateLimiters(&rate.Limiter{}))
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
