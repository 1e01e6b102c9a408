// Package reader runs the independent reader of this folder, which was made from
// FORMAT.md and its pages alone, for the tests that hold the program and the
// pages to it: over vectors, captured folders, and in a meeting with a served
// station.
//
// It may know the reader's commands and no more. Main invariant: nothing of the
// program is imported here, so that the tests of the bytes do not depend on it.
package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Folder is where the reader lies, seen from any package of test/.
var Folder = filepath.Join("..", "reader")

// Run runs the reader with further variables of the environment: its stdout,
// its stderr and its exit code.
func Run(ctx context.Context, env []string, args ...string) (string, string, int, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", "", 0, errors.New("node is not installed: the independent reader of test/reader needs Node 20.19 or newer")
	}
	main := filepath.Join(Folder, "reader.mjs")
	if _, err := os.Stat(filepath.Join(Folder, "node_modules", "fzstd")); err != nil {
		return "", "", 0, errors.New("the reader's modules are missing: run `npm ci` in test/reader (make test does)")
	}
	if err := touch(main); err != nil {
		return "", "", 0, err
	}
	c := exec.CommandContext(ctx, node, append([]string{main}, args...)...)
	c.Env = append(os.Environ(), env...)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		return "", "", 0, err
	}
	return out.String(), said.String(), c.ProcessState.ExitCode(), nil
}

// touch reads the reader's files: a result that the go command cached counts
// only while they are as they were.
func touch(main string) error {
	for _, pattern := range []string{main, filepath.Join(Folder, "src", "*.mjs"), filepath.Join(Folder, "package-lock.json")} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			return fmt.Errorf("no %s is here: %v", pattern, err)
		}
		for _, name := range names {
			if _, err := os.ReadFile(filepath.Clean(name)); err != nil {
				return err
			}
		}
	}
	return nil
}
