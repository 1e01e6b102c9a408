package pack

import (
	"bytes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"hejie/store"
	"hejie/store/host"
)

// A file begins with this header, all numbers big-endian. Magic, version and
// the checksum's place are for ever, so that an older program knows a newer
// file from a damaged one.
//
//	 0  magic     8  "HEJIEPAK" or "HEJIEFAC"
//	 8  version   4  1
//	12  number    4  of the file, from 1; also in its name
//	16  file id  16  random; also in its name
//	32  store id 16  the file id of the store's first pack
//	48  first    8   the seq at which the file begins
//	56  before   8   the length up to which the file numbered one less is valid
//	64  check    16  AES-256-GCM tag over bytes 0 to 64: tells a wrong key
//	80  crc32c   4   over bytes 0 to 80
const (
	headerSize = 84
	// version 1 was a trial's, before the lasting format: its frames can't be read.
	version = 2
)

// kind is what a family of files holds.
type kind struct {
	magic, prefix, suffix, info string
}

var (
	kindPack  = kind{magic: "HEJIEPAK", prefix: "", suffix: ".pack", info: infoPack}
	kindFacts = kind{magic: "HEJIEFAC", prefix: "facts-", suffix: ".log", info: infoFacts}
)

// header is a file's header.
type header struct {
	number  uint32
	id      [16]byte
	storeID [16]byte
	first   uint64
	before  int64
}

// name gives a file's name: number and id in hexadecimal. Both stand in the
// name so that a damaged header loses nothing else.
func (k kind) name(number uint32, id [16]byte) string {
	return fmt.Sprintf("%s%08x-%s%s", k.prefix, number, hex.EncodeToString(id[:]), k.suffix)
}

func (k kind) parseName(name string) (number uint32, id [16]byte, ok bool) {
	s, ok := strings.CutPrefix(name, k.prefix)
	if !ok {
		return 0, id, false
	}
	if s, ok = strings.CutSuffix(s, k.suffix); !ok || len(s) != 8+1+32 || s[8] != '-' {
		return 0, id, false
	}
	n, err := strconv.ParseUint(s[:8], 16, 32)
	if err != nil {
		return 0, id, false
	}
	b, err := hex.DecodeString(s[9:])
	if err != nil || len(b) != 16 {
		return 0, id, false
	}
	copy(id[:], b)
	return uint32(n), id, k.name(uint32(n), id) == name
}

func checkNonce() []byte { return bytes.Repeat([]byte{0xff}, 12) }

