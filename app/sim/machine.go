package sim

import (
	"context"
	"errors"
	"fmt"

	"hejie/app/station"
	"hejie/store"
	"hejie/store/host"
	"hejie/store/host/memfs"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/replica"
	"hejie/sync/sim"
)

// Where a machine keeps its folder and the counters outside it.
const (
	dataDir    = "data"
	outsideDir = "outside"
)

// machine is a computer of the county: a disk, a clock, a place on the network,
// and the program on it while it runs.
type machine struct {
	site
	world *sim.World
	net   *sim.Network
	disk  *sim.Disk
	clock *sim.Clock
	plant Plant // defects put in, for tests; zero: none

	key  store.ID // the machine seat's public key
	unit store.ID

	staff []*worker
	lives int

	// While the program runs:
	st      *station.Station
	ss      *station.Session // the first person's
	replica *replica.Replica

	ledger
	drafts map[string]string // seat/name → what was promised to be kept

	floor  int       // bytes of its pack when the county began
	full   bool      // its disk is full or read-only
	backup *memfs.FS // a copy of the disk, for later
}

// worker is a person at a machine.
type worker struct {
	seat string
	ss   *station.Session // nil: not signed in since the program began
}

// up reports whether the program runs.
func (m *machine) up() bool { return m.ss != nil }

// fs is the machine's disk as its programs see it.
func (m *machine) fs() host.FS {
	if m.plant.FS != nil {
		return m.plant.FS(m.disk)
	}
	return m.disk
}

// random is another stream for each life of the program: what a program that
// died still draws changes nothing for the next.
func (m *machine) random() *sim.Random {
	return m.world.Random(fmt.Sprintf("%s %d", m.name, m.lives))
}

// open starts the program, to nobody yet.
func (m *machine) open() error {
	m.lives++
	st, err := station.Open(m.options())
	if err != nil {
		return err
	}
	m.st = st
	return nil
}

// signIn opens the folder for the first person, and the road to others.
func (m *machine) signIn() error {
	s, err := m.st.SignIn(context.Background(), m.staff[0].seat, secret)
	if err != nil {
		return err
	}
	ss, ok := s.(*station.Session)
	if !ok {
		return fmt.Errorf("a session of type %T", s)
	}
	if m.replica, err = m.st.Replica(); err != nil {
		return err
	}
	m.ss, m.staff[0].ss = ss, ss
	self := m.replica.Self()
	m.key, m.unit = self.Seat, self.Unit
	var under exchange.Replica = m.replica
	if m.plant.Replica != nil {
		under = m.plant.Replica(under)
	}
	server, err := exchange.NewServer(under, m.clock, m.world.Random(fmt.Sprintf("%s answers %d", m.name, m.lives)))
	if err != nil {
		return err
	}
	m.net.Listen(m.name, m.key, server.Serve)
	return nil
}

// start brings the program up.
func (m *machine) start() error {
	if err := m.open(); err != nil {
		return err
	}
	if err := m.signIn(); err != nil {
		m.stop()
		return err
	}
	return nil
}

// stop ends the program: it is closed, or dead already.
func (m *machine) stop() {
	m.net.Listen(m.name, m.key, nil)
	if m.st != nil {
		_ = m.st.Close() // of a program that died nothing can be closed
	}
	m.st, m.ss, m.replica = nil, nil, nil
	for _, w := range m.staff {
		w.ss = nil
	}
}

// sit is the session of one of the people; they sign in when they sit down.
func (m *machine) sit(i int) (*station.Session, error) {
	w := m.staff[i%len(m.staff)]
	if w.ss != nil {
		return w.ss, nil
	}
	s, err := m.st.SignIn(context.Background(), w.seat, secret)
	if err != nil {
		return nil, err
	}
	ss, ok := s.(*station.Session)
	if !ok {
		return nil, fmt.Errorf("a session of type %T", s)
	}
	w.ss = ss
	return ss, nil
}

// Dial implements station.Road.
func (m *machine) Dial(_ context.Context, _ identity.SigningKey, address string) (station.Conn, error) {
	c, err := m.net.Dial(m.name, address)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// errDown is what a person meets whose program is not running.
var errDown = errors.New("the program is not running")
