package station

import (
	"strings"
	"testing"

	"hejie/store/host"
	"hejie/store/host/memfs"
)

// copyOf is a desk on a disk that holds what d's held when files was taken;
// away is the counter outside the data folder that stands on that machine.
func (d *desk) copyOf(files, away map[string][]byte) *desk {
	d.t.Helper()
	two := &desk{t: d.t, fs: memfs.New(99), o: d.o}
	two.o.FS, two.o.Random = two.fs, newDesk(d.t, 1234).o.Random
	for _, set := range []map[string][]byte{files, away} {
		for name, b := range set {
			if strings.HasSuffix(name, "/lock") {
				continue
			}
			dir := name[:strings.LastIndex(name, "/")]
			if err := two.fs.MkdirAll(dir); err != nil {
				d.t.Fatal(err)
			}
			if err := host.WriteFile(two.fs, name, b); err != nil {
				d.t.Fatal(err)
			}
		}
	}
	two.start()
	two.signIn()
	return two
}

func (d *desk) files(prefix string) map[string][]byte {
	out := map[string][]byte{}
	for name, b := range d.fs.Files() {
		if strings.HasPrefix(name, prefix) {
			out[name] = append([]byte(nil), b...)
		}
	}
	return out
}

// A restored older copy of a folder begins a new epoch: what it writes does not
// fall on numbers that were used after the copy, and what is elsewhere comes back.
func TestARestoredOlderFolder(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	if err := village.s.Close(); err != nil {
		t.Fatal(err)
	}
	old := village.files("data/")
	village.start()
	village.signIn()
	village.set(id, `{"place":"复制之后写的"}`)
	meet(village, town)
	if err := village.s.Close(); err != nil {
		t.Fatal(err)
	}
	restored := village.copyOf(old, village.files("outside/"))
	if strings.Contains(restored.get(id), "复制之后写的") {
		t.Fatal("the copy is not the older one")
	}
	restored.set(id, `{"claims":"恢复以后写的"}`)
	meet(restored, town)
	for _, d := range []*desk{restored, town} {
		if doc := d.get(id); !strings.Contains(doc, "复制之后写的") || !strings.Contains(doc, "恢复以后写的") {
			t.Fatal(doc)
		}
		if strings.Contains(strings.Join(codesOf(d), " "), "forked_seat") {
			t.Error("a seat is flagged though no number was used twice")
		}
	}
}

// A folder copied to another machine without its counter, and both used: two
// operations bear one number. Both are kept and merged, and the seat is flagged.
func TestACopiedFolderThatIsUsedTwice(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	meet(village, town)
	if err := village.s.Close(); err != nil {
		t.Fatal(err)
	}
	twin := village.copyOf(village.files("data/"), village.files("outside/")) // the counter copied with it
	village.start()
	village.signIn()
	village.set(id, `{"place":"甲机写的"}`)
	twin.set(id, `{"claims":"乙机写的"}`)
	meet(village, town)
	meet(twin, town)
	meet(village, town)
	for _, d := range []*desk{village, twin, town} {
		if doc := d.get(id); !strings.Contains(doc, "甲机写的") || !strings.Contains(doc, "乙机写的") {
			t.Fatal(doc)
		}
		if !strings.Contains(strings.Join(codesOf(d), " "), "forked_seat") {
			t.Error("the fork is not shown")
		}
	}
	// From now on each goes on in an epoch of its own.
	village.set(id, `{"place":"甲机再写"}`)
	twin.set(id, `{"claims":"乙机再写"}`)
	for range 2 {
		meet(village, town)
		meet(twin, town)
	}
	if village.get(id) != twin.get(id) || village.get(id) != town.get(id) {
		t.Fatal("different documents")
	}
}

func codesOf(d *desk) (out []string) {
	for _, w := range d.status().Wrong {
		out = append(out, w.Code)
	}
	return out
}
