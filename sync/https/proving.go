package https

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"

	"hejie/store"
	"hejie/sync/rooms"
)

// proving gives connections whose caller has proved a key: the handshake is done
// in the hall, before the server above spends anything on a connection, and who
// proved a key that a log admits stands among the members from then on.
type proving struct {
	net.Listener
	config *tls.Config
	member func(machine store.ID) (unit store.ID, ok bool)

	proved chan net.Conn
	ended  chan struct{} // closed after err was set
	err    error
	ctx    context.Context //nolint:containedctx // of the handshakes; ends with Close
	cancel context.CancelFunc
	once   sync.Once
	shakes sync.WaitGroup
}

// prove begins to accept; l gives *rooms.Conn. Close ends it.
func prove(l net.Listener, config *tls.Config, member func(store.ID) (store.ID, bool)) *proving {
	p := &proving{Listener: l, config: config, member: member, proved: make(chan net.Conn), ended: make(chan struct{})}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.shakes.Go(p.accept)
	return p
}

func (p *proving) accept() {
	defer close(p.ended)
	for {
		c, err := p.Listener.Accept()
		if err != nil {
			p.err = err
			return
		}
		guest, ok := c.(*rooms.Conn)
		if !ok {
			_ = c.Close() // no listener of ours
			continue
		}
		p.shakes.Go(func() { p.shake(guest) })
	}
}

// shake does one handshake. What fails is closed, and told to nobody: strangers
// fail all day.
func (p *proving) shake(c *rooms.Conn) {
	stop := context.AfterFunc(p.ctx, func() { _ = c.Close() })
	defer stop()
	conn := tls.Server(c, p.config)
	if err := conn.HandshakeContext(p.ctx); err != nil {
		_ = c.Close()
		return
	}
	state := conn.ConnectionState()
	machine, err := machineOf(&state)
	if err == nil {
		if _, known := p.member(machine); known {
			err = c.Member(machine)
		} else {
			err = c.Stranger()
		}
	}
	if err != nil {
		_ = c.Close()
		return
	}
	select {
	case p.proved <- conn:
	case <-p.ctx.Done():
		_ = c.Close()
	}
}

// Accept implements net.Listener.
func (p *proving) Accept() (net.Conn, error) {
	select {
	case c := <-p.proved:
		return c, nil
	case <-p.ended:
		return nil, p.err
	}
}

// Close implements net.Listener: handshakes under way are cut off.
func (p *proving) Close() (err error) {
	p.once.Do(func() {
		err = p.Listener.Close()
		p.cancel()
		p.shakes.Wait()
	})
	return err
}

// visitor is what is known of one connection beside its requests.
type visitor struct {
	guest *rooms.Guest
	busy  atomic.Bool // a stranger's message is being read or answered
}

type visitorKey struct{}

func withVisitor(ctx context.Context, c net.Conn) context.Context {
	v := &visitor{}
	if secure, ok := c.(*tls.Conn); ok {
		if conn, ok := secure.NetConn().(*rooms.Conn); ok {
			v.guest = conn.Guest
		}
	}
	return context.WithValue(ctx, visitorKey{}, v)
}

func visitorOf(ctx context.Context) *visitor {
	v, _ := ctx.Value(visitorKey{}).(*visitor)
	if v == nil {
		v = &visitor{}
	}
	return v
}

// known moves a caller whom a log admits by now to the members.
func (v *visitor) known(machine store.ID) {
	if v.guest != nil {
		_ = v.guest.Member(machine) // without room he stays a caller for his time
	}
}

func (v *visitor) begin() bool { return v.busy.CompareAndSwap(false, true) }
func (v *visitor) end()        { v.busy.Store(false) }