func (k kind) encodeHeader(h header, aead cipher.AEAD) []byte {
	b := make([]byte, 0, headerSize)
	b = append(b, k.magic...)
	b = binary.BigEndian.AppendUint32(b, version)
	b = binary.BigEndian.AppendUint32(b, h.number)
	b = append(b, h.id[:]...)
	b = append(b, h.storeID[:]...)
	b = binary.BigEndian.AppendUint64(b, h.first)
	b = binary.BigEndian.AppendUint64(b, uint64(h.before))
	b = aead.Seal(b, checkNonce(), nil, b[:64])
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

var errHeader = errors.New("the header is damaged")

// decodeHeader reads a header: errHeader if damaged, store.ErrWrongKey if the
// key does not fit, a NewerFormatError for a newer program's file, an
// OldFormatError for one of before the lasting format.
func (k kind) decodeHeader(b []byte, path string, aead cipher.AEAD) (header, error) {
	if len(b) < headerSize || string(b[:8]) != k.magic ||
		crc32.Checksum(b[:80], castagnoli) != binary.BigEndian.Uint32(b[80:]) {
		return header{}, errHeader
	}
	switch v := binary.BigEndian.Uint32(b[8:]); {
	case v > version:
		return header{}, &store.NewerFormatError{Path: path, Has: v, Know: version}
	case v < version:
		return header{}, &store.OldFormatError{Path: path, Has: v}
	}
	if _, err := aead.Open(nil, checkNonce(), b[64:80], b[:64]); err != nil {
		return header{}, fmt.Errorf("%w: %s", store.ErrWrongKey, path)
	}
	return header{
		number:  binary.BigEndian.Uint32(b[12:]),
		id:      [16]byte(b[16:32]),
		storeID: [16]byte(b[32:48]),
		first:   binary.BigEndian.Uint64(b[48:]),
		before:  int64(binary.BigEndian.Uint64(b[56:])),
	}, nil
}

// open opens a file by its name and reads its header. A damaged header gives
// the file with headerErr set and what its name tells.
func (k kind) open(o *Options, name string) (*file, error) {
	number, id, ok := k.parseName(name)
	if !ok {
		return nil, fmt.Errorf("%s is no %s file", name, k.suffix)
	}
	aead, err := newAEAD(o.Key, id, k.info)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(o.Dir, name)
	f := &file{name: name, path: path, aead: aead, header: header{number: number, id: id}}
	open := o.FS.Append
	if o.ReadOnly {
		open = o.FS.Open
	}
	if f.File, err = open(path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if f.size, err = f.Size(); err != nil {
		_ = f.Close() // the first error is the one to tell
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	b := make([]byte, min(f.size, headerSize))
	if _, err := f.readThrough(b, 0); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	h, err := k.decodeHeader(b, path, aead)
	switch {
	case errors.Is(err, errHeader):
		f.headerErr = err
	case err != nil:
		_ = f.Close()
		return nil, err
	case h.number != number || h.id != id:
		_ = f.Close()
		return nil, fmt.Errorf("%s was renamed: it holds number %d", path, h.number)
	default:
		f.header = h
	}
	return f, nil
}

// create makes a new file with its header and makes both durable, so that the
// first record in it needs only its own sync.
func (k kind) create(o *Options, name string, h header) (*file, error) {
	fsys, dir := o.FS, o.Dir
	aead, err := newAEAD(o.Key, h.id, k.info)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name)
	f := &file{name: name, path: path, aead: aead, header: h, size: headerSize}
	if f.File, err = fsys.Create(path); err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	_, err = f.Write(k.encodeHeader(h, aead))
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = fsys.SyncDir(dir)
	}
	if err != nil {
		_ = f.Close() // the first error is the one to tell
		if left := errors.Join(fsys.Remove(path), fsys.SyncDir(dir)); left != nil {
			err = fmt.Errorf("%w: %w", err, errLeftover)
		}
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	return f, nil
}

// errLeftover marks that a file that could not be finished could not be removed
// either: its header may say that the file before it ends, so nothing may be
// added to that one.
var errLeftover = errors.New("an unfinished file could not be removed")

// file is an open file of records.
type file struct {
	host.File
	name, path string
	aead       cipher.AEAD
	header     header
	headerErr  error // not nil: the header is damaged, records may be well
	size       int64 // up to which it is valid; the writer alone changes it
}

// read opens the record at an offset.
func (f *file) read(offset int64, length int) (record, error) {
	b := make([]byte, length)
	switch n, err := f.readThrough(b, offset); {
	case err != nil:
		return record{}, fmt.Errorf("read %s: %w", f.path, err)
	case n < length:
		return record{}, fmt.Errorf("%s at %d: %w: the file ends", f.path, offset, store.ErrDamaged)
	}
	r, err := decodeRecord(f.aead, b)
	if err != nil {
		return record{}, fmt.Errorf("%s at %d: %w", f.path, offset, err)
	}
	return r, nil
}

// sector is the piece in which a stretch is read that can't be read whole.
const sector = 4 << 10

// readThrough reads up to len(b) bytes and returns how many there were. Sectors
// that the disk does not give back are zeros: the records in them fail their
// checksums, and no other does.
func (f *file) readThrough(b []byte, offset int64) (int, error) {
	n, err := io.ReadFull(io.NewSectionReader(f, offset, int64(len(b))), b)
	switch {
	case err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return n, nil
	case !errors.Is(err, host.ErrUnreadable):
		return 0, err
	}
	for n = 0; n < len(b); {
		at := offset + int64(n)
		part := b[n:min(len(b), n+int(sector-at%sector))]
		got, err := io.ReadFull(io.NewSectionReader(f, at, int64(len(part))), part)
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return n + got, nil
		case errors.Is(err, host.ErrUnreadable):
			clear(part)
		case err != nil:
			return 0, err
		}
		n += len(part)
	}
	return n, nil
}
