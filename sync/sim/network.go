package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"hejie/store"
)

// Scheme begins the addresses of a simulated network: sim://name.
const Scheme = "sim://"

// The errors of a road that was cut or leads nowhere.
var (
	ErrCut  = errors.New("the connection was cut")
	ErrDown = errors.New("nobody answers there")
)

// Serve answers one message of the machine that the road has proved
// (exchange.Server.Serve). An error closes the connection, after the answer was
// sent if there is one.
type Serve func(ctx context.Context, from store.ID, message []byte) ([]byte, error)

// Weather is how bad a network is: each is the chance, in thousandths, that a
// message suffers it.
type Weather struct {
	Drop, DropAnswer, Duplicate, Reorder, Delay, Cut int
}

// timeout is how long a road waits for an answer that does not come.
const timeout = 20 * time.Second

// Network carries messages between the machines of a world. A road proves both
// keys, as the real ones do: nobody can call or answer under another's.
type Network struct {
	// Weather may be changed at any time.
	Weather Weather

	world *World
	r     *rand.Rand
	at    map[string]*place
	group map[string]int // parts of a network that is cut; all in one: nil
}

type place struct {
	machine store.ID
	serve   Serve // nil: down
	life    int
	heard   []byte // the last request that came
}

// Network makes the network of a world; it has one.
func (w *World) Network() *Network {
	return &Network{world: w, r: w.Stream("network"), at: map[string]*place{}}
}

// Listen answers at a name from now on; nil: nobody does any more. What was on
// its way to or from a listener before is lost.
func (n *Network) Listen(name string, machine store.ID, serve Serve) {
	p := n.at[name]
	if p == nil {
		p = &place{}
		n.at[name] = p
	}
	p.machine, p.serve = machine, serve
	p.life++
}

// Part cuts the network in two: the named places on one side, all others on the
// other. Without names it is whole again.
func (n *Network) Part(names ...string) {
	n.group = map[string]int{}
	for _, name := range names {
		n.group[name] = 1
	}
}

// Conn is one road from a machine to another (exchange.Conn).
type Conn struct {
	network  *Network
	from, to string
	machine  store.ID // the caller's key
	answers  store.ID // the key of who answers
	own      int      // the caller's life: a program that died sends no more
	life     int      // of who answers
}

// Dial opens a road from one place to an address. The caller is listening
// itself, under the key that it calls with.
func (n *Network) Dial(from, address string) (*Conn, error) {
	to := strings.TrimPrefix(address, Scheme)
	here, there := n.at[from], n.at[to]
	switch {
	case here == nil || here.serve == nil:
		return nil, fmt.Errorf("%s is down: %w", from, ErrDown)
	case there == nil || there.serve == nil || !n.reaches(from, to):
		return nil, fmt.Errorf("%s to %s: %w", from, to, ErrDown)
	}
	return &Conn{network: n, from: from, to: to, machine: here.machine, answers: there.machine, own: here.life, life: there.life}, nil
}

func (n *Network) reaches(from, to string) bool {
	if n.group[from] == n.group[to] {
		return true
	}
	n.world.Faults[Partition]++
	return false
}

// Machine is the key of who answers.
func (c *Conn) Machine() store.ID { return c.answers }

// Close ends the road; there is nothing to give back.
func (c *Conn) Close() error { return nil }

// chance rolls for a fault and counts it.
func (n *Network) chance(thousandths int, f Fault) bool {
	if thousandths == 0 || n.r.IntN(1000) >= thousandths {
		return false
	}
	n.world.Faults[f]++
	return true
}

// Roundtrip implements exchange.Conn. The task that calls it waits; others go
// on meanwhile.
func (c *Conn) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	n := c.network
	t := n.world.running
	if t == nil {
		return nil, errors.New("a message was sent outside a task of the world")
	}
	t.Sleep(n.latency())
	switch {
	case !c.alive():
		return nil, ErrCut
	case n.chance(n.Weather.Drop, Drop):
		return nil, c.lost(t)
	case n.chance(n.Weather.Cut, CutMessage):
		return nil, ErrCut // half a message reaches nobody: the road checks its length
	}
	if n.chance(n.Weather.Duplicate, Duplicate) {
		if _, err := c.deliver(ctx, request); err != nil {
			return nil, err
		}
	}
	if n.chance(n.Weather.Reorder, Reorder) {
		c.later(request) //nolint:contextcheck // it arrives when the caller has long gone
	}
	answer, err := c.deliver(ctx, request)
	if err != nil {
		return nil, err
	}
	t.Sleep(n.latency())
	switch {
	case !c.alive():
		return nil, ErrCut
	case n.chance(n.Weather.DropAnswer, DropAnswer):
		return nil, c.lost(t)
	}
	return answer, nil
}

// lost waits as a road does whose message never arrives.
func (c *Conn) lost(t *Task) error {
	t.Sleep(timeout)
	return fmt.Errorf("no answer within %s: %w", timeout, ErrCut)
}

// later lets a copy of a message arrive again when the session has long gone on.
func (c *Conn) later(request []byte) {
	late := append([]byte(nil), request...)
	n := c.network
	wait := time.Second + time.Duration(n.r.Int64N(int64(time.Minute)))
	n.world.Go("late message", func(t *Task) {
		t.Sleep(wait)
		if p := n.at[c.to]; p.serve != nil && p.life == c.life {
			_, _ = p.serve(context.Background(), c.machine, late) // nobody waits for the answer
		}
	})
}

func (c *Conn) alive() bool {
	here, there := c.network.at[c.from], c.network.at[c.to]
	return here.serve != nil && here.life == c.own && there.serve != nil && there.life == c.life && c.network.reaches(c.from, c.to)
}

func (c *Conn) deliver(ctx context.Context, request []byte) ([]byte, error) {
	there := c.network.at[c.to]
	if there.serve == nil || there.life != c.life {
		return nil, ErrCut
	}
	there.heard = request
	// The server may keep what it was given: it gets bytes of its own.
	answer, err := there.serve(ctx, c.machine, append([]byte(nil), request...))
	if err != nil && answer == nil {
		return nil, fmt.Errorf("%w: %w", ErrCut, err)
	}
	return answer, nil
}

// latency is how long a message takes: some milliseconds, or half a minute.
func (n *Network) latency() time.Duration {
	if n.chance(n.Weather.Delay, Delay) {
		return time.Second + time.Duration(n.r.Int64N(int64(30*time.Second)))
	}
	return time.Duration(1+n.r.IntN(40)) * time.Millisecond
}

// Inject brings a message under a key that the road proved to whoever answers at
// a name, as a caller does who speaks no protocol. What comes back is nobody's.
func (n *Network) Inject(name string, from store.ID, message []byte) {
	if p := n.at[name]; p != nil && p.serve != nil {
		_, _ = p.serve(context.Background(), from, append([]byte(nil), message...)) // whoever injects learns nothing that a test looks at
	}
}

// Overheard is the last request that came to a name; empty: none. Roads encrypt:
// only who was a party to it can know it.
func (n *Network) Overheard(name string) []byte {
	if p := n.at[name]; p != nil {
		return p.heard
	}
	return nil
}
