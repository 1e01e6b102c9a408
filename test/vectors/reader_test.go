package vectors

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// reader runs the independent reader of test/reader.
func reader(t *testing.T, env []string, args ...string) (string, int) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("node is not installed: the independent reader of test/reader needs Node 20.19 or newer")
	}
	main := filepath.Join("..", "reader", "reader.mjs")
	if _, err := os.Stat(filepath.Join("..", "reader", "node_modules", "fzstd")); err != nil {
		t.Fatal("the reader's modules are missing: run `npm ci` in test/reader (make test does)")
	}
	// A result that the go command cached counts only while these are as they were.
	for _, pattern := range []string{main, filepath.Join("..", "reader", "src", "*.mjs"), filepath.Join("..", "reader", "package-lock.json")} {
		for _, name := range must(filepath.Glob(pattern)) {
			read(t, name)
		}
	}
	c := exec.CommandContext(t.Context(), node, append([]string{main}, args...)...)
	c.Env = append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), c.ProcessState.ExitCode()
}

// TestIndependentReader: a reader written from FORMAT.md says of every vector
// what is expected.
func TestIndependentReader(t *testing.T) {
	out, code := reader(t, nil, "vectors", ".")
	if code != 0 || !strings.Contains(out, ", 0 do not") {
		t.Fatalf("exit %d\n%s", code, out)
	}
	t.Log(strings.TrimSpace(out))
}

// TestIndependentReaderFindsNothing: no vectors are a failure, not a success.
func TestIndependentReaderFindsNothing(t *testing.T) {
	if out, code := reader(t, nil, "vectors", t.TempDir()); code == 0 {
		t.Fatalf("an empty folder passes:\n%s", out)
	}
}

// TestIndependentReaderReadsAFolder: by key, by secret, and with damage.
func TestIndependentReaderReadsAFolder(t *testing.T) {
	if out, code := reader(t, nil, "pack", smallFolder, "--key", hexed(smallKey[:])); code != 0 {
		t.Errorf("the small folder: exit %d\n%s", code, out)
	}
	if out, code := reader(t, []string{"HEJIE_PIN=" + secret}, "pack", stationFolder); code != 0 || !strings.Contains(out, `"damage": []`) {
		t.Errorf("the station's folder: exit %d\n%s", code, out)
	}
	dir := filepath.Join(t.TempDir(), "data")
	copyFolder(t, smallFolder, dir)
	name := filepath.Join(dir, "packs", filepath.Base(packFiles(t)[0]))
	if err := os.WriteFile(name, flipped(read(t, name), headerSize+50), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, code := reader(t, nil, "pack", dir, "--key", hexed(smallKey[:])); code != 1 {
		t.Errorf("a damaged folder: exit %d\n%s", code, out)
	}
}
