package process

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// ending bounds how long a served folder may take to end in good order.
const ending = 30 * time.Second

// T is what a desk needs of a test: where what can't go on ends.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
	TempDir() string
	Context() context.Context
}

// Desk is one station: a data folder and the build that its people have.
type Desk struct {
	T       T
	Program string
	Dir     string // of its files; the data folder and what lies outside it are in it
	Pin     string
	Seat    string // which seat acts; empty: the only one
}

// New is a desk without data in a folder of its own.
func New(t T, program string) *Desk {
	t.Helper()
	return &Desk{T: t, Program: program, Dir: t.TempDir(), Pin: Secret}
}

// Data is the desk's data folder.
func (d *Desk) Data() string { return filepath.Join(d.Dir, "data") }

// Copy is the same desk in another folder: with all that lies outside its data
// folder, so that it does not count as a copied one.
func (d *Desk) Copy(t T) *Desk {
	t.Helper()
	c := *d
	c.T, c.Dir = t, filepath.Join(t.TempDir(), "desk")
	if err := copyFolder(c.Dir, d.Dir); err != nil {
		t.Fatal(err)
	}
	return &c
}

// copyFolder copies a folder with the modes of its files, which os.CopyFS widens.
func copyFolder(to, from string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		at, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return os.Chmod(filepath.Join(to, at), info.Mode().Perm())
	})
}

// Command is the program over the desk's folder, with --json.
func (d *Desk) Command(args ...string) *exec.Cmd {
	given := []string{"--data", d.Data(), "--json"}
	if d.Seat != "" {
		given = append(given, "--seat", d.Seat)
	}
	c := exec.CommandContext(d.T.Context(), d.Program, append(given, args...)...)
	c.Dir = d.Dir
	c.Env = append(os.Environ(), "HEJIE_PIN="+d.Pin, "HOME="+d.Dir, "XDG_CONFIG_HOME="+d.Dir, "XDG_STATE_HOME="+d.Dir, "LANG=en_US.UTF-8")
	return c
}

// Try runs a command: its stdout, its stderr and whether it exited with 0.
func (d *Desk) Try(args ...string) (string, string, bool) {
	d.T.Helper()
	c := d.Command(args...)
	var out, problems bytes.Buffer
	c.Stdout, c.Stderr = &out, &problems
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.T.Fatal(err)
	}
	return out.String(), problems.String(), err == nil
}

// Run runs a command that must be done and answers its stdout.
func (d *Desk) Run(args ...string) string {
	d.T.Helper()
	out, problems, ok := d.Try(args...)
	if !ok {
		d.T.Fatalf("%s: %s", strings.Join(args, " "), problems)
	}
	return out
}

// Refused runs a command that must fail and gives its sentence.
func (d *Desk) Refused(args ...string) string {
	d.T.Helper()
	out, problems, ok := d.Try(args...)
	if ok {
		d.T.Fatalf("%s: was done: %s", strings.Join(args, " "), out)
	}
	return problems
}

// Object runs a command whose stdout is one JSON object.
func (d *Desk) Object(args ...string) map[string]any {
	d.T.Helper()
	return object(d.T, d.Run(args...))
}

// Lines runs a command whose stdout is a JSON object a line.
func (d *Desk) Lines(args ...string) []map[string]any {
	d.T.Helper()
	var all []map[string]any
	for line := range strings.Lines(d.Run(args...)) {
		if strings.TrimSpace(line) != "" {
			all = append(all, object(d.T, line))
		}
	}
	return all
}

func object(t T, out string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return m
}

// File writes a file into the desk's folder and gives its path.
func (d *Desk) File(name, content string) string {
	d.T.Helper()
	path := filepath.Join(d.Dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.T.Fatal(err)
	}
	return path
}

// Read reads a file of the desk's folder.
func (d *Desk) Read(name string) string {
	d.T.Helper()
	b, err := os.ReadFile(filepath.Join(d.Dir, name))
	if err != nil {
		d.T.Fatal(err)
	}
	return string(b)
}

// Unit is what a station is set up with.
type Unit struct{ Code, Name, Person, Roles string }

// Root makes the desk the tree's first unit.
func (d *Desk) Root(u Unit) {
	d.T.Helper()
	d.Run("init", "--root", "--demo", "--unit", u.Code, "--unit-name", u.Name, "--seat-name", u.Person, "--role", u.Roles, "--recovery", "sheet.txt")
	d.easeSecrets()
}

// Join lets d become a station under by, or one more computer of a unit that by
// admitted; enrol are further arguments of enroll.
func (d *Desk) Join(by *Desk, u Unit, enrol ...string) {
	d.T.Helper()
	d.Run("init", "--unit", u.Code, "--unit-name", u.Name, "--seat-name", u.Person, "--role", u.Roles, "--request", "request", "--recovery", "sheet.txt")
	by.File("request", d.Read("request"))
	by.Run(append([]string{"enroll", "--request", "request", "--out", "certificate"}, enrol...)...)
	d.File("certificate", by.Read("certificate"))
	d.Run("join", "--certificate", "certificate")
	d.easeSecrets()
}

// Roads are where a served folder is reached.
type Roads struct {
	Listen string
	P2P    []string
	HTTPS  string
	Pid    int `json:"-"` // the process that listens
}

// Serve runs the desk's program until the test ends, on free ports of loopback.
// Commands over the same folder are then run by it.
func (d *Desk) Serve() Roads {
	d.T.Helper()
	roads, stop := d.Start()
	d.T.Cleanup(stop)
	return roads
}

// Start is Serve for those who end it themselves; stop may be called twice.
func (d *Desk) Start() (Roads, func()) {
	d.T.Helper()
	c := d.Command("serve", "--listen", "127.0.0.1:0", "--https", "127.0.0.1:0", "--p2p", "/ip4/127.0.0.1/tcp/0")
	out, err := c.StdoutPipe()
	if err != nil {
		d.T.Fatal(err)
	}
	var problems bytes.Buffer
	c.Stderr = &problems
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = ending
	if err := c.Start(); err != nil {
		d.T.Fatal(err)
	}
	stopped := false
	stop := func() {
		if stopped {
			return
		}
		stopped = true
		_ = c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil && d.T.Context().Err() == nil {
			d.T.Errorf("the served folder ended with %v: %s", err, problems.String())
		}
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var ready Roads
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil || ready.HTTPS == "" {
		stop()
		d.T.Fatalf("serve said %q (%v): %s", line, err, problems.String())
	}
	ready.Pid = c.Process.Pid
	return ready, stop
}

// Sync meets an address and answers the command's document.
func (d *Desk) Sync(address string) map[string]any {
	d.T.Helper()
	return d.Object("sync", address)
}

// InStep meets an address, after which the desk must be in step and nothing refused.
func (d *Desk) InStep(address string) {
	d.T.Helper()
	if r := d.Sync(address); r["in_step"] != true || r["refused"] != 0.0 {
		d.T.Fatalf("sync: %v", r)
	}
}
