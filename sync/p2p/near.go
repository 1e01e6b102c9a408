package p2p

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"
	"sync"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/discovery/mdns"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"hejie/store"
	"hejie/sync/seal"
)

// maxNear bounds the stations remembered from the local network.
const maxNear = 256

// Station is one found on the local network. Being found proves nothing: the
// connection proves the key.
type Station struct {
	Machine store.ID
	Unit    store.ID
	Addrs   []string // full multiaddrs
}

// near remembers the enrolled stations that mDNS found.
type near struct {
	mu      sync.Mutex // guards everything that follows
	service mdns.Service
	found   map[store.ID]peer.AddrInfo // by machine
}

// serviceName is the tree's name on the local network, keyed with its id: who
// knows the tree finds its stations, anybody else reads digits that no message
// and no certificate bears. DNS-SD allows 15 bytes, so eight digits stand for it.
func serviceName(tree store.ID) string {
	sum := seal.Hash("hejie near v1", tree[:])
	return "_hejie-" + hex.EncodeToString(sum[:4]) + "._udp"
}

// Announce says on the local network that this station is there, and listens
// for others of the tree. A station that listens on loopback alone, where no other
// machine reaches it, neither says so nor looks.
func (h *Host) Announce() error {
	if listens := h.host.Network().ListenAddresses(); len(listens) > 0 && !slices.ContainsFunc(listens, func(a ma.Multiaddr) bool { return !manet.IsIPLoopback(a) }) {
		return nil
	}
	return h.near.start(h.host, serviceName(h.cfg.Tree), found{h})
}

func (n *near) start(host host.Host, name string, notifee mdns.Notifee) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.service != nil {
		return nil
	}
	service := mdns.NewMdnsService(host, name, notifee)
	if err := service.Start(); err != nil {
		return err
	}
	n.service = service
	return nil
}

func (n *near) close() error {
	n.mu.Lock()
	service := n.service
	n.service = nil
	n.mu.Unlock()
	if service == nil {
		return nil
	}
	return service.Close()
}

// found takes what mDNS found.
type found struct{ h *Host }

// HandlePeerFound implements mdns.Notifee.
func (f found) HandlePeerFound(info peer.AddrInfo) { f.h.note(info) }

// note remembers an enrolled station's newest addresses.
func (h *Host) note(info peer.AddrInfo) {
	machine, err := machineOf(info.ID)
	if err != nil || info.ID == h.host.ID() {
		return
	}
	if _, ok := h.cfg.Member(machine); !ok {
		return
	}
	n := &h.near
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.found == nil {
		n.found = make(map[store.ID]peer.AddrInfo)
	}
	if _, held := n.found[machine]; held || len(n.found) < maxNear {
		n.found[machine] = info
	}
}

// Near are the enrolled stations found on the local network so far, in order
// of their machine keys.
func (h *Host) Near() []Station {
	h.near.mu.Lock()
	defer h.near.mu.Unlock()
	var out []Station
	for machine, info := range h.near.found {
		unit, ok := h.cfg.Member(machine)
		if !ok {
			continue // revoked meanwhile
		}
		s := Station{Machine: machine, Unit: unit}
		for _, a := range info.Addrs {
			s.Addrs = append(s.Addrs, a.String()+"/p2p/"+info.ID.String())
		}
		slices.Sort(s.Addrs)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Station) int { return bytes.Compare(a.Machine[:], b.Machine[:]) })
	return out
}

// DialNear connects to a station found on the local network, by whichever of
// its addresses answers first. ErrUnreachable if it was not found.
func (h *Host) DialNear(ctx context.Context, machine store.ID) (*Conn, error) {
	h.near.mu.Lock()
	info, ok := h.near.found[machine]
	h.near.mu.Unlock()
	if !ok {
		return nil, ErrUnreachable
	}
	return h.dial(ctx, info)
}
