// Package pack keeps frames and facts in sealed files that only grow.
//
// It is the durable form of everything a node holds (docs/format-packs.md gives
// the bytes): the Log keeps frames in packs/, the Facts keep small values in
// local/. It may not know what a frame means, and keeps no index: who reads says
// where. Invariants: what a Flush returned for is on the disk, synced, with the
// names that lead to it; a commit that a crash cut short is dropped whole; a
// damaged place loses the records it touches and no other.
package pack

import "fmt"

// Limits and steps, each with its reason.
const (
	// FileSize is where the next commit begins a new file: small enough to copy,
	// check and stream as a unit, large enough that a million cases are few files.
	FileSize = 64 << 20
	// MaxCommit bounds the bytes of one commit, which is held in memory whole.
	MaxCommit = 64 << 20
	// Reserve is the free space under which nothing more is written: enough to
	// start the program, compact, and carry the data away.
	Reserve = 64 << 20
)

// Damage is one stretch of a file that holds no readable record.
type Damage struct {
	File     string
	From, To int64
	What     string
	// Seq and Count are the places of frames that were lost there; a Count of 0
	// is damage of which that is not known, or which costs none.
	Seq, Count uint64
}

// Where names the place.
func (d Damage) Where() string { return fmt.Sprintf("%s at %d", d.File, d.From) }
