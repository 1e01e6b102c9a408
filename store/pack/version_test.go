package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/host/memfs"
)

// TestAFolderOfAnotherVersionIsLeftAlone: one of before the lasting format is
// refused with its sentence, one of a newer program with its own, and no byte of
// either changes.
func TestAFolderOfAnotherVersionIsLeftAlone(t *testing.T) {
	for _, c := range []struct {
		version uint32
		says    string
	}{{0, "trial edition"}, {1, "trial edition"}, {3, "newer program"}} {
		disk := memfs.New(1)
		o := testOptions(disk)
		l, _ := openLog(t, o)
		save(t, l, testFrame(1), testFrame(2))
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		names, err := disk.ReadDir(o.Dir)
		if err != nil || len(names) != 1 {
			t.Fatalf("%v %v", names, err)
		}
		path := o.Dir + "/" + names[0]
		b, err := host.ReadFile(disk, path, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		binary.BigEndian.PutUint32(b[8:], c.version)
		binary.BigEndian.PutUint32(b[80:], crc32.Checksum(b[:80], castagnoli))
		if err := host.WriteFile(disk, path, b); err != nil {
			t.Fatal(err)
		}
		_, err = Open(o, Evidence{})
		var old *store.OldFormatError
		if err == nil || !strings.Contains(err.Error(), c.says) || errors.As(err, &old) != (c.version < version) {
			t.Errorf("version %d: %v", c.version, err)
		}
		if after, err := host.ReadFile(disk, path, 1<<20); err != nil || !bytes.Equal(after, b) {
			t.Errorf("version %d: the file changed (%v)", c.version, err)
		}
	}
}
