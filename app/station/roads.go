package station

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/https"
	"hejie/sync/identity"
	"hejie/sync/p2p"
)

// roads are the ways by which this station meets others.
type roads struct {
	server *exchange.Server
	host   *p2p.Host // nil: no libp2p, not even to call
	https  *https.Server
	tls    *identity.TLSIdentity
	addr   Addresses

	other Road // in place of both; nil: none

	stop context.CancelFunc
	done sync.WaitGroup

	mu      sync.Mutex // guards everything that follows
	running map[string]bool
}

// Listen says where a station listens for others.
type Listen struct {
	P2P      []string // multiaddrs; none: no libp2p
	HTTPS    string   // host:port; empty: no HTTPS
	Announce bool     // by mDNS on the local network
	// Every is how often partners are met without being asked; 0: never.
	Every time.Duration
}

// Addresses are where a station listens, in full.
type Addresses struct {
	P2P   []string
	HTTPS string
}

// Serve begins to listen, at every address or at none, and to meet partners. It
// ends with Close.
func (s *Station) Serve(l Listen) (Addresses, error) {
	o, err := s.ready()
	if err != nil {
		return Addresses{}, err
	}
	var at net.Listener
	if l.HTTPS != "" {
		if at, err = listenAt(l.HTTPS); err != nil {
			return Addresses{}, err
		}
	}
	r, err := s.roads(o, l.P2P)
	if err == nil && at != nil {
		err = r.serveHTTPS(o, at)
	}
	if err != nil {
		if at != nil {
			_ = at.Close() // nobody was answered
		}
		return Addresses{}, err
	}
	if l.Announce && r.host != nil {
		if err := r.host.Announce(); err != nil {
			s.o.Log.Warn("this station is not announced on the local network", "error", err)
		}
	}
	if r.host != nil && len(l.P2P) > 0 {
		r.addr.P2P = r.host.Addrs()
	}
	s.beginToMeet(o, r, l.Every)
	return r.addr, nil
}

// beginToMeet meets partners until the roads are closed, which outlive the call
// that opens them.
func (s *Station) beginToMeet(o *opened, r *roads, every time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	if every > 0 {
		r.done.Go(func() { s.meetPartners(ctx, o, every) })
	}
}

func listenAt(address string) (net.Listener, error) {
	at, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, notListening(address, err)
	}
	l, err := net.ListenTCP("tcp", at)
	if err != nil {
		return nil, notListening(address, err)
	}
	return l, nil
}

// notListening names an address that can't be listened at.
func notListening(address string, err error) error {
	return problem(CodeAddress, fmt.Sprintf("can't listen at %s (%v): end the program that uses it, or choose another address or port", address, err),
		"address", address, "why", err.Error())
}

// roads makes the ways out, once; listen may be empty.
func (s *Station) roads(o *opened, listen []string) (*roads, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.roads != nil && (len(listen) == 0 || len(o.roads.addr.P2P) > 0) {
		return o.roads, nil
	}
	if o.roads != nil {
		return nil, problem(CodeNotListening, "this station calls others already and can't begin to listen: start it with `serve`")
	}
	r := &roads{running: map[string]bool{}, tls: &identity.TLSIdentity{Machine: o.machine}, other: s.o.Road}
	if r.other != nil {
		o.roads = r
		return r, nil
	}
	var err error
	if r.server, err = exchange.NewServer(o.replica, s.o.Clock, s.o.Random); err != nil {
		return nil, err
	}
	r.host, err = p2p.New(p2p.Config{Key: o.machine.Private(), Tree: o.replica.Self().Tree, Listen: listen, Serve: r.server.Serve, Member: o.replica.Member})
	var at *p2p.ListenError
	if errors.As(err, &at) {
		return nil, notListening(at.Address, at.Err)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the libp2p road: %w", err)
	}
	o.roads = r
	return r, nil
}

func (r *roads) serveHTTPS(o *opened, l net.Listener) error {
	config, err := r.tls.Server()
	if err != nil {
		return err
	}
	r.https = https.NewServer(https.ServerConfig{TLS: config, Serve: r.server.Serve, Member: o.replica.Member})
	r.addr.HTTPS = "https://" + l.Addr().String()
	r.done.Go(func() { _ = r.https.Serve(l) }) // ends with Close; what fails before is seen by callers
	return nil
}

