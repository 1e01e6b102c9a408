// Package frontend holds the built web interface.
//
// It is for embedding the pages, scripts and fonts that the window and the
// browser show, so that one file is the whole program. It may hold no logic.
// Invariant: Assets always has an index.html; in a tree where the interface
// was not built yet, that page says how to build it.
package frontend

import (
	"embed"
	"io/fs"
)

// The folder holds at least a marker in a clean clone, because embed refuses a
// pattern that matches nothing.
//
//go:embed all:dist
var dist embed.FS

//go:embed unbuilt
var unbuilt embed.FS

// Assets are the files of the web interface, index.html at the root.
var Assets = assets()

// Built tells whether the web interface itself is in this program.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html")
	return err == nil
}

func assets() fs.FS {
	files, folder := dist, "dist"
	if !Built() {
		files, folder = unbuilt, "unbuilt"
	}
	root, err := fs.Sub(files, folder)
	if err != nil {
		// Sub fails for an invalid name only, and both names are valid.
		panic(err)
	}
	return root
}
