package review

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"hejie/test/process"
)

// These tests play L7, L8 and L10: whatever happens to the rows, and a disk on
// which nothing can be written, keep nobody from reading.

// TestRowsHealAtThatStart (L7): the very start that meets damaged rows derives them
// anew, whatever Badger makes of them, panics in its own goroutines included.
func TestRowsHealAtThatStart(t *testing.T) {
	k := keptVillage(t)
	cut := func(part, of int) func(string) error {
		return func(name string) error {
			info, err := os.Stat(name)
			if err != nil {
				return err
			}
			return os.Truncate(name, info.Size()*int64(part)/int64(of))
		}
	}
	harms := map[string]func(string) error{
		"deleted":        os.Remove,
		"emptied":        cut(0, 1),
		"a quarter left": cut(1, 4),
		"cut by a tenth": cut(9, 10),
		"head zeroed":    func(name string) error { return rewrite(name, func(b []byte) []byte { return zeroed(b, 0, 4096) }) },
		"tail zeroed": func(name string) error {
			return rewrite(name, func(b []byte) []byte { return zeroed(b, len(b)-4096, 4096) })
		},
		"a directory": func(name string) error { return errors.Join(os.Remove(name), os.Mkdir(name, 0o700)) },
	}
	tried := 0
	for i, ext := range []string{".sst", ".vlog", ".mem", "MANIFEST", "KEYREGISTRY", "DISCARD"} {
		for j, how := range slices.Sorted(maps.Keys(harms)) {
			if (i+j)%5 != 0 && os.Getenv("HEJIE_DAMAGE") == "" {
				continue // the engine's own test tries each (store/badger TestDamage)
			}
			t.Run(ext+" "+how, func(t *testing.T) {
				d := k.village.Copy(t)
				var files []string
				for _, name := range dataFiles(t, d.Data()) {
					if strings.HasPrefix(name, "badger/") && strings.HasSuffix(name, ext) {
						files = append(files, filepath.Join(d.Data(), filepath.FromSlash(name)))
					}
				}
				for _, name := range files {
					if err := harms[how](name); err != nil {
						t.Fatal(err)
					}
					tried++
				}
				if len(files) == 0 {
					return // this engine has no such file in a village so small
				}
				allThere(t, d, k.cases)
				d.Run("verify")
			})
		}
	}
	if tried < len(harms) {
		t.Errorf("%d files were damaged: the rows lie elsewhere now", tried)
	}
}

func rewrite(name string, change func([]byte) []byte) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, change(b), 0o600)
}

// small is a disk of so many bytes with a copy of a desk on it, or nothing where
// no disk can be mounted.
func small(t *testing.T, d *process.Desk, size string) (base string, copied *process.Desk) {
	t.Helper()
	base = filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(base, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", base, "tmpfs", 0, "size="+size); err != nil {
		t.Logf("no disk can be mounted here (%v): full disks in memory are tried in store", err)
		return base, nil
	}
	t.Cleanup(func() { _ = syscall.Unmount(base, syscall.MNT_DETACH) })
	c := *d
	c.T, c.Dir = t, filepath.Join(base, "desk")
	if err := os.CopyFS(c.Dir, os.DirFS(d.Dir)); err != nil {
		t.Fatal(err)
	}
	return base, &c
}

