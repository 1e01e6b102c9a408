package liar

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/crypto/argon2"
)

// Folder is what the keys of a data folder hold (FORMAT 7), opened by a secret.
type Folder struct {
	Tree, Unit ID
	Seat       ed25519.PrivateKey
	Name       string
	Machine    ed25519.PrivateKey
	Reading    [][]byte // seeds of the unit's reading keys
	Issuing    []byte   // seed of its issuing key, where it has one
}

// OpenFolder opens the slot of a name, or the first seat's where name is empty.
func OpenFolder(dir, name, secret string) (*Folder, error) {
	file, err := readMap(filepath.Join(dir, "keys", "keys"))
	if err != nil {
		return nil, err
	}
	f := &Folder{}
	var store []byte
	for _, v := range file.list(3) {
		slot, _ := v.(M)
		if slot.number(1) != 1 || name != "" && slot[3] != name {
			continue
		}
		if store, err = f.slot(file.bytes(2), slot, secret); err != nil {
			return nil, err
		}
		break
	}
	if store == nil {
		return nil, fmt.Errorf("%s has no seat %q", dir, name)
	}
	local := expand(store, nil, "hejie local v1", 32)
	machine, err := boxed(dir, "machine", local, "machine key")
	if err != nil {
		return nil, err
	}
	f.Machine = ed25519.NewKeyFromSeed(machine)
	if unit, err := boxed(dir, "unit", local, "unit keys"); err == nil {
		m, err := Map(unit)
		if err != nil {
			return nil, err
		}
		for _, seed := range m.list(1) {
			if b, ok := seed.([]byte); ok {
				f.Reading = append(f.Reading, b)
			}
		}
		f.Issuing = m.bytes(2)
	}
	state, err := readMap(filepath.Join(dir, "keys", "state"))
	if err != nil {
		return nil, err
	}
	f.Tree, f.Unit = state.id(2), state.id(3)
	return f, nil
}

func (f *Folder) slot(store []byte, slot M, secret string) ([]byte, error) {
	bare := slot.clone()
	delete(bare, 8)
	associated := sha256.Sum256(append(append([]byte{}, store...), Encode(bare)...))
	if slot.number(5) > 16 || slot.number(6) > 512<<10 || slot.number(7) > 8 {
		return nil, errors.New("a slot that costs too much")
	}
	key := argon2.IDKey([]byte(secret), slot.bytes(4), uint32(slot.number(5)), uint32(slot.number(6)), uint8(slot.number(7)), 32)
	plain, err := openBox(key, associated[:], slot.bytes(8))
	if err != nil {
		return nil, fmt.Errorf("the secret opens no slot: %w", err)
	}
	m, err := Map(plain)
	if err != nil {
		return nil, err
	}
	f.Seat = ed25519.NewKeyFromSeed(m.bytes(2))
	f.Name, _ = slot[3].(string)
	return m.bytes(1), nil
}

func boxed(dir, name string, key []byte, associated string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(dir, "keys", name))
	if err != nil {
		return nil, err
	}
	return openBox(key, []byte(associated), b)
}

func readMap(path string) (M, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Map(b)
}
