package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// static serves the built web interface. Files under assets/ carry a hash in
// their name and never change; any address that names no file gives index.html,
// whose scripts know the pages.
type static struct {
	files fs.FS

	mu    sync.Mutex
	etags map[string]string // file -> ETag; files do not change while the program runs
}

func newStatic(files fs.FS) *static { return &static{files: files, etags: map[string]string{}} }

// ServeHTTP implements http.Handler.
func (s *static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !safeMethod(r.Method) {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	data, err := s.read(name)
	if errors.Is(err, fs.ErrNotExist) && path.Ext(name) == "" {
		name = "index.html"
		data, err = s.read(name)
	}
	if err != nil {
		s.missing(w, name)
		return
	}
	if t := typeOf(name); t != "" {
		w.Header().Set("Content-Type", t)
	}
	if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.Header().Set("ETag", s.etag(name, data))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

func (s *static) read(name string) ([]byte, error) {
	if s.files == nil || !fs.ValidPath(name) {
		return nil, fs.ErrNotExist
	}
	info, err := fs.Stat(s.files, name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(s.files, name)
}

func (s *static) missing(w http.ResponseWriter, name string) {
	w.Header().Set("Cache-Control", "no-store")
	if name == "index.html" {
		http.Error(w, "This program was built without its web interface. Build it with: make build", http.StatusNotFound)
		return
	}
	http.Error(w, "There is no such file.", http.StatusNotFound)
}

func (s *static) etag(name string, data []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.etags[name]; ok {
		return e
	}
	sum := sha256.Sum256(data)
	e := `"` + hex.EncodeToString(sum[:12]) + `"`
	s.etags[name] = e
	return e
}

// types are what the interface is made of. The machine's own table is not
// asked first: on Windows the registry may call a script text/plain.
var types = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".json":        "application/json",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".ttf":         "font/ttf",
	".woff2":       "font/woff2",
	".webmanifest": "application/manifest+json",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
}

func typeOf(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if t, ok := types[ext]; ok {
		return t
	}
	return mime.TypeByExtension(ext)
}
