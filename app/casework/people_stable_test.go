package casework_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/schematest"
	"hejie/sync/crdt"
)

// TestFirstDocumentsMeanTheSame: a document of the first schema gives the bytes
// that it gave when there was nothing else, as an export and as an operation.
func TestFirstDocumentsMeanTheSame(t *testing.T) {
	d := goodDocument(t)
	raw, err := crdt.EncodeBody(crdt.Body{Changes: casework.NewChanges(d)})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		raw  []byte
		want string
	}{
		"export":    {d.Canonical(), "f2ff9b43d64fe86e325e525de6cf37e2c240d63b06b8f99ec5cf564d73143e1b"},
		"operation": {raw, "62f748bb8a246a90a79c5de0a2e4d78d2016a71d865dc266479aaf2b1eba55d4"},
	} {
		if sum := sha256.Sum256(tt.raw); hex.EncodeToString(sum[:]) != tt.want {
			t.Errorf("the %s became %x: %s", name, sum, tt.raw)
		}
	}
}

// TestFirstSchemaStaysAccepted: what the first schema takes, today's takes, and
// the parser refuses of it only what it always refused (check digits, forms of
// numbers).
func TestFirstSchemaStaysAccepted(t *testing.T) {
	read := func(name string) *schematest.Schema {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return schematest.New(t, raw)
	}
	first, now := read("case.schema.first.json"), read("case.schema.json")
	for _, tt := range documents(t) {
		if first.Check(t, []byte(tt.text)) != "" {
			continue
		}
		if said := now.Check(t, []byte(tt.text)); said != "" {
			t.Errorf("%s: today's schema says %s", tt.name, said)
		}
		if _, _, err := casework.ParseDocument([]byte(tt.text)); err != nil && !tt.schemaAllows {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
