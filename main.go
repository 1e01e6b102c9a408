// Command hejie keeps, exchanges and shows the case records of people's
// mediation.
//
// It is for choosing the front door by build tag: the command line, or with the
// tag desktop the window. It may hold nothing else. Invariant: both doors open
// on the same code.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:]))
}
