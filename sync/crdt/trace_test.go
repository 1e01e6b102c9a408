package crdt_test

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/sync/crdt"
)

// trace is a recorded editing session: every keystroke of a text.
type trace struct {
	StartContent string `json:"startContent"`
	EndContent   string `json:"endContent"`
	Txns         []struct {
		Patches [][]any `json:"patches"` // position, deleted, inserted; in code points
	} `json:"txns"`
}

// loadTrace reads the recorded trace from the folder that HEJIE_TRACES names; nil
// if there is none.
func loadTrace(tb testing.TB) *trace {
	tb.Helper()
	const name = "automerge-paper.json.gz"
	dir := os.Getenv("HEJIE_TRACES")
	if dir == "" {
		return nil
	}
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	unzip, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	var t trace
	if err := json.NewDecoder(unzip).Decode(&t); err != nil {
		tb.Fatal(err)
	}
	return &t
}

// replay writes every transaction as one operation.
func (t *trace) replay(tb testing.TB) *crdt.State {
	s := crdt.New(caseSchema)
	path := f("story")
	n := uint64(0)
	write := func(changes []crdt.Change) {
		n++
		meta := crdt.Meta{Heads: s.Heads(), Stamp: n}
		binary.BigEndian.PutUint64(meta.ID[:], n*0x9e3779b97f4a7c15)
		meta.Name = meta.ID
		if err := s.Apply(meta, crdt.Body{Changes: changes}); err != nil {
			tb.Fatal(err)
		}
	}
	if t.StartContent != "" {
		write(s.TextSplice(path, 0, 0, t.StartContent))
	}
	for _, txn := range t.Txns {
		for _, p := range txn.Patches {
			write(s.TextSplice(path, int(p[0].(float64)), int(p[1].(float64)), p[2].(string)))
		}
	}
	return s
}

// BenchmarkReplayTrace replays 259,778 edits of a paper, one operation each.
func BenchmarkReplayTrace(b *testing.B) {
	t := loadTrace(b)
	if t == nil {
		b.Log("no automerge-paper.json.gz: set HEJIE_TRACES to the folder that has it")
		return
	}
	for b.Loop() {
		s := t.replay(b)
		if got := s.Text(f("story")); got != t.EndContent {
			b.Fatalf("the text has %d bytes and should have %d", len(got), len(t.EndContent))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(t.Txns)), "ns/edit")
}

// BenchmarkSnapshotTrace encodes and decodes the state of the whole trace.
func BenchmarkSnapshotTrace(b *testing.B) {
	t := loadTrace(b)
	if t == nil {
		b.Log("no automerge-paper.json.gz: set HEJIE_TRACES to the folder that has it")
		return
	}
	s := t.replay(b)
	for b.Loop() {
		raw := s.Encode()
		again, err := crdt.Decode(caseSchema, raw)
		if err != nil {
			b.Fatal(err)
		}
		if again.Text(f("story")) != t.EndContent {
			b.Fatal("the decoded text differs")
		}
		b.ReportMetric(float64(len(raw))/float64(s.Len()), "B/op-kept")
	}
}

// TestGeneratedTrace types, moves and deletes by a fixed rule and compares
// with a plain string after every edit.
func TestGeneratedTrace(t *testing.T) {
	r := newReplica(t, 1)
	path := f("story")
	var want []rune
	seed := uint64(1)
	next := func(n int) int { // a linear congruential generator
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed>>33) % n
	}
	words := []string{"调", "解", "员", "a", "bc", "村民 ", "\n", strings.Repeat("长", 40)}
	for range 1500 {
		pos := next(len(want) + 1)
		del := 0
		if next(3) == 0 {
			del = min(next(12), len(want)-pos)
		}
		ins := ""
		if next(4) > 0 {
			ins = words[next(len(words))]
		}
		want = append(want[:pos:pos], append([]rune(ins), want[pos+del:]...)...)
		r.write(r.state.TextSplice(path, pos, del, ins)...)
		if got := r.state.Text(path); got != string(want) {
			t.Fatalf("edit (%d, %d, %q): got %q, want %q", pos, del, ins, got, string(want))
		}
	}
}
