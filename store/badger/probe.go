package badger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	db "github.com/dgraph-io/badger/v4"

	"hejie/store/rows"
)

// Rows that were not closed may be well, torn, or such that Badger ends the
// program. So another process of this very program opens them first, reads
// every block, and closes them; what ends it, ends nothing else.
const (
	probeEnv = "HEJIE_PROBE_ROWS"
	// probeTime bounds a probe: a court's rows of some gigabytes on a slow disk.
	// What takes longer is derived anew.
	probeTime = 3 * time.Minute
)

// canProbe tells that Probe was called, so that this program can be its own child.
var canProbe atomic.Bool

// errProbe is returned for rows that a probe could not open.
var errProbe = errors.New("the rows that were not closed can't be opened")

// Probe makes this program able to try rows in a process of its own. It must
// be the first thing that main does, in tests that TestMain does: where this
// process is such a one, it does its work and never returns.
func Probe() {
	dir := os.Getenv(probeEnv)
	if dir == "" {
		canProbe.Store(true)
		return
	}
	if err := probe(dir, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// probe opens the rows in a folder, reads all, and closes them well.
func probe(dir string, keyFrom io.Reader) error {
	var key [32]byte
	if _, err := io.ReadFull(keyFrom, key[:]); err != nil {
		return fmt.Errorf("the key: %w", err)
	}
	log := logger{left: new(atomic.Bool)}
	d, err := db.Open(settings(dir, key, log))
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	if log.left.Load() {
		return errChanged
	}
	if err := d.VerifyChecksum(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := d.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return writeMark(dir, nil)
}

// try has rows opened and closed by another process.
func try(dir string, key [32]byte) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("%w: %w", errProbe, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), probeEnv+"="+dir)
	cmd.Stdin = bytes.NewReader(key[:])
	hide(cmd)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		line, _, _ := strings.Cut(said.String(), "\n")
		return fmt.Errorf("%w: %w: %s", errProbe, err, line)
	}
	return nil
}

// ready makes sure that opening rows ends nothing: they are new, or as they were
// closed, or were tried. It returns what is known of their files.
func ready(dir string, key [32]byte) (mark, error) {
	names, err := files(dir)
	switch {
	case err != nil:
		return nil, err
	case len(names) == 0:
		return nil, nil // new
	}
	m, err := readMark(dir)
	if errors.Is(err, errNoMark) {
		if !canProbe.Load() {
			return nil, nil // the least that can be done: see packstore's suspect mark
		}
		if err := try(dir, key); err != nil {
			return nil, err
		}
		m, err = readMark(dir)
	}
	if err == nil {
		err = m.check(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", rows.ErrDirty, err)
	}
	return m, nil
}
