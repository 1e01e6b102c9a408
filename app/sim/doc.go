// Package sim lets whole counties live in a world of virtual time (sync/sim):
// stations with production packs, operations, exchange and use cases, people who
// work at them, machines that die, networks that lose, disks that lie, stations
// that lie. A plain model looks on and says what must hold.
//
// It is for `hejie sim`, `make sim` and tests. It may not change what production
// code does: it gives it other machines (host.FS, host.Clock, host.Random,
// station.Road) and looks at what comes of it. Main invariant: the same options
// give the same run, line by line and byte by byte, on any machine.
package sim
