// Package forms turns laid-out content into PDF bytes.
//
// It is for the sheets and forms that people print, sign and file. It may hold
// no rule of mediation, read no clock, disk or network, and keeps nothing.
// Invariant: the same content gives the same bytes on every machine, with the
// glyphs it needs embedded, so that no reader shows a box or another font; a
// character that the font lacks is printed as its number, with a note.
package forms

// Document is what is printed: a title and sections of text and pairs.
type Document struct {
	Title    string
	Subtitle string
	Lang     string // zh or en: of page numbers and notes
	Sections []Section
}

// Section is one part under a heading: paragraphs first, then pairs.
type Section struct {
	Heading    string
	Paragraphs []string
	Pairs      []Pair
}

// Pair is a label and what stands beside it.
type Pair struct {
	Label string
	Value string
}
