package pack

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"path/filepath"

	"hejie/store"
	"hejie/store/host"
)

// CheckEdition is a *store.OldFormatError where a pack of a data folder is a
// trial edition's. It needs no key and writes nothing, so that such a folder can
// be refused before anything in it is touched. Whatever can't be read is for
// opening to tell.
func CheckEdition(fsys host.FS, folder string) error {
	dir := filepath.Join(folder, "packs")
	names, err := fsys.ReadDir(dir)
	if err != nil {
		return nil //nolint:nilerr // no packs: no edition
	}
	for _, name := range names {
		if _, _, ok := kindPack.parseName(name); !ok {
			continue
		}
		path := filepath.Join(dir, name)
		if v, ok := versionOf(fsys, path); ok && v < version {
			return &store.OldFormatError{Path: path, Has: v}
		}
	}
	return nil
}

// versionOf reads a pack's version from its header, if that is whole.
func versionOf(fsys host.FS, path string) (v uint32, ok bool) {
	f, err := fsys.Open(path)
	if err != nil {
		return 0, false
	}
	b := make([]byte, headerSize)
	_, err = f.ReadAt(b, 0)
	if err = errors.Join(err, f.Close()); err != nil || string(b[:8]) != kindPack.magic {
		return 0, false
	}
	if crc32.Checksum(b[:80], castagnoli) != binary.BigEndian.Uint32(b[80:]) {
		return 0, false
	}
	return binary.BigEndian.Uint32(b[8:]), true
}
