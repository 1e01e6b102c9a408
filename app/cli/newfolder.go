package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"hejie/store/host"
)

// newFolder is a folder that is there whole or not at all: it is made beside its
// place and moved there when everything in it is durable.
type newFolder struct {
	a          *app
	name, path string
	temp       string
}

// roomFor refuses a place where something is already; an empty folder is nothing.
func (a *app) roomFor(name string) error {
	path := a.w.path(name)
	list, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return failOn(err, "folder.place", "folder", name)
	case len(list) > 0:
		return fail("folder.not_empty", "folder", name)
	}
	return nil
}

// makeFolder begins a folder. What it holds is for its owner alone: papers of a
// case are in it.
func (a *app) makeFolder(name string) (*newFolder, error) {
	if err := a.roomFor(name); err != nil {
		return nil, err
	}
	path := filepath.Clean(a.w.path(name))
	temp, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, failOn(err, "file.write", "file", name)
	}
	return &newFolder{a: a, name: name, path: path, temp: temp}, nil
}

// folder makes a folder in it; rel has slashes.
func (f *newFolder) folder(rel string) error {
	if err := os.MkdirAll(filepath.Join(f.temp, filepath.FromSlash(rel)), 0o700); err != nil {
		return failOn(err, "file.write", "file", f.name)
	}
	return nil
}

// file writes one file, durably; rel has slashes.
func (f *newFolder) file(rel string, from io.Reader) error {
	local := filepath.FromSlash(rel)
	if !filepath.IsLocal(local) {
		return fail("file.write", "file", rel, "why", "outside "+f.name)
	}
	out, err := os.OpenFile(filepath.Join(f.temp, local), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return failOn(err, "file.write", "file", rel)
	}
	_, err = io.Copy(out, from)
	if err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return failOn(err, "file.write", "file", rel)
	}
	return nil
}

// commit gives the folder its name, durably.
func (f *newFolder) commit() error {
	err := filepath.WalkDir(f.temp, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return host.OS{}.SyncDir(path)
	})
	if err == nil {
		// An empty folder makes room; one that was filled since stays, and this fails.
		if err = os.Remove(f.path); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = os.Rename(f.temp, f.path)
	}
	if err == nil {
		err = host.OS{}.SyncDir(filepath.Dir(f.path))
	}
	if err != nil {
		return failOn(err, "file.write", "file", f.name)
	}
	f.temp = ""
	return nil
}

// drop removes what was not committed.
func (f *newFolder) drop() {
	if f.temp != "" {
		_ = os.RemoveAll(f.temp) // what can't be removed harms nobody
	}
}