// fill takes all room of a disk but so many bytes.
func fill(t *testing.T, base string, left int64) {
	t.Helper()
	f, err := os.Create(filepath.Join(base, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 1<<20); len(block) > 0; block = block[:len(block)/2] {
		for err == nil {
			_, err = f.Write(block)
		}
		err = nil
	}
	at, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		err = f.Truncate(max(0, at-left))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// readsOnly looks at a desk that can't be written: everything can be read, nothing
// is saved, and each refusal is a sentence with a way out.
func readsOnly(t *testing.T, d *process.Desk, cases []string) {
	t.Helper()
	allThere(t, d, cases)
	if s := d.Object("status"); !strings.Contains(fmt.Sprint(s["wrong"]), "read_only") && !strings.Contains(fmt.Sprint(s["wrong"]), "low_disk") {
		t.Errorf("status says nothing: %v", s["wrong"])
	}
	d.Run("verify")
	d.Run("case", "get", cases[0])
	out := filepath.Join(t.TempDir(), "out.jsonl") // a stick, say
	d.Run("export", "--out", out)
	if b, err := os.ReadFile(out); err != nil || strings.Count(string(b), "\n") < len(cases) {
		t.Errorf("export: %d bytes, %v", len(b), err)
	}
	refused := func(args ...string) {
		t.Helper()
		said := d.Refused(args...)
		if strings.Contains(said, "goroutine ") || strings.Contains(said, ".tmp") || strings.Count(said, "\n") > 2 {
			t.Errorf("%v: it says %s", args, said)
		}
	}
	elsewhere := func(name, content string) string {
		name = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	refused("case", "new", "--file", elsewhere("one.json", strings.Replace(wall, "FQ-000001", "FQ-000999", 1)))
	refused("case", "set", cases[0], "--file", elsewhere("set.json", `{"place":"别处"}`))
	roads, stop := d.Start()
	if roads.Listen == "" {
		t.Error("serve listens nowhere")
	}
	allThere(t, d, cases) // through the door, or beside it where none could be made
	stop()
}

// TestADiskWithoutRoomIsRead (L8): without a byte left, with rows and without them.
func TestADiskWithoutRoomIsRead(t *testing.T) {
	k := keptVillage(t)
	for _, gone := range []string{"", "badger"} {
		t.Run("without "+gone, func(t *testing.T) {
			base, d := small(t, k.village, "200m")
			if d == nil {
				return
			}
			if gone != "" {
				remove(t, d, gone)
			}
			fill(t, base, 0)
			readsOnly(t, d, k.cases)
			if err := os.Remove(filepath.Join(base, "ballast")); err != nil {
				t.Fatal(err)
			}
			newCase(d, 7)
			d.Run("verify")
		})
	}
}

// TestAReadOnlyDiskIsRead (L8): the same where nothing may be written at all.
func TestAReadOnlyDiskIsRead(t *testing.T) {
	k := keptVillage(t)
	for _, gone := range []string{"", "badger"} {
		t.Run("without "+gone, func(t *testing.T) {
			base, d := small(t, k.village, "200m")
			if d == nil {
				return
			}
			if gone != "" {
				remove(t, d, gone)
			}
			if err := syscall.Mount("", base, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
			readsOnly(t, d, k.cases)
		})
	}
}

// TestRowsWithLittleRoom (L10): rows that must be derived anew where a few MiB are
// left kill nothing.
func TestRowsWithLittleRoom(t *testing.T) {
	k := keptVillage(t)
	for _, left := range []int64{1 << 20, 3 << 20, 8 << 20} {
		t.Run(fmt.Sprint(left>>20, " MiB"), func(t *testing.T) {
			base, d := small(t, k.village, "200m")
			if d == nil {
				return
			}
			remove(t, d, "badger")
			fill(t, base, left)
			allThere(t, d, k.cases)
			d.Run("status")
			d.Run("verify")
			if err := os.Remove(filepath.Join(base, "ballast")); err != nil {
				t.Fatal(err)
			}
			newCase(d, 7)
			d.Run("verify")
		})
	}
}

// TestLossThatNobodyHeals: own operations that were never sent and are lost are told
// until a person gives them up, and never again then; their numbers are not used twice.
func TestLossThatNobodyHeals(t *testing.T) {
	k := keptVillage(t)
	for name, harm := range map[string]func([]byte) []byte{
		"cut off":  nil,
		"one hole": func(b []byte) []byte { return zeroed(b, len(b)-600, 100) },
	} {
		t.Run(name, func(t *testing.T) {
			d, town := k.village.Copy(t), k.town.Copy(t)
			roads := town.Serve()
			size := fileSize(t, packOf(t, d))
			newCase(d, 11) // never sent
			set(d, k.cases[0], `{"place":"无人收到处"}`)
			spoil(t, packOf(t, d), func(b []byte) []byte {
				if harm == nil {
					return b[:size]
				}
				return harm(b)
			})
			d.InStep(roads.HTTPS)
			d.InStep(roads.HTTPS)
			if out, _, ok := d.Try("verify"); ok {
				t.Errorf("nothing is told: %s", out)
			}
			d.Run("verify", "--accept-loss")
			d.Run("verify")
			d.Run("rebuild")
			d.Run("verify")
			if wrong := d.Object("status")["wrong"].([]any); len(wrong) > 0 {
				t.Errorf("status still says %v", wrong)
			}
			allThere(t, d, append([]string{newCase(d, 12)}, k.cases...))
			d.InStep(roads.HTTPS)
			if s := town.Run("status"); strings.Contains(s, "forked_seat") {
				t.Errorf("a seat forked: %s", s)
			}
			d.Run("verify")
		})
	}
}

func fileSize(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestRepairThroughTheDoor: repair commands are served by the program that runs.
func TestRepairThroughTheDoor(t *testing.T) {
	k := keptVillage(t)
	d, town := k.village.Copy(t), k.town.Copy(t)
	spoil(t, packOf(t, d), func(b []byte) []byte { return zeroed(b, len(b)/2, 100) })
	_, stop := d.Start()
	defer stop()
	out, problems, ok := d.Try("verify")
	if v := object(t, out); ok || len(v["bad"].([]any)) == 0 {
		t.Errorf("verify: %v %s %s", ok, out, problems)
	}
	d.Run("rebuild")
	d.InStep(town.Serve().HTTPS)
	if v := d.Object("verify"); len(v["bad"].([]any)) > 0 || len(v["healed"].([]any)) == 0 {
		t.Errorf("verify afterwards: %v", v)
	}
	allThere(t, d, k.cases)
}
