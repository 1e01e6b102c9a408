package api_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"hejie/app/api"
)

// TestTheFolderComesAsAnArchive: with its empty folders, and the same bytes again.
func TestTheFolderComesAsAnArchive(t *testing.T) {
	s := newServer(t, newFake())
	c := listen(t, s)
	c.signIn()
	var first []byte
	for range 2 {
		var got api.DocketArchive
		if err := json.Unmarshal(c.do("GET", "/cases/c1/docket", "").want(200).body, &got); err != nil {
			t.Fatal(err)
		}
		if got.Kind != "suit" || got.File.MediaType != "application/zip" || got.File.Name != "docket-c1.zip" || first != nil && !bytes.Equal(first, got.File.Data) {
			t.Fatalf("%+v", got)
		}
		first = got.File.Data
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil || len(z.File) != 2 || z.File[0].Name != "01_申请人材料/" || z.File[1].Name != "cover.json" {
		t.Fatalf("%v %+v", err, z)
	}
	f, err := z.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := io.ReadAll(f); err != nil || string(raw) != "{}" {
		t.Errorf("%v %s", err, raw)
	}
	c.do("GET", "/cases/c1/docket?kind=divorce", "").want(422)
}
