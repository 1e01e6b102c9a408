// Package data holds the tables of casework: codes with their names in Chinese
// and English, articles of law, messages, and the divisions of the country.
//
// It is for looking up what a code means and how a sentence reads; it may not
// hold rules. Everything is embedded, each table names its source, and lists
// keep the order of their file, so that what is shown is the same everywhere.
package data

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Lang is a language of names and messages.
type Lang string

// The languages of the program.
const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Code is one row of a code table.
type Code struct {
	Code string `json:"code"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
	Note string `json:"note,omitempty"` // a hint with its article, in Chinese
}

// Name is the code's name in the language.
func (c Code) Name(lang Lang) string {
	if lang == English {
		return c.En
	}
	return c.Zh
}

type table struct {
	Source string `json:"source"`
	Codes  []Code `json:"codes"`
	rows   map[string]int
}

// Each subject keeps its tables in a file of its own: codes.json,
// codes-people.json and so on. No table is in two of them.
//
//go:embed codes*.json
var codeFiles embed.FS

var tables = sync.OnceValue(func() map[string]*table {
	out := map[string]*table{}
	for _, raw := range mustRead(codeFiles) {
		part := map[string]*table{}
		mustDecode("codes", raw, &part)
		maps.Copy(out, part)
	}
	for _, t := range out {
		t.rows = make(map[string]int, len(t.Codes))
		for i, c := range t.Codes {
			t.rows[c.Code] = i
		}
	}
	return out
})

// mustRead returns the contents of embedded files in the order of their names.
func mustRead(files embed.FS) [][]byte {
	list, err := files.ReadDir(".")
	if err != nil {
		panic("embedded tables: " + err.Error())
	}
	var out [][]byte
	for _, f := range list {
		raw, err := files.ReadFile(f.Name())
		if err != nil {
			panic("embedded tables: " + err.Error())
		}
		out = append(out, raw)
	}
	return out
}

// mustDecode reads an embedded table. The tables are part of the program and
// read by its tests, so that one that can't be read is a defect of the build.
func mustDecode(name string, raw []byte, into any) {
	if err := json.Unmarshal(raw, into); err != nil {
		panic(fmt.Sprintf("embedded table %s: %v", name, err))
	}
}

// List returns the codes of a table in the order of its file; nil where there
// is no such table. The caller must not change it.
func List(list string) []Code {
	if t := tables()[list]; t != nil {
		return t.Codes
	}
	return nil
}

// Lists are the names of the tables, sorted.
func Lists() []string { return slices.Sorted(maps.Keys(tables())) }

// Source says where a table comes from.
func Source(list string) string {
	if t := tables()[list]; t != nil {
		return t.Source
	}
	return ""
}

// Lookup returns the row of a code.
func Lookup(list, code string) (Code, bool) {
	t := tables()[list]
	if t == nil {
		return Code{}, false
	}
	i, ok := t.rows[code]
	if !ok {
		return Code{}, false
	}
	return t.Codes[i], true
}

// Has reports whether the table holds the code.
func Has(list, code string) bool {
	_, ok := Lookup(list, code)
	return ok
}

// Name returns a code's name, or the code itself where the table lacks it
// (a newer program wrote it).
func Name(list, code string, lang Lang) string {
	if c, ok := Lookup(list, code); ok {
		return c.Name(lang)
	}
	return code
}
