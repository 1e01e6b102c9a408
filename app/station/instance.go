package station

import (
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// instance tells a folder that goes on from its own last opening from one that
// was copied or restored: its counter is raised at each opening, here and
// outside the data folder. Any difference begins a new epoch, so that a number
// in a lane is never used again (DESIGN 3).
type instance struct {
	Counter uint64      `cbor:"1,keyasint"`
	Epoch   oplog.Epoch `cbor:"2,keyasint"`
}

const maxInstance = 1024

// openInstance raises the counters and gives the epoch to write in. id names
// the folder outside; behind says that the packs lost something, which begins a
// new epoch too. An error means that no number may be given away.
func (f *folder) openInstance(random host.Random, id [16]byte, behind bool) (oplog.Epoch, error) {
	// A counter that can't be read tells nothing: a new epoch is always safe.
	inside, okIn := f.readInstance(f.path(instanceFile))
	var away instance
	okOut := false
	if f.outside != "" {
		away, okOut = f.readInstance(f.outsideFile(id))
	}
	same := !behind && okIn && ((f.outside == "") || (okOut && away.Counter == inside.Counter && away.Epoch == inside.Epoch))
	next := instance{Counter: max(inside.Counter, away.Counter) + 1, Epoch: inside.Epoch}
	if !same {
		if _, err := io.ReadFull(random, next.Epoch[:]); err != nil {
			return oplog.Epoch{}, err
		}
	}
	return next.Epoch, f.putInstance(id, next)
}

// newEpoch begins a new epoch while the folder is open.
func (f *folder) newEpoch(random host.Random, id [16]byte) (oplog.Epoch, error) {
	next, _ := f.readInstance(f.path(instanceFile))
	next.Counter++
	if _, err := io.ReadFull(random, next.Epoch[:]); err != nil {
		return oplog.Epoch{}, err
	}
	return next.Epoch, f.putInstance(id, next)
}

func (f *folder) outsideFile(id [16]byte) string {
	return filepath.Join(f.outside, hex.EncodeToString(id[:]))
}

// readInstance reads a counter; false where it is missing or damaged.
func (f *folder) readInstance(path string) (i instance, whole bool) {
	b, err := host.ReadFile(f.fs, path, maxInstance)
	if err != nil || dcbor.Unmarshal(b, &i) != nil {
		return instance{}, false
	}
	return i, true
}

// putInstance writes outside first: a crash between the two leaves a
// difference, which is safe.
func (f *folder) putInstance(id [16]byte, i instance) error {
	b := dcbor.Must(i)
	if f.outside != "" {
		err := f.fs.MkdirAll(f.outside)
		if err == nil {
			err = host.WriteFile(f.fs, f.outsideFile(id), b)
		}
		if err != nil {
			return fmt.Errorf("raising the counter outside the data folder: %w", err)
		}
	}
	return host.WriteFile(f.fs, f.path(instanceFile), b)
}
