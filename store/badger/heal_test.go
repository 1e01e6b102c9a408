package badger_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hejie/store"
	"hejie/store/badger"
	"hejie/store/packstore"
)

// killed leaves a folder as a program leaves it that was killed after it saved.
func killed(t *testing.T, saves int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1)
	for n := 0; n < saves; {
		if _, err := out.Read(b); err != nil {
			t.Fatal(err)
		}
		if b[0] == '\n' {
			n++
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	return dir
}

// TestDamageAfterKill holds that a start after a kill is one that works,
// whatever befell the rows meanwhile: Badger ends a program that opens some of
// these.
func TestDamageAfterKill(t *testing.T) {
	const saves = 150
	kept := killed(t, saves)
	for name, harm := range map[string]func(path string) error{
		"nothing": func(string) error { return nil },
		"cut":     func(p string) error { return change(p, func(b []byte) []byte { return b[:len(b)/2+1] }) },
		"cleared": func(p string) error { return change(p, func(b []byte) []byte { clear(b); return b }) },
		"deleted": os.Remove,
	} {
		for _, kind := range []string{"MANIFEST", "KEYREGISTRY", "DISCARD", ".mem", ".vlog"} {
			if name == "nothing" && kind != "MANIFEST" || name == "cleared" && kind != ".mem" {
				continue
			}
			t.Run(name+" "+kind, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(kept)); err != nil {
					t.Fatal(err)
				}
				n := 0
				if err := filepath.WalkDir(filepath.Join(dir, "badger"), func(p string, d fs.DirEntry, err error) error {
					if err != nil || d.IsDir() || !strings.HasSuffix(p, kind) {
						return err
					}
					n++
					return harm(p)
				}); err != nil || n == 0 {
					t.Fatalf("%d files, %v", n, err)
				}
				holds(t, dir, 2*saves)
			})
		}
	}
}

func change(path string, fn func([]byte) []byte) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, fn(b), 0o600)
}

func holds(t *testing.T, dir string, frames int) {
	t.Helper()
	s, err := badger.Open(t.Context(), childOptions(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := int(s.Stats().Frames); n < frames || s.Stats().RowsInMemory {
		t.Errorf("%d frames, want %d", n, frames)
	}
	if v, err := s.Verify(t.Context()); err != nil || len(v.Bad) > 0 {
		t.Errorf("%+v %v", v, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// takenDir, set in the environment, makes the test binary a program whose files
// are taken away under it.
const takenDir = "HEJIE_STORE_TEST_TAKEN"

func taken(dir string) error {
	s, err := badger.Open(context.Background(), childOptions(dir), nil)
	if err != nil {
		return err
	}
	for n := range 40 {
		if _, err := s.Append(context.Background(), []store.Frame{childFrame(n)}); err != nil {
			return err
		}
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "badger")), os.Remove(filepath.Join(dir, "lock"))); err != nil {
		return err
	}
	_ = s.Close() // it may say what it finds; it must not wait for it
	return nil
}

// TestFilesTakenAway holds that a program ends within seconds when its files were
// taken away under it, and that the next start has what was acknowledged.
func TestFilesTakenAway(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), packstore.CloseTime+15*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), takenDir+"="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	holds(t, dir, 40)
}

// TestModes holds that nobody but their owner can read the files of the rows.
func TestModes(t *testing.T) {
	dir := t.TempDir()
	s, err := badger.Open(t.Context(), childOptions(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		if err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 && p != dir {
				t.Errorf("%s: %s has mode %v", when, p, info.Mode())
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	check("open")
	if _, err := s.Append(t.Context(), []store.Frame{childFrame(1)}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check("closed")
}
