package p2p

import (
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"hejie/store"
)

// strangerTime is how long a connection of an unknown caller may live: an
// introduction over 40 kbit/s takes less.
const strangerTime = time.Minute

// gate lets through enrolled stations, those that this station itself calls,
// and a few unknown callers for a short time.
type gate struct {
	member func(store.ID) (store.ID, bool)

	mu      sync.Mutex              // guards everything that follows
	called  map[peer.ID]int         // -> how many dials of this station's own are under way
	unknown map[string]network.Conn // connection's id -> an open one of an unknown caller
}

var _ connmgr.ConnectionGater = (*gate)(nil)

func newGate(member func(store.ID) (store.ID, bool)) *gate {
	return &gate{member: member, called: make(map[peer.ID]int), unknown: make(map[string]network.Conn)}
}

// call lets this station dial the peer until the returned function is called.
func (g *gate) call(id peer.ID) (done func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.called[id]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.called[id]--; g.called[id] <= 0 {
			delete(g.called, id)
		}
	}
}

func (g *gate) enrolled(id peer.ID) bool {
	machine, err := machineOf(id)
	if err != nil {
		return false
	}
	_, ok := g.member(machine)
	return ok
}

// InterceptPeerDial lets only those be dialled whom this station calls.
func (g *gate) InterceptPeerDial(id peer.ID) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.called[id] > 0
}

// InterceptAddrDial implements connmgr.ConnectionGater.
func (g *gate) InterceptAddrDial(id peer.ID, _ ma.Multiaddr) bool { return g.InterceptPeerDial(id) }

// InterceptAccept implements connmgr.ConnectionGater: nothing is known yet.
func (g *gate) InterceptAccept(network.ConnMultiaddrs) bool { return true }

// InterceptSecured refuses callers whose key is no machine seat's.
func (g *gate) InterceptSecured(_ network.Direction, id peer.ID, _ network.ConnMultiaddrs) bool {
	_, err := machineOf(id)
	return err == nil
}

// InterceptUpgraded refuses unknown callers beyond maxStrangers.
func (g *gate) InterceptUpgraded(c network.Conn) (bool, control.DisconnectReason) {
	if c.Stat().Direction == network.DirOutbound || g.enrolled(c.RemotePeer()) {
		return true, 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, other := range g.unknown {
		if g.enrolled(other.RemotePeer()) { // its introduction sufficed
			delete(g.unknown, id)
		}
	}
	return len(g.unknown) < maxStrangers, 0
}

// connected gives an unknown caller's connection its short life.
func (g *gate) connected(_ network.Network, c network.Conn) {
	if c.Stat().Direction == network.DirOutbound || g.enrolled(c.RemotePeer()) {
		return
	}
	g.mu.Lock()
	g.unknown[c.ID()] = c
	g.mu.Unlock()
	time.AfterFunc(strangerTime, func() {
		if !g.enrolled(c.RemotePeer()) {
			_ = c.Close() // it may have gone already
		}
	})
}

func (g *gate) disconnected(_ network.Network, c network.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.unknown, c.ID())
}