func (o *opened) stopRoads() {
	o.mu.Lock()
	r := o.roads
	o.roads = nil
	o.mu.Unlock()
	if r == nil {
		return
	}
	if r.stop != nil {
		r.stop()
	}
	if r.https != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_ = r.https.Close(ctx) // connections that don't end are cut
		cancel()
	}
	if r.host != nil {
		_ = r.host.Close()
	}
	r.done.Wait()
}

// Conn is a session's way to one station.
type Conn interface {
	exchange.Conn
	// Machine is the key of the machine at the other end, as the road proved it.
	Machine() store.ID
	Close() error
}

// Road brings exchange messages to other stations in another way than the
// network's own: a simulated one, later carried files. Whoever brings one
// answers by exchange.Server over Replica.
type Road interface {
	// Dial opens the way to an address (anything with "://"). The road proves
	// that this machine calls, and who answers.
	Dial(ctx context.Context, machine identity.SigningKey, address string) (Conn, error)
}

// dial opens the way to an address.
func (r *roads) dial(ctx context.Context, address string) (Conn, error) {
	if r.other != nil {
		return r.other.Dial(ctx, r.tls.Machine, address)
	}
	if strings.HasPrefix(address, "https://") {
		config, err := r.tls.Client()
		if err != nil {
			return nil, err
		}
		return https.Dial(ctx, config, address)
	}
	return r.host.Dial(ctx, address)
}

// searchTime is how long a unit is looked for on the local network: mDNS
// answers within a second or two where it answers at all.
const searchTime = 6 * time.Second

// addresses are where a peer may be reached: an address as it is; a unit by
// what is kept for it and what is found on the local network.
func (s *Station) addresses(ctx context.Context, o *opened, r *roads, peer string) ([]string, error) {
	if strings.HasPrefix(peer, "/") || strings.Contains(peer, "://") {
		return []string{peer}, nil
	}
	ids := o.replica.Registry().ByCode(peer)
	if id, err := parseHex(peer); err == nil {
		ids = []store.ID{id}
	}
	kept, err := s.peers(o)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range kept {
		if slices.ContainsFunc(ids, func(id store.ID) bool { return p.Unit == hexID(id) }) {
			out = append(out, p.Addresses...)
		}
	}
	if len(ids) > 0 {
		out = append(out, r.near(ctx, ids, len(out) == 0)...)
	}
	if len(out) == 0 {
		return nil, problem(CodeUnreachable, fmt.Sprintf("no address of %q is known and it was not found on this network: give a multiaddr with /p2p/… or an https:// address", shorten(peer)), "peer", shorten(peer))
	}
	return out, nil
}

// searchAddress is where a station listens while it only looks for others:
// mDNS asks nobody who has no address himself.
var searchAddress = []string{"/ip4/0.0.0.0/tcp/0"}

// searchingRoads are the roads there are, or new ones that can look around.
func (s *Station) searchingRoads(o *opened, listen []string) (*roads, error) {
	o.mu.Lock()
	there := o.roads != nil
	o.mu.Unlock()
	if there {
		listen = nil
	}
	return s.roads(o, listen)
}

// near finds stations of the units on the local network; wait says that it is
// worth looking for them for a while.
func (r *roads) near(ctx context.Context, units []store.ID, wait bool) []string {
	if r.host == nil {
		return nil // another road: it knows its own addresses
	}
	found := func() []string {
		var out []string
		for _, n := range r.host.Near() {
			if slices.Contains(units, n.Unit) {
				out = append(out, n.Addrs...)
			}
		}
		return out
	}
	out := found()
	if len(out) > 0 || !wait || r.host.Announce() != nil {
		return out
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	look := time.NewTicker(searchTime / 30)
	defer look.Stop()
	for len(out) == 0 {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			out = found()
		}
	}
	return out
}

