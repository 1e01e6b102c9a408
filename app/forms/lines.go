package forms

import (
	"fmt"
	"strings"
	"unicode"
)

// writer measures and breaks text, noting which glyphs are used.
type writer struct {
	sub     *subset
	lacking bool // some character is not in the font
}

// clean gives text as it can be printed: line ends as \n, invisible marks left
// out, and what the font lacks by its number.
func (w *writer) clean(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch _, there := w.sub.face.cmap[r]; {
		case r == '\n':
			b.WriteRune('\n')
		case r == '\t':
			b.WriteString("    ")
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		case there:
			b.WriteRune(r)
		default:
			w.lacking = true
			fmt.Fprintf(&b, "〔U+%04X〕", r)
		}
	}
	return b.String()
}

// width is the width of clean text in points.
func (w *writer) width(s string, size float64) float64 {
	units := 0
	for _, r := range s {
		units += w.sub.face.advance(w.sub.face.cmap[r])
	}
	return float64(units) * size / float64(w.sub.face.units)
}

// Characters that may not begin or end a line (GB/T 15834 and common sense).
const (
	notFirst = "，。、；：？！”’）】》〉〕」』…—·,.;:?!)]}%‰℃"
	notLast  = "“‘（【《〈〔「『([{"
)

// wrap breaks clean text into lines no wider than width points: between any two
// Chinese characters, between words otherwise, never before a closing mark or
// after an opening one; a word that is too wide is cut.
func (w *writer) wrap(s string, size, width float64) []string {
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		line, begun := "", len(lines)
		for _, piece := range pieces(paragraph) {
			for {
				if w.width(line+strings.TrimRight(piece, " "), size) <= width {
					line += piece
					break
				}
				if line != "" {
					lines = append(lines, strings.TrimRight(line, " "))
					line, piece = "", strings.TrimLeft(piece, " ")
					continue
				}
				fits := w.fitting(piece, size, width)
				lines = append(lines, piece[:fits])
				if piece = piece[fits:]; piece == "" {
					break
				}
			}
		}
		if line != "" || len(lines) == begun {
			lines = append(lines, strings.TrimRight(line, " "))
		}
	}
	return lines
}

// fitting is how many bytes of a piece fit a line, at least one character.
func (w *writer) fitting(piece string, size, width float64) int {
	for at := range piece {
		if at > 0 && w.width(piece[:at], size) > width {
			prev := 0
			for i := range piece[:at] {
				prev = i
			}
			if prev > 0 {
				return prev
			}
			return at
		}
	}
	if len(piece) > 0 && w.width(piece, size) > width {
		last := 0
		for i := range piece {
			last = i
		}
		if last > 0 {
			return last
		}
	}
	return len(piece)
}

// pieces cuts a paragraph where a line may break.
func pieces(s string) []string {
	var out []string
	begin := 0
	var before rune
	for at, r := range s {
		if at > begin && breakable(before, r) {
			out = append(out, s[begin:at])
			begin = at
		}
		before = r
	}
	if begin < len(s) {
		out = append(out, s[begin:])
	}
	return out
}

func breakable(before, r rune) bool {
	switch {
	case strings.ContainsRune(notFirst, r), strings.ContainsRune(notLast, before), r == ' ':
		return false
	case before == ' ':
		return true
	}
	return wide(before) || wide(r)
}

// wide tells of characters between which Chinese text breaks.
func wide(r rune) bool { return r >= 0x2E80 && r < 0xFB00 || r >= 0xFE30 && r < 0xFFF0 || r >= 0x20000 }
