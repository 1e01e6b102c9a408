package station

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/seal"
)

// Names in a data folder, besides those of the store (FORMAT.md 9).
const (
	keyFile      = "keys/keys"        // slots (identity.KeyFile)
	machineFile  = "keys/machine"     // the machine seat's key, sealed under the store key
	unitFile     = "keys/unit"        // the unit's private keys, sealed under the store key
	sheetFile    = "keys/sheet"       // a recovery sheet, sealed, while a lost computer's place is taken
	stateFile    = "keys/state"       // which unit and tree; nothing secret
	certFile     = "keys/certificate" // the logs that admit this folder, public, kept apart from the packs
	instanceFile = "instance"         // the counter by which copies and restored backups are told
)

// maxStateFile bounds the state file: some dozens of pending requests.
const maxStateFile = 1 << 20

// stateVersion is the version of the state file that this program writes.
const stateVersion = 1

// folderState tells how far a folder is.
type folderState struct {
	Version uint32        `cbor:"1,keyasint"`
	Tree    *store.ID     `cbor:"2,keyasint,omitempty"` // set once the station can work
	Unit    *store.ID     `cbor:"3,keyasint,omitempty"`
	Request []byte        `cbor:"4,keyasint,omitempty"` // of the folder's first seat, while it waits
	Code    string        `cbor:"5,keyasint,omitempty"`
	Name    string        `cbor:"6,keyasint,omitempty"`
	Seats   []pendingSeat `cbor:"7,keyasint,omitempty"` // added here, certificate not here yet
	Demo    bool          `cbor:"8,keyasint,omitempty"`
}

// pendingSeat is a seat whose certificate has not come yet.
type pendingSeat struct {
	Seat    identity.SeatKey `cbor:"1,keyasint"`
	Name    string           `cbor:"2,keyasint"`
	Request []byte           `cbor:"3,keyasint"`
}

// folder reads and writes the small files of a data folder.
type folder struct {
	fs      host.FS
	dir     string
	outside string // folder of the counters outside the data folder; empty: none
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f *folder) read(name string, limit int64) ([]byte, error) {
	return host.ReadFile(f.fs, f.path(name), limit)
}

func (f *folder) write(name string, data []byte) error {
	if err := f.fs.MkdirAll(filepath.Dir(f.path(name))); err != nil {
		return err
	}
	return host.WritePrivate(f.fs, f.path(name), data)
}

func missing(err error) bool { return errors.Is(err, os.ErrNotExist) }

// holds lists what lies in the folder: keys, packs, facts and what was derived
// from them, which says that there was more. It looks at all of it, so that
// nothing is written over.
func (f *folder) holds() ([]string, error) {
	var held []string
	for _, dir := range []string{"keys", "packs", "local", "badger"} {
		names, err := f.fs.ReadDir(f.path(dir))
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking into %s: %w", dir, err)
		}
		for _, name := range names {
			if dir == "badger" {
				held = append(held, dir) // hundreds of files that nobody can put back
				break
			}
			held = append(held, dir+"/"+name)
		}
	}
	if _, err := f.read(instanceFile, maxInstance); !missing(err) {
		held = append(held, instanceFile)
	}
	return held, nil
}

// state reads how far the folder is; a folder that is not there is empty.
func (f *folder) state() (folderState, error) {
	b, err := f.read(stateFile, maxStateFile)
	if missing(err) {
		return folderState{}, nil
	}
	if err != nil {
		return folderState{}, fmt.Errorf("reading %s: %w", stateFile, err)
	}
	var v struct {
		Version uint32 `cbor:"1,keyasint"`
	}
	if err := dcbor.Unmarshal(b, &v); err != nil {
		return folderState{}, fmt.Errorf("%s is damaged: %w", stateFile, err)
	}
	if v.Version > stateVersion {
		return folderState{}, &store.NewerFormatError{Path: f.path(stateFile), Has: v.Version, Know: stateVersion}
	}
	var s folderState
	if err := dcbor.Unmarshal(b, &s); err != nil {
		return folderState{}, fmt.Errorf("%s is damaged: %w", stateFile, err)
	}
	return s, nil
}

// putState writes how far the folder is; a state file that can't be read is kept
// under another name.
func (f *folder) putState(s folderState) error {
	s.Version = stateVersion
	if _, err := f.state(); err != nil {
		if err := f.setAside(stateFile); err != nil {
			return err
		}
	}
	return f.write(stateFile, dcbor.Must(s))
}

func (f *folder) keyFile() (*identity.KeyFile, error) {
	b, err := f.read(keyFile, identity.MaxKeyFile)
	if err != nil {
		return nil, lostKeys(err)
	}
	kf, err := identity.DecodeKeyFile(b)
	if newer := (*identity.NewerError)(nil); err != nil && !errors.As(err, &newer) {
		return nil, lostKeys(err)
	}
	return kf, err
}

// putSealed seals a small secret under the store key.
func (f *folder) putSealed(random host.Random, key seal.Key, name, label string, plain []byte) error {
	box, err := identity.SealLocal(random, key, label, plain)
	if err != nil {
		return err
	}
	return f.write(name, box)
}

func (f *folder) sealed(key seal.Key, name, label string) ([]byte, error) {
	box, err := f.read(name, identity.MaxBox+1024)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return identity.OpenLocal(key, label, box)
}

// machineKey reads the machine seat's key.
func (f *folder) machineKey(key seal.Key) (identity.SigningKey, error) {
	b, err := f.sealed(key, machineFile, identity.LabelMachine)
	if err == nil && len(b) != 32 {
		err = fmt.Errorf("it holds %d bytes", len(b))
	}
	if err != nil {
		return identity.SigningKey{}, lostMachine(err)
	}
	return identity.SigningKeyFrom([32]byte(b)), nil
}

func (f *folder) putMachineKey(random host.Random, key seal.Key, m identity.SigningKey) error {
	seed := m.Seed()
	return f.putSealed(random, key, machineFile, identity.LabelMachine, seed[:])
}

// unitKeys reads the unit's private keys. A folder that waits for them has the
// file all the same, and nothing in it.
func (f *folder) unitKeys(key seal.Key) (identity.UnitKeys, error) {
	var u identity.UnitKeys
	b, err := f.sealed(key, unitFile, identity.LabelUnit)
	if err == nil {
		u, err = identity.DecodeUnitKeys(b)
	}
	if err != nil {
		return identity.UnitKeys{}, lostUnit(err)
	}
	return u, nil
}

func (f *folder) putUnitKeys(random host.Random, key seal.Key, u identity.UnitKeys) error {
	return f.putSealed(random, key, unitFile, identity.LabelUnit, u.Encode())
}
