package docket

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of one name. A path of two such names in a person's folder stays below
// the 260 characters that older Windows programs take, and a name below the 255
// bytes of other systems.
const (
	maxName      = 60 // UTF-16 units
	maxExtension = 10
)

// reserved are the devices that Windows opens whatever follows them.
var reserved = func() []string {
	out := []string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}
	for _, n := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"} {
		out = append(out, "COM"+n, "LPT"+n)
	}
	return out
}()

// SafeName makes a name that every system takes for a file, Windows with its
// reserved names, signs and ends among them. What a name loses makes it no
// secret: the whole name stands in the cover.
func SafeName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "_") {
		switch {
		case strings.ContainsRune(`<>:"/\|?*`, r), unicode.IsControl(r):
			b.WriteByte('_')
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == utf8.RuneError:
			// invisible marks, which can turn a name around
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	out := trim(shorten(b.String(), maxName))
	if out == "" {
		return "_"
	}
	stem, _, _ := strings.Cut(out, ".")
	if slices.Contains(reserved, strings.ToUpper(strings.TrimRight(stem, " "))) {
		out = "_" + out
	}
	return out
}

// trim takes away what Windows drops from the end of a name, and what hides one.
func trim(s string) string { return strings.TrimRight(strings.TrimLeft(s, " ."), " .") }

// shorten cuts s to at most limit UTF-16 units, between characters.
func shorten(s string, limit int) string {
	units := 0
	for i, r := range s {
		if r > 0xffff {
			units++
		}
		if units++; units > limit {
			return s[:i]
		}
	}
	return s
}

// extension is the ending of a file's name that is taken over, such as .pdf;
// empty where there is none that is plain.
func extension(name string) string {
	ext := strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/")))
	if len(ext) < 2 || len(ext) > maxExtension || strings.Trim(ext[1:], "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return ""
	}
	return ext
}
