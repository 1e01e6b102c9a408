package sim

// Fault is a kind of thing that goes wrong. Its name stands in reports.
type Fault string

// The faults that this package makes; the layer above adds its own.
const (
	Drop        Fault = "message dropped"
	DropAnswer  Fault = "answer dropped"
	Duplicate   Fault = "message came twice"
	Reorder     Fault = "message came late, after others"
	Delay       Fault = "message delayed"
	CutMessage  Fault = "connection cut in the middle of a message"
	Partition   Fault = "network in parts"
	PowerLoss   Fault = "power lost"
	ProgramDied Fault = "program killed"
	DiesInside  Fault = "machine died inside a change of the disk"
	SyncFailed  Fault = "sync of the disk failed"
	FlippedByte Fault = "byte flipped on the disk"
	DiskFull    Fault = "disk full"
	ReadOnly    Fault = "disk read-only"
	ClockJump   Fault = "clock jumped"
)

// Faults counts what happened, by kind.
type Faults map[Fault]int

// Add counts those of another run.
func (f Faults) Add(o Faults) {
	for k, n := range o {
		f[k] += n
	}
}
