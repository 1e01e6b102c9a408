//go:build desktop

// Command probe opens the project's window on a page that tries what the
// interface rests on, and prints what it found, one JSON document a line.
//
// It is for the tests of the window. It may hold nothing of the window itself:
// that is app/desktop's. Invariant: what it prints was seen by the handler or
// sent by the page, never assumed.
package main

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"hejie/app/desktop"
)

//go:embed probe.html
var page []byte

// beat is how often the stream writes: a stream's end is noticed by the next write.
const beat = 50 * time.Millisecond

// report prints one document at a time.
type report struct{ mu sync.Mutex }

func (r *report) print(kind string, value any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line, err := json.Marshal(map[string]any{"kind": kind, "value": value})
	if err != nil {
		line = fmt.Appendf(nil, "%q", err)
	}
	fmt.Println(string(line))
}

func main() {
	os.Exit(desktop.Main("probe", func(context.Context) (http.Handler, func() error, error) {
		r := &report{}
		return routes(r), func() error { r.print("closed", true); return nil }, nil
	}))
}

func routes(r *report) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page)
	})
	mux.HandleFunc("POST /digest", func(w http.ResponseWriter, request *http.Request) {
		hash := sha256.New()
		n, err := io.Copy(hash, request.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"bytes": n, "sha256": hex.EncodeToString(hash.Sum(nil))})
	})
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		beats := time.NewTicker(beat)
		defer beats.Stop()
		for n := 1; ; n++ {
			fmt.Fprintf(w, "data: %d\n\n", n)
			http.NewResponseController(w).Flush()
			select {
			case <-beats.C:
			case <-request.Context().Done():
				r.print("stream ended", n > 1)
				return
			}
		}
	})
	mux.HandleFunc("POST /report/{kind}", func(_ http.ResponseWriter, request *http.Request) {
		var value any
		if err := json.NewDecoder(request.Body).Decode(&value); err != nil {
			value = err.Error()
		}
		r.print(request.PathValue("kind"), value)
	})
	return mux
}
