package bench

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"
	"time"

	"hejie/store/host"
)

func packed(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ticking is a clock that a second passes on at each look.
type ticking struct{ now time.Time }

func (c *ticking) Now() time.Time {
	c.now = c.now.Add(time.Second)
	return c.now
}

// TestText replays edits whose positions count code points, not bytes.
func TestText(t *testing.T) {
	const edits = `"txns":[{"patches":[[0,0,"甲𠮷"],[1,1,"乙"]]},{"patches":[[2,0,"丙"],[0,1,""]]}]`
	tests := []struct {
		name, trace string
		edits       int
		matches     bool
	}{
		{"ends as it should", `{"startContent":"","endContent":"乙丙",` + edits + `}`, 4, true},
		{"ends otherwise", `{"startContent":"","endContent":"丙乙",` + edits + `}`, 4, false},
		{"begins with text", `{"startContent":"甲","endContent":"甲乙","txns":[{"patches":[[1,0,"乙"]]}]}`, 1, true},
	}
	for _, test := range tests {
		r, err := Run("text", Options{Trace: packed(t, test.trace), Clock: &ticking{}})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if r.Edits != test.edits || r.Matches == nil || *r.Matches != test.matches || r.Bytes == 0 || r.Seconds <= 0 {
			t.Errorf("%s: %+v", test.name, r)
		}
	}
	for _, bad := range [][]byte{nil, []byte("{}"), packed(t, "["), packed(t, `{"txns":[{"patches":[[0,0]]}]}`), packed(t, `{"txns":[{"patches":[["a",0,""]]}]}`)} {
		if _, err := Run("text", Options{Trace: bad, Clock: host.System{}}); err == nil {
			t.Errorf("%q was replayed", bad)
		}
	}
}

func TestUnknownWorkload(t *testing.T) {
	_, err := Run("nothing", Options{})
	var unknown *WorkloadError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "save") {
		t.Error(err)
	}
}

func FuzzReadTrace(f *testing.F) {
	f.Add([]byte(`{"startContent":"a","endContent":"b","txns":[{"patches":[[0,1,"b"]]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if tr, err := readTrace(packed(t, string(text))); err == nil && tr == nil {
			t.Error("neither a trace nor an error")
		}
	})
}
