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
// the folder outside.
func (f *folder) openInstance(random host.Random, id [16]byte) (oplog.Epoch, error) {
	inside, okIn, err := f.readInstance(f.path(instanceFile))
	if err != nil {
		return oplog.Epoch{}, err
	}
	var away instance
	okOut := false
	if f.outside != "" {
		if away, okOut, err = f.readInstance(f.outsideFile(id)); err != nil {
			okOut = false // an unreadable counter tells nothing: a new epoch is always safe
		}
	}
	same := okIn && ((f.outside == "") || (okOut && away.Counter == inside.Counter && away.Epoch == inside.Epoch))
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
	next, _, err := f.readInstance(f.path(instanceFile))
	if err != nil {
		return oplog.Epoch{}, err
	}
	next.Counter++
	if _, err := io.ReadFull(random, next.Epoch[:]); err != nil {
		return oplog.Epoch{}, err
	}
	return next.Epoch, f.putInstance(id, next)
}

func (f *folder) outsideFile(id [16]byte) string {
	return filepath.Join(f.outside, hex.EncodeToString(id[:]))
}

func (f *folder) readInstance(path string) (instance, bool, error) {
	b, err := host.ReadFile(f.fs, path, maxInstance)
	if missing(err) {
		return instance{}, false, nil
	}
	if err != nil {
		return instance{}, false, err
	}
	var i instance
	whole := dcbor.Unmarshal(b, &i) == nil // damaged: not sure, so a new epoch
	return i, whole, nil
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
