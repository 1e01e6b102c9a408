package sim

import (
	"hejie/app/api"
	"hejie/store/host"
	"hejie/store/rows"
	"hejie/sync/exchange"
	"hejie/sync/sim"
)

// Plant is a defect put into one machine through the seams that production code
// has anyway, so that tests prove that the simulator finds its like. A zero
// Plant puts in none.
type Plant struct {
	// FS is what the program gets for its disk.
	FS func(*sim.Disk) host.FS
	// Replica is what answers others.
	Replica func(exchange.Replica) exchange.Replica
	// Caller is what calls others; only a hostile machine's is another than its
	// station's own.
	Caller func(exchange.Replica) exchange.Replica
	// Engine keeps the rows.
	Engine func(rows.Opener) rows.Opener
	// Told is what people are told is due.
	Told func([]api.DueItem) []api.DueItem
}
