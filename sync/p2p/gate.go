package p2p

import (
	"sync"
	"sync/atomic"

	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"

	"hejie/store"
	"hejie/sync/rooms"
)

// strangerTime is how long a stranger's message may take: as long as a stranger
// may stay.
const strangerTime = rooms.CallerTime

// gate gives every inbound connection its place (sync/rooms), and lets this
// station dial those alone that it calls.
type gate struct {
	member func(store.ID) (store.ID, bool)
	rooms  *rooms.Rooms

	mu       sync.Mutex              // guards everything that follows
	called   map[peer.ID]int         // -> how many dials of this station's own are under way
	secured  map[string]*rooms.Guest // a TCP connection's two ends -> who proved his key on it
	visitors map[string]*visitor     // connection's id -> an open inbound one
}

// visitor is one inbound connection.
type visitor struct {
	guest *rooms.Guest
	busy  atomic.Bool // a stranger's message is being read
}

var _ connmgr.ConnectionGater = (*gate)(nil)

func newGate(member func(store.ID) (store.ID, bool), r *rooms.Rooms) *gate {
	return &gate{
		member: member, rooms: r, called: make(map[peer.ID]int),
		secured: make(map[string]*rooms.Guest), visitors: make(map[string]*visitor),
	}
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

// enrolled gives the machine of a peer and whether a log admits it.
func (g *gate) enrolled(id peer.ID) (machine store.ID, ok bool) {
	machine, err := machineOf(id)
	if err != nil {
		return store.ID{}, false
	}
	_, ok = g.member(machine)
	return machine, ok
}

// InterceptPeerDial lets only those be dialled whom this station calls.
func (g *gate) InterceptPeerDial(id peer.ID) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.called[id] > 0
}

// InterceptAddrDial implements connmgr.ConnectionGater.
func (g *gate) InterceptAddrDial(id peer.ID, _ ma.Multiaddr) bool { return g.InterceptPeerDial(id) }

// InterceptAccept implements connmgr.ConnectionGater: nothing is known yet, and
// a TCP connection stands in the hall already.
func (g *gate) InterceptAccept(network.ConnMultiaddrs) bool { return true }

// InterceptSecured refuses callers whose key is no machine seat's, and moves who
// proved his on TCP out of the hall, before a multiplexer is made for him. There
// it may wait; what it waits for is bounded by his time in the hall.
func (g *gate) InterceptSecured(_ network.Direction, id peer.ID, c network.ConnMultiaddrs) bool {
	if _, err := machineOf(id); err != nil {
		return false
	}
	conn, ok := c.(*tcpConn)
	if !ok {
		return true // dialled, or QUIC: InterceptUpgraded places it
	}
	if machine, known := g.enrolled(id); known {
		if conn.guest.Member(machine) != nil {
			return false
		}
	} else if conn.guest.Stranger() != nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.secured[ends(c)] = conn.guest
	return true
}

// ends names a TCP connection while it is open.
func ends(c network.ConnMultiaddrs) string {
	return c.LocalMultiaddr().String() + " " + c.RemoteMultiaddr().String()
}

// InterceptUpgraded notes who is on an inbound connection. One of QUIC has no
// socket of its own and is only known once its handshake is done: it has its
// place from here on, without waiting, since QUIC's connections come one by one.
func (g *gate) InterceptUpgraded(c network.Conn) (bool, control.DisconnectReason) {
	if c.Stat().Direction == network.DirOutbound {
		return true, 0
	}
	g.mu.Lock()
	guest, ok := g.secured[ends(c)]
	delete(g.secured, ends(c))
	g.mu.Unlock()
	if !ok {
		guest = g.rooms.Bring(later{c})
		var err error
		if machine, known := g.enrolled(c.RemotePeer()); known {
			err = guest.Member(machine)
		} else {
			err = guest.StrangerNow()
		}
		if err != nil {
			return false, 0
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.visitors[c.ID()] = &visitor{guest: guest}
	return true, 0
}

// later closes a connection without waiting for its end: the one who makes room
// must not hold up the one who comes.
type later struct{ conn network.Conn }

func (l later) Close() error {
	go func() { _ = l.conn.Close() }() // it may have gone already
	return nil
}

// forget drops what InterceptSecured noted of a connection that ends.
func (g *gate) forget(c *tcpConn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if key := ends(c); g.secured[key] == c.guest {
		delete(g.secured, key)
	}
}

func (g *gate) disconnected(_ network.Network, c network.Conn) {
	g.mu.Lock()
	v := g.visitors[c.ID()]
	delete(g.visitors, c.ID())
	g.mu.Unlock()
	if v != nil {
		v.guest.Leave()
	}
}

// visitor is who is on an inbound connection; nil where it has ended.
func (g *gate) visitor(c network.Conn) *visitor {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.visitors[c.ID()]
}

// admitted tells whether a log admits the caller by now, and gives who is a
// place among the members.
func (g *gate) admitted(c network.Conn) bool {
	machine, ok := g.enrolled(c.RemotePeer())
	if v := g.visitor(c); ok && v != nil {
		_ = v.guest.Member(machine) // without room he stays a caller for his time
	}
	return ok
}
