package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/casework/data"
)

func folderApp(t *testing.T) (*app, string) {
	t.Helper()
	dir := t.TempDir()
	return &app{w: &world{dir: dir, stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}, set: testSettings(), lang: data.English}, dir
}

func left(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// TestAFailureLeavesNothingHalf: a paper that changed after it was looked at, or
// a file that can't be written, and neither the folder nor a part of it is there.
func TestAFailureLeavesNothingHalf(t *testing.T) {
	a, dir := folderApp(t)
	scan := filepath.Join(dir, "scan.pdf")
	if err := os.WriteFile(scan, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	hash, _, err := a.hash(scan)
	if err != nil {
		t.Fatal(err)
	}
	f := api.DocketFolder{Dirs: []string{"01"}, Files: []api.DocketFile{{Path: "cover.json", Data: []byte("{}")}}, Copies: []api.DocketCopy{{SHA256: hash, Path: "01/scan.pdf"}}}
	if err := os.WriteFile(scan, []byte("after"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.writeDocket(context.Background(), "out", f, map[string]string{hash: scan}); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("a changed paper: %v", err)
	}
	f.Copies[0].Path = "02/scan.pdf" // no such folder
	if err := a.writeDocket(context.Background(), "out", f, map[string]string{hash: scan}); err == nil {
		t.Error("a file is written where there is no folder")
	}
	f.Copies[0].Path = "../out.pdf"
	if err := a.writeDocket(context.Background(), "out", f, map[string]string{hash: scan}); err == nil {
		t.Error("a file is written outside the folder")
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	f.Copies[0].Path = "01/scan.pdf"
	if err := a.writeDocket(stopped, "out", f, map[string]string{hash: scan}); err == nil {
		t.Error("written although the person stopped it")
	}
	if got := left(t, dir); got != "scan.pdf" {
		t.Errorf("left: %s", got)
	}
}

// TestAFolderFilledMeanwhileStays: what somebody put there while the folder was
// made is not written over.
func TestAFolderFilledMeanwhileStays(t *testing.T) {
	a, dir := folderApp(t)
	f, err := a.makeFolder("out")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.file("cover.json", strings.NewReader("{}")); err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(dir, "out", "theirs")
	if err := os.Mkdir(filepath.Dir(theirs), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(theirs, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.commit(); err == nil {
		t.Error("written over what is there")
	}
	f.drop()
	if got := left(t, dir) + "/" + left(t, filepath.Join(dir, "out")); got != "out/theirs" {
		t.Errorf("left: %s", got)
	}
}

// TestLinksAreNotFollowed: a link among the papers leads to no other file.
func TestLinksAreNotFollowed(t *testing.T) {
	a, dir := folderApp(t)
	papers := filepath.Join(dir, "papers")
	for _, name := range []string{filepath.Join(dir, "secret"), filepath.Join(papers, "plain")} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "secret"), filepath.Join(papers, "link")); err != nil {
		t.Skip("no links here: ", err)
	}
	var r api.DocketRequest
	found, err := a.materials(context.Background(), "papers", &r)
	if err != nil || len(found) != 1 || len(r.Have) != 1 || r.Have[0].Name != "plain" {
		t.Errorf("%v %v %+v", err, found, r.Have)
	}
}
