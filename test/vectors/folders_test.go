package vectors

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/mem"
	"hejie/store/packstore"
)

const (
	smallFolder   = "folders/small"
	stationFolder = "folders/station"
)

// smallKey seals the small folder's packs.
var smallKey = [32]byte(recordKey("small folder"))

// nothing derives no rows.
type nothing struct{}

func (nothing) Apply(store.Tx, []store.Frame) error { return nil }
func (nothing) Version() uint32                     { return 1 }

func openFolder(dir string, key [32]byte, random host.Random) (*packstore.Store, error) {
	return mem.Open(context.Background(), packstore.Options{Dir: dir, Key: key, Applier: nothing{}, Random: random, Reserve: -1, FileSize: 16 << 10})
}

// smallFrames are what the small folder holds: with sender, token, both, none,
// and one of a kind that a later program has.
func smallFrames() []store.Frame {
	c := newCounty()
	set, logs := setOf(c, true), len(c.logs())
	frames := append(slices.Clone(set[logs:]), set[:logs]...) // small ones first
	for i := range frames {
		frames[i].Local.Arrived = 1_770_000_000_000 + int64(i)
		if i%3 == 1 {
			frames[i].Local.Sender = c.town.machine.Public()
		}
		if i%2 == 1 {
			frames[i].Local.Token = [16]byte{0x01, byte(i)}
		}
	}
	later := store.Frame{ID: store.ID(bytes.Repeat([]byte{0x99}, 32)), Kind: 77, Bytes: []byte("a later program's frame")}
	return append(frames, later)
}

