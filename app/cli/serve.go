package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/station"
	"hejie/frontend"
	"hejie/store"
)

const (
	// meetEvery is how often partners are met without being asked: a colleague's
	// change is seen within a few minutes, and an idle station sends little.
	meetEvery = 2 * time.Minute
	// serveFarewell is how long answers under way may go on at the end.
	serveFarewell = 3 * time.Second
)

// serving is what `serve` is told.
type serving struct {
	listen, https string
	p2p           []string
	idle          time.Duration
}

// readyLine is the one line that says where a node listens.
type readyLine struct {
	Listen string   `json:"listen"`
	P2P    []string `json:"p2p"`
	HTTPS  string   `json:"https,omitempty"`
}

func (a *app) serveCommand() *cobra.Command {
	v := &serving{}
	return a.command(spec{
		use: "serve [--listen ADDR] [--p2p MULTIADDR[,…]] [--https ADDR] [--idle DURATION]", key: "serve",
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&v.listen, "listen", "127.0.0.1:0", a.t("flag.listen"))
			c.Flags().StringSliceVar(&v.p2p, "p2p", nil, a.t("flag.p2p"))
			c.Flags().StringVar(&v.https, "https", "", a.t("flag.https"))
			c.Flags().DurationVar(&v.idle, "idle", api.DefaultIdle, a.t("flag.idle"))
		},
		run: func(ctx context.Context, _ []string) error { return a.serve(ctx, v) },
	})
}

// loopbackAddress refuses an address that others could reach: there is no TLS
// on this road, and secrets go over it.
func loopbackAddress(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return usage("usage.listen", "address", address)
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usage("usage.loopback", "address", address)
	}
	return nil
}

func (a *app) serve(ctx context.Context, v *serving) error {
	if err := loopbackAddress(v.listen); err != nil {
		return err
	}
	dir := a.folder()
	if a.own != nil {
		return fail("folder.served", "dir", dir)
	}
	log := slog.New(slog.NewTextHandler(a.w.stderr, nil))
	o, err := own(ctx, dir, a.set, log)
	if errors.Is(err, store.ErrInUse) {
		return fail("folder.served", "dir", dir)
	}
	if err != nil {
		return err
	}
	err = a.serveFolder(ctx, o, v, log)
	return errors.Join(err, o.close(ctx))
}

func (a *app) serveFolder(ctx context.Context, o *owned, v *serving, log *slog.Logger) error {
	// At every address or at none: the window's first, since who waits there is
	// told nothing before all is well.
	var listening net.ListenConfig
	l, err := listening.Listen(ctx, "tcp", v.listen)
	if err != nil {
		return failOn(err, "serve.listen", "address", v.listen)
	}
	defer l.Close()
	roads := station.Listen{P2P: v.p2p, HTTPS: v.https, Announce: len(v.p2p) > 0, Every: meetEvery}
	front := &opening{Station: o.st, roads: roads, log: log}
	if err := a.openForRoads(ctx, o, v, front); err != nil {
		return err
	}
	handler, err := api.New(api.Deps{Station: front, Random: a.set.random, Files: frontend.Assets, Failed: logFailure(log), IdleAfter: v.idle})
	if err != nil {
		return err
	}
	defer handler.Close()
	server := api.HTTPServer(handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(api.Listen(l)) }()
	addr := front.addresses()
	line := readyLine{Listen: "http://" + l.Addr().String(), P2P: append([]string{}, addr.P2P...), HTTPS: addr.HTTPS}
	if err := a.document(line); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return failOn(err, "serve.failed")
	case <-ctx.Done():
	}
	// Streams of hints last for hours: they end with the handler.
	_ = handler.Close()
	farewell, cancel := context.WithTimeout(context.WithoutCancel(ctx), serveFarewell)
	defer cancel()
	if err := server.Shutdown(farewell); err != nil {
		_ = server.Close() // answers that did not end in time are cut
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return failOn(err, "serve.failed")
	}
	return nil
}

// openForRoads opens the station's keys with the caller's secret where there is
// one, so that it can meet others before anybody signs in.
func (a *app) openForRoads(ctx context.Context, o *owned, v *serving, front *opening) error {
	wanted := len(v.p2p) > 0 || v.https != ""
	state, err := o.st.SetupState(ctx)
	if err != nil {
		return err
	}
	if state.State != api.SetupReady {
		if wanted {
			return fail("serve.not_ready", "dir", o.dir)
		}
		return nil
	}
	if !wanted && a.pinFile == "" && a.w.env[envPIN] == "" {
		return nil // the first person to sign in opens it
	}
	s, err := a.signInFirst(ctx, o.st)
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	return front.meet()
}

