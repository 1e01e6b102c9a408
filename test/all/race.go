package main

import (
	"context"
)

// raceDetected are the packages whose tests run under the race detector: those
// that start goroutines, in the program or in a test, and those whose code the
// goroutines of a library call. It costs five times the time, so all others run
// without; a test finds who is missing here.
var raceDetected = []string{
	"hejie/app/api/...",
	"hejie/app/station/...",
	"hejie/store/badger",
	"hejie/store/host",
	"hejie/store/mem",
	"hejie/store/packstore",
	"hejie/store/storetest",
	"hejie/sync/crdt",
	"hejie/sync/exchange/...",
	"hejie/sync/https",
	"hejie/sync/identity",
	"hejie/sync/p2p",
	"hejie/sync/replica",
	"hejie/sync/rooms",
}

// withoutRaces start goroutines and are left out all the same.
var withoutRaces = map[string]string{
	"app/bench":   "measures; what runs at once in it are the packages above",
	"app/cli":     "its tests start processes, which the detector does not see into",
	"app/sim":     "one task of its world runs at a time, which is what the simulator is for",
	"sync/sim":    "its world runs one task at a time; a test plays it on one and on two processors",
	"test/review": "its goroutines hold connections to the program, which is another process",
	"app/desktop": "one goroutine, which waits for the station to end",
	"test/window": "looks at a window of another process",
}

// racePackages are the names of the packages under the race detector.
func racePackages(ctx context.Context) ([]string, error) { return list(ctx, raceDetected) }
