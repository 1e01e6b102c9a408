package main

import (
	"context"
	"maps"
	"slices"
	"strings"
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

// playedInTurn are tests of packages under the race detector that do one thing
// after another, at length: what runs at once there other tests try. They are
// played without the detector.
var playedInTurn = map[string][]string{
	"hejie/app/station":  {"TestDamageIsToldAndHealed", "TestDesksThatWorkApartAgree", "TestDrivenAtRandom", "TestPowerIsLostAtAStation"},
	"hejie/store/badger": {"TestDamage"},
	"hejie/store/mem":    {"TestDamage"},
}

// inTurn is an expression for the names of those tests, and their packages.
func inTurn() (expression string, packages []string) {
	var names []string
	for _, pkg := range slices.Sorted(maps.Keys(playedInTurn)) {
		packages = append(packages, pkg)
		names = append(names, playedInTurn[pkg]...)
	}
	slices.Sort(names)
	return "^(" + strings.Join(slices.Compact(names), "|") + ")$", packages
}

// racePackages are the names of the packages under the race detector.
func racePackages(ctx context.Context) ([]string, error) { return list(ctx, raceDetected) }
