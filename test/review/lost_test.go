package review

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hejie/test/process"
)

// These tests play what a review of the promises found lost (L1 to L8, M1, M2 and
// M4 of its list), as it was done by hand, on a village of seven cases.

// packOf is the only pack of a desk.
func packOf(t *testing.T, d *process.Desk) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(d.Data(), "packs", "*.pack"))
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	return list[0]
}

// spoil changes a file.
func spoil(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, change(b), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, d *process.Desk, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(d.Data(), filepath.FromSlash(name))); err != nil {
		t.Fatal(err)
	}
}

// allThere looks for cases in the list of a desk.
func allThere(t *testing.T, d *process.Desk, cases []string) {
	t.Helper()
	list := d.Run("case", "list")
	for _, id := range cases {
		if !strings.Contains(list, id) {
			t.Errorf("case %s is not there", id)
		}
	}
}

// TestOneBadSector (L1): damage anywhere in a pack keeps nobody out and no repair
// from running; what is lost is told, and comes back with the next meeting.
func TestOneBadSector(t *testing.T) {
	k := keptVillage(t)
	for name, change := range map[string]func([]byte) []byte{
		"the first entry": func(b []byte) []byte { return zeroed(b, 200, 50) },
		"near the end":    func(b []byte) []byte { return zeroed(b, len(b)-3000, 100) },
	} {
		for _, rowsToo := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", rows gone ", rowsToo), func(t *testing.T) {
				d, town := k.village.Copy(t), k.town.Copy(t)
				spoil(t, packOf(t, d), change)
				if rowsToo {
					remove(t, d, "badger")
				}
				d.Run("case", "list")
				d.Run("status")
				if out, _, _ := d.Try("verify"); !strings.Contains(out, `"healed":[`) || !strings.Contains(out, `"bad":[`) {
					t.Errorf("verify: %s", out)
				}
				d.InStep(town.Serve().HTTPS)
				if v := d.Object("verify"); len(v["bad"].([]any)) > 0 || len(v["healed"].([]any)) == 0 {
					t.Errorf("verify afterwards: %v", v)
				}
				d.Run("rebuild")
				allThere(t, d, k.cases)
			})
		}
	}
}

// TestInitDestroysNothing (L2): no way to begin a folder changes a byte of keys
// or packs of one that holds data, whatever else of it is gone.
func TestInitDestroysNothing(t *testing.T) {
	k := keptVillage(t)
	for _, gone := range [][]string{{"keys/state"}, {"keys/state", "keys/certificate"}, {"keys"}, {"keys/keys"}, {"keys/machine"}, {"keys/unit"}, {"packs", "local", "keys/state"}} {
		t.Run(strings.Join(gone, ","), func(t *testing.T) {
			d := k.village.Copy(t)
			for _, name := range gone {
				remove(t, d, name)
			}
			sums := func() string {
				var out strings.Builder
				for _, name := range dataFiles(t, d.Data()) {
					if strings.HasPrefix(name, "keys/") || strings.HasPrefix(name, "packs/") {
						b, err := os.ReadFile(filepath.Join(d.Data(), name))
						if err != nil {
							t.Fatal(err)
						}
						fmt.Fprintf(&out, "%s %x\n", name, sha256.Sum256(b))
					}
				}
				return out.String()
			}
			before := sums()
			d.Refused("init", "--root", "--unit", "990125101203-tw", "--unit-name", "例", "--seat-name", "例甲", "--role", "admin")
			d.Refused("init", "--request", "r", "--unit", "990125101203-tw", "--unit-name", "例", "--seat-name", "例甲", "--role", "admin")
			if after := sums(); after != before {
				t.Errorf("before\n%safter\n%s", before, after)
			}
		})
	}
}

// TestLostEndForksNobody (L3): a pack that was cut is told, no number is used
// twice, and what had been exchanged comes back.
func TestLostEndForksNobody(t *testing.T) {
	k := keptVillage(t)
	for _, left := range []int{50, 60} {
		t.Run(fmt.Sprint(left), func(t *testing.T) {
			d, town := k.village.Copy(t), k.town.Copy(t)
			roads := town.Serve()
			spoil(t, packOf(t, d), func(b []byte) []byte { return b[:len(b)*left/100] })
			if wrong := fmt.Sprint(d.Object("status")["wrong"]); !strings.Contains(wrong, "packs_behind") {
				t.Errorf("status: %s", wrong)
			}
			if out, _, ok := d.Try("verify"); ok {
				t.Errorf("verify: %s", out)
			}
			id := newCase(d, 3)
			d.InStep(roads.HTTPS)
			d.InStep(roads.HTTPS)
			allThere(t, d, append([]string{id}, k.cases...))
			for _, x := range []*process.Desk{d, town} {
				if s := x.Run("status"); strings.Contains(s, "forked_seat") {
					t.Errorf("a seat forked: %s", s)
				}
			}
			d.Run("verify")
		})
	}
}

// TestMissingPacks (L4): a folder without its packs says so, and takes everything
// from its partner.
func TestMissingPacks(t *testing.T) {
	k := keptVillage(t)
	for name, harm := range map[string]func(string) error{
		"deleted": os.Remove,
		"emptied": func(name string) error { return os.Truncate(name, 0) },
		"cut":     func(name string) error { return os.Truncate(name, 50) },
	} {
		t.Run(name, func(t *testing.T) {
			d, town := k.village.Copy(t), k.town.Copy(t)
			if err := harm(packOf(t, d)); err != nil {
				t.Fatal(err)
			}
			if _, problems, ok := d.Try("case", "list"); !ok || !strings.Contains(problems, "packs/") {
				t.Errorf("list: %v %s", ok, problems)
			}
			d.InStep(town.Serve().HTTPS)
			allThere(t, d, k.cases)
			d.Run("verify")
		})
	}
}

