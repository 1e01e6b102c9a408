package api_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"hejie/app/api"
)

var update = flag.Bool("update", false, "write openapi.json anew from the Go types")

const openAPIFile = "openapi.json"

// The description that the page's client is made from is what the types give.
func TestOpenAPIIsCurrent(t *testing.T) {
	want, err := api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(openAPIFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(openAPIFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("%s does not fit the Go types: run go test ./app/api -run TestOpenAPI -update, then node app/api/client.mjs", openAPIFile)
	}
}
