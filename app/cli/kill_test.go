package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hejie/app/samples"
)

// killRounds is how often a go test kills; HEJIE_KILLS asks for more
// (make soak-kill), HEJIE_SEED for the same run again.
const killRounds = 12

// killer runs the command line in processes of their own and kills them.
type killer struct {
	t     *testing.T
	dir   string
	r     *rand.Rand
	maker *samples.Maker
	acked map[string]bool
	kills int
	data  string // the folder that commands are about
}

// TestKilled holds what was acknowledged through kills at any moment, and
// again when everything derived is gone.
func TestKilled(t *testing.T) {
	t.Parallel()
	rounds, seed := killRounds, uint64(1)
	if s := os.Getenv("HEJIE_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rounds, seed = n, uint64(time.Now().UnixNano())
	}
	if s := os.Getenv("HEJIE_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("%d kills, HEJIE_SEED=%d", rounds, seed)
	k := &killer{t: t, dir: t.TempDir(), r: rand.New(rand.NewPCG(seed, 1)), maker: samples.New(seed), acked: map[string]bool{}}
	k.setUp()
	address, stop := k.serveTown()
	kinds := []func(){k.killImport, k.killServe, k.killSaves, func() { k.killSync(address) }, k.killFirstOpening, k.killRebuild}
	for round := 0; k.kills < rounds; round++ {
		kinds[round%len(kinds)]()
		if round%checkEvery == 0 {
			k.check(fmt.Sprintf("after %d kills", k.kills))
		}
	}
	if len(k.acked) == 0 {
		t.Fatal("nothing was acknowledged: the kills came too early to prove anything")
	}
	if err := os.RemoveAll(filepath.Join(k.dir, "data", "badger")); err != nil {
		t.Fatal(err)
	}
	k.check("without badger")
	out := k.must("verify", "--json")
	if !bytes.Contains(out, []byte(`"bad":[]`)) {
		t.Errorf("verify: %s", out)
	}
	if out := k.must("sync", address, "--json"); !bytes.Contains(out, []byte(`"in_step":true`)) {
		t.Errorf("sync: %s", out)
	}
	stop()
	k.data = "town"
	k.check("at the township")
	t.Logf("%d kills: %d acknowledged cases are all there, at the township too", k.kills, len(k.acked))
}

// checkEvery is after how many rounds everything is looked for: a list of
// thousands of cases takes its time.
const checkEvery = 5

// setUp makes a village under a township.
func (k *killer) setUp() {
	k.data = "town"
	k.must("init", "--root", "--unit", "990125101000-zz", "--unit-name", "清溪镇", "--seat-name", "周例计", "--role", "admin,director,mediator", "--recovery", "town.sheet", "--second-sheet", "town.second")
	k.data = "data"
	k.must("init", "--request", "request", "--unit", "990125101203-tw", "--unit-name", "河湾村", "--seat-name", "赵示和", "--role", "director,mediator", "--recovery", "sheet")
	k.data = "town"
	k.must("enroll", "--request", "request", "--out", "certificate")
	k.data = "data"
	k.must("join", "--certificate", "certificate")
}

// serveTown serves the township on loopback until stop is called.
func (k *killer) serveTown() (address string, stop func()) {
	k.data = "town"
	c := k.command(k.t.Context(), "serve", "--https", "127.0.0.1:0", "--json")
	k.data = "data"
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	stop = func() {
		_ = c.Process.Kill() // a kill more; what it acknowledged must be there
		_ = c.Wait()
	}
	var ready struct{ HTTPS string }
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		err = json.Unmarshal([]byte(line), &ready)
	}
	if err != nil || ready.HTTPS == "" {
		stop()
		k.t.Fatalf("serve said %q (%v)", line, err)
	}
	return ready.HTTPS, stop
}

// killSync kills a meeting.
func (k *killer) killSync(address string) {
	c := k.command(k.t.Context(), "sync", address)
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.killAfter(c, 700*time.Millisecond)
}

// killFirstOpening kills an opening that derives everything anew.
func (k *killer) killFirstOpening() {
	if err := os.RemoveAll(filepath.Join(k.dir, "data", "badger")); err != nil {
		k.t.Fatal(err)
	}
	c := k.command(k.t.Context(), "case", "list")
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.killAfter(c, time.Second)
}

func (k *killer) killRebuild() {
	c := k.command(k.t.Context(), "rebuild")
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.killAfter(c, time.Second)
}

