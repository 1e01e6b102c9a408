package review

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	manet "github.com/multiformats/go-multiaddr/net"

	ma "github.com/multiformats/go-multiaddr"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// Strangers have a room of their own (S3), wrong secrets slow down who gives
// them (S6), and a folder is served at every address or at none.

// press is one kind of stranger: what it does on a connection before it is
// silent.
type press struct {
	name string
	road func(process.Roads) string
	do   func(context.Context, net.Conn) error
}

func onHTTPS(r process.Roads) string { return strings.TrimPrefix(r.HTTPS, "https://") }
func onWeb(r process.Roads) string   { return strings.TrimPrefix(r.Listen, "http://") }

func onP2P(r process.Roads) string {
	m, err := ma.NewMultiaddr(r.P2P[0])
	if err != nil {
		return ""
	}
	_, at, err := manet.DialArgs(m)
	if err != nil {
		return ""
	}
	return at
}

func nothing(context.Context, net.Conn) error { return nil }

func say(text string) func(context.Context, net.Conn) error {
	return func(_ context.Context, c net.Conn) error {
		_, err := io.WriteString(c, text)
		return err
	}
}

// trickle sends the beginning of a TLS handshake byte by byte.
func trickle(ctx context.Context, c net.Conn) error {
	for _, b := range []byte{0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3} {
		if _, err := c.Write([]byte{b}); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second / 2):
		}
	}
	return nil
}

// handshake proves a key of nobody and then says what is given.
func handshake(t *testing.T, then string) func(context.Context, net.Conn) error {
	_, machine, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	config, err := liar.TLS(machine, nil)
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, c net.Conn) error {
		secure := tls.Client(c, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return err
		}
		_, err := io.WriteString(secure, then)
		return err
	}
}

func presses(t *testing.T) []press {
	const post = "POST /hejie/exchange/2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n"
	return []press{
		{"https: silent", onHTTPS, nothing},
		{"https: a handshake byte by byte", onHTTPS, trickle},
		{"https: silent after the handshake", onHTTPS, handshake(t, "")},
		{"https: slow headers", onHTTPS, handshake(t, "POST /hejie")},
		{"https: slow body", onHTTPS, handshake(t, post+"\r\nab")},
		{"libp2p: silent", onP2P, nothing},
		{"libp2p: a handshake half done", onP2P, say("\x13/multistream/1.0.0\n\x07/noise\n")},
		{"web: silent", onWeb, nothing},
		{"web: slow headers", onWeb, say("GET / HTTP/1.1\r\nHost: ")},
	}
}

// pressing keeps n strangers connected, each of which comes anew at once when it
// is dropped, until the returned function is called; that tells how often they
// were dropped.
func pressing(t *testing.T, n int, at string, do func(context.Context, net.Conn) error) (stop func() int64) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var dropped atomic.Int64
	var all, there sync.WaitGroup
	there.Add(n)
	for range n {
		all.Go(func() {
			first := sync.OnceFunc(there.Done)
			defer first()
			var d net.Dialer
			for ctx.Err() == nil {
				c, err := d.DialContext(ctx, "tcp", at)
				if err != nil {
					first()
					continue
				}
				stop := context.AfterFunc(ctx, func() { _ = c.Close() })
				first()
				if do(ctx, c) == nil {
					_, _ = io.Copy(io.Discard, c) // until it is dropped
				}
				stop()
				_ = c.Close()
				dropped.Add(1)
			}
		})
	}
	there.Wait()
	return func() int64 {
		cancel()
		all.Wait()
		return dropped.Load() - int64(n)
	}
}

// times are how long a desk's meetings take, in order.
type times []time.Duration

func meetings(d *process.Desk, address string, n int) (all times) {
	d.T.Helper()
	for range n {
		began := time.Now()
		d.InStep(address)
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all
}

func (t times) median() time.Duration { return t[len(t)/2] }
func (t times) p95() time.Duration    { return t[(len(t)*95+99)/100-1] }

// resident is the memory of a process in MiB; 0 where the system does not say.
func resident(pid int) int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb >> 10
		}
	}
	return 0
}

// soak says that everything is tried at its full size (make soak-strangers).
var soak = os.Getenv("HEJIE_SOAK") != ""

// TestStrangersDisturbNobody holds that a member's meetings get through, on both
// roads, while four times as many strangers as there once were places come anew
// whenever they are dropped; at its full size also that a meeting takes at most
// twice its usual time.
func TestStrangersDisturbNobody(t *testing.T) {
	c := newCounty(t)
	strangers, met, kinds := 250, 3, presses(t)
	if soak {
		strangers, met = 1000, 12
	} else {
		// One of each road and the dearest; all kinds are the soak's.
		kinds = []press{kinds[0], kinds[2], kinds[5]}
	}
	roads := c.town.Serve()
	for _, address := range []string{roads.HTTPS, roads.P2P[0]} {
		c.village.InStep(address)
		usual := meetings(c.village, address, met)
		memory := resident(roads.Pid)
		for _, p := range kinds {
			t.Run(fmt.Sprintf("%.5s while %s", address, p.name), func(t *testing.T) {
				stop := pressing(t, strangers, p.road(roads), p.do)
				pressed := meetings(c.village, address, met)
				during := resident(roads.Pid)
				dropped := stop()
				t.Logf("%d strangers: median %v (usually %v), p95 %v (%v); %d MiB (before %d); %d came anew",
					strangers, pressed.median().Round(time.Millisecond), usual.median().Round(time.Millisecond),
					pressed.p95().Round(time.Millisecond), usual.p95().Round(time.Millisecond), during, memory, dropped)
				// Every meeting got through, or InStep had ended the test. How long it
				// took says something on an idle machine alone.
				if soak && pressed.median() > 2*usual.median() {
					t.Errorf("a meeting takes %v and usually %v", pressed.median(), usual.median())
				}
				if during > memory+256 {
					t.Errorf("%d MiB, before %d", during, memory)
				}
			})
		}
	}
}

