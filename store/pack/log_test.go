package pack

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"hejie/store"
	"hejie/store/host/memfs"
)

func testOptions(disk *memfs.FS) Options {
	return Options{FS: disk, Dir: "/packs", Key: [32]byte{1}, Random: rand.NewChaCha8([32]byte{}), FileSize: 2000}
}

func openLog(t testing.TB, o Options) (*Log, []Entry) {
	t.Helper()
	l, err := Open(o, Evidence{})
	if err != nil {
		t.Fatal(err)
	}
	var all []Entry
	if err := l.Recover(Position{}, func(e []Entry, _ Position) error { all = append(all, e...); return nil }); err != nil {
		t.Fatal(err)
	}
	return l, all
}

func save(t testing.TB, l *Log, frames ...store.Frame) []Loc {
	t.Helper()
	locs, err := l.Stage(frames)
	if err == nil {
		err = l.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	return locs
}

func testFrame(n int) store.Frame {
	return store.Frame{ID: store.ID{byte(n >> 8), byte(n)}, Kind: 1, Bytes: fmt.Appendf(nil, "frame %d", n)}
}

// TestRandomDamage holds that whatever bytes are damaged, what is given is what
// was saved, in order, and everything whose record was not touched is given.
func TestRandomDamage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		disk := memfs.New(1)
		o := testOptions(disk)
		l, err := Open(o, Evidence{})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Recover(Position{}, func([]Entry, Position) error { return nil }); err != nil {
			t.Fatal(err)
		}
		var saved []store.Frame
		var locs []Loc
		lastSeq := uint64(0) // where the last commit begins
		for range rapid.IntRange(1, 15).Draw(t, "commits") {
			var frames []store.Frame
			for range rapid.IntRange(1, 4).Draw(t, "frames") {
				f := testFrame(len(saved) + len(frames))
				// Bytes that look like the beginning of a record.
				f.Bytes = append(f.Bytes, bytes.Repeat(marker, rapid.IntRange(0, 20).Draw(t, "markers"))...)
				frames = append(frames, f)
			}
			at, err := l.Stage(frames)
			if err == nil {
				err = l.Flush()
			}
			if err != nil {
				t.Fatal(err)
			}
			saved, locs = append(saved, frames...), append(locs, at...)
			lastSeq = frames[0].Seq
		}
		hit := map[uint32][]int64{}
		for range rapid.IntRange(0, 4).Draw(t, "damages") {
			f := l.files[rapid.IntRange(0, len(l.files)-1).Draw(t, "file")]
			from := rapid.Int64Range(0, f.size-1).Draw(t, "from")
			for at := from; at < min(from+rapid.Int64Range(1, 300).Draw(t, "length"), f.size); at++ {
				if err := disk.Flip(f.path, at); err != nil {
					t.Fatal(err)
				}
				hit[f.header.number] = append(hit[f.header.number], at)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		l, err = Open(o, Evidence{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[uint64]store.Frame{}
		last := uint64(0)
		err = l.Recover(Position{}, func(es []Entry, _ Position) error {
			for _, e := range es {
				if e.Frame.Seq <= last {
					return fmt.Errorf("seq %d after %d", e.Frame.Seq, last)
				}
				last = e.Frame.Seq
				got[e.Frame.Seq] = e.Frame
			}
			return nil
		})
		if errors.Is(err, store.ErrWrongKey) && len(got) == 0 {
			return // damaged throughout
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range saved {
			g, ok := got[f.Seq]
			if ok && (g.ID != f.ID || !bytes.Equal(g.Bytes, f.Bytes)) {
				t.Fatalf("frame %d came back as %q", i, g.Bytes)
			}
			// The very last commit may be taken for one that was torn.
			if !ok && f.Seq < lastSeq && !touched(hit[locs[i].File], locs[i]) {
				t.Fatalf("frame %d was not touched and is lost", i)
			}
		}
	})
}

func touched(hit []int64, l Loc) bool {
	for _, at := range hit {
		if at >= int64(l.Offset) && at < int64(l.Offset)+int64(l.Length) {
			return true
		}
	}
	return false
}

// TestRetiredFile holds that what a retired file holds beyond its durable length
// is not taken, though it looks whole to the running system.
func TestRetiredFile(t *testing.T) {
	disk := memfs.New(1)
	l, _ := openLog(t, testOptions(disk))
	save(t, l, testFrame(1))
	disk.FailSyncs(1)
	frames := []store.Frame{testFrame(2), testFrame(3)}
	if _, err := l.Stage(frames); err != nil {
		t.Fatal(err)
	}
	staged := bytes.Clone(l.buf)
	if err := l.Flush(); !errors.Is(err, store.ErrFailed) {
		t.Fatal(err)
	}
	// A disk that did not cut the file either.
	if _, err := l.files[0].Write(staged); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l, all := openLog(t, testOptions(disk))
	defer l.Close()
	if len(all) != 1 || len(l.files) != 2 || len(l.Damage()) != 0 {
		t.Fatalf("%d frames, %d files, %+v", len(all), len(l.files), l.Damage())
	}
	if locs := save(t, l, testFrame(4)); locs[0].File != 2 {
		t.Fatalf("%+v", locs)
	}
}

// TestNonces holds that a commit written anew under the same seqs, after a full
// disk, is sealed with other nonces.
func TestNonces(t *testing.T) {
	disk := memfs.New(1)
	l, _ := openLog(t, testOptions(disk))
	defer l.Close()
	first := func() []byte {
		if _, err := l.Stage([]store.Frame{testFrame(1)}); err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(l.buf[8:20])
	}
	if bytes.Equal(first(), first()) {
		t.Fatal("one nonce for two commits")
	}
}

// TestHolds holds that a position is known again, and one of another history not.
func TestHolds(t *testing.T) {
	disk := memfs.New(1)
	l, _ := openLog(t, testOptions(disk))
	defer l.Close()
	save(t, l, testFrame(1))
	p := l.End()
	save(t, l, testFrame(2))
	if !l.Holds(Position{}) || !l.Holds(p) || !l.Holds(l.End()) {
		t.Error("a position of this log is not held")
	}
	for name, change := range map[string]func(*Position){
		"seq":    func(p *Position) { p.Seq++ },
		"offset": func(p *Position) { p.Offset += 10_000 },
		"file":   func(p *Position) { p.File++; p.Last.File++ },
		"last":   func(p *Position) { p.Last.Offset++ },
		"length": func(p *Position) { p.Last.Length++ },
	} {
		q := p
		if change(&q); l.Holds(q) {
			t.Errorf("held with another %s", name)
		}
	}
}

// TestRecoverFromPosition holds that only what lies after a position is passed.
func TestRecoverFromPosition(t *testing.T) {
	disk := memfs.New(1)
	l, _ := openLog(t, testOptions(disk))
	at := []Position{{}}
	for i := range 40 {
		save(t, l, testFrame(i))
		at = append(at, l.End())
	}
	if len(l.files) < 3 {
		t.Fatal("the packs did not roll")
	}
	for i, p := range at {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if l, err = Open(testOptions(disk), Evidence{}); err != nil {
			t.Fatal(err)
		}
		n := 0
		if err := l.Recover(p, func(e []Entry, _ Position) error { n += len(e); return nil }); err != nil {
			t.Fatal(err)
		}
		if n != 40-i || l.End() != at[40] {
			t.Fatalf("after position %d: %d entries, end %+v", i, n, l.End())
		}
	}
	save(t, l, testFrame(99))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkFlush is one commit of one frame without a disk.
func BenchmarkFlush(b *testing.B) {
	o := testOptions(memfs.New(1))
	o.FileSize = FileSize
	l, _ := openLog(b, o)
	f := testFrame(1)
	f.Bytes = make([]byte, 1229)
	b.SetBytes(int64(len(f.Bytes)))
	for b.Loop() {
		save(b, l, f)
	}
}
