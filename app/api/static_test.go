package api_test

import (
	"strings"
	"testing"

	"hejie/app/api"
)

func TestFiles(t *testing.T) {
	s := newServer(t, newFake())
	for _, c := range []struct {
		method, path  string
		status        int
		kind, caching string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", "no-cache"},
		{"GET", "/cases/0190", 200, "text/html; charset=utf-8", "no-cache"},
		{"HEAD", "/settings", 200, "text/html; charset=utf-8", "no-cache"},
		{"GET", "/assets/app-1a2b3c.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"GET", "/assets/old-000000.js", 404, "text/plain; charset=utf-8", "no-store"},
		{"GET", "/assets", 200, "text/html; charset=utf-8", "no-cache"},
		{"GET", "/../../etc/passwd", 307, "", ""},
		{"POST", "/", 405, "text/plain; charset=utf-8", ""},
	} {
		w := from(s, home, false, c.method, c.path)
		if w.Code != c.status || c.kind != "" && w.Header().Get("Content-Type") != c.kind || w.Header().Get("Cache-Control") != c.caching {
			t.Errorf("%s %s: %d %v", c.method, c.path, w.Code, w.Header())
		}
	}
	tag := from(s, home, false, "GET", "/").Header().Get("ETag")
	if w := from(s, home, false, "GET", "/", "If-None-Match", tag); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("the same page is sent again: %d", w.Code)
	}
}

func TestNoInterfaceBuilt(t *testing.T) {
	s := newServer(t, newFake(), func(d *api.Deps) { d.Files = nil })
	w := from(s, home, false, "GET", "/")
	if w.Code != 404 || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := from(s, home, false, "GET", api.Prefix+"/setup"); w.Code != 200 {
		t.Errorf("the API is gone too: %d", w.Code)
	}
}
