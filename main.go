// Command hejie keeps, exchanges and shows the case records of people's
// mediation.
//
// It is for choosing the front door by build tag: the command line, or with the
// tag desktop the window. It may hold nothing else but the hook by which the
// program is its own child. Invariant: both doors open
// on the same code.
package main

import (
	"os"

	"hejie/store/badger"
)

func main() {
	badger.Probe() // this process may be one that only tries rows
	os.Exit(run(os.Args[1:]))
}