// meet exchanges with one peer: tries its addresses in turn.
func (s *Station) meet(ctx context.Context, o *opened, peer string) (exchange.Report, store.ID, error) {
	var listen []string
	if !strings.HasPrefix(peer, "/") && !strings.Contains(peer, "://") {
		listen = searchAddress // used only if there are no roads yet
	}
	r, err := s.searchingRoads(o, listen)
	if err != nil {
		return exchange.Report{}, store.ID{}, err
	}
	list, err := s.addresses(ctx, o, r, peer)
	if err != nil {
		return exchange.Report{}, store.ID{}, err
	}
	var last error
	for _, a := range list {
		c, err := r.dial(ctx, a)
		if err != nil {
			last = err
			continue
		}
		unit, _ := o.replica.Member(c.Machine())
		r.mark(hexID(unit), true)
		s.hints.send(api.Hint{Kind: api.HintSync})
		report, err := exchange.Run(ctx, c, o.replica, c.Machine(), s.o.Clock, s.o.Random)
		if err == nil {
			// What was lost here came back: only now all that follows can be derived.
			var closed bool
			if closed, err = o.replica.CloseGaps(ctx); err == nil && closed && !report.InStep {
				before := report
				report, err = exchange.Run(ctx, c, o.replica, c.Machine(), s.o.Clock, s.o.Random)
				report = report.After(before)
			}
		}
		_ = c.Close() // the session is over
		r.mark(hexID(unit), false)
		if known, ok := o.replica.Member(c.Machine()); ok {
			unit = known
		}
		s.hints.send(api.Hint{Kind: api.HintSync})
		if err == nil {
			return report, unit, nil
		}
		last = err
		if unit != (store.ID{}) {
			_ = o.replica.NoteTrouble(ctx, unit, troubleCode(err)) // told by the error too
		}
	}
	return exchange.Report{}, store.ID{}, syncError(last, peer)
}

func (r *roads) mark(unit string, running bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if running {
		r.running[unit] = true
	} else {
		delete(r.running, unit)
	}
}

func (r *roads) isRunning(unit string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.running[unit]
}

func (r *roads) anyRunning() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.running) > 0
}

// troubleCode is the code under which a failed meeting is remembered.
func troubleCode(err error) string {
	var version *exchange.VersionError
	switch {
	case errors.Is(err, exchange.ErrOtherTree):
		return "other_tree"
	case errors.Is(err, exchange.ErrNotEnrolled), errors.Is(err, exchange.ErrStranger), errors.Is(err, https.ErrNotTaken):
		return "not_enrolled"
	case errors.As(err, &version), errors.Is(err, p2p.ErrProtocol), errors.Is(err, https.ErrProtocol):
		return "newer_protocol"
	case errors.Is(err, exchange.ErrPeerDisk):
		return "peer_disk_full"
	case errors.Is(err, store.ErrDiskFull):
		return "disk_full"
	case errors.Is(err, exchange.ErrFlood):
		return "too_many_messages"
	case errors.Is(err, exchange.ErrMalformed), errors.Is(err, exchange.ErrNoEnd):
		return "bad_answer"
	}
	return CodeUnreachable
}

func syncError(err error, peer string) error {
	if err == nil {
		return nil
	}
	e := problemOf(troubleCode(err), err)
	e.Reason.Detail = fmt.Sprintf("could not exchange with %s: %v", shorten(peer), err)
	e.Reason.Params = map[string]string{"peer": shorten(peer)}
	return e
}

// meetPartners meets every partner with a known address, again and again.
func (s *Station) meetPartners(ctx context.Context, o *opened, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		for _, peer := range s.partnersToMeet(o) {
			if ctx.Err() != nil {
				return
			}
			if _, _, err := s.meet(ctx, o, peer); err != nil && ctx.Err() == nil {
				s.o.Log.Info("a partner was not met; it is tried again", "code", troubleCode(err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// partnersToMeet are the units with an address, kept or found.
func (s *Station) partnersToMeet(o *opened) []string {
	var out []string
	kept, err := s.peers(o)
	if err != nil {
		return nil
	}
	for _, p := range kept {
		if p.Unit != "" && len(p.Addresses) > 0 {
			out = append(out, p.Unit)
		} else {
			out = append(out, p.Addresses...)
		}
	}
	o.mu.Lock()
	r := o.roads
	o.mu.Unlock()
	if r != nil && r.host != nil {
		for _, n := range r.host.Near() {
			out = append(out, hexID(n.Unit))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
