package register

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"hejie/app/casework"
)

// Patch is a checked object of values by path; only ParsePatch makes one.
//
//	abbr, multi_ethnic …         the unit's own fields
//	members.+                    an object: a new entry
//	members.<id>                 an object sets several fields, null removes the entry
//	members.<id>.term_end        one field; null clears it
//	mediators.<id>.leave         a list makes the set that list; .+ adds to it
type Patch struct {
	paths  []string // sorted
	values map[string]any
}

// MaxPatch bounds a patch in bytes, as documents are bounded.
const MaxPatch = casework.MaxDocument

// ParsePatch reads a patch strictly. It fails with casework.Problems; what the
// paths and values mean is judged by Edit.
func ParsePatch(raw []byte) (Patch, error) {
	fields, err := casework.ParsePatch(raw)
	if err != nil {
		return Patch{}, err
	}
	p := Patch{values: map[string]any{}}
	for path, text := range fields {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber() // 1.0 is not 1, and nothing is rounded
		var v any
		if err := d.Decode(&v); err != nil {
			return Patch{}, casework.Problems{{Path: shorten(path), Code: casework.CodeSyntax, Params: map[string]string{"at": "0", "detail": "value"}}}
		}
		p.paths, p.values[path] = append(p.paths, path), v
	}
	slices.Sort(p.paths)
	return p, nil
}

// Empty reports whether nothing is asked for.
func (p Patch) Empty() bool { return len(p.paths) == 0 }

// shownKey bounds how much of a foreign key an error repeats.
const shownKey = 40

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= shownKey {
		return s
	}
	return string([]rune(s)[:shownKey]) + "…"
}
