package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"time"
)

// Trace is what happened, line by line, for a person and as one hash for the
// comparison of runs.
type Trace struct {
	world *World
	sum   hash.Hash
	lines []Line
}

// Line is one thing that happened.
type Line struct {
	At    time.Duration `json:"at"`
	Where string        `json:"where"`
	What  string        `json:"what"`
}

// String is the line as people read it.
func (l Line) String() string { return fmt.Sprintf("%12s  %-12s %s", l.At, l.Where, l.What) }

func newTrace(w *World) *Trace { return &Trace{world: w, sum: sha256.New()} }

// Note writes a line. It must be a function of the seed: no pointers, no order
// of a map.
func (t *Trace) Note(where, format string, args ...any) {
	l := Line{At: t.world.now, Where: where, What: fmt.Sprintf(format, args...)}
	t.lines = append(t.lines, l)
	t.Mix([]byte(l.String()), []byte{'\n'})
}

// Mix takes bytes into the hash that no person reads: a disk, a document.
func (t *Trace) Mix(parts ...[]byte) {
	for _, p := range parts {
		t.sum.Write(p)
	}
}

// Hash names all that was noted and mixed in so far.
func (t *Trace) Hash() string { return hex.EncodeToString(t.sum.Sum(nil)) }

// Lines are all lines so far.
func (t *Trace) Lines() []Line { return t.lines }

func hashOf(domain string, parts ...[]byte) [32]byte {
	h := sha256.New()
	h.Write([]byte(domain))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write(p)
	}
	return [32]byte(h.Sum(nil))
}
