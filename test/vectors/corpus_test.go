package vectors

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the vectors that the generator makes")

// vector is one case: what it shows, what a reader must say, and the bytes.
type vector struct {
	Name   string
	Says   string
	Expect string
	// Kept vectors hold randomness that can't be seeded (HPKE), or bytes that
	// another version of a library may choose otherwise (zstd). They are made once
	// and only read from then on.
	Kept   bool
	Fields fields
}

// fields are a vector's own: hexadecimal, numbers, lists.
type fields map[string]any

// ok makes a vector that holds; fault one that is refused.
func ok(name, says string, f fields) vector {
	return vector{Name: name, Says: says, Expect: "ok", Fields: f}
}

func fault(expect, name, says string, f fields) vector {
	return vector{Name: name, Says: says, Expect: expect, Fields: f}
}

func kept(v vector) vector {
	v.Kept = true
	return v
}

// MarshalJSON puts what people read first, the rest in order of its names.
func (v vector) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	write := func(name string, value any) error {
		raw, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", name, v.Name, err)
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", name, raw)
		return nil
	}
	b.WriteByte('{')
	head := []struct {
		name  string
		value any
	}{{"name", v.Name}, {"says", v.Says}, {"expect", v.Expect}}
	for _, h := range head {
		if err := write(h.name, h.value); err != nil {
			return nil, err
		}
	}
	if v.Kept {
		if err := write("kept", true); err != nil {
			return nil, err
		}
	}
	names := make([]string, 0, len(v.Fields))
	for name := range v.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := write(name, v.Fields[name]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads a vector again; numbers stay exact.
func (v *vector) UnmarshalJSON(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v.Fields); err != nil {
		return err
	}
	take := func(name string) string {
		s, _ := v.Fields[name].(string)
		delete(v.Fields, name)
		return s
	}
	v.Name, v.Says, v.Expect = take("name"), take("says"), take("expect")
	v.Kept, _ = v.Fields["kept"].(bool)
	delete(v.Fields, "kept")
	return nil
}

// file is one *.json of this folder.
type file struct {
	About   string   `json:"about"`
	Vectors []vector `json:"vectors"`
}

func (f file) encode(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readCorpus(t *testing.T, name string) file {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v: make it with go test ./test/vectors -update", err)
	}
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

// withKept puts the kept vectors of the committed file in the place of new ones.
func withKept(t *testing.T, name string, f file) file {
	t.Helper()
	if _, err := os.Stat(name); err != nil {
		return f
	}
	for _, old := range readCorpus(t, name).Vectors {
		if at := slices.IndexFunc(f.Vectors, func(v vector) bool { return v.Name == old.Name }); at >= 0 && old.Kept && f.Vectors[at].Kept {
			f.Vectors[at] = old
		}
	}
	return f
}

// generators make the files, in the order in which they build on one another.
var generators = []struct {
	kind, about string
	make        func(*testing.T) []vector
}{
	{"cbor", "FORMAT 1: one value, one encoding.", cborVectors},
	{"hashes", "FORMAT 1: H(d, x…) is SHA-256 over the text d, a zero byte and the parts.", hashVectors},
	{"signatures", "FORMAT 1: one answer on a signature of suite 1.", signatureVectors},
	{"frames", "FORMAT 2, 3: which operations are held.", frameVectors},
	{"contents", "FORMAT 5: the plaintext P of a body, compressed and padded.", contentVectors},
	{"bodies", "FORMAT 5: sealed bodies with the key that their header names.", bodyVectors},
	{"changes", "FORMAT 4: the content of case and digest bodies.", changeVectors},
	{"pieces", "FORMAT 5: chunks and lists of attachments.", pieceVectors},
	{"proofs", "FORMAT 6: proofs that an operation lies in a pinned lane.", proofVectors},
	{"keys", "FORMAT 7: names of keys, and public keys of private seeds.", keyVectors},
	{"wraps", "FORMAT 7: wraps of the four methods with the key that opens them.", wrapVectors},
	{"requests", "FORMAT 6: requests, their unit's id and six words.", requestVectors},
	{"certificates", "FORMAT 6: certificates, and the issuing key that signed them.", certificateVectors},
	{"logs", "FORMAT 6: entries of unit logs (items that can't be read are negative), and the tree they give.", logVectors},
	{"receipts", "FORMAT 11: receipts.", receiptVectors},
	{"keyfiles", "FORMAT 7: key files with a seat's secret or a recovery sheet.", keyFileVectors},
	{"sheets", "FORMAT 7: recovery sheets as people type them, and the unit's keys sealed to them.", sheetVectors},
	{"locals", "FORMAT 7: the small sealed files beside the key file.", localVectors},
	{"entries", "FORMAT 8: entry keys and fingerprints of sets of frames.", entryVectors},
	{"records", "docs/format-packs.md: records and headers of pack files.", recordVectors},
	{"folders", "docs/format-packs.md: data folders, whole, torn and damaged.", folderVectors},
	{"messages", "docs/format-exchange.md: messages, batches, ranges and wants.", messageVectors},
	{"sessions", "docs/format-exchange.md: a recorded session between two stations.", sessionVectors},
}

// TestVectorsAreCommitted: what the generator makes is what lies here.
func TestVectorsAreCommitted(t *testing.T) {
	for _, g := range generators {
		t.Run(g.kind, func(t *testing.T) {
			name := g.kind + ".json"
			made := withKept(t, name, file{g.about, g.make(t)})
			seen := map[string]bool{}
			for _, v := range made.Vectors {
				if v.Name == "" || v.Says == "" || v.Expect == "" || seen[v.Name] {
					t.Fatalf("a vector without name, sentence or expectation, or twice: %q", v.Name)
				}
				seen[v.Name] = true
			}
			b := made.encode(t)
			if *update {
				if err := os.WriteFile(name, b, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			old, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(old, b) {
				t.Errorf("%s is not what the generator makes: %s", name, firstDifference(old, b))
			}
		})
	}
}

func firstDifference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d is %.200q, made is %.200q", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines, made are %d", len(x), len(y))
}

// TestCorpusIsWhole: nothing is empty, every file has a check, and enough is refused.
func TestCorpusIsWhole(t *testing.T) {
	names, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(generators) {
		t.Errorf("%d files and %d kinds of vectors", len(names), len(generators))
	}
	refused := 0
	for _, name := range names {
		kind := strings.TrimSuffix(name, ".json")
		if judges[kind] == nil {
			t.Errorf("%s: no check for it", name)
		}
		f := readCorpus(t, name)
		if len(f.Vectors) == 0 {
			t.Errorf("%s holds no vector", name)
		}
		for _, v := range f.Vectors {
			if v.Expect != "ok" {
				refused++
			}
		}
	}
	if refused < 60 {
		t.Errorf("%d vectors are refused, at least 60 should be", refused)
	}
}

// seeded gives the same random bytes for the same label.
func seeded(label string) *rand.ChaCha8 {
	var seed [32]byte
	copy(seed[:], label)
	return rand.NewChaCha8(seed)
}

func hexed(b []byte) string { return hex.EncodeToString(b) }

func hexes(list [][]byte) []string {
	out := []string{}
	for _, b := range list {
		out = append(out, hexed(b))
	}
	return out
}

// must unwraps a value where an error is a defect of the generator.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
