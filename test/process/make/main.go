// Command make builds what the tests of one run share into a folder: the
// program, and a county of four stations without cases.
//
// It is for `make test` and the tests in a browser. It may not be used for
// folders that people work with: the secrets in it are known and cheap.
// Invariant: it ends with 0 only where all of it is there.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hejie/test/process"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: make DIR")
		os.Exit(2)
	}
	if err := process.Share(context.Background(), filepath.Clean(os.Args[1])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