// makeSmall writes the small folder: single commits, one of three frames, two files, facts.
func makeSmall(t *testing.T, dir string) {
	t.Helper()
	s, err := openFolder(dir, smallKey, seeded("small folder"))
	if err != nil {
		t.Fatal(err)
	}
	frames := smallFrames()
	batches := [][]store.Frame{frames[:3]}
	for i := 3; i < len(frames); i++ {
		batches = append(batches, frames[i:i+1])
	}
	batches = append(batches, frames[:1]) // held already: nothing is written
	for _, b := range batches {
		if _, err := s.Append(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []struct{ key, value string }{{"peers/a", "first"}, {"draft/b", "text"}, {"peers/a", "second"}} {
		if err := s.PutFact(context.Background(), f.key, []byte(f.value)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.DeleteFact(context.Background(), "draft/b"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The vectors say what is read where nothing is known of how far the packs
	// reached, as by every reader that ignores it: a torn end is one, then.
	for _, name := range []string{"reach", "reach-kept"} {
		if err := os.Remove(filepath.Join(dir, "local", name)); err != nil {
			t.Fatal(err)
		}
	}
}

// tree reads all files of a folder.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// TestSmallFolderIsCommitted: what production code writes from the seed is what lies here.
func TestSmallFolderIsCommitted(t *testing.T) {
	dir := t.TempDir()
	makeSmall(t, dir)
	if *update {
		if err := os.RemoveAll(smallFolder); err != nil {
			t.Fatal(err)
		}
		copyFolder(t, dir, smallFolder)
		return
	}
	made, old := tree(t, dir), tree(t, smallFolder)
	if len(made) != len(old) {
		t.Errorf("%d files, made are %d", len(old), len(made))
	}
	for name, b := range made {
		if !bytes.Equal(old[name], b) {
			t.Errorf("%s is not what production code writes from the seed", name)
		}
	}
}

// packFiles are the small folder's packs in order.
func packFiles(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(smallFolder, "packs", "*.pack"))
	if err != nil || len(list) < 2 {
		t.Fatalf("%d packs in %s (%v): make them with go test ./test/vectors -run SmallFolder -update", len(list), smallFolder, err)
	}
	return list
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ofVersion is a header that says another version, with a checksum that fits.
func ofVersion(h []byte, version uint32) []byte {
	h = bytes.Clone(h)
	binary.BigEndian.PutUint32(h[8:], version)
	binary.BigEndian.PutUint32(h[80:], crc32.Checksum(h[:80], crc32.MakeTable(crc32.Castagnoli)))
	return h
}

const (
	headerSize = 84
	recordHead = 32
)

// recordsOf cuts a pack into its records: offset and bytes.
func recordsOf(b []byte) (at []int, records [][]byte) {
	for from := headerSize; from < len(b); {
		n := recordHead + int(uint32(b[from+4])<<24|uint32(b[from+5])<<16|uint32(b[from+6])<<8|uint32(b[from+7]))
		at, records = append(at, from), append(records, b[from:from+n])
		from += n
	}
	return at, records
}

func recordVectors(t *testing.T) []vector {
	files := packFiles(t)
	b := read(t, files[0])
	at, records := recordsOf(b)
	name := filepath.Base(files[0])
	id := strings.TrimSuffix(name, ".pack")[9:]
	frames := smallFrames()
	of := func(i int, rec []byte) fields {
		place := []int{i + 1, 0, 1, at[i] + len(records[i])}
		if i < 3 {
			place = []int{i + 1, i, 3, at[2] + len(records[2])}
		}
		return fields{"key": hexed(smallKey[:]), "fileId": id, "record": hexed(rec), "at": at[i], "file": "packs/" + name, "place": place, "kind": int(frames[i].Kind), "frame": hexed(frames[i].Bytes)}
	}
	// A case of a few hundred bytes: a log entry has eight thousand.
	const i = 4
	bad := func(name, says string, at int) vector {
		return fault("damaged", name, says, of(i, flipped(records[i], at)))
	}
	document := fields{"key": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "fileId": "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "place": []int{5, 1, 2, 300}, "kind": 1, "frame": hexed([]byte("frame")), "documented": true, "record": documented}
	header := func(h []byte) fields {
		return fields{"key": hexed(smallKey[:]), "header": hexed(h), "number": 1, "file": "packs/" + name, "at": 0}
	}
	h := b[:headerSize]
	other := recordKey("other")
	wrongKey := header(h)
	wrongKey["key"] = hexed(other[:])
	return []vector{
		ok("the page's vector", "docs/format-packs.md 9.7.", document),
		ok("a case", "A frame by itself in its commit.", of(i, records[i])),
		ok("second of three", "The middle of a commit of three frames.", of(1, records[1])),
		bad("marker changed", "No record begins there.", 0),
		bad("length changed", "The checksum does not fit.", 7),
		bad("seq changed", "The same.", 15),
		bad("salt changed", "The same.", 19),
		bad("position changed", "The same.", 21),
		bad("count changed", "The same.", 23),
		bad("end changed", "The same.", 27),
		bad("checksum changed", "The same.", 31),
		bad("ciphertext changed", "The same.", 60),
		bad("tag changed", "The same.", -1),
		ok("header", "Of the first file.", header(h)),
		fault("old", "header of version 1", "A trial edition's, before the lasting format.", header(ofVersion(h, 1))),
		fault("newer", "header of version 3", "A newer program's.", header(ofVersion(h, 3))),
		fault("key", "header under another key", "The check tells a wrong key from a damaged file.", wrongKey),
		fault("damaged", "header's magic changed", "Damaged.", header(flipped(h, 0))),
		fault("damaged", "header's number changed", "Damaged.", header(flipped(h, 15))),
		fault("damaged", "header's check changed", "Damaged.", header(flipped(h, 70))),
		fault("damaged", "header's checksum changed", "Damaged.", header(flipped(h, 83))),
	}
}

// documented is the record of docs/format-packs.md 9.7.
const documented = "f5484a520000004f0000000000000005deadbeef000100020000012c30e3f6e46758e0ae563d12cd78644ee6ba137020" +
	"4d4876cf9ad310a0513a6761196c6a2ba824a911a8faece2653e13736b01a0d554830e19f41ffe9883ec24d459d8c5a4" +
	"d4f5aadf2cf6ccdae823dbab291599"

func folderVectors(t *testing.T) []vector {
	files := packFiles(t)
	first, last := filepath.Base(files[0]), filepath.Base(files[len(files)-1])
	firstBytes, lastBytes := read(t, files[0]), read(t, files[len(files)-1])
	firstAt, _ := recordsOf(firstBytes)
	lastAt, _ := recordsOf(lastBytes)
	var ids []string
	for _, f := range smallFrames() {
		ids = append(ids, hexed(f.ID[:]))
	}
	all := len(ids)
	of := func(ids []string) fields {
		return fields{"folder": smallFolder, "key": hexed(smallKey[:]), "ids": ids}
	}
	change := func(f fields, c map[string]any) fields {
		f["change"] = c
		return f
	}
	torn := func(f fields, n int) fields { f["torn"] = n; return f }
	damaged := func(name, says string, frames int, c map[string]any) vector {
		f := change(of(nil), c)
		delete(f, "ids")
		f["frames"] = frames
		return fault("damaged", name, says, f)
	}
	wrong := recordKey("other")
	wrongKey := of(ids)
	wrongKey["key"] = hexed(wrong[:])
	end := len(lastBytes)
	tail := lastAt[len(lastAt)-1]
	list := []vector{
		ok("whole", "Two files and facts; every frame in the order in which it came.", of(ids)),
		fault("key", "another store's key", "Nothing is opened.", wrongKey),
		ok("torn in the last record", "It was never acknowledged: it is cut, not reported.", torn(change(of(ids[:all-1]), map[string]any{"file": "packs/" + last, "cut": end - 1}), end-1-tail)),
		ok("torn after the last record's head", "The same.", torn(change(of(ids[:all-1]), map[string]any{"file": "packs/" + last, "cut": tail + 10}), 10)),
		ok("cut between two records", "As if the last save had not been.", change(of(ids[:all-1]), map[string]any{"file": "packs/" + last, "cut": tail})),
		ok("zeros after the end", "What a crash may leave of a write.", torn(change(of(ids), map[string]any{"file": "packs/" + last, "append": strings.Repeat("00", 40)}), 40)),
		damaged("a record inside is damaged", "It is skipped by its marker and reported.", all-1, map[string]any{"file": "packs/" + first, "flip": firstAt[3] + 50}),
		damaged("one record of a commit is damaged", "The others of the commit are kept: it was synced before what follows.", all-1, map[string]any{"file": "packs/" + first, "flip": firstAt[1] + 50}),
		damaged("header damaged", "The records are read with the id in the name.", all, map[string]any{"file": "packs/" + first, "flip": 40}),
		damaged("a file that is not the last is cut", "What was acknowledged is missing, and that is said.", all-(len(firstAt)-3), map[string]any{"file": "packs/" + first, "cut": firstAt[3]}),
		damaged("marker damaged", "The next marker that begins a valid record goes on.", all-1, map[string]any{"file": "packs/" + first, "flip": firstAt[4]}),
	}
	return append(list, stationVectors(t)...)
}

// judgeFolder holds production code to a folder's vector, on a copy.
func judgeFolder(t *testing.T, v vector) string {
	dir := filepath.Join(t.TempDir(), "data")
	copyFolder(t, v.text("folder"), dir)
	if c, ok := v.Fields["change"].(map[string]any); ok {
		change(t, filepath.Join(dir, filepath.FromSlash(c["file"].(string))), c)
	}
	if v.Fields["whole"] != nil {
		return judgeStation(t, v, dir)
	}
	key := [32]byte(v.bytes("key"))
	s, err := openFolder(dir, key, seeded("again"))
	if err != nil {
		return whyNot(err)
	}
	defer func() { _ = s.Close() }()
	var ids []string
	err = s.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) { ids = append(ids, hexed(f.ID[:])); return true, nil })
	})
	if err != nil {
		return whyNot(err)
	}
	if len(s.Stats().Damaged) > 0 {
		if n := v.number("frames"); n != len(ids) {
			t.Errorf("%d frames beside the damage, %d expected", len(ids), n)
		}
		return "damaged"
	}
	same(t, "frames", ids, v.strings("ids"))
	return "ok"
}

func change(t *testing.T, path string, c map[string]any) {
	t.Helper()
	b := read(t, path)
	v := vector{Fields: c}
	if _, ok := c["flip"]; ok {
		b = flipped(b, v.number("flip"))
	}
	if _, ok := c["cut"]; ok {
		b = b[:v.number("cut")]
	}
	if text, ok := c["append"].(string); ok {
		b = append(b, must(hex.DecodeString(text))...)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
