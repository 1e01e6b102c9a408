package builds

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"hejie/test/process"
)

// build makes the program with build tags.
func build(t *testing.T, tags string) string {
	t.Helper()
	if _, err := os.ReadFile(filepath.Join("..", "..", "app", "casework", "later_on.go")); err != nil {
		t.Fatal(err) // and a cached result counts only while it is as it was
	}
	out, err := process.Build(t.TempDir(), tags)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// exported is the case as the desk's program knows it.
func exported(d *process.Desk) map[string]any {
	d.T.Helper()
	d.Run("export", "--out", "cases.jsonl")
	var m map[string]any
	if err := json.Unmarshal([]byte(d.Read("cases.jsonl")), &m); err != nil {
		d.T.Fatal(err)
	}
	return m
}
