package captured

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Folder is one data folder of an archive and what a build must show of it.
type Folder struct {
	Name   string `json:"name"`
	Seat   string `json:"seat"`   // the person's name
	Secret string `json:"secret"` // opens nothing but this
	// Verified is how many operations verify counts.
	Verified int `json:"verified"`
	// Cases are the documents of case get, by id.
	Cases map[string]any `json:"cases"`
	// Rows are the columns of case list that stand in CLI.md, by id.
	Rows map[string]any `json:"rows"`
}

// Kept are what of a data folder is archived: the rest is derived.
var Kept = []string{"packs", "local", "keys", "instance"}

// Pack writes folders under dir into a compressed archive.
func Pack(path, dir string, folders []string) (err error) {
	f, err := os.Create(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(z)
	for _, name := range folders {
		for _, kept := range Kept {
			root := filepath.Join(dir, name, kept)
			err := filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				return add(w, dir, file)
			})
			if err != nil {
				return err
			}
		}
	}
	return errors.Join(w.Close(), z.Close())
}

func add(w *tar.Writer, dir, file string) error {
	name, err := filepath.Rel(dir, file)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: filepath.ToSlash(name), Mode: 0o600, Size: int64(len(b)), Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// maxUnpacked bounds one file of an archive.
const maxUnpacked = 64 << 20

// Unpack writes an archive's folders into dir.
func Unpack(path, dir string) error {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	r := tar.NewReader(z)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !filepath.IsLocal(h.Name) || strings.Contains(h.Name, "..") {
			return fmt.Errorf("the archive names %q", h.Name)
		}
		b, err := io.ReadAll(io.LimitReader(r, maxUnpacked))
		if err != nil {
			return err
		}
		file := filepath.Join(dir, filepath.FromSlash(h.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(file, b, 0o600); err != nil {
			return err
		}
	}
}
