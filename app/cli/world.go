package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"hejie/app/casework/data"
	"hejie/store/host"
	"hejie/store/rows"
	"hejie/sync/identity"
)

// The environment that commands read.
const (
	envData   = "HEJIE_DATA"
	envPIN    = "HEJIE_PIN"
	envNewPIN = "HEJIE_NEW_PIN"
)

// world is what one command knows of who called it: this process, or one that
// found the folder in use and speaks through the door.
type world struct {
	dir    string            // working folder; names of files are relative to it
	env    map[string]string // those of the variables above that are set
	lang   data.Lang         // of the environment
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	// ask asks the person at the terminal; secret: without showing what is
	// typed. nil: stdin is no terminal, and nothing is ever asked.
	ask func(prompt string, secret bool) (string, error)
}

// settings are what differs between the program and its tests.
type settings struct {
	cost    identity.Cost // of new secrets; zero: the default
	clock   host.Clock
	random  host.Random
	engine  rows.Opener
	outside string // folder of the counters outside the data folder
	// wait waits for the time that a wrong secret before costs.
	wait func(context.Context, time.Duration) error
}

// machine is the world of this process.
func machine(ctx context.Context) (*world, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	w := &world{dir: dir, env: map[string]string{}, lang: environmentLanguage(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	for _, name := range []string{envData, envPIN, envNewPIN} {
		if v := os.Getenv(name); v != "" {
			w.env[name] = v
		}
	}
	if fd := int(os.Stdin.Fd()); term.IsTerminal(fd) {
		w.ask = func(prompt string, secret bool) (string, error) { return askTerminal(ctx, fd, prompt, secret) }
	}
	return w, nil
}

// maxAnswer bounds what a person types as one answer.
const maxAnswer = 4096

var errInterrupted = errors.New("interrupted")

// askTerminal reads one line from the terminal. A signal while a secret is
// typed gives the terminal back its echo.
func askTerminal(ctx context.Context, fd int, prompt string, secret bool) (string, error) {
	if _, err := io.WriteString(os.Stderr, prompt); err != nil {
		return "", err
	}
	type answer struct {
		line string
		err  error
	}
	before, stateErr := term.GetState(fd)
	done := make(chan answer, 1)
	go func() {
		if secret {
			b, err := term.ReadPassword(fd)
			_, _ = io.WriteString(os.Stderr, "\n") // the person's own newline was not shown
			done <- answer{string(b), err}
			return
		}
		line, err := readLine(os.Stdin)
		done <- answer{line, err}
	}()
	select {
	case a := <-done:
		return a.line, a.err
	case <-ctx.Done():
		if stateErr == nil {
			_ = term.Restore(fd, before) // the process ends right after
		}
		return "", errInterrupted
	}
}

// readLine reads to the end of a line byte by byte, so that what follows stays
// for the next reader.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) < maxAnswer; {
		n, err := r.Read(b)
		if n == 1 {
			if b[0] == '\n' {
				break
			}
			line = append(line, b[0])
		}
		if err == io.EOF && len(line) > 0 {
			break
		}
		if err != nil {
			return "", err
		}
	}
	for len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return string(line), nil
}

// path makes a name that the caller gave absolute.
func (w *world) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(w.dir, name)
}