// TestANewUnitGetsThrough holds that a unit that the station does not know yet
// introduces itself while strangers press.
func TestANewUnitGetsThrough(t *testing.T) {
	strangers, kinds := 250, presses(t)[:3]
	if soak {
		strangers, kinds = 1000, presses(t)[:7]
	}
	for _, p := range kinds {
		c := newCounty(t)
		roads := c.court.Serve() // which has not met the village
		address := roads.HTTPS
		if strings.HasPrefix(p.name, "libp2p") {
			address = roads.P2P[0]
		}
		stop := pressing(t, strangers, p.road(roads), p.do)
		began := time.Now()
		c.village.Sync(address)
		t.Logf("%d × %s: a new unit was heard after %v", strangers, p.name, time.Since(began).Round(time.Millisecond))
		stop()
	}
}

// signIn tries a secret on a connection of its own and gives the status.
func signIn(t *testing.T, client *http.Client, listen, seat, secret string) int {
	t.Helper()
	body, err := json.Marshal(map[string]string{"seat": seat, "secret": secret})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, listen+"/api/v1/sessions", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Hejie-Client", "review")
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode
}

// TestWrongSecretsSlowDownWhoGivesThem holds that whoever tries secrets at the
// window's port waits, and keeps the person neither from the window nor from
// commands.
func TestWrongSecretsSlowDownWhoGivesThem(t *testing.T) {
	c := newCounty(t)
	roads := c.village.Serve()
	response, err := http.Get(roads.Listen + "/api/v1/seats/here")
	if err != nil {
		t.Fatal(err)
	}
	var seats []struct{ Seat string }
	err = json.NewDecoder(response.Body).Decode(&seats)
	_ = response.Body.Close()
	if err != nil || len(seats) != 1 {
		t.Fatal(seats, err)
	}
	guesser := &http.Client{Transport: &http.Transport{}}
	defer guesser.CloseIdleConnections()
	var said []int
	for range 4 {
		said = append(said, signIn(t, guesser, roads.Listen, seats[0].Seat, "not the secret"))
	}
	if said[0] != http.StatusForbidden || said[3] != http.StatusTooManyRequests {
		t.Errorf("who gives wrong secrets hears %v", said)
	}
	// And one that guesses on ever new connections, all the time.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var guessers sync.WaitGroup
	for range 4 {
		guessers.Go(func() {
			for ctx.Err() == nil {
				once := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
				_ = signIn(t, once, roads.Listen, seats[0].Seat, "not the secret")
			}
		})
	}
	began := time.Now()
	person := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if status := signIn(t, person, roads.Listen, seats[0].Seat, process.Secret); status != http.StatusCreated {
		t.Errorf("the right secret is answered with %d", status)
	}
	t.Logf("the right secret took %v among four guessers", time.Since(began))
	began = time.Now()
	c.village.Run("case", "list")
	t.Logf("and a command %v", time.Since(began))
	cancel()
	guessers.Wait()
}

// TestServedAtEveryAddressOrAtNone holds that a port in use ends the command with
// a sentence that names the address, and nothing else is said.
func TestServedAtEveryAddressOrAtNone(t *testing.T) {
	c := newCounty(t)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	port := func(a net.Addr) string { return a.String()[strings.LastIndexByte(a.String(), ':')+1:] }
	free, quic := "/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"
	takenTCP, takenQUIC := "/ip4/127.0.0.1/tcp/"+port(tcp.Addr()), "/ip4/127.0.0.1/udp/"+port(udp.LocalAddr())+"/quic-v1"
	for _, x := range []struct {
		taken string
		args  []string
	}{
		{tcp.Addr().String(), []string{"--listen", tcp.Addr().String(), "--https", "127.0.0.1:0", "--p2p", free}},
		{tcp.Addr().String(), []string{"--https", tcp.Addr().String(), "--p2p", free}},
		{takenTCP, []string{"--p2p", free + "," + takenTCP}},
		{takenTCP, []string{"--p2p", takenTCP + "," + quic, "--https", "127.0.0.1:0"}},
		{takenQUIC, []string{"--p2p", free + "," + takenQUIC}},
	} {
		for _, lang := range []string{"en", "zh"} {
			said := c.village.Refused(append([]string{"--lang", lang, "serve"}, x.args...)...)
			if !strings.Contains(said, x.taken) || strings.Count(strings.TrimSpace(said), "\n") != 0 {
				t.Errorf("%v: %q", x.args, said)
			}
			if _, err := os.Stat(filepath.Join(c.village.Data(), "door")); err == nil {
				t.Errorf("%v: the door stays", x.args)
			}
		}
	}
	c.village.Run("case", "list")
}
