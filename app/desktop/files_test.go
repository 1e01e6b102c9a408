package desktop

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWindowTitle(t *testing.T) {
	tests := []struct{ page, want string }{
		{"", Title},
		{"  ", Title},
		{Title, Title},
		{"案件", "案件 · " + Title},
		{"案件 · " + Title, "案件 · " + Title},
		{"two\nlines\x00", "twolines · " + Title},
	}
	for _, test := range tests {
		if got := windowTitle(test.page); got != test.want {
			t.Errorf("windowTitle(%q) = %q, want %q", test.page, got, test.want)
		}
	}
}

func TestSafeName(t *testing.T) {
	tests := []struct{ name, want string }{
		{"调解协议书.pdf", "调解协议书.pdf"},
		{"../../etc/passwd", "_.._etc_passwd"},
		{`C:\a<b>.csv`, "C__a_b_.csv"},
		{" . ", "hejie"},
		{"", "hejie"},
	}
	for _, test := range tests {
		if got := safeName(test.name); got != test.want {
			t.Errorf("safeName(%q) = %q, want %q", test.name, got, test.want)
		}
	}
	long := safeName(strings.Repeat("长", 300) + ".jsonl")
	if len(long) > maxName || !strings.HasSuffix(long, ".jsonl") {
		t.Errorf("a long name became %d bytes: %q", len(long), long)
	}
}

func TestWriteWholeReplacesAndLeavesNothingBehind(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "案件.jsonl")
	for _, content := range []string{"one", "two, longer"} {
		if err := writeWhole(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		file, err := readChosen(path)
		if err != nil {
			t.Fatal(err)
		}
		if file.Name != "案件.jsonl" || file.Content != base64.StdEncoding.EncodeToString([]byte(content)) {
			t.Errorf("read back %+v, want %q", file, content)
		}
	}
	if names, err := os.ReadDir(folder); err != nil || len(names) != 1 {
		t.Errorf("the folder holds %v (%v), want the one file", names, err)
	}
}

func TestWriteWholeFailsCleanly(t *testing.T) {
	folder := t.TempDir()
	taken := filepath.Join(folder, "taken")
	if err := os.MkdirAll(filepath.Join(taken, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := writeWhole(taken, []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if names, err := os.ReadDir(folder); err != nil || len(names) != 1 {
		t.Errorf("the folder holds %v (%v), want only what was there", names, err)
	}
	if err := writeWhole(filepath.Join(folder, "missing", "x"), nil); err == nil {
		t.Error("writing into a folder that is not there passed")
	}
}

func TestReadChosenRefusesWhatIsTooBig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, MaxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, err := readChosen(path); !errors.Is(err, errTooBig) {
		t.Errorf("got %v, want %v", err, errTooBig)
	}
	if err := os.Truncate(path, MaxFile); err != nil {
		t.Fatal(err)
	}
	if _, err := readChosen(path); err != nil {
		t.Errorf("a file of exactly the limit: %v", err)
	}
}
