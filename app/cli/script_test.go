package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"hejie/app/samples"
	"hejie/app/tables"
	"hejie/sync/identity"
)

// cheapSecrets make the scripts quick; the default cost is for people.
var cheapSecrets = identity.Cost{Time: 1, Memory: 8 << 10, Lanes: 1}

func testSettings() settings {
	s := production()
	s.cost = cheapSecrets
	return s
}

func TestMain(m *testing.M) {
	// Tests that kill processes start this binary as the program itself.
	if os.Getenv("HEJIE_TEST_COMMAND") != "" {
		os.Exit(mainWith(os.Args[1:], testSettings()))
	}
	testscript.Main(m, map[string]func(){
		"hejie": func() { os.Exit(mainWith(os.Args[1:], testSettings())) },
	})
}

const testSecret = "secret-123"

// TestScripts runs the command line as others run it. The commands that the
// scripts have besides testscript's own are below.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HEJIE_PIN", testSecret)
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, ".config"))
			env.Setenv("AppData", filepath.Join(env.WorkDir, ".config"))
			env.Setenv("LANG", "C")
			env.Values[servingsKey{}] = map[string]*running{}
			env.Defer(func() {
				for _, s := range env.Values[servingsKey{}].(map[string]*running) {
					_ = s.cmd.Process.Kill()
					_ = s.cmd.Wait()
				}
			})
			return writeSamples(env.WorkDir)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "get": get, "serve": serve, "stop": stop, "county": county, "flip": flip, "repeat": repeat, "same": sameCount,
		},
	})
}

func writeSamples(dir string) error {
	numbering, err := json.Marshal(tables.Default().Document(tables.TableNumbering))
	if err != nil {
		return err
	}
	later := bytes.Replace(numbering, []byte(`"version":1,`), []byte(`"version":2,`), 1)
	for name, content := range map[string][]byte{
		"wall.json": samples.Wall(), "wages.json": samples.Wages(), "cases.jsonl": samples.New(1).Lines(20),
		"numbering.json": later, "hole.json": bytes.Replace(later, []byte(`"digits":`), []byte(`"figures":`), 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// exits STATUS COMMAND… runs a command that must end with this status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	if want != 0 {
		said := strings.TrimSpace(ts.ReadFile("stderr"))
		last := said[strings.LastIndexByte(said, '\n')+1:]
		if !strings.HasPrefix(last, "hejie: ") || strings.Contains(last, "goroutine ") {
			ts.Fatalf("stderr does not end with one sentence: %q", said)
		}
	}
}

// get VAR PATH [VALUE] reads a value of the first line of stdout, as JSON, into
// a variable; with a value, compares it.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 && len(args) != 3 {
		ts.Fatalf("usage: get VAR PATH [VALUE]")
	}
	line, rest, _ := strings.Cut(ts.ReadFile("stdout"), "\n")
	_ = rest
	var v any
	if err := json.Unmarshal([]byte(line), &v); err != nil {
		ts.Fatalf("stdout is not JSON: %v: %q", err, line)
	}
	for _, key := range strings.Split(args[1], ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[key]
		case []any:
			n, err := strconv.Atoi(key)
			if err != nil || n >= len(at) {
				ts.Fatalf("no entry %s in %v", key, at)
			}
			v = at[n]
		default:
			ts.Fatalf("no %s in %v", key, v)
		}
	}
	s := valueText(v)
	if len(args) == 3 && (s == args[2]) == neg {
		ts.Fatalf("%s is %q", args[1], s)
	}
	ts.Setenv(args[0], s)
}

// sameCount N checks how many lines stdout has.
func sameCount(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := strings.Count(ts.ReadFile("stdout"), "\n"); (got == want) == neg {
		ts.Fatalf("stdout has %d lines", got)
	}
}

type servingsKey struct{}

type running struct {
	cmd    *exec.Cmd
	stderr strings.Builder
}

// serve NAME ARGS… starts `hejie serve` and waits until it is ready; its
// addresses are in NAME_LISTEN, NAME_P2P and NAME_HTTPS.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve NAME ARGS…")
	}
	bin := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		for _, name := range []string{"hejie", "hejie.exe"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil && bin == "" {
				bin = filepath.Join(dir, name)
			}
		}
	}
	s := &running{cmd: exec.Command(bin, append([]string{"serve", "--json"}, args[1:]...)...)}
	s.cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{"HEJIE_PIN", "XDG_CONFIG_HOME", "AppData", "LANG", "PATH", "HOME", "WORK", "TMPDIR"} {
		s.cmd.Env = append(s.cmd.Env, name+"="+ts.Getenv(name))
	}
	s.cmd.Stderr = &s.stderr
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Value(servingsKey{}).(map[string]*running)[args[0]] = s
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = s.cmd.Wait()
		ts.Fatalf("serve ended: %v: %s", err, s.stderr.String())
	}
	var ready readyLine
	ts.Check(json.Unmarshal([]byte(line), &ready))
	ts.Setenv(args[0]+"_LISTEN", ready.Listen)
	ts.Setenv(args[0]+"_HTTPS", ready.HTTPS)
	if len(ready.P2P) > 0 {
		ts.Setenv(args[0]+"_P2P", ready.P2P[0])
	}
}

// stop NAME ends it as the system would; it must end well.
func stop(ts *testscript.TestScript, neg bool, args []string) {
	all := ts.Value(servingsKey{}).(map[string]*running)
	s := all[args[0]]
	delete(all, args[0])
	if neg { // killed, as by a power cut
		ts.Check(s.cmd.Process.Kill())
		_ = s.cmd.Wait()
		return
	}
	ts.Check(s.cmd.Process.Signal(os.Interrupt))
	if err := s.cmd.Wait(); err != nil {
		ts.Fatalf("serve ended with %v: %s", err, s.stderr.String())
	}
}

// county makes court, town and village in folders of these names, enrolled.
func county(ts *testscript.TestScript, _ bool, _ []string) {
	ctx := context.Background()
	set := testSettings()
	set.outside = filepath.Join(ts.Getenv("XDG_CONFIG_HOME"), "hejie", "instances")
	a := &app{w: &world{stderr: io.Discard}, set: set}
	var above *demoStation
	for _, c := range []struct{ name, like string }{{"court", "court"}, {"town", "township"}, {"village", "hewan"}} {
		i := slices.IndexFunc(demoUnits, func(u demoUnit) bool { return u.folder == c.like })
		u := demoUnits[i].unit
		u.Secret, u.Court, u.Bureau = testSecret, "", "" // neither of them is here
		d, err := a.demoStation(ctx, filepath.Join(ts.Getenv("WORK"), c.name), u, above)
		ts.Check(err)
		defer func() { ts.Check(d.st.Close()) }()
		above = d
	}
}

// flip FILE POSITION changes one bit of a byte; a negative position counts from the end.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	raw, err := os.ReadFile(name)
	ts.Check(err)
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(raw)
	}
	raw[at] ^= 1
	ts.Check(os.WriteFile(name, raw, 0o600))
}

// repeat FILE BEFORE TEXT TIMES AFTER writes a file of a repeated text.
func repeat(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[3])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(args[1]+strings.Repeat(args[2], n)+args[4]), 0o600))
}
