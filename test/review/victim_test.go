package review

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// victim is a person who works at a served folder, by its API.
type victim struct {
	t          *testing.T
	url, token string
	n          int
}

func atWork(d *process.Desk, url string) *victim {
	d.T.Helper()
	t, _ := d.T.(*testing.T)
	v := &victim{t: t, url: url + "/api/v1"}
	var seats []struct {
		Seat string `json:"seat"`
	}
	v.ask(t.Context(), http.MethodGet, "/seats/here", nil, &seats)
	var made struct {
		Token string `json:"token"`
	}
	v.ask(t.Context(), http.MethodPost, "/sessions", map[string]string{"seat": seats[0].Seat, "secret": process.Secret}, &made)
	v.token = made.Token
	return v
}

func (v *victim) ask(ctx context.Context, method, path string, body, into any) {
	v.t.Helper()
	var send io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			v.t.Fatal(err)
		}
		send = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, v.url+path, send)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Hejie-Client", "review")
	r.Header.Set("Content-Type", "application/json")
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	if method != http.MethodGet {
		r.Header.Set("Idempotency-Key", uuid.Must(uuid.NewV7()).String())
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode >= 300 {
		v.t.Fatalf("%s %s: status %d %s %v", method, path, a.StatusCode, b, err)
	}
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			v.t.Fatal(err)
		}
	}
}

// save edits a case and answers how long it took.
func (v *victim) save(id string) time.Duration {
	v.t.Helper()
	v.n++
	began := time.Now()
	v.ask(v.t.Context(), http.MethodPatch, "/cases/"+id, map[string]any{"fields": map[string]any{"place": fmt.Sprintf("河湾村%d组", v.n)}}, nil)
	return time.Since(began)
}

// p95 of some times.
func p95(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[len(times)*95/100]
}

// resident is the memory of a process that listens at an address, in MiB.
func residentOf(pid int) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb >> 10
		}
	}
	return 0
}

// times a person's saves while something goes on.
func (v *victim) during(id string, until <-chan struct{}) (all []time.Duration) {
	for {
		select {
		case <-until:
			return all
		case <-time.After(5 * time.Millisecond):
			all = append(all, v.save(id))
		}
	}
}

// dear is a body of n changes of one kind.
func dearChanges(kind string, n, salt int) []liar.M {
	var out []liar.M
	for i := range n {
		switch kind {
		case "parties":
			out = append(out, liar.M{1: 2, 2: []any{"parties"}})
		case "tags":
			out = append(out, liar.M{1: 2, 2: []any{"tags"}, 3: fmt.Sprint("t", salt, i)})
		case "values":
			out = append(out, liar.M{1: 1, 2: []any{"title"}, 3: fmt.Sprint("v", salt, i)})
		case "runs":
			out = append(out, liar.M{1: 4, 2: []any{"facts"}, 7: 1, 8: "字"})
		case "events":
			out = append(out, liar.M{1: 6, 2: []any{"events"}, 3: liar.T{"step": "accept"}})
		case "unknown":
			out = append(out, liar.M{1: 1, 2: []any{"later"}, 3: i})
		}
	}
	return out
}
