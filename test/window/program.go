//go:build window

package window

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Binary is the program under test; `make desktop` builds it.
const Binary = "../../build/bin/hejie-desktop"

// ending bounds what closing in good order may take.
const ending = 30 * time.Second

// Program is a window's process.
type Program struct {
	command *exec.Cmd
	lines   chan string // of stdout
	exited  chan struct{}
	err     error // of Wait, once exited is closed

	mu       sync.Mutex // guards what follows
	problems bytes.Buffer
}

// Start starts a window on the display with a home of its own; env (NAME=value)
// goes on top. It ends with the test.
func Start(t *testing.T, d *Display, binary string, env ...string) *Program {
	t.Helper()
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("%v: `make desktop` builds it", err)
	}
	home := t.TempDir()
	p := &Program{command: exec.Command(binary), lines: make(chan string, 64), exited: make(chan struct{})}
	p.command.Env = append([]string{
		"PATH=" + os.Getenv("PATH"),
		"DISPLAY=" + d.name,
		"HOME=" + home,
		"XDG_RUNTIME_DIR=" + home,
		"HEJIE_DATA=" + filepath.Join(home, "hejie"),
		"LANG=C.UTF-8",
		// No accessibility bus and no accelerated graphics on this display.
		"NO_AT_BRIDGE=1",
		"LIBGL_ALWAYS_SOFTWARE=1",
		// No bus unless the test gives one, so that windows don't meet.
		"DBUS_SESSION_BUS_ADDRESS=disabled:",
	}, env...)
	// A group of its own, so that the web process ends with it.
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.command.Stderr = (*stderr)(p)
	out, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go p.watch(bufio.NewScanner(out))
	t.Cleanup(func() {
		_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL) // fails where it has ended
		<-p.exited
		if t.Failed() {
			t.Logf("the window said:\n%s", p.Problems())
		}
	})
	return p
}

func (p *Program) watch(out *bufio.Scanner) {
	out.Buffer(nil, 1<<20)
	for out.Scan() {
		p.lines <- out.Text()
	}
	close(p.lines)
	p.err = p.command.Wait()
	close(p.exited)
}

// Report waits for the next line of stdout and reads it as JSON.
func (p *Program) Report(t *testing.T, into any) {
	t.Helper()
	timer := time.NewTimer(starting)
	defer timer.Stop()
	select {
	case line, ok := <-p.lines:
		if !ok {
			t.Fatal("the window ended without a report")
		}
		if err := json.Unmarshal([]byte(line), into); err != nil {
			t.Fatalf("the window reported %q: %v", line, err)
		}
	case <-timer.C:
		t.Fatal("the window reported nothing")
	}
}

// Terminate asks the window to end, as the system does at the end of a session.
func (p *Program) Terminate(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// Kill ends the window and its web processes as a power cut would.
func (p *Program) Kill(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-p.exited
}

// WaitExit waits for the window's end and gives its status.
func (p *Program) WaitExit(t *testing.T) int {
	t.Helper()
	timer := time.NewTimer(ending)
	defer timer.Stop()
	select {
	case <-p.exited:
	case <-timer.C:
		t.Fatal("the window did not end")
	}
	var status *exec.ExitError
	if p.err != nil && !errors.As(p.err, &status) {
		t.Fatal(p.err)
	}
	return p.command.ProcessState.ExitCode()
}

// Running tells whether the window has not ended.
func (p *Program) Running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// Problems is what the window wrote to stderr.
func (p *Program) Problems() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.TrimSpace(p.problems.String())
}

type stderr Program

// Write implements io.Writer.
func (s *stderr) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problems.Write(b)
}