func (k *killer) command(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		k.t.Fatal(err)
	}
	c := exec.CommandContext(ctx, self, append(args, "--data", k.data)...)
	c.Dir = k.dir
	c.Env = append(os.Environ(), "HEJIE_TEST_COMMAND=1", "HEJIE_PIN="+testSecret, "XDG_CONFIG_HOME="+k.dir, "AppData="+k.dir, "LANG=C")
	return c
}

func (k *killer) must(args ...string) []byte {
	k.t.Helper()
	c := k.command(k.t.Context(), args...)
	var said strings.Builder
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		k.t.Fatalf("%v: %v: %s", args, err, said.String())
	}
	return out
}

// killAfter kills a started process after a random time.
func (k *killer) killAfter(c *exec.Cmd, most time.Duration) {
	timer := time.AfterFunc(time.Duration(k.r.Int64N(int64(most))), func() { _ = c.Process.Kill() })
	defer timer.Stop()
	_ = c.Wait() // killed or done, both are meant
	k.kills++
}

// importLines are the rows of one import.
const importLines = 60

// killImport kills an import; what its progress did not say may be there or not.
func (k *killer) killImport() {
	lines := k.maker.Lines(importLines)
	if err := os.WriteFile(filepath.Join(k.dir, "in.jsonl"), lines, 0o600); err != nil {
		k.t.Fatal(err)
	}
	c := k.command(k.t.Context(), "import", "in.jsonl")
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.killAfter(c, 600*time.Millisecond)
	// What was cut off goes on: every row is there once, whole.
	var r struct{ Added, Same int }
	if err := json.Unmarshal(k.must("import", "in.jsonl", "--json"), &r); err != nil || r.Added+r.Same != importLines {
		k.t.Fatalf("after a killed import %+v of %d: %v", r, importLines, err)
	}
	for id := range k.listed() { // what an import that ended counted was acknowledged
		k.acked[id] = true
	}
}

// killServe kills a program that serves several who save at once.
func (k *killer) killServe() {
	c := k.command(k.t.Context(), "serve", "--json")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		k.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(k.t.Context())
	var savers sync.WaitGroup
	var mu sync.Mutex
	for range 3 {
		savers.Go(func() {
			for ctx.Err() == nil {
				mu.Lock()
				document := k.maker.Next()
				mu.Unlock()
				if id, ok := k.saveOnce(ctx, document, nil); ok {
					mu.Lock()
					k.acked[id] = true
					mu.Unlock()
				}
			}
		})
	}
	k.killAfter(c, 1500*time.Millisecond)
	cancel()
	savers.Wait()
}

// killSaves kills saves of processes of their own.
func (k *killer) killSaves() {
	for range 3 {
		if id, ok := k.saveOnce(k.t.Context(), k.maker.Next(), func(c *exec.Cmd) { k.killAfter(c, 500*time.Millisecond) }); ok {
			k.acked[id] = true
		}
	}
}

// saveOnce records a case; ok says that its id was printed, which is the
// acknowledgement, whatever became of the process then.
func (k *killer) saveOnce(ctx context.Context, document []byte, wait func(*exec.Cmd)) (id string, ok bool) {
	c := k.command(ctx, "case", "new", "--file", "-", "--json")
	c.Stdin = bytes.NewReader(document)
	var out bytes.Buffer
	c.Stdout = &out
	if err := c.Start(); err != nil {
		return "", false
	}
	if wait == nil {
		wait = func(c *exec.Cmd) { _ = c.Wait() } // killed with the test's context, or refused
	}
	wait(c)
	var saved struct{ ID string }
	err := json.NewDecoder(&out).Decode(&saved)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		k.t.Errorf("stdout is not JSON: %v", err)
	}
	return saved.ID, err == nil
}

// listed are the cases that the folder lists.
func (k *killer) listed() map[string]bool {
	k.t.Helper()
	here := map[string]bool{}
	for line := range bytes.Lines(k.must("case", "list", "--json")) {
		var row struct{ ID string }
		if err := json.Unmarshal(line, &row); err != nil {
			k.t.Fatal(err)
		}
		here[row.ID] = true
	}
	return here
}

// check looks for everything that was acknowledged.
func (k *killer) check(when string) {
	k.t.Helper()
	here := k.listed()
	for id := range k.acked {
		if !here[id] {
			k.t.Fatalf("%s: case %s was acknowledged and is not there", when, id)
		}
	}
}
