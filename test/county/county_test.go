//go:build unix

package county

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	// The program is built below, where the go command does not see that a cached
	// result of these tests depends on it.
	_ "hejie/app/cli"
	"hejie/store/host"
	"hejie/sync/identity"
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "county")
	if err == nil {
		binary = filepath.Join(dir, "hejie")
		build := exec.Command("go", "build", "-o", binary, "hejie")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		err = build.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const secret = "八个字的口令真长"

// county is the stations of one story, by the names that it uses.
type county struct {
	t     *testing.T
	dir   string
	desks map[string]*desk
	legs  []leg

	commands int // that were run
}

// desk is one station: a unit's folder with the seats of its people.
type desk struct {
	c          *county
	name, code string
	seats      map[string]string // person -> id; the first who came opens the folder where nobody is named
	opener     string
	program    *serving
}

// leg is one meeting of two stations.
type leg struct {
	From, To, Road                             string
	Sent, Received, BytesSent, BytesIn, Rounds int
	Seconds                                    float64
}

func newCounty(t *testing.T) *county {
	return &county{t: t, dir: t.TempDir(), desks: map[string]*desk{}}
}

// person is somebody of a unit and what he may do.
type person struct{ name, roles string }

// found makes a station: the first of its tree, or one that above's people
// admit, with one seat for each person.
func (c *county) found(name, code, unit string, above *desk, people ...person) *desk {
	c.t.Helper()
	d := &desk{c: c, name: name, code: code, seats: map[string]string{}, opener: people[0].name}
	c.desks[name] = d
	init := []string{"init", "--unit", code, "--unit-name", unit, "--seat-name", people[0].name, "--role", people[0].roles, "--recovery", d.path("sheet")}
	if above == nil {
		d.seats[people[0].name] = text(d.object("", append(init, "--root", "--demo")...), "seat")
	} else {
		d.seats[people[0].name] = text(d.object("", append(init, "--request", d.path("request"))...), "seat")
		above.run(above.opener, "", "enroll", "--request", d.path("request"), "--out", d.path("certificate"))
		d.object("", "join", "--certificate", d.path("certificate"))
	}
	// A unit whose station is above gets its further people from there; a unit
	// that enrols its own, from its own admin.
	admits := d
	if above != nil && !strings.Contains(people[0].roles, "admin") {
		admits = above
	}
	for _, p := range people[1:] {
		request, certificate := d.path(p.name+".request"), d.path(p.name+".certificate")
		d.seats[p.name] = text(d.object(d.opener, "seat", "add", "--seat-name", p.name, "--role", p.roles, "--request", request), "seat")
		admits.run(admits.opener, "", "enroll", "--seat-of", code, "--request", request, "--out", certificate)
		d.object(d.opener, "join", "--certificate", certificate)
	}
	d.cheapen()
	d.open("")
	c.t.Cleanup(func() {
		if d.program.cmd.Process != nil { // where a test ended early; closed ones are gone
			_ = d.program.cmd.Process.Kill()
			_ = d.program.cmd.Wait()
		}
	})
	return d
}

// cheapen closes the folder's key file anew, so that opening it costs little:
// three hundred commands would otherwise do little but that. The cost stands in
// the file, and the program takes it from there.
func (d *desk) cheapen() {
	d.c.t.Helper()
	name := filepath.Join(d.path("data"), "keys", "keys")
	raw, err := os.ReadFile(name)
	if err != nil {
		d.c.t.Fatal(err)
	}
	keys, err := identity.DecodeKeyFile(raw)
	if err != nil {
		d.c.t.Fatal(err)
	}
	for person, id := range d.seats {
		var seat identity.SeatKey
		if n, err := hex.Decode(seat[:], []byte(id)); err != nil || n != len(seat) {
			d.c.t.Fatalf("%s has the seat %q", person, id)
		}
		if err := keys.ChangeSecret(host.SystemRandom, seat, secret, secret, identity.Cost{Time: 1, Memory: 8 << 10, Lanes: 1}); err != nil {
			d.c.t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, keys.Encode(), 0o600); err != nil {
		d.c.t.Fatal(err)
	}
}

func (d *desk) path(name string) string { return filepath.Join(d.c.dir, d.name+"."+name) }

// command is the program run by one of the desk's people, as on his machine.
func (d *desk) command(who, stdin string, args ...string) *exec.Cmd {
	args = append(args, "--data", d.path("data"))
	if len(d.seats) > 1 && who != "" {
		args = append(args, "--seat", who)
	}
	cmd := exec.CommandContext(d.c.t.Context(), binary, args...)
	cmd.Env = append(os.Environ(), "HEJIE_PIN="+secret, "HEJIE_NEW_PIN="+secret, "HOME="+d.path("home"), "XDG_CONFIG_HOME="+d.path("home"), "XDG_STATE_HOME="+d.path("home"), "LANG=zh_CN.UTF-8")
	cmd.Stdin = strings.NewReader(stdin)
	return cmd
}

// try answers stdout, stderr and whether the command was done.
func (d *desk) try(who, stdin string, args ...string) (string, string, bool) {
	d.c.t.Helper()
	cmd := d.command(who, stdin, args...)
	d.c.commands++
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.c.t.Fatal(err)
	}
	return out.String(), said.String(), err == nil
}

func (d *desk) run(who, stdin string, args ...string) string {
	d.c.t.Helper()
	out, said, ok := d.try(who, stdin, append(args, "--json")...)
	if !ok {
		d.c.t.Fatalf("%s %s: %s: %s", d.name, who, strings.Join(args, " "), said)
	}
	return out
}

// object is the one document that a command prints.
func (d *desk) object(who string, args ...string) map[string]any {
	d.c.t.Helper()
	return d.parsed(d.run(who, "", args...))
}

func (d *desk) parsed(out string) map[string]any {
	d.c.t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		d.c.t.Fatalf("%v in %q", err, out)
	}
	return m
}

