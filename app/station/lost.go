package station

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/identity"
)

// A data folder has files that nothing else tells: keys. None of them is ever
// written over or made anew where it may have been lost; what is missing is
// named with the way out. What follows from the rest of the folder is made again:
// keys/state from the certificate that lies beside the keys, keys/certificate
// from the logs held, the counter instance by beginning a new epoch.

// The codes of files that are missing or damaged; each has a sentence of its own
// in the message files, with the way out.
const (
	CodeLostKeys    = "lost_keys"    // keys/keys: nothing here can be opened
	CodeLostMachine = "lost_machine" // keys/machine: this computer can't prove who it is
	CodeLostUnit    = "lost_unit"    // keys/unit: what others sealed to the unit can't be opened
	CodeLostState   = "lost_state"   // keys/state, and nothing else says whose folder it is
)

// lostFile is the problem of a file that is missing or damaged, by its name in the
// folder; why is what was found when it was read.
func lostFile(code, file, detail string, why error) *api.Error {
	e := problem(code, detail)
	e.Reason.Params = map[string]string{"file": file}
	if why != nil && !missing(why) {
		e.Reason.Detail += fmt.Sprintf(" (found when reading: %v)", why)
	}
	e.Err = why
	return e
}

func lostKeys(why error) *api.Error {
	return lostFile(CodeLostKeys, "keys/keys", "keys/keys is missing or damaged, and without it nothing in this folder can be opened; nothing was changed. Put it back from a copy of the folder; if there is none, begin in another folder with `recover --sheet` and the recovery sheet, and synchronise: what other stations have comes back", why)
}

func lostMachine(why error) *api.Error {
	return lostFile(CodeLostMachine, "keys/machine", "keys/machine, the key of this computer, is missing or damaged; nothing was changed. Put it back from a copy of the folder, or make a new one with `recover --sheet` and the recovery sheet", why)
}

func lostUnit(why error) *api.Error {
	return lostFile(CodeLostUnit, "keys/unit", "keys/unit, the keys of this unit, is missing or damaged: what others sealed to it can't be opened here. Put it back from a copy of the folder, or take it from the recovery sheet with `recover --sheet`", why)
}

func lostState(held []string, why error) *api.Error {
	e := lostFile(CodeLostState, "keys/state", fmt.Sprintf("this folder holds %s, and keys/state, which says whose they are, is missing or damaged; nothing was changed. Put it back from a copy of the folder, or take the unit's certificate file again with `join`", strings.Join(held, ", ")), why)
	e.Reason.Params["files"] = strings.Join(held, ", ")
	return e
}

// brokenSuffix ends the name under which a damaged file is kept when another
// takes its place.
const brokenSuffix = ".broken"

// setAside keeps a file that can't be read under another name, so that it is not
// written over; one that is missing is none.
func (f *folder) setAside(name string) error {
	to := f.path(name) + brokenSuffix
	for n := 1; ; n++ {
		file, err := f.fs.Open(to)
		if missing(err) {
			break
		}
		if err != nil {
			return err // nobody knows whether that name is free
		}
		_ = file.Close() // it was read only
		to = fmt.Sprintf("%s%s%d", f.path(name), brokenSuffix, n)
	}
	if err := f.fs.Rename(f.path(name), to); err != nil && !missing(err) {
		return err
	}
	return nil
}

// whose tells how far the folder is. Where keys/state does not tell, the kept
// certificate does; where neither does, lost says what is missing. A folder that
// holds nothing is empty.
func (f *folder) whose() (state folderState, lost, err error) {
	state, why := f.state()
	if newer := (*store.NewerFormatError)(nil); errors.As(why, &newer) {
		return folderState{}, nil, why
	}
	if why == nil && state.Unit != nil && state.Tree == nil {
		return state, nil, nil // it waits for its certificate
	}
	held, err := f.holds()
	if err != nil || len(held) == 0 {
		return folderState{}, nil, err
	}
	told, lost := f.told(held, why)
	switch {
	case why != nil || state.Unit == nil:
		return told, lost, nil
	case lost == nil && (*told.Tree != *state.Tree || *told.Unit != *state.Unit):
		return told, nil, nil // the certificate is signed and this is not: a damaged file
	}
	return state, nil, nil
}

// told is the state that the key file and the kept certificate tell together.
func (f *folder) told(held []string, why error) (state folderState, lost error) {
	if !slices.Contains(held, keyFile) {
		return folderState{}, lostKeys(errNothing)
	}
	kf, err := f.keyFile()
	if err != nil {
		return folderState{}, err
	}
	c, err := f.certificate()
	if err != nil {
		return folderState{}, lostState(held, why)
	}
	for _, slot := range kf.Slots {
		if u, _, err := c.admits(slot.Seat); slot.Kind == identity.SlotSecret && err == nil {
			return stateOf(c, u), nil
		}
	}
	return folderState{}, lostState(held, why)
}

// errNothing stands for a file that is not there.
var errNothing = fmt.Errorf("it is not there: %w", os.ErrNotExist)

// stateOf is the state of a folder that a certificate admits to a unit.
func stateOf(c *certificate, u identity.Unit) folderState {
	tree, unit := c.tree, u.ID
	return folderState{Tree: &tree, Unit: &unit, Code: u.Code, Name: u.Name, Demo: c.demo()}
}

// certificate reads the kept certificate: the logs that lead from the root to
// this unit, as they were when the folder was last opened.
func (f *folder) certificate() (*certificate, error) {
	b, err := f.read(certFile, maxCertificate)
	if err != nil {
		return nil, err
	}
	return readCertificate(b)
}

// keepCertificate brings the kept certificate up to date with the logs held. One
// that knows an entry that is not here is left: it is the better copy.
func (f *folder) keepCertificate(frames [][]byte) error {
	if len(frames) == 0 {
		return nil
	}
	now := certificateFile{Version: certificateVersion, Kind: certificateKind, Frames: frames}.encode()
	if old, err := f.read(certFile, maxCertificate); err == nil {
		if bytes.Equal(old, now) {
			return nil
		}
		if c, err := readCertificate(old); err == nil {
			for _, w := range c.frames {
				if w.Kind == store.KindOperation && !slices.ContainsFunc(frames, func(b []byte) bool { return bytes.Equal(b, w.Bytes) }) {
					return nil
				}
			}
		}
	}
	if len(now) > maxCertificate {
		return nil // hundreds of people of one unit: its log comes from others alone
	}
	return f.write(certFile, now)
}
