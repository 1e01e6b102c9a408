package frontend_test

import (
	"io/fs"
	"strings"
	"testing"

	"hejie/frontend"
)

// TestAssetsHaveAPage holds both in a clean clone and after a build: whoever
// serves Assets never answers with an empty folder.
func TestAssetsHaveAPage(t *testing.T) {
	page, err := fs.ReadFile(frontend.Assets, "index.html")
	if err != nil {
		t.Fatalf("reading the first page: %v", err)
	}
	if !strings.Contains(string(page), "Hejie") {
		t.Errorf("the first page does not name the program:\n%s", page)
	}
}

// TestFontsAreEmbedded holds that a built interface brings its own Chinese
// fonts: many office machines that run it have none fit for reading.
func TestFontsAreEmbedded(t *testing.T) {
	var fonts int64
	err := fs.WalkDir(frontend.Assets, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if strings.HasSuffix(name, ".woff2") || strings.HasSuffix(name, ".ttf") {
			info, err := entry.Info()
			if err != nil {
				return err
			}
			fonts += info.Size()
		}
		return nil
	})
	if err != nil {
		t.Fatalf("listing the files: %v", err)
	}
	// A Chinese face with the common characters is megabytes even when packed;
	// less means that it was left out or cut to a few letters.
	const least = 1 << 20
	if frontend.Built() && fonts < least {
		t.Errorf("the built interface holds %d bytes of fonts, want at least %d", fonts, least)
	}
}