// lines are the documents that a command prints, one a line.
func (d *desk) lines(args ...string) []map[string]any {
	d.c.t.Helper()
	var list []map[string]any
	for line := range strings.Lines(d.run(d.opener, "", args...)) {
		list = append(list, d.parsed(line))
	}
	return list
}

// look is a value of a document by its path; nil where there is none.
func look(v any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[key]
		case []any:
			n := 0
			if _, err := fmt.Sscan(key, &n); err != nil || n >= len(at) {
				return nil
			}
			v = at[n]
		default:
			return nil
		}
	}
	return v
}

func text(v any, path string) string {
	s, _ := look(v, path).(string)
	return s
}

// serving is the program of a desk while it runs: all day, since everybody there
// works through it. It listens for other stations only while one calls.
type serving struct {
	cmd  *exec.Cmd
	said bytes.Buffer
	P2P  []string
	// HTTPS is an address, or empty where it does not listen.
	HTTPS string
}

// open starts the desk's program; road is how others may call, "" for not at all.
func (d *desk) open(road string) {
	d.c.t.Helper()
	args := []string{"serve", "--listen", "127.0.0.1:0", "--json"}
	switch road {
	case "libp2p":
		args = append(args, "--p2p", "/ip4/127.0.0.1/tcp/0")
	case "HTTPS":
		args = append(args, "--https", "127.0.0.1:0")
	}
	d.program = &serving{cmd: d.command(d.opener, "", args...)}
	d.program.cmd.Stderr = &d.program.said
	out, err := d.program.cmd.StdoutPipe()
	if err == nil {
		err = d.program.cmd.Start()
	}
	if err != nil {
		d.c.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil || json.Unmarshal(line, d.program) != nil {
		_ = d.program.cmd.Wait()
		d.c.t.Fatalf("%s serves: %v: %s", d.name, err, d.program.said.String())
	}
}

// close ends the desk's program as the system would; it must end well.
func (d *desk) close() {
	d.c.t.Helper()
	if err := d.program.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.c.t.Fatal(err)
	}
	if err := d.program.cmd.Wait(); err != nil {
		d.c.t.Errorf("%s ends serving with %v: %s", d.name, err, d.program.said.String())
	}
}

// meet lets from call to, who listens for this one meeting on this one road.
func (c *county) meet(from, to, road string) {
	c.t.Helper()
	called, caller := c.desks[to], c.desks[from]
	called.close()
	called.open(road)
	met := caller.object(caller.opener, "sync", strings.Join(append(called.program.P2P, called.program.HTTPS), ""))
	number := func(key string) int { n, _ := met[key].(float64); return int(n) }
	seconds, _ := met["seconds"].(float64)
	inStep, _ := met["in_step"].(bool)
	c.legs = append(c.legs, leg{from, to, road, number("sent"), number("received"), number("bytes_sent"), number("bytes_received"), number("round_trips"), seconds})
	if number("refused") != 0 || !inStep {
		c.t.Errorf("%s and %s did not get in step: %v", from, to, met)
	}
	called.close()
	called.open("")
}

// report prints what the meetings cost.
func (c *county) report() {
	c.t.Logf("%d commands", c.commands)
	sums := map[string]*leg{}
	for _, l := range c.legs {
		c.t.Logf("%s → %s %s: %d operations out, %d in; %d + %d bytes, %d round trips, %.2f s", l.From, l.To, l.Road, l.Sent, l.Received, l.BytesSent, l.BytesIn, l.Rounds, l.Seconds)
		sum := sums[l.Road]
		if sum == nil {
			sum = &leg{Road: l.Road}
			sums[l.Road] = sum
		}
		sum.Sent, sum.Received, sum.BytesSent, sum.BytesIn, sum.Rounds, sum.Seconds = sum.Sent+l.Sent, sum.Received+l.Received, sum.BytesSent+l.BytesSent, sum.BytesIn+l.BytesIn, sum.Rounds+l.Rounds, sum.Seconds+l.Seconds
	}
	for road, l := range sums {
		c.t.Logf("%s in all: %d operations out, %d in; %d + %d bytes, %d round trips, %.2f s", road, l.Sent, l.Received, l.BytesSent, l.BytesIn, l.Rounds, l.Seconds)
	}
}
