package memfs_test

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"

	"hejie/store/host"
	"hejie/store/host/memfs"
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// write makes a file of synced and unsynced bytes.
func write(t *testing.T, m *memfs.FS, synced, unsynced string) host.File {
	t.Helper()
	f, err := m.Create("/f")
	must(t, err)
	_, err = f.Write([]byte(synced))
	must(t, err, f.Sync(), m.SyncDir("/"))
	_, err = f.Write([]byte(unsynced))
	must(t, err)
	return f
}

func TestPowerLoss(t *testing.T) {
	outcomes := map[string]bool{}
	for seed := range uint64(200) {
		m := memfs.New(seed)
		f := write(t, m, "kept|", "maybe")
		m.Kill()
		if _, err := f.Write([]byte("x")); !errors.Is(err, memfs.ErrDead) {
			t.Fatal(err)
		}
		m.Restart(true)
		if _, err := f.Write([]byte("x")); !errors.Is(err, memfs.ErrDead) {
			t.Fatal("a handle outlived the machine:", err)
		}
		b, err := m.Bytes("/f")
		must(t, err)
		if !bytes.HasPrefix(b, []byte("kept|")) {
			t.Fatalf("seed %d: synced bytes are lost: %q", seed, b)
		}
		outcomes[string(b)] = true
	}
	for _, want := range []string{"kept|", "kept|maybe", "kept|may", "kept|\x00\x00\x00\x00\x00"} {
		if !outcomes[want] {
			t.Errorf("no seed leaves %q", want)
		}
	}
}

func TestKillKeepsWhatWasWritten(t *testing.T) {
	m := memfs.New(1)
	write(t, m, "a", "b")
	m.Kill()
	m.Restart(false)
	if b, err := m.Bytes("/f"); err != nil || string(b) != "ab" {
		t.Fatalf("%q %v", b, err)
	}
	lost := false
	for seed := range uint64(50) { // it was never synced, so the power may still take it
		m := memfs.New(seed)
		write(t, m, "a", "b")
		m.Kill()
		m.Restart(false)
		m.Kill()
		m.Restart(true)
		b, err := m.Bytes("/f")
		must(t, err)
		lost = lost || string(b) == "a"
	}
	if !lost {
		t.Error("what a dead program did not sync is never lost")
	}
}

func TestUnsyncedNames(t *testing.T) {
	seen := map[bool]bool{}
	for seed := range uint64(50) {
		m := memfs.New(seed)
		f, err := m.Create("/f")
		must(t, err)
		must(t, f.Sync())
		m.Kill()
		m.Restart(true)
		_, err = m.Open("/f")
		seen[errors.Is(err, fs.ErrNotExist)] = true
	}
	if !seen[true] || !seen[false] {
		t.Error("a name that was not synced is always there or never")
	}
}

func TestFailedSync(t *testing.T) {
	m := memfs.New(1)
	f := write(t, m, "good|", "bad|")
	m.FailSyncs(1)
	if err := f.Sync(); !errors.Is(err, memfs.ErrSync) {
		t.Fatal(err)
	}
	_, err := f.Write([]byte("later"))
	must(t, err, f.Sync())
	if b, _ := m.Bytes("/f"); string(b) != "good|bad|later" {
		t.Fatalf("the running system sees %q", b)
	}
	m.Kill()
	m.Restart(true)
	if b, _ := m.Bytes("/f"); string(b) != "good|\x00\x00\x00\x00later" {
		t.Fatalf("the disk has %q: a later sync must not write what an earlier lost", b)
	}
}

func TestDiskFull(t *testing.T) {
	m := memfs.New(1)
	m.SetCapacity(8)
	f, err := m.Create("/f")
	must(t, err)
	if n, err := f.Write([]byte("12345")); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := f.Write([]byte("6789a")); n != 3 || !errors.Is(err, host.ErrNoSpace) {
		t.Fatal(n, err)
	}
	must(t, f.Truncate(5))
	if n := m.Free("/"); n != 3 {
		t.Fatal(n)
	}
}

func TestFlip(t *testing.T) {
	m := memfs.New(1)
	write(t, m, "ab", "")
	must(t, m.Flip("/f", 1))
	m.Kill()
	m.Restart(true)
	if b, _ := m.Bytes("/f"); string(b) != "aB" {
		t.Fatalf("%q", b)
	}
	if m.Flip("/f", 2) == nil || m.Flip("/g", 0) == nil {
		t.Error("flipped what is not there")
	}
}
