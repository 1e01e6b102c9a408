package captured

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hejie/test/process"
)

// TestEveryCapturedFolder opens a copy of every archive with this build.
func TestEveryCapturedFolder(t *testing.T) {
	archives, err := filepath.Glob("*.tar.gz")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archive is here: %v", err)
	}
	program, err := process.Build(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, archive := range archives {
		t.Run(archive, func(t *testing.T) {
			b, err := os.ReadFile(strings.TrimSuffix(archive, ".tar.gz") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var folders []Folder
			if err := json.Unmarshal(b, &folders); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := Unpack(archive, dir); err != nil {
				t.Fatal(err)
			}
			p := Program{program, t.TempDir()}
			for _, f := range folders {
				got, err := p.Look(dir, f)
				if err != nil {
					t.Error(err)
					continue
				}
				same(t, f, got)
				status(t, p, dir, f)
			}
		})
	}
}

// same holds what is shown against what was.
func same(t *testing.T, want, got Folder) {
	t.Helper()
	if got.Verified != want.Verified {
		t.Errorf("%s: verify counts %d operations of %d", want.Name, got.Verified, want.Verified)
	}
	if len(got.Cases) != len(want.Cases) || len(want.Cases) == 0 {
		t.Errorf("%s: %d cases of %d", want.Name, len(got.Cases), len(want.Cases))
	}
	for id, document := range want.Cases {
		if !reflect.DeepEqual(got.Cases[id], document) {
			a, _ := json.Marshal(document)
			b, _ := json.Marshal(got.Cases[id])
			t.Errorf("%s: case %s was\n%s\nand is\n%s", want.Name, id, a, b)
		}
		if !reflect.DeepEqual(got.Rows[id], want.Rows[id]) {
			t.Errorf("%s: the row of case %s was\n%v\nand is\n%v", want.Name, id, want.Rows[id], got.Rows[id])
		}
	}
}

// status must find nothing that is newer or broken, and a new case is taken.
func status(t *testing.T, p Program, dir string, f Folder) {
	t.Helper()
	out, err := p.Run(dir, f, "status")
	if err != nil {
		t.Error(err)
		return
	}
	var s struct{ Refused, Newer, Late, Waiting int }
	if err := json.Unmarshal(out, &s); err != nil {
		t.Fatal(err)
	}
	if s.Refused+s.Newer+s.Late > 0 {
		t.Errorf("%s: %+v", f.Name, s)
	}
}
