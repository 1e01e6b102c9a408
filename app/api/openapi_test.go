package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"strings"
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

// The page's types were made from this very description.
func TestClientTypesAreCurrent(t *testing.T) {
	source, err := os.ReadFile(openAPIFile)
	if err != nil {
		t.Fatal(err)
	}
	types, err := os.ReadFile("../../frontend/src/api/schema.gen.ts")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(source)
	first, _, _ := strings.Cut(string(types), "\n")
	if want := hex.EncodeToString(sum[:]); !strings.Contains(first, want) {
		t.Errorf("schema.gen.ts was made from another openapi.json (want sha256 %s): run node app/api/client.mjs\n%s", want, first)
	}
}

func TestOpenAPIIsServed(t *testing.T) {
	c := listen(t, newServer(t, newFake()))
	a := c.do("GET", "/openapi.json", "").want(200)
	if !bytes.Contains(a.body, []byte(`"openapi":"3.1.0"`)) {
		t.Errorf("%.200s", a.body)
	}
}
