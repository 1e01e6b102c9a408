package badger

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// markFile lies in an engine's folder while it is closed and was closed well. It
// lists the folder's files with their sums. Badger itself is no judge of its
// files: of a table with a damaged index it says nothing and goes on without it,
// a scan that meets a damaged block ends as if there were no more rows, and a
// file that was cut ends the program, in goroutines where nobody can catch it.
const markFile = "clean"

// Bounds of what an opening reads to compare sums: all of a file up to
// wholeFile, of a larger table the end that Badger reads at once. Check reads
// the rest later.
const (
	wholeFile = 1 << 20
	// wholeAll is up to how many bytes of files together all are read whole: a
	// tenth of a second on a slow disk.
	wholeAll = 32 << 20
)

// sum is what the mark says of a file.
type sum struct {
	Size int64  `json:"size"`
	All  uint32 `json:"all"`  // CRC-32C of its bytes
	End  uint32 `json:"end"`  // of those from From on
	From int64  `json:"from"` // where what Badger reads at opening begins
}

// mark is the list of an engine's files.
type mark map[string]sum

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var (
	errNoMark  = errors.New("the rows were not closed")
	errChanged = errors.New("the files of the rows were changed since they were closed")
)

// readMark reads the mark of a folder; errNoMark if there is none that is whole.
func readMark(dir string) (mark, error) {
	b, err := os.ReadFile(filepath.Join(dir, markFile))
	if errors.Is(err, fs.ErrNotExist) || len(b) < 4 {
		return nil, errNoMark
	}
	if err != nil {
		return nil, fmt.Errorf("read the mark of the rows: %w", err)
	}
	var m mark
	if crc32.Checksum(b[4:], castagnoli) != binary.BigEndian.Uint32(b) || json.Unmarshal(b[4:], &m) != nil {
		return nil, errNoMark
	}
	return m, nil
}

// writeMark lists the files of a folder that was closed. Of files that an
// earlier mark knows and that never change the sum is taken from there.
func writeMark(dir string, before mark) error {
	names, err := files(dir)
	if err != nil {
		return err
	}
	m := mark{}
	for name, size := range names {
		if old, ok := before[name]; ok && old.Size == size && filepath.Ext(name) == tableExt {
			m[name] = old
			continue
		}
		if m[name], err = sumOf(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write the mark of the rows: %w", err)
	}
	b = append(binary.BigEndian.AppendUint32(nil, crc32.Checksum(b, castagnoli)), b...)
	// It need not outlive the power: without it the rows are tried first.
	if err := os.WriteFile(filepath.Join(dir, markFile), b, 0o600); err != nil {
		return fmt.Errorf("write the mark of the rows: %w", err)
	}
	return nil
}

const (
	tableExt = ".sst"
	pidFile  = "LOCK" // Badger's; it says nothing
)

// files gives the names and sizes of the files in an engine's folder. Anything
// there that is no file is an error.
func files(dir string) (map[string]int64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of the rows: %w", err)
	}
	out := map[string]int64{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("read the folder of the rows: %w", err)
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is no file: %w", filepath.Join(dir, e.Name()), errChanged)
		}
		if e.Name() != markFile && e.Name() != pidFile {
			out[e.Name()] = info.Size()
		}
	}
	return out, nil
}

// check compares what an opening will read with the mark.
func (m mark) check(dir string) error {
	names, err := files(dir)
	if err != nil {
		return err
	}
	all := int64(0)
	for _, size := range names {
		all += size
	}
	for name, want := range m {
		size, there := names[name]
		if !there || size != want.Size {
			return fmt.Errorf("%s: %w", name, errChanged)
		}
		delete(names, name)
		from, sum := int64(0), want.All
		if all > wholeAll && size > wholeFile {
			from, sum = want.From, want.End
		}
		got, err := crcOf(filepath.Join(dir, name), from)
		if err != nil {
			return err
		}
		if got != sum {
			return fmt.Errorf("%s: %w", name, errChanged)
		}
	}
	for name := range names {
		return fmt.Errorf("%s was added: %w", name, errChanged)
	}
	return nil
}

// checkTables compares the tables that are still there with the mark, whole.
func (m mark) checkTables(dir string, stop <-chan struct{}) error {
	for name, want := range m {
		select {
		case <-stop:
			return nil
		default:
		}
		if filepath.Ext(name) != tableExt {
			continue
		}
		got, err := crcOf(filepath.Join(dir, name), 0)
		if errors.Is(err, fs.ErrNotExist) {
			continue // merged into others meanwhile
		}
		if err != nil {
			return err
		}
		if got != want.All {
			return fmt.Errorf("%s: %w", name, errChanged)
		}
	}
	return nil
}

// sumOf reads a file for the mark.
func sumOf(path string) (sum, error) {
	f, err := os.Open(path)
	if err != nil {
		return sum{}, fmt.Errorf("read the rows: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return sum{}, fmt.Errorf("read the rows: %w", err)
	}
	s := sum{Size: info.Size()}
	if filepath.Ext(path) == tableExt {
		s.From = tableEnd(f, s.Size)
	}
	head, tail := crc32.New(castagnoli), crc32.New(castagnoli)
	if _, err := io.CopyN(head, f, s.From); err != nil {
		return sum{}, fmt.Errorf("read %s: %w", path, err)
	}
	if _, err := io.Copy(io.MultiWriter(head, tail), f); err != nil {
		return sum{}, fmt.Errorf("read %s: %w", path, err)
	}
	s.All, s.End = head.Sum32(), tail.Sum32()
	return s, nil
}

// tableEnd is where the index of a table begins: the file ends with index,
// its length, its checksum, and that one's length, numbers in four bytes.
func tableEnd(f io.ReaderAt, size int64) int64 {
	b := make([]byte, 4)
	at := size
	for range 2 {
		if at -= 4; at < 0 {
			return 0
		}
		if _, err := f.ReadAt(b, at); err != nil {
			return 0
		}
		if at -= int64(binary.BigEndian.Uint32(b)); at < 0 {
			return 0
		}
	}
	// Badger also reads the last block, for the greatest key.
	return max(0, at-lastBlock)
}

// lastBlock is more than a block of a table has, which ends with the first row
// that makes it longer than four KiB.
const lastBlock = 64 << 10

// crcOf sums up a file's bytes from a place on.
func crcOf(path string, from int64) (uint32, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read the rows: %w", err)
	}
	defer f.Close()
	h := crc32.New(castagnoli)
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return 0, fmt.Errorf("read the rows: %w", err)
	}
	if _, err := io.Copy(h, f); err != nil {
		return 0, fmt.Errorf("read the rows: %w", err)
	}
	return h.Sum32(), nil
}
