package vectors

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/test/reader"
)

// run runs the independent reader of test/reader.
func run(t *testing.T, env []string, args ...string) (string, int) {
	t.Helper()
	out, said, code, err := reader.Run(t.Context(), env, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out + said, code
}

// TestIndependentReader: a reader written from FORMAT.md says of every vector
// what is expected.
func TestIndependentReader(t *testing.T) {
	out, code := run(t, nil, "vectors", ".")
	if code != 0 || !strings.Contains(out, ", 0 do not") {
		t.Fatalf("exit %d\n%s", code, out)
	}
	t.Log(strings.TrimSpace(out))
}

// TestIndependentReaderFindsNothing: no vectors are a failure, not a success.
func TestIndependentReaderFindsNothing(t *testing.T) {
	if out, code := run(t, nil, "vectors", t.TempDir()); code == 0 {
		t.Fatalf("an empty folder passes:\n%s", out)
	}
}

// TestIndependentReaderReadsAFolder: by key, by secret, and with damage.
func TestIndependentReaderReadsAFolder(t *testing.T) {
	if out, code := run(t, nil, "pack", smallFolder, "--key", hexed(smallKey[:])); code != 0 {
		t.Errorf("the small folder: exit %d\n%s", code, out)
	}
	if out, code := run(t, []string{"HEJIE_PIN=" + secret}, "pack", stationFolder); code != 0 || !strings.Contains(out, `"damage": []`) {
		t.Errorf("the station's folder: exit %d\n%s", code, out)
	}
	dir := filepath.Join(t.TempDir(), "data")
	copyFolder(t, smallFolder, dir)
	name := filepath.Join(dir, "packs", filepath.Base(packFiles(t)[0]))
	if err := os.WriteFile(name, flipped(read(t, name), headerSize+50), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, code := run(t, nil, "pack", dir, "--key", hexed(smallKey[:])); code != 1 {
		t.Errorf("a damaged folder: exit %d\n%s", code, out)
	}
}
