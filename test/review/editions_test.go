package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// files are the names and hashes of all that lies in a desk's folder.
func files(t *testing.T, d *process.Desk) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(d.Data(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[path] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// repack writes another version into the header of each pack.
func repack(t *testing.T, d *process.Desk, version uint32) {
	t.Helper()
	packs, err := filepath.Glob(filepath.Join(d.Data(), "packs", "*.pack"))
	if err != nil || len(packs) == 0 {
		t.Fatal(packs, err)
	}
	for _, path := range packs {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		binary.BigEndian.PutUint32(b[8:], version)
		binary.BigEndian.PutUint32(b[80:], crc32.Checksum(b[:80], crc32.MakeTable(crc32.Castagnoli)))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFoldersOfOtherEditions: a folder of the trial edition, or of a later one,
// is refused with a sentence by every command, and nothing in it is touched.
func TestFoldersOfOtherEditions(t *testing.T) {
	c := newCounty(t)
	for version, says := range map[uint32]string{1: "trial edition", 3: "newer"} {
		d := c.village.Copy(t)
		repack(t, d, version)
		_ = os.Remove(filepath.Join(d.Data(), "door.lock"))
		before := files(t, d)
		outside := d.File("x.json", "{}")
		for _, args := range [][]string{
			{"case", "list"},
			{"case", "get", strings.Repeat("00", 32)},
			{"case", "new", "--file", outside},
			{"status"},
			{"verify"},
			{"rebuild"},
			{"units"},
			{"seats"},
			{"due"},
			{"inbox"},
			{"sync", "https://127.0.0.1:1"},
			{"import", outside},
			{"export", "--out", "out.jsonl"},
			{"serve", "--listen", "127.0.0.1:0"},
			{"enroll", "--request", outside, "--out", "o"},
			{"join", "--certificate", outside},
			{"secret", "change"},
			{"table", "list"},
			{"init", "--root", "--unit", process.Village.Code, "--unit-name", "例", "--seat-name", "例甲", "--role", "admin", "--recovery", "s.txt"},
		} {
			out, said, ok := d.Try(args...)
			if ok || len(out) > 0 || strings.Count(strings.TrimSpace(said), "\n") > 0 || strings.Contains(said, "goroutine") {
				t.Errorf("version %d, %v: %t %s%s", version, args, ok, out, said)
			}
			if args[0] != "init" && args[0] != "join" && !strings.Contains(said, says) {
				t.Errorf("version %d, %v: %s", version, args, said)
			}
			after := files(t, d)
			if version == 1 && !maps.Equal(before, after) {
				for f := range after {
					if before[f] != after[f] {
						t.Errorf("version %d, %v: %s changed", version, args, f)
					}
				}
				before = after
			}
		}
		for f, sum := range files(t, d) {
			if old, had := before[f]; had && old != sum && strings.Contains(f, "packs") {
				t.Errorf("version %d: %s changed", version, f)
			}
		}
	}
}

// TestFlippedBytes: one byte in each region of a pack.
func TestFlippedBytes(t *testing.T) {
	m := meet(t, 2)
	packs, _ := filepath.Glob(filepath.Join(m.village.Data(), "packs", "*.pack"))
	whole, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range []int{0, 8, 11, 12, 20, 40, 50, 60, 70, 82, 84, 90, 100, len(whole) / 4, len(whole) / 2, len(whole) * 3 / 4, len(whole) - 1, -60, -200} {
		d := m.village.Copy(t)
		path := filepath.Join(d.Data(), "packs", filepath.Base(packs[0]))
		b := bytes.Clone(whole)
		if at < 0 {
			b = b[:len(b)+at]
		} else {
			b[at] ^= 0x10
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"case", "list"}, {"status"}, {"verify"}} {
			if _, said, _ := d.Try(args...); strings.Contains(said, "goroutine") {
				t.Errorf("%d at %d: %v: %s", i, at, args, said)
			}
		}
		if _, said, ok := d.Try("sync", m.address); strings.Contains(said, "goroutine") {
			t.Errorf("at %d: sync: %s", at, said)
		} else if !ok {
			continue
		}
		for _, of := range m.cases {
			a, said, _ := d.Try("case", "get", of)
			if b := m.town.Run("case", "get", of); a != b {
				t.Errorf("at %d: %s%s", at, a, said)
			}
		}
	}
}

// TestNewerMessages: keys, versions and kinds of messages that come later.
func TestNewerMessages(t *testing.T) {
	m := meet(t, 1)
	nonce := make([]byte, 16)
	tree := m.liar.Tree
	ask := func(more liar.M) (uint64, liar.M) {
		r := liar.M{1: 2, 2: 1, 3: tree[:8], 4: nonce, 6: nonce, 7: nonce, 8: nonce, 9: 1, 10: 1}
		for k, v := range more {
			if v == nil {
				delete(r, k)
			} else {
				r[k] = v
			}
		}
		b := postAs(t, m.liar.Machine, m.address+"/hejie/exchange/2", liar.Encode(r))
		answer, err := liar.Map(b)
		if err != nil {
			t.Fatal(err)
		}
		code, _ := answer[2].(uint64)
		return code, answer
	}
	for _, x := range []struct {
		name string
		more liar.M
		want uint64
	}{
		{"as it is", nil, 0},
		{"key 26", liar.M{26: 1}, 2},
		{"key 127", liar.M{127: "x"}, 2},
		{"key 128", liar.M{128: "x"}, 0},
		{"key 200 a map", liar.M{200: liar.M{1: liar.T{"a": []any{1}}}}, 0},
		{"key 2^64-1", liar.M{1<<64 - 1: 1}, 0},
		{"key 200 of 7 levels", liar.M{200: nested(6)}, 0},
		{"key 200 of 30 levels", liar.M{200: nested(30)}, 4},
		{"versions 3 to 9", liar.M{1: 3, 23: 9}, 2},
		{"versions 1 to 9", liar.M{1: 1, 23: 9}, 0},
		{"version 1", liar.M{1: 1}, 2},
		{"no version", liar.M{1: nil}, 4},
		{"versions backwards", liar.M{1: 2, 23: 1}, 4},
		{"kind 4", liar.M{2: 4}, 4},
		{"another tree", liar.M{3: make([]byte, 8)}, 1},
		{"a short nonce", liar.M{4: make([]byte, 15)}, 4},
		{"a text", liar.M{9: "x"}, 4},
		{"count 2^64-1", liar.M{9: uint64(1<<64 - 1)}, 0},
	} {
		code, answer := ask(x.more)
		if code != x.want {
			t.Errorf("%s: code %d %v; wanted %d", x.name, code, answer[3], x.want)
		}
	}
	m.stillWell(t)
}