// signInFirst signs in as --seat says; where it says nothing, any one seat
// whose secret was given opens the folder.
func (a *app) signInFirst(ctx context.Context, st *station.Station) (api.Session, error) {
	if a.seat == "" {
		seats, err := st.SeatsHere(ctx)
		if err != nil {
			return nil, err
		}
		if len(seats) > 1 {
			return nil, usage("usage.serve_seat")
		}
	}
	return a.signIn(ctx, st)
}

// opening is a station that begins to meet others once somebody opened it.
type opening struct {
	*station.Station
	roads station.Listen
	log   *slog.Logger

	mu   sync.Mutex // guards everything that follows
	open bool
	addr station.Addresses
}

// meet opens the roads, once.
func (o *opening) meet() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.open {
		return nil
	}
	addr, err := o.Station.Serve(o.roads)
	if err != nil {
		return err
	}
	o.open, o.addr = true, addr
	return nil
}

func (o *opening) addresses() station.Addresses {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.addr
}

// opened begins to meet others; a station that can't still works on its own.
func (o *opening) opened() {
	if err := o.meet(); err != nil {
		o.log.Warn("this station can't meet others now", "error", err)
	}
}

// SignIn implements api.SignIn.
func (o *opening) SignIn(ctx context.Context, seat, secret string) (api.Session, error) {
	s, err := o.Station.SignIn(ctx, seat, secret)
	if err == nil {
		o.opened()
	}
	return s, err
}

// InitRoot implements api.Setup.
func (o *opening) InitRoot(ctx context.Context, r api.RootRequest) (api.SetupDone, error) {
	done, err := o.Station.InitRoot(ctx, r)
	if err == nil {
		o.opened()
	}
	return done, err
}

// Join implements api.Setup.
func (o *opening) Join(ctx context.Context, r api.JoinRequest) (api.SetupDone, error) {
	done, err := o.Station.Join(ctx, r)
	if err == nil {
		o.opened()
	}
	return done, err
}

func logFailure(log *slog.Logger) func(string, error) {
	return func(operation string, err error) { log.Error("a request failed", "operation", operation, "error", err) }
}

// Window names the data folder of the window and gives what opens it: the
// handler that `serve` listens with, and what closes it again.
func Window(args []string) (string, func(context.Context) (http.Handler, func() error, error)) {
	return windowWith(args, production(), io.Discard)
}

// localRoads are where the window's station can be met: any free port, by
// whoever finds it on the local network.
var localRoads = []string{"/ip4/0.0.0.0/udp/0/quic-v1", "/ip4/0.0.0.0/tcp/0"}

func windowWith(args []string, set settings, logs io.Writer) (string, func(context.Context) (http.Handler, func() error, error)) {
	quiet()
	w, err := machine(context.Background())
	if err != nil {
		return "", func(context.Context) (http.Handler, func() error, error) { return nil, nil, err }
	}
	a := &app{w: w, set: set, lang: w.lang, args: args}
	c := &cobra.Command{Use: "hejie-desktop", SilenceErrors: true, SilenceUsage: true, Args: cobra.NoArgs, Run: func(*cobra.Command, []string) {}}
	c.Flags().StringVar(&a.data, "data", "", a.t("flag.data"))
	c.SetArgs(args)
	if err := c.Execute(); err != nil {
		return "", func(context.Context) (http.Handler, func() error, error) {
			return nil, nil, errors.New(a.t("usage.flag", "why", plainly(err), "command", "hejie-desktop"))
		}
	}
	dir := a.folder()
	return dir, func(ctx context.Context) (http.Handler, func() error, error) {
		h, closing, err := a.openWindow(ctx, dir, slog.New(slog.NewTextHandler(logs, nil)))
		if err != nil {
			err = errors.New(sentence(a.lang, err))
		}
		return h, closing, err
	}
}

func (a *app) openWindow(ctx context.Context, dir string, log *slog.Logger) (http.Handler, func() error, error) {
	o, err := own(ctx, dir, a.set, log)
	if errors.Is(err, store.ErrInUse) {
		return nil, nil, fail("folder.window", "dir", dir)
	}
	if err != nil {
		return nil, nil, err
	}
	front := &opening{Station: o.st, roads: station.Listen{P2P: localRoads, Announce: true, Every: meetEvery}, log: log}
	handler, err := api.New(api.Deps{Station: front, Random: a.set.random, Files: frontend.Assets, Failed: logFailure(log)})
	if err != nil {
		return nil, nil, errors.Join(err, o.close(ctx))
	}
	ended, end := context.WithCancel(context.WithoutCancel(ctx))
	return handler, func() error {
		end() // whoever is served may finish, for a little while
		return errors.Join(handler.Close(), o.close(ended))
	}, nil
}
