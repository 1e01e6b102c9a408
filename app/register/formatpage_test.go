package register

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var writeFormat = flag.Bool("format", false, "write docs/format-register.json")

const formatData = "../../docs/format-register.json"

// TestFormatPage: the lasting page has the schema of registers by which this
// program computes them, and who may write what.
func TestFormatPage(t *testing.T) {
	roles := map[string]any{"": office}
	for _, table := range tables {
		row := map[string]any{"roles": table.roles, "limit": table.limit}
		if table.office != nil {
			row["office"] = table.office
		}
		roles[table.name] = row
	}
	raw, err := json.MarshalIndent(map[string]any{
		"about": "FORMAT: records of registers (kind 8); docs/format-case.md says how types are read", "register": Schema().Describe(), "may_write": roles,
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	raw = append(raw, '\n')
	if *writeFormat {
		if err := os.WriteFile(formatData, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(formatData); err != nil || !bytes.Equal(have, raw) {
		t.Fatalf("%s is not the schema of registers (%v): go test ./app/register -run TestFormatPage -format", formatData, err)
	}
}