// TestNothingUnreadableIsSaved (L5): without the unit's keys no save is taken, and
// the recovery sheet brings them back.
func TestNothingUnreadableIsSaved(t *testing.T) {
	k := keptVillage(t)
	d := k.village.Copy(t)
	remove(t, d, "keys/unit")
	before := d.Object("status")
	file := d.File("one.json", strings.Replace(wall, "FQ-000001", "FQ-000950", 1))
	lines := d.File("one.jsonl", strings.ReplaceAll(strings.Replace(wall, "FQ-000001", "FQ-000955", 1), "\n", "")+"\n")
	for _, args := range [][]string{{"case", "new", "--file", file}, {"import", lines}, {"case", "set", k.cases[0], "--file", d.File("set.json", `{"place":"别处"}`)}, {"rebuild"}} {
		if out, problems, ok := d.Try(args...); ok {
			t.Errorf("%v was done: %s %s", args, out, problems)
		}
	}
	after := d.Object("status")
	if after["operations"] != before["operations"] || !strings.Contains(fmt.Sprint(after["wrong"]), "lost_unit") {
		t.Errorf("before %v, after %v", before, after)
	}
	allThere(t, d, k.cases)
	d.Run("recover", "--sheet", "sheet.txt", "--seat-name", "赵示例", "--request", "again")
	d.Seat = "赵示和" // who was there first
	if v := d.Object("verify"); len(v["bad"].([]any)) > 0 {
		t.Errorf("verify: %v", v)
	}
	d.Run("case", "new", "--file", file)
}

// TestDamageIsNotInStep (L6): verify always gives its document, status names the
// damage, no meeting says "in step" over it, and healing ends both.
func TestDamageIsNotInStep(t *testing.T) {
	k := keptVillage(t)
	d, town := k.village.Copy(t), k.town.Copy(t)
	spoil(t, packOf(t, d), func(b []byte) []byte { return zeroed(b, len(b)/2, 100) })
	out, _, ok := d.Try("verify")
	if v := object(t, out); ok || len(v["bad"].([]any)) == 0 {
		t.Errorf("verify: %s", out)
	}
	if wrong := d.Object("status")["wrong"].([]any); len(wrong) == 0 {
		t.Error("status says nothing")
	}
	r := d.Sync(town.Serve().HTTPS)
	if r["in_step"] != true || r["round_trips"] == 1.0 {
		t.Errorf("sync: %v", r)
	}
	if v := d.Object("verify"); len(v["bad"].([]any)) > 0 || len(v["healed"].([]any)) == 0 {
		t.Errorf("verify afterwards: %v", v)
	}
	if wrong := d.Object("status")["wrong"].([]any); len(wrong) > 0 {
		t.Errorf("status afterwards: %v", wrong)
	}
}

// TestLostKeysAreNamed (M4, M1): a key file that is missing or damaged is named in
// plain words with the way out; local facts that were cut are told.
func TestLostKeysAreNamed(t *testing.T) {
	k := keptVillage(t)
	for _, name := range []string{"keys/keys", "keys/machine"} {
		for how, harm := range map[string]func(string) error{
			"gone":    os.Remove,
			"emptied": func(name string) error { return os.Truncate(name, 0) },
			"flipped": func(name string) error {
				b, err := os.ReadFile(name)
				if err == nil {
					b[0] ^= 8
					b[len(b)-1] ^= 64
					err = os.WriteFile(name, b, 0o600)
				}
				return err
			},
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				d := k.village.Copy(t)
				if err := harm(filepath.Join(d.Data(), name)); err != nil {
					t.Fatal(err)
				}
				if said := d.Refused("case", "list"); !strings.Contains(said, name) || !strings.Contains(said, "recover --sheet") {
					t.Errorf("it says %s", said)
				}
				if said := d.Refused("case", "list", "--lang", "zh"); !strings.Contains(said, name) || !strings.Contains(said, "恢复单") {
					t.Errorf("it says %s", said)
				}
			})
		}
	}
	d := k.village.Copy(t)
	facts, _ := filepath.Glob(filepath.Join(d.Data(), "local", "facts-*"))
	if err := os.Truncate(facts[0], 40); err != nil {
		t.Fatal(err)
	}
	if wrong := d.Object("status")["wrong"].([]any); len(wrong) == 0 {
		t.Error("cut facts are not told")
	}
}

// TestSignalEndsEverything (M2): SIGTERM ends a served folder within seconds,
// whatever happened to its files.
func TestSignalEndsEverything(t *testing.T) {
	k := keptVillage(t)
	for name, gone := range map[string][]string{"its locks": {"lock", "door.lock"}, "its rows": {"badger"}, "everything": {"."}} {
		t.Run(name, func(t *testing.T) {
			d := k.village.Copy(t)
			c := d.Command("serve", "--listen", "127.0.0.1:0")
			out := &line{got: make(chan struct{})}
			c.Stdout = out
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			<-out.got
			for _, file := range gone {
				remove(t, d, file)
			}
			began := time.Now()
			if err := c.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			_ = c.Wait()
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// line is told when a first line was written.
type line struct {
	b   bytes.Buffer
	got chan struct{}
}

func (l *line) Write(p []byte) (int, error) {
	had := bytes.ContainsRune(l.b.Bytes(), '\n')
	n, err := l.b.Write(p)
	if !had && bytes.ContainsRune(l.b.Bytes(), '\n') {
		close(l.got)
	}
	return n, err
}
