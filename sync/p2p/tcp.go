package p2p

import (
	"context"
	"fmt"
	"net"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/transport"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"hejie/sync/rooms"
)

// tcpTransport is libp2p's over TCP, whose inbound connections stand in the hall
// from their first moment: libp2p asks about a connection that is silent only
// whether it may begin, and never says that it ended. Its ports belong to this
// process alone, where libp2p would share them.
type tcpTransport struct {
	*tcp.TcpTransport
	upgrader transport.Upgrader
	gate     *gate
}

// newTCP is the constructor that libp2p calls.
func newTCP(g *gate) func(transport.Upgrader, network.ResourceManager) (*tcpTransport, error) {
	return func(u transport.Upgrader, limits network.ResourceManager) (*tcpTransport, error) {
		t, err := tcp.NewTCPTransport(u, limits, nil, tcp.DisableReuseport())
		if err != nil {
			return nil, fmt.Errorf("p2p: %w", err)
		}
		return &tcpTransport{TcpTransport: t, upgrader: u, gate: g}, nil
	}
}

// Listen implements transport.Transport.
func (t *tcpTransport) Listen(at ma.Multiaddr) (transport.Listener, error) {
	l, err := manet.Listen(at)
	if err != nil {
		return nil, fmt.Errorf("p2p: %w", err)
	}
	ctx, end := context.WithCancel(context.Background())
	inHall := &tcpListener{Listener: l, gate: t.gate, ctx: ctx, end: end}
	return t.upgrader.UpgradeGatedMaListener(t, t.upgrader.GateMaListener(inHall)), nil
}

type tcpListener struct {
	manet.Listener
	gate *gate
	ctx  context.Context //nolint:containedctx // ends with Close, which has no other way to a waiting Accept
	end  context.CancelFunc
}

// Accept implements manet.Listener.
func (l *tcpListener) Accept() (manet.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if tcpSocket, ok := c.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcpSocket.SetLinger(0) // as libp2p does: what is closed leaves no waiting socket behind
	}
	guest, err := l.gate.rooms.Enter(l.ctx, c)
	if err != nil {
		_ = c.Close() // nobody has it
		return nil, net.ErrClosed
	}
	return &tcpConn{Conn: c, gate: l.gate, guest: guest}, nil
}

// Close implements manet.Listener.
func (l *tcpListener) Close() error {
	l.end()
	return l.Listener.Close()
}

// tcpConn is an inbound connection with its place.
type tcpConn struct {
	manet.Conn
	gate  *gate
	guest *rooms.Guest
}

// Close closes the connection and gives the place back.
func (c *tcpConn) Close() error {
	c.guest.Leave()
	c.gate.forget(c)
	return c.Conn.Close()
}
