package builds

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	// The program is built below, where the go command does not see that a cached
	// result of these tests depends on it.
	_ "hejie/app/cli"
)

const secret = "八个字的口令真长"

// ending bounds how long a served folder may take to end in good order.
const ending = 30 * time.Second

// build makes the program with build tags, otherwise as `make build` does, whose
// compiled packages it finds in the cache.
func build(t *testing.T, tags string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "hejie")
	if _, err := os.ReadFile(filepath.Join("..", "..", "app", "casework", "later_on.go")); err != nil {
		t.Fatal(err) // and a cached result counts only while it is as it was
	}
	c := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-tags", tags, "-o", out, ".")
	c.Dir = filepath.Join("..", "..")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := c.CombinedOutput(); err != nil {
		t.Fatalf("building with tags %q: %v\n%s", tags, err, b)
	}
	return out
}

// desk is one station: a data folder and the build that its people have.
type desk struct {
	t       *testing.T
	program string
	dir     string // of the files; data lies in it
}

func newDesk(t *testing.T, program string) *desk {
	t.Helper()
	return &desk{t: t, program: program, dir: t.TempDir()}
}

func (d *desk) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(d.t.Context(), d.program, append([]string{"--data", filepath.Join(d.dir, "data"), "--json"}, args...)...)
	c.Dir = d.dir
	c.Env = append(os.Environ(), "HEJIE_PIN="+secret, "HOME="+d.dir, "XDG_CONFIG_HOME="+d.dir, "XDG_STATE_HOME="+d.dir, "LANG=en_US.UTF-8")
	return c
}

// try runs a command: its stdout, its stderr and whether it exited with 0.
func (d *desk) try(args ...string) (string, string, bool) {
	d.t.Helper()
	c := d.command(args...)
	var out, problems bytes.Buffer
	c.Stdout, c.Stderr = &out, &problems
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatal(err)
	}
	return out.String(), problems.String(), err == nil
}

func (d *desk) run(args ...string) string {
	d.t.Helper()
	out, problems, ok := d.try(args...)
	if !ok {
		d.t.Fatalf("%s: %s", strings.Join(args, " "), problems)
	}
	return out
}

// refused runs a command that must fail and gives its sentence.
func (d *desk) refused(args ...string) string {
	d.t.Helper()
	out, problems, ok := d.try(args...)
	if ok {
		d.t.Fatalf("%s: was done: %s", strings.Join(args, " "), out)
	}
	return problems
}

func (d *desk) object(args ...string) map[string]any {
	d.t.Helper()
	out := d.run(args...)
	var m map[string]any
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		d.t.Fatalf("%s: %v in %s", strings.Join(args, " "), err, out)
	}
	return m
}

// file writes a file into the desk's folder and gives its path.
func (d *desk) file(name, content string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

func (d *desk) read(name string) string {
	d.t.Helper()
	b, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(b)
}

// unit is what a station is set up with.
type unit struct{ code, name, person, roles string }

func (d *desk) root(u unit) {
	d.t.Helper()
	d.run("init", "--root", "--demo", "--unit", u.code, "--unit-name", u.name, "--seat-name", u.person, "--role", u.roles, "--recovery", "sheet.txt")
}

// join lets d become a station under by, or one more computer of a unit that by admitted.
func (d *desk) join(by *desk, u unit, enrol ...string) {
	d.t.Helper()
	d.run("init", "--unit", u.code, "--unit-name", u.name, "--seat-name", u.person, "--role", u.roles, "--request", "request", "--recovery", "sheet.txt")
	by.file("request", d.read("request"))
	by.run(append([]string{"enroll", "--request", "request", "--out", "certificate"}, enrol...)...)
	d.file("certificate", by.read("certificate"))
	d.run("join", "--certificate", "certificate")
}

// serve runs the desk's program for the test's duration and gives its HTTPS address.
func (d *desk) serve() string {
	d.t.Helper()
	c := d.command("serve", "--https", "127.0.0.1:0")
	out, err := c.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	var problems bytes.Buffer
	c.Stderr = &problems
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = ending
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil && d.t.Context().Err() == nil {
			d.t.Errorf("the served folder ended with %v: %s", err, problems.String())
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var ready struct{ HTTPS string }
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil || ready.HTTPS == "" {
		d.t.Fatalf("serve said %q (%v): %s", line, err, problems.String())
	}
	return ready.HTTPS
}

// sync brings the desk in step with an address.
func (d *desk) sync(address string) {
	d.t.Helper()
	if r := d.object("sync", address); r["in_step"] != true || r["refused"] != 0.0 {
		d.t.Fatalf("sync: %v", r)
	}
}

// exported is the case as the desk's program knows it.
func (d *desk) exported() map[string]any {
	d.t.Helper()
	d.run("export", "--out", "cases.jsonl")
	var m map[string]any
	if err := json.Unmarshal([]byte(d.read("cases.jsonl")), &m); err != nil {
		d.t.Fatal(err)
	}
	return m
}
